#!/usr/bin/env bash
# What pawl itself costs: its start-up beside that of `true`, and its part in the time of a check.
#
#   tests/bench.sh [BUILD]
#
# Ratios, so that two machines can be compared; nothing here passes or fails.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C
build=${1:-build}
case $build in /*) ;; *) build=$PWD/$build ;; esac
scratch=$(mktemp -d "${TMPDIR:-/tmp}/pawl-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
rounds=200

# The median of the microseconds of each of the rounds, the two commands turn by turn.
true_program=$(type -P true)
for ((i = 0; i < rounds; i++)); do
	a=${EPOCHREALTIME/./}
	"$true_program"
	b=${EPOCHREALTIME/./}
	"$build/pawl" --version >/dev/null
	c=${EPOCHREALTIME/./}
	echo "$((b - a))" >>"$scratch/true"
	echo "$((c - b))" >>"$scratch/pawl"
done
median() { sort -n "$1" | sed -n "$((rounds / 2))p"; }
true_us=$(median "$scratch/true") pawl_us=$(median "$scratch/pawl")
awk -v t="$true_us" -v p="$pawl_us" \
	'BEGIN { printf "start-up: pawl --version %.2f ms, true %.2f ms, ratio %.2f\n", p / 1000, t / 1000, p / t }'

mkdir -p "$scratch/base/bench" "$scratch/head/bench"
for side in base head; do
	cp "$build/bench/orders" "$scratch/$side/bench/"
	printf 'suites: [{name: orders, kind: gbench, run: [bench/orders]}]\n' | sed '1i version: 1' >"$scratch/$side/pawl.yml"
done
begin=${EPOCHREALTIME/./}
"$build/pawl" check --config "$scratch/head/pawl.yml" --base-dir "$scratch/base" --out "$scratch/out" >/dev/null 2>&1 || true
end=${EPOCHREALTIME/./}
# The slices are rows under "columns"; wall_ns is the wall time of a process, from its start to its end.
awk -v all_us="$((end - begin))" '
	/"columns":/ {
		gsub(/^[^[]*\[|\].*$/, "")
		n = split($0, name, /, */)
		for (i = 1; i <= n; i++) if (name[i] == "\"wall_ns\"") wall = i
		next
	}
	wall && /^ *\[[-0-9]/ {
		gsub(/^ *\[|\].*$/, "")
		split($0, value, /, */)
		ns += value[wall]
		slices++
	}
	END {
		if (!slices) { print "no slices were measured" ; exit 1 }
		printf "check: %.2f s, of which %.2f s in %d processes of the suite; pawl added %.1f %%, %.0f us a process\n",
			all_us / 1e6, ns / 1e9, slices, 100 * (all_us * 1e3 - ns) / ns, (all_us - ns / 1e3) / slices
	}' "$scratch/out/base.json" "$scratch/out/head.json"

awk 'BEGIN {
	srand(1)
	printf "commit"
	for (k = 0; k < 1000; k++) printf ",orders/b%d:cpu_time", k
	print ""
	for (i = 0; i < 1000; i++) {
		printf "c%d", i
		for (k = 0; k < 1000; k++) printf ",%.4f", 100 + rand() + rand() + rand() + (k % 2 && i > 500 ? 5 : 0)
		print ""
	}
}' >"$scratch/history.csv"
begin=${EPOCHREALTIME/./}
"$build/pawl" trend --csv "$scratch/history.csv" >"$scratch/trend"
end=${EPOCHREALTIME/./}
awk -v us="$((end - begin))" 'NR == 1 { sub(/^[^:]*: /, ""); printf "trend: %.2f s for %s\n", us / 1e6, $0 }' "$scratch/trend"

if [ -x /usr/share/benchmark/compare.py ]; then
	tests/bench_compare.sh "$build"
else
	echo "compare: no compare.py here to hold it against (libbenchmark-tools)"
fi

tests/bench_profiles.sh "$build"
