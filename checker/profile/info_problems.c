/* What is wrong with a profile, check by check. */
#include "profile/info_problems.h"

#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

struct search {
	struct profile_info *info;
	struct arena *a;
	const struct profile *p;
	size_t capacity;
};

static void add(struct search *s, const char *format, ...) PRINTF_LIKE(2, 3);

static void add(struct search *s, const char *format, ...)
{
	struct profile_info *info = s->info;
	va_list args;

	info->problems = arena_reserve(s->a, info->problems, info->problem_count, &s->capacity, sizeof *info->problems);
	va_start(args, format);
	info->problems[info->problem_count++] = arena_vprintf(s->a, format, args);
	va_end(args);
}

/* A string of the profile for a sentence. */
static const char *shown(struct search *s, uint32_t string)
{
	enum { MOST = 60 };
	const char *text = text_printable_copy(s->a, profile_text(s->p, string));

	return strlen(text) <= MOST ? text : arena_printf(s->a, "%.*s...", MOST, text);
}

static const char *plural(size_t count, const char *one, const char *many)
{
	return count == 1 ? one : many;
}

static double percent(double part, double whole)
{
	return whole > 0 ? 100 * part / whole : 0;
}

static void check_samples(struct search *s)
{
	const struct profile *p = s->p;
	size_t type = s->info->default_type, empty = s->info->empty_stack_count;
	double without = 0, all = 0;

	if (!p->sample_count) {
		add(s, "there are no samples");
		return;
	}
	if (!empty)
		return;
	for (size_t i = 0; i < p->sample_count; i++) {
		double value = (double)p->values[i * p->type_count + type];

		value = value < 0 ? -value : value;
		all += value;
		without += p->stacks[p->sample_stacks[i]].count ? 0 : value;
	}
	add(s, "%zu of %zu samples %s no stack: %.1f%% of %s counts in the total and in no function", empty,
	    p->sample_count, plural(empty, "has", "have"), percent(without, all), shown(s, p->types[type].name));
}

static void check_lost(struct search *s)
{
	struct str lost = profile_note(s->p, "lost");
	int64_t count;

	if (text_parse_int64(lost, &count) && count > 0)
		add(s, "%" PRId64 " %s lost while it was recorded", count,
		    plural((size_t)count, "sample was", "samples were"));
}

static uint32_t root_of(const struct profile *p, const struct profile_span *stack)
{
	const struct profile_location *l = p->locations + p->frames[stack->first + stack->count - 1];

	return l->line_count ? p->lines[l->first_line + l->line_count - 1].function : PROFILE_NONE;
}

/*
 * Profilers stop at a depth (Go at 32, 64 or 128 frames).  Then many stacks have just that depth and begin in functions that
 * no shorter stack begins in.
 */
static void check_cut_stacks(struct search *s)
{
	enum { LEAST_DEPTH = 8, LEAST_COUNT = 3 }; /* below, the deepest stacks say nothing */
	const struct profile *p = s->p;
	size_t deepest = s->info->deepest, cut = 0;
	struct arena *scratch = arena_open_child(s->a);
	bool *is_root = NEW_ARRAY(scratch, bool, p->function_count);

	for (size_t i = 0; i < p->stack_count; i++) {
		const struct profile_span *stack = p->stacks + i;
		uint32_t root = stack->count && stack->count < deepest ? root_of(p, stack) : PROFILE_NONE;

		if (root != PROFILE_NONE)
			is_root[root] = true;
	}
	for (size_t i = 0; deepest >= LEAST_DEPTH && i < p->stack_count; i++) {
		uint32_t root = p->stacks[i].count == deepest ? root_of(p, p->stacks + i) : PROFILE_NONE;

		cut += root != PROFILE_NONE && !is_root[root];
	}
	arena_close(scratch);
	if (cut >= LEAST_COUNT)
		add(s,
		    "%zu stacks of %zu frames, the most that any has, begin where no shorter one does: they seem to be "
		    "cut, so their callers are missing",
		    cut, deepest);
}

static void check_symbols(struct search *s)
{
	const struct profile *p = s->p;
	size_t without = p->location_count - s->info->symbolized_count, nameless = 0, lines = 0, no_id = 0;

	for (size_t i = 0; i < p->function_count; i++)
		nameless += !p->functions[i].name;
	for (size_t i = 0; i < p->line_count; i++)
		lines += p->lines[i].line != 0;
	for (size_t i = 0; i < p->mapping_count; i++)
		no_id += !p->mappings[i].build_id;
	if (without)
		add(s, "%zu of %zu locations %s no symbols%s", without, p->location_count,
		    plural(without, "has", "have"),
		    p->mapping_count ? "" : ", and no mapping says which program they are of");
	if (without && no_id)
		add(s,
		    "%zu of %zu mappings %s no build id, so nothing tells whether a program is the one that was "
		    "measured",
		    no_id, p->mapping_count, plural(no_id, "has", "have"));
	if (nameless)
		add(s, "%zu of %zu functions %s no name", nameless, p->function_count, plural(nameless, "has", "have"));
	if (p->line_count && !lines)
		add(s, "there are no line numbers: list and --granularity lines have nothing to show");
}

