# shellcheck shell=bash
# Instructions: exact, gated, and said where they are not to be had.
. tests/cli/lib.sh

BUILD=$(realpath "${BUILD:-$root/build/check}")
# Programs with sanitizers do not run below valgrind: the suites are built anew without.
plain=$scratch/build

suite_of() {
	mkdir -p "$1"
	cat >"$1/pawl.yml" <<-END
		version: 1
		suites:
		  - name: orders
		    run: [./orders]
		    filter: $2
		    metrics: $3
	END
}

row() { file_has pawl-report/regression_report.csv "$1"; }

if ! valgrind --version >/dev/null 2>&1; then
	absent "instructions are counted" "valgrind is not there"
	finish
fi
make -s BUILD="$plain" PLANT= "$plain/bench/orders" 2>"$scratch/err" || { not_ok "the suite is built"; finish; }
cp "$plain/bench/orders" "$scratch/clean"
make -s BUILD="$plain" PLANT=compute_discount:49 "$plain/bench/orders"
cp "$plain/bench/orders" "$scratch/planted"

suite_of "$scratch/p" 'BM_(process|tax)$' '[instructions]'
cd "$scratch/p" || exit 3

cp "$scratch/clean" orders
run "$PAWL" check --base-bin "$scratch/clean" --seed 1
expect "the same program twice is the same" status_is 0
expect "and is counted within 0.1 %" row 'orders,BM_process,instructions,instructions,resource,judged,same,[^,]*,[^,]*,[^,]*,-?(0|0\.0[0-9]*|[0-9.]+e-[0-9]+),'
expect "it is judged as exact" row 'orders,BM_tax,instructions,.*,exact,'
expect "what gates instructions alone is not timed" eval '! row cpu_time'
expect "the run file says the engine" file_has pawl-report/head.json '"counter": "(callgrind [0-9.]+|perf.*)"'
expect "and the compiler" file_has pawl-report/head.json '"compiler": "[A-Za-z]'
expect "and the instruction set" file_has pawl-report/head.json '"isa": "[a-z]'
cp pawl-report/head.json "$scratch/first.json"

cp "$scratch/planted" orders
run "$PAWL" check --base-bin "$scratch/clean" --seed 1
expect "half a percent more is called slower" row 'orders,BM_process,instructions,.*,judged,slower,[^,]*,[^,]*,[^,]*,0\.[3-7]'
expect "and is below the threshold of 2 %" out_has 'LOW +orders/BM_process \[instructions\]'
expect "what did not change is the same" row 'orders,BM_tax,instructions,.*,judged,same'
expect "it does not fail the check" status_is 0
cp pawl-report/head.json "$scratch/second.json"

cat >>pawl.yml <<-'END'
	rules:
	  - {match: "**:instructions", threshold: 0.2%}
END
run "$PAWL" check --base-bin "$scratch/clean" --seed 1 --filter BM_process
expect "unless a rule says so" status_is 1

run "$PAWL" compare "$scratch/first.json" "$scratch/second.json"
expect "two run files are compared as exactly" out_has 'LOW +orders/BM_process \[instructions\]'
sed 's/"libc": "[^"]*"/"libc": "glibc 1.0"/' "$scratch/second.json" >"$scratch/other.json"
run "$PAWL" compare "$scratch/first.json" "$scratch/other.json"
expect "but not across C libraries" out_has 'counted with different C libraries: .* and glibc 1\.0'

