/* Stubs of procedure linkage tables, told by the slot that their jump reads. */
#include "symbol/plt.h"

#include "symbol/reader.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

enum {
	STUB_SIZE = 16,
	MOST_TABLES = 8, /* of either kind; linkers make two or three */
};

struct slot { /* where the dynamic linker puts a function's address */
	uint64_t vaddr;
	const char *name;
};

struct slots {
	struct slot *at;
	size_t count, capacity;
};

static int by_vaddr(const void *left, const void *right)
{
	const struct slot *a = left, *b = right;

	return a->vaddr < b->vaddr ? -1 : a->vaddr > b->vaddr;
}

/* Slots of one table of relocations. */
static void read_relocations(struct arena *a, const struct elf_file *e, const struct elf_section *s, struct slots *out)
{
	struct str table = elf_file_contents(e, s), symbols = elf_file_contents(e, &e->sections[s->link]), names = {0};
	uint32_t link = e->sections[s->link].link;

	if (link < e->section_count)
		names = elf_file_contents(e, &e->sections[link]);
	for (size_t at = 0; at + sizeof(Elf64_Rela) <= table.size; at += sizeof(Elf64_Rela)) {
		struct reader name;
		Elf64_Rela r;
		Elf64_Sym symbol;

		memcpy(&r, table.at + at, sizeof(r));
		if (!ELF64_R_SYM(r.r_info) || ELF64_R_SYM(r.r_info) >= symbols.size / sizeof(symbol))
			continue;
		memcpy(&symbol, symbols.at + ELF64_R_SYM(r.r_info) * sizeof(symbol), sizeof(symbol));
		name = reader_of(names, symbol.st_name);
		out->at = arena_reserve(a, out->at, out->count, &out->capacity, sizeof(*out->at));
		out->at[out->count++] = (struct slot){r.r_offset, reader_text(&name)};
	}
}

static void read_slots(struct arena *a, const struct elf_file *e, struct slots *out)
{
	int tables = 0;

	for (size_t i = 0; i < e->section_count && tables < MOST_TABLES; i++) {
		const struct elf_section *s = &e->sections[i];

		if (s->type != SHT_RELA || !(s->flags & SHF_ALLOC) || s->link >= e->section_count)
			continue;
		read_relocations(a, e, s, out);
		tables++;
	}
	if (out->count)
		qsort(out->at, out->count, sizeof(*out->at), by_vaddr);
}

/* jmp *slot(%rip), with endbr64 and a bnd prefix before it or not (Intel SDM, volume 2). */
static bool reads_slot_x86_64(const unsigned char *code, size_t size, uint64_t vaddr, uint64_t *slot)
{
	static const unsigned char endbr64[] = {0xf3, 0x0f, 0x1e, 0xfa};
	size_t at = size >= 4 && memcmp(code, endbr64, 4) == 0 ? 4 : 0;
	struct reader r;

	at += at < size && code[at] == 0xf2;
	if (at + 6 > size || code[at] != 0xff || code[at + 1] != 0x25)
		return false;
	r = (struct reader){code + at + 2, code + at + 6, false};
	*slot = vaddr + at + 6 + (uint64_t)(int32_t)reader_bytes(&r, 4);
	return true;
}

/* adrp x16, page; ldr x17, [x16, #offset] (Arm ARM, C6.2). */
static bool reads_slot_aarch64(const unsigned char *code, size_t size, uint64_t vaddr, uint64_t *slot)
{
	struct reader r = {code, code + (size < 8 ? 0 : 8), false};
	uint64_t adrp = reader_bytes(&r, 4), ldr = reader_bytes(&r, 4), pages;

	if (r.bad || (adrp & 0x9f00001f) != 0x90000010 || (ldr & 0xffc003ff) != 0xf9400211)
		return false;
	pages = (adrp >> 5 & 0x7ffff) << 2 | (adrp >> 29 & 3);
	if (pages & 0x100000)
		pages |= ~UINT64_C(0x1fffff);
	*slot = (vaddr & ~UINT64_C(0xfff)) + (pages << 12) + (ldr >> 10 & 0xfff) * 8;
	return true;
}

/* Where an AArch64 stub ends: behind br x17, which may come behind an authentication. */
static size_t size_aarch64(const unsigned char *code, size_t size)
{
	enum { MOST = 24 };

	for (size_t at = 8; at + 4 <= size && at < MOST; at += 4) {
		struct reader r = {code + at, code + at + 4, false};

		if (reader_bytes(&r, 4) == 0xd61f0220)
			return at + 4;
	}
	return size < STUB_SIZE ? size : STUB_SIZE;
}

/* Whether a landing pad of indirect jumps, bti c, stands before an AArch64 stub. */
static bool has_pad(const unsigned char *code, size_t at)
{
	struct reader r = {code + at - 4, code + at, false};

	return at >= 4 && reader_bytes(&r, 4) == 0xd503245f;
}

static const char *slot_name(const struct slots *slots, uint64_t vaddr)
{
	struct slot key = {.vaddr = vaddr};
	const struct slot *found = slots->count ? bsearch(&key, slots->at, slots->count, sizeof(key), by_vaddr) : NULL;

	return found ? found->name : "";
}

static void read_stubs(const struct elf_file *e, const struct elf_section *s, const struct slots *slots,
		       struct symtab *t)
{
	bool is_arm = e->machine == EM_AARCH64;
	size_t step = is_arm ? 4 : 8;
	struct str code = elf_file_contents(e, s);

	for (size_t at = 0; at < code.size; at += step) {
		const unsigned char *bytes = (const unsigned char *)code.at + at;
		size_t size = code.size - at < STUB_SIZE ? code.size - at : STUB_SIZE, pad = 0;
		uint64_t slot;
		const char *name;

		if (!(is_arm ? reads_slot_aarch64 : reads_slot_x86_64)(bytes, code.size - at, s->vaddr + at, &slot))
			continue;
		name = slot_name(slots, slot);
		if (is_arm) {
			size = size_aarch64(bytes, code.size - at);
			pad = has_pad((const unsigned char *)code.at, at) ? 4 : 0;
		}
		if (*name)
			symtab_add(t, arena_printf(t->arena, "%s@plt", name), s->vaddr + at - pad, size + pad);
	}
}

void plt_read(const struct elf_file *e, struct symtab *t)
{
	struct slots slots = {0};
	int tables = 0;

	if (e->machine != EM_X86_64 && e->machine != EM_AARCH64)
		return;
	for (size_t i = 0; i < e->section_count && tables < MOST_TABLES; i++) {
		const struct elf_section *s = &e->sections[i];

		if (s->type != SHT_PROGBITS || !(s->flags & SHF_EXECINSTR) || !text_starts(s->name, ".plt"))
			continue;
		if (!tables++)
			read_slots(t->arena, e, &slots);
		read_stubs(e, s, &slots, t);
	}
}
