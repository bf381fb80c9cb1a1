/* Filters by labels, and labels made frames. */
#include "graph/filter.h"

#include "base/regex.h"
#include "base/text.h"
#include "graph/unit.h"

#include <ctype.h>
#include <string.h>

/* A filter of labels as the user wrote it (google/pprof, driver_focus.go: compileTagFilter). */
struct tag_filter {
	const char *key; /* NULL: any */
	bool is_range;
	double low, high; /* in `unit` */
	bool has_low, has_high;
	const char *unit;
	struct regex **regexes;
	size_t regex_count;
	const char **units; /* per string that is a key of numbers: their unit */
};

/* "12kb" at `text`: the number and its unit; what stands behind, or NULL when there is none. */
static const char *read_amount(struct arena *a, const char *text, int64_t *number, const char **unit)
{
	const char *digits = text + (*text == '+' || *text == '-'), *end = digits, *behind;

	while (isdigit((unsigned char)*end))
		end++;
	if (end == digits ||
	    !text_parse_int64((struct str){text + (*text == '+'), (size_t)(end - text - (*text == '+'))}, number))
		return NULL;
	for (behind = end; isalpha((unsigned char)*behind);)
		behind++;
	*unit = arena_copy(a, end, (size_t)(behind - end));
	return behind;
}

/* "32kb", ":64kb", "4mb:", "12kb:64mb"; anything else is no range. */
static bool read_range(struct arena *a, const char *text, struct tag_filter *out)
{
	const char *unit, *high_unit, *at;
	int64_t number;

	if (*text == ':') {
		at = read_amount(a, text + 1, &number, &unit);
		if (!at || *at)
			return false;
		out->high = unit_scale(number, unit, unit, &out->unit);
		out->has_high = true;
		return true;
	}
	at = read_amount(a, text, &number, &unit);
	if (!at || (*at && *at != ':'))
		return false;
	out->low = unit_scale(number, unit, unit, &out->unit);
	out->has_low = true;
	out->high = out->low;
	out->has_high = !*at;
	if (!*at || !at[1])
		return true;
	at = read_amount(a, at + 1, &number, &unit);
	if (!at || *at)
		return false;
	out->high = unit_scale(number, unit, out->unit, &high_unit);
	out->has_high = true;
	return text_equal(high_unit, out->unit);
}

/* The first unit that is given with each key; without one, what the key says (profile.go: NumLabelUnits). */
static const char **units_of_keys(struct arena *a, const struct profile *p)
{
	const char **units = NEW_ARRAY(a, const char *, p->string_count);

	for (size_t i = 0; i < p->label_count; i++) {
		const struct profile_label *l = p->labels + i;

		if (l->numeric && l->unit && !units[l->key])
			units[l->key] = profile_text(p, l->unit);
	}
	for (size_t i = 0; i < p->label_count; i++) {
		const struct profile_label *l = p->labels + i;
		const char *key = profile_text(p, l->key);

		if (l->numeric && !units[l->key])
			units[l->key] = text_equal(key, "alignment") || text_equal(key, "request") ? "bytes" : key;
	}
	return units;
}

static bool compile_filter(struct arena *a, const struct profile *p, const char *option, const char *text,
			   struct tag_filter *out, const char **note, struct err *err)
{
	const char *equals = strchr(text, '='), *value = equals ? equals + 1 : text;
	char *part, *rest;

	*out = (struct tag_filter){.units = units_of_keys(a, p)};
	out->key = equals ? arena_copy(a, text, (size_t)(equals - text)) : NULL;
	if (read_range(a, value, out)) {
		out->is_range = true;
		*note = arena_printf(a, "%s: '%s' is taken for a range of numbers, not for a regular expression",
				     option, text_printable_copy(a, value));
		return true;
	}
	out->has_low = out->has_high = false;
	out->regexes = NEW_ARRAY(a, struct regex *, strlen(value) + 1);
	rest = arena_string(a, value);
	while ((part = strsep(&rest, ",")))
		if (!regex_compile(a, part, out->regexes + out->regex_count++, err))
			return err_context(err, "%s", option);
	return true;
}

