/* Instructions of A64 that move the stack pointer, give back registers and leave (Arm Architecture Reference Manual, C6.2). */
#include "symbol/edges.h"

#include "base/text.h"
#include "symbol/unwind.h"

#include <elf.h>
#include <string.h>

enum {
	MOST_BEGINNING = 64, /* instructions; a frame that keeps all registers takes about 20 */
	MOST_END = 32,
};

#define RET     0xd65f03c0U
#define RETAA   0xd65f0bffU
#define RETAB   0xd65f0fffU
#define AUTIASP 0xd50323bfU
#define AUTIBSP 0xd50323ffU

/* Loads and stores of 64 bits and more whose base is sp: one register or two, an offset as it is or the base moved by it,
 * before or after. */
struct access {
	uint32_t mask, code;
	bool is_pair, is_float, loads, moves, is_before;
	uint8_t scale, bits, at; /* of the offset; bits that are signed, 0: 12 that are not */
};

static const struct access accesses[] = {
	/* ldp x, ldp d, ldp q */
	{0xffc003e0, 0xa94003e0, true, false, true, false, true, 8, 7, 15},
	{0xffc003e0, 0xa8c003e0, true, false, true, true, false, 8, 7, 15},
	{0xffc003e0, 0x6d4003e0, true, true, true, false, true, 8, 7, 15},
	{0xffc003e0, 0x6cc003e0, true, true, true, true, false, 8, 7, 15},
	{0xffc003e0, 0xad4003e0, true, true, true, false, true, 16, 7, 15},
	{0xffc003e0, 0xacc003e0, true, true, true, true, false, 16, 7, 15},
	/* ldr x, ldr d */
	{0xffc003e0, 0xf94003e0, false, false, true, false, true, 8, 0, 10},
	{0xffe00fe0, 0xf84007e0, false, false, true, true, false, 1, 9, 12},
	{0xffc003e0, 0xfd4003e0, false, true, true, false, true, 8, 0, 10},
	{0xffe00fe0, 0xfc4007e0, false, true, true, true, false, 1, 9, 12},
	/* stp x */
	{0xffc003e0, 0xa90003e0, true, false, false, false, true, 8, 7, 15},
	/* stp x, stp d, stp q, str x, str d, and sp moved before */
	{0xffc003e0, 0xa98003e0, true, false, false, true, true, 8, 7, 15},
	{0xffc003e0, 0x6d8003e0, true, true, false, true, true, 8, 7, 15},
	{0xffc003e0, 0xad8003e0, true, true, false, true, true, 16, 7, 15},
	{0xffe00fe0, 0xf8000fe0, false, false, false, true, true, 1, 9, 12},
	{0xffe00fe0, 0xfc000fe0, false, true, false, true, true, 1, 9, 12},
};

static const struct access *access_of(uint32_t word, int64_t *offset)
{
	for (size_t i = 0; i < sizeof(accesses) / sizeof(*accesses); i++) {
		const struct access *a = &accesses[i];
		int64_t value;

		if ((word & a->mask) != a->code)
			continue;
		value = word >> a->at & ((1U << (a->bits ? a->bits : 12)) - 1);
		if (a->bits && value >> (a->bits - 1))
			value -= INT64_C(1) << a->bits;
		*offset = value * a->scale;
		return a;
	}
	return NULL;
}

/* add or sub sp, BASE, #value */
static bool is_sum(uint32_t word, unsigned base, int64_t *value)
{
	uint32_t rest = word & 0xbf8003ffU;

	if (rest != (0x9100001fU | (uint32_t)base << 5))
		return false;
	*value = (int64_t)(word >> 10 & 0xfff) << (word >> 22 & 1 ? 12 : 0);
	if (word & 0x40000000U)
		*value = -*value;
	return true;
}

