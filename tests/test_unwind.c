/* Steps up the stack at every single instruction of functions of all kinds, held against the calls that were seen. */
#include "symbol/unwind.h"

#include "absent.h"
#include "symbol_scratch.h"

#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	MOST_CALLS = 200,
	MOST_MODULES = 100,
	SMALL_STACK = 512,       /* bytes that are copied for a leaf's caller */
	LARGE_STACK = 16 * 1024, /* and for a whole stack */
};

#ifdef __x86_64__

struct mapping {
	uint64_t start, end, offset;
	struct module *module;
};

static struct mapping mappings[MOST_MODULES];
static size_t mapping_count;

/* The executable mappings of this process, which its children share. */
static void read_mappings(void)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	char line[4096], rights[8];
	unsigned long long start, end, offset;

	assert_non_null(maps);
	mapping_count = 0;
	while (fgets(line, sizeof(line), maps)) {
		struct mapping *m = &mappings[mapping_count];
		const char *path;
		int size = 0;

		line[strcspn(line, "\n")] = '\0';
		if (sscanf(line, "%llx-%llx %7s %llx %*s %*s %n", &start, &end, rights, &offset, &size) != 4 || !size ||
		    !strchr(rights, 'x') || mapping_count == MOST_MODULES)
			continue;
		path = line + size; /* with spaces, where there are some */
		*m = (struct mapping){start, end, offset, NULL};
		if (text_equal(path, "[vdso]") ? module_open_vdso(arena, &m->module)
					       : *path == '/' && module_open(arena, path, &m->module, &err))
			mapping_count++;
	}
	fclose(maps);
}

static void close_mappings(void)
{
	for (size_t i = 0; i < mapping_count; i++)
		module_close(mappings[i].module);
}

static struct module *module_at(uint64_t pc, uint64_t *vaddr)
{
	for (size_t i = 0; i < mapping_count; i++) {
		const struct mapping *m = &mappings[i];

		if (pc >= m->start && pc < m->end && module_vaddr(m->module, pc - m->start + m->offset, vaddr))
			return m->module;
	}
	return NULL;
}

struct call {              /* that has not returned */
	uint64_t slot, pc; /* where its return address lies, and which it is */
	bool is_signal;    /* the kernel made it; `slot` is below the interrupted stack */
};

struct watch {
	pid_t pid;
	struct call calls[MOST_CALLS];
	size_t call_count;
	uint64_t last_pc, last_sp;
	size_t steps, leaves, frames, signals, wrong, unknown, foreign_unknown, linked_wrong, whole_unknown;
};

static struct unwind_registers registers_of(const struct user_regs_struct *user)
{
	struct unwind_registers r = {.pc = user->rip};

	unwind_set(&r, UNWIND_X86_64_RBX, user->rbx);
	unwind_set(&r, UNWIND_X86_64_RBP, user->rbp);
	unwind_set(&r, UNWIND_X86_64_RSP, user->rsp);
	unwind_set(&r, UNWIND_X86_64_R12, user->r12);
	unwind_set(&r, UNWIND_X86_64_R13, user->r13);
	unwind_set(&r, UNWIND_X86_64_R14, user->r14);
	unwind_set(&r, UNWIND_X86_64_R15, user->r15);
	return r;
}

static size_t copy_memory(pid_t pid, uint64_t address, void *to, size_t size)
{
	struct iovec local = {to, size}, remote = {(void *)(uintptr_t)address, size};
	ssize_t got = process_vm_readv(pid, &local, 1, &remote, 1, 0);

	return got > 0 ? (size_t)got : 0;
}

/* Keeps the list of calls: a push of the address behind the last instruction, with a jump, is one. */
static void follow(struct watch *w, const struct user_regs_struct *user)
{
	uint64_t top = 0;

	while (w->call_count && user->rsp > w->calls[w->call_count - 1].slot)
		w->call_count--;
	if (w->last_pc && user->rsp == w->last_sp - 8 && copy_memory(w->pid, user->rsp, &top, 8) == 8 &&
	    top > w->last_pc && top <= w->last_pc + 15 && (user->rip < w->last_pc || user->rip > w->last_pc + 15) &&
	    w->call_count < MOST_CALLS)
		w->calls[w->call_count++] = (struct call){user->rsp, top, false};
	w->last_pc = user->rip;
	w->last_sp = user->rsp;
}

