/* The window of stored runs as one series sees it. */
#include "flow/judge_series.h"

#include "model/name.h"
#include "stats/changepoint.h"
#include "stats/sample.h"

#include <math.h>

static bool is_slower_there(const struct judge_stored *stored, const struct finding *f)
{
	for (size_t i = 0; i < stored->slower_count; i++) {
		if (name_is_series(stored->slower[i], f->suite, f->bench, f->metric))
			return true;
	}
	return false;
}

static struct series_run look_at(struct arena *a, const struct series *s, const struct series_source *source, size_t at)
{
	const struct judge_stored *run = &source->window[at];
	struct series_run out = {.slower = is_slower_there(run, s->f)};
	int64_t measured, accepted;
	size_t n = 0;
	double *values = source->tables[at] ? table_series(a, source->tables[at], s->f->metric, &n) : NULL;

	out.known = n > 0;
	out.median = n ? sample_median(a, values, n) : 0;
	out.older = s->accepted && run->run->started && date_parse(run->run->started, &measured) &&
		    date_parse(s->accepted->date, &accepted) && measured <= accepted;
	out.agreed = out.slower && out.older && !*s->accepted->until;
	return out;
}

void series_look_back(struct arena *a, struct series *s, const struct series_source *source)
{
	s->run_count = source->window_count;
	s->window_size = source->window_size;
	s->runs = NEW_ARRAY(a, struct series_run, s->run_count);
	for (size_t i = 0; i < s->run_count; i++)
		s->runs[i] = look_at(a, s, source, i);
}

/* A slowdown that was accepted for good is the new normal: where the newest runs before the acceptance are such, nothing
 * before them counts.  One that was accepted until a day stays out, or nothing would be left to see on that day. */
static size_t first_after_acceptance(const struct series *s)
{
	size_t first = 0;

	for (size_t i = 0; i < s->run_count; i++) {
		const struct series_run *run = &s->runs[i];

		if (run->agreed && (i == 0 || !s->runs[i - 1].agreed))
			first = i;
		else if (run->older && !run->agreed && run->known)
			first = 0;
	}
	return first;
}

static double value_of(const struct series *s, size_t run, const double *drift_ln)
{
	return s->runs[run].median * (drift_ln ? exp(-s->sign * drift_ln[run]) : 1);
}

static bool counts(const struct series_run *run)
{
	return run->known && (!run->slower || run->agreed);
}

/*
 * The run at which the newest level begins, among those that count from `first` on: an improvement or another machine image
 * makes what was before it say little.  Runs that were called slower begin no level: three red checks that nobody looked
 * at would make the regression the new normal.
 */
static size_t first_of_level(struct arena *a, const struct series *s, size_t first, const double *drift_ln)
{
	double *logs = NEW_ARRAY(a, double, s->run_count);
	size_t *runs = NEW_ARRAY(a, size_t, s->run_count), *changes = NEW_ARRAY(a, size_t, s->run_count);
	size_t n = 0, count;

	for (size_t i = first; i < s->run_count; i++) {
		if (!counts(&s->runs[i]))
			continue;
		if (!(s->runs[i].median > 0))
			return first;
		logs[n] = log(value_of(s, i, drift_ln));
		runs[n++] = i;
	}
	count = changepoint_find(a, logs, n, changes);
	return count ? runs[changes[count - 1]] : first;
}

double *series_window(struct arena *a, struct series *s, const double *drift_ln, size_t *count)
{
	size_t first = first_of_level(a, s, first_after_acceptance(s), drift_ln);
	double *medians = NEW_ARRAY(a, double, s->run_count);

	*count = s->left_out = 0;
	for (size_t i = first; i < s->run_count; i++) {
		const struct series_run *run = &s->runs[i];

		s->left_out += run->known && !counts(run);
		if (!counts(run))
			continue;
		medians[(*count)++] = value_of(s, i, drift_ln);
		s->accepted_applies = s->accepted_applies || (run->older && !run->agreed);
	}
	/* The window is of runs that count: it reaches back over those that do not. */
	if (s->window_size && *count > s->window_size) {
		medians += *count - s->window_size;
		*count = s->window_size;
	}
	return medians;
}
