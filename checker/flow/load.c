/* From a file of results to a run. */
#include "flow/load.h"

#include "base/file.h"
#include "base/stream.h"
#include "input/input.h"
#include "model/run_json.h"
#include "suite/suite.h"

#include <string.h>

struct loading {
	struct arena *arena;
	struct run *run;
	struct slice_table *last; /* rows of one benchmark mostly stand together */
	struct run_suite *suite;
	size_t unusable; /* aggregates of no use */
};

/* The title of a benchmark of which `occurrence` others of that name came before. */
static const char *title_of(struct arena *a, const char *name, size_t occurrence)
{
	return occurrence ? arena_printf(a, "%s#%zu", name, occurrence + 1) : name;
}

static struct slice_table *table_of(struct loading *l, const struct input_row *row, const char *name)
{
	struct arena *a = l->arena;
	const char *title = title_of(a, name, row->occurrence);

	if (l->last && text_equal(l->last->bench, title))
		return l->last;
	l->last = run_find(l->run, LOAD_SUITE, title);
	if (l->last)
		return l->last;
	if (row->occurrence)
		run_warn(a, l->run, "line %zu: %s stands more than once in the file", row->line, name);
	l->last = run_add(a, l->run, LOAD_SUITE, title);
	l->last->clock = suite_clock_metric(&(struct suite_settings){0}, l->last->bench);
	return l->last;
}

/* Mean, median and standard deviation are kept for benchmarks that turn out to have nothing else. */
static void take_aggregate(struct loading *l, const struct input_row *row)
{
	bool mean = text_equal(row->statistic, "mean"), median = text_equal(row->statistic, "median");
	bool sd = text_equal(row->statistic, "stddev");
	struct slice_table *t;

	if (row->kind != INPUT_AGGREGATE || !*row->of || !(mean || median || sd)) {
		l->unusable++;
		return;
	}
	t = run_find(l->run, LOAD_SUITE, title_of(l->arena, row->of, row->occurrence));
	if (t && (t->values || t->status != BENCH_MEASURED))
		return;
	t = t ? t : table_of(l, row, row->of);
	t->aggregated = (size_t)row->repetitions;
	for (size_t i = 0; i < row->metric_count; i++) {
		struct aggregate *g = table_aggregate(l->arena, t, &row->metrics[i].metric);
		double value = row->metrics[i].value;

		*(mean ? &g->mean : median ? &g->median : &g->sd) = value;
		*(mean ? &g->has_mean : median ? &g->has_median : &g->has_sd) = true;
	}
}

static bool take_row(void *to, const struct input_row *row, struct err *err)
{
	struct loading *l = to;
	struct slice_table *t;

	(void)err;
	if (row->kind != INPUT_ITERATION) {
		take_aggregate(l, row);
		return true;
	}
	t = table_of(l, row, row->name);
	if (row->status != INPUT_OK) {
		t->status = row->status == INPUT_ERROR ? BENCH_FAILED : BENCH_SKIPPED;
		t->reason = arena_string(l->arena, row->message && *row->message ? row->message : "no reason given");
		return true;
	}
	for (size_t i = 0; i < row->metric_count; i++)
		table_add_value(l->arena, t, &row->metrics[i].metric, row->metrics[i].value, (size_t)row->repetitions);
	return true;
}

static void take_context(void *to, const struct input_context *context)
{
	struct loading *l = to;
	struct arena *a = l->arena;

	l->suite->program_version = arena_string(a, context->library_version);
	l->run->started = arena_string(a, context->date);
	l->run->host.cores = context->cpu_count;
	if (text_equal(context->library_build_type, "debug"))
		run_warn(a, l->run, "the benchmark library was built for debugging, which its times include");
}

