/* Filters by the names in stacks. */
#include "graph/filter.h"

#include "base/regex.h"
#include "base/text.h"

#include <string.h>

bool filter_compile(struct arena *a, const struct profile *p, const char *option, const char *pattern,
		    struct filter_regex *out, struct err *err)
{
	*out = (struct filter_regex){.profile = p, .arena = arena_open_child(a), .option = option};
	if (!pattern || !*pattern)
		return true;
	if (!regex_compile(a, pattern, &out->regex, err))
		return err_context(err, "%s", option);
	out->answers = NEW_ARRAY(a, int8_t, p->string_count);
	return true;
}

/* Names without their arguments: up to the first '(' that is none of C++'s own (google/pprof, prune.go: simplifyFunc). */
static const char *simple_name(struct arena *a, const char *name)
{
	static const char *const reserved[] = {"(anonymous namespace)", "operator()"};
	const char *at;

	name += *name == '.';
	for (at = name; *at;) {
		size_t skip = 0;

		for (size_t i = 0; i < sizeof reserved / sizeof *reserved; i++)
			if (text_starts(at, reserved[i]))
				skip = strlen(reserved[i]);
		if (!skip && *at == '(')
			break;
		at += skip ? skip : 1;
	}
	return *at ? arena_copy(a, name, (size_t)(at - name)) : name;
}

bool filter_matches(struct filter_regex *re, uint32_t string, bool *found, struct err *err)
{
	int8_t *answer = re->answers + string;

	if (!*answer) {
		const char *text = profile_text(re->profile, string);
		struct arena_mark mark = arena_mark(re->arena);
		bool yes, fine;

		fine = regex_search(re->regex, re->simplify ? simple_name(re->arena, text) : text, &yes, err);
		arena_reset(re->arena, mark);
		if (!fine)
			return err_context(err, "%s", re->option);
		*answer = yes ? 1 : -1;
	}
	*found = *answer > 0;
	return true;
}

static bool function_matches(struct filter_regex *re, uint32_t function, bool *found, struct err *err)
{
	const struct profile_function *f;

	*found = false;
	if (function == PROFILE_NONE)
		return true;
	f = re->profile->functions + function;
	return filter_matches(re, f->name, found, err) && (*found || filter_matches(re, f->file, found, err));
}

static bool mapping_matches(struct filter_regex *re, uint32_t mapping, bool *found, struct err *err)
{
	*found = false;
	return mapping == PROFILE_NONE || filter_matches(re, re->profile->mappings[mapping].file, found, err);
}

static bool location_matches(struct filter_regex *re, const struct profile_location *l, bool *found, struct err *err)
{
	*found = false;
	for (size_t i = 0; i < l->line_count && !*found; i++)
		if (!function_matches(re, re->profile->lines[l->first_line + i].function, found, err))
			return false;
	return *found || mapping_matches(re, l->mapping, found, err);
}

/* Keeps the lines that match (or that do not); *empty: none is left. */
static bool select_lines(struct profile *p, struct profile_location *l, struct filter_regex *re, bool wanted,
			 bool *empty, struct err *err)
{
	struct profile_line *lines = p->lines + l->first_line;
	uint32_t kept = 0;
	bool found;

	if (!mapping_matches(re, l->mapping, &found, err))
		return false;
	if (found) {
		l->line_count = wanted ? l->line_count : 0;
		*empty = !l->line_count;
		return true;
	}
	for (uint32_t i = 0; i < l->line_count; i++) {
		if (!function_matches(re, lines[i].function, &found, err))
			return false;
		/* A line without function cannot be found, and is kept either way. */
		if (found == wanted || lines[i].function == PROFILE_NONE)
			lines[kept++] = lines[i];
	}
	l->line_count = kept;
	*empty = !kept;
	return true;
}

enum mark { MARK_NONE, MARK_FOCUS, MARK_IGNORE };

