/*
 * Regular expressions: PCRE2, unanchored, over UTF-8.
 */
#ifndef PAWL_BASE_REGEX_H
#define PAWL_BASE_REGEX_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>

struct regex;

/* A compiled pattern in the arena.  The error names the place in the pattern and what is wrong there. */
bool regex_compile(struct arena *a, const char *pattern, struct regex **out, struct err *err) MUST_CHECK;

bool regex_matches(const struct regex *re, const char *text);

/* The same for text of any bytes.  Fails when the pattern takes too many steps to decide. */
bool regex_search(const struct regex *re, const char *text, bool *found, struct err *err) MUST_CHECK;

#endif
