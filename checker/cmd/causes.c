/* The cause of what became slower or faster, as far as profiles tell. */
#include "cmd/causes.h"

#include "base/file.h"
#include "flow/cause.h"
#include "flow/layout.h"
#include "flow/profiling.h"
#include "flow/stacks.h"
#include "git/changes.h"

#include <math.h>
#include <string.h>
#include <unistd.h>

enum {
	CALLERS_SHOWN = 4,
	FUNCTIONS_SHOWN = 15,
	MOST_DIFF = 20000, /* bytes of a function's changed lines */
};

/* Functions that did not change are shown from this part of the benchmark on. */
static const double least_share = 0.02;

/* Of a change that is something else's, layout is told from this part on. */
static const double least_layout = 0.1;

/* A row and what explains it, or a note why nothing does. */
struct explained {
	struct finding *f;
	const char *suite, *bench, *metric, *note;
	struct attribution *attribution;
};

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static bool is_count(const struct finding *f)
{
	return text_equal(f->metric, "instructions");
}

static bool is_called(const struct finding *f)
{
	return f->gated && f->state == STATE_JUDGED && (f->outcome == OUTCOME_SLOWER || f->outcome == OUTCOME_FASTER) &&
	       (f->category != CATEGORY_RESOURCE || is_count(f)) && f->change_ratio.known;
}

static const struct slice_table *profiled(const struct run *run, const struct finding *f)
{
	const struct slice_table *t = run_find(run, f->suite, f->bench);

	if (t && is_count(f))
		return t->counts.many ? t : NULL;
	return t && text_equal(t->clock, f->metric) && (t->profile.stacks || *or_empty(t->profile.trouble)) ? t : NULL;
}

/* The tables of both sides that were measured in turns: of the check, or of settling a suspect. */
static bool tables_of(const struct causes *c, const struct finding *f, const struct slice_table **base,
		      const struct slice_table **head)
{
	*base = *head = NULL;
	if (c->base) {
		*base = profiled(c->base, f);
		*head = profiled(c->head, f);
	}
	for (size_t i = 0; !*head && i < c->confirmation_count; i++) {
		*base = profiled(c->confirmations[i].base, f);
		*head = profiled(c->confirmations[i].head, f);
	}
	return *base && *head;
}

static double effect_of(const struct finding *f)
{
	return f->min_effect_ratio.known ? f->min_effect_ratio.value : 0;
}

/* The stored runs of that benchmark that carry a profile. */
static const struct slice_table **stored_tables(struct causes *c, const struct finding *f, size_t *count)
{
	const struct slice_table **tables = NEW_ARRAY(c->arena, const struct slice_table *, c->window_count);

	*count = 0;
	for (size_t i = 0; i < c->window_count; i++) {
		const struct run *run = c->window[i].run;
		struct slice_table *t = run_find(run, f->suite, f->bench);
		struct err ignored;

		if (t && stacks_load(c->arena, t, c->store, c->baseline, run->host.machine_class, &ignored) &&
		    t->profile.stacks)
			tables[(*count)++] = t;
	}
	return tables;
}

/* What could not be settled side by side is held against the functions of the stored runs. */
static bool explain_by_runs(struct causes *c, const struct finding *f, struct attribution *out, const char **note)
{
	const struct slice_table *head = run_find(c->head, f->suite, f->bench), **runs;
	struct number change = {.known = f->baseline.known};
	size_t count;

	if (c->base || is_count(f) || !head || !head->profile.stacks || !text_equal(head->clock, f->metric))
		return false;
	change.value = change.known ? f->baseline.value * f->change_ratio.value : 0;
	runs = stored_tables(c, f, &count);
	if (cause_against_runs(c->arena, runs, count, head, change, effect_of(f), out))
		return true;
	*note = arena_printf(c->arena, "%zu of the stored runs have a profile of it; %d would tell the function", count,
			     ATTRIBUTE_LEAST_RUNS);
	return false;
}

static struct attribution *explain(struct causes *c, const struct finding *f, const char **note)
{
	const struct slice_table *base, *head;
	struct attribution *out = NEW(c->arena, struct attribution);
	struct number change = {.known = f->baseline.known};
	struct cause_request request;
	const char *why;

