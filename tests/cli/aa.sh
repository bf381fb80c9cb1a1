#!/usr/bin/env bash
# pawl check --aa, and how long a check measures.
. tests/cli/lib.sh

p=$scratch/p
mkdir -p "$p/base"
cp tests/cli/steady.sh "$p/suite"
printf 'BM_one\nBM_two\n' >"$p/names"
printf 'BM_one 1000\nBM_two 5000\n' >"$p/speed"
printf 'version: 1\nsuites:\n  - {name: s, kind: gbench, run: [./suite], metrics: [time], profile: off}\n' >"$p/pawl.yml"
cp "$p"/* "$p/base/" 2>/dev/null
check() { run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check "$@"; }
column() { awk -F, -v b="$1" -v c="$2" '$3 == b && $4 == "cpu_time" { print $c }' "$p/pawl-report/regression_report.csv"; }

check --aa 3 --seed 1
expect "a suite without noise raises no alarm" status_is 0
expect "the rate comes with its upper bound" out_has 'false alarms: 0 of 3 checks, 0 % \(95 % upper bound 63 %\)'
expect "every gated series is listed" out_has 's/BM_two \[cpu_time\] +0 +0 +6\.0'
expect "every check is a line of the raw data" [ "$(wc -l <"$p/pawl-report/aa.csv")" -eq 4 ]
expect "with its numbers" grep -q '^3,[0-9]*,2,0,0,0,0,12,6,' "$p/pawl-report/aa.csv"
check --aa 3 --base-dir base
expect "it takes no base" status_is 2
expect "and says so" err_has 'takes no base'

# How many pairs are taken is in the report: as many as the question needs.
check --base-dir base --seed 1
expect "what is the same is screened" [ "$(column BM_one 20)" = 6 ]
printf 'BM_one 1000\nBM_two 5400\n' >"$p/speed"
check --base-dir base --seed 1
expect "what is slower is confirmed" out_has 'LOW +s/BM_two '
expect "with fresh pairs" [ "$(column BM_two 20)" = 26 ]
expect "and the other is left alone" [ "$(column BM_one 20)" = 6 ]
check --base-dir base --seed 1 --pairs 8
expect "--pairs takes that many of every benchmark" [ "$(column BM_one 20),$(column BM_two 20)" = 8,8 ]
printf 'BM_one 1000\nBM_two 4800\n' >"$p/speed"
check --base-dir base --seed 1
expect "a small improvement is not worth more pairs" [ "$(column BM_two 20)" = 6 ]
check --base-dir base --seed 1 --improvements
expect "unless they are asked for" out_has 'faster +s/BM_two '
expect "then they are confirmed, too" [ "$(column BM_two 20)" = 26 ]
finish
