# shellcheck shell=bash
# The action of ci/action.yml, run as a runner would: which base it takes on which event, what it writes before it fails,
# and that no name gets through to the runner.  Needs Python and its YAML module.
. tests/cli/lib.sh
. tests/cli/project.sh
if ! python3 -c 'import yaml' 2>/dev/null; then
	absent "the action does what it says" "no Python with the module yaml here"
	finish
fi

action=$scratch/action
mkdir -p "$action" "$scratch/state" "$scratch/temp/pawl-build"
cp -r "$root/ci" "$action/ci"
# The program under test stands where the step `install` would build it; make and the packages have nothing to do.
printf 'all:\n$(BUILD)/pawl:\n' >"$action/Makefile"
ln -s "$PAWL" "$scratch/temp/pawl-build/pawl"
printf '#!/bin/sh\nexit 0\n' >"$action/ci/install-deps"

export RUNNER_TEMP=$scratch/temp RUNNER_OS=Linux RUNNER_ARCH=X64 GITHUB_REPOSITORY=owner/name GITHUB_RUN_ID=7 GITHUB_RUN_ATTEMPT=1
export GITHUB_SERVER_URL=https://example.org GITHUB_API_URL=https://api.example.org JOB_TOKEN=secret-token
unset GITHUB_BASE_REF GITHUB_REF GITHUB_EVENT_NAME GITHUB_STEP_SUMMARY GITHUB_OUTPUT RUNNER_ENVIRONMENT

# event NAME REF [JSON]: what happened
event() {
	export GITHUB_EVENT_NAME=$1 GITHUB_REF=$2 GITHUB_EVENT_PATH=$scratch/event.json
	printf '{"repository": {"default_branch": "main"}%s}\n' "${3:+, $3}" >"$scratch/event.json"
	if [ "$1" = pull_request ]; then export GITHUB_BASE_REF=${4:-main}; else unset GITHUB_BASE_REF; fi
}
act() {
	run python3 "$root/tests/cli/runner.py" "$action/ci/action.yml" "$scratch/state" "$@"
	cat "$scratch/state/log" >>"$scratch/out"
}
value() { python3 -c 'import json, sys; print(json.load(open(sys.argv[1]))[sys.argv[2]])' "$scratch/state/outputs.json" "$1"; }
given() { [ "$(value "$1")" = "$2" ]; }
ran() { grep -qx "$1" "$scratch/state/steps"; }
commands_have() { grep -qE -- "$1" "$scratch/state/commands"; }
commands_lack() { ! commands_have "$1"; }
summary_has() { file_has "$scratch/state/summary.md" "$1"; }

# A project whose benchmark is a script, so that nothing has to be compiled; it says that it takes what is in `work`, so
# that no noise makes a job red or green.
origin=$scratch/origin
mkdir "$origin"
cat >"$origin/bench" <<-'END'
	#!/bin/sh
	read -r ns <work
	printf '{"context": {}, "benchmarks": [{"name": "BM_bench", "run_name": "BM_bench", "run_type": "iteration", "threads": 1, "iterations": 9, "real_time": %s, "cpu_time": %s, "time_unit": "ns"}]}\n' "$ns" "$ns" >"$1"
END
chmod +x "$origin/bench"
echo 2000 >"$origin/work"
cat >"$origin/pawl.yml" <<-'END'
	version: 1
	suites:
	  - name: shell
	    kind: file
	    build: test ! -e broken
	    run: [./bench, "{result}"]
	    metrics: [time]
END
printf '/pawl-report/\n' >"$origin/.gitignore"
git -C "$origin" init -qb main
project_commit "$origin" "first"
old=$(git -C "$origin" rev-parse HEAD)
echo "a note" >"$origin/note"
project_commit "$origin" "second"
git -C "$origin" checkout -qb feature
echo "another" >>"$origin/note"
project_commit "$origin" "a change"
git -C "$origin" checkout -q main
echo "main goes on" >"$origin/more"
project_commit "$origin" "third"
third=$(git -C "$origin" rev-parse HEAD)
git -C "$origin" update-ref refs/pull/1/head feature
# The merge commit of a pull request.
merged() { # NUMBER HEAD
	git -C "$origin" checkout -q --detach main
	git -C "$origin" merge -q --no-ff -m "Merge $2 into main" "$2"
	git -C "$origin" update-ref "refs/pull/$1/merge" HEAD
	git -C "$origin" checkout -q main
}
merged 1 feature

