/*
 * Reading the golden files of the statistics tests.
 */
#ifndef PAWL_TESTS_GOLDEN_STATS_H
#define PAWL_TESTS_GOLDEN_STATS_H

#include <cjson/cJSON.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"

/* The parsed file; the caller gives it back with cJSON_Delete. */
static inline cJSON *golden_read(const char *name)
{
	char path[256];

	snprintf(path, sizeof(path), "tests/golden/stats/%s.json", name);

	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	fseek(file, 0, SEEK_END);

	long size = ftell(file);
	char *text = calloc(1, (size_t)size + 1);

	rewind(file);
	assert_int_equal(fread(text, 1, (size_t)size, file), size);
	fclose(file);

	cJSON *root = cJSON_Parse(text);

	free(text);
	assert_non_null(root);
	return root;
}

/* The member, or NULL where it is missing or null. */
static inline const cJSON *golden_find(const cJSON *object, const char *key)
{
	const cJSON *item = cJSON_GetObjectItemCaseSensitive(object, key);

	return item == NULL || cJSON_IsNull(item) ? NULL : item;
}

static inline const char *golden_text(const cJSON *object, const char *key)
{
	const cJSON *item = golden_find(object, key);

	assert_true(cJSON_IsString(item));
	return item->valuestring;
}

/* Results that are not finite are written as "nan", "inf" and "-inf". */
static inline double golden_value(const cJSON *item)
{
	if (cJSON_IsString(item))
		return strtod(item->valuestring, NULL);
	assert_true(cJSON_IsNumber(item));
	return item->valuedouble;
}

static inline double golden_number(const cJSON *object, const char *key)
{
	return golden_value(golden_find(object, key));
}

static inline double *golden_array(struct arena *a, const cJSON *object, const char *key, size_t *count)
{
	const cJSON *list = golden_find(object, key), *item;
	double *values;

	assert_true(cJSON_IsArray(list));
	*count = 0;
	values = NEW_ARRAY(a, double, (size_t)cJSON_GetArraySize(list));
	cJSON_ArrayForEach(item, list) values[(*count)++] = golden_value(item);
	return values;
}

/* Equal to within `relative` of the expected value. */
static inline void assert_near_at(double actual, double expected, double relative, const char *what, const char *file,
				  int line)
{
	if (actual - expected == 0 || fabs(actual - expected) <= relative * fabs(expected) ||
	    (isinf(expected) && isinf(actual) && (actual > 0) == (expected > 0)))
		return;
	print_error("%s: %.17g, expected %.17g (off by %.3g of it)\n", what, actual, expected,
		    fabs(actual - expected) / fabs(expected));
	_fail(file, line);
}

#define assert_near(actual, expected, relative)                                                                        \
	assert_near_at((actual), (expected), (relative), #actual, __FILE__, __LINE__)

#endif
