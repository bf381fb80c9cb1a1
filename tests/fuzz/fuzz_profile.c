/* Any bytes are a profile.proto file or an error: never a crash; what was read is whole, and is written and read without a change. */
#include "profile/profile.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
	if (!kept)
		abort();
}

static void require_span(struct profile_span span, size_t count)
{
	require(span.first <= count && span.count <= count - span.first);
}

static void require_tables(const struct profile *p)
{
	for (size_t i = 0; i < p->string_count; i++)
		require(p->strings[i].at[p->strings[i].size] == '\0');
	for (size_t i = 0; i < p->type_count; i++)
		require(p->types[i].name < p->string_count && p->types[i].unit < p->string_count);
	for (size_t i = 0; i < p->mapping_count; i++)
		require(p->mappings[i].file < p->string_count && p->mappings[i].build_id < p->string_count);
	for (size_t i = 0; i < p->function_count; i++)
		require(p->functions[i].name < p->string_count && p->functions[i].system_name < p->string_count &&
			p->functions[i].file < p->string_count);
	for (size_t i = 0; i < p->line_count; i++)
		require(p->lines[i].function < p->function_count || p->lines[i].function == PROFILE_NONE);
	for (size_t i = 0; i < p->location_count; i++) {
		const struct profile_location *l = p->locations + i;

		require(l->mapping < p->mapping_count || l->mapping == PROFILE_NONE);
		require_span((struct profile_span){l->first_line, l->line_count}, p->line_count);
	}
	require(p->default_type < p->string_count && p->drop_frames < p->string_count &&
		p->keep_frames < p->string_count && p->doc_url < p->string_count &&
		p->period_type.name < p->string_count && p->period_type.unit < p->string_count);
}

static void require_whole(const struct profile *p)
{
	require(p->type_count > 0 && p->string_count > 0 && p->strings[0].size == 0);
	require_tables(p);
	for (size_t i = 0; i < p->frame_count; i++)
		require(p->frames[i] < p->location_count);
	for (size_t i = 0; i < p->stack_count; i++)
		require_span(p->stacks[i], p->frame_count);
	for (size_t i = 0; i < p->label_count; i++)
		require(p->labels[i].key < p->string_count && p->labels[i].text < p->string_count &&
			p->labels[i].unit < p->string_count);
	for (size_t i = 0; i < p->label_set_count; i++)
		require_span(p->label_sets[i], p->label_count);
	for (size_t i = 0; i < p->sample_count; i++)
		require(p->sample_stacks[i] < p->stack_count && p->sample_labels[i] < p->label_set_count);
}

static struct str written(struct arena *a, const struct profile *p)
{
	struct buf out = {.arena = a};
	struct err err;

	require(profile_format_proto.write(a, p, 0, &out, &err));
	return (struct str){out.at, out.size};
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct profile_reading how = {.format = &profile_format_proto, .expansion_limit = 1 << 20};
	struct str bytes = {.at = (const char *)data, .size = size};
	struct arena *a = arena_open();
	struct profile p, back;
	struct err err;

	for (size_t i = 0; i < profile_format_count; i++) {
		if (profile_formats[i]->sniff)
			(void)profile_formats[i]->sniff(bytes);
	}
	if (profile_read_bytes(a, "x", bytes, &how, &p, NULL, &err)) {
		struct str first, second;

		require_whole(&p);
		first = written(a, &p);
		require(profile_read_bytes(a, "y", first, NULL, &back, NULL, &err));
		require_whole(&back);
		second = written(a, &back);
		require(first.size == second.size && memcmp(first.at, second.at, first.size) == 0);
	} else {
		require(text_starts(err.text, "x:"));
	}
	arena_close(a);
	return 0;
}
