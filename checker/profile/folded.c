/*
 * Folded stacks, as stackcollapse scripts write and flamegraph.pl reads them: a stack a line, the root first.
 *
 *   main;parse;read 42
 *
 * Names keep whatever is in them, spaces and the marks of kernel, inlined and compiled frames (_[k], _[i], _[j]) included.
 * Where every line ends with two counts the file is a comparison (difffolded.pl): what was before, and what is after.
 */
#include "profile/frames.h"
#include "profile/lines.h"
#include "profile/profile.h"
#include "profile/tally.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SNIFF_LINES = 64 };

struct row {
	struct str stack;
	int64_t counts[2]; /* with one count in [1] */
};

/* Takes a count from the end of a line, and the blanks before it. */
static bool take_last_count(struct str *line, int64_t *value)
{
	struct str word, digits;
	size_t from;
	double number;

	*line = line_trim(*line);
	from = line->size;
	while (from && line->at[from - 1] != ' ' && line->at[from - 1] != '\t')
		from--;
	word = digits = (struct str){line->at + from, line->size - from};
	if (!line_starts(word, "0x") && line_take_signed(&digits, value) && !digits.size) {
		line->size = from;
		return true;
	}
	/* Some collapsers weigh samples with fractions. */
	if (!memchr(word.at, '.', word.size) || !text_parse_double(word, &number) || fabs(number) > 9e18)
		return false;
	*value = llround(number);
	line->size = from;
	return true;
}

static bool is_comment(struct str line)
{
	int64_t ignored;

	return line_starts(line, "#") && !take_last_count(&line, &ignored);
}

static bool split(struct str line, bool both, struct row *row)
{
	row->counts[0] = 0;
	if (!take_last_count(&line, &row->counts[1]) || (both && !take_last_count(&line, &row->counts[0])))
		return false;
	row->stack = line_trim(line);
	return true;
}

/* Whether every line has two counts and a stack before them. */
static bool is_comparison(struct str bytes)
{
	struct lines lines = lines_of(NULL, "", bytes);
	struct str line;
	struct row row;
	bool any = false;

	while (lines_next(&lines, &line)) {
		if (!line_trim(line).size || is_comment(line))
			continue;
		if (!split(line, true, &row) || !row.stack.size)
			return false;
		any = true;
	}
	return any;
}

/* The location of each name that was seen, by its string: + 1. */
struct known {
	uint32_t *locations;
	size_t room;
};

static uint32_t location_of(struct profile *p, struct known *known, struct str name)
{
	uint32_t string = profile_string(p, name);

	if (string >= known->room) {
		size_t room = (p->string_count + 64) * 2;
		uint32_t *larger = NEW_ARRAY(p->arena, uint32_t, room);

		if (known->room)
			memcpy(larger, known->locations, known->room * sizeof *larger);
		*known = (struct known){larger, room};
	}
	if (!known->locations[string])
		known->locations[string] = frame_location(p, &(struct frame){.name = name, .file = {"", 0}}) + 1;
	return known->locations[string] - 1;
}

static void take_frames(struct profile *p, struct known *known, struct str stack, struct frames *frames)
{
	frames->count = 0;
	while (stack.size) {
		const char *end = memchr(stack.at, ';', stack.size);
		size_t size = end ? (size_t)(end - stack.at) : stack.size;

		frames_add(frames, location_of(p, known, size ? (struct str){stack.at, size} : str_of("[unknown]")));
		size += end ? 1 : 0;
		stack = (struct str){stack.at + size, stack.size - size};
	}
	frames_turn(frames);
}

static bool folded_read(struct arena *a, const char *path, struct str bytes, struct profile *out, struct err *err)
{
	bool both = is_comparison(bytes);
	struct lines lines = lines_of(a, path, bytes);
	struct frames frames = {.arena = a};
	struct known known = {0};
	struct tally tally;
	struct str line;
	struct row row;

	if (both)
		profile_add_type(out, "before", "count");
	profile_add_type(out, both ? "after" : "samples", "count");
	tally = tally_of(out);
	while (lines_next(&lines, &line)) {
		if (!line_trim(line).size || is_comment(line))
			continue;
		if (!split(line, both, &row))
			return lines_fail(&lines, err, "expected a stack and a count (main;parse;read 42), found %s",
					  lines_shown(&lines, line));
		take_frames(out, &known, row.stack, &frames);
		if (!tally_add(&tally, profile_stack(out, frames.locations, frames.count), 0,
			       row.counts + (both ? 0 : 1)))
			return lines_fail(&lines, err, "%s", tally_overflow);
	}
	return true;
}

/* A line that could be one of another text is none without ';', unless it is a word and a count. */
static bool folded_sniff(struct str bytes)
{
	struct lines lines = lines_of(NULL, "", bytes);
	size_t found = 0;
	struct str line;
	struct row row;

	while (found < SNIFF_LINES && lines_next(&lines, &line)) {
		if (!line_trim(line).size || is_comment(line))
			continue;
		if (memchr(line.at, '\0', line.size) || !split(line, false, &row))
			return false;
		if (!memchr(row.stack.at, ';', row.stack.size) && memchr(row.stack.at, ' ', row.stack.size))
			return false;
		found++;
	}
	return found > 0;
}

/* ';' parts frames, so a name cannot hold it. */
static void add_frame(const struct profile *p, uint32_t location, size_t line, struct buf *out)
{
	size_t from = out->size;

	frame_name(p, location, line, out);
	for (size_t i = from; i < out->size; i++)
		if (out->at[i] == ';')
			out->at[i] = ':';
}

struct folded {
	const char *stack;
	int64_t value;
};

static const char *stack_text(struct arena *a, const struct profile *p, uint32_t stack)
{
	const struct profile_span *s = p->stacks + stack;
	struct buf text = {.arena = a};

	for (size_t i = s->count; i-- > 0;) {
		uint32_t location = p->frames[s->first + i];

		for (size_t line = frame_line_count(p, location); line-- > 0;) {
			if (text.size)
				buf_char(&text, ';');
			add_frame(p, location, line, &text);
		}
	}
	return buf_string(&text);
}

static int compare(const void *a, const void *b)
{
	return strcmp(((const struct folded *)a)->stack, ((const struct folded *)b)->stack);
}

static bool folded_write(struct arena *a, const struct profile *p, size_t type, struct buf *out, struct err *err)
{
	struct arena *own = arena_open_child(a);
	struct folded *rows = NEW_ARRAY(own, struct folded, p->sample_count);
	const char **texts = NEW_ARRAY(own, const char *, p->stack_count);
	bool ok = true;

	for (size_t i = 0; i < p->sample_count; i++) {
		uint32_t stack = p->sample_stacks[i];

		if (!texts[stack])
			texts[stack] = stack_text(own, p, stack);
		rows[i] = (struct folded){texts[stack], p->values[i * p->type_count + type]};
	}
	if (p->sample_count)
		qsort(rows, p->sample_count, sizeof *rows, compare);
	for (size_t i = 0; ok && i < p->sample_count;) {
		const char *stack = rows[i].stack;
		int64_t sum = 0;

		for (; i < p->sample_count && text_equal(rows[i].stack, stack); i++)
			ok = ok && !__builtin_add_overflow(sum, rows[i].value, &sum);
		if (sum)
			buf_printf(out, "%s %lld\n", stack, (long long)sum);
	}
	arena_close(own);
	return ok || err_set(err, "%s", tally_overflow);
}

const struct profile_format profile_format_folded = {
	.name = "folded",
	.help = "folded stacks, a line each: main;parse;read 42",
	.sniff = folded_sniff,
	.read = folded_read,
	.write = folded_write,
};
