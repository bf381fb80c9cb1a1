#!/usr/bin/env bash
# The HTML report in a real browser: sorted, searched, opened, with hostile names, on a telephone, without scripts.
#
# Without a browser or npm this is said; where CI=true that is a failure.
. tests/cli/lib.sh

. tests/cli/browser.sh

# Reports: 2,000 rows of two result files, the golden ones, and one over three stored runs.
p=$scratch/p
mkdir "$p"
awk -f tests/gen_results.awk -v benchmarks=1000 -v repetitions=20 -v seed=1 -v slower=0 >"$scratch/base.json"
awk -f tests/gen_results.awk -v benchmarks=1000 -v repetitions=20 -v seed=2 -v slower=100 >"$scratch/head.json"
run "$PAWL" compare --same-session --out "$scratch/many" "$scratch/base.json" "$scratch/head.json"
expect "compare writes the page" [ -s "$scratch/many/report.html" ]
expect "2,000 rows with 40 values take less than 3 MB" [ "$(wc -c <"$scratch/many/report.html")" -lt 3000000 ]
cp tests/cli/suite.sh "$p/suite.sh"
printf '%s\n' 'BM_a' 'BM_b</script><img src=x onerror=alert(1)>' >"$p/names"
export SUITE_NAMES=$p/names
printf 'version: 1\nsuites:\n  - name: stored\n    run: [./suite.sh]\n    slice: 1ms\n    profile: off\nrules:\n  - {match: "**", threshold: 300%%, min_effect: 300%%}\nreports: {formats: [html]}\n' >"$p/pawl.yml"
in_project() { (cd "$p" && "$PAWL" "$@"); }
for number in 1 2 3 4; do
	run in_project check --save --pairs 6
	expect "check $number of a baseline passes" status_is 0
done
expect "check writes the page" [ -s "$p/pawl-report/report.html" ]
cp "$p/pawl-report/report.html" "$scratch/stored.html"
run in_project check --base-dir . --pairs 6
cp "$scratch/p/pawl-report/report.html" "$scratch/first.html"
run in_project report pawl-report --format html
expect "the page can be made later, with every value" cmp -s "$scratch/out" "$scratch/first.html"
expect "and has values" out_has '"x":\['
printf '{' >"$p/pawl-report/head.json"
run in_project report pawl-report --format html
expect "a damaged run file is named" err_has 'its values are not drawn: .*head.json'
expect "and the page is made without it" status_is 0

# A history with a change, and a baseline of 2,000 series.
p=$scratch/history
mkdir "$p"
cp tests/cli/suite.sh "$p/suite.sh"
printf 'BM_a\nBM_b\n' >"$p/names"
export SUITE_NAMES=$p/names
printf 'version: 1\nsuites:\n  - name: stored\n    run: [./suite.sh]\n    slice: 1ms\n    profile: off\n' >"$p/pawl.yml"
awk 'BEGIN {
	print "time,stored/BM_a:cpu_time"
	for (i = 0; i < 130; i++)
		printf "2026-01-%02dT%02d:00:00Z,%.3f\n", 1 + int(i / 5), i % 5, 1000 * (i < 90 ? 70 : 100) + 100 * (i * 7 % 5)
}' >"$p/times.csv"
run in_project baseline import times.csv
run in_project check --pairs 6
cp "$p/pawl-report/report.html" "$scratch/changed.html"
expect "the history is that of the newest 100 runs" grep -q '"hv":\(\[[^],]*\(,[^],]*\)\{99\}\]\)' "$scratch/changed.html"
expect "with the change point of pawl trend" grep -q '"hc":\[60\]' "$scratch/changed.html"
expect "the verdict names the baseline" file_has "$p/pawl-report/verdict.json" '"baseline": ?"main"'
run in_project report pawl-report --format html
expect "the page that is made later has it, too" out_has '"hc":\[60\]'
run "$PAWL" report "$p/pawl-report" --format html --config "$p/pawl.yml"
expect "from anywhere, with the project's configuration" out_has '"hc":\[60\]'
run env -C "$scratch" "$PAWL" report "$p/pawl-report" --format html
expect "and without a project there is none" out_lacks '"hc"'
expect "which is no error" status_is 0
run in_project check --pairs 6 --save
run in_project report pawl-report --format html
expect "a run that was stored with its check is no history of it" out_has '"hc":\[60\]'
# One of the newest hundred: others are not read.
newest=$(grep -lF '"2026-01-26T04:00:00Z"' "$p"/baselines/main/*/[0-9a-f]*.json)
printf '{' >"$newest"
run in_project report pawl-report --format html
expect "a damaged run of the history is told" err_has 'its history is not drawn: .*json'
expect "and the page is made without" status_is 0
for name in mixed hostile; do cp "tests/golden/report/$name.html" "$scratch/$name.html"; done
cp "$scratch/many/report.html" "$scratch/many.html"

in_browser "a browser shows the HTML report as it should" html.mjs "$scratch"
finish
