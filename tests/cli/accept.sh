#!/usr/bin/env bash
# Accepted regressions, budgets, renames: from the failing check to the passing one and back.
. tests/cli/lib.sh
export SOURCE_DATE_EPOCH=1795219200 # 2026-11-21
p=$scratch/head
mkdir "$p" "$scratch/base"
cp tests/cli/steady.sh "$p/suite.sh"
cp tests/cli/steady.sh "$scratch/base/suite.sh"
in_p() { run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$@"; }
check() { in_p "$PAWL" check --base-dir "$scratch/base" --pairs 10 "$@"; }
config() { printf 'version: 1\nsuites:\n  - name: s\n    run: [./suite.sh]\n    slice: 1ms\n    profile: off\n    metrics: [time, p95_us]\n%s\n' "${1:-}" >"$p/pawl.yml"; }
names() { printf '%s\n' "$@" | tee "$p/names" >"$scratch/base/names"; }
accepted=$p/baselines/accepted.json

names BM_slow BM_same 'BM_args/8' 'BM_args/64'
config
printf '* 100000\n' >"$scratch/base/speed"
printf '* 100000\nBM_slow 125000\nBM_args/8 140000\n' >"$p/speed"

in_p "$PAWL" accept s/BM_slow --reason why
expect "without a report there is nothing to accept: status 2" status_is 2
expect "and it says what to do" err_has "verdict.json: no report yet; run 'pawl check'"
check
expect "a slowdown fails" status_is 1
expect "with two rows" out_has '2 slower'

# Wrong usage.
run "$PAWL" accept --help
expect "the help starts with examples" sh -c "head -1 '$scratch/out' | grep -q Examples"
in_p "$PAWL" accept s/BM_slow
expect "an acceptance without a reason is status 2" status_is 2
expect "and asks for it" err_has 'needs its reason'
in_p "$PAWL" accept s/BM_slow --reason ' '
expect "so is one with an empty reason" status_is 2
in_p "$PAWL" accept s/BM_slow --reason why --until tomorrow
expect "a date that is none is status 2" err_has "takes a day like 2026-11-21, not 'tomorrow'"
in_p "$PAWL" accept s/BM_slow --reason why --until 2026-11-20
expect "a date that has passed is status 2" err_has 'has passed already; today is 2026-11-21'
in_p "$PAWL" accept s/BM_slwo --reason why
expect "a typo in a name is status 2" status_is 2
expect "and the right one is named" err_has "did you mean 's/BM_slow'"
in_p "$PAWL" accept s/BM_same --reason why
expect "what was not slower cannot be accepted: status 2" status_is 2
expect "and its verdict is told" err_has "s/BM_same:cpu_time is called same"
in_p "$PAWL" accept s/BM_slow s/BM_same --reason why
expect "one wrong name among right ones" status_is 2
expect "accepts nothing" [ ! -e "$accepted" ]

# Accepted, and the check passes.
in_p "$PAWL" accept s/BM_slow 's/BM_args/*' --reason 'checks every coupon'
expect "a series is accepted by its name, others by a glob" status_is 0
expect "what was accepted is printed" out_has '^accepted s/BM_slow:cpu_time: \+25 %, up to \+25 %'
expect "with the file to commit" out_has 'baselines/accepted.json; commit it'
expect "the file has a line for each" [ "$(grep -c '"series"' "$accepted")" -eq 2 ]
expect "with reason and date" file_has "$accepted" '"s/BM_slow:cpu_time", "reason": "checks every coupon", "date": "2026-11-21", "until": ""'
check
expect "then the check passes" status_is 0
expect "and the rows stay visible" out_has '2 accepted'
expect "with change and reason" out_has '\+25 %, accepted on 2026-11-21 up to \+25 %: checks every coupon'
expect "the CSV says accepted and slower" file_has "$p/pawl-report/regression_report.csv" 's,BM_slow,cpu_time,ns,latency,accepted,slower,'
cp "$accepted" "$scratch/before"
in_p "$PAWL" accept 's/BM_slow [cpu_time]' --reason 'checks every coupon'
expect "accepted again, it is the same file" cmp -s "$scratch/before" "$accepted"

# It comes back.
sed -i 's/^BM_slow .*/BM_slow 135000/' "$p/speed"
check --filter BM_slow
expect "beyond its bound it fails again" status_is 1
expect "and says so" out_has 'it grew beyond what was accepted on 2026-11-21 \(up to \+25 %\)'
sed -i 's/^BM_slow .*/BM_slow 125000/' "$p/speed"
mkdir -p "$scratch/base/baselines"
cp "$accepted" "$scratch/base/baselines"
check --filter BM_slow
expect "what the base has accepted, too, excuses nothing" status_is 1
rm -r "$scratch/base/baselines"
check --filter BM_slow
expect "without it, it passes" status_is 0
in_p "$PAWL" accept s/BM_slow:time --reason 'until the cache is there' --until 2026-12-24
expect "an accepted row is accepted again, until a day" file_has "$accepted" '"until": "2026-12-24"'
SOURCE_DATE_EPOCH=1798156799 check --filter BM_slow
expect "on its last day it passes" status_is 0
SOURCE_DATE_EPOCH=1798156800 check --filter BM_slow
expect "on the day after, it fails" status_is 1
expect "and says why" out_has 'it was accepted until 2026-12-24, which has passed: until the cache is there'
printf '{"pawl_accepted": 1, "accepted": [\n{"series"' >"$accepted"
check
expect "a damaged accepted.json is status 2" status_is 2
expect "and is named with its line" err_has 'baselines/accepted.json:2: '
rm "$accepted"

# Budgets.
printf '* 100000\nBM_slow 100000 52\n' >"$p/speed"
printf '* 100000\nBM_slow 100000 52\n' >"$scratch/base/speed"
config 'budgets:
  - {match: "s/BM_slow:p95_us", max: 50}
  - {match: "s/*:time", max: 200us}
  - {match: "s/**:rows_per_second", min: 5}'
check
expect "a broken budget fails though nothing changed" status_is 1
expect "the exit says so" out_has 'exit status 1: 1 broken budget that fails the check, the worst MEDIUM'
expect "the row says by how much" out_has 'budget: 52.0 us is above 50.0 us'
expect "a budget that names nothing is told" out_has 'warning: .*pawl.yml:11: the budget for s/\*\*:rows_per_second names no series'
in_p "$PAWL" accept s/BM_slow --reason why
expect "a budget is not accepted, it is changed" err_has 'is over its budget, which stands in pawl.yml'
check --fail-on HIGH
expect "below fail_on it is a warning" status_is 0
expect "and is shown" out_has 'warning: s/BM_slow.*budget: 52.0 us is above 50.0 us'
check --filter BM_same
expect "a filtered check does not ask for every budget" out_lacks 'names no series'
in_p "$PAWL" check --pairs 3
expect "without a baseline the budget holds for new rows" status_is 1
expect "that stay new" out_has 'new \(fails the check\): s/BM_slow \[p95_us\]'

# Stored runs: what was called slower stays out until it is accepted.
config
printf '* 100000\n' >"$p/speed"
names BM_slow BM_old
for _ in 1 2 3; do in_p "$PAWL" check --save --pairs 3; done
printf '* 100000\nBM_slow 200000\n' >"$p/speed"
in_p "$PAWL" check --save --pairs 3
expect "a slow run against stored ones fails" status_is 1
in_p "$PAWL" check --save --pairs 3
expect "and so does the next: the first is not the new normal" status_is 1
in_p "$PAWL" accept s/BM_slow --reason 'reads all of it'
in_p "$PAWL" check --pairs 3
expect "once accepted, it is" status_is 0
expect "and nothing is slower" out_has ': 0 slower'
printf '* 100000\nBM_slow 400000\n' >"$p/speed"
in_p "$PAWL" check --pairs 3
expect "as much again is a regression of its own" status_is 1
printf '* 100000\nBM_slow 200000\n' >"$p/speed"

# A benchmark with another name.
names BM_slow BM_older
in_p "$PAWL" check --pairs 3
expect "a lost benchmark is gone" out_has '1 gone'
expect "and its likely new name is suggested" out_has 'perhaps renamed to BM_older'
config 'renamed:
  - {from: s/BM_old, to: s/BM_older}'
in_p "$PAWL" check --pairs 3
expect "once that is told, nothing is gone or new" out_lacks 'gone|new'
config
names 'BM_slow/iterations:7' 'BM_old/repeats:2'
in_p "$PAWL" check --pairs 3
expect "another number of iterations is the same benchmark" out_lacks 'gone|new'

# The same where both sides are measured now.
rm "$accepted"
printf '%s\n' 'BM_slow/iterations:9' BM_old >"$scratch/base/names"
printf '%s\n' 'BM_slow/iterations:7' BM_newest >"$p/names"
config 'renamed:
  - {from: s/BM_old, to: s/BM_newest}'
printf '* 100000\n' >"$scratch/base/speed"
printf '* 200000\n' >"$p/speed"
check
expect "measured turn by turn, nothing is gone or new either" out_has '^2 benchmarks.*: 2 slower, 0 faster'
check --filter '^s/BM_newest$'
expect "and the new name alone measures the old one, too" out_has '^1 benchmark.*: 1 slower, 0 faster'
finish
