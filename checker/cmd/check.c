/* pawl check. */
#include "cmd/cmd.h"

#include "base/file.h"
#include "base/proc.h"
#include "base/quantity.h"
#include "base/random.h"
#include "cmd/progress.h"
#include "cmd/project.h"
#include "flow/judge.h"
#include "flow/measure.h"
#include "flow/side.h"
#include "flow/window.h"
#include "model/run_json.h"
#include "report/report.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { DEFAULT_PAIRS = 20 };

struct options {
	const char *base, *base_exact, *base_dir, *baseline;
	const char *config, *filter, *fail_on, *out;
	struct option_texts suites;
	struct option_seed seed;
	int64_t pairs;
	bool save, require_baseline, json, verbose;
};

/* One check from its options to its verdict. */
struct check {
	struct arena *arena;
	const struct options *options;
	struct project project;
	struct progress progress;
	const char *out_dir;
	bool interleaved;
	struct side_tree base_tree;
	struct run base, head;
	struct store store;
	struct window window;
	enum severity fail_on;
	struct verdict verdict;
};

static bool parse_options(struct check *c, struct err *err)
{
	const struct options *o = c->options;

	if (!!o->base + !!o->base_exact + !!o->base_dir + !!o->baseline > 1)
		return err_set(err, "--base, --base-exact, --base-dir and --baseline exclude each other");
	if (o->fail_on && (!severity_find(o->fail_on, &c->fail_on) || c->fail_on == SEVERITY_NONE))
		return err_set(err, "--fail-on takes LOW, MEDIUM, HIGH or CRITICAL, not '%s'", o->fail_on);
	if (!project_open(c->arena, o->config, &o->suites, &c->project, err))
		return false;
	c->interleaved = o->base || o->base_exact || o->base_dir;
	c->out_dir = o->out ? o->out : path_join(c->arena, c->project.config.folder, c->project.config.report_dir);
	return true;
}

/* Opens the base at a revision. */
static bool open_revision(struct check *c, struct err *err)
{
	const struct options *o = c->options;
	struct arena *a = c->arena;
	const char *id;

	if (!c->project.has_repo)
		return err_set(err,
			       "%s lies in no git repository, so there is no revision '%s'; --base-dir takes a folder",
			       c->project.config.folder, o->base ? o->base : o->base_exact);
	if (o->base ? !git_merge_base(a, &c->project.repo, o->base, &id, err)
		    : !git_resolve(a, &c->project.repo, o->base_exact, &id, err))
		return false;
	progress_say(&c->progress, "pawl: building the base %s\n", project_short_id(a, id));
	if (!side_open_commit(a, &c->project.config, c->project.wanted, &c->project.repo, id, &c->base_tree, err))
		return false;
	c->base_tree.title = o->base ? arena_printf(a, "%s (merge base of %s)", project_short_id(a, id), o->base)
				     : arena_printf(a, "%s (%s)", project_short_id(a, id), o->base_exact);
	return true;
}

static bool open_base(struct check *c, struct err *err)
{
	const struct options *o = c->options;
	const char *baseline = o->baseline ? o->baseline : c->project.config.baseline_name;
	struct window_request request = {
		.config = &c->project.config,
		.store = &c->store,
		.baseline = baseline,
		.machine_class = c->head.host.machine_class,
		.wanted = c->project.wanted,
		.filter = o->filter,
	};

	if (o->base_dir)
		return side_open_folder(c->arena, &c->project.config, c->project.wanted, o->base_dir, &c->base_tree,
					err);
	if (c->interleaved)
		return open_revision(c, err);
	if (!window_load(c->arena, &request, &c->window, err))
		return false;
	c->base_tree.title = c->window.count
				     ? arena_printf(c->arena, "baseline %s, %zu run%s", baseline, c->window.count,
						    c->window.count == 1 ? "" : "s")
				     : arena_printf(c->arena, "baseline %s, empty on this machine class", baseline);
	return true;
}

static const char *head_title(const struct check *c)
{
	const struct git_state *s = &c->project.state;

	if (!*s->revision)
		return "working tree";
	return arena_printf(c->arena, "%s%s", project_short_id(c->arena, s->revision),
			    s->dirty ? " with uncommitted changes" : "");
}

static void say_plan(void *to, size_t benches, int64_t expected_ns)
{
	struct check *c = to;

	progress_say(&c->progress, "pawl: base %s, head: %s; %zu benchmark%s, about %s\n", c->base_tree.title,
		     head_title(c), benches, benches == 1 ? "" : "s", quantity_duration(c->arena, (double)expected_ns));
}

static void draw(void *to, const struct measure_progress *m)
{
	struct check *c = to;

	progress_draw(&c->progress, m);
}

static bool measure_sides(struct check *c, struct err *err)
{
	const struct options *o = c->options;
	struct measure_side base = {.folder = c->base_tree.folder, .run = &c->base, .absent = c->base_tree.absent};
	struct measure_side head = {.folder = c->project.config.folder, .run = &c->head};
	struct measure_request request = {
		.config = &c->project.config,
		.wanted = c->project.wanted,
		.filter = o->filter,
		.seed = c->head.seed,
		.pairs = o->pairs ? (size_t)o->pairs : DEFAULT_PAIRS,
		.base = c->interleaved ? &base : NULL,
		.head = &head,
		.to = c,
		.progress = draw,
		.plan = say_plan,
	};
	bool ok = measure(c->arena, &request, err);

	progress_clear(&c->progress);
	return ok;
}

