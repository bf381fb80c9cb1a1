/*
 * The words and columns of a run file, shared by its writer and its reader.
 */
#ifndef PAWL_MODEL_RUN_COLUMNS_H
#define PAWL_MODEL_RUN_COLUMNS_H

#include "model/run.h"

#include <stddef.h>
#include <stdint.h>

enum run_column_kind { RUN_COLUMN_INT, RUN_COLUMN_SIDE, RUN_COLUMN_PHASE };

/* A column that every slice has; those of the metrics follow behind. */
struct run_column {
	const char *name;
	enum run_column_kind kind;
	size_t offset;   /* in struct slice, of an int64_t */
	int64_t minimum; /* less is refused */
};

extern const struct run_column run_columns[];
extern const size_t run_column_count;

/* In the order of their enumerators. */
extern const char *const run_side_names[];
extern const size_t run_side_count;
extern const char *const run_phase_names[];
extern const size_t run_phase_count;
extern const char *const run_status_names[];
extern const size_t run_status_count;

#endif
