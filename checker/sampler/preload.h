/*
 * Sampling from inside: a library that the dynamic linker puts into the program, and the area that it writes to.
 *
 * For where the kernel's sampling is refused.  The engines `timer` and `itimer` are this with one kind of timer each.
 */
#ifndef PAWL_SAMPLER_PRELOAD_H
#define PAWL_SAMPLER_PRELOAD_H

#include "preload/record.h"
#include "sampler/sampler.h"

/* Whether the library can be put into a program here and its timer works: tried on the shell. */
bool preload_probe(struct arena *a, enum preload_engine engine, struct err *err);

/* As a sampler's run. */
bool preload_run(struct arena *a, enum preload_engine engine, const struct proc_spec *spec,
		 const struct sampling_spec *how, struct proc_result *result, struct sampling *out, struct err *err);

#endif
