#!/usr/bin/env bash
# pawl profile: command lines as people write them for pprof, what a user gets wrong, and where output goes.
. tests/cli/lib.sh
go=$PWD/tests/golden/profiles/go
pprof=$PWD/tests/golden/profiles/pprof
edge=$PWD/tests/golden/profiles/edge
export TZ=UTC
profile() { run "$PAWL" profile "$@"; }

# prints_as FILE: the output is what `go tool pprof` 1.19.8 printed, but for the first line, its command.
prints_as() { diff <(tail -n +2 "$1") "$scratch/out" >"$scratch/err"; }

# same_as WORD...: the output of this call is that of the last one.
same_as() {
	"$PAWL" profile "$@" 2>/dev/null </dev/null | cmp -s - "$scratch/out"
}

# ---- pprof's command lines, pasted ----
cd "$go" || exit 3
for expected in "$pprof"/go/*.txt; do
	read -r -a words <<<"$(sed -n '1s/^# go tool pprof //p' "$expected")"
	case "${words[*]##*/} ${expected##*/}" in
	# Equal edges stand in no order there; of several bases pprof takes one.
	*.base.tree.txt | *.diff_base.tree.txt | *base_twice.txt | *.stderr.txt) continue ;;
	*' '*.dot.txt | *' '*.list_*.txt) continue ;; # of paths: tests/test_views.c
	esac
	profile "${words[@]}"
	expect "pprof ${words[*]}" prints_as "$expected"
done
profile -top -base=cpu_base.pb.gz cpu_slow.pb.gz
expect "two dashes are one" same_as --top --base=cpu_base.pb.gz cpu_slow.pb.gz
expect "values may stand in the next word" same_as -top -base cpu_base.pb.gz cpu_slow.pb.gz
expect "views are words, too" same_as top --base cpu_base.pb.gz cpu_slow.pb.gz
expect "options may stand behind files" same_as top cpu_slow.pb.gz --base cpu_base.pb.gz
expect "text is top" same_as -text cpu_slow.pb.gz -base=cpu_base.pb.gz
profile -top -diff_base=cpu_base.pb.gz cpu_slow.pb.gz
expect "underscores are dashes" same_as top --diff-base cpu_base.pb.gz cpu_slow.pb.gz
profile -top -cum=false cpu_base.pb.gz
expect "flags may be told false" same_as -top cpu_base.pb.gz
profile -top -trim=false cpu_base.pb.gz
expect "-trim=false is --all" same_as top --all cpu_base.pb.gz
profile cpu_base.pb.gz
expect "a file alone is shown as top" same_as top cpu_base.pb.gz
profile -symbolize=none -no_browser -top cpu_base.pb.gz
expect "what changes nothing here is accepted" same_as top cpu_base.pb.gz

# ---- where it goes ----
"$PAWL" profile -top cpu_base.pb.gz >"$scratch/shown"
profile -top cpu_base.pb.gz -o "$scratch/file"
expect "-o writes a file" cmp -s "$scratch/file" "$scratch/shown"
mkfifo "$scratch/pipe"
timeout 300 cat "$scratch/pipe" >"$scratch/through" &
profile -top cpu_base.pb.gz -o "$scratch/pipe"
wait $!
expect "-o of a pipe writes into it" cmp -s "$scratch/through" "$scratch/shown"
expect "and leaves it a pipe" test -p "$scratch/pipe"

# ---- what pprof rejects or misreads ----
profile top --node-count 20 cpu_base.pb.gz
expect "-top20 shows 20" same_as -top20 cpu_base.pb.gz
expect "top20 too" same_as top20 cpu_base.pb.gz
expect "and -n20" same_as top -n20 cpu_base.pb.gz
expect "they are 20" [ "$(sed '1,/flat%/d' "$scratch/out" | wc -l)" -eq 20 ]
profile top cpu_base.pb.gz
expect "top -flat is top" same_as top -flat cpu_base.pb.gz
profile -alloc_space -top allocs.pb.gz
expect "top -alloc_space is pprof's -alloc_space -top" same_as top -alloc_space allocs.pb.gz
profile top --base cpu_base.pb.gz --base cpu_base.pb.gz cpu_slow.pb.gz
"$PAWL" profile convert cpu_base.pb.gz cpu_base.pb.gz -o "$scratch/twice.pb.gz"
expect "two bases are merged" same_as top --base "$scratch/twice.pb.gz" cpu_slow.pb.gz
"$PAWL" profile top cpu_base.pb.gz >"$scratch/from_file"
"$PAWL" profile top - <cpu_base.pb.gz >"$scratch/out" 2>"$scratch/err"
expect "- is standard input" cmp -s "$scratch/out" "$scratch/from_file"
profile top "$PAWL" cpu_base.pb.gz
expect "a program before the profiles is accepted, and shown as the file" out_has '^File: pawl$'
expect "all else is the same" cmp -s <(tail -n +2 "$scratch/out") <(tail -n +2 "$scratch/from_file")
profile top -mean_delay block.pb.gz
expect "-mean_delay is the mean of delay" same_as top --sample-index delay --mean block.pb.gz
profile top -total_delay -contentions block.pb.gz
expect "of two sample types the first is shown" same_as top --sample-index=delay block.pb.gz
expect "and it is said" err_has 'several sample types are chosen: delay is shown, not contentions'

