/* Pairs of a clean slice and a sampled one. */
#include "cmd/overhead.h"

#include "base/proc.h"
#include "sampler/sampler.h"
#include "stats/distribution.h"
#include "stats/sample.h"

#include <math.h>

enum {
	OVERHEAD_PAIRS = 20,
	RATE_HZ = 999,
};

/* The mean logarithm of sampled over clean of a benchmark's pairs; false: there are none. */
static bool log_ratio(const struct slice_table *clean, const struct slice_table *sampled, double *out)
{
	int c = table_metric(clean, clean->clock), s = table_metric(sampled, clean->clock);
	size_t count = clean->slice_count < sampled->slice_count ? clean->slice_count : sampled->slice_count;
	double sum = 0;
	size_t used = 0;

	for (size_t i = 0; c >= 0 && s >= 0 && i < count; i++) {
		const struct slice *x = &clean->slices[i], *y = &sampled->slices[i];

		if (!phase_counts(x->phase) || !phase_counts(y->phase) || x->block != y->block ||
		    !(x->cells[c].value > 0) || !(y->cells[s].value > 0))
			continue;
		sum += log(y->cells[s].value / x->cells[c].value);
		used++;
	}
	*out = used ? sum / (double)used : 0;
	return used > 0;
}

static void conclude(struct arena *a, const struct run *clean, const struct run *sampled, struct overhead *out)
{
	double *logs = NEW_ARRAY(a, double, clean->table_count), mean = 0, squares = 0, half;

	for (size_t i = 0; i < clean->table_count; i++) {
		const struct slice_table *t = &clean->tables[i], *with = run_find(sampled, t->suite, t->bench);
		double each;

		if (!with || !log_ratio(t, with, &each))
			continue;
		if (!out->bench_count || expm1(each) > out->most_ratio) {
			out->most_ratio = expm1(each);
			out->most = arena_printf(a, "%s/%s", t->suite, t->bench);
		}
		logs[out->bench_count++] = each;
	}
	for (size_t i = 0; i < out->bench_count; i++)
		mean += logs[i] / (double)out->bench_count;
	for (size_t i = 0; i < out->bench_count; i++)
		squares += (logs[i] - mean) * (logs[i] - mean);
	/* Benchmarks are the replicates: Student's interval of their mean. */
	half = out->bench_count > 1 ? student_t_quantile(0.975, (double)out->bench_count - 1) *
					      sqrt(squares / (double)(out->bench_count - 1) / (double)out->bench_count)
				    : INFINITY;
	out->ratio = expm1(mean);
	out->low_ratio = expm1(mean - half);
	out->high_ratio = expm1(mean + half);
}

bool overhead_measure(struct arena *a, const struct project *p, const struct measure_request *like,
		      struct overhead *out, struct err *err)
{
	struct run clean, sampled;
	struct measure_side base = {.folder = p->config.folder, .run = &clean};
	struct measure_side head = {.folder = p->config.folder, .run = &sampled};
	struct measure_request request = *like;
	const char *why_not;
	const struct sampler *sampler = sampler_choose(a, &why_not, err);

	*out = (struct overhead){.most = ""};
	if (!sampler)
		return false;
	out->engine = sampler->name;
	out->rate_hz = RATE_HZ;
	project_init_run(a, &clean, project_check_id(a, like->seed), like->seed);
	project_init_run(a, &sampled, clean.check_id, like->seed);
	request.pairs = OVERHEAD_PAIRS;
	request.base = &base;
	request.head = &head;
	request.samples_head = true;
	request.plan = NULL;
	if (!measure(a, &request, err))
		return false;
	if (proc_interrupted())
		return err_set(err, "interrupted");
	conclude(a, &clean, &sampled, out);
	return out->bench_count || err_set(err, "no benchmark gave values with and without the sampler");
}

const char *overhead_words(struct arena *a, const struct overhead *o)
{
	const char *interval = isfinite(o->high_ratio)
				       ? arena_printf(a, " [%+.2g, %+.2g]", 100 * o->low_ratio, 100 * o->high_ratio)
				       : "";

	return arena_printf(a, "%s at %lld Hz: %+.2g %%%s over %zu benchmark%s, most %s %+.2g %%", o->engine,
			    (long long)o->rate_hz, 100 * o->ratio, interval, o->bench_count,
			    o->bench_count == 1 ? "" : "s", text_printable_copy(a, o->most), 100 * o->most_ratio);
}
