/* One profile slice, and what many of them add up to. */
#include "flow/profiling_slice.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/random.h"
#include "flow/cause.h"
#include "graph/merge.h"
#include "symbol/symbolize.h"

#include <sched.h>
#include <string.h>

enum {
	STORED_RATE_HZ = 999, /* no divisor of the rates that systems tick with */
	CAUSE_RATE_HZ = 4999,
	MOST_PADDING = 4096, /* as timing slices have */
};

static const double most_iterations = 1e9; /* google-benchmark's own limit */

static void warn_once(struct measuring *m, const char *text)
{
	struct run *run = m->sides[SIDE_HEAD]->run;

	for (size_t i = 0; i < run->warning_count; i++) {
		if (text_equal(run->warnings[i], text))
			return;
	}
	run_warn(m->arena, run, "%s", text);
}

/* Why it cannot be done stands in the tables, as trouble of no engine. */
static void cannot(struct profiling_job *p, const char *reason)
{
	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
		struct slice_table *t = p->job->benches[0].tables[side];

		if (t)
			t->profile.trouble = arena_string(p->m->arena, reason);
	}
}

/* The sampler that pawl.yml names, or the first that works here. */
static bool choose_sampler(struct profiling_job *p)
{
	struct measuring *m = p->m;
	const struct suite_profiling *wanted = &p->job->settings->profile;
	const char *why_not = "";
	struct err err = {0};

	if (wanted->engine) {
		p->sampler = sampler_find(wanted->engine);
		if (p->sampler->probe(m->arena, &err))
			return true;
		p->sampler = NULL;
	} else {
		p->sampler = m->sampler ? m->sampler : sampler_choose(m->arena, &why_not, &err);
		m->sampler = p->sampler;
	}
	if (p->sampler)
		return true;
	warn_once(m, arena_printf(m->arena, "no profiles, so no cause can be named: %s", err.text));
	cannot(p, err.text);
	return false;
}

bool profiling_begin(struct measuring *m, struct job *j, int64_t slice_ns, bool thoroughly, struct profiling_job *out)
{
	const struct suite_profiling *wanted = &j->settings->profile;
	int64_t rate_hz = thoroughly ? CAUSE_RATE_HZ : STORED_RATE_HZ;

	*out = (struct profiling_job){.m = m, .job = j, .how = j->how};
	if (!choose_sampler(out))
		return false;
	out->spec = (struct sampling_spec){
		.rate_hz = wanted->rate_hz ? wanted->rate_hz : rate_hz,
		.unwind = wanted->dwarf ? UNWIND_DWARF : UNWIND_FRAMES,
		.scratch = path_join(m->arena, m->scratch, "samples"),
	};
	if (suite_can_be_told(j->settings->kind) && out->how.min_time_ns && slice_ns > out->how.min_time_ns) {
		double more = (double)slice_ns / (double)out->how.min_time_ns;
		double iterations = (double)out->how.iterations * more;

		out->how.iterations = (int64_t)(iterations < most_iterations ? iterations : most_iterations);
		out->how.min_time_ns = slice_ns;
		out->how.repetitions = 1;
	}
	return true;
}

/* The samples of one process belong to one group. */
static void label_group(struct profile *p, size_t group)
{
	struct profile_label label = {
		.key = profile_string_of(p, "pawl_group"), .numeric = true, .number = (int64_t)group};
	uint32_t set;

	/* A number without a unit that is 0 would be none. */
	label.unit = profile_string_of(p, "group");
	set = profile_label_set(p, &label, 1);
	for (size_t i = 0; i < p->sample_count; i++)
		p->sample_labels[i] = set;
}

static void keep_group(struct profiling_job *p, enum side side, const struct sampling *s)
{
	struct profiling_side *own = &p->sides[side];
	struct run_profile *sum = &p->job->benches[0].tables[side]->profile;
	struct profile *profile = NEW(p->m->arena, struct profile);

	*profile = s->profile;
	label_group(profile, own->count);
	own->groups = arena_reserve(p->m->arena, own->groups, own->count, &own->capacity, sizeof *own->groups);
	own->groups[own->count++] = profile;
	sum->engine = p->sampler->name;
	sum->unwind = p->spec.unwind == UNWIND_DWARF ? "dwarf" : "frames";
	sum->rate_hz = s->rate_hz;
	sum->sample_count += s->sample_count;
	sum->lost_count += s->lost_count;
	sum->broken_count += s->broken_count;
	if (*s->trouble)
		sum->trouble = s->trouble;
}

