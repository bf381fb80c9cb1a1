/*
 * A/A: the suites against themselves, to see how often this machine makes a check call what did not change.
 */
#ifndef PAWL_CMD_CHECK_AA_H
#define PAWL_CMD_CHECK_AA_H

#include "cmd/check.h"

/* Checks the head against itself so many times and prints what was called.  `c` is prepared and its head built. */
enum status check_aa(struct check *c, size_t times, struct err *err);

#endif
