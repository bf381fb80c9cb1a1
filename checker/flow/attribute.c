/* From samples of both sides to the functions that a change comes from. */
#include "flow/attribute.h"

#include "flow/attribute_work.h"
#include "stats/distribution.h"
#include "stats/multiple.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const double LEVEL = 0.05;
/* Functions with less of the benchmark on both sides are not asked about: so many questions would hide the answers. */
static const double LEAST_SHARE = 0.005;
/* A function explains a change when it is at least so much of it, ... */
static const double LEAST_PART = 0.1;
/* ... and so many standard errors from none. */
static const double LEAST_ERRORS = 3;

/* Standard normal quantiles of 97.5 % and 90 %. */
static const double Z_TWO_SIDED = 1.959963984540054, Z_POWER = 1.2815515655446004;

bool work_counts(const struct attribute_work *w, const struct attribution_change *c)
{
	double least = fmax(w->request->min_effect_ratio * w->benchmark.base, LEAST_ERRORS * c->error);

	return c->q <= w->level && fabs(c->change) > least && fabs(c->change) >= LEAST_PART * fabs(w->change);
}

struct cost_table work_table(const struct attribute_work *w)
{
	size_t count = w->stacks.function_count;

	return (struct cost_table){
		.cells = arena_array(w->arena, count, w->stacks.group_count * sizeof(double)),
		.samples = {NEW_ARRAY(w->arena, double, count), NEW_ARRAY(w->arena, double, count)},
	};
}

void work_add(const struct attribute_work *w, struct cost_table *out, uint32_t function, const struct stacked_entry *e)
{
	out->cells[(size_t)function * w->stacks.group_count + e->group] += e->cost;
	out->samples[e->group >= w->stacks.base_groups][function] += e->samples;
}

size_t work_test(struct attribute_work *w, const struct cost_table *costs, struct attribution_change *out)
{
	size_t count = w->stacks.function_count, tested = 0;
	size_t *places = NEW_ARRAY(w->arena, size_t, count);
	double *p = NEW_ARRAY(w->arena, double, count), base = w->benchmark.base, head = w->benchmark.head;

	for (size_t i = 0; i < count; i++) {
		const struct cost_evidence evidence = {costs->samples[0][i], costs->samples[1][i], w->part_only};

		out[i] = cost_test(w->arena, &w->plan, costs->cells + i * w->stacks.group_count, &evidence);
		if (out[i].base < LEAST_SHARE * base && out[i].head < LEAST_SHARE * head)
			continue;
		p[tested] = out[i].p;
		places[tested++] = i;
	}
	benjamini_hochberg(w->arena, p, tested, p);
	for (size_t i = 0; i < tested; i++)
		out[places[i]].q = p[i];
	return tested;
}

void work_add_totals(struct attribute_work *w, const bool *without, struct cost_table *out)
{
	uint32_t *seen = NEW_ARRAY(w->arena, uint32_t, w->stacks.function_count);

	for (size_t i = 0; i < w->stacks.entry_count; i++) {
		const struct stacked_entry *e = w->stacks.entries + i;
		size_t count;
		const uint32_t *frames = path_frames(&w->stacks, e->path, &count);

		if (without && without[w->owner[e->path]])
			continue;
		/* A recursive function stands in a stack several times. */
		for (size_t k = 0; k < count; k++) {
			uint32_t f = FRAME_FUNCTION(frames[k]);

			if (seen[f] == i + 1)
				continue;
			seen[f] = (uint32_t)i + 1;
			work_add(w, out, f, e);
		}
	}
}

static void find_path_changes(struct attribute_work *w)
{
	double base = 1 / (double)w->stacks.base_groups;
	double head = 1 / (double)(w->stacks.group_count - w->stacks.base_groups);

	for (size_t i = 0; i < w->stacks.entry_count; i++) {
		const struct stacked_entry *e = w->stacks.entries + i;

		w->path_change[e->path] += e->group < w->stacks.base_groups ? -e->cost * base : e->cost * head;
		w->path_sides[e->path] |= e->group < w->stacks.base_groups ? 1 : 2;
	}
}

static void sum_samples(const struct stacked *s, double *base, double *head)
{
	*base = *head = 0;
	for (size_t i = 0; i < s->group_count; i++)
		*(i < s->base_groups ? base : head) += s->samples[i];
}

static bool is_measured(const struct attribution_side *side)
{
	for (size_t i = 0; i < side->group_count; i++)
		if (side->groups[i].cost <= 0)
			return false;
	return true;
}

