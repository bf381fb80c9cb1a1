#!/usr/bin/env bash
# pawl profile diff: which function costs more per operation, and what grows.
. tests/cli/lib.sh
golden=tests/golden/profiles

# ---- one profile a side ----
run "$PAWL" profile diff --base-ops 153266 --ops 111111 $golden/go/cpu_base.pb.gz $golden/go/cpu_slow.pb.gz
expect "two profiles are compared" status_is 0
expect "the function that does three times the work is named, with its cost per operation" \
	out_has '^main.computeDiscount: \+8\.46 us per operation \(with what it calls: 3\.98 us, then 13\.5 us\).* main\.go:49; called by main\.\(\*pool\)\.applyBusinessRules'
expect "no other function is" [ "$(grep -cE '  (slower|faster|new|gone|moved)' "$scratch/out")" -eq 1 ]
expect "what did not change is the same" out_has '^ *main\.computeTax .* same '
expect "one profile a side is indicative" out_has 'poisson, indicative'
run "$PAWL" profile diff --base-ops 111111 --ops 153266 $golden/go/cpu_slow.pb.gz -- $golden/go/cpu_base.pb.gz
expect "the other way round it is faster" out_has '^ *main\.computeDiscount .* faster '
run "$PAWL" profile diff $golden/go/cpu_base.pb.gz $golden/go/cpu_slow.pb.gz
expect "without operations the costs are per profile" out_has 'per profile'
expect "and a note says how to tell them" out_has '^note: .*--ops'
run "$PAWL" profile-diff $golden/go/cpu_base.pb.gz $golden/go/cpu_base.pb.gz
expect "a profile does not differ from itself" out_has '^no function is shown to have changed$'
run "$PAWL" profile diff --scope 'main.computeDiscount' --base-ops 153266 --ops 111111 \
	$golden/go/cpu_base.pb.gz $golden/go/cpu_slow.pb.gz
scope_holds() { out_has '^ *main\.computeDiscount ' && out_lacks 'computeTax'; }
expect "a scope leaves out what is not below it" scope_holds
expect "and says how much that is" out_has '^note: [0-9.]+ % of the base and [0-9.]+ % of the head are outside'
run "$PAWL" profile diff --sample-index samples $golden/go/cpu_base.pb.gz $golden/go/cpu_slow.pb.gz
expect "another sample type can be chosen" out_has '; samples per profile;'

# ---- exact counts ----
run "$PAWL" profile diff $golden/c/callgrind.base.out $golden/c/callgrind.cur.out
expect "counts are compared exactly" out_has 'test: exact$'
expect "and the function is named" out_has '^hash_order: \+17160000 per profile, 100 % of the change; hot\.c:25'
expect "alone" [ "$(grep -cE '  (slower|faster|new|gone|moved)' "$scratch/out")" -eq 1 ]

# ---- several profiles a side ----
# profiles SIDE COUNT COST-OF-HOT: folded stacks of COUNT runs, which vary a little
profiles() {
	local i
	for ((i = 0; i < $2; i++)); do
		printf '%s\n' "main;set_up $((500 + i))" "main;BM_work;parse;scan $((4000 + (i * 37) % 90))" \
			"main;BM_work;hot $(($3 + (i * 53) % 80))" "main;BM_work 201" >"$scratch/$1.$(printf %02d "$i").folded"
	done
}
profiles base 12 1000
profiles head 12 1500
run "$PAWL" profile diff --paired --ops 1000 --scope '^BM_work$' "$scratch"/base.*.folded -- "$scratch"/head.*.folded
expect "pairs are tested as pairs" out_has '^12 profiles against 12 profiles; .* test: paired-t$'
expect "what became dearer is named" out_has '^hot: \+0\.5 per operation, 100 % of the change; called by BM_work$'
run "$PAWL" profile diff --ops 1000 "$scratch"/base.0[0-5].folded -- "$scratch"/head.0[0-5].folded
expect "runs are tested by Welch" out_has 'test: welch$'
expect "and named as well" out_has '^hot: \+0\.50[0-9]* per operation'
run "$PAWL" profile diff --base-ops 1000,1000,1000 --ops 1500 "$scratch"/base.0[0-2].folded -- "$scratch"/head.0[0-5].folded
expect "operations may differ from side to side" out_has '^ *hot +1\.0[0-9]+ +1\.0[0-9]+ '
run "$PAWL" profile diff --csv --paired --ops 1000 "$scratch"/base.*.folded -- "$scratch"/head.*.folded
expect "a table can be written" out_has '^hot,,,1\.[0-9]+,1\.[0-9]+,0\.5,[0-9.]+,'
expect "with its sums" out_has '^\(total\),'
run "$PAWL" profile diff --json --paired --ops 1000 "$scratch"/base.*.folded -- "$scratch"/head.*.folded
expect "and JSON" python3 -c '
import json, sys
d = json.load(open(sys.argv[1]))
own = {f["function"]: f["own"]["change"] for f in d["functions"]}
assert d["causes"][0]["function"] == "hot" and d["resolved"] and abs(own["hot"] - 0.5) < 1e-9
assert abs(sum(own.values()) + d["unattributed"]["change"] - d["total"]["change"]) < 1e-9
' "$scratch/out"

