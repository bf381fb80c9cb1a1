/*
 * One step up the stack, by the call frame information of a module.
 *
 * A step is made of facts only: where a register or a part of the stack that it needs is not known, the answer says so,
 * and no return address is ever guessed.  Registers have DWARF's numbers (x86-64 psABI 3.6.2, AADWARF64 4.1).
 */
#ifndef PAWL_SYMBOL_UNWIND_H
#define PAWL_SYMBOL_UNWIND_H

#include "symbol/module.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	UNWIND_REGISTERS = 33,

	UNWIND_X86_64_RBX = 3,
	UNWIND_X86_64_RBP = 6,
	UNWIND_X86_64_RSP = 7,
	UNWIND_X86_64_R12 = 12,
	UNWIND_X86_64_R13 = 13,
	UNWIND_X86_64_R14 = 14,
	UNWIND_X86_64_R15 = 15,

	UNWIND_AARCH64_X19 = 19,
	UNWIND_AARCH64_FP = 29,
	UNWIND_AARCH64_LR = 30,
	UNWIND_AARCH64_SP = 31,
};

/* What is known of a thread in one frame.  {.pc = ip} and unwind_set for each register are a start. */
struct unwind_registers {
	uint64_t pc; /* in memory, not a vaddr */
	uint64_t value[UNWIND_REGISTERS];
	uint64_t known;         /* a bit for each of `value` */
	bool is_return_address; /* `pc` is behind a call, which is what is looked up; a step sets it */
};

/* A copy of a part of the thread's stack. */
struct unwind_stack {
	uint64_t address; /* of the first byte, in the thread's memory */
	const void *bytes;
	size_t size;
};

enum unwind_answer {
	UNWIND_UNKNOWN,   /* no frame information, or something that it needs is not known; registers are as before */
	UNWIND_STEPPED,   /* registers are the caller's */
	UNWIND_OUTERMOST, /* this frame has no caller; registers are as before */
};

static inline void unwind_set(struct unwind_registers *r, unsigned number, uint64_t value)
{
	r->value[number] = value;
	r->known |= UINT64_C(1) << number;
}

/* A step from `r`, whose pc is at `vaddr` in `m`.  On x86-64 it needs rsp, and rbp where the function keeps its frame
 * there; on AArch64 sp, and lr in functions that call nothing. */
enum unwind_answer unwind_step(struct module *m, uint64_t vaddr, struct unwind_registers *r,
			       const struct unwind_stack *stack);

/* How the function at an address keeps its frame. */
enum unwind_frame {
	UNWIND_FRAME_UNKNOWN,    /* no frame information there */
	UNWIND_FRAME_POINTER,    /* it links its frame into the chain of frame pointers */
	UNWIND_FRAME_NO_POINTER, /* at no point it does: a chain lacks its caller at least */
};

enum unwind_frame unwind_frame_at(struct module *m, uint64_t vaddr);

/* Whether the frame of the function at `vaddr`, where `r` stands, is linked: the chain at rbp (x86-64) or x29 then begins
 * with it.  On AArch64 it needs x29, and sp where the function keeps its frame there. */
bool unwind_is_linked_at(struct module *m, uint64_t vaddr, const struct unwind_registers *r);

/* A return address of AArch64 code without the authentication code that it may carry. */
uint64_t unwind_plain_address(uint64_t address);

#endif
