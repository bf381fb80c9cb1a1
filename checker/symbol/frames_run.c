/* The instructions that make the rows of call frame information (DWARF 5, 6.4.2 and 7.24). */
#include "symbol/frames.h"

#include <string.h>

enum {
	MOST_REMEMBERED = 8, /* compilers nest none */

	CFA_ADVANCE = 0x40, /* in the high two bits */
	CFA_OFFSET = 0x80,
	CFA_RESTORE = 0xc0,

	CFA_NOP = 0x00,
	CFA_SET_LOC = 0x01,
	CFA_ADVANCE1 = 0x02,
	CFA_ADVANCE2 = 0x03,
	CFA_ADVANCE4 = 0x04,
	CFA_OFFSET_EXTENDED = 0x05,
	CFA_RESTORE_EXTENDED = 0x06,
	CFA_UNDEFINED = 0x07,
	CFA_SAME_VALUE = 0x08,
	CFA_IN_REGISTER = 0x09,
	CFA_REMEMBER = 0x0a,
	CFA_RESTORE_STATE = 0x0b,
	CFA_DEF = 0x0c,
	CFA_DEF_REGISTER = 0x0d,
	CFA_DEF_OFFSET = 0x0e,
	CFA_DEF_EXPRESSION = 0x0f,
	CFA_EXPRESSION = 0x10,
	CFA_OFFSET_EXTENDED_SF = 0x11,
	CFA_DEF_SF = 0x12,
	CFA_DEF_OFFSET_SF = 0x13,
	CFA_VAL_OFFSET = 0x14,
	CFA_VAL_OFFSET_SF = 0x15,
	CFA_VAL_EXPRESSION = 0x16,
	CFA_NEGATE_RA_STATE = 0x2d,
	CFA_ARGS_SIZE = 0x2e,
	CFA_NEGATIVE_OFFSET = 0x2f,
};

struct run {
	const struct frames_code *code;
	struct reader r;
	uint64_t vaddr; /* the row's first address */
	struct frames_row row, initial, remembered[MOST_REMEMBERED];
	size_t remembered_count;
	bool is_broken;
};

static void set_rule(struct run *s, uint64_t number, enum frames_rule rule, int64_t offset)
{
	if (number < FRAMES_REGISTERS)
		s->row.of[number] = (struct frames_register){.rule = rule, .offset = offset};
}

static void set_expression(struct run *s, uint64_t number, enum frames_rule rule)
{
	struct reader expression = reader_part(&s->r, reader_uleb(&s->r));

	if (number < FRAMES_REGISTERS)
		s->row.of[number] = (struct frames_register){rule, 0, expression};
}

static void restore(struct run *s, uint64_t number)
{
	if (number < FRAMES_REGISTERS)
		s->row.of[number] = s->initial.of[number];
}

/* Factored offsets; a product that wraps is of a damaged file, and is wrong but defined. */
static int64_t factored(const struct run *s, uint64_t offset)
{
	return (int64_t)(offset * (uint64_t)s->code->data_align);
}

static void define_cfa(struct run *s, uint64_t number, int64_t offset)
{
	s->row.has_cfa_expression = false;
	s->row.cfa_register = number;
	s->row.cfa_offset = offset;
}

static void run_register_rule(struct run *s, uint64_t opcode)
{
	struct reader *r = &s->r;
	uint64_t number = reader_uleb(r);

	switch (opcode) {
	case CFA_OFFSET_EXTENDED:
		set_rule(s, number, FRAMES_OFFSET, factored(s, reader_uleb(r)));
		break;
	case CFA_OFFSET_EXTENDED_SF:
		set_rule(s, number, FRAMES_OFFSET, factored(s, (uint64_t)reader_sleb(r)));
		break;
	case CFA_NEGATIVE_OFFSET:
		set_rule(s, number, FRAMES_OFFSET, factored(s, 0 - reader_uleb(r)));
		break;
	case CFA_VAL_OFFSET:
		set_rule(s, number, FRAMES_VALUE_OFFSET, factored(s, reader_uleb(r)));
		break;
	case CFA_VAL_OFFSET_SF:
		set_rule(s, number, FRAMES_VALUE_OFFSET, factored(s, (uint64_t)reader_sleb(r)));
		break;
	case CFA_RESTORE_EXTENDED:
		restore(s, number);
		break;
	case CFA_UNDEFINED:
		set_rule(s, number, FRAMES_UNDEFINED, 0);
		break;
	case CFA_SAME_VALUE:
		set_rule(s, number, FRAMES_SAME, 0);
		break;
	case CFA_IN_REGISTER:
		set_rule(s, number, FRAMES_REGISTER, (int64_t)(reader_uleb(r) & INT32_MAX));
		break;
	case CFA_EXPRESSION:
		set_expression(s, number, FRAMES_EXPRESSION);
		break;
	default: /* CFA_VAL_EXPRESSION */
		set_expression(s, number, FRAMES_VALUE_EXPRESSION);
	}
}

