/* Profiles made one: samples added up, everything they name interned. */
#include "graph/merge.h"

#include "base/text.h"

#include <assert.h>
#include <math.h>
#include <string.h>

enum { MAPPING_ROUNDING = 0x1000 }; /* sizes of mappings are rounded up to it: minor differences mean nothing */

/* Open addressing from a pair of numbers to a row + 1; its memory is scratch. */
struct pair_table {
	struct arena *arena;
	uint64_t *keys;
	uint32_t *rows;
	size_t room, count;
};

struct merging {
	struct arena *scratch;
	struct profile *out;
	const struct merge_types *types;
	const struct profile *from;
	struct pair_table samples;  /* stack and label set */
	struct pair_table mappings; /* hash of the identity, not unique: followed by a comparison */
	struct pair_table comments;
	bool *clipped;

	/* Of the profile that is being taken in: index there to index here, PROFILE_NONE: not yet. */
	uint32_t *strings, *functions, *locations, *mapped, *label_sets, *stacks;
	uint64_t *shifts; /* per mapping: what addresses move by, modulo 2^64 */
	uint32_t *frames; /* one stack */
	struct profile_line *lines;
	size_t line_room;
	int64_t *values;
};

static uint64_t spread(uint64_t key)
{
	key ^= key >> 32;
	key *= 0x9e3779b97f4a7c15U; /* 2^64 divided by the golden ratio (Knuth, TAOCP 6.4) */
	return key ^ key >> 29;
}

static void table_put(struct pair_table *t, uint64_t key, uint32_t row)
{
	size_t at = spread(key) & (t->room - 1);

	while (t->rows[at])
		at = (at + 1) & (t->room - 1);
	t->keys[at] = key;
	t->rows[at] = row + 1;
	t->count++;
}

static void table_make_room(struct pair_table *t)
{
	struct pair_table old = *t;

	if (t->count * 4 < t->room * 3)
		return;
	t->room = old.room ? old.room * 2 : 256;
	t->keys = NEW_ARRAY(t->arena, uint64_t, t->room);
	t->rows = NEW_ARRAY(t->arena, uint32_t, t->room);
	t->count = 0;
	for (size_t i = 0; i < old.room; i++)
		if (old.rows[i])
			table_put(t, old.keys[i], old.rows[i] - 1);
}

/* The row of a key that is unique, or `next`, which it has from now on. */
static uint32_t table_find_or_put(struct pair_table *t, uint64_t key, uint32_t next)
{
	table_make_room(t);
	for (size_t at = spread(key) & (t->room - 1); t->rows[at]; at = (at + 1) & (t->room - 1))
		if (t->keys[at] == key)
			return t->rows[at] - 1;
	table_put(t, key, next);
	return next;
}

static uint32_t *new_map(struct arena *a, size_t count)
{
	uint32_t *map = NEW_ARRAY(a, uint32_t, count + 1);

	memset(map, 0xff, (count + 1) * sizeof *map);
	return map;
}

static uint32_t map_string(struct merging *m, uint32_t string)
{
	if (m->strings[string] == PROFILE_NONE)
		m->strings[string] = profile_string(m->out, m->from->strings[string]);
	return m->strings[string];
}

static uint32_t map_function(struct merging *m, uint32_t function)
{
	const struct profile_function *f;

	if (function == PROFILE_NONE)
		return PROFILE_NONE;
	f = m->from->functions + function;
	if (m->functions[function] == PROFILE_NONE)
		m->functions[function] = profile_intern_function(
			m->out, &(struct profile_function){.name = map_string(m, f->name),
							   .system_name = map_string(m, f->system_name),
							   .file = map_string(m, f->file),
							   .start_line = f->start_line});
	return m->functions[function];
}

static uint64_t rounded_size(const struct profile_mapping *x)
{
	uint64_t size = x->limit - x->start + MAPPING_ROUNDING - 1;

	return size - size % MAPPING_ROUNDING;
}

static uint32_t build_id_or_file(const struct profile_mapping *x)
{
	return x->build_id ? x->build_id : x->file;
}

