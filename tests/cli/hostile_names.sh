#!/usr/bin/env bash
# Benchmarks, suites, folders, branches, authors and commits named to break a spreadsheet, a parser, a terminal, a log or a
# path: measured like any other, harmless in every report.
. tests/cli/lib.sh
. tests/cli/project.sh
p=$scratch/$'it\'s "$(touch gotcha)" <b>\n::error::folder'
mkdir -p "$p"
cp tests/cli/suite.sh "$p/suite.sh"
export SUITE_NAMES=$p/names
printf 'version: 1\nsuites:\n  - name: hostile\n    run: [./suite.sh]\n    slice: 1ms\n    profile: off\nreports: {formats: [csv, junit, html, markdown, openmetrics, github]}\n' >"$p/pawl.yml"
cat >"$SUITE_NAMES" <<'END'
=cmd|' /C calc'!A0
a,"b
<x>&
../../etc
::error::x
$(touch gotcha);`touch gotcha`
-rf
##[add-mask]x
BM[0-9]*(a|b)+?{2}^$.\x
END
run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check --base-dir "$p" --pairs 12 --seed 1
expect "they are judged" status_is 0
expect "all of them" out_has '^9 benchmarks: 0 slower, 0 faster, 9 same|^9 benchmarks, 18 gated series: 0 slower'
report=$p/pawl-report
no_formula() { ! cut -d, -f3 "$report/regression_report.csv" | grep -q '^"*[=+@-]'; }
expect "no cell of the CSV starts a formula" no_formula
expect "every CSV line is a row" [ "$(wc -l <"$report/regression_report.csv")" -eq "$((9 * 3 + 1))" ]
if command -v xmllint >/dev/null; then
	expect "JUnit is well-formed" xmllint --noout "$report/junit.xml"
else
	absent "JUnit is well-formed" "no xmllint here"
fi
# Commands of a runner; in the log a legacy one counts wherever it stands in a line.
no_command() {
	! grep -aqE '##\[' "$scratch/out" "$scratch/err" &&
		! cat "$scratch/out" "$scratch/err" "$report"/*.xml "$report"/*.csv "$report"/*.md "$report"/*.txt | grep -aqE '^[[:space:]]*::'
}
not_run() { [ -z "$(find "$scratch" "$root" -maxdepth 3 -name 'gotcha*')" ]; }
expect "no line is a workflow command" no_command
expect "no name was run" not_run
expect "no file was made elsewhere" [ "$(find "$report" -type f -printf x | wc -c)" -eq 8 ]
run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check --save --pairs 12
expect "they can be stored" status_is 0
run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check --pairs 12
expect "and held against the stored ones" status_is 0
run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" baseline verify
expect "the store is whole" status_is 0

# Branches, authors and commits.
git -C "$p" init -qb main
git -C "$p" config user.name $'Eve\e[31m<b>'
printf '/pawl-report/\n/baselines/\n' >"$p/.gitignore"
sed -i "s|\${SUITE_NAMES:?}|names|g" "$p/suite.sh"
git -C "$p" add -A && GIT_AUTHOR_NAME=$'Eve\e[31m<b>' git -C "$p" commit -qm "first"
git -C "$p" checkout -qb 'br$(touch$IFS''gotcha);`x`<img>|&"@all'
sed -i 's/cpu_time": 100000/cpu_time": 300000/; s/real_time": 200000/real_time": 600000/' "$p/suite.sh"
GIT_AUTHOR_NAME=$'Eve\e[31m<b>' git -C "$p" commit -qam $'::error::slower <script> \e]0;title\a $(touch gotcha)\n\n##[add-mask]x'
plain() { ! cat "$scratch/out" "$scratch/err" "$report"/*.* | LC_ALL=C grep -aqP '[\x00-\x08\x0b-\x1f\x7f]'; }
run env -C "$p" GITHUB_ACTIONS=true "$PAWL" check --base main --pairs 12
expect "a branch and a commit of any name are checked" status_is 1
expect "and speak to no terminal" plain
expect "on a runner only annotations are commands" [ "$(grep -acE '^[[:space:]]*::|##\[' "$scratch/out")" -eq "$(grep -acE '^::(error|warning|notice) (file=[^,]*,line=[0-9]+,)?title=' "$scratch/out")" ]
: >"$scratch/out"
expect "and nothing else that it says or writes" no_command
run env -C "$p" "$PAWL" bisect --good main
expect "the commit to blame is found" out_has 'is the first bad commit'
expect "its subject is text" no_command
expect "as its author's name" plain
expect "no name was run here, either" not_run
rm -rf "$p/.git"
cp tests/cli/suite.sh "$p/suite.sh"

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