/* A benchmark is gated by what it has.  One with single values needs no aggregates. */
static void mend_tables(struct arena *a, struct run *run)
{
	size_t aggregates = 0;

	for (size_t i = 0; i < run->table_count; i++) {
		struct slice_table *t = &run->tables[i];

		table_mend_clock(t);
		if (t->values)
			t->aggregates = NULL;
		aggregates += t->aggregates != NULL;
	}
	if (aggregates)
		run_warn(a, run,
			 "%zu of %zu benchmarks have aggregates alone (mean, median, stddev), which are used but show "
			 "less; %s",
			 aggregates, run->table_count,
			 text_equal(run->suites[0].kind, "gbench")
				 ? "--benchmark_display_aggregates_only keeps the repetitions"
				 : "repeat the whole run to have more than one");
}

static void clear(struct run *run, const char *path)
{
	*run = (struct run){.id = "",
			    .check_id = "",
			    .pawl_version = "",
			    .started = "",
			    .revision = "",
			    .branch = "",
			    .source = path,
			    .shard = 1,
			    .shard_count = 1};
	run->host = (struct host){"", "", "", "", "", 0, "", "", "", "", "", "", 0};
}

/* Makes all of the file to be at hand. */
static bool stream_whole(struct stream *s, struct err *err)
{
	while (!s->ended) {
		if (!stream_advance(s, 0, err))
			return false;
	}
	return true;
}

/* The format of the text; the start of a file mostly says it. */
static const struct input_format *format_of(struct stream *s, struct err *err)
{
	const struct input_format *format = input_sniff(s->path, s->text, err);

	/* Of a binary file the rest, which may be very much of it, says no more. */
	if (format || s->ended || memchr(s->text.at, '\0', s->text.size))
		return format;
	err->text[0] = '\0';
	if (!stream_whole(s, err))
		return NULL;
	return input_sniff(s->path, s->text, err);
}

static bool read_rows(struct loading *l, struct stream *s, const struct input_format *format, struct err *err)
{
	struct input_sink sink = {.to = l, .row = take_row, .context = take_context};

	format = format ? format : format_of(s, err);
	if (!format)
		return false;
	l->suite = run_add_suite(l->arena, l->run, LOAD_SUITE, format->name);
	if (format->read_stream)
		return format->read_stream(l->arena, s, &sink, err);
	return stream_whole(s, err) && format->read(l->arena, s->path, s->text, &sink, err);
}

/* What is said of a run when all rows are in it. */
static bool finish(struct loading *l, const char *path, struct err *err)
{
	if (!l->run->table_count && l->unusable)
		return err_set(err, "%s: holds no single repetition, and no mean or median that could stand for them",
			       path);
	if (!l->run->table_count)
		return err_set(err, "%s: holds no benchmark; did the filter match any?", path);
	mend_tables(l->arena, l->run);
	return true;
}

static bool load_stream(struct arena *a, struct stream *s, const struct input_format *format, struct run *run,
			struct err *err)
{
	struct loading l = {.arena = a, .run = run};

	if (run_json_sniff(s->text))
		return stream_whole(s, err) && run_from_json(a, s->path, s->text, run, err);
	clear(run, s->path);
	return read_rows(&l, s, format, err) && finish(&l, s->path, err);
}

static bool load_folder(struct arena *a, const char *path, const struct input_format *format, struct run *run,
			struct err *err)
{
	struct loading l = {.arena = a, .run = run};
	struct input_sink sink = {.to = &l, .row = take_row, .context = take_context};

	if (format && !format->read_folder)
		return err_set(err, "%s: is a folder; a result of format %s is a file", path, format->name);
	format = format ? format : input_of_folder(path, err);
	if (!format)
		return false;
	clear(run, path);
	l.suite = run_add_suite(a, run, LOAD_SUITE, format->name);
	return format->read_folder(a, path, 0, &sink, err) && finish(&l, path, err);
}

bool load_results(struct arena *a, const char *path, const struct input_format *format, struct run *run,
		  struct err *err)
{
	struct stream s;
	bool ok;

	if (!text_equal(path, "-") && file_is_dir(path))
		return load_folder(a, path, format, run, err);
	if (!stream_open(a, path, FILE_LIMIT, &s, err))
		return false;
	ok = load_stream(a, &s, format, run, err);
	stream_close(&s);
	return ok;
}
