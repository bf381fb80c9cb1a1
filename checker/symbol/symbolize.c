/* Going through the addresses of a profile, file by file. */
#include "symbol/symbolize.h"

#include "base/file.h"
#include "base/text.h"
#include "symbol/lookup.h"
#include "symbol/module.h"

#include <stdlib.h>
#include <string.h>

enum {
	MOST_LINES = 256,      /* at one address; as symbol/lookup.h gives */
	MOST_NAME = 16 * 1024, /* bytes that are kept of a name */
};

static const uint64_t kernel_start = UINT64_C(0xffff000000000000); /* x86-64 and AArch64: the upper half */

struct place { /* an address to be named */
	uint32_t location, file, build_id;
	uint64_t offset; /* in the file */
};

struct work {
	struct arena *arena;
	struct arena *scratch; /* the other one may be the profile's */
	struct profile *p;
	const struct symbolize_options *options;
	struct symbolize_report *report;
	size_t problem_capacity;
};

static void set_lines(struct profile *p, uint32_t location, const struct profile_line *lines, size_t count)
{
	struct profile_location *l = &p->locations[location];

	if (p->line_count > UINT32_MAX - MOST_LINES)
		return;
	l->first_line = (uint32_t)p->line_count;
	for (size_t i = 0; i < count; i++) {
		p->lines = arena_reserve(p->arena, p->lines, p->line_count, &p->line_capacity, sizeof(*p->lines));
		p->lines[p->line_count++] = lines[i];
	}
	l->line_count = (uint32_t)count;
}

static void name_only(struct profile *p, uint32_t location, const char *name)
{
	uint32_t text = profile_string_of(p, name);
	struct profile_line line = {
		.function = profile_intern_function(p, &(struct profile_function){.name = text, .system_name = text}),
	};

	set_lines(p, location, &line, 1);
}

/* Names of mappings that look like paths and are memory of no file. */
static bool is_memory(const char *file)
{
	static const char *const starts[] = {"//anon", "/anon_hugepage", "/memfd:", "/dev/", "/SYSV"};

	for (size_t i = 0; i < sizeof(starts) / sizeof(*starts); i++) {
		if (text_starts(file, starts[i]))
			return true;
	}
	return *file != '/';
}

/* "[anon]", "[heap]", "[zero]". */
static const char *bracketed(struct arena *a, const char *file)
{
	if (!*file)
		return "[unknown]";
	if (text_starts(file, "//anon"))
		return "[anon]";
	return *file == '[' ? file : arena_printf(a, "[%s]", path_base(file));
}

static void name_place(struct work *w, const struct place *at)
{
	struct arena_mark mark = arena_mark(w->scratch);
	const char *file = profile_text(w->p, at->file);

	name_only(w->p, at->location,
		  is_memory(file)
			  ? bracketed(w->scratch, file)
			  : arena_printf(w->scratch, "[%s+0x%llx]", path_base(file), (unsigned long long)at->offset));
	arena_reset(w->scratch, mark);
}

static uint32_t name_string(struct profile *p, const char *name)
{
	return profile_string(p, (struct str){name, strnlen(name, MOST_NAME)});
}

/*
 * A function is one, in the file that declares it, though some of its code comes from lines of another one: text that was
 * included, or a load that the compiler moved out of a call.  The format has a file a function and not a line, so such code
 * is given to the line at which the function begins.
 */
static bool is_elsewhere(const struct frame *f)
{
	return f->start_file && *f->start_file && f->start_line && !text_equal(f->start_file, f->file);
}

static void fill(struct work *w, const struct place *at, const struct frame *frames, size_t count)
{
	struct profile_line lines[MOST_LINES];

	count = count < MOST_LINES ? count : MOST_LINES;
	for (size_t i = 0; i < count; i++) {
		bool elsewhere = is_elsewhere(&frames[i]);
		const struct profile_function f = {
			.name = name_string(w->p, frames[i].name),
			.system_name = name_string(w->p, frames[i].system_name),
			.file = profile_string_of(w->p, elsewhere ? frames[i].start_file : frames[i].file),
			.start_line = frames[i].start_line,
		};

		lines[i] = (struct profile_line){
			.function = profile_intern_function(w->p, &f),
			.line = elsewhere ? frames[i].start_line : frames[i].line,
		};
	}
	set_lines(w->p, at->location, lines, count);
	w->report->named_count += *frames->name != '[';
	w->report->line_count += frames->line > 0;
}

static bool same_build(const struct module *m, const char *build_id)
{
	return !*build_id || text_equal(module_build_id_text(m), build_id);
}

/* The module of a mapping's file, or NULL and why not. */
static struct module *open_module(struct arena *a, const char *file, const char *build_id, const char **why)
{
	static const char deleted[] = " (deleted)";
	struct module *m = NULL;
	struct err *err = NEW(a, struct err);

	*why = NULL;
	if (text_equal(file, "[vdso]")) {
		if (!module_open_vdso(a, &m))
			return NULL;
	} else if (is_memory(file)) {
		return NULL;
	} else if (!module_open(a, file, &m, err)) {
		/* The kernel marks what was replaced; a build that put the same file there again is found. */
		if (!text_ends(file, deleted) || !*build_id ||
		    !module_open(a, arena_copy(a, file, strlen(file) - strlen(deleted)), &m, err)) {
			*why = err->text;
			return NULL;
		}
	}
	if (same_build(m, build_id))
		return m;
	module_close(m);
	*why = "another build than the one that ran (its build id differs)";
	return NULL;
}

