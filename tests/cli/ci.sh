# shellcheck shell=bash
# What continuous integration stands on: counting tests, installing packages.
. tests/cli/lib.sh

# A house with one test program, which is a script that prints and ends as told.
house=$scratch/house
mkdir -p "$house/tests/cli" "$house/b/tests" "$house/b/fuzz" "$house/tests/fuzz/corpus/f"
cp tests/run.sh "$house/tests/"
touch "$house/tests/test_a.c" "$house/tests/fuzz/corpus/f/one"

# program TEXT: what the test program does
program() {
	printf '#!/bin/sh\n%s\n' "$1" >"$house/b/tests/test_a"
	chmod +x "$house/b/tests/test_a"
	run "$house/tests/run.sh" b
}
last_is() { [ "$(tail -n 1 "$scratch/out")" = "$1" ]; }

program 'printf "\t1..2\nok 1 - x\nok 2 - y\n"'
expect "passed tests are counted" last_is "2 passed, 0 failed"
expect "and make the status 0" status_is 0
expect "and are not shown" out_lacks 'ok 1'
program 'printf "\t1..2\nok 1 - x\nnot ok 2 - y\n# 1 != 2\n"; exit 1'
expect "a failed test is counted once" last_is "1 passed, 1 failed"
expect "and makes the status 1" status_is 1
expect "and is shown with its output" out_has '1 != 2'
program 'printf "\t1..2\nok 1 - x\n"; kill -SEGV $$'
expect "a crash is a failure" last_is "1 passed, 1 failed"
expect "with the program's name" out_has 'test_a ended with status'
program 'printf "\t1..3\nok 1 - x\n"; exit 0'
expect "a program that stops before its last test is a failure" last_is "1 passed, 1 failed"
program 'exit 0'
expect "a program without tests is a failure" last_is "0 passed, 1 failed"
program 'printf "ok 1 - x\nnot ok 2 # %s y\n" "$(echo skip | tr a-z A-Z)"'
expect "what cmocka leaves out is neither" last_is "1 passed, 0 failed, 1 skipped"
rm "$house/b/tests/test_a"
run "$house/tests/run.sh" b
expect "a program that was not built is a failure" last_is "0 passed, 1 failed"
rm "$house/tests/test_a.c"
run "$house/tests/run.sh" b
expect "no test at all is no success" status_is 1

touch "$house/tests/fuzz/fuzz_f.c"
printf '#!/bin/sh\n[ "$1" = tests/fuzz/corpus/f/one ]\n' >"$house/b/fuzz/replay_f"
chmod +x "$house/b/fuzz/replay_f"
run "$house/tests/run.sh" b
expect "a fuzz target gets its corpus" last_is "1 passed, 0 failed"
printf '#!/bin/sh\nexit 1\n' >"$house/b/fuzz/replay_f"
run "$house/tests/run.sh" b
expect "and fails by its status" last_is "0 passed, 1 failed"
rm "$house/tests/fuzz/fuzz_f.c"

printf 'echo "ok - a"\necho "skip - b: no network"\n# ends with\nfinish() { exit "$1"; }\nfinish 0\nfinish\n' >"$house/tests/cli/c.sh"
run "$house/tests/run.sh" b
expect "a command-line test can leave one out" last_is "1 passed, 0 failed, 1 skipped"
expect "and its reason is printed" out_has 'cli-c: skip - b: no network'

# What `pawl init` of a release names, in a repository of one commit.
named=$scratch/named
mkdir -p "$named/ci"
cp ci/action-name "$named/ci/"
git -C "$named" init -q
git -C "$named" -c user.name=a -c user.email=a@example.org commit -q --allow-empty -m one
commit=$(git -C "$named" rev-parse HEAD)
action_name() { run env -u GITHUB_REPOSITORY "$@" "$named/ci/action-name"; }
action_name
expect "a repository that is not on GitHub has no action" status_is 3
expect "which is said" err_has 'no repository on GitHub'
action_name GITHUB_REPOSITORY=example/pawl
expect "the repository of the job is that of the action" out_has "^example/pawl/ci@$commit\$"
git -C "$named" remote add origin x
for url in https://github.com/example/pawl https://github.com/example/pawl.git/ git@github.com:example/pawl.git ssh://git@github.com/example/pawl; do
	git -C "$named" remote set-url origin "$url"
	action_name
	expect "so is that of $url" out_has "^example/pawl/ci@$commit\$"
