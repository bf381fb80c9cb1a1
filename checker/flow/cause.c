/* From profile slices to the groups that attribution compares. */
#include "flow/cause.h"

#include "base/file.h"
#include "base/text.h"
#include "graph/merge.h"

#include <string.h>

/* Two counts of one program differ by less in all that was measured. */
static const double count_noise = 0.0001;

static const double most_lost = 0.01; /* of the samples: what is lost is not lost at random */

/* What calls benchmark functions, where their own name is not found: google-benchmark, its C harness, Go's testing. */
static const char *const runners[] = {
	"benchmark::internal::BenchmarkInstance::Run",
	"benchmark::internal::FunctionBenchmark::Run",
	"benchmark::internal::LambdaBenchmark::Run",
	"testing.(*B).runN",
};

/* Above this much CPU time of the process for a nanosecond of the benchmark's own, other threads do the work. */
static const double shared_work = 1.3;

/* Runs of the same code differ by so much: the prior of flow/judge for two files of unknown origin. */
static const double run_spread = 0.05;

/* Part of the benchmark that may be in stacks which tell no place. */
static const double most_unplaced = 0.5;

/* Where CPU time surely is less of the change on the clock than this part, the rest is waiting. */
static const double waiting_part = 0.5;

/* Part of the samples that the benchmark's own function must have to be taken for it. */
static const double least_scope = 0.02;

static double cell_of(const struct slice_table *t, const struct slice *s, const char *metric)
{
	int column = table_metric(t, metric);

	return column >= 0 && s->cells[column].present ? s->cells[column].value : 0;
}

/* CPU time that no slice can take, thirty years: a run file may say anything. */
static const double most_cost = 1e18;

static double operations_of(const struct slice *s)
{
	return (double)s->iterations * (double)s->repetitions;
}

/* CPU time of the process, the part that its timed loop is: old google-benchmark tries how many iterations it takes first. */
static double process_cost(const struct slice_table *t, const struct slice *s)
{
	double timed_ns = cell_of(t, s, "real_time") * operations_of(s);
	double part = timed_ns > 0 && timed_ns < (double)s->wall_ns ? timed_ns / (double)s->wall_ns : 1;

	return (double)(s->user_ns + s->sys_ns) * part;
}

/* What the samples of a group are worth: the CPU time of the benchmark's own thread, that of the process, or nothing but
 * themselves. */
enum costing { COST_OWN, COST_PROCESS, COST_SAMPLES };

static double cost_of(const struct slice_table *t, const struct slice *s, enum costing costing)
{
	switch (costing) {
	case COST_OWN:
		return cell_of(t, s, "cpu_time") * operations_of(s);
	case COST_PROCESS:
		return process_cost(t, s);
	case COST_SAMPLES:
		break;
	}
	return 0;
}

static bool is_measured(const struct slice_table *t, const struct slice *s, enum costing costing)
{
	return operations_of(s) > 0 && cost_of(t, s, costing) <= most_cost;
}

static size_t cpu_type(const struct profile *p)
{
	size_t type = profile_type_find(p, "cpu");

	return type < p->type_count ? type : p->type_count - 1;
}

/* A group a profile slice: what it measured beside its samples says what they are worth. */
static struct attribution_side slices_of(struct arena *a, const struct slice_table *t, enum costing costing)
{
	struct attribution_group *groups = NEW_ARRAY(a, struct attribution_group, t->slice_count);
	struct attribution_side side = {.groups = groups};
	int64_t label = 0;

	for (size_t i = 0; i < t->slice_count; i++) {
		const struct slice *s = &t->slices[i];

		if (s->phase != PHASE_PROFILE)
			continue;
		label++;
		if (is_measured(t, s, costing))
			groups[side.group_count++] = (struct attribution_group){
				.profile = t->profile.stacks,
				.type = cpu_type(t->profile.stacks),
				.labelled = true,
				.label = label - 1,
				.block = s->block * 2 + s->position / 2,
				.operations = operations_of(s),
				.cost = cost_of(t, s, costing),
			};
	}
	return side;
}

