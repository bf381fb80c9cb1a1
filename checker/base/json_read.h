/*
 * Reading JSON files that pawl wrote: strict text to a cJSON tree, and typed members of it.
 *
 * Not for result files of benchmark programs, which are large and often damaged.  Errors of json_parse say path and line;
 * errors of the others name the key, and the caller puts the place before it.
 */
#ifndef PAWL_BASE_JSON_READ_H
#define PAWL_BASE_JSON_READ_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stdint.h>

/* The largest whole number up to which a double holds each one: 2^53. */
#define JSON_WHOLE_LIMIT 9007199254740992.0

/* The tree of the whole text, which the caller gives to cJSON_Delete.  Fails for what is no JSON, no UTF-8 or holds a NUL
 * character (which no C string could keep). */
bool json_parse(struct arena *a, const char *path, struct str text, cJSON **root, struct err *err) MUST_CHECK;

/* Members that must be there and of that type.  Texts are copied; numbers are finite. */
bool json_get_text(struct arena *a, const cJSON *object, const char *key, const char **out, struct err *err) MUST_CHECK;
bool json_get_double(const cJSON *object, const char *key, double *out, struct err *err) MUST_CHECK;
bool json_get_int(const cJSON *object, const char *key, int64_t *out, struct err *err) MUST_CHECK;
bool json_get_bool(const cJSON *object, const char *key, bool *out, struct err *err) MUST_CHECK;
bool json_get_array(const cJSON *object, const char *key, const cJSON **out, struct err *err) MUST_CHECK;
bool json_get_object(const cJSON *object, const char *key, const cJSON **out, struct err *err) MUST_CHECK;

/* An array of texts. */
bool json_get_texts(struct arena *a, const cJSON *object, const char *key, const char ***out, size_t *count,
		    struct err *err) MUST_CHECK;

/* A finite number; a whole one, or decimal digits in a text where a double would not hold it. */
bool json_is_double(const cJSON *value, double *out);
bool json_is_int(const cJSON *value, int64_t *out);

#endif
