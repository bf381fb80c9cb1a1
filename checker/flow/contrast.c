/* Differences of two runs, collected by kind so that a thousand benchmarks give one line. */
#include "flow/contrast.h"

#include "base/text.h"
#include "flow/load.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

/* Names that one line gives. */
enum { NAMES = 5 };

static void note(struct arena *a, struct contrast *c, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void note(struct arena *a, struct contrast *c, const char *format, ...)
{
	va_list args;

	c->notes = arena_reserve(a, c->notes, c->count, &c->capacity, sizeof *c->notes);
	va_start(args, format);
	c->notes[c->count++] = arena_vprintf(a, format, args);
	va_end(args);
}

static bool is_result_file(const struct run *r)
{
	return r->suite_count == 1 && text_equal(r->suites[0].name, LOAD_SUITE);
}

static void rename_suite(struct arena *a, struct run *r, const char *name)
{
	struct run renamed = *r;

	renamed.tables = NULL;
	renamed.table_count = renamed.table_capacity = 0;
	renamed.index = NULL;
	renamed.index_room = renamed.index_count = 0;
	for (size_t i = 0; i < r->table_count; i++) {
		struct slice_table *t = run_add(a, &renamed, name, r->tables[i].bench);
		const char *suite = t->suite;

		*t = r->tables[i];
		t->suite = suite;
	}
	renamed.suites[0].name = arena_string(a, name);
	*r = renamed;
}

bool contrast_adopt_suite(struct arena *a, struct run *base, struct run *head)
{
	if (base->suite_count != 1 || head->suite_count != 1 || is_result_file(base) == is_result_file(head))
		return false;
	if (is_result_file(base))
		rename_suite(a, base, head->suites[0].name);
	else
		rename_suite(a, head, base->suites[0].name);
	return true;
}

/* Suites of one run that the other has not. */
static void note_suites(struct arena *a, struct contrast *c, const struct run *run, const struct run *other,
			const char *side)
{
	for (size_t i = 0; i < run->suite_count; i++) {
		if (!run->suites[i].absent && !run_find_suite(other, run->suites[i].name))
			note(a, c, "suite %s is only in the %s", run->suites[i].name, side);
	}
}

/* A metric that differs, and in how many benchmarks. */
struct odd {
	const char *metric, *base_unit, *head_unit; /* a unit is NULL where the side has no such metric */
	const char *bench;                          /* the first one */
	size_t count;
};

struct odds {
	struct odd *items;
	size_t count, capacity;
};

static bool same_text(const char *one, const char *two)
{
	return one == two || (one && two && text_equal(one, two));
}

static void add_odd(struct arena *a, struct odds *odds, const char *bench, const char *metric, const char *base_unit,
		    const char *head_unit)
{
	for (size_t i = 0; i < odds->count; i++) {
		struct odd *o = &odds->items[i];

		if (text_equal(o->metric, metric) && same_text(o->base_unit, base_unit) &&
		    same_text(o->head_unit, head_unit)) {
			o->count++;
			return;
		}
	}
	odds->items = arena_reserve(a, odds->items, odds->count, &odds->capacity, sizeof *odds->items);
	odds->items[odds->count++] = (struct odd){metric, base_unit, head_unit, bench, 1};
}

static void compare_metrics(struct arena *a, struct odds *odds, const struct slice_table *base,
			    const struct slice_table *head)
{
	for (size_t i = 0; i < base->metric_count; i++) {
		const struct metric *m = &base->metrics[i];
		int at = table_metric(head, m->name);

		if (at < 0)
			add_odd(a, odds, base->bench, m->name, m->unit, NULL);
		else if (!text_equal(m->unit, head->metrics[at].unit))
			add_odd(a, odds, base->bench, m->name, m->unit, head->metrics[at].unit);
	}
	for (size_t i = 0; i < head->metric_count; i++) {
		const struct metric *m = &head->metrics[i];

		if (table_metric(base, m->name) < 0)
			add_odd(a, odds, head->bench, m->name, NULL, m->unit);
	}
}

static int by_metric(const void *left, const void *right)
{
	const struct odd *a = left, *b = right;
	int order = strcmp(a->metric, b->metric);

	return order ? order : (a->base_unit != NULL) - (b->base_unit != NULL);
}

static const char *where(struct arena *a, const struct odd *o)
{
	return o->count == 1 ? o->bench : arena_printf(a, "%zu benchmarks, the first is %s", o->count, o->bench);
}

static void note_metrics(struct arena *a, struct contrast *c, const struct run *base, const struct run *head)
{
	struct odds odds = {0};

	for (size_t i = 0; i < base->table_count; i++) {
		const struct slice_table *t = &base->tables[i], *other = run_find(head, t->suite, t->bench);

		if (other && t->status == BENCH_MEASURED && other->status == BENCH_MEASURED)
			compare_metrics(a, &odds, t, other);
	}
	if (odds.count)
		qsort(odds.items, odds.count, sizeof *odds.items, by_metric);
	for (size_t i = 0; i < odds.count; i++) {
		const struct odd *o = &odds.items[i];

		if (!o->head_unit || !o->base_unit)
			note(a, c, "metric %s is only in the %s (%s)", o->metric, o->base_unit ? "base" : "head",
			     where(a, o));
		else
			note(a, c,
			     "metric %s is in '%s' in the base and in '%s' in the head, which is not compared (%s)",
			     o->metric, o->base_unit, o->head_unit, where(a, o));
	}
}

/* Both say it, and not the same. */
static bool differ(const char *base, const char *head)
{
	return base && head && *base && *head && !text_equal(base, head);
}

static void note_machines(struct arena *a, struct contrast *c, const struct run *base, const struct run *head)
{
	const struct host *b = &base->host, *h = &head->host;
	const struct {
		const char *what, *base, *head;
	} facts[] = {
		{"kernels", b->kernel, h->kernel},          {"governors", b->governor, h->governor},
		{"C libraries", b->libc, h->libc},          {"compilers", b->compiler, h->compiler},
		{"CPU models", b->cpu_model, h->cpu_model},
	};

	c->other_class = differ(b->machine_class, h->machine_class);
	if (c->other_class)
		note(a, c, "measured on machines of different classes: %s and %s", b->machine_class, h->machine_class);
	else if (b->cores > 0 && h->cores > 0 && b->cores != h->cores)
		note(a, c, "measured on machines with %lld and %lld cores: times are hardly comparable",
		     (long long)b->cores, (long long)h->cores);
	for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++) {
		if (differ(facts[i].base, facts[i].head))
			note(a, c, "measured with different %s: %s and %s", facts[i].what, facts[i].base,
			     facts[i].head);
	}
}

