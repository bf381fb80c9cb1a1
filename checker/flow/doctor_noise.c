/* How well times can be compared here: a loop, measured against itself turn by turn. */
#include "flow/doctor.h"

#include "base/clock.h"
#include "base/proc.h"
#include "base/random.h"
#include "base/text.h"
#include "flow/confirm.h"
#include "stats/sample.h"
#include "stats/signed_rank.h"

#include <math.h>
#include <sched.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

enum {
	SLICE_NS = 5000000,   /* as long as the timed loop of a quick benchmark's slice */
	TABLE_SIZE = 1 << 15, /* 256 KB: in the second cache of most processors, so that neighbours are felt */
	LEAST_PAIRS = 12,
};

/* One false alarm in twenty checks, of a single benchmark and where 50 share it (Bonferroni, as for a single slower row). */
static const double ALPHA = 0.05, ALPHA_AMONG_50 = 0.001;
static const double MIN_EFFECT = 0.01, THRESHOLD = 0.10; /* the default rule for times */

struct spin {
	uint64_t table[TABLE_SIZE];
	volatile uint64_t sink;
};

struct moment {
	int64_t cpu_ns, wall_ns;
};

static struct moment now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (struct moment){.cpu_ns = (int64_t)t.tv_sec * 1000000000 + t.tv_nsec, .wall_ns = clock_ns()};
}

static struct moment spin(struct spin *s, int64_t rounds)
{
	struct moment begin = now(), end;
	uint64_t x = 1;

	for (int64_t i = 0; i < rounds; i++) {
		x ^= x << 13;
		x ^= x >> 7;
		x ^= x << 17;
		x += s->table[x % TABLE_SIZE];
		x |= 1;
	}
	s->sink = x;
	end = now();
	return (struct moment){.cpu_ns = end.cpu_ns - begin.cpu_ns, .wall_ns = end.wall_ns - begin.wall_ns};
}

static int64_t rounds_of_slice(struct spin *s)
{
	int64_t rounds = 1000;

	for (;;) {
		struct moment took = spin(s, rounds);

		if (took.cpu_ns > SLICE_NS / 2 || rounds > INT64_MAX / 4)
			return (int64_t)((double)rounds * SLICE_NS / (double)took.cpu_ns) + 1;
		rounds *= 2;
	}
}

/* Time of all CPUs together, and what of it the hypervisor gave to others; false where it is not shown. */
static bool read_steal(double *stolen, double *total)
{
	unsigned long long v[8] = {0};
	FILE *f = fopen("/proc/stat", "re");
	int got = 0;

	if (f) {
		got = fscanf(f, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5],
			     &v[6], &v[7]);
		fclose(f);
	}
	*stolen = (double)v[7];
	*total = 0;
	for (int i = 0; i < 8; i++)
		*total += (double)v[i];
	return got == 8;
}

static void add_pair(struct arena *a, struct doctor_pairs *p, const struct moment *base, const struct moment *head)
{
	size_t wall_capacity = p->capacity;

	p->cpu = arena_reserve(a, p->cpu, p->count, &p->capacity, sizeof *p->cpu);
	p->wall = arena_reserve(a, p->wall, p->count, &wall_capacity, sizeof *p->wall);
	p->cpu[p->count] = log((double)head->cpu_ns / (double)base->cpu_ns);
	p->wall[p->count] = log((double)head->wall_ns / (double)base->wall_ns);
	p->count++;
}

/* Four slices on one CPU, ABBA or BAAB, as a check measures. */
static void measure_block(struct arena *a, struct spin *s, int64_t rounds, bool swapped, struct doctor_pairs *out)
{
	struct moment t[4];
	cpu_set_t before, one;
	int cpu = sched_getcpu();
	bool pinned = false;

	if (cpu >= 0 && sched_getaffinity(0, sizeof before, &before) == 0) {
		CPU_ZERO(&one);
		CPU_SET((size_t)cpu, &one);
		pinned = sched_setaffinity(0, sizeof one, &one) == 0;
	}
	for (int i = 0; i < 4; i++)
		t[i] = spin(s, rounds);
	if (pinned)
		sched_setaffinity(0, sizeof before, &before);
	add_pair(a, out, &t[swapped ? 1 : 0], &t[swapped ? 0 : 1]);
	add_pair(a, out, &t[swapped ? 2 : 3], &t[swapped ? 3 : 2]);
}

