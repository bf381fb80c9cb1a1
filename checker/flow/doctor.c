/* What this machine has, row by row. */
#include "flow/doctor.h"

#include "base/file.h"
#include "counter/counter.h"
#include "flow/config.h"
#include "flow/host.h"
#include "git/call.h"
#include "git/git.h"
#include "sampler/sampler.h"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FACT_LIMIT = 4096 };

void doctor_add(struct arena *a, struct doctor_report *r, const char *name, enum doctor_level level, const char *mend,
		const char *format, ...)
{
	va_list args;

	r->rows = arena_reserve(a, r->rows, r->count, &r->capacity, sizeof *r->rows);
	va_start(args, format);
	r->rows[r->count++] = (struct doctor_row){
		.name = name, .level = level, .mend = mend, .found = arena_vprintf(a, format, args)};
	va_end(args);
}

enum doctor_level doctor_worst(const struct doctor_report *r)
{
	enum doctor_level worst = DOCTOR_GOOD;

	for (size_t i = 0; i < r->count; i++)
		worst = r->rows[i].level > worst ? r->rows[i].level : worst;
	return worst;
}

static const char *read_fact(struct arena *a, const char *path)
{
	struct err ignored;
	struct str text;

	if (!file_read(a, path, FACT_LIMIT, &text, &ignored))
		return "";
	return arena_copy(a, text.at, strcspn(text.at, "\r\n"));
}

static void add_frequency(struct arena *a, const struct host *h, struct doctor_report *r)
{
	static const char pstate[] = "/sys/devices/system/cpu/intel_pstate/no_turbo";
	const char *hidden = text_equal(h->hypervisor, "none") ? "the system does not show it"
							       : "a virtual machine; its host decides";

	if (!*h->governor)
		doctor_add(a, r, "governor", DOCTOR_NOTE, "", "%s", hidden);
	else if (text_equal(h->governor, "performance"))
		doctor_add(a, r, "governor", DOCTOR_GOOD, "", "performance");
	else
		doctor_add(a, r, "governor", DOCTOR_LACK, "sudo cpupower frequency-set -g performance", "%s",
			   h->governor);
	if (!*h->turbo)
		doctor_add(a, r, "turbo", DOCTOR_NOTE, "", "%s", hidden);
	else if (text_equal(h->turbo, "off"))
		doctor_add(a, r, "turbo", DOCTOR_GOOD, "", "off");
	else
		doctor_add(a, r, "turbo", DOCTOR_LACK,
			   file_exists(pstate) ? "echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo"
					       : "echo 0 | sudo tee /sys/devices/system/cpu/cpufreq/boost",
			   "on: the clock rate follows heat and what the other cores do");
	if (text_equal(h->smt, "on"))
		doctor_add(a, r, "smt", DOCTOR_LACK, "echo off | sudo tee /sys/devices/system/cpu/smt/control",
			   "on: two threads share a core's units and caches");
	else
		doctor_add(a, r, "smt", *h->smt ? DOCTOR_GOOD : DOCTOR_NOTE, "", "%s", *h->smt ? h->smt : hidden);
}

/* How many CPUs a control group of version 2 leaves; 0: all. */
static double cpu_quota(struct arena *a)
{
	const char *text = read_fact(a, "/sys/fs/cgroup/cpu.max"), *space = strchr(text, ' ');
	double quota, period;

	if (!space || !text_parse_double((struct str){.at = text, .size = (size_t)(space - text)}, &quota) ||
	    !text_parse_double(str_of(space + 1), &period) || period <= 0)
		return 0;
	return quota / period;
}

static void add_cores(struct arena *a, const struct host *h, struct doctor_report *r)
{
	double quota = cpu_quota(a);
	cpu_set_t set;
	int usable = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : (int)h->cores;

	if (usable < 2)
		doctor_add(a, r, "cores", DOCTOR_LACK, "give it two CPUs or more",
			   "1 of %lld: whatever else runs takes time from the benchmark", (long long)h->cores);
	else
		doctor_add(a, r, "cores", DOCTOR_GOOD, "", "%d of %lld", usable, (long long)h->cores);
	if (quota > 0)
		doctor_add(a, r, "quota", DOCTOR_LACK,
			   "start the container without --cpus, or with --cpuset-cpus instead",
			   "%.3g CPUs: beyond that the system stops every process for a while", quota);
	if (h->load > 0.5 * usable)
		doctor_add(a, r, "load", DOCTOR_LACK, "stop what else runs: 'top' shows it",
			   "%.2f: other programs run beside the benchmarks", h->load);
	else
		doctor_add(a, r, "load", DOCTOR_GOOD, "", "%.2f", h->load);
}

/* The ladder of samplers: which rung works, and what would enable a better one. */
static void add_samplers(struct arena *a, struct doctor_report *r)
{
	static const char remedy[] = "enable it with: ";
	bool any = false;

	for (size_t i = 0; i < sampler_count; i++) {
		const char *name = arena_printf(a, "profiles: %s", samplers[i]->name), *mend, *line;
		struct err why = {0};

		if (samplers[i]->probe(a, &why)) {
			doctor_add(a, r, name, DOCTOR_GOOD, "", "%s%s", samplers[i]->help,
				   any ? "" : "; this one is taken");
			any = true;
			continue;
		}
		mend = strstr(why.text, remedy);
		line = mend && !any ? arena_string(a, mend + sizeof remedy - 1) : "";
		/* What stands below one that works need not work. */
		doctor_add(a, r, name, any ? DOCTOR_NOTE : DOCTOR_LACK, line, "%.*s",
			   (int)(mend ? (size_t)(mend - why.text) : strlen(why.text)), why.text);
	}
}