static bool in_range(const struct tag_filter *f, const struct profile_label *l)
{
	const char *unit;
	double value = unit_scale(l->number, f->units[l->key], f->unit, &unit);

	return text_equal(unit, f->unit) && (!f->has_low || value >= f->low) && (!f->has_high || value <= f->high);
}

/* Whether one of a set's texts matches; without key they are asked as "key:text". */
static bool any_text_matches(struct arena *a, const struct profile *p, const struct profile_span *set,
			     const struct tag_filter *f, const struct regex *re, bool *found, struct err *err)
{
	*found = false;
	for (size_t i = 0; i < set->count && !*found; i++) {
		const struct profile_label *l = p->labels + set->first + i;
		const char *text = profile_text(p, l->text);

		if (l->numeric || (f->key && !text_equal(profile_text(p, l->key), f->key)))
			continue;
		if (!f->key)
			text = arena_printf(a, "%s:%s", profile_text(p, l->key), text);
		if (!regex_search(re, text, found, err))
			return false;
	}
	return true;
}

static bool set_matches(struct arena *a, const struct profile *p, const struct profile_span *set,
			const struct tag_filter *f, bool *found, struct err *err)
{
	*found = false;
	if (f->is_range) {
		for (size_t i = 0; i < set->count && !*found; i++) {
			const struct profile_label *l = p->labels + set->first + i;

			*found = l->numeric && (!f->key || text_equal(profile_text(p, l->key), f->key)) &&
				 in_range(f, l);
		}
		return true;
	}
	/* With a key one expression is enough, without one all must match: as pprof has it. */
	for (size_t i = 0; i < f->regex_count; i++) {
		if (!any_text_matches(a, p, set, f, f->regexes[i], found, err))
			return false;
		if (*found == (f->key != NULL))
			return true;
	}
	return true;
}

/* Answers per label set that samples have. */
static bool ask_sets(struct arena *a, const struct profile *p, const char *option, const char *text, bool *answers,
		     bool *hit, const char **note, struct err *err)
{
	struct arena *scratch = arena_open_child(a), *names = arena_open_child(a);
	bool *asked = NEW_ARRAY(scratch, bool, p->label_set_count);
	struct tag_filter f;
	const char *own_note = NULL;
	bool fine = compile_filter(scratch, p, option, text, &f, &own_note, err);

	for (size_t i = 0; i < p->sample_count && fine; i++) {
		uint32_t set = p->sample_labels[i];

		if (!asked[set]) {
			struct arena_mark mark = arena_mark(names);

			fine = set_matches(names, p, p->label_sets + set, &f, answers + set, err) ||
			       err_context(err, "%s", option);
			arena_reset(names, mark);
			asked[set] = true;
		}
		*hit |= answers[set];
	}
	*note = own_note ? arena_string(a, own_note) : NULL;
	arena_close(names);
	arena_close(scratch);
	return fine;
}

bool filter_by_tags(struct arena *a, struct profile *p, struct filter_tags *tags, struct err *err)
{
	bool *focused = NEW_ARRAY(a, bool, p->label_set_count), *ignored = NEW_ARRAY(a, bool, p->label_set_count);

	memset(focused, 1, p->label_set_count);
	if (tags->focus) {
		memset(focused, 0, p->label_set_count);
		if (!ask_sets(a, p, "--tagfocus", tags->focus, focused, &tags->focus_hit, &tags->focus_note, err))
			return false;
	}
	if (tags->ignore &&
	    !ask_sets(a, p, "--tagignore", tags->ignore, ignored, &tags->ignore_hit, &tags->ignore_note, err))
		return false;
	for (size_t i = 0; i < p->label_set_count; i++)
		focused[i] = focused[i] && !ignored[i];
	filter_keep(p, p->sample_labels, focused);
	return true;
}

bool filter_labels(struct profile *p, struct filter_regex *show, struct filter_regex *hide, struct err *err)
{
	for (size_t i = 0; i < p->label_set_count; i++) {
		struct profile_span *s = p->label_sets + i;
		struct profile_label *labels = p->labels + s->first;
		uint32_t kept = 0;

		for (uint32_t k = 0; k < s->count; k++) {
			bool shown = true, hidden = false;

			if (show->regex && !filter_matches(show, labels[k].key, &shown, err))
				return false;
			if (hide->regex && !filter_matches(hide, labels[k].key, &hidden, err))
				return false;
			show->hit |= shown;
			hide->hit |= hidden;
			if (shown && !hidden)
				labels[kept++] = labels[k];
		}
		s->count = kept;
	}
	return true;
}

