/* The laboratory: what rules call slower that is, and that is not, in checks made up and recorded. */
#include "tally.h"

#include "base/text.h"
#include "stats/proportion.h"

#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

enum { BENCHES = 100, EFFECT_COUNT = 5, PLANTING_COUNT = 4 };

/* Of the upper limits. */
static const double LIMIT = 0.95;

static const int effects[EFFECT_COUNT] = {1, 2, 3, 5, 10};

/* How many of the benchmarks are slower.  The others of one check share a false-discovery step with them. */
static const size_t plantings[PLANTING_COUNT] = {0, 1, 5, 10};

/*
 * Arms: name, designs that take part, one host, recorded, kind, divisor of the number of checks, what it is.
 * The divisors keep each arm to some minutes; only the first has to show one alarm in a thousand checks.
 */
#define ARM_LIST(ROW)                                                                                                  \
	ROW(simulated, DESIGN_PAIRS, DESIGN_JOBS, false, false, SAME, 1, "made up, hosts differ by 5 %")               \
	ROW(one_host, DESIGN_JOBS, DESIGN_JOBS, true, false, SAME, 5, "made up, all jobs on hosts of equal speed")     \
	ROW(stored, DESIGN_HISTORY, DESIGN_HISTORY, false, false, SAME, 2, "made up, hosts differ by 5 %")             \
	ROW(stored_one_host, DESIGN_HISTORY, DESIGN_HISTORY, true, false, SAME, 2,                                     \
	    "made up, all jobs on hosts of equal speed")                                                               \
	ROW(recorded, DESIGN_PAIRS, DESIGN_JOBS, false, true, SAME, 1, "recorded, the same code")                      \
	ROW(layout, DESIGN_PAIRS, DESIGN_JOBS, false, true, LAYOUT, 10, "recorded, the same objects in another order") \
	ROW(aligned, DESIGN_PAIRS, DESIGN_JOBS, false, true, ALIGNED, 10,                                              \
	    "recorded, the same, functions at multiples of 64 bytes")

