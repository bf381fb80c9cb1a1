/*
 * Annotations: which rows get one, how many, where, and that no name becomes a command.
 */
#include "report/report.h"

#include "verdict_cases.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char *write_in(struct arena *a, const struct verdict *v, const char *folder)
{
	struct report_options options = {.folder = folder};
	struct buf out = {.arena = a};

	report_github.write(&out, v, &options);
	return buf_string(&out);
}

static const char *write_github(struct arena *a, const struct verdict *v)
{
	return write_in(a, v, "");
}

static void expect(const char *text, const char *part)
{
	if (!strstr(text, part))
		fail_msg("%s\nlacks %s", text, part);
}

static size_t count_of(const char *text, const char *part)
{
	size_t count = 0;

	for (; (text = strstr(text, part)) != NULL; text++)
		count++;
	return count;
}

static struct verdict slower_rows(struct arena *a, size_t count)
{
	struct finding *rows = NEW_ARRAY(a, struct finding, count);

	for (size_t i = 0; i < count; i++) {
		rows[i] = (struct finding){GATED(arena_printf(a, "b%05zu", i), "cpu_time", "ns"),
					   .outcome = OUTCOME_SLOWER, .severity = SEVERITY_HIGH, .effect = EFFECT_FAIL,
					   .change_ratio = KNOWN(0.25)};
	}
	struct verdict v = case_verdict(a, rows, count);
	v.status = 1;
	return v;
}

static void what_fails_is_an_error_and_what_does_not_a_warning(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_mixed(a);
	const char *text = write_github(a, &v);

	(void)state;
	expect(text, "::error file=orders.c,line=214,title=orders/BM_discount slower%2C HIGH::3.98 us -> 4.91 us, "
		     "+23.2 %25 ");
	expect(text,
	       "%0Acause: compute_discount +45.5 %25  orders.c:214 (changed in this branch)%0Arepeat: pawl check ");
	expect(text, "::error file=pawl.yml,line=4,title=orders/BM_budget [p95_ms]::");
	expect(text, "::error file=pawl.yml,line=4,title=orders/BM_crash failed::signal 11 (Segmentation fault)%0A");
	expect(text, "::warning file=pawl.yml,line=4,title=orders/BM_parse [max_rss] slower%2C LOW::");
	expect(text, "::warning file=pawl.yml,line=4,title=orders/BM_gone gone::the head does not list it\n");
	expect(text, "::warning title=pawl::rules differ between base and head: ");
	expect(text, "::notice title=pawl::24 benchmarks, 25 gated series: 2 slower, ");
	expect(text, "title=orders/BM_parse [bytes_per_second] faster::1.20 GB/s -> 1.50 GB/s, +25.0 %25 ");
	assert_null(strstr(text, "BM_new"));
	arena_close(a);
}

static void rows_with_one_reason_are_one_annotation(void **state)
{
	struct arena *a = arena_open();
	struct finding rows[12] = {{0}};
	struct verdict v;

	(void)state;
	for (size_t i = 0; i < 12; i++)
		rows[i] = (struct finding)NOT_JUDGED(arena_printf(a, "b%02zu", i), STATE_INCOMPARABLE, "another class");
	v = case_verdict(a, rows, 12);
	expect(write_github(a, &v), "::warning file=pawl.yml,line=4,title=12 benchmarks incomparable::another class%0A"
				    "orders/b00, orders/b01, ");
	expect(write_github(a, &v), "orders/b09 and 2 more\n");
	arena_close(a);
}

static void ten_of_a_kind_are_shown_and_of_more_the_tenth_counts(void **state)
{
	struct arena *a = arena_open();
	struct verdict ten = slower_rows(a, 10), eleven = slower_rows(a, 11), many = slower_rows(a, 20000);

	(void)state;
	assert_int_equal(count_of(write_github(a, &ten), "::error "), 10);
	assert_int_equal(count_of(write_github(a, &ten), "more of this kind"), 0);
	assert_int_equal(count_of(write_github(a, &eleven), "::error "), 10);
	expect(write_github(a, &eleven), "::error title=pawl::and 2 more of this kind; the reports have all of them\n");
	assert_int_equal(count_of(write_github(a, &many), "::error "), 10);
	expect(write_github(a, &many), "::error title=pawl::and 19991 more of this kind");
	arena_close(a);
}

static void a_status_without_a_row_is_an_error_too(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_empty(a);

	(void)state;
	assert_true(text_starts(write_github(a, &v), "::error title=pawl::nothing was measured\n"));
	arena_close(a);
}

static void files_are_named_from_the_root_of_the_repository(void **state)
{
	static const struct {
		const char *folder, *place, *expected;
	} cases[] = {
		{"", "pawl.yml:4", "::error file=pawl.yml,line=4,title="},
		{"sub/", "pawl.yml:4", "::error file=sub/pawl.yml,line=4,title="},
		{"sub/", "./pawl.yml:4", "::error file=sub/pawl.yml,line=4,title="},
		{"sub/dir/", "../pawl.yml:4", "::error file=sub/pawl.yml,line=4,title="},
		{"sub/", "../pawl.yml:4", "::error file=pawl.yml,line=4,title="},
		{"sub/", "../../pawl.yml:4", "::error title="},
		{"sub/", "/src/a.c:7", "::error file=/src/a.c,line=7,title="},
		{"", "a,b:c.c:12:3", "::error file=a%2Cb%3Ac.c,line=12,title="},
		{"", "100%:1", "::error file=100%25,line=1,title="},
		{"", "no line", "::error file=no line,title="},
		{"sub/", "", "::error title="},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct verdict v = slower_rows(a, 1);

		v.findings[0].place = cases[i].place;
		if (!text_starts(write_in(a, &v, cases[i].folder), cases[i].expected))
			fail_msg("%s\nbegins otherwise than %s", write_in(a, &v, cases[i].folder), cases[i].expected);
	}
	arena_close(a);
}

static void every_line_is_one_command_and_no_name_adds_one(void **state)
{
	struct arena *a = arena_open();
	struct verdict v = case_hostile(a);
	const char *text = write_github(a, &v);

	(void)state;
	while (*text) {
		size_t size = strcspn(text, "\n");
		const char *line = arena_copy(a, text, size), *head_end = strstr(line + 2, "::");

		assert_true(text_starts(line, "::error ") || text_starts(line, "::warning ") ||
			    text_starts(line, "::notice "));
		assert_non_null(head_end);
		assert_true(size < 4096);
		assert_null(strpbrk(line, "\r\x1b"));
		assert_null(strstr(line, "##["));
		text += size;
		assert_int_equal(*text, '\n');
		text++;
	}
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_fails_is_an_error_and_what_does_not_a_warning),
		cmocka_unit_test(rows_with_one_reason_are_one_annotation),
		cmocka_unit_test(ten_of_a_kind_are_shown_and_of_more_the_tenth_counts),
		cmocka_unit_test(a_status_without_a_row_is_an_error_too),
		cmocka_unit_test(files_are_named_from_the_root_of_the_repository),
		cmocka_unit_test(every_line_is_one_command_and_no_name_adds_one),
	};

	return cmocka_run_group_tests_name("test_github", tests, NULL, NULL);
}
