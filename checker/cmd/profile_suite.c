/* pawl profile VIEW --suite S: the profiles that a check or a stored run left. */
#include "cmd/profile.h"

#include "base/file.h"
#include "base/json.h"
#include "cmd/hottest.h"
#include "cmd/project.h"
#include "flow/hot.h"
#include "flow/stacks.h"
#include "graph/merge.h"
#include "model/run_json.h"
#include "store/store.h"

#include <stdio.h>

enum {
	TOP_ROWS = 20,
	TOP_BENCHES = 3, /* of a row */
	NAME_COLUMNS = 50,
};

/* Where the profiles are from. */
struct suite_run {
	struct run run;
	const char *source; /* "pawl-report/head.json", "baseline main, 4f2a91c" */
};

static size_t count_stacks(const struct run *run, const char *suite)
{
	size_t count = 0;

	for (size_t i = 0; i < run->table_count; i++)
		count += text_equal(run->tables[i].suite, suite) && run->tables[i].profile.stacks;
	return count;
}

/* The run that the last check or `pawl run --profile` left in a file. */
static bool from_file(struct arena *a, const char *path, const char *suite, struct suite_run *out, struct err *err)
{
	struct str text;

	if (!file_exists(path))
		return true;
	if (!file_read(a, path, FILE_LIMIT, &text, err) || !run_from_json(a, path, text, &out->run, err))
		return false;
	for (size_t i = 0; i < out->run.table_count; i++) {
		if (!stacks_read(a, &out->run.tables[i], path_folder(a, path), err))
			return false;
	}
	if (count_stacks(&out->run, suite))
		out->source = path;
	return true;
}

static bool from_store(struct arena *a, const struct project *p, const char *suite, struct suite_run *out,
		       struct err *err)
{
	const char *baseline = p->config.baseline_name;
	struct store_entry *entries;
	struct store store;
	size_t count;

	if (!project_store(a, p, &store, err) ||
	    !store.kind->list(a, store.place, baseline, NULL, &entries, &count, err))
		return false;
	while (count-- > 0 && !out->source) {
		const struct store_entry *e = &entries[count];

		if (!store.kind->load(a, store.place, baseline, e, &out->run, err))
			return false;
		for (size_t i = 0; i < out->run.table_count; i++) {
			if (!stacks_load(a, &out->run.tables[i], &store, baseline, e->machine_class, err))
				return false;
		}
		if (count_stacks(&out->run, suite))
			out->source = arena_printf(a, "baseline %s, run %.12s of %s", baseline, e->id, e->started);
	}
	return true;
}

static bool load(struct profile_call *call, struct suite_run *out, struct err *err)
{
	struct arena *a = call->arena;
	const char *suite = call->options->suite;
	const struct option_texts wanted = {.items = &suite, .count = 1};
	struct project project;
	const char *report;

	if (!project_open(a, call->options->config, &wanted, &project, err))
		return false;
	report = path_join(a, project.config.report_dir, "head.json");
	*out = (struct suite_run){.source = NULL};
	if (!from_file(a, report, suite, out, err) ||
	    (!out->source && !from_file(a, "pawl-run.json", suite, out, err)) ||
	    (!out->source && !from_store(a, &project, suite, out, err)))
		return false;
	return out->source || err_set(err,
				      "no profile of the suite %s: neither %s nor the stored runs have one; `pawl run "
				      "--profile --suite "
				      "%s` makes them",
				      text_printable_copy(a, suite), report, text_shell_quoted(a, suite));
}

/* ---- the hottest functions ---- */

static const char *percent(struct arena *a, double share)
{
	return arena_printf(a, "%.1f %%", 100 * share);
}

static void write_text(struct buf *out, const struct profile_call *call, const struct suite_run *from,
		       const struct hot_rows *hot)
{
	struct arena *a = call->arena;
	size_t limit = call->view_options.all              ? hot->count
		       : call->view_options.node_count > 0 ? (size_t)call->view_options.node_count
							   : TOP_ROWS;

	buf_printf(out, "suite %s: own time of functions, as part of %zu benchmark%s that count alike; %s\n",
		   text_printable_copy(a, call->options->suite), hot->bench_count, hot->bench_count == 1 ? "" : "s",
		   text_printable_copy(a, from->source));
	buf_printf(out, "%8s  %-15s %8s  FUNCTION, AND WHAT PART OF WHICH BENCHMARK IT IS\n", "OWN", "95 %",
		   "WITH ALL");
	for (size_t i = 0; i < hot->count && i < limit; i++) {
		const struct hot_row *row = &hot->rows[i];
		const char *place = text_printable_copy(a, hottest_place(a, row));

		buf_printf(out, "%8s  [%4.1f, %5.1f]   %8s  %s%s%s\n", percent(a, row->share), 100 * row->low_share,
			   100 * row->high_share, percent(a, row->total_share), text_printable_copy(a, row->name),
			   *place ? "  " : "", place);
		if (row->bench_count)
			buf_printf(out, "%38s%s\n", "", hottest_benches(a, row, TOP_BENCHES));
	}
	if (hot->count > limit)
		buf_printf(out, "and %zu more functions; --all shows them\n", hot->count - limit);
}

static void write_json(struct buf *out, const struct suite_run *from, const struct hot_rows *hot)
{
	struct json j = {.out = out};

	json_begin_object(&j);
	json_key(&j, "benchmarks");
	json_int(&j, (int64_t)hot->bench_count);
	json_key(&j, "functions");
	json_begin_array(&j);
	for (size_t i = 0; i < hot->count; i++) {
		const struct hot_row *row = &hot->rows[i];

		json_begin_object_line(&j);
		json_key(&j, "function");
		json_text(&j, row->name);
		json_key(&j, "file");
		json_text(&j, row->file);
		json_key(&j, "line");
		json_int(&j, row->line);
		json_key(&j, "own_ratio");
		json_double(&j, row->share);
		json_key(&j, "own_low_ratio");
		json_double(&j, row->low_share);
		json_key(&j, "own_high_ratio");
		json_double(&j, row->high_share);
		json_key(&j, "total_ratio");
		json_double(&j, row->total_share);
		json_key(&j, "benchmarks");
		json_begin_object(&j);
		for (size_t k = 0; k < row->bench_count; k++) {
			json_key(&j, row->benches[k].bench);
			json_double(&j, row->benches[k].share);
		}
		json_end_object(&j);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_key(&j, "source");
	json_text(&j, from->source);
	json_end_object(&j);
	buf_char(out, '\n');
}

bool profile_show_suite(struct profile_call *call, struct err *err)
{
	struct buf out = {.arena = call->arena};
	struct suite_run from;
	struct hot_rows hot;

	if (!load(call, &from, err))
		return false;
	hot = hot_functions(call->arena, &from.run, call->options->suite);
	if (call->view_options.form == VIEW_JSON)
		write_json(&out, &from, &hot);
	else
		write_text(&out, call, &from, &hot);
	return profile_put(call, &out, false, err);
}

/* ---- as one profile ---- */

bool profile_load_suite(struct profile_call *call, struct err *err)
{
	struct suite_run from;
	size_t count = 0;

	if (!load(call, &from, err))
		return false;
	call->heads = NEW_ARRAY(call->arena, struct profile_input, from.run.table_count);
	for (size_t i = 0; i < from.run.table_count; i++) {
		struct slice_table *t = &from.run.tables[i];

		if (text_equal(t->suite, call->options->suite) && t->profile.stacks)
			call->heads[count++] = (struct profile_input){.path = from.source,
								      .profile = profile_label_benchmark(t),
								      .format = &profile_format_proto};
	}
	call->head_count = count;
	return true;
}
