/* Loading the newest runs of a baseline. */
#include "flow/window.h"

#include "base/regex.h"

#include <stdlib.h>
#include <string.h>

struct keep {
	const struct window_request *request;
	struct regex *filter;
};

static bool compile(struct arena *a, struct keep *k, struct err *err)
{
	if (k->request->filter && !regex_compile(a, k->request->filter, &k->filter, err))
		return err_context(err, "--filter");
	return true;
}

/* The name without the number that tells benchmarks of one name apart, as the filter saw it. */
static const char *listed_name(struct arena *a, const char *bench)
{
	const char *hash = strrchr(bench, '#');

	return hash && hash[1] && strspn(hash + 1, "0123456789") == strlen(hash + 1)
		       ? arena_copy(a, bench, (size_t)(hash - bench))
		       : bench;
}

static bool is_asked_for(struct arena *a, const struct keep *k, const struct slice_table *t)
{
	const struct config *c = k->request->config;
	const char *name = listed_name(a, t->bench);
	bool all = true, configured = false;

	for (size_t i = 0; i < c->suite_count; i++) {
		all = all && (!k->request->wanted || k->request->wanted[i]);
		if (!text_equal(c->suites[i].name, t->suite))
			continue;
		configured = true;
		if (k->request->wanted && !k->request->wanted[i])
			return false;
	}
	/* A suite that the project no longer has is gone, but not when other suites were asked for. */
	if (!configured && !all)
		return false;
	return !k->filter || regex_matches(k->filter, name) ||
	       regex_matches(k->filter, arena_printf(a, "%s/%s", t->suite, name));
}

static void trim(struct arena *a, const struct keep *k, struct run *run)
{
	size_t kept = 0;

	for (size_t i = 0; i < run->table_count; i++) {
		if (is_asked_for(a, k, &run->tables[i]))
			run->tables[kept++] = run->tables[i];
	}
	run->table_count = kept;
}

/* So far back that every series has a full window: a run that was called slower in a series does not count there. */
static size_t first_of_window(const struct store_entry *entries, size_t count, size_t window)
{
	size_t first = count;

	while (first > 0 && window > 0) {
		first--;
		window -= entries[first].slower_count == 0;
	}
	return first;
}

static bool wants_counts(const struct window_request *r)
{
	for (size_t i = 0; i < r->config->suite_count; i++) {
		if ((!r->wanted || r->wanted[i]) && suite_wants_instructions(&r->config->suites[i]))
			return true;
	}
	return false;
}

/* The newest of its machine class among `entries`, which are oldest first in each class. */
static bool is_newest(const struct store_entry *entries, size_t count, size_t at)
{
	for (size_t i = at + 1; i < count; i++) {
		if (text_equal(entries[i].machine_class, entries[at].machine_class))
			return false;
	}
	return true;
}

static int by_start(const void *one, const void *two)
{
	const struct judge_stored *a = one, *b = two;

	return strcmp(a->run->started, b->run->started);
}

/* Counts mean the same on every CPU: the newest run of each other class may serve them. */
static bool load_foreign(struct arena *a, const struct keep *k, const struct store_entry *entries, size_t count,
			 struct window *out, struct err *err)
{
	const struct window_request *r = k->request;

	out->foreign = NEW_ARRAY(a, struct judge_stored, count);
	for (size_t i = 0; i < count; i++) {
		struct run *run;

		if (text_equal(entries[i].machine_class, r->machine_class) || !is_newest(entries, count, i))
			continue;
		run = NEW(a, struct run);
		if (!r->store->kind->load(a, r->store->place, r->baseline, &entries[i], run, err))
			return false;
		trim(a, k, run);
		out->foreign[out->foreign_count++] = (struct judge_stored){
			.run = run, .slower = entries[i].slower, .slower_count = entries[i].slower_count};
	}
	if (out->foreign_count)
		qsort(out->foreign, out->foreign_count, sizeof *out->foreign, by_start);
	return true;
}

bool window_load(struct arena *a, const struct window_request *request, struct window *out, struct err *err)
{
	const struct store_kind *kind = request->store->kind;
	const char *place = request->store->place;
	struct keep keep = {.request = request};
	struct store_entry *entries, *all;
	size_t count, all_count, first;

	*out = (struct window){0};
	if (!compile(a, &keep, err))
		return false;
	if (!kind->list(a, place, request->baseline, request->machine_class, &entries, &count, err))
		return false;
	if (!count || wants_counts(request)) {
		if (!kind->list(a, place, request->baseline, NULL, &all, &all_count, err))
			return false;
		out->other_class = !count && all_count > 0;
		if (wants_counts(request) && !load_foreign(a, &keep, all, all_count, out, err))
			return false;
	}
	if (!count)
		return true;
	first = first_of_window(entries, count, (size_t)request->config->window);
	out->runs = NEW_ARRAY(a, struct judge_stored, count - first);
	for (size_t i = first; i < count; i++) {
		struct run *run = NEW(a, struct run);

		if (!kind->load(a, place, request->baseline, &entries[i], run, err))
			return false;
		trim(a, &keep, run);
		out->runs[out->count++] = (struct judge_stored){
			.run = run, .slower = entries[i].slower, .slower_count = entries[i].slower_count};
	}
	return true;
}
