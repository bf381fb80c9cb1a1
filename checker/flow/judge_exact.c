/* Counts: two measurements a side, and the difference between the sides. */
#include "flow/judge_exact.h"

#include "base/text.h"
#include "model/metric.h"
#include "model/name.h"

#include <math.h>

/* Two measurements of one side that differ by more are no counts of the program alone. */
static const double REPEATS_WITHIN = 0.001;

struct counts {
	double mean, spread; /* the largest over the least, less 1 */
	size_t n;
};

static struct counts counts_of(const struct slice_table *t, const char *metric)
{
	int column = t ? table_metric(t, metric) : -1;
	double least = INFINITY, most = -INFINITY;
	struct counts out = {0};

	for (size_t i = 0; column >= 0 && i < t->slice_count; i++) {
		const struct slice *s = &t->slices[i];

		if (s->phase != PHASE_COUNT || !s->cells[column].present)
			continue;
		out.n++;
		out.mean += (s->cells[column].value - out.mean) / (double)out.n;
		least = fmin(least, s->cells[column].value);
		most = fmax(most, s->cells[column].value);
	}
	if (out.n)
		out.spread = least > 0 ? most / least - 1 : INFINITY;
	return out;
}

bool exact_is_counted(const struct slice_table *t, const char *metric)
{
	return counts_of(t, metric).n > 0;
}

bool exact_applies(const struct slice_table *t, const char *metric)
{
	return metric_is_exact(metric) && exact_is_counted(t, metric);
}

static bool nothing(struct series *s, const char *reason)
{
	s->f->reason = reason;
	return false;
}

static const char *text_of(const char *text)
{
	return text ? text : "";
}

const char *exact_contrast(struct arena *a, const struct run *base, const struct run *head, const char *suite)
{
	const struct run_suite *b = run_find_suite(base, suite), *h = run_find_suite(head, suite);
	const struct {
		const char *what, *base, *head;
	} facts[] = {
		{"engines", b ? b->counter : "", h ? h->counter : ""},
		{"architectures", base->host.arch, head->host.arch},
		{"C libraries", base->host.libc, head->host.libc},
		{"compilers", b ? b->compiler : "", h ? h->compiler : ""},
		{"instruction sets", b ? b->isa : "", h ? h->isa : ""},
	};

	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
		const char *one = text_of(facts[i].base), *other = text_of(facts[i].head);

		if (!text_equal(one, other))
			return arena_printf(a, "counted with different %s: %s and %s", facts[i].what,
					    *one ? one : "unknown", *other ? other : "unknown");
	}
	return NULL;
}

/* A stored run that was called slower in the series does not count, unless that was accepted for good since. */
static bool is_left_out(const struct series *s, const struct judge_stored *stored)
{
	const struct finding *f = s->f;
	int64_t measured, accepted;
	bool slower = false;

	for (size_t i = 0; i < stored->slower_count && !slower; i++)
		slower = name_is_series(stored->slower[i], f->suite, f->bench, f->metric);
	if (!slower || !s->accepted || *s->accepted->until)
		return slower;
	return !stored->run->started || !date_parse(stored->run->started, &measured) ||
	       !date_parse(s->accepted->date, &accepted) || measured > accepted;
}

/* What is looked for among stored runs. */
struct search {
	struct series *s;
	const struct run *head;
	const struct slice_table *found;
	const char *reason; /* of the newest run that has counts and cannot be used */
};

/* The newest usable run: counts have no error that more runs would average out, and every older run is of older code. */
static void look_in(struct arena *a, struct search *search, const struct judge_stored *runs,
		    const struct slice_table *const *tables, size_t count)
{
	struct series *s = search->s;

	for (size_t i = count; i > 0 && !search->found; i--) {
		const struct judge_stored *stored = &runs[i - 1];
		const struct slice_table *t = tables ? tables[i - 1] : run_find(stored->run, s->f->suite, s->f->bench);
		const char *contrast;

		if (!exact_applies(t, s->f->metric))
			continue;
		if (is_left_out(s, stored)) {
			s->left_out++;
			continue;
		}
		contrast = exact_contrast(a, stored->run, search->head, s->f->suite);
		if (contrast) {
			search->reason = search->reason ? search->reason : contrast;
			continue;
		}
		search->found = t;
		s->f->baseline_id = text_of(stored->run->id);
		s->accepted_applies = s->accepted && !is_left_out(s, stored);
	}
}

