#!/usr/bin/env bash
# Every command that README, guide and manual show does what it says: it is run, in a project that has what it names.
. tests/cli/lib.sh

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.org GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.org
export GITHUB_BASE_REF=main GITHUB_STEP_SUMMARY=$scratch/summary HOME=$scratch
unset GITHUB_ACTIONS
project=$scratch/project
bin=$scratch/bin
mkdir -p "$project/dev/bench" "$project/ci" "$bin"
ln -s "$PAWL" "$bin/pawl"
PATH=$bin:$PATH

# ---- The project: the suite `orders`, slower and larger in the branch ----
# A child begins as a copy of pawl, which with sanitizers has some 50 MB; the larger one is larger than that.

cat >"$project/orders" <<'END_OF_SUITE'
#!/bin/sh
# It speaks google-benchmark's command line; what it says it took is the same every time.
time_ns=100000 out='' name=''
for word; do
	case $word in
	--help) echo 'orders [--benchmark_min_time=`<integer>x` OR `<float>s`] [--benchmark_list_tests]' && exit ;;
	--benchmark_list_tests*) printf 'BM_discount\nBM_pool\nBM_pool/2\n' && exit ;;
	--benchmark_filter=*) name=${word#*=^} name=${name%$} ;;
	--benchmark_out=*) out=${word#*=} ;;
	esac
done
# Work for a sampler to see.
rounds=${ORDERS_ROUNDS:-0}
while [ "$rounds" -gt 0 ]; do rounds=$((rounds - 1)); done
#large [ "$name" != BM_pool ] || dd if=/dev/zero of=/dev/null bs=100M count=1 2>/dev/null
printf '{"context": {"num_cpus": 1}, "benchmarks": [\n{"name": "%s", "run_name": "%s", "run_type": "iteration", "threads": 1, "iterations": 100, "real_time": %s, "cpu_time": %s, "time_unit": "ns"}\n]}\n' \
	"$name" "$name" "$time_ns" "$time_ns" >"$out"
END_OF_SUITE
chmod +x "$project/orders"
printf 'version: 1\nsuites:\n  - name: orders\n    run: [./orders]\n    slice: 1ms\n    profile: off\n' >"$project/pawl.yml"
printf '/pawl-report/\n/baselines/\n/dev/\n/ci/\n/app\n*.json\n*.csv\n*.txt\n*.pb.gz\n*.prof\n' >"$project/.gitignore"
git -C "$project" init -qb main
git -C "$project" add -A
git -C "$project" commit -qm first
for _ in $(seq 31); do git -C "$project" commit -q --allow-empty -m more; done
# Near enough that what blames a commit has few to try.
git -C "$project" tag v1.4 main~2
git -C "$project" update-ref refs/remotes/origin/main main
git -C "$project" update-ref refs/remotes/origin/base main
(cd "$project" && XDG_CACHE_HOME=$scratch/cache "$PAWL" check --save >"$scratch/out" 2>"$scratch/err") || not_ok "the project has a baseline"
git -C "$project" checkout -qb branch
sed -i 's/^time_ns=100000/time_ns=200000/; s/^#large //' "$project/orders"
git -C "$project" commit -qam slower
(cd "$project" && XDG_CACHE_HOME=$scratch/cache "$PAWL" check --base main --seed 1 >"$scratch/out" 2>"$scratch/err")
status=$?
expect "the branch of the project is slower" status_is 1
# Runs with profiles in the report's place: a cause that there is not, since nothing really takes longer, is looked for long.
sed '/profile: off/d' "$project/pawl.yml" >"$project/profiled.yml"
for side in base head; do
	run env -C "$project" ORDERS_ROUNDS=30000 "$PAWL" run --profile --slices 2 --config profiled.yml -o "pawl-report/$side.json"
	expect "the run of its $side has profiles" file_has "$project/pawl-report/$side.json" '"profile": \{'
done
rm "$project/profiled.yml"
cp "$project/pawl-report/verdict.json" "$project/ci/"
id=$(basename "$(find "$project/baselines" -name '*.json' -path '*/*/*' ! -name 'index*' | head -n 1)" .json)
for side in before after; do awk -f tests/gen_results.awk -v repetitions=20 -v benchmarks=5 -v seed=${#side} >"$project/$side.json"; done
awk 'BEGIN { print "commit,parse"; for (i = 0; i < 30; i++) print "c" i "," 100 + i % 3 }' >"$project/times.csv"
awk 'BEGIN {
	print "window.BENCHMARK_DATA = {\"entries\": {\"Suite\": ["
	for (i = 0; i < 30; i++)
		printf "%s{\"commit\": {\"id\": \"%040x\"}, \"date\": %d000, \"tool\": \"customSmallerIsBetter\", \"benches\": [{\"name\": \"a\", \"value\": %d, \"unit\": \"ns\"}]}\n", i ? "," : "", i + 4096, 1700000000 + 86400 * i, 1000 + i % 3
	print "]}}"
}' >"$project/dev/bench/data.js"
for side in before after; do
	awk 'BEGIN { for (i = 0; i < 20; i++) printf "%s{\"name\": \"a\", \"value\": %d, \"unit\": \"op/s\"}", i ? ", " : "[", 1000 + i % 3; print "]" }' >"$project/$side-custom.json"
done
for file in old new before after; do
	awk -v seed="${#file}" 'BEGIN {
		print "goos: linux\ngoarch: amd64\npkg: example.org/codec"
		for (i = 0; i < 20; i++) printf "BenchmarkParse-2   \t%d\t%.1f ns/op\n", 1000, 100 + (i * 7) % 5 + i / 100
		print "PASS\nok  \texample.org/codec\t1.000s"
	}' >"$project/$file.txt"
