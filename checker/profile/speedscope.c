/*
 * Speedscope's file format: the frames once, and a list of stacks with weights for each sample type.
 *
 * Schema: https://www.speedscope.app/file-format-schema.json.  Written only.
 */
#include "base/json.h"
#include "profile/frames.h"
#include "profile/keyed.h"
#include "profile/profile.h"

#include <string.h>

/* Frames are numbered by what is shown of them: name, file, line.  `column` would part what a reader takes for one. */
struct writer {
	struct arena *arena;
	const struct profile *profile;
	struct json json;
	struct profile texts;
	struct keyed frames; /* name, file, line */
	uint32_t *frame_of;  /* by line, then by location without lines: the frame + 1 */
};

static uint32_t frame_at(struct writer *w, uint32_t location, size_t line)
{
	const struct profile *p = w->profile;
	const struct profile_location *l = p->locations + location;
	uint32_t *known = w->frame_of + (l->line_count ? l->first_line + line : p->line_count + location);
	uint32_t function = frame_function(p, location, line);
	struct buf name = {.arena = w->arena};
	struct key key = {{0}};

	if (*known)
		return *known - 1;
	frame_name(p, location, line, &name);
	key.at[0] = profile_string(&w->texts, (struct str){buf_string(&name), name.size});
	if (function != PROFILE_NONE) {
		int64_t number = p->lines[l->first_line + line].line;

		key.at[1] = profile_string_of(
			&w->texts, text_printable_copy(w->arena, profile_text(p, p->functions[function].file)));
		key.at[2] = number > 0 && number <= UINT32_MAX ? (uint32_t)number : 0;
	}
	*known = keyed_add(&w->frames, key) + 1;
	return *known - 1;
}

static void write_frames(struct writer *w)
{
	const struct profile *p = w->profile;

	for (uint32_t i = 0; i < p->location_count; i++)
		for (size_t k = 0; k < frame_line_count(p, i); k++)
			(void)frame_at(w, i, k);
	json_key(&w->json, "shared");
	json_begin_object(&w->json);
	json_key(&w->json, "frames");
	json_begin_array(&w->json);
	for (size_t i = 0; i < w->frames.count; i++) {
		const struct key *key = w->frames.keys + i;

		json_begin_object_line(&w->json);
		json_key(&w->json, "name");
		json_text(&w->json, profile_text(&w->texts, key->at[0]));
		if (key->at[1]) {
			json_key(&w->json, "file");
			json_text(&w->json, profile_text(&w->texts, key->at[1]));
		}
		if (key->at[2]) {
			json_key(&w->json, "line");
			json_int(&w->json, key->at[2]);
		}
		json_end_object(&w->json);
	}
	json_end_array(&w->json);
	json_end_object(&w->json);
}

/* The units that the schema knows; all others are numbers. */
static const char *unit_of(const char *unit)
{
	static const char *const known[] = {"nanoseconds", "microseconds", "milliseconds", "seconds", "bytes"};

	for (size_t i = 0; i < sizeof known / sizeof *known; i++)
		if (text_equal(unit, known[i]))
			return known[i];
	return text_equal(unit, "ns")   ? "nanoseconds"
	       : text_equal(unit, "us") ? "microseconds"
	       : text_equal(unit, "ms") ? "milliseconds"
	       : text_equal(unit, "s")  ? "seconds"
					: "none";
}

/* The root first. */
static void write_stack(struct writer *w, const struct profile_span *s)
{
	const struct profile *p = w->profile;

	json_begin_array_line(&w->json);
	for (size_t i = s->count; i-- > 0;) {
		uint32_t location = p->frames[s->first + i];

		for (size_t line = frame_line_count(p, location); line-- > 0;)
			json_int(&w->json, frame_at(w, location, line));
	}
	json_end_array(&w->json);
}

static void write_type(struct writer *w, size_t type, int64_t total)
{
	const struct profile *p = w->profile;

	json_begin_object(&w->json);
	json_key(&w->json, "type");
	json_text(&w->json, "sampled");
	json_key(&w->json, "name");
	json_text(&w->json, text_printable_copy(w->arena, profile_text(p, p->types[type].name)));
	json_key(&w->json, "unit");
	json_text(&w->json, unit_of(profile_text(p, p->types[type].unit)));
	json_key(&w->json, "startValue");
	json_int(&w->json, 0);
	json_key(&w->json, "endValue");
	json_int(&w->json, total);
	json_key(&w->json, "samples");
	json_begin_array(&w->json);
	for (size_t i = 0; i < p->sample_count; i++)
		if (p->values[i * p->type_count + type])
			write_stack(w, p->stacks + p->sample_stacks[i]);
	json_end_array(&w->json);
	json_key(&w->json, "weights");
	json_begin_array_line(&w->json);
	for (size_t i = 0; i < p->sample_count; i++)
		if (p->values[i * p->type_count + type])
			json_int(&w->json, p->values[i * p->type_count + type]);
	json_end_array(&w->json);
	json_end_object(&w->json);
}

static bool find_totals(const struct profile *p, int64_t *totals, struct err *err)
{
	for (size_t i = 0; i < p->sample_count; i++)
		for (size_t type = 0; type < p->type_count; type++) {
			int64_t value = p->values[i * p->type_count + type];

			if (value < 0)
				return err_set(
					err, "speedscope knows no negative values, and this profile has some (is it a "
					     "difference?): write it as proto or folded");
			if (__builtin_add_overflow(totals[type], value, totals + type))
				return err_set(err, "the values add up to more than 2^63");
		}
	return true;
}

static bool speedscope_write(struct arena *a, const struct profile *p, size_t type, struct buf *out, struct err *err)
{
	struct arena *own = arena_open_child(a);
	struct writer *w = NEW(own, struct writer);
	int64_t *totals = NEW_ARRAY(own, int64_t, p->type_count);
	bool ok = find_totals(p, totals, err);

	*w = (struct writer){.arena = own,
			     .profile = p,
			     .json = {.out = out},
			     .frames = {.arena = own},
			     .frame_of = NEW_ARRAY(own, uint32_t, p->line_count + p->location_count)};
	profile_init(&w->texts, own);
	if (ok) {
		json_begin_object(&w->json);
		json_key(&w->json, "$schema");
		json_text(&w->json, "https://www.speedscope.app/file-format-schema.json");
		json_key(&w->json, "exporter");
		json_text(&w->json, "pawl");
		json_key(&w->json, "activeProfileIndex");
		json_int(&w->json, (int64_t)type);
		write_frames(w);
		json_key(&w->json, "profiles");
		json_begin_array(&w->json);
		for (size_t i = 0; i < p->type_count; i++)
			write_type(w, i, totals[i]);
		json_end_array(&w->json);
		json_end_object(&w->json);
		buf_char(out, '\n');
	}
	arena_close(own);
	return ok;
}

const struct profile_format profile_format_speedscope = {
	.name = "speedscope",
	.help = "JSON for speedscope",
	.write = speedscope_write,
};
