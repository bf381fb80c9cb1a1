#!/usr/bin/env bash
# What pawl profile costs on a large profile, beside `go tool pprof` where Go is installed.
#
#   tests/bench_profiles.sh [BUILD]
#
# 190,000 stacks of depth 30 to 60 through 20,000 functions, made by tests/big_profile.c.  Time of the CPU, which other
# programs disturb less, and memory; the best of five runs, of Go's the only one.  Nothing here passes or fails.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C
build=${1:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
time=$(type -P time || true)
[ -n "$time" ] || { echo "profiles: not measured, there is no time(1)"; exit 0; }
scratch=$(mktemp -d "${TMPDIR:-/tmp}/pawl-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
"$build/tests/big_profile" >"$scratch/base.pb"
"$build/tests/big_profile" --changed >"$scratch/head.pb"
cd "$scratch"

# measure NAME RUNS COMMAND...: the least seconds of the CPU and MB of RUNS runs go to NAME.
measure() {
	local name=$1 runs=$2 i
	shift 2
	for ((i = 0; i < runs; i++)); do
		"$time" -o one -f '%U %S %M' "$@" >out 2>errors || { cat errors >&2; return 1; }
		awk '{ print $1 + $2, $3 / 1024 }' one
	done | sort -n | head -n 1 >"$name"
}

go tool -n pprof >/dev/null 2>&1 && with_go=yes || with_go=no

# compare NAME PAWL... -- GO...
compare() {
	local name=$1 ours=()
	shift
	while [ "$1" != -- ]; do
		ours+=("$1")
		shift
	done
	shift
	measure ours 5 "$build/pawl" profile "${ours[@]}"
	: >theirs
	if [ $# -gt 0 ] && [ "$with_go" = yes ]; then measure theirs 1 go tool pprof "$@"; fi
	awk -v name="$name" 'FNR == NR { s = $1; mb = $2; next } { go = sprintf("; go tool pprof %.1f s, %.0f MB: %.0f times the time", $1, $2, $1 / s) }
		END { printf "profile %s: %.2f s, %.0f MB%s\n", name, s, mb, go }' ours theirs
}

compare info info base.pb --
compare top top base.pb -- -top base.pb
compare "top --diff-base" top --diff-base base.pb head.pb -- -top -diff_base base.pb head.pb
compare traces traces base.pb --
compare "flame --diff-base" flame --diff-base base.pb head.pb -o flame.html --
compare html html -o page.html base.pb --
awk -v bytes="$(wc -c <page.html)" 'BEGIN { printf "profile html: a page of %.1f MB\n", bytes / 1e6 }'
compare "convert" convert --to proto -o copy.pb.gz base.pb -- -proto -output copy.go.pb.gz base.pb