static void add_problem(struct work *w, uint32_t file, const char *why, bool is_partial)
{
	struct symbolize_report *r = w->report;

	r->problems =
		arena_reserve(w->arena, r->problems, r->problem_count, &w->problem_capacity, sizeof(*r->problems));
	r->problems[r->problem_count++] = (struct symbolize_problem){
		arena_string(w->arena, profile_text(w->p, file)),
		arena_string(w->arena, why),
		is_partial,
	};
}

/* Gives a location the lines of another one with the same address, which is not looked up again. */
static void share_lines(struct work *w, uint32_t from, uint32_t to)
{
	const struct profile_location *known = &w->p->locations[from];
	const struct profile_line *first = &w->p->lines[known->first_line];
	uint32_t function = first->function;

	w->p->locations[to].first_line = known->first_line;
	w->p->locations[to].line_count = known->line_count;
	w->report->named_count += *profile_text(w->p, w->p->functions[function].name) != '[';
	w->report->line_count += first->line > 0;
}

/* Names `count` places that are in one file. */
static void name_file(struct work *w, const struct place *at, size_t count)
{
	struct arena *child = arena_open_child(w->scratch);
	const char *file = profile_text(w->p, at->file), *why;
	struct module *m = open_module(child, file, profile_text(w->p, at->build_id), &why);

	if (m && w->options->debug_folder)
		module_set_debug_folder(m, w->options->debug_folder);
	if (why)
		add_problem(w, at->file, why, false);
	for (size_t i = 0; i < count; i++) {
		const struct frame *frames;
		uint64_t vaddr;
		size_t found;

		if (i && at[i].offset == at[i - 1].offset) {
			share_lines(w, at[i - 1].location, at[i].location);
			continue;
		}
		if (!m || !module_vaddr(m, at[i].offset, &vaddr)) {
			name_place(w, &at[i]);
			continue;
		}
		found = module_frames(m, vaddr, &frames);
		/* Of the kernel's image no names but the function's would be alike in every run. */
		if (*file == '[' && *frames->name == '[')
			name_place(w, &at[i]);
		else
			fill(w, &at[i], frames, found);
	}
	if (m) {
		if (*module_missing(m))
			add_problem(w, at->file, module_missing(m), true);
		module_close(m);
	}
	arena_close(child);
}

static int compare_places(const void *left, const void *right)
{
	const struct place *a = left, *b = right;

	if (a->file != b->file)
		return a->file < b->file ? -1 : 1;
	if (a->build_id != b->build_id)
		return a->build_id < b->build_id ? -1 : 1;
	if (a->offset != b->offset)
		return a->offset < b->offset ? -1 : 1;
	return a->location < b->location ? -1 : a->location > b->location;
}

static int compare_problems(const void *left, const void *right)
{
	const struct symbolize_problem *a = left, *b = right;

	return strcmp(a->file, b->file);
}

static void mark_mappings(struct profile *p)
{
	for (size_t i = 0; i < p->location_count; i++) {
		const struct profile_location *l = &p->locations[i];
		struct profile_mapping *m;

		if (l->mapping == PROFILE_NONE || !l->line_count)
			continue;
		m = &p->mappings[l->mapping];
		m->has_functions = true;
		m->has_inlines = m->has_inlines || l->line_count > 1;
		for (uint32_t j = l->first_line; j < l->first_line + l->line_count; j++) {
			m->has_lines = m->has_lines || p->lines[j].line > 0;
			if (p->lines[j].function != PROFILE_NONE && p->functions[p->lines[j].function].file)
				m->has_files = true;
		}
	}
}

void profile_symbolize(struct arena *a, struct profile *p, const struct symbolize_options *options,
		       struct symbolize_report *out)
{
	struct work w = {a, arena_open_child(a), p, options, out, 0};
	struct place *places = NEW_ARRAY(w.scratch, struct place, p->location_count);
	size_t count = 0, end;

	*out = (struct symbolize_report){0};
	for (size_t i = 0; i < p->location_count; i++) {
		const struct profile_location *l = &p->locations[i];
		const struct profile_mapping *m = l->mapping == PROFILE_NONE ? NULL : &p->mappings[l->mapping];

		if (l->line_count)
			continue;
		out->location_count++;
		if (l->address >= kernel_start || (m && text_starts(profile_text(p, m->file), "[kernel")))
			name_only(p, (uint32_t)i, "[kernel]");
		else if (!m || !l->address)
			name_only(p, (uint32_t)i, "[unknown]");
		else
			places[count++] =
				(struct place){(uint32_t)i, m->file, m->build_id, l->address - m->start + m->offset};
	}
	if (count)
		qsort(places, count, sizeof(*places), compare_places);
	for (size_t i = 0; i < count; i = end) {
		for (end = i + 1; end < count && places[end].file == places[i].file; end++) {
			if (places[end].build_id != places[i].build_id)
				break;
		}
		name_file(&w, places + i, end - i);
	}
	if (out->problem_count)
		qsort(out->problems, out->problem_count, sizeof(*out->problems), compare_problems);
	mark_mappings(p);
	arena_close(w.scratch);
}
