/* pawl bisect. */
#include "cmd/bisect.h"

#include "base/proc.h"
#include "base/quantity.h"
#include "base/random.h"
#include "base/text.h"
#include "git/line.h"

#include <stddef.h>
#include <string.h>

static const char *short_id(const struct bisect *b, const char *id)
{
	return project_short_id(b->arena, id);
}

/* What a commit that cannot be opened lacks, in one line. */
static const char *lack(struct arena *a, const struct err *err)
{
	static const char prefix[] = "the base does not build: ";
	const char *text = text_starts(err->text, prefix) ? err->text + sizeof prefix - 1 : err->text;

	return text_inert_copy(a, arena_copy(a, text, strcspn(text, "\n")));
}

/* Measures commit `at` and marks it.  False when the search cannot go on at all. */
static bool try_commit(struct bisect *b, struct bisect_search *s, const struct side_tree *good, size_t at,
		       struct err *err)
{
	static const char *const names[] = {[BISECT_UNKNOWN] = "unknown",
					    [BISECT_GOOD] = "good",
					    [BISECT_BAD] = "bad",
					    [BISECT_SKIPPED] = "skipped"};
	struct side_tree tree;
	struct verdict v = {0};
	const char *text;
	bool ok = true;

	if (bisect_open(b, s->ids[at], &tree, err)) {
		ok = bisect_try(b, good, &tree, &v, &s->marks[at], &text, err);
		side_close(&tree);
		if (!ok)
			return false;
	} else if (proc_interrupted()) {
		return false;
	} else {
		s->marks[at] = BISECT_SKIPPED;
		text = lack(b->arena, err);
		*err = (struct err){0};
	}
	progress_say(&b->progress, "bisect: %s %s: %s\n", short_id(b, s->ids[at]), names[s->marks[at]], text);
	return true;
}

/* The rows that are bad at the bad end, and how much.  Of a search inside of another one they are some of that one's. */
static bool take_rows(struct bisect *b, const struct bisect_row *outer, size_t outer_count, const struct verdict *v,
		      struct err *err)
{
	size_t kept = 0;

	if (!outer && !bisect_find_rows(b, v, err))
		return false;
	if (outer) {
		b->rows = NEW_ARRAY(b->arena, struct bisect_row, outer_count);
		memcpy(b->rows, outer, outer_count * sizeof *outer);
		b->row_count = outer_count;
	}
	for (size_t i = 0; i < b->row_count; i++) {
		const struct finding *f = bisect_finding(b, v, &b->rows[i]);

		if (!f || f->state != STATE_JUDGED || f->outcome != OUTCOME_SLOWER)
			continue;
		b->rows[kept] = b->rows[i];
		b->rows[kept].scale.full = bisect_change_of(f);
		kept += bisect_mark_of(f, &b->rows[kept].scale) == BISECT_BAD;
	}
	b->row_count = kept;
	return true;
}

/* Is there anything to find?  What a first look does not call is looked at longer. */
static bool measure_ends(struct bisect *b, struct bisect_search *s, const struct side_tree *good, struct err *err)
{
	struct verdict *v = NEW(b->arena, struct verdict);
	const struct bisect_row *outer = b->rows;
	size_t outer_count = b->row_count, pairs = (size_t)b->options->pairs;
	struct side_tree tree;
	bool ok = true;

	if (!bisect_open(b, s->ids[s->count - 1], &tree, err))
		return err_context(err, "the bad end %s", short_id(b, s->ids[s->count - 1]));
	for (int look = 0; ok && look < 2 && !s->slower; look++) {
		ok = bisect_measure(b, good, &tree, look && pairs < BISECT_MORE_PAIRS ? BISECT_MORE_PAIRS : pairs, v,
				    err) &&
		     take_rows(b, outer, outer_count, v, err);
		s->slower = ok && b->row_count;
	}
	side_close(&tree);
	if (!ok)
		return false;
	s->verdict = v;
	for (size_t i = 0; i < b->row_count; i++)
		progress_say(&b->progress, "bisect: %s bad: %s %s\n", short_id(b, s->ids[s->count - 1]),
			     b->rows[i].title, bisect_change_text(b->arena, bisect_finding(b, v, &b->rows[i])));
	return true;
}