done
cp tests/golden/profiles/go/cpu_base.pb.gz "$project/cpu.pb.gz"
cp tests/golden/profiles/go/cpu_base.pb.gz "$project/before.pb.gz"
cp tests/golden/profiles/go/cpu_slow.pb.gz "$project/after.pb.gz"
cp tests/golden/profiles/go/allocs.pb.gz "$project/heap.pb.gz"
ln -s "$PAWL" "$project/app"
for name in cpu before after; do
	"$PAWL" profile convert -o "$project/$name.folded" "$project/$name.pb.gz"
	cp tests/golden/profiles/c/expected/base.fp.script.txt "$project/$name.perf"
done

# Profiles of two builds in turns, of one program as it grows, and counts.
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
	printf 'main;BM_parse;scan %d\nmain;set_up 100\n' $((1000 + i)) >"$project/base.$i.pb.gz"
	printf 'main;BM_parse;scan %d\nmain;set_up 100\n' $((1100 + i)) >"$project/head.$i.pb.gz"
	printf 'main;keep %d\n' $((10 * i)) >"$project/heap.$i.pb.gz"
done
cp "$root/tests/golden/profiles/go/cpu_base.pb.gz" "$root/tests/golden/profiles/go/cpu_slow.pb.gz" "$project/"
cp "$project/cpu_base.pb.gz" "$project/base.pb.gz"
cp "$project/cpu_slow.pb.gz" "$project/head.pb.gz"
cp "$root/tests/golden/profiles/c/callgrind.base.out" "$project/callgrind.out.base"
cp "$root/tests/golden/profiles/c/callgrind.cur.out" "$project/callgrind.out.head"

# A project that has a benchmark and nothing of pawl.
fresh=$scratch/fresh
mkdir "$fresh"
printf 'cmake_minimum_required(VERSION 3.18)\nproject(p CXX)\nfind_package(benchmark REQUIRED)\nadd_executable(b b.cc)\ntarget_link_libraries(b benchmark::benchmark)\n' >"$fresh/CMakeLists.txt"
printf '#include <benchmark/benchmark.h>\nstatic void BM_x(benchmark::State &s) { for (auto _ : s) {} }\nBENCHMARK(BM_x);\nBENCHMARK_MAIN();\n' >"$fresh/b.cc"
git -C "$fresh" init -qb main && git -C "$fresh" add -A && git -C "$fresh" commit -qm first

# ---- The commands ----

