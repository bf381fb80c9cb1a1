/*
 * Writing the verdict file.
 */
#include "model/verdict_json.h"

#include "base/json.h"
#include "model/geomean.h"
#include "model/verdict_fields.h"

#include <inttypes.h>
#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A text: readers that keep numbers as doubles would change the seed. */
#define SEED_FORMAT "0x%016" PRIx64

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
		for (size_t k = 0; k < verdict_field_count; k++)
			write_field(j, &verdict_fields[k], &v->findings[i]);
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
