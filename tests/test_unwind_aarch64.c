/*
 * Steps up the stack at every single instruction of AArch64 programs, held against the calls that were seen.
 *
 * The programs and what a processor did in each of their instructions are files (golden/aarch64/make.sh made them), so
 * that this runs on every machine.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/text.h"
#include "symbol/lookup.h"
#include "symbol/unwind.h"

#include <stdlib.h>
#include <string.h>

enum {
	FIRST = 19, /* of the registers that are written down */
	STACK_SIZE = 2048,
	MOST_CALLS = 16,
};

struct call { /* that has not returned */
	uint64_t pc;
	uint64_t value[UNWIND_REGISTERS]; /* when it was made */
};

struct replay {
	struct module *module;
	struct unwind_registers now;
	uint64_t stack[STACK_SIZE / 8], top;
	struct call calls[MOST_CALLS];
	size_t call_count;
	size_t steps, frames, wrong, unknown, linked_wrong, linked;
};

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_open();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_close(arena);
	return 0;
}

/* One line: the program counter, then what changed. */
static void take_line(struct replay *p, const char *line)
{
	char *end;
	uint64_t last_pc = p->now.pc;

	p->now.pc = strtoull(line, &end, 16);
	while (*end == ' ') {
		const char *at = end + 1;
		bool is_sp = text_starts(at, "sp=");
		unsigned number = is_sp ? UNWIND_AARCH64_SP : 0;

		if (*at == 'x') {
			number = (unsigned)strtoul(at + 1, &end, 10);
			at = end - 2;
		}
		if (number) {
			assert_true(number >= FIRST && number <= UNWIND_AARCH64_SP);
			unwind_set(&p->now, number, strtoull(at + 3, &end, 16));
		} else {
			uint64_t address = strtoull(at, &end, 16);

			assert_true(*end == ':' && address < p->top && p->top - address <= STACK_SIZE);
			p->stack[(STACK_SIZE - (p->top - address)) / 8] = strtoull(end + 1, &end, 16);
		}
		if (!p->top && is_sp)
			p->top = p->now.value[UNWIND_AARCH64_SP];
	}
	assert_int_equal(*end, '\n');
	if (p->call_count && p->now.pc == p->calls[p->call_count - 1].pc &&
	    p->now.value[UNWIND_AARCH64_SP] == p->calls[p->call_count - 1].value[UNWIND_AARCH64_SP])
		p->call_count--;
	/* A call puts the address behind it into the link register, and goes elsewhere. */
	if (p->steps && p->now.value[UNWIND_AARCH64_LR] == last_pc + 4 && p->now.pc != last_pc + 4) {
		struct call *c = &p->calls[p->call_count++];

		assert_true(p->call_count < MOST_CALLS);
		c->pc = last_pc + 4;
		memcpy(c->value, p->now.value, sizeof(c->value));
	}
	p->steps++;
}

/* Whether what is known of the caller is what it had when it called. */
static bool is_state_of(const struct unwind_registers *r, const struct call *c)
{
	if (r->pc != c->pc || !r->is_return_address || !(r->known >> UNWIND_AARCH64_SP & 1))
		return false;
	for (unsigned i = FIRST; i <= UNWIND_AARCH64_SP; i++) {
		if (i != UNWIND_AARCH64_LR && (r->known >> i & 1) && r->value[i] != c->value[i])
			return false;
	}
	return true;
}

/* Tells of the first few; 1. */
static size_t say(const char *what, size_t before, const struct replay *p, const struct unwind_registers *r)
{
	if (before < 5)
		print_message("from 0x%llx: %s at 0x%llx, and not 0x%llx\n", (unsigned long long)p->now.pc, what,
			      (unsigned long long)r->pc, (unsigned long long)p->calls[p->call_count - 1].pc);
	return 1;
}