done
for url in https://example.org/example/pawl 'https://github.com/example/pawl"; touch pwned; "' https://github.com/pawl; do
	git -C "$named" remote set-url origin "$url"
	action_name
	expect "but not that of $url" status_is 3
done
expect "with a program that was given it, init writes it" eval 'make -s BUILD="$scratch/build" ACTION="example/pawl/ci@$commit" "$scratch/build/checker/flow/starter_workflow.o" && grep -aq "example/pawl/ci@$commit" "$scratch/build/checker/flow/starter_workflow.o"'

# Packages, with a dpkg-query and an apt-get that only seem to be.
bin=$scratch/bin
mkdir "$bin"
cat >"$bin/dpkg-query" <<-'END'
	#!/bin/sh
	for name; do :; done
	grep -qx "$name" "$STATE" && printf installed
END
cat >"$bin/apt-get" <<-'END'
	#!/bin/sh
	echo "$@" >>"$STATE.apt"
	case " $* " in
	*" update "*) exit "${UPDATE:-0}" ;;
	*" $UNKNOWN "*) echo "E: Unable to locate package $UNKNOWN" >&2; exit 100 ;;
	*) for name; do echo "$name" >>"$STATE"; done ;;
	esac
END
printf '#!/bin/sh\necho 0\n' >"$bin/id"
# shellcheck disable=SC2016 # for the script
printf '#!/bin/sh\n[ "$2" != "$LACKING" ] && echo "Package: $2"\n' >"$bin/apt-cache"
chmod +x "$bin"/*
export STATE=$scratch/state UNKNOWN=none LACKING=none
install_deps() { run env PATH="$bin:$PATH" ci/install-deps "$@"; }
packages() { sed -nE 's/^([a-z][a-z0-9.+-]*).*/\1/p' ci/packages; }

packages >"$STATE"
install_deps test
expect "what is there is not installed again" status_is 0
expect "and apt-get is not asked" [ ! -e "$STATE.apt" ]
expect "and nothing is printed" out_is_empty
packages | grep -v '^zlib1g-dev$' >"$STATE"
install_deps demo
expect "what is missing is installed" status_is 0
expect "and nothing else" file_has "$STATE.apt" 'install -y --no-install-recommends zlib1g-dev$'
packages | grep -v '^yamllint$' >"$STATE"
rm "$STATE.apt"
install_deps demo
expect "the demo does without the packages of the tests" [ ! -e "$STATE.apt" ]
UNKNOWN=yamllint install_deps test
expect "a package that cannot be had is status 3" status_is 3
expect "in one clear line" err_has '^pawl: cannot install: yamllint \(E: Unable to locate package yamllint\)$'
UPDATE=100 install_deps test
expect "lists that cannot be refreshed may still do" status_is 0
packages | grep -v '^npm$' >"$STATE"
rm "$STATE.apt"
printf '#!/bin/sh\n' >"$bin/npm"
chmod +x "$bin/npm"
install_deps test
expect "a program from elsewhere stands in for its package" [ ! -e "$STATE.apt" ]
packages | grep -v '^chromium$' >"$STATE"
LACKING=chromium install_deps test
expect "what this distribution may lack is not asked for where it does" [ ! -e "$STATE.apt" ]
install_deps test
expect "and is where it does not" file_has "$STATE.apt" 'recommends chromium$'
install_deps everything
expect "another word is wrong usage" status_is 2
finish
