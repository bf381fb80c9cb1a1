#!/usr/bin/env bash
# Run files in the place of profiles: which function costs more, benchmark by benchmark, and views of them.
. tests/cli/lib.sh

# The suites are built anew, without sanitizers: what is shown are the functions of programs as they are shipped.
plain=$scratch/build
make -s BUILD="$plain" PLANT= "$plain/bench/orders" 2>"$scratch/err" || { not_ok "the suite is built"; finish; }
cp "$plain/bench/orders" "$scratch/clean"
# Eight times the work: no machine hides that.
make -s BUILD="$plain" PLANT=compute_discount:1x8 "$plain/bench/orders"
cp "$plain/bench/orders" "$scratch/orders"
printf 'version: 1\nsuites:\n  - {name: orders, run: [./orders], filter: "BM_(discount|hash)$", slice: 5ms}\n' >"$scratch/pawl.yml"
cd "$scratch" || exit 3

json_holds() {
	python3 - "$scratch/out" "$1" <<-'END_OF_PYTHON'
		import json, sys
		d = json.load(open(sys.argv[1]))
		sys.exit(0 if eval(sys.argv[2]) else 1)
	END_OF_PYTHON
}
# What is said to have changed is what was planted, or what was inlined into it; or the kernel, of which a busy machine makes more.
blames_the_plant() {
	grep -E '  (slower|faster|new|gone|moved|layout|outside)( |$)' out | grep -vqE '^ *(compute_discount|rate_apply|\[kernel\]) ' && return 1
	return 0
}

run "$PAWL" run --slices 2 --seed 1 --filter 'BM_hash$' -o bare.json
run "$PAWL" profile diff bare.json bare.json
expect "a run file without profiles is status 2" status_is 2
expect "and it is said what makes them" err_has 'bare\.json: holds no profiles; .pawl run --profile -o FILE.'
run "$PAWL" profile top bare.json
expect "as it is for views" err_has 'bare\.json: a run file without profiles .*pawl run --profile'

run "$PAWL" run --profile --slices 10 --seed 1 -o head.json
if [ "$status" != 0 ] || ! grep -q '"samples": [1-9]' head.json; then
	absent "profiles are taken here" "no sampler works here: $(cat "$scratch/err")"
	finish
fi

# ---- runs of one check ----

run "$PAWL" check --base-bin clean --seed 1 --filter 'BM_discount$'
expect "a planted function fails the check" status_is 1
run "$PAWL" profile diff pawl-report/base.json pawl-report/head.json
expect "the run files of a check are compared" status_is 0
expect "slice by slice, in pairs" out_has '^orders/BM_discount: ([0-9]+) slices against \1 slices; cpu per operation; .* test: paired-t$'
expect "the planted function is named, with its cost per operation" out_has '^compute_discount: \+[0-9.]+ [nu]s per operation .*price\.c:[0-9]+; called by BM_discount$'
expect "and nothing else" blames_the_plant
run "$PAWL" profile diff --json pawl-report/base.json -- pawl-report/head.json
expect "JSON has the benchmark with all of it" \
	json_holds '[(b["suite"], b["benchmark"], b["causes"][0]["function"]) for b in d["benchmarks"]] == [("orders", "BM_discount", "compute_discount")]'
cost='f["own"]["change"] for b in d["benchmarks"] for f in b["functions"] if f["function"] == "compute_discount"'
named='r["function_change"] for r in __import__("json").load(open("pawl-report/verdict.json"))["findings"] if r.get("function") == "compute_discount"'
expect "at the cost that the check names" json_holds "abs(next($cost) / next($named) - 1) < 1e-6"
run "$PAWL" profile diff --scope '^compute_discount$' pawl-report/base.json pawl-report/head.json
expect "a scope leaves out what is not below it" out_lacks '  BM_discount '
run "$PAWL" profile diff --method poisson pawl-report/base.json pawl-report/head.json
expect "another test can be asked for" out_has 'test: poisson, indicative$'

# ---- runs of their own ----

cp clean orders
run "$PAWL" run --profile --slices 10 --seed 1 -o base.json
run "$PAWL" profile diff base.json head.json
expect "runs of two checks are compared" status_is 0
expect "what is compared is listed, and how to choose" out_has '^2 benchmarks, each on its own; --filter RE or --suite S chooses: orders/BM_(discount|hash), '
expect "one run a side is indicative" out_has '^orders/BM_discount: 1 run against 1 run; .* poisson, indicative$'
expect "which is said, with what would tell more" out_has '^note: few runs a side .*pawl check --base REV'
# How often a function that was not changed is blamed, tests/lab/attribution.c counts; of one run a side, noise says it freely.
expect "what each function costs on either side is told" out_has '^ *compute_discount +[0-9.]+ [num]?s +[0-9.]+ [num]?s '
run "$PAWL" profile diff --csv base.json head.json
expect "CSV has the benchmark in its last columns" out_has '^compute_discount,.*,orders,BM_discount$'
expect "for every one of them" out_has '^hash_bytes,.*,orders,BM_hash$'
run "$PAWL" profile diff --filter 'hash$' base.json head.json
only_hash() { out_has '^orders/BM_hash: ' && out_lacks 'BM_discount'; }
expect "a filter chooses benchmarks" only_hash
run "$PAWL" profile diff --filter nothing base.json head.json
expect "one that matches none is status 2" status_is 2
expect "and says which there are" err_has '^pawl: --filter: no benchmark with profiles matches; there are: orders/BM_'
run "$PAWL" profile diff --suite other base.json head.json
expect "so is another suite" err_has '^pawl: --suite: no benchmark with profiles matches'
run "$PAWL" profile diff base.json base.json
expect "a run does not differ from itself" [ "$(grep -c '^no function is shown to have changed$' out)" -eq 2 ]
for i in 1 2 3 4 5; do
	for side in base head; do sed "s/\"branch\": \"/&$i/" $side.json >$side$i.json; done
