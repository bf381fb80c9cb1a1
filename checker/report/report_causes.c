/* One cause is one finding: functions that explain several rows. */
#include "report/report_causes.h"

#include "report/report_words.h"

#include <stdlib.h>

static bool is_slower(const struct finding *f)
{
	return f->gated && f->state == STATE_JUDGED && f->outcome == OUTCOME_SLOWER;
}

/* A helper that two callers call more often has two causes. */
static bool is_same(const struct finding *x, const struct finding *y)
{
	return text_equal(x->function, y->function) && text_equal(words_or_empty(x->place), words_or_empty(y->place)) &&
	       text_equal(words_or_empty(x->caller), words_or_empty(y->caller)) &&
	       text_equal(words_or_empty(x->caller_place), words_or_empty(y->caller_place));
}

static struct shared_cause *find(struct shared_cause *causes, size_t count, const struct finding *f)
{
	for (size_t i = 0; i < count; i++) {
		if (is_same(causes[i].first, f))
			return &causes[i];
	}
	return NULL;
}

static int compare(const void *left, const void *right)
{
	const struct shared_cause *a = left, *b = right;

	if (a->row_count != b->row_count)
		return a->row_count < b->row_count ? 1 : -1;
	return (a->first > b->first) - (a->first < b->first);
}

const struct shared_cause *causes_shared(struct arena *a, const struct verdict *v, size_t *count, size_t *slower)
{
	struct shared_cause *causes = NULL;
	size_t capacity = 0, kept = 0;

	*count = *slower = 0;
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];
		struct shared_cause *same;

		*slower += is_slower(f);
		if (!is_slower(f) || !*words_or_empty(f->function))
			continue;
		same = find(causes, *count, f);
		if (same) {
			same->row_count++;
			continue;
		}
		causes = arena_reserve(a, causes, *count, &capacity, sizeof *causes);
		causes[(*count)++] = (struct shared_cause){f, 1};
	}
	for (size_t i = 0; i < *count; i++) {
		if (causes[i].row_count > 1)
			causes[kept++] = causes[i];
	}
	if (kept > 1)
		qsort(causes, kept, sizeof *causes, compare);
	*count = kept;
	return causes;
}

const char *causes_words(struct arena *a, const struct shared_cause *cause, size_t slower)
{
	const char *text = arena_printf(a, "explains %zu of %zu slower rows", cause->row_count, slower);

	return arena_printf(a, "%s%s", text, words_whereabouts(a, cause->first));
}
