#!/usr/bin/env bash
# What sampling at 999 Hz costs the program that is sampled, beside `perf record`: two threads, 45 frames deep.
#
#   tests/bench_sampler.sh [BUILD [PAIRS [ROUNDS]]]
#
# A program's time alone, with pawl's engines and with perf record, turn by turn.  Ratios of the program's own CPU and wall
# time, with the 95 % interval of their geometric mean; then the milliseconds of start and stop.  Nothing here passes or fails.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C
build=${1:-build} pairs=${2:-50} rounds=${3:-60000}
case $build in /*) ;; *) build=$PWD/$build ;; esac
bin=$build/tests/sampling
scratch=$(mktemp -d "${TMPDIR:-/tmp}/pawl-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

measure() {
	case $1 in
	alone) "$bin/bench" "$rounds" ;;
	record) perf record -q -F 999 -e cpu-clock -g -o "$scratch/perf.data" "$bin/bench" "$rounds" 2>/dev/null ;;
	*) "$bin/drive" "$1" 999 "$scratch/report" "$bin/bench" "$rounds" ;;
	esac | while read -r wall cpu _; do echo "$wall $cpu" >>"$scratch/times.$1"; done
}

ways=(alone perf timer itimer)
if type perf >/dev/null 2>&1; then ways+=(record); else echo "sampling: no perf here to hold it against"; fi
for ((i = 0; i < pairs; i++)); do
	# Each way is first in turn.
	for ((k = 0; k < ${#ways[@]}; k++)); do
		measure "${ways[(i + k) % ${#ways[@]}]}"
	done
done

# The mean of ln(way / alone), pair by pair, and 1.96 standard errors: of 50 pairs the normal quantile is near enough.
for way in "${ways[@]:1}"; do
	paste "$scratch/times.alone" "$scratch/times.$way" | awk -v way="$way" '
		function show(what, n, sum, squares,   mean, se) {
			mean = sum / n
			se = sqrt((squares / n - mean * mean) / (n - 1))
			printf "  %s %.4f [%.4f, %.4f]", what, exp(mean), exp(mean - 1.96 * se), exp(mean + 1.96 * se)
		}
		{ w = log($3 / $1); c = log($4 / $2); ws += w; wq += w * w; cs += c; cq += c * c }
		END { printf "sampling with %-6s", way; show("CPU", NR, cs, cq); show("wall", NR, ws, wq); printf "  %d pairs\n", NR }'
done

median() { sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
for engine in perf timer itimer; do
	for ((i = 0; i < 21; i++)); do
		"$bin/drive" $engine 999 "$scratch/report" true
		sed -n 's/^around_ns //p' "$scratch/report"
	done | median | awk -v e=$engine '{ printf "start and stop of %s: %.2f ms a process\n", e, $1 / 1e6 }'
done
if type perf >/dev/null 2>&1; then
	for ((i = 0; i < 5; i++)); do
		begin=${EPOCHREALTIME/./}
		perf record -q -F 999 -e cpu-clock -g -o "$scratch/perf.data" true 2>/dev/null
		echo $((${EPOCHREALTIME/./} - begin))
	done | median | awk '{ printf "start and stop of perf record: %.0f ms a process\n", $1 / 1e3 }'
fi
