/* The functions of a unit, and what was inlined into them where. */
#include "symbol/dwarf.h"

#include "base/text.h"
#include "symbol/dwarf_names.h"

#include <string.h>

enum {
	MOST_HOPS = 16,       /* inlined copy, abstract function, its declaration; more is a circle */
	MOST_CONTAINERS = 32, /* around a function */
	MOST_NAME = 4096,     /* bytes of a name that is put together */
};

struct open { /* what an entry is inside of */
	uint32_t scope, container;
};

struct walk {
	struct dwarf *d;
	struct dwarf_unit *unit;
	struct dwarf_scopes *scopes;
	struct reader r;
	struct open *open; /* at each depth */
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

	dwarf_entry_read_code(w->d, w->unit, t, abbrev, &w->r, &e);
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

/* Notes a function that has no other name than its own and those around it. */
static void add_member(struct walk *w, uint64_t offset, uint32_t container)
{
	struct dwarf_scopes *s = w->scopes;

	s->members = arena_reserve(w->d->arena, s->members, s->member_count, &s->member_capacity, sizeof(*s->members));
	s->members[s->member_count++] = (struct dwarf_member){offset, container};
}

static uint32_t add_container(struct walk *w, const struct dwarf_abbrev *abbrev, uint64_t offset, uint32_t parent)
{
	struct dwarf_scopes *s = w->scopes;
	struct dwarf_container c = {.entry = offset, .parent = parent, .is_function = abbrev->tag == TAG_SUBPROGRAM};

	if (s->container_count == SPANS_NONE)
		return parent;
	s->containers = arena_reserve(w->d->arena, s->containers, s->container_count, &s->container_capacity,
				      sizeof(*s->containers));
	if (!c.is_function && abbrev->tag != TAG_NAMESPACE && !abbrev->has_name && parent != SPANS_NONE)
		c.number = ++s->containers[parent].unnamed;
	s->containers[s->container_count] = c;
	return (uint32_t)s->container_count++;
}

/* Whether no function and no call can be inside of an entry. */
static bool is_closed(const struct dwarf_unit *u, const struct dwarf_abbrev *abbrev)
{
	switch (abbrev->tag) {
	case TAG_ARRAY:
	case TAG_CALL_SITE:
	case TAG_ENUMERATION:
	case TAG_FUNCTION_TYPE:
	case TAG_GNU_CALL_SITE:
		return true;
	case TAG_STRUCTURE:
	case TAG_UNION:
		return u->is_c;
	case TAG_SUBPROGRAM:
		return abbrev->is_declaration && abbrev->is_named_elsewhere;
	default:
		return false;
	}
}

/* Moves from the attributes of an entry behind all that is inside of it, where the entry says where that is. */
static bool pass_over(struct walk *w, const struct dwarf_abbrev *abbrev)
{
	struct reader r = w->r, target;
	uint64_t end;

	if (!abbrev->has_sibling || !dwarf_has_usual_sizes(w->unit))
		return false;
	reader_skip(&r, abbrev->size - 4);
	end = reader_bytes(&r, 4);
	target = reader_of((struct str){w->d->info.at, (size_t)w->unit->end}, w->unit->offset + end);
	if (r.bad || target.bad || target.at < r.at)
		return false;
	w->r = target;
	return true;
}

/* What is inside of an entry, whose attributes the reader moves behind. */
static struct open enter(struct walk *w, const struct dwarf_abbrevs *t, const struct dwarf_abbrev *abbrev,
			 uint64_t offset, struct open around)
{
	struct open inside = around;

	switch (abbrev->tag) {
	case TAG_SUBPROGRAM:
		inside.scope = SPANS_NONE;
		if (around.container != SPANS_NONE && !abbrev->is_named_elsewhere)
			add_member(w, offset, around.container);
		if (abbrev->has_children)
			inside.container = add_container(w, abbrev, offset, around.container);
		break;
	case TAG_INLINED_SUBROUTINE:
		break;
	case TAG_NAMESPACE:
	case TAG_CLASS:
	case TAG_STRUCTURE:
	case TAG_UNION:
		if (abbrev->has_children)
			inside.container = add_container(w, abbrev, offset, around.container);
		break;
	default:
		break;
	}
	if (abbrev->has_code && (abbrev->tag == TAG_SUBPROGRAM || abbrev->tag == TAG_INLINED_SUBROUTINE))
		inside.scope = add_scope(w, abbrev, t, offset, around.scope);
	else
		dwarf_entry_skip(w->d, w->unit, t, abbrev, &w->r);
	return inside;
}

static void walk_entries(struct walk *w, const struct dwarf_abbrevs *t, struct arena *scratch)
{
	const unsigned char *info = (const unsigned char *)w->d->info.at;
	bool has_usual_sizes = dwarf_has_usual_sizes(w->unit);

	while (reader_left(&w->r)) {
		uint64_t offset = (uint64_t)(w->r.at - info), code = reader_uleb(&w->r);
		struct open around = {SPANS_NONE, SPANS_NONE};
		const struct dwarf_abbrev *abbrev;

		if (!code) {
			w->depth -= w->depth > 0;
			continue;
		}
		abbrev = dwarf_abbrevs_find(t, code);
		if (!abbrev)
			return;
		if (abbrev->is_leaf && has_usual_sizes) { /* most of all entries */
			reader_skip(&w->r, abbrev->size);
			continue;
		}
		if (is_closed(w->unit, abbrev) && pass_over(w, abbrev))
			continue;
		if (w->depth)
			around = w->open[w->depth - 1];
		around = enter(w, t, abbrev, offset, around);
		if (abbrev->has_children) {
			w->open = arena_reserve(scratch, w->open, w->depth, &w->capacity, sizeof(*w->open));
			w->open[w->depth++] = around;
		}
	}
}

static void *copy_list(struct arena *a, const void *items, size_t count, size_t size)
{
	void *copy = arena_alloc_unset(a, count * size);

	return count ? memcpy(copy, items, count * size) : copy;
}

/* The draft as it is, without the spans whose edges it has. */
static const struct dwarf_scopes *copy_scopes(struct arena *a, const struct dwarf_scopes *draft)
{
	struct dwarf_scopes *s = NEW(a, struct dwarf_scopes);

	s->count = draft->count;
	s->at = copy_list(a, draft->at, s->count, sizeof(*s->at));
	s->container_count = draft->container_count;
	s->containers = copy_list(a, draft->containers, s->container_count, sizeof(*s->containers));
	s->member_count = draft->member_count;
	s->members = copy_list(a, draft->members, s->member_count, sizeof(*s->members));
	s->spans.edge_count = draft->spans.edge_count;
	s->spans.edges = copy_list(a, draft->spans.edges, s->spans.edge_count, sizeof(*s->spans.edges));
	return s;
}

const struct dwarf_scopes *dwarf_unit_scopes(struct dwarf *d, struct dwarf_unit *u)
{
	struct walk w = {.d = d, .unit = u};
	struct arena *scratch;

	if (u->scopes)
		return u->scopes;
	if (!d->draft_scopes)
		d->draft_scopes = NEW(d->arena, struct dwarf_scopes);
	w.scopes = d->draft_scopes;
	w.scopes->count = w.scopes->container_count = w.scopes->member_count = w.scopes->spans.count = 0;
	w.scopes->spans.arena = d->arena;
	w.r = reader_of((struct str){d->info.at, (size_t)u->end}, u->first_entry);
	scratch = arena_open_child(d->arena);
	walk_entries(&w, dwarf_unit_abbrevs(d, u), scratch);
	spans_flatten(&w.scopes->spans, scratch);
	arena_close(scratch);
	u->scopes = copy_scopes(d->arena, w.scopes);
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

/* Moves on to what an entry is a copy or the body of.  False: it is neither. */
static bool follow(const struct dwarf_entry *e, struct dwarf **d, uint64_t *offset)
{
	const struct dwarf_value *to = e->origin.kind != DWARF_NOTHING ? &e->origin : &e->specification;

	if (to->kind == DWARF_SECOND_REFERENCE && (*d)->second)
		*d = (*d)->second;
	else if (to->kind != DWARF_REFERENCE)
		return false;
	*offset = to->number;
	return true;
}

/* The container of a function that was noted, or SPANS_NONE. */
static uint32_t find_container(const struct dwarf_scopes *s, uint64_t entry)
{
	size_t low = 0, high = s->member_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->members[middle].entry <= entry)
			low = middle + 1;
		else
			high = middle;
	}
	return low && s->members[low - 1].entry == entry ? s->members[low - 1].container : SPANS_NONE;
}

