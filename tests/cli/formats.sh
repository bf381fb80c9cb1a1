#!/usr/bin/env bash
# compare with the results of other tools: taken for what they are, or for what --format says.
. tests/cli/lib.sh
golden=tests/golden/formats
compare() { run "$PAWL" compare "$@"; }

for file in gotest.txt catch2.xml pytest.json criterion-sample.json; do
	compare "$golden/$file" "$golden/$file"
	expect "$file is the same as itself" status_is 0
	expect "and has a row that was judged" out_has '^  same '
done
compare tests/golden/criterion tests/golden/criterion
expect "so is a folder of Criterion" out_has 'sizes/all/mix it/512'
compare tests/golden/config tests/golden/criterion
expect "a folder without results is wrong input" status_is 2
compare --format gotest tests/golden/criterion tests/golden/criterion
expect "a folder cannot be what is a file" err_has 'a result of format gotest is a file'

# Throughput of JMH and of customBiggerIsBetter: less is worse.
awk 'BEGIN { printf "["; for (i = 0; i < 20; i++) printf "%s{\"name\": \"index\", \"unit\": \"docs\", \"value\": %d}", i ? "," : "", 4000 + i; print "]" }' >"$scratch/more.json"
sed 's/"value": 4/"value": 2/g' "$scratch/more.json" >"$scratch/less.json"
compare --same-session "$scratch/more.json" "$scratch/less.json"
expect "a unit that says no direction gates nothing" status_is 3
compare --same-session --format customBiggerIsBetter "$scratch/more.json" "$scratch/less.json"
expect "less is worse where bigger is better" status_is 1
compare --same-session --format customSmallerIsBetter "$scratch/more.json" "$scratch/less.json"
expect "and better where smaller is" status_is 0
expect "which is said" out_has '1 faster'
compare --format customBigger "$scratch/more.json" "$scratch/less.json"
expect "an unknown format is wrong usage" status_is 2
expect "and lists those there are" err_has 'pawl reads: .*gotest.*csv'

# Small numbers are no times: the least change that counts for a time, 0.3 ns, does not hide them.
awk 'BEGIN { print "benchmark,scratch_bytes"; for (i = 0; i < 20; i++) print "cache," 0.1 + i / 10000 }' >"$scratch/a.csv"
sed 's/,0\.1/,0.2/' "$scratch/a.csv" >"$scratch/b.csv"
compare --same-session "$scratch/a.csv" "$scratch/b.csv"
expect "a table with a header is compared" out_has 'results/cache'
expect "in its own unit" status_is 1
# The same results as suites: printed, with means alone, with a throughput, in a folder in which only one is new.
p=$scratch/p
mkdir -p "$p/target"
cp $golden/catch2.xml $golden/jmh.json "$p/"
cp -r tests/golden/criterion "$p/target/"
cat >"$p/pawl.yml" <<'END'
version: 1
suites:
  - {name: catch, kind: file, run: [cat, catch2.xml], result: "-", metrics: [time]}
  - {name: jmh, kind: file, run: [cat, jmh.json], result: "-", format: jmh, metrics: [time]}
  - {name: rust, kind: file, run: [touch, target/criterion/mix/new/sample.json], result: target/criterion, metrics: [time]}
END
run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check --base-dir "$p" --pairs 12
report=$p/pawl-report/regression_report.csv
expect "suites of other tools are checked" status_is 0
expect "by the mean where there is nothing else" file_has "$report" '^1,catch,mixing/mix 100,real_time,ns,latency,judged,same'
expect "by the throughput where there is no time" file_has "$report" '^1,jmh,org[^,]*,throughput,ops/s,throughput,judged,same'
expect "by what the process has written" file_has "$report" '^1,rust,mix,real_time,ns,latency,judged,same'
expect "and not by what was there before" [ "$(grep -c '^1,rust,' "$report")" -eq 1 ]

printf 'benchmark,time [ms]\n"=cmd|x\033[31m<b>",1\n' >"$scratch/hostile.csv"
compare "$scratch/hostile.csv" "$scratch/hostile.csv"
expect "a hostile name does not reach the terminal" out_lacks "$(printf '\033')"
finish
