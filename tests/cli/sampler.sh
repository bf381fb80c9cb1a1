#!/usr/bin/env bash
# Samplers watch programs of every kind and never disturb them; every rung of the ladder is tried, with and without rights.
. tests/cli/lib.sh
. tests/cli/watch.sh

first_cpu=$(sed -nE 's/^Cpus_allowed_list:[[:space:]]*([0-9]+).*/\1/p' /proc/self/status)

works() { run "$bin/drive" "$1" 999 "$report" true; [ "$status" = 0 ]; }

engines=()
for engine in perf timer itimer; do
	if works $engine; then
		engines+=("$engine")
	else
		absent "the engine $engine works here" "$(cat "$scratch/err")"
	fi
done

for engine in "${engines[@]}"; do
	# Of 999 asked for; a timer comes with the kernel's ticks, 100 a second at the least.  `few` are those of a fifth of the work.
	[ "$engine" = perf ] && rate=500 few=40 || rate=50 few=4

	one_cpu=$first_cpu
	expect "$engine: a program runs as it does alone" as_alone "$engine" "$bin/work" plain 100000
	one_cpu=
	expect "$engine: it is sampled" at_least "$(pace)" "$rate"
	expect "$engine: nothing is lost" [ "$(value lost)" = 0 ]
	expect "$engine: nothing troubles it" no_trouble
	# Before main, the dynamic linker works.
	expect "$engine: 99 % of the stacks of a program with frame pointers reach main" \
		at_most "$(lacking main _start _dl_start_user)" $(($(value samples) / 100))
	expect "$engine: and hardly any of all is broken" at_most "$(value broken)" "$(a_hundredth)"
	expect "$engine: the caller of a leaf without frame is there" at_least "$(percent step)" 95
	expect "$engine: so is the leaf" at_least "$(percent mix)" 20
	expect "$engine: a stack of 40 frames is whole" at_least "$(percent descend)" 5

	expect "$engine: a program with threads runs as alone" as_alone "$engine" "$bin/work" threads 20000
	expect "$engine: every thread is seen" at_least "$(percent worker)" 55
	expect "$engine: 99 % of their stacks reach the thread's function or main" \
		at_most "$(lacking main worker _start _dl_start_user start_thread)" "$(a_hundredth)"

	expect "$engine: threads with small stacks run as alone" as_alone "$engine" "$bin/work" small_stacks 20000
	expect "$engine: they are seen, too" at_least "$(percent worker)" 55

	expect "$engine: thousands of short threads run as alone" as_alone "$engine" "$bin/work" many_threads

	expect "$engine: a program that forks runs as alone" as_alone "$engine" "$bin/work" fork 20000
	expect "$engine: its children are seen" at_least "$(cum how_fork)" "$few"
	expect "$engine: their stacks reach main" at_least "$(percent main)" 80

	expect "$engine: a program that executes another runs as alone" as_alone "$engine" "$bin/work" exec 20000
	expect "$engine: both are seen" test "$(cum how_plain)" -gt 0 -a "$(cum how_exec)" -gt 0

	expect "$engine: one that gives the other an environment runs as alone" as_alone "$engine" "$bin/work" exec_told 20000
	expect "$engine: one that executes a static program runs as alone" as_alone "$engine" "$bin/work" exec_static 20000
	[ "$engine" = perf ] && expect "perf: and both are seen" test "$(cum how_plain)" -gt 0 -a "$(cum how_exec_static)" -gt 0

	expect "$engine: a program that exits at once does so" as_alone "$engine" "$bin/work" exit
	expect "$engine: a shell script runs as alone" as_alone "$engine" sh -c "echo before; '$bin/work' plain 20000; exit 3"
	expect "$engine: what it runs is seen" at_least "$(percent work_all)" 50

	expect "$engine: a program that blocks all signals runs as alone" as_alone "$engine" "$bin/work" blocked 20000
	if [ "$engine" = perf ]; then
		expect "perf: it is sampled all the same" at_least "$(percent main)" 80
	else
		expect "$engine: why it has no samples is told" trouble_has 'blocks SIGPROF'
	fi

	expect "$engine: a program that handles SIGPROF itself runs as alone" as_alone "$engine" "$bin/work" own_handler 20000
	if [ "$engine" = perf ]; then
		expect "perf: it is sampled all the same" at_least "$(percent main)" 80
	else
		expect "$engine: that it does is told" trouble_has 'uses SIGPROF'
	fi

	expect "$engine: SIGPROF from somebody else does what it did" as_alone "$engine" "$bin/work" killed 20000

	expect "$engine: handlers on alternate stacks run as alone" as_alone "$engine" "$bin/work" alternate_stack 20000
	expect "$engine: their stacks reach main, through the signal" at_least "$(percent main)" 80
	expect "$engine: coroutines run as alone" as_alone "$engine" "$bin/work" coroutine 20000
	expect "$engine: their stacks are seen" at_least "$(percent run_coroutine)" 80
	expect "$engine: wild frame pointers harm nobody" as_alone "$engine" "$bin/work" wild_frames 20000
	expect "$engine: and make up no frames" at_most "$(lacking main how_wild_frames _start _dl_start_user)" "$(a_hundredth)"

	if "$bin/work_asan" plain 1 >/dev/null 2>&1 || [ $? = 7 ]; then
		expect "$engine: a program with a sanitizer runs as alone" as_alone "$engine" "$bin/work_asan" threads 10000
		expect "$engine: it is seen" at_least "$(percent work_all)" 50
	fi

	expect "$engine: a program with branch protection runs as alone" as_alone "$engine" "$bin/work_signed" plain 50000
	expect "$engine: its stacks are whole" \
		at_most "$(lacking main _start _dl_start_user)" "$(a_hundredth)"
	expect "$engine: and deep" at_least "$(percent descend)" 5

	expect "$engine: a stripped program runs as alone" as_alone "$engine" "$bin/work_stripped" plain 20000
	expect "$engine: it is sampled, by addresses" grep -q '^function \[work_stripped+0x' "$report"

	for fate in deleted replaced; do
		rm -f "$scratch/work" "$scratch/alone"
		cp "$bin/work" "$scratch/work"
		cp "$bin/work" "$scratch/alone"
		run "$scratch/alone" $fate 20000
		mv "$scratch/out" "$scratch/alone.out"
		watch "$engine" "$scratch/work" $fate 20000
		expect "$engine: a program that is $fate while it runs ends as alone" status_is 7
		expect "$engine: $fate, it prints the same" cmp -s "$scratch/out" "$scratch/alone.out"
		expect "$engine: $fate, it is sampled" at_least "$(value samples)" "$few"
		expect "$engine: $fate, no other file gives it names" [ "$(cum broken)" = 0 ]
	done

	# Debug data and frame information that are garbage.
	cp "$bin/work" "$scratch/broken"
	for section in .eh_frame .eh_frame_hdr .debug_info .debug_abbrev .debug_line; do
		at=$(readelf -SW "$bin/work" | sed -nE "s/^ *\[ *[0-9]+\] \\$section +[A-Z0-9_]+ +[0-9a-f]+ +([0-9a-f]+) +([0-9a-f]+) .*/\1 \2/p")
		read -r offset size <<<"$at"
		head -c $((0x$size)) <(yes 'broken') | dd of="$scratch/broken" bs=1 seek=$((0x$offset)) conv=notrunc 2>/dev/null
	done
	expect "$engine: a program with broken debug data runs as alone" as_alone "$engine" "$scratch/broken" plain 20000
	expect "$engine: it is sampled" at_least "$(value samples)" "$few"
