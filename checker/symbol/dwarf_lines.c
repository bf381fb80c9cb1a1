/* Line tables: which line of which file an address was made of. */
#include "symbol/dwarf.h"
#include "symbol/dwarf_names.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum {
	MOST_FORMATS = 32, /* of a table of files in version 5, which has 5 kinds of contents */
	MOST_FILES = 1 << 24,
};

struct sequence { /* rows of addresses that do not go down */
	uint64_t start, end;
	size_t first, count;
};

struct file {
	const char *name;
	uint64_t folder;
	const char *path; /* NULL until it is asked for */
};

struct dwarf_lines {
	unsigned version;
	struct dwarf_row *rows; /* neighbours differ in address and in line */
	struct sequence *sequences;
	size_t sequence_count, sequence_capacity;
	const char **folders;
	size_t folder_count, folder_capacity;
	struct file *files;
	size_t file_count, file_capacity;
};

struct step {
	uint32_t vaddr;
	int32_t line;
};

struct program { /* the head of a line number program (6.2.4) */
	struct dwarf *d;
	struct dwarf_unit *unit;
	struct dwarf_lines *lines;
	struct reader r;
	bool is_wide;
	uint8_t least_length, line_range, first_special;
	int8_t line_base;
	const unsigned char *lengths; /* operands of the standard opcodes */
	struct step steps[256];       /* of the special opcodes (6.2.5.1) */
};

/* ---- folders and files ---- */

static void add_folder(struct program *p, const char *name)
{
	struct dwarf_lines *l = p->lines;

	if (l->folder_count == MOST_FILES)
		return;
	l->folders = arena_reserve(p->d->arena, l->folders, l->folder_count, &l->folder_capacity, sizeof(*l->folders));
	l->folders[l->folder_count++] = name;
}

static void add_file(struct program *p, const char *name, uint64_t folder)
{
	struct dwarf_lines *l = p->lines;

	if (l->file_count == MOST_FILES)
		return;
	l->files = arena_reserve(p->d->arena, l->files, l->file_count, &l->file_capacity, sizeof(*l->files));
	l->files[l->file_count++] = (struct file){name, folder, NULL};
}

/* Up to version 4 numbers begin at 1; folder 0 is the unit's. */
static void read_old_names(struct program *p, struct reader *r)
{
	const char *name;

	add_folder(p, p->unit->folder);
	while (*(name = reader_text(r)))
		add_folder(p, name);
	add_file(p, p->unit->name, 0);
	while (*(name = reader_text(r))) {
		uint64_t folder = reader_uleb(r);

		reader_uleb(r); /* time and size of the file */
		reader_uleb(r);
		add_file(p, name, folder);
	}
}

/* One table of version 5 (6.2.4.1): the formats of its columns, then its rows. */
static void read_name_table(struct program *p, struct reader *r, bool is_files)
{
	enum { PATH = 1, FOLDER = 2 };
	struct dwarf_attribute formats[MOST_FORMATS];
	const struct dwarf_unit *u = p->unit;
	struct dwarf_unit as = {.version = 5, .is_wide = p->is_wide, .address_size = 8, .texts_base = u->texts_base};
	uint64_t format_count = reader_byte(r), count;

	for (uint64_t i = 0; i < format_count; i++) {
		uint64_t name = reader_uleb(r), form = reader_uleb(r);

		if (i < MOST_FORMATS)
			formats[i] = (struct dwarf_attribute){(uint16_t)(name & UINT16_MAX),
							      (uint16_t)(form & UINT16_MAX), 0};
	}
	count = reader_uleb(r);
	if (format_count == 0 || format_count > MOST_FORMATS)
		r->bad = r->bad || count > 0;
	for (uint64_t row = 0; row < count && !r->bad; row++) {
		const unsigned char *start = r->at;
		const char *path = "";
		uint64_t folder = 0;

		for (uint64_t i = 0; i < format_count; i++) {
			struct dwarf_value v = dwarf_value_read(p->d, &as, r, &formats[i]);

			if (formats[i].name == PATH && v.kind == DWARF_TEXT)
				path = v.text;
			else if (formats[i].name == FOLDER)
				folder = v.number;
		}
		if (r->at == start) /* a row without bytes could be there any number of times */
			r->bad = true;
		if (r->bad)
			break;
		if (is_files)
			add_file(p, path, folder);
		else
			add_folder(p, path);
	}
}

