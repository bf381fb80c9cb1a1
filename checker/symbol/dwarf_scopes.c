/* The functions of a unit, and what was inlined into them where. */
#include "symbol/dwarf.h"
#include "symbol/dwarf_names.h"

enum { MOST_HOPS = 16 }; /* inlined copy, abstract function, its declaration; more is a circle */

struct walk {
	struct dwarf *d;
	struct dwarf_unit *unit;
	struct dwarf_scopes *scopes;
	struct reader r;
	uint32_t *open; /* the scope at each depth */
	size_t depth, capacity;
};

static uint32_t number_of(struct dwarf_value v)
{
	return v.kind == DWARF_NUMBER && v.number <= INT32_MAX ? (uint32_t)v.number : 0;
}

/* Adds the scope of a function or of an inlined call, if it has code; else what is inside belongs to `parent`. */
static uint32_t add_scope(struct walk *w, const struct dwarf_abbrev *abbrev, const struct dwarf_abbrevs *t,
			  uint64_t offset, uint32_t parent)
{
	struct dwarf_scopes *s = w->scopes;
	bool is_inlined = abbrev->tag == TAG_INLINED_SUBROUTINE;
	size_t before = s->spans.count;
	struct dwarf_entry e;

	dwarf_entry_read(w->d, w->unit, t, abbrev, &w->r, &e);
	if (s->count == SPANS_NONE || w->r.bad)
		return parent;
	dwarf_entry_ranges(w->d, w->unit, &e, &s->spans, (uint32_t)s->count,
			   w->depth < UINT32_MAX ? (uint32_t)w->depth : UINT32_MAX);
	if (s->spans.count == before)
		return is_inlined ? parent : SPANS_NONE;
	s->at = arena_reserve(w->d->arena, s->at, s->count, &s->capacity, sizeof(*s->at));
	s->at[s->count] = (struct dwarf_scope){
		.entry = offset,
		.parent = is_inlined ? parent : SPANS_NONE,
		.call_line = number_of(e.call_line),
		.call_file = number_of(e.call_file),
	};
	return (uint32_t)s->count++;
}

static void walk_entries(struct walk *w, const struct dwarf_abbrevs *t, struct arena *scratch)
{
	const unsigned char *info = (const unsigned char *)w->d->info.at;

	while (reader_left(&w->r)) {
		uint64_t offset = (uint64_t)(w->r.at - info), code = reader_uleb(&w->r);
		uint32_t scope = w->depth ? w->open[w->depth - 1] : SPANS_NONE;
		const struct dwarf_abbrev *abbrev;

		if (!code) {
			w->depth -= w->depth > 0;
			continue;
		}
		abbrev = dwarf_abbrevs_find(t, code);
		if (!abbrev)
			return;
		if (abbrev->tag == TAG_SUBPROGRAM || abbrev->tag == TAG_INLINED_SUBROUTINE)
			scope = add_scope(w, abbrev, t, offset, scope);
		else
			dwarf_entry_skip(w->d, w->unit, t, abbrev, &w->r);
		if (abbrev->has_children) {
			w->open = arena_reserve(scratch, w->open, w->depth, &w->capacity, sizeof(*w->open));
			w->open[w->depth++] = scope;
		}
	}
}

const struct dwarf_scopes *dwarf_unit_scopes(struct dwarf *d, struct dwarf_unit *u)
{
	struct walk w = {.d = d, .unit = u};
	struct arena *scratch;

	if (u->scopes)
		return u->scopes;
	u->scopes = w.scopes = NEW(d->arena, struct dwarf_scopes);
	w.scopes->spans.arena = d->arena;
	w.r = reader_of((struct str){d->info.at, (size_t)u->end}, u->first_entry);
	scratch = arena_open_child(d->arena);
	walk_entries(&w, dwarf_unit_abbrevs(d, u), scratch);
	spans_flatten(&w.scopes->spans, scratch);
	arena_close(scratch);
	return u->scopes;
}

static bool read_entry_at(struct dwarf *d, uint64_t offset, struct dwarf_entry *out)
{
	struct dwarf_unit *u = dwarf_unit_at(d, offset);
	const struct dwarf_abbrev *abbrev;
	struct reader r;

	if (!u)
		return false;
	r = reader_of((struct str){d->info.at, (size_t)u->end}, offset);
	abbrev = dwarf_abbrevs_find(dwarf_unit_abbrevs(d, u), reader_uleb(&r));
	if (!abbrev)
		return false;
	dwarf_entry_read(d, u, dwarf_unit_abbrevs(d, u), abbrev, &r, out);
	return true;
}

const struct dwarf_function *dwarf_scope_function(struct dwarf *d, const struct dwarf_scopes *s, uint32_t scope)
{
	struct dwarf_scope *of = &s->at[scope];
	struct dwarf_function *f = &of->function;
	uint64_t offset = of->entry;
	struct dwarf_entry e;

	if (of->is_named)
		return f;
	of->is_named = true;
	f->name = f->linkage_name = "";
	for (int hop = 0; hop < MOST_HOPS && read_entry_at(d, offset, &e); hop++) {
		if (!*f->name && e.name.kind == DWARF_TEXT)
			f->name = e.name.text;
		if (!*f->linkage_name && e.linkage_name.kind == DWARF_TEXT)
			f->linkage_name = e.linkage_name.text;
		if (!f->line)
			f->line = number_of(e.decl_line);
		if (e.origin.kind == DWARF_REFERENCE)
			offset = e.origin.number;
		else if (e.specification.kind == DWARF_REFERENCE)
			offset = e.specification.number;
		else
			break;
	}
	return f;
}
