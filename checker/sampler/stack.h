/*
 * A stack of one sample, whole: what the chain of frame pointers lacks is put in by frame information.
 *
 * Compilers drop the frame of functions that call nothing, so a chain of frame pointers lacks the leaf's caller.  Steps by
 * frame information (CFI), over a copy of the top of the stack, go from the leaf to the first frame that stands in the
 * chain, and the chain goes on from there.  With UNWIND_DWARF the steps go all the way.  What cannot be true, an address
 * behind no call, ends a stack: it is never shown.
 */
#ifndef PAWL_SAMPLER_STACK_H
#define PAWL_SAMPLER_STACK_H

#include "sampler/image.h"
#include "sampler/sampler.h"
#include "sampler/space.h"

enum { STACK_FRAMES_MAX = 512 };

/* A sample as an engine took it. */
struct raw_sample {
	int64_t pid, tid;
	const uint64_t *chain; /* of the user's frames: the instruction, then return addresses */
	size_t chain_count;
	struct unwind_registers registers; /* .known == 0: the engine has none */
	struct unwind_stack top;           /* the stack from the stack pointer on */
	bool in_kernel;                    /* it was the kernel that worked for this stack */
};

struct stack_frame {
	uint64_t pc;
	struct space_map *map; /* NULL, of a leaf only: nobody knows what is there */
	bool is_return;        /* pc is behind a call */
};

struct stack {
	struct stack_frame frames[STACK_FRAMES_MAX]; /* the leaf first */
	size_t count;
	bool whole; /* it reaches the start of its thread */
};

/* What an address is, for stack_build. */
struct stack_places {
	const struct space *space;
	struct image *const *images;
	/* Whether a call could have pushed this address, and whether that was the first of a thread.  They remember. */
	bool (*is_behind_call)(void *state, struct space_map *map, uint64_t pc);
	bool (*is_thread_start)(void *state, struct space_map *map, uint64_t pc);
	void *state;
};

void stack_build(struct stack *s, const struct stack_places *places, const struct raw_sample *sample,
		 enum sampler_unwind unwind);

#endif