/* Suites as judge wants them: what they gate, and where they stand. */
static struct judge_suite *judge_suites(struct check *c)
{
	const struct config *config = &c->project.config;
	struct judge_suite *suites = NEW_ARRAY(c->arena, struct judge_suite, config->suite_count);

	for (size_t i = 0; i < config->suite_count; i++) {
		const struct suite_settings *s = &config->suites[i];

		suites[i] = (struct judge_suite){
			.name = s->name,
			.metrics = s->metrics,
			.metric_count = s->metric_count,
			.place = arena_printf(c->arena, "%s:%zu", config->path, s->line),
		};
	}
	return suites;
}

static void add_warnings(struct check *c, const char *side, const char *const *warnings, size_t count)
{
	struct verdict *v = &c->verdict;
	const char **all = NEW_ARRAY(c->arena, const char *, v->warning_count + count);

	for (size_t i = 0; i < v->warning_count; i++)
		all[i] = v->warnings[i];
	for (size_t i = 0; i < count; i++)
		all[v->warning_count + i] = arena_printf(c->arena, "%s%s", side, warnings[i]);
	v->warnings = all;
	v->warning_count += count;
}

/* The command that measures one row of this check again. */
static const char *repeat_line(const struct check *c)
{
	const struct options *o = c->options;

	if (o->base_dir)
		return arena_printf(c->arena, "pawl check --base-dir %s --filter %%s", o->base_dir);
	if (c->interleaved)
		return arena_printf(c->arena, "pawl check --base-exact %s --filter %%s",
				    project_short_id(c->arena, c->base.revision));
	return "pawl check --filter %s";
}

static void judge_check(struct check *c)
{
	const struct config *config = &c->project.config;
	struct judge_request request = {
		.mode = c->interleaved ? JUDGE_INTERLEAVED : JUDGE_STORED,
		.rules = config->rules,
		.rule_count = config->rule_count,
		.suites = judge_suites(c),
		.suite_count = config->suite_count,
		.base = &c->base,
		.head = &c->head,
		.window = c->window.runs,
		.window_count = c->window.count,
		.other_class = c->window.other_class,
		.missing_fails = config->missing_fails,
		.undecided_fails = config->undecided_fails,
		.require_baseline = c->options->require_baseline,
		.has_fail_on = c->options->fail_on != NULL,
		.fail_on = c->fail_on,
	};
	struct verdict *v = &c->verdict;

	judge(c->arena, &request, v);
	v->base_title = c->base_tree.title;
	v->head_title = head_title(c);
	v->check_id = c->head.check_id;
	v->started = c->head.started;
	v->seed = c->head.seed;
	v->repeat = repeat_line(c);
	add_warnings(c, "", c->base_tree.changes, c->base_tree.change_count);
	add_warnings(c, "base: ", c->base.warnings, c->base.warning_count);
	add_warnings(c, "", c->head.warnings, c->head.warning_count);
}

static bool write_run(struct check *c, struct run *run, const char *name, struct err *err)
{
	struct str text = run_to_json(c->arena, run);

	return file_write(path_join(c->arena, c->out_dir, name), text.at, text.size, err);
}

/* The run files; a base.json of an earlier check must not be taken for this one's. */
static bool write_runs(struct check *c, struct err *err)
{
	if (!dir_make(c->out_dir, err) || !write_run(c, &c->head, "head.json", err))
		return false;
	if (c->interleaved)
		return write_run(c, &c->base, "base.json", err);
	unlink(path_join(c->arena, c->out_dir, "base.json"));
	return true;
}

static bool write_reports(struct check *c, struct err *err)
{
	const struct config *config = &c->project.config;
	struct report_options options = {.config = config->path, .dir = c->out_dir, .all_rows = c->options->verbose};
	struct buf out = {.arena = c->arena};

	if (!write_runs(c, err) ||
	    !report_write_all(c->arena, &c->verdict, &options, c->out_dir, config->formats, config->format_count, err))
		return false;
	report_find(c->options->json ? "verdict" : "text")->write(&out, &c->verdict, &options);
	fwrite(buf_string(&out), 1, out.size, stdout);
	return true;
}

/* The run goes into the store with what it was called slower in, so that it does not become the new normal there. */
static bool save(struct check *c, struct err *err)
{
	const char *baseline = c->options->baseline ? c->options->baseline : c->project.config.baseline_name;
	const struct verdict *v = &c->verdict;
	const char **slower = NEW_ARRAY(c->arena, const char *, v->finding_count);
	size_t count = 0;

	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (f->gated && f->outcome == OUTCOME_SLOWER)
			slower[count++] = arena_printf(c->arena, "%s/%s:%s", f->suite, f->bench, f->metric);
	}
	if (!c->store.kind->save(c->arena, c->store.place, baseline, &c->head, slower, count, err))
		return false;
	progress_say(&c->progress, "pawl: saved as %s in baseline %s\n", project_short_id(c->arena, c->head.id),
		     baseline);
	return true;
}

