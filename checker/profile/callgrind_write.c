/*
 * Profiles in callgrind's format: own costs by line, and costs of calls with all that they called.
 *
 * A call counts once in a stack, as in pprof, however often it recurs, and a function that calls itself calls nothing.
 */
#include "profile/callgrind_write.h"

#include "profile/frames.h"
#include "profile/keyed.h"

#include <stdlib.h>
#include <string.h>

enum { CALLER = 0, LINE = 1, CALLED = 2, NAME = 0, FILE_NAME = 1, OBJECT = 2, NAME_KINDS = 3 };

/* Sums by key, one value a sample type each. */
struct sums {
	struct keyed keys;
	int64_t *values;
	size_t capacity;
};

struct writer {
	struct arena *arena;
	const struct profile *profile;
	struct buf *out;
	struct profile texts;     /* holds the strings of names, files and objects */
	struct keyed functions;   /* its three strings */
	uint32_t *function_of;    /* by line, then by location without lines: the function + 1 */
	struct sums costs, calls; /* function, line; caller, line, called */
	struct keyed pairs;       /* caller, called */
	uint32_t *pair_samples;   /* the sample + 1 that counted it last */
	size_t pair_capacity;
	uint32_t *stack, *lines; /* functions of the sample at hand, the leaf first, and where in them */
	size_t depth, stack_capacity, line_capacity;
	struct keyed named[NAME_KINDS]; /* strings that were given a number */
};

static uint32_t text_of(struct writer *w, const char *text)
{
	struct buf out = {.arena = w->arena};

	text_printable(&out, text);
	return profile_string(&w->texts, (struct str){buf_string(&out), out.size});
}

/* The function of one line of a location. */
static uint32_t function_at(struct writer *w, uint32_t location, size_t line)
{
	const struct profile *p = w->profile;
	const struct profile_location *l = p->locations + location;
	uint32_t *known = w->function_of + (l->line_count ? l->first_line + line : p->line_count + location);
	uint32_t function = frame_function(p, location, line);
	struct buf name = {.arena = w->arena};
	struct key key = {{0}};

	if (*known)
		return *known - 1;
	frame_name(p, location, line, &name);
	key.at[NAME] = profile_string(&w->texts, (struct str){buf_string(&name), name.size});
	if (function != PROFILE_NONE)
		key.at[FILE_NAME] = text_of(w, profile_text(p, p->functions[function].file));
	if (l->mapping != PROFILE_NONE)
		key.at[OBJECT] = text_of(w, profile_text(p, p->mappings[l->mapping].file));
	*known = keyed_add(&w->functions, key) + 1;
	return *known - 1;
}

static void add_frame(struct writer *w, uint32_t function, int64_t line)
{
	w->stack = arena_reserve(w->arena, w->stack, w->depth, &w->stack_capacity, sizeof *w->stack);
	w->lines = arena_reserve(w->arena, w->lines, w->depth, &w->line_capacity, sizeof *w->lines);
	w->stack[w->depth] = function;
	w->lines[w->depth++] = line > 0 && line <= UINT32_MAX ? (uint32_t)line : 0;
}

static void expand(struct writer *w, const struct profile_span *s)
{
	const struct profile *p = w->profile;

	w->depth = 0;
	for (size_t i = 0; i < s->count; i++) {
		uint32_t location = p->frames[s->first + i];
		const struct profile_location *l = p->locations + location;

		for (size_t k = 0; k < frame_line_count(p, location); k++)
			add_frame(w, function_at(w, location, k), l->line_count ? p->lines[l->first_line + k].line : 0);
	}
	if (!w->depth) {
		/* What has no stack counts in the total, and the format has no other place for it. */
		struct key none = {{profile_string_of(&w->texts, "[no stack]")}};

		add_frame(w, keyed_add(&w->functions, none), 0);
	}
}

static bool add(struct writer *w, struct sums *s, struct key key, const int64_t *values)
{
	size_t count = w->profile->type_count, before = s->keys.count, size = count * sizeof *values;
	uint32_t i = keyed_add(&s->keys, key);

	if (i == before) {
		s->values = arena_reserve(w->arena, s->values, i, &s->capacity, size);
		memset(s->values + i * count, 0, size);
	}
	for (size_t k = 0; k < count; k++)
		if (__builtin_add_overflow(s->values[i * count + k], values[k], s->values + i * count + k))
			return false;
	return true;
}

/* Whether this sample has not counted the call yet. */
static bool is_first(struct writer *w, uint32_t caller, uint32_t called, size_t sample)
{
	size_t before = w->pairs.count;
	uint32_t i = keyed_add(&w->pairs, (struct key){{caller, called}});

	if (i == before) {
		w->pair_samples =
			arena_reserve(w->arena, w->pair_samples, i, &w->pair_capacity, sizeof *w->pair_samples);
		w->pair_samples[i] = 0;
	}
	if (w->pair_samples[i] == sample + 1)
		return false;
	w->pair_samples[i] = (uint32_t)sample + 1;
	return true;
}

