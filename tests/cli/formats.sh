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
printf 'benchmark,time [ms]\n"=cmd|x\033[31m<b>",1\n' >"$scratch/hostile.csv"
compare "$scratch/hostile.csv" "$scratch/hostile.csv"
expect "a hostile name does not reach the terminal" out_lacks "$(printf '\033')"
finish
