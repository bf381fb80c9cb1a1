# shellcheck shell=bash
# Programs under a sampler, for tests that have read lib.sh: what they do alone and watched, and what is in the report.

bin=$root/$BUILD/tests/sampling
case $BUILD in /*) bin=$BUILD/tests/sampling ;; esac
report=$scratch/report
# The programs under test are not those of the build: what its sanitizers want does not reach them.
unset LD_PRELOAD

# value NAME: a line of the report.
value() { sed -n "s/^$1 //p" "$report"; }
# cum FUNCTION: its samples, with what it calls.
cum() { awk -v f="$1" '$1 == "function" && $2 == f { n = $4 } END { print n + 0 }' "$report"; }
# percent FUNCTION: of all samples.
percent() { awk -v f="$(cum "$1")" -v n="$(value samples)" 'BEGIN { print (n > 0 ? int(100 * f / n) : 0) }'; }
# lacking FUNCTION...: samples in whose stacks none of them is.
lacking() {
	awk -v names="$*" '
		BEGIN { n = split(names, name, " ") }
		$1 == "stack" { for (i = 3; i <= NF; i++) for (k = 1; k <= n; k++) if ($i == name[k]) next; lacking += $2 }
		END { print lacking + 0 }' "$report"
}
at_least() { [ "$1" -ge "$2" ]; }
at_most() { [ "$1" -le "$2" ]; }
trouble_has() { value trouble | grep -qE -- "$1"; }
# A machine that stops for a while counts CPU time in which nobody could take samples, and that is told as well.
no_trouble() { [[ $(value trouble) =~ ^(fewer samples: .*)?$ ]]; }
# pace: samples for a second of the CPU time that the program takes alone or watched, whichever is less: what a machine that
# stops adds to one of them does not count.
pace() { awk -v n="$(value samples)" -v watched="$(value cpu_ns)" -v alone="$alone_ns" 'BEGIN { print int(n * 1e9 / (watched < alone ? watched : alone)) }'; }
# a_hundredth: of the samples, and some for how a program begins and ends.
a_hundredth() { echo $(($(value samples) / 100 + 5)); }

# watch ENGINE COMMAND...: its status is in $status, its output in out and err.  With $one_cpu set, sampler and program share
# that CPU: where the sampler cannot run, nothing is there to sample.
one_cpu=
watch() {
	local engine=$1
	shift
	rm -f "$report"
	run ${one_cpu:+taskset -c "$one_cpu"} "$bin/drive" "$engine" 999 "$report" "$@"
}

# alone COMMAND...: what it does alone, once for all engines; the files are $done_alone.*, and $alone_ns is its CPU time.  (A
# shell between, so that this one says nothing of a signal.)
alone() {
	local TIMEFORMAT='%U %S'
	done_alone=$scratch/alone.$(printf '%s\n' "$@" | cksum | tr ' ' -)
	if [ ! -e "$done_alone.status" ]; then
		{ time sh -c '"$@"; exit $?' sh "$@" >"$done_alone.out" 2>"$done_alone.err" </dev/null; } 2>"$done_alone.time"
		echo $? >"$done_alone.status"
	fi
	alone_ns=$(awk '{ print int(1e9 * ($1 + $2)) }' "$done_alone.time")
}

# as_alone ENGINE COMMAND...: watched it does what it does alone.
as_alone() {
	local engine=$1 ended
	shift
	alone "$@"
	ended=$(cat "$done_alone.status")
	watch "$engine" "$@"
	[ "$status" = "$ended" ] && cmp -s "$scratch/out" "$done_alone.out" &&
		{ cmp -s "$scratch/err" "$done_alone.err" || [ "$ended" -gt 128 ]; }
}
