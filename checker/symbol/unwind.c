/* Steps up the stack: rules of call frame information, applied to what is known of a thread. */
#include "symbol/unwind.h"

#include "symbol/edges.h"
#include "symbol/frames.h"
#include "symbol/module_data.h"
#include "symbol/unwind_expression.h"

#include <elf.h>
#include <string.h>

static const struct frames *frames_of(struct module *m)
{
	if (!m->frames_are_read) {
		m->frames_are_read = true;
		frames_read(m->arena, &m->elf, elf_file_find(&m->elf, ".eh_frame") ? NULL : module_debug_file(m),
			    &m->frames);
	}
	return &m->frames;
}

/*
 * By the processor's own instruction, which knows how many bits addresses of this system have: xpaclri, of those that do
 * nothing where it is not known.  Elsewhere, of 48 bits: what AArch64's 4-level tables give to programs.
 */
uint64_t unwind_plain_address(uint64_t address)
{
#ifdef __aarch64__
	register uint64_t link __asm__("x30") = address;

	__asm__("hint #7" : "+r"(link));
	address = link;
#endif
	return address & ((UINT64_C(1) << 48) - 1);
}

/* What is true at an address: where an instruction is about to be executed, the instructions have a say as well. */
static bool find_row(struct module *m, uint64_t vaddr, bool is_return_address, struct frames_code *code,
		     struct frames_row *row)
{
	bool is_about = module_machine(m) == EM_AARCH64 && !is_return_address;

	if (frames_find(frames_of(m), vaddr, code)) {
		if (!frames_row_at(code, vaddr, row))
			return false;
	} else if (!is_about || !edges_find_stub(&m->elf, vaddr, code, row)) {
		return false;
	}
	if (is_about && !code->is_signal)
		edges_mend(&m->elf, code, vaddr, row);
	return true;
}

/* ---- steps ---- */

static bool find_cfa(const struct unwind_thread *t, const struct frames_row *row, uint64_t *cfa)
{
	if (row->has_cfa_expression)
		return unwind_evaluate(t, row->cfa_expression, NULL, cfa);
	if (!unwind_read_register(t, row->cfa_register, cfa))
		return false;
	*cfa += (uint64_t)row->cfa_offset;
	return true;
}

/* What a register was in the caller, where a rule says so. */
static bool find_register(const struct unwind_thread *t, const struct frames_register *of, unsigned number,
			  uint64_t cfa, uint64_t *out)
{
	uint64_t address;

	switch (of->rule) {
	case FRAMES_SAME:
		return unwind_read_register(t, number, out);
	case FRAMES_OFFSET:
		return unwind_read_stack(t->stack, cfa + (uint64_t)of->offset, 8, out);
	case FRAMES_VALUE_OFFSET:
		*out = cfa + (uint64_t)of->offset;
		return true;
	case FRAMES_REGISTER:
		return unwind_read_register(t, (uint64_t)of->offset, out);
	case FRAMES_EXPRESSION:
		return unwind_evaluate(t, of->expression, &cfa, &address) &&
		       unwind_read_stack(t->stack, address, 8, out);
	case FRAMES_VALUE_EXPRESSION:
		return unwind_evaluate(t, of->expression, &cfa, out);
	case FRAMES_UNSPECIFIED:
	case FRAMES_UNDEFINED:
		break;
	}
	return false;
}

/* Registers that a function gives back as it found them (System V psABI 3.2.1; AAPCS64 6.1.1). */
static bool is_kept(uint16_t machine, unsigned number)
{
	if (machine == EM_AARCH64)
		return number >= UNWIND_AARCH64_X19 && number <= UNWIND_AARCH64_FP;
	return number == UNWIND_X86_64_RBX || number == UNWIND_X86_64_RBP ||
	       (number >= UNWIND_X86_64_R12 && number <= UNWIND_X86_64_R15);
}

