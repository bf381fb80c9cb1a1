/*
 * Alike: whether one function of two builds is the same code, and at another address.
 *
 * Compared are its bytes, with relative displacements masked: those of calls and jumps, whose targets must have the same
 * name where both are known, on x86-64 those of operands relative to the instruction pointer (Intel SDM volume 2, 2.1.3 and
 * 2.2.1.6), and on AArch64 pages and, of what is added to a page, the low twelve bits (Arm ARM C4.1).  What cannot be
 * known is never taken for alike.
 */
#ifndef PAWL_SYMBOL_ALIKE_H
#define PAWL_SYMBOL_ALIKE_H

#include "symbol/module.h"

enum alike {
	ALIKE_UNKNOWN,
	ALIKE_SAME, /* and at the same place in its page: no cache and no predictor that goes by addresses sees a difference */
	ALIKE_MOVED, /* the same code at another place */
	ALIKE_DIFFERS,
};

/* `name` as the linker knows it.  UNKNOWN: it is not in both symbol tables, or several times in one. */
enum alike function_alike(struct arena *a, struct module *one, struct module *two, const char *name);

#endif
