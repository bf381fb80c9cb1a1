/*
 * Doctor: what this machine can measure, how well, and what would mend a lack.
 *
 * doctor_rows asks the system; doctor_measure spins for some seconds; doctor_judge is pure, so that made-up pairs can
 * stand for other machines.
 */
#ifndef PAWL_FLOW_DOCTOR_H
#define PAWL_FLOW_DOCTOR_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum doctor_level {
	DOCTOR_GOOD,
	DOCTOR_NOTE,   /* worth knowing, nothing to mend */
	DOCTOR_LACK,   /* works, and would be better with what `mend` says */
	DOCTOR_BROKEN, /* checks do not work without it */
};

struct doctor_row {
	const char *name; /* "instructions" */
	enum doctor_level level;
	const char *found; /* "perf instructions:u" */
	const char *mend;  /* a line that mends it; "" */
};

struct doctor_report {
	struct doctor_row *rows;
	size_t count, capacity;
};

/* What can be known without measuring. */
void doctor_rows(struct arena *a, struct doctor_report *out);

/* Pairs of slices of one loop, turn by turn; the logarithms of their ratios. */
struct doctor_pairs {
	double *cpu, *wall;
	size_t count, capacity;
	int64_t slice_ns;    /* how long one is, about */
	double stolen_ratio; /* of all CPU time meanwhile; negative: not known */
	int64_t switches;    /* times that something else took the CPU */
};

/* Spins for about `duration_ns`.  False after an interrupt. */
bool doctor_measure(struct arena *a, int64_t duration_ns, struct doctor_pairs *out, struct err *err) MUST_CHECK;

/* What the pairs say. */
struct doctor_noise {
	double spread_ratio;           /* of the CPU time of a pair: a robust standard deviation */
	double wall_spread_ratio;      /* the same of the time on the clock */
	double visible_ratio;          /* the smallest change of one benchmark that a check sees with 80 % power */
	double visible_among_50_ratio; /* the same where 50 benchmarks are checked */
	double wall_visible_ratio;     /* of one benchmark gated by the time on the clock */
	double p_two_sided;            /* of the signed-rank test that the loop is as quick as itself */
};

struct doctor_noise doctor_judge(struct arena *a, const struct doctor_pairs *pairs);

/* Adds the rows of a measurement. */
void doctor_add_noise(struct arena *a, const struct doctor_pairs *pairs, const struct doctor_noise *noise,
		      struct doctor_report *out);

/* The worst level of any row. */
enum doctor_level doctor_worst(const struct doctor_report *r);

void doctor_add(struct arena *a, struct doctor_report *r, const char *name, enum doctor_level level, const char *mend,
		const char *format, ...) PRINTF_LIKE(6, 7);

#endif