static bool find_return(const struct unwind_thread *t, const struct frames_row *row, unsigned number, uint64_t cfa,
			uint64_t *pc)
{
	struct frames_register of = row->of[number];

	/* A function that calls nothing leaves its return address in the link register. */
	if (of.rule == FRAMES_UNSPECIFIED && !t->has_rip)
		of.rule = FRAMES_SAME;
	if (of.rule == FRAMES_SAME && t->has_rip)
		return false;
	if (!find_register(t, &of, number, cfa, pc))
		return false;
	if (row->is_signed)
		*pc = unwind_plain_address(*pc);
	return true;
}

/* Whether a jump at the end of `code`, `size` bytes from the address on, leaves the function: a call instead of a return. */
static bool leaves_function(const struct frames_code *function, uint64_t vaddr, const unsigned char *jump, size_t size)
{
	enum { JUMP = 0xe9, SHORT_JUMP = 0xeb };
	struct reader r = {jump + 1, jump + size, false};
	uint64_t target;

	if (*jump == JUMP)
		target = vaddr + 5 + (uint64_t)(int32_t)reader_bytes(&r, 4);
	else if (*jump == SHORT_JUMP)
		target = vaddr + 2 + (uint64_t)(int8_t)reader_bytes(&r, 1);
	else
		return false;
	return !r.bad && (target < function->start || target >= function->end);
}

/* Whether the code at an address of an x86-64 file does nothing but give back registers and leave its function. */
static bool is_in_epilogue(const struct module *m, const struct frames_code *function, uint64_t vaddr)
{
	enum {
		POP = 0x58,
		POP_LAST = 0x5f,
		REX_B = 0x41,
		RETURN = 0xc3,
		RETURN_POPPING = 0xc2,
		REPEAT = 0xf3,
		BOUND = 0xf2
	};
	unsigned char code[32];
	size_t size = elf_file_loaded(&m->elf, vaddr, code, sizeof(code)), at = 0;

	while (at + 1 < size) {
		size_t prefix = code[at] == REX_B;

		if (code[at + prefix] < POP || code[at + prefix] > POP_LAST)
			break;
		at += prefix + 1;
	}
	if (at < size && leaves_function(function, vaddr + at, code + at, size - at))
		return true;
	if (at + 1 < size && (code[at] == REPEAT || code[at] == BOUND))
		at++;
	return at < size && (code[at] == RETURN || code[at] == RETURN_POPPING);
}

/* What compilers leave out of frame information: that a register was given back.  Its slot is then below the stack, where
 * the copy does not reach; at the end of a function the register itself has the value. */
static void take_back_popped(const struct module *m, const struct frames_code *function, uint64_t vaddr,
			     const struct unwind_thread *t, uint64_t cfa, struct frames_row *row)
{
	uint64_t sp;
	bool is_known = false;

	if (!t->has_rip || !unwind_read_register(t, UNWIND_X86_64_RSP, &sp))
		return;
	for (unsigned i = 0; i < UNWIND_REGISTERS; i++) {
		struct frames_register *of = &row->of[i];

		if (of->rule != FRAMES_OFFSET || !is_kept(EM_X86_64, i) || cfa + (uint64_t)of->offset >= sp)
			continue;
		if (!is_known && !is_in_epilogue(m, function, vaddr))
			return;
		is_known = true;
		of->rule = FRAMES_SAME;
	}
}

