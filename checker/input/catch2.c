/*
 * What Catch2 (2.9 and later) writes with -r xml: of every benchmark the mean and the standard deviation in nanoseconds.
 *
 * The name is the way to it, TEST CASE/SECTION/BENCHMARK, since benchmarks of two test cases may have one name.
 */
#include "input/rows.h"
#include "input/tags.h"

#include <string.h>

struct reader {
	struct rows rows;
	struct tags xml;
	const char *ways[TAGS_DEPTH]; /* names of the elements around, "" of those that are no part of a name */
	/* The benchmark that is read. */
	const char *name;
	int64_t samples;
	bool inside;
};

static bool is(struct str name, const char *wanted)
{
	return str_equal(name, wanted);
}

static const char *attribute(struct reader *r, const char *name)
{
	const char *value = tags_attribute(r->rows.arena, &r->xml, name);

	return value ? value : "";
}

static const char *full_name(struct reader *r, const char *name)
{
	struct buf b = {.arena = r->rows.arena};

	for (size_t i = 0; i + 1 < r->xml.depth; i++) {
		if (*r->ways[i])
			buf_printf(&b, "%s/", r->ways[i]);
	}
	buf_text(&b, name);
	return buf_string(&b);
}

static bool begin_benchmark(struct reader *r, struct err *err)
{
	int64_t samples;

	if (!*attribute(r, "name"))
		return err_set(err, "%s:%zu: a benchmark without a name", r->rows.path, tags_line(&r->xml));
	r->inside = true;
	r->name = full_name(r, attribute(r, "name"));
	r->samples = text_parse_int64(str_of(attribute(r, "samples")), &samples) && samples > 0 ? samples : 0;
	return true;
}

static bool give_statistic(struct reader *r, const char *statistic, struct err *err)
{
	double value;

	if (!text_parse_double(str_of(attribute(r, "value")), &value))
		return err_set(err, "%s:%zu: the %s of a benchmark has no number `value`", r->rows.path,
			       tags_line(&r->xml), statistic);
	if (!rows_begin_aggregate(&r->rows, str_of(r->name), statistic, r->samples, tags_line(&r->xml), err))
		return false;
	rows_add(&r->rows, metric_of("real_time"), value);
	return rows_give(&r->rows, err);
}

static bool give_failure(struct reader *r, struct err *err)
{
	const char *message = attribute(r, "message");

	if (!rows_begin(&r->rows, str_of(r->name), tags_line(&r->xml), err))
		return false;
	rows_refuse(&r->rows, INPUT_ERROR, *message ? message : "the benchmark failed");
	return rows_give(&r->rows, err);
}

static bool begin_element(struct reader *r, struct err *err)
{
	struct str name = r->xml.name;
	bool on_way = is(name, "TestCase") || is(name, "Section");

	r->ways[r->xml.depth - 1] = on_way ? attribute(r, "name") : "";
	if (is(name, "BenchmarkResults"))
		return begin_benchmark(r, err);
	if (!r->inside)
		return true;
	if (is(name, "mean"))
		return give_statistic(r, "mean", err);
	if (is(name, "standardDeviation"))
		return give_statistic(r, "stddev", err);
	return !is(name, "failed") || give_failure(r, err);
}

static bool read_all(struct reader *r, struct err *err)
{
	for (;;) {
		if (!tags_next(&r->xml, err))
			return false;
		if (r->xml.tag == TAGS_DONE)
			return true;
		if (r->xml.tag == TAGS_BEGIN && !begin_element(r, err))
			return false;
		if (r->xml.tag == TAGS_END && is(r->xml.name, "BenchmarkResults"))
			r->inside = false;
	}
}

static bool catch2_read(struct arena *a, const char *path, struct str text, const struct input_sink *sink,
			struct err *err)
{
	struct reader r = {.xml = {.arena = a, .path = path, .text = text_without_mark(text)}};
	bool ok;

	rows_init(&r.rows, a, path, sink, NULL);
	ok = read_all(&r, err);
	rows_release(&r.rows);
	return ok;
}

/* Version 2 begins with <Catch>, version 3 with <Catch2TestRun>. */
static bool catch2_sniff(struct str text)
{
	static struct err ignored;
	struct tags x = {.path = "", .text = text_without_mark(text)};

	while (x.text.size && strchr(" \t\r\n", *x.text.at) && *x.text.at)
		x.text.at++, x.text.size--;
	if (!x.text.size || *x.text.at != '<' || !tags_next(&x, &ignored) || x.tag != TAGS_BEGIN)
		return false;
	return is(x.name, "Catch") || is(x.name, "Catch2TestRun");
}

const struct input_format input_catch2 = {
	.name = "catch2",
	.help = "Catch2 -r xml, with benchmarks",
	.sniff = catch2_sniff,
	.read = catch2_read,
};