# checkout REF DEPTH: as actions/checkout does; depth 0 is everything
checkout() {
	local depth=() name=refs/remotes/pull
	[ "$2" -eq 0 ] || depth=(--depth="$2")
	rm -rf "$scratch/ws" "$scratch/cache"
	git init -q "$scratch/ws"
	git -C "$scratch/ws" remote add origin "file://$origin"
	[ "$2" -ne 0 ] || git -C "$scratch/ws" fetch -q origin '+refs/heads/*:refs/remotes/origin/*'
	case $1 in refs/heads/*) name=refs/remotes/origin/${1#refs/heads/} ;; esac
	git -C "$scratch/ws" fetch -q --no-tags "${depth[@]}" origin "+$1:$name"
	git -C "$scratch/ws" checkout -q --detach "$name"
	export GITHUB_WORKSPACE=$scratch/ws
}
quick="--pairs 6"

# Which base
event pull_request refs/pull/1/merge '"pull_request": {"head": {"repo": {"fork": true}}}'
checkout refs/pull/1/merge 1
expect "the checkout is shallow, as that of a fork's pull request" [ "$(git -C "$scratch/ws" rev-list --count HEAD)" -eq 1 ]
act args="$quick"
expect "an unchanged pull request is green" status_is 0
expect "history is fetched as far as the merge base takes" out_has "base ${third:0:7} \(merge base"
expect "it says why it took that base" out_has 'compares with the merge base with main'
expect "exit-status is an output" given exit-status 0
expect "so are counts" [ "$(value same)" -ge 1 ]
expect "of nothing, too" given critical 0
expect "and the reports" given csv "$scratch/ws/pawl-report/regression_report.csv"
expect "the artifact is kept" [ -s "$scratch/state/artifacts/pawl-report/verdict.json" ]
expect "with what a comment may say" file_has "$scratch/state/artifacts/pawl-report/comment.md" '^## pawl: passed'
expect "the summary says it" summary_has 'pawl|benchmark'
expect "nothing but notices is sent to the runner" commands_lack '^::(error|warning)'

checkout refs/pull/1/merge 0
rm "$scratch/ws/.git/config" && git -C "$scratch/ws" init -q
act args="$quick"
expect "a whole history needs no fetching at all" status_is 0

# Which base is a matter of options alone, so a stub stands for pawl: it writes down what it was given.
cat >"$scratch/stub" <<-'END'
	#!/bin/sh
	case $1 in
	--version) echo stub ;;
	report) cat "$STUB_REPORT" ;;
	check) for word; do echo "given: [$word]"; done; [ "$STUB_SAYS" ] && printf '%b\n' "$STUB_SAYS"; 
		for word; do case $word in --out=*) out=${word#--out=} ;; esac; done
		if [ "$STUB_REPORT" ]; then mkdir -p "$out"; : >"$out/verdict.json"; cp "$STUB_CSV" "$out/regression_report.csv"; fi
		exit "${STUB_STATUS:-0}"
		;;
	*) exit 2 ;;
	esac
END
chmod +x "$scratch/stub"
use() { ln -sf "$1" "$scratch/temp/pawl-build/pawl"; }
use "$scratch/stub"
base_is() { out_has "given: \[$1\]"; }

event push refs/heads/main "\"before\": \"$old\""
checkout refs/heads/main 1
act
expect "a push to main is held against what was there before" base_is "--base=$old"
expect "whose history is there" [ "$(git -C "$scratch/ws" merge-base HEAD "$old")" = "$old" ]
event push refs/heads/main '"before": "0000000000000000000000000000000000000000"'
checkout refs/heads/main 1
act
expect "the first push of a branch against the commit before" base_is '--base-exact=HEAD\^'
expect "which is fetched" git -C "$scratch/ws" cat-file -e HEAD^
event push refs/heads/main '"before": "1234567890123456789012345678901234567890"'
checkout refs/heads/main 1
act
expect "so is a push that took commits back" base_is '--base-exact=HEAD\^'
event push refs/heads/feature "\"before\": \"$old\""
checkout refs/heads/feature 1
act
expect "another branch against its merge base with main" base_is '--base=refs/remotes/origin/main'
expect "whose history is there, too" [ -n "$(git -C "$scratch/ws" merge-base HEAD refs/remotes/origin/main)" ]
event workflow_dispatch refs/heads/main
checkout refs/heads/main 1
act
expect "a run by hand on main against the commit before" base_is '--base-exact=HEAD\^'
event merge_group refs/heads/gh-readonly-queue/main/pr-1 "\"merge_group\": {\"base_sha\": \"$third\"}"
checkout refs/pull/1/merge 1
act
expect "a merge group against what it is merged into" base_is "--base=$third"
event workflow_dispatch refs/heads/main
checkout refs/heads/main 1
act base="$old"
expect "base may be a commit" base_is "--base=$old"
git -C "$origin" tag v1 "$old"
act base=v1
expect "or a tag" base_is '--base=refs/tags/v1'
act base=feature
expect "or a branch" base_is '--base=refs/remotes/origin/feature'
checkout refs/heads/main 1
act base=nowhere
expect "a base that is nowhere is red" status_is 1
expect "and says what to do" commands_have '^::error.*fetch-depth'
expect "with the status of a check that could not be made" given exit-status 3
git -C "$origin" checkout -q --orphan alone
git -C "$origin" commit -qm "no parent"
git -C "$origin" checkout -qf main
event push refs/heads/alone
checkout refs/heads/alone 1
act
expect "a first commit is checked without a base" out_lacks 'given: \[--base'
expect "and that is said" commands_have '^::warning.*nothing is compared'

# Inputs
event workflow_dispatch refs/heads/main
checkout refs/heads/main 1
act config=a/b.yml suite=$'one\ntwo words' fail-on=high budget=5m args='--pairs 20 *'
for word in --config=a/b.yml --suite=one '--suite=two words' --fail-on=HIGH --budget=5m --pairs 20 '\*'; do
	expect "pawl is given $word" base_is "$word"
done
act args=$'--filter\n^a b$'
expect "of several lines each is an argument" base_is '\^a b\$'
STUB_STATUS=139 act
expect "a crash is red" status_is 1
expect "with its status" given exit-status 139

# Hostile words
hostile='x"; touch pwned; $(touch pwned) `touch pwned` ${{ github.token }}'
act config="$hostile" suite="$hostile" base= args="$hostile" budget="$hostile" fail-on="$hostile"
expect "no input is run" [ -z "$(find "$scratch/ws" "$scratch/temp" -name 'pwned*')" ]
expect "each arrives as it is" out_has 'given: \[--config=x"; touch pwned; \$\(touch pwned\)'
for input in base working-directory artifact-name store save-baseline version perf-sysctl summary; do
	act "$input=$hostile"
	expect "nor is $input" [ -z "$(find "$scratch/ws" "$scratch/temp" -name 'pwned*')" ]
	expect "and $input is refused" status_is 1
	act "$input="$'y\n::error::forged\nexit-status=0\n##[add-mask]z'
	expect "nor does a line of $input speak to the runner" commands_lack '^::error::forged|add-mask.z$'
done
STUB_SAYS='::error::forged\n  ::add-mask::forged\nBM ##[set-output name=csv]forged\n::stop-commands::a\n::a::\n::error::forged' act
expect "nothing that is printed speaks to the runner" commands_lack forged
expect "though it is in the log" out_has '::error::forged'
branch='a;touch${IFS}pwned;$(touch${IFS}pwned)'
git -C "$origin" branch "$branch" "$old"
event pull_request refs/pull/1/merge '"pull_request": {}' "$branch"
checkout refs/pull/1/merge 1
act
expect "a branch's name is a name" base_is '--base=refs/remotes/origin/a;touch\$\{IFS\}pwned;\$\(touch\$\{IFS\}pwned\)'
expect "and is not run" [ -z "$(find "$scratch" -name 'pwned*')" ]
git -C "$origin" update-ref 'refs/heads/--upload-pack=touch pwned' "$old" 2>/dev/null || git -C "$origin" update-ref 'refs/heads/--upload-pack=x' "$old"
event pull_request refs/pull/1/merge '"pull_request": {}' --upload-pack=x
act
expect "nor is one an option" base_is '--base=refs/remotes/origin/--upload-pack=x'

# What `pawl report` gives, and its limits
export STUB_CSV=$root/tests/golden/report/hostile.csv STUB_REPORT=$scratch/report
event workflow_dispatch refs/heads/main
checkout refs/heads/main 1
yes 'a line of the report' | head -n 100000 >"$STUB_REPORT"
act
summary_size() { wc -c <"$scratch/state/summary.md"; }
expect "a summary that is too long is shortened" [ "$(summary_size)" -gt 1000000 ]
expect "to what is shown" [ "$(summary_size)" -le 1048576 ]
left=$((100000 - $(grep -c '^a line' "$scratch/state/summary.md")))
expect "with a count of what was left out" summary_has "^$left more lines did not fit"
head -c 1048500 /dev/zero | tr '\0' 'x' >"$scratch/full"
comment=$scratch/state/artifacts/pawl-report/comment.md
expect "a comment that is too long is shortened, too" [ "$(wc -c <"$comment")" -le 65536 ]
expect "but not to nothing" [ "$(wc -c <"$comment")" -gt 60000 ]
expect "with its own count" file_has "$comment" "^$((100000 - $(grep -c '^a line' "$comment"))) more lines did not fit"
SUMMARY_BEFORE=$scratch/full act
expect "one without room gets nothing" commands_have '^::notice.*summary has no room left'
{
	for i in $(seq 30); do printf '::error file=pawl.yml,line=%d,title=slower::BM %d\n' "$i" "$i"; done
	printf '::add-mask::forged\n::stop-commands::forged\nforged\n##[error]forged\n  ::error::forged\n::warning::one\n'
} >"$STUB_REPORT"
STUB_STATUS=1 act
expect "ten annotations of a kind are shown" [ "$(grep -c '^::error file' "$scratch/state/commands")" -eq 10 ]
expect "others beside them" commands_have '^::warning::one$'
expect "and nothing else speaks to the runner" commands_lack forged
rows_of() {
	python3 -c 'import csv, sys
print(sum(row[sys.argv[2]].lower() == sys.argv[3] for row in csv.DictReader(open(sys.argv[1], newline=""))))' "$STUB_CSV" "$1" "$2"
}
for severity in critical high medium low; do
	expect "rows with hostile names are counted: $severity" given "$severity" "$(rows_of severity "$severity")"
done
for state in judged new gone failed; do
	expect "and $state" given "$state" "$(rows_of state "$state")"
done
unset STUB_REPORT

# A release, which a curl that only seems to be fetches from a folder.
mkdir -p "$scratch/bin" "$scratch/made/pawl-1.2.3/bin"
cp "$scratch/stub" "$scratch/made/pawl-1.2.3/bin/pawl"
tarball=pawl-1.2.3-linux-$(uname -m).tar.gz
tar -czf "$scratch/made/$tarball" -C "$scratch/made" pawl-1.2.3
sum=$(sha256sum "$scratch/made/$tarball" | cut -d' ' -f1)
cat >"$scratch/bin/curl" <<-'END'
	#!/bin/sh
	for word; do [ "$before" != -o ] || file=$word; before=$word; done
	cp "$MADE/${word##*/}" "$file" && echo "$word"
