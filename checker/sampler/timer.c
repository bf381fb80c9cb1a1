/* Sampling by one timer of CPU time a thread. */
#include "sampler/preload.h"

static bool timer_probe(struct arena *a, struct err *err)
{
	return preload_probe(a, PRELOAD_TIMER, err);
}

static bool timer_run(struct arena *a, const struct proc_spec *spec, const struct sampling_spec *how,
		      struct proc_result *result, struct sampling *out, struct err *err)
{
	return preload_run(a, PRELOAD_TIMER, spec, how, result, out, err);
}

const struct sampler sampler_timer = {
	.name = "timer",
	.help = "CPU time of each thread by timer_create, from a preloaded library: dynamic programs, at the rate of "
		"the kernel's tick",
	.unwinders = "frames",
	.probe = timer_probe,
	.run = timer_run,
};
