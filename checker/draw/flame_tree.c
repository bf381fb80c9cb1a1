/*
 * Trees of calls from stacks, widest first.
 *
 * From the root down: all stacks that reach a frame are parted by what it calls, and only what is wide enough is parted
 * again.  So the work is that of the frames which are shown, not of all there are: of 190,000 stacks through 20,000
 * functions nearly every one ends as a frame of its own.
 */
#include "draw/flame.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "draw/flame_names.h"

enum { FRAME_LIMIT = 3000, DEPTH_LIMIT = 500 };
/* A tenth of a point in a picture of 2,000, to be found by zooming; the limit of frames is what keeps pages small. */
static const double least_ratio_default = 1.0 / 20000;

/* A stack on its way down: what is next is line `line` of location `location`, both counted from the leaf, from 1. */
struct strand {
	const struct profile_input *input;
	const uint32_t *frames;
	uint32_t location, line;
	double base, head;
};

/* A profile with the name that each line of each location has. */
struct profile_input {
	const struct profile *profile;
	uint32_t *first; /* per location: in `names` */
	uint32_t *names;
};

/* What the stacks at a frame are parted into, per name. */
struct part {
	uint32_t name;
	size_t count, inlined, first;
	double base, head;
	struct flame_frame *frame; /* NULL: too narrow */
};

/* A frame with its place from the root. */
struct ranked {
	struct flame_frame *frame;
	size_t level;
};

struct building {
	struct arena *arena, *scratch, *parting;
	const struct flame_build_options *options;
	struct flame_names names;
	struct strand *strands, *spare;
	size_t strand_count;
	uint32_t *part_of; /* per name: index in the parts of this frame and 1 */
	struct flame *out;
	double least; /* cost below which frames are gathered */
	size_t depth_limit;
	struct ranked *all;
	size_t all_capacity;
};

/* A location without lines has one name all the same. */
static uint32_t line_count(const struct profile_location *l)
{
	return l->line_count ? l->line_count : 1;
}

static void name_frames(struct building *b, const struct profile *p, struct profile_input *input)
{
	size_t used = 0;

	input->profile = p;
	input->first = NEW_ARRAY(b->scratch, uint32_t, p->location_count + 1);
	for (size_t i = 0; i < p->location_count; i++) {
		input->first[i] = (uint32_t)used;
		used += line_count(p->locations + i);
	}
	input->names = NEW_ARRAY(b->scratch, uint32_t, used + 1);
	for (size_t i = 0; i < p->location_count; i++) {
		const struct profile_location *l = p->locations + i;

		for (uint32_t k = 0; k < line_count(l); k++) {
			const struct profile_line *line = l->line_count ? p->lines + l->first_line + k : NULL;

			input->names[input->first[i] + k] =
				flame_name_find(&b->names, flame_frame_name(b->arena, b->options, p, l, line));
		}
	}
}

/* The next name of a stack, or PROFILE_NONE at its end.  `*inlined`: into the frame above. */
static uint32_t strand_name(const struct strand *s, bool *inlined)
{
	uint32_t location;

	if (!s->location)
		return PROFILE_NONE;
	location = s->frames[s->location - 1];
	*inlined = s->line < line_count(s->input->profile->locations + location);
	return s->input->names[s->input->first[location] + s->line - 1];
}

static void strand_enter(struct strand *s)
{
	s->line = s->location ? line_count(s->input->profile->locations + s->frames[s->location - 1]) : 0;
}

static void strand_advance(struct strand *s)
{
	if (--s->line)
		return;
	s->location--;
	strand_enter(s);
}

/* To the first frame of that name from the root; false where there is none. */
static bool strand_seek(struct strand *s, uint32_t name)
{
	bool inlined;

	while (s->location && strand_name(s, &inlined) != name)
		strand_advance(s);
	return s->location;
}

static void add_strands(struct building *b, const struct flame_input *in, const struct profile_input *named,
			uint32_t scope)
{
	const struct profile *p = in->profile;
	double *costs = NEW_ARRAY(b->scratch, double, 2 * p->stack_count + 2);

	for (size_t i = 0; i < p->sample_count; i++) {
		double cost = (double)p->values[i * p->type_count + in->type] * in->scale;
		bool base = in->is_base;

		if (in->base_sets && in->base_sets[p->sample_labels[i]]) {
			base = true;
			cost = -cost;
		}
		costs[2 * p->sample_stacks[i] + (cost < 0 ? !base : base)] += fabs(cost);
	}
	for (size_t i = 0; i < p->stack_count; i++) {
		struct strand s = {.input = named,
				   .frames = p->frames + p->stacks[i].first,
				   .location = p->stacks[i].count,
				   .head = costs[2 * i],
				   .base = costs[2 * i + 1]};

		if (!(s.base > 0 || s.head > 0))
			continue;
		strand_enter(&s);
		if (scope == PROFILE_NONE || strand_seek(&s, scope))
			b->strands[b->strand_count++] = s;
	}
}