done

for engine in timer itimer; do
	expect "$engine: a static program runs as alone" as_alone "$engine" "$bin/work_static" plain 20000
	expect "$engine: that no library can be put into it is told" trouble_has 'statically linked'
	expect "$engine: it has no samples" [ "$(value samples)" = 0 ]
done

if [ "${engines[0]:-}" = perf ]; then
	expect "perf: a static program runs as alone" as_alone perf "$bin/work_static" threads 20000
	expect "perf: its stacks reach main" at_least "$(percent main)" 20
	expect "perf: and hardly any is broken" at_most "$(value broken)" "$(a_hundredth)"

	one_cpu=$first_cpu
	expect "dwarf: a program without frame pointers runs as alone" as_alone perf:dwarf "$bin/work_frameless" threads 20000
	one_cpu=
	expect "dwarf: its stacks are whole" at_most "$(value broken)" "$(a_hundredth)"
	expect "dwarf: and deep" at_least "$(percent descend)" 5
	expect "dwarf: nothing is lost" [ "$(value lost)" = 0 ]

	run "$bin/drive" perf 999 "$report" "$scratch/no such program"
	expect "a program that is not there is an error" err_has 'cannot start it'
fi

# Rungs without rights.
for answer in EPERM ENOSYS; do
	run "$bin/deny" $answer "$bin/drive" perf 999 "$report" "$bin/work" plain 1000
	expect "$answer: perf says that it is refused" err_has '^refused: '
	expect "$answer: it says what enables it" err_has '--cap-add PERFMON'
	run "$bin/deny" $answer "$PAWL" doctor --quick
	expect "$answer: so does pawl doctor" out_has '^ *-> docker run --cap-add PERFMON'
	for engine in timer itimer; do
		run "$bin/deny" $answer "$bin/drive" "$engine" 999 "$report" "$bin/work" plain 20000
		expect "$answer: $engine works all the same" at_least "$(percent main)" 80
	done
