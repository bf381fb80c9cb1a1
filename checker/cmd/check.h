/*
 * One check from its options to its exit status; check.c is the command, the others are its steps.
 */
#ifndef PAWL_CMD_CHECK_H
#define PAWL_CMD_CHECK_H

#include "cmd/cmd.h"
#include "cmd/progress.h"
#include "cmd/project.h"
#include "flow/measure.h"
#include "flow/side.h"
#include "flow/window.h"
#include "model/verdict.h"
#include "report/report.h"

struct check_options {
	const char *base, *base_exact, *base_dir, *base_bin, *baseline;
	const char *config, *filter, *fail_on, *out, *budget, *junit_dialect;
	struct option_texts suites;
	struct option_seed seed;
	int64_t pairs, aa;
	bool save, require_baseline, json, verbose, plan, improvements, no_confirm, measure_identical;
};

struct check {
	struct arena *arena;
	const struct check_options *options;
	int64_t started_ns;
	struct project project;
	struct progress progress;
	const char *out_dir;
	bool interleaved;
	const char *base_id; /* commit of the base; NULL where it is none */
	struct side_tree base_tree;
	struct run base, head;
	struct store store;
	const char *baseline; /* name of the stored one */
	struct window window;
	struct judge_confirmation *confirmations; /* of suspects against the stored runs */
	size_t confirmation_count;
	struct judge_excuse *excuses; /* of rows that are slower because of where their code lies */
	size_t excuse_count;
	const char *unconfirmed; /* why suspects could not be settled; NULL: they could */
	struct accepted_list accepted;
	int64_t budget_ns; /* 0: no limit */
	enum severity fail_on;
	enum junit_dialect junit_dialect;
	struct verdict verdict;
	const struct measure_plan *plan; /* with --plan */
	bool quiet;                      /* says nothing before it measures */
};

/* Everything that can be wrong with the options and the configuration, before anything is built. */
bool check_prepare(struct check *c, struct err *err) MUST_CHECK;

/* The base, built, or the window of stored runs. */
bool check_open_base(struct check *c, struct err *err) MUST_CHECK;

bool check_measure(struct check *c, struct err *err) MUST_CHECK;

/* "4f2a91c with uncommitted changes" */
const char *check_head_title(const struct check *c);

/* Takes away the reports of an earlier check: they must not be taken for this one's. */
void check_clear_reports(const struct check *c);

/* head.json, and base.json where there is a base; gives the runs their ids. */
bool check_write_runs(struct check *c, struct err *err) MUST_CHECK;

/* After measuring against stored runs: settles what looks slower at their commit, where that can be done. */
void check_confirm(struct check *c);

/* How this check is judged; points into `c`. */
struct judge_request check_request(struct check *c);

void check_judge(struct check *c);

/* Names the function behind every row that was called slower or faster, where it was profiled. */
void check_find_causes(struct check *c);

/* The reports into their folder, the text to standard output. */
bool check_write_reports(struct check *c, struct err *err) MUST_CHECK;

/* Adds the head to the baseline. */
bool check_save(struct check *c, struct err *err) MUST_CHECK;

/* What would be measured, and what it could see.  False when a suite cannot even be listed, or nothing is to be measured. */
bool check_print_plan(struct check *c);

#endif