	if (!tables_of(c, f, &base, &head))
		return explain_by_runs(c, f, out, note) ? out : NULL;
	change.value = change.known ? f->baseline.value * f->change_ratio.value : 0;
	if (is_count(f))
		return cause_of_counts(c->arena, base, head, change, effect_of(f), out) ? out : NULL;
	request = (struct cause_request){.base = &base,
					 .head = &head,
					 .base_count = 1,
					 .head_count = 1,
					 .one_check = true,
					 .change = change,
					 .min_effect_ratio = effect_of(f)};
	why = cause_obstacle(c->arena, &base->profile);
	if (!why)
		why = cause_obstacle(c->arena, &head->profile);
	if (!why && cause_attribute(c->arena, &request, out)) {
		layout_look(c->arena, &request, out);
		return out;
	}
	*note = why ? why : *or_empty(head->profile.trouble) ? head->profile.trouble : base->profile.trouble;
	return NULL;
}

/* ---- places ---- */

/* What lies below `folder` in it, else NULL. */
static const char *below(const char *path, const char *folder)
{
	size_t size = strlen(folder);

	return size > 1 && strncmp(path, folder, size) == 0 && path[size] == '/' ? path + size + 1 : NULL;
}

/* The file from the root of the work tree, wherever its side was built. */
static const char *in_tree(const struct causes *c, const char *file)
{
	const char *rest = c->repo ? below(file, c->repo->top) : NULL;
	const char *base = c->base_folder ? path_real(c->arena, c->base_folder) : NULL;
	const char *real = *file == '/' && !rest ? path_real(c->arena, file) : NULL;

	if (!rest && base)
		rest = below(file, base);
	/* Compilers write down the folder as the shell calls it, which may be a link. */
	if (!rest && real && c->repo)
		rest = below(real, c->repo->top);
	return rest ? rest : file;
}

/* The file as it is called from here. */
static const char *shown_file(struct causes *c, const char *file)
{
	const char *tree = in_tree(c, file), *here = path_real(c->arena, ".");
	const char *prefix = here && c->repo ? below(here, c->repo->top) : NULL;

	if (tree == file || !prefix)
		return tree;
	if (below(tree, prefix))
		return below(tree, prefix);
	for (const char *at = prefix; at; at = strchr(at + 1, '/'))
		tree = arena_printf(c->arena, "../%s", tree);
	return tree;
}

/* ---- what the row says ---- */

static const char *callers_of(struct arena *a, const struct attribution *r, const struct attribution_row *row)
{
	struct buf b = {.arena = a};

	for (size_t i = 0; i < row->caller_count && i < CALLERS_SHOWN; i++)
		buf_printf(&b, "%s%s", i ? " < " : "", r->rows[row->callers[i]].name);
	if (row->caller_count > CALLERS_SHOWN)
		buf_text(&b, " < …");
	return buf_string(&b);
}

static struct number known(double value)
{
	return (struct number){value, isfinite(value)};
}

static const struct attribution_cause *cause_named(const struct attribution *r, const char *name, const char *file)
{
	for (size_t i = 0; i < r->cause_count; i++) {
		const struct attribution_row *row = &r->rows[r->causes[i].row];

		if (text_equal(row->name, name) && text_equal(row->file, file))
			return &r->causes[i];
	}
	return NULL;
}

/* Where the function begins in the head; 0: not known, or it is gone, and other code stands there. */
static int64_t line_of(const struct attribution_row *row)
{
	if (row->total.head <= 0)
		return 0;
	return row->line > 0 ? row->line : row->hot_line;
}

/* What git says of the function's source, "" not known: a changed macro or inlined function may stand outside of it. */
static const char *touched(struct causes *c, struct finding *f, const struct attribution_row *row,
			   const struct git_changes *changes)
{
	const char *path = in_tree(c, row->file);
	int64_t first = line_of(row);
	const char *diff = NULL;

	if (!*row->file || !changes)
		return "";
	if (first > 0)
		diff = git_changes_function(c->arena, changes, path, first,
					    row->last_line > first ? row->last_line : first);
	if (diff && strlen(diff) <= MOST_DIFF)
		f->source_diff = diff;
	return diff ? "yes" : git_changes_have(changes, path) ? "file" : "no";
}

static const char *place_of(struct causes *c, const struct attribution_row *row)
{
	int64_t line = line_of(row);

	if (!*row->file)
		return "";
	return line > 0 ? arena_printf(c->arena, "%s:%lld", shown_file(c, row->file), (long long)line)
			: shown_file(c, row->file);
}

/* Whose source lies in the project, built here or in the base's folder. */
static bool is_own(const struct causes *c, const char *file)
{
	const char *here = path_real(c->arena, ".");

	if (!*file)
		return false;
	if (in_tree(c, file) != file || (here && below(file, here)))
		return true;
	/* With -ffile-prefix-map and the like paths are relative to the tree. */
	return *file != '/' && file_exists(c->repo ? path_join(c->arena, c->repo->top, file) : file);
}

