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
# permille_lacking FUNCTION...: samples in whose stacks none of them is.
lacking() {
	awk -v names="$*" '
		BEGIN { n = split(names, name, " ") }
		$1 == "stack" { for (i = 3; i <= NF; i++) for (k = 1; k <= n; k++) if ($i == name[k]) next; lacking += $2 }
		END { print lacking + 0 }' "$report"
}
at_least() { [ "$1" -ge "$2" ]; }
at_most() { [ "$1" -le "$2" ]; }
trouble_has() { value trouble | grep -qE -- "$1"; }
no_trouble() { [ -z "$(value trouble)" ]; }

# watch ENGINE COMMAND...: its status is in $status, its output in out and err.
watch() {
	local engine=$1
	shift
	rm -f "$report"
	run "$bin/drive" "$engine" 999 "$report" "$@"
}

# as_alone ENGINE COMMAND...: watched it does what it does alone.  (A shell between, so that this one says nothing of a
# signal.)
as_alone() {
	local engine=$1 alone
	shift
	sh -c '"$@"; exit $?' sh "$@" >"$scratch/alone.out" 2>"$scratch/alone.err" </dev/null
	alone=$?
	watch "$engine" "$@"
	[ "$status" = "$alone" ] && cmp -s "$scratch/out" "$scratch/alone.out" &&
		{ cmp -s "$scratch/err" "$scratch/alone.err" || [ "$alone" -gt 128 ]; }
}