END
chmod +x "$scratch/bin/curl"
export MADE=$scratch/made
event workflow_dispatch refs/heads/main
checkout refs/heads/main 1
PATH=$scratch/bin:$PATH act version="1.2.3@sha256:$sum"
expect "a release with the right sum is taken" status_is 0
expect "from the releases of the action's own repository" out_has "^https://example.org/owner/pawl/releases/download/v1.2.3/$tarball"
PATH=$scratch/bin:$PATH act version="1.2.3@sha256:${sum//[0-4]/5}"
expect "with another sum it is not" status_is 1
expect "and nothing of it was run" commands_have '^::error.*nothing of it was run'
PATH=$scratch/bin:$PATH act version=1.2.3
expect "nor without a sum" commands_have '^::error.*does not know the sum'
printf '%s  %s\n' "$sum" "$tarball" >>"$action/ci/action/releases.sha256"
PATH=$scratch/bin:$PATH act version=v1.2.3
expect "unless the action knows it" status_is 0
use "$PAWL"

# A red check
git -C "$origin" checkout -qb slow main
echo 8000 >"$origin/work"
project_commit "$origin" "slower"
git -C "$origin" checkout -q main
merged 2 slow
event pull_request refs/pull/2/merge
checkout refs/pull/2/merge 1
act
expect "a regression makes the job red" status_is 1
expect "with exit status 1" given exit-status 1
expect "and its severity counted" given critical 1
expect "after everything was written" [ "$(tail -n 3 "$scratch/state/steps" | tr '\n' ' ')" = "report ok upload ok finish failed " ]
expect "an error stands on the run's page" commands_have '^::error'
expect "the summary names it" summary_has 'bench|shell'
act annotate=false summary=false upload-artifact=false
expect "annotations can be turned off" commands_lack '^::error'
expect "so can the summary" [ ! -s "$scratch/state/summary.md" ]
expect "and the artifact" [ "$(grep -c '^upload ' "$scratch/state/steps")" -eq 0 ]
act fail-on=nonsense
expect "a wrong input is red with status 2" given exit-status 2
expect "and tells" commands_have '^::error.*--fail-on takes LOW'
head -c 1048000 /dev/zero | tr '\0' 'x' >"$scratch/full"
SUMMARY_BEFORE=$scratch/full act
expect "a summary at its limit is not pushed over it" [ "$(wc -c <"$scratch/state/summary.md")" -ge 1048000 ]
act working-directory=missing
expect "a folder that is missing is told" commands_have "^::error.*working-directory: there is no folder 'missing'"

