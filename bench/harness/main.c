/* What a benchmark program does: reads its command line, lists or runs, writes its reports. */
#include "internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const struct bench_format *bench_format_find(const char *name)
{
	static const struct bench_format *const formats[] = {&bench_format_console, &bench_format_json,
							     &bench_format_csv};

	for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++)
		if (strcmp(formats[i]->name, name) == 0)
			return formats[i];
	return NULL;
}

/* The widest name that can come, aggregates included. */
static size_t name_width(const struct bench_instances *instances, const struct bench_flags *flags)
{
	size_t width = 10;

	for (size_t i = 0; i < instances->count; i++) {
		const struct bench_instance *instance = &instances->all[i];
		size_t length = strlen(instance->name);
		if (flags->repetitions > 1 || instance->family->repetitions > 1)
			length += 1 + bench_aggregate_name_width();
		if (length > width)
			width = length;
	}
	return width;
}

static bool color_wanted(const struct bench_flags *flags)
{
	const char *term = getenv("TERM");

	if (strcmp(flags->color, "auto") != 0)
		return strcmp(flags->color, "true") == 0 || strcmp(flags->color, "yes") == 0 ||
		       strcmp(flags->color, "1") == 0;
	return isatty(STDOUT_FILENO) && !getenv("NO_COLOR") && term && strcmp(term, "dumb") != 0;
}

/* False when what was written did not arrive. */
static bool report_close(struct bench_report *report, const char *path)
{
	bool good = !ferror(report->out);

	bench_counters_release(&report->columns);
	if (report->out == stdout)
		good = fflush(stdout) == 0 && good;
	else
		good = fclose(report->out) == 0 && good;
	if (!good)
		fprintf(stderr, "error: cannot write %s: %s\n", path, strerror(errno));
	return good;
}

static bool reports_write(const struct bench_instances *instances, const struct bench_flags *flags, const char *program)
{
	struct bench_report display = {.format = bench_format_find(flags->format),
				       .out = stdout,
				       .name_width = name_width(instances, flags),
				       .color = color_wanted(flags),
				       .tabular = flags->counters_tabular,
				       .aggregates_only =
					       flags->report_aggregates_only || flags->display_aggregates_only};
	struct bench_report file = display, *second = NULL;
	struct bench_context context;

	if (*flags->out) {
		file.format = bench_format_find(flags->out_format);
		file.color = false;
		file.aggregates_only = flags->report_aggregates_only;
		file.out = fopen(flags->out, "we");
		if (!file.out) {
			fprintf(stderr, "error: cannot write %s: %s\n", flags->out, strerror(errno));
			return false;
		}
		second = &file;
	}
	bool good = true;
	if (instances->count > 0) {
		bench_context_read(&context, program, &flags->context);
		if (display.format != &bench_format_json)
			bench_context_print(stderr, &context);
		display.format->begin(&display, &context);
		if (second)
			file.format->begin(&file, &context);
		bench_run(instances, flags, &display, second);
		display.format->end(&display);
		if (second)
			file.format->end(&file);
	} else {
		fprintf(stderr, "Failed to match any benchmarks against regex: %s\n", flags->filter);
	}
	if (second)
		good = report_close(&file, flags->out);
	return report_close(&display, "standard output") && good;
}

static bool instances_run(struct bench_flags *flags, const char *program)
{
	struct bench_instances instances;
	char problem[256];

	if (!bench_instances_find(&instances, flags->filter, flags->unit, problem, sizeof problem)) {
		fprintf(stderr, "error: --benchmark_filter=%s is no regular expression: %s\n", flags->filter, problem);
		return false;
	}
	bool good = true;
	if (flags->list_tests) {
		for (size_t i = 0; i < instances.count; i++)
			puts(instances.all[i].name);
		good = fflush(stdout) == 0;
	} else {
		good = reports_write(&instances, flags, program);
	}
	bench_instances_release(&instances);
	return good;
}

int bench_main(int argc, char **argv)
{
	struct bench_flags flags;
	bool good = bench_flags_read(&flags, argc, argv);
	const struct bench_pairs *added = bench_context_pairs();

	if (good && flags.help) {
		bench_flags_help(stdout);
	} else if (good && flags.version) {
		puts(BENCH_VERSION);
	} else if (good) {
		for (size_t i = 0; i < added->count; i++)
			bench_pairs_add(&flags.context, added->all[i].key, added->all[i].value);
		good = instances_run(&flags, argv[0]);
	}
	bench_pairs_release(&flags.context);
	return good ? 0 : 1;
}
