#!/usr/bin/env bash
# The command line: help, wrong usage, broken configurations, result files, stored baselines, interrupts, full disks.
. tests/cli/lib.sh
gbench=$PWD/tests/golden/gbench
p=$scratch/p
mkdir "$p"
suite=suite-$$.sh
cp tests/cli/suite.sh "$p/$suite"
export SUITE_NAMES=$p/names
in_p() { run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$@"; }
config() { printf 'version: 1\nsuites:\n  - name: s\n    run: [./%s]\n    slice: 1ms\n    profile: off\n%s\n' "$suite" "${1:-}" >"$p/pawl.yml"; }
printf 'BM_a\nBM_b\n' >"$SUITE_NAMES"
config

run "$PAWL" --version
expect "the version is printed" out_has '^pawl [0-9]+\.[0-9]+\.[0-9]+$'
run "$PAWL"
expect "a bare call prints the help" out_has 'pawl check --base main'
expect "and is no error" status_is 0
run "$PAWL" help check
expect "the help of a command starts with examples" sh -c "head -1 '$scratch/out' | grep -q Examples"
run "$PAWL" check --help
expect "so does its --help" sh -c "head -1 '$scratch/out' | grep -q Examples"
run "$PAWL" chekc
expect "a typo in a command is status 2" status_is 2
expect "and the right one is named" err_has "did you mean 'check'"
in_p "$PAWL" check --bsae main
expect "a typo in an option is status 2" status_is 2
expect "and the right option is named" err_has "did you mean '--base'"
in_p "$PAWL" check --pairs many
expect "a number that is none is status 2" status_is 2
in_p "$PAWL" check --base main --base-dir .
expect "two bases are status 2" status_is 2
in_p "$PAWL" check --fail-on SOMETIMES
expect "an unknown severity is status 2" status_is 2
run sh -c "cd '$scratch' && '$PAWL' check"
expect "no pawl.yml is status 2" status_is 2
run "$PAWL" check --config "$scratch/none.yml"
expect "a missing configuration is status 2" status_is 2
in_p "$PAWL" check --base main
expect "a revision outside a repository is status 2" status_is 2
expect "and --base-dir is offered" err_has 'base-dir'

printf 'version: 1\nsuites:\n  - name: s\n    rnu: [./suite.sh]\n    timeout: 5 parsecs\n' >"$p/pawl.yml"
in_p "$PAWL" check
expect "a broken configuration is status 2" status_is 2
expect "an unknown key is named with its place and the right one" err_has 'pawl.yml:4:5: .*rnu.*run'
expect "and the next error too" err_has 'pawl.yml:5:[0-9]+: '
config
sed -i 's/profile: off/profile: {rate: 5000}/' "$p/pawl.yml"
in_p "$PAWL" check
expect "a rate that no sampler keeps is refused" err_has 'pawl.yml:[0-9]+:[0-9]+: .*rate.*1 to 4999'
config

# Result files.
run "$PAWL" compare "$gbench/kitchen-v1.9.5.json" "$gbench/kitchen-v1.9.5.json"
expect "single repetitions decide nothing: status 3" status_is 3
expect "and it says so" out_has 'too few'
for file in none.json truncated-by-segv-v1.9.5.json stdout-polluted.json filter-none-v1.9.5.json; do
	run "$PAWL" compare "$gbench/kitchen-v1.9.5.json" "$gbench/$file"
	expect "compare with $file is status 2" status_is 2
	expect "$file is named" err_has "$file"
done
run "$PAWL" compare "$gbench/aggonly-v1.9.5.json" "$gbench/aggonly-v1.9.5.json"
expect "files with aggregates alone are used" out_has 'aggregates'
head -c 4000 /bin/sh >"$scratch/binary.json"
run "$PAWL" compare "$scratch/binary.json" "$scratch/binary.json"
expect "a binary file is status 2" status_is 2
run "$PAWL" compare "$scratch" "$scratch"
expect "a folder is status 2" status_is 2
run "$PAWL" compare "$gbench/kitchen-v1.9.5.json"
expect "a lacking file is wrong usage" status_is 2
"$PAWL_ORDERS" --benchmark_filter='BM_(tax|hash)' --benchmark_repetitions=12 --benchmark_min_time=20x \
	--benchmark_out="$scratch/measured.json" --benchmark_out_format=json >/dev/null 2>&1
# timed FACTOR: the file with times of its own, since those of 20 iterations are as the machine's other work lets them be.
timed() {
	awk -v factor="$1" '/"(real|cpu)_time":/ {split($0, part, ": "); printf "%s: %.16e,\n", part[1], (100 + NR % 7) * factor; next} {print}' "$scratch/measured.json"
}
timed 1 >"$scratch/a.json"
timed 3 >"$scratch/b.json"
run "$PAWL" compare "$scratch/a.json" "$scratch/a.json"
expect "a file is not slower than itself" status_is 0
run "$PAWL" compare "$scratch/a.json" "$scratch/b.json" --out "$scratch/compared"
expect "three times slower is status 1, even between runs" status_is 1
expect "and CRITICAL" out_has 'CRITICAL'
expect "the reports are written where asked" [ -s "$scratch/compared/regression_report.csv" ]
run sh -c "cat '$scratch/b.json' | '$PAWL' compare '$scratch/a.json' - --json"
expect "standard input is read for -" status_is 1
expect "--json prints the verdict" out_has '"pawl_verdict": 1'

# Stored baselines.
in_p "$PAWL" check
expect "without a baseline all is new, and passes" status_is 0
expect "the text says new" out_has '2 new|4 new'
in_p "$PAWL" check --require-baseline
expect "--require-baseline makes that status 3" status_is 3
in_p "$PAWL" check --save
expect "a first run is saved" err_has 'saved as'
in_p "$PAWL" check --save
expect "the second is judged against it" out_has '0 slower, 0 faster, 0 same, [2-4] too noisy'
in_p "$PAWL" baseline list
expect "the list has two runs" [ "$(wc -l <"$scratch/out")" -eq 3 ]
in_p "$PAWL" baseline list --here
expect "both are of this class of machine" [ "$(wc -l <"$scratch/out")" -eq 3 ]
folder=$(find "$p/baselines" -mindepth 2 -maxdepth 2 -type d)
mv "$folder" "$folder-other"
in_p "$PAWL" baseline list --here
expect "those of another class are left out" out_has '^baseline main is empty on this machine class'
mv "$folder-other" "$folder"
in_p "$PAWL" baseline list
id=$(awk 'NR == 2 {print substr($1, 1, 8)}' "$scratch/out")
in_p "$PAWL" baseline show "$id"
expect "a run is shown by the start of its id" out_has "^run +$id"
in_p "$PAWL" baseline show ffffffffffff
expect "an id that is none is status 2" status_is 2
in_p "$PAWL" baseline verify
expect "the store is whole" out_has '2 runs, all whole'
in_p "$PAWL" baseline lst
expect "a typo in an action is told" err_has "did you mean 'list'"
file=$(find "$p/baselines" -name "$id*.json")
sed -i 's/cpu_time/cpu_tine/' "$file"
in_p "$PAWL" baseline verify
expect "a damaged run is found" status_is 2
expect "and named" err_has "$(basename "$file")"
in_p "$PAWL" check
expect "a check does not use a damaged run" status_is 2
rm -r "$p/baselines"

# What the base lost.
in_p "$PAWL" check --save
printf 'BM_a\n' >"$SUITE_NAMES"
in_p "$PAWL" check
expect "a benchmark that is gone is told" out_has '1 gone'
expect "and does not fail by itself" status_is 0
config 'missing: fail'
in_p "$PAWL" check
expect "under missing: fail it does" status_is 1
in_p "$PAWL" check --filter BM_a
expect "what the filter leaves out is not gone" status_is 0
config
printf 'BM_a\nBM_b\n' >"$SUITE_NAMES"

# run
in_p "$PAWL" run -n 3 -o one.json
expect "run writes a run file" sh -c "head -2 '$p/one.json' | grep -q '\"pawl_run\": 1'"
expect "and prints medians" out_has 's/BM_a +.* us'
in_p "$PAWL" run -n 3 -o -
expect "run writes to standard output" out_has '"pawl_run": 1'
in_p "$PAWL" compare pawl-report/head.json one.json
expect "run files are compared" out_has 's/BM_a|2 benchmarks'
sed 's/"pawl_run": 1/"pawl_run": 99/' "$p/one.json" >"$p/new.json"
in_p "$PAWL" compare one.json new.json
expect "a run file of a later version is status 2" status_is 2

# The same seed, the same order.
in_p "$PAWL" check --base-dir "$p" --seed 42 --pairs 8
expect "the seed stands in the CSV" [ "$(tail -n 1 "$p/pawl-report/regression_report.csv" | awk -F, '{print $NF}')" = 42 ]

# A full disk: no file may grow beyond 4 kB.
in_p "$PAWL" check --base-dir "$p" --pairs 8
in_p bash -c "ulimit -f 4; exec '$PAWL' check --base-dir '$p' --pairs 40 --seed 7"
expect "reports that cannot be written are status 3" status_is 3
expect "and the file is named" err_has 'pawl-report/[a-z]+.json: cannot write'
expect "no report of an earlier check is left to be taken for this one's" [ ! -e "$p/pawl-report/head.json" ]
in_p bash -c "ulimit -f 4; exec '$PAWL' check --save --pairs 80 --out '$scratch/other'"
expect "a baseline that cannot be written is status 3" status_is 3
in_p "$PAWL" baseline verify
expect "and the store is still whole" status_is 0
expect "with the run that was there" out_has '1 run, all whole'
in_p sh -c "exec '$PAWL' help >/dev/full"
expect "a full standard output is told" err_has 'cannot write to standard output'

# Ctrl-C: the children end, what was measured is a valid run file.  So many pairs that nobody has to be quick.
for n in $(seq 6); do echo "BM_$n"; done >"$SUITE_NAMES"
(cd "$p" && exec "$PAWL" check --base-dir "$p" --pairs 1000 >"$scratch/out" 2>"$scratch/err" </dev/null) &
pid=$!
until grep -q 'benchmarks, about' "$scratch/err" || ! kill -0 "$pid" 2>/dev/null; do :; done
kill -TERM "$pid"
wait "$pid"
status=$?
expect "an interrupt is status 130" status_is 130
expect "it says where the partial run is" err_has 'interrupted.*head.json'
expect "the run file is marked partial" grep -q '"partial": true' "$p/pawl-report/head.json"
in_p "$PAWL" compare pawl-report/base.json pawl-report/head.json
expect "the partial run files can be read" [ "$status" -ne 2 ]
expect "no child is left" [ -z "$(pgrep -f "^bash ./$suite ")" ]

# The progress line is for terminals alone.
printf 'BM_a\nBM_b\n' >"$SUITE_NAMES"
in_p "$PAWL" check --base-dir "$p" --pairs 8
expect "no progress line in a log" sh -c "! grep -q 'to go' '$scratch/err'"
if command -v script >/dev/null; then
	in_p env TERM=xterm script -qec "'$PAWL' check --base-dir '$p' --pairs 8" /dev/null
	expect "a progress line on a terminal" out_has 'measuring [0-9]+/32, .* to go'
else
	absent "a progress line on a terminal" "no script(1) here"
fi
finish