/*
 * memcpy and [kernel] are told by those who call them, and a function that is as it was by the caller that is not: it
 * calls more often, or with other data.
 */
static void say_caller(struct causes *c, struct finding *f, const struct attribution *r,
		       const struct attribution_row *row, const struct git_changes *changes)
{
	const struct attribution_row *own = NULL, *changed = NULL;

	if (text_equal(or_empty(f->touched), "yes"))
		return;
	for (size_t i = 0; !changed && i < row->caller_count; i++) {
		const struct attribution_row *caller = &r->rows[row->callers[i]];

		if (text_equal(touched(c, f, caller, changes), "yes"))
			changed = caller;
		if (!own && is_own(c, caller->file))
			own = caller;
	}
	if (!changed && is_own(c, row->file))
		return;
	own = changed ? changed : own;
	if (!own)
		return;
	f->caller = own->name;
	f->caller_place = place_of(c, own);
	f->caller_touched = touched(c, f, own, changes);
}

/* The rows come with the largest change first: those, and what else costs much. */
static void say_functions(struct causes *c, struct finding *f, const struct attribution *r)
{
	f->functions = NEW_ARRAY(c->arena, struct finding_function, FUNCTIONS_SHOWN);
	for (size_t i = 0; i < r->row_count && f->function_count < FUNCTIONS_SHOWN; i++) {
		const struct attribution_row *row = &r->rows[i];

		if (row->state == CHANGE_SAME && row->base_share < least_share && row->head_share < least_share)
			continue;
		f->functions[f->function_count++] = (struct finding_function){
			.name = row->name,
			.place = place_of(c, row),
			.state = change_state_name(row->state),
			.base = row->own.base,
			.head = row->own.head,
			.low = row->own.low,
			.high = row->own.high,
			.q = known(row->own.q),
		};
	}
}

static void say_cause(struct causes *c, const struct explained *e, const struct attribution_cause *cause,
		      const struct git_changes *changes)
{
	const struct attribution *r = e->attribution;
	const struct attribution_row *row = &r->rows[cause->row];
	struct finding *f = e->f;
	double layout = layout_part(r);

	f->function = row->name;
	f->function_change = known(cause->change);
	f->function_low = known(cause->low);
	f->function_high = known(cause->high);
	f->function_part = known(cause->part);
	/* Else the amount is not that of its own cost. */
	if (row->own.base > 0 && row->state != CHANGE_MOVED && !cause->with_callees)
		f->function_change_ratio = known(row->own.change / row->own.base);
	f->callers = callers_of(c->arena, r, row);
	if (*row->file)
		f->place = place_of(c, row);
	f->touched = touched(c, f, row, changes);
	say_caller(c, f, r, row, changes);
	say_functions(c, f, r);
	if (row->state == CHANGE_LAYOUT)
		f->cause_note = "layout: the same code, executed as often, takes another time at another address";
	else if (layout >= least_layout)
		f->cause_note = arena_printf(c->arena,
					     "%.0f %% of the change is layout: the same code, executed as often, takes "
					     "another time at another address",
					     100 * layout);
	if (row->state == CHANGE_MOVED)
		f->cause_note = "what is left of cost that moved: it took over what others cost before";
	if (is_count(f))
		f->cause_note =
			"counted function by function: what the compiler inlined counts for the function around it";
	if (cause->with_callees)
		f->cause_note = "its own cost did not change alone: that of many small functions below it did";
}

/* Why no function is named, and what would tell. */
static const char *why_none(struct arena *a, const struct attribution *r)
{
	double there = fmin(r->base_samples, r->head_samples);

	if (!(r->samples_needed > 0))
		return r->reason;
	return arena_printf(a, "%s: about %.0f a side would, %.0f are there", r->reason, r->samples_needed, there);
}

/* One cause of many rows is named the same in all of them. */
static void say_causes(struct causes *c, const struct explained *rows, size_t count, const struct git_changes *changes)
{
	struct attribute_finding *findings = NEW_ARRAY(c->arena, struct attribute_finding, count);
	const struct attribute_cause *causes;
	size_t cause_count;

	for (size_t i = 0; i < count; i++)
		findings[i] = (struct attribute_finding){rows[i].f->suite, rows[i].f->bench, rows[i].attribution};
	causes = attribute_group(c->arena, findings, count, &cause_count);
	for (size_t i = 0; i < cause_count; i++) {
		for (size_t k = 0; k < causes[i].finding_count; k++) {
			const struct explained *e = &rows[causes[i].findings[k]];
			const struct attribution_cause *own =
				cause_named(e->attribution, causes[i].name, causes[i].file);

			if (own)
				say_cause(c, e, own, changes);
		}
	}
	for (size_t i = 0; i < count; i++) {
		if (!*or_empty(rows[i].f->function))
			rows[i].f->cause_note =
				rows[i].attribution ? why_none(c->arena, rows[i].attribution) : rows[i].note;
	}
}

