/* pawl profile diff of run files: benchmark by benchmark. */
#include "cmd/profile_diff.h"

#include "base/file.h"
#include "base/regex.h"
#include "flow/attribute.h"
#include "flow/cause.h"
#include "flow/contrast.h"
#include "flow/layout.h"
#include "flow/profiled.h"
#include "flow/stacks.h"
#include "model/rule.h"

#include <stdio.h>
#include <string.h>

enum { NAMES_LISTED = 10 };

/* One call, with what was found so far. */
struct diffing {
	struct arena *arena;
	const struct diff_options *options;
	struct profiled_run *runs; /* those of the base first */
	size_t count, base_count;
	bool one_check; /* a run a side, both of one check: they join by block */
	bool in_turns;  /* the first of both sides are a pair, and so on */
	enum attribution_method method;
	const struct regex *scope;
	struct profiled_bench *benches; /* those asked for */
	size_t bench_count;
};

static bool refuse_options(const struct diff_options *o, struct err *err)
{
	if (o->ops || o->base_ops)
		return err_set(err, "%s is for profiles; run files tell their operations",
			       o->ops ? "--ops" : "--base-ops");
	if (o->sample_index)
		return err_set(err, "--sample-index is for profiles; those of run files are compared by CPU time");
	return true;
}

static bool has_profiles(const struct run *r)
{
	for (size_t i = 0; i < r->table_count; i++) {
		if (r->tables[i].profile.engine)
			return true;
	}
	return false;
}

/* Each run counts once, has profiles, and was measured on one class of machines. */
static bool check_runs(const struct diffing *d, struct err *err)
{
	struct arena *a = d->arena;

	for (size_t i = 0; i < d->count; i++) {
		const struct profiled_run *r = &d->runs[i];
		const char *class = r->run->host.machine_class, *first = d->runs[0].run->host.machine_class;

		if (!has_profiles(r->run))
			return err_set(err, "%s: holds no profiles; %s", text_printable_copy(a, r->path),
				       PROFILE_MAKERS);
		for (size_t k = i < d->base_count ? 0 : d->base_count; k < i; k++) {
			if (text_equal(d->runs[k].run->id, r->run->id))
				return err_set(err, "%s and %s are the same run; a side takes each once",
					       text_printable_copy(a, d->runs[k].path),
					       text_printable_copy(a, r->path));
		}
		if (*class && *first && !text_equal(class, first))
			return err_set(err,
				       "%s was measured on a machine of class %s, and %s of class %s: their times "
				       "cannot be compared",
				       text_printable_copy(a, d->runs[0].path), text_printable_copy(a, first),
				       text_printable_copy(a, r->path), text_printable_copy(a, class));
	}
	return true;
}

static bool of_one_check(const struct run *x, const struct run *y)
{
	return *x->check_id && text_equal(x->check_id, y->check_id);
}

/* How the runs of both sides belong together. */
static bool join_runs(struct diffing *d, struct err *err)
{
	size_t head_count = d->count - d->base_count;
	bool pairs = d->base_count == head_count;

	if (d->options->paired && !pairs)
		return err_set(err, "--paired takes as many run files on both sides, not %zu and %zu", d->base_count,
			       head_count);
	for (size_t i = 0; pairs && !d->options->paired && i < d->base_count; i++)
		pairs = of_one_check(d->runs[i].run, d->runs[d->base_count + i].run);
	d->one_check = pairs && d->count == 2 && of_one_check(d->runs[0].run, d->runs[1].run);
	d->in_turns = pairs && !d->one_check;
	return true;
}

/* ---- which benchmarks ---- */

static bool has_suite(const struct option_texts *suites, const char *suite)
{
	for (size_t i = 0; i < suites->count; i++) {
		if (text_equal(suites->items[i], suite))
			return true;
	}
	return !suites->count;
}

