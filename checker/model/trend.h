/*
 * Trends: what was concluded from a history.  Plain data, made by flow/trend.h and read by reports.
 */
#ifndef PAWL_MODEL_TREND_H
#define PAWL_MODEL_TREND_H

#include "model/history.h"

#include <stdbool.h>
#include <stddef.h>

/* Slower and faster are worse and better in the series' category, as everywhere in pawl; a series whose direction is not
 * known only goes higher or lower. */
enum trend_way { TREND_SLOWER, TREND_FASTER, TREND_HIGHER, TREND_LOWER };

/* A change of the level by a ratio (0.05: 5 % more) or, where a level is 0 or below, by an amount alone. */
struct trend_size {
	double before, after; /* the two levels */
	bool has_ratio;
	double ratio, low, high; /* the interval holds it with the confidence of the rules */
	enum trend_way way;
};

struct trend_change {
	size_t index;     /* of the first value of the new level among the values of the series, from 0 */
	size_t good, bad; /* moments: it lies behind the first and not behind the second */
	struct trend_size size;
	double p, q;
	bool holds; /* the newest level has not come back by half or more */
};

/* A slow change that none of its steps shows: a line, or steps below the rule's threshold that add up. */
struct trend_creep {
	bool found;
	bool in_steps;
	size_t first, end; /* the values that it goes over: [first, end) */
	size_t from, to;   /* moments */
	struct trend_size size;
	double p, q; /* of the line; those of the last step where it goes in steps */
};

struct trend_row {
	const struct history_series *series;
	const char *unit;
	enum category category; /* as the rules have it */
	double threshold_ratio;
	double level; /* of the newest values */
	double noise; /* standard deviation of a value around its level; a ratio where all values are above 0 */
	bool noise_is_ratio;
	size_t spike_count; /* values that stand alone and were not taken for a level */
	struct trend_change *changes;
	size_t change_count;
	struct trend_creep creep;
};

struct trend {
	const struct history *history;
	struct trend_row *rows;
	size_t row_count;
	size_t short_count; /* rows with too few values to show a change */
};

const char *trend_way_name(enum trend_way way);

#endif
