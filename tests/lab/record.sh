#!/usr/bin/env bash
# Records traces of this machine for the laboratory: pairs of the suite `orders`, measured by pawl, both sides known.
#
#   tests/lab/record.sh [-p PAIRS] [-o FOLDER] [ARM]...
#
#   aa aa_load       the same program on both sides, as the machine is and with a busy loop on every CPU but one
#   plus1 plus2 plus3 plus5 plus10
#                    six functions do their work twice in every 100th, 50th, 33rd, 20th or 10th call; the benchmarks
#                    that call one alone become that much slower, those that call none are as they were
#   layout1 … layout9
#                    the same object files linked in another order
#   aligned1 … aligned9
#                    the same, both sides compiled with every function at a multiple of 64 bytes
#
# All arms unless some are named.  Needs build/pawl and build/lab/convert (make lab-programs).  Writes FOLDER/ARM.csv.gz; the
# load of the machine before and after stands in its first lines.  See tests/lab/traces/README.md.
set -euo pipefail
cd "$(dirname "$0")/../.."

pairs=100 out=build/lab/traces
while getopts p:o: option; do
	case $option in
	p) pairs=$OPTARG ;;
	o) out=$OPTARG ;;
	*) exit 2 ;;
	esac
done
shift $((OPTIND - 1))
arms=("$@")
[ $# -gt 0 ] || arms=(aa aa_load plus1 plus2 plus3 plus5 plus10 layout1 layout2 layout3 layout4 layout5 layout6
	aligned1 aligned2 aligned3 aligned4 aligned5 aligned6)

work=build/lab/record
mkdir -p "$out" "$work"
busy=()
trap '[ ${#busy[@]} -eq 0 ] || kill "${busy[@]}"' EXIT

# build FOLDER [PLANT [CFLAGS]]: the suite and its objects.
build() {
	local objects
	objects=$(printf '%s\n' bench/orders.c bench/*/*.c | sed "s|^\(.*\)c\$|$1/obj/\1o|")
	# shellcheck disable=SC2086 # one word an object
	make -s BUILD="$1" PLANT="${2:-}" CFLAGS="${3:--O2 -g}" $objects "$1/bench/orders"
}

# relink BASE FOLDER SEED: the same objects in an order that the seed gives.
relink() {
	local order
	order=$(find "$1/obj" -name '*.o' | LC_ALL=C sort | awk -v seed="$3" '
		BEGIN { srand(seed) }
		{ print rand() "\t" $0 }' | LC_ALL=C sort | cut -f2)
	mkdir -p "$2/bench"
	# shellcheck disable=SC2086 # one word an object
	"${CC:-cc}" -o "$2/bench/orders" $order -lm -pthread
}

start_load() {
	local i
	for ((i = 1; i < $(nproc); i++)); do
		(while :; do :; done) &
		busy+=($!)
	done
}

# head_of ARM: makes the head's program.
head_of() {
	local every
	case $1 in
	aa*)
		mkdir -p "$work/$1/bench"
		cp "$work/base/bench/orders" "$work/$1/bench/"
		;;
	plus*)
		every=$((100 / ${1#plus}))
		build "$work/$1" "parse_order:$every,validate_order:$every,hash_order:$every,compute_discount:$every,compute_tax:$every,format_receipt:$every"
		;;
	layout*) relink "$work/base" "$work/$1" "${1#layout}" ;;
	aligned*) relink "$work/base64" "$work/$1" "${1#aligned}" ;;
	*)
		printf 'record: %s is no arm\n' "$1" >&2
		exit 2
		;;
	esac
}

load_of() { cut -d' ' -f1 /proc/loadavg; }

record() {
	local arm=$1 base=$work/base folder=$work/run-$1 before after got=0
	[[ $arm != aligned* ]] || base=$work/base64
	rm -rf "$folder"
	mkdir -p "$folder"
	cat >"$folder/pawl.yml" <<-END
		version: 1
		suites:
		  - name: orders
		    kind: gbench
		    run: [../$arm/bench/orders]
		    metrics: [time]
	END
	[ "$arm" != aa_load ] || start_load
	before=$(load_of)
	build/pawl check -c "$folder/pawl.yml" --base-bin "$base/bench/orders" --pairs "$pairs" --budget 1h \
		--out "$folder/report" >"$folder/log" 2>&1 || got=$?
	after=$(load_of)
	[ ${#busy[@]} -eq 0 ] || kill "${busy[@]}"
	busy=()
	[ "$got" -le 1 ] || { cat "$folder/log" >&2; exit 3; }
	printf '# load average %s before, %s after, %s CPUs\n' "$before" "$after" "$(nproc)" >"$folder/facts"
}

build "$work/base"
build "$work/base64" "" "-O2 -g -falign-functions=64"
for arm in "${arms[@]}"; do
	head_of "$arm"
	record "$arm"
	if [ -x build/lab/convert ]; then
		{
			printf '# %s\n' "$arm"
			cat "$work/run-$arm/facts"
			build/lab/convert "$work/run-$arm/report/base.json" "$work/run-$arm/report/head.json"
		} | gzip -9n >"$out/$arm.csv.gz"
	fi
	printf 'recorded %s\n' "$arm"
done