static const char *name_of(struct arena *a, const char *suite, const char *bench)
{
	return text_printable_copy(a, arena_printf(a, "%s/%s", suite, bench));
}

static bool fail_unmatched(const struct diffing *d, const struct profiled_bench *all, size_t count, struct err *err)
{
	struct buf names = {.arena = d->arena};

	for (size_t i = 0; i < count && i < NAMES_LISTED; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", name_of(d->arena, all[i].suite, all[i].bench));
	if (count > NAMES_LISTED)
		buf_printf(&names, " and %zu more", count - NAMES_LISTED);
	return err_set(err, "%s: no benchmark with profiles matches; there are: %s",
		       d->options->filter ? "--filter" : "--suite", buf_string(&names));
}

static bool choose(struct diffing *d, struct err *err)
{
	const struct diff_options *o = d->options;
	struct regex *filter = NULL;
	struct profiled_bench *all;
	size_t count;

	if (o->filter && !regex_compile(d->arena, o->filter, &filter, err))
		return err_context(err, "--filter");
	all = profiled_find(d->arena, d->runs, d->base_count, d->runs + d->base_count, d->count - d->base_count,
			    &count);
	d->benches = NEW_ARRAY(d->arena, struct profiled_bench, count);
	for (size_t i = 0; i < count; i++) {
		if (has_suite(&o->suites, all[i].suite) && (!filter || profiled_matches(d->arena, &all[i], filter)))
			d->benches[d->bench_count++] = all[i];
	}
	return d->bench_count || fail_unmatched(d, all, count, err);
}

static bool load_side(struct arena *a, const struct profiled_tables *t, struct err *err)
{
	for (size_t i = 0; i < t->count; i++) {
		if (!stacks_read(a, t->items[i], path_folder(a, t->paths[i]), err))
			return false;
	}
	return true;
}

static bool load(struct diffing *d, struct err *err)
{
	for (size_t i = 0; i < d->bench_count; i++) {
		struct profiled_bench *b = &d->benches[i];

		if (!load_side(d->arena, &b->base, err) || !load_side(d->arena, &b->head, err))
			return false;
		profiled_check(d->arena, b);
		if (!b->obstacle && d->in_turns &&
		    (b->base.count != d->base_count || b->head.count != d->count - d->base_count))
			b->obstacle = "pairs of runs need its profile in every one of them";
	}
	return true;
}

/* ---- what is compared ---- */

static double min_effect_of(const struct slice_table *t)
{
	struct amount least = rule_limits(NULL, 0, t->suite, t->bench, t->clock, true).min_effect;

	return least.absolute ? 0 : least.value;
}

/* Fills the section, or says why there is nothing to fill it with. */
static const char *attribute_bench(const struct diffing *d, const struct profiled_bench *b, struct diff_section *s)
{
	const struct cause_request request = {
		.base = (const struct slice_table *const *)b->base.items,
		.head = (const struct slice_table *const *)b->head.items,
		.base_count = b->base.count,
		.head_count = b->head.count,
		.one_check = d->one_check,
		.in_turns = d->in_turns,
		.method = d->method,
		.min_effect_ratio = min_effect_of(b->head.items[0]),
		.scope = d->scope,
	};

	*s = (struct diff_section){.show = {.suite = b->suite,
					    .bench = b->bench,
					    .type = "cpu",
					    .unit = "nanoseconds",
					    .group = d->one_check ? "slice" : "run",
					    .operation = "operation"}};
	if (!cause_attribute(d->arena, &request, &s->at))
		return "its profiles cannot be compared";
	if (s->at.base_samples <= 0 || s->at.head_samples <= 0)
		return d->scope ? arena_printf(d->arena, "--scope: no function of the %s matches",
					       s->at.base_samples <= 0 ? "base" : "head")
				: s->at.reason;
	if (d->one_check)
		layout_look(d->arena, &request, &s->at);
	if (b->note)
		s->show.warnings[s->show.warning_count++] = b->note;
	return NULL;
}

static void leave_out(struct diff_report *out, const struct profiled_bench *b, const char *reason)
{
	out->left_out[out->left_out_count++] = (struct diff_left_out){b->suite, b->bench, reason};
}

static bool compare(const struct diffing *d, struct diff_report *out, struct err *err)
{
	struct arena *a = d->arena;

	for (size_t i = 0; i < d->bench_count; i++) {
		const struct profiled_bench *b = &d->benches[i];
		const char *obstacle = b->obstacle;

		if (!obstacle)
			obstacle = attribute_bench(d, b, &out->sections[out->section_count]);
		if (obstacle)
			leave_out(out, b, obstacle);
		else
			out->section_count++;
	}
	for (size_t i = 0; i < out->section_count; i++)
		out->sections[i].show.row_limit = diff_row_limit(d->options, out->section_count);
	if (out->section_count)
		return true;
	err_set(err, "no benchmark can be compared: %s: %s", name_of(a, out->left_out[0].suite, out->left_out[0].bench),
		text_printable_copy(a, out->left_out[0].reason));
	if (out->left_out_count > 1)
		snprintf(err->text + strlen(err->text), sizeof err->text - strlen(err->text), " (and %zu more)",
			 out->left_out_count - 1);
	return false;
}

struct notes {
	const char **items;
	size_t count, capacity;
};

/* Once, though it is true of many runs or benchmarks. */
static void add_note(struct arena *a, struct notes *notes, const char *text)
{
	for (size_t i = 0; i < notes->count; i++) {
		if (text_equal(notes->items[i], text))
			return;
	}
	notes->items = arena_reserve(a, notes->items, notes->count, &notes->capacity, sizeof *notes->items);
	notes->items[notes->count++] = text;
}

/* What the runs differ in beside their code, where they were not measured alike; and what so few of them are worth. */
static void add_notes(const struct diffing *d, struct diff_report *out)
{
	struct notes notes = {0};

	for (size_t i = 1; !d->one_check && i < d->count; i++) {
		struct contrast c = contrast_runs(d->arena, d->runs[0].run, d->runs[i].run);

		for (size_t k = 0; k < c.count; k++)
			add_note(d->arena, &notes, c.notes[k]);
	}
	for (size_t i = 0; i < out->section_count; i++) {
		if (!out->sections[i].at.indicative)
			continue;
		add_note(d->arena, &notes,
			 d->one_check ? "few slices a side do not tell how much they vary; four times Poisson variance "
					"is assumed where the test is indicative"
				      : "few runs a side do not tell how much runs differ; four times Poisson variance "
					"is assumed, and 5 % between runs.  Take five or more a side, or let "
					"`pawl check --base REV` measure both in turns");
	}
	out->notes = notes.items;
	out->note_count = notes.count;
}

bool diff_runs(struct arena *a, const struct diff_options *o, const struct profile_file *files, size_t count,
	       size_t base_count, struct diff_report *out, struct err *err)
{
	struct diffing d = {
		.arena = a,
		.options = o,
		.runs = NEW_ARRAY(a, struct profiled_run, count),
		.count = count,
		.base_count = base_count,
		.method = ATTRIBUTION_AUTO,
	};

	for (size_t i = 0; i < count; i++)
		d.runs[i] = (struct profiled_run){files[i].run, files[i].path};
	if (!refuse_options(o, err) || !diff_method(a, o, &d.method, err) || !diff_scope(a, o, &d.scope, err) ||
	    !check_runs(&d, err) || !join_runs(&d, err) || !choose(&d, err) || !load(&d, err))
		return false;
	*out = (struct diff_report){
		.of_runs = true,
		.sections = NEW_ARRAY(a, struct diff_section, d.bench_count),
		.left_out = NEW_ARRAY(a, struct diff_left_out, d.bench_count),
	};
	if (!compare(&d, out, err))
		return false;
	add_notes(&d, out);
	return true;
}
