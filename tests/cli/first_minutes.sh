#!/usr/bin/env bash
# A new user, with README alone: a C++ project with google-benchmark and a Go project with testing.B go from nothing to a
# red check by the commands of README's "In your own project", in its order, with pawl as it is installed.
. tests/cli/lib.sh
. tests/cli/project.sh
mkdir -p "$scratch/bin"
ln -s "$PAWL" "$scratch/bin/pawl"
export PATH=$scratch/bin:$PATH

# The shell lines of that section, step by step: step 1 adopts pawl, step 2 checks a change.
steps() {
	awk -v want="$1" '/^## / { on = /In your own project/ }
		on && /^[0-9]+\. / { step = substr($0, 1, 1) }
		/^ *```/ { fenced = !fenced; shell = fenced && /```$/; next }
		on && shell && step == want { sub(/^ +/, ""); print }' README.md
}
steps 1 >"$scratch/adopt"
steps 2 >"$scratch/check"
expect "README begins with pawl init" [ "$(head -n 1 "$scratch/adopt")" = 'pawl init' ]
expect "and goes on with a check" grep -qx 'pawl check --base main' "$scratch/check"

# play DIR FILE: its lines, one after the other, as typed; the last one's status
play() { run env -C "$1" bash -e "$scratch/$2"; }

# red_in DIR NAME BENCHMARK FILE SED: from nothing to a red check
red_in() {
	git -C "$1" init -qb main && project_commit "$1" "$2 before pawl"
	play "$1" adopt
	expect "$2: adopting pawl works" status_is 0
	expect "$2: and leaves nothing that is not committed" [ -z "$(git -C "$1" status --porcelain)" ]
	# As the comments there say: on any machine, what these checks say must not be noise.  Causes are the subject of cause.sh.
	sed -i 's/^    run: .*/&\n    profile: off/' "$1/pawl.yml"
	printf 'rules:\n  - {match: "**", threshold: 30%%, min_effect: 100%%}\n' >>"$1/pawl.yml"
	project_commit "$1" "Rules of our own"
	play "$1" check
	expect "$2: what nobody changed is green" status_is 0
	expect "$2: and its code was seen to be the same, or was measured" out_has 'same'
	sed -i "$5" "$1/$4"
	play "$1" check
	expect "$2: a slowdown in the working tree is red" status_is 1
	expect "$2: it is named" out_has "CRITICAL +[a-z_]+/$3 "
	# The other function lies in the same file, so its place may have changed.
	expect "$2: and nothing else is that much slower" [ "$(grep -cE '^  (HIGH|CRITICAL) ' "$scratch/out")" = 1 ]
	repeat=$(sed -nE 's/^ +repeat: //p' "$scratch/out")
	run env -C "$1" bash -c "$repeat"
	expect "$2: the command that is printed measures it again" status_is 1
	expect "$2: the page that README names is there" [ -s "$1/pawl-report/report.html" ]
	expect "$2: nothing but the change is uncommitted" [ "$(git -C "$1" status --porcelain)" = " M $4" ]
	git -C "$1" checkout -q . && play "$1" check
	expect "$2: taken back, it is green again" status_is 0
}

p=$scratch/tokens
mkdir -p "$p/src"
cat >"$p/CMakeLists.txt" <<'END'
cmake_minimum_required(VERSION 3.16)
project(tokens CXX)
set(CMAKE_CXX_STANDARD 17)
add_library(tokens src/tokens.cc)
target_include_directories(tokens PUBLIC src)
find_package(benchmark REQUIRED)
add_executable(tokens_benchmark src/tokens_benchmark.cc)
target_link_libraries(tokens_benchmark PRIVATE tokens benchmark::benchmark_main)
END
cat >"$p/src/tokens.h" <<'END'
#pragma once
#include <string>
#include <vector>
std::vector<std::string> split(const std::string &text);
unsigned hash(const std::string &text);
END
cat >"$p/src/tokens.cc" <<'END'
#include "tokens.h"
static const int passes = 1;
std::vector<std::string> split(const std::string &text) {
  std::vector<std::string> words(1);
  for (char c : text) {
    if (c == ' ')
      words.emplace_back();
    else
      words.back() += c;
  }
  return words;
}
unsigned hash(const std::string &text) {
  unsigned h = 1;
  for (int i = 0; i < passes; i++)
    for (char c : text)
      h = (h ^ static_cast<unsigned char>(c)) * 16777619u;
  return h;
}
END
cat >"$p/src/tokens_benchmark.cc" <<'END'
#include "tokens.h"
#include <benchmark/benchmark.h>
static std::string text() {
  std::string s;
  for (int i = 0; i < 200; i++)
    s += "word" + std::to_string(i) + " ";
  return s;
}
static void BM_split(benchmark::State &state) {
  auto t = text();
  for (auto _ : state)
    benchmark::DoNotOptimize(split(t));
}
BENCHMARK(BM_split);
static void BM_hash(benchmark::State &state) {
  auto t = text();
  for (auto _ : state)
    benchmark::DoNotOptimize(hash(t));
}
BENCHMARK(BM_hash);
END
if [ -e /usr/include/benchmark/benchmark.h ] && command -v cmake >/dev/null && command -v g++ >/dev/null; then
	red_in "$p" 'C++' BM_hash src/tokens.cc 's/passes = 1/passes = 6/'
else
	absent "C++: from nothing to a red check" "libbenchmark-dev, cmake or g++ is missing"
fi

p=$scratch/words
mkdir -p "$p"
printf 'module example.org/words\n\ngo 1.19\n' >"$p/go.mod"
cat >"$p/words.go" <<'END'
// Package words looks at words.
package words

import "strings"

const passes = 1

// Longest is the longest word of a text.
func Longest(text string) string {
	longest := ""
	for _, word := range strings.Fields(text) {
		if len(word) > len(longest) {
			longest = word
		}
	}
	return longest
}

// Hash mixes all bytes of a text.
func Hash(text string) uint32 {
	h := uint32(1)
	for i := 0; i < passes; i++ {
		for _, c := range []byte(text) {
			h = (h ^ uint32(c)) * 16777619
		}
	}
	return h
}
END
cat >"$p/words_test.go" <<'END'
package words

import (
	"strings"
	"testing"
)

var text = strings.Repeat("The quick brown fox jumps over the lazy dog ", 50)
var sink uint32

func TestLongest(t *testing.T) {
	if Longest("a bcd ef") != "bcd" {
		t.Fatal("not the longest")
	}
}

func BenchmarkLongest(b *testing.B) {
	for i := 0; i < b.N; i++ {
		Longest(text)
	}
}

func BenchmarkHash(b *testing.B) {
	for i := 0; i < b.N; i++ {
		sink = Hash(text)
	}
}
END
if command -v go >/dev/null; then
	export GOFLAGS=-mod=mod GOTOOLCHAIN=local GOPROXY=off GOPATH=$scratch/go-path
	red_in "$p" Go 'BenchmarkHash(-[0-9]+)?' words.go 's/passes = 1/passes = 20/'
else
	absent "Go: from nothing to a red check" "go is missing"
fi
finish
