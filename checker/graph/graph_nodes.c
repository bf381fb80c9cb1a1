/* Which frames of a profile are one node, and what a node is called. */
#include "graph/graph_build.h"

#include <inttypes.h>

#include "base/file.h"

/* A set of texts: equal ones have one index.  Open addressing. */
struct texts {
	struct arena *arena;
	const char **at;
	size_t count, capacity;
	uint32_t *slots;
	size_t room;
};

struct places {
	struct graph_building *b;
	size_t capacity;
	uint32_t *slots; /* index of a node and 1 */
	size_t room;
	struct texts files;
	uint32_t *file_of; /* per string: index in `files` and 1 */
};

/* What makes a node the same.  Strings by their index. */
struct place {
	uint32_t name, file, object;
	uint64_t address;
	int64_t line, start_line;
};

static uint64_t mix(uint64_t h, uint64_t word)
{
	h = (h ^ word) * 0x9e3779b97f4a7c15U;
	return h ^ h >> 29;
}

static uint64_t hash_text(const char *text)
{
	uint64_t h = 0;

	for (; *text; text++)
		h = mix(h, (unsigned char)*text);
	return h;
}

static void texts_grow(struct texts *t)
{
	size_t room = t->room ? t->room * 2 : 256;

	t->slots = NEW_ARRAY(t->arena, uint32_t, room);
	t->room = room;
	for (size_t i = 0; i < t->count; i++) {
		size_t at = hash_text(t->at[i]) & (room - 1);

		while (t->slots[at])
			at = (at + 1) & (room - 1);
		t->slots[at] = (uint32_t)i + 1;
	}
}

static uint32_t texts_find(struct texts *t, const char *text)
{
	size_t at;

	if (t->count * 2 >= t->room)
		texts_grow(t);
	for (at = hash_text(text) & (t->room - 1); t->slots[at]; at = (at + 1) & (t->room - 1)) {
		if (text_equal(t->at[t->slots[at] - 1], text))
			return t->slots[at] - 1;
	}
	t->at = arena_reserve(t->arena, t->at, t->count, &t->capacity, sizeof *t->at);
	t->at[t->count] = text;
	t->slots[at] = (uint32_t)++t->count;
	return t->slots[at] - 1;
}

/* The file of that string, as it is shown; [0] of files is "". */
static uint32_t file_index(struct places *p, uint32_t string)
{
	const struct graph_building *b = p->b;
	const char *path;

	if (p->file_of[string])
		return p->file_of[string] - 1;
	path = graph_trim_path(profile_text(b->source->profile, string), b->options->trim_path,
			       b->options->source_path);
	p->file_of[string] = texts_find(&p->files, *path ? graph_clean_path(b->arena, path) : "") + 1;
	return p->file_of[string] - 1;
}

static uint64_t hash_place(const struct place *at)
{
	uint64_t h = mix((uint64_t)at->name << 32 | at->file, at->address);

	return mix(mix(mix(h, at->object), (uint64_t)at->line), (uint64_t)at->start_line);
}

static void places_grow(struct places *p, const struct place *keys)
{
	size_t room = p->room ? p->room * 2 : 1024;

	p->slots = NEW_ARRAY(p->b->arena, uint32_t, room);
	p->room = room;
	for (size_t i = 0; i < p->b->all_count; i++) {
		size_t at = hash_place(keys + i) & (room - 1);

		while (p->slots[at])
			at = (at + 1) & (room - 1);
		p->slots[at] = (uint32_t)i + 1;
	}
}

static bool place_equal(const struct place *x, const struct place *y)
{
	return x->name == y->name && x->file == y->file && x->object == y->object && x->address == y->address &&
	       x->line == y->line && x->start_line == y->start_line;
}

/* The node of a place; `*keys` are the places of all nodes. */
static uint32_t place_find(struct places *p, struct place **keys, const struct place *wanted)
{
	struct graph_building *b = p->b;
	size_t at;

	if (b->all_count * 2 >= p->room)
		places_grow(p, *keys);
	for (at = hash_place(wanted) & (p->room - 1); p->slots[at]; at = (at + 1) & (p->room - 1)) {
		if (place_equal(*keys + p->slots[at] - 1, wanted))
			return p->slots[at] - 1;
	}
	*keys = arena_reserve(b->arena, *keys, b->all_count, &p->capacity, sizeof **keys);
	(*keys)[b->all_count] = *wanted;
	p->slots[at] = (uint32_t)++b->all_count;
	return p->slots[at] - 1;
}

/* The place of a line of a location; NULL stands for a location without lines.  Where nothing is known of a function,
 * the binary is all there is to say; and names of two binaries are one node unless `objects` is asked for. */
