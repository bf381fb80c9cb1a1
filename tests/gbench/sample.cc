// A google-benchmark suite of every shape that pawl must list, select and measure, and with trouble on demand.
//
// SAMPLE_WORK (compile time, default 1000) is the work of one iteration of BM_work: two programs built with different
// values are a base and a head with a known change.
// SAMPLE_LIST=crash|exit|hang|flood|banner|escape|empty makes trouble before anything is listed or measured.
// SAMPLE_TROUBLE=crash|exit|hang|flood|child|daemon makes BM_trouble misbehave; without it BM_trouble is plain.
#include <benchmark/benchmark.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

#ifndef SAMPLE_WORK
#define SAMPLE_WORK 1000
#endif

namespace
{

bool asked(const char *variable, const char *value)
{
	const char *set = getenv(variable);

	return set && strcmp(set, value) == 0;
}

unsigned work(unsigned rounds)
{
	unsigned x = 1;

	for (unsigned i = 0; i < rounds; i++)
		benchmark::DoNotOptimize(x = x * 1664525u + 1013904223u);
	return x;
}

void BM_plain(benchmark::State &state)
{
	for (auto _ : state)
		benchmark::DoNotOptimize(work(100));
}
BENCHMARK(BM_plain);

void BM_work(benchmark::State &state)
{
	for (auto _ : state)
		benchmark::DoNotOptimize(work(SAMPLE_WORK));
}
BENCHMARK(BM_work);

void BM_args(benchmark::State &state)
{
	for (auto _ : state)
		benchmark::DoNotOptimize(work(static_cast<unsigned>(state.range(0))));
	state.SetItemsProcessed(state.iterations() * state.range(0));
	state.SetBytesProcessed(state.iterations() * state.range(0) * 4);
	state.counters["per_op"] = static_cast<double>(state.range(0));
}
BENCHMARK(BM_args)->Args({6, 4})->Args({64, 4})->Args({64, 45})->ArgNames({"n", "m"});
BENCHMARK(BM_args)->Name("BM_arg")->Arg(1)->Arg(11)->Arg(111);

template <class T> void BM_tmpl(benchmark::State &state)
{
	T items{};

	for (auto _ : state)
		benchmark::DoNotOptimize(items);
}
BENCHMARK_TEMPLATE(BM_tmpl, int);
BENCHMARK_TEMPLATE(BM_tmpl, std::vector<int>);
BENCHMARK_TEMPLATE(BM_tmpl, std::vector<int *>);
BENCHMARK_TEMPLATE(BM_tmpl, std::map<std::string, int[4]>);

void BM_reps(benchmark::State &state)
{
	BM_plain(state);
}
BENCHMARK(BM_reps)->Repetitions(3);
BENCHMARK(BM_reps)->Name("BM_aggregates")->Repetitions(3)->ReportAggregatesOnly();
BENCHMARK(BM_reps)->Name("BM_iterations")->Iterations(100);
BENCHMARK(BM_reps)->Name("BM_min_time")->MinTime(0.01);
BENCHMARK(BM_reps)->Name("BM_process")->MeasureProcessCPUTime()->UseRealTime();
BENCHMARK(BM_reps)->Name("BM_threads")->Threads(1)->Threads(2)->UseRealTime();

void BM_manual(benchmark::State &state)
{
	for (auto _ : state)
		state.SetIterationTime(1e-6);
}
BENCHMARK(BM_manual)->UseManualTime()->Iterations(50);

void BM_complexity(benchmark::State &state)
{
	for (auto _ : state)
		benchmark::DoNotOptimize(work(static_cast<unsigned>(state.range(0))));
	state.SetComplexityN(state.range(0));
}
BENCHMARK(BM_complexity)->RangeMultiplier(4)->Range(16, 256)->Complexity();

void BM_error(benchmark::State &state)
{
	state.SkipWithError("the data is \"missing\"");
	for (auto _ : state)
		;
}
BENCHMARK(BM_error);

// The same name twice: pawl tells them apart by their order.
BENCHMARK(BM_plain)->Name("BM_twice");
BENCHMARK(BM_work)->Name("BM_twice");

// A program that a benchmark starts and waits for.
void BM_child(benchmark::State &state)
{
	for (auto _ : state) {
		pid_t child = fork();

		if (child == 0)
			_exit(0);
		waitpid(child, nullptr, 0);
	}
}
BENCHMARK(BM_child);

void hang()
{
	for (;;)
		pause();
}

void flood()
{
	for (;;)
		puts("a line that a program which lost its mind prints again and again");
}

// A child that outlives the program, in the program's process group or in a session of its own.
void leave_child(bool own_session)
{
	if (fork() != 0)
		return;
	if (own_session)
		setsid();
	hang();
}

void BM_trouble(benchmark::State &state)
{
	if (asked("SAMPLE_TROUBLE", "crash")) {
		fputs("sample: about to crash\n", stderr);
		raise(SIGSEGV);
	}
	if (asked("SAMPLE_TROUBLE", "exit"))
		exit(7);
	if (asked("SAMPLE_TROUBLE", "hang"))
		hang();
	if (asked("SAMPLE_TROUBLE", "flood"))
		flood();
	if (asked("SAMPLE_TROUBLE", "child"))
		leave_child(false);
	if (asked("SAMPLE_TROUBLE", "daemon"))
		leave_child(true);
	BM_plain(state);
}
BENCHMARK(BM_trouble);

const char *const odd_names[] = {
	"odd/a.b",
	"odd/aXb",
	"odd/a*b",
	"odd/a+b",
	"odd/a?b",
	"odd/(a)",
	"odd/[a]",
	"odd/{2}",
	"odd/a{2}",
	"odd/a|b",
	"odd/^a",
	"odd/a$",
	"odd/a\\b",
	"odd/a\\d",
	"odd/a b",
	"odd/a,b",
	"odd/a=b",
	"odd/-a",
	"-odd",
	"odd/[[:a:]",
	"odd/<a>",
	"odd/<script>",
	"odd/\"quoted\"",
	"odd/$(touch x)",
	"odd/`touch x`",
	"odd/'; ls",
	"odd/../up",
	"odd/=1+1",
	"odd/\xc3\xa4\xe2\x82\xac",
	"odd/a.b/c",
	"odd/%n%s",
	"odd/a&b;",
	"odd/::warning::x",
	"odd/#a",
	"odd/operator()[]<>",
};

void trouble_at_start()
{
	if (asked("SAMPLE_LIST", "crash")) {
		fputs("sample: one\nsample: two\nsample: three\nsample: four\nsample: five\nsample: six\n", stderr);
		abort();
	}
	if (asked("SAMPLE_LIST", "exit")) {
		fputs("sample: cannot open its data\n", stderr);
		exit(3);
	}
	if (asked("SAMPLE_LIST", "hang"))
		hang();
	if (asked("SAMPLE_LIST", "flood"))
		flood();
	if (asked("SAMPLE_LIST", "banner"))
		puts("Sample Suite 1.0\r");
	if (asked("SAMPLE_LIST", "escape"))
		puts("\033[1mSample\033[0m");
	if (asked("SAMPLE_LIST", "empty"))
		exit(0);
}

} // namespace

int main(int argc, char **argv)
{
	trouble_at_start();
	for (const char *name : odd_names)
		benchmark::RegisterBenchmark(name, BM_plain);
	benchmark::Initialize(&argc, argv);
	if (benchmark::ReportUnrecognizedArguments(argc, argv))
		return 1;
	benchmark::RunSpecifiedBenchmarks();
	return 0;
}
