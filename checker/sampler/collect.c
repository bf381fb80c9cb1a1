/* Processes, their mappings and threads, and the profile that grows of their samples. */
#include "sampler/collect.h"

#include "sampler/call_site.h"
#include "sampler/table.h"

#include <string.h>

enum {
	/* Far beyond what programs do, and what memory bears: what is over is lost, and counted. */
	PROCESSES_MAX = 1 << 18,
	THREADS_MAX = 1 << 20,
	IMAGES_MAX = 1 << 14,
	FRAMES_MAX = 1 << 24,
	SITES_MAX = 1 << 20,
	VALUES = 2, /* samples/count, cpu/nanoseconds */
};

/* What is known of a return address: its location, plus these. */
enum { SITE_NEW, SITE_WRONG, SITE_RIGHT, SITE_LOCATION };

/* Where stacks ended that no code says are whole. */
struct ending {
	uint32_t image;
	uint64_t offset; /* of the last call, in the file */
	int64_t count;
};

struct collect {
	struct arena *arena;
	enum sampler_unwind unwind;
	const char *preload;
	struct profile profile;
	struct spaces spaces;
	struct space *nowhere; /* of processes that nothing is known of */

	struct space **processes; /* by number; NULL: it ended */
	size_t process_count, process_capacity;
	struct table process_numbers; /* pid → number + 1 */
	struct table thread_labels;   /* tid → label set */

	struct image **images;
	size_t image_count, image_capacity;
	struct table image_keys; /* two hashes of a key → image */
	struct table mappings;   /* image, offset → mapping */
	struct table sites;      /* mapping, address → site */
	struct table starts;     /* the same → whether a thread starts there */
	struct table sums;       /* stack, labels → sample */

	struct ending *endings;
	size_t ending_count, ending_capacity;
	struct table ending_numbers; /* image, offset → ending */

	uint32_t kernel_location; /* PROFILE_NONE: not there yet */
	int64_t sample_count, broken_count, dropped_count;
	struct stack stack;
	uint32_t locations[STACK_FRAMES_MAX + 1];
};

struct collect *collect_open(struct arena *a, enum sampler_unwind unwind, const char *preload)
{
	struct collect *c = NEW(a, struct collect);

	c->arena = a;
	c->unwind = unwind;
	c->preload = preload;
	profile_init(&c->profile, a);
	profile_add_type(&c->profile, "samples", "count");
	profile_add_type(&c->profile, "cpu", "nanoseconds");
	c->spaces.arena = a;
	c->nowhere = space_new(&c->spaces);
	c->process_numbers.arena = c->thread_labels.arena = c->image_keys.arena = a;
	c->mappings.arena = c->sites.arena = c->starts.arena = c->sums.arena = c->ending_numbers.arena = a;
	c->kernel_location = PROFILE_NONE;
	return c;
}

/* Where the space of a process stands; NULL when there are too many processes. */
static struct space **space_of(struct collect *c, int64_t pid)
{
	bool added;
	uint32_t *number;

	if (c->process_count >= PROCESSES_MAX && !table_find(&c->process_numbers, (uint64_t)pid, 0))
		return NULL;
	number = table_put(&c->process_numbers, (uint64_t)pid, 0, &added);
	if (added) {
		c->processes = arena_reserve(c->arena, c->processes, c->process_count, &c->process_capacity,
					     sizeof *c->processes);
		c->processes[c->process_count] = NULL;
		*number = (uint32_t)c->process_count++;
	}
	return c->processes + *number;
}

static void set_space(struct collect *c, int64_t pid, struct space *space)
{
	struct space **place = space_of(c, pid);

	if (place && *place)
		space_drop(&c->spaces, *place);
	if (place)
		*place = space;
}

static const struct space *known_space(const struct collect *c, int64_t pid)
{
	const uint32_t *number = table_find(&c->process_numbers, (uint64_t)pid, 0);

	return number && c->processes[*number] ? c->processes[*number] : c->nowhere;
}

void collect_fork(struct collect *c, int64_t pid, int64_t tid, int64_t parent_pid, int64_t parent_tid)
{
	const uint32_t *label = table_find(&c->thread_labels, (uint64_t)parent_tid, 0);
	bool added;

	if (label && c->thread_labels.count < THREADS_MAX) {
		uint32_t inherited = *label;

		*table_put(&c->thread_labels, (uint64_t)tid, 0, &added) = inherited;
	}
	if (pid != parent_pid) {
		struct space **parent = space_of(c, parent_pid);

		set_space(c, pid, parent && *parent ? space_share(*parent) : NULL);
	}
}

void collect_exec(struct collect *c, int64_t pid)
{
	set_space(c, pid, NULL);
}

void collect_exit(struct collect *c, int64_t pid)
{
	if (table_find(&c->process_numbers, (uint64_t)pid, 0))
		set_space(c, pid, NULL);
}

