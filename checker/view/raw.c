/* The whole profile in words: samples by location, locations, mappings. */
#include "view/shown.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct dumping {
	struct arena *arena;
	const struct profile *profile;
	struct buf *out;
};

static void add_string(struct dumping *d, uint32_t string)
{
	text_printable(d->out, profile_text(d->profile, string));
}

enum { DURATION_SIZE = 64, DURATION_SHOWN = 4 };

/* As Go writes durations: "1h2m3.5s", "412.5ms", "3µs". */
static void duration_text(char out[DURATION_SIZE], int64_t duration_ns)
{
	uint64_t ns = (uint64_t)unit_abs(duration_ns), hours = ns / 3600000000000U, minutes = ns / 60000000000U % 60;
	const char *sign = duration_ns < 0 ? "-" : "", *unit = "s";
	double value = (double)(ns % 60000000000U) / 1e9;
	char number[32];
	size_t size;

	if (ns < 1000) {
		unit = "ns";
		value = (double)ns;
	} else if (ns < 1000000) {
		unit = "\u00b5s";
		value = (double)ns / 1e3;
	} else if (ns < 1000000000) {
		unit = "ms";
		value = (double)ns / 1e6;
	}
	size = (size_t)snprintf(number, sizeof number, "%.9f", value);
	while (number[size - 1] == '0')
		number[--size] = '\0';
	if (number[size - 1] == '.')
		number[--size] = '\0';
	if (hours)
		snprintf(out, DURATION_SIZE, "%s%" PRIu64 "h%" PRIu64 "m%s%s", sign, hours, minutes, number, unit);
	else if (minutes)
		snprintf(out, DURATION_SIZE, "%s%" PRIu64 "m%s%s", sign, minutes, number, unit);
	else
		snprintf(out, DURATION_SIZE, "%s%s%s", sign, number, unit);
}

/* Go prints a time with as many decimals as it has. */
static void dump_time(struct dumping *d)
{
	int64_t ns = d->profile->time_ns % 1000000000;
	time_t seconds = (time_t)(d->profile->time_ns / 1000000000 - (ns < 0));
	char text[64], fraction[16];
	struct tm at;
	size_t size;

	if (!gmtime_r(&seconds, &at) || !strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &at))
		return;
	size = (size_t)snprintf(fraction, sizeof fraction, ".%09d", (int)(ns < 0 ? ns + 1000000000 : ns));
	while (fraction[size - 1] == '0')
		fraction[--size] = '\0';
	buf_printf(d->out, "Time: %s%s +0000 UTC\n", text, size > 1 ? fraction : "");
}

static void dump_header(struct dumping *d)
{
	const struct profile *p = d->profile;
	char duration[DURATION_SIZE];

	for (size_t i = 0; i < p->comment_count; i++) {
		buf_text(d->out, "Comment: ");
		add_string(d, p->comments[i]);
		buf_char(d->out, '\n');
	}
	buf_text(d->out, "PeriodType: ");
	add_string(d, p->period_type.name);
	buf_char(d->out, ' ');
	add_string(d, p->period_type.unit);
	buf_char(d->out, '\n');
	buf_printf(d->out, "Period: %" PRId64 "\n", p->period);
	if (p->time_ns)
		dump_time(d);
	if (p->duration_ns) {
		duration_text(duration, p->duration_ns);
		/* pprof cuts the text at four characters, whatever that leaves of it. */
		for (size_t i = 0, shown = 0; duration[i]; i++) {
			shown += ((unsigned char)duration[i] & 0xc0) != 0x80;
			if (shown > DURATION_SHOWN)
				duration[i] = '\0';
		}
		buf_printf(d->out, "Duration: %s\n", duration);
	}
	buf_text(d->out, "Samples:\n");
	for (size_t i = 0; i < p->type_count; i++) {
		buf_text(d->out, i ? " " : "");
		add_string(d, p->types[i].name);
		buf_char(d->out, '/');
		add_string(d, p->types[i].unit);
		buf_text(d->out, p->types[i].name == p->default_type ? "[dflt]" : "");
	}
	buf_char(d->out, '\n');
}

