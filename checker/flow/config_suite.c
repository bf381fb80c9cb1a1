/* The keys of one suite. */
#include "flow/config_keys.h"

#include "base/text.h"
#include "counter/counter.h"
#include "flow/config_profile.h"
#include "flow/config_steps.h"
#include "input/input.h"

#include <pcre2.h>
#include <string.h>

static const int64_t hour_ns = 3600LL * 1000000000;

static void read_name(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	const char *name;

	if (!config_word(p, key, value, &name))
		return;
	/* Series are called suite/benchmark:metric, and a name may become a part of a path. */
	if (name[0] == '.' || strpbrk(name, "/:"))
		config_expect(p, key, value);
	else
		*(const char **)field = name;
}

static const char *const *kinds(struct arena *a)
{
	const char **names = NEW_ARRAY(a, const char *, suite_kind_count + 1);

	for (size_t i = 0; i < suite_kind_count; i++)
		names[i] = suite_kinds[i]->name;
	return names;
}

static void read_kind(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	size_t index;

	if (config_choice(p, key, value, &index))
		*(const struct suite_kind **)field = suite_kinds[index];
}

static void read_run(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	struct suite_settings *s = into;
	const char *const *words;
	size_t count;

	if (!config_words(p, key, value, &words, &count))
		return;
	if (count == 0 || !*words[0]) {
		problem_add(p, value, "`run`: no program; expected %s", key->expected);
		return;
	}
	s->run = words;
	s->run_count = count;
}

static void read_filter(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	PCRE2_UCHAR words[160];
	PCRE2_SIZE offset;
	const char *text;
	pcre2_code *code;
	int error;

	if (!config_text(p, key, value, &text))
		return;
	code = pcre2_compile((PCRE2_SPTR)text, PCRE2_ZERO_TERMINATED, PCRE2_UTF, &error, &offset, NULL);
	if (!code) {
		pcre2_get_error_message(error, words, sizeof words);
		problem_add(p, value, "`filter`: %s at offset %zu of %s; expected %s", (const char *)words,
			    (size_t)offset, tree_describe(p->arena, value), key->expected);
		return;
	}
	pcre2_code_free(code);
	*(const char **)field = text;
}

static void read_slice(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	if (value->type == TREE_TEXT && str_equal(value->text, "auto"))
		*(int64_t *)field = 0;
	else
		(void)config_duration(p, key, value, hour_ns, field);
}

static void read_timeout(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	(void)config_duration(p, key, value, 1000 * hour_ns, field);
}

static const char *const *clocks(struct arena *a)
{
	static const char *const names[] = {[CLOCK_AUTO] = "auto",
					    [CLOCK_CPU_TIME] = "cpu_time",
					    [CLOCK_REAL_TIME] = "real_time",
					    [CLOCK_REAL_TIME + 1] = NULL};

	(void)a;
	return names;
}

static void read_clock(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	size_t index;

	if (config_choice(p, key, value, &index))
		*(enum suite_clock *)field = (enum suite_clock)index;
}

/* False when the metric `name` cannot be gated by that name. */
static bool check_metric(struct problems *p, const struct tree_node *value, const char *name)
{
	if (text_equal(name, "cpu_time") || text_equal(name, "real_time"))
		problem_add(p, value, "`metrics`: expected `time`, not `%s`; which time that is says `clock: %s`", name,
			    name);
	else
		return true;
	return false;
}

static const char *const *counters(struct arena *a)
{
	const char **names = NEW_ARRAY(a, const char *, counter_engine_count + 2);

	names[0] = "auto";
	for (size_t i = 0; i < counter_engine_count; i++)
		names[i + 1] = counter_engines[i]->name;
	return names;
}

static void read_counter(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	size_t index;

	if (config_choice(p, key, value, &index))
		*(const char **)field = index ? counter_engines[index - 1]->name : NULL;
}

static const char *const *formats(struct arena *a)
{
	const char **names = NEW_ARRAY(a, const char *, input_format_count + 1);

	for (size_t i = 0; i < input_format_count; i++)
		names[i] = input_formats[i]->name;
	return names;
}

static void read_format(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	size_t index;

	if (config_choice(p, key, value, &index))
		*(const char **)field = input_formats[index]->name;
}

