/*
 * CPU profiles of gperftools: words of 4 or 8 bytes in either order of bytes.
 *
 * Five words (0, 3, 0, period in microseconds, 0), then a record a stack (count, depth, addresses with the leaf first), then
 * the end (0, 1, 0), then the text of /proc/self/maps.  Source: gperftools, docs/cpuprofile-fileformat.adoc.
 */
#include "profile/addresses.h"
#include "profile/profile.h"
#include "profile/tally.h"

#include <string.h>

enum { HEADER_WORDS = 5, NS_PER_US = 1000 };

struct words {
	struct str bytes;
	size_t at, size; /* of a word: 4 or 8 */
	bool big;        /* the most significant byte first */
};

struct stack {
	uint64_t count;
	const uint64_t *at; /* the leaf first; of callers the call, not what it returns to */
	size_t depth;
};

struct stacks {
	struct arena *arena;
	struct stack *at;
	size_t count, capacity;
};

static bool take(struct words *w, uint64_t *word)
{
	const unsigned char *at = (const unsigned char *)w->bytes.at + w->at;

	if (w->bytes.size - w->at < w->size)
		return false;
	*word = 0;
	for (size_t i = 0; i < w->size; i++)
		*word = *word << 8 | at[w->big ? i : w->size - 1 - i];
	w->at += w->size;
	return true;
}

/* Finds out the form of the words by the header. */
static bool open_words(struct str bytes, struct words *w, uint64_t *period_us)
{
	for (int form = 0; form < 4; form++) {
		uint64_t header[HEADER_WORDS];
		size_t i = 0;

		*w = (struct words){.bytes = bytes, .size = form & 2 ? 4 : 8, .big = form & 1};
		while (i < HEADER_WORDS && take(w, header + i))
			i++;
		*period_us = header[3];
		if (i == HEADER_WORDS && header[0] == 0 && header[1] == 3 && header[2] == 0 && header[3] > 0 &&
		    header[4] == 0)
			return true;
	}
	return false;
}

static bool gperftools_sniff(struct str bytes)
{
	struct words words;
	uint64_t period_us;

	return open_words(bytes, &words, &period_us);
}

static bool fail_cut(const char *path, const struct words *w, size_t at, struct err *err)
{
	return err_set(err, "%s: the stack at byte %zu reaches over the end of the file (%zu bytes): is it cut off?",
		       path, at, w->bytes.size);
}

/* Takes all records; false with an error for one that is damaged.  `*ended`: the end was marked. */
static bool take_stacks(const char *path, struct words *w, struct stacks *out, bool *ended, struct err *err)
{
	*ended = false;
	while (w->at < w->bytes.size) {
		size_t at = w->at;
		struct stack stack;
		uint64_t depth, *addresses;

		if (!take(w, &stack.count) || !take(w, &depth) || depth > (w->bytes.size - w->at) / w->size)
			return fail_cut(path, w, at, err);
		stack.depth = (size_t)depth;
		stack.at = addresses = NEW_ARRAY(out->arena, uint64_t, stack.depth);
		for (size_t i = 0; i < stack.depth; i++) {
			if (!take(w, addresses + i))
				return fail_cut(path, w, at, err);
			/* A return address stands behind its call. */
			if (i && addresses[i])
				addresses[i]--;
		}
		*ended = !stack.count && stack.depth == 1 && !addresses[0];
		if (*ended)
			return true;
		out->at = arena_reserve(out->arena, out->at, out->count, &out->capacity, sizeof *out->at);
		out->at[out->count++] = stack;
	}
	return true;
}

/* Without its second frame. */
static struct stack without_second(struct arena *a, struct stack s)
{
	uint64_t *kept = NEW_ARRAY(a, uint64_t, s.depth - 1);

	kept[0] = s.at[0];
	memcpy(kept + 1, s.at + 2, (s.depth - 2) * sizeof *kept);
	s.at = kept;
	s.depth--;
	return s;
}

/*
 * The frame of the signal handler stands second in (nearly) every stack: all but one of 32, as pprof has it.  A frame of the
 * program itself is none: a program with one hot loop has a caller that stands there, too.  Where there is no map, none is
 * known and pprof's rule alone decides.
 */
