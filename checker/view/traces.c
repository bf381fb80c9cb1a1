/* Every sample with its stack, the leaf first. */
#include "view/shown.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "draw/cells.h"
#include "view/labels.h"

struct tracing {
	struct shown shown;
	const struct profile *profile;
	struct label_units units;
	struct buf *out;
	const char **names; /* per line of the profile, then per location without lines; NULL: not yet made */
};

/* The name of a location's line `k`, printable. */
static const char *frame_name(struct tracing *t, uint32_t location, uint32_t k)
{
	const struct profile *p = t->profile;
	const struct profile_location *l = p->locations + location;
	const struct profile_line *line = l->line_count ? p->lines + l->first_line + k : NULL;
	size_t slot = line ? l->first_line + k : p->line_count + location;
	struct graph_node n;

	if (t->names[slot])
		return t->names[slot];
	n = graph_frame(t->shown.arena, p, l, line);
	graph_label(t->shown.arena, &n);
	t->names[slot] = n.label;
	return n.label;
}

static int64_t sample_value(const struct tracing *t, size_t sample)
{
	const struct source *source = t->shown.source;
	const int64_t *values = t->profile->values + sample * t->profile->type_count;
	int64_t value = values[source->type];

	return source->mean_type < t->profile->type_count ? unit_divide(value, values[source->mean_type]) : value;
}

static uint32_t lines_of(const struct profile_location *l)
{
	return l->line_count ? l->line_count : 1;
}

static const char rule[] = "-----------+-------------------------------------------------------\n";

static void text_labels(struct tracing *t, size_t sample)
{
	struct label_texts texts = label_group(t->shown.row, t->profile, t->profile->sample_labels[sample], &t->units);

	for (size_t i = 0; i < texts.count; i++) {
		unit_pad(t->out, 10, text_printable_copy(t->shown.row, texts.at[i].key));
		buf_text(t->out, ":  ");
		text_printable(t->out, texts.at[i].values);
		buf_char(t->out, '\n');
	}
}

static void text_sample(struct tracing *t, size_t sample)
{
	const struct profile *p = t->profile;
	struct profile_span stack = p->stacks[p->sample_stacks[sample]];

	if (!stack.count)
		return;
	buf_text(t->out, rule);
	text_labels(t, sample);
	for (uint32_t i = 0; i < stack.count; i++) {
		uint32_t location = p->frames[stack.first + i], count = lines_of(p->locations + location);

		for (uint32_t k = 0; k < count; k++) {
			unit_pad(t->out, 10, i || k ? "" : shown_value(&t->shown, sample_value(t, sample)));
			buf_text(t->out, "   ");
			text_printable(t->out, frame_name(t, location, k));
			buf_text(t->out, k + 1 < count ? " (inline)\n" : "\n");
		}
	}
	shown_end_row(&t->shown);
	buf_pass(t->out);
}

static void write_text(struct tracing *t)
{
	struct shown_lines lines = {.arena = t->shown.arena};

	shown_profile_lines(&t->shown, &lines);
	shown_write_lines(&lines, t->out);
	for (size_t i = 0; i < t->profile->sample_count; i++)
		text_sample(t, i);
	buf_text(t->out, rule);
}

static void json_frames(struct tracing *t, struct json *j, struct profile_span stack)
{
	json_key(j, "frames");
	json_begin_array(j);
	for (uint32_t i = 0; i < stack.count; i++) {
		uint32_t location = t->profile->frames[stack.first + i];
		const struct profile_location *l = t->profile->locations + location;

		for (uint32_t k = 0; k < lines_of(l); k++) {
			struct graph_node n = graph_frame(t->shown.row, t->profile, l,
							  l->line_count ? t->profile->lines + l->first_line + k : NULL);

			n.label = frame_name(t, location, k);
			json_begin_object_line(j);
			shown_json_place(j, &n);
			if (k + 1 < lines_of(l)) {
				json_key(j, "inlined");
				json_bool(j, true);
			}
			json_end_object(j);
		}
	}
	json_end_array(j);
}

static void write_json(struct tracing *t)
{
	struct json j = {.out = t->out};
	const struct profile *p = t->profile;

	shown_begin_json(&t->shown, &j, "traces");
	json_key(&j, "samples");
	json_begin_array(&j);
	for (size_t i = 0; i < p->sample_count; i++) {
		json_begin_object(&j);
		json_key(&j, "value");
		shown_json_number(&t->shown, &j, sample_value(t, i));
		json_key(&j, "labels");
		label_json(&j, p, p->sample_labels[i], &t->units);
		json_frames(t, &j, p->stacks[p->sample_stacks[i]]);
		json_end_object(&j);
		shown_end_row(&t->shown);
		buf_pass(t->out);
	}
	json_end_array(&j);
	json_end_object(&j);
	buf_char(t->out, '\n');
}

/* The stack in one cell, the root first, as folded stacks write it. */
static void write_csv(struct tracing *t)
{
	const struct profile *p = t->profile;

	buf_text(t->out, "value,stack,labels,type,unit\n");
	for (size_t i = 0; i < p->sample_count; i++) {
		struct profile_span stack = p->stacks[p->sample_stacks[i]];
		struct buf cell = {.arena = t->shown.row}, labels = {.arena = t->shown.row};
		struct label_texts texts = label_group(t->shown.row, p, p->sample_labels[i], &t->units);

		for (uint32_t f = stack.count; f-- > 0;) {
			uint32_t location = p->frames[stack.first + f];

			for (uint32_t k = lines_of(p->locations + location); k-- > 0;)
				buf_printf(&cell, "%s%s", cell.size ? ";" : "", frame_name(t, location, k));
		}
		for (size_t k = 0; k < texts.count; k++)
			buf_printf(&labels, "%s%s=%s", k ? " " : "", texts.at[k].key, texts.at[k].values);
		shown_csv_number(&t->shown, t->out, sample_value(t, i));
		buf_char(t->out, ',');
		cells_text(t->out, buf_string(&cell), false);
		buf_char(t->out, ',');
		cells_text(t->out, buf_string(&labels), false);
		buf_char(t->out, ',');
		shown_csv_end(&t->shown, t->out);
		shown_end_row(&t->shown);
		buf_pass(t->out);
	}
}

static bool write(struct arena *a, const struct source *source, const struct view_options *options, struct buf *out,
		  struct err *err)
{
	struct tracing t = {.profile = source->profile, .out = out};

	(void)err;
	shown_init(&t.shown, a, source, options);
	t.units = label_units_of(a, source->profile);
	t.names = NEW_ARRAY(a, const char *, source->profile->line_count + source->profile->location_count);
	if (options->form == VIEW_JSON)
		write_json(&t);
	else if (options->form == VIEW_CSV)
		write_csv(&t);
	else
		write_text(&t);
	return true;
}

const struct view view_traces = {
	.name = "traces",
	.help = "every sample with its labels and its stack",
	.write = write,
};