static void test_benchmark(struct attribute_work *w)
{
	struct cost_evidence evidence = {w->plan.base_samples, w->plan.head_samples, false};

	w->part_only = is_measured(&w->request->base) && is_measured(&w->request->head);
	if (w->part_only && w->plan.method != ATTRIBUTION_POISSON)
		evidence.base_samples = evidence.head_samples = 0;
	w->benchmark = cost_test(w->arena, &w->plan, w->stacks.cost, &evidence);
	w->benchmark.q = w->benchmark.p;
	w->change = w->request->change.known ? w->request->change.value : w->benchmark.change;
	w->change_is_real = w->request->change.known ||
			    (w->benchmark.p <= w->level &&
			     fabs(w->benchmark.change) > w->request->min_effect_ratio * w->benchmark.base);
}

static void work_begin(struct arena *a, const struct attribute_request *request, struct attribute_work *w)
{
	*w = (struct attribute_work){.arena = a,
				     .request = request,
				     .stacks = stack_groups(a, request),
				     .plan = cost_plan_make(a, request),
				     .level = request->level > 0 ? request->level : LEVEL};
	size_t functions = w->stacks.function_count, paths = w->stacks.paths->stack_count;

	sum_samples(&w->stacks, &w->plan.base_samples, &w->plan.head_samples);
	w->named = NEW_ARRAY(a, bool, functions);
	w->owner = NEW_ARRAY(a, uint32_t, paths);
	w->path_change = NEW_ARRAY(a, double, paths);
	w->path_sides = NEW_ARRAY(a, unsigned char, paths);
	w->own = NEW_ARRAY(a, struct attribution_change, functions);
	w->total = NEW_ARRAY(a, struct attribution_change, functions);
	w->states = NEW_ARRAY(a, enum change_state, functions);
	w->moved_under = NEW_ARRAY(a, uint32_t, functions);
}

/* Order of rows. */
struct placed {
	double change;
	const struct stacked_function *function;
	uint32_t number;
};

static int compare_placed(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;
	int order;

	if (a->change < b->change || a->change > b->change)
		return a->change > b->change ? -1 : 1;
	order = strcmp(a->function->name, b->function->name);
	if (!order)
		order = strcmp(a->function->file, b->function->file);
	return order ? order : (a->number > b->number) - (a->number < b->number);
}

/* The functions in the order of rows; `rows[f]` is the row of a function. */
static uint32_t *order_rows(const struct attribute_work *w, size_t *rows)
{
	size_t count = w->stacks.function_count;
	struct placed *placed = NEW_ARRAY(w->arena, struct placed, count);
	uint32_t *order = NEW_ARRAY(w->arena, uint32_t, count);

	for (uint32_t i = 0; i < count; i++)
		placed[i] = (struct placed){fabs(w->own[i].change), w->stacks.functions + i, i};
	qsort(placed, count, sizeof *placed, compare_placed);
	for (size_t i = 0; i < count; i++) {
		order[i] = placed[i].number;
		rows[placed[i].number] = i;
	}
	return order;
}

static void fill_callers(struct attribute_work *w, uint32_t function, const size_t *rows, struct attribution_row *row)
{
	const uint32_t *callers = work_callers(w, function, &row->caller_count);
	size_t *out = NEW_ARRAY(w->arena, size_t, row->caller_count);

	for (size_t i = 0; i < row->caller_count; i++)
		out[i] = rows[callers[i]];
	row->callers = out;
}

static void fill_rows(struct attribute_work *w, const uint32_t *order, const size_t *rows,
		      const struct cost_table *owned, struct attribution *out)
{
	out->row_count = w->stacks.function_count;
	out->rows = NEW_ARRAY(w->arena, struct attribution_row, out->row_count);
	for (size_t i = 0; i < out->row_count; i++) {
		uint32_t f = order[i];
		const struct stacked_function *function = w->stacks.functions + f;
		struct attribution_row *row = out->rows + i;

		*row = (struct attribution_row){
			.name = function->name,
			.file = function->file,
			.line = function->line,
			.hot_line = function->hot_line,
			.last_line = function->last_line,
			.state = w->states[f],
			.own = w->own[f],
			.total = w->total[f],
			.base_share = w->benchmark.base > 0 ? w->own[f].base / w->benchmark.base : 0,
			.head_share = w->benchmark.head > 0 ? w->own[f].head / w->benchmark.head : 0,
			.base_samples = owned->samples[0][f],
			.head_samples = owned->samples[1][f],
			.moved_under = w->moved_under[f] == PROFILE_NONE ? ATTRIBUTION_NONE : rows[w->moved_under[f]],
		};
		if (row->state != CHANGE_SAME)
			fill_callers(w, f, rows, row);
	}
}

