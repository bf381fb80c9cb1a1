/* What a bisection ends with. */
#include "cmd/bisect.h"

#include "base/text.h"
#include "git/line.h"

#include <stdio.h>

static bool print_commit(struct bisect *b, const char *id, struct err *err)
{
	struct git_commit commit;

	if (!git_commit(b->arena, &b->project.repo, id, &commit, err))
		return false;
	printf("  subject  %s\n  author   %s\n  date     %s\n", text_inert_copy(b->arena, commit.subject),
	       text_inert_copy(b->arena, commit.author), text_inert_copy(b->arena, commit.date));
	if (commit.parent_count > 1 && !b->options->into_merges)
		printf("  It is a merge; --into-merges looks for the commit of the merged branch.\n");
	return true;
}

bool bisect_measure_answer(struct bisect *b, struct bisect_search *s, struct err *err)
{
	struct verdict *v = NEW(b->arena, struct verdict);
	struct side_tree low, high;
	bool ok;

	if (s->answer.low == 0 && s->answer.at == s->count - 1)
		return true;
	if (!bisect_open(b, s->ids[s->answer.low], &low, err))
		return false;
	ok = bisect_open(b, s->ids[s->answer.at], &high, err);
	if (ok) {
		ok = bisect_measure(b, &low, &high, (size_t)b->options->pairs, v, err);
		side_close(&high);
	}
	side_close(&low);
	s->verdict = v;
	return ok;
}

/* The rows, with their changes; false where none of them is slower. */
static bool print_rows(struct bisect *b, const struct bisect_search *s)
{
	const char *low = project_short_id(b->arena, s->ids[s->answer.low]);
	bool confirmed = false;

	for (size_t i = 0; i < b->row_count; i++) {
		const struct bisect_row *row = &b->rows[i];
		const struct finding *f = bisect_finding(b, s->verdict, row);
		bool slower = f && f->outcome == OUTCOME_SLOWER && bisect_mark_of(f, &row->scale) == BISECT_BAD;

		confirmed = confirmed || slower;
		printf("  %s  %s against %s%s\n", row->title, f ? bisect_change_text(b->arena, f) : "not there", low,
		       slower ? "" : ": not by this");
		if (!slower && f)
			printf("      go on: pawl bisect --good %s --bad %s %s\n",
			       project_short_id(b->arena, s->ids[s->answer.at]),
			       project_short_id(b->arena, s->ids[s->count - 1]),
			       text_inert_copy(b->arena,
					       text_shell_quoted(b->arena, arena_printf(b->arena, "%s:%s", row->key,
											row->metric))));
	}
	return confirmed;
}

enum status bisect_print(struct bisect *b, const struct bisect_search *s, struct err *err)
{
	const char *low = s->ids[s->answer.low], *at = s->ids[s->answer.at];

	if (s->culprit) {
		printf("%s is the first bad commit\n", s->culprit);
		if (!print_commit(b, s->culprit, err))
			return STATUS_UNDECIDED;
	} else {
		printf("the first bad commit is one of %zu, those between could not be measured:\n",
		       s->answer.at - s->answer.low);
		for (size_t i = s->answer.low + 1; i <= s->answer.at; i++) {
			struct git_commit commit;

			if (!git_commit(b->arena, &b->project.repo, s->ids[i], &commit, err))
				return STATUS_UNDECIDED;
			printf("  %s  %s\n", project_short_id(b->arena, s->ids[i]),
			       text_inert_copy(b->arena, commit.subject));
		}
	}
	if (print_rows(b, s)) {
		if (s->culprit)
			return STATUS_OK;
		err_set(err, "no single commit was found in %s..%s", project_short_id(b->arena, low),
			project_short_id(b->arena, at));
	} else {
		err_set(err,
			"measured beside %s, %s is not slower by as much: the slowdown may have come in steps "
			"(--at-least "
			"2%% finds a small one), or it is noise (--pairs 60 measures longer)",
			project_short_id(b->arena, low), project_short_id(b->arena, at));
	}
	return STATUS_UNDECIDED;
}