static void run_cfa(struct run *s, uint64_t opcode)
{
	struct reader *r = &s->r;
	uint64_t number;

	switch (opcode) {
	case CFA_DEF:
		number = reader_uleb(r);
		define_cfa(s, number, (int64_t)reader_uleb(r));
		break;
	case CFA_DEF_SF:
		number = reader_uleb(r);
		define_cfa(s, number, factored(s, (uint64_t)reader_sleb(r)));
		break;
	case CFA_DEF_REGISTER:
		define_cfa(s, reader_uleb(r), s->row.cfa_offset);
		break;
	case CFA_DEF_OFFSET:
		define_cfa(s, s->row.cfa_register, (int64_t)reader_uleb(r));
		break;
	case CFA_DEF_OFFSET_SF:
		define_cfa(s, s->row.cfa_register, factored(s, (uint64_t)reader_sleb(r)));
		break;
	default: /* CFA_DEF_EXPRESSION */
		s->row.has_cfa_expression = true;
		s->row.cfa_expression = reader_part(r, reader_uleb(r));
	}
}

static void run_state(struct run *s, uint64_t opcode)
{
	if (opcode == CFA_REMEMBER && s->remembered_count < MOST_REMEMBERED)
		s->remembered[s->remembered_count++] = s->row;
	else if (opcode == CFA_RESTORE_STATE && s->remembered_count)
		s->row = s->remembered[--s->remembered_count];
	else
		s->is_broken = true;
}

static void run_other(struct run *s, uint64_t opcode)
{
	switch (opcode) {
	case CFA_NOP:
		break;
	case CFA_ARGS_SIZE:
		reader_uleb(&s->r);
		break;
	case CFA_NEGATE_RA_STATE:
		s->row.is_signed = !s->row.is_signed;
		break;
	case CFA_REMEMBER:
	case CFA_RESTORE_STATE:
		run_state(s, opcode);
		break;
	case CFA_DEF:
	case CFA_DEF_SF:
	case CFA_DEF_REGISTER:
	case CFA_DEF_OFFSET:
	case CFA_DEF_OFFSET_SF:
	case CFA_DEF_EXPRESSION:
		run_cfa(s, opcode);
		break;
	case CFA_OFFSET_EXTENDED:
	case CFA_OFFSET_EXTENDED_SF:
	case CFA_NEGATIVE_OFFSET:
	case CFA_VAL_OFFSET:
	case CFA_VAL_OFFSET_SF:
	case CFA_RESTORE_EXTENDED:
	case CFA_UNDEFINED:
	case CFA_SAME_VALUE:
	case CFA_IN_REGISTER:
	case CFA_EXPRESSION:
	case CFA_VAL_EXPRESSION:
		run_register_rule(s, opcode);
		break;
	default: /* nothing can be said of what comes behind it */
		s->is_broken = true;
	}
}

/* How far an instruction moves on.  False: it is one that does not. */
static bool read_advance(struct run *s, uint64_t opcode, uint64_t *distance)
{
	switch (opcode) {
	case CFA_ADVANCE1:
		*distance = reader_bytes(&s->r, 1) * s->code->code_align;
		return true;
	case CFA_ADVANCE2:
		*distance = reader_bytes(&s->r, 2) * s->code->code_align;
		return true;
	case CFA_ADVANCE4:
		*distance = reader_bytes(&s->r, 4) * s->code->code_align;
		return true;
	default:
		*distance = (opcode & 0x3f) * s->code->code_align;
		return (opcode & 0xc0) == CFA_ADVANCE;
	}
}

/* Runs up to the next row.  False: there is none. */
static bool run_row(struct run *s)
{
	while (reader_left(&s->r) && !s->is_broken) {
		uint64_t opcode = reader_byte(&s->r), distance;

		if (read_advance(s, opcode, &distance)) {
			if (distance > UINT64_MAX - s->vaddr)
				s->is_broken = true;
			s->vaddr += distance;
			if (distance)
				return !s->is_broken && !s->r.bad;
		} else if ((opcode & 0xc0) == CFA_OFFSET) {
			set_rule(s, opcode & 0x3f, FRAMES_OFFSET, factored(s, reader_uleb(&s->r)));
		} else if ((opcode & 0xc0) == CFA_RESTORE) {
			restore(s, opcode & 0x3f);
		} else {
			run_other(s, opcode);
		}
		s->is_broken = s->is_broken || s->r.bad;
	}
	return false;
}

/* Runs what all entries of the common part have. */
static bool begin(struct run *s, const struct frames_code *code)
{
	s->code = code;
	s->vaddr = code->start;
	s->remembered_count = 0;
	s->is_broken = false;
	memset(&s->row, 0, sizeof(s->row));
	memset(&s->initial, 0, sizeof(s->initial));
	s->r = code->first;
	if (run_row(s) || s->is_broken)
		return false;
	s->initial = s->row;
	s->r = code->then;
	return true;
}

bool frames_row_at(const struct frames_code *code, uint64_t vaddr, struct frames_row *out)
{
	struct run s;

	if (!begin(&s, code))
		return false;
	/* A row is complete where the next one begins, or the code ends. */
	while (run_row(&s) && s.vaddr <= vaddr)
		;
	*out = s.row;
	return !s.is_broken;
}

bool frames_any(const struct frames_code *code, uint64_t cfa_register, bool saves)
{
	struct run s;

	if (!begin(&s, code))
		return false;
	for (bool more = true; more;) {
		more = run_row(&s);
		if (s.is_broken)
			return false;
		if (!s.row.has_cfa_expression && s.row.cfa_register == cfa_register)
			return true;
		if (saves && s.row.of[cfa_register].rule == FRAMES_OFFSET)
			return true;
	}
	return false;
}
