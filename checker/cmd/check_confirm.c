/* Settling what looks worse than the stored runs: their commit is built and measured side by side with the head. */
#include "cmd/check.h"

#include "base/clock.h"
#include "base/text.h"
#include "flow/judge_drift.h"
#include "flow/side_same.h"
#include "model/name.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
	MOST_COMMITS = 3, /* series whose newest runs were called slower have another baseline; more are rare */
	MOST_FILTER_BYTES =
		20000, /* a longer pattern may not compile; then all benchmarks of the suites are measured */
};

/* Suspects that have one commit as their baseline. */
struct suspects {
	const char *revision;
	const struct finding **rows;
	size_t count;
};

static bool was_slower(const struct judge_stored *stored, const struct finding *f)
{
	for (size_t i = 0; i < stored->slower_count; i++) {
		if (name_is_series(stored->slower[i], f->suite, f->bench, f->metric))
			return true;
	}
	return false;
}

/* The commit of the newest stored run that counts for the series and was one; NULL: none was. */
static const char *baseline_commit(const struct check *c, const struct finding *f)
{
	for (size_t i = c->window.count; i > 0; i--) {
		const struct judge_stored *stored = &c->window.runs[i - 1];
		const struct run *run = stored->run;

		if (*run->revision && !run->dirty && !was_slower(stored, f) && run_find(run, f->suite, f->bench))
			return run->revision;
	}
	return NULL;
}

static struct suspects *suspects_of(struct suspects *all, size_t *count, const char *revision)
{
	for (size_t i = 0; i < *count; i++) {
		if (text_equal(all[i].revision, revision))
			return &all[i];
	}
	if (*count == MOST_COMMITS)
		return NULL;
	all[*count].revision = revision;
	return &all[(*count)++];
}

/* Everything at once looks slower: which of it is the code, only its commit can tell. */
static bool has_drifted(const struct verdict *v)
{
	for (size_t i = 0; i < v->finding_count; i++) {
		if (drift_is_row(&v->findings[i]) && v->findings[i].p.known)
			return v->findings[i].p.value < JUDGE_DRIFT_SUSPECT_BELOW;
	}
	return false;
}

/* `*unknown`: suspects whose baseline is no commit. */
static size_t find_suspects(struct check *c, const struct verdict *v, struct suspects *all, size_t *unknown)
{
	size_t count = 0;
	double below = has_drifted(v) ? INFINITY : JUDGE_SUSPECT_BELOW;

	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];
		struct suspects *group;
		const char *commit;

		if (!f->gated || f->state != STATE_JUDGED || !f->p.known || f->p.value >= below || drift_is_row(f) ||
		    text_equal(f->method, "exact")) /* counts need no second opinion */
			continue;
		commit = baseline_commit(c, f);
		group = commit ? suspects_of(all, &count, commit) : NULL;
		if (!group) {
			++*unknown;
			continue;
		}
		if (!group->rows)
			group->rows = NEW_ARRAY(c->arena, const struct finding *, v->finding_count);
		group->rows[group->count++] = f;
	}
	return count;
}

/* PCRE2 for exactly these benchmarks, or NULL when that would be too long. */
static const char *filter_of(struct arena *a, const struct suspects *s)
{
	struct buf b = {.arena = a};

	buf_text(&b, "^(?:");
	for (size_t i = 0; i < s->count; i++) {
		const char *name = arena_printf(a, "%s/%s", s->rows[i]->suite, s->rows[i]->bench);
		const char *hash = strrchr(name, '#');

		buf_text(&b, i ? "|" : "");
		for (const char *at = name; *at; at++) {
			/* The number of one of several benchmarks of a name is not part of what a filter sees. */
			if (at == hash && at[1] && strspn(at + 1, "0123456789") == strlen(at + 1))
				break;
			if (strchr(".[](){}*+?^$|\\#", *at))
				buf_char(&b, '\\');
			buf_char(&b, *at);
		}
	}
	buf_text(&b, ")$");
	return b.size <= MOST_FILTER_BYTES ? buf_string(&b) : NULL;
}

static bool *suites_of(const struct check *c, const struct suspects *s)
{
	const struct config *config = &c->project.config;
	bool *wanted = NEW_ARRAY(c->arena, bool, config->suite_count);

	for (size_t i = 0; i < s->count; i++) {
		for (size_t k = 0; k < config->suite_count; k++)
			wanted[k] = wanted[k] || text_equal(config->suites[k].name, s->rows[i]->suite);
	}
	return wanted;
}

