/* Attributes of entries and the ranges of code that they name. */
#include "symbol/dwarf.h"
#include "symbol/dwarf_names.h"

static struct dwarf_value number(uint64_t value)
{
	return (struct dwarf_value){DWARF_NUMBER, value, ""};
}

static struct dwarf_value reference(const struct dwarf_unit *u, uint64_t distance)
{
	if (distance > u->end - u->offset)
		return (struct dwarf_value){0};
	return (struct dwarf_value){DWARF_REFERENCE, u->offset + distance, ""};
}

static struct dwarf_value text_at(struct str section, uint64_t offset)
{
	if (offset >= section.size)
		return (struct dwarf_value){0};
	return (struct dwarf_value){DWARF_TEXT, 0, section.at + offset};
}

/* What dwz moved to a second file: its texts, and its entries (DWARF 5, 7.3.6). */
static struct dwarf_value second_text(const struct dwarf *d, uint64_t offset)
{
	return d->second ? text_at(d->second->texts, offset) : (struct dwarf_value){0};
}

static struct dwarf_value second_reference(uint64_t offset)
{
	return (struct dwarf_value){DWARF_SECOND_REFERENCE, offset, ""};
}

/* The entry of a table of `size`-byte numbers that begins at `base`. */
static bool table_number(struct str section, uint64_t base, uint64_t index, unsigned size, uint64_t *out)
{
	struct reader r;

	if (base > section.size || index >= (section.size - base) / size)
		return false;
	r = reader_of(section, base + index * size);
	*out = reader_bytes(&r, size);
	return true;
}

static struct dwarf_value indexed_text(const struct dwarf *d, const struct dwarf_unit *u, uint64_t index)
{
	uint64_t offset;

	if (!table_number(d->text_offsets, u->texts_base, index, u->is_wide ? 8 : 4, &offset))
		return (struct dwarf_value){0};
	return text_at(d->texts, offset);
}

static bool indexed_address(const struct dwarf *d, const struct dwarf_unit *u, uint64_t index, uint64_t *out)
{
	return table_number(d->addresses, u->addresses_base, index, u->address_size, out);
}

static struct dwarf_value indexed(const struct dwarf *d, const struct dwarf_unit *u, uint64_t index)
{
	struct dwarf_value v = {DWARF_ADDRESS, 0, ""};

	return indexed_address(d, u, index, &v.number) ? v : (struct dwarf_value){0};
}

static struct dwarf_value skipped(struct reader *r, uint64_t size)
{
	reader_skip(r, size);
	return (struct dwarf_value){0};
}

/* Forms whose value is a text or an address (7.5.5). */
static struct dwarf_value read_placed(const struct dwarf *d, const struct dwarf_unit *u, struct reader *r,
				      uint64_t form, unsigned offset_size)
{
	switch (form) {
	case FORM_ADDR:
		return (struct dwarf_value){DWARF_ADDRESS, reader_bytes(r, u->address_size), ""};
	case FORM_ADDRX:
	case FORM_GNU_ADDR_INDEX:
		return indexed(d, u, reader_uleb(r));
	case FORM_ADDRX1:
	case FORM_ADDRX2:
	case FORM_ADDRX3:
	case FORM_ADDRX4:
		return indexed(d, u, reader_bytes(r, (unsigned)(form - FORM_ADDRX1 + 1)));
	case FORM_STRING:
		return (struct dwarf_value){DWARF_TEXT, 0, reader_text(r)};
	case FORM_STRP:
		return text_at(d->texts, reader_bytes(r, offset_size));
	case FORM_LINE_STRP:
		return text_at(d->line_texts, reader_bytes(r, offset_size));
	case FORM_STRX:
	case FORM_GNU_STR_INDEX:
		return indexed_text(d, u, reader_uleb(r));
	case FORM_STRX1:
	case FORM_STRX2:
	case FORM_STRX3:
	case FORM_STRX4:
		return indexed_text(d, u, reader_bytes(r, (unsigned)(form - FORM_STRX1 + 1)));
	case FORM_RNGLISTX:
		return (struct dwarf_value){DWARF_LIST_INDEX, reader_uleb(r), ""};
	case FORM_LOCLISTX:
		reader_uleb(r);
		return (struct dwarf_value){0};
	case FORM_BLOCK1:
		return skipped(r, reader_byte(r));
	case FORM_BLOCK2:
		return skipped(r, reader_bytes(r, 2));
	case FORM_BLOCK4:
		return skipped(r, reader_bytes(r, 4));
	case FORM_BLOCK:
	case FORM_EXPRLOC:
		return skipped(r, reader_uleb(r));
	case FORM_DATA16:
		return skipped(r, 16);
	case FORM_REF_SIG8:
		return skipped(r, 8);
	case FORM_REF_SUP8:
		return second_reference(reader_bytes(r, 8));
	case FORM_REF_SUP4:
		return second_reference(reader_bytes(r, 4));
	case FORM_GNU_REF_ALT:
		return second_reference(reader_bytes(r, offset_size));
	case FORM_STRP_SUP:
	case FORM_GNU_STRP_ALT:
		return second_text(d, reader_bytes(r, offset_size));
	default: /* of an unknown size, so nothing behind it can be read */
		r->at = r->end;
		r->bad = true;
		return (struct dwarf_value){0};
	}
}

