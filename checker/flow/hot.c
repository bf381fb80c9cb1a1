/* Shares of functions, over groups and benchmarks. */
#include "flow/hot.h"

#include "flow/cause.h"
#include "stats/distribution.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* What is gathered of one function, by its name. */
struct gathered {
	uint32_t function; /* of `from`, for file and line */
	const struct profile *from;
	double share, total, variance; /* sums over the benchmarks */
	struct hot_bench *benches;
	size_t bench_count, bench_capacity;
};

struct gathering {
	struct arena *arena;
	struct profile names; /* its strings are the functions' names */
	struct gathered *at;  /* by string */
	size_t count, capacity;
};

/* One benchmark: own and total cost of every name by group. */
struct sums {
	size_t groups, names;
	double *own, *total; /* names x groups */
	double *all;         /* by group */
	uint32_t *seen;      /* by name: the sample that it was seen in last */
};

static size_t name_of(struct gathering *g, const struct profile *p, const struct profile_line *line)
{
	const char *text = line->function < p->function_count ? profile_text(p, p->functions[line->function].name) : "";
	size_t i = profile_string_of(&g->names, *text ? text : "[unknown]");

	while (g->count <= i) {
		g->at = arena_reserve(g->arena, g->at, g->count, &g->capacity, sizeof *g->at);
		g->at[g->count++] = (struct gathered){0};
	}
	if (!g->at[i].from) {
		g->at[i].from = p;
		g->at[i].function = line->function;
	}
	return i;
}

/* The name of every line, so that samples need not look it up. */
static uint32_t *names_of_lines(struct gathering *g, const struct profile *p)
{
	uint32_t *names = NEW_ARRAY(g->arena, uint32_t, p->line_count);

	for (size_t i = 0; i < p->line_count; i++)
		names[i] = (uint32_t)name_of(g, p, &p->lines[i]);
	return names;
}

static size_t group_of(const struct profile *p, size_t sample, size_t groups)
{
	const struct profile_span *set = &p->label_sets[p->sample_labels[sample]];

	for (size_t i = 0; i < set->count; i++) {
		const struct profile_label *l = &p->labels[set->first + i];

		if (l->numeric && text_equal(profile_text(p, l->key), "pawl_group"))
			return l->number >= 0 && (size_t)l->number < groups ? (size_t)l->number : groups;
	}
	return groups;
}

/* How many frames from the leaf on are the benchmark's; all of them where its own function is not among them. */
static size_t scope_of(const struct profile *p, const struct profile_span *stack, const bool *is_bench)
{
	for (size_t i = stack->count; i-- > 0;) {
		const struct profile_location *l = &p->locations[p->frames[stack->first + i]];

		for (size_t k = 0; k < l->line_count; k++) {
			if (is_bench[l->first_line + k])
				return i + 1;
		}
	}
	return 0;
}

/* Lines of the benchmark's own function; false: there is none. */
static bool find_bench_lines(struct arena *a, const struct profile *p, const char *bench, bool *is_bench)
{
	const char *names[CAUSE_SCOPE_NAMES];
	size_t count = cause_scope_names(a, bench, names);
	bool any = false;

	for (size_t i = 0; i < p->line_count; i++) {
		uint32_t function = p->lines[i].function;
		const char *name = function < p->function_count ? profile_text(p, p->functions[function].name) : "";

		for (size_t k = 0; k < count && !is_bench[i]; k++) {
			size_t size = strlen(names[k]);
			const char *found = strstr(name, names[k]);

			/* bench::BM_parse(benchmark::State&) is BM_parse. */
			is_bench[i] = found &&
				      (found == name || found[-1] == ':' || found[-1] == ' ' || found[-1] == '.') &&
				      (!found[size] || strchr("(<", found[size]));
		}
		any = any || is_bench[i];
	}
	return any;
}

static void add_sample(struct sums *s, const struct profile *p, const uint32_t *names, size_t sample, size_t depth,
		       size_t group, double value)
{
	const struct profile_span *stack = &p->stacks[p->sample_stacks[sample]];
	bool leaf = true;

	s->all[group] += value;
	for (size_t i = 0; i < depth; i++) {
		const struct profile_location *l = &p->locations[p->frames[stack->first + i]];

		for (size_t k = 0; k < l->line_count; k++) {
			uint32_t name = names[l->first_line + k];

			if (leaf)
				s->own[name * s->groups + group] += value;
			leaf = false;
			if (s->seen[name] == sample + 1)
				continue;
			s->seen[name] = (uint32_t)sample + 1;
			s->total[name * s->groups + group] += value;
		}
	}
}

/* Mean and variance of the mean of own / all over the groups with samples. */
static void shares_of(const struct sums *s, const double *part, double *mean, double *variance)
{
	size_t n = 0;
	double squares = 0;

	*mean = 0;
	for (size_t g = 0; g < s->groups; g++) {
		if (s->all[g] > 0)
			*mean += (part[g] / s->all[g] - *mean) / (double)++n;
	}
	for (size_t g = 0; g < s->groups; g++) {
		if (s->all[g] > 0)
			squares += pow(part[g] / s->all[g] - *mean, 2);
	}
	*variance = n > 1 ? squares / (double)(n - 1) / (double)n : 0;
}