static bool find_handler(struct addresses *s, const struct stacks *stacks, uint64_t *handler)
{
	size_t votes = 0, count = 0;

	*handler = 0;
	/* The only one that can be in so many is found by the vote of Boyer and Moore (1981). */
	for (size_t i = 0; i < stacks->count; i++) {
		if (stacks->at[i].depth < 2)
			continue;
		if (!votes)
			*handler = stacks->at[i].at[1];
		votes = *handler == stacks->at[i].at[1] ? votes + 1 : votes - 1;
	}
	if (!votes)
		return false;
	for (size_t i = 0; i < stacks->count; i++)
		count += stacks->at[i].depth > 1 && stacks->at[i].at[1] == *handler;
	return count >= stacks->count - stacks->count / 32 && (!s->count || addresses_mapping(s, *handler) != 0);
}

static void drop_handlers(struct arena *a, struct addresses *s, struct stacks *stacks)
{
	uint64_t handler;

	for (int frames = 0; frames < 2 && find_handler(s, stacks, &handler); frames++)
		for (size_t i = 0; i < stacks->count; i++)
			if (stacks->at[i].depth > 1 && stacks->at[i].at[1] == handler)
				stacks->at[i] = without_second(a, stacks->at[i]);
	/* The leaf may stand there twice: as the signal has it, and as it was unwound, one byte less. */
	for (size_t i = 0; i < stacks->count; i++)
		if (stacks->at[i].depth > 1 && stacks->at[i].at[0] == stacks->at[i].at[1] + 1)
			stacks->at[i] = without_second(a, stacks->at[i]);
}

static bool add_stack(struct tally *tally, struct addresses *s, const struct stack *stack, struct frames *frames)
{
	struct profile *p = tally->profile;
	int64_t values[2];

	if (stack->count > INT64_MAX || __builtin_mul_overflow((int64_t)stack->count, p->period, values + 1))
		return false;
	values[0] = (int64_t)stack->count;
	frames->count = 0;
	for (size_t i = 0; i < stack->depth; i++)
		frames_add(frames, addresses_location(s, stack->at[i], NULL, 0));
	return tally_add(tally, profile_stack(p, frames->locations, frames->count), 0, values);
}

static bool gperftools_read(struct arena *a, const char *path, struct str bytes, struct profile *out, struct err *err)
{
	struct words words;
	struct stacks stacks = {.arena = a};
	struct addresses addresses;
	struct frames frames = {.arena = a};
	struct tally tally;
	uint64_t period_us;
	bool ended;

	if (!open_words(bytes, &words, &period_us))
		return err_set(err, "%s: is no CPU profile of gperftools: it does not start with 0, 3, 0, period, 0",
			       path);
	if (period_us > INT64_MAX / NS_PER_US)
		return err_set(err, "%s: a period of %llu us cannot be right", path, (unsigned long long)period_us);
	profile_add_type(out, "samples", "count");
	profile_add_type(out, "cpu", "nanoseconds");
	out->period_type = out->types[1];
	out->period = (int64_t)period_us * NS_PER_US;
	out->drop_frames = profile_string_of(out, addresses_drop_cpu);
	if (!take_stacks(path, &words, &stacks, &ended, err))
		return false;
	if (!ended)
		profile_add_comment(out,
				    profile_string_of(out, "the file ends without its trailer: it may be cut off"));
	addresses_init(&addresses, out, (struct str){bytes.at + words.at, bytes.size - words.at});
	drop_handlers(a, &addresses, &stacks);
	tally = tally_of(out);
	for (size_t i = 0; i < stacks.count; i++)
		if (!add_stack(&tally, &addresses, stacks.at + i, &frames))
			return err_set(err, "%s: stack %zu: %s", path, i + 1, tally_overflow);
	return true;
}

const struct profile_format profile_format_gperftools = {
	.name = "gperftools",
	.help = "CPU profile of gperftools (CPUPROFILE)",
	.sniff = gperftools_sniff,
	.read = gperftools_read,
};
