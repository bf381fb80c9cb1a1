#!/usr/bin/env bash
# pawl trend and pawl baseline import.
. tests/cli/lib.sh

# COUNT lines "cN,VALUE": VALUE steps from 100 to 120 at line 20; noise of 1 % that repeats.
make_csv() {
	awk -v n="$1" 'BEGIN {
		print "commit,orders/BM_parse:cpu_time,quiet (ms)"
		for (i = 0; i < n; i++) {
			noise = ((i * 7919) % 13 - 6) / 10; other = ((i * 104729) % 11 - 5) / 10
			printf "c%d,%.3f,%.3f\n", i, (i < 20 ? 100 : 120) + noise, 50 + other
		}
	}'
}
make_csv 40 >"$scratch/h.csv"

run "$PAWL" trend --csv "$scratch/h.csv"
expect "a report of a trend is no failure" status_is 0
expect "the change has its direction and size" out_has 'slower  \+(19|20)\.[0-9] % \['
expect "the change has the last good and the first bad commit" out_has 'from value 20 on; after c19, up to c20; holds'
expect "a chart shows the levels" out_has '▁.*[▇█]'
expect "series without a change are counted, not shown" out_lacks '^  quiet'
run "$PAWL" trend --csv "$scratch/h.csv" --all
expect "--all shows every series" out_has '^  quiet'
run "$PAWL" trend --csv "$scratch/h.csv" 'orders/**:time'
expect "a pattern of rules means a series" out_has '1 series'
run "$PAWL" trend --csv "$scratch/h.csv" orders/BM_prse:cpu_time
expect "a series that is not there is a usage error" status_is 2
expect "the nearest name is offered" err_has 'did you mean .orders/BM_parse'

run "$PAWL" trend --csv "$scratch/h.csv" --json
expect "JSON has the index of the change" out_has '"index": 20,'
expect "JSON ends like JSON" out_has '^}$'
cp "$scratch/out" "$scratch/first.json"
run "$PAWL" trend --csv - --json <"$scratch/h.csv"
"$PAWL" trend --csv - --json <"$scratch/h.csv" | sed 's/standard input/FILE/' >"$scratch/second.json"
sed -i "s|$scratch/h.csv|FILE|" "$scratch/first.json"
expect "standard input gives the same, byte for byte" cmp -s "$scratch/first.json" "$scratch/second.json"
run "$PAWL" trend --csv "$scratch/h.csv" --format csv
expect "CSV has a line a change" test "$(wc -l <"$scratch/out")" -eq 2
run "$PAWL" trend --csv "$scratch/h.csv" --format xml
expect "an unknown format is a usage error" status_is 2
expect "the formats are named" err_has 'text, json, csv'

printf 'commit,a\nc0,1\nc1,fast\n' >"$scratch/bad.csv"
run "$PAWL" trend --csv "$scratch/bad.csv"
expect "a damaged table is wrong input" status_is 2
expect "its line is named" err_has 'bad.csv:3:'
run "$PAWL" trend --csv "$scratch/none.csv"
expect "a missing file is wrong input" status_is 2
run "$PAWL" trend --history "$scratch/h.csv"
expect "a table is no data.js" err_has 'BENCHMARK_DATA'
run "$PAWL" trend --csv "$scratch/h.csv" --baseline main
expect "a table and a baseline exclude each other" status_is 2

printf 'commit,=HYPERLINK(1),"<b>\033[31m"\n' >"$scratch/hostile.csv"
awk 'BEGIN { for (i = 0; i < 20; i++) printf "::error::%d,%d,%d\n", i, i < 10 ? 100 : 200, 5 }' >>"$scratch/hostile.csv"
run "$PAWL" trend --csv "$scratch/hostile.csv" --all
expect "names cannot send escapes to a terminal" out_lacks "$(printf '\033')"
expect "no line is a command for a runner" out_lacks '^ *::'
run "$PAWL" trend --csv "$scratch/hostile.csv" --format csv
expect "CSV cells are guarded" out_has ",\"'=HYPERLINK"

awk 'BEGIN {
	print "window.BENCHMARK_DATA = {\"entries\": {\"Suite\": ["
	for (i = 0; i < 30; i++)
		printf "%s{\"commit\": {\"id\": \"%040x\"}, \"date\": %d000, \"tool\": \"customBiggerIsBetter\", \"benches\": [{\"name\": \"rate\", \"value\": %d, \"unit\": \"points\", \"extra\": \"x\"}]}\n", i ? "," : "", i + 4096, 1700000000 + 86400 * i, (i < 15 ? 1000 : 800) + i % 3
	print "]}}"
}' >"$scratch/data.js"
run "$PAWL" trend --history "$scratch/data.js"
expect "fewer is slower where bigger is better" out_has 'slower  -20\.0 %'
expect "what was not taken is said" out_has 'note: not taken: "extra" of 30'

store="dir:$scratch/store"
run "$PAWL" baseline import "$scratch/data.js" --store "$store" --machine elsewhere
expect "a history is taken over" out_has 'took over 30 runs with 1 series'
run "$PAWL" baseline import "$scratch/data.js" --store "$store" --machine elsewhere
expect "twice is once" out_has '30 of them were there already'
run "$PAWL" baseline verify --store "$store"
expect "the stored runs are whole" out_has '30 runs, all whole'
run "$PAWL" trend --store "$store"
expect "runs of another machine class are not this machine's" out_has '0 series'
run "$PAWL" trend --store "$store" --machine elsewhere
expect "the stored history has the same change" out_has 'slower  -20\.0 %'
run "$PAWL" trend --store "$store" --machine all --json
expect "stored runs are named" out_has '"run": "[0-9a-f]{64}"'
cp "$scratch/h.csv" "$scratch/u.csv"
sed -i '1s/.*/commit,a,b/' "$scratch/u.csv"
run "$PAWL" baseline import "$scratch/u.csv" --store "$store"
expect "a time without a unit is not guessed" status_is 2
expect "what to do is said" err_has '--unit'
run "$PAWL" baseline import "$scratch/u.csv" --store "$store" --unit us
expect "with a unit it is taken" status_is 0
expect "the machine class is said" out_has 'machine class: .*this machine'
run "$PAWL" baseline import --store "$store"
expect "import needs a file" status_is 2
finish
