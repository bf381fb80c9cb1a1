/* Which instruction set a counted program finds, and how the C library's choice by it is pinned. */
#include "counter/counter.h"

#include <string.h>

/*
 * x86: everything beyond x86-64-v2 is hidden from the library, and what it prefers among the rest is said, as are the
 * sizes of caches that its copies choose by.  v2, since it is what every x86 CPU since 2009 has and what libraries of some
 * distributions refuse to start without.  Names that a version of glibc does not know are passed over by it.
 * (glibc manual, "Hardware Capability Tunables".)
 */
static const char x86_tunables[] =
	"glibc.cpu.hwcaps=-AVX,-AVX2,-AVX512F,-AVX512VL,-AVX512BW,-AVX512CD,-AVX512DQ,-BMI1,-BMI2,-LZCNT,-MOVBE,-FMA,"
	"-FMA4,-F16C,-ERMS,-FSRM,-FZRM,-FSRS,-RTM,Fast_Unaligned_Load,Fast_Unaligned_Copy"
	":glibc.cpu.x86_data_cache_size=32768:glibc.cpu.x86_shared_cache_size=1048576"
	":glibc.cpu.x86_non_temporal_threshold=786432";

static const char arm_tunables[] = "glibc.cpu.name=generic";

/* x86-64 psABI, section 3.1.1, table 3.1, by the words of /proc/cpuinfo; only what the level adds. */
static const struct level {
	const char *name;
	const char *flags[12];
} x86_levels[] = {
	{"x86-64", {"sse2"}},
	{"x86-64-v2", {"cx16", "lahf_lm", "popcnt", "sse4_1", "sse4_2", "ssse3"}},
	{"x86-64-v3", {"avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"}},
	{"x86-64-v4", {"avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"}},
};

enum { PINNED_LEVEL = 1, LEVEL_COUNT = sizeof x86_levels / sizeof x86_levels[0] };

const char *counter_tunables(const char *arch)
{
	if (text_equal(arch, "x86_64"))
		return x86_tunables;
	return text_equal(arch, "aarch64") ? arm_tunables : NULL;
}

static bool has_flag(const char *flags, const char *flag)
{
	size_t size = strlen(flag);

	for (const char *at = flags; (at = strstr(at, flag)); at += size) {
		if ((at == flags || at[-1] == ' ') && (at[size] == ' ' || !at[size]))
			return true;
	}
	return false;
}

static size_t x86_level(const char *flags)
{
	size_t level = 0;

	for (size_t i = 1; i < LEVEL_COUNT; i++) {
		for (size_t k = 0; x86_levels[i].flags[k]; k++) {
			if (!has_flag(flags, x86_levels[i].flags[k]))
				return level;
		}
		level = i;
	}
	return level;
}

static const char *x86_isa(struct arena *a, const char *flags, bool pinned, const struct counter_engine *engine)
{
	size_t level = x86_level(flags), seen = level;

	/* A program may choose by itself among what it is shown. */
	if (seen >= engine->x86_level)
		seen = engine->x86_level - 1;
	if (!pinned)
		return x86_levels[seen].name;
	if (level > PINNED_LEVEL)
		level = PINNED_LEVEL;
	return arena_printf(a, "%s, %s seen", x86_levels[level].name, x86_levels[seen].name);
}

const char *counter_isa(struct arena *a, const char *arch, const char *flags, bool pinned,
			const struct counter_engine *engine)
{
	if (text_equal(arch, "x86_64"))
		return x86_isa(a, flags, pinned, engine);
	if (!text_equal(arch, "aarch64"))
		return arch;
	/* Atomic instructions are chosen at run time by what compilers emit, vectors and instructions that copy memory by
	 * libraries: glibc's memcpy by them, whatever the tunable says. */
	return arena_printf(a, "aarch64%s%s%s%s", has_flag(flags, "atomics") ? " atomics" : "",
			    has_flag(flags, "sve") ? " sve" : "", has_flag(flags, "mops") ? " mops" : "",
			    pinned ? ", generic" : "");
}
