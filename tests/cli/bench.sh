# shellcheck shell=bash
# The benchmark harness speaks google-benchmark's command line; the suite `orders` can be slowed down without moving code.
#
#   GOLDEN=write bash tests/cli/bench.sh    writes tests/golden/bench/ anew
. tests/cli/lib.sh

kitchen=${PAWL_KITCHEN:-$(dirname "$(dirname "$PAWL_ORDERS")")/tests/kitchen}
golden=tests/golden/bench
file=$scratch/result.json

# golden NAME: what the last command printed is what the file says.
golden() {
	[ "${GOLDEN:-}" != write ] || cp "$scratch/out" "$golden/$1"
	diff -u "$golden/$1" "$scratch/out" >"$scratch/err"
}

# rows COUNT PATTERN [FILE]: so many lines have it.
rows() { [ "$(grep -acE -- "$2" "${3:-$scratch/out}")" -eq "$1" ]; }
refused() { status_is 1 && out_is_empty && err_has "$1"; }
empty() { [ -e "$1" ] && [ ! -s "$1" ]; }
# Runs the kitchen with 10 iterations a benchmark.
kitchen() { run "$kitchen" --benchmark_min_time=10x "$@"; }

# Leaves what every machine and every run writes alike.
settle() {
	sed -E -e 's/^(    "(date|host_name|executable|library_build_type)": ).*/\1"",/' \
		-e 's/^(    "(num_cpus|mhz_per_cpu)": ).*/\10,/' -e 's/^(    "(cpu_scaling|aslr)_enabled": ).*/\1false,/' \
		-e 's/^(    "load_avg": ).*/\1[],/' -e '/^    "caches": \[$/,/^    \]/c\    "caches": [],' \
		-e '/_per_second": /!s/^(      "(real|cpu)_time": )[^,]*/\10/' -e 's/^(      ".*_per_second": )[^,]*/\10/' "$1"
}

# ---- Listing and choosing ----

run "$kitchen" --benchmark_list_tests
expect "names have google-benchmark's parts in its order" golden kitchen-list.txt
run "$PAWL_ORDERS" --benchmark_list_tests=true
expect "the suite lists its benchmarks" golden orders-list.txt
run "$kitchen" --benchmark_list_tests=false --benchmark_min_time=1x --benchmark_filter='^BM_plain$'
expect "list_tests=false runs" out_has '^BM_plain .* 1$'
run "$kitchen" --benchmark_list_tests --benchmark_filter='^BM_(args|twice)'
expect "a filter chooses by extended regular expression" rows 4 '^BM_(args|twice)'
run "$kitchen" --benchmark_list_tests --benchmark_filter='-^BM_(args|twice)'
expect "a filter with - in front leaves out what it matches" rows 0 '^BM_(args|twice)'
expect "a filter with - in front keeps the rest" out_has '^BM_plain$'
run "$kitchen" --benchmark_list_tests --benchmark_filter=all
expect "the filter all is no expression" golden kitchen-list.txt
run "$kitchen" --benchmark_filter='['
expect "a filter that is no expression is refused" refused 'no regular expression'
kitchen --benchmark_filter=zzz --benchmark_out="$file"
expect "a filter that matches nothing is no error" status_is 0
expect "a filter that matches nothing is said" err_has 'Failed to match any benchmarks against regex: zzz'
expect "a filter that matches nothing leaves an empty file" empty "$file"

# ---- How long ----

kitchen --benchmark_filter=BM_twice --benchmark_out="$file"
expect "Nx runs exactly N iterations" rows 2 '"iterations": 10,$' "$file"
run "$kitchen" --benchmark_filter=BM_twice --benchmark_min_time=0.001s
expect "a time with its unit is taken without a word" err_lacks warning
run "$kitchen" --benchmark_filter=BM_twice --benchmark_min_time=0.001
expect "a time without its unit is taken" status_is 0
expect "a time without its unit is warned about" err_has 'warning: .*no suffix'
for bad in 1y 0x -1s nan x 1.5x ''; do
	run "$kitchen" --benchmark_min_time="$bad"
	expect "min_time=$bad is refused" refused 'expected <integer>x or <float>s'
done
run "$kitchen" --benchmark_filter=BM_counters --benchmark_min_time=77x --benchmark_out="$file"
expect "iterations of the source override the flag" rows 0 '"iterations": 77,$' "$file"
run "$kitchen" --benchmark_dry_run --benchmark_repetitions=5 --benchmark_filter='plain|parts' --benchmark_out="$file"
expect "a dry run does one iteration of everything once" rows 2 '"iterations": 1,$' "$file"
expect "a dry run says so in the context" file_has "$file" '"dry_run": "true"'
kitchen --benchmark_filter=BM_twice --benchmark_min_warmup_time=0.001
expect "a warm-up leaves the iterations alone" rows 2 ' 10$'

# ---- Repetitions ----

