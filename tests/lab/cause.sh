#!/usr/bin/env bash
# Checks of `orders` on this machine, of which the cause is known: how often the function is named.
#
#   tests/lab/cause.sh [N]     the head about 5 % slower in BM_process, by compute_discount; N is 100
#
# Writes build/lab/real/cause.csv: a line a check, with what BM_process was called, its cause, and the causes of other rows.
set -euo pipefail
cd "$(dirname "$0")/../.."
count=${1:-100}
root=$PWD out=$PWD/build/lab/real

make -s build/pawl
make -s BUILD="$out/base" suites
# compute_discount is a little less than a third of BM_process: every sixth call does its work twice.
make -s BUILD="$out/cause" PLANT=compute_discount:6 suites
for side in base cause; do
	printf 'version: 1\nsuites:\n  - {name: orders, run: [bench/orders], metrics: [time]}\n' >"$out/$side/pawl.yml"
done
echo 'check,verdict,change_percent,function,other_function' >"$out/cause.csv"
for ((i = 1; i <= count; i++)); do
	(cd "$out/cause" && "$root/build/pawl" check --base-dir ../base --seed $((2000 + i)) --filter '^BM_(process|parse|hash)$') \
		>"$out/log" 2>&1 || true
	python3 - "$i" "$out/cause/pawl-report/regression_report.csv" >>"$out/cause.csv" <<-'END'
		import csv, sys
		rows = [r for r in csv.DictReader(open(sys.argv[2], newline="")) if r["metric"] == "cpu_time"]
		own = next(r for r in rows if r["benchmark"] == "BM_process")
		other = next((r["function"] for r in rows if r is not own and r["function"]), "")
		print(sys.argv[1], own["verdict"], own["change_percent"], own["function"], other, sep=",")
	END
done
awk -F, 'NR > 1 { n++; called += $2 == "slower"; right += $4 == "compute_discount" || $4 == "rate_apply"
		wrong += $4 != "" && $4 != "compute_discount" && $4 != "rate_apply"; wrong += $5 != "" }
	END { printf "%d checks: called slower in %d, the function named in %d, another in %d\n", n, called, right, wrong }' \
	"$out/cause.csv"
