/*
 * Which suites run the same code on both sides, so that measuring them can only raise false alarms.
 */
#ifndef PAWL_FLOW_SIDE_SAME_H
#define PAWL_FLOW_SIDE_SAME_H

#include "flow/side.h"

/*
 * Suite by suite: the programs and their own libraries are equal where they are loaded (symbol/code.h), and so are the files
 * that the configuration names for them.  False wherever that cannot be known: scripts, programs of the system, steps
 * (setup, prepare, …) that may do what they like.
 */
bool *side_same_code(struct arena *a, const struct config *config, const bool *wanted, const struct side_tree *base);

/* The program that listing made of a suite (suite/suite.h: `built`) on one side. */
struct side_built {
	const char *program, *folder; /* that runs there */
	const char *tree;             /* the side's folder as the build saw it */
};

/* The same for such a suite.  Its data are what `run` names and `testdata`, from which Go's tests are to read. */
bool side_same_built(struct arena *a, const struct suite_settings *s, const struct side_built *base,
		     const struct side_built *head);

#endif
