/* Bencher Metric Format: {benchmark: {measure: {"value": 1.5, "lower_value": 1.4, "upper_value": 1.6}}}. */
#include "input/rows.h"
#include "input/sniff.h"

#include <string.h>

/* Measures that Bencher defines, with the units it defines them in. */
static const struct {
	const char *measure, *name, *unit;
	enum category category;
} known[] = {
	{"latency", "real_time", "ns", CATEGORY_LATENCY},
	{"throughput", "throughput", "ops/s", CATEGORY_THROUGHPUT},
	{"build-time", "build-time", "s", CATEGORY_LATENCY},
	{"file-size", "file-size", "bytes", CATEGORY_RESOURCE},
};

static struct metric metric_of_measure(const char *measure)
{
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
		if (text_equal(known[i].measure, measure))
			return (struct metric){known[i].name, known[i].unit, known[i].category};
	}
	return metric_of(measure);
}

static bool give_benchmark(struct rows *r, const cJSON *benchmark, struct err *err)
{
	const cJSON *measure;

	if (!cJSON_IsObject(benchmark))
		return err_set(err, "%s: a benchmark that is no object of measures", r->path);
	if (!rows_begin(r, str_of(benchmark->string), 1, err))
		return false;
	cJSON_ArrayForEach(measure, benchmark)
	{
		const cJSON *value = cJSON_GetObjectItemCaseSensitive(measure, "value");

		if (!cJSON_IsNumber(value))
			return err_set(err, "%s: a measure without a number `value`", r->path);
		if (*measure->string)
			rows_add(r, metric_of_measure(measure->string), value->valuedouble);
	}
	return rows_give(r, err);
}

static bool bencher_read(struct arena *a, const char *path, struct str text, const struct input_sink *sink,
			 struct err *err)
{
	const cJSON *benchmark;
	struct rows r;
	cJSON *root;
	bool ok;

	if (!rows_parse_json(a, path, text, &root, err))
		return false;
	rows_init(&r, a, path, sink, NULL);
	ok = cJSON_IsObject(root) || err_set(err, "%s: is no object of benchmarks", path);
	for (benchmark = ok ? root->child : NULL; ok && benchmark; benchmark = benchmark->next)
		ok = give_benchmark(&r, benchmark, err);
	rows_release(&r);
	cJSON_Delete(root);
	return ok;
}

static bool bencher_sniff(struct str text)
{
	struct str key = sniff_key(text, "{{{");

	return str_equal(key, "value") || str_equal(key, "lower_value") || str_equal(key, "upper_value");
}

const struct input_format input_bencher = {
	.name = "bencher",
	.help = "Bencher Metric Format",
	.sniff = bencher_sniff,
	.read = bencher_read,
};
