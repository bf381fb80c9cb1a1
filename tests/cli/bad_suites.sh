#!/usr/bin/env bash
# Suites that do not exist, crash, hang, flood, leave children or print garbage: each is a row with its reason, and the exit
# status is the one of the manual.
. tests/cli/lib.sh
p=$scratch/p
mkdir "$p"
suite=suite-$$.sh
cp tests/cli/suite.sh "$p/$suite"
export SUITE_NAMES=$p/names

config() {
	printf 'version: 1\nsuites:\n  - name: bad\n    run: [./%s]\n    timeout: 60s\n    slice: 1ms\n    profile: off\n' "$suite" >"$p/pawl.yml"
}
names() { printf '%s\n' "$@" >"$SUITE_NAMES"; }
check() { run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check --base-dir "$p" --pairs 8 --fail-on CRITICAL "$@"; }
csv_row() { grep -a "^1,bad,$1," "$p/pawl-report/regression_report.csv"; }
row_is() { csv_row "$1" | grep -aq ",$2,"; }

config
names BM_good
check
expect "a good suite passes" status_is 0
expect "and is judged" row_is BM_good judged

# Both sides are the same folder, so whatever fails, fails on both: shown, and no reason to fail beside a good row.
for name in BM_crash BM_exit BM_garbage BM_nothing BM_empty BM_truncated BM_nan BM_negative BM_error BM_other_name; do
	names BM_good "$name"
	check
	expect "$name is failed" row_is "$name" failed
	expect "$name on both sides does not fail the check" status_is 0
	expect "$name is in the text" out_has "failed: bad/$name"
	expect "$name has its reason there" out_has "fails on both sides: .."
done
names BM_good BM_crash
check
expect "the last lines of a crash are shown" out_has 'about to crash'
check --budget 1ms
expect "what a budget has no time for is not even tried" row_is BM_crash too_few
expect "and says what would do" out_has 'no time for 6 pairs within the budget of 1.* ms; .* would do'
expect "which is no pass" status_is 3
check --budget 1ms --plan
expect "the plan says so" out_has '^bad/BM_crash +not measured: no time within the budget'
names BM_good BM_nan
check
expect "a NaN is named" out_has 'NaN'

# A command has no list, which could come too late for a time-out as short as that.
names BM_hang
printf 'version: 1\nsuites:\n  - name: bad\n    kind: command\n    run: [./%s, "--benchmark_filter=^{case}$"]\n    params: {case: [BM_hang]}\n    timeout: 1s\n    profile: off\n' "$suite" >"$p/pawl.yml"
check
expect "a benchmark that hangs is failed" row_is case:BM_hang failed
expect "and its time-out is told" out_has 'no end within [0-9.]+ s'
config
names BM_good BM_flood
check
expect "a flood is failed" row_is BM_flood failed
expect "and told as too much output" out_has 'too much output'
names BM_good BM_strays
check
expect "a benchmark that leaves children is judged" row_is BM_strays judged
expect "and there is a warning" out_has 'leaves processes running'
expect "and they are ended" [ -z "$(pgrep -f "^bash ./$suite ")" ]
names BM_good BM_pollution
check
expect "a polluted standard output does no harm" row_is BM_pollution judged
names BM_good BM_skip
check
expect "a skipped benchmark says so" out_has 'needs a GPU'
expect "a skipped benchmark is not judged" row_is BM_skip incomparable

# Failures on the head alone.
mkdir "$scratch/base"
cp "$p/$suite" "$p/pawl.yml" "$scratch/base/"
sed -i 's/^BM_crash) .*/BM_crash) row "$good" ;;/' "$scratch/base/$suite"
names BM_good BM_crash
run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check --base-dir "$scratch/base" --pairs 6
expect "a crash on the head alone is status 3" status_is 3
expect "JUnit has it as an error" grep -q '<error type="pawl.benchmark_error"' "$p/pawl-report/junit.xml"
run sh -c 'cd "$1" && shift && exec "$@"' sh "$scratch/base" "$PAWL" check --base-dir "$p" --pairs 6
expect "a crash on the base alone passes" status_is 0

# The whole suite.
touch "$SUITE_NAMES.crash"
check
expect "a suite that crashes while it lists is status 3" status_is 3
expect "its signal is told" out_has 'signal 11'
check --plan
expect "a plan says why it is not in it" out_has '^bad cannot be measured: .*signal 11'
expect "with what the program said, line by line" out_has '^  giving up$'
rm "$SUITE_NAMES.crash"
: >"$SUITE_NAMES"
check
expect "a suite that lists nothing is status 3" status_is 3
names BM_good
printf 'version: 1\nsuites:\n  - name: bad\n    run: [./no-such-suite]\n' >"$p/pawl.yml"
check
expect "a suite that does not exist is status 3" status_is 3
expect "and it says which file is missing" err_has 'no-such-suite'
run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check
expect "a suite that does not exist is status 3 against a baseline too" status_is 3
printf 'version: 1\nsuites:\n  - name: bad\n    build: echo no compiler >&2; exit 1\n    run: [./%s]\n' "$suite" >"$p/pawl.yml"
check
expect "a head that does not build is status 3" status_is 3
expect "and its last lines are shown" err_has 'no compiler'
expect "behind the command and the folder" err_has '`echo no compiler >&2; exit 1` failed in this folder: exit status 1$'
printf 'version: 1\nsuites:\n  - name: bad\n    build: |\n      true\n      exit 1\n    run: [./%s]\n' "$suite" >"$p/pawl.yml"
check
expect "a build of several lines is not repeated" err_has '^pawl: suite bad: its `build` failed in this folder: exit status 1$'
config
names BM_good
check --filter '^nothing matches this$'
expect "a filter that matches nothing is status 3" status_is 3
check --filter '('
expect "a broken filter is status 2" status_is 2
expect "and told" err_has 'no regular expression'
check --suite baad
expect "an unknown suite is status 2" status_is 2
expect "and the nearest one is named" err_has "did you mean 'bad'"
finish
