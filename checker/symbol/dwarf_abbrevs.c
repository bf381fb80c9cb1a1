/* Abbreviations: which attributes entries have (7.5.3). */
#include "symbol/dwarf.h"

#include "symbol/dwarf_names.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ATTRIBUTES = 1 << 24 }; /* of one table */

/* What an attribute says of all entries of its abbreviation, by its name: a table, since a branch on names is often
 * predicted wrong. */
enum role { ROLE_CODE = 1, ROLE_NAME = 2, ROLE_DECLARATION = 4, ROLE_ELSEWHERE = 8 };

static unsigned role_of(uint64_t name)
{
	static const uint8_t roles[] = {
		[AT_LOW] = ROLE_CODE,
		[AT_RANGES] = ROLE_CODE,
		[AT_NAME] = ROLE_NAME,
		[AT_DECLARATION] = ROLE_DECLARATION,
		[AT_LINKAGE_NAME] = ROLE_ELSEWHERE,
		[AT_ORIGIN] = ROLE_ELSEWHERE,
		[AT_SPECIFICATION] = ROLE_ELSEWHERE,
	};

	if (name < sizeof(roles))
		return roles[name];
	return name == AT_MIPS_LINKAGE_NAME ? ROLE_ELSEWHERE : 0;
}

/* Whether attributes of such entries are ever asked for. */
static bool is_read(uint16_t tag)
{
	return tag == TAG_SUBPROGRAM || tag == TAG_INLINED_SUBROUTINE || tag == TAG_COMPILE_UNIT ||
	       tag == TAG_PARTIAL_UNIT || tag == TAG_SKELETON_UNIT;
}

static void read_attributes(struct dwarf *d, struct dwarf_abbrevs *t, struct dwarf_abbrev *abbrev, struct reader *r)
{
	size_t first = t->attribute_count;
	bool has_fixed_size = true, has_sibling = false;
	uint64_t size = 0;
	unsigned roles = 0;

	while (!r->bad && t->attribute_count < MOST_ATTRIBUTES) {
		uint64_t name = reader_uleb(r), form = reader_uleb(r);
		int64_t constant = form == FORM_IMPLICIT_CONST ? reader_sleb(r) : 0;
		int fixed = dwarf_form_size(form);

		if (name == 0 && form == 0)
			break;
		t->attributes = arena_reserve(d->arena, t->attributes, t->attribute_count, &t->attribute_capacity,
					      sizeof(*t->attributes));
		t->attributes[t->attribute_count++] = (struct dwarf_attribute){
			name <= UINT16_MAX && constant == (int32_t)constant ? (uint16_t)name : 0,
			form <= UINT16_MAX ? (uint16_t)form : 0,
			(int32_t)constant,
		};
		roles |= role_of(name);
		has_fixed_size = has_fixed_size && fixed >= 0;
		has_sibling = name == AT_SIBLING && form == FORM_REF4;
		size += fixed >= 0 ? (uint64_t)fixed : 0;
	}
	abbrev->has_code = roles & ROLE_CODE;
	abbrev->has_name = roles & ROLE_NAME;
	abbrev->is_declaration = roles & ROLE_DECLARATION;
	abbrev->is_named_elsewhere = roles & ROLE_ELSEWHERE;
	abbrev->first = (uint32_t)first;
	abbrev->count = (uint32_t)(t->attribute_count - first);
	abbrev->size = (uint32_t)size;
	abbrev->has_fixed_size = has_fixed_size;
	abbrev->has_sibling = has_sibling && has_fixed_size;
	abbrev->is_leaf = has_fixed_size && !abbrev->has_children && !is_read(abbrev->tag);
	if (abbrev->is_leaf && !d->has_unusual_sizes) {
		abbrev->count = 0;
		t->attribute_count = first;
	}
}

static int by_code(const void *left, const void *right)
{
	const struct dwarf_abbrev *a = left, *b = right;

	return a->code < b->code ? -1 : a->code > b->code;
}

/* Moves on to the abbreviation of `code`, if it is there: compilers number the one of a unit last. */
static void skip_abbrevs(struct reader *r, uint64_t code)
{
	while (!r->bad) {
		struct reader here = *r;
		uint64_t name, form, found = reader_uleb(r);

		if (!found || found == code) {
			*r = here;
			return;
		}
		reader_uleb(r);
		reader_byte(r);
		do {
			name = reader_uleb(r);
			form = reader_uleb(r);
			if (form == FORM_IMPLICIT_CONST)
				reader_uleb(r);
		} while (!r->bad && (name || form));
	}
}

