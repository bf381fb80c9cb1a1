# shellcheck shell=bash
# Debug data that is there in part: a run and a check say which file lacks what.
. tests/cli/lib.sh
p=$scratch/p
mkdir "$p"
cat >"$p/suite.cc" <<'END'
#include <benchmark/benchmark.h>
static int sum;
__attribute__((noinline)) void work(int n)
{
	for (int i = 0; i < n; i++)
		asm volatile("" : "+r"(sum));
}
static void BM_work(benchmark::State &state)
{
	for (auto _ : state)
		work(10000);
}
BENCHMARK(BM_work);
BENCHMARK_MAIN();
END
(cd "$p" && g++ -O2 -g -gsplit-dwarf -fno-omit-frame-pointer -c suite.cc && g++ -o suite suite.o -lbenchmark -lpthread) || exit 3
rm "$p/suite.dwo"
printf 'version: 1\nsuites:\n  - {name: s, run: [./suite], slice: 5ms}\n' >"$p/pawl.yml"
cd "$p" || exit 3
run "$PAWL" run --profile --slices 2
expect "a run whose debug data lacks a file succeeds" status_is 0
expect "and warns of the file and what is missing" err_has '^warning: .*not all inlined calls and lines from suite: suite\.dwo'
expect "once" [ "$(grep -c '^warning: profiles have' "$scratch/err")" -eq 1 ]
run "$PAWL" run --slices 2
expect "without profiles there is nothing to warn of" err_lacks 'profiles have'
finish
