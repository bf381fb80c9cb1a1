/* The forms of views for programs, against golden files; and what `list` says of sources. */
#include "view/view.h"

#include "base/file.h"
#include "profile/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GOLDEN  "tests/golden/profiles/"
#define SOURCES GOLDEN "pprof"

enum { READ_LIMIT = 1 << 24 };

static bool show(struct arena *a, const char *file, const char *view_name, const struct source_options *asked,
		 const struct view_options *options, struct buf *out, struct err *err)
{
	const struct view *view = view_find(view_name);
	struct source_options source_options = *asked;
	struct profile *p = NEW(a, struct profile);
	const struct profile *heads[] = {p};
	struct source source;

	assert_non_null(view);
	view_adapt(view, &source_options);
	if (!profile_read(a, file, NULL, p, NULL, err) ||
	    !source_prepare(a, heads, 1, NULL, 0, &source_options, &source, err))
		fail_msg("%s", err->text);
	return view->write(a, &source, options, out, err);
}

static struct view_options in_form(enum view_form form)
{
	return (struct view_options){.form = form,
				     .node_count = -1,
				     .node_fraction = -1,
				     .edge_fraction = -1,
				     .pattern = "computeDiscount",
				     .source_path = SOURCES};
}

/* Whether the text is what the golden file has; PAWL_GOLDEN=write makes it so. */
static bool is_golden(struct arena *a, const char *path, const struct buf *text)
{
	const char *golden = getenv("PAWL_GOLDEN");
	struct str expected;
	struct err err;

	if (golden && text_equal(golden, "write") && !file_write(path, text->at, text->size, &err))
		fail_msg("%s", err.text);
	if (!file_read(a, path, READ_LIMIT, &expected, &err)) {
		print_error("%s ('make golden' writes it)\n", err.text);
		return false;
	}
	if (expected.size == text->size && !memcmp(expected.at, text->at, text->size))
		return true;
	print_error("%s is not what the view writes\n", path);
	return false;
}

static void every_view_writes_its_golden_json_and_csv(void **state)
{
	static const char *const forms[] = {[VIEW_JSON] = "json", [VIEW_CSV] = "csv"};
	const struct source_options plain = {.divide_by = 1};
	size_t wrong = 0;

	(void)state;
	for (size_t i = 0; i < view_count; i++) {
		for (enum view_form form = VIEW_JSON; form <= VIEW_CSV; form++) {
			struct arena *a = arena_open();
			const struct view_options options = in_form(form);
			const char *path = arena_printf(a, GOLDEN "views/%s.%s", views[i]->name, forms[form]);
			struct buf text = {.arena = a};
			struct err err;

			/* A view that has no such form says which one has. */
			if (show(a, GOLDEN "go/cpu_slow.pb.gz", views[i]->name, &plain, &options, &text, &err))
				wrong += !is_golden(a, path, &text);
			else
				assert_non_null(strstr(err.text, "pawl profile"));
			arena_close(a);
		}
	}
	assert_int_equal(wrong, 0);
}

static const char *text_of(struct arena *a, const char *view, const struct source_options *asked,
			   const struct view_options *options)
{
	struct buf text = {.arena = a};
	struct err err;

	if (!show(a, GOLDEN "go/cpu_slow.pb.gz", view, asked, options, &text, &err))
		fail_msg("%s", err.text);
	return buf_string(&text);
}

static void values_that_are_divided_are_no_integers(void **state)
{
	const struct source_options halved = {.divide_by = 3};
	const struct view_options options = in_form(VIEW_JSON);
	struct arena *a = arena_open();

	(void)state;
	assert_non_null(strstr(text_of(a, "top", &halved, &options), "\"flat\": 436666666.6666666"));
	arena_close(a);
}