/* A mapping equal to `x`, whose strings are already of the result, or PROFILE_NONE. */
static uint32_t find_mapping(const struct merging *m, const struct profile_mapping *x, uint64_t key)
{
	const struct pair_table *t = &m->mappings;

	for (size_t at = spread(key) & (t->room - 1); t->rows[at]; at = (at + 1) & (t->room - 1)) {
		const struct profile_mapping *y = m->out->mappings + (t->rows[at] - 1);

		if (t->keys[at] == key && rounded_size(x) == rounded_size(y) && x->offset == y->offset &&
		    build_id_or_file(x) == build_id_or_file(y))
			return t->rows[at] - 1;
	}
	return PROFILE_NONE;
}

static uint32_t map_mapping(struct merging *m, uint32_t mapping)
{
	struct profile_mapping x;
	uint64_t key;

	if (mapping == PROFILE_NONE || m->mapped[mapping] != PROFILE_NONE)
		return mapping == PROFILE_NONE ? PROFILE_NONE : m->mapped[mapping];
	x = m->from->mappings[mapping];
	x.file = map_string(m, x.file);
	x.build_id = map_string(m, x.build_id);
	key = spread(rounded_size(&x)) + spread(x.offset) * 3 + build_id_or_file(&x);
	table_make_room(&m->mappings);
	m->mapped[mapping] = find_mapping(m, &x, key);
	if (m->mapped[mapping] == PROFILE_NONE) {
		m->mapped[mapping] = profile_add_mapping(m->out, &x);
		table_put(&m->mappings, key, m->mapped[mapping]);
	}
	m->shifts[mapping] = m->out->mappings[m->mapped[mapping]].start - x.start;
	return m->mapped[mapping];
}

static uint32_t map_location(struct merging *m, uint32_t location)
{
	const struct profile_location *from = m->from->locations + location;
	struct profile_location l = *from;

	if (m->locations[location] != PROFILE_NONE)
		return m->locations[location];
	l.mapping = map_mapping(m, from->mapping);
	if (from->mapping != PROFILE_NONE)
		l.address += m->shifts[from->mapping];
	if (l.line_count > m->line_room) {
		m->line_room = l.line_count * (size_t)2;
		m->lines = NEW_ARRAY(m->scratch, struct profile_line, m->line_room);
	}
	for (size_t i = 0; i < l.line_count; i++) {
		m->lines[i] = m->from->lines[from->first_line + i];
		m->lines[i].function = map_function(m, m->lines[i].function);
	}
	m->locations[location] = profile_intern_location(m->out, &l, m->lines, l.line_count);
	return m->locations[location];
}

static uint32_t map_stack(struct merging *m, uint32_t stack)
{
	const struct profile_span *span = m->from->stacks + stack;
	const uint32_t *frames = m->from->frames + span->first;

	if (m->stacks[stack] != PROFILE_NONE)
		return m->stacks[stack];
	for (size_t i = 0; i < span->count; i++) {
		uint32_t known = m->locations[frames[i]];

		m->frames[i] = known != PROFILE_NONE ? known : map_location(m, frames[i]);
	}
	m->stacks[stack] = profile_stack(m->out, m->frames, span->count);
	return m->stacks[stack];
}

static uint32_t map_label_set(struct merging *m, uint32_t set, bool mark_base)
{
	const struct profile_span *span = m->from->label_sets + set;
	struct profile_label *labels;
	size_t count = 0;

	if (m->label_sets[set] != PROFILE_NONE)
		return m->label_sets[set];
	labels = NEW_ARRAY(m->scratch, struct profile_label, span->count + (size_t)1);
	for (size_t i = 0; i < span->count; i++) {
		struct profile_label l = m->from->labels[span->first + i];

		if (mark_base && text_equal(profile_text(m->from, l.key), MERGE_BASE_LABEL))
			continue;
		l.key = map_string(m, l.key);
		l.text = map_string(m, l.text);
		l.unit = map_string(m, l.unit);
		labels[count++] = l;
	}
	if (mark_base) {
		labels[count++] = (struct profile_label){.key = profile_string_of(m->out, MERGE_BASE_LABEL),
							 .text = profile_string_of(m->out, "true")};
		profile_sort_labels(m->out, labels, count);
	}
	m->label_sets[set] = profile_label_set(m->out, labels, count);
	return m->label_sets[set];
}

