/* The command line: google-benchmark's flags, each with a default from the environment. */
#include "internal.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum flag_kind { FLAG_BOOL, FLAG_TEXT, FLAG_INTEGER, FLAG_SECONDS, FLAG_CONTEXT };

struct flag {
	const char *name;
	enum flag_kind kind;
	size_t offset;
	const char *shape; /* of the value, for the help */
};

#define FLAG(name, kind, field, shape)                                                                                 \
	{                                                                                                              \
		name, kind, offsetof(struct bench_flags, field), shape                                                 \
	}

static const struct flag flags_known[] = {
	FLAG("benchmark_list_tests", FLAG_BOOL, list_tests, "{true|false}"),
	FLAG("benchmark_filter", FLAG_TEXT, filter, "<regex>"),
	FLAG("benchmark_min_time", FLAG_TEXT, min_time, "`<integer>x` OR `<float>s` "),
	FLAG("benchmark_min_warmup_time", FLAG_SECONDS, min_warmup_time_s, "<min_warmup_time>"),
	FLAG("benchmark_repetitions", FLAG_INTEGER, repetitions, "<num_repetitions>"),
	FLAG("benchmark_dry_run", FLAG_BOOL, dry_run, "{true|false}"),
	FLAG("benchmark_enable_random_interleaving", FLAG_BOOL, random_interleaving, "{true|false}"),
	FLAG("benchmark_report_aggregates_only", FLAG_BOOL, report_aggregates_only, "{true|false}"),
	FLAG("benchmark_display_aggregates_only", FLAG_BOOL, display_aggregates_only, "{true|false}"),
	FLAG("benchmark_format", FLAG_TEXT, format, "<console|json|csv>"),
	FLAG("benchmark_out", FLAG_TEXT, out, "<filename>"),
	FLAG("benchmark_out_format", FLAG_TEXT, out_format, "<json|console|csv>"),
	FLAG("benchmark_color", FLAG_TEXT, color, "{auto|true|false}"),
	FLAG("benchmark_counters_tabular", FLAG_BOOL, counters_tabular, "{true|false}"),
	FLAG("benchmark_context", FLAG_CONTEXT, context, "<key>=<value>,..."),
	FLAG("benchmark_time_unit", FLAG_TEXT, time_unit, "{ns|us|ms|s}"),
	FLAG("v", FLAG_INTEGER, verbosity, "<verbosity>"),
};

enum { FLAG_COUNT = sizeof flags_known / sizeof flags_known[0] };

void bench_flags_help(FILE *out)
{
	fputs("benchmark", out);
	for (size_t i = 0; i < FLAG_COUNT; i++)
		fprintf(out, "%s [--%s=%s]\n", i ? "         " : "", flags_known[i].name, flags_known[i].shape);
}

void bench_pairs_add(struct bench_pairs *pairs, const char *key, const char *value)
{
	size_t place = 0;

	while (place < pairs->count && strcmp(pairs->all[place].key, key) < 0)
		place++;
	if (place < pairs->count && strcmp(pairs->all[place].key, key) == 0)
		return;
	pairs->all = bench_alloc(pairs->all, pairs->count + 1, sizeof *pairs->all);
	memmove(pairs->all + place + 1, pairs->all + place, (pairs->count - place) * sizeof *pairs->all);
	pairs->all[place] = (struct bench_pair){bench_copy(key), bench_copy(value)};
	pairs->count++;
}

void bench_pairs_release(struct bench_pairs *pairs)
{
	for (size_t i = 0; i < pairs->count; i++) {
		free(pairs->all[i].key);
		free(pairs->all[i].value);
	}
	free(pairs->all);
	*pairs = (struct bench_pairs){0};
}

static bool word_in(const char *word, const char *const *words)
{
	for (; *words; words++)
		if (strcasecmp(word, *words) == 0)
			return true;
	return false;
}

static bool bool_parse(const char *text, bool *value)
{
	static const char *const yes[] = {"", "1", "t", "true", "y", "yes", "on", NULL};
	static const char *const no[] = {"0", "f", "false", "n", "no", "off", NULL};

	*value = word_in(text, yes);
	return *value || word_in(text, no);
}

static bool integer_parse(const char *text, int64_t *value)
{
	char *end;

	errno = 0;
	long long number = strtoll(text, &end, 10);
	if (end == text || *end != '\0' || errno != 0 || number < 0 || number > INT32_MAX)
		return false;
	*value = number;
	return true;
}

/* A number of seconds and what follows it. */
static bool seconds_parse(const char *text, double *value, const char **rest)
{
	char *end;

	errno = 0;
	double number = strtod(text, &end);
	if (end == text || errno != 0 || !isfinite(number) || number < 0)
		return false;
	*value = number;
	*rest = end;
	return true;
}

/* key=value,key=value; a value may hold '=' but no comma. */
static bool context_parse(const char *text, struct bench_pairs *pairs)
{
	char *copy = bench_copy(text), *save = NULL;
	bool good = true;

	for (char *pair = strtok_r(copy, ",", &save); pair && good; pair = strtok_r(NULL, ",", &save)) {
		char *equals = strchr(pair, '=');
		good = equals && equals != pair;
		if (good) {
			*equals = '\0';
			bench_pairs_add(pairs, pair, equals + 1);
		}
	}
	free(copy);
	return good;
}