static void add_cause(const struct attribute_work *w, size_t row, bool with_callees, const struct attribution_change *c,
		      struct attribution *out)
{
	double change = w->change_is_real ? w->change : w->benchmark.change;

	out->causes[out->cause_count++] = (struct attribution_cause){
		.row = row,
		.with_callees = with_callees,
		.change = c->change,
		.low = c->low,
		.high = c->high,
		.p = c->p,
		.q = c->q,
		.part = fabs(change) > 0 ? c->change / change : 0,
	};
}

/* The last cause goes to its place: the largest comes first. */
static void sort_in(struct attribution *out)
{
	for (size_t i = out->cause_count - 1; i && fabs(out->causes[i].change) > fabs(out->causes[i - 1].change); i--) {
		struct attribution_cause cause = out->causes[i];

		out->causes[i] = out->causes[i - 1];
		out->causes[i - 1] = cause;
	}
}

/* What was renamed, split or inlined and became dearer by that is a cause for what is left. */
static void add_moved(struct attribute_work *w, const size_t *rows, struct attribution *out)
{
	bool *done = NEW_ARRAY(w->arena, bool, w->stacks.function_count);

	for (uint32_t f = 0; w->change_is_real && f < w->stacks.function_count; f++) {
		struct attribution_change sum;
		uint32_t under = w->moved_under[f], named;

		if (under == PROFILE_NONE || done[under])
			continue;
		done[under] = true;
		named = work_sum_moved(w, under, w->change, &sum);
		if (named == PROFILE_NONE || (sum.change > 0) != (w->change > 0) || !work_counts(w, &sum))
			continue;
		add_cause(w, rows[named], false, &sum, out);
		sort_in(out);
	}
}

/* What else explains the change: a function with what it calls. */
static void add_spread(struct attribute_work *w, const size_t *rows, double explained, bool system,
		       struct attribution *out)
{
	struct attribution_change spread;
	uint32_t f;

	if (!w->change_is_real || fabs(w->change - explained) < 0.5 * fabs(w->change))
		return;
	f = work_find_spread(w, w->change - explained, system, &spread);
	if (f == PROFILE_NONE)
		return;
	add_cause(w, rows[f], true, &spread, out);
	fill_callers(w, f, rows, out->rows + rows[f]);
	sort_in(out);
}

/* The largest cause is a part of malloc or the like, and explains little. */
static bool is_part_of_system(const struct attribute_work *w, const uint32_t *order, const struct attribution *out)
{
	return out->cause_count && out->causes[0].part < 0.5 && work_is_system(w, order[out->causes[0].row]);
}

/* Where code does more work, that it lies elsewhere is no news, however much that costs. */
static void put_layout_last(const struct attribute_work *w, struct attribution *out)
{
	struct attribution_cause *layout = NEW_ARRAY(w->arena, struct attribution_cause, out->cause_count + 1);
	size_t kept = 0, count = 0;

	for (size_t i = 0; i < out->cause_count; i++) {
		if (out->rows[out->causes[i].row].state == CHANGE_LAYOUT)
			layout[count++] = out->causes[i];
		else
			out->causes[kept++] = out->causes[i];
	}
	memcpy(out->causes + kept, layout, count * sizeof *layout);
}

/* Rows are in the order that causes have. */
static void fill_causes(struct attribute_work *w, const uint32_t *order, const size_t *rows, struct attribution *out)
{
	double explained = 0, without_system = 0;
	bool system;

	/* Each row as itself, what is left under each, and one with its callees. */
	out->causes = NEW_ARRAY(w->arena, struct attribution_cause, 2 * out->row_count + 1);
	for (size_t i = 0; i < out->row_count; i++) {
		const struct attribution_row *row = out->rows + i;

		if (row->state == CHANGE_SAME)
			continue;
		explained += row->own.change;
		without_system += work_is_system(w, order[i]) ? 0 : row->own.change;
		if (row->state != CHANGE_MOVED && (!w->change_is_real || (row->own.change > 0) == (w->change > 0)))
			add_cause(w, i, false, &row->own, out);
	}
	add_moved(w, rows, out);
	system = is_part_of_system(w, order, out);
	add_spread(w, rows, system ? without_system : explained, system, out);
	put_layout_last(w, out);
}

