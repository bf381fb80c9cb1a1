/*
 * Programs that are about to be executed: whether this library can be put into them, and their environment without it.
 *
 * The dynamic linker of another kind of machine, of another C library, or of a user or root folder that has no way to the
 * library's file says so on standard error or ends the program.
 */
#ifndef PAWL_PRELOAD_PROGRAM_H
#define PAWL_PRELOAD_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

struct program {
	const char *file;
	bool in_path;  /* `file` is searched for as shells do */
	bool relative; /* to the folder `fd` */
	int fd;        /* without `file`: the program itself */
	char *const *envp;
};

/* False: it must be executed without this library.  Safe in a signal handler. */
bool program_takes_library(const struct program *p);

/* How many variables there are, and how long the one that names libraries is with its 0. */
size_t program_variable_count(char *const *envp);
size_t program_libraries_size(char *const *envp);

/* Fills `out`, of one pointer more than there are variables, and `text`, of the size of the libraries' one. */
void program_leave_out(char *const *envp, char **out, char *text);

#endif
