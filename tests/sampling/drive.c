/*
 * Runs a command under a sampler and prints what came of it.
 *
 *   drive ENGINE[:dwarf] RATE REPORT COMMAND...
 *
 * The file REPORT gets counts as "name value" lines, functions as "function NAME cum SAMPLES flat SAMPLES" and stacks, the
 * leaf first.  Output and exit status are the command's own.
 */
#include "base/clock.h"
#include "base/file.h"
#include "sampler/sampler.h"
#include "symbol/symbolize.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void print_functions(FILE *to, const struct profile *p)
{
	struct arena *a = p->arena;
	int64_t *flat = NEW_ARRAY(a, int64_t, p->function_count + 1),
		*cum = NEW_ARRAY(a, int64_t, p->function_count + 1);
	size_t *seen = NEW_ARRAY(a, size_t, p->function_count + 1);

	for (size_t i = 0; i < p->sample_count; i++) {
		const struct profile_span *stack = p->stacks + p->sample_stacks[i];

		for (uint32_t k = 0; k < stack->count; k++) {
			const struct profile_location *l = p->locations + p->frames[stack->first + k];

			for (uint32_t n = 0; n < l->line_count; n++) {
				uint32_t f = p->lines[l->first_line + n].function;

				if (k == 0 && n == 0)
					flat[f] += p->values[i * p->type_count];
				if (seen[f] != i + 1)
					cum[f] += p->values[i * p->type_count];
				seen[f] = i + 1;
			}
		}
	}
	for (size_t f = 0; f < p->function_count; f++)
		fprintf(to, "function %s cum %lld flat %lld\n", profile_text(p, p->functions[f].name),
			(long long)cum[f], (long long)flat[f]);
}

static void print_stacks(FILE *to, const struct profile *p)
{
	for (size_t i = 0; i < p->sample_count; i++) {
		const struct profile_span *stack = p->stacks + p->sample_stacks[i];

		fprintf(to, "stack %lld", (long long)p->values[i * p->type_count]);
		for (uint32_t k = 0; k < stack->count; k++) {
			const struct profile_location *l = p->locations + p->frames[stack->first + k];

			for (uint32_t n = 0; n < l->line_count; n++)
				fprintf(to, " %s",
					profile_text(p, p->functions[p->lines[l->first_line + n].function].name));
			if (!l->line_count)
				fprintf(to, " 0x%llx", (unsigned long long)l->address);
		}
		fprintf(to, "\n");
	}
}

static void print_counts(FILE *to, const struct sampling *got)
{
	fprintf(to, "samples %lld\nlost %lld\nthrottled %lld\nbroken %lld\nrate %lld\ncpu_ns %lld\ntrouble %s\n",
		(long long)got->sample_count, (long long)got->lost_count, (long long)got->throttled_count,
		(long long)got->broken_count, (long long)got->rate_hz, (long long)got->cpu_ns, got->trouble);
}

static int drive(struct arena *a, const struct sampler *engine, const struct sampling_spec *how, const char *report,
		 char **command)
{
	struct proc_spec spec = {.argv = (const char *const *)command, .timeout_ns = 300000000000};
	struct symbolize_report symbols;
	struct proc_result result;
	struct sampling got;
	int64_t begin_ns = clock_ns(), around_ns;
	struct err err;
	FILE *to;

	if (!engine->run(a, &spec, how, &result, &got, &err)) {
		fprintf(stderr, "error: %s\n", err.text);
		return 3;
	}
	around_ns = clock_ns() - begin_ns - result.wall_ns;
	fwrite(result.out.at, 1, result.out.size, stdout);
	fwrite(result.errors.at, 1, result.errors.size, stderr);
	to = fopen(report, "w");
	if (!to) {
		perror(report);
		return 3;
	}
	print_counts(to, &got);
	fprintf(to, "wall_ns %lld\naround_ns %lld\nend %s\n", (long long)result.wall_ns, (long long)around_ns,
		proc_describe(a, &result));
	profile_symbolize(a, &got.profile, &(struct symbolize_options){0}, &symbols);
	print_functions(to, &got.profile);
	print_stacks(to, &got.profile);
	if (fclose(to) != 0) {
		perror(report);
		return 3;
	}
	return result.end == PROC_EXITED ? result.code : 128 + result.code;
}

int main(int argc, char **argv)
{
	struct arena *a = arena_open();
	struct sampling_spec how = {0};
	const struct sampler *engine;
	struct err err;
	char *unwind;
	int status;

	if (argc < 5) {
		fprintf(stderr, "usage: drive ENGINE[:dwarf] RATE REPORT COMMAND...\n");
		return 2;
	}
	unwind = strchr(argv[1], ':');
	if (unwind) {
		*unwind = '\0';
		how.unwind = UNWIND_DWARF;
	}
	how.rate_hz = atoi(argv[2]);
	engine = sampler_find(argv[1]);
	if (!engine || !engine->probe(a, &err)) {
		fprintf(stderr, "refused: %s\n", engine ? err.text : "no such engine");
		return 3;
	}
	if (!dir_make_scratch(a, &how.scratch, &err)) {
		fprintf(stderr, "error: %s\n", err.text);
		return 3;
	}
	status = drive(a, engine, &how, argv[3], argv + 4);
	dir_remove(how.scratch);
	arena_close(a);
	return status;
}
