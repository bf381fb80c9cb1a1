/* Any profile, held against itself or alone, goes through any options: what comes out is whole, and stays when compacted. */
#include "graph/merge.h"
#include "graph/source.h"
#include "profile/profile.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_WORK = 1 << 16 }; /* labels or frames: larger inputs are only slow */

static void require(bool kept)
{
	if (!kept)
		abort();
}

static void require_whole(const struct profile *p)
{
	for (size_t i = 0; i < p->sample_count; i++) {
		const struct profile_span *s = p->stacks + p->sample_stacks[i];
		const struct profile_span *set = p->label_sets + p->sample_labels[i];

		require(p->sample_stacks[i] < p->stack_count && p->sample_labels[i] < p->label_set_count);
		require(s->first + s->count <= p->frame_count && set->first + set->count <= p->label_count);
		for (uint32_t k = 0; k < s->count; k++)
			require(p->frames[s->first + k] < p->location_count);
	}
	for (size_t i = 0; i < p->location_count; i++) {
		const struct profile_location *l = p->locations + i;

		require(l->mapping == PROFILE_NONE || l->mapping < p->mapping_count);
		require(l->first_line + l->line_count <= p->line_count);
		for (uint32_t k = 0; k < l->line_count; k++)
			require(p->lines[l->first_line + k].function == PROFILE_NONE ||
				p->lines[l->first_line + k].function < p->function_count);
	}
}

/* One option a line, a letter and its value; an empty line ends them.  Returns what stands behind. */
static struct str take_options(struct arena *a, struct str text, struct source_options *o, bool *with_base)
{
	while (text.size && *text.at != '\n') {
		const char *end = memchr(text.at, '\n', text.size);
		size_t size = end ? (size_t)(end - text.at) : text.size;
		const char *value = arena_copy(a, text.at + 1, size - 1);

		switch (*text.at) {
		case 'f':
			o->focus = value;
			break;
		case 'i':
			o->ignore = value;
			break;
		case 's':
			o->show = value;
			break;
		case 'h':
			o->hide = value;
			break;
		case 'F':
			o->show_from = value;
			break;
		case 'p':
			o->prune_from = value;
			break;
		case 't':
			o->tag_focus = value;
			break;
		case 'T':
			o->tag_ignore = value;
			break;
		case 'k':
			o->tag_show = value;
			break;
		case 'K':
			o->tag_hide = value;
			break;
		case 'r':
			o->tag_root = value;
			break;
		case 'l':
			o->tag_leaf = value;
			break;
		case 'x':
			o->sample_index = value;
			break;
		case 'b':
			*with_base = true;
			o->comparison = *value == 'd' ? COMPARE_DIFF_BASE : COMPARE_BASE;
			o->normalize = *value == 'n';
			break;
		case 'g':
			o->granularity = (enum granularity)((unsigned char)*value % 5);
			o->no_inlines = *value & 8;
			o->relative = *value & 16;
			break;
		default:
			break;
		}
		text.at += size + (end != NULL);
		text.size -= size + (end != NULL);
	}
	return text.size ? (struct str){text.at + 1, text.size - 1} : text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct profile_reading how = {.format = &profile_format_proto, .expansion_limit = 1 << 20};
	struct arena *a = arena_open();
	struct source_options options = {0};
	struct source source;
	struct profile p, once, twice;
	const struct profile *profiles[] = {&p};
	bool with_base = false;
	struct err err;
	struct str bytes = take_options(a, (struct str){(const char *)data, size}, &options, &with_base);

	if (profile_read_bytes(a, "x", bytes, &how, &p, NULL, &err) && p.label_count < MOST_WORK &&
	    p.frame_count < MOST_WORK && source_prepare(a, profiles, 1, profiles, with_base, &options, &source, &err)) {
		require_whole(source.profile);
		merge_compact(a, source.profile, &once);
		merge_compact(a, &once, &twice);
		require_whole(&once);
		require(once.sample_count == twice.sample_count && once.location_count == twice.location_count);
		require(once.function_count == twice.function_count &&
			once.sample_count <= source.profile->sample_count);
	}
	arena_close(a);
	return 0;
}
