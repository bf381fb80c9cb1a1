/*
 * For tests of reports: verdicts of every kind, the same ones in every test.
 */
#ifndef PAWL_TESTS_VERDICT_CASES_H
#define PAWL_TESTS_VERDICT_CASES_H

#include "base/arena.h"
#include "model/verdict.h"

#include <string.h>

struct verdict_case {
	const char *name;
	struct verdict (*make)(struct arena *a);
};

#define KNOWN(x)                                                                                                       \
	{                                                                                                              \
		(x), true                                                                                              \
	}

/* A gated series and one that is reported only; case_verdict fills what they leave out. */
#define GATED(bench_, metric_, unit_)   .bench = (bench_), .metric = (metric_), .unit = (unit_), .gated = true
#define UNGATED(bench_, metric_, unit_) .bench = (bench_), .metric = (metric_), .unit = (unit_)
#define PAIRS(count)                    .samples_base = (count), .samples_head = (count)
#define NOT_JUDGED(bench_, state_, text_)                                                                              \
	{                                                                                                              \
		GATED(bench_, "cpu_time", "ns"), .state = (state_), .reason = (text_)                                  \
	}

static inline void case_fill(struct finding *f)
{
#define FILL(field, text)                                                                                              \
	if (f->field == NULL)                                                                                          \
		f->field = (text);
	FILL(suite, "orders")
	FILL(reason, "")
	FILL(method, "signed-rank")
	FILL(function, "")
	FILL(place, "pawl.yml:4")
	FILL(baseline_id, "")
	FILL(commit, "4f2a91c")
	FILL(machine, "x86_64-example-cpu-2-kvm")
	FILL(warning, "")
#undef FILL
	if (f->gated && f->category == CATEGORY_UNKNOWN)
		f->category = CATEGORY_LATENCY;
	if (!(f->threshold_ratio > 0))
		f->threshold_ratio = 0.1;
	f->min_effect_ratio = (struct number)KNOWN(0.01);
	f->measured_s = 1.25;
}

static inline struct verdict case_verdict(struct arena *a, const struct finding *findings, size_t count)
{
	struct verdict v = {
		.findings = NEW_ARRAY(a, struct finding, count),
		.finding_count = count,
		.base_title = "4f2a91c (merge base of main)",
		.head_title = "working tree",
		.check_id = "20261121-010203-5eed",
		.started = "2026-11-21T01:02:03Z",
		.seed = 18446744073709551615u,
		.repeat = "pawl check --base 4f2a91c --filter %s",
		.status_reason = "",
	};

	if (count > 0)
		memcpy(v.findings, findings, count * sizeof *findings);
	for (size_t i = 0; i < count; i++)
		case_fill(&v.findings[i]);
	return v;
}

