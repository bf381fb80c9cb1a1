/*
 * Writing and reading the verdict file; one table of fields serves both directions.
 */
#include "model/verdict_json.h"

#include "base/json.h"
#include "base/json_read.h"
#include "model/geomean.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text: readers that keep numbers as doubles would change the seed. */
#define SEED_FORMAT "0x%016" PRIx64

enum kind {
	KIND_TEXT,
	KIND_NUMBER, /* struct number: null when it is not known */
	KIND_RATIO,  /* double */
	KIND_COUNT,  /* size_t */
	KIND_FLAG,   /* bool */
	KIND_CATEGORY,
	KIND_STATE,
	KIND_OUTCOME,
	KIND_SEVERITY,
	KIND_EFFECT,
};

struct field {
	const char *key;
	enum kind kind;
	size_t offset;
	bool required;
	bool rare; /* left out where it says nothing */
};

#define FIELD(key, kind, member)                                                                                       \
	{                                                                                                              \
		key, KIND_##kind, offsetof(struct finding, member), false, false                                       \
	}
#define FIELD_REQUIRED(key, kind, member)                                                                              \
	{                                                                                                              \
		key, KIND_##kind, offsetof(struct finding, member), true, false                                        \
	}
#define FIELD_RARE(key, kind, member)                                                                                  \
	{                                                                                                              \
		key, KIND_##kind, offsetof(struct finding, member), false, true                                        \
	}

/* Sorted by key. */
static const struct field fields[] = {
	FIELD("baseline", NUMBER, baseline),
	FIELD("baseline_id", TEXT, baseline_id),
	FIELD_REQUIRED("benchmark", TEXT, bench),
	FIELD_RARE("callers", TEXT, callers),
	FIELD("category", CATEGORY, category),
	FIELD_RARE("cause_note", TEXT, cause_note),
	FIELD_RARE("change", NUMBER, change),
	FIELD("change_ratio", NUMBER, change_ratio),
	FIELD("commit", TEXT, commit),
	FIELD("current", NUMBER, current),
	FIELD("effect", EFFECT, effect),
	FIELD("function", TEXT, function),
	FIELD_RARE("function_change", NUMBER, function_change),
	FIELD("function_change_ratio", NUMBER, function_change_ratio),
	FIELD_RARE("function_high", NUMBER, function_high),
	FIELD_RARE("function_low", NUMBER, function_low),
	FIELD_RARE("function_part", NUMBER, function_part),
	FIELD("gated", FLAG, gated),
	FIELD_RARE("high", NUMBER, high),
	FIELD("high_ratio", NUMBER, high_ratio),
	FIELD_RARE("low", NUMBER, low),
	FIELD("low_ratio", NUMBER, low_ratio),
	FIELD("machine", TEXT, machine),
	FIELD_RARE("mde", NUMBER, mde),
	FIELD("mde_ratio", NUMBER, mde_ratio),
	FIELD("measured_high_ratio", NUMBER, measured_high_ratio),
	FIELD("measured_low_ratio", NUMBER, measured_low_ratio),
	FIELD("measured_s", RATIO, measured_s),
	FIELD("method", TEXT, method),
	FIELD_REQUIRED("metric", TEXT, metric),
	FIELD("min_effect_ratio", NUMBER, min_effect_ratio),
	FIELD("p", NUMBER, p),
	FIELD("p_two_sided", NUMBER, p_two_sided),
	FIELD("place", TEXT, place),
	FIELD("q", NUMBER, q),
	FIELD("reason", TEXT, reason),
	FIELD("samples_base", COUNT, samples_base),
	FIELD("samples_head", COUNT, samples_head),
	FIELD("severity", SEVERITY, severity),
	FIELD_RARE("source_diff", TEXT, source_diff),
	FIELD_REQUIRED("state", STATE, state),
	FIELD_REQUIRED("suite", TEXT, suite),
	FIELD("threshold_ratio", RATIO, threshold_ratio),
	FIELD_RARE("touched", TEXT, touched),
	FIELD("unit", TEXT, unit),
	FIELD_RARE("until", TEXT, until),
	FIELD("verdict", OUTCOME, outcome),
	FIELD("warning", TEXT, warning),
};

enum { FIELD_COUNT = sizeof fields / sizeof fields[0] };

static const char *const effect_names[] = {"pass", "fail", "error"};

enum { EFFECT_COUNT = sizeof effect_names / sizeof effect_names[0] };

static bool effect_find(const char *name, enum effect *e)
{
	for (size_t i = 0; i < EFFECT_COUNT; i++) {
		if (text_equal(effect_names[i], name)) {
			*e = (enum effect)i;
			return true;
		}
	}
	return false;
}

static void write_text(struct json *j, const char *text)
{
	json_text(j, text ? text : "");
}

static void write_number(struct json *j, struct number n)
{
	if (n.known && isfinite(n.value))
		json_double(j, n.value);
	else
		json_null(j);
}

static bool says_nothing(const struct field *field, const void *at)
{
	if (field->kind == KIND_NUMBER)
		return !((const struct number *)at)->known;
	return field->kind == KIND_TEXT && (!*(const char *const *)at || !**(const char *const *)at);
}