bool profiling_slice(struct profiling_job *p, enum side side, int64_t block, int64_t position)
{
	struct measuring *m = p->m;
	struct slice_table *t = p->job->benches[0].tables[side];
	const struct slice_table before = *t;
	struct slice_place place = {
		.side = side,
		.phase = PHASE_PROFILE,
		.block = block,
		.position = position,
		.padding = random_mix(m->request->seed, (uint64_t)block) % MOST_PADDING,
		.cpu = p->job->pinned ? sched_getcpu() : -1,
		.how = p->how,
		.sampler = p->sampler,
		.sampling = &p->spec,
	};
	struct slice_result result = {0};
	struct err err = {0};
	enum slice_end end;

	if (!dir_make(p->spec.scratch, &err))
		return false;
	end = slice_run(m, m->arena, p->job, &place, &result, &err);
	dir_remove(p->spec.scratch);
	if (end == SLICE_OK)
		slice_harvest(m, m->arena, p->job, &place, &result);
	if (end == SLICE_OK && t->status == before.status && t->slice_count > before.slice_count) {
		keep_group(p, side, &result.sampling);
		return true;
	}
	/* What goes wrong under a sampler says nothing of the benchmark. */
	t->status = before.status;
	t->reason = before.reason;
	t->slice_count = before.slice_count;
	t->profile.trouble = arena_printf(m->arena, "a process under the sampler failed: %s", err.text);
	return false;
}

/* Groups of one side as one profile. */
static bool merge_groups(struct arena *a, const struct profiling_side *side, struct profile *out, struct err *err)
{
	struct merge_input *inputs = NEW_ARRAY(a, struct merge_input, side->count);
	struct merge_types types;
	bool clipped;

	for (size_t i = 0; i < side->count; i++)
		inputs[i].profile = side->groups[i];
	if (!merge_agree(a, inputs, side->count, &types, err))
		return false;
	merge_profiles(a, inputs, side->count, &types, NULL, out, &clipped);
	return true;
}

/* Sources of what was built where the suite runs are named by the link to it, which is soon gone: by the folder itself. */
static void name_folder(struct profile *p, const char *link, const char *folder)
{
	size_t size = strlen(link);
	const char *real = path_real(p->arena, folder);

	for (size_t i = 0; real && i < p->function_count; i++) {
		const char *file = profile_text(p, p->functions[i].file);

		if (strncmp(file, link, size) == 0 && file[size] == '/')
			p->functions[i].file = profile_string_of(p, arena_printf(p->arena, "%s%s", real, file + size));
	}
}

/* What `pawl profile info` tells of it. */
static void note_origin(struct profile *p, const struct run_profile *r)
{
	const char *note = arena_printf(p->arena, "pawl: engine=%s unwind=%s rate=%lld lost=%lld", r->engine, r->unwind,
					(long long)r->rate_hz, (long long)r->lost_count);

	profile_add_comment(p, profile_string_of(p, note));
}

/* A path below `folder` from there on; another one as it is. */
static const char *path_from(const char *folder, const char *path)
{
	size_t size = strlen(folder);

	return strncmp(path, folder, size) == 0 && path[size] == '/' ? path + size + 1 : path;
}

/* What stands in the way of names and lines, once a file and side. */
static void warn_of_names(struct profiling_job *p, enum side side, const struct symbolize_report *report)
{
	struct measuring *m = p->m;
	const char *whose = side == SIDE_BASE ? " of the base" : "",
		   *real = path_real(m->arena, m->sides[side]->folder);

	for (size_t i = 0; i < report->problem_count; i++) {
		const struct symbolize_problem *problem = &report->problems[i];
		const char *file = path_from(m->links[side], problem->file);

		if (!file_exists(problem->file))
			continue;
		file = real ? path_from(real, file) : file;
		warn_once(m, arena_printf(m->arena, "%s from %s%s: %s",
					  problem->is_partial ? "profiles have not all inlined calls and lines"
							      : "profiles have no names",
					  file, whose, problem->why));
	}
}

void profiling_end(struct profiling_job *p)
{
	struct arena *a = p->m->arena;

	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
		struct slice_table *t = p->job->benches[0].tables[side];
		struct symbolize_report report;
		struct arena *scratch;
		struct profile *merged;
		struct err err;

		if (!p->sides[side].count)
			continue;
		merged = NEW(a, struct profile);
		if (!merge_groups(a, &p->sides[side], merged, &err)) {
			t->profile.trouble = arena_string(a, err.text);
			continue;
		}
		note_origin(merged, &t->profile);
		/* It gives back what it took from its arena, which must not be the profile's. */
		scratch = arena_open_child(a);
		profile_symbolize(scratch, merged, &(struct symbolize_options){0}, &report);
		warn_of_names(p, side, &report);
		arena_close(scratch);
		name_folder(merged, p->m->links[side], p->m->sides[side]->folder);
		t->profile.stacks = merged;
	}
}

bool profiling_explain(struct profiling_job *p, const struct finding *f, struct attribution *out)
{
	const struct bench *b = &p->job->benches[0];
	struct number change = {.known = f->baseline.known && f->change_ratio.known};

	change.value = change.known ? f->baseline.value * f->change_ratio.value : 0;
	return cause_find(p->m->arena, b->tables[SIDE_BASE], b->tables[SIDE_HEAD], change,
			  f->min_effect_ratio.known ? f->min_effect_ratio.value : 0, NULL, out);
}
