/* What pytest-benchmark writes with --benchmark-json: statistics in seconds, and (if not left out) the data itself. */
#include "input/rows.h"
#include "input/sniff.h"

#include <string.h>

static const double NS = 1e9;

static bool give_data(struct rows *r, const char *name, const cJSON *stats, const cJSON *data, struct err *err)
{
	double iterations = json_number_of(stats, "iterations", 1);
	const cJSON *item;

	cJSON_ArrayForEach(item, data)
	{
		if (!rows_begin(r, str_of(name), 1, err))
			return false;
		r->row.repetitions = cJSON_GetArraySize(data);
		if (iterations >= 1 && iterations <= JSON_WHOLE_LIMIT)
			r->row.iterations = (int64_t)iterations;
		if (cJSON_IsNumber(item))
			rows_add(r, metric_of("real_time"), item->valuedouble * NS);
		else
			rows_refuse(r, INPUT_ERROR, "`data` holds what is no number");
		if (!rows_give(r, err))
			return false;
	}
	return true;
}

static bool give_statistics(struct rows *r, const char *name, const cJSON *stats, struct err *err)
{
	static const char *const statistics[] = {"mean", "median", "stddev"};
	double rounds = json_number_of(stats, "rounds", 0);

	for (size_t i = 0; i < sizeof statistics / sizeof statistics[0]; i++) {
		const cJSON *value = cJSON_GetObjectItemCaseSensitive(stats, statistics[i]);

		if (!cJSON_IsNumber(value))
			continue;
		if (!rows_begin_aggregate(r, str_of(name), statistics[i],
					  rounds >= 1 && rounds <= JSON_WHOLE_LIMIT ? (int64_t)rounds : 0, 1, err))
			return false;
		rows_add(r, metric_of("real_time"), value->valuedouble * NS);
		if (!rows_give(r, err))
			return false;
	}
	return true;
}

static bool give_benchmark(struct rows *r, const cJSON *benchmark, struct err *err)
{
	const cJSON *stats = cJSON_GetObjectItemCaseSensitive(benchmark, "stats");
	const cJSON *data = cJSON_GetObjectItemCaseSensitive(stats, "data");
	const char *name = json_text_of(benchmark, "fullname");

	/* "test_sort.py::test_sort[16]" is what pytest itself takes for a name; `name` alone is not unique. */
	if (!*name)
		name = json_text_of(benchmark, "name");
	if (!cJSON_IsObject(stats))
		return err_set(err, "%s: a benchmark without `stats`: is this pytest-benchmark's --benchmark-json?",
			       r->path);
	if (cJSON_GetArraySize(data) > 0)
		return give_data(r, name, stats, data, err);
	return give_statistics(r, name, stats, err);
}

static bool pytest_read(struct arena *a, const char *path, struct str text, const struct input_sink *sink,
			struct err *err)
{
	const cJSON *benchmarks, *benchmark;
	struct input_context context = {0};
	struct rows r;
	cJSON *root;
	bool ok;

	if (!rows_parse_json(a, path, text, &root, err))
		return false;
	context.date = json_text_of(root, "datetime");
	context.library_version = json_text_of(root, "version");
	context.host_name = json_text_of(cJSON_GetObjectItemCaseSensitive(root, "machine_info"), "node");
	rows_init(&r, a, path, sink, &context);
	benchmarks = cJSON_GetObjectItemCaseSensitive(root, "benchmarks");
	ok = cJSON_IsArray(benchmarks) ||
	     err_set(err, "%s: `benchmarks` is no list: is this pytest-benchmark's --benchmark-json?", path);
	for (benchmark = ok ? benchmarks->child : NULL; ok && benchmark; benchmark = benchmark->next)
		ok = give_benchmark(&r, benchmark, err);
	rows_release(&r);
	cJSON_Delete(root);
	return ok;
}

static bool pytest_sniff(struct str text)
{
	struct str key = sniff_key(text, "{");

	if (str_equal(key, "machine_info") || str_equal(key, "commit_info"))
		return true;
	return key.size && sniff_holds(text, "\"fullname\"") && sniff_holds(text, "\"stats\"");
}

const struct input_format input_pytest = {
	.name = "pytest",
	.help = "pytest-benchmark --benchmark-json",
	.sniff = pytest_sniff,
	.read = pytest_read,
};