static void check_values(struct search *s)
{
	const struct profile *p = s->p;
	size_t negative = 0;

	for (size_t i = 0; i < p->sample_count * p->type_count; i++)
		negative += p->values[i] < 0;
	if (negative)
		add(s, "%zu %s negative: is this the difference of two profiles?", negative,
		    plural(negative, "value is", "values are"));
	for (size_t k = 0; k < p->type_count; k++) {
		size_t i = 0;

		while (i < p->sample_count && !p->values[i * p->type_count + k])
			i++;
		if (p->sample_count && i == p->sample_count)
			add(s, "every value of %s is 0", shown(s, p->types[k].name));
	}
	for (size_t i = 0; i < s->info->label_count; i++) {
		if (str_equal(p->strings[s->info->labels[i].key], "pprof::base"))
			add(s, "%zu samples are of a base that was subtracted (label pprof::base)",
			    s->info->labels[i].sample_count);
	}
}

static void check_types(struct search *s)
{
	const struct profile *p = s->p;

	for (size_t k = 0; k < p->type_count; k++) {
		const char *name = profile_text(p, p->types[k].name);

		if (!*name)
			add(s, "sample type %zu has no name", k);
		if (!p->types[k].unit)
			add(s, "sample type %zu, %s, has no unit", k, shown(s, p->types[k].name));
		if (*name && profile_type_find(p, name) < k)
			add(s, "there are several sample types %s; a name means the first", shown(s, p->types[k].name));
	}
	if (p->default_type && profile_type_find(p, profile_text(p, p->default_type)) == p->type_count)
		add(s, "the default sample type, %s, is not there; the last one is shown", shown(s, p->default_type));
}

/* The type that the period is of, or type_count. */
static size_t period_type_of(const struct profile *p)
{
	size_t k = 0;

	while (k < p->type_count && p->types[k].name != p->period_type.name)
		k++;
	return k;
}

static void check_period(struct search *s)
{
	const struct profile *p = s->p;
	size_t timed = period_type_of(p), counted = profile_type_find(p, "samples");
	double expected;

	if (p->period < 0)
		add(s, "the period, %" PRId64 ", is negative", p->period);
	if (!p->period && p->period_type.name)
		add(s, "the period is 0: what one sample stands for is not known");
	if (p->duration_ns < 0)
		add(s, "the duration, %" PRId64 " ns, is negative", p->duration_ns);
	if (timed == p->type_count || p->period <= 0)
		return;
	if (p->types[timed].unit != p->period_type.unit) {
		add(s, "values of %s are in %s, their period in %s", shown(s, p->types[timed].name),
		    shown(s, p->types[timed].unit), shown(s, p->period_type.unit));
		return;
	}
	if (counted == p->type_count || counted == timed)
		return;
	expected = (double)s->info->totals[counted] * (double)p->period;
	if ((double)s->info->totals[timed] < 0.99 * expected || (double)s->info->totals[timed] > 1.01 * expected)
		add(s, "%s is not samples times period: %" PRId64 " instead of %.0f", shown(s, p->types[timed].name),
		    s->info->totals[timed], expected);
}

static void check_filters(struct search *s)
{
	const struct profile *p = s->p;

	if (p->drop_frames)
		add(s, "drop_frames is set: functions that match '%s' and what they call are not shown",
		    shown(s, p->drop_frames));
	if (p->keep_frames)
		add(s, "keep_frames is set: functions that match '%s' are shown in spite of drop_frames",
		    shown(s, p->keep_frames));
}

static void check_file(struct search *s)
{
	const struct profile *p = s->p;
	size_t mappings = p->dangling_mapping_count, functions = p->dangling_function_count,
	       labels = p->dropped_label_count, odd = 0;
	struct arena *scratch = arena_open_child(s->a);

	if (mappings)
		add(s, "%zu %s a mapping that is not in the file", mappings,
		    plural(mappings, "location has", "locations have"));
	if (functions)
		add(s, "%zu %s a function that is not in the file", functions,
		    plural(functions, "line has", "lines have"));
	if (labels)
		add(s, "%zu %s neither text nor unit and the number 0, which is no label", labels,
		    plural(labels, "label has", "labels have"));
	for (size_t i = 0; i < p->function_count; i++) {
		const char *name = profile_text(p, p->functions[i].name);

		odd += p->strings[p->functions[i].name].size != strlen(name) ||
		       !text_equal(text_printable_copy(scratch, name), name);
	}
	arena_close(scratch);
	if (odd)
		add(s, "%zu %s bytes that are no text", odd,
		    plural(odd, "name of a function has", "names of functions have"));
}

void info_problems(struct profile_info *info, struct arena *a, const struct profile *p)
{
	static void (*const checks[])(struct search *) = {
		check_samples, check_lost,   check_cut_stacks, check_symbols, check_values,
		check_types,   check_period, check_filters,    check_file,
	};
	struct search s = {.info = info, .a = a, .p = p};

	for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
		checks[i](&s);
}
