/*
 * Heap profiles as text: of gperftools (HEAPPROFILE, heapz, growthz) and of Go (/debug/pprof/heap?debug=1).
 *
 *   heap profile: 3: 4096 [10: 8192] @ heap_v2/524288
 *   3: 4096 [10: 8192] @ 0x4372d5 0x4511a0
 *
 * in use and, in brackets, ever allocated: objects and bytes.  Where allocations were sampled, a stack's numbers are what was
 * seen and are multiplied up to what was probably there: an allocation of S bytes is sampled with probability
 * 1 - exp(-S/rate).  Source: google/pprof, profile/legacy_profile.go, scaleHeapSample.
 */
#include "profile/profile.h"
#include "profile/stack_text.h"

#include <math.h>

struct amounts {
	int64_t count, size;
};

struct header {
	struct amounts in_use, allocated;
	struct str kind; /* heap_v2, heapprofile, … */
	uint64_t rate;   /* 0: none is said */
};

struct heap {
	struct stack_text text;
	bool has_allocated, sampled;
	int64_t rate;
};

static bool take_amounts(struct str *line, struct amounts *out)
{
	line_take_blanks(line);
	if (!line_take_signed(line, &out->count))
		return false;
	line_take_blanks(line);
	if (!line_take(line, ":"))
		return false;
	line_take_blanks(line);
	return line_take_signed(line, &out->size);
}

/* "3: 4096 [10: 8192] @", with any blanks between. */
static bool take_row(struct str *line, struct amounts *in_use, struct amounts *allocated)
{
	if (!take_amounts(line, in_use))
		return false;
	line_take_blanks(line);
	if (!line_take(line, "[") || !take_amounts(line, allocated))
		return false;
	line_take_blanks(line);
	if (!line_take(line, "]"))
		return false;
	line_take_blanks(line);
	return line_take(line, "@");
}

static bool take_header(struct str line, struct header *h)
{
	const char *end;

	*h = (struct header){0};
	if (!line_take(&line, "heap profile:") || !take_row(&line, &h->in_use, &h->allocated))
		return false;
	h->kind = line_trim(line);
	for (end = h->kind.at; end < h->kind.at + h->kind.size && *end != '/'; end++)
		;
	line = (struct str){end, (size_t)(h->kind.at + h->kind.size - end)};
	h->kind.size = (size_t)(end - h->kind.at);
	return !line_take(&line, "/") || line_take_unsigned(&line, &h->rate) || !line.size;
}

static bool first_line(struct str bytes, struct header *h)
{
	struct lines lines = lines_of(NULL, "", bytes);
	struct str line;

	return lines_next(&lines, &line) && take_header(line, h);
}

static bool heap_sniff(struct str bytes)
{
	return line_starts(bytes, "heap profile:");
}

static bool choose_kind(struct heap *h, const struct header *header)
{
	if (str_equal(header->kind, "heap_v2") || str_equal(header->kind, "heapz_v2") ||
	    str_equal(header->kind, "heap")) {
		h->sampled = true;
		/* Go writes twice its rate. */
		h->rate = (int64_t)(str_equal(header->kind, "heap") ? header->rate / 2 : header->rate);
		return header->rate <= INT64_MAX;
	}
	h->rate = 1;
	return str_equal(header->kind, "heapprofile") || line_starts(header->kind, "growth") ||
	       line_starts(header->kind, "fragmentation");
}

static bool differs(int64_t allocated, int64_t in_use)
{
	return allocated && allocated != in_use;
}

static void add_types(struct profile *p, bool has_allocated)
{
	/* The last is shown first: what is in use. */
	if (has_allocated) {
		profile_add_type(p, "alloc_objects", "count");
		profile_add_type(p, "alloc_space", "bytes");
	}
	profile_add_type(p, has_allocated ? "inuse_objects" : "objects", "count");
	profile_add_type(p, has_allocated ? "inuse_space" : "space", "bytes");
}

/* What was probably there of what was seen. */
static bool scale(struct amounts *m, int64_t rate)
{
	double factor;

	if (!m->count || !m->size) {
		*m = (struct amounts){0, 0};
		return true;
	}
	if (rate <= 1)
		return true;
	factor = 1 / (1 - exp(-((double)m->size / (double)m->count) / (double)rate));
	if (!(fabs((double)m->count * factor) < 9e18 && fabs((double)m->size * factor) < 9e18))
		return false;
	m->count = (int64_t)((double)m->count * factor);
	m->size = (int64_t)((double)m->size * factor);
	return true;
}

static bool add_row(struct heap *h, struct str line, struct err *err)
{
	struct lines *lines = &h->text.lines;
	struct profile *p = h->text.tally.profile;
	struct str rest = line;
	struct amounts in_use, allocated;
	struct profile_label label = {.key = profile_string_of(p, "bytes"), .numeric = true};
	int64_t values[4];

	label.unit = label.key;
	if (!take_row(&rest, &in_use, &allocated))
		return lines_fail(lines, err, "expected OBJECTS: BYTES [OBJECTS: BYTES] @ ADDRESSES, found %s",
				  lines_shown(lines, line));
	if ((!in_use.count && in_use.size) || (h->has_allocated && !allocated.count && allocated.size))
		return lines_fail(lines, err, "no objects, but their bytes are not 0");
	/* INT64_MIN cannot stand in a line, so the quotients fit. */
	label.number = in_use.count      ? in_use.size / in_use.count
		       : allocated.count ? allocated.size / allocated.count
					 : 0;
	if (h->sampled && (!scale(&in_use, h->rate) || !scale(&allocated, h->rate)))
		return lines_fail(lines, err, "multiplied up from what was sampled, this is more than 2^63 bytes");
	values[0] = allocated.count;
	values[1] = allocated.size;
	values[2] = in_use.count;
	values[3] = in_use.size;
	return stack_text_add(&h->text, rest, &label, values + (h->has_allocated ? 0 : 2), err);
}

static bool heap_read(struct arena *a, const char *path, struct str bytes, struct profile *out, struct err *err)
{
	struct heap h = {0};
	struct header header;
	struct str line;

	if (!first_line(bytes, &header) || !choose_kind(&h, &header))
		return err_set(err,
			       "%s:1: expected \"heap profile: OBJECTS: BYTES [OBJECTS: BYTES] @ KIND\", where KIND is "
			       "heap/RATE, "
			       "heap_v2/RATE, heapprofile, growth or fragmentation",
			       path);
	h.has_allocated = differs(header.allocated.count, header.in_use.count) ||
			  differs(header.allocated.size, header.in_use.size);
	add_types(out, h.has_allocated);
	out->period_type = (struct profile_type){profile_string_of(out, "space"), profile_string_of(out, "bytes")};
	out->period = h.rate;
	out->drop_frames = profile_string_of(out, addresses_drop_heap);
	out->keep_frames = profile_string_of(out, addresses_keep_heap);
	stack_text_init(&h.text, a, path, bytes, out);
	(void)lines_next(&h.text.lines, &line);
	while (stack_text_next(&h.text, &line))
		if (!add_row(&h, line, err))
			return false;
	return true;
}

const struct profile_format profile_format_heap = {
	.name = "heap",
	.help = "heap profile as text: of gperftools, and Go's heap?debug=1",
	.sniff = heap_sniff,
	.read = heap_read,
};
