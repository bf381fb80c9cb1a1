# Writes a result file as google-benchmark 1.5 does, with made-up times: the same arguments give the same bytes.
#
#   awk -f tests/gen_results.awk -v benchmarks=1000 -v repetitions=20 -v seed=1 -v slower=100
#
# Every `slower`-th benchmark takes 1.3 times as long; 0 or nothing: none does.

# Park and Miller's generator (Communications of the ACM 31, 1988): its products are whole in a double.
function draw() {
	state = (state * 16807) % 2147483647
	return state / 2147483647
}

# Roughly normal: the sum of twelve.
function noise(    sum, k) {
	sum = -6
	for (k = 0; k < 12; k++)
		sum += draw()
	return sum
}

BEGIN {
	state = seed + 0 > 0 ? seed + 0 : 1
	printf "{\n  \"context\": {\n    \"date\": \"2026-11-21T00:13:06+00:00\",\n    \"host_name\": \"example\",\n"
	printf "    \"executable\": \"./suite\",\n    \"num_cpus\": 2,\n    \"mhz_per_cpu\": 2000,\n"
	printf "    \"cpu_scaling_enabled\": false,\n    \"caches\": [\n    ],\n    \"load_avg\": [0.75146,0.12109,0.53906],\n"
	printf "    \"library_build_type\": \"release\"\n"
	printf "  },\n  \"benchmarks\": ["
	for (b = 0; b < benchmarks; b++) {
		name = sprintf("BM_case_%d/size:%d", b, 8 * (b % 100 + 1))
		level = (20 + b % 977 * 13.7) * (slower + 0 > 0 && b % slower == 0 ? 1.3 : 1)
		for (r = 0; r < repetitions; r++) {
			time = level * (1 + 0.01 * noise())
			printf "%s\n    {\n      \"name\": \"%s\",\n", b + r ? "," : "", name
			printf "      \"run_name\": \"%s\",\n", name
			printf "      \"run_type\": \"iteration\",\n      \"repetitions\": %d,\n", repetitions
			printf "      \"repetition_index\": %d,\n      \"threads\": 1,\n", r
			printf "      \"iterations\": %d,\n", 1e9 / level
			printf "      \"real_time\": %.16e,\n      \"cpu_time\": %.16e,\n", time * (1 + 0.002 * draw()), time
			printf "      \"time_unit\": \"ns\"\n    }"
		}
	}
	printf "\n  ]\n}\n"
}
