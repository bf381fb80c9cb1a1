#!/usr/bin/env bash
# Where the time of a suite goes: pawl run --profile, and pawl profile VIEW --suite.
. tests/cli/lib.sh

printf 'version: 1\nsuites:\n  - {name: orders, run: [%s], filter: "BM_(discount|process)", slice: 5ms}\n' "$PAWL_ORDERS" >"$scratch/pawl.yml"
cd "$scratch" || exit 3
run "$PAWL" profile top --suite orders
expect "without a run there is nothing to show" status_is 2
expect "and pawl says what makes profiles" err_has 'pawl run --profile --suite .orders.'
run "$PAWL" run --profile --slices 2
expect "a run is profiled" status_is 0
if ! grep -q '"samples": [1-9]' pawl-run.json; then
	absent "the suite's functions" "nothing can be sampled here"
	cd "$root" || exit 3
	finish
fi
run "$PAWL" profile top --suite orders
expect "its hottest functions come with an interval" out_has '^ +[0-9.]+ %  \[ *[0-9.]+, +[0-9.]+\] .* compute_discount '
expect "and with the benchmarks that run them" out_has '^ +BM_discount [0-9]+ %, BM_process [0-9]+ %'
run "$PAWL" profile top --json --suite orders
expect "JSON has the same" out_has '"function": "compute_discount"'
run "$PAWL" profile top --csv --suite orders
expect "CSV is the suite as one profile" out_has '^name,file,line,'
run "$PAWL" profile top --cum --suite orders
expect "so is another order" out_has '^ +flat +flat% '
run "$PAWL" profile top --tagfocus benchmark=BM_discount --suite orders
expect "and one benchmark of it" out_has ' compute_discount'
expect "without what the others run" out_lacks ' hash_bytes'
run "$PAWL" profile peek compute_discount --suite orders
expect "other views show it, too" out_has ' compute_discount$'
cd "$root" || exit 3
finish