/* A group a run, of all its slices: they share what makes runs differ. */
static struct attribution_side runs_of(struct arena *a, const struct slice_table *const *tables, size_t count,
				       bool in_turns, enum costing costing)
{
	struct attribution_group *groups = NEW_ARRAY(a, struct attribution_group, count);
	struct attribution_side side = {.groups = groups};

	for (size_t i = 0; i < count; i++) {
		const struct slice_table *t = tables[i];
		struct attribution_group g = {.profile = t->profile.stacks,
					      .type = cpu_type(t->profile.stacks),
					      .block = in_turns ? (int64_t)i : -1};

		for (size_t k = 0; k < t->slice_count; k++) {
			const struct slice *s = &t->slices[k];

			if (s->phase != PHASE_PROFILE || !is_measured(t, s, costing))
				continue;
			g.operations += operations_of(s);
			g.cost += cost_of(t, s, costing);
		}
		if (g.operations > 0)
			groups[side.group_count++] = g;
	}
	return side;
}

size_t cause_scope_names(struct arena *a, const char *bench, const char *names[CAUSE_SCOPE_NAMES])
{
	size_t whole = strcspn(bench, "/"), bare = strcspn(bench, "/<"), count = 0;
	size_t second = bench[whole] ? strcspn(bench + whole + 1, "/") : 0;

	names[count++] = arena_copy(a, bench, whole);
	if (bare < whole)
		names[count++] = arena_copy(a, bench, bare);
	/* A fixture: Fixture/Case is Fixture_Case_Benchmark::BenchmarkCase. */
	if (second)
		names[count++] = arena_printf(a, "%.*s_%.*s_Benchmark::BenchmarkCase", (int)whole, bench, (int)second,
					      bench + whole + 1);
	return count;
}

/* The benchmark's own thread is not where its work is done: what all threads do counts, and all of it. */
static bool works_elsewhere(const struct slice_table *t)
{
	double own = 0, all = 0;

	for (size_t i = 0; i < t->slice_count; i++) {
		const struct slice *s = &t->slices[i];

		if (s->phase != PHASE_PROFILE || s->wall_ns <= 0)
			continue;
		own += cell_of(t, s, "cpu_time") * operations_of(s);
		all += cell_of(t, s, "real_time") > 0 ? process_cost(t, s) : 0;
	}
	return all > shared_work * own;
}

/* The process as a whole is the benchmark: its own times are among what was measured. */
static bool is_process(const struct slice_table *t)
{
	return table_metric(t, "user_time") >= 0;
}

/* The stacks below the benchmark's own frame are all of it, in every run of the head. */
static bool has_own_frame(const struct cause_request *r)
{
	for (size_t i = 0; i < r->head_count; i++) {
		if (is_process(r->head[i]) || works_elsewhere(r->head[i]))
			return false;
	}
	return true;
}

/* Next to nothing was found below the benchmark's own frame: then what was found is another function of that name. */
static bool is_empty(const struct attribution *found, const struct cause_request *r)
{
	double all = 0;

	for (size_t i = 0; i < r->base_count; i++)
		all += (double)r->base[i]->profile.sample_count;
	for (size_t i = 0; i < r->head_count; i++)
		all += (double)r->head[i]->profile.sample_count;
	return found->base_samples + found->head_samples <= least_scope * all;
}

/* Stacks that end in a library without frame pointers reach neither the benchmark's frame nor its runner's. */
static bool is_lost(const struct attribution *r)
{
	return r->unattributed.base > most_unplaced * r->benchmark.base ||
	       r->unattributed.head > most_unplaced * r->benchmark.head;
}

static bool taken_alike(const struct run_profile *x, const struct run_profile *y)
{
	return x->stacks && y->stacks && x->stacks->type_count && y->stacks->type_count &&
	       text_equal(x->engine, y->engine) && text_equal(x->unwind, y->unwind);
}

static bool all_alike(const struct cause_request *r)
{
	for (size_t i = 0; i < r->base_count; i++) {
		if (!taken_alike(&r->base[i]->profile, &r->head[0]->profile))
			return false;
	}
	for (size_t i = 0; i < r->head_count; i++) {
		if (!taken_alike(&r->head[i]->profile, &r->head[0]->profile))
			return false;
	}
	return true;
}