/*
 * Two Poisson counts, normal approximation: n = (z(1-a/2) + z(power))^2 (v1 + v2) / d^2, with variances v1 = s and
 * v2 = s (1 + e) a sample, difference d = s e (Shiue and Bain, Experiment size and power comparisons for two-sample Poisson
 * tests, Applied Statistics 31, 1982).
 */
double attribute_samples_needed(double share, double change_ratio, double overdispersion)
{
	double z = Z_TWO_SIDED + Z_POWER, d = share * change_ratio;

	return overdispersion * z * z * share * (2 + change_ratio) / (d * d);
}

/*
 * The error of a mean falls with the square root of what it is the mean of.  A function that is half of the change must be
 * seen with 90 % power where every function has the largest error of all: (z + z(90 %)) error <= change / 2, z being what
 * the false-discovery step asks of one changed function among all, and at least the floor of errors.
 */
static void tell_needed(const struct attribute_work *w, struct attribution *out)
{
	double error = 0, m = fmax(1, (double)w->tested);
	double z = fmax(LEAST_ERRORS, -normal_quantile(w->level / (2 * m))) + Z_POWER, ratio;
	size_t groups = out->base_groups < out->head_groups ? out->base_groups : out->head_groups;
	size_t least = w->plan.pair_count ? ATTRIBUTE_LEAST_PAIRS : ATTRIBUTE_LEAST_RUNS;

	for (size_t i = 0; i < w->stacks.function_count; i++)
		if (w->own[i].base >= LEAST_SHARE * w->benchmark.base ||
		    w->own[i].head >= LEAST_SHARE * w->benchmark.head)
			error = fmax(error, w->own[i].error);
	ratio = 2 * z * error / fabs(w->change);
	ratio *= ratio;
	if (ratio <= 1 && groups >= least) {
		out->reason = "the change is spread over functions of which none is a tenth of it";
		return;
	}
	out->reason = "the samples do not tell which function it is";
	out->samples_needed = ceil(fmax(ratio, 1) * fmin(out->base_samples, out->head_samples));
	out->groups_wanted = (size_t)fmin(ceil(fmax(ratio, 1) * (double)groups), 1e6);
	if (out->groups_wanted < least)
		out->groups_wanted = least;
}

static void tell_resolved(const struct attribute_work *w, struct attribution *out)
{
	out->reason = "";
	out->resolved = out->cause_count > 0 || !w->change_is_real;
	if (!out->resolved)
		tell_needed(w, out);
}

static double part_left_out(const double *values, size_t from, size_t to)
{
	double sum = 0;

	for (size_t i = from; i < to; i++)
		sum += values[i] / (double)(to - from);
	return sum;
}

static const char *unit_of(const struct attribute_request *r)
{
	const struct attribution_group *g = r->head.groups;

	return profile_text(g->profile, g->profile->types[g->type].unit);
}

void attribute(struct arena *a, const struct attribute_request *request, struct attribution *out)
{
	struct attribute_work w;
	struct cost_table costs;
	size_t *rows;
	uint32_t *order;
	struct cost_evidence none = {0};

	*out = (struct attribution){.unit = "", .method = request->method};
	if (!request->base.group_count || !request->head.group_count) {
		out->reason = "one side has no samples";
		return;
	}
	work_begin(a, request, &w);
	work_draw_in(&w);
	test_benchmark(&w);
	work_test_own(&w);
	find_path_changes(&w);
	costs = work_table(&w);
	work_add_totals(&w, NULL, &costs);
	work_test(&w, &costs, w.total);
	work_find_states(&w);
	out->method = w.plan.method;
	out->indicative = w.plan.indicative;
	out->unit = unit_of(request);
	out->benchmark = w.benchmark;
	out->unattributed = cost_test(a, &w.plan, w.stacks.unattributed, &none);
	out->tested = w.tested;
	out->base_groups = w.stacks.base_groups;
	out->head_groups = w.stacks.group_count - w.stacks.base_groups;
	out->pairs = w.plan.pair_count;
	out->base_samples = w.plan.base_samples;
	out->head_samples = w.plan.head_samples;
	out->base_left_out = part_left_out(w.stacks.left_out, 0, w.stacks.base_groups);
	out->head_left_out = part_left_out(w.stacks.left_out, w.stacks.base_groups, w.stacks.group_count);
	rows = NEW_ARRAY(a, size_t, w.stacks.function_count);
	order = order_rows(&w, rows);
	costs = work_table(&w);
	work_add_owned(&w, &costs);
	fill_rows(&w, order, rows, &costs, out);
	fill_causes(&w, order, rows, out);
	tell_resolved(&w, out);
}
