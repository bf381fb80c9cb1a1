#!/usr/bin/env bash
# Checks of `orders` on this machine, of which the answer is known.
#
#   tests/lab/real.sh aa [N]       the same program on both sides, another core kept busy; N is 200
#   tests/lab/real.sh slower [N]   the head 5 % slower in compute_discount, another core kept busy; N is 100
#
# Writes build/lab/real/aa.csv (a line a check) or slower.csv (what each check called of what the function makes slower, and of what
# it does not).  Takes about 10 s a check on two quiet cores.
set -euo pipefail
cd "$(dirname "$0")/../.."

arm=${1:-} count=${2:-}
out=$PWD/build/lab/real
busy=0
trap '[ "$busy" -eq 0 ] || kill "$busy"' EXIT

prepare() {
	make -s build/pawl
	make -s BUILD="$out/base" suites
	make -s BUILD="$out/plus5" PLANT=compute_discount:20 suites
	for side in base plus5; do
		printf 'version: 1\nsuites:\n  - {name: orders, kind: gbench, run: [bench/orders]}\n' >"$out/$side/pawl.yml"
	done
	taskset -c "$(($(nproc) - 1))" sh -c 'while :; do :; done' &
	busy=$!
}

# The rows of one check: what was called slower of the benchmarks that call the function, and of the others.
called() {
	awk -F, -v check="$1" -v status="$2" '
		$8 != "slower" || ($4 != "cpu_time" && $4 != "real_time" && $4 != "max_rss") { next }
		$3 == "BM_discount" { discount = 1; change = $12; next }
		$3 ~ /^BM_(process|pool|latency)/ { others++; next }
		{ false_ones++ }
		END { printf "%d,%d,%d,%s,%d,%d\n", check, status, discount, change, others, false_ones }' \
		"$out/plus5/pawl-report/regression_report.csv"
}

case $arm in
aa)
	prepare
	(cd "$out/base" && "$OLDPWD/build/pawl" check --aa "${count:-200}" --seed 20261121)
	cp "$out/base/pawl-report/aa.csv" "$out/aa.csv"
	;;
slower)
	prepare
	echo 'check,exit_status,called,change_percent,called_beside_it,false_alarms' >"$out/slower.csv"
	for ((i = 1; i <= ${count:-100}; i++)); do
		got=0
		(cd "$out/plus5" && "$OLDPWD/build/pawl" check --base-dir ../base --seed $((1000 + i))) >"$out/log" 2>&1 || got=$?
		called "$i" "$got" >>"$out/slower.csv"
	done
	awk -F, 'NR > 1 { n++; called += $3; false_ones += $6 > 0 }
		END { printf "%d checks: called in %d, a false alarm in %d\n", n, called, false_ones }' "$out/slower.csv"
	;;
*)
	sed -n '2,9s/^# \{0,1\}//p' "$0"
	exit 2
	;;
esac
