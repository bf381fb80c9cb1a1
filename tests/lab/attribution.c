/* A table of how often the function that was planted is named, by its share, the test and the number of groups. */
#include "../made_checks.h"

#include <stdlib.h>

static void print_row(enum attribution_method method, size_t groups, double spikes, double share, int count,
		      uint64_t seed)
{
	const struct checks_plan plan = {
		.method = method, .groups = groups, .spikes = spikes, .share = share, .count = count, .seed = seed};
	struct checks_tally t = checks_make(&plan);
	double percent = 100.0 / count;

	if (share > 0)
		printf("| %s | %zu | %.0f %% | %.0f %% | %.1f %% | %.1f %% | %.1f %% | %.1f %% | %.2f %% |\n",
		       attribution_method_name(method), groups, 100 * spikes, 100 * share, percent * t.first,
		       percent * t.another, percent * t.none, percent * t.besides, 100 * t.wrong / t.tested);
	else
		printf("| %s | %zu | %.0f %% | nothing planted | | %.1f %% | %.1f %% | %.1f %% | %.2f %% |\n",
		       attribution_method_name(method), groups, 100 * spikes, percent * t.another, percent * t.none,
		       percent * t.besides, 100 * t.wrong / t.tested);
	fflush(stdout); /* a row takes a while */
}

/* attribution [CHECKS [SEED]] */
int main(int argc, char **argv)
{
	static const enum attribution_method methods[] = {ATTRIBUTION_PAIRED_T, ATTRIBUTION_SIGNED_RANK,
							  ATTRIBUTION_WELCH};
	static const size_t groups[] = {12, 16, 30};
	static const double spikes[] = {0, 0.05};
	static const double shares[] = {0, 0.02, 0.1, 0.4, 0.8};
	int count = argc > 1 ? atoi(argv[1]) : 1000;
	uint64_t seed = argc > 2 ? strtoull(argv[2], NULL, 0) : 1;

	if (count < 1)
		return 2;
	printf("A function becomes dearer, so that its benchmark is 5 %% slower; %d samples a side, %d checks a "
	       "row.\n\n",
	       CHECKS_SAMPLES, count);
	printf("| test | groups a side | groups that took 1.5 times as long | share of the function | named first | "
	       "another first | none named | a second "
	       "besides | unchanged functions called changed |\n");
	printf("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |\n");
	for (size_t m = 0; m < sizeof methods / sizeof methods[0]; m++)
		for (size_t g = 0; g < sizeof groups / sizeof groups[0]; g++)
			for (size_t k = 0; k < sizeof spikes / sizeof spikes[0]; k++)
				for (size_t s = 0; s < sizeof shares / sizeof shares[0]; s++)
					print_row(methods[m], groups[g], spikes[k], shares[s], count, seed);
	return 0;
}
