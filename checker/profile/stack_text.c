/* Records that end with a stack of addresses, and the comments behind them. */
#include "profile/stack_text.h"

#include <string.h>

/* Runtime functions at the leaf's end, which Go does not name. */
static const char hidden_name[] = "runtime.(hidden)";

void stack_text_init(struct stack_text *t, struct arena *a, const char *path, struct str text, struct profile *p)
{
	*t = (struct stack_text){.lines = lines_of(a, path, text), .tally = tally_of(p), .frames = {.arena = a}};
	addresses_init(&t->addresses, p, addresses_find_map(text));
}

static bool is_end(struct str line)
{
	return line_starts(line, "---") || line_holds(line, "MAPPED_LIBRARIES:");
}

bool stack_text_next(struct stack_text *t, struct str *line)
{
	while (lines_next(&t->lines, line)) {
		*line = line_trim(*line);
		if (is_end(*line))
			return false;
		if (line->size && line->at[0] != '#')
			return true;
	}
	return false;
}

/* Takes a text in double quotes.  Go writes it with %q: what is escaped is a quote, a backslash or a number. */
static bool take_quoted(struct str *line, struct buf *out)
{
	out->size = 0;
	if (!line_take(line, "\""))
		return false;
	while (line->size && line->at[0] != '"') {
		if (line->at[0] == '\\' && line->size > 1 && (line->at[1] == '"' || line->at[1] == '\\'))
			*line = (struct str){line->at + 1, line->size - 1};
		buf_char(out, line->at[0]);
		*line = (struct str){line->at + 1, line->size - 1};
	}
	return line_take(line, "\"");
}

static void add_label(struct stack_text *t, const struct profile_label *label)
{
	t->labels = arena_reserve(t->lines.arena, t->labels, t->label_count, &t->label_capacity, sizeof *t->labels);
	t->labels[t->label_count++] = *label;
}

/* {"key":"value", …}; what is written otherwise is passed over. */
static void take_labels(struct stack_text *t, struct str line)
{
	struct profile *p = t->tally.profile;
	struct buf key = {.arena = t->lines.arena}, value = {.arena = t->lines.arena};

	line_take_blanks(&line);
	if (!line_take(&line, "{"))
		return;
	while (take_quoted(&line, &key) && line_take(&line, ":") && take_quoted(&line, &value)) {
		add_label(t, &(struct profile_label){
				     .key = profile_string(p, (struct str){buf_string(&key), key.size}),
				     .text = profile_string(p, (struct str){buf_string(&value), value.size})});
		(void)line_take(&line, ",");
		line_take_blanks(&line);
	}
}

/* Splits "/src/main.go:12". */
static void split_place(struct str place, struct frame *f)
{
	const char *colon = memrchr(place.at, ':', place.size);
	struct str digits;

	f->file = place;
	if (!colon)
		return;
	digits = (struct str){colon + 1, (size_t)(place.at + place.size - colon) - 1};
	if (line_take_signed(&digits, &f->line) && !digits.size)
		f->file.size = (size_t)(colon - place.at);
}

/* "0x4372d5 main.f+0x35 /src/main.go:12", parted by tabs. */
static void take_named(struct stack_text *t, struct str line)
{
	struct frame f = {.file = {"", 0}};
	uint64_t pc;
	const char *plus;

	line_take_blanks(&line);
	if (!line_starts(line, "0x") || !line_take_hex(&line, &pc))
		return;
	f.name = line_take_word(&line);
	plus = memrchr(f.name.at, '+', f.name.size);
	if (plus)
		f.name.size = (size_t)(plus - f.name.at);
	split_place(line_trim(line), &f);
	if (!f.name.size)
		return;
	t->named = arena_reserve(t->lines.arena, t->named, t->named_count, &t->named_capacity, sizeof *t->named);
	t->named_pcs = arena_reserve(t->lines.arena, t->named_pcs, t->named_count, &t->named_pc_capacity,
				     sizeof *t->named_pcs);
	t->named_pcs[t->named_count] = pc;
	t->named[t->named_count++] = f;
}

/* Takes the comments behind a record, which a blank line may end. */
static void take_comments(struct stack_text *t)
{
	struct lines before = t->lines;
	struct str line;

	t->named_count = t->label_count = 0;
	while (lines_next(&t->lines, &line) && line_take(&line, "#")) {
		struct str rest = line_trim(line);

		if (line_take(&rest, "labels:"))
			take_labels(t, rest);
		else
			take_named(t, line);
		before = t->lines;
	}
	t->lines = before;
}

static bool take_pcs(struct stack_text *t, struct str rest, struct err *err)
{
	t->pc_count = 0;
	for (;;) {
		struct str word;
		uint64_t pc;

		line_take_blanks(&rest);
		if (!rest.size)
			return true;
		word = rest;
		if (!line_starts(rest, "0x") || !line_take_hex(&rest, &pc) || (rest.size && rest.at[0] != ' '))
			return lines_fail(&t->lines, err,
					  "expected addresses (0x4372d5) of 64 bits behind the @, found %s",
					  lines_shown(&t->lines, word));
		t->pcs = arena_reserve(t->lines.arena, t->pcs, t->pc_count, &t->pc_capacity, sizeof *t->pcs);
		t->pcs[t->pc_count++] = pc ? pc - 1 : 0;
	}
}

/* How many entries from `from` on are `pc`. */
static size_t run_of(const uint64_t *pcs, size_t from, size_t count, uint64_t pc)
{
	size_t end = from;

	while (end < count && pcs[end] == pc)
		end++;
	return end - from;
}

/* Gives each address the functions that the comments name for it: several when some are inlined.  Where the same call
 * stands several times in a row (recursion), they share what is named equally.  Behind what is named Go leaves out only
 * runtime.goexit, which every goroutine returns to; it has no place in profile.proto either. */
static void name_frames(struct stack_text *t)
{
	size_t next = 0;

	t->frames.count = 0;
	for (size_t i = 0; i < t->pc_count;) {
		uint64_t pc = t->pcs[i];
		size_t times = run_of(t->pcs, i, t->pc_count, pc);
		size_t named = run_of(t->named_pcs, next, t->named_count, pc), each = named / times;
		struct frame hidden = {.name = str_of(hidden_name), .file = {"", 0}};

		for (size_t k = 0; k < times && (named || !next); k++) {
			size_t count = k + 1 < times ? each : named - each * (times - 1);
			const struct frame *functions = count ? t->named + next + each * k : &hidden;

			if (!count && t->named_count)
				count = 1;
			frames_add(&t->frames, addresses_location(&t->addresses, pc, functions, count));
		}
		next += named;
		i += times;
	}
}

bool stack_text_add(struct stack_text *t, struct str rest, const struct profile_label *label, const int64_t *values,
		    struct err *err)
{
	struct profile *p = t->tally.profile;
	uint32_t labels;

	if (!take_pcs(t, rest, err))
		return false;
	take_comments(t);
	if (label)
		add_label(t, label);
	profile_sort_labels(p, t->labels, t->label_count);
	labels = profile_label_set(p, t->labels, t->label_count);
	name_frames(t);
	if (!tally_add(&t->tally, profile_stack(p, t->frames.locations, t->frames.count), labels, values))
		return lines_fail(&t->lines, err, "%s", tally_overflow);
	return true;
}
