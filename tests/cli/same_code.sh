#!/usr/bin/env bash
# Programs that are the same code on both sides are not measured, and nothing else is taken for that.
. tests/cli/lib.sh

mkdir -p "$scratch/base" "$scratch/the head"
cat >"$scratch/base/bench.c" <<'END'
#include "harness/bench.h"
int twice(int x);
static void BM_twice(struct bench_state *state)
{
	int x = 1;
	while (bench_next(state))
		bench_keep(x = twice(x));
}
BENCHMARK(BM_twice);
BENCHMARK_MAIN();
END
printf 'int twice(int x) { return 2 * x + 1; }\n' >"$scratch/base/lib.c"
printf 'version: 1\nsuites:\n  - {name: s, kind: gbench, run: [./suite], metrics: [time], slice: 1ms, profile: off}\n' >"$scratch/base/pawl.yml"
cp "$scratch/base/"* "$scratch/the head/"

harness=$scratch/harness.a
for f in bench/harness/*.c; do
	gcc -O1 -D_GNU_SOURCE -Ibench -c "$f" -o "$scratch/$(basename "$f").o"
done
ar rcs "$harness" "$scratch"/*.c.o

# build SIDE [MORE]: the suite with its library; debug information and build id differ with the folder.
build() {
	(cd "$scratch/$1" && gcc -g -O1 -shared -fPIC -o libtwice.so lib.c &&
		gcc -g -O1 -Wl,--build-id -I"$root/bench" -o suite bench.c "$harness" -L. -ltwice "-Wl,-rpath,\$ORIGIN" -lm -lpthread "${@:2}")
}
check() { run sh -c 'cd "$1" && shift && exec "$@"' sh "$scratch/the head" "$PAWL" check --base-dir ../base --pairs 6 "$@"; }
is_same() { status_is 0 && out_has '1 same code'; }
is_measured() { out_lacks 'same code' && [ -s "$scratch/the head/pawl-report/head.json" ] && grep -q '"measure"' "$scratch/the head/pawl-report/head.json"; }

build base && build "the head"
expect "two builds of one source differ in their bytes" eval '! cmp -s "$scratch/base/suite" "$scratch/the head/suite"'
check
expect "and are the same code" is_same
expect "so that nothing is measured" eval '! grep -q "\"measure\"" "$scratch/the head/pawl-report/head.json"'
expect "which the JUnit report tells" grep -q 'same' "$scratch/the head/pawl-report/junit.xml"
check --measure-identical
expect "unless that is asked for" is_measured

printf '/* Nothing but words. */\n' >>"$scratch/the head/lib.c" && build "the head" && check
expect "a comment changes no code" is_same
strip "$scratch/the head/suite" && check
expect "nor does stripping" is_same

printf 'int twice(int x) { return 2 * x + 3; }\n' >"$scratch/the head/lib.c" && build "the head" && check
expect "a change in its library does" is_measured
cp "$scratch/base/lib.c" "$scratch/the head/lib.c" && build "the head" -O2 && check
expect "so do other flags" is_measured
build "the head"

sed -i 's|\[./suite\]|[./suite, --data=table.txt]|' "$scratch/the head/pawl.yml" "$scratch/base/pawl.yml"
printf '1\n' | tee "$scratch/base/table.txt" >"$scratch/the head/table.txt"
cat >"$scratch/wrap.sed" <<'END'
s/BENCHMARK_MAIN();/int main(int argc, char **argv) { for (int i = 1; i < argc; i++) if (argv[i][2] == 'd') { argv[i] = argv[argc - 1]; argc--; } return bench_main(argc, argv); }/
END
sed -i -f "$scratch/wrap.sed" "$scratch/base/bench.c" "$scratch/the head/bench.c"
build base && build "the head" && check
expect "a file that the command line names is compared" is_same
printf '2\n' >"$scratch/the head/table.txt" && check
expect "and another one is another program" is_measured
printf '1\n' >"$scratch/the head/table.txt"

sed -i 's|slice: 1ms|slice: 1ms, prepare: "true"|' "$scratch/the head/pawl.yml"
check
expect "steps may do what they like" is_measured
sed -i 's|, prepare: "true"||' "$scratch/the head/pawl.yml"
mv "$scratch/the head/suite" "$scratch/the head/real" && printf '#!/bin/sh\nexec ./real "$@"\n' >"$scratch/the head/suite" && chmod +x "$scratch/the head/suite"
check
expect "a script is no code that is known" is_measured
mv "$scratch/the head/real" "$scratch/the head/suite"
sed -i '1i #include <dlfcn.h>' "$scratch/base/bench.c" "$scratch/the head/bench.c"
sed -i 's/int x = 1;/int x = dlopen("none", 1) == 0;/' "$scratch/base/bench.c" "$scratch/the head/bench.c"
build base && build "the head" && check
expect "nor are libraries that a program loads itself" is_measured
printf 'not an ELF file' >"$scratch/the head/libtwice.so" && check
expect "a damaged library is told as what it is" out_lacks 'same code'

finish