/* The name of what functions are in: a lambda's function has one, an abstract one behind its origin.  The class of a lambda
 * has none, and a function may have several of them. */
static const char *container_name(struct dwarf *d, const struct dwarf_container *c, const char *function)
{
	uint64_t offset = c->entry;
	struct dwarf_entry e;

	for (int hop = 0; hop < MOST_HOPS && read_entry_at(d, offset, &e); hop++) {
		if (e.name.kind == DWARF_TEXT)
			return e.name.text;
		if (!follow(&e, &d, &offset))
			break;
	}
	if (c->number)
		return arena_printf(d->arena, "{%s#%u}", text_equal(function, "operator()") ? "lambda" : "unnamed",
				    c->number);
	return c->is_function ? "(function)" : "(anonymous namespace)";
}

/* Puts the names of what is around the function at `entry` before its own. */
static const char *qualify(struct dwarf *d, uint64_t entry, const char *name)
{
	struct dwarf_unit *u = dwarf_unit_at(d, entry);
	const struct dwarf_scopes *s = u ? dwarf_unit_scopes(d, u) : NULL;
	const char *parts[MOST_CONTAINERS];
	struct buf out = {.arena = d->arena};
	size_t count = 0, size = strlen(name);

	if (!s)
		return name;
	for (uint32_t at = find_container(s, entry); at != SPANS_NONE && count < MOST_CONTAINERS;
	     at = s->containers[at].parent) {
		parts[count] = container_name(d, &s->containers[at], name);
		size += strlen(parts[count++]) + 2;
		if (size > MOST_NAME)
			return name;
	}
	if (!count)
		return name;
	while (count)
		buf_printf(&out, "%s::", parts[--count]);
	buf_text(&out, name);
	return buf_string(&out);
}