struct dwarf_value dwarf_value_read(const struct dwarf *d, const struct dwarf_unit *u, struct reader *r,
				    const struct dwarf_attribute *attribute)
{
	unsigned offset_size = u->is_wide ? 8 : 4;
	uint64_t form = attribute->form;

	if (form == FORM_INDIRECT) {
		form = reader_uleb(r);
		if (form == FORM_INDIRECT || form == FORM_IMPLICIT_CONST)
			form = 0;
	}
	switch (form) {
	case FORM_DATA1:
	case FORM_FLAG:
		return number(reader_byte(r));
	case FORM_DATA2:
		return number(reader_bytes(r, 2));
	case FORM_DATA4:
		return number(reader_bytes(r, 4));
	case FORM_DATA8:
		return number(reader_bytes(r, 8));
	case FORM_SDATA:
		return number((uint64_t)reader_sleb(r));
	case FORM_UDATA:
		return number(reader_uleb(r));
	case FORM_IMPLICIT_CONST:
		return number((uint64_t)attribute->constant);
	case FORM_FLAG_PRESENT:
		return number(1);
	case FORM_SEC_OFFSET:
		return number(reader_bytes(r, offset_size));
	case FORM_REF1:
		return reference(u, reader_byte(r));
	case FORM_REF2:
		return reference(u, reader_bytes(r, 2));
	case FORM_REF4:
		return reference(u, reader_bytes(r, 4));
	case FORM_REF8:
		return reference(u, reader_bytes(r, 8));
	case FORM_REF_UDATA:
		return reference(u, reader_uleb(r));
	case FORM_REF_ADDR:
		/* Version 2 gave it the size of an address. */
		return (struct dwarf_value){DWARF_REFERENCE,
					    reader_bytes(r, u->version == 2 ? u->address_size : offset_size), ""};
	default:
		return read_placed(d, u, r, form, offset_size);
	}
}

static void skip_value(const struct dwarf *d, const struct dwarf_unit *u, struct reader *r,
		       const struct dwarf_attribute *attribute)
{
	int size = dwarf_form_size(attribute->form);

	if (size >= 0 && dwarf_has_usual_sizes(u))
		reader_skip(r, (uint64_t)size);
	else if (attribute->form == FORM_EXPRLOC)
		reader_skip(r, reader_uleb(r));
	else
		dwarf_value_read(d, u, r, attribute);
}

void dwarf_entry_skip(const struct dwarf *d, const struct dwarf_unit *u, const struct dwarf_abbrevs *t,
		      const struct dwarf_abbrev *abbrev, struct reader *r)
{
	if (abbrev->has_fixed_size && dwarf_has_usual_sizes(u)) {
		reader_skip(r, abbrev->size);
		return;
	}
	for (uint32_t i = 0; i < abbrev->count && !r->bad; i++)
		skip_value(d, u, r, &t->attributes[abbrev->first + i]);
}

static struct dwarf_value *value_slot(struct dwarf_entry *e, uint16_t name)
{
	switch (name) {
	case AT_NAME:
		return &e->name;
	case AT_STATEMENTS:
		return &e->statements;
	case AT_LOW:
		return &e->low;
	case AT_HIGH:
		return &e->high;
	case AT_LANGUAGE:
		return &e->language;
	case AT_FOLDER:
		return &e->folder;
	case AT_ORIGIN:
		return &e->origin;
	case AT_DECL_FILE:
		return &e->decl_file;
	case AT_DECL_LINE:
		return &e->decl_line;
	case AT_DECLARATION:
		return &e->is_declaration;
	case AT_SPECIFICATION:
		return &e->specification;
	case AT_RANGES:
		return &e->ranges;
	case AT_CALL_FILE:
		return &e->call_file;
	case AT_CALL_LINE:
		return &e->call_line;
	case AT_LINKAGE_NAME:
	case AT_MIPS_LINKAGE_NAME:
		return &e->linkage_name;
	case AT_TEXTS_BASE:
		return &e->texts_base;
	case AT_ADDRESSES_BASE:
	case AT_GNU_ADDRESSES_BASE:
		return &e->addresses_base;
	case AT_RANGE_LISTS_BASE:
		return &e->range_lists_base;
	case AT_GNU_RANGES_BASE:
		return &e->ranges_base;
	case AT_SPLIT_NAME:
	case AT_GNU_SPLIT_NAME:
		return &e->split_name;
	case AT_GNU_SPLIT_ID:
		return &e->split_id;
	default:
		return NULL;
	}
}