static double wider(double a, double b)
{
	return a > b ? a : b;
}

static struct flame_frame *add_frame(struct building *b, struct flame_frame *parent, const struct part *part,
				     size_t level)
{
	struct flame_frame *f = NEW(b->arena, struct flame_frame);

	*f = (struct flame_frame){.name = part ? b->names.at[part->name] : "all", .parent = parent};
	if (part) {
		f->base = part->base;
		f->head = part->head;
		f->inlined = part->inlined == part->count;
	}
	b->all = arena_reserve(b->scratch, b->all, b->out->frame_count, &b->all_capacity, sizeof *b->all);
	b->all[b->out->frame_count++] = (struct ranked){f, level};
	return f;
}

/* Parts the strands first..first+count by what they call next; what ends here is the frame's own. */
static struct part *part_strands(struct building *b, struct flame_frame *frame, size_t first, size_t count,
				 size_t *part_count)
{
	struct part *parts = NULL;
	size_t capacity = 0;

	*part_count = 0;
	for (size_t i = first; i < first + count; i++) {
		const struct strand *s = b->strands + i;
		bool inlined = false;
		uint32_t name = strand_name(s, &inlined);
		struct part *part;

		if (name == PROFILE_NONE) {
			frame->own_base += s->base;
			frame->own_head += s->head;
			continue;
		}
		if (!b->part_of[name]) {
			parts = arena_reserve(b->parting, parts, *part_count, &capacity, sizeof *parts);
			parts[*part_count] = (struct part){.name = name};
			b->part_of[name] = (uint32_t)++ * part_count;
		}
		part = parts + b->part_of[name] - 1;
		part->count++;
		part->inlined += inlined;
		part->base += s->base;
		part->head += s->head;
	}
	return parts;
}

/* Orders the strands by part and takes each a step down; those of parts that are gathered are left behind. */
static void sort_strands(struct building *b, struct part *parts, size_t part_count, size_t first, size_t count)
{
	size_t at = first;

	for (size_t i = 0; i < part_count; i++) {
		parts[i].first = at;
		at += parts[i].frame ? parts[i].count : 0;
		parts[i].count = 0;
	}
	memcpy(b->spare + first, b->strands + first, count * sizeof *b->strands);
	for (size_t i = first; i < first + count; i++) {
		struct strand s = b->spare[i];
		bool inlined;
		uint32_t name = strand_name(&s, &inlined);
		struct part *part = name == PROFILE_NONE ? NULL : parts + b->part_of[name] - 1;

		if (!part || !part->frame)
			continue;
		strand_advance(&s);
		b->strands[part->first + part->count++] = s;
	}
	for (size_t i = 0; i < part_count; i++)
		b->part_of[parts[i].name] = 0;
}

static struct flame_frame *gather(struct building *b, struct flame_frame *parent, struct flame_frame *into, double base,
				  double head, size_t count)
{
	if (!into) {
		into = NEW(b->arena, struct flame_frame);
		into->parent = parent;
		into->name = "(too narrow)";
	}
	into->base += base;
	into->head += head;
	into->gathered += count;
	return into;
}

static void build_below(struct building *b, struct flame_frame *frame, size_t first, size_t count, size_t depth)
{
	struct flame_frame *gathered = NULL, **last = &frame->child;
	struct arena_mark mark = arena_mark(b->parting);
	size_t part_count;
	struct part *parts = part_strands(b, frame, first, count, &part_count);

	for (size_t i = 0; i < part_count; i++) {
		struct part *part = parts + i;

		if (depth < b->depth_limit && wider(part->base, part->head) >= b->least) {
			part->frame = *last = add_frame(b, frame, part, depth);
			last = &(*last)->next;
		} else {
			gathered = gather(b, frame, gathered, part->base, part->head, 1);
		}
	}
	*last = gathered;
	sort_strands(b, parts, part_count, first, count);
	for (size_t i = 0; i < part_count; i++) {
		if (parts[i].frame)
			build_below(b, parts[i].frame, parts[i].first, parts[i].count, depth + 1);
	}
	arena_reset(b->parting, mark);
}

static int compare_ranked(const void *x, const void *y)
{
	const struct ranked *a = x, *b = y;
	double left = wider(a->frame->base, a->frame->head), right = wider(b->frame->base, b->frame->head);

	if (left > right || left < right)
		return left > right ? -1 : 1;
	if (a->level != b->level)
		return a->level < b->level ? -1 : 1;
	return strcmp(a->frame->name, b->frame->name);
}

enum { DROPPED = -1 }; /* a width: there was no place for the frame */

/* Only the widest have a place, of equal ones those nearer to the root: so no frame has one that its caller lacks. */
static void keep_widest(struct building *b, size_t limit)
{
	if (b->out->frame_count <= limit)
		return;
	qsort(b->all, b->out->frame_count, sizeof *b->all, compare_ranked);
	b->least = wider(b->least, wider(b->all[limit].frame->base, b->all[limit].frame->head));
	for (size_t i = limit; i < b->out->frame_count; i++)
		b->all[i].frame->width = DROPPED;
}

