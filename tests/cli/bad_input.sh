#!/usr/bin/env bash
# Files that are huge, binary, unreadable, cyclic or pipes, suites that fight their host, clocks that jump, two writers in one
# store, and configurations with everything in them: a message, the exit status of the manual, and an end in time.
. tests/cli/lib.sh
gbench=$PWD/tests/golden/gbench/kitchen-v1.9.5.json
p=$scratch/p
suite=bad-input-$$.sh
mkdir "$p"
export SUITE_NAMES=$p/names

# The scripted suite, with more that can be bad: what stands before its own cases wins over them.
sed '/^case \$name in$/r /dev/stdin' tests/cli/suite.sh >"$p/$suite" <<'END'
'') name=${filter#^} name=${name%$} && row "$good" ;;
BM_zero) row '"iterations": 100, "real_time": 0, "cpu_time": 0, "time_unit": "ns"' ;;
BM_huge) truncate -s 1G "$out" ;;
BM_folder) mkdir -p "$out/more" ;;
BM_fifo) mkfifo "$out" ;;
BM_cycle) ln -s "$out" "$out" ;;
BM_device) ln -s /dev/zero "$out" ;;
BM_daemon)
	(setsid bash -c 'trap "" TERM HUP INT; while :; do :; done' "$0" &) </dev/null
	row "$good"
	;;
BM_stubborn)
	trap '' TERM INT HUP QUIT
	while :; do :; done
	;;
BM_stopped) kill -STOP $$ ;;
BM_parent)
	# Once it is measured: the first slices are the trial.
	echo . >>"$SUITE_NAMES.turns"
	[ "$(wc -l <"$SUITE_NAMES.turns")" -eq 9 ] && kill -TERM $PPID
	row "$good"
	;;
BM_assassin) kill -KILL $PPID && while :; do :; done ;;
BM_fill) cat /dev/zero >"$out" ;;
BM_flood_disk) row "$good" && cat /dev/zero >"$SUITE_NAMES.filler" ;;
END
# A list that is another one each time it is asked for.
# shellcheck disable=SC2016 # the suite expands it
sed -i 's|^\(\t*\)cat "$SUITE_NAMES"$|\1cat "$SUITE_NAMES"; [ -e "$SUITE_NAMES.lists" ] \&\& echo . >>"$SUITE_NAMES.lists" \&\& echo "BM_list_$(wc -l <"$SUITE_NAMES.lists")"|' "$p/$suite"
chmod +x "$p/$suite"

