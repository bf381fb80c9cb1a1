/* pawl check. */
#include "cmd/check.h"

#include "base/clock.h"
#include "base/proc.h"
#include "base/random.h"
#include "cmd/check_aa.h"

#include <stddef.h>

static enum status interrupted(struct check *c, struct err *err)
{
	if (check_write_runs(c, err))
		progress_say(&c->progress, "pawl: interrupted; what was measured is in %s/head.json\n", c->out_dir);
	return STATUS_INTERRUPTED;
}

static bool has_measured(const struct run *run)
{
	for (size_t i = 0; i < run->table_count; i++) {
		if (run->tables[i].slice_count)
			return true;
	}
	return false;
}

/* What cannot be written makes the check incomplete, but a confirmed regression stays one. */
static enum status conclude(struct check *c, struct err *err)
{
	bool complete = check_write_runs(c, err); /* first what was measured, which also gives the runs their ids */
	struct err other;

	check_judge(c);
	check_find_causes(c);
	if (!check_write_reports(c, complete ? err : &other))
		complete = false;
	if (complete && c->options->save && has_measured(&c->head))
		complete = check_save(c, err);
	if (!complete && c->verdict.status == STATUS_OK)
		return STATUS_UNDECIDED;
	return (enum status)c->verdict.status;
}

static enum status run_check(struct check *c, struct err *err)
{
	const struct config *config = &c->project.config;

	if (!check_prepare(c, err))
		return STATUS_USAGE;
	check_clear_reports(c);
	if (c->options->aa)
		return side_build(c->arena, config, c->project.wanted, config->folder, err)
			       ? check_aa(c, (size_t)c->options->aa, err)
			       : STATUS_UNDECIDED;
	if (!side_build(c->arena, config, c->project.wanted, config->folder, err) || !check_open_base(c, err) ||
	    !check_measure(c, err))
		return proc_interrupted() ? STATUS_INTERRUPTED : STATUS_UNDECIDED;
	if (proc_interrupted())
		return interrupted(c, err);
	if (c->options->plan)
		return check_print_plan(c) ? STATUS_OK : STATUS_UNDECIDED;
	check_confirm(c);
	if (proc_interrupted())
		return interrupted(c, err);
	return conclude(c, err);
}

static enum status check_run(struct call *call, struct err *err)
{
	struct check c = {.arena = call->arena, .options = call->options, .progress = progress_init()};
	enum status status;

	c.started_ns = clock_ns();
	c.head.seed = c.options->seed.given ? c.options->seed.value : random_seed();
	status = run_check(&c, err);
	progress_clear(&c.progress);
	side_close(&c.base_tree);
	return status;
}

#define AT(field) offsetof(struct check_options, field)

static const struct option check_options[] = {
	{"base", 'b', OPTION_TEXT, "REV", AT(base), "hold the working tree against the merge base of REV and HEAD"},
	{"base-exact", 0, OPTION_TEXT, "REV", AT(base_exact), "against REV itself"},
	{"base-dir", 0, OPTION_TEXT, "DIR", AT(base_dir), "against a folder that is built already"},
	{"base-bin", 0, OPTION_TEXT, "FILE", AT(base_bin), "against another program in place of the suite's own"},
	{"baseline", 0, OPTION_TEXT, "NAME", AT(baseline),
	 "against the stored baseline NAME (default: that of pawl.yml)"},
	{"save", 0, OPTION_FLAG, NULL, AT(save), "add this run to the stored baseline, with its verdict"},
	{"no-confirm", 0, OPTION_FLAG, NULL, AT(no_confirm),
	 "with a stored baseline: do not build its commit to settle what looks slower"},
	{"measure-identical", 0, OPTION_FLAG, NULL, AT(measure_identical),
	 "measure suites whose programs are the same code on both sides, too"},
	{"suite", 's', OPTION_TEXTS, "S", AT(suites), "only this suite; may be given several times"},
	{"filter", 'f', OPTION_TEXT, "RE", AT(filter), "only benchmarks whose name or suite/name matches"},
	{"pairs", 0, OPTION_COUNT, "N", AT(pairs),
	 "that many pairs of every benchmark instead of screen and confirm (without a base: slices; 20)"},
	{"improvements", 0, OPTION_FLAG, NULL, AT(improvements),
	 "confirm every improvement, not only those beyond the threshold"},
	{"aa", 0, OPTION_COUNT, "N", AT(aa),
	 "hold the head against itself N times, and say how often that raises a false alarm on this machine"},
	{"budget", 0, OPTION_TEXT, "TIME", AT(budget), "time for the whole check, e.g. 5m; overrides pawl.yml"},
	{"plan", 0, OPTION_FLAG, NULL, AT(plan), "say what would be measured, how long it takes and what it could see"},
	{"seed", 0, OPTION_SEED, "N", AT(seed), "of the random order; printed in every report"},
	{"fail-on", 0, OPTION_TEXT, "SEV", AT(fail_on), "LOW, MEDIUM, HIGH or CRITICAL; overrides pawl.yml"},
	{"require-baseline", 0, OPTION_FLAG, NULL, AT(require_baseline),
	 "a series without a baseline makes the exit status 3"},
	{"out", 'o', OPTION_TEXT, "DIR", AT(out), "where the reports go (default: pawl-report)"},
	{"junit-dialect", 0, OPTION_TEXT, "DIALECT", AT(junit_dialect),
	 "rich, or strict: valid against the schemas of JUnit"},
	{"verbose", 'v', OPTION_FLAG, NULL, AT(verbose), "show the rows that did not change, too"},
	{"json", 0, OPTION_FLAG, NULL, AT(json), "print verdict.json instead of the text"},
	{"config", 'c', OPTION_TEXT, "FILE", AT(config), "another pawl.yml"},
	{0},
};

const struct command command_check = {
	.name = "check",
	.summary = "Measure the suites, hold them against a base, fail when something became slower",
	.words = "",
	.examples = "  pawl check --base main             # before a merge, or on a pull request\n"
		    "  pawl check --base-exact HEAD~1     # the last commit alone\n"
		    "  pawl check --save                  # on main: compare with the stored runs, then add this one\n"
		    "  pawl check --base main --filter '^orders/BM_discount$' --pairs 60\n",
	.details =
		"The head is the working tree as it stands, built in place.  Reports go to pawl-report/:\n"
		"report.html, regression_report.csv, junit.xml, verdict.json, the run files base.json and\n"
		"head.json, and profiles/.\n\n"
		"What became slower or faster runs again under a sampler, and the function behind it is named;\n"
		"build with -g -fno-omit-frame-pointer.  'pawl doctor' says which sampler works here.\n\n"
		"Exit status: 1 a regression at or above fail_on, or a benchmark that is gone under `missing: fail`;\n"
		"3 a benchmark failed on the head alone, or nothing could be checked; 2 wrong usage or\n"
		"configuration; 0 otherwise; 130 interrupted.\n",
	.options = check_options,
	.options_size = sizeof(struct check_options),
	.run = check_run,
};
