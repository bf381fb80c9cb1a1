/* Sampling by one timer of CPU time a process. */
#include "sampler/preload.h"

static bool itimer_probe(struct arena *a, struct err *err)
{
	return preload_probe(a, PRELOAD_ITIMER, err);
}

static bool itimer_run(struct arena *a, const struct proc_spec *spec, const struct sampling_spec *how,
		       struct proc_result *result, struct sampling *out, struct err *err)
{
	return preload_run(a, PRELOAD_ITIMER, spec, how, result, out, err);
}

const struct sampler sampler_itimer = {
	.name = "itimer",
	.help = "CPU time of each process by setitimer, from a preloaded library: unfair between threads",
	.unwinders = "frames",
	.probe = itimer_probe,
	.run = itimer_run,
};
