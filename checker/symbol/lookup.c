/* Frames at an address: debug data first, then symbols, then nothing but the place. */
#include "symbol/lookup.h"

#include "base/file.h"
#include "symbol/module_data.h"
#include "symbol/name.h"

#include <string.h>

enum { MOST_NAME = 64 * 1024 }; /* bytes of a name that is cleaned */

/* ---- cleaned names, each made once ---- */

static struct clean_name *name_slot(struct clean_name *names, size_t capacity, const char *raw)
{
	size_t at = (size_t)(((uint64_t)(uintptr_t)raw * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (capacity - 1);

	while (names[at].raw && names[at].raw != raw)
		at = (at + 1) & (capacity - 1);
	return &names[at];
}

static const char *clean_name(struct module *m, const char *raw)
{
	struct clean_name *slot;

	if (2 * m->name_count >= m->name_capacity) {
		size_t capacity = m->name_capacity ? 2 * m->name_capacity : 1024;
		struct clean_name *names = NEW_ARRAY(m->arena, struct clean_name, capacity);

		for (size_t i = 0; i < m->name_capacity; i++) {
			if (m->names[i].raw)
				*name_slot(names, capacity, m->names[i].raw) = m->names[i];
		}
		m->names = names;
		m->name_capacity = capacity;
	}
	slot = name_slot(m->names, m->name_capacity, raw);
	if (!slot->raw) {
		/* A copy of each of many long names, which may be the ends of one, would take memory without bound. */
		*slot = (struct clean_name){
			raw, m->is_go || strnlen(raw, MOST_NAME) == MOST_NAME ? raw : name_clean(m->arena, raw)};
		m->name_count++;
	}
	return slot->clean;
}

/* ---- frames ---- */

/* Whether a linker's name is that of a copy of the function. */
static bool is_clone(const char *symbol, const char *name)
{
	size_t size = strlen(name);

	return strncmp(symbol, name, size) == 0 && name_base_size(symbol) == size;
}

/* Names the function that the code belongs to: the linker may know a clone's own name. */
static void name_outermost(struct module *m, const struct dwarf_unit *u, const struct dwarf_function *f,
			   const char *symbol, struct frame *out)
{
	const char *linkage = *f->linkage_name ? f->linkage_name : f->name;

	if (*f->linkage_name) {
		out->system_name = symbol && is_clone(symbol, linkage) ? symbol : linkage;
		out->name = clean_name(m, linkage);
	} else if (symbol && (u->keeps_mangled || !*f->name)) {
		/* A function of C++ that is not seen elsewhere.  Where it was inlined the same name is put together, so that
		 * it is one function; the symbol says more than a name alone. */
		out->system_name = symbol;
		out->name = f->is_qualified && *f->name ? f->name : clean_name(m, symbol);
	} else {
		out->system_name = symbol && is_clone(symbol, linkage) ? symbol : linkage;
		out->name = f->name;
	}
}

static size_t nameless(struct module *m, uint64_t vaddr, struct frame *out)
{
	out->name = arena_printf(m->arena, "[%s+0x%llx]", path_base(m->elf.path), (unsigned long long)vaddr);
	out->system_name = out->name;
	return 1;
}

/* Frames of a unit that has the address; 0: it has no function there. */
static size_t unit_frames(struct module *m, struct dwarf_unit *u, uint64_t vaddr, struct frame *out)
{
	struct dwarf_unit *whole = u;
	struct dwarf *d = dwarf_unit_whole(&m->dwarf, &whole);
	const struct dwarf_lines *lines = dwarf_unit_lines(&m->dwarf, u);
	const struct dwarf_scopes *scopes = dwarf_unit_scopes(d, whole);
	const struct dwarf_row *row = dwarf_lines_find(lines, vaddr);
	uint32_t scope = spans_find(&scopes->spans, vaddr);
	const char *file = row ? dwarf_lines_file(&m->dwarf, u, lines, row->file) : "";
	const char *symbol = symtab_find(module_read_symbols(m), vaddr);
	uint32_t line = row ? row->line : 0;
	size_t count = 0;

	while (scope != SPANS_NONE && count < MODULE_MOST_FRAMES) {
		const struct dwarf_scope *s = &scopes->at[scope];
		const struct dwarf_function *f = dwarf_scope_function(d, scopes, scope);
		struct frame *frame = &out[count];
		bool is_inlined = s->parent != SPANS_NONE;

		*frame = (struct frame){.file = file, .line = line, .start_file = f->file, .start_line = f->line};
		if (!is_inlined) {
			name_outermost(m, whole, f, symbol, frame);
			if (!*frame->name)
				nameless(m, vaddr, frame);
		} else {
			frame->system_name = *f->linkage_name ? f->linkage_name : f->name;
			frame->name = *f->linkage_name ? clean_name(m, f->linkage_name) : f->name;
		}
		/* Of a call whose name stands in a file that is not read, the caller's line is known all the same. */
		count += *frame->name != '\0';
		file = dwarf_lines_file(&m->dwarf, u, lines, s->call_file);
		line = s->call_line;
		scope = s->parent;
	}
	if (!count && row) {
		out[count++] = (struct frame){.file = file, .line = line};
		if (symbol) {
			out->system_name = symbol;
			out->name = clean_name(m, symbol);
		} else {
			nameless(m, vaddr, out);
		}
	}
	return count;
}

/* Adds what the units that say nothing of their code cover, once. */
static void read_unranged(struct module *m)
{
	struct dwarf *d = &m->dwarf;

	m->unranged_are_read = true;
	for (size_t i = 0; i < d->unit_count; i++) {
		struct dwarf_unit *whole = &d->units[i];
		const struct dwarf_scopes *s;
		struct dwarf *of;

		if (whole->has_ranges)
			continue;
		of = dwarf_unit_whole(d, &whole);
		if (!dwarf_unit_has_code(of, whole))
			continue;
		s = dwarf_unit_scopes(of, whole);
		for (size_t j = 0; j + 1 < s->spans.edge_count; j++) {
			if (s->spans.edges[j].owner != SPANS_NONE)
				spans_add(&d->unit_spans, s->spans.edges[j].start, s->spans.edges[j + 1].start,
					  (uint32_t)i, 1);
		}
	}
	spans_flatten(&d->unit_spans, m->arena);
}

static size_t debug_frames(struct module *m, uint64_t vaddr, struct frame *out)
{
	uint32_t unit;

	if (!module_read_debug(m))
		return 0;
	unit = spans_find(&m->dwarf.unit_spans, vaddr);
	if (unit == SPANS_NONE && !m->unranged_are_read) {
		read_unranged(m);
		unit = spans_find(&m->dwarf.unit_spans, vaddr);
	}
	return unit == SPANS_NONE ? 0 : unit_frames(m, &m->dwarf.units[unit], vaddr, out);
}

size_t module_frames(struct module *m, uint64_t vaddr, const struct frame **out)
{
	size_t count = debug_frames(m, vaddr, m->found);
	const char *symbol;

	*out = m->found;
	if (count)
		return count;
	m->found[0] = (struct frame){.file = ""};
	symbol = symtab_find(module_read_symbols(m), vaddr);
	if (!symbol)
		return nameless(m, vaddr, m->found);
	m->found[0].system_name = symbol;
	m->found[0].name = clean_name(m, symbol);
	return 1;
}
