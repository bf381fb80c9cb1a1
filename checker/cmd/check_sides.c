/* The options of a check, its two sides, and their measuring. */
#include "cmd/check.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/quantity.h"
#include "base/regex.h"
#include "base/text.h"
#include "flow/attribute.h"
#include "flow/side_same.h"

#include <unistd.h>

enum { DEFAULT_SLICES = 20 };

static bool check_bases(struct check *c, struct err *err)
{
	const struct check_options *o = c->options;

	if (!!o->base + !!o->base_exact + !!o->base_dir + !!o->base_bin + !!o->baseline > 1)
		return err_set(err, "--base, --base-exact, --base-dir, --base-bin and --baseline exclude each other");
	if (o->aa && (o->base || o->base_exact || o->base_dir || o->base_bin || o->baseline || o->save || o->plan))
		return err_set(err, "--aa holds the head against itself: it takes no base, no --save and no --plan");
	c->interleaved = o->base || o->base_exact || o->base_dir || o->base_bin || o->aa;
	if (o->base_dir && !file_is_dir(o->base_dir))
		return err_set(err, "--base-dir %s: no such folder", o->base_dir);
	if (o->base_bin && !file_exists(o->base_bin))
		return err_set(err, "--base-bin %s: no such program", o->base_bin);
	if (o->base_bin && (file_is_dir(o->base_bin) || access(o->base_bin, X_OK) != 0))
		return err_set(err, "--base-bin %s: is no program that may be run", o->base_bin);
	if (!o->base && !o->base_exact)
		return true;
	if (*c->project.git_problem)
		return err_set(err, "%s", c->project.git_problem);
	if (!c->project.has_repo)
		return err_set(err,
			       "%s lies in no git repository, so there is no revision '%s'; --base-dir takes a folder",
			       c->project.config.folder, o->base ? o->base : o->base_exact);
	return o->base ? git_merge_base(c->arena, &c->project.repo, o->base, &c->base_id, err)
		       : git_resolve(c->arena, &c->project.repo, o->base_exact, &c->base_id, err);
}

static bool take_budget(struct check *c, struct err *err)
{
	struct quantity q;

	c->budget_ns = c->project.config.budget_ns;
	if (!c->options->budget)
		return true;
	if (!quantity_parse(c->options->budget, 1u << QUANTITY_DURATION, &q, err))
		return err_context(err, "--budget");
	c->budget_ns = (int64_t)q.value;
	return true;
}

static size_t wanted_count(const struct check *c)
{
	size_t count = 0;

	for (size_t i = 0; i < c->project.config.suite_count; i++)
		count += c->project.wanted[i];
	return count;
}

/* The window is loaded before anything is built: a damaged store is told at once. */
static bool load_window(struct check *c, struct err *err)
{
	struct window_request request = {
		.config = &c->project.config,
		.store = &c->store,
		.baseline = c->baseline,
		.machine_class = c->head.host.machine_class,
		.wanted = c->project.wanted,
		.filter = c->options->filter,
	};

	return window_load(c->arena, &request, &c->window, err);
}

bool check_prepare(struct check *c, struct err *err)
{
	const struct check_options *o = c->options;
	struct regex *filter;

	if (o->fail_on && (!severity_find(o->fail_on, &c->fail_on) || c->fail_on == SEVERITY_NONE))
		return err_set(err, "--fail-on takes LOW, MEDIUM, HIGH or CRITICAL, not '%s'", o->fail_on);
	if (o->junit_dialect && !junit_dialect_find(o->junit_dialect, &c->junit_dialect, err))
		return false;
	if (o->filter && !regex_compile(c->arena, o->filter, &filter, err))
		return err_context(err, "--filter");
	if (!project_open(c->arena, o->config, &o->suites, &c->project, err))
		return false;
	c->out_dir = o->out ? o->out : path_join(c->arena, c->project.config.folder, c->project.config.report_dir);
	c->baseline = o->baseline ? o->baseline : c->project.config.baseline_name;
	project_init_run(c->arena, &c->head, project_check_id(c->arena, c->head.seed), c->head.seed);
	project_mark_head(c->arena, &c->project, &c->head);
	project_init_run(c->arena, &c->base, c->head.check_id, c->head.seed);
	if (!check_bases(c, err) ||
	    (c->interleaved && !o->base_bin && !project_check_programs(c->arena, &c->project, err)) ||
	    !take_budget(c, err) || !project_store(c->arena, &c->project, &c->store, err))
		return false;
	if (!project_accepted(c->arena, &c->project, c->project.config.folder, &c->accepted, err))
		return false;
	if (o->base_bin && wanted_count(c) != 1)
		return err_set(err, "--base-bin is the program of one suite; say which with --suite");
	return c->interleaved || load_window(c, err);
}

static bool open_program(struct check *c)
{
	c->base_tree = (struct side_tree){.folder = c->project.config.folder, .revision = ""};
	c->base_tree.title = arena_printf(c->arena, "program %s", c->options->base_bin);
	return true;
}