# ---- expressions of peek and list ----
profile -peek='main\.fib$' cpu_base.pb.gz
expect "peek takes its expression as a word" same_as peek 'main\.fib$' cpu_base.pb.gz
profile peek cpu_base.pb.gz
expect "without one it is status 2" status_is 2
expect "and says how to write it" err_has 'pawl profile peek EXPRESSION FILE'

# ---- wrong usage ----
refuses() { # SENTENCE PATTERN WORD...
	local sentence=$1 pattern=$2
	shift 2
	profile "$@"
	expect "$sentence: status 2" status_is 2
	expect "$sentence: it says so" err_has "$pattern"
	expect "$sentence: nothing is printed" out_is_empty
}
refuses "no words" "usage: pawl profile VIEW"
refuses "a mistyped view" "no view 'tpo'; did you mean 'top'" tpo cpu_base.pb.gz
refuses "a mistyped option" "no option 'focsu'; did you mean '--focus'" top -focsu=x cpu_base.pb.gz
refuses "an option far from any" "'pawl help profile' lists them" top -qqqqqq cpu_base.pb.gz
refuses "an option without its value" 'focus needs a value' top cpu_base.pb.gz -focus
refuses "two views" 'two views' -top -tree cpu_base.pb.gz
refuses "a view without file" 'needs a file' top
refuses "a file that is not there" 'nothing\.pb\.gz' top nothing.pb.gz
refuses "two ways to compare" 'two ways to compare' top --base=cpu_base.pb.gz --diff-base=cpu_base.pb.gz cpu_slow.pb.gz
refuses "normalizing to nothing" 'give one with --base' top --normalize cpu_slow.pb.gz
refuses "a division by zero" 'other than 0' top -divide_by=0 cpu_slow.pb.gz
refuses "a count that is none" 'takes a number' top -nodecount=many cpu_slow.pb.gz
refuses "two granularities" 'exclude each other' top -lines -files cpu_slow.pb.gz
refuses "an unknown sample type" 'has the sample types samples, cpu' top -sample_index=heap cpu_slow.pb.gz
refuses "a sample type out of range" 'numbered 0 to 1' top -sample_index=7 cpu_slow.pb.gz
refuses "profiles of two kinds" 'no sample type in common' top cpu_base.pb.gz allocs.pb.gz
refuses "an expression that is none" "'main.\(' is no regular expression" top '-focus=main.(' cpu_base.pb.gz
refuses "an address of the net" 'curl -o' top http://localhost:6060/debug/pprof/heap
refuses "the web server of pprof" 'pawl profile html' -http=:8080 cpu_base.pb.gz
refuses "pictures of pprof" 'dot -Tpng' -png cpu_base.pb.gz
refuses "an unknown format to write" 'pawl writes .*proto' convert --to xlsx cpu_base.pb.gz
refuses "an unknown format to read" 'lists the formats that are read' top --format xlsx cpu_base.pb.gz
refuses "a profile without types" 'no sample types' top "$edge/24_no_types_with_samples.pb"
refuses "a damaged file" 'truncated|ends' top "$edge/25_truncated.pb"

# ---- warnings ----
profile -top -focus=zzz_nothing cpu_base.pb.gz
expect "an expression that matches nothing is warned of" err_has '^pawl profile: --focus=zzz_nothing matched nothing$'
expect "and is status 0" status_is 0
profile top --focus fib cpu_base.pb.gz
expect "dropping more than half is warned of" err_has '\-\-focus dropped [0-9.]+ % of the samples. cpu'
profile top --ignore fib cpu_base.pb.gz
expect "dropping less is not" err_is_empty

