/* From two measured runs to the reports, the store and the plan. */
#include "cmd/check.h"

#include "base/file.h"
#include "base/quantity.h"
#include "base/text.h"
#include "cmd/histories.h"
#include "cmd/hottest.h"
#include "cmd/runner.h"
#include "flow/confirm.h"
#include "flow/judge.h"
#include "flow/stacks.h"
#include "model/run_json.h"
#include "report/report.h"
#include "stats/power.h"
#include "stats/sample.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void check_clear_reports(const struct check *c)
{
	static const char *const runs[] = {"base.json",           "head.json",           "confirm-1-base.json",
					   "confirm-1-head.json", "confirm-2-base.json", "confirm-2-head.json",
					   "confirm-3-base.json", "confirm-3-head.json"};

	for (size_t i = 0; i < report_format_count; i++) {
		if (report_formats[i]->file)
			unlink(path_join(c->arena, c->out_dir, report_formats[i]->file));
	}
	for (size_t i = 0; i < sizeof runs / sizeof runs[0]; i++)
		unlink(path_join(c->arena, c->out_dir, runs[i]));
	stacks_clear(c->arena, c->out_dir);
}

static bool write_run(struct check *c, struct run *run, const char *name, struct err *err)
{
	struct str text;

	if (!stacks_write(c->arena, run, c->out_dir, err))
		return false;
	text = run_to_json(c->arena, run);
	return file_write(path_join(c->arena, c->out_dir, name), text.at, text.size, err);
}

bool check_write_runs(struct check *c, struct err *err)
{
	if (!dir_make(c->out_dir, err) || !write_run(c, &c->head, "head.json", err) ||
	    (c->interleaved && !write_run(c, &c->base, "base.json", err)))
		return false;
	for (size_t i = 0; i < c->confirmation_count; i++) {
		const struct judge_confirmation *pair = &c->confirmations[i];

		if (!write_run(c, pair->base, arena_printf(c->arena, "confirm-%zu-base.json", i + 1), err) ||
		    !write_run(c, pair->head, arena_printf(c->arena, "confirm-%zu-head.json", i + 1), err))
			return false;
	}
	return true;
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

/* A metric that pawl.yml gates and no benchmark gives, or whose direction nobody knows, gates nothing: said aloud. */
static void warn_of_metric(struct check *c, const struct suite_settings *s, const char *metric)
{
	const struct verdict *v = &c->verdict;
	bool measured = false, given = false, gated = false;
	const char *warning;

	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (!text_equal(f->suite, s->name))
			continue;
		measured = measured || f->samples_head;
		given = given || text_equal(f->metric, metric);
		gated = gated || (text_equal(f->metric, metric) && f->gated);
	}
	if (gated || !measured)
		return;
	warning =
		given ? arena_printf(c->arena,
				     "suite %s: `%s` is reported, but not gated: nobody knows which direction is worse",
				     s->name, metric)
		      : arena_printf(c->arena, "suite %s: no benchmark gives the metric `%s`; nothing is gated by it",
				     s->name, metric);
	add_warnings(c, "", &warning, 1);
}

static void warn_of_metrics(struct check *c)
{
	for (size_t i = 0; i < c->project.config.suite_count; i++) {
		const struct suite_settings *s = &c->project.config.suites[i];

		/* A suite that is measured as a whole has no memory per benchmark. */
		for (size_t j = 0; c->project.wanted[i] && j < s->metric_count; j++) {
			if (!text_equal(s->metrics[j], "time") &&
			    !(s->kind->whole_suite && text_equal(s->metrics[j], "max_rss")))
				warn_of_metric(c, s, s->metrics[j]);
		}
	}
}

