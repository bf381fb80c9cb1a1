/* One step of a bisection: a tree is built, measured beside the good one, and judged. */
#include "cmd/bisect.h"

#include "base/proc.h"
#include "base/random.h"
#include "base/text.h"
#include "flow/judge.h"
#include "flow/measure.h"

bool bisect_open(struct bisect *b, const char *id, struct side_tree *out, struct err *err)
{
	const struct config *c = &b->project.config;

	if (!side_open_commit(b->arena, c, b->project.wanted, &b->project.repo, id, out, err))
		return false;
	for (size_t i = 0; i < c->suite_count; i++) {
		if (!b->project.wanted[i] || !out->absent[i])
			continue;
		side_close(out);
		return err_set(err, "suite %s is not there, or does not build", c->suites[i].name);
	}
	return true;
}

static struct judge_request judge_request(struct bisect *b, struct run *runs)
{
	const struct config *c = &b->project.config;
	struct judge_suite *suites = NEW_ARRAY(b->arena, struct judge_suite, c->suite_count);

	for (size_t i = 0; i < c->suite_count; i++)
		suites[i] = (struct judge_suite){.name = c->suites[i].name,
						 .metrics = c->suites[i].metrics,
						 .metric_count = c->suites[i].metric_count,
						 .place = ""};
	/* No budgets and nothing accepted: where a slowdown came from is asked, not whether it is agreed to. */
	return (struct judge_request){
		.mode = JUDGE_INTERLEAVED,
		.rules = c->rules,
		.rule_count = c->rule_count,
		.suites = suites,
		.suite_count = c->suite_count,
		.base = &runs[0],
		.head = &runs[1],
		.partial = true,
		.today = project_today(),
		.renames = c->renames,
		.rename_count = c->rename_count,
	};
}

static void draw(void *to, const struct measure_progress *m)
{
	progress_draw(to, m);
}

bool bisect_measure(struct bisect *b, const struct side_tree *good, const struct side_tree *tree, size_t pairs,
		    struct verdict *out, struct err *err)
{
	struct run *runs = NEW_ARRAY(b->arena, struct run, 2);
	struct measure_side base = {.folder = good->folder, .run = &runs[0], .absent = good->absent};
	struct measure_side head = {.folder = tree->folder, .run = &runs[1], .absent = tree->absent};
	struct judge_request judging;
	struct measure_request request = {
		.config = &b->project.config,
		.wanted = b->project.wanted,
		.filter = b->filter,
		.seed = random_mix(b->seed, b->measured++),
		.pairs = pairs,
		.slices = 1, /* what the good commit does not have needs no more */
		.judge = &judging,
		.base = &base,
		.head = &head,
		.to = &b->progress,
		.progress = draw,
	};
	const char *check_id = project_check_id(b->arena, request.seed);
	bool ok;

	for (int i = 0; i < 2; i++)
		project_init_run(b->arena, &runs[i], check_id, request.seed);
	runs[0].revision = good->revision;
	runs[1].revision = tree->revision;
	judging = judge_request(b, runs);
	ok = measure(b->arena, &request, err);
	progress_clear(&b->progress);
	if (!ok)
		return false;
	if (proc_interrupted())
		return err_set(err, "interrupted");
	judge(b->arena, &judging, out);
	return true;
}

bool bisect_try(struct bisect *b, const struct side_tree *good, const struct side_tree *tree, struct verdict *v,
		enum bisect_mark *mark, const char **text, struct err *err)
{
	size_t pairs = (size_t)b->options->pairs;

	for (size_t look = 0; look < 2; look++) {
		if (!bisect_measure(b, good, tree, look && pairs < BISECT_MORE_PAIRS ? BISECT_MORE_PAIRS : pairs, v,
				    err))
			return false;
		if (!b->rows && !bisect_find_rows(b, v, err)) {
			*mark = BISECT_SKIPPED;
			*text = arena_string(b->arena, err->text);
			*err = (struct err){0};
			b->rows = NULL;
			return true;
		}
		*mark = bisect_mark(b, v, text);
		if (*mark != BISECT_UNKNOWN)
			return true;
	}
	*mark = BISECT_SKIPPED;
	*text = arena_printf(b->arena, "%s, which could be either", *text);
	return true;
}