static struct place place_of(struct places *p, const struct profile_location *l, const struct profile_line *line)
{
	const struct profile *profile = p->b->source->profile;
	uint32_t object = l->mapping == PROFILE_NONE ? 0 : profile->mappings[l->mapping].file;
	const struct profile_function *f;
	struct place at = {.address = l->address, .object = object};

	if (!line || line->function == PROFILE_NONE)
		return at;
	f = profile->functions + line->function;
	at.name = f->name;
	at.line = line->line;
	at.file = file_index(p, f->file);
	if (p->b->options->objects || !f->name)
		at.start_line = f->start_line;
	else
		at.object = 0;
	return at;
}

static void make_slots(struct places *p, struct place **keys)
{
	struct graph_building *b = p->b;
	const struct profile *profile = b->source->profile;
	size_t used = 0, slot_count = 0;

	for (size_t i = 0; i < profile->location_count; i++)
		slot_count += profile->locations[i].line_count ? profile->locations[i].line_count : 1;
	b->slots = NEW_ARRAY(b->arena, struct profile_span, profile->location_count);
	b->slot_nodes = NEW_ARRAY(b->arena, uint32_t, slot_count);
	for (size_t i = 0; i < profile->location_count; i++) {
		const struct profile_location *l = profile->locations + i;
		size_t count = l->line_count ? l->line_count : 1;

		b->slots[i] = (struct profile_span){(uint32_t)used, (uint32_t)count};
		for (size_t k = 0; k < count; k++) {
			const struct profile_line *line = l->line_count ? profile->lines + l->first_line + k : NULL;
			struct place at = place_of(p, l, line);

			b->slot_nodes[used++] = place_find(p, keys, &at);
		}
	}
}

/* Whether node is inlined somewhere: not the last function of a location. */
static void mark_inlinable(struct graph_building *b)
{
	for (size_t i = 0; i < b->source->profile->location_count; i++) {
		for (uint32_t k = 0; k + 1 < b->slots[i].count; k++)
			b->counts[b->slot_nodes[b->slots[i].first + k]].inlinable = true;
	}
}

void graph_make_nodes(struct graph_building *b)
{
	const struct profile *profile = b->source->profile;
	struct places p = {.b = b, .files = {.arena = b->arena}};
	struct place *keys = NULL;

	p.file_of = NEW_ARRAY(b->arena, uint32_t, profile->string_count);
	texts_find(&p.files, "");
	make_slots(&p, &keys);
	b->all = NEW_ARRAY(b->arena, struct graph_node, b->all_count);
	b->counts = NEW_ARRAY(b->arena, struct graph_count, b->all_count);
	for (size_t i = 0; i < b->all_count; i++) {
		struct graph_node *n = b->all + i;

		n->id = (uint32_t)i;
		n->name = profile_text(profile, keys[i].name);
		n->file = p.files.at[keys[i].file];
		n->object = profile_text(profile, keys[i].object);
		n->address = keys[i].address;
		n->line = keys[i].line;
		n->start_line = keys[i].start_line;
		b->counts[i].kept = true;
	}
	mark_inlinable(b);
}

struct graph_node graph_frame(struct arena *a, const struct profile *p, const struct profile_location *l,
			      const struct profile_line *line)
{
	const char *object = l->mapping == PROFILE_NONE ? "" : profile_text(p, p->mappings[l->mapping].file);
	struct graph_node n = {.name = "", .file = "", .object = object, .address = l->address};
	const struct profile_function *f;

	if (!line || line->function == PROFILE_NONE)
		return n;
	f = p->functions + line->function;
	n.name = profile_text(p, f->name);
	if (*profile_text(p, f->file))
		n.file = graph_clean_path(a, profile_text(p, f->file));
	n.line = line->line;
	n.start_line = f->start_line;
	return n;
}

void graph_label(struct arena *a, struct graph_node *n)
{
	struct buf text = {.arena = a};

	if (n->label)
		return;
	if (!n->address && *n->name && !n->line && !*n->file) {
		n->label = n->name;
		return;
	}
	if (n->address)
		buf_printf(&text, "%016" PRIx64 " ", n->address);
	if (*n->name)
		buf_printf(&text, "%s ", n->name);
	if (n->line)
		buf_printf(&text, "%s:%" PRId64, n->file, n->line);
	else if (*n->file)
		buf_text(&text, n->file);
	else if (!*n->name)
		buf_printf(&text, *n->object ? "[%s]" : "<unknown>%s", *n->object ? path_base(n->object) : "");
	else
		text.at[--text.size] = '\0';
	n->label = text.at;
}