static size_t words_at(const struct elf_file *e, uint64_t vaddr, uint32_t *words, size_t most)
{
	unsigned char bytes[4 * MOST_BEGINNING];
	size_t count = elf_file_loaded(e, vaddr, bytes, most * 4) / 4;

	for (size_t i = 0; i < count; i++) {
		struct reader r = {bytes + i * 4, bytes + i * 4 + 4, false};

		words[i] = (uint32_t)reader_bytes(&r, 4);
	}
	return count;
}

/* ---- ends ---- */

struct end {
	struct frames_row row;
	int64_t height; /* of sp above where it is now, or above x29 once it was made of that */
	bool has_loaded, raises;
};

static void give_back(struct end *s, unsigned number, int64_t offset)
{
	s->has_loaded = true;
	if (number < UNWIND_AARCH64_SP)
		s->row.of[number] = (struct frames_register){.rule = FRAMES_OFFSET, .offset = offset};
}

/* False: it is none of those that take down a frame. */
static bool take_down(struct end *s, uint32_t word)
{
	int64_t value;
	const struct access *a = access_of(word, &value);

	if (a && a->loads) {
		int64_t at = s->height + (a->is_before ? value : 0);

		if (a->is_float)
			s->has_loaded = true;
		else
			give_back(s, word & 31, at);
		if (!a->is_float && a->is_pair)
			give_back(s, word >> 10 & 31, at + 8);
		if (a->moves)
			s->height += value;
		s->raises = s->raises || a->moves;
		return !a->moves || value > 0;
	}
	if (is_sum(word, UNWIND_AARCH64_SP, &value) && value > 0) {
		s->height += value;
		s->raises = true;
		return true;
	}
	/* What was loaded before, and where sp stood, is of no use then: it began elsewhere. */
	if (is_sum(word, UNWIND_AARCH64_FP, &value) && !s->has_loaded && !s->raises) {
		s->row.cfa_register = UNWIND_AARCH64_FP;
		s->height = value;
		s->raises = true;
		return true;
	}
	if (word != AUTIASP && word != AUTIBSP)
		return false;
	s->row.is_signed = true;
	return true;
}

/* b or br: a call at the end, if it leaves the function. */
static bool is_jump_out(uint32_t word, uint64_t vaddr, const struct frames_code *function)
{
	uint64_t target;

	if ((word & 0xfffffc1fU) == 0xd61f0000U)
		return true;
	if ((word & 0xfc000000U) != 0x14000000U)
		return false;
	target = vaddr + ((uint64_t)(word & 0x3ffffffU) << 2) - (word & 0x2000000U ? UINT64_C(1) << 28 : 0);
	return target < function->start || target >= function->end;
}

/* Whether the instruction before a jump took down a frame: else it may be one between parts of one function. */
static bool is_behind_frame(const struct elf_file *e, uint64_t vaddr)
{
	struct end s = {0};
	uint32_t word;

	return vaddr >= 4 && words_at(e, vaddr - 4, &word, 1) == 1 && take_down(&s, word) &&
	       (s.raises || s.row.is_signed || s.row.of[UNWIND_AARCH64_LR].rule == FRAMES_OFFSET);
}

/* The row of code that only takes down a frame from here on. */
static bool find_end(const struct elf_file *e, const struct frames_code *function, uint64_t vaddr,
		     struct frames_row *row)
{
	uint32_t words[MOST_END];
	size_t count = words_at(e, vaddr, words, MOST_END), at = 0;
	struct end s = {.row.cfa_register = UNWIND_AARCH64_SP};
	uint64_t here;

	while (at < count && take_down(&s, words[at]))
		at++;
	here = vaddr + at * 4;
	if (at == count || vaddr < function->start || here >= function->end)
		return false;
	if (words[at] == RETAA || words[at] == RETAB)
		s.row.is_signed = true;
	else if (words[at] != RET &&
		 !(is_jump_out(words[at], here, function) && (s.raises || is_behind_frame(e, vaddr))))
		return false;
	for (unsigned i = 0; i < UNWIND_AARCH64_SP; i++) {
		if (s.row.of[i].rule == FRAMES_OFFSET)
			s.row.of[i].offset -= s.height;
		else if (i >= UNWIND_AARCH64_X19)
			s.row.of[i].rule = FRAMES_SAME;
	}
	s.row.cfa_offset = s.height;
	*row = s.row;
	return true;
}

