/*
 * OpenMetrics text, for Prometheus, GitLab's metrics reports and others that draw numbers over time.
 *
 * Everything is a gauge: the state of one check.  Times are in seconds and sizes in bytes, whatever the benchmark's unit
 * (OpenMetrics 1.0, section "Metric Naming"); other units stand in a label.  Labels name the series and what it is, and
 * nothing that differs from check to check, so that a series goes on.
 */
#include "report/report.h"

#include "report/report_words.h"

#include <math.h>
#include <string.h>
#include <time.h>

/* What a sample says beside suite, benchmark and metric. */
struct label {
	const char *name, *value;
};

/* Names are shown as elsewhere, without control characters; then what ends a label is escaped. */
static void write_label(struct buf *out, char before, const char *name, const char *value)
{
	buf_printf(out, "%c%s=\"", before, name);
	for (value = text_printable_copy(out->arena, words_or_empty(value)); *value; value++) {
		if (*value == '"' || *value == '\\')
			buf_char(out, '\\');
		buf_char(out, *value);
	}
	buf_char(out, '"');
}

static void write_value(struct buf *out, double value)
{
	char text[TEXT_DOUBLE_SIZE];

	buf_printf(out, " %s\n", text_double(text, value + 0.0)); /* -0 becomes 0 */
}

/* A family's head; `unit` is what its name ends with, or "". */
static void write_family(struct buf *out, const char *name, const char *unit, const char *help)
{
	buf_printf(out, "# HELP %s %s\n# TYPE %s gauge\n", name, help, name);
	if (*unit)
		buf_printf(out, "# UNIT %s %s\n", name, unit);
}

static void write_sample(struct buf *out, const char *name, const struct finding *f, struct label label, double value)
{
	buf_text(out, name);
	write_label(out, '{', "suite", f->suite);
	write_label(out, ',', "benchmark", f->bench);
	write_label(out, ',', "metric", f->metric);
	if (label.name)
		write_label(out, ',', label.name, label.value);
	buf_char(out, '}');
	write_value(out, value);
}

/* ---- the whole check ---- */

static void write_tally(struct buf *out, const char *name, const char *label, const char *value, size_t count)
{
	buf_text(out, name);
	write_label(out, '{', label, value);
	buf_char(out, '}');
	write_value(out, (double)count);
}

/* Seconds since 1970, of "2026-11-21T01:02:03Z". */
static bool read_started(const struct verdict *v, double *seconds)
{
	struct tm tm = {0};
	const char *end = strptime(words_or_empty(v->started), "%Y-%m-%dT%H:%M:%S", &tm);
	time_t at = end && text_equal(end, "Z") ? timegm(&tm) : -1;

	*seconds = (double)at;
	return at != -1;
}

static void write_check(struct buf *out, const struct verdict *v)
{
	struct verdict_counts c = verdict_count(v);
	double started = 0;

	write_family(out, "pawl_check_exit_status", "",
		     "Exit status of the check: 0 fine, 1 regressed, 3 could not decide");
	buf_text(out, "pawl_check_exit_status");
	write_value(out, v->status);
	if (read_started(v, &started)) {
		write_family(out, "pawl_check_started_timestamp_seconds", "seconds", "When the check began");
		buf_text(out, "pawl_check_started_timestamp_seconds");
		write_value(out, started);
	}
	write_family(out, "pawl_check_series", "", "Gated series by what became of them");
	for (enum state s = (enum state)0; s < STATE_COUNT; s++)
		write_tally(out, "pawl_check_series", "state", state_name(s), c.by_state[s]);
	write_family(out, "pawl_check_verdicts", "", "Judged gated series by verdict");
	write_tally(out, "pawl_check_verdicts", "verdict", "slower", c.slower);
	write_tally(out, "pawl_check_verdicts", "verdict", "faster", c.faster);
	write_tally(out, "pawl_check_verdicts", "verdict", "same", c.same);
	write_family(out, "pawl_check_regressions", "", "Gated series called slower, by severity");
	for (size_t s = SEVERITY_NONE + 1; s <= SEVERITY_CRITICAL; s++)
		write_tally(out, "pawl_check_regressions", "severity", severity_name((enum severity)s),
			    c.by_severity[s]);
}

/* ---- values ---- */

/* Units with a base unit of their own, and how many of them make one of it. */
static const struct unit {
	const char *name, *base;
	double per_base;
} units[] = {{"ns", "seconds", 1e9}, {"us", "seconds", 1e6}, {"ms", "seconds", 1e3},
	     {"s", "seconds", 1},    {"bytes", "bytes", 1},  {"B", "bytes", 1}};

static const struct unit *unit_find(const char *name)
{
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
		if (text_equal(units[i].name, words_or_empty(name)))
			return &units[i];
	}
	return NULL;
}