void collect_name(struct collect *c, int64_t tid, struct str name)
{
	struct profile_label label = {.key = profile_string_of(&c->profile, "thread")};
	bool added;

	if (c->thread_labels.count >= THREADS_MAX)
		return;
	label.text = profile_string(&c->profile, name);
	*table_put(&c->thread_labels, (uint64_t)tid, 0, &added) = profile_label_set(&c->profile, &label, 1);
}

/* FNV-1a (Fowler, Noll, Vo), from two starts: two images are taken for one when both halves agree. */
static uint64_t hash_key(const struct image_key *key, uint64_t h)
{
	for (size_t i = 0; i < key->path.size; i++)
		h = (h ^ (unsigned char)key->path.at[i]) * 0x100000001b3U;
	for (size_t i = 0; i < key->build_id_size; i++)
		h = (h ^ key->build_id[i]) * 0x100000001b3U;
	h = (h ^ key->inode) * 0x100000001b3U;
	return (h ^ key->device) * 0x100000001b3U;
}

static uint32_t image_of(struct collect *c, const struct image_key *key)
{
	bool added;
	uint32_t *number = table_put(&c->image_keys, hash_key(key, 0xcbf29ce484222325U),
				     hash_key(key, 0x84222325cbf29ce4U), &added);

	if (added) {
		struct image *i = image_make(c->arena, key);

		i->is_preload = c->preload && text_equal(i->path, c->preload);
		c->images = arena_reserve(c->arena, c->images, c->image_count, &c->image_capacity, sizeof *c->images);
		c->images[c->image_count] = i;
		*number = (uint32_t)c->image_count++;
	}
	return *number;
}

/* The profile's mapping: one for a part of a file, wherever processes map it. */
static uint32_t mapping_of(struct collect *c, struct space_map *map)
{
	struct profile_mapping m = {.start = map->start, .limit = map->limit, .offset = map->offset};
	struct image *i = c->images[map->image];
	bool added;
	uint32_t *number;

	if (map->mapping != PROFILE_NONE)
		return map->mapping;
	number = table_put(&c->mappings, map->image, map->offset, &added);
	if (added) {
		image_load(i);
		m.file = profile_string_of(&c->profile, i->path);
		m.build_id = profile_string_of(&c->profile, i->build_id);
		*number = profile_add_mapping(&c->profile, &m);
	} else if (c->profile.mappings[*number].limit - c->profile.mappings[*number].start < map->limit - map->start) {
		c->profile.mappings[*number].limit = c->profile.mappings[*number].start + (map->limit - map->start);
	}
	map->mapping = *number;
	return *number;
}

void collect_map(struct collect *c, int64_t pid, const struct collect_mapping *m)
{
	struct space_map map = {.start = m->start, .limit = m->limit, .offset = m->offset, .mapping = PROFILE_NONE};
	struct space **place = space_of(c, pid);

	if (!place || c->image_count >= IMAGES_MAX)
		return;
	map.image = image_of(c, &m->key);
	/* The first program is the main one. */
	if (!c->profile.mapping_count)
		mapping_of(c, &map);
	if (!*place)
		*place = space_new(&c->spaces);
	*place = space_map_add(&c->spaces, *place, &map);
}

void collect_unmap(struct collect *c, int64_t pid, uint64_t start, uint64_t limit)
{
	const uint32_t *number = table_find(&c->process_numbers, (uint64_t)pid, 0);

	if (number && c->processes[*number])
		c->processes[*number] = space_map_remove(&c->spaces, c->processes[*number], start, limit);
}

bool collect_knows(const struct collect *c, int64_t pid, uint64_t address)
{
	return space_find(known_space(c, pid), address);
}

/* An address as all processes have it. */
static uint64_t common_address(struct collect *c, struct space_map *map, uint64_t pc)
{
	return pc - map->start + c->profile.mappings[mapping_of(c, map)].start;
}

/* What is known of an address in a mapping. */
static uint32_t *site_of(struct collect *c, struct space_map *map, uint64_t pc, bool is_return)
{
	uint64_t address = common_address(c, map, pc);
	bool added;

	return table_put(&c->sites, (uint64_t)map->mapping << 1 | is_return, address, &added);
}

static bool is_behind_call(void *state, struct space_map *map, uint64_t pc)
{
	struct collect *c = state;
	uint32_t *site = site_of(c, map, pc, true);

	if (*site == SITE_NEW)
		*site = call_site_is_behind_call(c->images[map->image], map, pc) ? SITE_RIGHT : SITE_WRONG;
	return *site != SITE_WRONG;
}

static bool is_thread_start(void *state, struct space_map *map, uint64_t pc)
{
	struct collect *c = state;
	uint64_t address = common_address(c, map, pc);
	bool added;
	uint32_t *answer = table_put(&c->starts, map->mapping, address, &added);

	if (added)
		*answer = call_site_is_thread_start(c->images[map->image], map, pc);
	return *answer;
}

