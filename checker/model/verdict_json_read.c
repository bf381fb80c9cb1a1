/*
 * Reading the verdict file.
 */
#include "model/verdict_json.h"

#include "base/json_read.h"
#include "model/verdict_fields.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text: readers that keep numbers as doubles would change the seed. */
#define SEED_FORMAT "0x%016" PRIx64

/* What a reading needs everywhere: where memory comes from and whom to blame. */
struct reader {
	struct arena *arena;
	const char *path;
	struct err *err;
};

static bool read_text(struct reader *r, const cJSON *value, const char **out, const char *place)
{
	if (value == NULL)
		*out = "";
	else if (cJSON_IsString(value))
		*out = arena_string(r->arena, value->valuestring);
	else
		return err_set(r->err, "%s: %s: expected a text", r->path, place);
	return true;
}

static bool read_double(struct reader *r, const cJSON *value, double *out, const char *place)
{
	if (value == NULL)
		return true;
	if (!cJSON_IsNumber(value) || !isfinite(value->valuedouble))
		return err_set(r->err, "%s: %s: expected a finite number", r->path, place);
	*out = value->valuedouble;
	return true;
}

static bool read_number(struct reader *r, const cJSON *value, struct number *out, const char *place)
{
	if (value == NULL || cJSON_IsNull(value))
		return true;
	out->known = true;
	return read_double(r, value, &out->value, place);
}

static bool read_count(struct reader *r, const cJSON *value, size_t *out, const char *place)
{
	double count = 0;

	if (!read_double(r, value, &count, place))
		return false;
	if (count < 0 || count > JSON_WHOLE_LIMIT || count != floor(count))
		return err_set(r->err, "%s: %s: expected a whole number from 0 to 2^53", r->path, place);
	*out = (size_t)count;
	return true;
}

static bool read_name(const struct field *field, const char *name, void *at)
{
	switch (field->kind) {
	case KIND_CATEGORY:
		return category_find(name, at);
	case KIND_STATE:
		return state_find(name, at);
	case KIND_OUTCOME:
		return outcome_find(name, at);
	case KIND_SEVERITY:
		return severity_find(name, at);
	case KIND_EFFECT:
		return effect_find(name, at);
	default:
		return false;
	}
}

static bool read_field(struct reader *r, const struct field *field, const cJSON *value, struct finding *f,
		       const char *place)
{
	void *at = (char *)f + field->offset;
	const char *name = NULL;

	if (value == NULL && field->required)
		return err_set(r->err, "%s: %s: is missing", r->path, place);
	switch (field->kind) {
	case KIND_TEXT:
		return read_text(r, value, at, place);
	case KIND_NUMBER:
		return read_number(r, value, at, place);
	case KIND_RATIO:
		return read_double(r, value, at, place);
	case KIND_COUNT:
		return read_count(r, value, at, place);
	case KIND_FLAG:
		if (value && !cJSON_IsBool(value))
			return err_set(r->err, "%s: %s: expected true or false", r->path, place);
		*(bool *)at = cJSON_IsTrue(value);
		return true;
	default:
		if (value == NULL)
			return true;
		if (!read_text(r, value, &name, place))
			return false;
		if (!read_name(field, name, at))
			return err_set(r->err, "%s: %s: unknown name \"%s\"", r->path, place,
				       text_printable_copy(r->arena, name));
		return true;
	}
}

static bool read_functions(struct reader *r, const cJSON *list, struct finding *f)
{
	const cJSON *item = NULL;

	if (!list)
		return true;
	if (!cJSON_IsArray(list))
		return err_set(r->err, "%s: functions: expected a list", r->path);
	f->functions = NEW_ARRAY(r->arena, struct finding_function, (size_t)cJSON_GetArraySize(list));
	cJSON_ArrayForEach(item, list)
	{
		struct finding_function *x = &f->functions[f->function_count++];

		if (!cJSON_IsObject(item))
			return err_set(r->err, "%s: functions: expected objects", r->path);
		if (!read_text(r, cJSON_GetObjectItemCaseSensitive(item, "name"), &x->name, "functions.name") ||
		    !read_text(r, cJSON_GetObjectItemCaseSensitive(item, "place"), &x->place, "functions.place") ||
		    !read_text(r, cJSON_GetObjectItemCaseSensitive(item, "state"), &x->state, "functions.state") ||
		    !read_double(r, cJSON_GetObjectItemCaseSensitive(item, "base"), &x->base, "functions.base") ||
		    !read_double(r, cJSON_GetObjectItemCaseSensitive(item, "head"), &x->head, "functions.head") ||
		    !read_double(r, cJSON_GetObjectItemCaseSensitive(item, "low"), &x->low, "functions.low") ||
		    !read_double(r, cJSON_GetObjectItemCaseSensitive(item, "high"), &x->high, "functions.high") ||
		    !read_number(r, cJSON_GetObjectItemCaseSensitive(item, "q"), &x->q, "functions.q"))
			return false;
	}
	return true;
}

