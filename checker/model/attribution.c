/* Names of what an attribution says. */
#include "model/attribution.h"

#include "base/text.h"

static const char *const methods[] = {
#define ROW(name, text) [ATTRIBUTION_##name] = text,
	ATTRIBUTION_METHOD_LIST(ROW)
#undef ROW
};

static const char *const states[] = {
#define ROW(name, text) [CHANGE_##name] = text,
	CHANGE_STATE_LIST(ROW)
#undef ROW
};

const char *attribution_method_name(enum attribution_method m)
{
	return methods[m];
}

bool attribution_method_find(const char *name, enum attribution_method *m)
{
	for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
		if (text_equal(methods[i], name)) {
			*m = (enum attribution_method)i;
			return true;
		}
	}
	return false;
}

const char *change_state_name(enum change_state s)
{
	return states[s];
}