done
run "$PAWL" profile diff --filter discount base?.json -- head?.json
expect "five runs a side are tested by Welch" out_has '^orders/BM_discount: 5 runs against 5 runs; .* test: welch$'
run "$PAWL" profile diff base1.json base1.json -- head1.json
expect "a side takes a run once" err_has 'are the same run; a side takes each once'
run "$PAWL" profile diff --paired base1.json base2.json -- head1.json
expect "pairs need as many runs on both sides" err_has '--paired takes as many run files on both sides, not 2 and 1'

# ---- what is not compared ----

sed 's/"engine": "[a-z]*"/"engine": "other"/' head.json >engine.json
run "$PAWL" profile diff base.json engine.json
expect "profiles of different engines are not compared" status_is 2
expect "which is said" err_has 'no benchmark can be compared: orders/BM_.* but by other .* different engines or unwinders are not compared \(and 1 more\)'
sed '0,/"engine": "[a-z]*"/s//"engine": "\\u001b[31mred"/' head.json >half.json
run "$PAWL" profile diff base.json half.json
expect "the others are" out_has '^orders/BM_.*: 1 run against 1 run;'
expect "beside a line for what is not" out_has '^not compared: orders/BM_.*: sampled by '
expect "which writes no more than text to the terminal" out_lacks $'\033'
run "$PAWL" profile diff --json base.json half.json
expect "JSON has it, too" json_holds 'len(d["left_out"]) == 1 and len(d["benchmarks"]) == 1 and "different engines" in d["left_out"][0]["reason"]'
sed 's/"machine_class": "/&other-/' head.json >class.json
run "$PAWL" profile diff base.json class.json
expect "runs of different machines are not compared" err_has 'was measured on a machine of class .* their times cannot be compared'
mkdir -p elsewhere
cp head.json elsewhere
run "$PAWL" profile diff base.json elsewhere/head.json
expect "profiles that are not there are status 2" status_is 2
expect "and named" err_has 'its profile, profiles/[0-9a-f]{64}\.pb\.gz, is not beside elsewhere/head\.json'
mkdir -p elsewhere/profiles
for profile in profiles/*; do head -c 100 "$profile" >"elsewhere/$profile"; done
run "$PAWL" profile diff base.json elsewhere/head.json
expect "a damaged profile is status 2" status_is 2
expect "and named, too" err_has 'elsewhere/profiles/[0-9a-f]{64}\.pb\.gz: '
profile=$(find profiles -name '*.gz' | head -n 1)
run "$PAWL" profile diff base.json "$profile"
expect "a run file and a profile do not go together" status_is 2
expect "which is said" err_has 'base\.json is a run file and profiles/.* a profile: give one kind or the other'
run "$PAWL" profile diff --ops 5 base.json head.json
expect "operations are the run file's" err_has '--ops is for profiles; run files tell their operations'
run "$PAWL" profile diff --filter BM "$profile" "$profile"
expect "profiles have no benchmarks to choose" err_has '--filter chooses benchmarks of run files'
run "$PAWL" profile diff --leak base.json base.json head.json
expect "run files are no snapshots" err_has '--leak takes snapshots'

# ---- other commands ----

run "$PAWL" profile top base.json
expect "views show all of a run file" out_has ' compute_discount$'
run "$PAWL" profile top --tagfocus benchmark=BM_discount base.json
expect "or one benchmark" out_lacks ' hash_bytes'
# The same times, four times as long, and a check of its own.
python3 - <<'END_OF_PYTHON'
import json
d = json.load(open("base.json"))
d["check_id"] = 16 * "0"
for t in d["tables"]:
    first = len(t["columns"]) - len(t["metrics"])
    for row in t["slices"]:
        for i, metric in enumerate(t["metrics"]):
            if metric["category"] == "latency":
                row[first + i] *= 4
json.dump(d, open("longer.json", "w"))
END_OF_PYTHON
run "$PAWL" compare --json base.json longer.json
expect "compare of two checks names no function and says where to look" \
	json_holds 'all(not f.get("function") and (f["verdict"] != "slower" or not f["gated"] or "pawl profile diff BASE HEAD" in f["cause_note"]) for f in d["findings"])'
expect "of what is slower" json_holds 'any(f["verdict"] == "slower" and "pawl profile diff" in f.get("cause_note", "") for f in d["findings"])'
finish
