/*
 * Which functions, files and lines an address of a module stands for.
 */
#ifndef PAWL_SYMBOL_LOOKUP_H
#define PAWL_SYMBOL_LOOKUP_H

#include "symbol/module.h"

#include <stddef.h>
#include <stdint.h>

struct frame {
	const char *name;        /* demangled, without the marks of clones; any bytes but NUL */
	const char *system_name; /* as the linker knows it */
	const char *file;        /* a cleaned path; "" not known */
	uint32_t line;           /* in `file`; 0: not known */
	const char *start_file;  /* where the function is declared; "" or NULL: not known */
	uint32_t start_line;     /* in `start_file`; 0: not known */
};

/*
 * The frames at an address, innermost first: what was inlined, each with the line that runs or calls, then the function
 * that the code belongs to.  At least one: code without a name is "[libfoo.so+0x1234]", with its vaddr.  For a return
 * address ask for the byte before it, which is of the call.
 *
 * `*out` is valid until the next look-up, the texts until the module is closed.
 */
size_t module_frames(struct module *m, uint64_t vaddr, const struct frame **out);

#endif
