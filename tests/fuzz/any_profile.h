/*
 * What every reader of profiles promises for any bytes: no crash, the same answer twice, an error that names the file, or a
 * profile whose indices are all in range and that every writer can write.
 */
#ifndef PAWL_TESTS_ANY_PROFILE_H
#define PAWL_TESTS_ANY_PROFILE_H

#include "profile/profile.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

static inline void require(bool kept)
{
	if (!kept)
		abort();
}

static inline void require_string(const struct profile *p, uint32_t string)
{
	require(string < p->string_count);
}

static inline void require_tables(const struct profile *p)
{
	for (size_t i = 0; i < p->type_count; i++) {
		require_string(p, p->types[i].name);
		require_string(p, p->types[i].unit);
	}
	for (size_t i = 0; i < p->mapping_count; i++)
		require_string(p, p->mappings[i].file);
	for (size_t i = 0; i < p->function_count; i++) {
		require_string(p, p->functions[i].name);
		require_string(p, p->functions[i].system_name);
		require_string(p, p->functions[i].file);
	}
	for (size_t i = 0; i < p->line_count; i++)
		require(p->lines[i].function == PROFILE_NONE || p->lines[i].function < p->function_count);
	for (size_t i = 0; i < p->location_count; i++) {
		const struct profile_location *l = p->locations + i;

		require(l->mapping == PROFILE_NONE || l->mapping < p->mapping_count);
		require(l->first_line <= p->line_count && l->line_count <= p->line_count - l->first_line);
	}
	for (size_t i = 0; i < p->label_count; i++) {
		require_string(p, p->labels[i].key);
		require_string(p, p->labels[i].text);
		require_string(p, p->labels[i].unit);
	}
	for (size_t i = 0; i < p->frame_count; i++)
		require(p->frames[i] < p->location_count);
}

static inline void require_samples(const struct profile *p)
{
	require(p->type_count > 0 || p->sample_count == 0);
	for (size_t i = 0; i < p->sample_count; i++) {
		require(p->sample_stacks[i] < p->stack_count);
		require(p->sample_labels[i] < p->label_set_count);
	}
}

static inline void write_all(struct arena *a, const struct profile *p)
{
	for (size_t i = 0; i < profile_format_count; i++) {
		struct buf out = {.arena = a};
		struct err err = {{0}};

		if (profile_formats[i]->write && p->type_count &&
		    !profile_formats[i]->write(a, p, profile_type_default(p), &out, &err))
			require(*err.text);
	}
}

static inline void try_profile(const struct profile_format *format, const unsigned char *data, size_t size)
{
	struct str bytes = {(const char *)data, size};
	struct profile_reading how = {.format = format, .expansion_limit = 1 << 24};
	struct err err[2] = {{{0}}, {{0}}};
	size_t samples[2] = {0};
	bool done[2];

	(void)format->sniff(bytes);
	for (int i = 0; i < 2; i++) {
		struct arena *a = arena_open();
		struct profile p;

		done[i] = profile_read_bytes(a, "x", bytes, &how, &p, NULL, &err[i]);
		if (done[i]) {
			require_tables(&p);
			require_samples(&p);
			samples[i] = p.sample_count;
			write_all(a, &p);
		} else {
			require(strncmp(err[i].text, "x:", 2) == 0);
		}
		arena_close(a);
	}
	require(done[0] == done[1] && samples[0] == samples[1] && strcmp(err[0].text, err[1].text) == 0);
}

#endif