/* Against nothing every function would be new, or gone. */
static void expect_samples(const struct cause_request *r, struct attribution *out)
{
	const struct slice_table *without = out->base_samples <= 0 ? r->base[0] : r->head[0];
	const char *trouble = without->profile.trouble;

	if (out->base_samples > 0 && out->head_samples > 0)
		return;
	out->cause_count = 0;
	out->resolved = false;
	out->reason = trouble && *trouble ? trouble : "one side has no samples";
}

/* Whether functions of that file have names; `name` is "[file]", what stands for a file without symbols. */
static bool has_names(const struct profile *p, const char *name)
{
	for (size_t i = 0; i < p->location_count; i++) {
		const struct profile_location *l = &p->locations[i];
		const char *file, *function;
		size_t size;

		if (l->mapping >= p->mapping_count || !l->line_count)
			continue;
		file = path_base(profile_text(p, p->mappings[l->mapping].file));
		size = strlen(file);
		if (!size || strncmp(name + 1, file, size) != 0 || !text_equal(name + 1 + size, "]") ||
		    p->lines[l->first_line].function >= p->function_count)
			continue;
		function = profile_text(p, p->functions[p->lines[l->first_line].function].name);
		if (*function && *function != '[')
			return true;
	}
	return false;
}

static bool some_has_names(const struct slice_table *const *tables, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++) {
		if (has_names(tables[i]->profile.stacks, name))
			return true;
	}
	return false;
}

/* Functions of one side, and the other's program without symbols, are not the same: all of them would be gone. */
static void expect_symbols(struct arena *a, const struct cause_request *r, struct attribution *out)
{
	for (size_t i = 0; i < out->row_count; i++) {
		const struct attribution_row *row = &out->rows[i];
		bool in_head = row->total.head > 0;

		if (row->name[0] != '[' || row->state == CHANGE_SAME || in_head == (row->total.base > 0) ||
		    !some_has_names(in_head ? r->base : r->head, in_head ? r->base_count : r->head_count, row->name))
			continue;
		out->cause_count = 0;
		out->resolved = true;
		out->samples_needed = 0;
		out->groups_wanted = 0;
		out->reason = arena_printf(a, "%s has no symbols in the %s and has some in the %s: strip neither side",
					   row->name, in_head ? "head" : "base", in_head ? "base" : "head");
		return;
	}
}

/* What waits is in no sample, however many there are: the clock's change is not the CPU's. */
static void expect_work(const struct cause_request *r, struct attribution *out)
{
	double part = waiting_part * r->change.value;

	if (out->resolved || !r->change.known || !text_equal(r->head[0]->clock, "real_time") ||
	    (r->change.value > 0 ? out->benchmark.high >= part : out->benchmark.low <= part))
		return;
	out->resolved = true;
	out->samples_needed = 0;
	out->groups_wanted = 0;
	out->reason = "the change is waiting, outside of the program: look at locks, sleeps and I/O";
}

static void expect_sense(struct arena *a, const struct cause_request *r, struct attribution *out)
{
	expect_samples(r, out);
	expect_symbols(a, r, out);
	expect_work(r, out);
}

static void attribute_costs(struct arena *a, const struct cause_request *r, enum costing costing,
			    struct attribute_request *request, struct attribution *out)
{
	if (r->one_check) {
		request->base = slices_of(a, r->base[0], costing);
		request->head = slices_of(a, r->head[0], costing);
	} else {
		request->base = runs_of(a, r->base, r->base_count, r->in_turns, costing);
		request->head = runs_of(a, r->head, r->head_count, r->in_turns, costing);
		request->run_spread_ratio = run_spread;
	}
	attribute(a, request, out);
}

