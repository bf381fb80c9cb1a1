#!/usr/bin/env bash
# Benchmarks named to break a spreadsheet, a parser, a terminal, a log or a path: measured like any other, harmless in every
# report.
. tests/cli/lib.sh
p=$scratch/p
mkdir "$p"
cp tests/cli/suite.sh "$p/suite.sh"
export SUITE_NAMES=$p/names
printf 'version: 1\nsuites:\n  - name: hostile\n    run: [./suite.sh]\n    slice: 1ms\n' >"$p/pawl.yml"
cat >"$SUITE_NAMES" <<'END'
=cmd|' /C calc'!A0
a,"b
<x>&
../../etc
::error::x
$(touch gotcha);`touch gotcha`
-rf
BM[0-9]*(a|b)+?{2}^$.\x
END
run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check --base-dir "$p" --pairs 12 --seed 1
expect "they are judged" status_is 0
expect "all of them" out_has '^8 benchmarks: 0 slower, 0 faster, 8 same|^8 benchmarks, 16 gated series: 0 slower'
report=$p/pawl-report
expect "no cell of the CSV starts a formula" sh -c "! cut -d, -f3 '$report/regression_report.csv' | grep -q '^\"*[=+@-]'"
expect "every CSV line is a row" [ "$(wc -l <"$report/regression_report.csv")" -eq "$((8 * 3 + 1))" ]
if command -v xmllint >/dev/null; then
	expect "JUnit is well-formed" xmllint --noout "$report/junit.xml"
else
	skip "JUnit is well-formed" "no xmllint here"
fi
expect "no line is a workflow command" sh -c "! cat '$scratch/out' '$scratch/err' '$report'/*.xml '$report'/*.csv | grep -aqE '^[[:space:]]*::'"
expect "no name was run" [ ! -e "$p/gotcha" ]
expect "no file was made elsewhere" [ "$(find "$report" -type f | wc -l)" -eq 5 ]
run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check --save --pairs 12
expect "they can be stored" status_is 0
run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check --pairs 12
expect "and held against the stored ones" status_is 0
run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" baseline verify
expect "the store is whole" status_is 0

# A name with a newline cannot be listed by google-benchmark's plain list: its two halves give no result.
printf 'BM_good\nBM_two\nlines\n' >"$SUITE_NAMES"
sed -i 's|^\*) row "$good" ;;|BM_good) row "$good" ;;|' "$p/suite.sh"
run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check --base-dir "$p" --pairs 12
expect "a name with a newline is two failed rows" out_has '2 failed'
expect "and the rest is judged" status_is 0
printf '{"context": {}, "benchmarks": [{"name": "BM_a\\n::error::x", "run_type": "iteration", "iterations": 1, "real_time": 1, "cpu_time": 1, "time_unit": "ns"}]}' >"$scratch/newline.json"
run "$PAWL" compare "$scratch/newline.json" "$scratch/newline.json"
expect "a newline in a result file breaks no line" out_lacks '^ *::'
finish
