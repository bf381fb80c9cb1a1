/* The words for the way in which a series went. */
#include "model/trend.h"

const char *trend_way_name(enum trend_way way)
{
	static const char *const names[] = {"slower", "faster", "higher", "lower"};

	return names[way];
}
