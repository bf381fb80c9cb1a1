#!/usr/bin/env bash
# compare: what two files have in common, what they have not, aggregates, machines, dialects, exit status.
. tests/cli/lib.sh
gbench=$PWD/tests/golden/gbench

# made NAME ARGUMENT...: a result file of the generator.
made() {
	local name=$1
	shift
	awk -f tests/gen_results.awk -v repetitions=20 "$@" >"$scratch/$name"
}
made base.json -v benchmarks=40 -v seed=1
made head.json -v benchmarks=40 -v seed=2
made slower.json -v benchmarks=40 -v seed=2 -v slower=1
made one.json -v benchmarks=40 -v seed=2 -v slower=40
made fewer.json -v benchmarks=30 -v seed=2
compare() { run "$PAWL" compare "$@"; }

compare "$scratch/base.json" "$scratch/head.json"
expect "noise is status 0" status_is 0
expect "the files are named first" out_has '^base: .*/base.json, measured 2026-11-21'
expect "every row is shown" [ "$(grep -c 'results/BM_case_' "$scratch/out")" -eq 40 ]
expect "with the number of values" out_has 'BM_case_0/size:8 +20 '
expect "and the geometric mean of what is gated" out_has '^  geomean +40 benchmarks \[cpu_time\] .*[+-]0\.[0-9]+ %'
expect "and of what is not" out_has '^  geomean +40 benchmarks \[real_time\]'
cp "$scratch/out" "$scratch/first"
compare "$scratch/base.json" "$scratch/head.json"
expect "the same files give the same bytes" cmp -s "$scratch/out" "$scratch/first"
compare "$scratch/base.json" "$scratch/one.json"
expect "between runs of unknown origin 30 % more in one of 40 are not enough" status_is 0
expect "but are shown as measured" out_has 'BM_case_0/size:8 .* \+(29|30)\.[0-9] % .*as measured \[\+2'
compare --same-session "$scratch/base.json" "$scratch/one.json"
expect "in one session they are" status_is 1
compare --same-session "$scratch/base.json" "$scratch/slower.json"
expect "all of them slower are status 1" status_is 1
expect "the mean of all is told" out_has 'geomean +40 benchmarks \[cpu_time\] .*\+(29|30)\.[0-9] %'
compare --same-session --fail-on CRITICAL "$scratch/base.json" "$scratch/one.json"
expect "a limit on what fails is kept" status_is 0
compare --same-session --json "$scratch/base.json" "$scratch/slower.json"
expect "--json has the means too" out_has '"change_ratio": 0\.(29|30)[0-9]*, .*"gated": true, "metric": "cpu_time"'

# Sets that differ.
compare "$scratch/base.json" "$scratch/fewer.json"
expect "benchmarks that are lost do not fail by themselves" status_is 0
expect "they are gone" out_has '10 gone'
expect "and the mean is of the common ones" out_has 'geomean +30 benchmarks \[cpu_time\]'
compare "$scratch/fewer.json" "$scratch/base.json"
expect "those only in the head are new" out_has '10 new'
sed 's/BM_case/BM_other/' "$scratch/head.json" >"$scratch/other.json"
compare "$scratch/base.json" "$scratch/other.json"
expect "files with nothing in common are status 3" status_is 3
expect "and it says what they have" out_has 'no benchmark is in both: the base has results/BM_case_0'
sed 's/"time_unit": "ns"/"time_unit": "ns", "hits": 5/' "$scratch/head.json" >"$scratch/counter.json"
compare "$scratch/base.json" "$scratch/counter.json"
expect "a metric of one file is said once" [ "$(grep -c 'metric hits is only in the head (40 benchmarks' "$scratch/out")" -eq 1 ]