static uint32_t location_of(struct collect *c, const struct stack_frame *f)
{
	struct profile_location l = {.address = f->pc, .mapping = PROFILE_NONE};
	uint32_t *site;

	if (!f->map)
		return profile_intern_location(&c->profile, &l, NULL, 0);
	site = site_of(c, f->map, f->pc, f->is_return);
	if (*site < SITE_LOCATION) {
		l.mapping = f->map->mapping;
		l.address = common_address(c, f->map, f->pc) - f->is_return;
		*site = SITE_LOCATION + profile_intern_location(&c->profile, &l, NULL, 0);
	}
	return *site - SITE_LOCATION;
}

/* All of the kernel is one place: what it does is outside of the program. */
static uint32_t kernel_location(struct collect *c)
{
	struct profile_mapping m = {.start = (uint64_t)1 << 63, .limit = UINT64_MAX};
	struct profile_location l = {.address = m.start};

	if (c->kernel_location == PROFILE_NONE) {
		m.file = profile_string_of(&c->profile, "[kernel]");
		l.mapping = profile_add_mapping(&c->profile, &m);
		c->kernel_location = profile_intern_location(&c->profile, &l, NULL, 0);
	}
	return c->kernel_location;
}

static void add_sample(struct collect *c, uint32_t stack, uint32_t labels)
{
	static const int64_t one[VALUES] = {1, 0};
	bool added;
	uint32_t *sample = table_put(&c->sums, stack, labels, &added);

	if (!added) {
		c->profile.values[(size_t)*sample * VALUES]++;
		return;
	}
	*sample = (uint32_t)c->profile.sample_count;
	profile_add_sample(&c->profile, stack, labels, one);
}

static void count_ending(struct collect *c)
{
	const struct stack_frame *last = c->stack.count ? &c->stack.frames[c->stack.count - 1] : NULL;
	uint64_t offset;
	bool added;
	uint32_t *number;

	if (!last || !last->map || !last->is_return)
		return;
	offset = last->pc - last->map->start + last->map->offset - 1;
	number = table_put(&c->ending_numbers, last->map->image, offset, &added);
	if (added) {
		c->endings =
			arena_reserve(c->arena, c->endings, c->ending_count, &c->ending_capacity, sizeof *c->endings);
		c->endings[c->ending_count] = (struct ending){.image = last->map->image, .offset = offset};
		*number = (uint32_t)c->ending_count++;
	}
	c->endings[*number].count++;
}

void collect_sample(struct collect *c, const struct raw_sample *sample)
{
	const struct stack_places places = {.space = known_space(c, sample->pid),
					    .images = c->images,
					    .is_behind_call = is_behind_call,
					    .is_thread_start = is_thread_start,
					    .state = c};
	const uint32_t *label = table_find(&c->thread_labels, (uint64_t)sample->tid, 0);
	size_t count = 0;

	if (c->profile.frame_count >= FRAMES_MAX || c->sites.count >= SITES_MAX) {
		c->dropped_count++;
		return;
	}
	stack_build(&c->stack, &places, sample, c->unwind);
	if (sample->in_kernel)
		c->locations[count++] = kernel_location(c);
	for (size_t i = 0; i < c->stack.count; i++) {
		const struct stack_frame *f = c->stack.frames + i;

		/* The engine's own frames are no part of the program. */
		if (!f->map || !c->images[f->map->image]->is_preload)
			c->locations[count++] = location_of(c, f);
	}
	c->sample_count++;
	c->broken_count += !c->stack.whole;
	if (!c->stack.whole)
		count_ending(c);
	add_sample(c, profile_stack(&c->profile, c->locations, count), label ? *label : 0);
}

size_t collect_sample_count(const struct collect *c)
{
	return (size_t)c->sample_count;
}

void collect_finish(struct collect *c, int64_t value_ns, struct sampling *out)
{
	struct profile *p = &c->profile;

	for (size_t i = 0; i < p->sample_count; i++)
		p->values[i * VALUES + 1] = p->values[i * VALUES] * value_ns;
	p->period_type = (struct profile_type){profile_string_of(p, "cpu"), profile_string_of(p, "nanoseconds")};
	p->period = value_ns;
	for (size_t i = 0; i < c->ending_count; i++) {
		const struct ending *e = c->endings + i;

		c->broken_count -= call_site_is_named_start(c->images[e->image], e->offset) ? e->count : 0;
	}
	for (size_t i = 0; i < c->image_count; i++)
		image_close(c->images[i]);
	out->profile = *p;
	out->sample_count = c->sample_count;
	out->broken_count = c->broken_count;
	out->lost_count += c->dropped_count;
}
