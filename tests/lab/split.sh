#!/usr/bin/env bash
# Stored runs of `orders` on this machine, the same program in all of them, halved at random: how many functions are called
# changed in profiles of which none did.
#
#   tests/lab/split.sh [RUNS [SPLITS]]     40 runs and 30 splits of each size, when not given
#
# Writes build/lab/real/split.csv: a line a size.
set -euo pipefail
cd "$(dirname "$0")/../.."
count=${1:-40} splits=${2:-30}
root=$PWD out=$PWD/build/lab/real

make -s build/pawl
make -s BUILD="$out/base" suites
printf 'version: 1\nsuites:\n  - {name: orders, run: [bench/orders], metrics: [time]}\n' >"$out/base/pawl.yml"
for ((i = 1; i <= count; i++)); do
	mkdir -p "$out/split/$i"
	(cd "$out/base" && "$root/build/pawl" run --profile --seed "$i" -o "$out/split/$i/run.json") >/dev/null 2>&1
done
python3 - "$root/build/pawl" "$out" "$count" "$splits" <<-'END'
	import json, random, subprocess, sys
	pawl, out, count, splits = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
	random.seed(1)
	with open(out + "/split.csv", "w") as csv:
	    print("runs_a_side,splits,benchmarks,functions,changed", file=csv)
	    for side in (5, 10, 20):
	        if 2 * side > count:
	            continue
	        benchmarks = functions = changed = 0
	        for _ in range(splits):
	            runs = ["%s/split/%d/run.json" % (out, i) for i in random.sample(range(1, count + 1), 2 * side)]
	            told = subprocess.run([pawl, "profile", "diff", "--json"] + runs[:side] + ["--"] + runs[side:],
	                                  check=True, capture_output=True, text=True).stdout
	            for b in json.loads(told)["benchmarks"]:
	                benchmarks += 1
	                functions += sum(max(f["base_share"], f["head_share"]) >= 0.005 for f in b["functions"])
	                changed += sum(f["verdict"] != "same" for f in b["functions"])
	        print(side, splits, benchmarks, functions, changed, sep=",", file=csv)
	        print("%d against %d runs: %d of %d functions called changed, %.2f %%"
	              % (side, side, changed, functions, 100 * changed / max(functions, 1)))
	END
