/* Long texts leave a view piece by piece, and are the same as when they are kept. */
#include "view/view.h"

#include "made_profiles.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
	SAMPLES = 1500,
	DEPTH = 24,
	FUNCTIONS = 120,
	LONG_TEXT = 1 << 19, /* what must not be kept as a whole */
	MOST_KEPT = 1 << 19,
};

/* What went into the drain. */
struct collected {
	struct buf_drain drain;
	struct buf text;
	size_t count;
};

static void collect(struct buf_drain *drain, const char *at, size_t size)
{
	struct collected *c = (struct collected *)drain;

	buf_bytes(&c->text, at, size);
	c->count++;
}

/* Stacks through functions that call each other without much order. */
static void make_source(struct arena *a, struct source *source)
{
	struct profile *p = made_profile(a, 0x400000);
	const struct profile *const profiles[] = {p};
	const struct source_options options = {.granularity = GRANULARITY_ADDRESSES};
	unsigned long next = 1;
	struct err err;

	for (size_t i = 0; i < SAMPLES; i++) {
		struct buf names = {.arena = a};

		for (size_t k = 0; k < DEPTH; k++) {
			next = (next * 1103515245 + 12345) & 0x7fffffff;
			buf_printf(&names, "%sfunction_%lu", k ? ";" : "", next / 65536 % FUNCTIONS);
		}
		made_sample(p, buf_string(&names), i % 2 ? "key:text" : NULL, (int64_t)(i % 7 + 1));
	}
	if (!source_prepare(a, profiles, 1, NULL, 0, &options, source, &err))
		fail_msg("%s", err.text);
}

static bool show(struct arena *a, const struct view *view, const struct source *source, enum view_form form,
		 struct buf *out)
{
	const struct view_options options = {
		.form = form, .node_count = -1, .node_fraction = -1, .edge_fraction = -1, .all = true, .pattern = "."};
	struct err err;

	return view->write(a, source, &options, out, &err);
}

/* Whether the text is a long one. */
static bool check_view(struct arena *parent, const struct view *view, const struct source *source, enum view_form form)
{
	struct arena *a = arena_open_child(parent);
	struct collected pieces = {.drain.take = collect, .text.arena = a};
	struct buf whole = {.arena = a}, rest = {.arena = a, .drain = &pieces.drain};
	bool is_long = false;

	if (show(a, view, source, form, &whole)) {
		is_long = whole.size >= LONG_TEXT;
		assert_true(show(a, view, source, form, &rest));
		if (is_long && rest.capacity > MOST_KEPT)
			fail_msg("%s keeps %zu of %zu bytes", view->name, rest.capacity, whole.size);
		buf_bytes(&pieces.text, buf_string(&rest), rest.size);
		assert_int_equal(pieces.text.size, whole.size);
		assert_memory_equal(pieces.text.at, whole.at, whole.size);
	}
	arena_close(a);
	return is_long;
}

static void no_view_keeps_a_long_text(void **state)
{
	struct arena *a = arena_open();
	struct source source;
	size_t long_count = 0;

	(void)state;
	make_source(a, &source);
	for (size_t i = 0; i < view_count; i++) {
		for (enum view_form form = VIEW_TEXT; form <= VIEW_CSV && !views[i]->file_kinds; form++)
			long_count += check_view(a, views[i], &source, form);
	}
	/* traces, tree and peek in each form, callgrind and dot. */
	assert_true(long_count >= 11);
	arena_close(a);
}

static void a_short_text_stays_until_the_end(void **state)
{
	struct arena *a = arena_open();
	struct collected pieces = {.drain.take = collect, .text.arena = a};
	struct buf text = {.arena = a, .drain = &pieces.drain};

	(void)state;
	buf_pass(&text);
	buf_text(&text, "short");
	buf_pass(&text);
	assert_int_equal(pieces.count, 0);
	assert_string_equal(buf_string(&text), "short");
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_view_keeps_a_long_text),
		cmocka_unit_test(a_short_text_stays_until_the_end),
	};

	return cmocka_run_group_tests_name("test_view_pieces", tests, NULL, NULL);
}