void dwarf_entry_read(const struct dwarf *d, const struct dwarf_unit *u, const struct dwarf_abbrevs *t,
		      const struct dwarf_abbrev *abbrev, struct reader *r, struct dwarf_entry *out)
{
	*out = (struct dwarf_entry){0};
	for (uint32_t i = 0; i < abbrev->count && !r->bad; i++) {
		const struct dwarf_attribute *attribute = &t->attributes[abbrev->first + i];
		struct dwarf_value value = dwarf_value_read(d, u, r, attribute);
		struct dwarf_value *slot = value_slot(out, attribute->name);

		if (slot && !r->bad)
			*slot = value;
	}
}

void dwarf_entry_read_code(const struct dwarf *d, const struct dwarf_unit *u, const struct dwarf_abbrevs *t,
			   const struct dwarf_abbrev *abbrev, struct reader *r, struct dwarf_entry *out)
{
	*out = (struct dwarf_entry){0};
	for (uint32_t i = 0; i < abbrev->count && !r->bad; i++) {
		const struct dwarf_attribute *attribute = &t->attributes[abbrev->first + i];

		switch (attribute->name) {
		case AT_LOW:
		case AT_HIGH:
		case AT_RANGES:
		case AT_CALL_FILE:
		case AT_CALL_LINE:
			*value_slot(out, attribute->name) = dwarf_value_read(d, u, r, attribute);
			break;
		default:
			skip_value(d, u, r, attribute);
		}
	}
}

/* ---- ranges ---- */

struct range_sink {
	struct dwarf *d;
	const struct dwarf_unit *u;
	struct spans *to;
	uint32_t owner, depth;
};

/* What the linker left out keeps an address at 0 or at the end of memory. */
static void put_range(const struct range_sink *s, uint64_t start, uint64_t end)
{
	if (start >= s->d->lowest_code && end < UINT64_MAX - 1)
		spans_add(s->to, start, end, s->owner, s->depth);
}

static bool spend(struct dwarf *d)
{
	if (!d->range_budget)
		return false;
	d->range_budget--;
	return true;
}

/* .debug_ranges, DWARF 4, 2.17.3. */
static void read_ranges(const struct range_sink *s, uint64_t offset)
{
	struct reader r = reader_of(s->d->ranges, offset);
	uint64_t base = s->u->low;

	while (!r.bad && spend(s->d)) {
		uint64_t start = reader_bytes(&r, 8), end = reader_bytes(&r, 8);

		if (r.bad || (start == 0 && end == 0))
			return;
		if (start == UINT64_MAX)
			base = end;
		else if (base < UINT64_MAX - 1)
			put_range(s, base + start, base + end);
	}
}

/* .debug_rnglists, DWARF 5, 2.17.3 and 7.25. */
static void read_range_list(const struct range_sink *s, uint64_t offset)
{
	enum { END, BASE_INDEX, INDEX_INDEX, INDEX_LENGTH, OFFSETS, BASE, START_END, START_LENGTH };
	struct reader r = reader_of(s->d->range_lists, offset);
	uint64_t base = s->u->low, start = 0, end = 0;

	while (!r.bad && spend(s->d)) {
		uint64_t kind = reader_byte(&r);
		bool known = true;

		if (kind == END || kind > START_LENGTH || r.bad)
			return;
		if (kind == BASE) {
			base = reader_bytes(&r, 8);
			continue;
		}
		if (kind == BASE_INDEX) {
			if (!indexed_address(s->d, s->u, reader_uleb(&r), &base))
				base = UINT64_MAX;
			continue;
		}
		if (kind == OFFSETS) {
			start = base + reader_uleb(&r);
			end = base + reader_uleb(&r);
			known = base < UINT64_MAX - 1;
		} else if (kind == START_END || kind == START_LENGTH) {
			start = reader_bytes(&r, 8);
			end = kind == START_END ? reader_bytes(&r, 8) : start + reader_uleb(&r);
		} else {
			known = indexed_address(s->d, s->u, reader_uleb(&r), &start);
			if (kind == INDEX_LENGTH)
				end = start + reader_uleb(&r);
			else
				known = indexed_address(s->d, s->u, reader_uleb(&r), &end) && known;
		}
		if (known && !r.bad)
			put_range(s, start, end);
	}
}

void dwarf_entry_ranges(struct dwarf *d, const struct dwarf_unit *u, const struct dwarf_entry *entry, struct spans *to,
			uint32_t owner, uint32_t depth)
{
	const struct range_sink s = {d, u, to, owner, depth};
	uint64_t offset = entry->ranges.number;

	if (entry->ranges.kind == DWARF_LIST_INDEX) {
		if (!table_number(d->range_lists, u->range_lists_base, entry->ranges.number, u->is_wide ? 8 : 4,
				  &offset))
			return;
		read_range_list(&s, offset + u->range_lists_base);
	} else if (entry->ranges.kind == DWARF_NUMBER) {
		if (u->version >= 5)
			read_range_list(&s, offset);
		else
			read_ranges(&s, offset + u->ranges_base);
	} else if (entry->low.kind == DWARF_ADDRESS && entry->high.kind != DWARF_NOTHING) {
		put_range(&s, entry->low.number,
			  entry->high.kind == DWARF_ADDRESS ? entry->high.number
							    : entry->low.number + entry->high.number);
	}
}