kitchen --benchmark_filter=BM_twice --benchmark_repetitions=3 --benchmark_out="$file"
expect "every repetition is a row" rows 6 '"run_type": "iteration"' "$file"
expect "repetitions are summed up as mean, median, stddev and cv" \
	rows 8 '"aggregate_name": "(mean|median|stddev|cv)"' "$file"
kitchen --benchmark_filter=BM_twice --benchmark_repetitions=3 --benchmark_report_aggregates_only --benchmark_out="$file"
expect "report_aggregates_only leaves out the repetitions in the file" rows 0 '"run_type": "iteration"' "$file"
expect "report_aggregates_only leaves out the repetitions on the console" rows 8 '^BM_twice_'
kitchen --benchmark_filter=BM_twice --benchmark_repetitions=3 --benchmark_display_aggregates_only=true --benchmark_out="$file"
expect "display_aggregates_only keeps the repetitions in the file" rows 6 '"run_type": "iteration"' "$file"
expect "display_aggregates_only leaves out the repetitions on the console" rows 8 '^BM_twice'
kitchen --benchmark_filter=BM_error_once --benchmark_report_aggregates_only --benchmark_out="$file"
expect "a failure shows even among aggregates only" rows 1 '"error_message": "flaky"' "$file"
kitchen --benchmark_filter='BM_(twice|range)' --benchmark_repetitions=4 --benchmark_enable_random_interleaving --benchmark_out="$file"
expect "random interleaving runs every repetition" rows 76 '"run_type": "iteration"' "$file"

# ---- Output ----

kitchen --benchmark_out="$file" --benchmark_context=commit=abc,note=a=b --benchmark_context=commit=later
settle "$file" >"$scratch/out"
expect "the file is google-benchmark's JSON" golden kitchen.json
kitchen --benchmark_filter=BM_twice --benchmark_format=json
expect "JSON goes to standard output, and nothing else does" rows 1 '^[{}]' <(head -n 1 "$scratch/out")
kitchen --benchmark_filter='BM_(counters|skip|error$)' --benchmark_format=csv
expect "csv has a header with the counters of the first row" rows 1 '^name,iterations,.*,error_message,"each","each_rate"'
expect "csv has results" rows 1 '^"BM_counters/iterations:10/manual_time/threads:1",10,500000000,[0-9.]+,ns,,,,,,100,20,'
expect "csv has errors" rows 1 '^"BM_error",,,,,,,,true,"bad thing: ""x""$'
kitchen --benchmark_filter=BM_counters --benchmark_out="$file" --benchmark_out_format=csv --benchmark_counters_tabular
expect "a file can be csv" rows 3 '^("BM_|name,)' "$file"
expect "a table has a column for every counter" out_has 'Iterations +each +each_rate'
kitchen --benchmark_filter='BM_(skip|error$|counters)'
expect "the console shows errors" out_has "^BM_error +ERROR OCCURRED: 'bad thing"
expect "the console shows skips" out_has "^BM_skip +SKIPPED: 'no such unit here'"
expect "the console shows counters" out_has ' each=100 each_rate=20/s .*rate_inverted=0.5s$'
expect "the console has no colour where no terminal is" out_lacks $'\033'
kitchen --benchmark_filter=BM_twice --benchmark_color=true
expect "colour can be forced" out_has $'\033'
kitchen --benchmark_filter=BM_twice --benchmark_time_unit=ms
expect "the unit of time can be chosen" rows 2 '^BM_twice .* ms '
kitchen --benchmark_filter=BM_twice --benchmark_out=/dev/full
expect "a file that cannot be written is an error" status_is 1
kitchen --benchmark_filter=BM_twice --benchmark_out="$scratch/no/such/folder"
expect "a file that cannot be opened is refused before anything runs" refused 'cannot write .*folder'
run "$kitchen" --help
# shellcheck disable=SC2016  # no command, but the text of the help
expect "the help shows that iterations can be fixed" rows 1 '\[--benchmark_min_time=`<integer>x` OR `<float>s` \]'
expect "the help is no error" status_is 0

# ---- Flags and environment ----

run "$kitchen" --benchmark_no_such_flag
expect "an unknown flag is refused before anything runs" refused 'unrecognized command-line flag: --benchmark_no_such_flag'
run "$kitchen" --benchmark_filters=x
expect "a flag that begins like a known one is unknown" refused 'unrecognized'
run "$kitchen" file
expect "an argument that is no flag is refused" refused 'unrecognized command-line flag: file'
run "$kitchen" --benchmark_format=xml
expect "a format that is unknown is refused with those there are" refused 'one of console json csv'
run "$kitchen" --benchmark_repetitions=many
expect "a number that is none is refused" refused 'benchmark_repetitions cannot be "many"'
run env BENCHMARK_FILTER=BM_twice BENCHMARK_MIN_TIME=10x BENCHMARK_OUT="$file" V=1 "$kitchen"
expect "flags are read from the environment" rows 2 '"iterations": 10,$' "$file"
run env BENCHMARK_FILTER=BM_twice BENCHMARK_MIN_TIME=10x "$kitchen" --benchmark_filter='BM_plain$'
expect "the command line wins over the environment" rows 1 '^BM_[a-z]+ '
run env BENCHMARK_REPETITIONS=many "$kitchen"
expect "a wrong value in the environment is refused" refused 'BENCHMARK_REPETITIONS'
run env BENCHMARK_NO_SUCH_FLAG=1 "$kitchen" --benchmark_list_tests
expect "an unknown name in the environment is left alone" status_is 0