enum unwind_answer unwind_step(struct module *m, uint64_t vaddr, struct unwind_registers *r,
			       const struct unwind_stack *stack)
{
	uint16_t machine = module_machine(m);
	unsigned sp = machine == EM_AARCH64 ? UNWIND_AARCH64_SP : UNWIND_X86_64_RSP;
	struct unwind_thread t = {r, stack, machine == EM_X86_64};
	struct unwind_registers caller = {0};
	struct frames_code code;
	struct frames_row row;
	uint64_t cfa;

	if (machine != EM_X86_64 && machine != EM_AARCH64)
		return UNWIND_UNKNOWN;
	vaddr -= r->is_return_address && vaddr > 0;
	if (!find_row(m, vaddr, r->is_return_address, &code, &row))
		return UNWIND_UNKNOWN;
	if (row.of[code.return_register].rule == FRAMES_UNDEFINED)
		return UNWIND_OUTERMOST;
	if (!find_cfa(&t, &row, &cfa) || !find_return(&t, &row, (unsigned)code.return_register, cfa, &caller.pc))
		return UNWIND_UNKNOWN;
	if (caller.pc == 0)
		return UNWIND_OUTERMOST;
	/* Stacks grow down; what goes back, or stays though a call pushed something, is wrong. */
	if (!code.is_signal && (r->known >> sp & 1) &&
	    (cfa < r->value[sp] || (cfa == r->value[sp] && (t.has_rip || r->is_return_address))))
		return UNWIND_UNKNOWN;
	if (!r->is_return_address)
		take_back_popped(m, &code, vaddr, &t, cfa, &row);
	for (unsigned i = 0; i < UNWIND_REGISTERS; i++) {
		struct frames_register of = row.of[i];
		uint64_t value;

		if (of.rule == FRAMES_UNSPECIFIED && is_kept(machine, i))
			of.rule = FRAMES_SAME;
		if (find_register(&t, &of, i, cfa, &value))
			unwind_set(&caller, i, value);
	}
	if (row.of[sp].rule == FRAMES_UNSPECIFIED)
		unwind_set(&caller, sp, cfa);
	if (!code.is_signal && machine == EM_AARCH64)
		caller.known &= ~(UINT64_C(1) << UNWIND_AARCH64_LR); /* it was overwritten by the call */
	caller.is_return_address = !code.is_signal;
	*r = caller;
	return UNWIND_STEPPED;
}

static unsigned frame_pointer(const struct module *m)
{
	return module_machine(m) == EM_AARCH64 ? UNWIND_AARCH64_FP : UNWIND_X86_64_RBP;
}

enum unwind_frame unwind_frame_at(struct module *m, uint64_t vaddr)
{
	struct frames_code code;

	if (!frames_find(frames_of(m), vaddr, &code))
		return UNWIND_FRAME_UNKNOWN;
	/* On AArch64 the CFA may stay with sp, though the frame is linked. */
	return frames_any(&code, frame_pointer(m), module_machine(m) == EM_AARCH64) ? UNWIND_FRAME_POINTER
										    : UNWIND_FRAME_NO_POINTER;
}

/* Compilers save the caller's x29 before they make their own of it, and gcc says nothing of when that is: the frame is linked
 * when x29 leads to where it was saved. */
static bool is_linked_by(const struct frames_row *row, const struct unwind_registers *r)
{
	static const struct unwind_stack none;
	struct unwind_thread t = {r, &none, false};
	uint64_t cfa, fp;

	return row->of[UNWIND_AARCH64_FP].rule == FRAMES_OFFSET && find_cfa(&t, row, &cfa) &&
	       unwind_read_register(&t, UNWIND_AARCH64_FP, &fp) &&
	       fp == cfa + (uint64_t)row->of[UNWIND_AARCH64_FP].offset;
}

bool unwind_is_linked_at(struct module *m, uint64_t vaddr, const struct unwind_registers *r)
{
	struct frames_code code;
	struct frames_row row;

	vaddr -= r->is_return_address && vaddr > 0;
	if (!frames_find(frames_of(m), vaddr, &code) || !frames_row_at(&code, vaddr, &row))
		return false;
	if (module_machine(m) != EM_AARCH64)
		return !row.has_cfa_expression && row.cfa_register == frame_pointer(m);
	return row.of[UNWIND_AARCH64_FP].rule == FRAMES_OFFSET &&
	       find_row(m, vaddr, r->is_return_address, &code, &row) && is_linked_by(&row, r);
}
