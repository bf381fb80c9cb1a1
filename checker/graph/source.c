/* From profiles to what a view shows, step by step in pprof's order. */
#include "graph/source.h"

#include "base/text.h"
#include "graph/filter.h"
#include "graph/merge.h"
#include "graph/unit.h"

#include <stdlib.h>
#include <string.h>

/* The names and texts that a source gets while it is prepared. */
struct preparing {
	struct arena *arena;
	const struct source_options *options;
	struct source *out;
	struct profile *profile;
	size_t warning_capacity, filter_capacity;
};

static void warn(struct preparing *w, const char *text)
{
	const char **list = (const char **)w->out->warnings;

	list = arena_reserve(w->arena, list, w->out->warning_count, &w->warning_capacity, sizeof *list);
	list[w->out->warning_count++] = text;
	w->out->warnings = list;
}

static void warn_no_match(struct preparing *w, bool given, bool hit, const char *option, const char *value)
{
	if (given && !hit)
		warn(w, arena_printf(w->arena, "%s=%s matched nothing", option, text_printable_copy(w->arena, value)));
}

static bool given(const char *text)
{
	return text && *text;
}

static int64_t absolute(int64_t value)
{
	return value == INT64_MIN ? INT64_MAX : value < 0 ? -value : value;
}

static int64_t sum_up(int64_t a, int64_t b)
{
	int64_t sum;

	return __builtin_add_overflow(a, b, &sum) ? INT64_MAX : sum;
}

static bool is_base(const struct profile *p, uint32_t set)
{
	const struct profile_span *s = p->label_sets + set;

	for (size_t i = 0; i < s->count; i++) {
		const struct profile_label *l = p->labels + s->first + i;

		if (!l->numeric && text_equal(profile_text(p, l->key), MERGE_BASE_LABEL) &&
		    text_equal(profile_text(p, l->text), "true"))
			return true;
	}
	return false;
}

/* What is 100 %: the sum of what stands in the samples, or in those of the base where they are marked (google/pprof,
 * report.go: computeTotal). */
static int64_t total_of(struct arena *a, const struct profile *p, size_t type, size_t mean_type)
{
	struct arena *scratch = arena_open_child(a);
	bool *base = NEW_ARRAY(scratch, bool, p->label_set_count);
	int64_t sum = 0, divisor = 0, base_sum = 0, base_divisor = 0;

	for (size_t i = 0; i < p->label_set_count; i++)
		base[i] = is_base(p, (uint32_t)i);
	for (size_t i = 0; i < p->sample_count; i++) {
		const int64_t *row = p->values + i * p->type_count;
		int64_t value = absolute(row[type]), count = mean_type == PROFILE_NONE ? 0 : row[mean_type];

		sum = sum_up(sum, value);
		divisor = sum_up(divisor, count);
		if (base[p->sample_labels[i]]) {
			base_sum = sum_up(base_sum, value);
			base_divisor = sum_up(base_divisor, count);
		}
	}
	arena_close(scratch);
	return base_sum > 0 ? unit_divide(base_sum, base_divisor) : unit_divide(sum, divisor);
}

static int64_t sum_of(const struct preparing *w)
{
	const struct profile *p = w->profile;
	int64_t sum = 0;

	for (size_t i = 0; i < p->sample_count; i++)
		sum = sum_up(sum, absolute(p->values[i * p->type_count + w->out->type]));
	return sum;
}

/* Whoever loses most of the profile by an option should know: the rest is easily taken for the whole. */
static void warn_much_dropped(struct preparing *w, int64_t before, const char *options)
{
	int64_t after = sum_of(w);

	if (before > 0 && after < before - before / 2)
		warn(w,
		     arena_printf(w->arena, "%s dropped %.3g %% of the samples' %s", options,
				  100 - 100 * (double)after / (double)before,
				  text_printable_copy(w->arena,
						      profile_text(w->profile, w->profile->types[w->out->type].name))));
}