# ---- google-benchmark's own reader ----

# Both are Debian's, so the interpreter has to be.
compare=/usr/share/benchmark/compare.py
python=/usr/bin/python3
sentence="google-benchmark's compare.py reads the results"
if [ ! -e "$compare" ] || ! $python -c 'import scipy' 2>"$scratch/err"; then
	absent "$sentence" "needs the packages libbenchmark-tools and python3-scipy"
else
	for side in base head; do
		kitchen --benchmark_repetitions=9 --benchmark_out="$scratch/$side.json"
	done
	run $python "$compare" --no-color -a benchmarks "$scratch/base.json" "$scratch/head.json"
	expect "$sentence" status_is 0
	expect "compare.py finds the benchmarks again" out_has '^BM_args/n:64/2_median +[-+][0-9.]+ +[-+][0-9.]+ '
	expect "compare.py tests the repetitions" out_has '^BM_plain_pvalue .*U Test, Repetitions: 9 vs 9'
fi

# ---- Planting ----

# plant_build TEXT: builds the suite with that plant as $scratch/build/bench/orders.
plant_build() { run "${MAKE:-make}" -s BUILD="$scratch/build" EXTRA= PLANT="$1" "$scratch/build/bench/orders"; }
text_of() { objcopy -O binary --only-section=.text "$1" "$2"; }
# work FUNCTION BENCHMARK PROGRAM: the instructions in all calls of the function; 62 calls meet every order twice.
work() {
	valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect="$1" "$3" --benchmark_filter="^$2\$" \
		--benchmark_min_time=62x 2>&1 | sed -nE 's/.*Collected : ([0-9]+).*/\1/p'
}
# about WANTED VALUE WHOLE: the value is that part of the whole in thousandths, to within 50.
about() { [ -n "$2" ] && [ "$(($2 * 1000 / $3))" -ge "$(($1 - 50))" ] && [ "$(($2 * 1000 / $3))" -le "$(($1 + 50))" ]; }

plant_build ''
expect "the suite builds" status_is 0
mv "$scratch/build/bench/orders" "$scratch/clean"
plant_build compute_discount:2,hash_order:3,apply_rules:1x4
expect "the suite builds with a plant" status_is 0
mv "$scratch/build/bench/orders" "$scratch/planted"
text_of "$scratch/clean" "$scratch/clean.text"
text_of "$scratch/planted" "$scratch/planted.text"
expect "a plant changes no byte of code" cmp "$scratch/clean.text" "$scratch/planted.text"
expect "a plant moves no symbol" diff <(nm "$scratch/clean") <(nm "$scratch/planted")
run "$scratch/planted" --benchmark_filter='^BM_discount$' --benchmark_min_time=2x --benchmark_format=json
expect "a planted program says so in its context" out_has '"plant": "compute_discount:2,hash_order:3,apply_rules:1x4"'
if ! command -v valgrind >/dev/null; then
	absent "a planted function does so much more work, and no other does" "needs the package valgrind"
else
	clean=$(work compute_discount BM_discount "$scratch/clean")
	expect "every 2nd call twice is 50 % more work" \
		about 1500 "$(work compute_discount BM_discount "$scratch/planted")" "$clean"
	clean=$(work hash_order BM_hash "$scratch/clean")
	expect "every 3rd call twice is 33 % more work" about 1333 "$(work hash_order BM_hash "$scratch/planted")" "$clean"
	clean=$(work apply_rules BM_rules "$scratch/clean")
	expect "every call four times is four times the work" \
		about 4000 "$(work apply_rules BM_rules "$scratch/planted")" "$clean"
	clean=$(work compute_tax BM_tax "$scratch/clean")
	expect "a function that is not planted does the same work" \
		[ "$(work compute_tax BM_tax "$scratch/planted")" = "$clean" ]
fi
for bad in no_such_function:2 compute_discount compute_discount:0 compute_discount:2x compute_discount:2x1 compute_discount:2+hash_order:2; do
	plant_build "$bad"
	run "$scratch/build/bench/orders" --benchmark_list_tests
	expect "PLANT=$bad is refused" status_is 2
	expect "PLANT=$bad is refused with the names there are" err_has 'one of parse_order .* compute_discount .* latency_percentile'
done
finish
