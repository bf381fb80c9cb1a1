/* Lists of a profile that grow, and equal entries that stand once. */
#include "model/profile.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* Whether entry `i` of the list that an index is of equals what is looked for. */
typedef bool equal_entry(const struct profile *p, size_t i, const void *wanted);
typedef uint64_t hash_entry(const struct profile *p, size_t i);

struct span_wanted {
	const void *at;
	size_t count;
};

struct location_wanted {
	const struct profile_location *location;
	const struct profile_line *lines;
	size_t line_count;
};

/* Mixes as MurmurHash3's finalizer does (Appleby, 2011), word by word. */
static uint64_t mix(uint64_t h, uint64_t word)
{
	h ^= word;
	h ^= h >> 33;
	h *= 0xff51afd7ed558ccdU;
	h ^= h >> 33;
	h *= 0xc4ceb9fe1a85ec53U;
	return h ^ h >> 33;
}

/* What hashes begin with: the arena's address is not known beforehand, so no file can be made in which all are equal. */
static uint64_t seed_of(const struct profile *p)
{
	return (uintptr_t)p->arena;
}

static uint64_t hash_text(const struct profile *p, const char *at, size_t size)
{
	uint64_t h = mix(seed_of(p), size);

	for (; size >= 8; at += 8, size -= 8) {
		uint64_t word;

		memcpy(&word, at, 8);
		h = mix(h, word);
	}
	if (size) {
		uint64_t word = 0;

		memcpy(&word, at, size);
		h = mix(h, word);
	}
	return h;
}

static uint64_t hash_string(const struct profile *p, size_t i)
{
	return hash_text(p, p->strings[i].at, p->strings[i].size);
}

static uint64_t hash_frames(const struct profile *p, const uint32_t *frames, size_t count)
{
	return hash_text(p, (const char *)frames, count * sizeof *frames);
}

static uint64_t hash_stack(const struct profile *p, size_t i)
{
	return hash_frames(p, p->frames + p->stacks[i].first, p->stacks[i].count);
}

static uint64_t hash_labels(const struct profile *p, const struct profile_label *labels, size_t count)
{
	uint64_t h = mix(seed_of(p), count);

	for (size_t i = 0; i < count; i++) {
		h = mix(h, (uint64_t)labels[i].key << 32 | labels[i].text);
		h = mix(h, (uint64_t)labels[i].number);
		h = mix(h, (uint64_t)labels[i].unit << 1 | labels[i].numeric);
	}
	return h;
}

static uint64_t hash_label_set(const struct profile *p, size_t i)
{
	return hash_labels(p, p->labels + p->label_sets[i].first, p->label_sets[i].count);
}

static uint64_t hash_function_fields(const struct profile *p, const struct profile_function *f)
{
	/* A start of its own: name and system name are mostly equal, and a hash of the one takes the other in by xor. */
	return mix(mix(mix(mix(seed_of(p), f->name), f->system_name), f->file), (uint64_t)f->start_line);
}

static uint64_t hash_function(const struct profile *p, size_t i)
{
	return hash_function_fields(p, p->functions + i);
}

static uint64_t hash_location_fields(const struct profile *p, const struct profile_location *l,
				     const struct profile_line *lines, size_t count)
{
	uint64_t h = mix(mix(mix(seed_of(p), l->address), l->mapping), count << 1 | l->folded);

	for (size_t i = 0; i < count; i++)
		h = mix(mix(mix(h, lines[i].function), (uint64_t)lines[i].line), (uint64_t)lines[i].column);
	return h;
}

static uint64_t hash_location(const struct profile *p, size_t i)
{
	const struct profile_location *l = p->locations + i;

	return hash_location_fields(p, l, p->lines + l->first_line, l->line_count);
}

static void index_put(struct profile_index *x, uint64_t hash, size_t i)
{
	size_t at = hash & (x->room - 1);

	while (x->slots[at])
		at = (at + 1) & (x->room - 1);
	x->slots[at] = (uint32_t)i + 1;
	x->count++;
}

static void index_grow(struct profile *p, struct profile_index *x, size_t room, hash_entry *hash)
{
	struct profile_index old = *x;

	x->slots = NEW_ARRAY(p->arena, uint32_t, room);
	x->room = room;
	x->count = 0;
	for (size_t i = 0; i < old.room; i++)
		if (old.slots[i])
			index_put(x, hash(p, old.slots[i] - 1), old.slots[i] - 1);
}

