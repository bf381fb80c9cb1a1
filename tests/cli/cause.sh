#!/usr/bin/env bash
# The cause of a regression: the function, its place and its callers, from real suites under a real sampler.
. tests/cli/lib.sh
. tests/cli/project.sh

# column REPORT BENCHMARK COLUMN: a cell of the gated time of a benchmark
column() {
	python3 - "$1/regression_report.csv" "$2" "$3" <<-'END'
		import csv, sys
		for row in csv.DictReader(open(sys.argv[1], newline="")):
		    if row["benchmark"] == sys.argv[2] and row["metric"] in ("cpu_time", "real_time") and row["severity"]:
		        print(row[sys.argv[3]])
		        break
	END
}
column_is() { [ "$(column "$1" "$2" "$3")" = "$4" ]; }
column_like() { column "$1" "$2" "$3" | grep -qE -- "$4"; }

for compiler in g++ clang++; do
	if ! command -v "$compiler" >/dev/null; then
		absent "a suite of $compiler" "no $compiler"
		continue
	fi
	project=$scratch/$compiler
	project_make "$project"
	sed -i '/profile: off/d' "$project/pawl.yml"
	cc=gcc
	[ "$compiler" = clang++ ] && cc=clang
	sed -i "s/g++/$compiler -g -fno-omit-frame-pointer/; s/gcc/$cc -g -fno-omit-frame-pointer/" "$project/Makefile"
	# A slice of one iteration, which a stall may leave, must not be all start-up.
	project_slow "$project" 100000
	project_commit "$project" "with frame pointers"
	sed -i 's/i < ROUNDS/i < 2 * ROUNDS/' "$project/work.c"
	cd "$project" || exit 3
	run "$PAWL" check --base-exact HEAD --filter 'BM_mix'
	cd "$root" || exit 3
	expect "$compiler: a planted slowdown fails the check" status_is 1
	expect "$compiler: the function is named" column_is "$project/pawl-report" BM_mix function mix
	expect "$compiler: with its file and line" column_like "$project/pawl-report" BM_mix source '^work\.c:[0-9]+$'
	expect "$compiler: and the text says that the branch changed it" out_has 'mix \+.*work\.c:[0-9]+ \(changed in this branch\)'
	expect "$compiler: one cause of two rows is said once" out_has 'mix explains 2 of 2 slower rows'
	expect "$compiler: the callers are in verdict.json" file_has "$project/pawl-report/verdict.json" '"callers": "BM_mix'
	expect "$compiler: JUnit has file and line of the function" file_has "$project/pawl-report/junit.xml" 'file="work\.c" line="[0-9]+"'
	expect "$compiler: the stacks are kept beside the run file" compgen -G "$project/pawl-report/profiles/*.pb.gz"
	if command -v go >/dev/null; then
		for profile in "$project"/pawl-report/profiles/*.pb.gz; do
			run go tool pprof -top "$profile"
			expect "$compiler: go tool pprof reads the stored profile" out_has ' mix$'
		done
	else
		absent "$compiler: go tool pprof reads the stored profile" "no go"
	fi
done
finish