# Aggregates alone.
compare "$gbench/aggonly-v1.9.5.json" "$gbench/aggonly-HEAD.json"
expect "aggregates alone are used" [ "$status" -ne 2 ]
expect "and that is said for each file" [ "$(grep -c 'have aggregates alone' "$scratch/out")" -eq 2 ]
# aggregates NAME MEDIAN MEMBER
aggregates() {
	printf '{"context": {}, "benchmarks": [{"name": "BM_a_median", "run_name": "BM_a", "aggregate_name": "median", %s, "cpu_time": %s},' "$3" "$2"
	printf '{"name": "BM_a_stddev", "run_name": "BM_a", "aggregate_name": "stddev", %s, "cpu_time": 1}]}' "$3"
} >"$scratch/$1"
aggregates a100.json 100 '"run_type": "aggregate", "iterations": 20'
aggregates a101.json 101 '"run_type": "aggregate", "iterations": 20'
aggregates a200.json 200 '"run_type": "aggregate", "iterations": 20'
aggregates old.json 200 '"iterations": 20'
compare "$scratch/a100.json" "$scratch/a101.json"
expect "1 % more is no regression" status_is 0
expect "the values are the medians" out_has 'results/BM_a +20 +100 ns +101 ns'
compare "$scratch/a100.json" "$scratch/a200.json"
expect "twice the time is one" status_is 1
compare "$scratch/a100.json" "$scratch/old.json"
expect "an unknown number of repetitions is no number" out_has 'results/BM_a +20\+\? +100 ns +200 ns'

# Run files: of one suite, of another machine, of other units.
p=$scratch/p
mkdir "$p"
cp tests/cli/suite.sh "$p/suite.sh"
export SUITE_NAMES=$p/names
printf 'BM_case_0/size:8\nBM_case_1/size:16\n' >"$SUITE_NAMES"
printf 'version: 1\nsuites:\n  - name: s\n    run: [./suite.sh]\n    slice: 1ms\n    profile: off\n' >"$p/pawl.yml"
run sh -c "cd '$p' && exec '$PAWL' run -n 8 -o one.json"
expect "a run file is made" [ -s "$p/one.json" ]
compare "$p/one.json" "$scratch/base.json"
expect "a result file is taken for the one suite of a run file" out_has 's/BM_case_0/size:8 +8\+20 '
sed 's/"machine_class": "[^"]*"/"machine_class": "another"/' "$p/one.json" >"$p/other.json"
compare "$p/one.json" "$p/other.json"
expect "times of another class of machine decide nothing" status_is 3
expect "and are incomparable" out_has '[12] incomparable|[24] gated series.*incomparable'
expect "the classes are named" out_has 'machines of different classes: .* and another'
sed '/"name": "cpu_time"/s/"unit": "ns"/"unit": "us"/; /"cpu_time", *$/,/unit/s/"unit": "ns"/"unit": "us"/' "$p/one.json" >"$p/units.json"
if ! cmp -s "$p/one.json" "$p/units.json"; then
	compare "$p/one.json" "$p/units.json"
	expect "a metric in another unit is incomparable" out_has 'another unit'
	expect "and both units are named" out_has "metric cpu_time is in 'ns' in the base and in 'us' in the head"
else
	not_ok "the units in a run file can be changed"
fi

# Reports.
compare --out "$scratch/rich" "$scratch/base.json" "$scratch/slower.json"
expect "the rich dialect is the default" file_has "$scratch/rich/junit.xml" '<testsuites name="pawl"'
compare --out "$scratch/strict" --junit-dialect strict --same-session "$scratch/base.json" "$scratch/slower.json"
expect "the strict dialect is written on request" file_has "$scratch/strict/junit.xml" '^<testsuites>$'
schemas=../shared/schemas
if command -v xmllint >/dev/null && [ -d "$schemas" ]; then
	for schema in "$schemas"/*.xsd; do
		expect "it is valid against $(basename "$schema")" xmllint --noout --schema "$schema" "$scratch/strict/junit.xml" 2>"$scratch/err"
	done
else
	skip "it is valid against the schemas" "no xmllint or no folder of schemas here"
fi
compare --junit-dialect lax "$scratch/base.json" "$scratch/head.json"
expect "an unknown dialect is status 2" status_is 2
expect "and the known ones are named" err_has 'rich, strict'

# Damage.
head -c 100000 "$scratch/head.json" >"$scratch/cut.json"
compare "$scratch/base.json" "$scratch/cut.json"
expect "a file that is cut off is status 2" status_is 2
expect "with its line" err_has 'cut.json:[0-9]+: the file ends inside'
expect "and no row is shown" out_is_empty
compare "$scratch/base.json" "$gbench/truncated-by-segv-v1.9.5.json"
expect "so is one of a program that crashed" status_is 2
run sh -c "'$PAWL' compare - '$scratch/head.json' <'$scratch/base.json'"
expect "standard input is read for -" status_is 0
run bash -c "'$PAWL' compare <(cat '$scratch/base.json') '$scratch/head.json'"
expect "a pipe is read" status_is 0
finish
