/* Drawing checks and jobs, and their values. */
#include "workload.h"

#include "base/text.h"

/* Recorded pairs are taken in stretches of this many, so that drift and what one value says of the next stay as they
 * were (Kuensch, The jackknife and the bootstrap for general stationary observations, Ann. Stat. 17, 1989: blocks). */
enum { STRETCH = 10 };

/* What a seed is used for. */
enum { FOR_BENCHES = 1, FOR_HOST, FOR_VALUES, FOR_ROWS };

static size_t below(struct random *r, size_t n)
{
	return (size_t)(noise_uniform(r) * (double)n);
}

static int percent_of(const struct workload *w)
{
	return (int)(100 * w->effect_ratio + 0.5);
}

/* A recorded row that can stand for a benchmark of this workload. */
static bool fits(const struct workload *w, const struct trace_row *row, bool planted)
{
	if (w->kind != TRACE_SAME)
		return row->kind == w->kind;
	if (planted)
		return row->percent && row->percent == percent_of(w);
	return row->same_code;
}

static size_t count_fitting(const struct workload *w, bool planted)
{
	size_t n = 0;

	for (size_t i = 0; i < w->set->count; i++)
		n += fits(w, &w->set->rows[i], planted);
	return n;
}

bool workload_check_ready(const struct workload *w, struct err *err)
{
	if (!w->set)
		return true;
	for (size_t i = 0; i < w->set->count; i++) {
		if (w->set->rows[i].count < STRETCH)
			return err_set(err, "%s in %s: fewer than %d pairs", w->set->rows[i].bench, w->set->rows[i].arm,
				       STRETCH);
	}
	if (w->planted_count < w->bench_count && !count_fitting(w, false))
		return err_set(err, "no such trace; tests/lab/record.sh records them");
	if (w->planted_count && !count_fitting(w, true))
		return err_set(err, "no trace of +%d %%; tests/lab/record.sh records one", percent_of(w));
	return true;
}

static const struct trace_row *draw_row(const struct workload *w, struct random *r, bool planted)
{
	size_t skip = below(r, count_fitting(w, planted));

	for (size_t i = 0;; i++) {
		if (fits(w, &w->set->rows[i], planted) && skip-- == 0)
			return &w->set->rows[i];
	}
}

void workload_draw(struct arena *a, const struct workload *w, uint64_t seed, struct workload_check *check)
{
	struct random r = {.state = random_mix(seed, FOR_BENCHES)};

	*check = (struct workload_check){.of = w, .benches = NEW_ARRAY(a, struct workload_bench, w->bench_count)};
	for (size_t i = 0; i < w->bench_count; i++) {
		bool planted = i < w->planted_count;

		check->benches[i].effect_ratio = planted ? w->effect_ratio : 0;
		if (w->set)
			check->benches[i].row = draw_row(w, &r, planted);
		else
			check->benches[i].noise = noise_bench_draw(&r);
	}
}

/* All arms but the aligned ones have one base. */
static bool is_same_base(const struct trace_row *one, const struct trace_row *two)
{
	return one != two && text_equal(one->bench, two->bench) &&
	       (one->kind == TRACE_ALIGNED) == (two->kind == TRACE_ALIGNED);
}

/* Another session of the same benchmark on the unchanged side, of the same program. */
static const struct trace_row *other_session(const struct workload *w, struct random *r, const struct trace_row *row)
{
	size_t n = 0, skip;

	for (size_t i = 0; i < w->set->count; i++)
		n += is_same_base(&w->set->rows[i], row);
	if (!n)
		return row;
	skip = below(r, n);
	for (size_t i = 0;; i++) {
		const struct trace_row *other = &w->set->rows[i];

		if (is_same_base(other, row) && skip-- == 0)
			return other;
	}
}

void workload_open(struct arena *a, const struct workload_check *check, uint64_t seed, size_t number,
		   struct workload_job *job)
{
	const struct workload *w = check->of;
	struct random host = {.state = random_mix(random_mix(seed, FOR_HOST), number)};
	double host_ln = w->one_host ? 0 : noise_host_draw(&host);

	*job = (struct workload_job){.check = check, .cursors = NEW_ARRAY(a, struct workload_cursor, w->bench_count)};
	for (size_t i = 0; i < w->bench_count; i++) {
		uint64_t own = random_mix(random_mix(random_mix(seed, FOR_VALUES), number), i);
		const struct workload_bench *b = &check->benches[i];
		struct workload_cursor *c = &job->cursors[i];

		c->random.state = random_mix(own, FOR_ROWS);
		if (!w->set)
			c->noise = noise_stream_open(&b->noise, own, host_ln);
		else
			c->row = number ? other_session(w, &c->random, b->row) : b->row;
	}
}

/* The next recorded pair.  Where both sides ran the same code they may change places: what is left of a difference
 * between them in so short a record is chance, and must not count as an effect. */
static struct trace_pair next_recorded(struct workload_cursor *c)
{
	struct trace_pair pair;

	if (!c->left) {
		c->at = below(&c->random, c->row->count - STRETCH + 1);
		c->left = STRETCH;
		c->swapped = c->row->same_code && (random_next(&c->random) & 1);
	}
	pair = c->row->pairs[c->at++];
	c->left--;
	if (c->swapped)
		return (struct trace_pair){.base_ns = pair.head_ns, .head_ns = pair.base_ns};
	return pair;
}

void workload_pair(struct workload_job *job, size_t bench, enum side first, double *base_ns, double *head_ns)
{
	struct workload_cursor *c = &job->cursors[bench];
	double effect = job->check->benches[bench].effect_ratio;
	struct trace_pair pair;

	if (c->row) {
		pair = next_recorded(c);
	} else if (first == SIDE_BASE) {
		pair.base_ns = noise_next(&c->noise, 0);
		pair.head_ns = noise_next(&c->noise, effect);
	} else {
		pair.head_ns = noise_next(&c->noise, effect);
		pair.base_ns = noise_next(&c->noise, 0);
	}
	*base_ns = pair.base_ns;
	*head_ns = pair.head_ns;
}

void workload_values(struct workload_job *job, size_t bench, enum side side, double *x, size_t count)
{
	struct workload_cursor *c = &job->cursors[bench];
	double effect = side == SIDE_HEAD ? job->check->benches[bench].effect_ratio : 0;

	for (size_t i = 0; i < count; i++) {
		if (c->row) {
			struct trace_pair pair = next_recorded(c);

			x[i] = side == SIDE_HEAD ? pair.head_ns : pair.base_ns;
		} else {
			x[i] = noise_next(&c->noise, effect);
		}
	}
}
