/*
 * What a stored baseline knows of a check's series: their values run by run, with their change points, for reports that draw
 * them.
 */
#ifndef PAWL_CMD_HISTORIES_H
#define PAWL_CMD_HISTORIES_H

#include "cmd/project.h"
#include "model/verdict.h"
#include "report/report.h"
#include "store/store.h"

struct histories_request {
	const struct project *project;
	const struct store *store;
	const char *baseline, *machine_class;
	const struct verdict *verdict; /* whose series are wanted; what began with it or later is left out */
};

/* Gives the options the histories of the verdict's series.  Nothing where the baseline has no runs.  False when the store
 * cannot be read. */
bool histories_find(struct arena *a, const struct histories_request *request, struct report_options *options,
		    struct err *err) MUST_CHECK;

#endif
