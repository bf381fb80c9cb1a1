#!/usr/bin/env bash
# What `pawl compare` costs: beside google-benchmark's compare.py, as files grow, and in memory.
#
#   tests/bench_compare.sh [BUILD]
#
# Ratios of medians, the commands turn by turn; nothing here passes or fails.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C
build=${1:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
scratch=$(mktemp -d "${TMPDIR:-/tmp}/pawl-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
google=/usr/share/benchmark/compare.py
# The python whose packages compare.py is installed with.
python=/usr/bin/python3

for count in 1000 10000; do
	for side in base:1:0 head:2:100; do
		IFS=: read -r name seed slower <<<"$side"
		awk -f tests/gen_results.awk -v benchmarks="$count" -v repetitions=20 -v seed="$seed" -v slower="$slower" \
			>"$scratch/$name-$count.json"
	done
done
bytes=$(stat -c %s "$scratch/base-1000.json") bytes_large=$(stat -c %s "$scratch/base-10000.json")

# measure NAME COMMAND...: adds the microseconds of one run.  A regression found is no failure of the run.
measure() {
	local name=$1 begin end status=0
	shift
	begin=${EPOCHREALTIME/./}
	"$@" >/dev/null 2>"$scratch/errors" || status=$?
	end=${EPOCHREALTIME/./}
	if [ "$status" -gt 1 ]; then
		cat "$scratch/errors" >&2
		exit 1
	fi
	echo "$((end - begin))" >>"$scratch/$name.us"
}
median() { sort -n "$scratch/$1.us" | awk '{us[NR] = $1} END {print us[int((NR + 1) / 2)]}'; }
compare() { "$build/pawl" compare "$scratch/base-$1.json" "$scratch/head-$1.json"; }
with_google() { "$python" "$google" --no-color benchmarks "$scratch/base-1000.json" "$scratch/head-1000.json"; }

has_google=false
[ -e "$google" ] && "$python" -c 'import scipy' 2>/dev/null && has_google=true
for ((i = 0; i < 5; i++)); do
	if $has_google; then measure google with_google; fi
	for ((k = 0; k < 3; k++)); do measure small compare 1000; done
	measure large compare 10000
done
small=$(median small) large=$(median large)
if $has_google; then
	awk -v p="$small" -v g="$(median google)" -v b="$bytes" 'BEGIN {
		printf "compare: 1,000 benchmarks x 20 (%.1f MB a side) %.0f ms, compare.py %.0f ms, %.0f times faster\n", b / 1e6, p / 1e3, g / 1e3, g / p }'
else
	awk -v p="$small" -v b="$bytes" 'BEGIN {
		printf "compare: 1,000 benchmarks x 20 (%.1f MB a side) %.0f ms; compare.py is not here (libbenchmark-tools, python3-scipy)\n", b / 1e6, p / 1e3 }'
fi
awk -v s="$small" -v l="$large" 'BEGIN { printf "growth: 10,000 benchmarks %.0f ms, %.1f times as long\n", l / 1e3, l / s }'

# The high-water mark of the resident memory, as the kernel counts it.
if [ -x /usr/bin/time ]; then
	for count in 1000 10000; do
		/usr/bin/time -f %M -o "$scratch/memory-$count" "$build/pawl" compare "$scratch/base-$count.json" \
			"$scratch/head-$count.json" >/dev/null || true
	done
	awk -v s="$(tail -n 1 "$scratch/memory-1000")" -v sb="$bytes" -v l="$(tail -n 1 "$scratch/memory-10000")" -v lb="$bytes_large" 'BEGIN {
		printf "memory: %.1f MB at the most, %.2f times one input file; with 10,000 benchmarks %.1f MB, %.2f times\n",
			s * 1024 / 1e6, s * 1024 / sb, l * 1024 / 1e6, l * 1024 / lb }'
else
	echo "memory: /usr/bin/time is not here"
fi