static void read_metrics(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	enum { METRIC_COUNT = 100 }; /* each pair is compared */
	struct suite_settings *s = into;
	const char **names;
	size_t count = 0;

	if (value->type != TREE_LIST) {
		config_expect(p, key, value);
		return;
	}
	if (value->item_count > METRIC_COUNT) {
		problem_add(p, value, "`metrics`: more than %d; expected %s", METRIC_COUNT, key->expected);
		return;
	}
	names = NEW_ARRAY(p->arena, const char *, value->item_count + 1);
	for (size_t i = 0; i < value->item_count; i++) {
		const struct tree_node *item = value->items[i];
		const char *name;
		bool twice = false;

		if (!config_word(p, key, item, &name) || !check_metric(p, item, name))
			continue;
		for (size_t j = 0; j < count; j++)
			twice = twice || text_equal(names[j], name);
		if (twice)
			problem_add(p, item, "`metrics`: %s is given twice", tree_describe(p->arena, item));
		else
			names[count++] = name;
	}
	s->metrics = names;
	s->metric_count = count;
}

/* clang-format off: one row a line */
static const struct config_key keys[] = {
	{.name = "name",
	 .read = read_name,
	 .offset = offsetof(struct suite_settings, name),
	 .required = true,
	 .expected = "the suite's name without / and : and no . at its beginning",
	 .help = "What reports call the suite."},
	{.name = "kind",
	 .read = read_kind,
	 .offset = offsetof(struct suite_settings, kind),
	 .expected = "the kind of benchmark program",
	 .choices = kinds,
	 .help = "How the program is listed and run."},
	{.name = "build",
	 .read = config_read_text,
	 .offset = offsetof(struct suite_settings, build),
	 .expected = "a shell command, e.g. make -s bench",
	 .help = "Run under sh -ec before measuring, on both sides."},
	{.name = "run",
	 .read = read_run,
	 .required = true,
	 .expected = "the program and its arguments as a list, e.g. [build/bench/orders]",
	 .shape = CONFIG_SCALARS,
	 .help = "The program and its arguments; no shell."},
	{.name = "filter",
	 .read = read_filter,
	 .offset = offsetof(struct suite_settings, filter),
	 .of_kind = true,
	 .expected = "a regular expression over benchmark names",
	 .help = "Which benchmarks are measured (PCRE2)."},
	{.name = "slice",
	 .read = read_slice,
	 .offset = offsetof(struct suite_settings, slice_ns),
	 .of_kind = true,
	 .expected = "auto or a duration, e.g. 50ms",
	 .help = "How long the timed loop of one process is; auto looks at what start-up and set-up cost."},
	{.name = "timeout",
	 .read = read_timeout,
	 .offset = offsetof(struct suite_settings, timeout_ns),
	 .expected = "a duration, e.g. 60s",
	 .help = "Of one process; it and its children are then killed, and the benchmark is failed."},
	{.name = "clock",
	 .read = read_clock,
	 .offset = offsetof(struct suite_settings, clock),
	 .of_kind = true,
	 .expected = "auto, cpu_time or real_time",
	 .choices = clocks,
	 .help = "Which time is gated; auto takes the real time for names that say so (/real_time, /manual_time, "
		 "/threads:), else the CPU time."},
	{.name = "env",
	 .read = config_read_env,
	 .expected = "names and values, e.g. {OMP_NUM_THREADS: 1}",
	 .shape = CONFIG_NAMED,
	 .help = "The environment of the build and the program, beside what pawl was started with."},
	{.name = "cwd",
	 .read = config_read_inside,
	 .offset = offsetof(struct suite_settings, cwd),
	 .expected = "the folder that the program runs in, below that of pawl.yml",
	 .help = "The folder that the program runs in."},
	{.name = "setup",
	 .read = config_read_text,
	 .offset = offsetof(struct suite_settings, setup),
	 .expected = "a shell command that runs once before the suite",
	 .help = "Once a side, before the suite is listed."},
	{.name = "teardown",
	 .read = config_read_text,
	 .offset = offsetof(struct suite_settings, teardown),
	 .expected = "a shell command that runs once after the suite",
	 .help = "Once a side, behind the last process."},
	{.name = "jobs",
	 .read = config_read_jobs,
	 .offset = offsetof(struct suite_settings, jobs),
	 .expected = "how many processes a build may use, 0 to 1024",
	 .shape = CONFIG_COUNT,
	 .help = "How many processes a build may use (MAKEFLAGS=-jN)."},
	{.name = "prepare",
	 .read = config_read_text,
	 .offset = offsetof(struct suite_settings, prepare),
	 .of_kind = true,
	 .expected = "a shell command that runs before every process, not measured",
	 .help = "Before every process, not measured."},
	{.name = "cleanup",
	 .read = config_read_text,
	 .offset = offsetof(struct suite_settings, cleanup),
	 .of_kind = true,
	 .expected = "a shell command that runs after every process, not measured",
	 .help = "After every process, not measured."},
	{.name = "warmup",
	 .read = config_read_warmup,
	 .offset = offsetof(struct suite_settings, warmup),
	 .of_kind = true,
	 .expected = "how many processes run before the first that counts, 0 to 1000",
	 .shape = CONFIG_COUNT,
	 .help = "How many processes run before the first that counts."},
	{.name = "input",
	 .read = config_read_inside,
	 .offset = offsetof(struct suite_settings, input),
	 .of_kind = true,
	 .expected = "a file that is standard input, below the folder of pawl.yml",
	 .help = "A file that is standard input."},
	{.name = "params",
	 .read = config_read_params,
	 .of_kind = true,
	 .expected = "names and lists of values, e.g. {size: [1k, 64k]}",
	 .shape = CONFIG_NAMED_LISTS,
	 .help = "Every combination is a benchmark, and {name} in run, prepare and cleanup is its value."},
	{.name = "result",
	 .read = config_read_inside,
	 .offset = offsetof(struct suite_settings, result),
	 .of_kind = true,
	 .expected = "the file that the program writes its result to, below the folder of pawl.yml; - is its output",
	 .help = "The file, or Criterion's folder, that the program writes, - for its standard output; or put {result} "
		 "into "
		 "run where the program takes a path."},
	{.name = "format",
	 .read = read_format,
	 .offset = offsetof(struct suite_settings, format),
	 .of_kind = true,
	 .expected = "the format of the result",
	 .choices = formats,
	 .help = "What the format of the result is, where its content does not say it."},
	{.name = "metrics",
	 .read = read_metrics,
	 .expected = "a list of gated metrics, e.g. [time, max_rss]",
	 .shape = CONFIG_SCALARS,
	 .help = "What can fail the check: time (the gated clock), max_rss, instructions, cycles, branch_misses, "
		 "cache_misses, user counters by name; all others are reported only."},
	{.name = "counter",
	 .read = read_counter,
	 .offset = offsetof(struct suite_settings, counter),
	 .of_kind = true,
	 .expected = "the engine that counts instructions",
	 .choices = counters,
	 .help = "What counts instructions; auto is the first that works here."},
	{.name = "profile",
	 .read = config_read_profile,
	 .offset = offsetof(struct suite_settings, profile),
	 .of_kind = true,
	 .expected = "off, or how stacks are sampled, e.g. {rate: 999}",
	 .shape = CONFIG_SWITCHED_MAP,
	 .table = &config_profile_table,
	 .help = "How stacks are sampled, to name the function that became slower; off: they are not."},
};
/* clang-format on */

