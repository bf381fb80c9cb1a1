/* Calls, signal returns and the starts of threads, told by a few bytes of machine code. */
#include "sampler/call_site.h"

#include "symbol/lookup.h"

#include <string.h>

static size_t code_at(struct image *i, const struct space_map *map, uint64_t pc, unsigned char *bytes, size_t size)
{
	image_load(i);
	return image_read(i, pc - map->start + map->offset, bytes, size);
}

#if defined(__x86_64__)

enum { LONGEST_CALL = 7 };

/* FF /2 (Intel SDM, volume 2, CALL and table 2-2) whose operand ends at the end of `size` bytes. */
static bool is_indirect_call(const unsigned char *end)
{
	/* By the distance of the opcode from the end, the modrm bytes with just that many bytes behind it. */
	const unsigned char *two = end - 2, *three = end - 3, *four = end - 4, *six = end - 6, *seven = end - 7;

	if (two[0] == 0xff &&
	    ((two[1] & 0xf8) == 0xd0 || ((two[1] & 0xf8) == 0x10 && two[1] != 0x14 && two[1] != 0x15)))
		return true;
	if (three[0] == 0xff && (three[1] == 0x14 || ((three[1] & 0xf8) == 0x50 && three[1] != 0x54)))
		return true;
	if (four[0] == 0xff && four[1] == 0x54)
		return true;
	if (six[0] == 0xff && (six[1] == 0x15 || ((six[1] & 0xf8) == 0x90 && six[1] != 0x94)))
		return true;
	return seven[0] == 0xff && (seven[1] == 0x94 || seven[1] == 0x14);
}

bool call_site_is_behind_call(struct image *i, const struct space_map *map, uint64_t pc)
{
	unsigned char code[LONGEST_CALL];

	if (pc - map->start < LONGEST_CALL || code_at(i, map, pc - LONGEST_CALL, code, sizeof code) < sizeof code)
		return true;
	return code[LONGEST_CALL - 5] == 0xe8 || is_indirect_call(code + LONGEST_CALL);
}

bool call_site_is_signal_return(struct image *i, const struct space_map *map, uint64_t pc)
{
	/* mov $SYS_rt_sigreturn, %rax; syscall */
	static const unsigned char expected[] = {0x48, 0xc7, 0xc0, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x05};
	unsigned char code[sizeof expected];

	return code_at(i, map, pc, code, sizeof code) == sizeof code && memcmp(code, expected, sizeof code) == 0;
}

/* Where execution goes on behind a call: over one jump, since compilers move what is rare out of the way. */
static uint64_t goes_on_at(struct image *i, const struct space_map *map, uint64_t pc)
{
	unsigned char code[5];
	size_t size = code_at(i, map, pc, code, sizeof code);
	int32_t far;

	if (size >= 2 && code[0] == 0xeb)
		return pc + 2 + (uint64_t)(int64_t)(signed char)code[1];
	if (size < sizeof code || code[0] != 0xe9)
		return pc;
	memcpy(&far, code + 1, sizeof far);
	return pc + sizeof code + (uint64_t)(int64_t)far;
}

/*
 * glibc's __libc_start_call_main does exit(main(…)): mov %eax, %edi; call.  Its start_thread stores what the thread's
 * function returned in the thread's own memory: mov %rax, %fs:….  _start has hlt behind its call of __libc_start_main,
 * and musl's start_thread passes the result on: mov %rax, %rdi; call.
 */
static bool looks_like_start(struct image *i, const struct space_map *map, uint64_t pc)
{
	static const struct {
		unsigned char size, code[5];
	} starts[] = {
		{3, {0x89, 0xc7, 0xe8}},
		{5, {0x64, 0x48, 0x89, 0x04, 0x25}},
		{1, {0xf4}},
		{4, {0x48, 0x89, 0xc7, 0xe8}},
	};
	uint64_t behind = goes_on_at(i, map, pc);
	unsigned char code[5];
	size_t size;

	if (behind < map->start || behind >= map->limit)
		return false;
	size = code_at(i, map, behind, code, sizeof code);
	for (size_t k = 0; k < sizeof starts / sizeof starts[0]; k++)
		if (size >= starts[k].size && memcmp(code, starts[k].code, starts[k].size) == 0)
			return true;
	return false;
}