/* All steps must give all calls, the last one first, and then the start of the program. */
static void check(struct replay *p)
{
	uint64_t sp = p->now.value[UNWIND_AARCH64_SP], at = sp - (p->top - STACK_SIZE);
	struct unwind_stack stack = {sp, (const char *)p->stack + at, STACK_SIZE - at};
	struct unwind_registers r = p->now;

	assert_true(at <= STACK_SIZE);
	for (size_t i = p->call_count; i > 0; i--) {
		p->frames++;
		if (unwind_step(p->module, r.pc, &r, &stack) != UNWIND_STEPPED) {
			p->unknown += say("unknown", p->unknown, p, &r);
			return;
		}
		if (!is_state_of(&r, &p->calls[i - 1])) {
			p->wrong += say("wrong", p->wrong, p, &r);
			return;
		}
	}
	if (unwind_step(p->module, r.pc, &r, &stack) != UNWIND_OUTERMOST)
		p->wrong++;
}

/* Where the frame is said to be linked, the chain begins with the last call. */
static void check_link(struct replay *p)
{
	uint64_t fp = p->now.value[UNWIND_AARCH64_FP];
	size_t at = (size_t)(STACK_SIZE - (p->top - fp)) / 8 + 1;

	if (!p->call_count || !unwind_is_linked_at(p->module, p->now.pc, &p->now))
		return;
	p->linked++;
	if (fp % 8 || at >= STACK_SIZE / 8 || unwind_plain_address(p->stack[at]) != p->calls[p->call_count - 1].pc)
		p->linked_wrong += say("wrongly linked", p->linked_wrong, p, &p->now);
}

static struct replay *play(const char *name)
{
	struct replay *p = NEW(arena, struct replay);
	struct str text;
	struct err err;

	if (!module_open(arena, arena_printf(arena, "tests/golden/aarch64/%s.elf", name), &p->module, &err) ||
	    !file_read(arena, arena_printf(arena, "tests/golden/aarch64/%s.steps", name), FILE_LIMIT, &text, &err))
		fail_msg("%s", err.text);
	for (const char *line = text.at; *line; line = strchr(line, '\n') + 1) {
		take_line(p, line);
		check(p);
		check_link(p);
	}
	module_close(p->module);
	print_message("%s: %zu steps, %zu frames, %zu linked; %zu wrong, %zu unknown, %zu wrongly linked\n", name,
		      p->steps, p->frames, p->linked, p->wrong, p->unknown, p->linked_wrong);
	return p;
}

static void assert_all_known(const char *const *names)
{
	for (; *names; names++) {
		const struct replay *p = play(*names);

		assert_true(p->steps > 200 && p->frames > 2 * p->steps && p->linked > p->steps / 20);
		assert_int_equal(p->wrong, 0);
		assert_int_equal(p->unknown, 0);
		assert_int_equal(p->linked_wrong, 0);
	}
}

static void every_instruction_of_gccs_code_has_all_its_callers(void **state)
{
	static const char *const names[] = {"gcc", "gcc-O0", "gcc-frameless", NULL};

	(void)state;
	assert_all_known(names);
}

/* Its frame information says nothing of the beginnings and ends of functions. */
static void every_instruction_of_clangs_code_has_all_its_callers(void **state)
{
	static const char *const names[] = {"clang", "clang-frameless", NULL};

	(void)state;
	assert_all_known(names);
}

static void signed_return_addresses_are_seen_through(void **state)
{
	static const char *const names[] = {"gcc-signed", "clang-signed", NULL};

	(void)state;
	assert_all_known(names);
}

static void an_address_loses_its_authentication_code_alone(void **state)
{
	(void)state;
	assert_true(unwind_plain_address(UINT64_C(0x002f000000400124)) == 0x400124);
	assert_true(unwind_plain_address(UINT64_C(0x0000ffffa8001234)) == UINT64_C(0xffffa8001234));
	assert_true(unwind_plain_address(0) == 0);
}

