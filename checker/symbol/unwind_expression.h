/*
 * Expressions of call frame information (DWARF 5, 2.5), as far as frames need them.
 */
#ifndef PAWL_SYMBOL_UNWIND_EXPRESSION_H
#define PAWL_SYMBOL_UNWIND_EXPRESSION_H

#include "symbol/reader.h"
#include "symbol/unwind.h"

#include <stdbool.h>
#include <stdint.h>

struct unwind_thread {
	const struct unwind_registers *registers;
	const struct unwind_stack *stack;
	bool has_rip; /* register 16 is the pc (x86-64) */
};

/* Each is false for what is not known. */
bool unwind_read_stack(const struct unwind_stack *stack, uint64_t address, unsigned size, uint64_t *out);
bool unwind_read_register(const struct unwind_thread *t, uint64_t number, uint64_t *out);

/* The value that is left on top; `first` (or NULL) is there at the beginning. */
bool unwind_evaluate(const struct unwind_thread *t, struct reader code, const uint64_t *first, uint64_t *out);

#endif