/* Integers stay exact where nothing is to be multiplied. */
static int64_t scaled(int64_t value, double ratio, bool negate, bool *clipped)
{
	double product;

	if (ratio != 1) {
		product = round((double)value * ratio);
		if (product >= 0x1p63 || product < -0x1p63) {
			*clipped = true;
			value = product > 0 ? INT64_MAX : INT64_MIN;
		} else {
			value = (int64_t)product;
		}
	}
	if (!negate)
		return value;
	if (value == INT64_MIN) {
		*clipped = true;
		return INT64_MAX;
	}
	return -value;
}

static void add_values(struct merging *m, uint32_t stack, uint32_t set)
{
	size_t width = m->out->type_count;
	uint32_t row = table_find_or_put(&m->samples, (uint64_t)stack << 32 | set, (uint32_t)m->out->sample_count);
	int64_t *sums;

	if (row == m->out->sample_count) {
		profile_add_sample(m->out, stack, set, m->values);
		return;
	}
	sums = m->out->values + row * width;
	for (size_t k = 0; k < width; k++) {
		if (__builtin_add_overflow(sums[k], m->values[k], sums + k)) {
			sums[k] = m->values[k] > 0 ? INT64_MAX : INT64_MIN;
			*m->clipped = true;
		}
	}
}

static void begin_input(struct merging *m, const struct profile *from)
{
	size_t longest = 0;

	m->from = from;
	m->strings = new_map(m->scratch, from->string_count);
	m->functions = new_map(m->scratch, from->function_count);
	m->locations = new_map(m->scratch, from->location_count);
	m->mapped = new_map(m->scratch, from->mapping_count);
	m->label_sets = new_map(m->scratch, from->label_set_count);
	m->stacks = new_map(m->scratch, from->stack_count);
	m->shifts = NEW_ARRAY(m->scratch, uint64_t, from->mapping_count + 1);
	for (size_t i = 0; i < from->stack_count; i++)
		longest = from->stacks[i].count > longest ? from->stacks[i].count : longest;
	m->frames = NEW_ARRAY(m->scratch, uint32_t, longest + 1);
	/* The first mapping there is stands for the main program, used or not. */
	if (!m->out->mapping_count && from->mapping_count)
		map_mapping(m, 0);
}

static void take_samples(struct merging *m, const struct merge_input *input, const size_t *columns,
			 const double *ratios, const double *scales)
{
	const struct profile *from = input->profile;
	size_t width = m->types->count;

	for (size_t i = 0; i < from->sample_count; i++) {
		const int64_t *row = from->values + i * from->type_count;
		bool any = false;

		for (size_t k = 0; k < width; k++) {
			double ratio = scales && !input->negate ? ratios[k] * scales[k] : ratios[k];

			m->values[k] = scaled(row[columns[k]], ratio, input->negate, m->clipped);
			any |= m->values[k] != 0;
		}
		if (any)
			add_values(m, map_stack(m, from->sample_stacks[i]),
				   map_label_set(m, from->sample_labels[i], input->mark_base));
	}
}

/* google/pprof, merge.go: combineHeaders. */
static void join_header(struct merging *m, const struct profile *from, double period_ratio, bool first)
{
	struct profile *out = m->out;
	int64_t period = scaled(from->period, period_ratio, false, m->clipped);

	if (from->time_ns && (!out->time_ns || from->time_ns < out->time_ns))
		out->time_ns = from->time_ns;
	if (__builtin_add_overflow(out->duration_ns, from->duration_ns, &out->duration_ns))
		out->duration_ns = INT64_MAX;
	if (!out->period || out->period < period)
		out->period = period;
	for (size_t i = 0; i < from->comment_count; i++) {
		uint32_t comment = profile_string(out, from->strings[from->comments[i]]);
		size_t next = out->comment_count;

		if (table_find_or_put(&m->comments, comment, (uint32_t)next) == next)
			profile_add_comment(out, comment);
	}
	if (!out->default_type)
		out->default_type = profile_string(out, from->strings[from->default_type]);
	if (!out->doc_url)
		out->doc_url = profile_string(out, from->strings[from->doc_url]);
	if (first) {
		out->drop_frames = profile_string(out, from->strings[from->drop_frames]);
		out->keep_frames = profile_string(out, from->strings[from->keep_frames]);
	}
}