/* The command that measures one row of this check again. */
static const char *repeat_line(const struct check *c)
{
	const struct check_options *o = c->options;
	struct buf b = {.arena = c->arena};

	buf_text(&b, "pawl check");
	if (o->config)
		buf_printf(&b, " --config %s", text_shell_quoted(c->arena, o->config));
	if (o->base_dir)
		buf_printf(&b, " --base-dir %s", text_shell_quoted(c->arena, o->base_dir));
	else if (o->base_bin)
		buf_printf(&b, " --base-bin %s", text_shell_quoted(c->arena, o->base_bin));
	else if (c->interleaved)
		buf_printf(&b, " --base-exact %s", project_short_id(c->arena, c->base.revision));
	else if (o->baseline)
		buf_printf(&b, " --baseline %s", text_shell_quoted(c->arena, o->baseline));
	buf_text(&b, " --filter %s");
	return buf_string(&b);
}

/* A base that has an acceptance, too, has the slowdown that it is about. */
static void drop_merged(struct check *c)
{
	struct accepted_list base;
	struct err err;

	if (!c->interleaved || c->options->base_bin)
		return;
	if (project_accepted(c->arena, &c->project, c->base_tree.folder, &base, &err))
		c->accepted = accepted_since(c->arena, &c->accepted, &base);
	else
		run_warn(c->arena, &c->base, "%s", err.text);
}

struct judge_request check_request(struct check *c)
{
	const struct config *config = &c->project.config;

	return (struct judge_request){
		.mode = c->interleaved ? JUDGE_INTERLEAVED : JUDGE_STORED,
		.rules = config->rules,
		.rule_count = config->rule_count,
		.suites = judge_suites(c),
		.suite_count = config->suite_count,
		.base = &c->base,
		.head = &c->head,
		.window = c->window.runs,
		.window_count = c->window.count,
		.window_size = (size_t)config->window,
		.confirmations = c->confirmations,
		.confirmation_count = c->confirmation_count,
		.foreign = c->window.foreign,
		.foreign_count = c->window.foreign_count,
		.other_class = c->window.other_class,
		.missing_fails = config->missing_fails,
		.undecided_fails = config->undecided_fails,
		.excuses = c->excuses,
		.excuse_count = c->excuse_count,
		.require_baseline = c->options->require_baseline,
		.has_fail_on = c->options->fail_on != NULL,
		.fail_on = c->fail_on,
		.budgets = config->budgets,
		.budget_count = config->budget_count,
		.partial = c->options->filter || c->options->suites.count,
		.accepted = &c->accepted,
		.today = project_today(),
		.renames = config->renames,
		.rename_count = config->rename_count,
	};
}

void check_judge(struct check *c)
{
	struct verdict *v = &c->verdict;
	struct judge_request request;

	drop_merged(c);
	request = check_request(c);
	judge(c->arena, &request, v);
	v->base_title = c->base_tree.title;
	v->baseline = c->interleaved ? "" : c->baseline;
	v->head_title = check_head_title(c);
	v->check_id = c->head.check_id;
	v->started = c->head.started;
	v->seed = c->head.seed;
	v->repeat = repeat_line(c);
	add_warnings(c, "", c->base_tree.changes, c->base_tree.change_count);
	add_warnings(c, "base: ", c->base.warnings, c->base.warning_count);
	add_warnings(c, "", c->head.warnings, c->head.warning_count);
	warn_of_metrics(c);
	if (c->unconfirmed)
		add_warnings(c, "", &c->unconfirmed, 1);
}

static void print_report(struct check *c, const char *name, const struct report_options *options, FILE *file)
{
	struct buf out = {.arena = c->arena};

	report_find(name)->write(&out, &c->verdict, options);
	fwrite(buf_string(&out), 1, out.size, file);
}

/* Commands to a runner are noise to everybody else.  A runner reads them from both streams; --json keeps one clean. */
static bool is_annotated(const struct config *config)
{
	for (size_t i = 0; i < config->format_count; i++) {
		if (text_equal(config->formats[i], "github"))
			return runner_is_github();
	}
	return false;
}