/* What the kernel makes of a signal: the handler returns to code that restores what was interrupted. */
static void follow_signal(struct watch *w, const struct user_regs_struct *interrupted)
{
	struct user_regs_struct user;
	uint64_t top = 0;
	int status;

	assert_int_equal(ptrace(PTRACE_SINGLESTEP, w->pid, NULL, SIGUSR1), 0);
	assert_true(waitpid(w->pid, &status, 0) == w->pid && WIFSTOPPED(status));
	assert_int_equal(ptrace(PTRACE_GETREGS, w->pid, NULL, &user), 0);
	assert_int_equal(copy_memory(w->pid, user.rsp, &top, 8), 8);
	assert_true(w->call_count + 2 < MOST_CALLS);
	w->calls[w->call_count++] = (struct call){interrupted->rsp - 8, interrupted->rip, true};
	w->calls[w->call_count++] = (struct call){user.rsp, top, false};
	w->last_pc = user.rip;
	w->last_sp = user.rsp;
	w->signals++;
}

/* Tells of the first few that are not known; 1. */
static size_t say(size_t before, const struct module *m, uint64_t pc, uint64_t wanted)
{
	if (before < 5)
		print_message("at 0x%llx of %s: not known, and not 0x%llx\n", (unsigned long long)pc,
			      m ? module_path(m) : "no module", (unsigned long long)wanted);
	return 1;
}

/* One step from here must give the last call's return address. */
static void check_leaf(struct watch *w, const struct user_regs_struct *user)
{
	const struct call *call = &w->calls[w->call_count - 1];
	static unsigned char bytes[LARGE_STACK];
	struct unwind_registers at = registers_of(user), r = at;
	uint64_t vaddr;
	struct module *m = module_at(user->rip, &vaddr);
	/* Frames of other libraries may be larger. */
	bool foreign = !m || !text_ends(module_path(m), "/stacks.so");
	size_t size = foreign ? LARGE_STACK : SMALL_STACK;
	struct unwind_stack stack = {user->rsp, bytes, copy_memory(w->pid, user->rsp, bytes, size)};

	w->leaves++;
	if (!m || unwind_step(m, vaddr, &r, &stack) != UNWIND_STEPPED) {
		*(foreign ? &w->foreign_unknown : &w->unknown) += say(w->unknown, m, user->rip, call->pc);
	} else if (r.pc != call->pc || r.is_return_address == call->is_signal ||
		   r.value[UNWIND_X86_64_RSP] != call->slot + 8) {
		w->wrong++;
		if (w->wrong < 5)
			print_message("at %s 0x%llx: 0x%llx, and not 0x%llx\n", module_path(m),
				      (unsigned long long)vaddr, (unsigned long long)r.pc,
				      (unsigned long long)call->pc);
	}
	if (m && unwind_is_linked_at(m, vaddr, &at) && copy_memory(w->pid, user->rbp + 8, &vaddr, 8) == 8 &&
	    vaddr != call->pc)
		w->linked_wrong++;
}

/* All steps must give all calls, the last one first. */
static void check_whole(struct watch *w, const struct user_regs_struct *user)
{
	static unsigned char bytes[LARGE_STACK];
	struct unwind_stack stack = {user->rsp, bytes, copy_memory(w->pid, user->rsp, bytes, sizeof(bytes))};
	struct unwind_registers r = registers_of(user);

	for (size_t i = w->call_count; i > 0; i--) {
		uint64_t vaddr;
		struct module *m = module_at(r.pc, &vaddr);

		w->frames++;
		if (!m || unwind_step(m, vaddr, &r, &stack) != UNWIND_STEPPED)
			w->whole_unknown += say(w->whole_unknown, m, r.pc, w->calls[i - 1].pc);
		else if (r.pc != w->calls[i - 1].pc)
			w->wrong++;
		else
			continue;
		return;
	}
}

static void watch_child(struct watch *w)
{
	struct user_regs_struct user;
	int status;

	while (waitpid(w->pid, &status, 0) == w->pid && WIFSTOPPED(status)) {
		w->steps++;
		assert_int_equal(ptrace(PTRACE_GETREGS, w->pid, NULL, &user), 0);
		if (WSTOPSIG(status) == SIGUSR1) {
			follow_signal(w, &user);
		} else if (WSTOPSIG(status) == SIGTRAP) {
			follow(w, &user);
			if (w->call_count) {
				check_leaf(w, &user);
				check_whole(w, &user);
			}
		} else if (w->steps > 1) {
			break; /* its second stop is the end of what is watched */
		}
		assert_int_equal(ptrace(PTRACE_SINGLESTEP, w->pid, NULL, 0), 0);
	}
	kill(w->pid, SIGKILL);
	waitpid(w->pid, &status, 0);
}