/* Medians of one side in one base unit; "" are all other units. */
static void write_side(struct buf *out, const struct verdict *v, const char *base_unit, bool head)
{
	const char *side = head ? "head" : "base";
	const char *name = arena_printf(out->arena, "pawl_benchmark_%s_%s", side, *base_unit ? base_unit : "value");
	bool begun = false;

	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];
		const struct unit *unit = unit_find(f->unit);
		struct number value = head ? f->current : f->baseline;
		struct label label = {0};

		if (!words_known(value) || !text_equal(unit ? unit->base : "", base_unit))
			continue;
		if (!begun)
			write_family(out, name, base_unit,
				     arena_printf(out->arena, "Median of the %s%s", side,
						  *base_unit ? "" : ", in the unit that the label names"));
		begun = true;
		if (!unit)
			label = (struct label){"unit", f->unit};
		write_sample(out, name, f, label, value.value / (unit ? unit->per_base : 1));
	}
}

/* ---- what was concluded ---- */

/* One value a series. */
#define GAUGE_LIST(GAUGE)                                                                                              \
	GAUGE(change_ratio, "ratio", "Estimated change from base to head; 0.05 is 5 % more", f->change_ratio)          \
	GAUGE(change_low_ratio, "ratio", "Lower end of the interval of the change", f->low_ratio)                      \
	GAUGE(change_high_ratio, "ratio", "Upper end of the interval of the change", f->high_ratio)                    \
	GAUGE(p_value, "", "Probability of such values if the change were at most min_effect", f->p)                   \
	GAUGE(q_value, "", "The p-value after the false-discovery step over all gated series", f->q)                   \
	GAUGE(threshold_ratio, "ratio", "Change that is worth failing for", known(f->threshold_ratio))                 \
	GAUGE(detectable_ratio, "ratio", "Smallest change that is seen in 4 of 5 checks", f->mde_ratio)                \
	GAUGE(measured_seconds, "seconds", "Time that measuring took", known(f->measured_s))                           \
	GAUGE(base_samples, "", "Values of the base", known((double)f->samples_base))                                  \
	GAUGE(head_samples, "", "Values of the head", known((double)f->samples_head))                                  \
	GAUGE(severity, "", "0 none, 1 low, 2 medium, 3 high, 4 critical", known((double)f->severity))                 \
	GAUGE(fails, "", "1 where the row makes the check fail", known(f->effect == EFFECT_FAIL))                      \
	GAUGE(gated, "", "1 where the row may fail the check, 0 where it is reported only", known(f->gated))

static struct number known(double value)
{
	return (struct number){value, true};
}

#define GAUGE(name, unit, help, value)                                                                                 \
	static struct number get_##name(const struct finding *f)                                                       \
	{                                                                                                              \
		return value;                                                                                          \
	}
GAUGE_LIST(GAUGE)
#undef GAUGE

static const struct gauge {
	const char *name, *unit, *help;
	struct number (*get)(const struct finding *f);
} gauges[] = {
#define GAUGE(name, unit, help, value) {"pawl_benchmark_" #name, unit, help, get_##name},
	GAUGE_LIST(GAUGE)
#undef GAUGE
};

static void write_gauge(struct buf *out, const struct verdict *v, const struct gauge *g)
{
	bool begun = false;

	for (size_t i = 0; i < v->finding_count; i++) {
		struct number value = g->get(&v->findings[i]);

		if (!words_known(value))
			continue;
		if (!begun)
			write_family(out, g->name, g->unit, g->help);
		begun = true;
		write_sample(out, g->name, &v->findings[i], (struct label){0}, value.value);
	}
}

/* Verdict of a judged row, else its state. */
static void write_states(struct buf *out, const struct verdict *v)
{
	static const char name[] = "pawl_benchmark_state";

	if (v->finding_count > 0)
		write_family(out, name, "", "Always 1; the label is the verdict of a judged series, else its state");
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];
		bool called = f->state == STATE_JUDGED && f->outcome != OUTCOME_NONE;

		write_sample(out, name, f,
			     (struct label){"state", called ? outcome_name(f->outcome) : state_name(f->state)}, 1);
	}
}

static void write_openmetrics(struct buf *out, const struct verdict *v, const struct report_options *options)
{
	static const char *const base_units[] = {"seconds", "bytes", ""};

	(void)options;
	write_check(out, v);
	for (size_t i = 0; i < sizeof base_units / sizeof base_units[0]; i++) {
		write_side(out, v, base_units[i], false);
		write_side(out, v, base_units[i], true);
	}
	for (size_t i = 0; i < sizeof gauges / sizeof gauges[0]; i++)
		write_gauge(out, v, &gauges[i]);
	write_states(out, v);
	buf_text(out, "# EOF\n");
}

const struct report_format report_openmetrics = {
	.name = "openmetrics",
	.help = "gauges for Prometheus and for GitLab's metrics reports",
	.file = "metrics.txt",
	.write = write_openmetrics,
};
