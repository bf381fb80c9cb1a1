/*
 * Text inside HTML and inside scripts.
 */
#include "draw/escape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *text_of(struct arena *a, const char *text)
{
	struct buf out = {.arena = a};

	html_text(&out, text);
	return buf_string(&out);
}

static const char *script_of(struct arena *a, const char *json)
{
	struct buf out = {.arena = a};

	html_script_json(&out, str_of(json));
	return buf_string(&out);
}

static void markup_becomes_text(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	assert_string_equal(text_of(a, "<b onclick='x'>&amp;\"</b>"),
			    "&lt;b onclick=&#39;x&#39;&gt;&amp;amp;&quot;&lt;/b&gt;");
	assert_string_equal(text_of(a, ""), "");
	arena_close(a);
}

static void what_is_invisible_or_no_utf8_becomes_visible(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	assert_string_equal(text_of(a, "a\nb\tc\x1b\xff"), "a\\nb\\tc\\x1b\\xff");
	assert_string_equal(text_of(a, "\xe2\x80\xae"
				       "evil"),
			    "\\xe2\\x80\\xaeevil");
	assert_string_equal(text_of(a, "gr\xc3\xbc\xc3\x9f"), "gr\xc3\xbc\xc3\x9f");
	arena_close(a);
}

static void an_attribute_cannot_be_left(void **state)
{
	struct arena *a = arena_open();
	struct buf out = {.arena = a};

	(void)state;
	html_attribute(&out, "title", "\" onclick=\"x' `y`");
	assert_string_equal(buf_string(&out), " title=\"&quot; onclick=&quot;x&#39; `y`\"");
	arena_close(a);
}

static void json_cannot_end_its_script_nor_a_line_of_it(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	assert_string_equal(script_of(a, "{\"a\":\"</script><!--&\"}"),
			    "{\"a\":\"\\u003c/script\\u003e\\u003c!--\\u0026\"}");
	assert_string_equal(script_of(a, "\"\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xa6\""), "\"\\u2028\\u2029\xe2\x80\xa6\"");
	/* The start of a sequence at the very end. */
	assert_string_equal(script_of(a, "\xe2\x80"), "\xe2\x80");
	assert_string_equal(script_of(a, ""), "");
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markup_becomes_text),
		cmocka_unit_test(what_is_invisible_or_no_utf8_becomes_visible),
		cmocka_unit_test(an_attribute_cannot_be_left),
		cmocka_unit_test(json_cannot_end_its_script_nor_a_line_of_it),
	};

	return cmocka_run_group_tests_name("test_escape", tests, NULL, NULL);
}