static bool search_line(struct bisect *b, struct bisect_search *s, const struct side_tree *good, struct err *err)
{
	if (!measure_ends(b, s, good, err))
		return false;
	if (!s->slower)
		return true;
	s->marks[0] = BISECT_GOOD;
	s->marks[s->count - 1] = BISECT_BAD;
	s->answer = bisect_next(s->marks, s->count);
	progress_say(&b->progress, "bisect: %zu commit%s, about %zu step%s\n", s->count - 1, s->count == 2 ? "" : "s",
		     s->answer.steps, s->answer.steps == 1 ? "" : "s");
	for (; s->answer.step == BISECT_MEASURE; s->answer = bisect_next(s->marks, s->count)) {
		if (!try_commit(b, s, good, s->answer.at, err)) {
			if (proc_interrupted())
				progress_say(&b->progress, "bisect: interrupted; the first bad commit is in %s..%s\n",
					     short_id(b, s->ids[s->answer.low]), short_id(b, s->ids[s->answer.high]));
			return false;
		}
	}
	return true;
}

/* Searches between two commits, full ids. */
static bool search(struct bisect *b, const char *from, const char *to, struct bisect_search *s, struct err *err)
{
	struct side_tree good;
	bool ok;

	*s = (struct bisect_search){0};
	if (!git_line(b->arena, &b->project.repo, from, to, &s->ids, &s->count, err))
		return false;
	s->marks = NEW_ARRAY(b->arena, enum bisect_mark, s->count);
	if (!text_equal(s->ids[0], from))
		progress_say(
			&b->progress,
			"bisect: %s is not on the line of first parents of %s; %s, where that line left it, is taken "
			"for good\n",
			short_id(b, from), short_id(b, to), short_id(b, s->ids[0]));
	progress_say(&b->progress, "bisect: building %s and %s, unless the cache has them\n", short_id(b, s->ids[0]),
		     short_id(b, to));
	if (!bisect_open(b, s->ids[0], &good, err))
		return err_context(err, "the good end %s", short_id(b, s->ids[0]));
	ok = search_line(b, s, &good, err);
	side_close(&good);
	if (ok && s->slower && s->answer.step == BISECT_FOUND)
		s->culprit = s->ids[s->answer.at];
	return ok;
}

/* Where a merge is the first bad commit of its line: the commit of a merged branch, if the branch alone is slower. */
static bool enter_merges(struct bisect *b, struct bisect_search *s, struct err *err)
{
	struct git_commit commit;

	for (size_t parent = 1;; parent++) {
		struct bisect_row *rows = b->rows;
		size_t row_count = b->row_count;
		struct bisect_search inner;

		if (!s->culprit || !git_commit(b->arena, &b->project.repo, s->culprit, &commit, err))
			return !s->culprit;
		if (parent >= commit.parent_count)
			return true;
		progress_say(&b->progress, "bisect: %s is a merge; looking into %s\n", short_id(b, s->culprit),
			     short_id(b, commit.parents[parent]));
		if (!search(b, commit.parents[0], commit.parents[parent], &inner, err)) {
			if (proc_interrupted())
				return false;
			/* The merge is an answer, too. */
			progress_say(&b->progress, "bisect: cannot look into it: %s\n", lack(b->arena, err));
			*err = (struct err){0};
			inner.slower = false;
		}
		if (inner.slower) {
			*s = inner;
			parent = 0;
		} else {
			b->rows = rows;
			b->row_count = row_count;
		}
	}
}

static enum status bisect_line(struct bisect *b, const char *good, const char *bad, struct err *err)
{
	struct bisect_search s;

	if (b->project.state.dirty && !b->options->bad)
		progress_say(&b->progress, "bisect: uncommitted changes are not looked at\n");
	if (!search(b, good, bad, &s, err))
		return proc_interrupted() ? STATUS_INTERRUPTED : STATUS_UNDECIDED;
	if (!s.slower) {
		err_set(err,
			"nothing of it is slower at %s than at %s, so there is nothing to find; an older --good may "
			"help, "
			"or --pairs 60",
			short_id(b, bad), short_id(b, s.ids[0]));
		return STATUS_UNDECIDED;
	}
	if ((b->options->into_merges && !enter_merges(b, &s, err)) || !bisect_measure_answer(b, &s, err))
		return proc_interrupted() ? STATUS_INTERRUPTED : STATUS_UNDECIDED;
	return bisect_print(b, &s, err);
}