const struct config_table config_suite_table = {.what = "a suite", .keys = keys, .count = sizeof keys / sizeof keys[0]};

static bool kind_takes(const struct suite_kind *kind, const char *name)
{
	if (!kind->keys)
		return true;
	for (size_t i = 0; kind->keys[i]; i++) {
		if (text_equal(kind->keys[i], name))
			return true;
	}
	return false;
}

void config_suite_read(struct problems *p, const struct tree_node *node, struct suite_settings *out)
{
	static const char *const default_metrics[] = {"time", "max_rss", NULL};
	const struct tree_node *places[CONFIG_KEYS] = {0};

	*out = (struct suite_settings){
		.kind = suite_kinds[0],
		.build = "",
		.filter = ".*",
		.timeout_ns = hour_ns / 60,
		.metrics = default_metrics,
		.metric_count = 2,
		.line = node->line,
	};
	if (!config_read_map(p, &config_suite_table, node, out, places))
		return;
	for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
		if (places[i] && keys[i].of_kind && !kind_takes(out->kind, keys[i].name))
			problem_add(p, places[i], "`%s` has no meaning for a suite of kind %s; take it out",
				    keys[i].name, out->kind->name);
	}
	if (suite_wants_instructions(out) && !suite_can_be_told(out->kind))
		problem_add(p, node,
			    "`metrics`: instructions are counted of programs that can be told how many iterations to "
			    "run, which those of kind %s cannot; take `instructions` out",
			    out->kind->name);
	if (out->slice_ns >= out->timeout_ns)
		problem_add(p, node, "`slice` (%s) must be shorter than `timeout` (%s)",
			    quantity_duration(p->arena, (double)out->slice_ns),
			    quantity_duration(p->arena, (double)out->timeout_ns));
}
