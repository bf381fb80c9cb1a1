#!/usr/bin/env bash
# Three real projects as their maintainers take them through pawl: a C++ library with google-benchmark and CMake in a
# subfolder of a git repository, a C program gated by a suite of kind `command`, and a suite of kind `file` that writes
# hyperfine's JSON.  Each goes from its adoption over an unchanged commit, a regression, its acceptance and the rename of a
# benchmark to a removal; every step has the exit status and the first line that belong to it.
#
# Programs really run and are really timed.  What is planted is three times the work and more, the projects say
# `min_effect: 20%`, and what was accepted is partly mended before it is measured again: the intervals of two checks of the
# same change lie apart once in some thousand.  So no step depends on how quiet the machine is.
. tests/cli/lib.sh
. tests/cli/project.sh
export SOURCE_DATE_EPOCH=1795219200 # 2026-11-21, which --until is held against
christmas=1798156800                # 2026-12-25
rules='rules:
  - {match: "**:time", threshold: 30%, min_effect: 20%}'

# A project lies in $p; work is done on branches and checked against main, as in a pull request.
in_p() { run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$@"; }
# Measured also where nothing changed: this is about what measuring says.
check() { in_p "$PAWL" check --base main --seed 1 --measure-identical "$@"; }
accept() { in_p "$PAWL" accept "$@"; }
project() {
	p=$scratch/$1
	mkdir -p "$p"
	git -C "${p%/codec}" init -qb main
}
branch() { git -C "$p" switch -qc "$1" main; }
commit() { project_commit "$p" "$1"; }
merge() {
	[ -z "$(git -C "$p" status --porcelain)" ] || commit "$1"
	git -C "$p" switch -q main && git -C "$p" merge -q --ff-only "$1"
}
change() { sed -i "$2" "$p/$1"; }
undo() { git -C "$p" checkout -q .; }

first_is() { head -n 1 "$scratch/out" | grep -qE -- "^$1\$"; }
# step SENTENCE STATUS FIRST-LINE: how the last command ended, and how its text begins.
step() {
	expect "$1: status $2" status_is "$2"
	expect "$1: the first line" first_is "$3"
}
slower() { awk -F, '$8 == "slower" && $18 != "NONE" {print $3}' "$p/pawl-report/regression_report.csv" | sort | tr '\n' ','; }
slower_are() { [ "$(slower)" = "$1" ]; }
# A small process has too little memory for a change of 10 % to count, and a busy machine may hide changes.
unchanged='[0-9]+ same( \(would have seen [0-9.]+ % or more\))?(, [0-9]+ too (noisy|small) to see (10 %|30 %|their threshold))*'

# ---- a C++ library with google-benchmark and CMake, in a subfolder ----
project libraries/codec
cat >"$p/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.18)
project(codec CXX)
add_library(codec codec.cc)
target_include_directories(codec PUBLIC .)
END
cat >"$p/codec.h" <<'END'
#include <cstdint>
#include <vector>
std::uint32_t checksum(const std::vector<std::uint8_t> &data);
void encode(std::vector<std::uint8_t> &data);
END
cat >"$p/codec.cc" <<'END'
#include "codec.h"
static const int passes = 1;
std::uint32_t checksum(const std::vector<std::uint8_t> &data)
{
	std::uint32_t sum = 1;
	for (auto byte : data)
		sum = (sum ^ byte) * 16777619u;
	return sum;
}
void encode(std::vector<std::uint8_t> &data)
{
	for (int i = 0; i < passes; i++) {
		std::uint8_t last = 7;
		for (auto &byte : data)
			byte = last = static_cast<std::uint8_t>((byte ^ last) * 5 + 1);
	}
}
END
printf '/build/\n/pawl-report/\n' >"$p/.gitignore"
commit "codec"

branch adopt
cat >>"$p/CMakeLists.txt" <<'END'
option(CODEC_BENCH "build the benchmarks" OFF)
if(CODEC_BENCH)
  find_package(benchmark REQUIRED)
  add_executable(codec_bench bench.cc)
  target_link_libraries(codec_bench codec benchmark::benchmark)
endif()
END
cat >"$p/bench.cc" <<'END'
#include "codec.h"
#include <benchmark/benchmark.h>
static void BM_checksum(benchmark::State &state)
{
	std::vector<std::uint8_t> data(static_cast<std::size_t>(state.range(0)), 3);
	for (auto _ : state)
		benchmark::DoNotOptimize(checksum(data));
}
BENCHMARK(BM_checksum)->Arg(512)->Arg(4096);
static void BM_encode(benchmark::State &state)
{
	std::vector<std::uint8_t> data(2048, 3);
	for (auto _ : state) {
		encode(data);
		benchmark::DoNotOptimize(data.data());
	}
}
BENCHMARK(BM_encode);
BENCHMARK_MAIN();
END
cat >"$p/pawl.yml" <<END
version: 1
suites:
  - name: codec
    build: cmake -S . -B build -DCODEC_BENCH=ON -DCMAKE_BUILD_TYPE=Release && cmake --build build
    run: [build/codec_bench]
    slice: 10ms
    profile: off
$rules
END
check
step "codec, adoption" 0 '3 benchmarks, 6 gated series: 0 slower, 0 faster, 0 same, 6 new'
merge adopt

branch comment
echo '// no change' >>"$p/codec.cc"
commit comment
check
step "codec, unchanged" 0 "3 benchmarks, 6 gated series: 0 slower, 0 faster, $unchanged"

branch slower
change codec.cc 's/passes = 1/passes = 6/'
commit slower
check
step "codec, regression" 1 "3 benchmarks, 6 gated series: 1 slower, 0 faster, $unchanged"
expect "codec, regression: the right benchmark" slower_are BM_encode,
expect "codec, regression: the end says it" out_has '^exit status 1: 1 regression that fails the check, the worst (HIGH|CRITICAL)$'

accept codec/BM_encode --reason "encodes twice" --until 2026-12-24
step "codec, acceptance" 0 'accepted codec/BM_encode:cpu_time: \+[0-9.]+ %, up to \+[0-9.]+ %, until 2026-12-24'
change codec.cc 's/passes = 6/passes = 3/'
check
step "codec, accepted" 0 "3 benchmarks, 6 gated series: 0 slower, 0 faster, $unchanged, 1 accepted"
expect "codec, accepted: the end does not hide it" out_has '^exit status 0: no regression but 1 accepted$'
SOURCE_DATE_EPOCH=$christmas check --filter BM_encode
step "codec, after the day" 1 "1 benchmark, 2 gated series: 1 slower, 0 faster, $unchanged"
expect "codec, after the day: it says why" out_has 'it was accepted until 2026-12-24, which has passed: encodes twice'
commit accepted
change codec.cc 's/passes = 3/passes = 30/'
check --filter BM_encode
step "codec, beyond its bound" 1 "1 benchmark, 2 gated series: 1 slower, 0 faster, $unchanged"
expect "codec, beyond its bound: it says why" out_has 'it grew beyond what was accepted on 2026-11-21'
undo
merge slower

branch rename
change bench.cc 's/BM_encode/BM_encode_block/'
check
step "codec, rename" 0 "4 benchmarks, 7 gated series: 0 slower, 0 faster, $unchanged, 1 gone, 2 new"
hint="{from: 'codec/BM_encode', to: 'codec/BM_encode_block'}"
expect "codec, rename: the line for pawl.yml is suggested" out_has "perhaps renamed to BM_encode_block: .renamed: \[$hint\]"
printf 'renamed: [%s]\n' "$hint" >>"$p/pawl.yml"
check
step "codec, rename that is told" 0 "3 benchmarks, 6 gated series: 0 slower, 0 faster, $unchanged"
change codec.cc 's/passes = 3/passes = 9/'
check --filter '^codec/BM_encode_block$'
step "codec, slower under its new name" 1 "1 benchmark, 2 gated series: 1 slower, 0 faster, $unchanged"
git -C "$p" checkout -q -- codec.cc
merge rename

branch remove
change bench.cc 's/->Arg(512)//'
check
step "codec, removal" 0 "3 benchmarks, 5 gated series: 0 slower, 0 faster, $unchanged, 1 gone"
expect "codec, removal: it is named" out_has '^  gone: codec/BM_checksum/512$'
echo 'missing: fail' >>"$p/pawl.yml"
check
step "codec, removal under missing: fail" 1 "3 benchmarks, 5 gated series: 0 slower, 0 faster, $unchanged, 1 gone"
expect "codec, removal under missing: fail: the end says it" out_has '^exit status 1: 1 benchmark gone, and `missing` is `fail`$'

# ---- a C program, gated by `command` ----
project pack
cat >"$p/pack.c" <<'END'
#include <stdio.h>
#include <string.h>
static const unsigned rounds = 20000;
static int pack(unsigned count)
{
	unsigned x = 1;
	for (unsigned i = 0; i < count * rounds; i++)
		x = x * 2654435761u + (x >> 7);
	return printf("%u\n", x) < 0;
}
int main(int argc, char **argv)
{
	if (argc == 2 && strcmp(argv[1], "small") == 0)
		return pack(100);
	return argc == 2 && strcmp(argv[1], "large") == 0 ? pack(300) : 2;
}
END
printf 'pack: pack.c ; gcc -O2 -o pack pack.c\n' >"$p/Makefile"
printf '/pack\n/pawl-report/\n' >"$p/.gitignore"
commit "pack"

branch adopt
cat >"$p/pawl.yml" <<END
version: 1
suites:
  - name: pack
    kind: command
    build: make -s pack
    run: [./pack, "{size}"]
    params: {size: [small, large]}
    profile: off
$rules
END
check
# The program was there before pawl was, so it is compared at once.
step "pack, adoption" 0 "2 benchmarks, 4 gated series: 0 slower, 0 faster, $unchanged"
merge adopt

branch comment
echo '/* no change */' >>"$p/pack.c"
commit comment
check
step "pack, unchanged" 0 "2 benchmarks, 4 gated series: 0 slower, 0 faster, $unchanged"

branch slower
change pack.c 's/pack(300)/pack(900)/'
commit slower
check
step "pack, regression" 1 "2 benchmarks, 4 gated series: 1 slower, 0 faster, $unchanged"
expect "pack, regression: the right benchmark" slower_are size:large,
accept 'pack/**' --reason "packs better" --until 2026-12-24
step "pack, acceptance" 0 'accepted pack/size:large:cpu_time: \+[0-9.]+ %, up to \+[0-9.]+ %, until 2026-12-24'
change pack.c 's/pack(900)/pack(600)/'
check
step "pack, accepted" 0 "2 benchmarks, 4 gated series: 0 slower, 0 faster, $unchanged, 1 accepted"
SOURCE_DATE_EPOCH=$christmas check
step "pack, after the day" 1 "2 benchmarks, 4 gated series: 1 slower, 0 faster, $unchanged"
commit accepted
change pack.c 's/pack(600)/pack(3000)/'
check
step "pack, beyond its bound" 1 "2 benchmarks, 4 gated series: 1 slower, 0 faster, $unchanged"
undo
merge slower

# The base's program knows the old value only: it must not be run with the new one.
branch rename
change pawl.yml 's/large/larger/'
change pack.c 's/large/larger/'
check
step "pack, rename" 0 "3 benchmarks, 5 gated series: 0 slower, 0 faster, $unchanged, 1 gone, 2 new"
hint="{from: 'pack/size:large', to: 'pack/size:larger'}"
expect "pack, rename: the line for pawl.yml is suggested" out_has "renamed: \[$hint\]"
printf 'renamed: [%s]\n' "$hint" >>"$p/pawl.yml"
check
step "pack, rename that is told" 0 "2 benchmarks, 4 gated series: 0 slower, 0 faster, $unchanged"
merge rename

branch remove
change pawl.yml 's/\[small, larger\]/[small]/'
check
step "pack, removal" 0 "2 benchmarks, 3 gated series: 0 slower, 0 faster, $unchanged, 1 gone"
echo 'missing: fail' >>"$p/pawl.yml"
check
step "pack, removal under missing: fail" 1 "2 benchmarks, 3 gated series: 0 slower, 0 faster, $unchanged, 1 gone"
expect "pack, removal under missing: fail: it is named" out_has '^  gone \(fails the check\): pack/size:larger$'

# ---- a program that writes hyperfine's JSON, gated by `file` ----
project app
echo '/* the application */' >"$p/app.c"
printf '/timing\n/pawl-report/\n' >"$p/.gitignore"
commit "app"

branch adopt
cat >"$p/timing.c" <<'END'
#include <stdio.h>
#include <time.h>
static volatile unsigned sink;
/* The clock of the process, so that only its own work counts. */
static double now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
static void measure(FILE *f, const char *before, const char *name, int rounds)
{
	fprintf(f, "%s{\"command\": \"%s\", \"times\": [", before, name);
	for (int i = 0; i < 3; i++) {
		double start = now();
		unsigned x = 1;
		for (int k = 0; k < rounds * 1000; k++)
			x = x * 2654435761u + (x >> 7);
		sink = x;
		fprintf(f, "%s%.9f", i ? ", " : "", now() - start);
	}
	fprintf(f, "]}\n");
}
int main(int argc, char **argv)
{
	FILE *f = argc == 2 ? fopen(argv[1], "w") : NULL;
	if (!f)
		return 2;
	fprintf(f, "{\"results\": [");
	measure(f, "", "app open", 2000);
	measure(f, ", ", "app save", 3000);
	fprintf(f, "]}\n");
	return fclose(f);
}
END
printf 'timing: timing.c ; gcc -O2 -o timing timing.c\n' >"$p/Makefile"
cat >"$p/pawl.yml" <<END
version: 1
suites:
  - name: app
    kind: file
    build: make -s timing
    run: [./timing, "{result}"]
    clock: real_time
$rules
END
check
step "app, adoption" 0 '2 benchmarks: 0 slower, 0 faster, 0 same, 2 new'
merge adopt

branch comment
echo '/* no change */' >>"$p/timing.c"
commit comment
check
step "app, unchanged" 0 "2 benchmarks: 0 slower, 0 faster, $unchanged"

branch slower
change timing.c 's/2000)/6000)/'
commit slower
check
step "app, regression" 1 "2 benchmarks: 1 slower, 0 faster, $unchanged"
expect "app, regression: the right benchmark" slower_are 'app open,'
accept 'app/app open' --reason "reads more" --until 2026-12-24
step "app, acceptance" 0 'accepted app/app open:real_time: \+[0-9.]+ %, up to \+[0-9.]+ %, until 2026-12-24'
change timing.c 's/6000)/4000)/'
check
step "app, accepted" 0 "2 benchmarks: 0 slower, 0 faster, $unchanged, 1 accepted"
SOURCE_DATE_EPOCH=$christmas check
step "app, after the day" 1 "2 benchmarks: 1 slower, 0 faster, $unchanged"
commit accepted
change timing.c 's/4000)/20000)/'
check
step "app, beyond its bound" 1 "2 benchmarks: 1 slower, 0 faster, $unchanged"
undo
merge slower

branch rename
change timing.c 's/app open/app open FILE/'
check
step "app, rename" 0 "3 benchmarks: 0 slower, 0 faster, $unchanged, 1 gone, 1 new"
hint="{from: 'app/app open', to: 'app/app open FILE'}"
expect "app, rename: the line for pawl.yml is suggested" out_has "renamed: \[$hint\]"
printf 'renamed: [%s]\n' "$hint" >>"$p/pawl.yml"
check
step "app, rename that is told" 0 "2 benchmarks: 0 slower, 0 faster, $unchanged"
merge rename

branch remove
change timing.c '/"app save"/d'
check
step "app, removal" 0 "2 benchmarks: 0 slower, 0 faster, $unchanged, 1 gone"
echo 'missing: fail' >>"$p/pawl.yml"
check
step "app, removal under missing: fail" 1 "2 benchmarks: 0 slower, 0 faster, $unchanged, 1 gone"
expect "app, removal under missing: fail: it is named" out_has '^  gone \(fails the check\): app/app save$'
finish
