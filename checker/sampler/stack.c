/* Stacks from chains of frame pointers and frame information, each for what the other lacks. */
#include "sampler/stack.h"

#include "sampler/call_site.h"

#if defined(__x86_64__)
enum { FRAME_REGISTER = UNWIND_X86_64_RBP };
#elif defined(__aarch64__)
enum { FRAME_REGISTER = UNWIND_AARCH64_FP };
#else
#error "this machine's registers are not known here"
#endif

static bool append(struct stack *s, struct space_map *map, uint64_t pc, bool is_return)
{
	if (s->count >= STACK_FRAMES_MAX)
		return false;
	s->frames[s->count++] = (struct stack_frame){.pc = pc, .map = map, .is_return = is_return};
	return true;
}

/* The module and vaddr of an address; NULL: there is no frame information. */
static struct module *module_at(const struct stack_places *places, struct space_map *map, uint64_t pc, uint64_t *vaddr)
{
	struct image *i;

	if (!map)
		return NULL;
	i = places->images[map->image];
	image_load(i);
	return i->module && module_vaddr(i->module, pc - map->start + map->offset, vaddr) ? i->module : NULL;
}

/* Whether the thread began with the last frame.  What is above it, some stacks have and others not. */
static bool begins_thread(struct stack *s, const struct stack_places *places)
{
	const struct stack_frame *last = &s->frames[s->count - 1];

	s->whole = last->is_return && places->is_thread_start(places->state, last->map, last->pc);
	return s->whole;
}

/* The chain from its second entry on, as far as it can be true. */
static void append_chain(struct stack *s, const struct stack_places *places, const struct raw_sample *sample)
{
	for (size_t i = 1; i < sample->chain_count; i++) {
		uint64_t pc = sample->chain[i];
		struct space_map *map = space_find(places->space, pc);
		bool behind_call;

		if (!map)
			return;
		behind_call = places->is_behind_call(places->state, map, pc);
		if (!behind_call && !call_site_is_signal_return(places->images[map->image], map, pc)) {
			s->whole = call_site_is_goroutine_end(places->images[map->image], map, pc);
			return;
		}
		if (!append(s, map, pc, behind_call) || begins_thread(s, places))
			return;
	}
}

static bool frame_register_is(const struct unwind_registers *r, uint64_t value)
{
	return (r->known >> FRAME_REGISTER & 1) && r->value[FRAME_REGISTER] == value;
}

/* Whether the chain goes on behind the frame at `r`: its frame is linked, and the chain began with that very link. */
static bool chain_begins_here(struct module *m, uint64_t vaddr, const struct unwind_registers *r, uint64_t first_link)
{
	return frame_register_is(r, first_link) && unwind_is_linked_at(m, vaddr, r);
}

/* Steps by frame information; true when the chain is to follow. */
static bool step_up(struct stack *s, const struct stack_places *places, const struct raw_sample *sample,
		    enum sampler_unwind unwind)
{
	struct unwind_registers r = sample->registers;
	uint64_t first_link = r.value[FRAME_REGISTER];

	for (;;) {
		struct space_map *map = s->frames[s->count - 1].map;
		uint64_t vaddr;
		struct module *m = module_at(places, map, r.pc, &vaddr);

		/* Without frame information: the chain, unless its first link was no link at all. */
		if (!m)
			return frame_register_is(&r, first_link);
		if (unwind == UNWIND_FRAMES && chain_begins_here(m, vaddr, &r, first_link))
			return true;
		switch (unwind_step(m, vaddr, &r, &sample->top)) {
		case UNWIND_UNKNOWN:
			return frame_register_is(&r, first_link) &&
			       (unwind == UNWIND_FRAMES || chain_begins_here(m, vaddr, &r, first_link));
		case UNWIND_OUTERMOST:
			s->whole = true;
			return false;
		case UNWIND_STEPPED:
			break;
		}
		map = space_find(places->space, r.pc);
		if (!map)
			return false;
		if (r.is_return_address && !places->is_behind_call(places->state, map, r.pc)) {
			s->whole = call_site_is_goroutine_end(places->images[map->image], map, r.pc);
			return false;
		}
		if (!append(s, map, r.pc, r.is_return_address))
			return false;
		if (begins_thread(s, places))
			return false;
	}
}

void stack_build(struct stack *s, const struct stack_places *places, const struct raw_sample *sample,
		 enum sampler_unwind unwind)
{
	uint64_t leaf = sample->chain_count ? sample->chain[0] : sample->registers.pc;

	s->count = 0;
	s->whole = false;
	if (!leaf)
		return;
	append(s, space_find(places->space, leaf), leaf, false);
	if (!sample->registers.known || step_up(s, places, sample, unwind))
		append_chain(s, places, sample);
}
