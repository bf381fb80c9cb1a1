/* Debug sections and their units. */
#include "symbol/dwarf.h"

#include "symbol/dwarf_names.h"

#include <stdlib.h>
#include <string.h>

enum {
	BUDGET_TIMES = 4, /* a sound file is read once, or twice */
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

/* C of 1989, without a year, of 1999, 2011, 2017 and 2023. */
static bool language_is_c(uint64_t language)
{
	static const uint8_t plain[] = {0x01, 0x02, 0x0c, 0x1d, 0x2c, 0x3e};

	return language && language <= UINT8_MAX && memchr(plain, (int)language, sizeof(plain));
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

static void read_first_entry(struct dwarf *d, struct dwarf_unit *u)
{
	const struct dwarf_abbrevs *t;
	struct reader r = reader_of(d->info, u->first_entry), again;
	const struct dwarf_abbrev *abbrev = dwarf_first_abbrev(d, u, reader_uleb(&r), &t);
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
	u->is_c = language_is_c(e.language.number);
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
	d->has_unusual_sizes = d->has_unusual_sizes || !dwarf_has_usual_sizes(&u);
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
