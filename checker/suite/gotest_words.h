/*
 * The words of a Go suite's `run`: what is the compiler's, what the test binary's, and which package is meant.
 *
 *   go test -tags=db -cpu 2 ./store -args -size=3     compiles ./store, runs the binary there
 *   ./store.test -test.cpu=2 -size=3                  is the binary
 */
#ifndef PAWL_SUITE_GOTEST_WORDS_H
#define PAWL_SUITE_GOTEST_WORDS_H

#include "suite/suite.h"

struct gotest_words {
	bool compiles;       /* `run` is `go test`: the binary must be made first */
	const char **build;  /* flags of the compiler */
	const char **flags;  /* of the binary, -test. before those of Go's own */
	const char **rest;   /* behind -args */
	const char *package; /* its folder, "." unless `run` names one */
	size_t build_count, flag_count, rest_count;
};

/* Fails for a package that is not one folder. */
bool gotest_words_read(struct arena *a, const struct suite_settings *s, struct gotest_words *w,
		       struct err *err) MUST_CHECK;

#endif
