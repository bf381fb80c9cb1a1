/* Clocks of the system. */
#include "base/clock.h"

#include "base/text.h"

#include <stdlib.h>
#include <time.h>

int64_t clock_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

int64_t clock_unix(void)
{
	const char *fixed = getenv("SOURCE_DATE_EPOCH");
	int64_t seconds;

	if (fixed && text_parse_int64(str_of(fixed), &seconds) && seconds >= 0)
		return seconds;
	return (int64_t)time(NULL);
}

/* RFC 3339 has years of four digits; a clock that stands elsewhere is wrong, and shows as the nearest end. */
const char *clock_rfc3339(struct arena *a, int64_t unix_s)
{
	static const int64_t end_of_9999 = 253402300799;
	time_t t = (time_t)(unix_s < 0 ? 0 : unix_s > end_of_9999 ? end_of_9999 : unix_s);
	struct tm tm;
	char text[32];

	gmtime_r(&t, &tm);
	strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	return arena_string(a, text);
}
