/* From a process and its result file to slices. */
#include "flow/measuring.h"

#include "input/input.h"

#include <string.h>

enum {
	SPARE_METRICS = 64, /* columns that a slice may add to its table */
};

/* What the rows of one benchmark add up to. */
struct sheaf {
	struct bench *bench;
	struct slice_table *table; /* NULL: not wanted, or given up before */
	struct slice *slice;
	double *sums; /* a metric each */
	size_t *counts, capacity;
	size_t rows;
	bool mean;      /* what was added is the mean that the program made itself */
	double real_ns; /* timed loop */
};

struct harvest {
	struct measuring *m;
	struct arena *arena; /* of this slice */
	const struct slice_place *place;
	const struct slice_result *result;
	struct run_suite *suite;
	struct sheaf *sheaves;
	size_t count, next; /* where the next row is looked for first: rows mostly come in order */
	bool whole_suite;
	enum suite_clock clock;
};

static void put_process(const struct harvest *h, struct slice *s)
{
	const struct proc_result *p = &h->result->process;

	s->block = h->place->block;
	s->position = h->place->position;
	s->side = h->place->side;
	s->phase = h->place->phase;
	s->start_ns = p->start_ns - h->m->started_ns;
	s->wall_ns = p->wall_ns;
	s->user_ns = p->user_ns;
	s->sys_ns = p->sys_ns;
	s->cpu = h->place->cpu;
	s->voluntary_switches = p->voluntary_switches;
	s->involuntary_switches = p->involuntary_switches;
	s->steal_ns = h->result->stolen_ns;
	s->iterations = s->repetitions = s->threads = 1;
}

static void start_sheaf(struct harvest *h, struct sheaf *s)
{
	s->slice = table_add_slice(h->m->arena, s->table);
	s->capacity = s->table->metric_count + SPARE_METRICS;
	s->sums = NEW_ARRAY(h->arena, double, s->capacity);
	s->counts = NEW_ARRAY(h->arena, size_t, s->capacity);
	put_process(h, s->slice);
}

static void give_up(struct harvest *h, struct sheaf *s, enum bench_status status, const char *reason)
{
	s->table->status = status;
	s->table->reason = arena_string(h->m->arena, reason && *reason ? reason : "no reason given");
	/* A slice without a whole result is none. */
	if (s->slice)
		s->table->slice_count--;
	s->table = NULL;
}

static struct sheaf *find_sheaf(struct harvest *h, const char *name, size_t occurrence)
{
	for (size_t i = 0; i < h->count; i++) {
		size_t at = (h->next + i) % h->count;
		struct sheaf *s = &h->sheaves[at];

		const char *own = s->bench->names[h->place->side];

		if (own && s->bench->occurrence == occurrence && text_equal(own, name)) {
			h->next = at;
			return s;
		}
	}
	return NULL;
}

static void add_value(struct harvest *h, struct sheaf *s, const struct input_metric *m)
{
	int column = table_metric(s->table, m->metric.name);

	if (column < 0) {
		table_set(h->m->arena, s->table, s->slice, &m->metric, m->value);
		column = table_metric(s->table, m->metric.name);
	}
	if ((size_t)column >= s->capacity)
		return; /* more new metrics than anybody has: the first value stays */
	s->sums[column] += m->value;
	s->counts[column]++;
}

static bool take_row(void *to, const struct input_row *row, struct err *err)
{
	struct harvest *h = to;
	struct sheaf *s;
	/* Where one process measures all, its mean is as good as the values behind it. */
	bool mean = h->whole_suite && row->kind == INPUT_AGGREGATE && text_equal(row->statistic, "mean") && *row->of;

	(void)err;
	if (row->kind != INPUT_ITERATION && !mean)
		return true;
	s = find_sheaf(h, mean ? row->of : row->name, row->occurrence);
	if (!s || !s->table || (mean && s->rows && !s->mean))
		return true;
	s->mean = mean;
	if (row->status != INPUT_OK) {
		give_up(h, s, row->status == INPUT_SKIPPED ? BENCH_SKIPPED : BENCH_FAILED, row->message);
		return true;
	}
	if (!s->slice)
		start_sheaf(h, s);
	s->rows++;
	s->slice->iterations = row->iterations;
	s->slice->threads = row->threads;
	for (size_t i = 0; i < row->metric_count; i++) {
		add_value(h, s, &row->metrics[i]);
		if (text_equal(row->metrics[i].metric.name, "real_time"))
			s->real_ns += row->metrics[i].value * (double)row->iterations;
	}
	return true;
}

