/* Trends for people: a line of history for each series, its changes below it. */
#include "report/report.h"

#include "report/report_words.h"
#include "stats/sample.h"

#include <math.h>
#include <string.h>

enum { SPARK_LIMIT = 60, SPARK_LEAST = 10, NAME_LIMIT = 60, COMMIT_SIZE = 10, TIME_SIZE = 20 };

static const char *const red = "\033[31m", *const green = "\033[32m", *const plain = "\033[0m";

static struct number number_of(double value, bool known)
{
	return (struct number){.value = value, .known = known};
}

/* The values in at most `width` places; where several share one, their median. */
static void spark(struct buf *out, const struct history_series *s, size_t width)
{
	static const char *const bars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	enum { BAR_COUNT = sizeof bars / sizeof bars[0] };
	struct arena *a = out->arena;
	size_t places = s->count < width ? s->count : width;
	double *x = NEW_ARRAY(a, double, s->count), *place = NEW_ARRAY(a, double, places), low, high;

	for (size_t i = 0; i < s->count; i++)
		x[i] = s->values[i].value;
	for (size_t i = 0; i < places; i++) {
		size_t from = i * s->count / places, to = (i + 1) * s->count / places;

		place[i] = sample_median(a, x + from, to - from);
	}
	low = high = places ? place[0] : 0;
	for (size_t i = 0; i < places; i++) {
		low = fmin(low, place[i]);
		high = fmax(high, place[i]);
	}
	for (size_t i = 0; i < places; i++) {
		/* Halves first: the range of large values may not fit a double. */
		double range = high / 2 - low / 2, part = range > 0 ? (place[i] / 2 - low / 2) / range : 0;
		size_t bar = (size_t)(part * BAR_COUNT);

		buf_text(out, bars[bar < BAR_COUNT ? bar : BAR_COUNT - 1]);
	}
}

/* "4f2a91c007 2026-03-01T10:00:00Z", what of it is known. */
static const char *moment_words(struct arena *a, const struct moment *m)
{
	const char *commit = words_clip(a, words_inert(a, m->commit), COMMIT_SIZE + 3);
	const char *time = words_clip(a, words_inert(a, m->time), TIME_SIZE + 5);

	/* Ids are cut as git cuts them, without dots. */
	if (strspn(m->commit, "0123456789abcdef") == strlen(m->commit) && strlen(m->commit) > COMMIT_SIZE)
		commit = arena_copy(a, m->commit, COMMIT_SIZE);
	return arena_printf(a, "%s%s%s", commit, *commit && *time ? " " : "", time);
}

static const char *size_words(struct arena *a, const struct trend_size *s, const char *unit)
{
	const char *levels = arena_printf(a, "%s -> %s", words_value(a, number_of(s->before, true), unit),
					  words_value(a, number_of(s->after, true), unit));

	if (!s->has_ratio)
		return levels;
	return arena_printf(a, "%s %s  %s", words_change(a, number_of(s->ratio, true)),
			    words_interval(a, number_of(s->low, true), number_of(s->high, true)), levels);
}

static void write_way(struct buf *out, enum trend_way way, const struct trend_options *options, const char *before)
{
	const char *colour = way == TREND_SLOWER ? red : way == TREND_FASTER ? green : "";

	buf_printf(out, "    %s%s%s%s", options->colour ? colour : "", before, trend_way_name(way),
		   options->colour && *colour ? plain : "");
}

static void write_change(struct buf *out, const struct trend *t, const struct trend_row *row,
			 const struct trend_change *c, const struct trend_options *options)
{
	const struct moment *moments = t->history->moments;

	write_way(out, c->size.way, options, "");
	buf_printf(out, "  %s\n", size_words(out->arena, &c->size, row->unit));
	buf_printf(out, "      from value %zu on; after %s, up to %s; %s\n", c->index,
		   moment_words(out->arena, &moments[c->good]), moment_words(out->arena, &moments[c->bad]),
		   c->holds ? "holds" : "has gone again");
}

static void write_creep(struct buf *out, const struct trend *t, const struct trend_row *row,
			const struct trend_options *options)
{
	const struct trend_creep *c = &row->creep;
	const struct moment *moments = t->history->moments;

	write_way(out, c->size.way, options, "creeping ");
	buf_printf(out, "  %s\n", size_words(out->arena, &c->size, row->unit));
	buf_printf(out, "      %s from %s to %s; no single step is above %s\n",
		   c->in_steps ? "in small steps" : "little by little", moment_words(out->arena, &moments[c->from]),
		   moment_words(out->arena, &moments[c->to]), words_limit(out->arena, row->threshold_ratio, 3));
}

static void write_row(struct buf *out, const struct trend *t, const struct trend_row *row,
		      const struct trend_options *options)
{
	struct arena *a = out->arena;
	const struct history_series *s = row->series;
	const char *name = words_clip(a, words_inert(a, s->name), NAME_LIMIT);
	size_t used = text_columns(name) + 16;
	size_t width = options->columns > used + SPARK_LEAST ? options->columns - used : SPARK_LEAST;

	buf_printf(out, "  %s  ", name);
	spark(out, s, width < SPARK_LIMIT ? width : SPARK_LIMIT);
	buf_printf(out, "  %s\n", words_value(a, number_of(row->level, s->count > 0), row->unit));
	for (size_t i = 0; i < row->change_count; i++)
		write_change(out, t, row, &row->changes[i], options);
	if (row->creep.found)
		write_creep(out, t, row, options);
}

/* Series by what holds of them now. */
struct tally {
	size_t ways[4], changed, creeping;
};

static struct tally count_rows(const struct trend *t)
{
	struct tally tally = {0};

	for (size_t i = 0; i < t->row_count; i++) {
		const struct trend_row *row = &t->rows[i];

		tally.changed += row->change_count || row->creep.found;
		tally.creeping += row->creep.found;
		if (row->creep.found)
			tally.ways[row->creep.size.way]++;
		else if (row->change_count)
			tally.ways[row->changes[row->change_count - 1].size.way]++;
	}
	return tally;
}

static void write_head(struct buf *out, const struct trend *t, const struct trend_options *options)
{
	struct tally tally = count_rows(t);

	buf_printf(out, "%s: %zu series, %zu moments; %zu changed", words_inert(out->arena, options->source),
		   t->row_count, t->history->moment_count, tally.changed);
	if (tally.changed) {
		buf_text(out, ", last ");
		for (size_t way = 0, said = 0; way < 4; way++) {
			if (tally.ways[way])
				buf_printf(out, "%s%zu %s", said++ ? ", " : "", tally.ways[way],
					   trend_way_name((enum trend_way)way));
		}
	}
	if (tally.creeping)
		buf_printf(out, " (%zu creeping)", tally.creeping);
	if (t->short_count)
		buf_printf(out, "; %zu with too few values to tell (6 are needed)", t->short_count);
	buf_char(out, '\n');
}

static void write_text(struct buf *out, const struct trend *t, const struct trend_options *options)
{
	write_head(out, t, options);
	for (size_t i = 0; i < t->row_count; i++) {
		const struct trend_row *row = &t->rows[i];

		if (options->all_rows || row->change_count || row->creep.found)
			write_row(out, t, row, options);
	}
	for (size_t i = 0; i < t->history->note_count; i++)
		buf_printf(out, "note: %s\n", words_inert(out->arena, t->history->notes[i]));
}

const struct trend_format trend_format_text = {
	.name = "text",
	.help = "for people: each series as a small chart with its changes below (the default)",
	.write = write_text,
};
