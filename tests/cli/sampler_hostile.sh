#!/usr/bin/env bash
# Programs that would notice a sampler inside them do what they do alone, and what it could not see it says.
. tests/cli/lib.sh
. tests/cli/watch.sh

dynamic_linker=$(readelf -lW "$bin/hostile" | sed -n 's/.*interpreter: \(.*\)]$/\1/p')

if "$bin/drive" perf 999 "$report" true >"$scratch/out" 2>"$scratch/err"; then
	expect "perf: threads that live shorter than a period run as alone" as_alone perf "$bin/hostile" short_threads
	expect "perf: that they were not seen is told" trouble_has 'live shorter than'
	if [ "$(id -u)" = 0 ] && unshare -m mount --bind /dev/null /sys/devices/system/cpu/possible 2>/dev/null; then
		printf '0\n' >"$scratch/possible"
		last=$(sed 's/.*[-,]//' /sys/devices/system/cpu/online)
		run unshare -m sh -c "mount --bind '$scratch/possible' /sys/devices/system/cpu/possible && exec taskset -c $last \"\$@\"" \
			sh "$bin/drive" perf 999 "$report" "$bin/work" plain 10000
		expect "perf: a CPU that the system does not list is watched where the program runs on it" at_least "$(percent main)" 80
	else
		skip "perf: a CPU that the system does not list is watched" "only root may hide one"
	fi
else
	absent "the engine perf works here" "$(cat "$scratch/err")"
fi

for engine in timer itimer; do
	if ! "$bin/drive" "$engine" 999 "$report" true >"$scratch/out" 2>"$scratch/err"; then
		absent "the engine $engine works here" "$(cat "$scratch/err")"
		continue
	fi
	expect "$engine: threads of C11 run as alone" as_alone "$engine" "$bin/hostile" c11_thread
	expect "$engine: they are seen" at_least "$(percent c11_worker)" 80

	expect "$engine: a program that waits for any signal gets none of the sampler's" as_alone "$engine" "$bin/hostile" waits
	expect "$engine: one that reads signals gets none of the sampler's" as_alone "$engine" "$bin/hostile" signalfd
	expect "$engine: that it is sampled no more is told" trouble_has 'uses SIGPROF'
	expect "$engine: an alternate stack that is too small for signals harms nobody" \
		as_alone "$engine" "$bin/hostile" small_alternate_stack
	expect "$engine: its program is sampled" at_least "$(percent how_small_alternate_stack)" 80
	expect "$engine: a handler that serves once is not used up" as_alone "$engine" "$bin/hostile" sysv_handler
	expect "$engine: a program that allows itself few system calls runs as alone" as_alone "$engine" "$bin/hostile" few_calls
	expect "$engine: that it does is told" trouble_has 'seccomp'

	expect "$engine: a program that executes a static one by the system call alone runs as alone" \
		as_alone "$engine" "$bin/hostile" raw_exec "$bin/work_static" plain 10000
	expect "$engine: a signal that waits does not end the program that is executed" \
		as_alone "$engine" "$bin/hostile" blocked_exec "$bin/hostile"

	as_alone "$engine" "$bin/hostile" plugins "$bin/plugin_a.so" "$bin/plugin_b.so"
	expect "$engine: a program that unloads a library runs as alone" [ "$status" = 7 ]
	expect "$engine: both libraries are at one place" out_lacks elsewhere
	expect "$engine: the next library there keeps its name" at_least "$(percent plugin_b)" 50
	expect "$engine: so does the first one" at_least "$(percent plugin_a)" 15

	# A sampler below another one: its program is its own.
	as_alone "$engine" "$bin/work" plain 5000
	cp "$done_alone.out" "$scratch/once.out"
	watch "$engine" "$bin/drive" timer 999 "$scratch/inner" "$bin/work" plain 5000
	expect "$engine: a program below two samplers ends as alone" [ "$status" = 7 ]
	expect "$engine: and prints the same" cmp -s "$scratch/out" "$scratch/once.out"
	expect "$engine: the inner one sees it" file_has "$scratch/inner" '^function how_plain cum [1-9]'

	# Another C library: another dynamic linker, which is a copy here, so that it says what it was given.
	cp "$dynamic_linker" "$scratch/ld.so"
	if cc -D_GNU_SOURCE -O2 -o "$scratch/other" tests/sampling/hostile.c "-Wl,--dynamic-linker=$scratch/ld.so" -pthread \
		2>"$scratch/err"; then
		for how in exec spawn; do
			expect "$engine: a program of another C library is left alone ($how)" \
				as_alone "$engine" "$bin/hostile" $how "$scratch/other"
			expect "$engine: it has no library of ours ($how)" out_has '^none$'
		done
		expect "$engine: so is one that a shell executes" as_alone "$engine" sh -c "'$scratch/other'"
		expect "$engine: what others preload stays" \
			as_alone "$engine" env "LD_PRELOAD=$bin/plugin_a.so" "$bin/hostile" exec "$scratch/other"
	else
		absent "$engine: a program of another C library is left alone" "there is no cc"
	fi
	if musl-gcc -O2 -o "$scratch/spin" tests/sampling/spin.c 2>/dev/null; then
		for how in exec spawn; do
			expect "$engine: a program of musl runs as alone ($how)" as_alone "$engine" "$bin/hostile" $how "$scratch/spin"
			expect "$engine: it did run ($how)" out_has '^done$'
			expect "$engine: that it was not seen is told ($how)" trouble_has 'another C library'
		done
		expect "$engine: a program of musl that is started itself runs as alone" as_alone "$engine" "$scratch/spin"
		expect "$engine: and why it has no samples is told" trouble_has 'another C library'
	else
		absent "$engine: a program of musl runs as alone" "there is no musl-gcc"
	fi
	if cc -m32 -O2 -DBARE -fno-pic -no-pie -nostdlib -o "$scratch/spin32" tests/sampling/spin.c /lib32/libc.so.6 \
		-Wl,--dynamic-linker=/lib/ld-linux.so.2 2>/dev/null && "$scratch/spin32" >/dev/null; [ $? = 7 ]; then
		expect "$engine: a program of 32 bits runs as alone" as_alone "$engine" "$bin/hostile" exec "$scratch/spin32"
		expect "$engine: that it was not seen is told" trouble_has 'kind of machine'
	else
		skip "$engine: a program of 32 bits runs as alone" "no such program runs here"
	fi
	if [ "$(id -u)" = 0 ]; then
		other=$(mktemp -d /tmp/pawl-test.XXXXXX)
		chmod 755 "$other"
		cp "$bin/work" "$other"
		expect "$engine: a program of another user runs as alone" as_alone "$engine" "$bin/hostile" other_user "$other/work"
		rm -rf "$other"
	else
		absent "$engine: a program of another user runs as alone" "only root can become nobody"
	fi
done

finish