config() {
	printf 'version: 1\nsuites:\n  - name: bad\n    run: [./%s]\n    timeout: 60s\n    slice: 1ms\n    profile: off\n%s\n' "$suite" "${1:-}" >"$p/pawl.yml"
}
names() { printf '%s\n' "$@" >"$SUITE_NAMES"; }
# No command may hang: 124 is the status then.
pawl() { run timeout -k 5 300 "$PAWL" "$@"; }
in_p() { run timeout -k 5 300 sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$@"; }
check() { in_p "$PAWL" check --base-dir "$p" --pairs 8 --fail-on CRITICAL "$@"; }
row_is() { grep -a "^1,bad,$1," "$p/pawl-report/regression_report.csv" | grep -aq ",$2,"; }
# The group is named, so that a child which has not become the suite yet is seen, too.
none_left() { [ -z "$(pgrep -f "$suite")" ]; }
# Looks again and again, for as long as that may take on a slow machine.
eventually() {
	local end=$((SECONDS + 300))
	until "$@"; do [ "$SECONDS" -lt "$end" ] || return 1; done
}
runs_stored() {
	in_p "$PAWL" baseline list
	[ "$(grep -c . "$scratch/out")" -eq $(($1 + 1)) ]
}

# ---- result files ----
cd "$scratch" || exit 3
truncate -s 1G huge.json
run bash -c 'ulimit -t 5; exec timeout 300 "$@"' sh "$PAWL" compare "$gbench" huge.json
expect "a huge binary file is status 2, after a look at its start" status_is 2
expect "and told to be binary" err_has 'huge.json: is a binary file'
{ printf '{"context": {}, "benchmarks": [' && cat huge.json; } 2>/dev/null | head -c 70000000 >half.json
pawl compare "$gbench" half.json
expect "a result that goes on as binary is status 2" status_is 2
expect "with the line" err_has 'half.json:1: '
rm half.json
ln -s cycle.json cycle.json
pawl compare "$gbench" cycle.json
expect "a link to itself is status 2" status_is 2
expect "and told" err_has 'cycle.json: Too many levels of symbolic links'
mkdir tree && ln -s . tree/self
pawl compare "$gbench" tree/self/self/self
expect "a folder in itself is status 2" status_is 2
expect "and told to be a folder" err_has 'is a folder, expected a file'
pawl compare "$gbench" /dev/zero
expect "a device without an end is status 2" status_is 2
mkfifo pipe
pawl compare "$gbench" pipe
expect "a pipe that nobody writes to is status 2" status_is 2
expect "and told to be empty" err_has 'pipe: is empty'
run timeout -k 5 300 bash -c '"$1" compare "$2" <(cat "$2")' sh "$PAWL" "$gbench"
expect "a pipe with a writer is read" status_is 3
mkfifo held
exec 4<>held
"$PAWL" compare "$gbench" held >out 2>err 4>&- &
pid=$!
# shellcheck disable=SC2329 # called through eventually
waits_for_pipe() {
	[ -n "$(find "/proc/$pid/fd" -lname '*/held' 2>/dev/null)" ] && grep -q '^State:.*S' "/proc/$pid/status"
}
eventually waits_for_pipe
kill -TERM "$pid"
wait "$pid"
status=$?
exec 4>&-
expect "who waits for a silent writer can be interrupted" status_is 130

# ---- suites: what they write ----
cd "$root" || exit 3
for name in BM_zero BM_huge BM_folder BM_fifo BM_cycle BM_device; do
	config
	names "$name" BM_good
	check
	expect "$name is failed" row_is "$name" failed
	expect "$name does not harm its neighbour" row_is BM_good judged
	expect "$name on both sides does not fail the check" status_is 0
	case $name in
	BM_zero) reason='real_time is 0' ;;
	BM_huge) reason='is larger than' ;;
	BM_folder) reason='is a folder' ;;
	BM_fifo) reason='an empty result' ;;
	BM_cycle) reason='wrote no result file' ;;
	BM_device) reason='is a device' ;;
	esac
	expect "$name has its reason" out_has "$reason"
done
names BM_good
touch "$SUITE_NAMES.lists"
check
expect "a suite that lists another name each time is no failure" status_is 0
expect "what only the first list had is gone" row_is BM_list_1 gone
expect "what only the second had is new" row_is BM_list_2 new
expect "and what stayed is judged" row_is BM_good judged
: >"$SUITE_NAMES"
check
expect "where no name stays, all are gone and new" out_has '0 same, 1 gone, 2 new'
expect "which is no failure by itself" status_is 0
config 'missing: fail'
check
expect "but is one under missing: fail" status_is 1
config
rm "$SUITE_NAMES.lists"

# ---- suites: what they do ----
names BM_good BM_daemon
check
expect "a suite that forks a daemon is judged" row_is BM_daemon judged
expect "the daemon is told" out_has 'leaves processes running'
expect "and ended, though it ignores SIGTERM" none_left
# A command has no list, which could come too late for a time-out as short as theirs.
printf 'version: 1\nsuites:\n  - name: bad\n    kind: command\n    run: [./%s, "--benchmark_filter=^{case}$"]\n    params: {case: [BM_stubborn, BM_stopped]}\n    timeout: 1s\n    profile: off\n' "$suite" >"$p/pawl.yml"
names BM_stubborn BM_stopped
check
expect "a suite that ignores SIGTERM is failed" row_is case:BM_stubborn failed
expect "and so is one that stops itself" row_is case:BM_stopped failed
expect "for the time-out" out_has 'no end within [0-9.]+ s'
expect "and both are ended" none_left
config
names BM_parent BM_good
check
expect "a suite that ends pawl is an interrupt" status_is 130
expect "it says where the partial run is" err_has 'interrupted.*head.json'
expect "the run is marked partial" file_has "$p/pawl-report/head.json" '"partial": true'
in_p "$PAWL" compare pawl-report/base.json pawl-report/head.json
expect "and can be read" [ "$status" -eq 0 -o "$status" -eq 3 ]
expect "nothing of the suite is left" none_left
names BM_good
in_p "$PAWL" check --save --pairs 8
names BM_good BM_assassin
mkdir "$scratch/tmp"
{ TMPDIR=$scratch/tmp in_p "$PAWL" check --save --pairs 8; } 2>/dev/null # where bash says "Killed"
expect "a suite that kills pawl leaves the status of the signal" status_is 137
expect "and ends with it" eventually none_left
in_p "$PAWL" baseline verify
expect "the store is whole after that" out_has '1 run, all whole'
names BM_good

