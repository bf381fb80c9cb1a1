/* The named instances of the registered families, and which of them a filter leaves. */
#include "internal.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

/* The parts and their order are google-benchmark's. */
static char *name_make(const struct bench *b, const struct bench_arg_set *args, int threads)
{
	char *name = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&name, &size);

	if (!out)
		return bench_copy(b->name);
	fputs(b->name, out);
	for (size_t i = 0; i < args->count; i++) {
		const char *label = i < b->arg_name_count ? b->arg_names[i] : "";
		fprintf(out, "/%s%s%lld", label, *label ? ":" : "", (long long)args->values[i]);
	}
	if (b->min_time_s > 0)
		fprintf(out, "/min_time:%.3f", b->min_time_s);
	if (b->min_warmup_time_s > 0)
		fprintf(out, "/min_warmup_time:%.3f", b->min_warmup_time_s);
	if (b->iterations > 0)
		fprintf(out, "/iterations:%lld", (long long)b->iterations);
	if (b->repetitions > 0)
		fprintf(out, "/repeats:%d", b->repetitions);
	fputs(b->process_time ? "/process_time" : "", out);
	fputs(b->manual_time ? "/manual_time" : b->real_time ? "/real_time" : "", out);
	if (b->thread_count > 0)
		fprintf(out, "/threads:%d", threads);
	fclose(out);
	return name;
}

/* The instances of one family that match; numbers of families and instances count only those. */
static void family_find(struct bench_instances *found, const struct bench *b, const regex_t *re, bool negative,
			enum bench_unit unit, size_t *family_index)
{
	static const struct bench_arg_set no_args;
	const struct bench_arg_set *sets = b->set_count ? b->sets : &no_args;
	const int one = 1, *threads = b->thread_count ? b->threads : &one;
	size_t set_count = b->set_count ? b->set_count : 1, thread_count = b->thread_count ? b->thread_count : 1;
	size_t index = 0;

	for (size_t n = 0; n < set_count * thread_count; n++) {
		const struct bench_arg_set *args = &sets[n / thread_count];
		char *name = name_make(b, args, threads[n % thread_count]);
		bool matches = (regexec(re, name, 0, NULL, 0) == 0) != negative;

		if (!matches || strncmp(name, "DISABLED_", 9) == 0) {
			free(name);
			continue;
		}
		found->all = bench_alloc(found->all, found->count + 1, sizeof *found->all);
		found->all[found->count++] = (struct bench_instance){.family = b,
								     .args = args,
								     .threads = threads[n % thread_count],
								     .family_index = *family_index,
								     .instance_index = index++,
								     .name = name,
								     .unit = b->unit_set ? b->unit : unit};
	}
	*family_index += index > 0;
}

bool bench_instances_find(struct bench_instances *found, const char *filter, enum bench_unit unit, char *problem,
			  size_t problem_size)
{
	bool negative = *filter == '-';
	const char *pattern = negative ? filter + 1 : filter;
	const struct bench_families *families = bench_families_all();
	size_t family_index = 0;
	regex_t re;

	if (*filter == '\0' || strcmp(filter, "all") == 0)
		pattern = ".";
	int rc = regcomp(&re, pattern, REG_EXTENDED | REG_NOSUB);
	if (rc != 0) {
		regerror(rc, &re, problem, problem_size);
		return false;
	}
	*found = (struct bench_instances){0};
	for (size_t i = 0; i < families->count; i++)
		family_find(found, families->all[i], &re, negative, unit, &family_index);
	regfree(&re);
	return true;
}

void bench_instances_release(struct bench_instances *instances)
{
	for (size_t i = 0; i < instances->count; i++)
		free(instances->all[i].name);
	free(instances->all);
	*instances = (struct bench_instances){0};
}
