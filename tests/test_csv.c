/*
 * The CSV report, read back with a reader for RFC 4180.
 */
#include "report/report.h"

#include "verdict_cases.h"

#include <ctype.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

enum { COLUMNS = 29 };

static const char header[] =
	"schema,suite,benchmark,metric,unit,category,state,verdict,baseline,current,change,change_percent,"
	"ci_low_percent,ci_high_percent,p_value,q_value,threshold_percent,severity,mde_percent,samples_base,"
	"samples_head,method,function,function_change_percent,source,baseline_id,commit,machine,seed\n";

static const char *write_csv(struct arena *a, const struct verdict *v, bool raw)
{
	struct report_options options = {.csv_raw = raw};
	struct buf out = {.arena = a};

	report_csv.write(&out, v, &options);
	return buf_string(&out);
}

/* Reads a line's cells into `cells` and returns where the next line begins. */
static const char *read_line(struct arena *a, const char *at, const char *cells[COLUMNS])
{
	for (size_t k = 0; k < COLUMNS; k++) {
		struct buf cell = {.arena = a};

		if (*at == '"') {
			for (at++; *at != '"' || at[1] == '"'; at++) {
				assert_int_not_equal(*at, '\0');
				at += *at == '"';
				buf_char(&cell, *at);
			}
			at++;
		} else {
			size_t size = strcspn(at, ",\"\n");

			buf_bytes(&cell, at, size);
			at += size;
		}
		cells[k] = buf_string(&cell);
		assert_int_equal(*at, k + 1 < COLUMNS ? ',' : '\n');
		at++;
	}
	return at;
}

static const char *cell_of(struct arena *a, const char *text, size_t row, const char *column)
{
	const char *names[COLUMNS], *cells[COLUMNS];
	const char *at = read_line(a, text, names);

	for (size_t i = 0; i <= row; i++)
		at = read_line(a, at, cells);
	for (size_t k = 0; k < COLUMNS; k++) {
		if (text_equal(names[k], column))
			return cells[k];
	}
	fail_msg("no column %s", column);
	return NULL;
}

/* The cell of a verdict whose only row is `f`. */
static const char *cell_of_finding(struct arena *a, struct finding f, const char *column)
{
	struct verdict v = {.findings = &f, .finding_count = 1, .seed = 42};

	f.suite = f.suite ? f.suite : "s";
	f.bench = f.bench ? f.bench : "b";
	return cell_of(a, write_csv(a, &v, false), 0, column);
}

static void the_header_is_always_there_in_the_documented_order(void **state)
{
	struct arena *a = arena_open();
	struct verdict none = {0}, mixed = case_mixed(a);

	(void)state;
	assert_string_equal(write_csv(a, &none, false), header);
	assert_true(text_starts(write_csv(a, &mixed, false), header));
	arena_close(a);
}

static void every_line_is_a_row_whatever_the_names_are(void **state)
{
	struct arena *a = arena_open();
	size_t count = 0;
	const struct verdict_case *cases = verdict_cases(&count);

	(void)state;
	for (size_t i = 0; i < 2 * count; i++) {
		struct verdict v = cases[i / 2].make(a);
		const char *text = write_csv(a, &v, i % 2), *at = text, *cells[COLUMNS];
		size_t rows = 0, lines = 0;

		for (; *at; rows++)
			at = read_line(a, at, cells);
		for (at = text; *at; at++) {
			lines += *at == '\n';
			assert_true(*at == '\n' || !iscntrl((unsigned char)*at));
		}
		assert_int_equal(rows, v.finding_count + 1);
		assert_int_equal(lines, v.finding_count + 1);
		for (size_t size = strlen(text), used = 0; used < size;) {
			size_t length = text_utf8_length(text + used, size - used);

			assert_true(length > 0);
			used += length;
		}
	}
	arena_close(a);
}

static void what_a_spreadsheet_would_run_is_guarded_and_quoted(void **state)
{
	static const struct {
		const char *name, *cell;
	} cases[] = {
		{"=cmd|' /C calc'!A0", ",\"'=cmd|' /C calc'!A0\","},
		{"+1", ",\"'+1\","},
		{"-1", ",\"'-1\","},
		{"@SUM(1)", ",\"'@SUM(1)\","},
		{"\t=1", ",\"'\\t=1\","},
		{"\r=1", ",\"'\\x0d=1\","},
		{"=\"a\",b", ",\"'=\"\"a\"\",b\","},
		{"a,\"b", ",\"a,\"\"b\","},
		{"x;=1", ",\"x;=1\","},
		{" =1", ",\" =1\","},
		{"a=1", ",a=1,"},
		{"a\nb", ",a\\nb,"},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct finding f = {.suite = "s", .bench = cases[i].name, .metric = "m"};
		struct verdict v = {.findings = &f, .finding_count = 1};

		if (!strstr(write_csv(a, &v, false), cases[i].cell))
			fail_msg("%s\nlacks %s", write_csv(a, &v, false), cases[i].cell);
	}
	arena_close(a);
}

