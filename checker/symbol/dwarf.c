/* Debug sections, their units and abbreviations. */
#include "symbol/dwarf.h"

#include "symbol/dwarf_names.h"

#include <stdlib.h>
#include <string.h>

enum {
	MOST_ATTRIBUTES = 1 << 24, /* of one table of abbreviations */
	BUDGET_TIMES = 4,          /* a sound file is read once, or twice */
	BUDGET_LEAST = 64 * 1024,
	MOST_SPLIT = 1 << 30, /* bytes of the files of split units */
};

static uint64_t budget_of(uint64_t size)
{
	return size * BUDGET_TIMES + BUDGET_LEAST;
}

/* A section of texts up to its last NUL, so that each text in it ends. */
static struct str texts_of(const struct elf_file *e, const char *name)
{
	struct str s = elf_file_section(e, name);

	while (s.size && s.at[s.size - 1])
		s.size--;
	return s;
}

/* ---- abbreviations (7.5.3) ---- */

/* Bytes of a form in an entry with 8-byte addresses and 4-byte offsets; -1 where it depends on the entry. */
static int fixed_size(uint64_t form)
{
	switch (form) {
	case FORM_FLAG_PRESENT:
	case FORM_IMPLICIT_CONST:
		return 0;
	case FORM_DATA1:
	case FORM_FLAG:
	case FORM_REF1:
	case FORM_STRX1:
	case FORM_ADDRX1:
		return 1;
	case FORM_DATA2:
	case FORM_REF2:
	case FORM_STRX2:
	case FORM_ADDRX2:
		return 2;
	case FORM_STRX3:
	case FORM_ADDRX3:
		return 3;
	case FORM_DATA4:
	case FORM_REF4:
	case FORM_STRX4:
	case FORM_ADDRX4:
	case FORM_STRP:
	case FORM_LINE_STRP:
	case FORM_SEC_OFFSET:
	case FORM_REF_ADDR:
	case FORM_REF_SUP4:
	case FORM_STRP_SUP:
	case FORM_GNU_REF_ALT:
	case FORM_GNU_STRP_ALT:
		return 4;
	case FORM_ADDR:
	case FORM_DATA8:
	case FORM_REF8:
	case FORM_REF_SIG8:
	case FORM_REF_SUP8:
		return 8;
	case FORM_DATA16:
		return 16;
	default:
		return -1;
	}
}

static void read_attributes(struct dwarf *d, struct dwarf_abbrevs *t, struct dwarf_abbrev *abbrev, struct reader *r)
{
	uint64_t size = 0;

	abbrev->has_fixed_size = true;
	abbrev->first = (uint32_t)t->attribute_count;
	while (!r->bad && t->attribute_count < MOST_ATTRIBUTES) {
		uint64_t name = reader_uleb(r), form = reader_uleb(r);
		int64_t constant = form == FORM_IMPLICIT_CONST ? reader_sleb(r) : 0;
		int fixed = fixed_size(form);

		if (name == 0 && form == 0)
			break;
		t->attributes = arena_reserve(d->arena, t->attributes, t->attribute_count, &t->attribute_capacity,
					      sizeof(*t->attributes));
		t->attributes[t->attribute_count++] = (struct dwarf_attribute){
			name <= UINT16_MAX ? (uint16_t)name : 0,
			form <= UINT16_MAX ? (uint16_t)form : 0,
			constant,
		};
		abbrev->has_fixed_size = abbrev->has_fixed_size && fixed >= 0;
		abbrev->has_code = abbrev->has_code || name == AT_LOW || name == AT_RANGES;
		abbrev->has_name = abbrev->has_name || name == AT_NAME;
		abbrev->is_named_elsewhere = abbrev->is_named_elsewhere || name == AT_LINKAGE_NAME ||
					     name == AT_MIPS_LINKAGE_NAME || name == AT_ORIGIN ||
					     name == AT_SPECIFICATION;
		size += fixed >= 0 ? (uint64_t)fixed : 0;
	}
	abbrev->count = (uint32_t)t->attribute_count - abbrev->first;
	abbrev->size = (uint32_t)size;
}

static int by_code(const void *left, const void *right)
{
	const struct dwarf_abbrev *a = left, *b = right;

	return a->code < b->code ? -1 : a->code > b->code;
}