# ---- where output goes ----
profile top -o "$scratch/top.txt" cpu_base.pb.gz
expect "--output writes a file" cmp -s "$scratch/top.txt" "$scratch/from_file"
expect "and nothing to standard output" out_is_empty
profile top -o "$scratch/no/such/folder/top.txt" cpu_base.pb.gz
expect "a file that cannot be written is status 2" status_is 2
run bash -c '"$0" profile traces "$1" | head -n 1; exit "${PIPESTATUS[0]}"' "$PAWL" cpu_base.pb.gz
expect "a reader that has seen enough is no error" status_is 0
expect "and nothing is said of it" err_is_empty
profile top --json cpu_base.pb.gz
expect "--json writes JSON" out_has '^\{'
profile top --csv cpu_base.pb.gz
expect "--csv writes CSV" out_has '^[a-z_]+,'
refuses "both at once" 'two forms' top --json --csv cpu_base.pb.gz

# ---- convert and info ----
profile convert cpu_base.pb.gz
expect "convert writes profile.proto unless told otherwise" status_is 0
cp "$scratch/out" "$scratch/copy.pb.gz"
profile convert --to proto -o "$scratch/again.pb.gz" "$scratch/copy.pb.gz"
expect "equal profiles are equal bytes" cmp -s "$scratch/copy.pb.gz" "$scratch/again.pb.gz"
profile top "$scratch/copy.pb.gz"
expect "what was converted shows the same" cmp -s "$scratch/out" "$scratch/from_file"
profile -proto -focus=fib -o "$scratch/fib.pb.gz" cpu_base.pb.gz
profile info "$scratch/fib.pb.gz"
expect "a filtered profile can be kept" out_has '1 cpu/nanoseconds, total [0-9.]+m?s, shown'
if command -v go >/dev/null; then
	run go tool pprof -top "$scratch/copy.pb.gz"
	expect "go tool pprof reads what pawl writes" cmp -s "$scratch/out" "$scratch/from_file"
else
	absent "go tool pprof reads what pawl writes" "there is no go here"
fi
profile info cpu_base.pb.gz
expect "info names the program" out_has '^program:  /src/orderproc/orderproc$'
expect "and the labels" out_has '^label:    region, 2 values in 182 samples$'
profile info --json cpu_base.pb.gz
expect "and writes JSON" out_has '"duration_ns": 4125992179'

# ---- names for addresses ----
if command -v cc >/dev/null && command -v nm >/dev/null; then
	printf 'int work(int) __asm__("_ZN4shop8discountEi");\nint work(int n) { return n * 3; }\nint main(int c, char **v) { (void)v; return work(c); }\n' >"$scratch/shop.c"
	cc -O0 -g -no-pie -o "$scratch/shop" "$scratch/shop.c"
	at=$((0x$(nm "$scratch/shop" | awk '/_ZN4shop8discountEi/ { print $1 }')))
	# Words of 64 bits, the lowest byte first.
	words() {
		local word
		for word; do
			# shellcheck disable=SC2059 # it is bytes
			printf "$(printf '%016x' "$word" | sed -E 's/(..)(..)(..)(..)(..)(..)(..)(..)/\\x\8\\x\7\\x\6\\x\5\\x\4\\x\3\\x\2\\x\1/')"
		done
	}
	# A CPU profile of gperftools: header, 5 samples of one address, trailer, /proc/self/maps.
	gperftools() {
		words 0 3 0 10000 0 5 1 $((at + 4)) 0 1 0
		printf '%08x-%08x r-xp %08x 08:01 1 %s\n' $((at / 4096 * 4096)) $((at / 4096 * 4096 + 4096)) $((at / 4096 * 4096 - 0x400000)) "$1"
	}
	gperftools "$scratch/shop" >"$scratch/shop.prof"
	profile top "$scratch/shop.prof"
	expect "addresses get names from the program, readable ones" out_has '^ +50ms +100% +100% +50ms +100%  shop::discount\(int\)$'
	profile top --lines "$scratch/shop.prof"
	expect "and lines" out_has 'shop::discount\(int\) .*shop\.c:2$'
	gperftools /no/longer/shop >"$scratch/moved.prof"
	profile top "$scratch/moved.prof"
	expect "without the program they are shown as its file" out_has ' \[shop\]$'
	profile top "$scratch/shop" "$scratch/moved.prof"
	expect "a program before the profiles says where it is" out_has 'shop::discount\(int\)$'
else
	absent "addresses get names" "there is no compiler here"
fi

# ---- help ----
profile --help
expect "help starts with examples" [ "$(head -n 2 "$scratch/out" | sed -n '2s/^ *//p' | cut -d' ' -f1-3)" = "pawl profile top" ]
expect "and lists the views" out_has '^  peek '
expect "and the formats" out_has '^  proto .*read and written'
profile top -h
expect "a view is no obstacle to help" out_has '^Examples:'
finish
