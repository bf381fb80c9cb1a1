/* Units of which the program has a skeleton only, and a file of its own, or a package of such files, the rest. */
#include "symbol/dwarf.h"

#include "base/file.h"

enum {
	MOST_COLUMNS = 16, /* of a package's index; there are 8 kinds of sections */

	/* Numbers of sections there (DWARF 5, table 7.1); those of version 2, of GNU's tools, are the same but for the last. */
	COLUMN_INFO = 1,
	COLUMN_ABBREV = 3,
	COLUMN_TEXT_OFFSETS = 6,
	COLUMN_RANGE_LISTS = 8,
};

struct package_index { /* .debug_cu_index (7.3.5.3) */
	uint64_t column_count, unit_count, slot_count;
	struct reader slots, rows, columns, offsets, sizes;
};

struct dwarf_package {
	bool is_there;
	struct package_index index;
	struct str info, abbrev, texts, text_offsets, range_lists;
};

static struct str texts_of(const struct elf_file *e)
{
	struct str s = elf_file_section(e, ".debug_str.dwo");

	while (s.size && s.at[s.size - 1])
		s.size--;
	return s;
}

/* Opens a file unless those before it were too large together. */
static bool open_file(struct dwarf *d, const char *path, struct elf_file *out)
{
	struct err err;

	if (!elf_file_open(d->arena, path, out, &err))
		return false;
	if (out->size <= d->split_budget) {
		d->split_budget -= out->size;
		return true;
	}
	elf_file_close(out);
	return false;
}

/* ---- packages (.dwp) ---- */

static bool read_index(struct str section, struct package_index *out)
{
	struct reader r = reader_of(section, 0);
	uint64_t version = reader_bytes(&r, 2), cells;

	reader_skip(&r, 2);
	out->column_count = reader_bytes(&r, 4);
	out->unit_count = reader_bytes(&r, 4);
	out->slot_count = reader_bytes(&r, 4);
	if (r.bad || (version != 2 && version != 5) || out->column_count > MOST_COLUMNS || !out->slot_count ||
	    (out->slot_count & (out->slot_count - 1)))
		return false;
	cells = out->column_count * out->unit_count;
	out->slots = reader_part(&r, out->slot_count * 8);
	out->rows = reader_part(&r, out->slot_count * 4);
	out->columns = reader_part(&r, out->column_count * 4);
	out->offsets = reader_part(&r, cells * 4);
	out->sizes = reader_part(&r, cells * 4);
	return !r.bad;
}

static uint64_t cell(const struct reader *table, uint64_t index, unsigned size)
{
	struct reader r = *table;

	reader_skip(&r, index * size);
	return reader_bytes(&r, size);
}

/* The row of a unit; 0: it is not in the package. */
static uint64_t find_row(const struct package_index *x, uint64_t id)
{
	uint64_t mask = x->slot_count - 1, step = (id >> 32 & mask) | 1, at = id & mask;

	for (uint64_t i = 0; i < x->slot_count; i++, at = (at + step) & mask) {
		uint64_t row = cell(&x->rows, at, 4);

		if (!row)
			return 0;
		if (cell(&x->slots, at, 8) == id)
			return row <= x->unit_count ? row : 0;
	}
	return 0;
}

/* What a unit has of a section. */
static struct str contribution(const struct package_index *x, uint64_t row, uint64_t column, struct str section)
{
	for (uint64_t i = 0; i < x->column_count; i++) {
		uint64_t at = (row - 1) * x->column_count + i, offset, size;

		if (cell(&x->columns, i, 4) != column)
			continue;
		offset = cell(&x->offsets, at, 4);
		size = cell(&x->sizes, at, 4);
		if (size && offset <= section.size && size <= section.size - offset)
			return (struct str){section.at + offset, (size_t)size};
	}
	return (struct str){0};
}

void dwarf_package_read(struct dwarf *d, const struct elf_file *e)
{
	struct dwarf_package *p = d->package = NEW(d->arena, struct dwarf_package);

	p->info = elf_file_section(e, ".debug_info.dwo");
	p->abbrev = elf_file_section(e, ".debug_abbrev.dwo");
	p->texts = texts_of(e);
	p->text_offsets = elf_file_section(e, ".debug_str_offsets.dwo");
	p->range_lists = elf_file_section(e, ".debug_rnglists.dwo");
	p->is_there = read_index(elf_file_section(e, ".debug_cu_index"), &p->index);
}