/* Go's runtime.goexit: nop; call; nop, entered behind the first nop. */
bool call_site_is_goroutine_end(struct image *i, const struct space_map *map, uint64_t pc)
{
	unsigned char code[7];

	return pc > map->start && code_at(i, map, pc - 1, code, sizeof code) == sizeof code && code[0] == 0x90 &&
	       code[1] == 0xe8 && code[6] == 0x90;
}

#elif defined(__aarch64__)

static bool word_at(struct image *i, const struct space_map *map, uint64_t pc, uint32_t *word)
{
	unsigned char code[4];

	if (code_at(i, map, pc, code, sizeof code) < sizeof code)
		return false;
	memcpy(word, code, sizeof code);
	return true;
}

/* Arm A64 instruction set: BL, BLR and its forms with pointer authentication. */
static bool is_call(uint32_t word)
{
	return (word & 0xfc000000) == 0x94000000 || (word & 0xfffffc1f) == 0xd63f0000 ||
	       (word & 0xfefff800) == 0xd63f0800;
}

bool call_site_is_behind_call(struct image *i, const struct space_map *map, uint64_t pc)
{
	uint32_t word;

	return pc - map->start < 4 || !word_at(i, map, pc - 4, &word) || is_call(word);
}

bool call_site_is_signal_return(struct image *i, const struct space_map *map, uint64_t pc)
{
	uint32_t first, second;

	/* mov x8, #SYS_rt_sigreturn; svc #0.  The vDSO is no file: its code cannot be read, and it has nothing else that
	 * calls. */
	return i->is_vdso || (word_at(i, map, pc, &first) && word_at(i, map, pc + 4, &second) && first == 0xd2801168 &&
			      second == 0xd4000001);
}

/* Go's runtime.goexit: nop; bl; nop, entered behind the first nop. */
bool call_site_is_goroutine_end(struct image *i, const struct space_map *map, uint64_t pc)
{
	static const uint32_t nop = 0xd503201f;
	uint32_t before, at, behind;

	return pc - map->start >= 4 && word_at(i, map, pc - 4, &before) && word_at(i, map, pc, &at) &&
	       word_at(i, map, pc + 4, &behind) && before == nop && is_call(at) && behind == nop;
}

/* glibc: exit(main(…)) is blr; bl.  start_thread stores the result in the thread's own memory: blr; str x0, […]. */
static bool looks_like_start(struct image *i, const struct space_map *map, uint64_t pc)
{
	uint32_t before, behind;

	if (!word_at(i, map, pc - 4, &before) || !word_at(i, map, pc, &behind))
		return false;
	return (before & 0xfffffc1f) == 0xd63f0000 &&
	       ((behind & 0xfc000000) == 0x94000000 || (behind & 0xffc0001f) == 0xf9000000);
}

#endif

/* C, and Go with its own threads. */
bool call_site_is_named_start(struct image *i, uint64_t offset)
{
	static const char *const names[] = {
		"_start",
		"__libc_start_call_main",
		"__libc_start_main",
		"start_thread",
		"clone",
		"__clone",
		"clone3",
		"__clone3",
		"runtime.goexit",
		"runtime.mstart",
		"runtime.mcall",
		"runtime.rt0_go",
	};
	const struct frame *frames;
	uint64_t vaddr;
	size_t count;

	if (!i->module || !module_vaddr(i->module, offset, &vaddr))
		return false;
	count = module_frames(i->module, vaddr, &frames);
	for (size_t k = 0; count && k < sizeof names / sizeof names[0]; k++)
		if (text_equal(frames[count - 1].name, names[k]))
			return true;
	return false;
}

bool call_site_is_thread_start(struct image *i, const struct space_map *map, uint64_t pc)
{
	image_load(i);
	return i->is_preload || looks_like_start(i, map, pc);
}
