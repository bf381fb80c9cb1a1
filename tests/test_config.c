/* pawl.yml: what is read from a good file, what is said about a bad one, and where the file is found. */
#include "flow/config.h"

#include "base/file.h"
#include "base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define FOLDER "tests/golden/config"

static void write_rules(struct buf *b, const struct config *c)
{
	for (size_t i = 0; i < c->rule_count; i++) {
		const struct rule *r = &c->rules[i];

		buf_printf(b, "rule %s", r->match);
		if (r->has_threshold)
			buf_printf(b, " threshold %.10g", r->threshold_ratio);
		if (r->has_min_effect)
			buf_printf(b, " min_effect %s %.10g", r->min_effect.absolute ? "absolute" : "ratio",
				   r->min_effect.value);
		if (r->has_min_change)
			buf_printf(b, " min_change %.10g", r->min_change);
		if (r->has_confidence)
			buf_printf(b, " confidence %.10g", r->confidence);
		if (r->has_fail_on)
			buf_printf(b, " fail_on %s", severity_name(r->fail_on));
		if (r->has_category)
			buf_printf(b, " category %s", category_name(r->category));
		if (r->unit)
			buf_printf(b, " unit %s", r->unit);
		buf_char(b, '\n');
	}
}

static void write_budgets(struct buf *b, const struct config *c)
{
	for (size_t i = 0; i < c->budget_count; i++) {
		const struct budget *one = &c->budgets[i];

		buf_printf(b, "budget %s at %s", one->match, one->place);
		if (one->has_max)
			buf_printf(b, " max %.10g", one->max);
		if (one->has_min)
			buf_printf(b, " min %.10g", one->min);
		buf_char(b, '\n');
	}
	for (size_t i = 0; i < c->rename_count; i++)
		buf_printf(b, "renamed %s to %s\n", c->renames[i].from, c->renames[i].to);
}

/* Everything that was read, one fact a line. */
static void write_config(struct buf *b, const struct config *c)
{
	buf_printf(b, "folder %s\n", c->folder);
	for (size_t i = 0; i < c->suite_count; i++) {
		const struct suite_settings *s = &c->suites[i];

		buf_printf(b, "suite %s line %zu kind %s\n  build ", s->name, s->line, s->kind->name);
		text_printable(b, s->build);
		buf_text(b, "\n  run");
		for (size_t j = 0; j < s->run_count; j++)
			buf_printf(b, " <%s>", s->run[j]);
		assert_null(s->run[s->run_count]);
		buf_printf(b, "\n  filter %s slice %lld timeout %lld clock %d metrics", s->filter,
			   (long long)s->slice_ns, (long long)s->timeout_ns, (int)s->clock);
		for (size_t j = 0; j < s->metric_count; j++)
			buf_printf(b, " %s", s->metrics[j]);
		buf_char(b, '\n');
	}
	write_rules(b, c);
	write_budgets(b, c);
	buf_printf(b, "store %s name %s window %lld\nmissing %s undecided %s\nreports %s", c->store, c->baseline_name,
		   (long long)c->window, c->missing_fails ? "fail" : "warn", c->undecided_fails ? "fail" : "pass",
		   c->report_dir);
	for (size_t i = 0; i < c->format_count; i++)
		buf_printf(b, " %s", c->formats[i]);
	buf_char(b, '\n');
}

static const char *outcome_of(struct arena *a, struct str text)
{
	struct buf b = {.arena = a};
	struct config c;
	struct err err;

	if (config_parse(a, "pawl.yml", text, &c, &err))
		write_config(&b, &c);
	else
		buf_printf(&b, "%s\n", err.text);
	return buf_string(&b);
}

