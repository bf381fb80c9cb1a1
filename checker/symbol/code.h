/*
 * Code: what two builds of a program would run, and whether it is the same.
 *
 * Compared are the sections that are loaded (SHF_ALLOC) of both ELF files and of the libraries that each finds in its own
 * tree, byte for byte.  The build id, and the path of the tree where it stands in the data, may differ.  What cannot be
 * known is never taken for the same.
 */
#ifndef PAWL_SYMBOL_CODE_H
#define PAWL_SYMBOL_CODE_H

#include "base/arena.h"

enum code_answer { CODE_UNKNOWN, CODE_SAME, CODE_DIFFERS };

struct code_build {
	const char *program;      /* its file */
	const char *tree;         /* real path of the folder that it was built in */
	const char *library_path; /* LD_LIBRARY_PATH that it runs with; NULL: none */
};

/* `*why` says in a few words what differs or what is not known; "" where it is the same. */
enum code_answer code_compare(struct arena *a, const struct code_build *one, const struct code_build *two,
			      const char **why);

#endif