bool cause_attribute(struct arena *a, const struct cause_request *r, struct attribution *out)
{
	struct attribute_request request = {
		.change = r->change,
		.min_effect_ratio = r->min_effect_ratio,
		.method = r->method,
	};
	const char *names[CAUSE_SCOPE_NAMES];

	if (!r->base_count || !r->head_count || !all_alike(r))
		return false;
	if (r->code && r->code->as_often) {
		request.same_code = r->code->alike;
		request.same_code_count = r->code->count;
		request.as_often = true;
	}
	if (r->scope) {
		/* What was measured beside the samples is the cost of the whole benchmark, not of that part of it. */
		request.scope.pattern = r->scope;
		attribute_costs(a, r, COST_SAMPLES, &request, out);
		expect_samples(r, out);
		return true;
	}
	request.scope.names = names;
	request.scope.name_count = cause_scope_names(a, r->head[0]->bench, names);
	request.scope.runners = runners;
	request.scope.runner_count = sizeof runners / sizeof runners[0];
	if (has_own_frame(r)) {
		attribute_costs(a, r, COST_OWN, &request, out);
		if (!is_empty(out, r) && !is_lost(out)) {
			expect_sense(a, r, out);
			return true;
		}
	}
	request.scope = (struct attribute_scope){0};
	attribute_costs(a, r, COST_PROCESS, &request, out);
	expect_sense(a, r, out);
	return true;
}

bool cause_find(struct arena *a, const struct slice_table *base, const struct slice_table *head, struct number change,
		double min_effect_ratio, const struct cause_code *code, struct attribution *out)
{
	const struct cause_request request = {.base = &base,
					      .head = &head,
					      .base_count = 1,
					      .head_count = 1,
					      .one_check = true,
					      .change = change,
					      .min_effect_ratio = min_effect_ratio,
					      .code = code};

	return cause_attribute(a, &request, out);
}

bool cause_against_runs(struct arena *a, const struct slice_table *const *runs, size_t run_count,
			const struct slice_table *head, struct number change, double min_effect_ratio,
			struct attribution *out)
{
	const struct slice_table **alike = NEW_ARRAY(a, const struct slice_table *, run_count);
	struct cause_request request = {
		.base = alike, .head = &head, .head_count = 1, .change = change, .min_effect_ratio = min_effect_ratio};

	for (size_t i = 0; i < run_count; i++) {
		if (taken_alike(&runs[i]->profile, &head->profile))
			alike[request.base_count++] = runs[i];
	}
	return request.base_count >= ATTRIBUTE_LEAST_RUNS && cause_attribute(a, &request, out);
}

/* What one iteration more executes: the difference of two processes, so that start-up and set-up are out of it. */
static bool group_of_counts(struct arena *a, const struct run_counts *c, struct attribution_group *out)
{
	struct merge_input inputs[] = {{.profile = c->many}, {.profile = c->few, .negate = true}};
	struct profile *difference = NEW(a, struct profile);
	struct merge_types types;
	struct err ignored;
	bool clipped;

	if (!c->many || !c->few || c->many_iterations <= c->few_iterations ||
	    !merge_agree(a, inputs, 2, &types, &ignored))
		return false;
	merge_profiles(a, inputs, 2, &types, NULL, difference, &clipped);
	*out = (struct attribution_group){
		.profile = difference,
		.type = 0,
		.block = -1,
		.operations = (double)(c->many_iterations - c->few_iterations),
	};
	return true;
}

bool cause_of_counts(struct arena *a, const struct slice_table *base, const struct slice_table *head,
		     struct number change, double min_effect_ratio, struct attribution *out)
{
	struct attribution_group groups[2];
	struct attribute_request request = {
		.base = {&groups[0], 1},
		.head = {&groups[1], 1},
		.method = ATTRIBUTION_EXACT,
		.change = change,
		.min_effect_ratio = min_effect_ratio,
		.noise_ratio = count_noise,
	};

	if (!group_of_counts(a, &base->counts, &groups[0]) || !group_of_counts(a, &head->counts, &groups[1]))
		return false;
	attribute(a, &request, out);
	return true;
}

const char *cause_obstacle(struct arena *a, const struct run_profile *p)
{
	double all = (double)(p->sample_count + p->lost_count);

	if (p->engine && all > 0 && (double)p->lost_count > most_lost * all)
		return arena_printf(a,
				    "%.2g %% of the samples were lost, so the cause is not judged; a lower `rate` in "
				    "`profile` loses fewer",
				    100 * (double)p->lost_count / all);
	return NULL;
}
