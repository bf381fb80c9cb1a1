/*
 * Profiles made in a few lines, for tests: "main;a;b" is a stack from the root, every name a function of its own.
 */
#ifndef PAWL_TESTS_MADE_PROFILES_H
#define PAWL_TESTS_MADE_PROFILES_H

#include "base/text.h"
#include "model/profile.h"

#include <string.h>

/* An empty profile of types samples/count and cpu/nanoseconds with one mapping, /bin/app at `start`. */
static inline struct profile *made_profile(struct arena *a, uint64_t start)
{
	struct profile *p = NEW(a, struct profile);

	profile_init(p, a);
	profile_add_type(p, "samples", "count");
	profile_add_type(p, "cpu", "nanoseconds");
	profile_add_mapping(p, &(struct profile_mapping){.start = start,
							 .limit = start + 0x100000,
							 .file = profile_string_of(p, "/bin/app"),
							 .has_functions = true});
	p->period_type.name = profile_string_of(p, "cpu");
	p->period_type.unit = profile_string_of(p, "nanoseconds");
	p->period = 10;
	return p;
}

/* A location of one function, which lies at an address that follows from its name, in src/NAME.c. */
static inline uint32_t made_location(struct profile *p, const char *name)
{
	struct profile_function f = {.name = profile_string_of(p, name), .start_line = 1};
	struct profile_line line = {.line = 7};
	uint64_t offset = 16;

	f.system_name = f.name;
	f.file = profile_string_of(p, arena_printf(p->arena, "src/%s.c", name));
	line.function = profile_intern_function(p, &f);
	for (const char *c = name; *c; c++)
		offset = (offset * 31 + (unsigned char)*c) % 0xffff0;
	return profile_intern_location(
		p, &(struct profile_location){.address = p->mappings[0].start + offset, .mapping = 0}, &line, 1);
}

static inline uint32_t made_stack(struct profile *p, const char *names)
{
	char *rest = arena_string(p->arena, names), *name;
	uint32_t frames[32];
	size_t count = 0;

	while (*names && (name = strsep(&rest, ";")))
		frames[count++] = made_location(p, name);
	for (size_t i = 0; i < count / 2; i++) {
		uint32_t other = frames[count - 1 - i];

		frames[count - 1 - i] = frames[i];
		frames[i] = other;
	}
	return profile_stack(p, frames, count);
}

/* A sample of `count` events, 10 ns each, with a label that is "key:text", or none. */
static inline void made_sample(struct profile *p, const char *names, const char *label, int64_t count)
{
	const char *colon = label ? strrchr(label, ':') : NULL;
	uint32_t set = 0;

	if (colon) {
		struct profile_label l = {.key = profile_string(p, (struct str){label, (size_t)(colon - label)}),
					  .text = profile_string_of(p, colon + 1)};

		set = profile_label_set(p, &l, 1);
	}
	profile_add_sample(p, made_stack(p, names), set, (int64_t[]){count, count * 10});
}

/* The same with a numeric label. */
static inline void made_numbered(struct profile *p, const char *names, const char *key, int64_t number,
				 const char *unit, int64_t count)
{
	struct profile_label l = {.key = profile_string_of(p, key), .number = number, .numeric = true};

	l.unit = profile_string_of(p, unit);
	profile_add_sample(p, made_stack(p, names), profile_label_set(p, &l, 1), (int64_t[]){count, count * 10});
}

/* All samples, a line each: "main;a;b key:text 3 30". */
static inline const char *made_text(struct arena *a, const struct profile *p)
{
	struct buf out = {.arena = a};

	for (size_t i = 0; i < p->sample_count; i++) {
		const struct profile_span *s = p->stacks + p->sample_stacks[i];
		const struct profile_span *set = p->label_sets + p->sample_labels[i];

		for (uint32_t k = s->count; k; k--) {
			const struct profile_location *l = p->locations + p->frames[s->first + k - 1];

			for (uint32_t n = l->line_count; n; n--)
				buf_printf(
					&out, "%s%s", k == s->count && n == l->line_count ? "" : ";",
					profile_text(p, p->functions[p->lines[l->first_line + n - 1].function].name));
		}
		for (uint32_t k = 0; k < set->count; k++) {
			const struct profile_label *l = p->labels + set->first + k;

			if (l->numeric)
				buf_printf(&out, " %s:%lld%s", profile_text(p, l->key), (long long)l->number,
					   profile_text(p, l->unit));
			else
				buf_printf(&out, " %s:%s", profile_text(p, l->key), profile_text(p, l->text));
		}
		for (size_t k = 0; k < p->type_count; k++)
			buf_printf(&out, " %lld", (long long)p->values[i * p->type_count + k]);
		buf_char(&out, '\n');
	}
	return buf_string(&out);
}

#endif