static bool add_sample(struct writer *w, size_t sample, struct err *err)
{
	const struct profile *p = w->profile;
	const int64_t *values = p->values + sample * p->type_count;
	bool fits, zero = true;

	for (size_t i = 0; i < p->type_count; i++) {
		if (values[i] < 0)
			return err_set(
				err,
				"callgrind knows no negative values, and this profile has some (is it a difference?): "
				"write it as proto or folded");
		zero = zero && !values[i];
	}
	if (zero)
		return true;
	expand(w, p->stacks + p->sample_stacks[sample]);
	fits = add(w, &w->costs, (struct key){{w->stack[0], w->lines[0]}}, values);
	for (size_t i = 1; fits && i < w->depth; i++) {
		uint32_t caller = w->stack[i], called = w->stack[i - 1];

		if (caller != called && is_first(w, caller, called, sample))
			fits = add(w, &w->calls, (struct key){{caller, w->lines[i], called}}, values);
	}
	return fits || err_set(err, "the values of a function add up to more than 2^63");
}

static int compare(const void *a, const void *b, void *to)
{
	const struct key *keys = to, *x = keys + *(const uint32_t *)a, *y = keys + *(const uint32_t *)b;

	for (size_t i = 0; i < 3; i++)
		if (x->at[i] != y->at[i])
			return x->at[i] < y->at[i] ? -1 : 1;
	return 0;
}

/* The order in which sums are written. */
static uint32_t *sorted(struct writer *w, const struct sums *s)
{
	uint32_t *order = NEW_ARRAY(w->arena, uint32_t, s->keys.count);

	for (size_t i = 0; i < s->keys.count; i++)
		order[i] = (uint32_t)i;
	if (s->keys.count)
		qsort_r(order, s->keys.count, sizeof *order, compare, s->keys.keys);
	return order;
}

/* "fn=(3) main" the first time, "fn=(3)" later. */
static void write_name(struct writer *w, const char *word, size_t kind, uint32_t function)
{
	uint32_t text = w->functions.keys[function].at[kind];
	size_t before = w->named[kind].count;
	/* Functions of one name are several. */
	uint32_t number = keyed_add(&w->named[kind], (struct key){{kind == NAME ? function : text}});

	buf_printf(w->out, "%s=(%u)", word, number + 1);
	if (number == before)
		buf_printf(w->out, " %s", text ? profile_text(&w->texts, text) : "???");
	buf_char(w->out, '\n');
}

static void write_values(struct writer *w, const struct sums *s, uint32_t i, size_t type)
{
	const int64_t *values = s->values + i * w->profile->type_count;

	buf_printf(w->out, "%u %lld", s->keys.keys[i].at[LINE], (long long)values[type]);
	for (size_t k = 0; k < w->profile->type_count; k++)
		if (k != type)
			buf_printf(w->out, " %lld", (long long)values[k]);
	buf_char(w->out, '\n');
}

static void write_call(struct writer *w, uint32_t i, size_t type)
{
	const struct key *key = w->calls.keys.keys + i;

	write_name(w, "cob", OBJECT, key->at[CALLED]);
	write_name(w, "cfi", FILE_NAME, key->at[CALLED]);
	write_name(w, "cfn", NAME, key->at[CALLED]);
	/* How often is not known; callgrind_annotate takes the costs of calls=0 for own ones. */
	buf_text(w->out, "calls=1 0\n");
	write_values(w, &w->calls, i, type);
}

static void write_type(struct writer *w, size_t type)
{
	const struct profile *p = w->profile;
	size_t from = w->out->size + 1;

	buf_char(w->out, ' ');
	text_printable(w->out, profile_text(p, p->types[type].name));
	buf_char(w->out, '(');
	text_printable(w->out, profile_text(p, p->types[type].unit));
	buf_char(w->out, ')');
	for (size_t i = from; i < w->out->size; i++)
		if (w->out->at[i] == ' ')
			w->out->at[i] = '_';
}

static void write_head(struct writer *w, size_t type)
{
	buf_text(w->out, "# callgrind format\nversion: 1\ncreator: pawl\npositions: line\nevents:");
	write_type(w, type);
	for (size_t i = 0; i < w->profile->type_count; i++)
		if (i != type)
			write_type(w, i);
	buf_char(w->out, '\n');
}

static void write_functions(struct writer *w, size_t type)
{
	const uint32_t *costs = sorted(w, &w->costs), *calls = sorted(w, &w->calls);
	size_t cost = 0, call = 0;

	for (uint32_t f = 0; f < w->functions.count; f++) {
		buf_char(w->out, '\n');
		write_name(w, "ob", OBJECT, f);
		write_name(w, "fl", FILE_NAME, f);
		write_name(w, "fn", NAME, f);
		for (; cost < w->costs.keys.count && w->costs.keys.keys[costs[cost]].at[CALLER] == f; cost++)
			write_values(w, &w->costs, costs[cost], type);
		for (; call < w->calls.keys.count && w->calls.keys.keys[calls[call]].at[CALLER] == f; call++)
			write_call(w, calls[call], type);
	}
}

bool callgrind_write(struct arena *a, const struct profile *p, size_t type, struct buf *out, struct err *err)
{
	struct arena *own = arena_open_child(a);
	struct writer *w = NEW(own, struct writer);
	bool ok = true;

	*w = (struct writer){.arena = own,
			     .profile = p,
			     .out = out,
			     .functions = {.arena = own},
			     .costs = {.keys = {.arena = own}},
			     .calls = {.keys = {.arena = own}},
			     .pairs = {.arena = own},
			     .function_of = NEW_ARRAY(own, uint32_t, p->line_count + p->location_count)};
	profile_init(&w->texts, own);
	for (size_t i = 0; i < NAME_KINDS; i++)
		w->named[i].arena = own;
	for (size_t i = 0; ok && i < p->sample_count; i++)
		ok = add_sample(w, i, err);
	if (ok) {
		write_head(w, type);
		write_functions(w, type);
	}
	arena_close(own);
	return ok;
}