static bool read_findings(struct reader *r, const cJSON *list, struct verdict *v)
{
	const cJSON *item = NULL;

	if (!cJSON_IsArray(list))
		return err_set(r->err, "%s: findings: expected a list", r->path);
	v->findings = NEW_ARRAY(r->arena, struct finding, (size_t)cJSON_GetArraySize(list));
	cJSON_ArrayForEach(item, list)
	{
		struct finding *f = &v->findings[v->finding_count];

		if (!cJSON_IsObject(item))
			return err_set(r->err, "%s: findings[%zu]: expected an object", r->path, v->finding_count);
		for (size_t k = 0; k < verdict_field_count; k++) {
			const char *place =
				arena_printf(r->arena, "findings[%zu].%s", v->finding_count, verdict_fields[k].key);

			if (!read_field(r, &verdict_fields[k],
					cJSON_GetObjectItemCaseSensitive(item, verdict_fields[k].key), f, place))
				return false;
		}
		if (!read_functions(r, cJSON_GetObjectItemCaseSensitive(item, "functions"), f))
			return false;
		v->finding_count++;
	}
	return true;
}

static bool read_warnings(struct reader *r, const cJSON *list, struct verdict *v)
{
	const cJSON *item = NULL;

	if (list == NULL)
		return true;
	if (!cJSON_IsArray(list))
		return err_set(r->err, "%s: warnings: expected a list", r->path);
	v->warnings = NEW_ARRAY(r->arena, const char *, (size_t)cJSON_GetArraySize(list));
	cJSON_ArrayForEach(item, list)
	{
		if (!read_text(r, item, &v->warnings[v->warning_count++], "warnings"))
			return false;
	}
	return true;
}

static bool read_seed(struct reader *r, const cJSON *value, uint64_t *out)
{
	const char *text = "";
	char back[24];

	if (!read_text(r, value, &text, "seed"))
		return false;
	*out = strtoull(text, NULL, 16);
	snprintf(back, sizeof back, SEED_FORMAT, *out);
	if (*text && !text_equal(back, text))
		return err_set(r->err, "%s: seed: expected \"0x\" and 16 hexadecimal digits", r->path);
	return true;
}

static bool read_verdict(struct reader *r, const cJSON *root, struct verdict *v)
{
	const cJSON *version = cJSON_GetObjectItemCaseSensitive(root, "pawl_verdict");
	size_t status = 0;

	if (!cJSON_IsObject(root) || version == NULL)
		return err_set(r->err, "%s: is no verdict file: it has no key \"pawl_verdict\"", r->path);
	if (!cJSON_IsNumber(version) || version->valuedouble != VERDICT_FILE_VERSION)
		return err_set(r->err, "%s: is of a version that this pawl does not know (it reads version %d)",
			       r->path, VERDICT_FILE_VERSION);
#define GET(key) cJSON_GetObjectItemCaseSensitive(root, key)
	if (!read_text(r, GET("base_title"), &v->base_title, "base_title") ||
	    !read_text(r, GET("baseline"), &v->baseline, "baseline") ||
	    !read_text(r, GET("check_id"), &v->check_id, "check_id") || !read_findings(r, GET("findings"), v) ||
	    !read_text(r, GET("head_title"), &v->head_title, "head_title") ||
	    !read_text(r, GET("repeat"), &v->repeat, "repeat") || !read_seed(r, GET("seed"), &v->seed) ||
	    !read_text(r, GET("started"), &v->started, "started") || !read_count(r, GET("status"), &status, "status") ||
	    !read_text(r, GET("status_reason"), &v->status_reason, "status_reason") ||
	    !read_warnings(r, GET("warnings"), v))
		return false;
#undef GET
	if (status > 255)
		return err_set(r->err, "%s: status: expected an exit status", r->path);
	v->status = (int)status;
	return true;
}

bool verdict_from_json(struct arena *a, const char *path, struct str text, struct verdict *v, struct err *err)
{
	struct reader r = {.arena = a, .path = path, .err = err};
	cJSON *root = NULL;
	bool ok = false;

	*v = (struct verdict){0};
	if (!json_parse(a, path, text, &root, err))
		return false;
	ok = read_verdict(&r, root, v);
	cJSON_Delete(root);
	return ok;
}

bool verdict_json_sniff(struct str text)
{
	static const char key[] = "\"pawl_verdict\"";
	size_t at = 0;

	while (at < text.size && text.at[at] && strchr(" \t\r\n{", text.at[at]))
		at++;
	return text.size - at >= sizeof key - 1 && memcmp(text.at + at, key, sizeof key - 1) == 0;
}
