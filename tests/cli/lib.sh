# shellcheck shell=bash
# Helpers of the command-line tests.  A script starts with
#
#   . tests/cli/lib.sh
#
# and runs from the repository root with PAWL, PAWL_ORDERS and BUILD set.  It has a scratch folder, $scratch, and says what
# holds in sentences:
#
#   run "$PAWL" --version
#   expect "the version goes to standard output" out_has '^pawl [0-9]'
#   expect "asking for the version succeeds" status_is 0
set -u
root=$PWD
PAWL=${PAWL:-$root/build/check/pawl}
PAWL_ORDERS=${PAWL_ORDERS:-$root/build/check/bench/orders}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/pawl-test.XXXXXX") || exit 3
trap 'rm -rf "$scratch"' EXIT
status=0
all_ok=true

# Runs a command; its status is then in $status, its output in $scratch/out and $scratch/err.
run() {
	"$@" >"$scratch/out" 2>"$scratch/err" </dev/null
	status=$?
}

ok() {
	printf 'ok - %s\n' "$1"
}

# Says that a sentence does not hold, with what the last command printed.
not_ok() {
	all_ok=false
	printf 'not ok - %s\n' "$1"
	printf '#   exit status %s\n' "$status"
	for stream in out err; do
		[ -s "$scratch/$stream" ] && sed "s/^/#   $stream: /" "$scratch/$stream"
	done
	return 0
}

# A sentence that could not be tested here, and why.
skip() {
	printf 'skip - %s: %s\n' "$1" "$2"
}

# What a bare machine may leave out, and continuous integration may not.
absent() {
	if [ "${CI:-}" = true ]; then
		: >"$scratch/out"
		printf '%s\n' "$2" >"$scratch/err"
		not_ok "$1"
	else
		skip "$1" "$2"
	fi
}

# expect SENTENCE COMMAND...: the sentence holds when the command succeeds.
expect() {
	local sentence=$1
	shift
	if "$@"; then ok "$sentence"; else not_ok "$sentence"; fi
}

# What can be expected.
status_is() { [ "$status" -eq "$1" ]; }
out_has() { grep -aqE -- "$1" "$scratch/out"; }
err_has() { grep -aqE -- "$1" "$scratch/err"; }
out_lacks() { ! out_has "$1"; }
err_lacks() { ! err_has "$1"; }
out_is_empty() { [ ! -s "$scratch/out" ]; }
err_is_empty() { [ ! -s "$scratch/err" ]; }
file_has() { grep -aqE -- "$2" "$1"; }

# The last line of a script: its exit status.
finish() {
	[ "$all_ok" = true ]
	exit
}
