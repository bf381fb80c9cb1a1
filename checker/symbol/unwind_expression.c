/* Expressions of call frame information, and where their values come from. */
#include "symbol/unwind_expression.h"

enum {
	X86_64_RIP = 16,
	MOST_STEPS = 1000, /* of an expression; jumps may go back */
	MOST_VALUES = 64,  /* on its stack */
};

struct machine {
	const struct unwind_thread *thread;
	struct reader r;
	const unsigned char *start;
	uint64_t value[MOST_VALUES];
	size_t count;
	bool failed;
};

bool unwind_read_stack(const struct unwind_stack *stack, uint64_t address, unsigned size, uint64_t *out)
{
	struct reader r;

	if (address < stack->address || address - stack->address > stack->size ||
	    stack->size - (address - stack->address) < size)
		return false;
	r = reader_of((struct str){stack->bytes, stack->size}, address - stack->address);
	*out = reader_bytes(&r, size);
	return true;
}

bool unwind_read_register(const struct unwind_thread *t, uint64_t number, uint64_t *out)
{
	if (t->has_rip && number == X86_64_RIP) {
		*out = t->registers->pc;
		return true;
	}
	if (number >= UNWIND_REGISTERS || !(t->registers->known >> number & 1))
		return false;
	*out = t->registers->value[number];
	return true;
}

static void push(struct machine *e, uint64_t value)
{
	if (e->count == MOST_VALUES)
		e->failed = true;
	else
		e->value[e->count++] = value;
}

static uint64_t pop(struct machine *e)
{
	if (!e->count) {
		e->failed = true;
		return 0;
	}
	return e->value[--e->count];
}

static void push_register(struct machine *e, uint64_t number)
{
	uint64_t value = 0;
	int64_t offset = reader_sleb(&e->r);

	if (!unwind_read_register(e->thread, number, &value))
		e->failed = true;
	push(e, value + (uint64_t)offset);
}

static void push_pick(struct machine *e, uint64_t depth)
{
	if (depth >= e->count)
		e->failed = true;
	else
		push(e, e->value[e->count - 1 - depth]);
}

static void push_memory(struct machine *e, uint64_t size)
{
	uint64_t value = 0;

	if (size > 8 || !unwind_read_stack(e->thread->stack, pop(e), (unsigned)size, &value))
		e->failed = true;
	push(e, value);
}

static void jump(struct machine *e, bool taken)
{
	int64_t distance = (int16_t)reader_bytes(&e->r, 2);

	if (!taken)
		return;
	if (distance < e->start - e->r.at || distance > e->r.end - e->r.at)
		e->failed = true;
	else
		e->r.at += distance;
}

/* Signed division that never traps. */
static uint64_t divide(struct machine *e, uint64_t a, uint64_t b)
{
	if (b == 0 || (b == UINT64_MAX && a == (uint64_t)INT64_MIN)) {
		e->failed = true;
		return 0;
	}
	return (uint64_t)((int64_t)a / (int64_t)b);
}

static uint64_t shift_right(uint64_t a, uint64_t bits, bool is_signed)
{
	uint64_t sign = is_signed && a >> 63 ? UINT64_MAX : 0;

	if (bits >= 64)
		return sign;
	return bits ? a >> bits | sign << (64 - bits) : a;
}

