/*
 * The shell of a page and its policy.
 */
#include "draw/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *page_of(struct arena *a, const struct page *page)
{
	struct buf out = {.arena = a};

	page_begin(&out, page);
	buf_text(&out, "<p>body</p>\n");
	page_end(&out, page);
	return buf_string(&out);
}

/* The digests of "abc" and of nothing: FIPS 180-4's example and the well-known one, in base 64 (`openssl dgst -sha256
 * -binary | base64`). */
static void style_and_script_are_named_by_their_hashes(void **state)
{
	struct arena *a = arena_open();
	const char *page = page_of(a, &(struct page){.title = "t", .style = "abc", .script = ""});

	(void)state;
	assert_non_null(strstr(page, "default-src 'none'"));
	assert_non_null(strstr(page, "style-src 'sha256-ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0='"));
	assert_non_null(strstr(page, "script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"));
	assert_non_null(strstr(page, "<style>abc</style>"));
	assert_non_null(strstr(page, "<script></script>"));
	arena_close(a);
}

static void a_title_is_text(void **state)
{
	struct arena *a = arena_open();
	const char *page = page_of(a, &(struct page){.title = "</title><b>", .style = "", .script = ""});

	(void)state;
	assert_non_null(strstr(page, "<title>&lt;/title&gt;&lt;b&gt;</title>"));
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(style_and_script_are_named_by_their_hashes),
		cmocka_unit_test(a_title_is_text),
	};

	return cmocka_run_group_tests_name("test_page", tests, NULL, NULL);
}
