/*
 * What the machine code around an address says about it.
 */
#ifndef PAWL_SAMPLER_CALL_SITE_H
#define PAWL_SAMPLER_CALL_SITE_H

#include "sampler/image.h"
#include "sampler/space.h"

/* Whether the instruction before `pc` is a call.  True also where the code cannot be read. */
bool call_site_is_behind_call(struct image *i, const struct space_map *map, uint64_t pc);

/* Whether `pc` is the code that signal handlers return to. */
bool call_site_is_signal_return(struct image *i, const struct space_map *map, uint64_t pc);

/* Whether the call before `pc` is the one that starts a program or a thread. */
bool call_site_is_thread_start(struct image *i, const struct space_map *map, uint64_t pc);

#endif