/* Operations on the two values on top. */
static bool run_binary(struct machine *e, uint64_t opcode)
{
	uint64_t b, a;

	if (!(opcode >= 0x1a && opcode <= 0x2e) || opcode == 0x1f || opcode == 0x20 || opcode == 0x23 || opcode == 0x28)
		return false;
	b = pop(e);
	a = pop(e);
	switch (opcode) {
	case 0x1a: /* and */
		push(e, a & b);
		break;
	case 0x1b: /* div */
		push(e, divide(e, a, b));
		break;
	case 0x1c: /* minus */
		push(e, a - b);
		break;
	case 0x1d: /* mod */
		if (!b)
			e->failed = true;
		push(e, b ? a % b : 0);
		break;
	case 0x1e: /* mul */
		push(e, a * b);
		break;
	case 0x21: /* or */
		push(e, a | b);
		break;
	case 0x22: /* plus */
		push(e, a + b);
		break;
	case 0x24: /* shl */
		push(e, b < 64 ? a << b : 0);
		break;
	case 0x25: /* shr */
	case 0x26: /* shra */
		push(e, shift_right(a, b, opcode == 0x26));
		break;
	case 0x27: /* xor */
		push(e, a ^ b);
		break;
	case 0x29: /* eq */
		push(e, a == b);
		break;
	case 0x2a: /* ge */
		push(e, (int64_t)a >= (int64_t)b);
		break;
	case 0x2b: /* gt */
		push(e, (int64_t)a > (int64_t)b);
		break;
	case 0x2c: /* le */
		push(e, (int64_t)a <= (int64_t)b);
		break;
	case 0x2d: /* lt */
		push(e, (int64_t)a < (int64_t)b);
		break;
	default: /* ne */
		push(e, a != b);
	}
	return true;
}

/* Constants, and values that come from elsewhere. */
static bool run_push(struct machine *e, uint64_t opcode)
{
	struct reader *r = &e->r;

	if (opcode >= 0x30 && opcode <= 0x4f) { /* lit0 … lit31 */
		push(e, opcode - 0x30);
		return true;
	}
	if (opcode >= 0x70 && opcode <= 0x8f) { /* breg0 … breg31 */
		push_register(e, opcode - 0x70);
		return true;
	}
	switch (opcode) {
	case 0x08: /* const1u … const8s */
	case 0x0a:
	case 0x0c:
	case 0x0e:
		push(e, reader_bytes(r, 1U << (opcode - 0x08) / 2));
		return true;
	case 0x09:
		push(e, (uint64_t)(int8_t)reader_bytes(r, 1));
		return true;
	case 0x0b:
		push(e, (uint64_t)(int16_t)reader_bytes(r, 2));
		return true;
	case 0x0d:
		push(e, (uint64_t)(int32_t)reader_bytes(r, 4));
		return true;
	case 0x0f:
		push(e, reader_bytes(r, 8));
		return true;
	case 0x10: /* constu */
		push(e, reader_uleb(r));
		return true;
	case 0x11: /* consts */
		push(e, (uint64_t)reader_sleb(r));
		return true;
	case 0x12: /* dup */
		push_pick(e, 0);
		return true;
	case 0x14: /* over */
		push_pick(e, 1);
		return true;
	case 0x15: /* pick */
		push_pick(e, reader_byte(r));
		return true;
	case 0x92: /* bregx */
		push_register(e, reader_uleb(r));
		return true;
	case 0x06: /* deref */
		push_memory(e, 8);
		return true;
	case 0x94: /* deref_size */
		push_memory(e, reader_byte(r));
		return true;
	default:
		return false;
	}
}

static void run_one(struct machine *e, uint64_t opcode)
{
	uint64_t top, next;

	if (run_push(e, opcode) || run_binary(e, opcode))
		return;
	switch (opcode) {
	case 0x13: /* drop */
		pop(e);
		break;
	case 0x16: /* swap */
		top = pop(e);
		next = pop(e);
		push(e, top);
		push(e, next);
		break;
	case 0x1f: /* neg */
		push(e, 0 - pop(e));
		break;
	case 0x20: /* not */
		push(e, ~pop(e));
		break;
	case 0x23: /* plus_uconst */
		top = pop(e);
		push(e, top + reader_uleb(&e->r));
		break;
	case 0x28: /* bra */
		jump(e, pop(e) != 0);
		break;
	case 0x2f: /* skip */
		jump(e, true);
		break;
	case 0x96: /* nop */
		break;
	default: /* nothing that frames need */
		e->failed = true;
	}
}

bool unwind_evaluate(const struct unwind_thread *t, struct reader code, const uint64_t *first, uint64_t *out)
{
	struct machine e = {.thread = t, .r = code, .start = code.at};

	if (first)
		push(&e, *first);
	for (int step = 0; reader_left(&e.r); step++) {
		if (step == MOST_STEPS)
			return false;
		run_one(&e, reader_byte(&e.r));
		if (e.failed || e.r.bad)
			return false;
	}
	*out = pop(&e);
	return !e.failed;
}
