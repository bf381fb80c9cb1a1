/*
 * The stacks of all goroutines as text: Go's goroutine?debug=2, and what a program prints when it panics.
 *
 *   goroutine 18 [chan receive, 5 minutes]:
 *   main.worker(0xc0000a0000, 0x3)
 *   	/src/main.go:12 +0x1d
 *   created by main.main in goroutine 1
 *   	/src/main.go:40 +0x5a
 *
 * A goroutine is a sample of 1, labelled with its state and with what started it.
 */
#include "profile/frames.h"
#include "profile/lines.h"
#include "profile/profile.h"
#include "profile/tally.h"

#include <string.h>

/* The goroutine that is read. */
struct goroutine {
	struct profile *profile;
	struct frames frames;
	struct str name; /* of the function whose place comes next; empty: none */
	struct str state, created_by;
	bool open, creator; /* creator: the name is what started it */
};

static struct str before(struct str text, const char *words)
{
	const char *at = memmem(text.at, text.size, words, strlen(words));

	if (at)
		text.size = (size_t)(at - text.at);
	return text;
}

/* "goroutine 18 [chan receive, 5 minutes]:"; `*state` is the words before the comma. */
static bool take_head(struct str line, struct str *state)
{
	uint64_t id;

	line = line_trim(line);
	if (!line_take(&line, "goroutine ") || !line_take_unsigned(&line, &id))
		return false;
	/* Newer ones say where the goroutine's memory is, too: "gp=0xc000 m=0 mp=0x5". */
	while (line.size && line.at[0] != '[')
		line = (struct str){line.at + 1, line.size - 1};
	if (!line_take(&line, "[") || line.size < 2 || memcmp(line.at + line.size - 2, "]:", 2) != 0)
		return false;
	line.size -= 2;
	*state = before(line, ",");
	return true;
}

static bool gostacks_sniff(struct str bytes)
{
	struct lines lines = lines_of(NULL, "", bytes);
	struct str line, state;

	/* A panic says before why. */
	for (int i = 0; i < 20 && lines_next(&lines, &line); i++)
		if (take_head(line, &state))
			return true;
	return false;
}

static bool finish(struct goroutine *g, struct tally *tally)
{
	struct profile *p = g->profile;
	struct profile_label labels[2];
	size_t count = 0;
	bool ok;

	if (!g->open)
		return true;
	if (g->created_by.size)
		labels[count++] = (struct profile_label){.key = profile_string_of(p, "created_by"),
							 .text = profile_string(p, g->created_by)};
	labels[count++] =
		(struct profile_label){.key = profile_string_of(p, "state"), .text = profile_string(p, g->state)};
	ok = tally_add(tally, profile_stack(p, g->frames.locations, g->frames.count),
		       profile_label_set(p, labels, count), &(int64_t){1});
	g->frames.count = 0;
	g->name.size = g->created_by.size = 0;
	g->open = g->creator = false;
	return ok;
}

/* "main.(*T).f(0xc000, {0x1, 0x2})": the name ends where the arguments begin, which hold no parenthesis. */
static struct str function_name(struct str line)
{
	const char *open = memrchr(line.at, '(', line.size);

	if (open && open > line.at && line.at[line.size - 1] == ')')
		line.size = (size_t)(open - line.at);
	return line;
}

/* "	/src/main.go:12 +0x1d" */
static void add_frame(struct goroutine *g, struct str place)
{
	struct frame f = {.name = g->name};
	const char *colon;
	struct str digits;

	place = line_trim(place);
	colon = memrchr(place.at, ':', place.size);
	f.file = place;
	if (colon) {
		digits = (struct str){colon + 1, (size_t)(place.at + place.size - colon) - 1};
		if (line_take_signed(&digits, &f.line))
			f.file.size = (size_t)(colon - place.at);
	}
	if (g->creator)
		g->created_by = g->name;
	else
		frames_add(&g->frames, frame_location(g->profile, &f));
	g->name.size = 0;
}

static void take_line(struct goroutine *g, struct str line)
{
	if (line.size && (line.at[0] == '\t' || line.at[0] == ' ')) {
		if (g->name.size)
			add_frame(g, line);
		return;
	}
	g->creator = line_take(&line, "created by ");
	/* "...additional frames elided..." has no place behind it, and so becomes no frame. */
	g->name = g->creator ? before(line, " in goroutine ") : function_name(line);
}

static bool gostacks_read(struct arena *a, const char *path, struct str bytes, struct profile *out, struct err *err)
{
	struct lines lines = lines_of(a, path, bytes);
	struct goroutine g = {.profile = out, .frames = {.arena = a}};
	struct tally tally;
	struct str line, state;

	profile_add_type(out, "goroutine", "count");
	out->period_type = out->types[0];
	out->period = 1;
	tally = tally_of(out);
	while (lines_next(&lines, &line)) {
		bool head = take_head(line, &state);

		if ((head || !line_trim(line).size) && !finish(&g, &tally))
			return lines_fail(&lines, err, "%s", tally_overflow);
		if (head) {
			g.open = true;
			g.state = state;
		} else if (g.open) {
			take_line(&g, line);
		}
	}
	if (!finish(&g, &tally))
		return lines_fail(&lines, err, "%s", tally_overflow);
	return out->sample_count > 0 ||
	       err_set(err, "%s: holds no goroutine: expected lines such as \"goroutine 1 [running]:\"", path);
}

const struct profile_format profile_format_gostacks = {
	.name = "gostacks",
	.help = "stacks of goroutines as text: goroutine?debug=2, or a panic",
	.sniff = gostacks_sniff,
	.read = gostacks_read,
};