/* tests/golden/config/NAME.yml gives what NAME.txt says.  PAWL_GOLDEN=write rewrites the texts. */
static void every_golden_file_gives_its_text(void **state)
{
	const char *golden = getenv("PAWL_GOLDEN");
	struct arena *a = arena_open();
	const char **names;
	struct err err;
	size_t count, seen = 0;

	(void)state;
	assert_true(dir_list(a, FOLDER, &names, &count, &err));
	for (size_t i = 0; i < count; i++) {
		const char *path = path_join(a, FOLDER, names[i]);
		const char *stem, *expected_path, *got;
		struct str text, expected;

		if (!text_ends(path, ".yml"))
			continue;
		seen++;
		stem = arena_copy(a, path, strlen(path) - strlen(".yml"));
		expected_path = arena_printf(a, "%s.txt", stem);
		assert_true(file_read(a, path, FILE_LIMIT, &text, &err));
		got = outcome_of(a, text);
		if (golden && text_equal(golden, "write"))
			assert_true(file_write(expected_path, got, strlen(got), &err));
		if (!file_read(a, expected_path, FILE_LIMIT, &expected, &err))
			fail_msg("%s", err.text);
		if (!text_equal(got, expected.at))
			fail_msg("%s:\n%s", path, got);
	}
	assert_true(seen > 50);
	arena_close(a);
}

static void ten_thousand_suites_are_read(void **state)
{
	struct arena *a = arena_open();
	struct buf b = {.arena = a};
	struct config c;
	struct err err;

	(void)state;
	buf_text(&b, "version: 1\nsuites:\n");
	for (int i = 0; i < 10000; i++)
		buf_printf(&b,
			   "- name: s%d\n  kind: gbench\n  build: make s%d\n  run: [./s%d]\n  filter: .*\n"
			   "  slice: auto\n  timeout: 60s\n  clock: auto\n  metrics: [time, max_rss]\n",
			   i, i, i);
	if (!config_parse(a, "pawl.yml", (struct str){.at = b.at, .size = b.size}, &c, &err))
		fail_msg("%s", err.text);
	assert_int_equal(c.suite_count, 10000);
	assert_string_equal(c.suites[9999].name, "s9999");
	assert_int_equal(c.suites[9999].line, 3 + 9 * 9999);
	arena_close(a);
}

static void more_values_than_the_bound_are_refused(void **state)
{
	struct arena *a = arena_open();
	struct buf b = {.arena = a};

	(void)state;
	buf_text(&b, "version: 1\nsuites: [");
	for (int i = 0; i < 600000; i++)
		buf_text(&b, "x,");
	buf_text(&b, "]\n");
	assert_non_null(strstr(outcome_of(a, (struct str){.at = b.at, .size = b.size}), "more than 500000 values"));
	arena_close(a);
}

static void more_rules_than_the_bound_are_refused(void **state)
{
	struct arena *a = arena_open();
	struct buf b = {.arena = a};

	(void)state;
	buf_text(&b, "version: 1\nsuites: [{name: a, run: [x]}]\nrules:\n");
	for (int i = 0; i < 1001; i++)
		buf_text(&b, "- {match: '**', confidence: 95%}\n");
	assert_string_equal(outcome_of(a, (struct str){.at = b.at, .size = b.size}),
			    "pawl.yml:4:1: `rules`: 1001 rules; expected 1000 at most\n");
	arena_close(a);
}

static void a_hundred_thousand_unknown_keys_are_counted(void **state)
{
	struct arena *a = arena_open();
	struct buf b = {.arena = a};
	const char *got;

	(void)state;
	buf_text(&b, "version: 1\nsuites: [{name: a, run: [x]}]\n");
	for (int i = 0; i < 100000; i++)
		buf_printf(&b, "k%d: 1\n", i);
	got = outcome_of(a, (struct str){.at = b.at, .size = b.size});
	assert_true(text_starts(got, "pawl.yml:3:1: unknown key `k0` of pawl.yml; expected one of: version suites "));
	assert_true(text_ends(got, "\n… and 99900 more\n"));
	arena_close(a);
}

static void an_empty_text_without_bytes_is_an_empty_file(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	assert_true(text_starts(outcome_of(a, (struct str){0}), "pawl.yml:1:1: the file is empty"));
	arena_close(a);
}

static void a_file_that_is_not_there_is_named(void **state)
{
	struct arena *a = arena_open();
	struct config c;
	struct err err;

	(void)state;
	assert_false(config_read(a, "no/such/pawl.yml", &c, &err));
	assert_non_null(strstr(err.text, "no/such/pawl.yml"));
	arena_close(a);
}

