/*
 * From raw samples to a profile, while the samples come.
 *
 * Engines tell in the order of time what happened: a process was forked, mapped a file, was sampled, ended.  Stacks are
 * made whole and interned at once, so that memory grows with distinct stacks and not with samples.
 */
#ifndef PAWL_SAMPLER_COLLECT_H
#define PAWL_SAMPLER_COLLECT_H

#include "sampler/image.h"
#include "sampler/sampler.h"
#include "sampler/space.h"
#include "sampler/stack.h"

struct collect;

struct collect_mapping {
	uint64_t start, limit, offset; /* offset: of start in the file */
	struct image_key key;
};

/* `preload` is the path of the library that this process's engine put into the programs; NULL: none. */
struct collect *collect_open(struct arena *a, enum sampler_unwind unwind, const char *preload);

/* A new thread of `pid`: of a new process when that is not the parent's. */
void collect_fork(struct collect *c, int64_t pid, int64_t tid, int64_t parent_pid, int64_t parent_tid);
void collect_exec(struct collect *c, int64_t pid);
void collect_exit(struct collect *c, int64_t pid);
void collect_map(struct collect *c, int64_t pid, const struct collect_mapping *m);
void collect_unmap(struct collect *c, int64_t pid, uint64_t start, uint64_t limit);
void collect_name(struct collect *c, int64_t tid, struct str name);

/* Whether it is known what is mapped at an address of a process. */
bool collect_knows(const struct collect *c, int64_t pid, uint64_t address);

void collect_sample(struct collect *c, const struct raw_sample *sample);
size_t collect_sample_count(const struct collect *c);

/* Fills in the profile and the counts of samples and broken stacks, and adds what memory had no room for to those lost; a
 * sample is worth `value_ns`.  The collector is closed by this. */
void collect_finish(struct collect *c, int64_t value_ns, struct sampling *out);

#endif
