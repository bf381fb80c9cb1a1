/* The search for the first bad commit. */
#include "flow/bisect.h"

/* Half of the change, so that neither a small earlier slowdown nor a small later one is taken for the culprit. */
static const double BAD_SHARE = 0.5;

/* A stretch of commits that nothing is known of. */
struct stretch {
	size_t begin, end;
};

/* The longest, the earliest of those: a neighbourhood that does not build is left in two steps, not walked through. */
static struct stretch longest_unknown(const enum bisect_mark *marks, size_t low, size_t high)
{
	struct stretch best = {0};

	for (size_t i = low + 1; i < high;) {
		size_t end = i;

		while (end < high && marks[end] == BISECT_UNKNOWN)
			end++;
		if (end - i > best.end - best.begin)
			best = (struct stretch){i, end};
		i = end + 1;
	}
	return best;
}

/* How often `count` must be halved until one is left. */
static size_t halvings(size_t count)
{
	size_t steps = 0;

	for (size_t reach = 1; reach < count; reach *= 2)
		steps++;
	return steps;
}

struct bisect_answer bisect_next(const enum bisect_mark *marks, size_t count)
{
	size_t low = 0, high = 1;
	struct stretch open;

	while (high + 1 < count && marks[high] != BISECT_BAD)
		high++;
	for (size_t i = 0; i < high; i++) {
		if (marks[i] == BISECT_GOOD)
			low = i;
	}
	open = longest_unknown(marks, low, high);
	if (open.begin != open.end)
		return (struct bisect_answer){BISECT_MEASURE, open.begin + (open.end - open.begin) / 2, low, high,
					      halvings(high - low)};
	return (struct bisect_answer){high == low + 1 ? BISECT_FOUND : BISECT_RANGE, high, low, high, 0};
}

struct bisect_change bisect_change_of(const struct finding *f)
{
	bool ratio = f->change_ratio.known && f->low_ratio.known && f->high_ratio.known;
	const struct number *middle = ratio ? &f->change_ratio : &f->change;
	const struct number *low = ratio ? &f->low_ratio : &f->low, *high = ratio ? &f->high_ratio : &f->high;
	struct bisect_change c = {
		.estimate = middle->value,
		.low = low->value,
		.high = high->value,
		.known = middle->known && low->known && high->known,
		.is_ratio = ratio,
	};

	if (f->category == CATEGORY_THROUGHPUT) {
		double least = -c.high;

		c.estimate = -c.estimate;
		c.high = -c.low;
		c.low = least;
	}
	return c;
}

enum bisect_mark bisect_mark_of(const struct finding *f, const struct bisect_scale *scale)
{
	struct bisect_change c = bisect_change_of(f);
	bool comparable = scale->full.known && c.known && c.is_ratio == scale->full.is_ratio;
	double enough = 0;

	if (f->state == STATE_UNDECIDED || f->state == STATE_TOO_FEW)
		return BISECT_UNKNOWN;
	if (f->state == STATE_SAME_CODE)
		return BISECT_GOOD;
	if (f->state != STATE_JUDGED || (scale->full.known && !comparable))
		return BISECT_SKIPPED;
	if (scale->enough >= 0 && c.is_ratio)
		enough = scale->enough;
	else if (comparable)
		enough = BAD_SHARE * scale->full.estimate;
	if (c.known && c.estimate >= enough && f->outcome == OUTCOME_SLOWER)
		return BISECT_BAD;
	if (!comparable)
		return BISECT_GOOD;
	/* Good is what was seen not to be the whole change: not what was too noisy to be called. */
	return c.estimate < enough && c.high < scale->full.estimate ? BISECT_GOOD : BISECT_UNKNOWN;
}
