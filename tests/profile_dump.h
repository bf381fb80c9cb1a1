/* What tests of profiles share: an arena a test, and a profile as text. */
#ifndef PAWL_TESTS_PROFILE_DUMP_H
#define PAWL_TESTS_PROFILE_DUMP_H

#include "model/profile.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static inline int open_arena(void **state)
{
	*state = arena_open();
	return 0;
}

static inline int close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

static inline void dump_text(struct buf *out, const struct profile *p, uint32_t string)
{
	enum { MOST = 200 }; /* golden files stay readable */

	if (p->strings[string].size > MOST)
		buf_printf(out, "(%zu bytes)", p->strings[string].size);
	else
		text_printable(out, profile_text(p, string));
}

static inline void dump_labels(struct buf *out, const struct profile *p, const struct profile_span *set)
{
	for (size_t i = set->first; i < set->first + set->count; i++) {
		const struct profile_label *l = p->labels + i;

		buf_text(out, i == set->first ? " {" : ", ");
		dump_text(out, p, l->key);
		buf_char(out, '=');
		if (l->numeric)
			buf_printf(out, "%" PRId64 "%s", l->number, l->unit ? " " : "");
		dump_text(out, p, l->numeric ? l->unit : l->text);
	}
	if (set->count)
		buf_char(out, '}');
}

static inline void dump_location(struct buf *out, const struct profile *p, const struct profile_location *l)
{
	buf_printf(out, " %" PRIx64, l->address);
	if (l->mapping != PROFILE_NONE)
		buf_printf(out, "@%u", l->mapping);
	buf_text(out, l->folded ? "*" : "");
	for (size_t i = 0; i < l->line_count; i++) {
		const struct profile_line *line = p->lines + l->first_line + i;

		buf_char(out, i ? '<' : '=');
		if (line->function != PROFILE_NONE)
			dump_text(out, p, p->functions[line->function].name);
		buf_printf(out, ":%" PRId64, line->line);
		if (line->column)
			buf_printf(out, ":%" PRId64, line->column);
	}
}

static inline void dump_lists(struct buf *out, const struct profile *p)
{
	for (size_t i = 0; i < p->mapping_count; i++) {
		const struct profile_mapping *m = p->mappings + i;

		buf_printf(out, "mapping %zu: %" PRIx64 "-%" PRIx64 " at %" PRIx64 " ", i, m->start, m->limit,
			   m->offset);
		dump_text(out, p, m->file);
		buf_char(out, ' ');
		dump_text(out, p, m->build_id);
		buf_printf(out, "%s%s%s%s\n", m->has_functions ? " functions" : "", m->has_files ? " files" : "",
			   m->has_lines ? " lines" : "", m->has_inlines ? " inlines" : "");
	}
	for (size_t i = 0; i < p->function_count; i++) {
		const struct profile_function *f = p->functions + i;

		buf_text(out, "function ");
		dump_text(out, p, f->name);
		buf_char(out, ' ');
		dump_text(out, p, f->system_name);
		buf_char(out, ' ');
		dump_text(out, p, f->file);
		buf_printf(out, ":%" PRId64 "\n", f->start_line);
	}
}

static inline void dump_type(struct buf *out, const struct profile *p, const struct profile_type *t)
{
	buf_char(out, ' ');
	dump_text(out, p, t->name);
	buf_char(out, '/');
	dump_text(out, p, t->unit);
}

static inline void dump_samples(struct buf *out, const struct profile *p)
{
	for (size_t i = 0; i < p->sample_count; i++) {
		const struct profile_span *stack = p->stacks + p->sample_stacks[i];

		for (size_t k = 0; k < p->type_count; k++)
			buf_printf(out, "%s%" PRId64, k ? " " : "", p->values[i * p->type_count + k]);
		buf_char(out, ':');
		for (size_t k = 0; k < stack->count; k++)
			dump_location(out, p, p->locations + p->frames[stack->first + k]);
		dump_labels(out, p, p->label_sets + p->sample_labels[i]);
		buf_char(out, '\n');
	}
}

static inline void dump_profile(struct buf *out, const struct profile *p)
{
	buf_text(out, "types:");
	for (size_t i = 0; i < p->type_count; i++)
		dump_type(out, p, p->types + i);
	buf_printf(out, "; shown: %zu; period %" PRId64, profile_type_default(p), p->period);
	dump_type(out, p, &p->period_type);
	buf_printf(out, "; time %" PRId64 ", duration %" PRId64 "; ", p->time_ns, p->duration_ns);
	dump_text(out, p, p->drop_frames);
	buf_text(out, "; ");
	dump_text(out, p, p->keep_frames);
	buf_text(out, "; ");
	dump_text(out, p, p->doc_url);
	for (size_t i = 0; i < p->comment_count; i++) {
		buf_text(out, "; comment ");
		dump_text(out, p, p->comments[i]);
	}
	buf_printf(out, "; lost %zu %zu %zu\n", p->dangling_mapping_count, p->dangling_function_count,
		   p->dropped_label_count);
	dump_lists(out, p);
	dump_samples(out, p);
}

#endif