static bool read_head(struct program *p)
{
	struct reader *r = &p->r, names;
	uint64_t size = reader_length(r, &p->is_wide), head_size;

	*r = reader_part(r, size < p->d->line_budget ? size : p->d->line_budget);
	p->d->line_budget -= reader_left(r);
	p->lines->version = (unsigned)reader_bytes(r, 2);
	if (r->bad || p->lines->version < 2 || p->lines->version > 5)
		return false;
	if (p->lines->version >= 5)
		reader_skip(r, 2); /* sizes of addresses and segment selectors */
	head_size = reader_bytes(r, p->is_wide ? 8 : 4);
	names = reader_part(r, head_size);
	p->least_length = (uint8_t)reader_byte(&names);
	if (p->lines->version >= 4)
		reader_skip(&names, 1); /* operations in an instruction: 1 but on machines with long words */
	reader_skip(&names, 1);         /* is_stmt */
	p->line_base = (int8_t)reader_byte(&names);
	p->line_range = (uint8_t)reader_byte(&names);
	p->first_special = (uint8_t)reader_byte(&names);
	p->lengths = names.at;
	reader_skip(&names, p->first_special ? p->first_special - 1 : 0);
	if (names.bad || !p->line_range || !p->first_special)
		return false;
	if (p->lines->version >= 5) {
		read_name_table(p, &names, false);
		read_name_table(p, &names, true);
	} else {
		read_old_names(p, &names);
	}
	return true;
}

/* ---- rows (6.2.5) ---- */

struct machine {
	uint64_t vaddr, line, file;
	uint64_t last; /* address of the running sequence's newest row */
	size_t first;  /* row of the running sequence */
	bool is_sorted;
};

/* Of rows for one address the newest counts, and of rows for one line, which differ in columns, the oldest. */
static void add_row(struct program *p, struct machine *m)
{
	struct dwarf *d = p->d;
	uint32_t file = m->file <= UINT32_MAX ? (uint32_t)m->file : UINT32_MAX;
	uint32_t line = m->line <= INT32_MAX ? (uint32_t)m->line : 0;
	struct dwarf_row *row;

	if (d->row_count > m->first) {
		row = &d->rows[d->row_count - 1];
		m->is_sorted = m->is_sorted && m->last <= m->vaddr;
		m->last = m->vaddr;
		if (row->line == line && row->file == file)
			return;
		d->row_count -= row->vaddr == m->vaddr;
	}
	d->rows = arena_reserve(d->arena, d->rows, d->row_count, &d->row_capacity, sizeof(*d->rows));
	row = &d->rows[d->row_count++];
	row->vaddr = m->last = m->vaddr;
	row->file = file;
	row->line = line;
}

static void end_sequence(struct program *p, struct machine *m)
{
	struct dwarf *d = p->d;
	struct dwarf_lines *l = p->lines;
	size_t count = d->row_count - m->first;

	if (!count || !m->is_sorted || d->rows[m->first].vaddr < d->lowest_code || m->last > m->vaddr) {
		d->row_count = m->first;
	} else {
		l->sequences = arena_reserve(d->arena, l->sequences, l->sequence_count, &l->sequence_capacity,
					     sizeof(*l->sequences));
		l->sequences[l->sequence_count++] =
			(struct sequence){d->rows[m->first].vaddr, m->vaddr, m->first, count};
	}
	*m = (struct machine){.line = 1, .file = 1, .first = d->row_count, .is_sorted = true};
}

static void run_extended(struct program *p, struct machine *m)
{
	enum { END_SEQUENCE = 1, SET_ADDRESS = 2, DEFINE_FILE = 3 };
	uint64_t size = reader_uleb(&p->r);
	struct reader r = reader_part(&p->r, size);
	uint64_t opcode = reader_byte(&r);

	if (opcode == END_SEQUENCE) {
		end_sequence(p, m);
	} else if (opcode == SET_ADDRESS) {
		m->vaddr = reader_bytes(&r, reader_left(&r) < 8 ? (unsigned)reader_left(&r) : 8);
	} else if (opcode == DEFINE_FILE) {
		const char *name = reader_text(&r);

		add_file(p, name, reader_uleb(&r));
	}
}

/* True: there is a row to be added. */
static bool run_standard(struct program *p, struct machine *m, uint64_t opcode)
{
	enum { EXTENDED, COPY, ADVANCE_PC, ADVANCE_LINE, SET_FILE, SET_COLUMN, NEGATE, BLOCK, ADD_PC, FIXED_PC };
	struct reader *r = &p->r;

	switch (opcode) {
	case EXTENDED:
		run_extended(p, m);
		break;
	case COPY:
		return true;
	case ADVANCE_PC:
		m->vaddr += reader_uleb(r) * p->least_length;
		break;
	case ADVANCE_LINE:
		m->line += (uint64_t)reader_sleb(r);
		break;
	case SET_FILE:
		m->file = reader_uleb(r);
		break;
	case ADD_PC:
		m->vaddr += (uint64_t)((255 - p->first_special) / p->line_range) * p->least_length;
		break;
	case FIXED_PC:
		m->vaddr += reader_bytes(r, 2);
		break;
	default: /* without a bearing on lines, or of later versions */
		for (unsigned i = 0; i < p->lengths[opcode - 1]; i++)
			reader_uleb(r);
	}
	return false;
}

