/* Labels of samples as tags of nodes. */
#include "graph/graph_build.h"

#include <stdlib.h>
#include <string.h>

#include "graph/unit.h"

/* A tag of any node: texts, or a number beside texts. */
struct tag_kind {
	const char *name, *unit, *beside;
	int64_t value;
};

/* The kinds of one set of labels: the texts' (or PROFILE_NONE), then the numbers'. */
struct set_tags {
	uint32_t texts;
	uint32_t *numbers;
	size_t number_count;
	bool known;
};

/* A kind at a node. */
struct node_tag {
	uint32_t node, kind;
	int64_t flat, flat_div, cum, cum_div;
};

struct tagging {
	struct graph_building *b;
	struct tag_kind *kinds;
	size_t kind_count, kind_capacity;
	uint32_t *kind_slots; /* index in `kinds` and 1 */
	size_t kind_room;
	struct set_tags *sets; /* per label set */
	const char *bytes_unit;
	struct node_tag *tags;
	size_t tag_count, tag_capacity;
	uint32_t *slots; /* index in `tags` and 1 */
	size_t room;
	uint32_t *seen; /* per node: number of the sample that was counted last */
};

static int compare_texts(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* "key:value" of all texts, sorted, a line each. */
static const char *join_texts(struct tagging *t, struct profile_span set)
{
	const struct profile *p = t->b->source->profile;
	const char **texts = NEW_ARRAY(t->b->arena, const char *, set.count);
	struct buf joined = {.arena = t->b->arena};
	size_t count = 0;

	for (uint32_t i = 0; i < set.count; i++) {
		const struct profile_label *l = p->labels + set.first + i;
		const char *key = profile_text(p, l->key);

		if (!l->numeric && !text_equal(key, "pprof::base"))
			texts[count++] = arena_printf(t->b->arena, "%s:%s", key, profile_text(p, l->text));
	}
	if (count)
		qsort(texts, count, sizeof *texts, compare_texts);
	for (size_t i = 0; i < count; i++)
		buf_printf(&joined, "%s%s", i ? "\n" : "", texts[i]);
	return buf_string(&joined);
}

static size_t kind_hash(const struct tag_kind *k)
{
	uint64_t h = k->beside ? 1 : 0;

	for (const char *c = k->name; *c; c++)
		h = (h ^ (unsigned char)*c) * 0x100000001b3U;
	for (const char *c = k->beside ? k->beside : ""; *c; c++)
		h = (h ^ (unsigned char)*c) * 0x100000001b3U;
	return (size_t)(h ^ h >> 32);
}

static bool kind_equal(const struct tag_kind *x, const struct tag_kind *y)
{
	return !x->beside == !y->beside && text_equal(x->name, y->name) &&
	       (!x->beside || text_equal(x->beside, y->beside));
}

/* The place for a kind in the slots: its own or a free one. */
static size_t kind_slot(const struct tagging *t, const struct tag_kind *wanted)
{
	size_t at = kind_hash(wanted) & (t->kind_room - 1);

	while (t->kind_slots[at] && !kind_equal(t->kinds + t->kind_slots[at] - 1, wanted))
		at = (at + 1) & (t->kind_room - 1);
	return at;
}

static uint32_t kind_find(struct tagging *t, const struct tag_kind *wanted)
{
	size_t at;

	if (t->kind_count * 2 >= t->kind_room) {
		t->kind_room = t->kind_room ? t->kind_room * 2 : 256;
		t->kind_slots = NEW_ARRAY(t->b->arena, uint32_t, t->kind_room);
		for (size_t i = 0; i < t->kind_count; i++)
			t->kind_slots[kind_slot(t, t->kinds + i)] = (uint32_t)i + 1;
	}
	at = kind_slot(t, wanted);
	if (!t->kind_slots[at]) {
		t->kinds = arena_reserve(t->b->arena, t->kinds, t->kind_count, &t->kind_capacity, sizeof *t->kinds);
		t->kinds[t->kind_count] = *wanted;
		t->kind_slots[at] = (uint32_t)++t->kind_count;
	}
	return t->kind_slots[at] - 1;
}

/* Of the numbers only "bytes" become tags, as in pprof. */
static const struct set_tags *tags_of_set(struct tagging *t, uint32_t index)
{
	const struct profile *p = t->b->source->profile;
	struct profile_span set = p->label_sets[index];
	struct set_tags *s = t->sets + index;
	const char *texts;

	if (s->known)
		return s;
	s->known = true;
	texts = join_texts(t, set);
	s->texts = *texts ? kind_find(t, &(struct tag_kind){.name = texts}) : PROFILE_NONE;
	s->numbers = NEW_ARRAY(t->b->arena, uint32_t, set.count);
	for (uint32_t i = 0; i < set.count; i++) {
		const struct profile_label *l = p->labels + set.first + i;
		struct tag_kind kind = {.unit = t->bytes_unit, .beside = texts, .value = l->number};

		if (!l->numeric || !text_equal(profile_text(p, l->key), "bytes"))
			continue;
		kind.name = unit_text(t->b->arena, l->number, t->bytes_unit, t->b->options->unit);
		s->numbers[s->number_count++] = kind_find(t, &kind);
	}
	return s;
}

static size_t tag_hash(uint32_t node, uint32_t kind)
{
	uint64_t h = ((uint64_t)node << 32 | kind) * 0x9e3779b97f4a7c15U;

	return (size_t)(h ^ h >> 32);
}

static struct node_tag *tag_find(struct tagging *t, uint32_t node, uint32_t kind)
{
	size_t at;

	if (t->tag_count * 2 >= t->room) {
		t->room = t->room ? t->room * 2 : 1024;
		t->slots = NEW_ARRAY(t->b->arena, uint32_t, t->room);
		for (size_t i = 0; i < t->tag_count; i++) {
			at = tag_hash(t->tags[i].node, t->tags[i].kind) & (t->room - 1);
			while (t->slots[at])
				at = (at + 1) & (t->room - 1);
			t->slots[at] = (uint32_t)i + 1;
		}
	}
	for (at = tag_hash(node, kind) & (t->room - 1); t->slots[at]; at = (at + 1) & (t->room - 1)) {
		struct node_tag *tag = t->tags + t->slots[at] - 1;

		if (tag->node == node && tag->kind == kind)
			return tag;
	}
	t->tags = arena_reserve(t->b->arena, t->tags, t->tag_count, &t->tag_capacity, sizeof *t->tags);
	t->tags[t->tag_count] = (struct node_tag){.node = node, .kind = kind};
	t->slots[at] = (uint32_t)++t->tag_count;
	return t->tags + t->tag_count - 1;
}

static void add(struct tagging *t, uint32_t node, uint32_t kind, bool flat, int64_t weight, int64_t divisor)
{
	struct node_tag *tag = tag_find(t, node, kind);

	if (flat) {
		tag->flat = unit_add(tag->flat, weight);
		tag->flat_div = unit_add(tag->flat_div, divisor);
	} else {
		tag->cum = unit_add(tag->cum, weight);
		tag->cum_div = unit_add(tag->cum_div, divisor);
	}
}

static void add_all(struct tagging *t, const struct set_tags *s, uint32_t node, bool flat, int64_t weight,
		    int64_t divisor)
{
	if (s->texts != PROFILE_NONE)
		add(t, node, s->texts, flat, weight, divisor);
	for (size_t i = 0; i < s->number_count; i++)
		add(t, node, s->numbers[i], flat, weight, divisor);
}

static void tag_sample(struct tagging *t, size_t sample, int64_t weight, int64_t divisor)
{
	struct graph_building *b = t->b;
	const struct profile *p = b->source->profile;
	const struct set_tags *s = tags_of_set(t, p->sample_labels[sample]);
	struct profile_span stack = p->stacks[p->sample_stacks[sample]];
	uint32_t leaf = PROFILE_NONE;

	if (s->texts == PROFILE_NONE && !s->number_count)
		return;
	for (uint32_t i = 0; i < stack.count; i++) {
		struct profile_span slots = b->slots[p->frames[stack.first + i]];

		for (uint32_t k = 0; k < slots.count; k++) {
			uint32_t node = b->slot_nodes[slots.first + k];

			if (!i && !k)
				leaf = node;
			if (!b->counts[node].kept || t->seen[node] == sample + 1)
				continue;
			t->seen[node] = (uint32_t)sample + 1;
			add_all(t, s, node, false, weight, divisor);
		}
	}
	if (leaf != PROFILE_NONE && b->counts[leaf].kept)
		add_all(t, s, leaf, true, weight, divisor);
}

/* The unit of the labels "bytes": the first that is given, else the key. */
static const char *unit_of_bytes(const struct profile *p)
{
	for (size_t i = 0; i < p->label_count; i++) {
		const struct profile_label *l = p->labels + i;

		if (l->numeric && l->unit && text_equal(profile_text(p, l->key), "bytes"))
			return profile_text(p, l->unit);
	}
	return "bytes";
}

static void hand_out(struct tagging *t)
{
	struct graph_building *b = t->b;

	for (size_t i = 0; i < b->all_count; i++)
		b->all[i].tag_count = 0;
	for (size_t i = 0; i < t->tag_count; i++)
		b->all[t->tags[i].node].tag_count++;
	for (size_t i = 0; i < b->all_count; i++) {
		b->all[i].tags = NEW_ARRAY(b->arena, struct graph_tag *, b->all[i].tag_count);
		b->all[i].tag_count = 0;
	}
	for (size_t i = 0; i < t->tag_count; i++) {
		const struct node_tag *from = t->tags + i;
		const struct tag_kind *kind = t->kinds + from->kind;
		struct graph_node *n = b->all + from->node;
		struct graph_tag *tag = NEW(b->arena, struct graph_tag);

		*tag = (struct graph_tag){.name = kind->name,
					  .unit = kind->unit,
					  .beside = kind->beside,
					  .value = kind->value,
					  .flat = from->flat,
					  .flat_div = from->flat_div,
					  .cum = from->cum,
					  .cum_div = from->cum_div};
		n->tags[n->tag_count++] = tag;
	}
}

void graph_make_tags(struct graph_building *b)
{
	const struct profile *p = b->source->profile;
	struct tagging t = {.b = b};
	bool mean = b->source->mean_type < p->type_count;

	t.sets = NEW_ARRAY(b->arena, struct set_tags, p->label_set_count);
	t.seen = NEW_ARRAY(b->arena, uint32_t, b->all_count);
	t.bytes_unit = unit_of_bytes(p);
	for (size_t i = 0; i < p->sample_count; i++) {
		const int64_t *values = p->values + i * p->type_count;
		int64_t divisor = mean ? values[b->source->mean_type] : 0;

		if (values[b->source->type] || divisor)
			tag_sample(&t, i, values[b->source->type], divisor);
	}
	hand_out(&t);
}

void graph_drop_tags(struct graph_node **nodes, size_t node_count, int64_t cutoff)
{
	for (size_t i = 0; i < node_count; i++) {
		struct graph_node *n = nodes[i];
		size_t kept = 0;

		for (size_t k = 0; k < n->tag_count; k++) {
			if (unit_abs(n->tags[k]->flat) >= cutoff || unit_abs(n->tags[k]->cum) >= cutoff)
				n->tags[kept++] = n->tags[k];
		}
		n->tag_count = kept;
	}
}