/* Steps a child through stacks_run of a library that is made with those flags. */
static struct watch step_through(const char *compiler, const char *flags)
{
	struct watch w = {0};
	int (*run)(int);
	void (*handler)(int);
	void *library;

	sh("rm -f stacks.so; %s %s -shared -fPIC -o stacks.so \"$SRC\"/stacks.c", compiler, flags);
	library = dlopen(in_scratch("stacks.so"), RTLD_NOW);
	if (!library)
		fail_msg("%s", dlerror());
	*(void **)&run = dlsym(library, "stacks_run");
	*(void **)&handler = dlsym(library, "stacks_handler");
	assert_non_null(run);
	read_mappings();
	w.pid = fork();
	assert_true(w.pid >= 0);
	if (w.pid == 0) {
		signal(SIGUSR1, handler);
		/* Without a tracer nobody would let it go on. */
		if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
			_exit(0);
		raise(SIGSTOP);
		run(7);
		raise(SIGSTOP);
		_exit(0);
	}
	watch_child(&w);
	if (!w.steps)
		leave_out("ptrace is refused here");
	close_mappings();
	dlclose(library);
	return w;
}

static void assert_all_known(const struct watch *w, const char *flags)
{
	print_message("%s: %zu steps, %zu leaves, stacks of %zu frames; %zu wrong, %zu, %zu and %zu unknown\n", flags,
		      w->steps, w->leaves, w->frames, w->wrong, w->unknown, w->foreign_unknown, w->whole_unknown);
	assert_true(w->steps > 2000 && w->leaves > 1500 && w->frames > 6000);
	assert_int_equal(w->signals, 1);
	assert_int_equal(w->wrong, 0);
	assert_int_equal(w->linked_wrong, 0);
	assert_int_equal(w->unknown, 0);
	/* glibc 2.39 has a function that runs through padding into the next: nothing describes what is between them. */
	assert_true(w->foreign_unknown * 1000 <= w->leaves);
	/* What a register was is not known between the instruction that gives it back and the end of its function. */
	assert_true(w->whole_unknown * 100 <= w->frames);
}

static void every_instruction_of_gccs_code_has_its_caller(void **state)
{
	static const char *const flags[] = {"-O2", "-O2 -fno-omit-frame-pointer", "-O0", "-O3 -fcf-protection=full"};

	(void)state;
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		struct watch w = step_through("gcc", flags[i]);

		assert_all_known(&w, flags[i]);
	}
}

static void every_instruction_of_clangs_code_has_its_caller(void **state)
{
	static const char *const flags[] = {"-O2", "-O2 -fno-omit-frame-pointer", "-O0"};

	(void)state;
	for (size_t i = 0; i < sizeof(flags) / sizeof(*flags); i++) {
		struct watch w = step_through("clang", flags[i]);

		assert_all_known(&w, flags[i]);
	}
}

static void debug_frame_does_where_there_is_no_eh_frame(void **state)
{
	static const char flags[] = "-O2 -g -fno-asynchronous-unwind-tables -fno-unwind-tables";
	struct watch w = step_through("gcc", flags);

	(void)state;
	assert_true(sh("readelf -SW stacks.so | grep debug_frame").size > 0);
	/* Of what calls other libraries, which the linker makes, nothing tells. */
	assert_true(w.unknown * 100 < w.leaves);
	w.unknown = 0;
	assert_all_known(&w, flags);
}

#else

#define OTHER_PROCESSOR "what steps and follows calls knows x86-64 only"

static void every_instruction_of_gccs_code_has_its_caller(void **state)
{
	(void)state;
	leave_out(OTHER_PROCESSOR);
}

static void every_instruction_of_clangs_code_has_its_caller(void **state)
{
	(void)state;
	leave_out(OTHER_PROCESSOR);
}

static void debug_frame_does_where_there_is_no_eh_frame(void **state)
{
	(void)state;
	leave_out(OTHER_PROCESSOR);
}

#endif

/* The vaddr of a symbol of stacks.so. */
static uint64_t address_of(const char *symbol)
{
	struct str out = sh("nm stacks.so | awk '$3 == \"%s\" {print $1}'", symbol);

	if (!out.size)
		fail_msg("there is no %s", symbol);
	return strtoull(arena_copy(arena, out.at, out.size), NULL, 16);
}

static struct module *open_stacks(const char *flags)
{
	struct module *m;

	sh("gcc %s -shared -fPIC -o stacks.so \"$SRC\"/stacks.c", flags);
	if (!module_open(arena, in_scratch("stacks.so"), &m, &err))
		fail_msg("%s", err.text);
	return m;
}

