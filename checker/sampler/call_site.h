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

/* Whether the code behind `pc` says that the call before it is the one that starts a program or a thread. */
bool call_site_is_thread_start(struct image *i, const struct space_map *map, uint64_t pc);

/* Whether `pc` is where goroutines return to: their first frame was not made by a call. */
bool call_site_is_goroutine_end(struct image *i, const struct space_map *map, uint64_t pc);

/* Whether the function that calls at `offset` of the file is known by name to start programs or threads.  Reads symbols: not
 * while samples come. */
bool call_site_is_named_start(struct image *i, uint64_t offset);

#endif
