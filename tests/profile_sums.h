/*
 * Profiles as tests look at them: read from a file or a text, with what stands in a function and below it.
 */
#ifndef PAWL_TESTS_PROFILE_SUMS_H
#define PAWL_TESTS_PROFILE_SUMS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/file.h"
#include "profile/profile.h"

#define GOLDEN "tests/golden/profiles/"

struct loaded {
	struct arena *arena;
	struct profile profile;
	const struct profile_format *format;
	struct err err;
};

static inline int loaded_open(void **state)
{
	struct loaded *l = calloc(1, sizeof *l);

	if (!l)
		return -1;
	l->arena = arena_open();
	*state = l;
	return 0;
}

static inline int loaded_close(void **state)
{
	struct loaded *l = *state;

	arena_close(l->arena);
	free(l);
	return 0;
}

/* By content, as a user has it. */
static inline void load(struct loaded *l, const char *name, const char *format)
{
	if (!profile_read(l->arena, path_join(l->arena, GOLDEN, name), NULL, &l->profile, &l->format, &l->err))
		fail_msg("%s", l->err.text);
	assert_string_equal(l->format->name, format);
}

static inline bool read_as(struct loaded *l, const char *format, struct str bytes)
{
	struct profile_reading how = {.format = profile_format_find(format)};

	assert_non_null(how.format);
	return profile_read_bytes(l->arena, "x", bytes, &how, &l->profile, NULL, &l->err);
}

static inline void take_text(struct loaded *l, const char *format, const char *text)
{
	if (!profile_read_bytes(l->arena, "x", str_of(text), NULL, &l->profile, &l->format, &l->err))
		fail_msg("%s", l->err.text);
	assert_string_equal(l->format->name, format);
}

static inline void refuse(struct loaded *l, const char *format, const char *text, const char *error)
{
	assert_false(read_as(l, format, str_of(text)));
	assert_string_equal(l->err.text, error);
}

static inline void expect_types(const struct loaded *l, const char *wanted)
{
	struct buf out = {.arena = l->arena};
	const struct profile *p = &l->profile;

	for (size_t i = 0; i < p->type_count; i++)
		buf_printf(&out, "%s%s/%s", i ? " " : "", profile_text(p, p->types[i].name),
			   profile_text(p, p->types[i].unit));
	assert_string_equal(buf_string(&out), wanted);
}

static inline int64_t total_of(const struct loaded *l, size_t type)
{
	int64_t sum = 0;

	for (size_t i = 0; i < l->profile.sample_count; i++)
		sum += l->profile.values[i * l->profile.type_count + type];
	return sum;
}

static inline bool location_is(const struct profile *p, uint32_t location, size_t line, const char *name)
{
	uint32_t f;

	if (line >= p->locations[location].line_count)
		return false;
	f = p->lines[p->locations[location].first_line + line].function;
	return f != PROFILE_NONE && text_equal(profile_text(p, p->functions[f].name), name);
}

/* What a function of that name cost itself, and with what it called: once a sample, as pprof counts. */
static inline void sum_up(const struct loaded *l, size_t type, const char *name, int64_t *flat, int64_t *cum)
{
	const struct profile *p = &l->profile;

	*flat = *cum = 0;
	for (size_t i = 0; i < p->sample_count; i++) {
		const struct profile_span *s = p->stacks + p->sample_stacks[i];
		int64_t value = p->values[i * p->type_count + type];
		bool found = false;

		for (size_t k = 0; k < s->count; k++)
			for (size_t line = 0; line < p->locations[p->frames[s->first + k]].line_count; line++)
				found = found || location_is(p, p->frames[s->first + k], line, name);
		*cum += found ? value : 0;
		if (s->count && location_is(p, p->frames[s->first], 0, name))
			*flat += value;
	}
}

static inline void expect_sums(const struct loaded *l, size_t type, const char *name, int64_t flat, int64_t cum)
{
	int64_t got_flat, got_cum;

	sum_up(l, type, name, &got_flat, &got_cum);
	if (got_flat != flat || got_cum != cum)
		fail_msg("%s: flat %lld, cum %lld; expected %lld, %lld", name, (long long)got_flat, (long long)got_cum,
			 (long long)flat, (long long)cum);
}

static inline const char *written(struct loaded *l, const char *format, size_t type)
{
	struct buf out = {.arena = l->arena};

	if (!profile_format_find(format)->write(l->arena, &l->profile, type, &out, &l->err))
		fail_msg("%s", l->err.text);
	return buf_string(&out);
}

/* Lists of tests, each with a fresh struct loaded. */
#define LOADED_TEST(name) cmocka_unit_test_setup_teardown(name, loaded_open, loaded_close)

#endif
