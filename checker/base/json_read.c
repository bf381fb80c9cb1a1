/* JSON text to a checked cJSON tree. */
#include "base/json_read.h"

#include <math.h>
#include <string.h>

static size_t line_of(struct str text, size_t at)
{
	size_t line = 1;

	for (size_t i = 0; i < at && i < text.size; i++)
		line += text.at[i] == '\n';
	return line;
}

/* What cJSON lets through but a C string or a report cannot hold: NUL bytes, \u0000 and bytes that are no UTF-8. */
static bool check_bytes(const char *path, struct str text, struct err *err)
{
	bool inside = false;

	for (size_t at = 0; at < text.size;) {
		size_t length = text_utf8_length(text.at + at, text.size - at);
		char c = text.at[at];

		if (length == 0)
			return err_set(err, "%s:%zu: is no valid UTF-8", path, line_of(text, at));
		if (c == '\0')
			return err_set(err, "%s:%zu: holds a NUL byte", path, line_of(text, at));
		if (c == '"')
			inside = !inside;
		if (c == '\\' && inside) {
			if (text.size - at >= 6 && memcmp(text.at + at, "\\u0000", 6) == 0)
				return err_set(err, "%s:%zu: a text holds a NUL character", path, line_of(text, at));
			/* An escaped quote does not end the text. */
			if (text.size - at >= 2 && (text.at[at + 1] == '"' || text.at[at + 1] == '\\'))
				length = 2;
		}
		at += length;
	}
	return true;
}

bool json_parse(struct arena *a, const char *path, struct str text, cJSON **root, struct err *err)
{
	/* cJSON looks one byte behind the end of text that stops too early, so that byte must be there. */
	const char *copy = arena_copy(a, text.at, text.size);
	const char *end = copy;
	size_t at;

	*root = NULL;
	if (!check_bytes(path, text, err))
		return false;
	*root = cJSON_ParseWithLengthOpts(copy, text.size + 1, &end, true);
	if (*root)
		return true;
	at = end ? (size_t)(end - copy) : 0;
	if (at >= text.size)
		return err_set(err, "%s:%zu: ends too early; the file is cut off", path, line_of(text, text.size));
	return err_set(err, "%s:%zu: is no valid JSON here; the file is damaged", path, line_of(text, at));
}

bool json_is_double(const cJSON *value, double *out)
{
	if (!cJSON_IsNumber(value) || !isfinite(value->valuedouble))
		return false;
	*out = value->valuedouble;
	return true;
}

bool json_is_int(const cJSON *value, int64_t *out)
{
	if (cJSON_IsString(value))
		return text_parse_int64(str_of(value->valuestring), out) && fabs((double)*out) >= JSON_WHOLE_LIMIT;
	if (!cJSON_IsNumber(value) || !(fabs(value->valuedouble) <= JSON_WHOLE_LIMIT) ||
	    value->valuedouble != floor(value->valuedouble))
		return false;
	*out = (int64_t)value->valuedouble;
	return true;
}

/* `ok` is the type's verdict on the member. */
static bool expect(const cJSON *value, const char *key, bool ok, const char *wanted, struct err *err)
{
	if (!value)
		return err_set(err, "\"%s\" is missing", key);
	return ok || err_set(err, "\"%s\" must be %s", key, wanted);
}

bool json_get_text(struct arena *a, const cJSON *object, const char *key, const char **out, struct err *err)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);

	if (!expect(value, key, cJSON_IsString(value), "a text", err))
		return false;
	*out = arena_string(a, value->valuestring);
	return true;
}

bool json_get_double(const cJSON *object, const char *key, double *out, struct err *err)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);

	return expect(value, key, json_is_double(value, out), "a finite number", err);
}

bool json_get_int(const cJSON *object, const char *key, int64_t *out, struct err *err)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);

	return expect(value, key, json_is_int(value, out), "a whole number", err);
}

bool json_get_bool(const cJSON *object, const char *key, bool *out, struct err *err)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);

	if (!expect(value, key, cJSON_IsBool(value), "true or false", err))
		return false;
	*out = cJSON_IsTrue(value);
	return true;
}

bool json_get_array(const cJSON *object, const char *key, const cJSON **out, struct err *err)
{
	*out = cJSON_GetObjectItemCaseSensitive(object, key);
	return expect(*out, key, cJSON_IsArray(*out), "an array", err);
}

bool json_get_object(const cJSON *object, const char *key, const cJSON **out, struct err *err)
{
	*out = cJSON_GetObjectItemCaseSensitive(object, key);
	return expect(*out, key, cJSON_IsObject(*out), "an object", err);
}

bool json_get_texts(struct arena *a, const cJSON *object, const char *key, const char ***out, size_t *count,
		    struct err *err)
{
	const cJSON *array, *item;

	if (!json_get_array(object, key, &array, err))
		return false;
	*out = NEW_ARRAY(a, const char *, (size_t)cJSON_GetArraySize(array));
	*count = 0;
	cJSON_ArrayForEach(item, array)
	{
		if (!expect(item, key, cJSON_IsString(item), "an array of texts", err))
			return false;
		(*out)[(*count)++] = arena_string(a, item->valuestring);
	}
	return true;
}