# Names of benchmarks and subjects of commits, really measured
git -C "$origin" checkout -qb names main
cat >"$origin/names.yml" <<-'END'
	version: 1
	suites:
	  - {name: names, kind: file, run: [./names, "{result}"], metrics: [time]}
END
cat >"$origin/names" <<-'END'
	#!/bin/sh
	row='{"run_type": "iteration", "repetitions": 1, "repetition_index": 0, "threads": 1, "iterations": 9, "real_time": 1, "cpu_time": 1, "time_unit": "ns"'
	exec >"$1"
	printf '{"context": {}, "benchmarks": ['
	for name in '::error::forged' '##[add-mask]forged' '$(touch pwned)' '| x | `<img src=x>' '\n::add-mask::forged\n' '%0A::error::forged'; do
		printf '%s%s, "name": "%s", "run_name": "%s"}' "$comma" "$row" "$name" "$name"
		comma=,
	done
	printf ']}\n'
END
chmod +x "$origin/names"
project_commit "$origin" "names"
git -C "$origin" commit -q --allow-empty -m $'::error::forged\n\n##[add-mask]forged `touch pwned`'
git -C "$origin" checkout -q main
event push refs/heads/names
before=$(git -C "$origin" rev-parse names~1)
checkout refs/heads/names 1
act config=names.yml base="$before" args="--pairs 6"
expect "a check that could judge nothing is red, and says why" commands_have '^::error.*no series could be judged'
act config=names.yml base="$before" args="--pairs 10 -v"
expect "benchmarks with hostile names are measured" [ "$(value judged)" -ge 5 ]
expect "and none of them speaks to the runner" commands_lack forged
expect "nor is one run" [ -z "$(find "$scratch/ws" "$scratch/temp" -name 'pwned*')" ]