# Lines of code blocks and steps of workflows that begin with pawl, and pawl's words between back quotes.
shown_in() {
	awk '/^ *```/ { code = !code; next }
		code && /^ *(\$ |- run: )?pawl / { sub(/^ *(\$ |- run: )?/, ""); print; next }
		!code { while (match($0, /`pawl [^`]*`/)) { print substr($0, RSTART + 1, RLENGTH - 2); $0 = substr($0, RSTART + RLENGTH) } }' "$@"
}
for page in $("$PAWL" help --man list); do
	"$PAWL" help --man "$page" | sed -nE '/^\.Sh EXAMPLES/,/^\.Ed/{s/\\-/-/g; s/\\\(dq/"/g; s/^ *((\. <\()?pawl .*)/\1/p}'
done >"$scratch/examples"
shown_in README.md docs/*.md >"$scratch/shown"
sort -u "$scratch/examples" "$scratch/shown" >"$scratch/commands"

# What names no thing but a kind of thing is a mention: it has only to be a command, with options that there are.
is_mention() {
	grep -qE ' \[|\.\.\.|(^| )(FILE|NAME|BASE|DIR|REV|ID|VIEW)( |$)|^pawl (accept|bisect|compare|profile( [a-z]+)?|report)$|--(csv|base-bin)$' <<<"$1"
}
mention_holds() {
	local name option
	read -r _ name _ <<<"$1"
	run "$PAWL" help "$name"
	status_is 0 || return 1
	while IFS= read -r option; do
		out_has "^ .* $option( |\$)" || return 1
	done < <(grep -oE -- '--[a-z-]+' <<<"$1")
}
# As a user types it, each in a copy of the project.
command_holds() {
	rm -rf "$scratch/copy" "$scratch/copy-cache"
	case $1 in
	*"pawl init"*) cp -a "$fresh" "$scratch/copy" ;;
	*) cp -a "$project" "$scratch/copy" ;;
	esac
	run env -C "$scratch/copy" XDG_CACHE_HOME="$scratch/copy-cache" bash -c "$1"
	case $1 in
	*check* | *compare*) [ "$status" -le 1 ] ;;
	# Where nothing is slower, there is no commit to blame.
	*bisect*) [ "$status" -eq 0 ] || [ "$status" -eq 3 ] ;;
	*) status_is 0 ;;
	esac
}
[ -s "$scratch/examples" ] || not_ok "the manual has examples"
declare -A held
while IFS= read -r command <&3; do
	# A day that has not passed, an id that is stored, a time that tests have; what differs by its comment is run once.
	real=$(sed -E "s/ +# .*//; s/--until [0-9]{4}/--until 2999/; s/show 3fa2/show ${id:0:6}/; s/--aa 20/--aa 1/; s/^pawl doctor/& --quick/; s/--pairs 200/--pairs 20/; s/(customBigger.*) before.json after.json/\\1 before-custom.json after-custom.json/; s/:instructions/:cpu_time/; s/ compute_discount --suite/ . --suite/" <<<"$command")
	if is_mention "$command"; then
		expect "\"$command\" names what there is" mention_holds "$command"
		continue
	fi
	if [ -z "${held[$real]:-}" ]; then
		held[$real]=false
		command_holds "$real" && held[$real]=true
	fi
	expect "\"$command\" does what it says" "${held[$real]}"
done 3<"$scratch/commands"

# ---- The other tools of docs/coming-from.md ----

compare=/usr/share/benchmark/compare.py
if [ -e "$compare" ] && /usr/bin/python3 -c 'import scipy' 2>/dev/null; then
	# Debian's script needs Debian's interpreter.
	printf '#!/bin/sh\nexec /usr/bin/python3 %s "$@"\n' "$compare" >"$bin/compare.py"
	chmod +x "$bin/compare.py"
fi
while IFS= read -r command <&3; do
	if command -v "${command%% *}" >/dev/null; then
		expect "\"$command\" reads the same files" command_holds "$command"
	else
		skip "\"$command\" reads the same files" "no ${command%% *} here"
	fi
done 3< <(grep -hE '^(benchstat|compare\.py) .*\.(txt|json)$' docs/coming-from.md)

# ---- What now? ----

sed -nE 's/^### `(.*)`$/\1/p' docs/messages.md >"$scratch/headings"
source_text=$(find checker -name '*.[ch]' -exec cat {} + | tr -d '\n' | sed 's/"[[:space:]]*"//g')
while IFS= read -r words <&3; do
	case $source_text in
	*"$words"*) ok "pawl says '$words'" ;;
	*) not_ok "pawl says '$words'" ;;
	esac
done 3<"$scratch/headings"
states=$(sed -nE '/define STATE_LIST/,/^$/s/.*ROW\([A-Z_]+, "(.*)"\).*/\1/p' checker/model/verdict.h)
every_state() {
	local state
	for state in $states; do grep -qx "$state" "$scratch/headings" || return 1; done
	[ -n "$states" ]
}
expect "every state has its page" every_state
finish
