#!/usr/bin/env bash
# A Go project in git: benchmarks and sub-benchmarks of a package measured turn by turn, one of them slower on the branch.
. tests/cli/lib.sh
. tests/cli/project.sh
if ! command -v go >/dev/null; then
	absent "benchmarks of a Go package are measured" "there is no go"
	finish
fi
export GOFLAGS=-mod=mod GOTOOLCHAIN=local GOPROXY=off
p=$scratch/p
mkdir -p "$p/store/testdata"
cat >"$p/go.mod" <<'END'
module example.org/store

go 1.19
END
echo 100 >"$p/store/testdata/rounds"
cat >"$p/store/store_test.go" <<'END'
package store

import (
	"flag"
	"fmt"
	"os"
	"testing"
)

var extra = flag.Int("extra", 0, "more benchmarks")
var sink uint32

func mix(rounds int) {
	x := uint32(1)
	for i := 0; i < rounds; i++ {
		x = x*2654435761 + x>>7
	}
	sink = x
}

func rounds(b *testing.B) (n int) {
	text, err := os.ReadFile("testdata/rounds")
	if err != nil {
		b.Fatal(err)
	}
	fmt.Sscan(string(text), &n)
	return n
}

func BenchmarkMix(b *testing.B) {
	n := rounds(b)
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		mix(n)
	}
}

func BenchmarkOther(b *testing.B) {
	fmt.Println("prints a line")
	for i := 0; i < b.N; i++ {
		mix(500)
	}
}

func BenchmarkParts(b *testing.B) {
	for _, name := range []string{"a.b", "a/b (2)", "n-4"} {
		b.Run(name, func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				mix(300)
			}
		})
	}
}

// In a goroutine of its own, so that it does not race with what Go prints of the benchmark.
func BenchmarkPanics(b *testing.B) {
	never := make(chan bool)
	go func() { panic("no database") }()
	<-never
}

func BenchmarkFails(b *testing.B)   { b.Fatal("no input") }
func BenchmarkSkipped(b *testing.B) { b.Skip("needs a network") }
func BenchmarkBehind(b *testing.B) {
	if *extra == 0 {
		b.Skip("needs -extra")
	}
	for i := 0; i < b.N; i++ {
		mix(200)
	}
}
END
cat >"$p/pawl.yml" <<'END'
version: 1
suites:
  - name: store
    kind: gotest
    run: [go, test, -tags=bench, ./store, -args, -extra=1]
    metrics: [time]
    slice: 1ms
    profile: off
rules:
  - {match: "**", threshold: 300%, min_effect: 300%}
END
printf '/pawl-report/\n' >"$p/.gitignore"
git -C "$p" init -qb main
project_commit "$p" "first"
check() { run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check "$@"; }
column() { awk -F, -v b="$1" -v m="$2" -v c="$3" '$3 ~ "^\"?" b "(-[0-9]+)?\"?$" && $4 == m {print $c}' "$p/pawl-report/regression_report.csv"; }
is() { [ "$(column "$1" "$2" "$3")" = "$4" ]; }

# Times on the clock of a busy machine differ by several times: what is planted is far more, what is called more than that.
echo 10000 >"$p/store/testdata/rounds"
check --base main --pairs 12 --seed 1
expect "a slower benchmark of Go fails the check" status_is 1
expect "it is called in its time on the clock" is BenchmarkMix real_time 8 slower
expect "the one beside it is not, though it prints" is BenchmarkOther real_time 8 same
expect "a sub-benchmark is measured" is 'BenchmarkParts/a[.]b' real_time 7 judged
expect "so is one with '/' and brackets in its name" is 'BenchmarkParts/a/b_[(]2[)]' real_time 7 judged
expect "and one that ends as if with GOMAXPROCS" is 'BenchmarkParts/n-4' real_time 7 judged
expect "allocations are reported" is BenchmarkMix allocs/op 7 judged
expect "what panics is failed" out_has 'failed: .*store/BenchmarkPanics'
expect "with its last words" out_has 'no database'
expect "what fails says why" out_has 'no input'
expect "what is behind the panic was found all the same" is BenchmarkBehind real_time 7 judged
expect "what fails on both sides is gone on neither" out_lacks '(gone|new): '
expect "what skips itself is told" out_has 'needs a network'

# A panic races with what Go prints of the benchmark, with GOMAXPROCS behind the name: here it comes later on one side alone.
for side in base head; do
	mkdir -p "$scratch/race/$side"
	printf 'version: 1\nsuites:\n  - {name: s, kind: gotest, run: [./s.test], metrics: [time]}\n' >"$scratch/race/$side/pawl.yml"
	cat >"$scratch/race/$side/s.test" <<-'END'
		#!/bin/sh
		case "$*" in
		*-test.list*) printf 'BenchmarkGood\nBenchmarkPanics\n' && exit ;;
		*Good*) printf 'BenchmarkGood-2 \t 100\t 50 ns/op\n' && exit ;;
		esac
		[ ! -e late ] || printf 'BenchmarkPanics-2 \t 1\t 0 B/op\t 0 allocs/op\n'
		echo 'panic: no database' >&2
		exit 2
	END
	chmod +x "$scratch/race/$side/s.test"
done
touch "$scratch/race/head/late"
run "$PAWL" check --config "$scratch/race/head/pawl.yml" --base-dir "$scratch/race/base" --out "$scratch/race/report" --seed 1
expect "what a panic cuts off has the name that it is listed by" eval 'out_has "failed: s/BenchmarkPanics$" && out_lacks "(gone|new): "'

git -C "$p" checkout -q -- store
echo 'Nothing but words.' >"$p/README.md"
check --base main
expect "a package that Go makes the same code of is not measured" out_has '^9 benchmarks.* 9 same code'
expect "and fails nothing" status_is 0
expect "no slice of it was run" eval '! grep -q "\"measure\"" "$p/pawl-report/head.json"'
rm "$p/README.md"
(cd "$p/store" && go test -c -o ../store.test .) || exit 3
sed -i 's|run: .*|run: [../store.test, -extra=1]\n    cwd: store|' "$p/pawl.yml"
check --base-dir "$p" --pairs 6 --filter 'BenchmarkParts'
expect "a compiled test binary is a suite, too" status_is 0
expect "of which a filter leaves a part" out_has '^3 benchmarks'

sed -i 's|run: .*|run: [go, test, ./...]|; /cwd:/d' "$p/pawl.yml"
check --base-dir "$p" --pairs 6
expect "several packages are no suite of this kind" status_is 3
expect "and the error says what to do" out_has 'make a suite of each'
sed -i '/profile: off/d; /slice: 1ms/d; s|kind: gotest|kind: file|; s|run: .*|run: [go, test, "-run=^$", -bench=Other, -benchtime=100x, ./...]\n    result: "-"\n    format: gotest|' "$p/pawl.yml"
check --base-dir "$p" --pairs 6
expect "but of kind file, whose result is standard output" status_is 0
expect "gated by the clock that the result has" is BenchmarkOther real_time 7 judged
sed -i 's|format: gotest|format: gotst|' "$p/pawl.yml"
check --base-dir "$p"
expect "a format that is not known is named" status_is 2
expect "with the one that was meant" err_has 'did you mean .gotest'
finish
