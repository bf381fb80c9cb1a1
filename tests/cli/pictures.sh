#!/usr/bin/env bash
# Pictures of profiles: flame graphs, the page of all views, the call graph; what they are written as, and in a browser.
. tests/cli/lib.sh
. tests/cli/browser.sh
go=$PWD/tests/golden/profiles/go
profile() { run "$PAWL" profile "$@"; }

# ---- kinds of files ----
profile flame "$go/cpu_base.pb.gz"
expect "flame writes a page" out_has '^<!DOCTYPE html>'
profile flame --svg "$go/cpu_base.pb.gz"
expect "--svg makes it SVG" out_has '^<svg xmlns="http://www.w3.org/2000/svg"'
cp "$scratch/out" "$scratch/cpu.svg"
profile flame -o "$scratch/named.svg" "$go/cpu_base.pb.gz"
expect "and so does the output's name" cmp -s "$scratch/cpu.svg" "$scratch/named.svg"
if command -v xmllint >/dev/null; then
	run xmllint --noout "$scratch/cpu.svg"
	expect "it is well-formed" status_is 0
else
	absent "the SVG is well-formed" "no xmllint here"
fi
expect "full names are in it" grep -q '<title>main.(\*pool).applyBusinessRules$' "$scratch/cpu.svg"
expect "and what costs most as text" grep -q 'main.computeDiscount</text>' "$scratch/cpu.svg"
expect "nothing is loaded" [ "$(grep -cE 'href|url\(|@import' "$scratch/cpu.svg")" -eq 0 ]
profile flame --svg --diff-base "$go/cpu_base.pb.gz" "$go/cpu_slow.pb.gz"
expect "with a base both costs are told" out_has 'base 610ms, head 1.50s: \+890ms, \+145.9 %'
expect "and what vanished is there" out_has 'gone'
profile flame --svg --base "$go/cpu_base.pb.gz" "$go/cpu_slow.pb.gz"
expect "a difference alone shows what is less and more" out_has 'less [0-9.]+m?s, more [0-9.]+m?s'
profile flame --json "$go/cpu_base.pb.gz"
expect "pictures have no JSON" status_is 2
expect "but something else has" err_has 'traces --json'
profile flame --mean "$go/block.pb.gz"
expect "means do not stack" status_is 2
profile top --svg "$go/cpu_base.pb.gz"
expect "tables are no SVG" status_is 2
expect "which is said" err_has '\-\-svg goes with flame and graph'
profile flame --focus 'fib' --svg "$go/cpu_base.pb.gz"
expect "filters are told" out_has 'cpu of orderproc, focus=fib'

# ---- Graphviz ----
run env PATH=/nowhere "$PAWL" profile graph "$go/cpu_base.pb.gz"
expect "without Graphviz the graph is DOT" out_has '^digraph'
expect "and the package is named" err_has 'package graphviz'
run env PATH=/nowhere "$PAWL" profile graph -o "$scratch/graph.svg" "$go/cpu_base.pb.gz"
expect "but no file that is called .svg" status_is 2
expect "is written" [ ! -e "$scratch/graph.svg" ]
run env PATH=/nowhere "$PAWL" profile html -o "$scratch/bare.html" "$go/cpu_base.pb.gz"
expect "the page is whole without it" status_is 0
expect "and has the text" grep -q 'The graph as DOT text' "$scratch/bare.html"
mkdir "$scratch/bin"
printf '#!/bin/sh\necho "<svg><script>alert(1)</script></svg>"\n' >"$scratch/bin/dot"
chmod +x "$scratch/bin/dot"
run env PATH="$scratch/bin:$PATH" "$PAWL" profile html -o "$scratch/odd.html" "$go/cpu_base.pb.gz"
expect "what is no drawing is not let in" [ "$(grep -c 'alert(1)' "$scratch/odd.html")" -eq 0 ]
printf '#!/bin/sh\necho "<svg onload=\\"alert(1)\\"><g/></svg>"\n' >"$scratch/bin/dot"
run env PATH="$scratch/bin:$PATH" "$PAWL" profile html -o "$scratch/odd.html" "$go/cpu_base.pb.gz"
expect "nor one that does something" [ "$(grep -c 'alert(1)' "$scratch/odd.html")" -eq 0 ]
if command -v dot >/dev/null; then
	profile -svg "$go/cpu_base.pb.gz"
	expect "pprof's -svg draws the graph" out_has '<svg width='
	cp "$scratch/out" "$scratch/graph.svg"
else
	absent "pprof's -svg draws the graph" "no dot here"
fi

# ---- in a browser ----
profile html --source-path tests/golden/profiles/pprof -o "$scratch/cpu.html" "$go/cpu_base.pb.gz"
profile html -o "$scratch/heap.html" "$go/allocs.pb.gz"
profile html --diff-base "$go/cpu_base.pb.gz" -o "$scratch/diff.html" "$go/cpu_slow.pb.gz"
profile flame --diff-base "$go/cpu_base.pb.gz" -o "$scratch/flame.html" "$go/cpu_slow.pb.gz"
huge=$(head -c 1000000 /dev/zero | tr '\0' x)
{
	printf 'main;<script>alert(1)</script>;b 10\n'
	printf 'main;</script><img src=x onerror=alert(1)>;"onclick="alert(1)" 20\n'
	printf "main;'}]);alert(1)//;\\\\u003cscript\\\\u003e;%%s%%n 5\n"
	printf 'main;\033[2J\001;bad\377\376;\342\200\256fdp.exe 7\n'
	printf 'main;__proto__;constructor;toString 9\n'
	printf 'main;%s 3\n' "$huge"
} >"$scratch/hostile.folded"
profile html -o "$scratch/hostile.html" "$scratch/hostile.folded"
expect "hostile names make a page" status_is 0
expect "a name of a megabyte is cut, and the page stays small" [ "$(wc -c <"$scratch/hostile.html")" -lt 200000 ]
: >"$scratch/nothing.folded"
printf 'one 1\n' >"$scratch/one.folded"
profile html -o "$scratch/one.html" "$scratch/one.folded"
expect "one sample makes a page" status_is 0
profile html --ignore . -o "$scratch/nothing.html" "$go/cpu_base.pb.gz"
expect "no samples make one" status_is 0
printf 'main;a_function_with_large_numbers 4611686018427387904\n' >"$scratch/huge.folded"
profile html -o "$scratch/huge.html" "$scratch/huge.folded"
expect "large numbers make one" status_is 0
awk 'BEGIN { for (i = 0; i < 10000; i++) printf "%sf%d", i ? ";" : "", i; print " 1" }' >"$scratch/deep.folded"
profile html -o "$scratch/deep.html" "$scratch/deep.folded"
expect "ten thousand calls deep make one" status_is 0
if [ -x "$root/$BUILD/tests/big_profile" ] || [ -x "$BUILD/tests/big_profile" ]; then
	big=$BUILD/tests/big_profile
	[ -x "$big" ] || big=$root/$big
	"$big" --stacks 20000 >"$scratch/big.pb"
	profile html -o "$scratch/big.html" "$scratch/big.pb"
	expect "20,000 functions make a page of less than 10 MB" [ "$(wc -c <"$scratch/big.html")" -lt 10000000 ]
fi
in_browser "a browser shows profiles as it should" profile.mjs "$scratch"
finish