static const struct arm {
	const char *name;
	enum rule_design first, last;
	bool one_host, recorded;
	enum trace_kind kind;
	size_t divisor;
	const char *title;
} arms[] = {
#define ROW(name, first, last, one_host, recorded, kind, divisor, title)                                               \
	{#name, first, last, one_host, recorded, TRACE_##kind, divisor, title},
	ARM_LIST(ROW)
#undef ROW
};

enum { ARM_COUNT = sizeof arms / sizeof arms[0] };

struct lab {
	struct arena *arena;
	size_t checks;
	uint64_t seed;
	const char *arm; /* NULL: all */
	const char *traces;
	FILE *csv; /* NULL: none */
	struct trace_set set;
	struct tally tallies[DETECTOR_COUNT][PLANTING_COUNT][EFFECT_COUNT];
};

/* A tenth of the checks is planted at each size: with ten benchmarks in each that is as many as there are checks. */
static size_t checks_of(const struct lab *lab, const struct arm *arm, size_t planted)
{
	size_t checks = lab->checks / arm->divisor / (planted ? 10 : 1);

	return checks > 10 ? checks : 10;
}

static bool takes_part(const struct arm *arm, size_t rule)
{
	return detectors[rule].design >= arm->first && detectors[rule].design <= arm->last;
}

static void run_checks(struct lab *lab, const struct arm *arm, size_t planting, size_t effect)
{
	struct arena *a = arena_open_child(lab->arena);
	struct workload w = {
		.bench_count = BENCHES,
		.planted_count = plantings[planting],
		.effect_ratio = plantings[planting] ? effects[effect] / 100.0 : 0,
		.one_host = arm->one_host,
		.set = arm->recorded ? &lab->set : NULL,
		.kind = arm->kind,
	};
	/* The arm's place in the list, the planting and the size make every check another one. */
	uint64_t seed = random_mix(random_mix(lab->seed, (uint64_t)(arm - arms)), planting * EFFECT_COUNT + effect);
	struct call *calls = NEW_ARRAY(lab->arena, struct call, BENCHES);

	for (size_t i = 0; i < checks_of(lab, arm, w.planted_count); i++) {
		struct arena_mark mark = arena_mark(a);
		struct workload_check check;

		workload_draw(a, &w, random_mix(seed, i), &check);
		for (size_t rule = 0; rule < DETECTOR_COUNT; rule++) {
			struct arena_mark inner = arena_mark(a);

			/* Others call each benchmark by itself: how many are planted is nothing to them. */
			if (!takes_part(arm, rule) ||
			    (rule != DETECTOR_pawl && w.planted_count && w.planted_count != 10))
				continue;
			detectors[rule].apply(a, &check, random_mix(random_mix(seed, i), 1), calls);
			tally_add(&lab->tallies[rule][planting][effect], &check, calls);
			arena_reset(a, inner);
		}
		arena_reset(a, mark);
	}
	arena_close(a);
}

static void write_csv(struct lab *lab, const struct arm *arm)
{
	if (!lab->csv)
		return;
	for (size_t rule = 0; rule < DETECTOR_COUNT; rule++) {
		for (size_t p = 0; p < PLANTING_COUNT; p++) {
			for (size_t e = 0; e < EFFECT_COUNT; e++) {
				const struct tally *t = &lab->tallies[rule][p][e];

				if (!t->checks)
					continue;
				fprintf(lab->csv, "%s,%s,%zu,%d,%zu,%zu,%zu,%zu,%zu,%zu,%zu,%zu,%zu,%zu,%.6g\n",
					arm->name, detectors[rule].name, plantings[p], plantings[p] ? effects[e] : 0,
					t->checks, t->alarmed, t->failed, t->unchanged, t->wrong, t->wrong_failing,
					t->planted, t->called, t->pairs, t->confirm_most,
					t->planted ? t->effect_sum / (double)t->planted : 0);
			}
		}
	}
	fflush(lab->csv);
}

/* "0.34 (0.41)": a share in per cent and its upper limit. */
static const char *share(struct arena *a, size_t k, size_t n)
{
	if (!n)
		return "";
	return arena_printf(a, "%.3g (%.3g)", 100 * (double)k / (double)n, 100 * proportion_upper(k, n, LIMIT));
}

static void print_power(struct arena *a, const struct tally *of, double level)
{
	for (size_t e = 0; e < EFFECT_COUNT; e++) {
		double power = !of[e].planted ? 0
			       : level > 0    ? tally_power_at(&of[e], level)
					      : (double)of[e].called / (double)of[e].planted;

		printf(" %s |", of[e].planted ? arena_printf(a, "%.1f", 100 * power) : "");
	}
}

static void print_row(struct lab *lab, size_t rule, size_t planting)
{
	struct arena *a = lab->arena;
	const struct tally *null = &lab->tallies[rule][0][0], *of = lab->tallies[rule][planting];
	size_t most = null->confirm_most;

	if (!null->checks)
		return;
	for (size_t e = 0; e < EFFECT_COUNT; e++)
		most = of[e].confirm_most > most ? of[e].confirm_most : most;
	printf("| %s", detectors[rule].title);
	if (rule == DETECTOR_pawl && plantings[planting])
		printf(", %zu planted", plantings[planting]);
	printf(" | %s | %s | %s |", share(a, null->wrong, null->unchanged), share(a, null->alarmed, null->checks),
	       share(a, null->failed, null->checks));
	printf(" %s |", share(a, of[EFFECT_COUNT - 1].alarmed, of[EFFECT_COUNT - 1].checks));
	print_power(a, of, 0);
	printf(" %.1f | %s |\n", (double)null->pairs / (double)null->unchanged,
	       most ? arena_printf(a, "%zu", most) : "");
}

/* The t rule at the level at which it alarms as often as pawl: power can then be held against power. */
static void print_equal(struct lab *lab)
{
	const struct tally *pawl = &lab->tallies[DETECTOR_pawl_stored][0][0],
			   *t = &lab->tallies[DETECTOR_t_history][0][0];
	double level;

	if (!pawl->checks || !t->checks)
		return;
	level = tally_level(lab->arena, t, pawl->alarmed);
	printf("| t prediction at the level of as many alarmed checks (%.2g) | | %s | | |", level,
	       share(lab->arena, pawl->alarmed, pawl->checks));
	print_power(lab->arena, lab->tallies[DETECTOR_t_history][PLANTING_COUNT - 1], level);
	puts(" | |");
}

/* Where nothing is planted and nothing is the same either: what each rule makes of it. */
static void print_layout(struct lab *lab, const struct arm *arm)
{
	printf("\n%s: %zu checks of %d benchmarks, seed %" PRIu64 "\n\n", arm->title, checks_of(lab, arm, 0), BENCHES,
	       lab->seed);
	puts("| rule | slower, % of benchmarks | failing, % of benchmarks | % of checks |");
	puts("| --- | --- | --- | --- |");
	for (size_t rule = 0; rule < DETECTOR_COUNT; rule++) {
		const struct tally *t = &lab->tallies[rule][0][0];

		/* No limits: all checks draw from the same few recorded rows. */
		if (t->checks)
			printf("| %s | %.1f | %.1f | %.1f |\n", detectors[rule].title,
			       100 * (double)t->wrong / (double)t->unchanged,
			       100 * (double)t->wrong_failing / (double)t->unchanged,
			       100 * (double)t->failed / (double)t->checks);
	}
	fflush(stdout);
}

static void print_table(struct lab *lab, const struct arm *arm)
{
	printf("\n%s: %zu checks of %d benchmarks without a change, %zu with one at each size, seed %" PRIu64 "\n\n",
	       arm->title, checks_of(lab, arm, 0), BENCHES, checks_of(lab, arm, 1), lab->seed);
	puts("| rule | alarms, % of benchmarks | % of checks | failing, % of checks | others, % of checks beside +10 % "
	     "| +1 % | +2 % | +3 % | +5 % | +10 % | pairs | most to confirm |");
	puts("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |");
	for (size_t rule = 0; rule < DETECTOR_COUNT; rule++) {
		if (!takes_part(arm, rule))
			continue;
		print_row(lab, rule, PLANTING_COUNT - 1);
		for (size_t p = PLANTING_COUNT - 2; rule == DETECTOR_pawl && p > 0; p--)
			print_row(lab, rule, p);
	}
	print_equal(lab);
	fflush(stdout);
}

static void keep_p(struct lab *lab, const struct arm *arm)
{
	for (size_t p = 0; p < PLANTING_COUNT; p++) {
		for (size_t e = 0; e < EFFECT_COUNT; e++) {
			struct tally *t = &lab->tallies[DETECTOR_t_history][p][e];
			size_t checks = checks_of(lab, arm, plantings[p]);

			t->least_p = NEW_ARRAY(lab->arena, double, checks);
			t->planted_p = NEW_ARRAY(lab->arena, double, checks *plantings[p]);
		}
	}
}

static bool run_arm(struct lab *lab, const struct arm *arm, struct err *err)
{
	if (arm->recorded) {
		struct workload w = {.bench_count = BENCHES, .set = &lab->set, .kind = arm->kind};

		if (!lab->set.count)
			return true;
		if (!workload_check_ready(&w, err))
			return false;
	}
	for (size_t rule = 0; rule < DETECTOR_COUNT; rule++) {
		for (size_t i = 0; i < PLANTING_COUNT * EFFECT_COUNT; i++)
			lab->tallies[rule][i / EFFECT_COUNT][i % EFFECT_COUNT] = (struct tally){0};
	}
	if (takes_part(arm, DETECTOR_t_history))
		keep_p(lab, arm);
	run_checks(lab, arm, 0, 0);
	for (size_t p = 1; p < PLANTING_COUNT && arm->kind == TRACE_SAME; p++) {
		for (size_t e = 0; e < EFFECT_COUNT; e++)
			run_checks(lab, arm, p, e);
	}
	write_csv(lab, arm);
	(arm->kind != TRACE_SAME ? print_layout : print_table)(lab, arm);
	return true;
}

static const char usage[] = "usage: lab [--checks N] [--seed N] [--arm NAME] [--traces FOLDER] [--csv FILE]\narms:";

static int show_usage(void)
{
	fputs(usage, stderr);
	for (size_t i = 0; i < ARM_COUNT; i++)
		fprintf(stderr, " %s", arms[i].name);
	fputs("\n", stderr);
	return 2;
}

static bool take_option(struct lab *lab, int option, const char *value)
{
	int64_t n;

	switch (option) {
	case 'c':
		if (!text_parse_int64(str_of(value), &n) || n < 1)
			return false;
		lab->checks = (size_t)n;
		return true;
	case 's':
		if (!text_parse_int64(str_of(value), &n))
			return false;
		lab->seed = (uint64_t)n;
		return true;
	case 'a':
		lab->arm = value;
		return true;
	case 't':
		lab->traces = value;
		return true;
	case 'o':
		lab->csv = fopen(value, "w");
		return lab->csv != NULL;
	default:
		return false;
	}
}

int main(int argc, char **argv)
{
	static const struct option options[] = {
		{"checks", required_argument, NULL, 'c'}, {"seed", required_argument, NULL, 's'},
		{"arm", required_argument, NULL, 'a'},    {"traces", required_argument, NULL, 't'},
		{"csv", required_argument, NULL, 'o'},    {0},
	};
	static struct lab lab = {.checks = 1000, .seed = 1, .traces = "tests/lab/traces"};
	struct err err = {0};
	bool known = false;
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		if (!take_option(&lab, option, optarg))
			return show_usage();
	}
	lab.arena = arena_open();
	if (lab.csv)
		fputs("arm,rule,planted,effect_percent,checks,checks_alarmed,checks_failed,unchanged,wrong,wrong_"
		      "failing,"
		      "planted_rows,called,pairs_on_unchanged,confirm_most,mean_estimate_on_planted\n",
		      lab.csv);
	if (!trace_set_read(lab.arena, lab.traces, &lab.set, &err)) {
		fprintf(stderr, "lab: %s\n", err.text);
		return 2;
	}
	for (size_t i = 0; i < ARM_COUNT; i++) {
		if (lab.arm && !text_equal(lab.arm, arms[i].name))
			continue;
		known = true;
		if (!run_arm(&lab, &arms[i], &err)) {
			fprintf(stderr, "lab: %s\n", err.text);
			return 2;
		}
	}
	if (lab.csv)
		fclose(lab.csv);
	arena_close(lab.arena);
	return known ? 0 : show_usage();
}
