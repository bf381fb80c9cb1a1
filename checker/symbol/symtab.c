/* Symbol tables by address. */
#include "symbol/symtab.h"

#include "base/text.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

struct symbol {
	uint64_t start, size, limit; /* limit: the end of its section */
	const char *name;
	unsigned char binding;
};

struct list {
	struct symbol *at;
	size_t count;
};

/* ARM marks code and data within functions with $x, $d and the like (AAELF64, 5.5.5). */
static bool is_function(const struct elf_file *e, const Elf64_Sym *s, const char *name)
{
	unsigned type = ELF64_ST_TYPE(s->st_info);
	const struct elf_section *section;

	if (s->st_shndx == SHN_UNDEF || s->st_shndx >= e->section_count || !*name || *name == '$')
		return false;
	section = &e->sections[s->st_shndx];
	return (section->flags & SHF_EXECINSTR) && (type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE) &&
	       s->st_value >= section->vaddr && s->st_value - section->vaddr < section->size;
}

static unsigned underscores(const char *name)
{
	return (unsigned)strspn(name, "_");
}

/* Of several names for the same code the one that people know comes first. */
static int by_start(const void *left, const void *right)
{
	const struct symbol *a = left, *b = right;
	bool a_global = a->binding == STB_GLOBAL, b_global = b->binding == STB_GLOBAL;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->size != b->size)
		return a->size > b->size ? -1 : 1;
	if (a_global != b_global)
		return a_global ? -1 : 1;
	if (underscores(a->name) != underscores(b->name))
		return underscores(a->name) < underscores(b->name) ? -1 : 1;
	return strcmp(a->name, b->name);
}

static struct list read_symbols(struct arena *a, const struct elf_file *e, const struct elf_section *section)
{
	struct str table = elf_file_contents(e, section), names = {0};
	struct list out = {0};
	size_t count = table.size / sizeof(Elf64_Sym);

	if (section->link < e->section_count)
		names = elf_file_contents(e, &e->sections[section->link]);
	while (names.size && names.at[names.size - 1])
		names.size--;
	out.at = NEW_ARRAY(a, struct symbol, count);
	for (size_t i = 0; i < count; i++) {
		Elf64_Sym s;
		const char *name;

		memcpy(&s, table.at + i * sizeof(s), sizeof(s));
		name = s.st_name < names.size ? names.at + s.st_name : "";
		if (!is_function(e, &s, name))
			continue;
		out.at[out.count++] = (struct symbol){
			s.st_value,
			s.st_size,
			e->sections[s.st_shndx].vaddr + e->sections[s.st_shndx].size,
			name,
			ELF64_ST_BIND(s.st_info),
		};
	}
	return out;
}

static const struct elf_section *section_of_type(const struct elf_file *e, uint32_t type)
{
	for (size_t i = 0; i < e->section_count; i++) {
		if (e->sections[i].type == type)
			return &e->sections[i];
	}
	return NULL;
}

void symtab_add(struct symtab *t, const char *name, uint64_t vaddr, uint64_t size)
{
	if (t->count >= SPANS_NONE || size > UINT64_MAX - vaddr)
		return;
	t->names = arena_reserve(t->arena, t->names, t->count, &t->capacity, sizeof(*t->names));
	t->names[t->count] = name;
	spans_add(&t->spans, vaddr, vaddr + size, (uint32_t)t->count++, 0);
}

void symtab_read(struct arena *a, const struct elf_file *e, struct symtab *out)
{
	static const uint32_t types[] = {SHT_SYMTAB, SHT_DYNSYM};
	struct list list = {0};

	*out = (struct symtab){.arena = a, .spans.arena = a};
	for (size_t i = 0; i < sizeof(types) / sizeof(*types) && !list.count; i++) {
		const struct elf_section *section = section_of_type(e, types[i]);

		if (section)
			list = read_symbols(a, e, section);
	}
	if (list.count)
		qsort(list.at, list.count, sizeof(*list.at), by_start);
	for (size_t i = 0; i < list.count; i++) {
		const struct symbol *s = &list.at[i];
		uint64_t end = s->size <= s->limit - s->start ? s->start + s->size : s->limit;

		if (i && s->start == s[-1].start && s->size == s[-1].size)
			continue;
		/* Code in assembler often has no size: it goes on to the next name. */
		if (!s->size) {
			size_t next = i + 1;

			if (i && s->start == s[-1].start)
				continue;
			while (next < list.count && list.at[next].start == s->start)
				next++;
			end = next < list.count && list.at[next].start < s->limit ? list.at[next].start : s->limit;
		}
		symtab_add(out, s->name, s->start, end - s->start);
	}
}

void symtab_sort(struct symtab *t)
{
	spans_flatten(&t->spans, t->arena);
}

const char *symtab_find(const struct symtab *t, uint64_t vaddr)
{
	uint32_t owner = spans_find(&t->spans, vaddr);

	return owner == SPANS_NONE ? NULL : t->names[owner];
}