static size_t count_calls(const struct flame_frame *f)
{
	size_t count = f->gathered ? f->gathered : 1;

	for (const struct flame_frame *c = f->child; c; c = c->next)
		count += count_calls(c);
	return count;
}

static int compare_siblings(const void *x, const void *y)
{
	const struct flame_frame *a = *(struct flame_frame *const *)x, *b = *(struct flame_frame *const *)y;

	if (!a->gathered != !b->gathered)
		return a->gathered ? 1 : -1;
	if (a->width > b->width || a->width < b->width)
		return a->width > b->width ? -1 : 1;
	return strcmp(a->name, b->name);
}

static void sort_children(struct building *b, struct flame_frame *f)
{
	struct flame_frame **list, **last = &f->child;
	size_t count = 0, i = 0;

	for (struct flame_frame *c = f->child; c; c = c->next)
		count++;
	list = NEW_ARRAY(b->scratch, struct flame_frame *, count + 1);
	for (struct flame_frame *c = f->child; c; c = c->next)
		list[i++] = c;
	qsort(list, count, sizeof *list, compare_siblings);
	for (i = 0; i < count; i++) {
		*last = list[i];
		last = &list[i]->next;
	}
	*last = NULL;
}

/* Gathers what has no place, then widths and order from the leaves up. */
static void finish(struct building *b, struct flame_frame *f, size_t level)
{
	struct flame_frame *gathered = NULL, **at = &f->child;
	double width = 0;

	b->out->frame_count++;
	b->out->level_count = level > b->out->level_count ? level : b->out->level_count;
	while (*at) {
		struct flame_frame *c = *at;

		if (!c->gathered && c->width >= 0) {
			at = &c->next;
			continue;
		}
		*at = c->next;
		gathered = gather(b, f, gathered, c->base, c->head, count_calls(c));
	}
	if (gathered) {
		*at = gathered;
		b->out->gathered_count += gathered->gathered;
		b->out->gathered_base += gathered->base;
		b->out->gathered_head += gathered->head;
	}
	for (struct flame_frame *c = f->child; c; c = c->next) {
		if (c->gathered)
			c->width = wider(c->base, c->head);
		else
			finish(b, c, level + 1);
		width += c->width;
	}
	f->width = wider(wider(f->base, f->head), width);
	sort_children(b, f);
}

void flame_build(struct arena *a, const struct flame_input *inputs, size_t count,
		 const struct flame_build_options *options, struct flame *out)
{
	struct building b = {.arena = a, .scratch = arena_open_child(a), .options = options, .out = out};
	struct profile_input *named = NEW_ARRAY(b.scratch, struct profile_input, count + 1);
	size_t stack_count = 0, limit = options->frame_limit ? options->frame_limit : FRAME_LIMIT;
	double least_ratio = options->least_ratio > 0 ? options->least_ratio : least_ratio_default, whole;
	uint32_t scope = PROFILE_NONE;

	*out = (struct flame){.two_sided = options->two_sided};
	b.names.arena = b.scratch;
	b.parting = arena_open_child(b.scratch);
	b.depth_limit = options->depth_limit ? options->depth_limit : DEPTH_LIMIT;
	for (size_t i = 0; i < count; i++) {
		name_frames(&b, inputs[i].profile, named + i);
		stack_count += inputs[i].profile->stack_count;
	}
	if (options->scope)
		scope = flame_name_find(&b.names, options->scope);
	b.part_of = NEW_ARRAY(b.scratch, uint32_t, b.names.count + 1);
	b.strands = NEW_ARRAY(b.scratch, struct strand, stack_count + 1);
	b.spare = NEW_ARRAY(b.scratch, struct strand, stack_count + 1);
	for (size_t i = 0; i < count; i++)
		add_strands(&b, inputs + i, named + i, scope);
	out->root = add_frame(&b, NULL, NULL, 0);
	for (size_t i = 0; i < b.strand_count; i++) {
		out->root->base += b.strands[i].base;
		out->root->head += b.strands[i].head;
	}
	out->two_sided |= out->root->base > 0;
	whole = wider(out->root->base, out->root->head);
	b.least = whole * least_ratio;
	build_below(&b, out->root, 0, b.strand_count, 1);
	keep_widest(&b, limit);
	out->least_ratio = whole > 0 ? b.least / whole : 0;
	out->frame_count = 0;
	finish(&b, out->root, 1);
	arena_close(b.scratch);
}

void flame_from_profiles(struct arena *a, const struct profile *base, const struct profile *head, size_t type_base,
			 size_t type_head, double scale_base, double scale_head, const char *scope, struct flame *out)
{
	const struct flame_input inputs[] = {
		{.profile = base, .type = type_base, .scale = scale_base, .is_base = true},
		{.profile = head, .type = type_head, .scale = scale_head},
	};
	const struct flame_build_options options = {.two_sided = true, .by_function = true, .scope = scope};

	flame_build(a, inputs, 2, &options, out);
}