static void note_libraries(struct arena *a, struct contrast *c, const struct run *base, const struct run *head)
{
	for (size_t i = 0; i < base->suite_count; i++) {
		const struct run_suite *s = &base->suites[i], *other = run_find_suite(head, s->name);

		if (other && differ(s->program_version, other->program_version))
			note(a, c, "suite %s was measured with versions %s and %s of its benchmark library", s->name,
			     s->program_version, other->program_version);
		if (other && differ(s->config_digest, other->config_digest))
			note(a, c, "suite %s was measured with different settings", s->name);
	}
}

static bool have_common(const struct run *base, const struct run *head)
{
	for (size_t i = 0; i < base->table_count; i++) {
		if (run_find(head, base->tables[i].suite, base->tables[i].bench))
			return true;
	}
	return false;
}

static const char *some_names(struct arena *a, const struct run *r)
{
	struct buf out = {.arena = a};

	for (size_t i = 0; i < r->table_count && i < NAMES; i++)
		buf_printf(&out, "%s%s/%s", i ? ", " : "", r->tables[i].suite, r->tables[i].bench);
	if (r->table_count > NAMES)
		buf_text(&out, ", …");
	return buf_string(&out);
}

struct contrast contrast_runs(struct arena *a, const struct run *base, const struct run *head)
{
	struct contrast c = {0};

	if (base->table_count && head->table_count && !have_common(base, head))
		note(a, &c, "no benchmark is in both: the base has %s, the head %s", some_names(a, base),
		     some_names(a, head));
	note_suites(a, &c, base, head, "base");
	note_suites(a, &c, head, base, "head");
	note_machines(a, &c, base, head);
	note_libraries(a, &c, base, head);
	note_metrics(a, &c, base, head);
	return c;
}
