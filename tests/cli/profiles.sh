#!/usr/bin/env bash
# Profiles of runs: made, kept, shown, compared with stored ones, turned off, and done without.
. tests/cli/lib.sh

BUILD=$(realpath "${BUILD:-$root/build/check}")
deny=$BUILD/tests/sampling/deny
# The suites are built anew, without sanitizers: what is shown are the functions of programs as they are shipped.
plain=$scratch/build

suite_of() {
	mkdir -p "$1"
	cat >"$1/pawl.yml" <<-END
		version: 1
		suites:
		  - name: orders
		    run: [./orders]
		    filter: $2
		    slice: 10ms
		${3:-}
	END
}
# column BENCHMARK COLUMN: a cell of the gated time of a benchmark.
column() {
	python3 - pawl-report/regression_report.csv "$1" "$2" <<-'END'
		import csv, sys
		for row in csv.DictReader(open(sys.argv[1], newline="")):
		    if row["benchmark"] == sys.argv[2] and row["metric"] == "cpu_time":
		        print(row[sys.argv[3]])
	END
}
column_is() { [ "$(column "$1" "$2")" = "$3" ]; }
# json_holds EXPRESSION [FILE]: true of the document `d` in the last command's output, or in that file.
json_holds() {
	python3 - "${2:-$scratch/out}" "$1" <<-'END'
		import json, sys
		d = json.load(open(sys.argv[1]))
		sys.exit(0 if eval(sys.argv[2]) else 1)
	END
}
# profiles_are COUNT FOLDER: so many, each named by the hash of its bytes.
profiles_are() {
	local count=0 file
	for file in "$2"/*.pb.gz; do
		[ -e "$file" ] || continue
		count=$((count + 1))
		[ "$(sha256sum <"$file" | cut -d' ' -f1).pb.gz" = "${file##*/}" ] || return 1
	done
	[ "$count" -eq "$1" ]
}

make -s BUILD="$plain" PLANT= "$plain/bench/orders" 2>"$scratch/err" || { not_ok "the suite is built"; finish; }
cp "$plain/bench/orders" "$scratch/clean"
# Eight times the work: no machine hides that.
make -s BUILD="$plain" PLANT=compute_discount:1x8 "$plain/bench/orders"
cp "$plain/bench/orders" "$scratch/planted"

# ---- a run with profiles ----

suite_of "$scratch/p" 'BM_(discount|hash)$'
cd "$scratch/p" || exit 3
cp "$scratch/clean" orders

run "$PAWL" profile top --suite orders
expect "without a profile there is nothing to show" status_is 2
expect "and what makes one is said" err_has 'pawl run --profile --suite .?orders'

run "$PAWL" run --profile --slices 2 --seed 1
expect "a run with profiles succeeds" status_is 0
if [ "$status" != 0 ] || ! grep -q '"profile": {' pawl-run.json; then
	absent "profiles are taken here" "no sampler works here: $(cat "$scratch/err")"
	finish
fi
expect "a profile a benchmark stands beside the run file" profiles_are 2 profiles
expect "which names it, its engine, rate, samples and losses" \
	json_holds 'all(t["profile"]["file"] in __import__("os").listdir("profiles") and t["profile"]["engine"]
		and t["profile"]["rate_hz"] > 0 and t["profile"]["samples"] > 0 and t["profile"]["lost"] >= 0 for t in d["tables"])' pawl-run.json
expect "profile slices are slices of their own" \
	json_holds 'all(sum("profile" in s for s in t["slices"]) == 5 for t in d["tables"])' pawl-run.json
for profile in profiles/*.pb.gz; do
	run "$PAWL" profile tags "$profile"
	expect "its processes are told apart by a label" out_has 'pawl_group'
	expect "of which there are five" [ "$(grep -cE ': [0-4]$' "$scratch/out")" = 5 ]
done

run "$PAWL" profile top --suite orders
expect "the hottest functions of the suite are shown" status_is 0
expect "where they are from is said" out_has 'as part of 2 benchmarks that count alike; pawl-run\.json'
expect "with shares, intervals and places" out_has '[0-9.]+ %  \[ *[0-9.]+, *[0-9.]+\] .* compute_discount  .*price\.c:[0-9]+'
expect "and what part of which benchmark they are" out_has 'BM_discount [0-9]+ %'
run "$PAWL" profile top --suite orders --json
expect "JSON has every function" json_holds '{"hash_bytes", "compute_discount"} <= {f["function"] for f in d["functions"]}'
expect "with an interval around its share" \
	json_holds 'all(0 <= f["own_low_ratio"] <= f["own_ratio"] <= f["own_high_ratio"] <= 1 for f in d["functions"])'
expect "shares are of the whole" json_holds 'abs(sum(f["own_ratio"] for f in d["functions"]) - 1) < 1e-6'
expect "and set-up is no part of them" json_holds 'not any(f["function"] == "main" for f in d["functions"])'
run "$PAWL" profile top --suite nothing
expect "a suite that is not there is wrong input" status_is 2

run "$PAWL" run --slices 2 --seed 1 -o plain.json
expect "a run without the option samples nothing" eval '! grep -q "\"profile\"" plain.json'
rm -rf profiles plain.json pawl-run.json

# ---- a store with profiles ----

# What is noise here must not be called, or it would be no part of the window.
cp pawl.yml "$scratch/strict.yml"
printf 'rules:\n  - {match: "**", threshold: 300%%, min_effect: 300%%}\n' >>pawl.yml
for seed in 1 2 3 4 5; do
	run "$PAWL" check --save --seed "$seed" --filter 'BM_discount$'
	[ "$status" = 0 ] || not_ok "a check of the same program passes and is saved"
done
cp "$scratch/strict.yml" pawl.yml
kept=$(echo baselines/main/*/profiles)
expect "every stored run keeps a profile a benchmark" profiles_are 5 "$kept"
expect "which stay out of version control" [ "$(tail -n 1 "$kept/.gitignore")" = '*' ]
git init -q . 2>"$scratch/err"
expect "as git sees it" [ -z "$(git status --porcelain --untracked-files=all "$kept")" ]
expect "the run files do not" [ -n "$(git status --porcelain --untracked-files=all baselines)" ]
rm -rf .git
run "$PAWL" baseline verify
expect "the store is whole" status_is 0
rm -rf pawl-report
run "$PAWL" profile top --suite orders
expect "without a report the stored run's profile is shown" out_has 'baseline main, run [0-9a-f]{12} of 20'

