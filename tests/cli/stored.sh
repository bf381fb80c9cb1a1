#!/usr/bin/env bash
# A stored baseline screens, its commit decides: with a real google-benchmark suite in a git repository.
. tests/cli/lib.sh
. tests/cli/project.sh

if [ ! -f /usr/include/benchmark/benchmark.h ]; then
	absent "a stored baseline and its commit" "there is no libbenchmark-dev here"
	finish
fi
p=$scratch/p
project_make "$p"
# mix() takes an eighth of its time where QUICK is set: runs of the same code that differ by more than any noise.  And no
# noise makes a series twice as slow.
project_slow "$p" 20000
sed -i 's|i < ROUNDS|i < ROUNDS / part|' "$p/work.c"
cat >>"$p/work.c" <<'END'
#include <stdlib.h>
__attribute__((constructor)) static void set_part(void)
{
	if (getenv("QUICK"))
		part = 8;
}
END
sed -i 's|^#include "work.h"|&\nstatic int part = 1;|' "$p/work.c"
printf '    slice: 10ms\nrules:\n  - {match: "**:time", threshold: 100%%, min_effect: 100%%}\n' >>"$p/pawl.yml"
project_commit "$p" "Know how to be quick"
check() { run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check "$@"; }
row() { grep "^1,work,$1,cpu_time," "$p/pawl-report/regression_report.csv"; }
# As pawl prints it.
head_id() { git -C "$p" rev-parse HEAD | cut -c 1-7; }

QUICK=1 check --save --seed 1
expect "the first run has nothing to be held against" status_is 0
first=$(head_id)
printf 'change\n' >>"$p/README"
project_commit "$p" "Change nothing that is measured"
check --save --seed 2
expect "an unchanged program passes" status_is 0
expect "its suspects are settled at the commit of the stored run" err_has "building $first to measure them side by side"
expect "what was measured for that is kept" [ -s "$p/pawl-report/confirm-1-base.json" ]
expect "which is nothing where it runs the same code" eval '! grep -q "\"\(screen\|confirm\|measure\)\"" "$p"/pawl-report/confirm-1-*.json'
expect "as the rows say" eval 'row BM_mix | grep -q ",same_code,,"'
expect "with the difference and the commit" \
	file_has "$p/pawl-report/verdict.json" "differs from the stored runs by \+[0-9.]+ %, and runs the same code as $first"
check --seed 2 --measure-identical
expect "unless that is asked for" eval 'row BM_mix | grep -qv same_code && grep -q "\"screen\"" "$p/pawl-report/confirm-1-head.json"'

# shellcheck disable=SC2034 # used where eval reads it
second=$(head_id)
project_slow "$p" 100000
check --seed 3
expect "a slower one fails" status_is 1
expect "in what calls the function" out_has 'work/BM_mix '
expect "by pairs with the newest stored commit" eval 'row BM_mix | grep -q "signed-rank, confirmed at $second"'
expect "and nothing else is slower" eval '! row BM_other | grep -q ,slower,'

check --seed 4 --no-confirm
expect "the stored runs alone have their own word" eval 'row BM_mix | grep -q ",t-prediction,"'
expect "and build nothing" err_lacks building

# Where it cannot be settled, the stored runs' word stands, and why is said.
project_slow "$p" 2000000
mv "$p/.git" "$p/git"
check --seed 5
expect "without git a large change is called" status_is 1
expect "and why it was not settled is said" out_has 'could not be measured side by side: this is no git repository'
mv "$p/git" "$p/.git"
git -C "$p" stash -q
git -C "$p" checkout -q --orphan other && git -C "$p" commit -qm "No history" && git -C "$p" branch -q -D main master 2>/dev/null
rm -rf "$XDG_CACHE_HOME" && git -C "$p" worktree prune
git -C "$p" reflog expire --expire=now --all && git -C "$p" stash drop -q && git -C "$p" gc -q --prune=now
project_slow "$p" 2000000
check --seed 6
expect "nor where the commit is gone" out_has 'could not be measured side by side'
expect "which is a regression all the same" status_is 1
finish