static void read_scratch(struct arena *a, const char *folder, const char *text, struct config *c)
{
	const char *path = path_join(a, folder, "pawl.yml");
	struct err err;

	assert_true(file_write(path, text, strlen(text), &err));
	if (!config_read(a, path, c, &err))
		fail_msg("%s", err.text);
}

static void the_folder_is_the_one_that_the_file_lies_in(void **state)
{
	struct arena *a = arena_open();
	const char *folder;
	struct config c;
	struct err err;

	(void)state;
	assert_true(dir_make_scratch(a, &folder, &err));
	read_scratch(a, folder, "version: 1\nsuites: [{name: a, run: [x]}]\n", &c);
	assert_string_equal(c.folder, folder);
	assert_string_equal(c.path, path_join(a, folder, "pawl.yml"));
	dir_remove(folder);
	arena_close(a);
}

static void the_file_is_looked_for_up_to_the_folder_with_git(void **state)
{
	struct arena *a = arena_open();
	const char *top, *repo, *inner;
	struct err err;

	(void)state;
	assert_true(dir_make_scratch(a, &top, &err));
	repo = path_join(a, top, "repo");
	inner = path_join(a, repo, "src/deep");
	assert_true(dir_make(inner, &err));
	assert_true(file_write(path_join(a, top, "pawl.yml"), "", 0, &err));
	assert_string_equal(config_find(a, inner), arena_printf(a, "%s/../../../pawl.yml", inner));
	/* A worktree's .git is a file. */
	assert_true(file_write(path_join(a, repo, ".git"), "", 0, &err));
	assert_null(config_find(a, inner));
	/* A folder of that name is no configuration. */
	assert_true(dir_make(path_join(a, repo, "src/pawl.yml"), &err));
	assert_null(config_find(a, inner));
	assert_true(file_write(path_join(a, repo, "pawl.yml"), "", 0, &err));
	assert_string_equal(config_find(a, inner), arena_printf(a, "%s/../../pawl.yml", inner));
	assert_string_equal(config_find(a, repo), path_join(a, repo, "pawl.yml"));
	assert_null(config_find(a, path_join(a, top, "none")));
	dir_remove(top);
	arena_close(a);
}

static void a_file_in_the_working_folder_has_a_short_name(void **state)
{
	struct arena *a = arena_open();
	char *old = getcwd(NULL, 0);
	const char *top;
	struct err err;

	(void)state;
	assert_non_null(old);
	assert_true(dir_make_scratch(a, &top, &err));
	assert_true(dir_make(path_join(a, top, "sub"), &err));
	assert_true(file_write(path_join(a, top, "pawl.yml"), "", 0, &err));
	assert_int_equal(chdir(top), 0);
	assert_string_equal(config_find(a, "."), "pawl.yml");
	assert_int_equal(chdir("sub"), 0);
	assert_string_equal(config_find(a, "."), "../pawl.yml");
	assert_int_equal(chdir(old), 0);
	free(old);
	dir_remove(top);
	arena_close(a);
}

static const char *changes_of(struct arena *a, const char *base_text, const char *head_text)
{
	static const char start[] = "version: 1\nsuites: [{name: a, run: [x]}]\n";
	struct buf b = {.arena = a};
	struct config base, head;
	const char **lines;
	struct err err;
	size_t count;

	if (!config_parse(a, "pawl.yml", str_of(arena_printf(a, "%s%s", start, base_text)), &base, &err) ||
	    !config_parse(a, "pawl.yml", str_of(arena_printf(a, "%s%s", start, head_text)), &head, &err))
		fail_msg("%s", err.text);
	config_rule_changes(a, &base, &head, &lines, &count);
	for (size_t i = 0; i < count; i++)
		buf_printf(&b, "%s\n", lines[i]);
	return buf_string(&b);
}

