/*
 * The facts of a row.
 */
#include "report/html_facts.h"

#include "base/quantity.h"
#include "report/report_words.h"

/* Of one text, in code points: a name may be a megabyte. */
enum { MOST_TEXT = 4000 };

const char *html_readable(struct arena *a, const char *text)
{
	return words_clip(a, words_inert(a, words_or_empty(text)), MOST_TEXT);
}

/* The start of a hash, as git shortens it; the CSV has all of it. */
static const char *short_id(struct arena *a, const char *id)
{
	return words_inert(a, arena_printf(a, "%.12s", words_or_empty(id)));
}

static const char *fact_series(struct arena *a, const struct finding *f)
{
	return html_readable(a, arena_printf(a, "%s/%s:%s", f->suite, f->bench, f->metric));
}

static const char *fact_better(struct arena *a, const struct finding *f)
{
	(void)a;
	if (f->category == CATEGORY_UNKNOWN)
		return "nobody knows what";
	return f->category == CATEGORY_THROUGHPUT ? "more" : "less";
}

static const char *fact_threshold(struct arena *a, const struct finding *f)
{
	return f->threshold_ratio > 0 ? words_limit(a, f->threshold_ratio, 3) : "";
}

static const char *fact_min_effect(struct arena *a, const struct finding *f)
{
	return words_known(f->min_effect_ratio) ? words_limit(a, f->min_effect_ratio.value, 3) : "";
}

static const char *fact_mde(struct arena *a, const struct finding *f)
{
	if (words_known(f->mde))
		return words_value(a, f->mde, f->unit);
	return words_known(f->mde_ratio) ? words_limit(a, f->mde_ratio.value, 2) : "";
}

static const char *probability(struct arena *a, struct number p)
{
	return words_known(p) ? arena_printf(a, "%.2g", p.value) : "";
}

static const char *fact_p(struct arena *a, const struct finding *f)
{
	return probability(a, f->p);
}

static const char *fact_q(struct arena *a, const struct finding *f)
{
	return probability(a, f->q);
}

static const char *fact_p_two_sided(struct arena *a, const struct finding *f)
{
	return probability(a, f->p_two_sided);
}

static const char *fact_samples(struct arena *a, const struct finding *f)
{
	return f->samples_base + f->samples_head ? arena_printf(a, "%zu + %zu", f->samples_base, f->samples_head) : "";
}

static const char *fact_method(struct arena *a, const struct finding *f)
{
	return html_readable(a, f->method);
}

static const char *fact_cause(struct arena *a, const struct finding *f)
{
	return words_cause(a, f);
}

static const char *fact_place(struct arena *a, const struct finding *f)
{
	return html_readable(a, f->place);
}

static const char *fact_until(struct arena *a, const struct finding *f)
{
	return html_readable(a, f->until);
}

static const char *fact_baseline_id(struct arena *a, const struct finding *f)
{
	return short_id(a, f->baseline_id);
}

static const char *fact_commit(struct arena *a, const struct finding *f)
{
	return short_id(a, f->commit);
}

static const char *fact_machine(struct arena *a, const struct finding *f)
{
	return html_readable(a, f->machine);
}

static const char *fact_time_spent(struct arena *a, const struct finding *f)
{
	return f->measured_s > 0 ? quantity_duration(a, f->measured_s * 1e9) : "";
}

const struct html_fact html_facts[] = {
	{"Series", fact_series},
	{"Better is", fact_better},
	{"Threshold", fact_threshold},
	{"Least change that counts", fact_min_effect},
	{"Would have seen", fact_mde},
	{"p", fact_p},
	{"q", fact_q},
	{"p, two-sided", fact_p_two_sided},
	{"Values, base and head", fact_samples},
	{"Method", fact_method},
	{"Time spent measuring", fact_time_spent},
	{"Cause", fact_cause},
	{"Place", fact_place},
	{"Accepted until", fact_until},
	{"Run of the base", fact_baseline_id},
	{"Commit of the head", fact_commit},
	{"Machine", fact_machine},
};

const size_t html_fact_count = sizeof html_facts / sizeof html_facts[0];