static const struct dwarf_package *seek_package(struct dwarf *d)
{
	struct elf_file e;

	if (d->package)
		return d->package;
	if (*d->path && open_file(d, arena_printf(d->arena, "%s.dwp", d->path), &e)) {
		dwarf_package_read(d, &e);
		elf_file_close(&e);
	} else {
		d->package = NEW(d->arena, struct dwarf_package);
	}
	return d->package;
}

static bool take_from_package(struct dwarf *d, const struct dwarf_unit *u, struct dwarf *out)
{
	const struct dwarf_package *p = seek_package(d);
	uint64_t row = p->is_there ? find_row(&p->index, u->split_id) : 0;

	if (!row)
		return false;
	out->info = contribution(&p->index, row, COLUMN_INFO, p->info);
	out->abbrev = contribution(&p->index, row, COLUMN_ABBREV, p->abbrev);
	out->texts = p->texts;
	out->text_offsets = contribution(&p->index, row, COLUMN_TEXT_OFFSETS, p->text_offsets);
	if (u->version >= 5)
		out->range_lists = contribution(&p->index, row, COLUMN_RANGE_LISTS, p->range_lists);
	return true;
}

/* ---- one file (.dwo) ---- */

/* Opens the file where the compiler put it, or beside the program. */
static bool open_unit_file(struct dwarf *d, const struct dwarf_unit *u, struct elf_file *out)
{
	const char *name = u->split_name;

	if (!*d->path)
		return false;
	if (*name == '/')
		return open_file(d, name, out) ||
		       open_file(d, path_join(d->arena, path_folder(d->arena, d->path), path_base(name)), out);
	return open_file(d, path_join(d->arena, u->folder, name), out) ||
	       open_file(d, path_join(d->arena, path_folder(d->arena, d->path), name), out);
}

static bool take_from_file(struct dwarf *d, const struct dwarf_unit *u, struct dwarf *out)
{
	struct elf_file e;

	if (!open_unit_file(d, u, &e))
		return false;
	out->info = elf_file_section(&e, ".debug_info.dwo");
	out->abbrev = elf_file_section(&e, ".debug_abbrev.dwo");
	out->texts = texts_of(&e);
	out->text_offsets = elf_file_section(&e, ".debug_str_offsets.dwo");
	out->range_lists = elf_file_section(&e, ".debug_rnglists.dwo");
	elf_file_close(&e);
	return true;
}

/* The unit of the same build. */
static struct dwarf_unit *find_unit(struct dwarf *d, uint64_t id)
{
	for (size_t i = 0; i < d->unit_count; i++) {
		if (d->units[i].split_id == id)
			return &d->units[i];
	}
	return NULL;
}

static struct dwarf *open_split(struct dwarf *d, const struct dwarf_unit *u)
{
	bool (*const takes[])(struct dwarf *, const struct dwarf_unit *, struct dwarf *) = {take_from_package,
											    take_from_file};
	struct dwarf *split = NEW(d->arena, struct dwarf);

	for (size_t i = 0; i < sizeof(takes) / sizeof(*takes); i++) {
		*split = (struct dwarf){
			.arena = d->arena,
			.path = "",
			.skeleton = u,
			.ranges = d->ranges,
			.addresses = d->addresses,
			.lowest_code = d->lowest_code,
		};
		if (!takes[i](d, u, split) || !split->info.size || !split->abbrev.size)
			continue;
		dwarf_read_units(split);
		if (find_unit(split, u->split_id))
			return split;
	}
	d->missing = d->missing ? d->missing : u->split_name;
	return NULL;
}

struct dwarf *dwarf_unit_whole(struct dwarf *d, struct dwarf_unit **u)
{
	struct dwarf_unit *part = *u;

	if (!*part->split_name || d->skeleton)
		return d;
	if (!part->split_is_sought) {
		part->split_is_sought = true;
		part->split = open_split(d, part);
	}
	if (!part->split)
		return d;
	*u = find_unit(part->split, part->split_id);
	return part->split;
}