static void the_same_rules_have_no_changes(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	assert_string_equal(changes_of(a, "", ""), "");
	assert_string_equal(changes_of(a, "rules: [{match: '**', threshold: 10%}]\n",
				       "undecided: pass\nrules:\n- threshold: 10.0%\n  match: '**'\n"),
			    "");
	arena_close(a);
}

static void changed_new_and_lost_rules_are_lines(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	assert_string_equal(
		changes_of(a,
			   "rules:\n"
			   "- {match: '**:time', threshold: 10%, min_change: 0.3ns}\n"
			   "- {match: '**:max_rss', min_effect: 1MB}\n"
			   "- {match: 'a/*', fail_on: LOW}\n",
			   "missing: fail\nundecided: fail\nrules:\n"
			   "- {match: '**:time', threshold: 500%, min_change: 0.3ns}\n"
			   "- {match: '**:faults', min_effect: 10, confidence: 99%}\n"
			   "- {match: '**:max_rss', min_effect: 1.000001MB}\n"),
		"rule **:time: base: threshold 10 %, min_change 0.3 ns; head: threshold 500 %, min_change 0.3 ns\n"
		"rule **:faults: base: no such rule; head: min_effect 10, confidence 99 %\n"
		"rule **:max_rss: base: min_effect 1000000 bytes; head: min_effect 1000001 bytes\n"
		"rule a/*: base: fail_on LOW; head: no such rule\n"
		"`missing` is `fail` here and `warn` in the base\n"
		"`undecided` is `fail` here and `pass` in the base\n");
	arena_close(a);
}

static void another_budget_or_direction_is_a_change(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	assert_string_equal(changes_of(a, "budgets: [{match: 'a/*:p95_ms', max: 100}, {match: 'a/*:time', max: 2us}]\n",
				       "rules: [{match: '**:hits', category: throughput, unit: hits}]\n"
				       "budgets: [{match: 'a/*:rps', min: 5}, {match: 'a/*:p95_ms', max: 0.12s}]\n"),
			    "rule **:hits: base: no such rule; head: category throughput, unit hits\n"
			    "budget a/*:rps: base: no such budget; head: min 5 /s\n"
			    "budget a/*:p95_ms: base: max 100 ms; head: max 120 ms\n"
			    "budget a/*:time: base: max 2000 ns; head: no such budget\n");
	assert_string_equal(changes_of(a, "budgets: [{match: 'a/*:x', max: 1}, {match: 'a/*:y', min: 2}]\n",
				       "budgets: [{match: 'a/*:y', min: 2}, {match: 'a/*:x', max: 1}]\n"),
			    "");
	arena_close(a);
}

static void another_order_of_the_same_rules_is_a_change(void **state)
{
	struct arena *a = arena_open();

	(void)state;
	assert_string_equal(changes_of(a, "rules: [{match: '**', threshold: 10%}, {match: 'a/**', threshold: 20%}]\n",
				       "rules: [{match: 'a/**', threshold: 20%}, {match: '**', threshold: 10%}]\n"),
			    "rules: base and head have the same rules in another order\n");
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest config[] = {
		cmocka_unit_test(every_golden_file_gives_its_text),
		cmocka_unit_test(ten_thousand_suites_are_read),
		cmocka_unit_test(more_values_than_the_bound_are_refused),
		cmocka_unit_test(more_rules_than_the_bound_are_refused),
		cmocka_unit_test(a_hundred_thousand_unknown_keys_are_counted),
		cmocka_unit_test(an_empty_text_without_bytes_is_an_empty_file),
		cmocka_unit_test(a_file_that_is_not_there_is_named),
		cmocka_unit_test(the_folder_is_the_one_that_the_file_lies_in),
		cmocka_unit_test(the_file_is_looked_for_up_to_the_folder_with_git),
		cmocka_unit_test(a_file_in_the_working_folder_has_a_short_name),
		cmocka_unit_test(the_same_rules_have_no_changes),
		cmocka_unit_test(changed_new_and_lost_rules_are_lines),
		cmocka_unit_test(another_budget_or_direction_is_a_change),
		cmocka_unit_test(another_order_of_the_same_rules_is_a_change),
	};

	return cmocka_run_group_tests_name("config", config, NULL, NULL);
}
