#!/usr/bin/env bash
# pawl check --base in a real git project with a real google-benchmark suite: a slowdown planted in one function is called on
# the benchmarks that call it and only there; an unchanged build passes while another core is kept busy.
#
# The rules are so wide, and what is planted so slow, that noise decides nothing.  How often unchanged builds raise an alarm
# under pawl's own rules is counted every night: PAWL_UNCHANGED_CHECKS is how many of them must pass in a row.
. tests/cli/lib.sh
. tests/cli/project.sh
unchanged=${PAWL_UNCHANGED_CHECKS:-1}
p=$scratch/project
project_make "$p"
# A slice that a stall ends after one iteration, which google-benchmark before 1.8 does, must not be all start-up.
project_slow "$p" 20000
project_commit "$p" "longer"
rules_that_hold() {
	printf '    slice: 10ms\nrules:\n  - {match: "**:time", threshold: 100%%, min_effect: 100%%}\n' >>"$p/pawl.yml"
	project_commit "$p" "rules that no noise breaks"
}
[ -n "${PAWL_UNCHANGED_CHECKS:-}" ] || rules_that_hold

slower() {
	sed -n '1!p' "$p/pawl-report/regression_report.csv" | awk -F, '$8 == "slower" && $18 != "NONE" {print $3}' | sort | tr '\n' ' '
}
slower_are() { [ "$(slower)" = "$1" ]; }
check() { run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check "$@"; }

# An unchanged build, really measured on both sides: the comment makes another commit, the binary is built anew.
echo '/* no change */' >>"$p/work.c"
project_commit "$p" "comment"
(while :; do :; done) &
busy=$!
passes=0
for i in $(seq "$unchanged"); do
	check --base HEAD~1 --seed "$i" --measure-identical
	if [ "$status" -eq 0 ]; then passes=$((passes + 1)); else not_ok "unchanged check $i passes"; fi
done
kill "$busy"
wait "$busy" 2>/dev/null
expect "an unchanged build passes beside a busy core, $unchanged of $unchanged times" [ "$passes" -eq "$unchanged" ]
expect "all 5 benchmarks were judged" out_has '^5 benchmarks, 10 gated series: 0 slower'
expect "and measured" file_has "$p/pawl-report/head.json" '"screen"'
expect "the base is named on standard error" err_has 'base [0-9a-f]{7} \(merge base of HEAD~1\)'
for file in regression_report.csv junit.xml verdict.json base.json head.json; do
	expect "$file is written" [ -s "$p/pawl-report/$file" ]
done

[ -z "${PAWL_UNCHANGED_CHECKS:-}" ] || rules_that_hold
project_slow "$p" 100000
project_commit "$p" "slower"
check --base HEAD~1 --seed 1
expect "a planted slowdown makes the exit status 1" status_is 1
expect "it is called on the right benchmarks and only there" slower_are "BM_mix BM_mix_twice "
expect "the text names them" out_has 'work/BM_mix_twice'
expect "JUnit has two failures" [ "$(grep -c '<failure' "$p/pawl-report/junit.xml")" -eq 2 ]
if command -v xmllint >/dev/null; then
	expect "JUnit is well-formed" xmllint --noout "$p/pawl-report/junit.xml"
else
	absent "JUnit is well-formed" "no xmllint here"
fi

# The working tree counts as it stands, uncommitted edits included.
project_slow "$p" 20000
check --base HEAD --filter '^BM_mix$' --pairs 20
expect "an uncommitted improvement is called faster" out_has '1 faster'
expect "an improvement passes" status_is 0

# Subfolder of a monorepo: the prefix is found again in the base's tree.
mkdir "$p/sub"
(cd "$p" && git mv work.c work.h bench.cc Makefile pawl.yml sub/)
project_commit "$p" "move"
run sh -c 'cd "$1/sub" && shift && exec "$@"' sh "$p" "$PAWL" check --base HEAD~1 --pairs 6
expect "a suite that the base does not have is new, and green" status_is 0
expect "its rows are new" out_has '10 new'
project_slow "$p/sub" 100000
run sh -c 'cd "$1/sub" && shift && exec "$@"' sh "$p" "$PAWL" check --base HEAD --pairs 20 --filter '^BM_mix$'
expect "a check works in a subfolder" status_is 1

# A base that does not build, though its pawl.yml has the suite.
echo 'this is no C' >>"$p/sub/work.c"
project_commit "$p" "broken"
(cd "$p" && git revert --no-edit HEAD >/dev/null)
run sh -c 'cd "$1/sub" && shift && exec "$@"' sh "$p" "$PAWL" check --base HEAD~1 --pairs 6
expect "a base that does not build is status 3" status_is 3
expect "its last lines are shown" err_has 'the base does not build'
echo 'this is no C' >>"$p/sub/work.c"
run sh -c 'cd "$1/sub" && shift && exec "$@"' sh "$p" "$PAWL" check --base HEAD --pairs 6
expect "a head that does not build is status 3" status_is 3
expect "and says what failed" err_has 'make -s suite'
finish