# The report folder
checkout refs/pull/2/merge 1
: >"$scratch/ws/pawl-report"
act args="$quick"
expect "a report folder that cannot be made is red" status_is 1
expect "with status 1 or 3, never green" [ "$(value exit-status)" -ge 1 ]
expect "and the text is in the log and in the summary all the same" summary_has 'pawl'

# A base that does not build
git -C "$origin" checkout -q main
touch "$origin/broken"
project_commit "$origin" "does not build"
git -C "$origin" checkout -qb repair
git -C "$origin" rm -q broken
git -C "$origin" commit -qm "builds again"
git -C "$origin" checkout -q main
merged 3 repair
event pull_request refs/pull/3/merge
checkout refs/pull/3/merge 1
act args="$quick"
expect "a base that does not build is status 3" given exit-status 3
expect "and red" status_is 1
expect "and an annotation says so" commands_have '^::error.*does not build'
expect "and the summary" summary_has 'could not check'
git -C "$origin" checkout -q main
git -C "$origin" rm -q broken
git -C "$origin" commit -qm "builds"

# Stored runs
event push refs/heads/main "\"before\": \"$third\""
checkout refs/heads/main 1
act store=cache
expect "without a stored run both sides are measured" out_has "base ${third:0:7}"
expect "and a notice says so" commands_have '^::notice.*both sides are measured'
expect "a run on main is kept in the cache" [ "$(find "$scratch/state/cache" -name index.json | wc -l)" -eq 1 ]
expect "and as an artifact" [ -d "$scratch/state/artifacts/pawl-report-baseline" ]
checkout refs/heads/main 1
act store=cache
expect "the next one finds it" out_has 'compares with the stored baseline'
cat >"$scratch/bin/curl" <<-'END'
	#!/bin/sh
	cat >"$ASKED"
	echo "$@" >>"$ASKED"
	cat "$ANSWER"