/* The entry that equals what is wanted, or `next`, which is then taken for it and must be added by the caller. */
static uint32_t index_find(struct profile *p, struct profile_index *x, uint64_t hash, hash_entry *rehash,
			   equal_entry *equal, const void *wanted, size_t next)
{
	assert(next < PROFILE_NONE - 1);
	if (x->count * 4 >= x->room * 3)
		index_grow(p, x, x->room ? x->room * 2 : 64, rehash);
	for (size_t at = hash & (x->room - 1); x->slots[at]; at = (at + 1) & (x->room - 1))
		if (equal(p, x->slots[at] - 1, wanted))
			return x->slots[at] - 1;
	index_put(x, hash, next);
	return (uint32_t)next;
}

static bool equal_string(const struct profile *p, size_t i, const void *wanted)
{
	const struct str *s = wanted;

	return p->strings[i].size == s->size && (!s->size || memcmp(p->strings[i].at, s->at, s->size) == 0);
}

static bool equal_stack(const struct profile *p, size_t i, const void *wanted)
{
	const struct span_wanted *w = wanted;
	const struct profile_span *s = p->stacks + i;

	return s->count == w->count &&
	       (!w->count || memcmp(p->frames + s->first, w->at, w->count * sizeof *p->frames) == 0);
}

static bool equal_label(const struct profile_label *a, const struct profile_label *b)
{
	return a->key == b->key && a->text == b->text && a->number == b->number && a->unit == b->unit &&
	       a->numeric == b->numeric;
}

static bool equal_label_set(const struct profile *p, size_t i, const void *wanted)
{
	const struct span_wanted *w = wanted;
	const struct profile_label *labels = w->at;
	const struct profile_span *s = p->label_sets + i;

	if (s->count != w->count)
		return false;
	for (size_t k = 0; k < w->count; k++)
		if (!equal_label(p->labels + s->first + k, labels + k))
			return false;
	return true;
}

static bool equal_function(const struct profile *p, size_t i, const void *wanted)
{
	const struct profile_function *a = p->functions + i, *b = wanted;

	return a->name == b->name && a->system_name == b->system_name && a->file == b->file &&
	       a->start_line == b->start_line;
}

static bool equal_location(const struct profile *p, size_t i, const void *wanted)
{
	const struct location_wanted *w = wanted;
	const struct profile_location *l = p->locations + i;

	if (l->address != w->location->address || l->mapping != w->location->mapping ||
	    l->folded != w->location->folded || l->line_count != w->line_count)
		return false;
	for (size_t k = 0; k < w->line_count; k++) {
		const struct profile_line *a = p->lines + l->first_line + k, *b = w->lines + k;

		if (a->function != b->function || a->line != b->line || a->column != b->column)
			return false;
	}
	return true;
}

/* Room for `count` elements in a list that has room for fewer. */
static void *reserve(struct arena *a, void *items, size_t used, size_t *capacity, size_t count, size_t size)
{
	void *larger;

	if (count <= *capacity)
		return items;
	larger = arena_array(a, count, size);
	if (used)
		memcpy(larger, items, used * size);
	*capacity = count;
	return larger;
}

void profile_init(struct profile *p, struct arena *a)
{
	*p = (struct profile){.arena = a};
	/* Spans of nothing begin in these lists, too; without a list there is no place to begin at. */
	p->frames = reserve(a, NULL, 0, &p->frame_capacity, 1, sizeof *p->frames);
	p->lines = reserve(a, NULL, 0, &p->line_capacity, 1, sizeof *p->lines);
	p->labels = reserve(a, NULL, 0, &p->label_capacity, 1, sizeof *p->labels);
	profile_string(p, (struct str){"", 0});
	profile_label_set(p, NULL, 0);
}

void profile_reserve(struct profile *p, size_t sample_count, size_t frame_count)
{
	size_t values = p->sample_capacity, stacks = p->sample_capacity, labels = p->sample_capacity, room = 64;

	p->sample_stacks =
		reserve(p->arena, p->sample_stacks, p->sample_count, &stacks, sample_count, sizeof *p->sample_stacks);
	p->sample_labels =
		reserve(p->arena, p->sample_labels, p->sample_count, &labels, sample_count, sizeof *p->sample_labels);
	p->values =
		reserve(p->arena, p->values, p->sample_count, &values, sample_count, p->type_count * sizeof *p->values);
	p->sample_capacity = values;
	p->frames = reserve(p->arena, p->frames, p->frame_count, &p->frame_capacity, frame_count, sizeof *p->frames);
	/* Growing means to hash all frames anew. */
	while (room * 3 <= sample_count * 4)
		room *= 2;
	if (!p->stack_index.count && room > p->stack_index.room)
		index_grow(p, &p->stack_index, room, hash_stack);
}