static int compare_texts(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* "key:[a b]" or "key:[1 bytes 2 bytes]": `*end` moves behind the labels of that key. */
static const char *labels_of_key(struct dumping *d, const struct profile_label **l, const struct profile_label *end)
{
	const struct profile *p = d->profile;
	const struct profile_label *first = *l;
	struct buf text = {.arena = d->arena};
	bool with_unit = false;

	for (const struct profile_label *at = first; at < end && at->key == first->key; at++)
		with_unit |= at->numeric && at->unit;
	buf_printf(&text, "%s:[", profile_text(p, first->key));
	for (; *l < end && (*l)->key == first->key; (*l)++) {
		buf_text(&text, *l > first ? " " : "");
		if (!first->numeric)
			buf_text(&text, profile_text(p, (*l)->text));
		else if (with_unit)
			buf_printf(&text, "%" PRId64 " %s", (*l)->number, profile_text(p, (*l)->unit));
		else
			buf_printf(&text, "%" PRId64, (*l)->number);
	}
	buf_char(&text, ']');
	return text.at;
}

/* Texts on one line, numbers on the next. */
static void dump_labels(struct dumping *d, struct profile_span set, bool numeric)
{
	const struct profile_label *labels = d->profile->labels + set.first;
	struct profile_label *chosen = NEW_ARRAY(d->arena, struct profile_label, set.count);
	const char **texts = NEW_ARRAY(d->arena, const char *, set.count);
	const struct profile_label *at = chosen;
	size_t count = 0, text_count = 0;

	for (uint32_t i = 0; i < set.count; i++) {
		if (labels[i].numeric == numeric)
			chosen[count++] = labels[i];
	}
	if (!count)
		return;
	while (at < chosen + count)
		texts[text_count++] = labels_of_key(d, &at, chosen + count);
	qsort(texts, text_count, sizeof *texts, compare_texts);
	buf_text(d->out, "                ");
	for (size_t i = 0; i < text_count; i++) {
		buf_text(d->out, i ? " " : "");
		text_printable(d->out, texts[i]);
	}
	buf_char(d->out, '\n');
}

static void dump_sample(struct dumping *d, size_t sample)
{
	const struct profile *p = d->profile;
	struct profile_span stack = p->stacks[p->sample_stacks[sample]], set = p->label_sets[p->sample_labels[sample]];

	for (size_t i = 0; i < p->type_count; i++)
		buf_printf(d->out, " %10" PRId64, p->values[sample * p->type_count + i]);
	buf_text(d->out, ": ");
	for (uint32_t i = 0; i < stack.count; i++)
		buf_printf(d->out, "%" PRIu32 " ", p->frames[stack.first + i] + 1);
	buf_char(d->out, '\n');
	if (set.count) {
		struct arena_mark mark = arena_mark(d->arena);

		dump_labels(d, set, false);
		dump_labels(d, set, true);
		arena_reset(d->arena, mark);
	}
	buf_pass(d->out);
}

static void dump_line(struct dumping *d, const struct profile_line *line)
{
	const struct profile *p = d->profile;
	const struct profile_function *f;

	if (line->function == PROFILE_NONE) {
		buf_text(d->out, "??");
		return;
	}
	f = p->functions + line->function;
	add_string(d, f->name);
	buf_char(d->out, ' ');
	add_string(d, f->file);
	buf_printf(d->out, ":%" PRId64 " s=%" PRId64, line->line, f->start_line);
	if (f->name != f->system_name) {
		buf_char(d->out, '(');
		add_string(d, f->system_name);
		buf_char(d->out, ')');
	}
}

static void dump_location(struct dumping *d, size_t location)
{
	const struct profile_location *l = d->profile->locations + location;

	buf_printf(d->out, "%6zu: 0x%" PRIx64 " ", location + 1, l->address);
	if (l->mapping != PROFILE_NONE)
		buf_printf(d->out, "M=%" PRIu32 " ", l->mapping + 1);
	if (l->folded)
		buf_text(d->out, "[F] ");
	for (uint32_t i = 0; i < l->line_count; i++) {
		buf_text(d->out, i ? "\n             " : "");
		dump_line(d, d->profile->lines + l->first_line + i);
	}
	buf_char(d->out, '\n');
	buf_pass(d->out);
}

static void dump_mapping(struct dumping *d, size_t mapping)
{
	const struct profile_mapping *m = d->profile->mappings + mapping;

	buf_printf(d->out, "%zu: 0x%" PRIx64 "/0x%" PRIx64 "/0x%" PRIx64 " ", mapping + 1, m->start, m->limit,
		   m->offset);
	add_string(d, m->file);
	buf_char(d->out, ' ');
	add_string(d, m->build_id);
	buf_printf(d->out, " %s%s%s%s\n", m->has_functions ? "[FN]" : "", m->has_files ? "[FL]" : "",
		   m->has_lines ? "[LN]" : "", m->has_inlines ? "[IN]" : "");
}

static bool write(struct arena *a, const struct source *source, const struct view_options *options, struct buf *out,
		  struct err *err)
{
	struct dumping d = {arena_open_child(a), source->profile, out};

	if (options->form != VIEW_TEXT) {
		arena_close(d.arena);
		return err_set(err, "the view raw is text only; 'pawl profile traces --json' has every sample, and "
				    "'pawl profile convert' writes the profile in other formats");
	}
	dump_header(&d);
	for (size_t i = 0; i < d.profile->sample_count; i++)
		dump_sample(&d, i);
	buf_text(out, "Locations\n");
	for (size_t i = 0; i < d.profile->location_count; i++)
		dump_location(&d, i);
	buf_text(out, "Mappings\n");
	for (size_t i = 0; i < d.profile->mapping_count; i++)
		dump_mapping(&d, i);
	arena_close(d.arena);
	return true;
}

const struct view view_raw = {
	.name = "raw",
	.help = "the whole profile in words: every sample, location and mapping",
	.by_addresses = true,
	.write = write,
};
