/*
 * Series as users name them: suite/benchmark, suite/benchmark:metric, or a glob over these.
 */
#ifndef PAWL_CMD_SERIES_H
#define PAWL_CMD_SERIES_H

#include "base/arena.h"
#include "model/verdict.h"

/* "suite/benchmark:metric" */
const char *series_name(struct arena *a, const struct finding *f);

/* "suite/benchmark [metric]", as the text report writes a series, is "suite/benchmark:metric". */
const char *series_word(struct arena *a, const char *word);

/* The row is meant: its benchmark, its series, or a glob over either.  `:time` is the gated clock.  A name is itself first:
 * ask without `as_glob`, and again with it where nothing has just that name. */
bool series_is_meant(struct arena *a, const char *word, const struct finding *f, bool as_glob);

#endif