# ---- a full disk ----
cat >"$scratch/full.sh" <<'END'
mount -t tmpfs -o size=6m none "$1" && cp "$2"/*.sh "$2/pawl.yml" "$1" && cd "$1" || exit 9
export SUITE_NAMES=$1/names TMPDIR=$1/tmp
mkdir tmp
printf 'BM_fill\nBM_good\n' >names
timeout 300 "$PAWL" check --base-dir . --pairs 8 --fail-on CRITICAL
echo "first: $?"
printf 'BM_good\n' >names
timeout 300 "$PAWL" check --save --pairs 8
echo "second: $?"
printf 'BM_good\nBM_flood_disk\n' >names
timeout 300 "$PAWL" check --save --pairs 8
echo "third: $?"
timeout 300 "$PAWL" baseline verify
echo "fourth: $?"
END
mkdir "$scratch/disk"
export PAWL
if unshare -m mount -t tmpfs none "$scratch/disk" 2>/dev/null; then
	run unshare -m sh "$scratch/full.sh" "$scratch/disk" "$p"
	expect "a suite that fills the disk with its result is failed" out_has 'failed: bad/BM_fill'
	expect "for the reason that it saw" out_has 'No space left on device'
	expect "the next slice has the room again" out_has 'first: 0'
	expect "a run is stored" out_has 'second: 0'
	expect "a disk that stays full is status 3" out_has 'third: 3'
	expect "which names a file" err_has 'cannot write: No space left'
	expect "the store is whole then" out_has 'fourth: 0'
	expect "with the run that was there" out_has '1 run, all whole'
else
	skip "a suite that fills the disk" "no mount permitted here"
fi

# ---- unreadable ----
cp "$PAWL" "$scratch/pawl"
as_other() {
	if [ "$(id -u)" -eq 0 ]; then
		run timeout -k 5 300 setpriv --reuid 65534 --regid 65534 --clear-groups sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$@"
	else
		in_p "$@"
	fi
}
chmod 755 "$scratch" "$p"
as_other "$scratch/pawl" --version
if [ "$status" -eq 0 ]; then
	cp "$gbench" "$p/closed.json"
	chmod 0 "$p/closed.json"
	as_other "$scratch/pawl" compare "$gbench" closed.json
	expect "an unreadable result is status 2" status_is 2
	expect "and told" err_has 'closed.json: Permission denied'
	as_other "$scratch/pawl" check --out "$p/pawl-report/new" --base-dir . --pairs 6
	expect "reports that may not be written are status 3" status_is 3
	expect "and told" err_has 'pawl-report/new: .*Permission denied'
	chmod 0 "$p/baselines"
	as_other "$scratch/pawl" check
	expect "an unreadable store is status 2" status_is 2
	expect "and named" err_has 'baselines/.*: Permission denied'
	chmod 755 "$p/baselines"
	chmod 700 "$p/$suite"
	[ "$(id -u)" -eq 0 ] || chmod 0 "$p/$suite"
	mkdir -m 777 "$scratch/open"
	as_other "$scratch/pawl" check --out "$scratch/open" --base-dir .
	expect "a program that may not be run is status 3" status_is 3
	expect "and named" out_has "$suite: is no program that may be run"
	chmod 755 "$p/$suite"
	chmod 0 "$p/pawl.yml"
	as_other "$scratch/pawl" check
	expect "an unreadable pawl.yml is status 2" status_is 2
	expect "and not passed over" err_has 'pawl.yml: Permission denied'
	chmod 644 "$p/pawl.yml"
else
	skip "unreadable files" "no other user can be taken here, or it cannot see the program"
fi

# ---- what the command line and pawl.yml name ----
cd "$scratch" || exit 3
pawl check --config huge.json
expect "a huge pawl.yml is status 2" status_is 2
expect "and told" err_has 'huge.json: is larger than 4 MB'
pawl check --config pipe
expect "a pawl.yml that is a silent pipe is status 2" status_is 2
ln -s pawl.yml pawl.yml
pawl check
expect "a pawl.yml that links to itself is status 2" status_is 2
expect "and not passed over" err_has 'pawl.yml: Too many levels of symbolic links'
rm pawl.yml
head -c 4000 /bin/sh >binary.yml
pawl check --config binary.yml
expect "a binary pawl.yml is status 2" status_is 2
expect "with a place" err_has 'binary.yml:[0-9]+:[0-9]+: '
cd "$root" || exit 3
ln -s . "$p/self"
check --base-dir "$p/self/self/self"
expect "a base in a folder that holds itself is measured" status_is 0
for bad in huge.json cycle.json; do
	in_p "$PAWL" check --base-dir "$scratch/$bad"
	expect "$bad is no base folder: status 2" status_is 2
	expect "and named" err_has "/$bad: no such folder"
done
for bad in tree huge.json cycle.json; do
	in_p "$PAWL" check --base-bin "$scratch/$bad"
	expect "$bad is no base program: status 2" status_is 2
	expect "and named" err_has "/$bad: (is no program that may be run|no such program)"
done
ln -s round "$p/round"
for where in 'reports: {dir: round}' 'baseline: {store: "dir:round"}'; do
	config "$where"
	in_p "$PAWL" check --save --pairs 6
	expect "a folder that is a link to itself is status 2 or 3 ($where)" [ "$status" -eq 2 -o "$status" -eq 3 ]
	expect "and named" err_has 'round'
done
mkfifo "$p/pipe"
# That `cat` of one side is a little slower by chance is nothing to look for here.
printf 'version: 1\nsuites:\n  - name: bad\n    kind: command\n    run: [cat]\n    input: pipe\n    profile: off\nrules:\n  - {match: "**", threshold: 300%%, min_effect: 300%%}\n' >"$p/pawl.yml"
check
expect "a command whose input is a silent pipe is measured" status_is 0

# ---- clocks ----
config
cat >"$scratch/jump.c" <<'END'
/* A wall clock that jumps by a century, back and forth. */
#define _GNU_SOURCE
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
static long jumped(long now)
{
	static int turn;
	return turn++ % 2 ? now + 3155760000L : now > 3155760000L ? now - 3155760000L : 1;
}
int clock_gettime(clockid_t clock, struct timespec *t)
{
	int got = (int)syscall(SYS_clock_gettime, clock, t);
	if (clock == CLOCK_REALTIME)
		t->tv_sec = jumped(t->tv_sec);
	return got;
}
int gettimeofday(struct timeval *restrict t, void *restrict zone)
{
	struct timespec now;
	(void)zone;
	clock_gettime(CLOCK_REALTIME, &now);
	t->tv_sec = now.tv_sec;
	t->tv_usec = now.tv_nsec / 1000;
	return 0;
}
time_t time(time_t *at)
{
	struct timespec now;
	clock_gettime(CLOCK_REALTIME, &now);
	if (at)
		*at = now.tv_sec;
	return now.tv_sec;
}
END
# Every duration of a command, in ns and in the test cases, is that of a process which ends within the limit above; a
# century is 10,000 times that.
durations_are_sane() {
	awk -F, '$4 == "real_time" {seen = 1; if (!($9 > 0 && $9 < 3e11 && $10 > 0 && $10 < 3e11)) bad = 1} END {exit bad || !seen}' \
		"$p/pawl-report/regression_report.csv" &&
		grep -o ' time="[^"]*"' "$p/pawl-report/junit.xml" | awk -F'"' '$2 < 0 || $2 > 300 {bad = 1} END {exit bad || !NR}'
}
printf 'version: 1\nsuites:\n  - name: bad\n    kind: command\n    run: ["true"]\n    profile: off\nrules:\n  - {match: "**:time", threshold: 300%%, min_effect: 300%%}\n' >"$p/pawl.yml"
if gcc -shared -fPIC -o "$scratch/jump.so" "$scratch/jump.c" 2>"$scratch/err"; then
	run env LD_PRELOAD="$scratch/jump.so" ASAN_OPTIONS=verify_asan_link_order=0 timeout -k 5 300 "$PAWL" check \
		--config "$p/pawl.yml" --base-dir "$p" --pairs 8
	expect "a clock that jumps fails no check" status_is 0
	expect "and is in no duration" durations_are_sane
	expect "but would be seen" sh -c '[ "$(LD_PRELOAD=$1 date +%Y)" -lt 2000 ]' sh "$scratch/jump.so"