/* Reads a table into d->draft, up to the abbreviation of `last` where that is not 0. */
static void read_draft(struct dwarf *d, uint64_t offset, uint64_t last, uint64_t *budget)
{
	struct dwarf_abbrevs *t = &d->draft;
	struct reader r = reader_of(d->abbrev, offset);
	const unsigned char *start = r.at;

	t->offset = offset;
	t->count = t->attribute_count = 0;
	t->is_dense = true;
	if (reader_left(&r) > *budget)
		r.end = r.at + *budget;
	while (!r.bad && !(last && t->count && t->at[t->count - 1].code == last)) {
		struct dwarf_abbrev abbrev = {.code = reader_uleb(&r)};
		uint64_t tag;

		if (!abbrev.code)
			break;
		tag = reader_uleb(&r);
		abbrev.tag = tag <= UINT16_MAX ? (uint16_t)tag : 0;
		abbrev.has_children = reader_byte(&r) != 0;
		read_attributes(d, t, &abbrev, &r);
		if (r.bad)
			break;
		t->at = arena_reserve(d->arena, t->at, t->count, &t->capacity, sizeof(*t->at));
		t->at[t->count++] = abbrev;
		t->is_dense = t->is_dense && abbrev.code == t->count;
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

/* ---- units (7.5.1) ---- */

/* Languages (table 7.17) whose functions have a linkage name other than their name. */
static bool language_mangles(uint64_t language)
{
	static const uint8_t mangling[] = {
		0x04, 0x19, 0x1a, 0x21, 0x2a, 0x2b, 0x3a, /* C++: not said, 03, 11, 14, 17, 20, 23 */
		0x11, 0x13, 0x1c, 0x1e,                   /* ObjC++, D, Rust, Swift */
	};

	return language && language <= UINT8_MAX && memchr(mangling, (int)language, sizeof(mangling));
}

/* Where a unit's parts of tables begin.  A split one has its tables to itself, behind their heads, and takes from its
 * skeleton what is in the program (7.3.2.2, and for version 4 GCC's proposal "DebugFission"). */
static void set_bases(const struct dwarf *d, struct dwarf_unit *u, const struct dwarf_entry *e)
{
	u->texts_base = e->texts_base.number;
	u->addresses_base = e->addresses_base.number;
	u->range_lists_base = e->range_lists_base.number;
	u->split_ranges_base = e->ranges_base.number;
	if (!d->skeleton)
		return;
	if (u->version >= 5) {
		u->texts_base = u->is_wide ? 16 : 8;
		u->range_lists_base = u->is_wide ? 20 : 12;
	}
	u->addresses_base = d->skeleton->addresses_base;
	u->ranges_base = d->skeleton->split_ranges_base;
	u->low = d->skeleton->low;
}

/* The abbreviation of a unit's first entry, without the rest of the table: of most units no more is ever asked for. */
static const struct dwarf_abbrev *first_abbrev(struct dwarf *d, struct dwarf_unit *u, uint64_t code,
					       const struct dwarf_abbrevs **t)
{
	const struct dwarf_abbrevs *draft = &d->draft;

	*t = draft;
	if (code && d->draft_budget) {
		if (!draft->count || draft->offset != u->abbrev_offset || draft->at[draft->count - 1].code != code)
			read_draft(d, u->abbrev_offset, code, &d->draft_budget);
		if (draft->count && draft->at[draft->count - 1].code == code)
			return &draft->at[draft->count - 1];
	}
	*t = dwarf_unit_abbrevs(d, u);
	return dwarf_abbrevs_find(*t, code);
}

static void read_first_entry(struct dwarf *d, struct dwarf_unit *u)
{
	const struct dwarf_abbrevs *t;
	struct reader r = reader_of(d->info, u->first_entry), again;
	const struct dwarf_abbrev *abbrev = first_abbrev(d, u, reader_uleb(&r), &t);
	struct dwarf_entry e;

	u->name = u->folder = u->split_name = "";
	if (!abbrev)
		return;
	u->is_partial = abbrev->tag == TAG_PARTIAL_UNIT;
	again = r;
	/* The bases may stand behind what needs them. */
	dwarf_entry_read(d, u, t, abbrev, &r, &e);
	set_bases(d, u, &e);
	dwarf_entry_read(d, u, t, abbrev, &again, &e);
	if (e.name.kind == DWARF_TEXT)
		u->name = e.name.text;
	if (e.folder.kind == DWARF_TEXT)
		u->folder = e.folder.text;
	if (e.split_name.kind == DWARF_TEXT)
		u->split_name = e.split_name.text;
	if (u->version < 5)
		u->split_id = e.split_id.number;
	if (e.low.kind == DWARF_ADDRESS) {
		u->has_low = true;
		u->low = e.low.number;
	}
	u->has_lines = e.statements.kind == DWARF_NUMBER;
	u->line_offset = e.statements.number;
	u->keeps_mangled = language_mangles(e.language.number);
	u->has_ranges = e.ranges.kind != DWARF_NOTHING || (u->has_low && e.high.kind != DWARF_NOTHING);
	dwarf_entry_ranges(d, u, &e, &d->unit_spans, (uint32_t)(u - d->units), 0);
}

/* One unit's head; false where there is no more to be read. */
static bool read_unit(struct dwarf *d, struct reader *r)
{
	struct dwarf_unit u = {.offset = (uint64_t)(r->at - (const unsigned char *)d->info.at)};
	uint64_t size = reader_length(r, &u.is_wide), kind = UNIT_COMPILE;
	struct reader head = reader_part(r, size);
	unsigned offset_size = u.is_wide ? 8 : 4;

	if (head.bad)
		return false;
	u.version = (uint8_t)reader_bytes(&head, 2);
	if (u.version >= 5) {
		kind = reader_byte(&head);
		u.address_size = (uint8_t)reader_byte(&head);
		u.abbrev_offset = reader_bytes(&head, offset_size);
		if (kind == UNIT_SKELETON || kind == UNIT_SPLIT_COMPILE)
			u.split_id = reader_bytes(&head, 8);
	} else {
		u.abbrev_offset = reader_bytes(&head, offset_size);
		u.address_size = (uint8_t)reader_byte(&head);
	}
	u.first_entry = (uint64_t)(head.at - (const unsigned char *)d->info.at);
	u.end = (uint64_t)(r->at - (const unsigned char *)d->info.at);
	if (head.bad || u.version < 2 || u.version > 5 || u.address_size != 8 || kind == UNIT_TYPE ||
	    kind == UNIT_SPLIT_TYPE)
		return true;
	d->units = arena_reserve(d->arena, d->units, d->unit_count, &d->unit_capacity, sizeof(*d->units));
	d->units[d->unit_count++] = u;
	return true;
}

static uint64_t lowest_code(const struct elf_file *e)
{
	uint64_t lowest = UINT64_MAX;

	for (size_t i = 0; i < e->segment_count; i++) {
		if (e->segments[i].executable && e->segments[i].vaddr < lowest)
			lowest = e->segments[i].vaddr;
	}
	/* An ELF file's own head lies at 0 where code is in the first segment. */
	return lowest == UINT64_MAX || lowest == 0 ? 1 : lowest;
}

void dwarf_read_units(struct dwarf *d)
{
	struct reader r = reader_of(d->info, 0);

	d->abbrev_budget = d->draft_budget = budget_of(d->abbrev.size);
	d->range_budget = budget_of(d->info.size + d->ranges.size + d->range_lists.size);
	d->line_budget = budget_of(d->line.size);
	d->unit_spans.arena = d->arena;
	while (reader_left(&r) && read_unit(d, &r) && !r.bad)
		;
	for (size_t i = 0; i < d->unit_count; i++)
		read_first_entry(d, &d->units[i]);
	spans_flatten(&d->unit_spans, d->arena);
}

bool dwarf_open(struct arena *a, const struct elf_file *e, struct dwarf *second, struct dwarf *out)
{
	*out = (struct dwarf){.arena = a, .second = second, .path = ""};
	out->info = elf_file_section(e, ".debug_info");
	out->abbrev = elf_file_section(e, ".debug_abbrev");
	if (!out->info.size || !out->abbrev.size)
		return false;
	out->line = elf_file_section(e, ".debug_line");
	out->texts = texts_of(e, ".debug_str");
	out->line_texts = texts_of(e, ".debug_line_str");
	out->ranges = elf_file_section(e, ".debug_ranges");
	out->range_lists = elf_file_section(e, ".debug_rnglists");
	out->addresses = elf_file_section(e, ".debug_addr");
	out->text_offsets = elf_file_section(e, ".debug_str_offsets");
	out->lowest_code = lowest_code(e);
	out->split_budget = MOST_SPLIT;
	dwarf_read_units(out);
	return out->unit_count > 0;
}

bool dwarf_unit_has_code(struct dwarf *d, struct dwarf_unit *u)
{
	const struct dwarf_abbrevs *t = dwarf_unit_abbrevs(d, u);

	if (u->is_partial) /* what others import: types and abstract functions */
		return false;
	for (size_t i = 0; i < t->count; i++) {
		if (t->at[i].tag == TAG_SUBPROGRAM && t->at[i].has_code)
			return true;
	}
	return false;
}

struct dwarf_unit *dwarf_unit_at(struct dwarf *d, uint64_t offset)
{
	size_t low = 0, high = d->unit_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (d->units[middle].offset <= offset)
			low = middle + 1;
		else
			high = middle;
	}
	return low && offset >= d->units[low - 1].first_entry && offset < d->units[low - 1].end ? &d->units[low - 1]
												: NULL;
}