cp "$scratch/planted" orders
run "$PAWL" check --no-confirm --seed 6 --filter 'BM_discount$'
expect "a planted function fails the check against stored runs" status_is 1
expect "and is named" column_is BM_discount function compute_discount
expect "with its place" eval 'column BM_discount source | grep -qE "price\.c:[0-9]+$"'
expect "in the text, too" out_has 'BM_discount .* compute_discount \+[0-9.]+ [nu]s'
expect "the function's cost is in verdict.json" \
	json_holds 'any(f["name"] == "compute_discount" and f["state"] == "slower" and f["low"] > 0 and f["head"] > 1.5 * f["base"]
		for r in d["findings"] for f in r.get("functions", []))' pawl-report/verdict.json
# Profiles that are gone are no error: the verdict stands without them.
rm -r "$kept"
run "$PAWL" check --no-confirm --seed 7 --filter 'BM_discount$'
expect "without the stored profiles the check fails as well" status_is 1
expect "and names nothing" column_is BM_discount function ''
rm -rf baselines pawl-report

# ---- what it costs, and turning it off ----

cp "$scratch/clean" orders
run "$PAWL" check --aa 1 --filter 'BM_hash$' --seed 1
expect "an A/A check says what profiling costs" \
	out_has '^profiling: [a-z]+ at 999 Hz: [-+][0-9.e+-]+ % over 1 benchmark, most orders/BM_hash [-+][0-9.e+-]+ %$'

suite_of "$scratch/off" 'BM_hash$' '    profile: off'
cd "$scratch/off" || exit 3
cp "$scratch/clean" orders
run "$PAWL" run --profile --slices 2
expect "profile: off leaves the run as it is" status_is 0
expect "and samples nothing" eval '! grep -q "\"profile\"" pawl-run.json && [ ! -e profiles ]'
run "$PAWL" check --save --seed 1
expect "nor does a check that is saved" eval '! grep -q "\"profile\"" pawl-report/head.json && [ ! -e pawl-report/profiles ]'
expect "whose store holds no profiles" eval '! compgen -G "baselines/main/*/profiles" >/dev/null'
expect "and nobody is warned" eval 'err_lacks profile && out_lacks profile'

# ---- without the engine ----

# Programs of --base-bin are measured where they are the same, too: noise must not call them, and does not hide the plant.
suite_of "$scratch/denied" 'BM_discount$' '    profile: {engine: perf}
rules:
  - {match: "**", min_effect: 100%}'
cd "$scratch/denied" || exit 3
cp "$scratch/clean" orders
run "$deny" EPERM "$PAWL" check --base-bin "$scratch/clean" --seed 1
expect "where the engine is refused a check passes all the same" status_is 0
cp "$scratch/planted" orders
run "$deny" EPERM "$PAWL" check --base-bin "$scratch/clean" --seed 2
expect "and fails all the same" status_is 1
expect "with the same verdict" column_is BM_discount verdict slower
expect "at the same severity" column_is BM_discount severity CRITICAL
expect "what is missing is said" out_has 'no profiles, so no cause can be named: .*perf'
expect "and what enables it" eval 'out_has "cap-add PERFMON|perf_event_paranoid"'
expect "nothing is named" column_is BM_discount function ''
run "$deny" ENOSYS "$PAWL" run --profile --slices 2
expect "a run is measured without profiles" status_is 0
expect "and has none" eval '! grep -q "\"profile\": {" pawl-run.json && [ ! -e profiles ]'

suite_of "$scratch/ladder" 'BM_discount$'
cd "$scratch/ladder" || exit 3
cp "$scratch/planted" orders
run "$deny" EPERM "$PAWL" check --base-bin "$scratch/clean" --seed 3
expect "where nobody chose, the next engine is taken" file_has pawl-report/head.json '"engine": "timer"'
expect "and names the function" column_is BM_discount function compute_discount
expect "the check fails as it does with the best one" status_is 1

if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	open=$(mktemp -d /tmp/pawl-test.XXXXXX)
	cp "$PAWL" "$open/pawl"
	cp "$scratch/clean" "$open/orders"
	cp "$scratch/ladder/pawl.yml" "$open"
	chmod -R a+rwX "$open"
	cd "$open" || exit 3
	run setpriv --reuid 65534 --regid 65534 --clear-groups env HOME="$open" TMPDIR="$open" ./pawl run --profile --slices 2
	expect "a user without rights gets profiles, too" status_is 0
	expect "of an engine that works for that user" file_has pawl-run.json '"engine": "(perf|timer|itimer)"'
	run ./pawl profile top --suite orders
	expect "which name the functions" out_has 'compute_discount'
	cd "$root" || exit 3
	rm -rf "$open"
else
	absent "profiles of a user without rights" "only root can become nobody"
fi
finish