static void csv_raw_undoes_the_guard_and_nothing_else(void **state)
{
	struct arena *a = arena_open();
	struct finding f = {.suite = "=1", .bench = "-x,y\n", .metric = "m"};
	struct verdict v = {.findings = &f, .finding_count = 1};
	const char *text = write_csv(a, &v, true);

	(void)state;
	assert_string_equal(cell_of(a, text, 0, "suite"), "=1");
	assert_string_equal(cell_of(a, text, 0, "benchmark"), "-x,y\\n");
	arena_close(a);
}

static void numbers_are_shortest_and_read_back_the_same(void **state)
{
	static const struct {
		double value;
		const char *text;
	} cases[] = {
		{10, "10"},
		{3980, "3980"},
		{1.2e9, "1200000000"},
		{0.1 + 0.2, "0.30000000000000004"},
		{-0.0, "0"},
		{1e300, "1e+300"},
		{1.0 / 3, "0.3333333333333333"},
		{4.5e-7, "4.5e-07"},
		{-25.5, "-25.5"},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct finding f = {.baseline = {cases[i].value, true}};
		const char *text = cell_of_finding(a, f, "baseline");
		double back = 1;

		assert_string_equal(text, cases[i].text);
		assert_true(text_parse_double(str_of(text), &back) && back == cases[i].value);
	}
	arena_close(a);
}

static void percents_and_differences_have_no_binary_remainder(void **state)
{
	struct arena *a = arena_open();
	struct finding f = {.baseline = KNOWN(3.98),
			    .current = KNOWN(4.91),
			    .change_ratio = KNOWN(0.232),
			    .threshold_ratio = 0.07,
			    .low_ratio = KNOWN(-0.0),
			    .high_ratio = KNOWN(1e-12)};

	(void)state;
	assert_true(0.232 * 100 > 23.2 && 4.91 - 3.98 > 0.93);
	assert_string_equal(cell_of_finding(a, f, "change_percent"), "23.2");
	assert_string_equal(cell_of_finding(a, f, "change"), "0.93");
	assert_string_equal(cell_of_finding(a, f, "threshold_percent"), "7");
	assert_string_equal(cell_of_finding(a, f, "ci_low_percent"), "0");
	assert_string_equal(cell_of_finding(a, f, "ci_high_percent"), "0");
	f.baseline.value = 1e300;
	f.current.value = 2e300;
	assert_string_equal(cell_of_finding(a, f, "change"), "1e+300");
	f.baseline.value = 0;
	f.current.value = 0;
	assert_string_equal(cell_of_finding(a, f, "change"), "0");
	f.current.value = 3e-320;
	assert_string_equal(cell_of_finding(a, f, "change"), "3e-320");
	arena_close(a);
}

static void what_is_not_known_is_an_empty_cell(void **state)
{
	struct arena *a = arena_open();
	struct finding f = {.state = STATE_NEW, .current = KNOWN(5), .high_ratio = KNOWN(INFINITY)};

	(void)state;
	assert_string_equal(cell_of_finding(a, f, "baseline"), "");
	assert_string_equal(cell_of_finding(a, f, "current"), "5");
	assert_string_equal(cell_of_finding(a, f, "change"), "");
	assert_string_equal(cell_of_finding(a, f, "p_value"), "");
	assert_string_equal(cell_of_finding(a, f, "ci_high_percent"), "");
	assert_string_equal(cell_of_finding(a, f, "method"), "");
	assert_string_equal(cell_of_finding(a, f, "verdict"), "");
	assert_string_equal(cell_of_finding(a, f, "state"), "new");
	assert_string_equal(cell_of_finding(a, f, "severity"), "NONE");
	assert_string_equal(cell_of_finding(a, f, "seed"), "42");
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_header_is_always_there_in_the_documented_order),
		cmocka_unit_test(every_line_is_a_row_whatever_the_names_are),
		cmocka_unit_test(what_a_spreadsheet_would_run_is_guarded_and_quoted),
		cmocka_unit_test(csv_raw_undoes_the_guard_and_nothing_else),
		cmocka_unit_test(numbers_are_shortest_and_read_back_the_same),
		cmocka_unit_test(percents_and_differences_have_no_binary_remainder),
		cmocka_unit_test(what_is_not_known_is_an_empty_cell),
	};

	return cmocka_run_group_tests_name("test_csv", tests, NULL, NULL);
}
