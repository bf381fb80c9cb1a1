/*
 * pawl baseline import.
 */
#ifndef PAWL_CMD_BASELINE_IMPORT_H
#define PAWL_CMD_BASELINE_IMPORT_H

#include "cmd/cmd.h"
#include "store/store.h"

struct import_request {
	const char *path;
	const char *machine; /* class that the runs belong to; NULL: this machine's */
	const char *unit;    /* of times that have none; NULL: not said */
};

/* Takes a history over into the store, each moment as a run, and says what was taken and what not. */
enum status baseline_import(struct call *call, const struct store *store, const char *baseline,
			    const struct import_request *request, struct err *err);

#endif
