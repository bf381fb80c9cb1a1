/* What a finding is in the verdict file. */
#include "model/verdict_fields.h"

#include "base/text.h"

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
const struct field verdict_fields[] = {
	FIELD("baseline", NUMBER, baseline),
	FIELD("baseline_id", TEXT, baseline_id),
	FIELD_REQUIRED("benchmark", TEXT, bench),
	FIELD_RARE("caller", TEXT, caller),
	FIELD_RARE("caller_place", TEXT, caller_place),
	FIELD_RARE("caller_touched", TEXT, caller_touched),
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

const size_t verdict_field_count = sizeof verdict_fields / sizeof verdict_fields[0];

const char *const effect_names[] = {"pass", "fail", "error"};

enum { EFFECT_COUNT = sizeof effect_names / sizeof effect_names[0] };

bool effect_find(const char *name, enum effect *e)
{
	for (size_t i = 0; i < EFFECT_COUNT; i++) {
		if (text_equal(effect_names[i], name)) {
			*e = (enum effect)i;
			return true;
		}
	}
	return false;
}
