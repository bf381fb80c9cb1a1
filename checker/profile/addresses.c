/* Stacks of bare addresses, and the memory map that says which file each address is of. */
#include "profile/addresses.h"

#include "profile/lines.h"

#include <stdlib.h>
#include <string.h>

/* Where programs that are not position independent are linked to on Linux. */
#define FIXED_START 0x400000U

const char addresses_drop_heap[] =
	"(__libc_|tc_|do_)?(malloc|calloc|realloc|free|cfree|memalign|posix_memalign|valloc|pvalloc)|"
	"tc_(new|delete)(array)?(_nothrow)?|tcmalloc::.*|(__)?posix_memalign|aligned_alloc|DoSampledAllocation|"
	"(::)?do_malloc.*|operator "
	"(new|delete)(\\[\\])?|__builtin_(vec_)?(new|delete)|__gnu_cxx::new_allocator::allocate|"
	"_M_allocate|allocate|BaseArena::.*|runtime\\..*";
const char addresses_keep_heap[] = "runtime\\.(panic|reflectcall|call[0-9]*)";
const char addresses_drop_cpu[] =
	"ProfileData::Add|(ProfileData|CpuProfiler)::prof_handler|__pthread_sighandler|__restore";
const char addresses_drop_lock[] =
	"(base::)?(RecordLockProfileData|SubmitMutexProfileData|SubmitSpinLockProfileData).*|"
	"(base::)?(Mutex::)?(AwaitCommon|Unlock|UnlockSlow|ReaderUnlock).*|(base::)?(MutexLock|SpinLockHolder)::~.*|"
	"(SpinLock::)?(Unlock|SlowUnlock).*";

struct str addresses_find_map(struct str text)
{
	static const char *const heads[] = {"MAPPED_LIBRARIES:", "--- Memory map: ---"};

	for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
		const char *at = memmem(text.at, text.size, heads[i], strlen(heads[i]));

		if (at)
			return (struct str){at, (size_t)(text.at + text.size - at)};
	}
	return (struct str){"", 0};
}

/* "build=/home/me", which paths behind it call $build. */
static bool take_build(struct str line, struct str *build)
{
	line = line_trim(line);
	if (!line_take(&line, "build="))
		return false;
	*build = line;
	return true;
}

static uint32_t file_name(struct profile *p, struct str file, struct str build)
{
	static const char deleted[] = " (deleted)";
	struct buf name = {.arena = p->arena};

	file = line_trim(file);
	if (file.size >= sizeof deleted - 1 &&
	    memcmp(file.at + file.size - (sizeof deleted - 1), deleted, sizeof deleted - 1) == 0)
		file.size -= sizeof deleted - 1;
	if (build.size && line_take(&file, "$build"))
		buf_bytes(&name, build.at, build.size);
	buf_bytes(&name, file.at, file.size);
	return profile_string(p, (struct str){buf_string(&name), name.size});
}

/* "START-END PERM OFFSET DEV INODE FILE", as the kernel writes it. */
static bool take_range(struct profile *p, struct str line, struct str build, struct profile_mapping *m)
{
	struct str permissions;

	*m = (struct profile_mapping){0};
	line_take_blanks(&line);
	if (!line_take_hex(&line, &m->start) || !line_take(&line, "-") || !line_take_hex(&line, &m->limit))
		return false;
	permissions = line_take_word(&line);
	line_take_blanks(&line);
	if (!memchr(permissions.at, 'x', permissions.size) || !line_take_hex(&line, &m->offset) || m->start >= m->limit)
		return false;
	(void)line_take_word(&line);
	(void)line_take_word(&line);
	m->file = file_name(p, line, build);
	return true;
}

static int compare(const void *a, const void *b)
{
	const struct address_range *x = a, *y = b;

	return (x->mapping.start > y->mapping.start) - (x->mapping.start < y->mapping.start);
}

static bool is_program(const struct profile *p, const struct profile_mapping *m)
{
	const char *file = profile_text(p, m->file), *base = strrchr(file, '/');

	return base && !strstr(base, ".so") && *file != '[';
}

/* The range that is the program: the first that no library and no page of the kernel is. */
static struct address_range *find_program(const struct addresses *s)
{
	for (size_t i = 0; i < s->count; i++)
		if (is_program(s->profile, &s->ranges[i].mapping))
			return s->ranges + i;
	return s->count ? s->ranges : NULL;
}

void addresses_init(struct addresses *s, struct profile *p, struct str map)
{
	struct lines lines = lines_of(p->arena, "", map);
	struct str line, build = {"", 0};
	struct profile_mapping mapping;
	struct address_range *program;

	*s = (struct addresses){.profile = p};
	while (lines_next(&lines, &line)) {
		if (take_build(line, &build) || !take_range(p, line, build, &mapping))
			continue;
		s->ranges = arena_reserve(p->arena, s->ranges, s->count, &s->capacity, sizeof *s->ranges);
		s->ranges[s->count++] = (struct address_range){mapping, PROFILE_NONE};
	}
	if (s->count)
		qsort(s->ranges, s->count, sizeof *s->ranges, compare);
	program = find_program(s);
	if (!program)
		return;
	if (program->mapping.start - program->mapping.offset == FIXED_START) {
		program->mapping.start = FIXED_START;
		program->mapping.offset = 0;
	}
	program->added = profile_add_mapping(p, &program->mapping);
}

uint32_t addresses_mapping(struct addresses *s, uint64_t address)
{
	size_t low = 0, high = s->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (s->ranges[middle].mapping.start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	if (!low || address >= s->ranges[low - 1].mapping.limit)
		return PROFILE_NONE;
	if (s->ranges[low - 1].added == PROFILE_NONE)
		s->ranges[low - 1].added = profile_add_mapping(s->profile, &s->ranges[low - 1].mapping);
	return s->ranges[low - 1].added;
}

uint32_t addresses_location(struct addresses *s, uint64_t address, const struct frame *functions, size_t count)
{
	struct profile_location location = {.address = address, .mapping = addresses_mapping(s, address)};

	if (count > s->line_capacity) {
		s->line_capacity = count * 2;
		s->lines = NEW_ARRAY(s->profile->arena, struct profile_line, s->line_capacity);
	}
	for (size_t i = 0; i < count; i++)
		s->lines[i] = frame_line(s->profile, functions + i);
	return profile_intern_location(s->profile, &location, s->lines, count);
}