/* Nothing but the place of code made it slower.  What does more work besides may drive others out of a cache: it counts. */
static bool is_layout(struct causes *c, const struct finding *f, const struct attribution *r)
{
	const struct slice_table *base, *head;

	return r->cause_count && r->rows[r->causes[0].row].state == CHANGE_LAYOUT && tables_of(c, f, &base, &head) &&
	       layout_same_instructions(c->arena, base, head);
}

/* Rows whose cause is the place of their code are no reason to fail, unless the project says so. */
static bool excuse(struct causes *c, const struct explained *rows, size_t count)
{
	c->excuses = NEW_ARRAY(c->arena, struct judge_excuse, count);
	for (size_t i = 0; i < count && !c->layout_fails; i++) {
		const struct attribution *r = rows[i].attribution;
		const struct finding *f = rows[i].f;

		if (f->outcome == OUTCOME_SLOWER && r && is_layout(c, f, r))
			c->excuses[c->excuse_count++] = (struct judge_excuse){
				f->suite, f->bench, f->metric,
				f->effect == EFFECT_FAIL ? "layout: the same code at another address; `layout: fail` "
							   "would fail the check"
							 : "layout: the same code at another address"};
	}
	return c->excuse_count > 0;
}

/* The same rows of a verdict that was made anew. */
static void find_again(struct verdict *v, struct explained *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < v->finding_count; k++) {
			struct finding *f = &v->findings[k];

			if (text_equal(f->suite, rows[i].suite) && text_equal(f->bench, rows[i].bench) &&
			    text_equal(f->metric, rows[i].metric))
				rows[i].f = f;
		}
	}
}

static void say_all(struct causes *c, struct explained *rows, size_t count)
{
	struct git_changes changes;
	struct err ignored;
	bool known = c->repo && *or_empty(c->base_revision) &&
		     git_changes(c->arena, c->repo, c->base_revision, &changes, &ignored);

	for (enum outcome o = OUTCOME_SLOWER; o <= OUTCOME_FASTER; o++) {
		struct explained *some = NEW_ARRAY(c->arena, struct explained, count);
		size_t some_count = 0;

		for (size_t i = 0; i < count; i++) {
			if (rows[i].f->outcome == o)
				some[some_count++] = rows[i];
		}
		say_causes(c, some, some_count, known ? &changes : NULL);
	}
}

/* Rows that nobody sampled, since others changed more. */
static void note_unsampled(struct explained *rows, size_t count)
{
	size_t sampled = 0;

	for (size_t i = 0; i < count; i++)
		sampled += rows[i].attribution && !is_count(rows[i].f);
	for (size_t i = 0; i < count && sampled >= PROFILING_MOST_ROWS; i++) {
		if (!rows[i].attribution && !rows[i].note && !is_count(rows[i].f))
			rows[i].note = "not sampled: of a check the benchmarks that changed most are; --filter asks "
				       "for others";
	}
}

void causes_find(struct causes *c)
{
	struct verdict *v = c->verdict;
	struct explained *rows = NEW_ARRAY(c->arena, struct explained, v->finding_count);
	size_t count = 0;

	for (size_t i = 0; i < v->finding_count; i++) {
		struct finding *f = &v->findings[i];

		if (!is_called(f))
			continue;
		rows[count] = (struct explained){.f = f, .suite = f->suite, .bench = f->bench, .metric = f->metric};
		rows[count].attribution = explain(c, f, &rows[count].note);
		count++;
	}
	note_unsampled(rows, count);
	if (c->judge_again && excuse(c, rows, count)) {
		c->judge_again(c->to, c->excuses, c->excuse_count);
		find_again(v, rows, count);
	}
	if (count)
		say_all(c, rows, count);
}

void causes_point_out(struct causes *c)
{
	for (size_t i = 0; i < c->verdict->finding_count; i++) {
		struct finding *f = &c->verdict->findings[i];
		const struct slice_table *base = run_find(c->base, f->suite, f->bench);
		const struct slice_table *head = run_find(c->head, f->suite, f->bench);

		if (is_called(f) && !is_count(f) && base && head && base->profile.engine && head->profile.engine)
			f->cause_note = "one run a side does not tell the function for certain; `pawl profile diff "
					"BASE HEAD` shows what their profiles say";
	}
}
