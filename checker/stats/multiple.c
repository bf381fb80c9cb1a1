#include "stats/multiple.h"

#include <math.h>
#include <stdlib.h>

struct ranked {
	double p;
	size_t place;
};

static int ranked_compare(const void *left, const void *right)
{
	const struct ranked *a = left, *b = right;

	if (a->p < b->p || a->p > b->p)
		return a->p < b->p ? -1 : 1;
	return (a->place > b->place) - (a->place < b->place);
}

static struct ranked *rank_ascending(struct arena *a, const double *p, size_t m)
{
	struct ranked *ranked = NEW_ARRAY(a, struct ranked, m);

	for (size_t i = 0; i < m; i++)
		ranked[i] = (struct ranked){.p = p[i], .place = i};
	qsort(ranked, m, sizeof(*ranked), ranked_compare);
	return ranked;
}

/* Benjamini and Hochberg, Controlling the false discovery rate, JRSS B 57 (1995): q(i) = min over j >= i of m/j p(j). */
void benjamini_hochberg(struct arena *a, const double *p, size_t m, double *q)
{
	struct arena_mark mark = arena_mark(a);
	struct ranked *ranked = rank_ascending(a, p, m);
	double least = 1;

	for (size_t i = m; i > 0; i--) {
		least = fmin(least, (double)m / (double)i * ranked[i - 1].p);
		q[ranked[i - 1].place] = least;
	}
	arena_reset(a, mark);
}

/* Holm, A simple sequentially rejective multiple test procedure, Scand. J. Statist. 6 (1979). */
void holm(struct arena *a, const double *p, size_t m, double *q)
{
	struct arena_mark mark = arena_mark(a);
	struct ranked *ranked = rank_ascending(a, p, m);
	double most = 0;

	for (size_t i = 0; i < m; i++) {
		most = fmax(most, fmin(1, (double)(m - i) * ranked[i].p));
		q[ranked[i].place] = most;
	}
	arena_reset(a, mark);
}