/* Special opcodes advance address and line at once: the lines of a range for an address, then the next address. */
static void set_steps(struct program *p)
{
	struct step step = {0, p->line_base};

	for (unsigned opcode = p->first_special; opcode < 256; opcode++) {
		p->steps[opcode] = step;
		if (++step.line == p->line_base + p->line_range)
			step = (struct step){step.vaddr + p->least_length, p->line_base};
	}
}

static void run_program(struct program *p)
{
	struct machine m = {.line = 1, .file = 1, .is_sorted = true};
	struct dwarf_lines *l = p->lines;

	p->d->row_count = 0;
	set_steps(p);
	while (reader_left(&p->r)) {
		uint64_t opcode = reader_byte(&p->r);

		if (opcode >= p->first_special) {
			m.vaddr += p->steps[opcode].vaddr;
			m.line += (uint64_t)(int64_t)p->steps[opcode].line;
		} else if (!run_standard(p, &m, opcode)) {
			continue;
		}
		add_row(p, &m);
	}
	/* As large as it is, where the draft has grown. */
	l->rows = arena_alloc_unset(p->d->arena, m.first * sizeof(*l->rows));
	if (m.first)
		memcpy(l->rows, p->d->rows, m.first * sizeof(*l->rows));
}

static int by_start(const void *left, const void *right)
{
	const struct sequence *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

const struct dwarf_lines *dwarf_unit_lines(struct dwarf *d, struct dwarf_unit *u)
{
	struct program p;

	if (u->lines)
		return u->lines;
	p.d = d;
	p.unit = u;
	u->lines = p.lines = NEW(d->arena, struct dwarf_lines);
	if (!u->has_lines)
		return u->lines;
	p.r = reader_of(d->line, u->line_offset);
	if (read_head(&p))
		run_program(&p);
	if (p.lines->sequence_count)
		qsort(p.lines->sequences, p.lines->sequence_count, sizeof(*p.lines->sequences), by_start);
	return u->lines;
}

const struct dwarf_row *dwarf_lines_find(const struct dwarf_lines *l, uint64_t vaddr)
{
	size_t low = 0, high = l->sequence_count;
	const struct sequence *s;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (l->sequences[middle].start <= vaddr)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || vaddr >= l->sequences[low - 1].end)
		return NULL;
	s = &l->sequences[low - 1];
	low = s->first;
	high = s->first + s->count;
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (l->rows[middle].vaddr <= vaddr)
			low = middle + 1;
		else
			high = middle;
	}
	return &l->rows[low - 1];
}

/* ---- paths ---- */

/* Takes out ".", ".." behind a name, and doubled slashes; a path of names alone, links not looked at. */
static void clean_path(char *path)
{
	char *out = path, *names = path + (*path == '/'); /* what ".." must not remove */
	const char *in = path;

	if (*in == '/')
		*out++ = *in++;
	while (*in) {
		size_t size = strcspn(in, "/");

		if (size == 2 && in[0] == '.' && in[1] == '.' && out > names) {
			while (out > names && *--out != '/')
				;
		} else if (size && !(size == 1 && in[0] == '.')) {
			bool is_up = size == 2 && in[0] == '.' && in[1] == '.';

			if (is_up && *path == '/') { /* the root has none above it */
				in += size;
				continue;
			}
			if (out > path && out[-1] != '/')
				*out++ = '/';
			memmove(out, in, size);
			out += size;
			if (is_up)
				names = out;
		}
		in += size + (in[size] == '/');
	}
	*out = '\0';
}

static const char *join_path(struct arena *a, const char *folder, const char *name)
{
	if (*name == '/' || !*folder)
		return name;
	if (strlen(folder) + strlen(name) >= PATH_MAX)
		return "";
	return arena_printf(a, "%s/%s", folder, name);
}

const char *dwarf_lines_file(struct dwarf *d, const struct dwarf_unit *u, const struct dwarf_lines *l, uint64_t file)
{
	const char *path, *folder;
	struct file *f;
	char *copy;

	if (file >= l->file_count)
		return "";
	f = &l->files[file];
	if (f->path)
		return f->path;
	folder = f->folder < l->folder_count ? l->folders[f->folder] : "";
	path = join_path(d->arena, folder, f->name);
	path = *f->name && strlen(path) < PATH_MAX ? join_path(d->arena, u->folder, path) : "";
	copy = arena_string(d->arena, strlen(path) < PATH_MAX ? path : "");
	clean_path(copy);
	f->path = copy;
	return copy;
}