static void merge_into(struct profile *out, struct arena *a, const struct merge_input *inputs, size_t count,
		       const struct merge_types *types, const double *scales, bool *clipped)
{
	struct arena *scratch = arena_open_child(a);
	struct merging m = {.scratch = scratch, .out = out, .types = types, .clipped = clipped};
	size_t samples = 0, frames = 0;

	m.samples.arena = m.mappings.arena = m.comments.arena = scratch;
	m.values = NEW_ARRAY(scratch, int64_t, types->count + 1);
	profile_init(out, a);
	for (size_t k = 0; k < types->count; k++)
		profile_add_type(out, types->names[k], types->units[k]);
	out->period_type.name = profile_string_of(out, types->period_name);
	out->period_type.unit = profile_string_of(out, types->period_unit);
	/* Bases and heads mostly have the same stacks; if not, the lists grow. */
	for (size_t i = 0; i < count; i++) {
		samples += inputs[i].profile->sample_count;
		frames = inputs[i].profile->frame_count > frames ? inputs[i].profile->frame_count : frames;
	}
	profile_reserve(out, samples, frames);
	for (size_t i = 0; i < count; i++) {
		join_header(&m, inputs[i].profile, types->period_ratios[i], i == 0);
		begin_input(&m, inputs[i].profile);
		take_samples(&m, inputs + i, types->columns[i], types->ratios[i], scales);
	}
	arena_close(scratch);
}

static bool any_zero_sample(const struct profile *p)
{
	for (size_t i = 0; i < p->sample_count; i++) {
		size_t k = 0;

		while (k < p->type_count && !p->values[i * p->type_count + k])
			k++;
		if (k == p->type_count)
			return true;
	}
	return false;
}

void merge_compact(struct arena *a, const struct profile *p, struct profile *out)
{
	struct arena *scratch = arena_open_child(a);
	struct merge_input input = {.profile = p};
	struct merge_types types;
	bool clipped = false, agreed = merge_agree(scratch, &input, 1, &types, NEW(scratch, struct err));

	assert(agreed); /* with itself */
	(void)agreed;
	merge_into(out, a, &input, 1, &types, NULL, &clipped);
	arena_close(scratch);
}

void merge_profiles(struct arena *a, const struct merge_input *inputs, size_t count, const struct merge_types *types,
		    const double *scales, struct profile *out, bool *clipped)
{
	struct arena *room = arena_open_child(a);
	struct profile sums;

	merge_into(out, room, inputs, count, types, scales, clipped);
	/* What cancelled must not leave its locations behind. */
	if (any_zero_sample(out)) {
		sums = *out;
		merge_compact(a, &sums, out);
		arena_close(room);
	}
}

double *merge_normalization(struct arena *a, const struct merge_input *inputs, size_t count,
			    const struct merge_types *types)
{
	double *scales = NEW_ARRAY(a, double, types->count + 1);

	for (size_t k = 0; k < types->count; k++) {
		double head = 0, base = 0;

		for (size_t i = 0; i < count; i++) {
			const struct profile *p = inputs[i].profile;
			double sum = 0;

			for (size_t s = 0; s < p->sample_count; s++)
				sum += (double)p->values[s * p->type_count + types->columns[i][k]];
			*(inputs[i].negate ? &base : &head) += sum * types->ratios[i][k];
		}
		scales[k] = head != 0 ? base / head : 0;
	}
	return scales;
}
