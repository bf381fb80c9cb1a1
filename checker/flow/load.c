/* From a file of results to a run. */
#include "flow/load.h"

#include "base/file.h"
#include "input/input.h"
#include "model/run_json.h"
#include "suite/suite.h"

static const char *const SUITE = "results";

struct loading {
	struct arena *arena;
	struct run *run;
	struct slice_table *last; /* rows of one benchmark mostly stand together */
	size_t aggregates;
};

static struct slice_table *table_of(struct loading *l, const struct input_row *row)
{
	struct arena *a = l->arena;
	const char *name = row->occurrence ? arena_printf(a, "%s#%zu", row->name, row->occurrence + 1) : row->name;

	if (l->last && text_equal(l->last->bench, name))
		return l->last;
	l->last = run_find(l->run, SUITE, name);
	if (l->last)
		return l->last;
	if (row->occurrence)
		run_warn(a, l->run, "line %zu: %s stands more than once in the file", row->line, row->name);
	l->last = run_add(a, l->run, SUITE, name);
	l->last->reason = "";
	l->last->clock = suite_clock_metric(&(struct suite_settings){0}, l->last->bench);
	return l->last;
}

static bool take_row(void *to, const struct input_row *row, struct err *err)
{
	struct loading *l = to;
	struct slice_table *t;
	struct slice *s;

	(void)err;
	if (row->kind != INPUT_ITERATION) {
		l->aggregates++;
		return true;
	}
	t = table_of(l, row);
	if (row->status != INPUT_OK) {
		t->status = row->status == INPUT_ERROR ? BENCH_FAILED : BENCH_SKIPPED;
		t->reason = arena_string(l->arena, row->message && *row->message ? row->message : "no reason given");
		return true;
	}
	s = table_add_slice(l->arena, t);
	s->phase = PHASE_MEASURE;
	s->cpu = -1;
	s->block = (int64_t)t->slice_count - 1;
	s->iterations = row->iterations;
	s->repetitions = 1;
	s->threads = row->threads;
	for (size_t i = 0; i < row->metric_count; i++)
		table_set(l->arena, t, s, &row->metrics[i].metric, row->metrics[i].value);
	return true;
}

/* A benchmark that gives no CPU time is gated by the clock that it has. */
static void mend_clocks(struct run *run)
{
	for (size_t i = 0; i < run->table_count; i++) {
		struct slice_table *t = &run->tables[i];

		if (table_metric(t, t->clock) < 0 && table_metric(t, "real_time") >= 0)
			t->clock = "real_time";
	}
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
}

bool load_results(struct arena *a, const char *path, struct run *run, struct err *err)
{
	struct loading l = {.arena = a, .run = run};
	struct input_sink sink = {.to = &l, .row = take_row};
	const struct input_format *format;
	struct run_suite *suite;
	struct str text;

	if (!file_read(a, path, FILE_LIMIT, &text, err))
		return false;
	if (run_json_sniff(text))
		return run_from_json(a, path, text, run, err);
	format = input_sniff(path, text, err);
	if (!format)
		return false;
	clear(run, path);
	suite = run_add_suite(a, run, SUITE, format->name);
	suite->config_digest = suite->program_version = suite->failure = "";
	if (!format->read(a, path, text, &sink, err))
		return false;
	if (!run->table_count && l.aggregates)
		return err_set(err,
			       "%s: holds aggregates alone (mean, median, …), no single repetition; write it without "
			       "--benchmark_report_aggregates_only",
			       path);
	if (!run->table_count)
		return err_set(err, "%s: holds no benchmark; did the filter match any?", path);
	mend_clocks(run);
	return true;
}
