/* Names of series. */
#include "cmd/series.h"

#include "base/text.h"

#include <string.h>

const char *series_name(struct arena *a, const struct finding *f)
{
	return arena_printf(a, "%s/%s:%s", f->suite, f->bench, f->metric);
}

const char *series_word(struct arena *a, const char *word)
{
	const char *open = strstr(word, " [");

	if (!open || !text_ends(word, "]"))
		return word;
	return arena_printf(a, "%.*s:%.*s", (int)(open - word), word, (int)(strlen(open) - 3), open + 2);
}

bool series_is_meant(struct arena *a, const char *word, const struct finding *f, bool as_glob)
{
	const char *bench = arena_printf(a, "%s/%s", f->suite, f->bench), *series = series_name(a, f);
	const char *time = metric_is_clock(f->metric) && f->gated ? arena_printf(a, "%s:time", bench) : series;

	if (as_glob)
		return text_glob(word, bench) || text_glob(word, series) || text_glob(word, time);
	return text_equal(word, bench) || text_equal(word, series) || text_equal(word, time);
}
