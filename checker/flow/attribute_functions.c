/* Functions of two builds, matched and placed in their files. */
#include "flow/attribute_functions.h"

#include "base/file.h"
#include "base/text.h"
#include "flow/attribute_names.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* What is known of a name: the files that it stands in, side by side. */
struct known_name {
	uint32_t file[2]; /* base name as a string of `texts`; 0: none seen */
	bool twice;
	/* Of the profile that was looked at last, its number and 1: the file, and that with its folder.  Other profiles may be
	 * of trees that lie elsewhere. */
	size_t source;
	uint32_t base, tail;
	bool in_folders; /* files of one name in two folders */
};

struct naming {
	struct function_table *table;
	struct profile *texts; /* cleaned names and base names of files, interned */
	struct profile *keys;  /* string n + 1 is function n */
	struct known_name *names;
	size_t name_capacity;
};

/* One line of a function with what it cost. */
struct line_cost {
	uint32_t function;
	int64_t line;
	double cost;
};

/* "[libfoo.so+0x12]" without its address gets its bracket back. */
static struct str cleaned(struct arena *a, struct str name)
{
	struct str clean = function_clean(name);

	if (clean.size < name.size && clean.size && clean.at[0] == '[')
		return str_of(arena_printf(a, "%.*s]", (int)clean.size, clean.at));
	return clean;
}

/* Some profilers write the address where there is no name; it differs from build to build. */
static bool is_address(struct str name)
{
	size_t i = 2;

	if (name.size < 3 || name.at[0] != '0' || name.at[1] != 'x')
		return false;
	while (i < name.size && isxdigit((unsigned char)name.at[i]))
		i++;
	return i == name.size;
}

static uint32_t clean_name(struct naming *n, const struct profile *p, uint32_t function)
{
	struct str name = str_of(profile_text(p, p->functions[function].name));

	if (!name.size)
		name = str_of(profile_text(p, p->functions[function].system_name));
	return is_address(name) ? 0 : profile_string(n->texts, cleaned(n->table->arena, name));
}

static uint32_t file_name(struct naming *n, const struct profile *p, uint32_t function)
{
	return profile_string_of(n->texts, path_base(profile_text(p, p->functions[function].file)));
}

/* The file's name with that of its folder. */
static uint32_t file_tail(struct naming *n, const struct profile *p, uint32_t function)
{
	const char *path = profile_text(p, p->functions[function].file), *tail = path_base(path);

	while (tail > path && *(tail - 1) == '/')
		tail--;
	while (tail > path && *(tail - 1) != '/')
		tail--;
	return profile_string_of(n->texts, tail);
}

static struct known_name *known_name_at(struct naming *n, uint32_t text)
{
	if (text >= n->name_capacity) {
		size_t room = n->name_capacity ? n->name_capacity : 1024;
		struct known_name *names;

		while (room <= text)
			room *= 2;
		names = NEW_ARRAY(n->table->arena, struct known_name, room);
		if (n->name_capacity)
			memcpy(names, n->names, n->name_capacity * sizeof *names);
		n->names = names;
		n->name_capacity = room;
	}
	return n->names + text;
}

static void note_names(struct naming *n, size_t number)
{
	const struct function_source *source = n->table->sources + number;
	const struct profile *p = source->profile;

	for (uint32_t i = 0; i < p->function_count; i++) {
		uint32_t file = file_name(n, p, i), tail = file_tail(n, p, i);
		uint32_t name = clean_name(n, p, i);
		struct known_name *known = known_name_at(n, name);

		if (!file || !name)
			continue;
		if (known->source == number + 1 && known->base == file && known->tail != tail)
			known->twice = known->in_folders = true;
		known->source = number + 1;
		known->base = file;
		known->tail = tail;

		for (size_t side = 0; side < 2; side++) {
			if (!source->on_side[side])
				continue;
			if (known->file[side] && known->file[side] != file)
				known->twice = true;
			known->file[side] = file;
		}
	}
}