else
	absent "a clock that jumps" "no compiler here"
fi
rm -r "$p/baselines"
for epoch in 4102444800 0 9223372036854775807; do
	SOURCE_DATE_EPOCH=$epoch in_p "$PAWL" check --save --pairs 8
	expect "a check at $epoch s is no failure" status_is 0
	SOURCE_DATE_EPOCH=$epoch check
	expect "and has durations like any other" durations_are_sane
done
expect "runs of all those times are stored" runs_stored 3
expect "with dates" out_has ' 2100-01-01T00:00:00Z .*'
expect "of four digits in the year" out_has ' 9999-12-31T23:59:59Z '

# ---- two checks in one store ----
rm -r "$p/baselines"
for i in 1 2 3; do
	(cd "$p" && exec timeout -k 5 300 "$PAWL" check --save --pairs 8 --out "$scratch/out-$i" >"$scratch/log-$i" 2>&1) &
	pids[i]=$!
done
status=0
for pid in "${pids[@]}"; do wait "$pid" || status=$?; done
expect "checks that save at once are no failure" status_is 0
expect "and each of their runs is stored" runs_stored 3
in_p "$PAWL" baseline verify
expect "whole" out_has '3 runs, all whole'

# ---- configurations ----
cat >"$p/pawl.yml" <<END
version: 1
suites:
  - &first
    name: bad
    run: [./$suite]
    timeout: 60s
    slice: 1ms
    profile: off
  - <<: *first
    name: again