/* The stored runs as reports take them. */
static const struct report_stored *stored_runs(struct check *c)
{
	struct report_stored *runs = NEW_ARRAY(c->arena, struct report_stored, c->window.count);

	for (size_t i = 0; i < c->window.count; i++) {
		const struct judge_stored *from = &c->window.runs[i];

		runs[i] = (struct report_stored){from->run, from->slower, from->slower_count};
	}
	return runs;
}

static const struct report_pair *settling_runs(struct check *c)
{
	struct report_pair *pairs = NEW_ARRAY(c->arena, struct report_pair, c->confirmation_count);

	for (size_t i = 0; i < c->confirmation_count; i++)
		pairs[i] = (struct report_pair){c->confirmations[i].base, c->confirmations[i].head};
	return pairs;
}

/* Without it a report draws the window. */
static void add_histories(struct check *c, struct report_options *options)
{
	struct histories_request request = {.project = &c->project,
					    .store = &c->store,
					    .baseline = c->baseline,
					    .machine_class = c->head.host.machine_class,
					    .verdict = &c->verdict};
	bool drawn = false;
	struct err err;

	for (size_t i = 0; i < c->project.config.format_count; i++)
		drawn = drawn || report_find(c->project.config.formats[i])->draws;
	if (drawn && c->window.count && !histories_find(c->arena, &request, options, &err))
		progress_say(&c->progress, "pawl: its history is not drawn: %s\n", err.text);
}

bool check_write_reports(struct check *c, struct err *err)
{
	const struct config *config = &c->project.config;
	struct report_options options = {.config = config->path,
					 .dir = c->out_dir,
					 .folder = runner_folder(c->arena),
					 .all_rows = c->options->verbose,
					 .junit_dialect = c->junit_dialect,
					 .base = c->interleaved ? &c->base : NULL,
					 .head = &c->head,
					 .window = stored_runs(c),
					 .window_count = c->interleaved ? 0 : c->window.count,
					 .confirmations = settling_runs(c),
					 .confirmation_count = c->confirmation_count,
					 .renames = config->renames,
					 .rename_count = config->rename_count};
	bool ok;

	add_histories(c, &options);
	hottest_add(c->arena, &c->head, &options);
	ok = report_write_all(c->arena, &c->verdict, &options, c->out_dir, config->formats, config->format_count, err);
	print_report(c, c->options->json ? "json" : "text", &options, stdout);
	if (is_annotated(config))
		print_report(c, "github", &options, c->options->json ? stderr : stdout);
	return ok;
}

/* The run goes into the store with what it was called slower in, so that it does not become the new normal there; what was
 * accepted for good does. */
bool check_save(struct check *c, struct err *err)
{
	const struct verdict *v = &c->verdict;
	const char **slower = NEW_ARRAY(c->arena, const char *, v->finding_count);
	size_t count = 0;

	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (f->gated &&
		    (f->only_slower_runs || (f->outcome == OUTCOME_SLOWER && (f->state == STATE_JUDGED || *f->until))))
			slower[count++] = arena_printf(c->arena, "%s/%s:%s", f->suite, f->bench, f->metric);
	}
	if (!stacks_save(c->arena, &c->head, &c->store, c->baseline, err) ||
	    !c->store.kind->save(c->arena, c->store.place, c->baseline, &c->head, slower, count, err))
		return false;
	progress_say(&c->progress, "pawl: saved as %s in baseline %s\n", project_short_id(c->arena, c->head.id),
		     c->baseline);
	return true;
}

/* ---- the plan ---- */