END
chmod +x "$scratch/bin/curl"
export ASKED=$scratch/asked ANSWER=$scratch/answer
artifact() { # BRANCH HEAD_REPOSITORY EXPIRED
	printf '{"artifacts": [{"name": "pawl-report-baseline", "expired": %s, "created_at": "2026-01-01T00:00:00Z",
		"workflow_run": {"id": 5, "repository_id": 1, "head_repository_id": %s, "head_branch": "%s"}}]}\n' "$3" "$2" "$1" >"$ANSWER"
}
rm -rf "$scratch/state/cache"
event pull_request refs/pull/1/merge
artifact main 1 false
checkout refs/pull/1/merge 1
PATH=$scratch/bin:$PATH act store=cache
expect "without a cache the artifact of main stands in" ran "fallback ok"
expect "and is compared with" out_has 'compares with the stored baseline'
expect "a pull request adds nothing to it" [ ! -d "$scratch/state/cache" ]
expect "the token is not on a command line" sh -c '! grep -v "^header" "$ASKED" | grep -q secret-token'
for case in "main 2 false" "feature 1 false" "main 1 true"; do
	# shellcheck disable=SC2086 # three words
	artifact $case
	checkout refs/pull/1/merge 1
	PATH=$scratch/bin:$PATH act store=cache args="$quick"
	expect "an artifact of (branch, repository, expired) $case is not taken" [ "$(grep -c '^fallback' "$scratch/state/steps")" -eq 0 ]
	expect "and the merge base stands in" out_has 'compares with the merge base'
done
act save-baseline=true args="$quick"
expect "a pull request cannot be told to save" commands_have 'never adds to a baseline'
finish