/* The library says its version in every result. */
static void take_context(void *to, const struct input_context *context)
{
	struct harvest *h = to;

	if (context->library_version && !*h->suite->program_version)
		h->suite->program_version = arena_string(h->m->arena, context->library_version);
}

static void finish_sheaf(struct harvest *h, struct sheaf *s)
{
	static const struct metric max_rss = {"max_rss", "bytes", CATEGORY_RESOURCE};
	const struct proc_result *p = &h->result->process;

	for (size_t i = 0; i < s->table->metric_count && i < s->capacity; i++) {
		if (s->counts[i])
			s->slice->cells[i] = (struct cell){.value = s->sums[i] / (double)s->counts[i], .present = true};
	}
	s->slice->repetitions = (int64_t)s->rows;
	s->slice->setup_ns = p->wall_ns > (int64_t)s->real_ns ? p->wall_ns - (int64_t)s->real_ns : 0;
	if (h->clock == CLOCK_AUTO)
		table_mend_clock(s->table);
	/* The memory of a process is nobody's when many share it. */
	if (!h->whole_suite)
		table_set(h->m->arena, s->table, s->slice, &max_rss, (double)p->max_rss_bytes);
}

static void harvest_file(struct harvest *h, const struct suite_program *program)
{
	struct err err;
	struct input_sink sink = {.to = h, .row = take_row, .context = take_context};
	bool ok = slice_read_result(h->arena, h->m, program, h->result, &sink, &err);
	const char *missing = h->whole_suite ? "was there at first, but this result holds no row of that name"
					     : "is listed, but its result holds no row of that name";

	for (size_t i = 0; i < h->count; i++) {
		struct sheaf *s = &h->sheaves[i];

		if (!s->table)
			continue;
		if (!ok)
			give_up(h, s, BENCH_FAILED, slice_reason(h->arena, err.text, &h->result->process));
		else if (!s->rows)
			give_up(h, s, BENCH_FAILED, slice_reason(h->arena, missing, &h->result->process));
		else
			finish_sheaf(h, s);
	}
}

/* The process is the result: its times, its memory, what it asked of the system. */
static void harvest_process(struct harvest *h)
{
	const struct proc_result *p = &h->result->process;
	const struct {
		struct metric metric;
		int64_t value;
	} values[] = {
		{{"real_time", "ns", CATEGORY_LATENCY}, p->wall_ns},
		{{"cpu_time", "ns", CATEGORY_LATENCY}, p->user_ns + p->sys_ns},
		{{"user_time", "ns", CATEGORY_LATENCY}, p->user_ns},
		{{"sys_time", "ns", CATEGORY_LATENCY}, p->sys_ns},
		{{"max_rss", "bytes", CATEGORY_RESOURCE}, p->max_rss_bytes},
		{{"minor_faults", "faults", CATEGORY_RESOURCE}, p->minor_faults},
		{{"major_faults", "faults", CATEGORY_RESOURCE}, p->major_faults},
		{{"voluntary_switches", "switches", CATEGORY_RESOURCE}, p->voluntary_switches},
		{{"involuntary_switches", "switches", CATEGORY_RESOURCE}, p->involuntary_switches},
		{{"read_bytes", "bytes", CATEGORY_RESOURCE}, p->read_bytes},
		{{"written_bytes", "bytes", CATEGORY_RESOURCE}, p->written_bytes},
	};
	struct sheaf *s = &h->sheaves[0];

	start_sheaf(h, s);
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		table_set(h->m->arena, s->table, s->slice, &values[i].metric, (double)values[i].value);
}

void slice_harvest(struct measuring *m, struct arena *a, struct job *j, const struct slice_place *place,
		   const struct slice_result *result)
{
	const struct suite_program *program = j->programs[place->side];
	struct harvest h = {
		.m = m,
		.arena = a,
		.place = place,
		.result = result,
		.suite = run_find_suite(m->sides[place->side]->run, j->settings->name),
		.sheaves = NEW_ARRAY(a, struct sheaf, j->bench_count),
		.count = j->bench_count,
		.whole_suite = j->settings->kind->whole_suite,
		.clock = j->settings->clock,
	};

	for (size_t i = 0; i < j->bench_count; i++) {
		struct slice_table *t = j->benches[i].tables[place->side];

		h.sheaves[i].bench = &j->benches[i];
		h.sheaves[i].table = t && t->status == BENCH_MEASURED ? t : NULL;
	}
	if (j->settings->kind->format)
		harvest_file(&h, program);
	else if (h.sheaves[0].table)
		harvest_process(&h);
}
