/* pawl run. */
#include "cmd/cmd.h"

#include "base/file.h"
#include "base/proc.h"
#include "base/quantity.h"
#include "base/random.h"
#include "base/regex.h"
#include "cmd/progress.h"
#include "cmd/project.h"
#include "flow/measure.h"
#include "flow/side.h"
#include "flow/stacks.h"
#include "model/run_json.h"
#include "stats/sample.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { DEFAULT_SLICES = 20 };

struct options {
	const char *config, *filter, *out;
	struct option_texts suites;
	struct option_seed seed;
	int64_t slices;
	bool profile;
};

struct measuring_run {
	struct arena *arena;
	struct progress progress;
};

static void say_plan(void *to, const struct measure_plan *plan)
{
	struct measuring_run *r = to;

	progress_say(&r->progress, "pawl: %zu benchmark%s, about %s\n", plan->bench_count,
		     plan->bench_count == 1 ? "" : "s", quantity_duration(r->arena, (double)plan->expected_ns));
}

static void draw(void *to, const struct measure_progress *m)
{
	progress_draw(&((struct measuring_run *)to)->progress, m);
}

static size_t name_columns(struct arena *a, const struct run *run)
{
	size_t columns = sizeof "BENCHMARK" - 1;

	for (size_t i = 0; i < run->table_count; i++) {
		size_t name = text_columns(text_inert_copy(a, run->tables[i].bench)) + strlen(run->tables[i].suite) + 1;

		columns = name > columns ? name : columns;
	}
	return columns;
}

/* The values of the gated time, or of the instructions where nothing else was measured. */
static double *main_series(struct arena *a, const struct slice_table *t, size_t *n, bool *timed)
{
	double *x = table_series(a, t, t->clock, n);

	*timed = *n > 0;
	return *timed ? x : table_series(a, t, "instructions", n);
}

/* Median and spread of every benchmark.  Returns how many failed. */
static size_t print_table(struct arena *a, FILE *to, const struct run *run)
{
	size_t columns = name_columns(a, run), failed = 0;

	fprintf(to, "%-*s  %10s  %7s  %6s\n", (int)columns, "BENCHMARK", "MEDIAN", "SPREAD", "SLICES");
	for (size_t i = 0; i < run->table_count; i++) {
		const struct slice_table *t = &run->tables[i];
		const char *name = text_inert_copy(a, arena_printf(a, "%s/%s", t->suite, t->bench));
		size_t n, pad = columns - text_columns(name);
		bool timed;
		double *x = main_series(a, t, &n, &timed), median;

		fprintf(to, "%s%*s  ", name, (int)pad, "");
		if (t->status != BENCH_MEASURED || !n) {
			failed += t->status == BENCH_FAILED;
			fprintf(to, "%s: %s\n", t->status == BENCH_SKIPPED ? "skipped" : "failed",
				text_inert_copy(a, t->reason));
			continue;
		}
		median = sample_median(a, x, n);
		fprintf(to, "%10s  %5.1f %%  %6zu%s\n",
			timed ? quantity_duration(a, median) : arena_printf(a, "%.4g", median),
			median > 0 ? 100 * SAMPLE_MAD_TO_SD * sample_mad(a, x, n) / median : 0, n,
			timed ? "" : "  instructions");
	}
	for (size_t i = 0; i < run->suite_count; i++) {
		if (!*run->suites[i].failure)
			continue;
		failed++;
		fprintf(to, "%s: %s\n", run->suites[i].name, text_inert_copy(a, run->suites[i].failure));
	}
	return failed;
}

/* What stood in the way, also of the profiles that were asked for, each once. */
static void print_warnings(struct arena *a, FILE *to, const struct run *run)
{
	const char *before = "";

	for (size_t i = 0; i < run->warning_count; i++)
		fprintf(to, "warning: %s\n", text_inert_copy(a, run->warnings[i]));
	for (size_t i = 0; i < run->table_count; i++) {
		const struct slice_table *t = &run->tables[i];
		const char *trouble = t->profile.trouble ? t->profile.trouble : "";

		if (!*trouble || text_equal(trouble, before))
			continue;
		before = trouble;
		fprintf(to, "warning: profile of %s/%s: %s\n", t->suite, text_inert_copy(a, t->bench),
			text_inert_copy(a, trouble));
	}
}

