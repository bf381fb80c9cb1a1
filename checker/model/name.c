/* Names without what only says how long a benchmark runs. */
#include "model/name.h"

#include "base/text.h"

#include <string.h>

static const char *const keys[] = {"iterations:", "repeats:", "min_time:", "min_warmup_time:"};

/* Bytes of a part that counts for nothing at `at`, which points to its slash; 0 when it is another part. */
static size_t skipped(const char *at)
{
	for (size_t i = 0; *at == '/' && i < sizeof keys / sizeof keys[0]; i++) {
		size_t size = 1 + strlen(keys[i]), digits;

		if (!text_starts(at + 1, keys[i]))
			continue;
		digits = strspn(at + size, "0123456789.");
		/* "/iterations:many" is somebody's own part. */
		if (digits && (at[size + digits] == '/' || at[size + digits] == '\0' || at[size + digits] == '#'))
			return size + digits;
	}
	return 0;
}

static const char *skip(const char *at)
{
	for (size_t size = skipped(at); size; size = skipped(at))
		at += size;
	return at;
}

const char *name_normalise(struct arena *a, const char *bench)
{
	struct buf out = {.arena = a};

	for (const char *at = skip(bench); *at; at = skip(at + 1))
		buf_char(&out, *at);
	return buf_string(&out);
}

bool name_same(const char *one, const char *two)
{
	one = skip(one);
	two = skip(two);
	while (*one && *one == *two) {
		one = skip(one + 1);
		two = skip(two + 1);
	}
	return *one == *two;
}

bool name_is_series(const char *series, const char *suite, const char *bench, const char *metric)
{
	size_t suite_size = strlen(suite), metric_size = strlen(metric), size;
	struct arena *scratch;
	const char *rest;
	bool same;

	if (strncmp(series, suite, suite_size) != 0 || series[suite_size] != '/')
		return false;
	rest = series + suite_size + 1;
	size = strlen(rest);
	if (size <= metric_size || !text_ends(rest, metric) || rest[size - metric_size - 1] != ':')
		return false;
	scratch = arena_open();
	same = name_same(arena_copy(scratch, rest, size - metric_size - 1), bench);
	arena_close(scratch);
	return same;
}

const char *name_renamed(struct arena *a, const char *name, const struct rename *renames, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (name_same(name, renames[i].from))
			name = name_normalise(a, renames[i].to);
	}
	return name;
}
