#!/usr/bin/env bash
# Runs every test of one build: cmocka programs, fuzz corpora, command-line scripts.
#
#   tests/run.sh [BUILD]     BUILD is build/check unless given
#
# The last line is "N passed, N failed", with ", N skipped" when some were.  Exit status 1 when one failed or none ran.
set -u
cd "$(dirname "$0")/.." || exit 3
export BUILD=${1:-build/check}
export PAWL=$PWD/$BUILD/pawl PAWL_ORDERS=$PWD/$BUILD/bench/orders
case $BUILD in /*) PAWL=$BUILD/pawl PAWL_ORDERS=$BUILD/bench/orders ;; esac
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1} LC_ALL=C
# What git and make leave in the environment of a hook or of `make check` must not reach the programs under test.
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE MAKEFLAGS MAKELEVEL MFLAGS

log=$BUILD/test-logs
rm -rf "$log"
mkdir -p "$log" || exit 3
passed=0 failed=0 skipped=0

# count LOG NAME STATUS: adds the TAP lines of a log.  A program that ends badly without a failed test, or before all its
# tests ran, is a failure of its own.
count() {
	local ok not_ok skips planned
	skips=$(grep -aciE '^[[:space:]]*((not )?ok [0-9]+ (- )?# skip|skip - )' "$1")
	ok=$(grep -aiE '^[[:space:]]*ok( [0-9]+)? ' "$1" | grep -aciv '# skip')
	not_ok=$(grep -aiE '^[[:space:]]*not ok( [0-9]+)? ' "$1" | grep -aciv '# skip')
	planned=$(sed -nE 's/^[[:space:]]*1\.\.([0-9]+)$/\1/p' "$1" | head -n 1)
	if [ "$not_ok" -eq 0 ] && { [ "$3" -ne 0 ] || [ "$((ok + skips))" -lt "${planned:-1}" ]; }; then
		not_ok=1
		printf 'not ok - %s ended with status %s after %s tests\n' "$2" "$3" "$ok" >>"$1"
	fi
	passed=$((passed + ok)) failed=$((failed + not_ok)) skipped=$((skipped + skips))
	if [ "$not_ok" -gt 0 ]; then
		printf -- '---- %s\n' "$2"
		cat "$1"
		printf -- '----\n'
	elif [ "$skips" -gt 0 ]; then
		grep -aiE '^[[:space:]]*((not )?ok [0-9]+ (- )?# skip|skip - |# left out: )' "$1" | sed "s|^|$2: |"
	fi
}

# run_one NAME COMMAND...
run_one() {
	local name=$1 status
	shift
	CMOCKA_MESSAGE_OUTPUT=TAP timeout 900 "$@" >"$log/$name" 2>&1 </dev/null
	status=$?
	count "$log/$name" "$name" "$status"
}

for source in tests/test_*.c; do
	[ -e "$source" ] || continue
	name=$(basename "$source" .c)
	run_one "$name" "$BUILD/tests/$name"
done

for source in tests/fuzz/fuzz_*.c; do
	[ -e "$source" ] || continue
	name=$(basename "$source" .c)
	corpus=tests/fuzz/corpus/${name#fuzz_}
	if timeout 900 "$BUILD/fuzz/replay_${name#fuzz_}" "$corpus"/* >"$log/$name" 2>&1 </dev/null; then
		printf 'ok - %s survives its corpus\n' "$name" >>"$log/$name"
	else
		printf 'not ok - %s ended with status %s\n' "$name" "$?" >>"$log/$name"
	fi
	count "$log/$name" "$name" 0
done

for script in tests/cli/*.sh; do
	[ -e "$script" ] || continue
	# The others are read or run by tests.
	grep -q '^finish$' "$script" || continue
	run_one "cli-$(basename "$script" .sh)" bash "$script"
done

line="$passed passed, $failed failed"
[ "$skipped" -gt 0 ] && line="$line, $skipped skipped"
printf '%s\n' "$line"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
