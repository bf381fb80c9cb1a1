/* Comma-separated values.  The columns are settled by the first row: counters that come later are left out, once said. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>

static void quoted_write(FILE *out, const char *text)
{
	fputc('"', out);
	for (; *text; text++)
		fprintf(out, *text == '"' ? "\"%c" : "%c", *text);
	fputc('"', out);
}

static bool has_column(const char *name)
{
	return strcmp(name, "bytes_per_second") == 0 || strcmp(name, "items_per_second") == 0;
}

static void header_write(struct bench_report *report, const struct bench_row *row)
{
	fputs("name,iterations,real_time,cpu_time,time_unit,bytes_per_second,items_per_second,label,error_occurred,"
	      "error_message",
	      report->out);
	for (size_t i = 0; i < row->counters.count; i++) {
		const char *name = row->counters.all[i].name;
		if (has_column(name))
			continue;
		bench_counters_set(&report->columns, name, 0, 0);
		fputc(',', report->out);
		quoted_write(report->out, name);
	}
	fputc('\n', report->out);
}

static void counter_write(FILE *out, const struct bench_row *row, const char *name)
{
	const struct bench_counter *counter = bench_counters_find(&row->counters, name);

	fputc(',', out);
	if (counter)
		fprintf(out, "%.10g", counter->value);
}

static void columns_check(struct bench_report *report, const struct bench_row *row)
{
	for (size_t i = 0; i < row->counters.count && !report->column_missing; i++) {
		const char *name = row->counters.all[i].name;
		if (has_column(name) || bench_counters_find(&report->columns, name))
			continue;
		report->column_missing = true;
		fprintf(stderr,
			"warning: csv has no column for the counter \"%s\", which the first row lacks; use json\n",
			name);
	}
}

static void csv_begin(struct bench_report *report, const struct bench_context *context)
{
	(void)report;
	(void)context;
}

static void csv_row(struct bench_report *report, const struct bench_row *row)
{
	FILE *out = report->out;
	char *name = bench_row_name(row);

	if (report->row_count == 0)
		header_write(report, row);
	columns_check(report, row);
	quoted_write(out, name);
	free(name);
	if (row->skip == BENCH_RAN) {
		fprintf(out, ",%lld,%.10g,%.10g,%s", (long long)row->iterations, row->real, row->cpu,
			row->percentage ? "" : bench_unit_name(row->instance->unit));
		counter_write(out, row, "bytes_per_second");
		counter_write(out, row, "items_per_second");
		fputc(',', out);
		if (row->label)
			quoted_write(out, row->label);
		fputs(",,", out);
	} else {
		fprintf(out, ",,,,,,,,%s,", row->skip == BENCH_FAILED ? "true" : "");
		quoted_write(out, row->message);
	}
	for (size_t i = 0; i < report->columns.count; i++)
		counter_write(out, row, report->columns.all[i].name);
	fputc('\n', out);
}

static void csv_end(struct bench_report *report)
{
	(void)report;
}

const struct bench_format bench_format_csv = {"csv", csv_begin, csv_row, csv_end};