END
names BM_good
check
expect "anchors and merges are read" status_is 0
expect "a merged suite is measured like the first" out_has '^2 benchmarks'
printf 'version: 1\nsuites:\n\t- name: bad\n\t  run: [x]\n' >"$p/pawl.yml"
check
expect "tabs are status 2" status_is 2
expect "with their place" err_has 'pawl.yml:3:1: not YAML: .*indent with spaces'
{
	echo 'a: &a [x, x, x, x, x, x, x, x, x, x]'
	for i in b c d e f g h i j k; do
		echo "$i: &$i [${last:-*a}, ${last:-*a}, ${last:-*a}, ${last:-*a}, ${last:-*a}, ${last:-*a}, ${last:-*a}, ${last:-*a}, ${last:-*a}]"
		last="*$i"
	done
} >"$p/pawl.yml"
run bash -c 'cd "$1" && shift && ulimit -t 10 && exec timeout 300 "$@"' sh "$p" "$PAWL" check
expect "a billion laughs are status 2" status_is 2
expect "and told" err_has 'pawl.yml:[0-9]+:[0-9]+: more than [0-9]+ values'
{
	printf 'version: 1\nsuites:\n'
	seq -f "  - {name: s%.0f, run: [./$suite], slice: 1ms, profile: off}" 10000
} >"$p/pawl.yml"
check --suite s9999
expect "one of 10,000 suites is measured" status_is 0
expect "and no other" out_has '^1 benchmark,'
check --suite s10001
expect "one that is not among them is status 2" status_is 2
cat >"$p/pawl.yml" <<'END'
version: 1
suites:
  - name: a
    rnu: [x]
    timeout: 5 parsecs
    filter: (
  - name: a/b
    run: x
    kind: gbnech
    clock: sundial
    slice: -1s
rules:
  - {match: "**", threshold: ten}
  - {match: "**", fail_on: SOMETIMES}
baseline: {store: "ftp:x", window: 0}
missing: perhaps
undecided: 1
reports: {formats: [pdf]}
END
check
expect "a configuration full of errors is status 2" status_is 2
for line in 3 4 5 6 7 8 9 10 11 13 14 15 16 17 18; do
	expect "the error of line $line is listed with all others" err_has "^(pawl: )?pawl.yml:$line:[0-9]+: "
done
expect "a key that was probably meant is named" err_has 'did you mean .run'
finish
