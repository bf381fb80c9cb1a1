/* Comparing the code of functions. */
#include "symbol/alike.h"

#include "base/text.h"
#include "symbol/module_data.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

enum {
	MOST_CODE = 1 << 24,
	PAGE = 4096, /* the least of all; what is loaded keeps its place in it */
};

/* A function in one build. */
struct body {
	struct module *module;
	uint64_t vaddr;
	size_t size;
	unsigned char *bytes;
};

static bool find_body(struct arena *a, struct module *m, const char *name, struct body *out)
{
	const struct symtab *t = module_read_symbols(m);
	size_t found = 0;

	for (size_t i = 0; i < t->spans.count; i++) {
		const struct span *s = &t->spans.at[i];

		if (s->owner >= t->count || !text_equal(t->names[s->owner], name))
			continue;
		*out = (struct body){.module = m, .vaddr = s->start, .size = (size_t)(s->end - s->start)};
		found++;
	}
	if (found != 1 || !out->size || out->size > MOST_CODE)
		return false;
	out->bytes = arena_alloc(a, out->size);
	return elf_file_loaded(&m->elf, out->vaddr, out->bytes, out->size) == out->size;
}

static uint64_t word_at(const struct body *b, size_t at)
{
	int32_t value;

	memcpy(&value, b->bytes + at, sizeof value);
	return (uint64_t)(int64_t)value;
}

/* Calls and jumps lead to the same function, as far as both builds have a name for it. */
static bool same_target(const struct body *x, uint64_t to, const struct body *y, uint64_t other)
{
	const char *one = symtab_find(module_read_symbols(x->module), to);
	const char *two = symtab_find(module_read_symbols(y->module), other);

	/* Into itself: by place. */
	if (to - x->vaddr < x->size || other - y->vaddr < y->size)
		return to - x->vaddr == other - y->vaddr;
	return !one || !two || text_equal(one, two);
}

/* Whether the four bytes at `at` are a displacement: what stands before them says so. */
static bool is_displacement(const struct body *x, const struct body *y, size_t at)
{
	const unsigned char *b = x->bytes;
	uint64_t end = at + 4;
	bool jumps;

	if (at < 1 || at + 4 > x->size || b[at - 1] != y->bytes[at - 1])
		return false;
	jumps = b[at - 1] == 0xe8 || b[at - 1] == 0xe9 ||
		(at >= 2 && b[at - 2] == 0x0f && (b[at - 1] & 0xf0) == 0x80 && y->bytes[at - 2] == 0x0f);
	if (jumps && same_target(x, x->vaddr + end + word_at(x, at), y, y->vaddr + end + word_at(y, at)))
		return true;
	/* ModRM with mod 0 and r/m 5: relative to rip.  There is an opcode before it. */
	return at >= 2 && (b[at - 1] & 0xc7) == 0x05;
}

static bool alike_x86(const struct body *x, const struct body *y)
{
	size_t at = 0;

	while (at < x->size) {
		size_t begin = at > 3 ? at - 3 : 0;
		bool masked = false;

		if (x->bytes[at] == y->bytes[at]) {
			at++;
			continue;
		}
		/* The first byte that differs is one of the four. */
		for (size_t i = begin; i <= at && !masked; i++) {
			masked = is_displacement(x, y, i);
			if (masked)
				at = i + 4;
		}
		if (!masked)
			return false;
	}
	return true;
}

/* ---- AArch64 (Arm Architecture Reference Manual, C4.1) ---- */

static uint32_t arm_word(const struct body *b, size_t at)
{
	struct reader r = {b->bytes + at, b->bytes + at + 4, false};

	return (uint32_t)reader_bytes(&r, 4);
}

/* Where an instruction keeps a displacement to code, in words: B and BL in 26 bits, conditional branches, CBZ and CBNZ in
 * 19, TBZ and TBNZ in 14.  0: it is no jump to a place. */
