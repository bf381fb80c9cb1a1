/* Entries of .eh_frame and .debug_frame. */
#include "symbol/frames.h"

#include <stdlib.h>
#include <string.h>

enum {
	MOST_AUGMENTATION = 16, /* compilers use up to 6 letters */

	POINTER_FORMAT = 0x0f, /* DW_EH_PE_… */
	POINTER_RELATIVE = 0x70,
	POINTER_PCREL = 0x10,
	POINTER_INDIRECT = 0x80,
	POINTER_OMIT = 0xff,
};

struct cie { /* what entries have in common */
	uint64_t offset;
	bool is_known, is_signal, has_data;
	uint8_t pointer;
	uint64_t code_align, return_register;
	int64_t data_align;
	struct reader code;
};

struct section {
	struct str bytes;
	uint64_t vaddr;
	bool is_debug;
};

static uint64_t place(const struct section *s, const struct reader *r)
{
	return (uint64_t)(r->at - (const unsigned char *)s->bytes.at);
}

/* A pointer as DW_EH_PE says; relative to its own place where `is_address` and the encoding says so. */
static bool read_pointer(const struct section *s, struct reader *r, uint8_t encoding, bool is_address, uint64_t *out)
{
	uint64_t here = s->vaddr + place(s, r);

	switch (encoding & POINTER_FORMAT) {
	case 0x00:
	case 0x04:
	case 0x0c:
		*out = reader_bytes(r, 8);
		break;
	case 0x01:
		*out = reader_uleb(r);
		break;
	case 0x02:
		*out = reader_bytes(r, 2);
		break;
	case 0x03:
		*out = reader_bytes(r, 4);
		break;
	case 0x09:
		*out = (uint64_t)reader_sleb(r);
		break;
	case 0x0a:
		*out = (uint64_t)(int16_t)reader_bytes(r, 2);
		break;
	case 0x0b:
		*out = (uint64_t)(int32_t)reader_bytes(r, 4);
		break;
	default:
		return false;
	}
	if (is_address && (encoding & POINTER_RELATIVE) == POINTER_PCREL)
		*out += here;
	else if (is_address && (encoding & POINTER_RELATIVE))
		return false;
	return !r->bad && !(is_address && (encoding & POINTER_INDIRECT));
}

/* The letters behind a 'z' and their data (LSB 5, 10.6.1.1.1). */
static bool read_augmentation(const struct section *s, struct cie *c, const char *letters, struct reader *r)
{
	uint64_t size = reader_uleb(r), ignored;
	struct reader data = reader_part(r, size);

	for (const char *letter = letters; *letter && !data.bad; letter++) {
		if (*letter == 'R')
			c->pointer = (uint8_t)reader_byte(&data);
		else if (*letter == 'L')
			reader_byte(&data);
		else if (*letter == 'P')
			(void)!read_pointer(s, &data, (uint8_t)reader_byte(&data), false, &ignored);
		else if (*letter == 'S')
			c->is_signal = true;
		else if (*letter != 'B') /* AArch64: signed with the B key */
			return false;
	}
	return !data.bad;
}

/* The common part at `offset`; c->is_known says whether it can be used. */
static void read_cie(const struct section *s, uint64_t offset, struct cie *c)
{
	struct reader r = reader_of(s->bytes, offset);
	bool is_wide;
	uint64_t id, version;
	char letters[MOST_AUGMENTATION + 1];
	size_t count = 0;

	*c = (struct cie){.offset = offset};
	r = reader_part(&r, reader_length(&r, &is_wide));
	id = reader_bytes(&r, is_wide && s->is_debug ? 8 : 4);
	if (id != (!s->is_debug ? 0 : is_wide ? UINT64_MAX : UINT32_MAX))
		return;
	version = reader_byte(&r);
	while ((letters[count] = (char)reader_byte(&r))) {
		if (++count > MOST_AUGMENTATION)
			return;
	}
	if (version == 4 && (reader_byte(&r) != 8 || reader_byte(&r) != 0)) /* sizes of addresses and segments */
		return;
	if (version != 1 && version != 3 && version != 4)
		return;
	c->code_align = reader_uleb(&r);
	c->data_align = reader_sleb(&r);
	c->return_register = version == 1 ? reader_byte(&r) : reader_uleb(&r);
	c->has_data = letters[0] == 'z';
	if (c->has_data ? !read_augmentation(s, c, letters + 1, &r) : letters[0] != '\0')
		return;
	c->code = r;
	c->is_known = !r.bad && c->return_register < FRAMES_REGISTERS;
}