/* Reads a table into d->draft, or of it the abbreviation of `only` where that is not 0. */
static void read_draft(struct dwarf *d, uint64_t offset, uint64_t only, uint64_t *budget)
{
	struct dwarf_abbrevs *t = &d->draft;
	struct reader r = reader_of(d->abbrev, offset);
	const unsigned char *start = r.at;

	t->offset = offset;
	t->count = t->attribute_count = 0;
	t->is_dense = true;
	if (reader_left(&r) > *budget)
		r.end = r.at + *budget;
	if (only)
		skip_abbrevs(&r, only);
	while (!r.bad && !(only && t->count)) {
		uint64_t code = reader_uleb(&r), tag;
		struct dwarf_abbrev *abbrev;

		if (!code)
			break;
		tag = reader_uleb(&r);
		t->at = arena_reserve(d->arena, t->at, t->count, &t->capacity, sizeof(*t->at));
		abbrev = &t->at[t->count];
		*abbrev = (struct dwarf_abbrev){.code = code, .tag = tag <= UINT16_MAX ? (uint16_t)tag : 0};
		abbrev->has_children = reader_byte(&r) != 0;
		read_attributes(d, t, abbrev, &r);
		if (r.bad)
			break;
		t->count++;
		t->is_dense = t->is_dense && code == t->count;
	}
	*budget -= start ? (uint64_t)(r.at - start) : 0;
}

static struct dwarf_abbrevs *read_table(struct dwarf *d, uint64_t offset)
{
	struct dwarf_abbrevs *t = NEW(d->arena, struct dwarf_abbrevs);

	read_draft(d, offset, 0, &d->abbrev_budget);
	*t = d->draft;
	/* As large as it is, where the draft has grown. */
	t->at = NEW_ARRAY(d->arena, struct dwarf_abbrev, t->count);
	t->attributes = NEW_ARRAY(d->arena, struct dwarf_attribute, t->attribute_count);
	if (t->count)
		memcpy(t->at, d->draft.at, t->count * sizeof(*t->at));
	if (t->attribute_count)
		memcpy(t->attributes, d->draft.attributes, t->attribute_count * sizeof(*t->attributes));
	if (!t->is_dense)
		qsort(t->at, t->count, sizeof(*t->at), by_code);
	return t;
}

/* The table's place in the hash table: where it is, or where it belongs. */
static struct dwarf_abbrevs **table_slot(struct dwarf_abbrevs **tables, size_t capacity, uint64_t offset)
{
	size_t at = (size_t)((offset * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & (capacity - 1); /* 2^64 / golden ratio */

	while (tables[at] && tables[at]->offset != offset)
		at = (at + 1) & (capacity - 1);
	return &tables[at];
}

static void grow_tables(struct dwarf *d)
{
	size_t capacity = d->table_capacity ? 2 * d->table_capacity : 64;
	struct dwarf_abbrevs **tables = NEW_ARRAY(d->arena, struct dwarf_abbrevs *, capacity);

	for (size_t i = 0; i < d->table_capacity; i++) {
		if (d->tables[i])
			*table_slot(tables, capacity, d->tables[i]->offset) = d->tables[i];
	}
	d->tables = tables;
	d->table_capacity = capacity;
}

const struct dwarf_abbrevs *dwarf_unit_abbrevs(struct dwarf *d, struct dwarf_unit *u)
{
	struct dwarf_abbrevs **slot;

	if (u->abbrevs)
		return u->abbrevs;
	if (2 * d->table_count >= d->table_capacity)
		grow_tables(d);
	slot = table_slot(d->tables, d->table_capacity, u->abbrev_offset);
	if (!*slot) {
		*slot = read_table(d, u->abbrev_offset);
		d->table_count++;
	}
	u->abbrevs = *slot;
	return u->abbrevs;
}

const struct dwarf_abbrev *dwarf_abbrevs_find(const struct dwarf_abbrevs *t, uint64_t code)
{
	struct dwarf_abbrev key = {.code = code};

	if (t->is_dense)
		return code && code <= t->count ? &t->at[code - 1] : NULL;
	return bsearch(&key, t->at, t->count, sizeof(*t->at), by_code);
}

/* The abbreviation of a unit's first entry, without the rest of the table: of most units no more is ever asked for. */
const struct dwarf_abbrev *dwarf_first_abbrev(struct dwarf *d, struct dwarf_unit *u, uint64_t code,
					      const struct dwarf_abbrevs **t)
{
	const struct dwarf_abbrevs *draft = &d->draft;

	*t = draft;
	if (code && d->draft_budget) {
		if (draft->count != 1 || draft->offset != u->abbrev_offset || draft->at[0].code != code)
			read_draft(d, u->abbrev_offset, code, &d->draft_budget);
		if (draft->count)
			return &draft->at[0];
	}
	*t = dwarf_unit_abbrevs(d, u);
	return dwarf_abbrevs_find(*t, code);
}
