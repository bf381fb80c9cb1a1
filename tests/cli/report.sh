#!/usr/bin/env bash
# report: any format later, to standard output or into a folder; what it refuses; annotations of a check.
. tests/cli/lib.sh
golden=tests/golden/report
cp "$golden/mixed.json" "$scratch/verdict.json"

run "$PAWL" report "$scratch/verdict.json"
expect "the text is the default" out_has '^24 benchmarks, 25 gated series: 2 slower'
expect "a verdict of status 1 is written with status 0" status_is 0
run "$PAWL" report "$scratch" -v
expect "a folder stands for its verdict.json" out_has '^  same +orders/BM_same'
run sh -c "'$PAWL' report - --format csv <'$scratch/verdict.json'"
expect "standard input is read for -" cmp -s "$scratch/out" "$golden/mixed.csv"

# What check writes and what report makes of it later are the same.
same=true
for case in mixed compare empty; do
	for format in csv json markdown github openmetrics; do
		run "$PAWL" report "$golden/$case.json" --format "$format" --out -
		cmp -s "$scratch/out" "$golden/$case.$format" || { echo "$case.$format" >>"$scratch/err"; same=false; break 2; }
	done
done
expect "a report made later is the one made at once" $same
run "$PAWL" report "$scratch" --format junit --junit-dialect strict
expect "the dialect of JUnit can be chosen" out_has '^<testsuites>$'
run "$PAWL" report "$golden/hostile.json" --format csv --csv-raw
expect "the guard of CSV can be left out" out_has "^1,=cmd"

run "$PAWL" report "$scratch" --format csv,markdown,openmetrics,github --out "$scratch/new/folder"
expect "several reports go into a folder that is made" status_is 0
expect "each in its file, and nothing else" [ "$(cd "$scratch/new/folder" && echo *)" = "metrics.txt regression_report.csv summary.md" ]
expect "annotations go to standard output all the same" out_has '^::error file=orders.c,line=214,'

# What is refused.
run "$PAWL" report "$scratch" --format csv,junit
expect "several files do not go to standard output" status_is 2
expect "and the error says what to do" err_has 'need a folder: --out DIR'
run "$PAWL" report "$scratch" --format markdwon
expect "an unknown format is status 2" status_is 2
expect "with those that there are" err_has 'there is no report `markdwon`; there are text, csv, junit, json, markdown, github'
run "$PAWL" report "$scratch" --format csv,
expect "so is an empty one" status_is 2
run "$PAWL" report "$scratch/nothing.json"
expect "a file that is not there is status 2" status_is 2
expect "and is named" err_has 'nothing\.json'
printf '{"pawl_run": 1}' >"$scratch/head.json"
run "$PAWL" report "$scratch/head.json"
expect "a run file is status 2" status_is 2
expect "with what to do instead" err_has "is a run file.*'pawl compare BASE HEAD --out DIR'"
printf '{"pawl_verdict": 99}' >"$scratch/later.json"
run "$PAWL" report "$scratch/later.json"
expect "a verdict of a later version is status 2" status_is 2
printf '{"pawl_verdict": 1, "findings": [' >"$scratch/cut.json"
run "$PAWL" report "$scratch/cut.json"
expect "so is one that is cut off" status_is 2
touch "$scratch/file"
run "$PAWL" report "$scratch" --format csv --out "$scratch/file/folder"
expect "a folder that cannot be made is status 3" status_is 3
run sh -c "'$PAWL' report '$scratch' --format csv >/dev/full"
expect "so is an output that is full" status_is 3
run "$PAWL" report "$scratch" --fromat csv
expect "a wrong option gets its right name" err_has "did you mean '--format'"
run "$PAWL" help report
all_formats() {
	sed -nE 's/^\tROW\(([a-z]+)\).*/\1/p' checker/report/report.h | while read -r format; do
		out_has "$format" || return 1
	done
}
expect "the help names every format" all_formats

# A page as small as a comment.
run "$PAWL" report tests/golden/report/mixed.json --format markdown --limit 65536
expect "a limit above what there is changes nothing" out_has '`verdict.json` has all rows'
run "$PAWL" report tests/golden/report/mixed.json --format markdown --limit 1000
expect "a limit that titles alone would pass is refused" err_has 'limit takes 16384 to 1048576 bytes, not 1000'
expect "as wrong usage" status_is 2
run "$PAWL" report tests/golden/report/mixed.json --format csv --limit 65536
expect "so is one of a report that leaves nothing out" err_has 'none of these reports leaves rows out; markdown does'

# Annotations of a check: for a runner, when pawl.yml asks for them.
p=$scratch/repo/sub
mkdir -p "$p"
cp tests/cli/suite.sh "$p/suite.sh"
export SUITE_NAMES=$p/names
printf '::error::x\nBM_good\n' >"$SUITE_NAMES"
# yml FORMATS
yml() {
	printf 'version: 1\nsuites:\n  - name: s\n    run: [./suite.sh]\n    slice: 1ms\n    profile: off\nreports: {formats: [%s]}\n' "$1" >"$p/pawl.yml"
}
check() { run env -u GITHUB_ACTIONS -u GITHUB_WORKSPACE "$@" sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check --base-dir "$p" --pairs 12 --seed 1; }
yml "github, markdown, openmetrics"
check
expect "outside of a runner nothing is annotated" out_lacks '^::'
expect "the page for the summary is written" file_has "$p/pawl-report/summary.md" '^## pawl: passed: no regression$'
expect "and the gauges" file_has "$p/pawl-report/metrics.txt" '^pawl_check_exit_status 0$'
check GITHUB_ACTIONS=true GITHUB_WORKSPACE="$scratch/repo"
expect "on a runner a check is annotated" out_has '^::notice title=pawl::2 benchmarks'
expect "and no name is a command" [ "$(grep -c '^::' "$scratch/out")" -eq "$(grep -cE '^::(error|warning|notice) (file=sub/pawl\.yml,line=3,)?title=' "$scratch/out")" ]
yml text
check GITHUB_ACTIONS=true
expect "not when pawl.yml does not ask for it" out_lacks '^::'
finish
