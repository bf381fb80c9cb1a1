/* One slice: a process, its result file, a row of the slice table. */
#include "flow/measuring.h"

#include "base/clock.h"
#include "base/file.h"
#include "input/input.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

enum {
	RESULT_LIMIT = 64 << 20, /* one benchmark's result is some kilobytes */
	ERROR_LINES = 5,
};

/* What the rows of one benchmark in a result file add up to. */
struct harvest {
	struct arena *arena;
	const struct suite_slice *how;
	struct run_suite *suite;
	struct slice_table *table;
	struct slice *slice;
	double *sums; /* a metric each */
	size_t *counts, sum_capacity;
	size_t ok_rows;
	double real_ns; /* timed loop */
	enum input_status status;
	const char *message;
};

static void add_value(struct harvest *h, const struct input_metric *m)
{
	int column = table_metric(h->table, m->metric.name);

	/* The first value makes the column; the mean is set when all rows are there. */
	if (column < 0) {
		table_set(h->arena, h->table, h->slice, &m->metric, m->value);
		column = table_metric(h->table, m->metric.name);
	}
	if ((size_t)column >= h->sum_capacity)
		return; /* more metrics than the first slice had room for: kept as they came */
	h->sums[column] += m->value;
	h->counts[column]++;
}

/* The library says its version in every result. */
static void take_context(void *to, const struct input_context *context)
{
	struct harvest *h = to;

	if (context->library_version && !*h->suite->program_version)
		h->suite->program_version = arena_string(h->arena, context->library_version);
}

static bool take_row(void *to, const struct input_row *row, struct err *err)
{
	struct harvest *h = to;

	(void)err;
	if (row->kind != INPUT_ITERATION || !text_equal(row->name, h->how->bench) ||
	    row->occurrence != h->how->occurrence)
		return true;
	if (row->status != INPUT_OK) {
		if (h->status == INPUT_OK) {
			h->status = row->status;
			h->message = arena_string(h->arena,
						  row->message && *row->message ? row->message : "no reason given");
		}
		return true;
	}
	h->ok_rows++;
	h->slice->iterations = row->iterations;
	h->slice->threads = row->threads;
	for (size_t i = 0; i < row->metric_count; i++) {
		add_value(h, &row->metrics[i]);
		if (text_equal(row->metrics[i].metric.name, "real_time"))
			h->real_ns += row->metrics[i].value * (double)row->iterations;
	}
	return true;
}

static void put_means(struct harvest *h)
{
	for (size_t i = 0; i < h->table->metric_count && i < h->sum_capacity; i++) {
		if (h->counts[i])
			h->slice->cells[i] = (struct cell){.value = h->sums[i] / (double)h->counts[i], .present = true};
	}
}

static int64_t steal_ns(void)
{
	unsigned long long v[8] = {0};
	FILE *f = fopen("/proc/stat", "re");
	int got = 0;

	if (f) {
		got = fscanf(f, "cpu %llu %llu %llu %llu %llu %llu %llu %llu", &v[0], &v[1], &v[2], &v[3], &v[4], &v[5],
			     &v[6], &v[7]);
		fclose(f);
	}
	return got == 8 ? (int64_t)v[7] * (1000000000 / sysconf(_SC_CLK_TCK)) : 0;
}

static bool is_hidden(const char *entry)
{
	return text_starts(entry, "BENCHMARK_") || text_starts(entry, "PWD=") || text_starts(entry, "OLDPWD=") ||
	       text_starts(entry, "PAWL_PADDING=");
}

const char *const *measuring_env(struct arena *a, const struct measuring *m, enum side side, size_t padding)
{
	size_t count = 0;
	const char **env;
	struct buf pad = {.arena = a};

	while (environ[count])
		count++;
	env = NEW_ARRAY(a, const char *, count + 3);
	count = 0;
	for (char **entry = environ; *entry; entry++) {
		if (!is_hidden(*entry))
			env[count++] = *entry;
	}
	env[count++] = arena_printf(a, "PWD=%s", m->links[side]);
	buf_text(&pad, "PAWL_PADDING=");
	buf_repeat(&pad, 'x', padding);
	env[count++] = buf_string(&pad);
	return env;
}

static enum slice_end ended_badly(struct bench *b, enum side side, enum bench_status status, const char *reason)
{
	b->tables[side]->status = status;
	b->tables[side]->reason = reason;
	return status == BENCH_SKIPPED ? SLICE_SKIPPED : SLICE_FAILED;
}

/* A failure with the last lines that the program wrote about it. */
static enum slice_end failed(struct measuring *m, struct bench *b, enum side side, const struct proc_result *p,
			     const char *what)
{
	struct str last = text_last_lines(p->errors, ERROR_LINES);
	const char *reason = what;

	if (last.size)
		reason = arena_printf(m->arena, "%s\n%.*s", what, (int)last.size, last.at);
	return ended_badly(b, side, BENCH_FAILED, arena_string(m->arena, reason));
}