void profile_reserve_tables(struct profile *p, size_t function_count, size_t location_count, size_t line_count)
{
	p->functions = reserve(p->arena, p->functions, p->function_count, &p->function_capacity, function_count,
			       sizeof *p->functions);
	p->locations = reserve(p->arena, p->locations, p->location_count, &p->location_capacity, location_count,
			       sizeof *p->locations);
	p->lines = reserve(p->arena, p->lines, p->line_count, &p->line_capacity, line_count, sizeof *p->lines);
}

uint32_t profile_string(struct profile *p, struct str text)
{
	uint32_t i = index_find(p, &p->string_index, hash_text(p, text.at, text.size), hash_string, equal_string, &text,
				p->string_count);

	if (i < p->string_count)
		return i;
	p->strings = arena_reserve(p->arena, p->strings, p->string_count, &p->string_capacity, sizeof *p->strings);
	p->strings[p->string_count++] =
		(struct str){text.size ? arena_copy(p->arena, text.at, text.size) : "", text.size};
	return i;
}

uint32_t profile_string_of(struct profile *p, const char *text)
{
	return profile_string(p, str_of(text));
}

const char *profile_text(const struct profile *p, uint32_t string)
{
	assert(string < p->string_count);
	return p->strings[string].at;
}

void profile_add_type_strings(struct profile *p, const struct profile_type *type)
{
	assert(!p->sample_count);
	p->types = arena_reserve(p->arena, p->types, p->type_count, &p->type_capacity, sizeof *p->types);
	p->types[p->type_count++] = *type;
	p->sample_capacity = 0;
}

void profile_add_type(struct profile *p, const char *name, const char *unit)
{
	struct profile_type type = {profile_string_of(p, name), profile_string_of(p, unit)};

	profile_add_type_strings(p, &type);
}

uint32_t profile_add_mapping(struct profile *p, const struct profile_mapping *m)
{
	p->mappings = arena_reserve(p->arena, p->mappings, p->mapping_count, &p->mapping_capacity, sizeof *p->mappings);
	p->mappings[p->mapping_count] = *m;
	return (uint32_t)p->mapping_count++;
}

uint32_t profile_add_function(struct profile *p, const struct profile_function *f)
{
	p->functions =
		arena_reserve(p->arena, p->functions, p->function_count, &p->function_capacity, sizeof *p->functions);
	p->functions[p->function_count] = *f;
	return (uint32_t)p->function_count++;
}

uint32_t profile_add_location(struct profile *p, const struct profile_location *l, const struct profile_line *lines,
			      size_t line_count)
{
	struct profile_location *added;

	p->locations =
		arena_reserve(p->arena, p->locations, p->location_count, &p->location_capacity, sizeof *p->locations);
	added = p->locations + p->location_count;
	*added = *l;
	added->first_line = (uint32_t)p->line_count;
	added->line_count = (uint32_t)line_count;
	for (size_t i = 0; i < line_count; i++) {
		p->lines = arena_reserve(p->arena, p->lines, p->line_count, &p->line_capacity, sizeof *p->lines);
		p->lines[p->line_count++] = lines[i];
	}
	return (uint32_t)p->location_count++;
}

uint32_t profile_intern_function(struct profile *p, const struct profile_function *f)
{
	uint32_t i = index_find(p, &p->function_index, hash_function_fields(p, f), hash_function, equal_function, f,
				p->function_count);

	return i < p->function_count ? i : profile_add_function(p, f);
}

uint32_t profile_intern_location(struct profile *p, const struct profile_location *l, const struct profile_line *lines,
				 size_t line_count)
{
	struct location_wanted wanted = {l, lines, line_count};
	uint32_t i = index_find(p, &p->location_index, hash_location_fields(p, l, lines, line_count), hash_location,
				equal_location, &wanted, p->location_count);

	return i < p->location_count ? i : profile_add_location(p, l, lines, line_count);
}

static void reserve_frames(struct profile *p, size_t count)
{
	size_t room = p->frame_capacity;

	if (count <= room - p->frame_count)
		return;
	while (count > room - p->frame_count)
		room = room < 1024 ? 1024 : room * 2;
	profile_reserve(p, 0, room);
}

