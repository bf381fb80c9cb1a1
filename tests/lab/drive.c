/* pawl itself: the shipped schedule and judge, fed from a workload. */
#include "detector.h"
#include "flow/judge.h"
#include "flow/judge_drift.h"
#include "flow/outlook.h"
#include "flow/schedule.h"

#include "base/random.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

/* What a slice costs: 20 ms and the start of a process. */
enum { SLICE_NS = 25 * 1000 * 1000 };

static const char SUITE[] = "lab";

/* A name that tells its number. */
static const char *bench_name(struct arena *a, size_t i)
{
	return arena_printf(a, "%04zu", i);
}

static size_t bench_number(const char *name)
{
	return (size_t)strtoul(name, NULL, 10);
}

static void init_run(struct arena *a, struct run *run, const char *id, const char *started, size_t bench_count)
{
	struct run_suite *suite;

	*run = (struct run){.id = id, .check_id = "lab", .started = started, .revision = "", .branch = ""};
	run->host.machine_class = "lab";
	suite = run_add_suite(a, run, SUITE, "gbench");
	suite->failure = suite->config_digest = suite->program_version = "";
	for (size_t i = 0; i < bench_count; i++) {
		struct slice_table *t = run_add(a, run, SUITE, bench_name(a, i));

		t->clock = "cpu_time";
		t->reason = "";
	}
}

static void add_slice(struct arena *a, struct run *run, size_t bench, const struct slice *like, double value_ns)
{
	struct slice_table *t = &run->tables[bench];
	struct metric m = metric_of("cpu_time");
	struct slice *s = table_add_slice(a, t);
	struct cell *cells = s->cells;

	*s = *like;
	s->cells = cells;
	s->iterations = s->repetitions = s->threads = 1;
	s->wall_ns = SLICE_NS;
	s->cpu = -1;
	table_set(a, t, s, &m, value_ns);
}

/* What is measured in one block, put into both runs. */
static void measure_block(struct arena *a, struct workload_job *job, const struct schedule_block *block, int64_t number,
			  struct run *base, struct run *head)
{
	for (size_t i = 0; i + 1 < block->slice_count; i += 2) {
		struct slice at = {.block = number, .phase = block->phase};
		int64_t first = (int64_t)i, second = first + 1;
		double base_ns, head_ns;
		bool base_first = block->sides[i] == SIDE_BASE;

		workload_pair(job, block->job, block->sides[i], &base_ns, &head_ns);
		at.side = SIDE_BASE;
		at.position = base_first ? first : second;
		add_slice(a, base, block->job, &at, base_ns);
		at.side = SIDE_HEAD;
		at.position = base_first ? second : first;
		add_slice(a, head, block->job, &at, head_ns);
	}
}

/* Measures what schedule asks for until it asks no more, as measure does; `wanted`: of these benchmarks alone, NULL: of all. */
static void measure_all(struct arena *a, struct workload_job *job, uint64_t seed, struct judge_request *request,
			struct run *base, struct run *head, const bool *wanted, struct call *calls)
{
	size_t n = job->check->of->bench_count;
	struct schedule_job *jobs = NEW_ARRAY(a, struct schedule_job, n);
	struct schedule_state state = {.seed = seed, .jobs = jobs, .job_count = n};
	struct outlook_request ask = {.judge = request, .family = n};
	struct schedule_wish wish = {0};
	struct schedule_block block;

	for (size_t i = 0; i < n; i++) {
		jobs[i].slice_ns = SLICE_NS;
		jobs[i].stopped = wanted && !wanted[i];
	}
	schedule_plan(jobs, n, &wish);
	for (int64_t number = 0; schedule_next(&state, &block); number++) {
		struct schedule_job *known = &jobs[block.job];
		struct call *call = &calls[block.job];
		size_t pairs = block.slice_count / 2;

		measure_block(a, job, &block, number, base, head);
		known->block_count++;
		known->pair_count += pairs;
		call->pairs += pairs;
		call->confirm += block.phase == PHASE_CONFIRM ? pairs : 0;
		if (schedule_wants_look(known)) {
			struct outlook outlook =
				outlook_of(a, &ask, &base->tables[block.job], &head->tables[block.job]);

			schedule_learn(known, &outlook);
		}
	}
}

static void take_verdict(const struct verdict *v, size_t bench_count, struct call *calls)
{
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];
		size_t bench = bench_number(f->bench);

		if (!f->gated || !text_equal(f->metric, "cpu_time") || bench >= bench_count)
			continue;
		calls[bench].slower = f->state == STATE_JUDGED && f->outcome == OUTCOME_SLOWER;
		calls[bench].fails = f->effect == EFFECT_FAIL;
		calls[bench].p = f->p.known ? f->p.value : 1;
		calls[bench].effect_ratio = f->change_ratio.known ? f->change_ratio.value : 0;
	}
}