static int64_t switches(void)
{
	struct rusage use;

	getrusage(RUSAGE_SELF, &use);
	return (int64_t)use.ru_nivcsw;
}

bool doctor_measure(struct arena *a, int64_t duration_ns, struct doctor_pairs *out, struct err *err)
{
	struct spin *s = NEW(a, struct spin);
	struct random random = {.state = 1};
	double stolen[2], total[2];
	bool shown = read_steal(&stolen[0], &total[0]);
	int64_t rounds, end;

	*out = (struct doctor_pairs){.slice_ns = SLICE_NS, .stolen_ratio = -1};
	for (size_t i = 0; i < TABLE_SIZE; i++)
		s->table[i] = random_next(&random);
	rounds = rounds_of_slice(s);
	out->switches = -switches();
	end = clock_ns() + duration_ns;
	while (clock_ns() < end || out->count < LEAST_PAIRS) {
		if (proc_interrupted())
			return err_set(err, "interrupted");
		measure_block(a, s, rounds, random_next(&random) & 1, out);
	}
	out->switches += switches();
	if (shown && read_steal(&stolen[1], &total[1]) && total[1] > total[0])
		out->stolen_ratio = (stolen[1] - stolen[0]) / (total[1] - total[0]);
	return true;
}

/* As the judge takes it: single wild values do not blow it up. */
static double spread(struct arena *a, const double *d, size_t n)
{
	double robust = SAMPLE_MAD_TO_SD * sample_mad(a, d, n);

	return robust > 0 || n < 2 ? robust : sample_sd(d, n);
}

static double visible(double sd, double alpha)
{
	return expm1(log1p(MIN_EFFECT) + sd * confirm_mde(alpha));
}

struct doctor_noise doctor_judge(struct arena *a, const struct doctor_pairs *p)
{
	double cpu = spread(a, p->cpu, p->count), wall = spread(a, p->wall, p->count);

	return (struct doctor_noise){
		.spread_ratio = expm1(cpu),
		.wall_spread_ratio = expm1(wall),
		.visible_ratio = visible(cpu, ALPHA),
		.visible_among_50_ratio = visible(cpu, ALPHA_AMONG_50),
		.wall_visible_ratio = visible(wall, ALPHA),
		.p_two_sided = signed_rank_test(a, p->cpu, p->count, 0).p_two_sided,
	};
}

void doctor_add_noise(struct arena *a, const struct doctor_pairs *p, const struct doctor_noise *n,
		      struct doctor_report *out)
{
	enum doctor_level level = n->visible_among_50_ratio > THRESHOLD ? DOCTOR_LACK : DOCTOR_GOOD;

	if (p->stolen_ratio < 0)
		doctor_add(a, out, "steal", DOCTOR_NOTE, "", "not shown");
	else
		doctor_add(a, out, "steal", p->stolen_ratio > 0.02 ? DOCTOR_LACK : DOCTOR_GOOD,
			   p->stolen_ratio > 0.02 ? "a machine whose CPUs are not shared" : "",
			   "%.3g %% of the CPUs' time went to other machines", 100 * p->stolen_ratio);
	doctor_add(a, out, "noise", level,
		   level == DOCTOR_LACK ? "gate instructions: metrics: [instructions] in pawl.yml" : "",
		   "a loop of %.3g ms against itself, %zu pairs: CPU time differs by %.3g %% (standard deviation), "
		   "time on the "
		   "clock by %.3g %%; interrupted %lld times",
		   (double)p->slice_ns / 1e6, p->count, 100 * n->spread_ratio, 100 * n->wall_spread_ratio,
		   (long long)p->switches);
	doctor_add(a, out, "smallest change", level, "",
		   "%.3g %% of one benchmark's CPU time would be seen 4 times of 5, %.3g %% where 50 are checked; %.2g "
		   "%% of "
		   "the time on the clock",
		   100 * n->visible_ratio, 100 * n->visible_among_50_ratio, 100 * n->wall_visible_ratio);
	if (n->p_two_sided < 0.001)
		doctor_add(a, out, "same against same", DOCTOR_LACK, "pawl check --aa 20",
			   "the loop differs from itself (p %.2g): something favours one place in the order",
			   n->p_two_sided);
	else
		doctor_add(a, out, "same against same", DOCTOR_GOOD, "", "no difference (p %.2g)", n->p_two_sided);
}