/* One row of every state and verdict. */
static inline struct verdict case_mixed(struct arena *a)
{
	static const char *const warnings[] = {"rules differ between base and head: **:time threshold 5 % -> 10 %"};
	static const struct finding rows[] = {
		NOT_JUDGED("BM_accepted", STATE_ACCEPTED, "accepted until 2027-01-01: the new parser checks more"),
		{GATED("BM_budget", "p95_ms", "ms"), .samples_head = 20, .method = "budget",
		 .severity = SEVERITY_MEDIUM, .effect = EFFECT_FAIL, .current = KNOWN(104),
		 .reason = "budget broken: 104 ms, at most 100 ms are allowed"},
		{GATED("BM_crash", "cpu_time", "ns"), .state = STATE_FAILED, .effect = EFFECT_ERROR,
		 .reason = "signal 11 (Segmentation fault)\nloading table\n::error file=x::planted\n##[error]planted",
		 .samples_base = 20, .method = ""},
		{GATED("BM_discount", "cpu_time", "ns"), PAIRS(20), .outcome = OUTCOME_SLOWER,
		 .severity = SEVERITY_HIGH, .effect = EFFECT_FAIL, .baseline = KNOWN(3980), .current = KNOWN(4910),
		 .change_ratio = KNOWN(0.232), .low_ratio = KNOWN(0.216), .high_ratio = KNOWN(0.249),
		 .p = KNOWN(9.5367431640625e-07), .q = KNOWN(1.5e-05), .mde_ratio = KNOWN(0.021),
		 .function = "compute_discount", .function_change_ratio = KNOWN(0.455),
		 .place = "orders.c:214 (changed in this branch)"},
		{UNGATED("BM_discount", "real_time", "ns"), .category = CATEGORY_LATENCY, PAIRS(20),
		 .outcome = OUTCOME_SAME, .baseline = KNOWN(4100.5), .current = KNOWN(5200.25),
		 .change_ratio = KNOWN(0.268), .low_ratio = KNOWN(0.2), .high_ratio = KNOWN(0.3),
		 .threshold_ratio = 0.2, .warning = "the wall clock shows +26.8 %"},
		NOT_JUDGED("BM_few", STATE_TOO_FEW, "5 pairs, at least 6 are needed: a budget of 3 min would do"),
		NOT_JUDGED("BM_foreign", STATE_INCOMPARABLE, "the baseline is of another machine class"),
		NOT_JUDGED("BM_gone", STATE_GONE, "the head does not list it"),
		NOT_JUDGED("BM_identical", STATE_SAME_CODE, "its code is the same, byte for byte"),
#define NEW_ROW(n) NOT_JUDGED("BM_new/" #n, STATE_NEW, "the base does not have it")
		NEW_ROW(1),
		NEW_ROW(10),
		NEW_ROW(11),
		NEW_ROW(12),
		NEW_ROW(2),
		NEW_ROW(3),
		NEW_ROW(4),
		NEW_ROW(5),
		NEW_ROW(6),
		NEW_ROW(7),
		NEW_ROW(8),
		NEW_ROW(9),
#undef NEW_ROW
		{GATED("BM_noisy", "cpu_time", "ns"), PAIRS(20), .outcome = OUTCOME_SAME, .baseline = KNOWN(0.31),
		 .current = KNOWN(0.3), .change_ratio = KNOWN(-0.03), .low_ratio = KNOWN(-0.2),
		 .high_ratio = KNOWN(0.18), .p = KNOWN(0.7), .q = KNOWN(1), .mde_ratio = KNOWN(0.25)},
		{GATED("BM_parse", "bytes_per_second", "bytes/s"), PAIRS(20), .category = CATEGORY_THROUGHPUT,
		 .outcome = OUTCOME_FASTER, .baseline = KNOWN(1.2e9), .current = KNOWN(1.5e9),
		 .change_ratio = KNOWN(0.25), .low_ratio = KNOWN(0.24), .high_ratio = KNOWN(0.26), .p = KNOWN(1),
		 .q = KNOWN(1), .mde_ratio = KNOWN(0.02)},
		{GATED("BM_parse", "max_rss", "bytes"), PAIRS(20), .category = CATEGORY_RESOURCE,
		 .outcome = OUTCOME_SLOWER, .severity = SEVERITY_LOW, .baseline = KNOWN(12.4e6),
		 .current = KNOWN(13.4e6), .change_ratio = KNOWN(0.0806), .low_ratio = KNOWN(0.08),
		 .high_ratio = KNOWN(0.0812), .p = KNOWN(0.001), .q = KNOWN(0.01), .mde_ratio = KNOWN(0.002)},
		{GATED("BM_same", "cpu_time", "ns"), PAIRS(20), .outcome = OUTCOME_SAME, .baseline = KNOWN(25),
		 .current = KNOWN(25.1), .change_ratio = KNOWN(0.004), .low_ratio = KNOWN(-0.001),
		 .high_ratio = KNOWN(0.009), .p = KNOWN(1), .q = KNOWN(1), .mde_ratio = KNOWN(0.0341)},
		{GATED("BM_undecided", "cpu_time", "ns"), PAIRS(20), .state = STATE_UNDECIDED, .baseline = KNOWN(100),
		 .current = KNOWN(104), .change_ratio = KNOWN(0.04), .low_ratio = KNOWN(-0.01),
		 .high_ratio = KNOWN(0.09), .reason = "the budget is spent and the interval is on both sides"},
	};
	struct verdict v = case_verdict(a, rows, sizeof rows / sizeof rows[0]);

	v.warnings = (const char **)(void *)warnings;
	v.warning_count = 1;
	v.status = 1;
	v.status_reason = "1 regression of severity MEDIUM or above, 1 broken budget";
	return v;
}