static bool write_run(struct arena *a, struct run *run, const char *path, struct err *err)
{
	struct str text = run_to_json(a, run);

	if (text_equal(path, "-"))
		return fwrite(text.at, 1, text.size, stdout) == text.size ||
		       err_set(err, "cannot write to standard output");
	return file_write(path, text.at, text.size, err);
}

static enum status run_run(struct call *call, struct err *err)
{
	const struct options *o = call->options;
	struct arena *a = call->arena;
	const char *path = o->out ? o->out : "pawl-run.json";
	uint64_t seed = o->seed.given ? o->seed.value : random_seed();
	struct measuring_run r = {.arena = a, .progress = progress_init()};
	struct project project;
	struct run run;
	struct measure_side head = {.run = &run};
	struct measure_request request = {
		.filter = o->filter,
		.seed = seed,
		.slices = o->slices ? (size_t)o->slices : DEFAULT_SLICES,
		.profiles = o->profile ? MEASURE_PROFILES : MEASURE_NO_PROFILES,
		.head = &head,
		.to = &r,
		.progress = draw,
		.plan = say_plan,
	};
	struct regex *filter;
	bool ok;
	size_t failed;

	if (o->filter && !regex_compile(a, o->filter, &filter, err)) {
		err_context(err, "--filter");
		return STATUS_USAGE;
	}
	if (!project_open(a, o->config, &o->suites, &project, err))
		return STATUS_USAGE;
	request.config = &project.config;
	request.wanted = project.wanted;
	head.folder = project.config.folder;
	project_init_run(a, &run, project_check_id(a, seed), seed);
	project_mark_head(a, &project, &run);
	if (!side_build(a, &project.config, project.wanted, project.config.folder, err))
		return proc_interrupted() ? STATUS_INTERRUPTED : STATUS_UNDECIDED;
	ok = measure(a, &request, err);
	progress_clear(&r.progress);
	if (!ok || (o->profile && !text_equal(path, "-") && !stacks_write(a, &run, path_folder(a, path), err)) ||
	    !write_run(a, &run, path, err))
		return STATUS_UNDECIDED;
	if (proc_interrupted())
		return STATUS_INTERRUPTED;
	failed = print_table(a, text_equal(path, "-") ? stderr : stdout, &run);
	print_warnings(a, stderr, &run);
	if (!text_equal(path, "-"))
		printf("run file: %s\n", path);
	return failed || !run.table_count ? STATUS_UNDECIDED : STATUS_OK;
}

#define AT(field) offsetof(struct options, field)

static const struct option run_options[] = {
	{"suite", 's', OPTION_TEXTS, "S", AT(suites), "only this suite; may be given several times"},
	{"filter", 'f', OPTION_TEXT, "RE", AT(filter), "only benchmarks whose name or suite/name matches"},
	{"slices", 'n', OPTION_COUNT, "N", AT(slices), "slices a benchmark; 20"},
	{"seed", 0, OPTION_SEED, "N", AT(seed), "of the random order"},
	{"profile", 0, OPTION_FLAG, NULL, AT(profile),
	 "sample the stacks of every benchmark, too; profiles go to profiles/ beside the run file"},
	{"out", 'o', OPTION_TEXT, "FILE", AT(out),
	 "where the run file goes (default: pawl-run.json), - for standard output"},
	{"config", 'c', OPTION_TEXT, "FILE", AT(config), "another pawl.yml"},
	{0},
};

const struct command command_run = {
	.name = "run",
	.summary = "Measure only, and write a run file",
	.words = "",
	.examples = "  pawl run\n  pawl run --suite orders -o before.json\n",
	.details = "Two run files can be compared with 'pawl compare'; what was measured side by side in one check\n"
		   "is seen much more sharply.\n",
	.options = run_options,
	.options_size = sizeof(struct options),
	.run = run_run,
};
