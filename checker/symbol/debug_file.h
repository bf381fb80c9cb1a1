/*
 * Separate files with debug data, as distributions install them.
 *
 * Looked for are FOLDER/.build-id/xx/rest.debug and, by the name in .gnu_debuglink, a file beside the program, in .debug/
 * beside it and under FOLDER.  A found one must be of the very same build.  Nothing is ever asked of a network.
 *
 * dwz moves what the debug data of several programs has in common to a second file, which each of them names.
 */
#ifndef PAWL_SYMBOL_DEBUG_FILE_H
#define PAWL_SYMBOL_DEBUG_FILE_H

#include "base/arena.h"
#include "symbol/elf_file.h"

#include <stdbool.h>

/* Opens the debug file of `e`, which is to be closed.  `folder` may be NULL.  False: there is none. */
bool debug_file_open(struct arena *a, const struct elf_file *e, const char *folder, struct elf_file *out);

/* The same of the second file that `e` names, "" for none: FOLDER/.build-id/xx/rest.debug, or the file of that name, from
 * the folder of `e` on. */
bool debug_file_open_second(struct arena *a, const struct elf_file *e, const char *folder, const char **name,
			    struct elf_file *out);

#endif
