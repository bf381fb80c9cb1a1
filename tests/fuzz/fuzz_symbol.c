/* Any bytes as an ELF file: symbols, lines and steps up the stack never leave them, and answers keep their promises. */
#include "symbol/lookup.h"
#include "symbol/module.h"
#include "symbol/unwind.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum {
	STACK_SIZE = 256,
	MOST_STEPS = 50,
	PLACES = 512, /* asked in every file */
};

static void require(bool kept)
{
	if (!kept)
		abort();
}

static void ask_frames(struct module *m, uint64_t vaddr)
{
	const struct frame *frames;
	size_t count = module_frames(m, vaddr, &frames);

	require(count >= 1);
	for (size_t i = 0; i < count; i++) {
		require(strlen(frames[i].name) > 0);
		require(strlen(frames[i].system_name) > 0);
		require(strlen(frames[i].file) < 4096);
	}
}

static void ask_steps(struct module *m, uint64_t vaddr)
{
	unsigned char bytes[STACK_SIZE];
	struct unwind_registers r = {.pc = vaddr};
	struct unwind_stack stack = {UINT64_C(0x7ffc00001000), bytes, sizeof(bytes)};

	for (size_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = (unsigned char)(vaddr >> (i % 8 * 8)) ^ (unsigned char)(i / 16);
	for (unsigned i = 0; i < UNWIND_REGISTERS; i++)
		unwind_set(&r, i, stack.address + i);
	for (int i = 0; i < MOST_STEPS && unwind_step(m, r.pc, &r, &stack) == UNWIND_STEPPED; i++)
		require(r.pc != 0);
	/* Behind a call, the call is what is asked about. */
	if (unwind_is_linked_at(m, vaddr, &r))
		require(unwind_frame_at(m, vaddr - (r.is_return_address && vaddr > 0)) == UNWIND_FRAME_POINTER);
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	struct arena *a = arena_open();
	struct err err = {0};
	struct module *m;

	if (module_open_image(a, "fuzz", (struct str){(const char *)data, size}, &m, &err)) {
		uint64_t vaddr, step = size / PLACES + 1;

		for (uint64_t offset = 0; offset < size; offset += step) {
			if (!module_vaddr(m, offset, &vaddr))
				vaddr = offset;
			ask_frames(m, vaddr);
			ask_steps(m, vaddr);
		}
		ask_frames(m, UINT64_MAX);
		module_close(m);
	} else {
		require(strncmp(err.text, "fuzz: ", 6) == 0);
	}
	arena_close(a);
	return 0;
}