void detect_pawl(struct arena *a, const struct workload_check *check, uint64_t seed, struct call *calls)
{
	size_t n = check->of->bench_count;
	struct judge_request request = {.mode = JUDGE_INTERLEAVED};
	struct workload_job job;
	struct verdict verdict = {0};
	struct run base, head;

	for (size_t i = 0; i < n; i++)
		calls[i] = (struct call){0};
	init_run(a, &base, "base", "2026-01-01T00:00:00Z", n);
	init_run(a, &head, "head", "2026-01-01T00:00:00Z", n);
	workload_open(a, check, seed, 0, &job);
	request.base = &base;
	request.head = &head;
	measure_all(a, &job, seed, &request, &base, &head, NULL, calls);
	judge(a, &request, &verdict);
	take_verdict(&verdict, n, calls);
}

/* A run of one side alone, as `check --save` stores it. */
static void measure_run(struct arena *a, const struct workload_check *check, uint64_t seed, size_t number,
			enum side side, struct run *run)
{
	struct workload_job job;
	double x[DETECTOR_RUN_VALUES];

	workload_open(a, check, seed, number, &job);
	for (size_t i = 0; i < check->of->bench_count; i++) {
		workload_values(&job, i, side, x, DETECTOR_RUN_VALUES);
		for (size_t k = 0; k < DETECTOR_RUN_VALUES; k++) {
			struct slice at = {.block = (int64_t)k, .side = side, .phase = PHASE_MEASURE};

			add_slice(a, run, i, &at, x[k]);
		}
	}
}

/* Fills 20 stored runs, and the head's. */
static void fill_window(struct arena *a, const struct workload_check *check, uint64_t seed, struct judge_stored *window,
			struct run *head)
{
	size_t n = check->of->bench_count;
	struct run *runs = NEW_ARRAY(a, struct run, DETECTOR_WINDOW);

	for (size_t k = 0; k < DETECTOR_WINDOW; k++) {
		/* As t_history numbers its jobs, so that both see the same values. */
		init_run(a, &runs[k], arena_printf(a, "run%zu", k), arena_printf(a, "2026-01-%02zuT00:00:00Z", k + 1),
			 n);
		measure_run(a, check, seed, k + 1, SIDE_BASE, &runs[k]);
		window[k].run = &runs[k];
	}
	init_run(a, head, "head", "2026-02-01T00:00:00Z", n);
	measure_run(a, check, seed, 0, SIDE_HEAD, head);
}

/* What check_confirm of the command takes for suspects. */
static void find_suspects(const struct verdict *v, bool *suspect)
{
	bool drifted = false;

	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		drifted = drifted || (drift_is_row(f) && f->p.value < JUDGE_DRIFT_SUSPECT_BELOW);
	}
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (f->gated && !drift_is_row(f) && f->state == STATE_JUDGED &&
		    (drifted || f->p.value < JUDGE_SUSPECT_BELOW))
			suspect[bench_number(f->bench)] = true;
	}
}

static void detect_from_window(struct arena *a, const struct workload_check *check, uint64_t seed, bool confirms,
			       struct call *calls)
{
	size_t n = check->of->bench_count;
	struct judge_stored window[DETECTOR_WINDOW] = {{0}};
	struct judge_request request = {.mode = JUDGE_STORED, .window = window, .window_count = DETECTOR_WINDOW};
	struct run head, base_again, head_again;
	struct judge_request pairs = {.mode = JUDGE_INTERLEAVED, .base = &base_again, .head = &head_again};
	struct judge_confirmation confirmation = {.base = &base_again, .head = &head_again, .title = "base"};
	struct verdict verdict = {0};

	for (size_t i = 0; i < n; i++)
		calls[i] = (struct call){.pairs = confirms ? 0 : DETECTOR_RUN_VALUES};
	fill_window(a, check, seed, window, &head);
	request.head = &head;
	judge(a, &request, &verdict);
	if (confirms) {
		bool *suspect = NEW_ARRAY(a, bool, n);
		struct workload_job job;

		find_suspects(&verdict, suspect);
		init_run(a, &base_again, "base", "2026-02-01T00:00:00Z", n);
		init_run(a, &head_again, "head again", "2026-02-01T00:00:00Z", n);
		workload_open(a, check, random_mix(seed, 1), 0, &job);
		measure_all(a, &job, seed, &pairs, &base_again, &head_again, suspect, calls);
		request.confirmations = &confirmation;
		request.confirmation_count = 1;
		verdict = (struct verdict){0};
		judge(a, &request, &verdict);
	}
	take_verdict(&verdict, n, calls);
}

void detect_pawl_stored(struct arena *a, const struct workload_check *check, uint64_t seed, struct call *calls)
{
	detect_from_window(a, check, seed, false, calls);
}

void detect_pawl_confirmed(struct arena *a, const struct workload_check *check, uint64_t seed, struct call *calls)
{
	detect_from_window(a, check, seed, true, calls);
}