static bool flag_set(struct bench_flags *flags, const struct flag *flag, const char *text)
{
	void *field = (char *)flags + flag->offset;
	const char *rest = "";

	switch (flag->kind) {
	case FLAG_BOOL:
		return bool_parse(text, field);
	case FLAG_TEXT:
		*(const char **)field = text;
		return true;
	case FLAG_INTEGER:
		return integer_parse(text, field);
	case FLAG_SECONDS:
		return seconds_parse(text, field, &rest) && (*rest == '\0' || strcmp(rest, "s") == 0);
	case FLAG_CONTEXT:
		return context_parse(text, field);
	}
	return false;
}

static bool environment_read(struct bench_flags *flags)
{
	for (size_t i = 0; i < FLAG_COUNT; i++) {
		const struct flag *flag = &flags_known[i];
		char name[64];
		size_t n = 0;
		/* "V" alone belongs to too many others (make V=1). */
		if (strncmp(flag->name, "benchmark_", 10) != 0)
			continue;
		for (; flag->name[n] && n + 1 < sizeof name; n++)
			name[n] = (char)toupper((unsigned char)flag->name[n]);
		name[n] = '\0';
		const char *text = getenv(name);
		if (text && !flag_set(flags, flag, text)) {
			fprintf(stderr, "error: the environment variable %s cannot be \"%s\": expected %s\n", name,
				text, flag->shape);
			return false;
		}
	}
	return true;
}

static bool argument_read(struct bench_flags *flags, const char *program, const char *argument)
{
	if (strcmp(argument, "--help") == 0) {
		flags->help = true;
		return true;
	}
	if (strcmp(argument, "--version") == 0) {
		flags->version = true;
		return true;
	}
	for (size_t i = 0; i < FLAG_COUNT; i++) {
		const struct flag *flag = &flags_known[i];
		size_t length = strlen(flag->name);
		if (strncmp(argument, "--", 2) != 0 || strncmp(argument + 2, flag->name, length) != 0)
			continue;
		const char *rest = argument + 2 + length;
		if (*rest != '=' && (*rest != '\0' || flag->kind != FLAG_BOOL))
			continue;
		if (flag_set(flags, flag, *rest ? rest + 1 : ""))
			return true;
		fprintf(stderr, "%s: error: --%s cannot be \"%s\": expected %s\n", program, flag->name, rest + 1,
			flag->shape);
		return false;
	}
	fprintf(stderr, "%s: error: unrecognized command-line flag: %s\n", program, argument);
	return false;
}

static bool min_time_read(struct bench_flags *flags)
{
	const char *rest = "", *text = flags->min_time;
	char *end;

	errno = 0;
	long long iterations = strtoll(text, &end, 10);
	if (end != text && strcmp(end, "x") == 0 && errno == 0 && iterations > 0) {
		flags->iterations = iterations;
		return true;
	}
	if (!seconds_parse(text, &flags->min_time_s, &rest) || (*rest != '\0' && strcmp(rest, "s") != 0)) {
		fprintf(stderr, "error: --benchmark_min_time cannot be \"%s\": expected <integer>x or <float>s\n",
			text);
		return false;
	}
	if (*rest == '\0')
		fprintf(stderr, "warning: --benchmark_min_time=%s has no suffix; write %ss for seconds\n", text, text);
	return true;
}

/* One of the words, case counts; `value` is its place. */
static bool word_read(const char *name, const char *word, const char *const *words, size_t *value)
{
	for (*value = 0; words[*value]; ++*value)
		if (strcmp(word, words[*value]) == 0)
			return true;
	fprintf(stderr, "error: --%s cannot be \"%s\": expected one of", name, word);
	for (; *words; words++)
		fprintf(stderr, " %s", *words);
	fputc('\n', stderr);
	return false;
}

static bool words_read(struct bench_flags *flags)
{
	static const char *const formats[] = {"console", "json", "csv", NULL};
	static const char *const units[] = {"ns", "us", "ms", "s", NULL};
	static const char *const colors[] = {"auto", "true", "false", "yes", "no", "1", "0", NULL};
	size_t value;

	if (!word_read("benchmark_format", flags->format, formats, &value) ||
	    !word_read("benchmark_out_format", flags->out_format, formats, &value) ||
	    !word_read("benchmark_color", flags->color, colors, &value))
		return false;
	if (*flags->time_unit) {
		if (!word_read("benchmark_time_unit", flags->time_unit, units, &value))
			return false;
		flags->unit = (enum bench_unit)value;
	}
	return true;
}

bool bench_flags_read(struct bench_flags *flags, int argc, char **argv)
{
	*flags = (struct bench_flags){.filter = "",
				      .format = "console",
				      .out = "",
				      .out_format = "json",
				      .color = "auto",
				      .time_unit = "",
				      .min_time = "0.5s",
				      .repetitions = 1};
	struct bench_flags given = *flags;

	if (!environment_read(flags))
		return false;
	/* Context adds up and its first value counts, so the command line's goes first. */
	given.context = flags->context;
	flags->context = (struct bench_pairs){0};
	bool good = true;
	for (int i = 1; i < argc && good; i++)
		good = argument_read(flags, argv[0], argv[i]);
	for (size_t i = 0; i < given.context.count; i++)
		bench_pairs_add(&flags->context, given.context.all[i].key, given.context.all[i].value);
	bench_pairs_release(&given.context);
	if (!good || flags->help || flags->version)
		return good;
	if (!min_time_read(flags) || !words_read(flags))
		return false;
	if (flags->repetitions < 1)
		flags->repetitions = 1;
	if (flags->dry_run)
		bench_pairs_add(&flags->context, "dry_run", "true");
	return true;
}
