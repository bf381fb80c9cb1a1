/*
 * For tests of result formats: a sink that keeps the rows.
 */
#ifndef PAWL_TESTS_INPUT_ROWS_H
#define PAWL_TESTS_INPUT_ROWS_H

#include "base/file.h"
#include "input/input.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

/* What a sink kept of the rows. */
struct kept {
	struct arena *arena;
	struct input_row *rows;
	size_t count, capacity;
	size_t stop_at; /* refuse this row, counted from 1 */
	size_t contexts;
	struct input_context context;
};

static inline bool keep_row(void *to, const struct input_row *row, struct err *err)
{
	struct kept *k = to;

	assert_int_equal(k->contexts, 1);
	if (k->stop_at > 0 && k->count + 1 == k->stop_at)
		return err_set(err, "stopped by the sink");
	k->rows = arena_reserve(k->arena, k->rows, k->count, &k->capacity, sizeof *k->rows);
	struct input_row *copy = &k->rows[k->count++];
	struct input_metric *metrics = NEW_ARRAY(k->arena, struct input_metric, row->metric_count + 1);

	*copy = *row;
	copy->name = arena_string(k->arena, row->name);
	copy->message = arena_string(k->arena, row->message);
	copy->of = arena_string(k->arena, row->of);
	copy->statistic = arena_string(k->arena, row->statistic);
	for (size_t i = 0; i < row->metric_count; i++) {
		metrics[i] = row->metrics[i];
		metrics[i].metric.name = arena_string(k->arena, row->metrics[i].metric.name);
		metrics[i].metric.unit = arena_string(k->arena, row->metrics[i].metric.unit);
		assert_true(isfinite(metrics[i].value));
	}
	copy->metrics = metrics;
	return true;
}

static inline void keep_context(void *to, const struct input_context *context)
{
	struct kept *k = to;

	k->contexts++;
	k->context = (struct input_context){
		.date = arena_string(k->arena, context->date),
		.executable = arena_string(k->arena, context->executable),
		.host_name = arena_string(k->arena, context->host_name),
		.library_version = arena_string(k->arena, context->library_version),
		.library_build_type = arena_string(k->arena, context->library_build_type),
		.cpu_count = context->cpu_count,
	};
}

static inline bool read_text(struct kept *k, const char *path, struct str text, struct err *err)
{
	struct input_sink sink = {.to = k, .row = keep_row, .context = keep_context};
	const struct input_format *format = input_sniff(path, text, err);

	return format && format->read(k->arena, path, text, &sink, err);
}

static inline bool read_golden(struct kept *k, const char *path, struct err *err)
{
	struct str text;

	if (!file_read(k->arena, path, FILE_LIMIT, &text, err))
		return false;
	return read_text(k, path, text, err);
}

static inline int set_up(void **state)
{
	struct arena *a = arena_open();
	struct kept *k = NEW(a, struct kept);

	k->arena = a;
	*state = k;
	return 0;
}

static inline int tear_down(void **state)
{
	struct kept *k = *state;

	arena_close(k->arena);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

#endif