/* The values of a label, texts before numbers, parted by commas; *hit: there was one. */
static const char *label_values(struct arena *a, const struct profile *p, uint32_t set, const char *key,
				const char *unit, bool *hit)
{
	const struct profile_span *s = p->label_sets + set;
	const struct profile_label *labels = p->labels + s->first;
	struct buf out = {.arena = a};
	bool any_unit = false;

	for (size_t i = 0; i < s->count; i++)
		any_unit |= labels[i].unit && text_equal(profile_text(p, labels[i].key), key);
	for (int numeric = 0; numeric < 2; numeric++) {
		for (size_t i = 0; i < s->count; i++) {
			const struct profile_label *l = labels + i;

			if (l->numeric != (numeric == 1) || !text_equal(profile_text(p, l->key), key))
				continue;
			*hit = true;
			buf_text(&out, out.size ? "," : "");
			if (!numeric)
				buf_text(&out, profile_text(p, l->text));
			else if (any_unit)
				buf_text(&out, unit_text(a, l->number, profile_text(p, l->unit), unit));
			else
				buf_text(&out, unit_text(a, l->number, "", ""));
		}
	}
	return buf_string(&out);
}

/* Keys parted by commas, empty ones left out. */
static size_t split_keys(struct arena *a, const char *text, const char **keys)
{
	char *rest = arena_string(a, text ? text : ""), *part;
	size_t count = 0;

	while ((part = strsep(&rest, ",")))
		if (*part)
			keys[count++] = part;
	return count;
}

/* Adds the frames of a label set, those nearest the leaf first. */
static size_t add_label_frames(struct arena *a, struct profile *p, uint32_t set, const char *const *keys, size_t count,
			       const char *unit, uint32_t *frames, bool *hit)
{
	for (size_t i = 0; i < count; i++) {
		const char *key = keys[count - 1 - i];
		struct profile_function f = {.name = profile_string_of(p, label_values(a, p, set, key, unit, hit)),
					     .file = profile_string_of(p, key)};
		struct profile_line line = {.function = profile_intern_function(p, &f)};

		frames[i] = profile_intern_location(p, &(struct profile_location){.mapping = PROFILE_NONE}, &line, 1);
	}
	return count;
}

void filter_label_frames(struct arena *a, struct profile *p, const char *root, const char *leaf, const char *unit,
			 bool *root_hit, bool *leaf_hit)
{
	struct arena *scratch = arena_open_child(a);
	const char **roots = NEW_ARRAY(scratch, const char *, strlen(root ? root : "") + 1);
	const char **leaves = NEW_ARRAY(scratch, const char *, strlen(leaf ? leaf : "") + 1);
	size_t root_count = split_keys(scratch, root, roots), leaf_count = split_keys(scratch, leaf, leaves);
	size_t longest = 0;
	uint32_t *frames;

	for (size_t i = 0; i < p->stack_count; i++)
		longest = p->stacks[i].count > longest ? p->stacks[i].count : longest;
	frames = NEW_ARRAY(scratch, uint32_t, longest + root_count + leaf_count + 1);
	for (size_t i = 0; i < p->sample_count && root_count + leaf_count; i++) {
		const struct profile_span s = p->stacks[p->sample_stacks[i]];
		uint32_t set = p->sample_labels[i];
		struct arena_mark mark = arena_mark(scratch);
		size_t count = add_label_frames(scratch, p, set, leaves, leaf_count, unit, frames, leaf_hit);

		if (s.count)
			memcpy(frames + count, p->frames + s.first, s.count * sizeof *frames);
		count += s.count;
		count += add_label_frames(scratch, p, set, roots, root_count, unit, frames + count, root_hit);
		p->sample_stacks[i] = profile_stack(p, frames, count);
		arena_reset(scratch, mark);
	}
	arena_close(scratch);
}
