/* Names for what a profile knows by address alone, and for what the linker mangled. */
#include "cmd/profile.h"

#include "base/file.h"
#include "base/text.h"
#include "symbol/name.h"
#include "symbol/symbolize.h"

#include <stdio.h>
#include <string.h>

/* Whether a file is there that could name an address. */
static bool can_name(const struct profile *p)
{
	bool *readable = NEW_ARRAY(p->arena, bool, p->mapping_count + 1);

	for (size_t i = 0; i < p->mapping_count; i++) {
		const char *file = profile_text(p, p->mappings[i].file);

		readable[i] = *file == '/' && file_exists(file);
	}
	for (size_t i = 0; i < p->location_count; i++) {
		const struct profile_location *l = p->locations + i;

		if (!l->line_count && l->mapping != PROFILE_NONE && readable[l->mapping])
			return true;
	}
	return false;
}

/* "[libfoo.so+0x1234]" stands for an address without name; views show those of a file as one, "[libfoo.so]". */
static bool is_place(const char *name)
{
	return name[0] == '[' && strstr(name, "+0x");
}

static void look_up(struct profile *p)
{
	struct symbolize_options options = {0};
	struct symbolize_report report;
	bool *nameless = NEW_ARRAY(p->arena, bool, p->location_count + 1);

	for (size_t i = 0; i < p->location_count; i++)
		nameless[i] = !p->locations[i].line_count;
	/* Its memory is given back in between, so it must not be the profile's. */
	profile_symbolize(arena_open_child(p->arena), p, &options, &report);
	for (size_t i = 0; i < p->location_count; i++) {
		struct profile_location *l = p->locations + i;
		uint32_t function = l->line_count == 1 ? p->lines[l->first_line].function : PROFILE_NONE;

		if (nameless[i] && function != PROFILE_NONE && is_place(profile_text(p, p->functions[function].name)))
			l->line_count = 0;
	}
	for (size_t i = 0; i < report.problem_count; i++)
		if (file_exists(report.problems[i].file))
			fprintf(stderr, "pawl profile: %s from %s: %s\n",
				report.problems[i].is_partial ? "not all inlined calls and lines" : "no names",
				text_printable_copy(p->arena, report.problems[i].file),
				text_printable_copy(p->arena, report.problems[i].why));
}

void profile_name(struct profile *p, const char *program)
{
	if (program && p->mapping_count)
		p->mappings[0].file = profile_string_of(p, path_real(p->arena, program));
	if (can_name(p))
		look_up(p);
	/* A name that is not the linker's was made readable by whoever wrote the profile. */
	for (size_t i = 0; i < p->function_count; i++) {
		struct profile_function *f = p->functions + i;
		const char *name = profile_text(p, f->name);

		if (f->name == f->system_name || !f->system_name)
			f->name = profile_string_of(p, name_demangle(p->arena, name));
		if (!f->system_name && !text_equal(profile_text(p, f->name), name))
			f->system_name = profile_string_of(p, name);
	}
}
