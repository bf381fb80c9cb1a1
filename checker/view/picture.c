/* Flame graphs of what a view is given. */
#include "view/picture.h"

#include "base/file.h"
#include "graph/merge.h"

#define ASSET(name, path)                                                                                              \
	__asm__(".pushsection .rodata\n"                                                                               \
		".globl " #name "\n"                                                                                   \
		".type " #name ", %object\n" #name ":\n"                                                               \
		".incbin \"" path "\"\n"                                                                               \
		".byte 0\n"                                                                                            \
		".size " #name ", . - " #name "\n"                                                                     \
		".popsection\n")

ASSET(picture_style, "checker/view/page.css");
ASSET(picture_script, "checker/view/page.js");

static const char *cost_text(struct arena *a, double cost, const void *state)
{
	const struct shown *s = state;
	const char *text = shown_value(s, unit_integer(cost));

	text = arena_string(a, text);
	shown_end_row(s);
	return text;
}

/* The label sets whose samples are the base's; NULL when there are none. */
static const bool *base_sets(struct arena *a, const struct profile *p)
{
	bool *sets = NEW_ARRAY(a, bool, p->label_set_count + 1), any = false;

	for (size_t i = 0; i < p->label_set_count; i++) {
		for (size_t k = 0; k < p->label_sets[i].count; k++) {
			const struct profile_label *l = p->labels + p->label_sets[i].first + k;

			sets[i] |= !l->numeric && text_equal(profile_text(p, l->key), MERGE_BASE_LABEL) &&
				   text_equal(profile_text(p, l->text), "true");
		}
		any |= sets[i];
	}
	return any ? sets : NULL;
}

void picture_flame(const struct shown *s, const struct flame_build_options *options, struct flame *out,
		   struct flame_words *words)
{
	const struct source *source = s->source;
	struct flame_input input = {.profile = source->profile,
				    .type = source->type,
				    .scale = 1,
				    .base_sets = base_sets(s->arena, source->profile)};
	struct flame_build_options how = *options;

	how.two_sided = input.base_sets;
	flame_build(s->arena, &input, 1, &how, out);
	*words = (struct flame_words){.cost = cost_text, .state = s, .title = picture_title(s)};
	/* A difference alone: what is below 0 became less. */
	if (out->two_sided && !input.base_sets) {
		words->base_word = "less";
		words->head_word = "more";
	}
}

bool picture_compares(const struct source *source)
{
	struct arena *scratch = arena_open();
	bool compares = base_sets(scratch, source->profile);

	arena_close(scratch);
	return compares;
}

const char *picture_title(const struct shown *s)
{
	const struct profile *p = s->source->profile;
	const char *file = p->mapping_count ? path_base(profile_text(p, p->mappings[0].file)) : "";
	struct buf title = {.arena = s->arena};

	text_printable(&title, *shown_type(s) ? shown_type(s) : "samples");
	if (*file) {
		buf_text(&title, " of ");
		text_printable(&title, file);
	}
	for (size_t i = 0; i < s->source->filter_count; i++) {
		buf_text(&title, i ? " " : ", ");
		text_printable(&title, s->source->filters[i]);
	}
	return buf_string(&title);
}
