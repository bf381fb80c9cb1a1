/*
 * Layout: functions whose code both builds share, though it lies elsewhere.
 *
 * Code that is the same and is executed as often takes another time when caches and branch predictors see it at other
 * addresses (Mytkowicz, Diwan, Hauswirth, Sweeney: Producing Wrong Data Without Doing Anything Obviously Wrong!, ASPLOS
 * 2009).  Reads the programs that the profiles name, as long as they are there.
 */
#ifndef PAWL_FLOW_LAYOUT_H
#define PAWL_FLOW_LAYOUT_H

#include "base/arena.h"
#include "flow/cause.h"
#include "model/attribution.h"
#include "model/run.h"

#include <stdbool.h>
#include <stddef.h>

/* Both sides execute as many instructions an iteration, within what two counts of one program differ by.  False also
 * where they were not counted. */
bool layout_same_instructions(struct arena *a, const struct slice_table *base, const struct slice_table *head);

/* Of the functions that the attribution names as causes, those whose code is the same on both sides and lies elsewhere;
 * `*count` names.  What is the same at the same place waits for other data: that is no layout. */
const char *const *layout_moved(struct arena *a, const struct slice_table *base, const struct slice_table *head,
				const struct attribution *found, size_t *count);

/* Of such names, those of functions that execute as many instructions an iteration on both sides, inlined ones in what they
 * were inlined into; they are put into `out`, and the answer is how many.  Of what was not counted function by function: 0. */
size_t layout_executed_as_often(const struct slice_table *base, const struct slice_table *head,
				const char *const *names, size_t count, const char **out);

/* What of the benchmark's change is layout, as far as the causes go, which together may seem more than there was. */
double layout_part(const struct attribution *found);

/* Asks once more of two tables of one check, where causes that were found are code that both sides share and execute as
 * often: they are then layout. */
void layout_look(struct arena *a, const struct cause_request *request, struct attribution *found);

#endif
