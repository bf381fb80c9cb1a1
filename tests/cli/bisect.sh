#!/usr/bin/env bash
# pawl bisect finds the commit that made a benchmark slower: in a line of commits with one that does not build, a merge and
# a benchmark that got another name; and git bisect run finds the same one.
. tests/cli/lib.sh
. tests/cli/project.sh
p=$scratch/p
mkdir "$p"
cp tests/cli/steady.sh "$p/suite.sh"
in_p() { run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$@"; }
bisect() { in_p "$PAWL" bisect --seed 1 "$@"; }
id() { git -C "$p" rev-parse --verify "$1"; }
# As pawl prints it: git itself would take more digits where 7 are those of another object, too.
short() { id "$1" | cut -c 1-7; }
# A change of the speeds, as a commit.
speeds() { printf '%s\n' "$@" >"$p/speed"; }
commit() { git -C "$p" add -A && git -C "$p" commit -qm "$1" && git -C "$p" tag "$2"; }
pass() { printf '%s\n' "$1" >"$p/note" && commit "Change nothing that is measured: $1" "$1"; }

cat >"$p/pawl.yml" <<'END'
version: 1
suites:
  - name: s
    build: test ! -e broken
    run: [./suite.sh]
    metrics: [time]
    slice: 1ms
    profile: off
END
printf '/pawl-report/\n' >"$p/.gitignore"
printf '%s\n' BM_a BM_b BM_c >"$p/names"
speeds '* 100000'
git -C "$p" init -qb main
commit "first" good
pass c1
speeds '* 100000' 'BM_a 104000'
commit "A little slower" c2
pass c3
touch "$p/broken"
commit "Break the build" c4
rm "$p/broken"
commit "Mend the build" c5
speeds '* 100000' 'BM_a 130000'
commit $'Make \e[31mit\e[0m slower <b>' culprit
for i in 7 8 9; do pass "c$i"; done
speeds '* 100000' 'BM_a 130000' 'BM_b 150000'
commit "Another one" other
pass last

bisect
expect "without --good it is wrong usage" status_is 2
expect "which is said" err_has 'good REV is needed'
bisect --good good
expect "without a report nothing is suspected: status 2" status_is 2
expect "and it says what to do" err_has "no report yet; name what is to be bisected"
bisect --good nowhere s/BM_a
expect "an unknown commit is status 2" status_is 2
bisect --good good t/BM_a
expect "an unknown suite is status 2" status_is 2
bisect --good HEAD s/BM_a
expect "a good commit behind the bad one is no range: status 3" status_is 3
expect "and says so" err_has 'no commit lies between'

bisect --good good s/BM_a
expect "the commit is found" status_is 0
expect "it is the right one" out_has "^$(id culprit) is the first bad commit"
expect "with its subject, harmless on a terminal" out_has 'subject  Make .*it.* slower <b>'
expect "and no escape reaches it" eval '! grep -q "$(printf "\033")" "$scratch/out"'
expect "with its author and date" eval 'out_has "author   test <test@example.org>" && out_has "date     2[0-9]{3}-"'
expect "with its own change, against the commit before it" out_has "s/BM_a \[cpu_time\]  \+25 % .* against $(short c5)"
expect "it says how long it takes" err_has 'bisect: 11 commits, about 4 steps'
expect "an earlier small slowdown is not taken for it" err_lacks "$(short c3) bad"
expect "the work tree is as it was" [ -z "$(git -C "$p" status --porcelain)" ]
bisect --good good --at-least 2% s/BM_a
expect "unless it is asked for" out_has "^$(id c2) is the first bad commit"

# Around what does not build a range is left.
git -C "$p" checkout -qb dark c3
for i in 1 2 3; do
	touch "$p/broken"
	printf '%s\n' "$i" >"$p/note"
	commit "Dark $i" "dark$i"
done
rm "$p/broken"
speeds '* 100000' 'BM_a 130000'
commit "Light again" light
bisect --good good s/BM_a
expect "a neighbourhood that does not build leaves a range: status 3" status_is 3
expect "of those commits" out_has 'is one of 4'
expect "which are named" eval 'out_has "Dark 1" && out_has "Dark 3" && out_has "Light again"'
expect "and were skipped with the reason" err_has "$(short dark2) skipped: suite s: .test ! -e broken. failed"
bisect --good good --bad dark2 s/BM_a
expect "a bad end that does not build is status 3" status_is 3
git -C "$p" checkout -q main

# The last check's slower rows are what is looked for where nothing is named.
in_p "$PAWL" check --base-exact good --seed 1
expect "the check fails" status_is 1
bisect --good good
expect "its rows are bisected together" out_has "^$(id culprit) is the first bad commit"
expect "and what that commit did not do is told, with the command that goes on" out_has "go on: pawl bisect --good $(short culprit) --bad .* 's/BM_b:cpu_time'"
bisect --good culprit 's/BM_?'
expect "a glob names series" out_has "^$(id other) is the first bad commit"
bisect --good good s/BM_c
expect "where nothing is slower nothing is found: status 3" status_is 3
expect "and it says so" err_has 'nothing of it is slower'
bisect --good good s/BM_x
expect "a name that means nothing is status 3" status_is 3
expect "and is named" err_has "'s/BM_x' means no gated series"

# git's own bisection, step by step.
in_p git bisect start last good
in_p git bisect run "$PAWL" bisect --step --seed 1 --at-least 10% --good good s/BM_a
expect "git bisect run finds the same commit" out_has "^$(id culprit) is the first bad commit"
in_p git bisect reset
for row in 'c5 0' 'last 1'; do
	git -C "$p" checkout -q "${row% *}"
	bisect --step --good good
	expect "a step at ${row% *} is status ${row#* }" status_is "${row#* }"
done
git -C "$p" checkout -q c4
bisect --step --good good s/BM_a
expect "a step at what does not build is status 125" status_is 125
git -C "$p" checkout -q main
bisect --step --good nowhere s/BM_a
expect "what would fail at every commit ends git's bisection" status_is 128
bisect --step --good
expect "so does wrong usage" [ "$status" -ge 128 ]

# A merge is one commit; what was merged is looked into when asked.
git -C "$p" checkout -qb side c9
printf 'x\n' >"$p/x" && commit "Side work" side1
speeds '* 100000' 'BM_a 130000' 'BM_c 140000'
commit "Slow in a branch" side2
printf 'y\n' >"$p/x" && commit "More side work" side3
git -C "$p" checkout -q main
git -C "$p" merge -q --no-ff --no-commit -s ours side && git -C "$p" checkout -q side -- x
speeds '* 100000' 'BM_a 130000' 'BM_b 150000' 'BM_c 140000'
commit "Merge the side" merge
pass after
bisect --good culprit s/BM_c
expect "a merge is the first bad commit of the line" out_has "^$(id merge) is the first bad commit"
expect "and the way into it is told" out_has 'into-merges'
bisect --good culprit --into-merges s/BM_c
expect "its branch is searched" out_has "^$(id side2) is the first bad commit"
expect "with the commit's own change" out_has "\+40 % .* against $(short side1)"

# A benchmark with another name, before and after.
sed -i 's/BM_c/BM_new/' "$p/names" "$p/speed"
printf 'renamed: [{from: s/BM_c, to: s/BM_new}]\n' >>"$p/pawl.yml"
commit "Rename a benchmark" renamed
bisect --good culprit s/BM_new
expect "a benchmark is followed through a new name" out_has "^$(id merge) is the first bad commit"
finish