/* One engine is enough; that a virtual machine shows no counter is nothing that its user could mend. */
static void add_counters(struct arena *a, struct doctor_report *r)
{
	struct doctor_report found = {0};
	bool any = false;

	for (size_t i = 0; i < counter_engine_count; i++) {
		const struct counter_engine *e = counter_engines[i];
		const char *name = arena_printf(a, "instructions: %s", e->name), *version;
		struct err why = {0};

		if (e->probe(a, &version, &why)) {
			any = true;
			doctor_add(a, &found, name, DOCTOR_GOOD, "", "%s", version);
		} else {
			doctor_add(a, &found, name, DOCTOR_NOTE, "", "%s", why.text);
		}
	}
	for (size_t i = 0; i < found.count; i++) {
		struct doctor_row row = found.rows[i];

		if (!any)
			row.level = DOCTOR_LACK;
		if (!any && i + 1 == found.count)
			row.mend = "sudo apt-get install valgrind";
		doctor_add(a, r, row.name, row.level, row.mend, "%s", row.found);
	}
}

static void add_git(struct arena *a, struct doctor_report *r)
{
	struct git_repo repo;
	const char *text;
	struct err err;

	if (!git_call_text(a, ".", GIT_ARGS("--version"), &text, &err)) {
		doctor_add(a, r, "git", DOCTOR_BROKEN, "sudo apt-get install git", "%s", err.text);
		return;
	}
	doctor_add(a, r, "git", DOCTOR_GOOD, "", "%s", text);
	if (!git_find(a, ".", &repo))
		doctor_add(a, r, "repository", DOCTOR_NOTE, "git init",
			   "none here: the base of a check is built from history");
	else if (git_call_text(a, repo.top, GIT_ARGS("rev-parse", "--is-shallow-repository"), &text, &err) &&
		 text_equal(text, "true"))
		doctor_add(a, r, "repository", DOCTOR_LACK, "git fetch --unshallow",
			   "shallow: the merge base may not be in it");
	else
		doctor_add(a, r, "repository", DOCTOR_GOOD, "", "%s", repo.top);
}

static void add_compiler(struct arena *a, struct doctor_report *r)
{
	static const char *const names[] = {"cc", "c++", "clang", "go", "cargo"};
	struct buf b = {.arena = a};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		const char *const argv[] = {names[i], text_equal(names[i], "go") ? "version" : "--version", NULL};
		struct proc_spec spec = {.argv = argv, .timeout_ns = 20LL * 1000000000};
		struct proc_result p;
		struct err ignored;

		if (!proc_run(a, &spec, &p, &ignored) || p.end != PROC_EXITED || p.code != 0)
			continue;
		buf_printf(&b, "%s%s", b.size ? "; " : "",
			   arena_copy(a, p.out.at, strcspn(arena_copy(a, p.out.at, p.out.size), "\r\n")));
	}
	if (b.size)
		doctor_add(a, r, "compilers", DOCTOR_GOOD, "", "%s", buf_string(&b));
	else
		doctor_add(a, r, "compilers", DOCTOR_LACK, "sudo apt-get install build-essential",
			   "none of cc, c++, clang, go, cargo: what has to be built cannot be");
}

/* Scratch files, and the cache that bases are built in. */
static void add_folders(struct arena *a, struct doctor_report *r)
{
	const char *base = getenv("XDG_CACHE_HOME"), *home = getenv("HOME"), *folder, *scratch;
	struct err err;

	if (dir_make_scratch(a, &scratch, &err)) {
		doctor_add(a, r, "scratch folder", DOCTOR_GOOD, "", "%s", path_folder(a, scratch));
		dir_remove(scratch);
	} else {
		doctor_add(a, r, "scratch folder", DOCTOR_BROKEN, "export TMPDIR=FOLDER", "%s", err.text);
	}
	/* As git/cache.c chooses it. */
	folder = base && *base == '/' ? base : home && *home ? path_join(a, home, ".cache") : path_folder(a, scratch);
	while (!file_exists(folder) && !text_equal(folder, "/"))
		folder = path_folder(a, folder);
	if (file_is_dir(folder) && access(folder, W_OK | X_OK) == 0)
		doctor_add(a, r, "cache", DOCTOR_GOOD, "", "below %s", folder);
	else
		doctor_add(a, r, "cache", DOCTOR_BROKEN, "export XDG_CACHE_HOME=FOLDER",
			   "%s cannot be written, and bases are built below it", folder);
}

static void add_config(struct arena *a, struct doctor_report *r)
{
	const char *path = config_find(a, ".");
	struct config config;
	struct err err;

	if (!path)
		doctor_add(a, r, "pawl.yml", DOCTOR_NOTE, "pawl init", "none here or above");
	else if (config_read(a, path, &config, &err))
		doctor_add(a, r, "pawl.yml", DOCTOR_GOOD, "", "%zu suite%s", config.suite_count,
			   config.suite_count == 1 ? "" : "s");
	else
		doctor_add(a, r, "pawl.yml", DOCTOR_BROKEN, "pawl help init", "%s", err.text);
}

void doctor_rows(struct arena *a, struct doctor_report *out)
{
	struct host h;

	*out = (struct doctor_report){0};
	host_read(a, &h);
	doctor_add(a, out, "machine class", DOCTOR_NOTE, "", "%s", h.machine_class);
	doctor_add(a, out, "hypervisor", text_equal(h.hypervisor, "none") ? DOCTOR_GOOD : DOCTOR_NOTE, "", "%s",
		   h.hypervisor);
	add_cores(a, &h, out);
	add_frequency(a, &h, out);
	add_samplers(a, out);
	add_counters(a, out);
	add_git(a, out);
	add_compiler(a, out);
	add_folders(a, out);
	add_config(a, out);
}
