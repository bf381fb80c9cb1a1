/* Comparing the code of functions. */
#include "symbol/alike.h"

#include "base/text.h"
#include "symbol/module_data.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_CODE = 1 << 24 };

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

/* B and BL have 26 bits, conditional branches and loads of literals 19, ADR and ADRP 21, TBZ 14. */
static uint32_t masked_arm(uint32_t word)
{
	if ((word & 0x7c000000U) == 0x14000000U)
		return word & 0xfc000000U;
	if ((word & 0x1f000000U) == 0x10000000U)
		return word & 0x9f00001fU;
	if ((word & 0x3b000000U) == 0x18000000U || (word & 0x7e000000U) == 0x34000000U ||
	    (word & 0xfe000000U) == 0x54000000U)
		return word & 0xff00001fU;
	/* The low twelve bits of an address, behind ADRP. */
	if ((word & 0x7f800000U) == 0x11000000U || (word & 0x3b000000U) == 0x39000000U)
		return word & 0xffc003ffU;
	return word;
}

static bool alike_arm(const struct body *x, const struct body *y)
{
	for (size_t at = 0; at + 4 <= x->size; at += 4) {
		uint32_t one, two;

		memcpy(&one, x->bytes + at, sizeof one);
		memcpy(&two, y->bytes + at, sizeof two);
		if (masked_arm(one) != masked_arm(two))
			return false;
	}
	return true;
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
		answer = same ? ALIKE_SAME : ALIKE_DIFFERS;
	}
	arena_close(scratch);
	return answer;
}
