/*
 * Flame graphs: a tree of calls, the root first, drawn as boxes that are as wide as what they cost.
 *
 * A tree has one side or two.  With two, base and head stand in one picture: each frame has a bar as long as its head costs,
 * coloured by the change, above a thin one as long as its base cost, on the same scale; so what vanished is still there.
 * What is too narrow is gathered into one frame beside its siblings, and counted.  Trees are made of profiles by
 * flame_build.  The picture reads without a script; flame_script, put into the page, makes it searched, zoomed and walked by
 * keyboard.
 */
#ifndef PAWL_DRAW_FLAME_H
#define PAWL_DRAW_FLAME_H

#include "base/arena.h"
#include "base/text.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stddef.h>

struct flame_frame {
	const char *name;  /* the whole one; anything may stand in it */
	double base, head; /* cost with all that it calls; base only with two sides */
	double own_base, own_head;
	double width;    /* on the scale of costs: the widest of both sides and of its children together */
	size_t gathered; /* so many calls were too narrow and are this frame; 0: an ordinary frame */
	bool inlined;    /* wherever it stands for */
	struct flame_frame *parent, *child, *next; /* the widest child first, gathered ones last */
};

struct flame {
	struct flame_frame *root; /* named "all" */
	bool two_sided;
	size_t frame_count;    /* with the root, without gathered ones */
	size_t gathered_count; /* calls that were too narrow or too deep */
	double gathered_base, gathered_head,
		least_ratio; /* their cost; what is narrower, as part of the whole, is gathered */
	size_t level_count;
};

/* One profile, or one of several whose costs are added up. */
struct flame_input {
	const struct profile *profile;
	size_t type;
	double scale;          /* costs are values times this: 1, or one by operations */
	bool is_base;          /* all of it */
	const bool *base_sets; /* NULL, or per label set: samples with it are the base's, and negative */
};

struct flame_build_options {
	bool two_sided;     /* even if nothing is on the base's side */
	bool by_function;   /* a frame is a function's name: not its file, line or address */
	const char *scope;  /* only what this function calls; its frame becomes the first; NULL: everything */
	double least_ratio; /* frames below this part of the whole are gathered; 0: 1/20,000 */
	size_t frame_limit; /* 0: 3,000; the narrowest are gathered to keep it */
	size_t depth_limit; /* 0: 500 */
	/* A name as it is shown and found equal, in the arena's memory; NULL: as it is. */
	const char *(*clean)(struct arena *a, const char *name);
};

/* What is negative after its scale counts for the other side: so a difference shows what became less. */
void flame_build(struct arena *a, const struct flame_input *inputs, size_t count,
		 const struct flame_build_options *options, struct flame *out);

/* Two profiles of the same program: by function, below `scope` (NULL: everything), costs multiplied by the scales. */
void flame_from_profiles(struct arena *a, const struct profile *base, const struct profile *head, size_t type_base,
			 size_t type_head, double scale_base, double scale_head, const char *scope, struct flame *out);

/* How costs are said: "1.45s".  `state` is handed on. */
struct flame_words {
	const char *(*cost)(struct arena *a, double cost, const void *state);
	const void *state;
	const char *title;                 /* of the picture; NULL: none */
	const char *base_word, *head_word; /* of two sides; NULL: "base" and "head" */
};

/* A picture that stands alone: names are in it in full, and the costliest functions below it as text. */
void flame_write_svg(struct arena *a, const struct flame *flame, const struct flame_words *words, struct buf *out);

/* The same as a part of a page, which must have flame_style and flame_script; `id` is unique in the page. */
void flame_write_block(struct arena *a, const struct flame *flame, const struct flame_words *words, const char *id,
		       struct buf *out);

extern const char flame_style[], flame_script[];

#endif