static void draw(void *to, const struct measure_progress *m)
{
	progress_draw(to, m);
}

static bool measure_suspects(struct check *c, const struct suspects *s, const bool *wanted, struct side_tree *tree,
			     size_t family, struct judge_confirmation *out, struct err *err)
{
	struct run *runs = NEW_ARRAY(c->arena, struct run, 2);
	struct measure_side base = {.folder = tree->folder, .run = &runs[0], .absent = tree->absent, .own = tree->own};
	struct measure_side head = {.folder = c->project.config.folder, .run = &runs[1]};
	struct judge_request judge = check_request(c);
	struct measure_request request = {
		.config = &c->project.config,
		.wanted = wanted,
		.filter = filter_of(c->arena, s),
		.seed = c->head.seed + 1,
		.judge = &judge,
		.family = family,
		.profiles = MEASURE_PROFILES,
		.slices = 1, /* what the commit does not have needs no more */
		.budget_ns = c->budget_ns,
		.spent_ns = clock_ns() - c->started_ns,
		.base = &base,
		.head = &head,
		.to = &c->progress,
		.progress = draw,
	};

	if (!c->options->measure_identical)
		request.same_code = side_same_code(c->arena, &c->project.config, wanted, tree);
	project_init_run(c->arena, &runs[0], c->head.check_id, request.seed);
	project_init_run(c->arena, &runs[1], c->head.check_id, request.seed);
	project_mark_head(c->arena, &c->project, &runs[1]);
	runs[0].revision = s->revision;
	judge.mode = JUDGE_INTERLEAVED;
	judge.base = &runs[0];
	judge.head = &runs[1];
	*out = (struct judge_confirmation){
		.base = &runs[0], .head = &runs[1], .title = project_short_id(c->arena, s->revision)};
	return measure(c->arena, &request, err);
}

static bool settle(struct check *c, const struct suspects *s, size_t family, struct err *err)
{
	bool *wanted = suites_of(c, s);
	struct side_tree tree;
	bool ok;

	progress_say(&c->progress,
		     "pawl: %zu series may be slower than the stored runs; building %s to measure them side by side\n",
		     s->count, project_short_id(c->arena, s->revision));
	if (!side_open_commit(c->arena, &c->project.config, wanted, &c->project.repo, s->revision, &tree, err))
		return false;
	ok = measure_suspects(c, s, wanted, &tree, family, &c->confirmations[c->confirmation_count], err);
	progress_clear(&c->progress);
	c->confirmation_count += ok;
	side_close(&tree);
	return ok;
}

/* Why nothing can be settled here, or NULL. */
static const char *obstacle(const struct check *c)
{
	if (*c->project.git_problem)
		return c->project.git_problem;
	if (!c->project.has_repo)
		return "this is no git repository";
	return NULL;
}

static size_t gated_count(const struct verdict *v)
{
	size_t count = 0;

	for (size_t i = 0; i < v->finding_count; i++)
		count += v->findings[i].gated;
	return count;
}

static bool any_slower(const struct verdict *v)
{
	for (size_t i = 0; i < v->finding_count; i++) {
		if (v->findings[i].gated && v->findings[i].outcome == OUTCOME_SLOWER)
			return true;
	}
	return false;
}

void check_confirm(struct check *c)
{
	struct suspects groups[MOST_COMMITS] = {0};
	struct verdict screened = {0};
	struct judge_request request;
	size_t count, unknown = 0;
	const char *why = obstacle(c);
	struct err err = {0};

	if (c->interleaved || !c->window.count || c->options->no_confirm)
		return;
	request = check_request(c);
	judge(c->arena, &request, &screened);
	count = find_suspects(c, &screened, groups, &unknown);
	c->confirmations = NEW_ARRAY(c->arena, struct judge_confirmation, MOST_COMMITS);
	for (size_t i = 0; !why && i < count && !proc_interrupted(); i++) {
		const char *id;

		if (!git_resolve(c->arena, &c->project.repo, groups[i].revision, &id, &err) ||
		    !settle(c, &groups[i], gated_count(&screened), &err))
			why = arena_string(c->arena, err.text);
	}
	if (!why && unknown)
		why = "their stored runs are of no commit (measured outside git, or with uncommitted changes)";
	/* What passes anyway needs no excuse. */
	if (why && any_slower(&screened) && !proc_interrupted())
		c->unconfirmed = arena_printf(
			c->arena, "held against stored runs alone; they could not be measured side by side: %s", why);
}
