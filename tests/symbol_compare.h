/*
 * Frames of a program's addresses, held against what addr2line says of them.
 */
#ifndef PAWL_TESTS_SYMBOL_COMPARE_H
#define PAWL_TESTS_SYMBOL_COMPARE_H

#include "symbol/lookup.h"
#include "symbol/symtab.h"
#include "symbol_scratch.h"

enum { MOST_ADDRESSES = 700 };

struct asked {
	uint64_t vaddr;
	struct str answer; /* of addr2line: lines of names and places by turns */
};

static struct module *open_scratch(const char *name)
{
	struct module *m;

	if (!module_open(arena, in_scratch(name), &m, &err))
		fail_msg("%s", err.text);
	return m;
}

/* Addresses spread over the functions of a program. */
static size_t pick_addresses(const char *program, struct asked *asked)
{
	uint64_t total = 0, step, next = 0, at = 0;
	struct elf_file e;
	struct symtab t;
	size_t count = 0;

	if (!elf_file_open(arena, in_scratch(program), &e, &err))
		fail_msg("%s", err.text);
	symtab_read(arena, &e, &t);
	symtab_sort(&t);
	for (size_t i = 0; i < t.spans.count; i++)
		total += t.spans.at[i].end - t.spans.at[i].start;
	step = total / MOST_ADDRESSES + 1;
	for (size_t i = 0; i < t.spans.count; i++) {
		for (uint64_t v = t.spans.at[i].start; v < t.spans.at[i].end; v++, at++) {
			if (at >= next && count < MOST_ADDRESSES) {
				asked[count++].vaddr = v;
				next = at + step;
			}
		}
	}
	elf_file_close(&e);
	return count;
}

static void ask_addr2line(const char *program, struct asked *asked, size_t count)
{
	struct buf input = {.arena = arena};
	struct str out;
	const char *at;

	for (size_t i = 0; i < count; i++)
		buf_printf(&input, "0x%016llx\n", (unsigned long long)asked[i].vaddr);
	if (!file_write(in_scratch("addresses"), input.at, input.size, &err))
		fail_msg("%s", err.text);
	out = sh("addr2line -a -i -f -C -e '%s' <addresses", program);
	at = arena_copy(arena, out.at, out.size);
	for (size_t i = 0; i < count; i++) {
		const char *next;

		assert_true(strtoull(at, NULL, 16) == asked[i].vaddr);
		at = strchr(at, '\n') + 1;
		next = i + 1 < count
			       ? strstr(at, arena_printf(arena, "0x%016llx\n", (unsigned long long)asked[i + 1].vaddr))
			       : at + strlen(at);
		assert_non_null(next);
		asked[i].answer = (struct str){at, (size_t)(next - at)};
		at = next;
	}
}

/* addr2line's "FILE:LINE (discriminator 3)" as ours; what has no line has no file. */
static const char *place_of(const char *text)
{
	char *place = arena_string(arena, text), *end = strstr(place, " (discriminator"), *colon;
	const char *real;

	if (end)
		*end = '\0';
	colon = strrchr(place, ':');
	if (!colon || text_equal(colon, ":?") || text_equal(colon, ":0"))
		return "";
	*colon = '\0';
	real = path_real(arena, place);
	return arena_printf(arena, "%s:%s", real ? real : place, colon + 1);
}

static const char *their_answer(const struct asked *asked)
{
	struct buf out = {.arena = arena};
	char *text = arena_copy(arena, asked->answer.at, asked->answer.size), *save = NULL;

	for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save)) {
		char *place = strtok_r(NULL, "\n", &save);

		assert_non_null(place);
		buf_printf(&out, "%s %s\n", line, place_of(place));
	}
	return buf_string(&out);
}

static const char *our_answer(struct module *m, uint64_t vaddr)
{
	struct buf out = {.arena = arena};
	const struct frame *frames;
	size_t count = module_frames(m, vaddr, &frames);

	for (size_t i = 0; i < count; i++)
		buf_printf(&out, "%s %s\n", frames[i].name,
			   frames[i].line ? place_of(arena_printf(arena, "%s:%u", frames[i].file, frames[i].line))
					  : "");
	return buf_string(&out);
}

/* Whether two names mean the same: of what is seen in one file only, addr2line knows the name without its namespace where it
 * was inlined, and with parameters where it was not; of a cold part, newer ones know its own name. */
static bool same_name(const char *ours, const char *theirs)
{
	return text_equal(ours, theirs) || text_starts(theirs, arena_printf(arena, "%s(", ours)) ||
	       text_equal(theirs, arena_printf(arena, "%s.cold", ours)) ||
	       text_ends(ours, arena_printf(arena, "::%s", theirs)) ||
	       strstr(theirs, arena_printf(arena, " %s(", ours)) || strstr(ours, arena_printf(arena, "::%s(", theirs));
}

/* Whether two lists of frames are the same. */
static bool same_frames(const char *ours, const char *theirs)
{
	while (*ours && *theirs) {
		size_t our_size = strcspn(ours, "\n"), their_size = strcspn(theirs, "\n");
		const char *our_place = memrchr(ours, ' ', our_size), *their_place = memrchr(theirs, ' ', their_size);
		const char *name = arena_copy(arena, ours, (size_t)(our_place - ours));
		const char *plain = arena_copy(arena, theirs, (size_t)(their_place - theirs));

		if (our_size - (size_t)(our_place - ours) != their_size - (size_t)(their_place - theirs) ||
		    memcmp(our_place, their_place, our_size - (size_t)(our_place - ours)) != 0)
			return false;
		if (!same_name(name, plain))
			return false;
		ours += our_size + 1;
		theirs += their_size + 1;
	}
	return !*ours && !*theirs;
}

/* AArch64's crt1.o has a label without a type or a size within _start: nobody says which of both names the code there. */
static bool is_beside_label(const char *theirs)
{
#ifdef __aarch64__
	return text_starts(theirs, "_start ") || text_starts(theirs, "__wrap_main ");
#else
	(void)theirs;
	return false;
#endif
}

/* Every frame of `program` is as addr2line says of `other`, whose code is the same. */
static void assert_same_as_addr2line(const char *program, const char *other)
{
	struct asked *asked = NEW_ARRAY(arena, struct asked, MOST_ADDRESSES);
	size_t count = pick_addresses(program, asked), different = 0;
	struct module *m = open_scratch(program);

	assert_true(count >= 200);
	ask_addr2line(other, asked, count);
	for (size_t i = 0; i < count; i++) {
		const char *ours = our_answer(m, asked[i].vaddr), *theirs = their_answer(&asked[i]);

		if (same_frames(ours, theirs) || is_beside_label(theirs))
			continue;
		different++;
		print_message("%s 0x%llx\nours:\n%stheirs:\n%s", program, (unsigned long long)asked[i].vaddr, ours,
			      theirs);
	}
	module_close(m);
	if (different)
		fail_msg("%zu of %zu differ", different, count);
}

static const struct frame *frames_of(struct module *m, uint64_t vaddr, size_t *count)
{
	const struct frame *frames;

	*count = module_frames(m, vaddr, &frames);
	return frames;
}

/* The address of a symbol, as nm says. */
static uint64_t address_of(const char *program, const char *symbol)
{
	struct str out = sh("nm '%s' | awk '$3 == \"%s\" {print $1}'", program, symbol);

	if (!out.size)
		fail_msg("%s has no %s", program, symbol);
	return strtoull(arena_copy(arena, out.at, out.size), NULL, 16);
}

#endif