static bool mark_location(struct profile *p, struct profile_location *l, struct filter_names *names, char *mark,
			  bool *hidden, struct err *err)
{
	bool found = false, empty = false;

	*mark = MARK_NONE;
	*hidden = false;
	if (names->ignore.regex && !location_matches(&names->ignore, l, &found, err))
		return false;
	if (found) {
		names->ignore.hit = true;
		*mark = MARK_IGNORE;
	} else {
		found = true;
		if (names->focus.regex && !location_matches(&names->focus, l, &found, err))
			return false;
		names->focus.hit |= found;
		*mark = found ? MARK_FOCUS : MARK_NONE;
	}
	if (names->hide.regex) {
		if (!location_matches(&names->hide, l, &found, err))
			return false;
		names->hide.hit |= found;
		if (found && !select_lines(p, l, &names->hide, false, hidden, err))
			return false;
	}
	if (names->show.regex) {
		if (!select_lines(p, l, &names->show, true, &empty, err))
			return false;
		names->show.hit |= !empty;
		*hidden |= empty;
	}
	return true;
}

void filter_keep(struct profile *p, const uint32_t *of_sample, const bool *keep)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->sample_count; i++) {
		if (!keep[of_sample[i]])
			continue;
		p->sample_stacks[kept] = p->sample_stacks[i];
		p->sample_labels[kept] = p->sample_labels[i];
		memmove(p->values + kept * p->type_count, p->values + i * p->type_count,
			p->type_count * sizeof *p->values);
		kept++;
	}
	p->sample_count = kept;
}

bool filter_by_names(struct arena *a, struct profile *p, struct filter_names *names, struct err *err)
{
	struct arena *scratch = arena_open_child(a);
	char *marks = NEW_ARRAY(scratch, char, p->location_count + 1);
	bool *hidden = NEW_ARRAY(scratch, bool, p->location_count + 1);
	bool *keep = NEW_ARRAY(scratch, bool, p->stack_count + 1);
	bool fine = true;

	for (size_t i = 0; i < p->location_count && fine; i++)
		fine = mark_location(p, p->locations + i, names, marks + i, hidden + i, err);
	for (size_t i = 0; i < p->stack_count && fine; i++) {
		struct profile_span *s = p->stacks + i;
		uint32_t *frames = p->frames + s->first, kept = 0;
		bool focused = false, ignored = false;

		for (uint32_t k = 0; k < s->count; k++) {
			focused |= marks[frames[k]] == MARK_FOCUS;
			ignored |= marks[frames[k]] == MARK_IGNORE;
			if (!hidden[frames[k]])
				frames[kept++] = frames[k];
		}
		s->count = kept;
		keep[i] = focused && !ignored && kept;
	}
	if (fine)
		filter_keep(p, p->sample_stacks, keep);
	arena_close(scratch);
	return fine;
}

/* Whether the location stays as the highest one, cut above its last match. */
static bool cut_above(struct profile *p, struct profile_location *l, struct filter_regex *re, bool *found,
		      struct err *err)
{
	if (!mapping_matches(re, l->mapping, found, err))
		return false;
	for (uint32_t i = l->line_count; i && !*found; i--) {
		if (!function_matches(re, p->lines[l->first_line + i - 1].function, found, err))
			return false;
		if (*found)
			l->line_count = i;
	}
	return true;
}

bool filter_show_from(struct arena *a, struct profile *p, struct filter_regex *re, struct err *err)
{
	struct arena *scratch = arena_open_child(a);
	bool *matches = NEW_ARRAY(scratch, bool, p->location_count + 1);
	bool *keep = NEW_ARRAY(scratch, bool, p->stack_count + 1);
	bool fine = true;

	for (size_t i = 0; i < p->location_count && fine; i++) {
		fine = cut_above(p, p->locations + i, re, matches + i, err);
		re->hit |= fine && matches[i];
	}
	for (size_t i = 0; i < p->stack_count && fine; i++) {
		struct profile_span *s = p->stacks + i;

		while (s->count && !matches[p->frames[s->first + s->count - 1]])
			s->count--;
		keep[i] = s->count > 0;
	}
	if (fine)
		filter_keep(p, p->sample_stacks, keep);
	arena_close(scratch);
	return fine;
}

static bool name_matches(struct profile *p, struct filter_regex *re, uint32_t function, bool *found, struct err *err)
{
	*found = false;
	return function == PROFILE_NONE || !p->functions[function].name ||
	       filter_matches(re, p->functions[function].name, found, err);
}