/* Without a register, or a part of the stack, that a step needs. */
static void what_is_not_known_is_not_guessed(void **state)
{
	static const unsigned char bytes[64] = {1, 2, 3};
	struct unwind_stack stack = {0x7000, bytes, sizeof(bytes)};
	struct module *m;
	struct err err;

	(void)state;
	if (!module_open(arena, "tests/golden/aarch64/gcc.elf", &m, &err))
		fail_msg("%s", err.text);
	for (uint64_t vaddr = 0x4000fc; vaddr < 0x400400; vaddr += 4) {
		struct unwind_registers r = {.pc = vaddr}, before = r;

		assert_int_not_equal(unwind_step(m, vaddr, &r, &stack), UNWIND_STEPPED);
		assert_memory_equal(&r, &before, sizeof(r));
		assert_false(unwind_is_linked_at(m, vaddr, &r));
	}
	module_close(m);
}

/* Addresses of the stub of that name, which are next to each other; their number. */
static size_t find_stub(struct module *m, const char *name, uint64_t *first)
{
	size_t count = 0;

	for (uint64_t vaddr = 0x400000; vaddr < 0x402000; vaddr += 4) {
		const struct frame *frames;

		if (module_frames(m, vaddr, &frames) != 1 || !text_equal(frames[0].name, name))
			continue;
		if (!count++)
			*first = vaddr;
		assert_true(vaddr == *first + (count - 1) * 4);
	}
	return count;
}

/* Linkers describe no frame of stubs, and a caller that was not found there was lost. */
static void stubs_have_their_names_and_their_callers(void **state)
{
	static const struct {
		const char *name;
		size_t instructions;
	} cases[] = {{"plain", 4}, {"signed", 6}};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		static const uint64_t words[8] = {1, 0x1234};
		struct unwind_stack stack = {0x7000, words, sizeof(words)};
		const char *path = arena_printf(arena, "tests/golden/aarch64/plt-%s.elf", cases[i].name);
		uint64_t first = 0, other = 0;
		struct module *m;
		struct err err;

		if (!module_open(arena, path, &m, &err))
			fail_msg("%s", err.text);
		assert_int_equal(find_stub(m, "outside@plt", &first), cases[i].instructions);
		assert_int_equal(find_stub(m, "other@plt", &other), cases[i].instructions);
		/* From the table's first instructions, which save two registers, to its end. */
		for (uint64_t vaddr = first - 32; vaddr < other + cases[i].instructions * 4; vaddr += 4) {
			struct unwind_registers r = {.pc = vaddr};
			uint64_t pad = cases[i].instructions > 4 ? 4 : 0;
			bool saved = vaddr < first && vaddr > first - 32 + pad;

			unwind_set(&r, UNWIND_AARCH64_LR, 0x5678);
			unwind_set(&r, UNWIND_AARCH64_FP, 0x7100);
			unwind_set(&r, UNWIND_AARCH64_SP, 0x7000);
			/* What follows the jump there is never executed. */
			if (vaddr < first && vaddr > first - 16 + pad)
				continue;
			assert_int_equal(unwind_step(m, vaddr, &r, &stack), UNWIND_STEPPED);
			assert_true(r.pc == 0x5678 && r.value[UNWIND_AARCH64_FP] == 0x7100);
			assert_int_equal(r.value[UNWIND_AARCH64_SP], saved ? 0x7010 : 0x7000);
		}
		module_close(m);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_instruction_of_gccs_code_has_all_its_callers),
		cmocka_unit_test(every_instruction_of_clangs_code_has_all_its_callers),
		cmocka_unit_test(signed_return_addresses_are_seen_through),
		cmocka_unit_test(an_address_loses_its_authentication_code_alone),
		cmocka_unit_test(what_is_not_known_is_not_guessed),
		cmocka_unit_test(stubs_have_their_names_and_their_callers),
	};

	return cmocka_run_group_tests_name("unwind_aarch64", tests, set_up, tear_down);
}