uint32_t profile_stack(struct profile *p, const uint32_t *locations, size_t count)
{
	struct span_wanted wanted = {locations, count};
	uint32_t i = index_find(p, &p->stack_index, hash_frames(p, locations, count), hash_stack, equal_stack, &wanted,
				p->stack_count);

	if (i < p->stack_count)
		return i;
	reserve_frames(p, count);
	p->stacks = arena_reserve(p->arena, p->stacks, p->stack_count, &p->stack_capacity, sizeof *p->stacks);
	p->stacks[p->stack_count++] = (struct profile_span){(uint32_t)p->frame_count, (uint32_t)count};
	if (count)
		memcpy(p->frames + p->frame_count, locations, count * sizeof *locations);
	p->frame_count += count;
	assert(p->frame_count < PROFILE_NONE);
	return i;
}

uint32_t profile_label_set(struct profile *p, const struct profile_label *labels, size_t count)
{
	struct span_wanted wanted = {labels, count};
	uint32_t i = index_find(p, &p->label_index, hash_labels(p, labels, count), hash_label_set, equal_label_set,
				&wanted, p->label_set_count);

	if (i < p->label_set_count)
		return i;
	p->label_sets = arena_reserve(p->arena, p->label_sets, p->label_set_count, &p->label_set_capacity,
				      sizeof *p->label_sets);
	p->label_sets[p->label_set_count++] = (struct profile_span){(uint32_t)p->label_count, (uint32_t)count};
	for (size_t k = 0; k < count; k++) {
		p->labels = arena_reserve(p->arena, p->labels, p->label_count, &p->label_capacity, sizeof *p->labels);
		p->labels[p->label_count++] = labels[k];
	}
	return i;
}

static int compare_strings(const struct profile *p, uint32_t a, uint32_t b)
{
	const struct str *x = p->strings + a, *y = p->strings + b;
	int order = memcmp(x->at, y->at, x->size < y->size ? x->size : y->size);

	return order ? order : (x->size > y->size) - (x->size < y->size);
}

static int compare_labels(const struct profile *p, const struct profile_label *a, const struct profile_label *b)
{
	int order = compare_strings(p, a->key, b->key);

	if (!order)
		order = (int)a->numeric - (int)b->numeric;
	if (!order)
		order = compare_strings(p, a->text, b->text);
	if (!order)
		order = (a->number > b->number) - (a->number < b->number);
	return order ? order : compare_strings(p, a->unit, b->unit);
}

static int compare_label_entries(const void *a, const void *b, void *profile)
{
	return compare_labels(profile, a, b);
}

void profile_sort_labels(const struct profile *p, struct profile_label *labels, size_t count)
{
	enum {
		HANDFUL = 16
	}; /* insertion keeps what is sorted as it is; more labels come from nobody but an attacker */

	if (count > HANDFUL) {
		qsort_r(labels, count, sizeof *labels, compare_label_entries, (void *)p);
		return;
	}
	for (size_t i = 1; i < count; i++) {
		struct profile_label label = labels[i];
		size_t k = i;

		for (; k && compare_labels(p, labels + k - 1, &label) > 0; k--)
			labels[k] = labels[k - 1];
		labels[k] = label;
	}
}

void profile_add_sample(struct profile *p, uint32_t stack, uint32_t label_set, const int64_t *values)
{
	assert(stack < p->stack_count && label_set < p->label_set_count);
	if (p->sample_count == p->sample_capacity)
		profile_reserve(p, p->sample_capacity ? p->sample_capacity * 2 : 64, 0);
	p->sample_stacks[p->sample_count] = stack;
	p->sample_labels[p->sample_count] = label_set;
	if (p->type_count)
		memcpy(p->values + p->sample_count * p->type_count, values, p->type_count * sizeof *values);
	p->sample_count++;
}

void profile_add_comment(struct profile *p, uint32_t string)
{
	p->comments = arena_reserve(p->arena, p->comments, p->comment_count, &p->comment_capacity, sizeof *p->comments);
	p->comments[p->comment_count++] = string;
}

size_t profile_type_find(const struct profile *p, const char *name)
{
	size_t i = 0;

	while (i < p->type_count && !text_equal(profile_text(p, p->types[i].name), name))
		i++;
	return i;
}

size_t profile_type_default(const struct profile *p)
{
	size_t i = p->default_type ? profile_type_find(p, profile_text(p, p->default_type)) : p->type_count;

	assert(p->type_count);
	return i < p->type_count ? i : p->type_count - 1;
}