/* ---- beginnings ---- */

/* Branches, calls, returns, exceptions. */
static bool is_jump(uint32_t word)
{
	return (word & 0x1c000000U) == 0x14000000U && (word & 0xffc00000U) != 0xd5000000U;
}

/* Writes sp in a way that says nothing of where it was: results of other sums and of logic. */
static bool replaces_sp(uint32_t word)
{
	if ((word & 31) != 31)
		return false;
	return (word & 0xbf800000U) == 0x91000000U || (word & 0xbfe00000U) == 0x8b200000U ||
	       ((word & 0x9f800000U) == 0x92000000U && (word & 0x60000000U) != 0x60000000U);
}

/* What was executed of a function, where it only begins. */
struct beginning {
	int64_t depth;             /* of sp below where the function found it */
	struct frames_register fp; /* the caller's x29 */
};

/* False: from here on nothing can be said. */
static bool begin(struct beginning *b, uint32_t word)
{
	int64_t value;
	const struct access *a = access_of(word, &value);

	if (is_jump(word) || (!a && !is_sum(word, UNWIND_AARCH64_SP, &value) && replaces_sp(word)))
		return false;
	if (a ? a->moves : is_sum(word, UNWIND_AARCH64_SP, &value))
		b->depth -= value;
	if (a && a->is_pair && !a->loads && !a->is_float && (word & 31) == UNWIND_AARCH64_FP)
		b->fp = (struct frames_register){.rule = FRAMES_OFFSET, .offset = (a->moves ? 0 : value) - b->depth};
	return true;
}

/* Whether x29 was made to lead to the frame: add x29, sp, #value. */
static bool links(uint32_t word)
{
	return (word & 0xff8003ffU) == 0x910003fdU;
}

/* The row of code that has but begun to make its frame: all that was executed are the instructions before this one. */
static void mend_beginning(const struct elf_file *e, const struct frames_code *function, uint64_t vaddr,
			   struct frames_row *row)
{
	uint32_t words[MOST_BEGINNING];
	size_t count = (vaddr - function->start) / 4;
	struct beginning b = {0};
	bool is_linked = false;

	if (count > MOST_BEGINNING || words_at(e, function->start, words, count) != count)
		return;
	for (size_t i = 0; i < count; i++) {
		if (!begin(&b, words[i]))
			return;
		is_linked = is_linked || links(words[i]);
	}
	if (b.depth <= 0)
		return;
	row->cfa_offset = b.depth;
	if (is_linked)
		row->of[UNWIND_AARCH64_FP] = b.fp;
}

void edges_mend(const struct elf_file *e, const struct frames_code *function, uint64_t vaddr, struct frames_row *row)
{
	if (vaddr < function->start || find_end(e, function, vaddr, row))
		return;
	if (!row->has_cfa_expression && row->cfa_register == UNWIND_AARCH64_SP && row->cfa_offset == 0)
		mend_beginning(e, function, vaddr, row);
}

bool edges_find_stub(const struct elf_file *e, uint64_t vaddr, struct frames_code *out, struct frames_row *row)
{
	for (size_t i = 0; i < e->section_count; i++) {
		const struct elf_section *s = &e->sections[i];

		if (s->type != SHT_PROGBITS || !(s->flags & SHF_EXECINSTR) || !text_starts(s->name, ".plt") ||
		    vaddr < s->vaddr || vaddr - s->vaddr >= s->size)
			continue;
		*out = (struct frames_code){
			.start = s->vaddr, .end = s->vaddr + s->size, .return_register = UNWIND_AARCH64_LR};
		*row = (struct frames_row){.cfa_register = UNWIND_AARCH64_SP};
		return true;
	}
	return false;
}
