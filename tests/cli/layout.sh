#!/usr/bin/env bash
# The same code, executed as often, that takes another time: reported, and no reason to fail.
. tests/cli/lib.sh

# walk() touches one value of `step` in a table that no cache holds.  The step is data: both builds have the same code and
# execute as many instructions, and one of them waits for memory.  That stands for what caches do to code at another address,
# which no program can bring about on every CPU.
cat >"$scratch/walk.c" <<'END'
#include "harness/bench.h"

#include <stddef.h>

enum { VALUES = 1 << 23, VISITS = 1 << 15 };

static unsigned table[VALUES];
volatile size_t step = STEP;

/* Pages that nobody wrote to are one and the same. */
__attribute__((constructor)) static void fill(void)
{
	for (size_t i = 0; i < VALUES; i++)
		table[i] = (unsigned)i;
}

/* Moves what comes behind it. */
__asm__(".text\n.skip " BEFORE);

/* Does more work, if it is asked to. */
__attribute__((noinline)) static unsigned more(unsigned sum)
{
	for (volatile int i = 0; i < MORE; i++)
		sum += (unsigned)i;
	return sum;
}

__attribute__((noinline)) static unsigned walk(size_t from)
{
	unsigned sum = 0;
	size_t by = step;

	for (size_t i = 0; i < VISITS; i++) {
		from = (from + by) & (VALUES - 1);
		sum += table[from] ^ (unsigned)i;
	}
	return sum;
}

static void BM_walk(struct bench_state *state)
{
	size_t from = 0;

	while (bench_next(state)) {
		unsigned sum = more(walk(from));

		bench_keep(&sum);
		from += VISITS;
	}
}
BENCHMARK(BM_walk);
BENCHMARK_MAIN();
END
# build SIDE STEP BEFORE MORE: BEFORE bytes stand before the code.
build() {
	mkdir -p "$scratch/$1"
	cc -O2 -g -fno-omit-frame-pointer -D_GNU_SOURCE -Ibench -DSTEP="$2" -DBEFORE="\"$3\"" -DMORE="$4" \
		-o "$scratch/$1/walk" "$scratch/walk.c" bench/harness/*.c -lm -pthread || exit 3
	printf 'version: 1\nsuites:\n  - {name: w, run: [./walk], metrics: [time]}\n' >"$scratch/$1/pawl.yml"
}
hold() {
	run "$PAWL" check --config "$scratch/head/pawl.yml" --base-dir "$scratch/base" --out "$scratch/report"
}
if ! command -v valgrind >/dev/null; then
	absent "the same code is told from slower code" "no valgrind"
	finish
fi
build base 1 16 0
build head 67 96 0
hold
expect "the same code at another place does not fail the check" status_is 0
expect "it is reported as slower all the same" file_has "$scratch/report/regression_report.csv" '^1,w,BM_walk,cpu_time,.*,slower,'
expect "with the reason" file_has "$scratch/report/verdict.json" '"reason": "layout: the same code'
expect "and the function" file_has "$scratch/report/verdict.json" '"function": "walk"'
echo 'layout: fail' >>"$scratch/head/pawl.yml"
hold
expect "a project may say that it fails" status_is 1

# At the same address it is not its address that made it slower.
build head 67 16 0
hold
expect "the same code at the same place fails the check" status_is 1
expect "and is named" file_has "$scratch/report/verdict.json" '"function": "walk"'

# Beside more work elsewhere: that is named, though walk() costs more.
build head 67 96 20000
hold
expect "with more work elsewhere the check fails" status_is 1
expect "the function with more work is named" file_has "$scratch/report/verdict.json" '"function": "more"'
expect "and what layout has to do with it is told" out_has '% of the change is layout: the same code'

# One instruction more in the loop is other code.
sed -i 's/(unsigned)i;$/(unsigned)i * 3;/; s/(from + by)/(from + by * 1)/' "$scratch/walk.c"
build head 67 96 0
hold
expect "other code that is slower fails the check" status_is 1
finish