static bool find_type(struct preparing *w, const char *wanted, struct err *err)
{
	const struct profile *p = w->profile;
	struct buf names = {.arena = w->arena};
	int64_t number;

	if (!given(wanted)) {
		w->out->type = profile_type_default(p);
		return true;
	}
	if (text_parse_int64(str_of(wanted), &number)) {
		if (number < 0 || (uint64_t)number >= p->type_count)
			return err_set(err, "--sample-index=%s: the profile's sample types are numbered 0 to %zu",
				       wanted, p->type_count - 1);
		w->out->type = (size_t)number;
		return true;
	}
	w->out->type = profile_type_find(p, wanted);
	/* Old profiles name inuse_space and inuse_objects without the first half. */
	if (w->out->type == p->type_count && text_starts(wanted, "inuse_"))
		w->out->type = profile_type_find(p, wanted + strlen("inuse_"));
	if (w->out->type < p->type_count)
		return true;
	for (size_t i = 0; i < p->type_count; i++) {
		buf_text(&names, i ? ", " : "");
		text_printable(&names, profile_text(p, p->types[i].name));
	}
	return err_set(err, "--sample-index=%s: the profile has the sample types %s",
		       text_printable_copy(w->arena, wanted), buf_string(&names));
}

/* One profile of several, and what there is to warn of. */
static bool merge(struct preparing *w, const struct merge_input *inputs, size_t count, bool normalize,
		  struct profile *out, struct err *err)
{
	struct merge_types types;
	bool clipped = false;

	if (!merge_agree(w->arena, inputs, count, &types, err))
		return false;
	merge_profiles(w->arena, inputs, count, &types,
		       normalize ? merge_normalization(w->arena, inputs, count, &types) : NULL, out, &clipped);
	if (types.dropped_count)
		warn(w, "sample types that not all of the profiles have are left out");
	if (clipped)
		warn(w, "values became too large for 64 bits and were cut");
	return true;
}

static bool merge_all(struct preparing *w, const struct profile *const *heads, size_t head_count,
		      const struct profile *const *bases, size_t base_count, struct err *err)
{
	const struct source_options *o = w->options;
	struct merge_input *inputs = NEW_ARRAY(w->arena, struct merge_input, head_count + base_count);
	bool normalize = o->normalize && base_count;
	struct profile *head = NEW(w->arena, struct profile);

	for (size_t i = 0; i < head_count; i++)
		inputs[i].profile = heads[i];
	/* What is equal must be one before it is multiplied: values are rounded then. */
	if (normalize) {
		if (!merge(w, inputs, head_count, false, head, err))
			return false;
		inputs[0].profile = head;
		head_count = 1;
	}
	for (size_t i = 0; i < base_count; i++)
		inputs[head_count + i] = (struct merge_input){
			.profile = bases[i], .negate = true, .mark_base = o->comparison == COMPARE_DIFF_BASE};
	w->profile = NEW(w->arena, struct profile);
	return merge(w, inputs, head_count + base_count, normalize, w->profile, err);
}

/* What profilers ask to be left out; a profile whose expressions are none is shown whole, as pprof does. */
static bool drop_frames(struct preparing *w, struct err *err)
{
	const struct profile *p = w->profile;
	struct filter_regex drop, keep;
	struct err *ignored = NEW(w->arena, struct err);
	const char *pattern = profile_text(p, p->drop_frames), *kept = profile_text(p, p->keep_frames);

	if (!*pattern)
		return true;
	if (!filter_compile(w->arena, p, "the profile's drop_frames", arena_printf(w->arena, "^(%s)$", pattern), &drop,
			    ignored) ||
	    !filter_compile(w->arena, p, "the profile's keep_frames",
			    *kept ? arena_printf(w->arena, "^(%s)$", kept) : NULL, &keep, ignored)) {
		warn(w,
		     arena_printf(w->arena, "no frames are dropped: %s", text_printable_copy(w->arena, ignored->text)));
		return true;
	}
	return filter_prune(w->arena, w->profile, &drop, &keep, err);
}

