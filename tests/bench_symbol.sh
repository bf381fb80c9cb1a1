#!/usr/bin/env bash
# What a look-up of an address costs, everything read for it included, beside one addr2line for all addresses.
#
#   tests/bench_symbol.sh [BUILD]
#
# The programs are pawl itself and one in C++; nothing here passes or fails.
set -eu
cd "$(dirname "$0")/.."
export LC_ALL=C
build=${1:-build}
scratch=$(mktemp -d "${TMPDIR:-/tmp}/pawl-bench.XXXXXX")
trap 'rm -rf "$scratch"' EXIT

# A program of many instances of the library's templates.
for i in 1 2 3 4 5 6; do
	printf '#include <algorithm>\n#include <functional>\n#include <map>\n#include <regex>\n#include <string>\n#include <vector>\n'
	printf 'struct t%d { int a; bool operator<(const t%d &o) const { return a < o.a; } };\n' $i $i
	printf 'int f%d(int n, const std::string &s) { std::vector<t%d> v; std::map<t%d, std::string> m;\n' $i $i $i
	printf 'for (int i = 0; i < n; i++) { v.push_back({i}); m[{i}] = s; } std::sort(v.begin(), v.end());\n'
	printf 'std::function<int(int)> g = [&](int x) { return x + v[0].a; };\n'
	printf 'return g(n) + (int)m.size() + std::regex_match(s, std::regex("a(b|c)*%d")); }\n' $i
done | awk '/^#include/ { if (seen[$0]++) next } { print }' >"$scratch/large.cc"
printf 'int main(int n, char **v) { return f1(n, *v) + f2(n, *v) + f3(n, *v) + f4(n, *v) + f5(n, *v) + f6(n, *v); }\n' >>"$scratch/large.cc"
c++ -O2 -g -o "$scratch/large" "$scratch/large.cc"
cp "$build/pawl" "$scratch/pawl"

# cost NAME PROGRAM: of the addresses in a file, the median of 11 runs, each of which reads everything anew.
cost() {
	local all frames us theirs_s
	read -r all frames us < <(for ((i = 0; i < 11; i++)); do
		"$build/tests/symbol/lookups" "$2" <"$scratch/addresses"
	done | sort -k 3n | sed -n 6p)
	TIMEFORMAT=%U
	theirs_s=$({ time addr2line -i -f -C -e "$2" <"$scratch/addresses" >/dev/null; } 2>&1)
	awk -v name="$1" -v all="$all" -v frames="$frames" -v us="$us" -v theirs_s="$theirs_s" 'BEGIN {
		printf "symbols: %s, %d addresses, %d frames: %.2f us each; addr2line -i -f -C %.2f us each, ratio %.1f\n",
			name, all, frames, us, theirs_s * 1e6 / all, theirs_s * 1e6 / all / us
	}'
}

# Addresses all over the program: every unit is read for a few of them.
for name in pawl large; do
	read -r start size < <(readelf -SW "$scratch/$name" | awk '{ for (i = 1; i < NF; i++) if ($i == ".text") print $(i + 2), $(i + 4) }')
	for count in 1000 10000; do
		for ((i = 0; i < count; i++)); do
			printf '%x\n' $((0x$start + i * 0x$size / count))
		done >"$scratch/addresses"
		cost "$name, spread" "$scratch/$name"
	done
done

# Those of a profile: a comparison of two large files.
if type perf >/dev/null 2>&1; then
	for seed in 1 2; do
		awk -f tests/gen_results.awk -v benchmarks=3000 -v repetitions=20 -v seed=$seed -v slower=0 >"$scratch/$seed.json"
	done
	perf record -q -g -F 4999 -e cpu-clock -o "$scratch/perf.data" \
		"$scratch/pawl" compare "$scratch/1.json" "$scratch/2.json" >/dev/null 2>&1 || true
	perf script -i "$scratch/perf.data" -F ip,sym,dso 2>/dev/null | grep -F "$scratch/pawl)" | awk '{ print $1 }' |
		sort -u >"$scratch/addresses"
	cost "pawl, of a profile" "$scratch/pawl"
else
	echo "symbols: no perf here to make a profile with"
fi