/* The smallest change that the job would see, by the scatter inside the newest stored run; unknown without one. */
static const char *visible_effect(struct check *c, const char *title, const struct measure_job *j, size_t series)
{
	const struct run *run = c->window.count ? c->window.runs[c->window.count - 1].run : NULL;

	for (size_t i = 0; run && i < run->table_count; i++) {
		const struct slice_table *t = &run->tables[i];
		size_t n;
		double *x, *logs;

		if (!text_equal(title, arena_printf(c->arena, "%s/%s", t->suite, t->bench)))
			continue;
		x = table_series(c->arena, t, t->clock, &n);
		logs = NEW_ARRAY(c->arena, double, n);
		for (size_t k = 0; k < n; k++)
			logs[k] = log(x[k]);
		if (n > 2) {
			/* A pair differs by the scatter of two slices. */
			double sd = sqrt(2) * SAMPLE_MAD_TO_SD * sample_mad(c->arena, logs, n);
			double alpha = 0.05 / (double)series, shift = log1p(0.01);
			double mde = j->screens ? shift + sd * confirm_mde(alpha)
						: signed_rank_mde(sd, j->pairs, shift, alpha, 0.8);

			if (isfinite(mde))
				return arena_printf(c->arena, "%.2g %%", 100 * expm1(mde));
		}
	}
	return "unknown";
}

/* The lines of a program stay lines; what they hold is inert. */
static void print_lines(struct arena *a, const char *text)
{
	while (*text) {
		size_t size = strcspn(text, "\n");

		printf("%s\n", text_inert_copy(a, arena_copy(a, text, size)));
		text += size + (text[size] == '\n');
	}
}

/* Suites that could not be listed; how many. */
static size_t print_dead_suites(const struct check *c)
{
	size_t dead = 0;

	for (size_t i = 0; i < c->head.suite_count; i++) {
		if (!*c->head.suites[i].failure)
			continue;
		dead++;
		printf("%s cannot be measured: ", c->head.suites[i].name);
		print_lines(c->arena, c->head.suites[i].failure);
	}
	return dead;
}

/* "6-66": what screens, and what it may take at most. */
static const char *planned_pairs(struct arena *a, const struct measure_job *j)
{
	if (j->screens && j->pairs)
		return arena_printf(a, "%zu-%zu", j->pairs, j->pairs + CONFIRM_MOST_PAIRS);
	return arena_printf(a, "%zu", j->pairs);
}

bool check_print_plan(struct check *c)
{
	const struct measure_plan *p = c->plan;
	size_t columns = sizeof "BENCHMARK" - 1;

	for (size_t i = 0; p && i < p->job_count; i++) {
		size_t title = text_columns(text_inert_copy(c->arena, p->jobs[i].title));

		columns = title > columns ? title : columns;
	}
	printf("%-*s  %6s  %10s  %10s  %8s\n", (int)columns, "BENCHMARK", "PAIRS", "SLICE", "TIME", "SEES");
	for (size_t i = 0; p && i < p->job_count; i++) {
		const struct measure_job *j = &p->jobs[i];
		const char *title = text_inert_copy(c->arena, j->title);
		double ns = (double)j->slice_ns * (double)j->pairs * (j->one_side ? 1 : 2) + (double)j->counting_ns;

		printf("%s%*s  ", title, (int)(columns - text_columns(title)), "");
		if (j->stopped && j->counting_ns)
			printf("%6s  %10s  %10s  instructions alone\n", "", "",
			       quantity_duration(c->arena, (double)j->counting_ns));
		else if (j->stopped)
			printf("not measured: %s\n", j->same_code  ? "the same code on both sides"
						     : j->left_out ? "no time within the budget"
								   : "gone, skipped or failed");
		else
			printf("%6s  %10s  %10s  %8s%s\n", planned_pairs(c->arena, j),
			       quantity_duration(c->arena, (double)j->slice_ns), quantity_duration(c->arena, ns),
			       j->pairs ? visible_effect(c, j->title, j, p->job_count) : "nothing",
			       j->pairs ? "" : ": no time within the budget");
	}
	if (p && p->expected_ns)
		printf("in all about %s\n", quantity_duration(c->arena, (double)p->expected_ns));
	return !print_dead_suites(c) && p && p->job_count;
}