static enum status interrupted(struct check *c, struct err *err)
{
	if (write_runs(c, err))
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

static enum status run_check(struct check *c, struct err *err)
{
	const char *check_id;
	uint64_t seed = c->options->seed.given ? c->options->seed.value : random_seed();

	if (!parse_options(c, err))
		return STATUS_USAGE;
	check_id = project_check_id(c->arena, seed);
	project_init_run(c->arena, &c->head, check_id, seed);
	project_mark_head(c->arena, &c->project, &c->head);
	project_init_run(c->arena, &c->base, check_id, seed);
	if (!project_store(c->arena, &c->project, &c->store, err))
		return STATUS_USAGE;
	if (!side_build(c->arena, &c->project.config, c->project.wanted, c->project.config.folder, err))
		return proc_interrupted() ? STATUS_INTERRUPTED : STATUS_UNDECIDED;
	if (!open_base(c, err))
		return proc_interrupted() ? STATUS_INTERRUPTED : STATUS_UNDECIDED;
	c->base.revision = c->base_tree.revision ? c->base_tree.revision : "";
	if (!measure_sides(c, err))
		return STATUS_UNDECIDED;
	if (proc_interrupted())
		return interrupted(c, err);
	/* First the measured values, which also gives the runs their ids. */
	if (!write_runs(c, err))
		return STATUS_UNDECIDED;
	judge_check(c);
	if (!write_reports(c, err))
		return STATUS_UNDECIDED;
	if (c->options->save && has_measured(&c->head) && !save(c, err))
		return c->verdict.status == 1 ? STATUS_REGRESSED : STATUS_UNDECIDED;
	return (enum status)c->verdict.status;
}

static enum status check_run(struct call *call, struct err *err)
{
	struct check c = {.arena = call->arena, .options = call->options, .progress = progress_init()};
	enum status status = run_check(&c, err);

	progress_clear(&c.progress);
	side_close(&c.base_tree);
	return status;
}

#define AT(field) offsetof(struct options, field)

static const struct option check_options[] = {
	{"base", 'b', OPTION_TEXT, "REV", AT(base), "hold the working tree against the merge base of REV and HEAD"},
	{"base-exact", 0, OPTION_TEXT, "REV", AT(base_exact), "against REV itself"},
	{"base-dir", 0, OPTION_TEXT, "DIR", AT(base_dir), "against a folder that is built already"},
	{"baseline", 0, OPTION_TEXT, "NAME", AT(baseline),
	 "against the stored baseline NAME (default: that of pawl.yml)"},
	{"save", 0, OPTION_FLAG, NULL, AT(save), "add this run to the stored baseline, with its verdict"},
	{"suite", 's', OPTION_TEXTS, "S", AT(suites), "only this suite; may be given several times"},
	{"filter", 'f', OPTION_TEXT, "RE", AT(filter), "only benchmarks whose name or suite/name matches"},
	{"pairs", 0, OPTION_COUNT, "N", AT(pairs), "pairs (or slices, without a base) a benchmark; 20"},
	{"seed", 0, OPTION_SEED, "N", AT(seed), "of the random order; printed in every report"},
	{"fail-on", 0, OPTION_TEXT, "SEV", AT(fail_on), "LOW, MEDIUM, HIGH or CRITICAL; overrides pawl.yml"},
	{"require-baseline", 0, OPTION_FLAG, NULL, AT(require_baseline),
	 "a series without a baseline makes the exit status 3"},
	{"out", 'o', OPTION_TEXT, "DIR", AT(out), "where the reports go (default: pawl-report)"},
	{"verbose", 'v', OPTION_FLAG, NULL, AT(verbose), "show the rows that did not change, too"},
	{"json", 0, OPTION_FLAG, NULL, AT(json), "print verdict.json instead of the text"},
	{"config", 'c', OPTION_TEXT, "FILE", AT(config), "another pawl.yml"},
	{0},
};

const struct command command_check = {
	.name = "check",
	.summary = "Measure the suites, hold them against a base, fail when something became slower",
	.words = "",
	.examples = "  pawl check --base main             before a merge, or on a pull request\n"
		    "  pawl check --base-exact HEAD~1     the last commit alone\n"
		    "  pawl check --save                  on main: compare with the stored runs, then add this one\n"
		    "  pawl check --base main --filter '^orders/BM_discount$' --pairs 60\n",
	.details =
		"The head is the working tree as it stands, built in place.  Reports go to pawl-report/:\n"
		"regression_report.csv, junit.xml, verdict.json and the run files base.json and head.json.\n\n"
		"Exit status: 1 a regression at or above fail_on, or a benchmark that is gone under `missing: fail`;\n"
		"3 a benchmark failed on the head alone, or nothing could be checked; 2 wrong usage or\n"
		"configuration; 0 otherwise; 130 interrupted.\n",
	.options = check_options,
	.options_size = sizeof(struct options),
	.run = check_run,
};
