/*
 * Runs made by hand for tests of judge: a benchmark with given values, nothing measured.
 */
#ifndef PAWL_TESTS_MADE_RUNS_H
#define PAWL_TESTS_MADE_RUNS_H

#include "base/random.h"
#include "base/text.h"
#include "flow/judge.h"
#include "model/run.h"

#include <math.h>

static inline struct run made_run(struct arena *a)
{
	struct run run = {.id = "1234", .check_id = "check", .revision = "4f2a91c0", .branch = "main"};
	struct run_suite *suite;

	run.host.machine_class = "made";
	suite = run_add_suite(a, &run, "s", "gbench");
	suite->failure = suite->config_digest = suite->program_version = "";
	return run;
}

static inline struct slice_table *made_bench(struct arena *a, struct run *run, const char *name)
{
	struct slice_table *t = run_add(a, run, "s", name);

	t->clock = "cpu_time";
	t->reason = "";
	return t;
}

/* One slice more: pairs join by their number. */
static inline void made_value(struct arena *a, struct slice_table *t, const char *metric, double value)
{
	struct metric m = metric_of(metric);
	struct slice *s = table_add_slice(a, t);

	s->phase = PHASE_MEASURE;
	s->block = (int64_t)(t->slice_count - 1) / 2;
	s->position = (int64_t)((t->slice_count - 1) % 2) * 2;
	s->wall_ns = 1000000;
	table_set(a, t, s, &m, value);
}

/* A normal deviate (Box and Muller). */
static inline double made_normal(struct random *r)
{
	double u = ((double)(random_next(r) >> 11) + 0.5) / 9007199254740992.0;
	double v = ((double)(random_next(r) >> 11) + 0.5) / 9007199254740992.0;

	return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

/* `n` slices around `median` with a spread of `sd` in the logarithm. */
static inline void made_values(struct arena *a, struct slice_table *t, const char *metric, size_t n, double median,
			       double sd, uint64_t seed)
{
	struct random r = {.state = seed};

	for (size_t i = 0; i < n; i++)
		made_value(a, t, metric, median * exp(sd * made_normal(&r)));
}

/* A check on its way. */
struct made {
	struct arena *a;
	struct run base, head;
	struct judge_request request;
	struct verdict verdict;
};

static inline int setup(void **state)
{
	struct arena *a = arena_open();
	struct made *m = NEW(a, struct made);

	m->a = a;
	m->base = made_run(a);
	m->head = made_run(a);
	m->request = (struct judge_request){.base = &m->base, .head = &m->head};
	*state = m;
	return 0;
}

static inline int teardown(void **state)
{
	arena_close(((struct made *)*state)->a);
	return 0;
}

/* A benchmark with 20 pairs whose head is `ratio` times the base, with some scatter. */
static inline void add(struct made *m, const char *name, double ratio, uint64_t seed)
{
	made_values(m->a, made_bench(m->a, &m->base, name), "cpu_time", 20, 1000, 0.005, seed);
	made_values(m->a, made_bench(m->a, &m->head, name), "cpu_time", 20, 1000 * ratio, 0.005, seed + 1000);
}

/* Every pair differs by exactly `ratio`. */
static inline void add_exact(struct made *m, const char *name, double ratio)
{
	struct slice_table *base = made_bench(m->a, &m->base, name), *head = made_bench(m->a, &m->head, name);

	for (int i = 0; i < 20; i++) {
		made_value(m->a, base, "cpu_time", 1000);
		made_value(m->a, head, "cpu_time", 1000 * ratio);
	}
}

static inline const struct finding *find(struct made *m, const char *bench, const char *metric)
{
	for (size_t i = 0; i < m->verdict.finding_count; i++) {
		const struct finding *f = &m->verdict.findings[i];

		if (text_equal(f->bench, bench) && text_equal(f->metric, metric))
			return f;
	}
	fail_msg("no row %s [%s]", bench, metric);
	return NULL;
}

static inline const struct finding *judged(struct made *m, const char *bench)
{
	judge(m->a, &m->request, &m->verdict);
	return find(m, bench, "cpu_time");
}

#define MADE_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
