/* The machine and the process, as far as they explain a result. */
#include "internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/personality.h>
#include <time.h>
#include <unistd.h>

/* The first bytes of a file of /sys or /proc, without trailing newlines; false when it cannot be read. */
static bool text_read(const char *path, char *text, size_t size)
{
	FILE *in = fopen(path, "re");

	if (!in)
		return false;
	size_t count = fread(text, 1, size - 1, in);
	fclose(in);
	while (count > 0 && text[count - 1] == '\n')
		count--;
	text[count] = '\0';
	return count > 0;
}

/* What the clock was made for; /proc/cpuinfo where the kernel does not say, its first page being enough. */
static double mhz_read(void)
{
	char text[4096];

	if (text_read("/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq", text, sizeof text))
		return strtod(text, NULL) / 1000;
	if (!text_read("/proc/cpuinfo", text, sizeof text))
		return 0;
	const char *line = strstr(text, "cpu MHz");
	const char *value = line ? strchr(line, ':') : NULL;
	return value ? strtod(value + 1, NULL) : 0;
}

static bool scaling_read(long cpu_count)
{
	for (long cpu = 0; cpu < cpu_count; cpu++) {
		char path[96], text[64];
		snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu%ld/cpufreq/scaling_governor", cpu);
		if (!text_read(path, text, sizeof text))
			return false;
		if (strcmp(text, "performance") != 0)
			return true;
	}
	return false;
}

/* The CPUs in a mask like "00000000,00000003". */
static long mask_count(const char *mask)
{
	long count = 0;

	for (; *mask; mask++) {
		char digit[2] = {*mask, '\0'};
		count += __builtin_popcountl(strtoul(digit, NULL, 16));
	}
	return count;
}

static bool cache_read(struct bench_cache *cache, size_t index)
{
	char path[96], text[1024], *end;

	snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%zu/type", index);
	if (!text_read(path, cache->type, sizeof cache->type))
		return false;
	snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%zu/level", index);
	cache->level = text_read(path, text, sizeof text) ? strtol(text, NULL, 10) : 0;
	snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%zu/size", index);
	cache->size_bytes = 0;
	if (text_read(path, text, sizeof text)) {
		cache->size_bytes = strtol(text, &end, 10);
		cache->size_bytes *= *end == 'M' ? 1024 * 1024 : *end == 'K' ? 1024 : 1;
	}
	snprintf(path, sizeof path, "/sys/devices/system/cpu/cpu0/cache/index%zu/shared_cpu_map", index);
	cache->sharing = text_read(path, text, sizeof text) ? mask_count(text) : 0;
	return true;
}

/* "2026-11-21T00:13:06+00:00", local time. */
static void date_write(char *text, size_t size)
{
	time_t now = time(NULL);
	struct tm local = {0};

	localtime_r(&now, &local);
	long minutes = local.tm_gmtoff / 60, distance = labs(minutes);
	size_t used = strftime(text, size, "%Y-%m-%dT%H:%M:%S", &local);
	snprintf(text + used, size - used, "%c%02ld:%02ld", minutes < 0 ? '-' : '+', distance / 60, distance % 60);
}

void bench_context_read(struct bench_context *context, const char *executable, const struct bench_pairs *custom)
{
	*context = (struct bench_context){.executable = executable, .custom = custom};
	date_write(context->date, sizeof context->date);
	if (gethostname(context->host_name, sizeof context->host_name - 1) != 0)
		context->host_name[0] = '\0';
	context->cpu_count = sysconf(_SC_NPROCESSORS_ONLN);
	context->mhz = mhz_read();
	context->scaling = scaling_read(context->cpu_count);
	context->aslr = (personality(0xffffffff) & ADDR_NO_RANDOMIZE) == 0;
	while (context->cache_count < BENCH_CACHE_MAX &&
	       cache_read(&context->caches[context->cache_count], context->cache_count))
		context->cache_count++;
	context->load_count = getloadavg(context->load, 3);
#ifdef __OPTIMIZE__
	context->build_type = "release";
#else
	context->build_type = "debug";
#endif
}

void bench_context_print(FILE *out, const struct bench_context *context)
{
	fprintf(out, "%s\nRunning %s\nRun on (%ld X %g MHz CPU%s)\n", context->date, context->executable,
		context->cpu_count, context->mhz, context->cpu_count == 1 ? "" : "s");
	if (context->cache_count > 0)
		fputs("CPU Caches:\n", out);
	for (size_t i = 0; i < context->cache_count; i++) {
		const struct bench_cache *cache = &context->caches[i];
		fprintf(out, "  L%ld %s %ld KiB", cache->level, cache->type, cache->size_bytes / 1024);
		if (cache->sharing > 0)
			fprintf(out, " (x%ld)", context->cpu_count / cache->sharing);
		fputc('\n', out);
	}
	for (int i = 0; i < context->load_count; i++)
		fprintf(out, "%s%.2f%s", i ? ", " : "Load Average: ", context->load[i],
			i + 1 == context->load_count ? "\n" : "");
	for (size_t i = 0; i < context->custom->count; i++)
		fprintf(out, "%s: %s\n", context->custom->all[i].key, context->custom->all[i].value);
	if (context->scaling)
		fputs("***WARNING*** CPU scaling is enabled: real time may be noisy.\n", out);
	if (context->aslr)
		fputs("***WARNING*** ASLR is enabled: results may vary between runs.\n", out);
	if (strcmp(context->build_type, "release") != 0)
		fputs("***WARNING*** The harness was built without optimization.\n", out);
}