static void places_have_what_the_granularity_leaves(void **state)
{
	const struct source_options lines = {.granularity = GRANULARITY_LINES};
	const struct source_options addresses = {.granularity = GRANULARITY_ADDRESSES};
	const struct view_options options = in_form(VIEW_JSON);
	struct arena *a = arena_open();
	const char *text = text_of(a, "top", &lines, &options);

	(void)state;
	assert_non_null(
		strstr(text, "{\"name\": \"main.computeDiscount\", \"file\": \"/src/orderproc/main.go\", \"line\": 5"));
	assert_null(strstr(text, "\"address\""));
	assert_non_null(strstr(text_of(a, "top", &addresses, &options), "\"address\": \"0x4c4"));
	arena_close(a);
}

static void a_source_that_is_not_there_is_said_with_what_to_do(void **state)
{
	const struct source_options plain = {.divide_by = 1};
	struct view_options options = in_form(VIEW_TEXT);
	struct arena *a = arena_open();

	(void)state;
	options.source_path = "tests/golden/bench";
	assert_non_null(strstr(text_of(a, "list", &plain, &options),
			       " Error: /src/orderproc/main.go was not found; say where sources are with "
			       "--source-path\n"));
	arena_close(a);
}

static void names_that_match_nothing_are_an_error(void **state)
{
	static const char *const views_by_name[] = {"peek", "list"};
	const struct source_options plain = {.divide_by = 1};
	struct view_options options = in_form(VIEW_TEXT);

	(void)state;
	options.pattern = "^nothing$";
	for (size_t i = 0; i < 2; i++) {
		struct arena *a = arena_open();
		struct buf text = {.arena = a};
		struct err err;

		assert_false(show(a, GOLDEN "go/cpu_slow.pb.gz", views_by_name[i], &plain, &options, &text, &err));
		assert_string_equal(err.text, "no function matches '^nothing$'; 'pawl profile top --all' lists what "
					      "there is");
		arena_close(a);
	}
}

/* The name of 36_invalid_utf8.pb is "bad\xff\xfename". */
static void names_that_are_no_utf8_can_be_asked_for(void **state)
{
	static const char *const views_by_name[] = {"peek", "list"};
	const struct source_options plain = {.divide_by = 1};
	struct view_options options = in_form(VIEW_TEXT);

	(void)state;
	options.pattern = "bad";
	for (size_t i = 0; i < 2; i++) {
		struct arena *a = arena_open();
		struct buf text = {.arena = a};
		struct err err;

		assert_true(show(a, GOLDEN "edge/36_invalid_utf8.pb", views_by_name[i], &plain, &options, &text, &err));
		assert_non_null(strstr(buf_string(&text), "bad\\xff\\xfename"));
		arena_close(a);
	}
}

static void a_pattern_that_takes_too_long_is_an_error(void **state)
{
	static const char *const views_by_name[] = {"peek", "list"};
	const struct source_options plain = {.divide_by = 1};
	struct view_options options = in_form(VIEW_TEXT);

	(void)state;
	options.pattern = "(([A-Za-z]+)+)+[0-9]{5}$";
	for (size_t i = 0; i < 2; i++) {
		struct arena *a = arena_open();
		struct buf text = {.arena = a};
		struct err err;

		assert_false(show(a, GOLDEN "go/cpu_base.pb.gz", views_by_name[i], &plain, &options, &text, &err));
		assert_null(strstr(err.text, "no function matches"));
		arena_close(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_view_writes_its_golden_json_and_csv),
		cmocka_unit_test(values_that_are_divided_are_no_integers),
		cmocka_unit_test(places_have_what_the_granularity_leaves),
		cmocka_unit_test(a_source_that_is_not_there_is_said_with_what_to_do),
		cmocka_unit_test(names_that_match_nothing_are_an_error),
		cmocka_unit_test(names_that_are_no_utf8_can_be_asked_for),
		cmocka_unit_test(a_pattern_that_takes_too_long_is_an_error),
	};

	return cmocka_run_group_tests_name("test_view_forms", tests, NULL, NULL);
}
