/*
 * Call frame information: what .eh_frame, or .debug_frame, says of the frame at an address.
 *
 * References: DWARF 5, 6.4; Linux Standard Base 5, chapter 10.6, for .eh_frame.  Who wants to go up a stack takes
 * symbol/unwind.h.
 */
#ifndef PAWL_SYMBOL_FRAMES_H
#define PAWL_SYMBOL_FRAMES_H

#include "base/arena.h"
#include "symbol/elf_file.h"
#include "symbol/reader.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { FRAMES_REGISTERS = 33 };

enum frames_rule {
	FRAMES_UNSPECIFIED,
	FRAMES_UNDEFINED,
	FRAMES_SAME,
	FRAMES_OFFSET,           /* saved at CFA + offset */
	FRAMES_VALUE_OFFSET,     /* is CFA + offset */
	FRAMES_REGISTER,         /* is in the register `offset` */
	FRAMES_EXPRESSION,       /* saved where the expression says */
	FRAMES_VALUE_EXPRESSION, /* is what the expression says */
};

struct frames_register {
	enum frames_rule rule;
	int64_t offset;
	struct reader expression;
};

struct frames_row { /* the rules at one address */
	bool has_cfa_expression;
	uint64_t cfa_register;
	int64_t cfa_offset;
	struct reader cfa_expression;
	bool is_signed; /* the return address carries an authentication code (AArch64) */
	struct frames_register of[FRAMES_REGISTERS];
};

struct frames_entry { /* of one function, or a part of one */
	uint64_t start, end;
	uint64_t offset; /* in its section */
	bool is_debug;   /* of .debug_frame */
};

struct frames {
	struct str eh, debug; /* the sections */
	uint64_t eh_vaddr;
	struct frames_entry *at; /* sorted by start */
	size_t count, capacity;
};

struct frames_code { /* one entry, decoded */
	uint64_t start, end, return_register, code_align;
	int64_t data_align;
	bool is_signal; /* of a signal handler's caller: its pc is no return address */
	struct reader first, then;
};

/* All entries of a file, and of its debug file where that is another one (or NULL). */
void frames_read(struct arena *a, const struct elf_file *e, const struct elf_file *debug, struct frames *out);

/* The code that tells of the frame at an address.  False: nothing does. */
bool frames_find(const struct frames *f, uint64_t vaddr, struct frames_code *out);

/* The rules at an address of it.  False: the code is damaged. */
bool frames_row_at(const struct frames_code *code, uint64_t vaddr, struct frames_row *out);

/* Whether some address of it has its CFA in that register, or saves it in its frame. */
bool frames_any(const struct frames_code *code, uint64_t cfa_register, bool saves);

#endif
