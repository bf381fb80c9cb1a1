/* The ladder of samplers. */
#include "sampler/sampler.h"

#include "base/text.h"

#define ROW(name) &sampler_##name,
const struct sampler *const samplers[] = {SAMPLER_LIST(ROW)};
#undef ROW

const size_t sampler_count = sizeof samplers / sizeof samplers[0];

const struct sampler *sampler_find(const char *name)
{
	for (size_t i = 0; i < sampler_count; i++) {
		if (text_equal(samplers[i]->name, name))
			return samplers[i];
	}
	return NULL;
}

const struct sampler *sampler_choose(struct arena *a, const char **why_not, struct err *err)
{
	struct buf reasons = {.arena = a};

	for (size_t i = 0; i < sampler_count; i++) {
		struct err reason;

		if (samplers[i]->probe(a, &reason)) {
			*why_not = buf_string(&reasons);
			return samplers[i];
		}
		buf_printf(&reasons, "%s%s: %s", reasons.size ? "\n" : "", samplers[i]->name, reason.text);
	}
	*why_not = buf_string(&reasons);
	err_set(err, "%s", buf_string(&reasons));
	return NULL;
}
