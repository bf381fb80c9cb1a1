/*
 * Beginnings and ends of AArch64 functions, read from their instructions.
 *
 * Frame information is exact at calls.  Between the first instruction that moves the stack pointer and the last one of a
 * prologue, and from the first one that gives back a register on, compilers may leave it as it was: clang up to 14 and what
 * is built with it do (LLVM's "uwtable(sync)").  Samples fall there as well.
 */
#ifndef PAWL_SYMBOL_EDGES_H
#define PAWL_SYMBOL_EDGES_H

#include "symbol/elf_file.h"
#include "symbol/frames.h"

#include <stdbool.h>
#include <stdint.h>

/* Makes the row of an instruction that is about to be executed true, where its function has only begun to make its frame,
 * or does nothing more but take it down and leave.  Elsewhere the row stays. */
void edges_mend(const struct elf_file *e, const struct frames_code *function, uint64_t vaddr, struct frames_row *row);

/* Code that linkers make and say nothing of: a procedure linkage table around an address, and the row of its beginning.
 * False: the address is in none. */
bool edges_find_stub(const struct elf_file *e, uint64_t vaddr, struct frames_code *out, struct frames_row *row);

#endif
