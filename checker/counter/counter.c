/* The table of counting engines. */
#include "counter/counter.h"

#define ROW(name) &counter_##name,
const struct counter_engine *const counter_engines[] = {COUNTER_LIST(ROW)};
#undef ROW

const size_t counter_engine_count = sizeof counter_engines / sizeof counter_engines[0];

const struct counter_engine *counter_find(const char *name)
{
	for (size_t i = 0; i < counter_engine_count; i++) {
		if (text_equal(counter_engines[i]->name, name))
			return counter_engines[i];
	}
	return NULL;
}