static uint32_t jump_mask(uint32_t word)
{
	if ((word & 0x7c000000U) == 0x14000000U)
		return 0x03ffffffU;
	if ((word & 0xfe000000U) == 0x54000000U || (word & 0x7e000000U) == 0x34000000U)
		return 0x00ffffe0U;
	return (word & 0x7e000000U) == 0x36000000U ? 0x0007ffe0U : 0;
}

static uint64_t jump_target(const struct body *b, size_t at, uint32_t word, uint32_t mask)
{
	uint32_t lowest = mask & ~(mask - 1), sign = (mask + lowest) >> 1;
	int64_t distance = ((int64_t)(word & mask) - (word & sign ? (int64_t)sign * 2 : 0)) / (int64_t)lowest;

	return b->vaddr + at + (uint64_t)(distance * 4);
}

static bool is_page(uint32_t word)
{
	return (word & 0x9f000000U) == 0x90000000U; /* ADRP */
}

/* The low twelve bits of an address, where the base is a page: ADD, and loads and stores with an offset. */
static bool has_low_bits(uint32_t word)
{
	return (word & 0xffc00000U) == 0x91000000U || (word & 0x3b000000U) == 0x39000000U;
}

/* What of an instruction says where things lie.  Of jumps that is compared apart. */
static uint32_t place_mask(uint32_t word, uint32_t pages)
{
	if ((word & 0x1f000000U) == 0x10000000U) /* ADR, ADRP */
		return 0x60ffffe0U;
	if ((word & 0x3b000000U) == 0x18000000U) /* loads of literals */
		return 0x00ffffe0U;
	return has_low_bits(word) && (pages >> (word >> 5 & 31) & 1) ? 0x003ffc00U : 0;
}

/* Which registers hold pages behind an instruction.  Calls give results in x0 and x1; the others they may leave as they were,
 * and gcc knows of which ones that is so. */
static uint32_t pages_behind(uint32_t word, uint32_t pages)
{
	if ((word & 0xfc000000U) == 0x94000000U || (word & 0xfffffc1fU) == 0xd63f0000U) /* BL, BLR */
		return pages & ~3U;
	if (jump_mask(word) || (word & 0xfe000000U) == 0xd6000000U) /* and BR, RET */
		return pages;
	if (is_page(word))
		return pages | 1U << (word & 31);
	if ((word & 0x3a000000U) == 0x28000000U) /* pairs have a second register */
		pages &= ~(1U << (word >> 10 & 31));
	return pages & ~(1U << (word & 31));
}

static bool alike_arm(const struct body *x, const struct body *y)
{
	uint32_t pages = 0;

	for (size_t at = 0; at + 4 <= x->size; at += 4) {
		uint32_t one = arm_word(x, at), two = arm_word(y, at), jump = jump_mask(one);

		if ((one ^ two) & ~(jump ? jump : place_mask(one, pages)))
			return false;
		if (jump && !same_target(x, jump_target(x, at, one, jump), y, jump_target(y, at, two, jump)))
			return false;
		pages = pages_behind(one, pages);
	}
	return memcmp(x->bytes + x->size / 4 * 4, y->bytes + y->size / 4 * 4, x->size % 4) == 0;
}

enum alike function_alike(struct arena *a, struct module *one, struct module *two, const char *name)
{
	struct arena *scratch = arena_open_child(a);
	struct body x, y;
	enum alike answer = ALIKE_UNKNOWN;

	if (module_machine(one) == module_machine(two) && find_body(scratch, one, name, &x) &&
	    find_body(scratch, two, name, &y)) {
		bool same = x.size == y.size;

		if (same && module_machine(one) == EM_X86_64)
			same = alike_x86(&x, &y);
		else if (same && module_machine(one) == EM_AARCH64)
			same = alike_arm(&x, &y);
		else if (same)
			same = memcmp(x.bytes, y.bytes, x.size) == 0;
		answer = !same ? ALIKE_DIFFERS : (x.vaddr - y.vaddr) % PAGE ? ALIKE_MOVED : ALIKE_SAME;
	}
	arena_close(scratch);
	return answer;
}
