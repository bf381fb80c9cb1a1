/* The table for people: one line a row, as wide as the longest name. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#define COLOR_NAME  "\033[32m"
#define COLOR_TIME  "\033[33m"
#define COLOR_COUNT "\033[36m"
#define COLOR_ERROR "\033[31m"
#define COLOR_END   "\033[m"

enum { COUNTER_WIDTH = 10 };

static void color_set(const struct bench_report *report, const char *color)
{
	if (report->color)
		fputs(color, report->out);
}

/* Ten columns, with the decimals that fit. */
static void time_write(FILE *out, double time, const char *unit)
{
	if (time > 9999999999)
		fprintf(out, "%10.4e %-4s ", time, unit);
	else
		fprintf(out, "%10.*f %-4s ", time < 1 ? 3 : time < 10 ? 2 : time < 100 ? 1 : 0, time, unit);
}

/* Six significant digits and a prefix: "414.095M", "3.08525Gi", "61ns" for inverted rates. */
static void number_format(char *text, size_t size, double value, bool binary)
{
	static const char *const big[] = {"", "k", "M", "G", "T", "P", "E", "Z", "Y"};
	static const char *const big_binary[] = {"", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"};
	static const char *const small[] = {"", "m", "u", "n", "p", "f", "a", "z", "y"};
	enum { PREFIX_COUNT = 9 };
	double step = binary ? 1024 : 1000, scaled = value;
	size_t up = 0, down = 0;

	while (isfinite(scaled) && fabs(scaled) >= step && up < PREFIX_COUNT)
		scaled /= step, up++;
	while (scaled != 0 && fabs(value) < 0.01 && fabs(scaled) < 1 && down < PREFIX_COUNT)
		scaled *= step, down++;
	if (up == PREFIX_COUNT || down == PREFIX_COUNT)
		snprintf(text, size, "%g", value);
	else
		snprintf(text, size, "%g%s", scaled, up ? (binary ? big_binary : big)[up] : small[down]);
}

static bool same_counters(const struct bench_counters *a, const struct bench_counters *b)
{
	if (a->count != b->count)
		return false;
	for (size_t i = 0; i < a->count; i++)
		if (strcmp(a->all[i].name, b->all[i].name) != 0)
			return false;
	return true;
}

static void line_write(FILE *out, size_t width)
{
	while (width-- > 0)
		fputc('-', out);
	fputc('\n', out);
}

static void header_write(struct bench_report *report, const struct bench_row *row)
{
	static const char user_counters[] = " UserCounters...";
	FILE *out = report->out;
	size_t width = report->name_width + 43;

	bench_counters_release(&report->columns);
	for (size_t i = 0; i < row->counters.count; i++) {
		const char *name = row->counters.all[i].name;
		size_t length = strlen(name);
		bench_counters_set(&report->columns, name, 0, 0);
		if (report->tabular)
			width += 1 + (length > COUNTER_WIDTH ? length : COUNTER_WIDTH);
	}
	if (!report->tabular && row->counters.count > 0)
		width += strlen(user_counters);
	line_write(out, width);
	fprintf(out, "%-*s %13s %15s %12s", (int)report->name_width, "Benchmark", "Time", "CPU", "Iterations");
	for (size_t i = 0; report->tabular && i < report->columns.count; i++)
		fprintf(out, " %*s", COUNTER_WIDTH, report->columns.all[i].name);
	fprintf(out, "%s\n", !report->tabular && row->counters.count > 0 ? user_counters : "");
	line_write(out, width);
}

static void counters_write(const struct bench_report *report, const struct bench_row *row)
{
	for (size_t i = 0; i < row->counters.count; i++) {
		const struct bench_counter *counter = &row->counters.all[i];
		const char *unit = "";
		char text[64];
		if (row->percentage) {
			snprintf(text, sizeof text, "%.2f", 100 * counter->value);
			unit = "%";
		} else {
			number_format(text, sizeof text, counter->value, counter->flags & BENCH_1024);
			if (counter->flags & BENCH_RATE)
				unit = counter->flags & BENCH_INVERT ? "s" : "/s";
		}
		size_t length = strlen(counter->name), unit_length = strlen(unit);
		if (report->tabular)
			fprintf(report->out, " %*s%s",
				(int)((length > COUNTER_WIDTH ? length : COUNTER_WIDTH) - unit_length), text, unit);
		else
			fprintf(report->out, " %s=%s%s", counter->name, text, unit);
	}
}

static void console_begin(struct bench_report *report, const struct bench_context *context)
{
	(void)report;
	(void)context;
}

static void times_write(FILE *out, const struct bench_row *row)
{
	const char *unit = bench_unit_name(row->instance->unit);

	if (row->percentage) {
		fprintf(out, "%10.2f %-4s %10.2f %-4s ", 100 * row->real, "%", 100 * row->cpu, "%");
		return;
	}
	time_write(out, row->real, unit);
	time_write(out, row->cpu, unit);
}

static void console_row(struct bench_report *report, const struct bench_row *row)
{
	FILE *out = report->out;
	char *name = bench_row_name(row);

	if (report->row_count == 0 || (report->tabular && !same_counters(&report->columns, &row->counters)))
		header_write(report, row);
	color_set(report, COLOR_NAME);
	fprintf(out, "%-*s ", (int)report->name_width, name);
	free(name);
	if (row->skip != BENCH_RAN) {
		color_set(report, row->skip == BENCH_FAILED ? COLOR_ERROR : COLOR_END);
		fprintf(out, "%s: '%s'", row->skip == BENCH_FAILED ? "ERROR OCCURRED" : "SKIPPED", row->message);
		color_set(report, COLOR_END);
		fputc('\n', out);
		return;
	}
	color_set(report, COLOR_TIME);
	times_write(out, row);
	color_set(report, COLOR_COUNT);
	fprintf(out, "%10lld", (long long)row->iterations);
	color_set(report, COLOR_END);
	counters_write(report, row);
	if (row->label)
		fprintf(out, " %s", row->label);
	fputc('\n', out);
}

static void console_end(struct bench_report *report)
{
	(void)report;
}

const struct bench_format bench_format_console = {"console", console_begin, console_row, console_end};