/* Files are numbered unit by unit, and a function that was inlined may be of another one. */
static const char *file_at(struct dwarf *d, uint64_t offset, uint64_t number)
{
	struct dwarf_unit *u = dwarf_unit_at(d, offset);

	return u ? dwarf_lines_file(d, u, dwarf_unit_lines(d, u), number) : "";
}

const struct dwarf_function *dwarf_scope_function(struct dwarf *d, const struct dwarf_scopes *s, uint32_t scope)
{
	struct dwarf_scope *of = &s->at[scope];
	struct dwarf_function *f = &of->function;
	uint64_t offset = of->entry, named = offset;
	struct dwarf *home = d;
	struct dwarf_entry e;

	if (of->is_named)
		return f;
	of->is_named = true;
	f->name = f->linkage_name = f->file = "";
	for (int hop = 0; hop < MOST_HOPS && read_entry_at(d, offset, &e); hop++) {
		if (e.name.kind == DWARF_TEXT && !*f->name)
			f->name = e.name.text;
		named = offset;
		home = d;
		if (!*f->linkage_name && e.linkage_name.kind == DWARF_TEXT)
			f->linkage_name = e.linkage_name.text;
		if (!*f->file && e.decl_file.kind == DWARF_NUMBER)
			f->file = file_at(d, offset, e.decl_file.number);
		if (!f->line)
			f->line = number_of(e.decl_line);
		if (!follow(&e, &d, &offset))
			break;
	}
	if (!*f->linkage_name && *f->name) {
		const char *plain = f->name;

		f->name = qualify(home, named, plain);
		f->is_qualified = f->name != plain;
	}
	return f;
}
