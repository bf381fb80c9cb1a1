/*
 * What JMH writes with -rf json: a list of results, each with a score and the raw data of its forks and iterations.
 *
 * thrpt is a throughput in operations a time; avgt, sample and ss are times an operation.
 */
#include "input/rows.h"
#include "input/sniff.h"

#include <math.h>
#include <string.h>

enum { SECONDARY = 16 }; /* metrics of profilers that go along */

/* One metric: what an iteration of a fork gave for it. */
struct score {
	struct metric metric;
	double factor; /* to the metric's unit */
	const cJSON *forks;
	bool histogram; /* an iteration is a list of [value, count] */
};

/* "ops/ms": so many operations a second is one of it; 0 where it is no rate of operations. */
static double ops_per_second(const char *unit)
{
	double ns = text_starts(unit, "ops/") ? unit_ns(unit + 4) : 0;

	return ns > 0 ? 1e9 / ns : 0;
}

static struct score score_of(struct arena *a, const char *name, const cJSON *metric)
{
	const char *unit = json_text_of(metric, "scoreUnit");
	double ops = ops_per_second(unit), ns = unit_ns(unit);
	struct score s = {.factor = 1, .forks = cJSON_GetObjectItemCaseSensitive(metric, "rawData")};

	if (!s.forks) {
		s.forks = cJSON_GetObjectItemCaseSensitive(metric, "rawDataHistogram");
		s.histogram = true;
	}
	/* JMH marks the names of profilers' metrics with a middle dot. */
	if (text_starts(name, "\xC2\xB7"))
		name += 2;
	if (!*name && ops > 0) {
		s.metric = metric_with_unit("throughput", "ops/s");
		s.factor = ops;
	} else if (!*name && ns > 0) {
		s.metric = metric_of("real_time");
		s.factor = ns;
	} else {
		s.metric = metric_with_unit(*name ? arena_string(a, name) : "score", arena_string(a, unit));
	}
	return s;
}

/* The mean of a histogram: a list of [value, count]. */
static double mean_of(const cJSON *histogram)
{
	const cJSON *bin;
	double sum = 0, count = 0;

	cJSON_ArrayForEach(bin, histogram)
	{
		const cJSON *value = cJSON_GetArrayItem(bin, 0), *times = cJSON_GetArrayItem(bin, 1);

		if (!cJSON_IsNumber(value) || !cJSON_IsNumber(times) || times->valuedouble < 0)
			return (double)NAN;
		sum += value->valuedouble * times->valuedouble;
		count += times->valuedouble;
	}
	return sum / count;
}

static double value_of(const struct score *s, const cJSON *item)
{
	if (s->histogram)
		return mean_of(item) * s->factor;
	return cJSON_IsNumber(item) ? item->valuedouble * s->factor : (double)NAN;
}

/* "package.Class.method/size=100"; modes and threads that would else be repetitions of one benchmark are told apart. */
static const char *name_of(struct arena *a, const cJSON *result)
{
	const char *mode = json_text_of(result, "mode");
	double threads = json_number_of(result, "threads", 1);
	struct buf name = {.arena = a};
	const cJSON *param;

	buf_text(&name, json_text_of(result, "benchmark"));
	if (!name.size)
		return "";
	cJSON_ArrayForEach(param, cJSON_GetObjectItemCaseSensitive(result, "params"))
	{
		if (cJSON_IsString(param))
			buf_printf(&name, "/%s=%s", param->string, param->valuestring);
	}
	if (*mode && !text_equal(mode, "thrpt") && !text_equal(mode, "avgt"))
		buf_printf(&name, "/%s", mode);
	if (threads > 1 && threads <= JSON_WHOLE_LIMIT)
		buf_printf(&name, "/threads:%.0f", threads);
	return buf_string(&name);
}

static size_t take_scores(struct arena *a, const cJSON *result, struct score *scores)
{
	const cJSON *secondary;
	size_t count = 0;

	scores[count++] = score_of(a, "", cJSON_GetObjectItemCaseSensitive(result, "primaryMetric"));
	cJSON_ArrayForEach(secondary, cJSON_GetObjectItemCaseSensitive(result, "secondaryMetrics"))
	{
		struct score s = score_of(a, secondary->string, secondary);

		if (count < SECONDARY && s.forks && *s.metric.name)
			scores[count++] = s;
	}
	return count;
}

/* One iteration of one fork, with what the profilers say of the same. */
static bool give_iteration(struct rows *r, const char *name, const struct score *scores, size_t count, int fork,
			   int iteration, struct err *err)
{
	if (!rows_begin(r, str_of(name), 1, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		const cJSON *item = cJSON_GetArrayItem(cJSON_GetArrayItem(scores[i].forks, fork), iteration);
		double value = item ? value_of(&scores[i], item) : (double)NAN;

		/* Profilers measure less often, and leave holes. */
		if (i == 0 || isfinite(value))
			rows_add(r, scores[i].metric, value);
	}
	return rows_give(r, err);
}

static bool give_result(struct rows *r, const cJSON *result, struct err *err)
{
	struct score scores[SECONDARY];
	size_t count = take_scores(r->arena, result, scores);
	const char *name = name_of(r->arena, result);
	const cJSON *fork;
	int number = 0;

	if (!cJSON_IsArray(scores[0].forks))
		return err_set(err,
			       "%s: a result without the `rawData` of its `primaryMetric`: is this JMH's -rf json?",
			       r->path);
	cJSON_ArrayForEach(fork, scores[0].forks)
	{
		for (int i = 0; i < cJSON_GetArraySize(fork); i++) {
			if (!give_iteration(r, name, scores, count, number, i, err))
				return false;
		}
		number++;
	}
	return true;
}

static bool jmh_read(struct arena *a, const char *path, struct str text, const struct input_sink *sink, struct err *err)
{
	struct input_context context = {0};
	const cJSON *result;
	struct rows r;
	cJSON *root;
	bool ok;

	if (!rows_parse_json(a, path, text, &root, err))
		return false;
	context.library_version = json_text_of(root->child, "jmhVersion");
	rows_init(&r, a, path, sink, &context);
	ok = cJSON_IsArray(root) || err_set(err, "%s: is no list of results: is this JMH's -rf json?", path);
	for (result = ok ? root->child : NULL; ok && result; result = result->next)
		ok = give_result(&r, result, err);
	rows_release(&r);
	cJSON_Delete(root);
	return ok;
}

static bool jmh_sniff(struct str text)
{
	return str_equal(sniff_key(text, "[{"), "jmhVersion") ||
	       (sniff_key(text, "[{").size && sniff_holds(text, "\"primaryMetric\""));
}

const struct input_format input_jmh = {
	.name = "jmh",
	.help = "JMH -rf json",
	.sniff = jmh_sniff,
	.read = jmh_read,
};