/* The entry at `r`, which moves behind it.  False: it is none that can be used. */
static bool read_entry(const struct section *s, struct reader *r, struct cie *c, struct frames_code *out)
{
	bool is_wide;
	struct reader entry;
	uint64_t size = reader_length(r, &is_wide), here, distance, cie_at;

	entry = reader_part(r, size);
	if (entry.bad || !size)
		return false;
	here = place(s, &entry);
	distance = reader_bytes(&entry, is_wide && s->is_debug ? 8 : 4);
	if (s->is_debug) {
		if (distance == (is_wide ? UINT64_MAX : UINT32_MAX))
			return false;
		cie_at = distance;
	} else {
		if (distance == 0 || distance > here)
			return false;
		cie_at = here - distance;
	}
	if (c->offset != cie_at || !c->is_known)
		read_cie(s, cie_at, c);
	if (!c->is_known || !read_pointer(s, &entry, c->pointer, true, &out->start) ||
	    !read_pointer(s, &entry, c->pointer, false, &out->end))
		return false;
	if (out->end > UINT64_MAX - out->start)
		return false;
	out->end += out->start;
	if (c->has_data)
		reader_skip(&entry, reader_uleb(&entry));
	out->return_register = c->return_register;
	out->code_align = c->code_align;
	out->data_align = c->data_align;
	out->is_signal = c->is_signal;
	out->first = c->code;
	out->then = entry;
	return !entry.bad;
}

static void read_section(struct arena *a, const struct section *s, struct frames *f)
{
	struct reader r = reader_of(s->bytes, 0);
	struct cie c = {0};

	while (reader_left(&r)) {
		uint64_t offset = place(s, &r);
		struct frames_code code;

		/* 0 is what the linker leaves of functions that it dropped. */
		if (!read_entry(s, &r, &c, &code) || code.start == 0 || code.start == code.end)
			continue;
		f->at = arena_reserve(a, f->at, f->count, &f->capacity, sizeof(*f->at));
		f->at[f->count++] = (struct frames_entry){code.start, code.end, offset, s->is_debug};
	}
}

/* What is loaded with the program comes before debug data for the same address. */
static int by_start(const void *left, const void *right)
{
	const struct frames_entry *a = left, *b = right;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->is_debug != b->is_debug)
		return a->is_debug ? -1 : 1;
	return a->offset < b->offset ? -1 : a->offset > b->offset;
}

void frames_read(struct arena *a, const struct elf_file *e, const struct elf_file *debug, struct frames *out)
{
	const struct elf_section *eh = elf_file_find(e, ".eh_frame");
	struct section s = {0};

	*out = (struct frames){0};
	if (eh) {
		out->eh = s.bytes = elf_file_contents(e, eh);
		out->eh_vaddr = s.vaddr = eh->vaddr;
		read_section(a, &s, out);
	}
	out->debug = elf_file_section(e, ".debug_frame");
	if (!out->debug.size && debug)
		out->debug = elf_file_section(debug, ".debug_frame");
	s = (struct section){.bytes = out->debug, .is_debug = true};
	read_section(a, &s, out);
	if (out->count)
		qsort(out->at, out->count, sizeof(*out->at), by_start);
}

bool frames_find(const struct frames *f, uint64_t vaddr, struct frames_code *out)
{
	struct section s = {f->eh, f->eh_vaddr, false};
	size_t low = 0, high = f->count;
	struct cie c = {0};
	struct reader r;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (f->at[middle].start <= vaddr)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || vaddr >= f->at[low - 1].end)
		return false;
	if (f->at[low - 1].is_debug)
		s = (struct section){f->debug, 0, true};
	r = reader_of(s.bytes, f->at[low - 1].offset);
	return read_entry(&s, &r, &c, out);
}