bool check_open_base(struct check *c, struct err *err)
{
	const struct check_options *o = c->options;
	struct arena *a = c->arena;

	if (o->base_bin)
		return open_program(c);
	if (o->base_dir)
		return side_open_folder(a, &c->project.config, c->project.wanted, o->base_dir, &c->base_tree, err);
	if (c->base_id) {
		progress_say(&c->progress, "pawl: building the base %s, unless the cache has it\n",
			     project_short_id(a, c->base_id));
		if (!side_open_commit(a, &c->project.config, c->project.wanted, &c->project.repo, c->base_id,
				      &c->base_tree, err))
			return false;
		c->base.revision = c->base_id;
		c->base_tree.title =
			o->base ? arena_printf(a, "%s (merge base of %s)", project_short_id(a, c->base_id), o->base)
				: arena_printf(a, "%s (%s)", project_short_id(a, c->base_id), o->base_exact);
		return true;
	}
	c->base_tree.title = c->window.count ? arena_printf(a, "baseline %s, %zu run%s", c->baseline, c->window.count,
							    c->window.count == 1 ? "" : "s")
					     : arena_printf(a, "baseline %s, empty on this machine class", c->baseline);
	return true;
}

const char *check_head_title(const struct check *c)
{
	const struct git_state *s = &c->project.state;

	if (!*s->revision)
		return "working tree";
	return arena_printf(c->arena, "%s%s", project_short_id(c->arena, s->revision),
			    s->dirty ? " with uncommitted changes" : "");
}

static void take_plan(void *to, const struct measure_plan *plan)
{
	struct check *c = to;
	struct measure_plan *kept = NEW(c->arena, struct measure_plan);

	*kept = *plan;
	c->plan = kept;
	if (c->quiet)
		return;
	progress_say(&c->progress, "pawl: base %s, head: %s; %zu benchmark%s, %s%s\n", c->base_tree.title,
		     check_head_title(c), plan->bench_count, plan->bench_count == 1 ? "" : "s",
		     plan->expected_ns ? "about " : "nothing to measure",
		     plan->expected_ns ? quantity_duration(c->arena, (double)plan->expected_ns) : "");
}

static void draw(void *to, const struct measure_progress *m)
{
	struct check *c = to;

	progress_draw(&c->progress, m);
}

/* Suites that only the base's pawl.yml has become rows that are gone, unless other suites or benchmarks were asked for. */
static void add_removed(struct check *c)
{
	if (c->options->suites.count || c->options->filter)
		return;
	for (size_t i = 0; i < c->base_tree.removed_count; i++) {
		struct slice_table *t = run_add(c->arena, &c->base, c->base_tree.removed[i], "*");

		t->clock = "cpu_time";
		t->reason = "";
	}
}

static const char *program_path(const struct check *c, const struct suite_settings *s)
{
	const char *folder = path_join(c->arena, c->project.config.folder, s->cwd ? s->cwd : ".");

	return path_join(c->arena, folder, s->run[0]);
}

/* A pair of sides is profiled where something was called; a run that is stored carries profiles; and so does one that only
 * the profiles of stored runs can explain. */
static bool wants_profiles(const struct check *c)
{
	bool settles = c->project.has_repo && !c->options->no_confirm;

	if (c->options->aa)
		return false;
	return c->interleaved || c->options->save || (!settles && c->window.count >= ATTRIBUTE_LEAST_RUNS);
}

bool check_measure(struct check *c, struct err *err)
{
	const struct check_options *o = c->options;
	struct measure_side base = {
		.folder = c->base_tree.folder,
		.run = &c->base,
		.absent = c->base_tree.absent,
		.own = c->base_tree.own,
		.program = o->base_bin,
	};
	struct measure_side head = {.folder = c->project.config.folder, .run = &c->head};
	struct judge_request judge = check_request(c);
	struct measure_request request = {
		.config = &c->project.config,
		.wanted = c->project.wanted,
		.filter = o->filter,
		.seed = c->head.seed,
		.pairs = (size_t)o->pairs,
		.slices = o->pairs ? (size_t)o->pairs : DEFAULT_SLICES,
		.judge = &judge,
		.improvements = o->improvements,
		.budget_ns = c->budget_ns,
		.spent_ns = clock_ns() - c->started_ns,
		.plan_only = o->plan,
		.profiles = wants_profiles(c) ? MEASURE_PROFILES : MEASURE_NO_PROFILES,
		.base = c->interleaved ? &base : NULL,
		.head = &head,
		.to = c,
		.progress = draw,
		.plan = take_plan,
	};
	bool ok;

	for (size_t i = 0; o->base_bin && i < c->project.config.suite_count; i++) {
		if (c->project.wanted[i])
			head.program = program_path(c, &c->project.config.suites[i]);
	}
	if (c->interleaved && !o->measure_identical && !o->aa && !o->base_bin)
		request.same_code = side_same_code(c->arena, &c->project.config, c->project.wanted, &c->base_tree);
	ok = measure(c->arena, &request, err);
	progress_clear(&c->progress);
	if (ok)
		add_removed(c);
	return ok;
}