static void conclude_bench(struct gathering *g, const struct sums *s, const char *bench)
{
	for (size_t i = 0; i < s->names; i++) {
		struct gathered *at = &g->at[i];
		double own, total, variance, ignored;

		shares_of(s, s->own + i * s->groups, &own, &variance);
		shares_of(s, s->total + i * s->groups, &total, &ignored);
		at->share += own;
		at->total += total;
		at->variance += variance;
		if (own <= 0)
			continue;
		at->benches =
			arena_reserve(g->arena, at->benches, at->bench_count, &at->bench_capacity, sizeof *at->benches);
		at->benches[at->bench_count++] = (struct hot_bench){bench, own};
	}
}

static size_t count_groups(const struct slice_table *t)
{
	size_t count = 0;

	for (size_t i = 0; i < t->slice_count; i++)
		count += t->slices[i].phase == PHASE_PROFILE;
	return count ? count : 1;
}

static void gather(struct gathering *g, const struct slice_table *t, struct hot_rows *out)
{
	const struct profile *p = t->profile.stacks;
	size_t type = profile_type_find(p, "cpu") < p->type_count ? profile_type_find(p, "cpu") : p->type_count - 1;
	uint32_t *names = names_of_lines(g, p);
	bool *is_bench = NEW_ARRAY(g->arena, bool, p->line_count);
	bool scoped = find_bench_lines(g->arena, p, t->bench, is_bench);
	struct sums s = {.groups = count_groups(t), .names = g->count};

	s.own = NEW_ARRAY(g->arena, double, s.names *s.groups);
	s.total = NEW_ARRAY(g->arena, double, s.names *s.groups);
	s.all = NEW_ARRAY(g->arena, double, s.groups);
	s.seen = NEW_ARRAY(g->arena, uint32_t, s.names);
	for (size_t i = 0; i < p->sample_count; i++) {
		const struct profile_span *stack = &p->stacks[p->sample_stacks[i]];
		size_t depth = scoped ? scope_of(p, stack, is_bench) : stack->count;
		size_t group = s.groups == 1 ? 0 : group_of(p, i, s.groups);
		double value = (double)p->values[i * p->type_count + type];

		if (!depth || group == s.groups || value <= 0)
			continue;
		add_sample(&s, p, names, i, depth, group, value);
		out->sample_count += 1;
	}
	conclude_bench(g, &s, t->bench);
	out->group_count += s.groups;
	out->bench_count++;
}

static int by_bench_share(const void *left, const void *right)
{
	const struct hot_bench *a = left, *b = right;

	if (a->share != b->share)
		return a->share < b->share ? 1 : -1;
	return strcmp(a->bench, b->bench);
}

static int by_share(const void *left, const void *right)
{
	const struct hot_row *a = left, *b = right;

	if (a->share != b->share)
		return a->share < b->share ? 1 : -1;
	return strcmp(a->name, b->name);
}

static struct hot_row row_of(struct gathering *g, size_t name, const struct hot_rows *out)
{
	struct gathered *at = &g->at[name];
	double benches = (double)out->bench_count, df = (double)out->group_count - benches;
	double half = df >= 1 ? student_t_quantile(0.975, df) * sqrt(at->variance) / benches : INFINITY;
	struct hot_row row = {
		.name = profile_text(&g->names, (uint32_t)name),
		.file = "",
		.share = at->share / benches,
		.total_share = at->total / benches,
		.benches = at->benches,
		.bench_count = at->bench_count,
	};

	row.low_share = fmax(0, row.share - half);
	row.high_share = fmin(1, row.share + half);
	if (at->function < at->from->function_count) {
		row.file = profile_text(at->from, at->from->functions[at->function].file);
		row.line = at->from->functions[at->function].start_line;
	}
	if (at->bench_count > 1)
		qsort(at->benches, at->bench_count, sizeof *at->benches, by_bench_share);
	return row;
}

struct hot_rows hot_functions(struct arena *a, const struct run *run, const char *suite)
{
	struct gathering g = {.arena = a};
	struct hot_rows out = {0};

	profile_init(&g.names, a);
	for (size_t i = 0; i < run->table_count; i++) {
		if (text_equal(run->tables[i].suite, suite) && run->tables[i].profile.stacks)
			gather(&g, &run->tables[i], &out);
	}
	out.rows = NEW_ARRAY(a, struct hot_row, g.count);
	for (size_t i = 0; i < g.count; i++) {
		if (g.at[i].total > 0)
			out.rows[out.count++] = row_of(&g, i, &out);
	}
	if (out.count > 1)
		qsort(out.rows, out.count, sizeof *out.rows, by_share);
	return out;
}
