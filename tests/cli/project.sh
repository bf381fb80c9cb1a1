# shellcheck shell=bash
# A small git project with a real google-benchmark suite, for the command-line tests.
#
#   . tests/cli/lib.sh
#   . tests/cli/project.sh
#   project_make DIR       a repository with one commit; its suite is not profiled, which takes time
#   project_slow DIR N     BM_mix and BM_mix_twice call mix(), which now takes N rounds (1000 unchanged)
#   project_commit DIR TEXT

# What git and the cache of worktrees must not take from the user who runs the tests.
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
export GIT_AUTHOR_NAME=test GIT_AUTHOR_EMAIL=test@example.org GIT_COMMITTER_NAME=test GIT_COMMITTER_EMAIL=test@example.org
export XDG_CACHE_HOME=$scratch/cache

project_commit() {
	git -C "$1" add -A && git -C "$1" commit -qm "$2"
}

project_slow() {
	sed -i "s/^#define ROUNDS .*/#define ROUNDS $2/" "$1/work.c"
}

project_make() {
	mkdir -p "$1"
	cat >"$1/work.h" <<-'END'
		#ifdef __cplusplus
		extern "C" {
		#endif
		unsigned mix(unsigned x);
		unsigned other(unsigned x);
		#ifdef __cplusplus
		}
		#endif
	END
	cat >"$1/work.c" <<-'END'
		#include "work.h"
		#define ROUNDS 1000
		unsigned mix(unsigned x)
		{
			for (int i = 0; i < ROUNDS; i++)
				x = x * 2654435761u + (x >> 7);
			return x;
		}
		unsigned other(unsigned x)
		{
			for (int i = 0; i < 800; i++)
				x ^= x << 13, x ^= x >> 17, x ^= x << 5;
			return x;
		}
	END
	cat >"$1/bench.cc" <<-'END'
		#include "work.h"
		#include <algorithm>
		#include <benchmark/benchmark.h>
		#include <vector>
		static void BM_mix(benchmark::State &state)
		{
			unsigned x = 1;
			for (auto _ : state)
				benchmark::DoNotOptimize(x = mix(x));
		}
		BENCHMARK(BM_mix);
		static void BM_mix_twice(benchmark::State &state)
		{
			unsigned x = 1;
			for (auto _ : state) {
				benchmark::DoNotOptimize(x = mix(x));
				benchmark::DoNotOptimize(x = mix(x));
			}
		}
		BENCHMARK(BM_mix_twice);
		static void BM_other(benchmark::State &state)
		{
			unsigned x = 1;
			for (auto _ : state)
				benchmark::DoNotOptimize(x = other(x));
		}
		BENCHMARK(BM_other);
		template <class V> static void BM_sort(benchmark::State &state)
		{
			V v(static_cast<size_t>(state.range(0)));
			for (auto _ : state) {
				unsigned x = 1;
				for (auto &e : v)
					e = static_cast<int>(x = x * 1103515245u + 12345u);
				std::sort(v.begin(), v.end());
				benchmark::DoNotOptimize(v.data());
			}
			state.SetItemsProcessed(state.iterations() * state.range(0));
		}
		BENCHMARK_TEMPLATE(BM_sort, std::vector<int>)->Arg(64)->Arg(512);
		BENCHMARK_MAIN();
	END
	cat >"$1/Makefile" <<-'END'
		suite: bench.o work.o ; g++ -o suite bench.o work.o -lbenchmark -lpthread
		bench.o: bench.cc work.h ; g++ -O2 -c bench.cc
		work.o: work.c work.h ; gcc -O2 -c work.c
	END
	printf '/suite\n*.o\n/pawl-report/\n' >"$1/.gitignore"
	cat >"$1/pawl.yml" <<-'END'
		version: 1
		suites:
		  - name: work
		    build: make -s suite
		    run: [./suite]
		    profile: off
	END
	git -C "$1" init -qb main
	project_commit "$1" "first"
}
