#!/usr/bin/env bash
# Suites of other kinds: a C program gated by `command` with parameters, and a program that writes hyperfine's JSON through
# `file`; with environment, folder, set-up, steps, budget and plan.
. tests/cli/lib.sh
p=$scratch/p
mkdir -p "$p/head" "$p/base"
cat >"$p/work.c" <<'END'
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
static volatile unsigned sink;
static void work(unsigned n) { unsigned x = 1; for (unsigned i = 0; i < n * 1000; i++) x = x * 2654435761u + (x >> 7); sink = x; }
static double now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return (double)t.tv_sec + (double)t.tv_nsec / 1e9; }
int main(int argc, char **argv)
{
	if (argc > 2 && strcmp(argv[1], "--export") == 0) {
		FILE *f = fopen(argv[2], "w");
		fprintf(f, "{\"results\": [");
		for (int b = 0; b < 3; b++) {
			fprintf(f, "%s{\"command\": \"job %d\", \"times\": [", b ? ", " : "", b);
			for (int i = 0; i < 3; i++) {
				double start = now();
				work(b == 2 ? 400 : 400 * ROUNDS);
				fprintf(f, "%s%.9f", i ? ", " : "", now() - start);
			}
			fprintf(f, "]}");
		}
		fprintf(f, "]}\n");
		return fclose(f);
	}
	if (!getenv("WORK_ENV")) return 9;
	work((strcmp(argv[1], "large") == 0 ? 2000 : 1000) * ROUNDS);
	return 0;
}
END
gcc -O2 -DROUNDS=1 -o "$p/base/work" "$p/work.c" && cp "$p/base/work" "$p/head/work" || exit 3
# Times are really measured, on machines that do other work.  So the change is one of some 15 times and more, and what
# does not change would have to be 4 times slower in most of the pairs to be called: nothing that noise does.
cat >"$p/head/pawl.yml" <<'END'
version: 1
suites:
  - name: work
    kind: command
    run: [../work, "{size}"]
    env: {WORK_ENV: 1}
    cwd: sub
    setup: mkdir -p . && echo setup >>../steps
    teardown: echo teardown >>../steps
    prepare: "echo {size} >>../prepared"
    warmup: 1
    params: {size: [small, large]}
    metrics: [time]
    profile: off
  - name: whole
    kind: file
    run: [./work, --export, "{result}"]
    clock: real_time
    metrics: [time]
rules:
  - {match: "**", threshold: 300%, min_effect: 300%}
END
mkdir "$p/head/sub" "$p/base/sub"
cp "$p/head/pawl.yml" "$p/base/"
check() { run sh -c 'cd "$1" && shift && exec "$@"' sh "$p/head" "$PAWL" check --base-dir "$p/base" "$@"; }
column() { awk -F, -v b="$1" -v m="$2" -v c="$3" '$3 == b && $4 == m {print $c}' "$p/head/pawl-report/regression_report.csv"; }
is() { [ "$(column "$1" "$2" "$3")" = "$4" ]; }

check --pairs 12 --seed 1
expect "unchanged suites of both kinds pass" status_is 0
expect "every combination of parameters is a benchmark" is size:large cpu_time 7 judged
expect "the set-up ran once a side" [ "$(cat "$p/head/steps" "$p/base/steps" | sort | uniq -c | tr -s ' ' | tr '\n' ,)" = " 2 setup, 2 teardown," ]
expect "prepare ran before every process, with its parameter" [ "$(grep -c large "$p/head/prepared")" -ge 10 ]
expect "memory, faults and switches are reported" is size:small minor_faults 7 judged
expect "the whole suite gives its benchmarks" is "job 2" real_time 7 judged

gcc -O2 -DROUNDS=30 -o "$p/head/work" "$p/work.c"
check --pairs 12 --seed 2
expect "a slower program is called" status_is 1
expect "in the small size of the command" is size:small cpu_time 8 slower
expect "in the large one" is size:large cpu_time 8 slower
# One of two, since their time on the clock is that of a busy machine.
any_job() { for n in 0 1 2; do is "job $n" real_time 8 slower && return; done; return 1; }
expect "and in the benchmarks of the file" any_job
expect "but not where it did no more" is "job 2" real_time 8 same

check --plan
expect "the plan says what would be measured" out_has 'work/size:large +6-66 '
expect "and is no check" status_is 0
check --suite work --budget 1ms --seed 3
expect "a budget that is too small decides nothing" status_is 3
expect "and says which would do" out_has 'budget of 1.* would do'
# Where the machine stalls in the trials, the budget seems too small.
slower_or_no_time() { status_is 1 || { status_is 3 && out_has 'no time for 6 pairs within the budget'; }; }
check --suite work --filter small --budget 5s --pairs 100000 --seed 3
expect "within a budget the check ends" slower_or_no_time
mv "$p/head/work" "$p/slow" && cp "$p/base/work" "$p/head/work"
run sh -c 'cd "$1" && shift && exec "$@"' sh "$p/head" "$PAWL" check --suite whole --base-bin "$p/slow" --pairs 12
expect "another program as the base: the head is faster" out_has '2 faster'
expect "and passes" status_is 0
sed -i 's/--export, "{result}"/--export, gone.json/; s/clock: real_time/result: out.json/' "$p/head/pawl.yml"
check --suite whole --pairs 6
expect "a result that is not where it should be is status 3" status_is 3
expect "and is named" out_has 'no result to out.json'
finish