/* Two files: intervals as measured beside the widened ones, a two-sided p. */
static inline struct verdict case_compare(struct arena *a)
{
	static const struct finding rows[] = {
		{GATED("BM_copy/8", "cpu_time", "ns"), PAIRS(20), .outcome = OUTCOME_SLOWER,
		 .severity = SEVERITY_CRITICAL, .effect = EFFECT_FAIL, .baseline = KNOWN(100), .current = KNOWN(200),
		 .change_ratio = KNOWN(1), .low_ratio = KNOWN(0.6), .high_ratio = KNOWN(1.5),
		 .measured_low_ratio = KNOWN(0.98), .measured_high_ratio = KNOWN(1.02), .p = KNOWN(0.0004),
		 .q = KNOWN(0.0008), .p_two_sided = KNOWN(0.00001), .mde_ratio = KNOWN(0.3), .method = "mann-whitney",
		 .place = ""},
		{UNGATED("BM_copy/8", "items", ""), PAIRS(20), .outcome = OUTCOME_SAME, .baseline = KNOWN(12345678),
		 .current = KNOWN(12345678), .change_ratio = KNOWN(0), .low_ratio = KNOWN(0), .high_ratio = KNOWN(0),
		 .measured_low_ratio = KNOWN(0), .measured_high_ratio = KNOWN(0), .place = ""},
		{GATED("BM_items", "items_per_second", "items/s"), PAIRS(20), .category = CATEGORY_THROUGHPUT,
		 .outcome = OUTCOME_SLOWER, .severity = SEVERITY_CRITICAL, .effect = EFFECT_FAIL,
		 .baseline = KNOWN(2.5e6), .current = KNOWN(0.5e6), .change_ratio = KNOWN(-0.8),
		 .low_ratio = KNOWN(-0.85), .high_ratio = KNOWN(-0.7), .measured_low_ratio = KNOWN(-0.81),
		 .measured_high_ratio = KNOWN(-0.79), .p = KNOWN(0.0004), .q = KNOWN(0.0008),
		 .p_two_sided = KNOWN(0.00001), .mde_ratio = KNOWN(0.3), .method = "mann-whitney", .place = ""},
	};
	struct verdict v = case_verdict(a, rows, sizeof rows / sizeof rows[0]);

	v.repeat = "";
	v.status = 1;
	v.status_reason = "2 regressions of severity MEDIUM or above";
	return v;
}

/* Names that try to be something else to the one who reads the report, each once slower and once as a warning. */
static inline const char *const *hostile_names(size_t *count)
{
	static const char *const names[] = {
		"\t=1+1",
		"\n::error::x",
		"\x1b[31mred\x1b[0m\x1b]0;title\x07",
		"%s%n%d",
		"'; touch planted; '",
		"+1",
		"-1",
		"../../etc/passwd",
		"::error::x",
		"=cmd|' /C calc'!A0",
		"@SUM(1)",
		"]]><x/>",
		"a,\"b\"\r\nc",
		"a\nb",
		"x ##[error]y ##vso[task.setvariable]z",
		"x;=1",
		"\xc2\x9b"
		"31mC1",
		"\xe2\x80\xae"
		"evil",
		"\xef\xbc\x9d"
		"1",
		"\xef\xbf\xbf"
		"nonchar",
		"\xff\xfe bytes",
		"<x>&amp;</x>",
	};

	*count = sizeof names / sizeof names[0];
	return names;
}

static inline struct verdict case_hostile(struct arena *a)
{
	size_t name_count = 0;
	const char *const *names = hostile_names(&name_count);
	size_t count = name_count + 1;
	struct finding *rows = NEW_ARRAY(a, struct finding, count);
	const char **warnings = NEW_ARRAY(a, const char *, name_count);
	struct verdict v = {0};
	char *huge = NULL;

	for (size_t i = 0; i < name_count; i++) {
		rows[i] = (struct finding){
			.bench = names[i],
			.gated = true,
			.outcome = OUTCOME_SLOWER,
			.severity = SEVERITY_HIGH,
			.effect = EFFECT_FAIL,
			.baseline = KNOWN(1),
			.current = KNOWN(1.25),
			.change_ratio = KNOWN(0.25),
		};
		rows[i].suite = rows[i].function = rows[i].place = rows[i].reason = rows[i].warning = names[i];
		rows[i].metric = i % 2 ? names[i] : "cpu_time";
		rows[i].unit = i % 3 ? "ns" : names[i];
		rows[i].method = rows[i].baseline_id = rows[i].commit = rows[i].machine = names[i];
		warnings[i] = names[i];
	}
	huge = arena_alloc(a, 10001);
	memset(huge, 'n', 10000);
	rows[name_count] = (struct finding){GATED(huge, "cpu_time", "ns"), .state = STATE_NEW, .reason = huge};
	v = case_verdict(a, rows, count);
	v.warnings = warnings;
	v.warning_count = name_count;
	v.base_title = v.head_title = names[0];
	v.check_id = names[1];
	v.repeat = "pawl check --base %n --filter %s %s";
	v.status = 1;
	v.status_reason = names[1];
	return v;
}

/* Nothing was measured. */
static inline struct verdict case_empty(struct arena *a)
{
	struct verdict v = case_verdict(a, NULL, 0);

	v.status = 3;
	v.status_reason = "nothing was measured";
	return v;
}

static inline const struct verdict_case *verdict_cases(size_t *count)
{
	static const struct verdict_case cases[] = {
		{"mixed", case_mixed},
		{"compare", case_compare},
		{"hostile", case_hostile},
		{"empty", case_empty},
	};

	*count = sizeof cases / sizeof cases[0];
	return cases;
}

#endif