static void write_field(struct json *j, const struct field *field, const struct finding *f)
{
	const void *at = (const char *)f + field->offset;

	if (field->rare && says_nothing(field, at))
		return;
	json_key(j, field->key);
	switch (field->kind) {
	case KIND_TEXT:
		write_text(j, *(const char *const *)at);
		break;
	case KIND_NUMBER:
		write_number(j, *(const struct number *)at);
		break;
	case KIND_RATIO:
		json_double(j, *(const double *)at);
		break;
	case KIND_COUNT:
		json_int(j, (int64_t) * (const size_t *)at);
		break;
	case KIND_FLAG:
		json_bool(j, *(const bool *)at);
		break;
	case KIND_CATEGORY:
		json_text(j, category_name(*(const enum category *)at));
		break;
	case KIND_STATE:
		json_text(j, state_name(*(const enum state *)at));
		break;
	case KIND_OUTCOME:
		json_text(j, outcome_name(*(const enum outcome *)at));
		break;
	case KIND_SEVERITY:
		json_text(j, severity_name(*(const enum severity *)at));
		break;
	case KIND_EFFECT:
		json_text(j, effect_names[*(const enum effect *)at]);
		break;
	}
}

struct tally {
	const char *name;
	size_t count;
};

static int compare_tallies(const void *left, const void *right)
{
	return strcmp(((const struct tally *)left)->name, ((const struct tally *)right)->name);
}

static void write_tallies(struct json *j, struct tally *tallies, size_t count)
{
	qsort(tallies, count, sizeof *tallies, compare_tallies);
	json_begin_object_line(j);
	for (size_t i = 0; i < count; i++) {
		json_key(j, tallies[i].name);
		json_int(j, (int64_t)tallies[i].count);
	}
	json_end_object(j);
}

static void write_counts(struct json *j, const struct verdict *v)
{
	const struct verdict_counts c = verdict_count(v);
	struct tally severities[SEVERITY_CRITICAL], states[STATE_COUNT];

	for (size_t i = 0; i < SEVERITY_CRITICAL; i++)
		severities[i] = (struct tally){severity_name((enum severity)(i + 1)), c.by_severity[i + 1]};
	for (size_t i = 0; i < STATE_COUNT; i++)
		states[i] = (struct tally){state_name((enum state)i), c.by_state[i]};
	json_begin_object(j);
	json_key(j, "benchmarks");
	json_int(j, (int64_t)c.benchmarks);
	json_key(j, "faster");
	json_int(j, (int64_t)c.faster);
	json_key(j, "largest_mde_ratio");
	write_number(j, c.largest_mde_ratio);
	json_key(j, "same");
	json_int(j, (int64_t)c.same);
	json_key(j, "severity");
	write_tallies(j, severities, SEVERITY_CRITICAL);
	json_key(j, "slower");
	json_int(j, (int64_t)c.slower);
	json_key(j, "state");
	write_tallies(j, states, STATE_COUNT);
	json_key(j, "too_noisy");
	json_int(j, (int64_t)c.too_noisy);
	json_key(j, "too_small");
	json_int(j, (int64_t)c.too_small);
	json_end_object(j);
}

static void write_functions(struct json *j, const struct finding *f)
{
	if (!f->function_count)
		return;
	json_key(j, "functions");
	json_begin_array(j);
	for (size_t i = 0; i < f->function_count; i++) {
		const struct finding_function *x = &f->functions[i];

		json_begin_object_line(j);
		json_key(j, "base");
		json_double(j, x->base);
		json_key(j, "head");
		json_double(j, x->head);
		json_key(j, "high");
		json_double(j, x->high);
		json_key(j, "low");
		json_double(j, x->low);
		json_key(j, "name");
		write_text(j, x->name);
		json_key(j, "place");
		write_text(j, x->place);
		json_key(j, "q");
		write_number(j, x->q);
		json_key(j, "state");
		write_text(j, x->state);
		json_end_object(j);
	}
	json_end_array(j);
}

static void write_findings(struct json *j, const struct verdict *v)
{
	json_begin_array(j);
	for (size_t i = 0; i < v->finding_count; i++) {
		json_begin_object(j);
		for (size_t k = 0; k < FIELD_COUNT; k++)
			write_field(j, &fields[k], &v->findings[i]);
		write_functions(j, &v->findings[i]);
		json_end_object(j);
	}
	json_end_array(j);
}

void verdict_to_json(struct buf *out, const struct verdict *v)
{
	struct json j = {.out = out};
	char seed[24];

	snprintf(seed, sizeof seed, SEED_FORMAT, v->seed);
	json_begin_object(&j);
	json_key(&j, "pawl_verdict");
	json_int(&j, VERDICT_FILE_VERSION);
	json_key(&j, "base_title");
	write_text(&j, v->base_title);
	json_key(&j, "baseline");
	write_text(&j, v->baseline);
	json_key(&j, "check_id");
	write_text(&j, v->check_id);
	json_key(&j, "counts");
	write_counts(&j, v);
	json_key(&j, "findings");
	write_findings(&j, v);
	json_key(&j, "geomeans");
	geomeans_to_json(&j, v);
	json_key(&j, "head_title");
	write_text(&j, v->head_title);
	json_key(&j, "repeat");
	write_text(&j, v->repeat);
	json_key(&j, "seed");
	json_text(&j, seed);
	json_key(&j, "started");
	write_text(&j, v->started);
	json_key(&j, "status");
	json_int(&j, v->status);
	json_key(&j, "status_reason");
	write_text(&j, v->status_reason);
	json_key(&j, "warnings");
	json_begin_array(&j);
	for (size_t i = 0; i < v->warning_count; i++)
		write_text(&j, v->warnings[i]);
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}

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
		for (size_t k = 0; k < FIELD_COUNT; k++) {
			const char *place = arena_printf(r->arena, "findings[%zu].%s", v->finding_count, fields[k].key);

			if (!read_field(r, &fields[k], cJSON_GetObjectItemCaseSensitive(item, fields[k].key), f, place))
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
