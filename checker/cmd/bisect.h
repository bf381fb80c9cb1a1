/*
 * One bisection, from its options to the commit; bisect.c is the command, the others are its steps.
 */
#ifndef PAWL_CMD_BISECT_H
#define PAWL_CMD_BISECT_H

#include "cmd/cmd.h"
#include "cmd/progress.h"
#include "cmd/project.h"
#include "flow/bisect.h"
#include "flow/side.h"
#include "model/verdict.h"

struct bisect_options {
	const char *good, *bad, *report, *config, *at_least;
	struct option_seed seed;
	int64_t pairs;
	bool into_merges, step;
};

/* A series that is bisected. */
struct bisect_row {
	const char *key;    /* suite/benchmark as `renamed` has it */
	const char *metric; /* that is gated */
	const char *title;  /* for people */
	struct bisect_scale scale;
};

struct bisect {
	struct arena *arena;
	const struct bisect_options *options;
	struct project project;
	struct progress progress;
	const char **words; /* suite/benchmark:metric, or globs */
	size_t word_count;
	const char *filter;  /* PCRE2 for what the words mean */
	struct verdict last; /* of the last check; where the words are from it */
	bool from_report;
	double enough; /* --at-least; below 0: not given */
	struct bisect_row *rows;
	size_t row_count;
	uint64_t seed;
	size_t measured; /* times, for the seeds */
};

/* One search along one line of commits. */
struct bisect_search {
	const char **ids; /* oldest first; the first is good */
	enum bisect_mark *marks;
	size_t count;
	struct bisect_answer answer;
	const struct verdict *verdict; /* of the bad end against the good one */
	const char *culprit;           /* the first bad commit; NULL: a range */
	bool slower;                   /* the bad end is slower than the good one; else there is nothing to find */
};

enum { BISECT_MORE_PAIRS = 40 /* fresh ones, where a first look could not tell */ };

/* What is measured: the words, the suites they need, the filter.  False for wrong usage. */
bool bisect_choose(struct bisect *b, char const *const *words, size_t count, struct err *err) MUST_CHECK;

/* The gated rows of `v` that the words mean.  A word that means none is an error. */
bool bisect_find_rows(struct bisect *b, const struct verdict *v, struct err *err) MUST_CHECK;

/* Opens a commit's tree, built.  False with `err` where it cannot be: it does not build, or has none of the suites. */
bool bisect_open(struct bisect *b, const char *id, struct side_tree *out, struct err *err) MUST_CHECK;

/* Measures two trees turn by turn, `pairs` pairs of each benchmark (0: screen and confirm), and judges. */
bool bisect_measure(struct bisect *b, const struct side_tree *good, const struct side_tree *tree, size_t pairs,
		    struct verdict *out, struct err *err) MUST_CHECK;

/* What a commit is by its rows; UNKNOWN where more pairs may tell.  `*text`: the row that says so, and its change. */
enum bisect_mark bisect_mark(struct bisect *b, const struct verdict *v, const char **text);

/* "+23.2 % [+21.6, +24.9]" */
const char *bisect_change_text(struct arena *a, const struct finding *f);

/* The row's finding, or NULL. */
const struct finding *bisect_finding(const struct bisect *b, const struct verdict *v, const struct bisect_row *row);

/* Measures a tree against the good one and says what it is; what cannot be told is measured once more, with more pairs, and
 * then SKIPPED.  Without rows yet, they are all that the words mean.  False when pawl was interrupted or cannot measure here. */
bool bisect_try(struct bisect *b, const struct side_tree *good, const struct side_tree *tree, struct verdict *v,
		enum bisect_mark *mark, const char **text, struct err *err) MUST_CHECK;

/* The change between the last good and the first bad commit, measured side by side where that was not done yet. */
bool bisect_measure_answer(struct bisect *b, struct bisect_search *s, struct err *err) MUST_CHECK;

/* Prints the answer.  OK where it is one commit, and slower than the one before it. */
enum status bisect_print(struct bisect *b, const struct bisect_search *s, struct err *err);

/* --step: the tree as it is checked out. */
enum status bisect_step(struct bisect *b, const char *good, struct err *err);

#endif