static void warn_of_strays(struct measuring *m, struct bench *b, enum side side, size_t count)
{
	struct run *run = m->sides[side]->run;
	const char *text =
		arena_printf(m->arena, "%s leaves processes running behind its back; they were ended", b->title);

	for (size_t i = 0; i < run->warning_count; i++) {
		if (text_equal(run->warnings[i], text))
			return;
	}
	if (count)
		run_warn(m->arena, run, "%s", text);
}

/* Reads the result file into the slice. */
static enum slice_end harvest(struct measuring *m, struct arena *a, struct bench *b, const struct slice_place *place,
			      const struct proc_result *p, struct slice *slice)
{
	const struct input_format *format = input_find(b->programs[place->side]->settings->kind->format);
	struct slice_table *t = b->tables[place->side];
	enum { SPARE = 64 };
	struct harvest h = {.arena = m->arena, .how = &place->how, .table = t, .slice = slice};
	struct input_sink sink = {.to = &h, .row = take_row, .context = take_context};
	struct str text;
	struct err err;

	h.suite = run_find_suite(m->sides[place->side]->run, b->suite);
	h.sum_capacity = t->metric_count + SPARE;
	h.sums = NEW_ARRAY(a, double, h.sum_capacity);
	h.counts = NEW_ARRAY(a, size_t, h.sum_capacity);
	if (!file_exists(m->out_path))
		return failed(m, b, place->side, p, "wrote no result file (--benchmark_out)");
	if (!file_read(a, m->out_path, RESULT_LIMIT, &text, &err))
		return failed(m, b, place->side, p, err.text);
	if (!text.size)
		return failed(m, b, place->side, p, "wrote an empty result: is it in the list, but not run?");
	if (!format->read(a, "its result", text, &sink, &err))
		return failed(m, b, place->side, p, err.text);
	if (h.status == INPUT_SKIPPED)
		return ended_badly(b, place->side, BENCH_SKIPPED, h.message);
	if (h.status == INPUT_ERROR)
		return ended_badly(b, place->side, BENCH_FAILED, h.message);
	if (!h.ok_rows)
		return failed(m, b, place->side, p, "is listed, but its result holds no row of that name");
	put_means(&h);
	slice->repetitions = (int64_t)h.ok_rows;
	slice->setup_ns = slice->wall_ns > (int64_t)h.real_ns ? slice->wall_ns - (int64_t)h.real_ns : 0;
	return SLICE_OK;
}

static void put_process(struct measuring *m, struct slice *s, const struct slice_place *place,
			const struct proc_result *p, int64_t stolen)
{
	s->block = place->block;
	s->position = place->position;
	s->side = place->side;
	s->phase = place->phase;
	s->start_ns = p->start_ns - m->started_ns;
	s->wall_ns = p->wall_ns;
	s->user_ns = p->user_ns;
	s->sys_ns = p->sys_ns;
	s->cpu = place->cpu;
	s->voluntary_switches = p->voluntary_switches;
	s->involuntary_switches = p->involuntary_switches;
	s->steal_ns = stolen;
}

/* Runs the process.  SLICE_OK: it ended well, whatever its result is. */
static enum slice_end run_process(struct measuring *m, struct arena *a, struct bench *b,
				  const struct slice_place *place, struct proc_result *p)
{
	struct suite_program *program = b->programs[place->side];
	struct suite_slice how = place->how;
	struct proc_spec spec = {
		.env = measuring_env(a, m, place->side, place->padding),
		.cwd = program->cwd,
		.timeout_ns = program->settings->timeout_ns,
		.pinned = place->cpu >= 0,
		.cpu = place->cpu,
		.watch_threads = place->watch_threads,
	};
	struct err err;

	how.out_path = m->out_path;
	spec.argv = program->settings->kind->slice_argv(a, program, &how);
	unlink(m->out_path);
	if (!proc_run(a, &spec, p, &err))
		return ended_badly(b, place->side, BENCH_FAILED, arena_string(m->arena, err.text));
	if (p->end == PROC_INTERRUPTED)
		return SLICE_INTERRUPTED;
	warn_of_strays(m, b, place->side, p->stray_count);
	if (p->end != PROC_EXITED || p->code != 0)
		return failed(m, b, place->side, p, proc_describe(a, p));
	return SLICE_OK;
}

enum slice_end measuring_slice(struct measuring *m, struct bench *b, const struct slice_place *place, int *threads)
{
	static const struct metric max_rss = {"max_rss", "bytes", CATEGORY_RESOURCE};
	struct slice_table *t = b->tables[place->side];
	struct arena *a = arena_open_child(m->arena);
	size_t count = t->slice_count;
	int64_t stolen = steal_ns();
	struct proc_result p = {0};
	enum slice_end end = run_process(m, a, b, place, &p);

	if (threads)
		*threads = p.thread_peak;
	if (end == SLICE_OK) {
		struct slice *slice = table_add_slice(m->arena, t);

		put_process(m, slice, place, &p, steal_ns() - stolen);
		end = harvest(m, a, b, place, &p, slice);
		if (end == SLICE_OK)
			table_set(m->arena, t, slice, &max_rss, (double)p.max_rss_bytes);
		else
			t->slice_count = count; /* a slice without a result is none */
	}
	arena_close(a);
	return end;
}
