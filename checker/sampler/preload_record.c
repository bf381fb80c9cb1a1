/* Records of preloaded libraries, told to a collector.  Whatever a record says, it is read within its bounds. */
#include "sampler/preload_record.h"

#include "base/clock.h"
#include "base/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysmacros.h>

enum {
	MAPS_LIMIT = 16 << 20, /* of /proc/PID/maps */
	MAPS_LOOK_NS = 20000000,
	THREADS_MAX = 1 << 20,
	/* No timer misses as much; a program that says so shall not make sums run over. */
	MISSED_ONCE_MAX = 1 << 16,
	MISSED_MAX = 1 << 30,
};

static const uint64_t seen_once_max_ns = UINT64_C(1) << 40; /* CPU time between two samples, by the same reason */
static const int64_t seen_max_ns = INT64_C(1) << 60;

static uint64_t take_number(const char **at, int base)
{
	char *end;
	uint64_t value = strtoull(*at, &end, base);

	*at = end;
	return value;
}

/* "start-end r-xp offset major:minor inode  path" */
static void use_map(struct preload_told *t, int64_t pid, const char *line)
{
	static const char deleted[] = " (deleted)";
	struct collect_mapping m = {0};
	uint64_t major, minor;
	size_t size;

	m.start = take_number(&line, 16);
	if (*line++ != '-')
		return;
	m.limit = take_number(&line, 16);
	if (*line != ' ' || strnlen(line, 6) < 6 || line[3] != 'x')
		return;
	line += 5;
	m.offset = take_number(&line, 16);
	major = take_number(&line, 16);
	if (*line++ != ':')
		return;
	minor = take_number(&line, 16);
	m.key.inode = take_number(&line, 10);
	m.key.device = makedev((unsigned)major, (unsigned)minor);
	line += strspn(line, " ");
	size = strlen(line);
	if (size > sizeof deleted && text_ends(line, deleted))
		size -= sizeof deleted - 1;
	m.key.path = size ? (struct str){line, size} : str_of("//anon");
	if (m.key.path.at[0] != '/' || m.key.path.at[1] == '/')
		m.offset = 0;
	collect_map(t->collect, pid, &m);
}

/* What the system lists now says what was mapped when a sample was taken, unless something was unloaded meanwhile. */
static bool unloads_are_told(const struct preload_told *t)
{
	return !t->unload_count || __atomic_load_n(t->unload_count, __ATOMIC_ACQUIRE) == t->unload_told;
}

/* Libraries that a program loads later are found where the system lists them, while the process is there. */
static void read_maps(struct preload_told *t, int64_t pid)
{
	struct arena *a;
	struct err ignored;
	struct str text;
	char path[64];

	if (clock_ns() - t->maps_read_ns < MAPS_LOOK_NS)
		return;
	t->maps_read_ns = clock_ns();
	snprintf(path, sizeof path, "/proc/%lld/maps", (long long)pid);
	a = arena_open_child(t->arena);
	if (file_read(a, path, MAPS_LIMIT, &text, &ignored) && unloads_are_told(t)) {
		char *line = (char *)text.at, *end;

		for (; (end = strchr(line, '\n')); line = end + 1) {
			*end = '\0';
			use_map(t, pid, line);
		}
	}
	arena_close(a);
}

/* A thread's name is read when it is seen for the first time. */
static void learn_name(struct preload_told *t, int64_t pid, int64_t tid)
{
	struct err ignored;
	struct str name;
	char path[64];
	bool added;

	if (t->threads.count >= THREADS_MAX)
		return;
	table_put(&t->threads, (uint64_t)pid, (uint64_t)tid, &added);
	if (!added)
		return;
	snprintf(path, sizeof path, "/proc/%lld/task/%lld/comm", (long long)pid, (long long)tid);
	if (!file_read(t->arena, path, 64, &name, &ignored))
		return;
	while (name.size && name.at[name.size - 1] == '\n')
		name.size--;
	collect_name(t->collect, tid, name);
}

/* As the stack has it: of code that signs its return addresses, with their authentication codes.  (perf's kernel takes
 * them off.) */
static uint64_t return_address(uint64_t word)
{
#if defined(__aarch64__)
	return unwind_plain_address(word);
#else
	return word;
#endif
}

static void use_sample(struct preload_told *t, const struct preload_slot *slot)
{
	static const unsigned char numbers[PRELOAD_REGISTER_COUNT] = PRELOAD_REGISTER_LIST;
	const struct preload_sample *taken = &slot->sample;
	struct raw_sample sample = {.pid = slot->pid, .tid = slot->tid};
	uint64_t chain[PRELOAD_CHAIN_MAX + 1] = {taken->pc};

	if (taken->chain_count > PRELOAD_CHAIN_MAX || taken->stack_size > PRELOAD_STACK_SIZE)
		return;
	for (uint32_t i = 0; i < taken->chain_count; i++)
		chain[i + 1] = return_address(taken->chain[i]);
	sample.chain = chain;
	sample.chain_count = taken->chain_count + 1;
	sample.registers.pc = taken->pc;
	for (int i = 0; i < PRELOAD_REGISTER_COUNT; i++)
		unwind_set(&sample.registers, numbers[i], taken->registers[i]);
	sample.top = (struct unwind_stack){.address = taken->sp, .bytes = taken->stack, .size = taken->stack_size};
	for (size_t i = 0; i < sample.chain_count; i++) {
		if (!collect_knows(t->collect, sample.pid, chain[i])) {
			read_maps(t, sample.pid);
			break;
		}
	}
	learn_name(t, sample.pid, sample.tid);
	if (taken->cpu_ns < seen_once_max_ns && t->seen_ns < seen_max_ns)
		t->seen_ns += (int64_t)taken->cpu_ns;
	if (t->missed_count < MISSED_MAX)
		t->missed_count += taken->missed < MISSED_ONCE_MAX ? taken->missed : MISSED_ONCE_MAX;
	collect_sample(t->collect, &sample);
}

void preload_record_use(struct preload_told *t, struct preload_slot *slot)
{
	switch (slot->kind) {
	case PRELOAD_PROCESS:
		collect_exec(t->collect, slot->pid);
		break;
	case PRELOAD_MAP:
		slot->text[PRELOAD_TEXT_SIZE - 1] = '\0';
		use_map(t, slot->pid, slot->text);
		break;
	case PRELOAD_FORK:
		collect_fork(t->collect, slot->pid, slot->pid, slot->parent, slot->parent);
		break;
	case PRELOAD_SAMPLE:
		use_sample(t, slot);
		break;
	case PRELOAD_UNLOAD:
		collect_unmap(t->collect, slot->pid, slot->unload.range.start, slot->unload.range.limit);
		if (slot->unload.number > t->unload_told)
			t->unload_told = slot->unload.number;
		t->maps_read_ns = 0;
		break;
	default:
		break;
	}
}