/* The function with that key, a new one if need be. */
static uint32_t function_of_key(struct naming *n, struct str key, uint32_t name)
{
	struct function_table *t = n->table;
	uint32_t i = profile_string(n->keys, key) - 1;

	if (i < t->function_count)
		return i;
	t->functions =
		arena_reserve(t->arena, t->functions, t->function_count, &t->function_capacity, sizeof *t->functions);
	t->functions[t->function_count++] = (struct stacked_function){.name = profile_text(n->texts, name), .file = ""};
	return i;
}

static uint32_t function_of(struct naming *n, const struct function_source *source, uint32_t function)
{
	const struct profile *p = source->profile;
	const struct profile_function *f = p->functions + function;
	uint32_t name = clean_name(n, p, function), i;
	struct str key = n->texts->strings[name];
	struct stacked_function *to;

	if (!name)
		return PROFILE_NONE;
	if (known_name_at(n, name)->twice)
		key = str_of(arena_printf(n->table->arena, "%s\n%s", profile_text(n->texts, name),
					  profile_text(n->texts, known_name_at(n, name)->in_folders
									 ? file_tail(n, p, function)
									 : file_name(n, p, function))));
	i = function_of_key(n, key, name);
	to = n->table->functions + i;
	/* The head's place is where the user looks; the base's is for what is gone. */
	if (source->on_side[1] || !*to->file) {
		const char *file = profile_text(p, f->file);

		if (*file)
			to->file = file;
		if (f->start_line > 0)
			to->line = f->start_line;
	}
	return i;
}

static bool is_kernel(const char *file)
{
	return text_starts(file, "[kernel") || text_starts(file, "[guest.kernel");
}

/* /lib64/libc.so.6, /usr/lib/x86_64-linux-gnu/libstdc++.so.6: what comes with the system. */
static bool is_system(const char *file)
{
	return text_starts(file, "/lib") || text_starts(file, "/usr/lib");
}

/* A place without symbols stands for its whole library. */
static uint32_t function_of_mapping(struct naming *n, const struct profile *p, uint32_t mapping)
{
	const char *file = mapping < p->mapping_count ? path_base(profile_text(p, p->mappings[mapping].file)) : "";
	struct str name;

	if (!*file)
		return PROFILE_NONE;
	name = str_of(*file == '[' ? file : arena_printf(n->table->arena, "[%s]", file));
	return function_of_key(n, name, profile_string(n->texts, name));
}

static void place_locations(struct naming *n, struct function_source *source)
{
	struct arena *a = n->table->arena;
	const struct profile *p = source->profile;
	uint32_t *functions = NEW_ARRAY(a, uint32_t, p->function_count), next = 0;

	for (uint32_t i = 0; i < p->function_count; i++)
		functions[i] = function_of(n, source, i);
	source->frames = NEW_ARRAY(a, uint32_t, p->line_count + p->location_count);
	source->first_frame = NEW_ARRAY(a, uint32_t, p->location_count);
	source->frame_count = NEW_ARRAY(a, uint32_t, p->location_count);
	source->leaf_cost = NEW_ARRAY(a, double, p->location_count);
	for (size_t i = 0; i < p->location_count; i++) {
		const struct profile_location *l = p->locations + i;
		const char *file = l->mapping < p->mapping_count ? profile_text(p, p->mappings[l->mapping].file) : "";
		bool kernel = is_kernel(file), in_system = is_system(file);

		source->first_frame[i] = next;
		for (uint32_t k = 0; k < l->line_count; k++) {
			uint32_t f = p->lines[l->first_line + k].function;

			f = f < p->function_count ? functions[f] : PROFILE_NONE;
			source->frames[next++] = f == PROFILE_NONE ? function_of_mapping(n, p, l->mapping) : f;
		}
		if (!l->line_count)
			source->frames[next++] = function_of_mapping(n, p, l->mapping);
		source->frame_count[i] = next - source->first_frame[i];
		for (uint32_t k = source->first_frame[i]; k < next; k++) {
			struct stacked_function *f = n->table->functions + source->frames[k];

			if (source->frames[k] == PROFILE_NONE)
				continue;
			f->kernel = f->kernel || kernel;
			f->in_system = f->in_system || in_system;
			f->elsewhere = f->elsewhere || !in_system;
		}
	}
}

