#!/usr/bin/env bash
# A suite without noise, for the command-line tests: it speaks google-benchmark's command line, lists the lines of the file
# `names` in the folder that it runs in, and each benchmark takes the nanoseconds that the file `speed` has for it (else
# those of the line `*`), with a counter p95_us beside it.
out='' name=''
for word; do
	case $word in
	--help)
		# shellcheck disable=SC2016 # the back quotes are google-benchmark's own
		echo 'suite [--benchmark_filter=<regex>] [--benchmark_min_time=`<integer>x` OR `<float>s` ] [--benchmark_list_tests]'
		exit 0
		;;
	--benchmark_list_tests*) exec cat names ;;
	--benchmark_filter=*) name=${word#*=^} name=${name%$} ;;
	--benchmark_out=*) out=${word#*=} ;;
	esac
done
name=${name//\\/}
other=100000 ns='' p95=50
while read -r key value more; do
	[ "$key" = '*' ] && other=$value
	[ "$key" = "$name" ] && ns=$value p95=${more:-$p95}
done <speed
printf '{"context": {"num_cpus": 1}, "benchmarks": [\n{"name": "%s", "run_name": "%s", "run_type": "iteration", "threads": 1, "iterations": 100, "real_time": %s, "cpu_time": %s, "time_unit": "ns", "p95_us": %s}\n]}\n' \
	"$name" "$name" "${ns:-$other}" "${ns:-$other}" "$p95" >"$out"