static void functions_without_a_frame_pointer_are_told_from_those_with_one(void **state)
{
	struct module *m = open_stacks("-O2 -fno-omit-frame-pointer");

	(void)state;
	assert_int_equal(unwind_frame_at(m, address_of("recursive")), UNWIND_FRAME_POINTER);
	assert_int_equal(unwind_frame_at(m, address_of("many_registers")), UNWIND_FRAME_POINTER);
	/* gcc leaves it out of functions that call nothing, whatever it was asked. */
	assert_int_equal(unwind_frame_at(m, address_of("leaf")), UNWIND_FRAME_NO_POINTER);
	assert_int_equal(unwind_frame_at(m, 0), UNWIND_FRAME_UNKNOWN);
	assert_int_equal(unwind_frame_at(m, UINT64_MAX), UNWIND_FRAME_UNKNOWN);
	/* Before its first instruction no frame is linked. */
	assert_false(unwind_is_linked_at(m, address_of("recursive"), &(struct unwind_registers){0}));
	module_close(m);
	m = open_stacks("-O2 -fomit-frame-pointer");
	assert_int_equal(unwind_frame_at(m, address_of("recursive")), UNWIND_FRAME_NO_POINTER);
	module_close(m);
}

static void a_return_address_that_was_not_copied_is_not_known(void **state)
{
#ifndef __x86_64__
	leave_out("elsewhere calls keep their return address in a register");
#endif
	struct module *m = open_stacks("-O2 -fomit-frame-pointer");
	static const unsigned char bytes[16] = {0x10, 0x32, 0x54};
	struct unwind_stack stack = {0x7000, bytes, 8};
	struct unwind_registers r = {.pc = 0x1234}, before;

	(void)state;
	unwind_set(&r, UNWIND_X86_64_RSP, 0x7000);
	assert_int_equal(unwind_step(m, address_of("leaf"), &r, &stack), UNWIND_STEPPED);
	assert_true(r.pc == 0x543210 && r.is_return_address);
	for (size_t size = 0; size < 8; size++) {
		r = (struct unwind_registers){.pc = 0x1234};
		unwind_set(&r, UNWIND_X86_64_RSP, 0x7000);
		before = r;
		stack.size = size;
		assert_int_equal(unwind_step(m, address_of("leaf"), &r, &stack), UNWIND_UNKNOWN);
		assert_memory_equal(&r, &before, sizeof(r));
	}
	/* Without rsp, and with a stack of elsewhere. */
	stack.size = 16;
	r = (struct unwind_registers){.pc = 0x1234};
	assert_int_equal(unwind_step(m, address_of("leaf"), &r, &stack), UNWIND_UNKNOWN);
	unwind_set(&r, UNWIND_X86_64_RSP, UINT64_MAX);
	assert_int_equal(unwind_step(m, address_of("leaf"), &r, &stack), UNWIND_UNKNOWN);
	/* A return address of 0 is where stacks begin. */
	stack.bytes = bytes + 8;
	stack.size = 8;
	unwind_set(&r, UNWIND_X86_64_RSP, 0x7000);
	assert_int_equal(unwind_step(m, address_of("leaf"), &r, &stack), UNWIND_OUTERMOST);
	module_close(m);
}

static void the_first_frame_of_a_program_has_no_caller(void **state)
{
	static const unsigned char bytes[64] = {1, 2, 3};
	struct unwind_stack stack = {0x7000, bytes, sizeof(bytes)};
	struct unwind_registers r = {.pc = 0x1234};
	struct module *m;
	struct str out;

	(void)state;
	sh("gcc -O2 -o shapes \"$SRC\"/shapes.c");
	out = sh("nm shapes | awk '$3 == \"_start\" {print $1}'");
	if (!module_open(arena, in_scratch("shapes"), &m, &err))
		fail_msg("%s", err.text);
	unwind_set(&r, UNWIND_X86_64_RSP, 0x7000);
	assert_int_equal(unwind_step(m, strtoull(arena_copy(arena, out.at, out.size), NULL, 16) + 4, &r, &stack),
			 UNWIND_OUTERMOST);
	module_close(m);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_instruction_of_gccs_code_has_its_caller),
		cmocka_unit_test(every_instruction_of_clangs_code_has_its_caller),
		cmocka_unit_test(debug_frame_does_where_there_is_no_eh_frame),
		cmocka_unit_test(functions_without_a_frame_pointer_are_told_from_those_with_one),
		cmocka_unit_test(a_return_address_that_was_not_copied_is_not_known),
		cmocka_unit_test(the_first_frame_of_a_program_has_no_caller),
	};

	return cmocka_run_group_tests_name("unwind", tests, group_setup, group_teardown);
}