bool filter_prune_from(struct arena *a, struct profile *p, struct filter_regex *re, struct err *err)
{
	struct arena *scratch = arena_open_child(a);
	bool *matches = NEW_ARRAY(scratch, bool, p->location_count + 1);
	bool fine = true;

	re->simplify = true;
	for (size_t i = 0; i < p->location_count && fine; i++) {
		struct profile_location *l = p->locations + i;

		for (uint32_t k = 0; k < l->line_count && fine && !matches[i]; k++) {
			fine = name_matches(p, re, p->lines[l->first_line + k].function, matches + i, err);
			if (fine && matches[i]) {
				l->first_line += k;
				l->line_count -= k;
				re->hit = true;
			}
		}
	}
	for (size_t i = 0; i < p->stack_count && fine; i++) {
		struct profile_span *s = p->stacks + i;
		uint32_t k = 0;

		while (k < s->count && !matches[p->frames[s->first + k]])
			k++;
		if (k < s->count) {
			s->first += k;
			s->count -= k;
		}
	}
	arena_close(scratch);
	return fine;
}

enum prune { PRUNE_NOT, PRUNE_BELOW, PRUNE_ALL };

/* What of a location goes; its dropped lines are taken away. */
static bool prune_location(struct profile *p, struct profile_location *l, struct filter_regex *drop,
			   struct filter_regex *keep, char *what, struct err *err)
{
	uint32_t i = l->line_count;

	for (; i; i--) {
		uint32_t function = p->lines[l->first_line + i - 1].function;
		bool dropped, kept = false;

		if (!name_matches(p, drop, function, &dropped, err))
			return false;
		if (dropped && keep->regex && !name_matches(p, keep, function, &kept, err))
			return false;
		if (dropped && !kept)
			break;
	}
	*what = !i ? PRUNE_NOT : i == l->line_count ? PRUNE_ALL : PRUNE_BELOW;
	if (*what == PRUNE_BELOW) {
		l->first_line += i;
		l->line_count -= i;
	}
	return true;
}

bool filter_prune(struct arena *a, struct profile *p, struct filter_regex *drop, struct filter_regex *keep,
		  struct err *err)
{
	struct arena *scratch = arena_open_child(a);
	char *what = NEW_ARRAY(scratch, char, p->location_count + 1);
	bool fine = true;

	drop->simplify = keep->simplify = true;
	for (size_t i = 0; i < p->location_count && fine; i++)
		fine = prune_location(p, p->locations + i, drop, keep, what + i, err);
	for (size_t i = 0; i < p->stack_count && fine; i++) {
		struct profile_span *s = p->stacks + i;
		bool user = false;

		/* From the root; before the first frame of the user nothing goes, or all would. */
		for (uint32_t k = s->count; k; k--) {
			char w = what[p->frames[s->first + k - 1]];

			if (w == PRUNE_NOT) {
				user = true;
			} else if (user) {
				uint32_t from = w == PRUNE_ALL ? k : k - 1;

				s->first += from;
				s->count -= from;
				drop->hit = true;
				break;
			}
		}
	}
	arena_close(scratch);
	return fine;
}

void filter_granularity(struct profile *p, enum granularity granularity, bool no_inlines)
{
	bool function = granularity != GRANULARITY_FILES, file = granularity != GRANULARITY_FUNCTIONS;
	bool line = granularity == GRANULARITY_LINES || granularity == GRANULARITY_ADDRESSES;

	for (size_t i = 0; i < p->function_count && (!function || !file); i++) {
		struct profile_function *f = p->functions + i;

		f->name = function ? f->name : 0;
		f->system_name = function ? f->system_name : 0;
		f->file = file ? f->file : 0;
	}
	for (size_t i = 0; i < p->location_count; i++) {
		struct profile_location *l = p->locations + i;

		if (no_inlines && l->line_count > 1) {
			l->first_line += l->line_count - 1;
			l->line_count = 1;
		}
		for (size_t k = 0; k < l->line_count && !line; k++)
			p->lines[l->first_line + k].line = p->lines[l->first_line + k].column = 0;
		l->address = granularity == GRANULARITY_ADDRESSES ? l->address : 0;
	}
}
