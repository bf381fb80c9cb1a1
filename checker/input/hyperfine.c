/* What hyperfine writes with --export-json: a result a command, its times in seconds. */
#include "input/input.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <string.h>

static const double NS = 1e9;

static bool hyperfine_sniff(struct str text)
{
	size_t at = 0;

	while (at < text.size && strchr(" \t\r\n", text.at[at]))
		at++;
	if (at == text.size || text.at[at] != '{')
		return false;
	for (at++; at < text.size && strchr(" \t\r\n", text.at[at]);)
		at++;
	return text.size - at >= 9 && memcmp(text.at + at, "\"results\"", 9) == 0;
}

static size_t line_at(struct str text, const char *at)
{
	size_t line = 1;

	for (const char *c = text.at; c < at && c < text.at + text.size; c++)
		line += *c == '\n';
	return line;
}

/* Adds a metric whose value is one number of seconds; what is no usable number makes the row an error. */
static bool add_seconds(struct input_row *row, struct input_metric *metrics, const char *name, const cJSON *value)
{
	if (!cJSON_IsNumber(value) || !isfinite(value->valuedouble) || value->valuedouble < 0)
		return false;
	metrics[row->metric_count++] =
		(struct input_metric){.metric = metric_of(name), .value = value->valuedouble * NS};
	return true;
}

/* CPU time is told for all runs of a command together. */
static void add_cpu(struct input_row *row, struct input_metric *metrics, const cJSON *result)
{
	const cJSON *user = cJSON_GetObjectItemCaseSensitive(result, "user");
	const cJSON *sys = cJSON_GetObjectItemCaseSensitive(result, "system");

	if (cJSON_IsNumber(user) && cJSON_IsNumber(sys) && user->valuedouble + sys->valuedouble > 0)
		metrics[row->metric_count++] = (struct input_metric){
			.metric = metric_of("cpu_time"), .value = (user->valuedouble + sys->valuedouble) * NS};
}

/* One run of one command. */
static bool give_run(const cJSON *result, const cJSON *time, size_t run, struct input_row *row,
		     const struct input_sink *sink, struct err *err)
{
	struct input_metric metrics[3];
	const cJSON *code = cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(result, "exit_codes"), (int)run);
	const cJSON *memory =
		cJSON_GetArrayItem(cJSON_GetObjectItemCaseSensitive(result, "memory_usage_byte"), (int)run);

	row->metrics = metrics;
	row->metric_count = 0;
	row->repetition = (int64_t)run;
	row->status = INPUT_OK;
	row->message = "";
	if (!add_seconds(row, metrics, "real_time", time) || metrics[0].value <= 0) {
		row->status = INPUT_ERROR;
		row->message = "a time is no number of seconds above 0";
	} else if (cJSON_IsNumber(code) && code->valueint != 0) {
		row->status = INPUT_ERROR;
		row->message = "the command ended with an exit status that is not 0";
	} else {
		add_cpu(row, metrics, result);
		if (cJSON_IsNumber(memory) && memory->valuedouble > 0)
			metrics[row->metric_count++] =
				(struct input_metric){.metric = metric_of("max_rss"), .value = memory->valuedouble};
	}
	return sink->row(sink->to, row, err);
}

static size_t occurrences_before(const cJSON *results, const cJSON *last, const char *name)
{
	size_t count = 0;

	for (const cJSON *r = results->child; r != last; r = r->next) {
		const cJSON *command = cJSON_GetObjectItemCaseSensitive(r, "command");

		count += cJSON_IsString(command) && text_equal(command->valuestring, name);
	}
	return count;
}

static bool give_result(const char *path, const cJSON *results, const cJSON *result, const struct input_sink *sink,
			struct err *err)
{
	const cJSON *command = cJSON_GetObjectItemCaseSensitive(result, "command");
	const cJSON *times = cJSON_GetObjectItemCaseSensitive(result, "times"), *time;
	struct input_row row = {
		.kind = INPUT_ITERATION, .iterations = 1, .threads = 1, .line = 1, .of = "", .statistic = ""};
	size_t run = 0;

	if (!cJSON_IsString(command) || !cJSON_IsArray(times))
		return err_set(err, "%s: a result without `command` and `times`: is this hyperfine's --export-json?",
			       path);
	row.name = command->valuestring;
	row.repetitions = cJSON_GetArraySize(times);
	row.occurrence = occurrences_before(results, result, row.name);
	cJSON_ArrayForEach(time, times)
	{
		if (!give_run(result, time, run++, &row, sink, err))
			return false;
	}
	return true;
}

static bool hyperfine_read(struct arena *a, const char *path, struct str text, const struct input_sink *sink,
			   struct err *err)
{
	/* cJSON wants a NUL behind the text. */
	const char *copy = arena_copy(a, text.at, text.size), *end = copy;
	cJSON *root = cJSON_ParseWithOpts(copy, &end, 1);
	const cJSON *results = cJSON_GetObjectItemCaseSensitive(root, "results"), *result;
	struct input_context context = {
		.date = "", .executable = "", .host_name = "", .library_version = "", .library_build_type = ""};
	bool ok = true;

	if (!root)
		return err_set(err,
			       "%s:%zu: is no whole JSON: the program that wrote it probably crashed or was killed",
			       path, line_at((struct str){copy, text.size}, end));
	if (sink->context)
		sink->context(sink->to, &context);
	if (!cJSON_IsArray(results))
		ok = err_set(err, "%s: `results` is no list: is this hyperfine's --export-json?", path);
	for (result = ok ? results->child : NULL; ok && result; result = result->next)
		ok = give_result(path, results, result, sink, err);
	cJSON_Delete(root);
	return ok;
}

const struct input_format input_hyperfine = {
	.name = "hyperfine",
	.help = "hyperfine --export-json",
	.sniff = hyperfine_sniff,
	.read = hyperfine_read,
};