done

if [ "$(id -u)" = 0 ]; then
	# A folder that is open to all, and a user that has nothing.
	open=$(mktemp -d /tmp/pawl-test.XXXXXX)
	chmod 777 "$open"
	cp "$bin"/{drive,work} "$open"
	# What a user may lock is shared by all that this user runs.
	uid=$((20000 + $$ % 40000))
	nobody() { setpriv --reuid "$uid" --regid "$uid" --clear-groups env TMPDIR="$open" "$@"; }
	paranoid=$(cat /proc/sys/kernel/perf_event_paranoid)
	report=$open/report
	run nobody "$open/drive" perf 999 "$report" "$open/work" threads 20000
	if [ "$paranoid" -le 2 ]; then
		expect "a user without rights samples with perf" at_least "$(percent worker)" 55
		if [ "$paranoid" = 2 ]; then
			expect "nothing of the kernel is in it" [ "$(cum '[kernel]')" = 0 ]
			expect "and that is told" trouble_has 'perf_event_paranoid=1'
		fi
	else
		expect "a user without rights is told what enables perf" err_has 'sysctl kernel.perf_event_paranoid=1'
	fi
	cp "$bin/hold" "$open"
	run nobody "$open/hold" "$open/drive" perf 999 "$report" "$open/work" plain 1000
	if [ "$status" != 4 ]; then
		expect "where no memory for samples is left, perf is refused" err_has '^refused: '
		expect "and what enables it is told" err_has 'perf_event_mlock_kb'
	else
		skip "where no memory for samples is left, perf is refused" "memory for samples has no limit here, or none at all"
	fi
	for engine in timer itimer; do
		run nobody "$open/drive" "$engine" 999 "$report" "$open/work" threads 20000
		expect "a user without rights samples with $engine" at_least "$(percent worker)" 50
	done

	# A program that gains rights: the owner's, when nobody starts it.
	cp "$bin/work" "$open/setuid"
	chmod 4755 "$open/setuid"
	run nobody "$open/setuid" plain 20000
	cp "$scratch/out" "$scratch/alone.out"
	for engine in perf timer itimer; do
		run nobody "$open/drive" "$engine" 999 "$report" "$open/setuid" plain 20000
		expect "$engine: a setuid program ends as alone" status_is 7
		expect "$engine: setuid, it prints the same" cmp -s "$scratch/out" "$scratch/alone.out"
		expect "$engine: why it has no samples is told" trouble_has 'gain'
	done
	rm -rf "$open"
else
	absent "rungs of the ladder without rights" "only root can become nobody"
fi

finish