# ---- hostile names ----
printf 'main;\033[31mred 5\n=cmd|x,y 9\n' >"$scratch/bad.folded"
run "$PAWL" profile diff "$scratch/bad.folded" "$scratch/bad.folded"
harmless() { out_has '\\x1b\[31mred' && out_lacks $'\033'; }
expect "no name writes to the terminal" harmless
run "$PAWL" profile diff --csv "$scratch/bad.folded" "$scratch/bad.folded"
no_formula() { out_has "^\"'=cmd" && out_lacks '^"?='; }
expect "no name is a formula of a spreadsheet" no_formula

# ---- growth ----
for i in 1 2 3 4; do
	printf '%s\n' "main;serve;keep $((i * i * 10))" "main;steady 100" "main;late $((i > 2 ? i * 20 : 10))" >"$scratch/heap.$i.folded"
done
run "$PAWL" profile diff --leak "$scratch"/heap.?.folded
expect "what grows in every step is shown" out_has '\+150 +\+50 a step +\(10, 40, 90, 160\) +keep < serve < main$'
expect "and nothing else" [ "$(grep -c ' a step ' "$scratch/out")" -eq 1 ]
expect "with what chance makes of it" out_has '1 of 3 sites grew in every step; .* 1 of 24 cases'
run "$PAWL" profile diff --leak --json "$scratch"/heap.?.folded
expect "as JSON, too" out_has '"values": \[10, 40, 90, 160\]'
run "$PAWL" profile diff --leak --csv "$scratch"/heap.?.folded
expect "and as CSV" out_has '^keep < serve < main,150,50,count,10,40,90,160$'
run "$PAWL" profile diff --leak "$scratch"/heap.[12].folded
expect "two snapshots are too few" status_is 2
expect "and it says so" err_has 'three or more'

# ---- wrong usage ----
run "$PAWL" profile diff "$scratch"/heap.[123].folded
expect "three profiles without a divider are status 2" status_is 2
expect "and the divider is explained" err_has "Put '--' before those of the head"
run "$PAWL" profile diff "$scratch/heap.1.folded" --
expect "a side without profiles is status 2" status_is 2
run "$PAWL" profile diff "$scratch/heap.1.folded" -- "$scratch/heap.2.folded" --json
expect "an option behind the divider is no file" err_has 'options stand before'
run "$PAWL" profile diff --ops 0 "$scratch/heap.1.folded" "$scratch/heap.2.folded"
expect "no operations are status 2" status_is 2
run "$PAWL" profile diff --ops 1,2 "$scratch/heap.1.folded" "$scratch/heap.2.folded"
expect "more numbers than profiles are explained" err_has '2 numbers, but the profiles hold 1 group;'
run "$PAWL" profile diff --paired "$scratch"/heap.[12].folded -- "$scratch/heap.3.folded"
expect "pairs need as many profiles on both sides" status_is 2
run "$PAWL" profile diff --scope nowhere "$scratch"/heap.[12].folded
expect "a scope that nothing is in is status 2" status_is 2
run "$PAWL" profile diff --scope '(' "$scratch"/heap.[12].folded
expect "a pattern that is none is status 2" status_is 2
run "$PAWL" profile diff --method magic "$scratch"/heap.[12].folded
expect "a test that there is not is status 2" status_is 2
expect "and those there are are listed" err_has 'paired-t'
run "$PAWL" profile diff --sample-index nothing $golden/go/cpu_base.pb.gz $golden/go/cpu_slow.pb.gz
expect "a sample type that there is not is status 2" status_is 2
expect "and those there are are listed, too" err_has 'samples cpu'
run "$PAWL" profile diff $golden/go/cpu_base.pb.gz "$scratch/heap.1.folded"
expect "nanoseconds are not compared with counts" err_has 'sample-index'
run "$PAWL" profile diff --json --csv "$scratch"/heap.[12].folded
expect "two forms at once are status 2" status_is 2

finish