static void add_label_frames(struct preparing *w)
{
	const struct source_options *o = w->options;
	bool root_hit = false, leaf_hit = false;

	if (!given(o->tag_root) && !given(o->tag_leaf))
		return;
	filter_label_frames(w->arena, w->profile, o->tag_root, o->tag_leaf, o->unit ? o->unit : "minimum", &root_hit,
			    &leaf_hit);
	warn_no_match(w, given(o->tag_root), root_hit, "--tagroot", o->tag_root);
	warn_no_match(w, given(o->tag_leaf), leaf_hit, "--tagleaf", o->tag_leaf);
}

static bool filter_names(struct preparing *w, struct err *err)
{
	const struct source_options *o = w->options;
	struct filter_names names;
	int64_t before = sum_of(w);

	if (!filter_compile(w->arena, w->profile, "--focus", o->focus, &names.focus, err) ||
	    !filter_compile(w->arena, w->profile, "--ignore", o->ignore, &names.ignore, err) ||
	    !filter_compile(w->arena, w->profile, "--hide", o->hide, &names.hide, err) ||
	    !filter_compile(w->arena, w->profile, "--show", o->show, &names.show, err) ||
	    !filter_by_names(w->arena, w->profile, &names, err))
		return false;
	warn_no_match(w, names.focus.regex, names.focus.hit, "--focus", o->focus);
	warn_no_match(w, names.ignore.regex, names.ignore.hit, "--ignore", o->ignore);
	warn_no_match(w, names.hide.regex, names.hide.hit, "--hide", o->hide);
	warn_no_match(w, names.show.regex, names.show.hit, "--show", o->show);
	if (names.focus.hit && names.focus.regex)
		warn_much_dropped(w, before, names.ignore.regex ? "--focus and --ignore" : "--focus");
	else if (names.ignore.regex)
		warn_much_dropped(w, before, "--ignore");
	else if (names.hide.regex || names.show.regex)
		warn_much_dropped(w, before, "--hide or --show");
	return true;
}

static bool filter_from(struct preparing *w, struct err *err)
{
	struct filter_regex re;
	int64_t before = sum_of(w);

	if (!given(w->options->show_from))
		return true;
	if (!filter_compile(w->arena, w->profile, "--show-from", w->options->show_from, &re, err) ||
	    !filter_show_from(w->arena, w->profile, &re, err))
		return false;
	warn_no_match(w, true, re.hit, "--show-from", w->options->show_from);
	if (re.hit)
		warn_much_dropped(w, before, "--show-from");
	return true;
}

static bool filter_tags(struct preparing *w, struct err *err)
{
	const struct source_options *o = w->options;
	struct filter_tags tags = {.focus = given(o->tag_focus) ? o->tag_focus : NULL,
				   .ignore = given(o->tag_ignore) ? o->tag_ignore : NULL};
	int64_t before = sum_of(w);

	if (!tags.focus && !tags.ignore)
		return true;
	if (!filter_by_tags(w->arena, w->profile, &tags, err))
		return false;
	if (tags.focus_note)
		warn(w, tags.focus_note);
	if (tags.ignore_note)
		warn(w, tags.ignore_note);
	warn_no_match(w, tags.focus, tags.focus_hit, "--tagfocus", o->tag_focus);
	warn_no_match(w, tags.ignore, tags.ignore_hit, "--tagignore", o->tag_ignore);
	if (!tags.focus || tags.focus_hit)
		warn_much_dropped(w, before, tags.focus ? "--tagfocus" : "--tagignore");
	return true;
}

static bool filter_label_keys(struct preparing *w, struct err *err)
{
	const struct source_options *o = w->options;
	struct filter_regex show, hide;

	if (!given(o->tag_show) && !given(o->tag_hide))
		return true;
	if (!filter_compile(w->arena, w->profile, "--tagshow", o->tag_show, &show, err) ||
	    !filter_compile(w->arena, w->profile, "--taghide", o->tag_hide, &hide, err) ||
	    !filter_labels(w->profile, &show, &hide, err))
		return false;
	warn_no_match(w, show.regex, show.hit, "--tagshow", o->tag_show);
	warn_no_match(w, hide.regex, hide.hit, "--taghide", o->tag_hide);
	return true;
}