static void add_sources(struct function_table *t, const struct attribution_side *side, size_t number, size_t *capacity)
{
	for (size_t i = 0; i < side->group_count; i++) {
		const struct profile *p = side->groups[i].profile;
		size_t k = function_table_source(t, p);

		if (k == t->source_count) {
			t->sources = arena_reserve(t->arena, t->sources, t->source_count, capacity, sizeof *t->sources);
			t->sources[t->source_count++] = (struct function_source){.profile = p};
		}
		t->sources[k].on_side[number] = true;
	}
}

struct function_table function_table_make(struct arena *a, const struct attribute_request *request)
{
	struct function_table t = {.arena = a};
	struct naming n = {.table = &t, .texts = NEW(a, struct profile), .keys = NEW(a, struct profile)};
	size_t capacity = 0;

	profile_init(n.texts, a);
	profile_init(n.keys, a);
	add_sources(&t, &request->base, 0, &capacity);
	add_sources(&t, &request->head, 1, &capacity);
	for (size_t i = 0; i < t.source_count; i++)
		note_names(&n, i);
	for (size_t i = 0; i < t.source_count; i++)
		place_locations(&n, t.sources + i);
	return t;
}

size_t function_table_source(const struct function_table *t, const struct profile *p)
{
	size_t i = 0;

	while (i < t->source_count && t->sources[i].profile != p)
		i++;
	return i;
}

void function_table_saw(struct function_table *t, size_t source, uint32_t location, double cost)
{
	t->sources[source].leaf_cost[location] += cost;
}

static int compare_lines(const void *left, const void *right)
{
	const struct line_cost *a = left, *b = right;

	if (a->function != b->function)
		return a->function < b->function ? -1 : 1;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	/* Sums of doubles depend on their order. */
	return (a->cost > b->cost) - (a->cost < b->cost);
}

/* The lines of all functions at the leaves of the head's samples. */
static struct line_cost *leaf_lines(const struct function_table *t, size_t *count)
{
	struct line_cost *lines = NULL;
	size_t capacity = 0;

	*count = 0;
	for (size_t s = 0; s < t->source_count; s++) {
		const struct function_source *source = t->sources + s;
		const struct profile *p = source->profile;

		for (size_t i = 0; source->on_side[1] && i < p->location_count; i++) {
			const struct profile_location *l = p->locations + i;

			for (uint32_t k = 0; source->leaf_cost[i] > 0 && k < l->line_count; k++) {
				uint32_t f = source->frames[source->first_frame[i] + k];

				if (f == PROFILE_NONE || p->lines[l->first_line + k].line <= 0)
					continue;
				lines = arena_reserve(t->arena, lines, *count, &capacity, sizeof *lines);
				lines[(*count)++] =
					(struct line_cost){f, p->lines[l->first_line + k].line, source->leaf_cost[i]};
			}
		}
	}
	return lines;
}

void function_table_place(struct function_table *t)
{
	size_t count;
	struct line_cost *lines = leaf_lines(t, &count);
	double most = 0, cost = 0;

	if (count)
		qsort(lines, count, sizeof *lines, compare_lines);
	for (size_t i = 0; i < count; i++) {
		struct stacked_function *f = t->functions + lines[i].function;
		bool same_function = i && lines[i].function == lines[i - 1].function;

		cost = same_function && lines[i].line == lines[i - 1].line ? cost + lines[i].cost : lines[i].cost;
		if (!same_function) {
			most = 0;
			if (f->line <= 0)
				f->line = lines[i].line;
		}
		if (cost > most) {
			most = cost;
			f->hot_line = lines[i].line;
		}
		f->last_line = lines[i].line;
	}
}