static bool prepare(struct bisect *b, const struct call *call, const char **good, const char **bad, struct err *err)
{
	const struct bisect_options *o = b->options;
	struct option_texts all = {0};
	struct quantity q;

	if (!o->good)
		return err_set(err, "--good REV is needed: a commit that was not slower yet");
	if (o->step && (o->bad || o->into_merges))
		return err_set(err,
			       "--step tests the tree that is checked out: it takes no --bad and no --into-merges");
	b->enough = -1;
	if (o->at_least) {
		if (!quantity_parse(o->at_least, 1u << QUANTITY_RATIO, &q, err))
			return err_context(err, "--at-least");
		b->enough = q.value;
	}
	if (!project_open(b->arena, o->config, &all, &b->project, err))
		return false;
	if (*b->project.git_problem)
		return err_set(err, "%s", b->project.git_problem);
	if (!b->project.has_repo)
		return err_set(err, "%s lies in no git repository, so there are no commits", b->project.config.folder);
	return git_resolve(b->arena, &b->project.repo, o->good, good, err) &&
	       git_resolve(b->arena, &b->project.repo, o->bad ? o->bad : "HEAD", bad, err) &&
	       bisect_choose(b, call->words, call->word_count, err);
}

static enum status bisect_run(struct call *call, struct err *err)
{
	struct bisect b = {.arena = call->arena, .options = call->options, .progress = progress_init()};
	const char *good, *bad;
	enum status status;

	b.seed = b.options->seed.given ? b.options->seed.value : random_seed();
	if (!prepare(&b, call, &good, &bad, err))
		status = b.options->step ? STATUS_ABORT : STATUS_USAGE;
	else
		status = b.options->step ? bisect_step(&b, good, err) : bisect_line(&b, good, bad, err);
	progress_clear(&b.progress);
	return status;
}

/* git would take 2 for a bad commit, and every one would be. */
static enum status bisect_misused(int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		if (text_equal(argv[i], "--step"))
			return STATUS_ABORT;
	}
	return STATUS_USAGE;
}

#define AT(field) offsetof(struct bisect_options, field)

static const struct option bisect_options[] = {
	{"good", 'g', OPTION_TEXT, "REV", AT(good), "a commit that was not slower yet"},
	{"bad", 0, OPTION_TEXT, "REV", AT(bad), "one that is (default: HEAD)"},
	{"at-least", 0, OPTION_TEXT, "RATIO", AT(at_least),
	 "a commit is bad from this slowdown on, e.g. 5% (default: half of that between the ends)"},
	{"into-merges", 0, OPTION_FLAG, NULL, AT(into_merges),
	 "where a merge is to blame, look for the commit of the merged branch"},
	{"pairs", 0, OPTION_COUNT, "N", AT(pairs), "that many pairs a commit instead of screen and confirm"},
	{"step", 0, OPTION_FLAG, NULL, AT(step), "for `git bisect run`: test the tree that is checked out"},
	{"report", 0, OPTION_TEXT, "FILE", AT(report),
	 "the verdict.json that says what is slower (default: that of the last check)"},
	{"seed", 0, OPTION_SEED, "N", AT(seed), "of the random order"},
	{"config", 'c', OPTION_TEXT, "FILE", AT(config), "another pawl.yml"},
	{0},
};

const struct command command_bisect = {
	.name = "bisect",
	.summary = "Find the commit that made benchmarks slower",
	.words = "[NAME...]",
	.examples = "  pawl bisect --good v1.4                         # what the last check called slower\n"
		    "  pawl bisect --good main~30 --bad main 'orders/BM_discount'\n"
		    "  pawl bisect --good v1.4 --into-merges 'orders/**:instructions'\n"
		    "  git bisect run pawl bisect --step --good v1.4 orders/BM_discount\n",
	.details =
		"NAME is suite/benchmark, suite/benchmark:metric, or a glob over these (* stops at /, ** does not).\n"
		"Each commit is built in the cache of worktrees and measured turn by turn with the good one; your\n"
		"work tree is not touched.  The pawl.yml that lies here governs every commit.  Commits that do not\n"
		"build, or of which nothing can be told, are skipped.  Merges are single commits of the line of first\n"
		"parents, unless --into-merges is given.\n\n"
		"Exit status: 0 the commit was found; 3 it was not: nothing is slower, or the commits around it\n"
		"could not be measured (the range is printed); 2 wrong usage.  With --step, for git bisect: 0 good,\n"
		"1 bad, 125 cannot be tested, 128 and above ends git's bisection (nothing can be measured at all).\n",
	.options = bisect_options,
	.options_size = sizeof(struct bisect_options),
	.min_words = 0,
	.max_words = 1000,
	.misused = bisect_misused,
	.run = bisect_run,
};