static bool prune_from(struct preparing *w, struct err *err)
{
	struct filter_regex re;

	if (!given(w->options->prune_from))
		return true;
	if (!filter_compile(w->arena, w->profile, "--prune-from", w->options->prune_from, &re, err) ||
	    !filter_prune_from(w->arena, w->profile, &re, err))
		return false;
	warn_no_match(w, true, re.hit, "--prune-from", w->options->prune_from);
	return true;
}

static bool filter_all(struct preparing *w, struct err *err)
{
	return filter_names(w, err) && filter_from(w, err) && filter_tags(w, err) && filter_label_keys(w, err) &&
	       prune_from(w, err);
}

static void list_filter(struct preparing *w, const char *name, const char *value)
{
	const char **list = (const char **)w->out->filters;

	if (!given(value))
		return;
	list = arena_reserve(w->arena, list, w->out->filter_count, &w->filter_capacity, sizeof *list);
	list[w->out->filter_count++] = arena_printf(w->arena, "%s=%s", name, value);
	w->out->filters = list;
}

/* In the order of pprof's header (driver.go: reportOptions). */
static void list_filters(struct preparing *w)
{
	const struct source_options *o = w->options;

	list_filter(w, "focus", o->focus);
	list_filter(w, "ignore", o->ignore);
	list_filter(w, "hide", o->hide);
	list_filter(w, "show", o->show);
	list_filter(w, "show_from", o->show_from);
	list_filter(w, "tagfocus", o->tag_focus);
	list_filter(w, "tagignore", o->tag_ignore);
	list_filter(w, "tagshow", o->tag_show);
	list_filter(w, "taghide", o->tag_hide);
}

/* Of every type, and of the one that is shown. */
static void take_totals(struct preparing *w)
{
	struct source *out = w->out;
	int64_t *totals = NEW_ARRAY(w->arena, int64_t, w->profile->type_count);

	for (size_t i = 0; i < w->profile->type_count; i++)
		totals[i] = total_of(w->arena, w->profile, i, PROFILE_NONE);
	out->totals = totals;
	out->total = total_of(w->arena, w->profile, out->type, out->mean_type);
}

static void *copy_list(struct arena *a, const void *at, size_t count, size_t size)
{
	void *copy = arena_array(a, count, size);

	if (count)
		memcpy(copy, at, count * size);
	return copy;
}

/* A profile of its own where granularity takes something away; all else is shared. */
static const struct profile *copy_lined(struct preparing *w)
{
	const struct profile *from = w->profile;
	struct profile *p = NEW(w->arena, struct profile);

	*p = *from;
	p->functions = copy_list(w->arena, from->functions, p->function_count, sizeof *p->functions);
	p->locations = copy_list(w->arena, from->locations, p->location_count, sizeof *p->locations);
	p->lines = copy_list(w->arena, from->lines, p->line_count, sizeof *p->lines);
	filter_granularity(p, GRANULARITY_LINES, w->options->no_inlines);
	return p;
}

bool source_prepare(struct arena *a, const struct profile *const *heads, size_t head_count,
		    const struct profile *const *bases, size_t base_count, const struct source_options *options,
		    struct source *out, struct err *err)
{
	struct preparing w = {.arena = a, .options = options, .out = out};

	*out = (struct source){.granularity = options->granularity,
			       .divide_by = options->divide_by != 0 ? options->divide_by : 1,
			       .drop_negative = options->drop_negative,
			       .mean_type = PROFILE_NONE};
	if (!merge_all(&w, heads, head_count, bases, base_count, err))
		return false;
	out->profile = w.profile;
	if (!w.profile->type_count)
		return err_set(err, "the profile has no sample types, and so nothing that could be shown");
	if (!find_type(&w, options->sample_index, err))
		return false;
	out->unit = profile_text(w.profile, w.profile->types[out->type].unit);
	if (options->mean)
		out->mean_type = 0;
	list_filters(&w);
	if (!drop_frames(&w, err))
		return false;
	add_label_frames(&w);
	if (!options->relative)
		take_totals(&w);
	if (!filter_all(&w, err))
		return false;
	if (options->relative)
		take_totals(&w);
	if (options->keep_lines)
		out->lined = copy_lined(&w);
	filter_granularity(w.profile, options->granularity, options->no_inlines);
	return true;
}
