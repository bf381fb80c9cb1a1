/* Ranks by content. */
#include "profile/proto_order.h"

#include <stdlib.h>
#include <string.h>

typedef int compare_entries(const struct proto_order *o, uint32_t a, uint32_t b);

struct ranking {
	const struct proto_order *order;
	compare_entries *compare;
};

static int compare_numbers(uint64_t a, uint64_t b)
{
	return (a > b) - (a < b);
}

static int compare_signed(int64_t a, int64_t b)
{
	return (a > b) - (a < b);
}

/* The rank of an entry that may be missing: behind all others. */
static uint32_t rank_of(const uint32_t *ranks, uint32_t i)
{
	return i == PROFILE_NONE ? PROFILE_NONE : ranks[i];
}

static int compare_strings(const struct proto_order *o, uint32_t a, uint32_t b)
{
	const struct str *x = o->profile->strings + a, *y = o->profile->strings + b;
	int order = memcmp(x->at, y->at, x->size < y->size ? x->size : y->size);

	return order ? order : compare_numbers(x->size, y->size);
}

static unsigned mapping_flags(const struct profile_mapping *m)
{
	return (unsigned)m->has_functions | (unsigned)m->has_files << 1 | (unsigned)m->has_lines << 2 |
	       (unsigned)m->has_inlines << 3;
}

static int compare_mappings(const struct proto_order *o, uint32_t a, uint32_t b)
{
	const struct profile_mapping *x = o->profile->mappings + a, *y = o->profile->mappings + b;
	int order = compare_numbers(o->strings[x->file], o->strings[y->file]);

	if (!order)
		order = compare_numbers(o->strings[x->build_id], o->strings[y->build_id]);
	if (!order)
		order = compare_numbers(x->start, y->start);
	if (!order)
		order = compare_numbers(x->limit, y->limit);
	if (!order)
		order = compare_numbers(x->offset, y->offset);
	return order ? order : compare_numbers(mapping_flags(x), mapping_flags(y));
}

static int compare_functions(const struct proto_order *o, uint32_t a, uint32_t b)
{
	const struct profile_function *x = o->profile->functions + a, *y = o->profile->functions + b;
	int order = compare_numbers(o->strings[x->name], o->strings[y->name]);

	if (!order)
		order = compare_numbers(o->strings[x->system_name], o->strings[y->system_name]);
	if (!order)
		order = compare_numbers(o->strings[x->file], o->strings[y->file]);
	return order ? order : compare_signed(x->start_line, y->start_line);
}

static int compare_lines(const struct proto_order *o, const struct profile_line *x, const struct profile_line *y)
{
	int order = compare_numbers(rank_of(o->functions, x->function), rank_of(o->functions, y->function));

	if (!order)
		order = compare_signed(x->line, y->line);
	return order ? order : compare_signed(x->column, y->column);
}

static int compare_locations(const struct proto_order *o, uint32_t a, uint32_t b)
{
	const struct profile *p = o->profile;
	const struct profile_location *x = p->locations + a, *y = p->locations + b;
	int order = compare_numbers(rank_of(o->mappings, x->mapping), rank_of(o->mappings, y->mapping));

	if (!order)
		order = compare_numbers(x->address, y->address);
	if (!order)
		order = compare_numbers(x->line_count, y->line_count);
	for (size_t i = 0; !order && i < x->line_count; i++)
		order = compare_lines(o, p->lines + x->first_line + i, p->lines + y->first_line + i);
	return order ? order : compare_numbers(x->folded, y->folded);
}

/* From the root: stacks with the same callers stand side by side, which packs best. */
static int compare_stacks(const struct proto_order *o, uint32_t a, uint32_t b)
{
	const struct profile *p = o->profile;
	const struct profile_span *x = p->stacks + a, *y = p->stacks + b;
	size_t least = x->count < y->count ? x->count : y->count;
	const uint32_t *end_x = p->frames + x->first + x->count, *end_y = p->frames + y->first + y->count;

	for (size_t i = 1; i <= least; i++) {
		const uint32_t *f = end_x - i, *g = end_y - i;

		if (*f != *g && o->locations[*f] != o->locations[*g])
			return compare_numbers(o->locations[*f], o->locations[*g]);
	}
	return compare_numbers(x->count, y->count);
}

static int compare_label(const struct proto_order *o, const struct profile_label *x, const struct profile_label *y)
{
	int order = compare_numbers(o->strings[x->key], o->strings[y->key]);

	if (!order)
		order = compare_numbers(x->numeric, y->numeric);
	if (!order)
		order = compare_numbers(o->strings[x->text], o->strings[y->text]);
	if (!order)
		order = compare_signed(x->number, y->number);
	return order ? order : compare_numbers(o->strings[x->unit], o->strings[y->unit]);
}

