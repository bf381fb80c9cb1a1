#!/usr/bin/env bash
# A suite that behaves badly, for the command-line tests: it speaks google-benchmark's command line, and the name of a
# benchmark says what it does.  It lists the lines of the file $SUITE_NAMES.
out='' name=''
for word; do
	case $word in
	--help)
		# shellcheck disable=SC2016 # the back quotes are google-benchmark's own
		echo 'suite [--benchmark_filter=<regex>] [--benchmark_min_time=`<integer>x` OR `<float>s` ] [--benchmark_list_tests]'
		exit 0
		;;
	--benchmark_list_tests*)
		[ -e "${SUITE_NAMES:?}.crash" ] && printf 'no data\ngiving up\n' >&2 && kill -SEGV $$
		cat "$SUITE_NAMES"
		exit 0
		;;
	--benchmark_filter=*) name=${word#*=^} name=${name%$} ;;
	--benchmark_out=*) out=${word#*=} ;;
	esac
done
# The one listed name that the filter matches, as a real suite finds it.
filter=^$name$ name=''
while IFS= read -r listed; do
	[[ $listed =~ $filter ]] && name=$listed
done <"${SUITE_NAMES:?}"

# row FIELDS: a result with one row
row() {
	local quoted
	quoted=$(printf '%s' "$name" | sed 's/[\\"]/\\&/g')
	printf '{"context": {"num_cpus": 1}, "benchmarks": [\n{"name": "%s", "run_name": "%s", "run_type": "iteration", "threads": 1, %s}\n]}\n' \
		"$quoted" "$quoted" "$1" >"$out"
}
good='"iterations": 100, "real_time": 200000, "cpu_time": 100000, "time_unit": "ns"'

case $name in
BM_crash) echo "about to crash" >&2 && kill -SEGV $$ ;;
BM_exit) row "$good" && exit 3 ;;
BM_hang) while :; do :; done ;;
BM_flood) exec yes flooooooooooooooooooooooooooooooooooooooood ;;
BM_garbage) head -c 3000 /bin/sh >"$out" ;;
BM_nothing) ;;
BM_empty) : >"$out" ;;
BM_truncated) printf '{"context": {}, "benchmarks": [\n{"name": "BM_truncated", "run_type": "iter' >"$out" ;;
BM_nan) row '"iterations": 1, "real_time": NaN, "cpu_time": NaN, "time_unit": "ns"' ;;
BM_negative) row '"iterations": 1, "real_time": -1, "cpu_time": -1, "time_unit": "ns"' ;;
BM_error) row "$good"', "error_occurred": true, "error_message": "no such order"' ;;
BM_skip) row "$good"', "skipped": true, "skip_message": "needs a GPU"' ;;
BM_other_name) name=BM_someone_else && row "$good" ;;
BM_strays)
	while :; do :; done &
	row "$good"
	;;
BM_pollution) echo '}}} not json' && echo '::error::x' >&2 && row "$good" ;;
*) row "$good" ;;
esac
