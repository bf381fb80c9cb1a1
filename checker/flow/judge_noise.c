/* What would help a series whose noise hides its threshold. */
#include "flow/judge_series.h"

#include "stats/power.h"
#include "stats/sample.h"

#include <math.h>

enum { MOST_ADVISED_PAIRS = 500 }; /* some minutes of one benchmark; beyond that pairs are no advice */

static const double POWER = 0.8;

static double spread(struct arena *a, const struct series *s)
{
	double robust = SAMPLE_MAD_TO_SD * sample_mad(a, s->d, s->d_count);

	return robust > 0 ? robust : sample_sd(s->d, s->d_count);
}

static double threshold_of(const struct series *s)
{
	return s->differences ? s->limits.threshold_ratio * s->scale : log1p(s->limits.threshold_ratio);
}

/* The pairs, none screened, that would see the threshold, rounded up to a ten; 0 where they are too many to advise. */
static size_t pairs_needed(struct arena *a, const struct series *s, double alpha)
{
	double sd = spread(a, s), threshold = threshold_of(s);

	for (size_t n = 20; n <= MOST_ADVISED_PAIRS; n += 10) {
		if (signed_rank_mde(sd, n, s->shift, alpha, POWER) <= threshold)
			return n;
	}
	return 0;
}

static const char *percent(struct arena *a, double ratio)
{
	return arena_printf(a, "%.3g %%", 100 * ratio);
}

static const char *advice_for_pairs(struct arena *a, const struct series *s, double alpha)
{
	size_t pairs = s->d_count ? pairs_needed(a, s, alpha) : 0;
	const char *other = s->countable && metric_is_clock(s->f->metric) ? "gate its `metrics: [instructions]`, " : "";

	if (pairs)
		return arena_printf(a, "--pairs %zu would", pairs);
	return arena_printf(
		a, "more pairs alone will not do: %suse one thread, which is pinned to a CPU, or a quieter machine",
		other);
}

void series_advise(struct arena *a, struct series *s, double alpha)
{
	const char *sees = s->f->mde_ratio.known ? percent(a, s->f->mde_ratio.value) : "no change at all";
	const char *advice = "";

	if (!finding_is_noisy(s->f) || *s->f->reason)
		return;
	switch (s->mode) {
	case JUDGE_INTERLEAVED:
		advice = advice_for_pairs(a, s, alpha);
		break;
	case JUDGE_TWO_FILES:
		advice = "measured side by side it would see more: pawl check --base, or --same-session if they were";
		break;
	case JUDGE_STORED:
		advice = "check --base measures both sides side by side and sees more; so do more stored runs";
		break;
	}
	s->f->reason = arena_printf(a, "sees changes from %s on; to see %s, %s", sees,
				    percent(a, s->limits.threshold_ratio), advice);
}