static int compare_label_sets(const struct proto_order *o, uint32_t a, uint32_t b)
{
	const struct profile_span *x = o->label_spans + a, *y = o->label_spans + b;
	int order = 0;

	for (size_t i = 0; !order && i < x->count && i < y->count; i++)
		order = compare_label(o, o->labels + x->first + i, o->labels + y->first + i);
	return order ? order : compare_numbers(x->count, y->count);
}

static int compare_samples(const struct proto_order *o, uint32_t a, uint32_t b)
{
	const struct profile *p = o->profile;
	int order = compare_numbers(o->stacks[p->sample_stacks[a]], o->stacks[p->sample_stacks[b]]);

	return order ? order : compare_numbers(o->label_sets[p->sample_labels[a]], o->label_sets[p->sample_labels[b]]);
}

static int compare_ranked(const void *a, const void *b, void *ranking)
{
	const struct ranking *r = ranking;
	const uint32_t *x = a, *y = b;

	return r->compare(r->order, *x, *y);
}

static uint32_t *sorted(struct arena *a, const struct proto_order *o, size_t count, compare_entries *compare)
{
	struct ranking ranking = {o, compare};
	uint32_t *order = NEW_ARRAY(a, uint32_t, count);

	for (size_t i = 0; i < count; i++)
		order[i] = (uint32_t)i;
	if (count)
		qsort_r(order, count, sizeof *order, compare_ranked, &ranking);
	return order;
}

static uint32_t *ranked(struct arena *a, const struct proto_order *o, size_t count, compare_entries *compare)
{
	uint32_t *ranks = NEW_ARRAY(a, uint32_t, count), rank = 0;
	struct arena *scratch = arena_open_child(a);
	const uint32_t *order = sorted(scratch, o, count, compare);

	for (size_t i = 0; i < count; i++) {
		if (i && compare(o, order[i - 1], order[i]) != 0)
			rank++;
		ranks[order[i]] = rank;
	}
	arena_close(scratch);
	return ranks;
}

/* Label sets as the format can hold them: sorted, without texts and numbers without unit that are empty. */
static void sort_labels(struct proto_order *o, struct arena *a)
{
	const struct profile *p = o->profile;
	size_t used = 0;

	o->labels = NEW_ARRAY(a, struct profile_label, p->label_count);
	o->label_spans = NEW_ARRAY(a, struct profile_span, p->label_set_count);
	for (size_t i = 0; i < p->label_set_count; i++) {
		const struct profile_span *set = p->label_sets + i;
		struct profile_span *to = o->label_spans + i;

		to->first = (uint32_t)used;
		for (size_t k = set->first; k < set->first + set->count; k++) {
			const struct profile_label *l = p->labels + k;

			if (l->numeric ? l->number || l->unit : l->text)
				o->labels[used++] = *l;
		}
		to->count = (uint32_t)used - to->first;
		profile_sort_labels(p, o->labels + to->first, to->count);
	}
}

static bool is_zero(const int64_t *values, size_t count)
{
	size_t i = 0;

	while (i < count && !values[i])
		i++;
	return i == count;
}

/* Sums wrap around as pprof's do. */
static void add_values(int64_t *sum, const int64_t *values, size_t count)
{
	for (size_t i = 0; i < count; i++)
		sum[i] = (int64_t)((uint64_t)sum[i] + (uint64_t)values[i]);
}

static void make_rows(struct proto_order *o, struct arena *a)
{
	const struct profile *p = o->profile;
	const uint32_t *order = sorted(a, o, p->sample_count, compare_samples);
	size_t types = p->type_count;
	int64_t *values = arena_array(a, p->sample_count, types * sizeof *values);

	o->rows = NEW_ARRAY(a, struct proto_row, p->sample_count);
	for (size_t i = 0, next; i < p->sample_count; i = next) {
		uint32_t sample = order[i];
		int64_t *sum = values + o->row_count * types;

		/* A row before may have been left out and its sum used again. */
		memset(sum, 0, types * sizeof *sum);
		for (next = i; next < p->sample_count && compare_samples(o, sample, order[next]) == 0; next++)
			add_values(sum, p->values + order[next] * types, types);
		if (!is_zero(sum, types))
			o->rows[o->row_count++] =
				(struct proto_row){p->sample_stacks[sample], p->sample_labels[sample], sum};
	}
}

void proto_order_init(struct proto_order *o, struct arena *a, const struct profile *p)
{
	*o = (struct proto_order){.profile = p};
	o->strings = ranked(a, o, p->string_count, compare_strings);
	o->mappings = ranked(a, o, p->mapping_count, compare_mappings);
	o->functions = ranked(a, o, p->function_count, compare_functions);
	o->locations = ranked(a, o, p->location_count, compare_locations);
	o->stacks = ranked(a, o, p->stack_count, compare_stacks);
	sort_labels(o, a);
	o->label_sets = ranked(a, o, p->label_set_count, compare_label_sets);
	make_rows(o, a);
}