# Against a stored run, also of another machine class.
suite_of "$scratch/p" 'BM_tax$' '[instructions]'
cp "$scratch/clean" orders
run "$PAWL" check --save --seed 1
expect "counts are stored" status_is 0
run "$PAWL" baseline show
expect "and shown" out_has 'orders/BM_tax .* instructions, counted 2 times'
run "$PAWL" check --seed 2
expect "a stored run is the baseline" row 'orders,BM_tax,instructions,.*,judged,same'
mv baselines/main/* baselines/main/other-machine-4-none
run "$PAWL" check --seed 2
expect "and so is one of another machine class" row 'orders,BM_tax,instructions,.*,judged,same'
rm -rf baselines

# What callgrind does not count.
suite_of "$scratch/p" 'BM_tax$' '[instructions, cycles]
    counter: callgrind'
run "$PAWL" check --base-bin "$scratch/clean" --seed 1
expect "cycles that nothing counts are a row" row 'orders,BM_tax,cycles,cycles,resource,incomparable'
expect "which says why" out_has 'callgrind counts instructions alone'
expect "instructions are judged beside it" row 'orders,BM_tax,instructions,.*,judged,same'
expect "and nothing fails" status_is 0
suite_of "$scratch/p" 'BM_tax$' '[instructions]'

# No engine.
mkdir -p "$scratch/bin"
for tool in sh make true cat git cp; do
	ln -sf "$(command -v "$tool")" "$scratch/bin/$tool"
done
sed -i 's/metrics: .*/counter: callgrind\n    metrics: [time, instructions]/' pawl.yml
PATH=$scratch/bin run "$PAWL" check --base-bin "$scratch/clean" --pairs 10 --seed 1
expect "a missing valgrind is said with the package" out_has 'valgrind is missing; install it \(apt-get install valgrind\)'
expect "and is a row" row 'orders,BM_tax,instructions,.*,incomparable'
expect "while times are judged" row 'orders,BM_tax,cpu_time,.*,judged'

cat >pawl.yml <<-'END'
	version: 1
	suites:
	  - name: c
	    kind: command
	    run: [./orders]
	    metrics: [instructions]
END
run "$PAWL" check --base-bin "$scratch/clean"
expect "a kind that cannot be told how often to run is refused" status_is 2
expect "with the reason" err_has 'pawl.yml:3:5: `metrics`: instructions are counted of programs that can be told'
sed -i 's/kind: command/counter: calgrind/' pawl.yml
run "$PAWL" check --base-bin "$scratch/clean"
expect "an engine that there is not is refused with the nearest" err_has 'callgrind'

# Programs that do not repeat: built with the harness, or the real library, without sanitizers.
cat >wild.c <<-'END'
	#include "harness/bench.h"
	#include <fcntl.h>
	#include <stdlib.h>
	#include <sys/random.h>
	#include <unistd.h>
	/* Random, and never twice about the same: more in every process than in those before. */
	static void BM_seed(struct bench_state *state)
	{
		int runs = open("runs", O_WRONLY | O_APPEND | O_CREAT, 0600);
		unsigned seed = 0, before;
		if (runs < 0 || write(runs, "", 1) != 1 || getrandom(&seed, sizeof seed, 0) < 0)
			abort();
		before = (unsigned)lseek(runs, 0, SEEK_CUR);
		while (bench_next(state))
			for (unsigned i = 0; i < 1000 + 100 * before + seed % 50; i++)
				bench_keep(i);
	}
	BENCHMARK(BM_seed);
	static void BM_fixed(struct bench_state *state)
	{
		while (bench_next(state))
			bench_keep(1);
	}
	BENCHMARK_WITH(BM_fixed, bench_iterations(bench, 1000));
	static void BM_still(struct bench_state *state)
	{
		while (bench_next(state))
			for (unsigned i = 0; i < 1000; i++)
				bench_keep(i);
	}
	BENCHMARK(BM_still);
	int main(int argc, char **argv)
	{
		return bench_main(argc, argv);
	}
END
${CC:-cc} -O2 -D_GNU_SOURCE -I"$root/bench" -o orders wild.c "$root"/bench/harness/*.c -lm -pthread 2>"$scratch/err" ||
	not_ok "the wild suite is built"
suite_of "$scratch/p" '.*' '[instructions]'
run "$PAWL" check --base-dir . --measure-identical --seed 1
expect "a random seed is found out" row 'orders,BM_seed,instructions,.*,incomparable'
expect "and what would help is said" out_has 'does not repeat: two measurements of the (base|head) differ by .* %, .*fixed seed'
expect "a count of iterations in the source is found out" out_has 'its source fixes how long it runs'
expect "what repeats beside them is judged" row 'orders,BM_still,instructions,.*,judged,same'

if [ -x "$BUILD/tests/gbench/sample" ]; then
	cp "$BUILD/tests/gbench/sample" orders
	run ./orders --help
	if out_has 'min_time=.*x'; then
		skip "a library before 1.8 gets a clear line" "this one is newer"
	else
		run "$PAWL" check --base-dir . --measure-identical --seed 1
		expect "a library before 1.8 gets a clear line" out_has 'link google-benchmark 1\.8 or later'
		expect "and nothing was checked" status_is 3
	fi
fi
finish
