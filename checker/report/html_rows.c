/*
 * Naming and sorting the rows of the HTML report.
 */
#include "report/html_rows.h"

#include "report/report_words.h"

#include <math.h>
#include <stdlib.h>

static const struct {
	const char *name, *look;
} labels[] = {
#define ROW(id, text, look) {text, look},
	HTML_LABEL_LIST(ROW)
#undef ROW
};

const char *html_label_name(enum html_label l)
{
	return labels[l].name;
}

const char *html_label_look(enum html_label l)
{
	return labels[l].look;
}

static enum html_label label_of_judged(const struct finding *f)
{
	if (f->outcome == OUTCOME_SLOWER)
		return HTML_LABEL_SLOWER;
	/* Nothing but a budget makes a judged row fail that is not slower. */
	if (f->effect == EFFECT_FAIL)
		return HTML_LABEL_BUDGET;
	if (f->outcome == OUTCOME_FASTER)
		return HTML_LABEL_FASTER;
	if (finding_is_small(f))
		return HTML_LABEL_SMALL;
	if (finding_is_noisy(f))
		return HTML_LABEL_NOISY;
	return f->outcome == OUTCOME_SAME ? HTML_LABEL_SAME : HTML_LABEL_JUDGED;
}

static enum html_label label_of(const struct finding *f)
{
	static const enum html_label of_states[] = {
		[STATE_JUDGED] = HTML_LABEL_JUDGED,
		[STATE_NEW] = HTML_LABEL_NEW,
		[STATE_GONE] = HTML_LABEL_GONE,
		[STATE_FAILED] = HTML_LABEL_FAILED,
		[STATE_TOO_FEW] = HTML_LABEL_TOO_FEW,
		[STATE_UNDECIDED] = HTML_LABEL_UNDECIDED,
		[STATE_INCOMPARABLE] = HTML_LABEL_INCOMPARABLE,
		[STATE_ACCEPTED] = HTML_LABEL_ACCEPTED,
		[STATE_SAME_CODE] = HTML_LABEL_SAME_CODE,
	};

	_Static_assert(sizeof of_states / sizeof of_states[0] == STATE_COUNT, "a state has no label");
	return f->state == STATE_JUDGED ? label_of_judged(f) : of_states[f->state];
}

/* Halving a rate counts like doubling a time.  Among rows that did not change, the order of the names is easier to follow. */
static double size_of(const struct html_row *row)
{
	const struct finding *f = row->finding;

	if (row->label > HTML_LABEL_FASTER || !words_known(f->change_ratio))
		return 0;
	return f->change_ratio.value > -1 ? fabs(log1p(f->change_ratio.value)) : INFINITY;
}

static int rank_of(const struct html_row *row)
{
	if (row->finding->effect != EFFECT_PASS)
		return row->finding->effect == EFFECT_FAIL ? -2 : -1;
	return (int)row->label + (row->finding->gated ? 0 : HTML_LABEL_COUNT);
}

static int compare_rows(const void *left, const void *right)
{
	const struct html_row *one = left, *two = right;
	const struct finding *a = one->finding, *b = two->finding;

	if (rank_of(one) != rank_of(two))
		return rank_of(one) - rank_of(two);
	if (a->severity != b->severity)
		return a->severity > b->severity ? -1 : 1;
	if (size_of(one) > size_of(two) || size_of(one) < size_of(two))
		return size_of(one) > size_of(two) ? -1 : 1;
	return a < b ? -1 : a > b;
}

struct html_row *html_rows(struct arena *a, const struct verdict *v)
{
	struct html_row *rows = NEW_ARRAY(a, struct html_row, v->finding_count);

	for (size_t i = 0; i < v->finding_count; i++)
		rows[i] = (struct html_row){&v->findings[i], label_of(&v->findings[i])};
	if (v->finding_count > 0)
		qsort(rows, v->finding_count, sizeof *rows, compare_rows);
	return rows;
}
