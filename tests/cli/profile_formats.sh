#!/usr/bin/env bash
# pawl profile with the files of other tools: read for what they are, and written so that others read them.
. tests/cli/lib.sh
golden=tests/golden/profiles
profile() { run "$PAWL" profile "$@"; }

# format FILE FUNCTION: a file of each format, and a function that must be seen in it.
while read -r format file function; do
	profile top -n 40 "$golden/$file"
	expect "a file of $format is read" status_is 0
	expect "with its functions" out_has "$function"
	profile top --format "$format" -n 40 "$golden/$file"
	expect "as --format=$format as well" status_is 0
	for to in proto folded speedscope callgrind; do
		profile convert --to "$to" -o "$scratch/$format.$to" "$golden/$file"
		expect "and converted to $to" status_is 0
	done
done <<'END'
gperftools c/base.gperf.prof app
heap gotext/heap.txt main.keepOrder
gotext gotext/goroutine.txt main.waitForOrder
gostacks gotext/goroutine2.txt main.waitForOrder
perf c/expected/base.fp.script.txt sort_orders
callgrind c/callgrind.base.out sort_orders
folded c/expected/base.fp.folded.txt sort_orders
END

# What was written is what was read.
if command -v go >"$scratch/which" 2>&1; then
	for format in gperftools heap gotext gostacks perf callgrind folded; do
		run go tool pprof -top "$scratch/$format.proto"
		expect "go tool pprof reads a $format file as profile.proto" status_is 0
		expect "with all that it holds" out_has 'flat  flat%'
	done
	profile top "$golden/gotext/trace.out"
	expect "an execution trace is read through Go" out_has 'sync\.\(\*WaitGroup\)\.Wait'
else
	absent "go tool pprof reads what is written" "there is no go here"
fi
if command -v callgrind_annotate >"$scratch/which" 2>&1; then
	run callgrind_annotate "$scratch/perf.callgrind"
	expect "callgrind_annotate reads callgrind's format" out_has '1,064,256,960 \(100'
	expect "and finds the same costs in it" out_has '445,783,104 .*sort_orders'
	run callgrind_annotate --inclusive=yes "$scratch/callgrind.callgrind"
	expect "a profile of callgrind comes back as it was" out_has '60,405,731 .*process_order'
else
	absent "callgrind_annotate reads what is written" "there is no callgrind_annotate here"
fi

# Standard input, compressed and not.
gzip -c "$golden/c/expected/base.fp.folded.txt" >"$scratch/folded.gz"
run sh -c '"$1" profile top - <"$2"' sh "$PAWL" "$scratch/folded.gz"
expect "standard input may be compressed" out_has 'sort_orders'

# Other files, and damaged ones.
printf 'a;b 3\na;c\n' >"$scratch/damaged"
profile top --format folded "$scratch/damaged"
expect "a damaged line is wrong input" status_is 2
expect "and named" err_has "damaged:2: expected a stack and a count"
printf 'GIF89a nothing of the kind' >"$scratch/picture"
profile top "$scratch/picture"
expect "a picture is wrong input" status_is 2
expect "and the formats that are read are listed" err_has 'picture: is no profile .*gperftools.*perf.*folded'
PATH=/nonexistent profile top "$golden/gotext/trace.out"
expect "without Go an execution trace is wrong input" status_is 2
expect "and the error says what to do" err_has 'apt install golang-go'
finish