static const struct slice_table *base_of(struct arena *a, struct series *s, const struct series_source *source)
{
	struct search search = {.s = s, .head = source->head_run};
	const char *contrast;

	if (s->mode == JUDGE_STORED) {
		look_in(a, &search, source->window, source->tables, source->window_count);
		look_in(a, &search, source->foreign, NULL, source->foreign_count);
		s->unusable = !search.found && search.reason;
		if (s->unusable)
			s->f->reason = arena_printf(a, "%s; the next stored run begins a new baseline", search.reason);
		return search.found;
	}
	contrast = s->mode == JUDGE_TWO_FILES && source->base_run && source->head_run
			   ? exact_contrast(a, source->base_run, source->head_run, s->f->suite)
			   : NULL;
	s->unusable = contrast != NULL;
	if (contrast)
		s->f->reason = contrast;
	return contrast ? NULL : source->base;
}

static bool does_not_repeat(struct arena *a, struct series *s, const char *side, double spread)
{
	s->unusable = true;
	return nothing(
		s, arena_printf(a,
				"does not repeat: two measurements of the %s differ by %.3g %%, and 0.1 %% is "
				"allowed; a fixed seed, a single thread, and no loop that waits for a time would help",
				side, 100 * spread));
}

/* The difference, and the least that counts. */
static void set_difference(struct series *s, double base, double head)
{
	double effect = s->limits.min_effect.value;

	if (s->limits.min_effect.absolute)
		effect /= base;
	effect = fmax(effect, s->limits.min_change / base);
	s->sign = s->f->category == CATEGORY_THROUGHPUT ? -1 : 1;
	s->estimate = s->sign * log(head / base);
	s->f->min_effect_ratio = (struct number){.value = effect, .known = true};
	s->shift = log1p(fmax(effect, s->spread));
}

/* Why a side has no counts. */
static const char *lack(const struct slice_table *t, const char *otherwise)
{
	return t && *text_of(t->uncounted) ? t->uncounted : otherwise;
}

bool exact_take(struct arena *a, struct series *s, const struct series_source *source)
{
	struct counts y = counts_of(source->head, s->f->metric), x;
	const struct slice_table *base;
	struct finding *f = s->f;

	s->counted = true;
	s->accepted_applies = s->mode != JUDGE_STORED;
	f->samples_head = y.n;
	f->current = (struct number){.value = y.mean, .known = y.n > 0};
	if (y.spread > REPEATS_WITHIN)
		return does_not_repeat(a, s, "head", y.spread);
	base = base_of(a, s, source);
	x = counts_of(base, f->metric);
	f->samples_base = x.n;
	f->baseline = (struct number){.value = x.mean, .known = x.n > 0};
	f->only_slower_runs = s->left_out && !x.n;
	if (s->unusable)
		return false;
	if (f->only_slower_runs)
		return nothing(s,
			       "every stored run was called slower in it; mend that, or accept it with 'pawl accept'");
	if (!y.n)
		return nothing(s, lack(source->head, "the head gave no value"));
	if (!x.n)
		return nothing(s, s->mode == JUDGE_STORED ? "no stored run has counts of it yet"
							  : lack(base, "the base gave no value"));
	if (x.spread > REPEATS_WITHIN)
		return does_not_repeat(a, s, "base", x.spread);
	if (x.n < 2 || y.n < 2)
		return nothing(s, lack(x.n < 2 ? base : source->head,
				       "counted once only, so nobody knows whether it repeats"));
	s->spread = fmax(x.spread, y.spread);
	set_difference(s, x.mean, y.mean);
	return true;
}

static struct number ratio(double change)
{
	return (struct number){.value = expm1(change), .known = isfinite(change)};
}

void exact_judge(struct series *s)
{
	struct finding *f = s->f;
	double change = s->sign * s->estimate, spread = log1p(s->spread);
	bool slower = s->estimate > s->shift, faster = s->estimate < -s->shift;

	f->outcome = slower ? OUTCOME_SLOWER : faster ? OUTCOME_FASTER : OUTCOME_SAME;
	if (f->category == CATEGORY_UNKNOWN)
		f->outcome = OUTCOME_NONE;
	f->method = "exact";
	f->change_ratio = ratio(change);
	f->low_ratio = ratio(change - spread);
	f->high_ratio = ratio(change + spread);
	f->mde_ratio = ratio(s->shift);
	f->p = f->q = (struct number){.value = slower ? 0 : 1, .known = true};
}
