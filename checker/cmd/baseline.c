/* pawl baseline. */
#include "cmd/cmd.h"

#include "base/quantity.h"
#include "base/text.h"
#include "cmd/baseline_import.h"
#include "cmd/project.h"
#include "stats/sample.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct options {
	const char *config, *store, *baseline, *machine, *unit;
	bool here;
};

struct action {
	const char *name, *words;
	size_t least_words;
	enum status (*run)(struct call *call, const struct store *store, const char *baseline, struct err *err);
};

/* As a run that is measured now would name it. */
static const char *machine_class_here(struct arena *a)
{
	struct run run = {0};

	project_init_run(a, &run, "", 0);
	return run.host.machine_class;
}

static enum status list(struct call *call, const struct store *store, const char *baseline, struct err *err)
{
	const struct options *o = call->options;
	const char *class = o->here ? machine_class_here(call->arena) : NULL;
	struct store_entry *entries;
	size_t count;

	if (!store->kind->list(call->arena, store->place, baseline, class, &entries, &count, err))
		return STATUS_USAGE;
	if (!count) {
		printf("baseline %s is empty%s%s; 'pawl check --save' adds a run\n", baseline,
		       class ? " on this machine class, " : "", class ? class : "");
		return STATUS_OK;
	}
	printf("%-12s  %-20s  %-8s  %-16s  %5s  %6s  %s\n", "ID", "STARTED", "REVISION", "BRANCH", "BENCH", "SLOWER",
	       "MACHINE");
	for (size_t i = 0; i < count; i++) {
		const struct store_entry *e = &entries[i];

		printf("%-12.12s  %-20s  %.7s%s  %-16s  %5zu  %6zu  %s\n", e->id, e->started,
		       *e->revision ? e->revision : "-      ", e->dirty ? "+" : " ",
		       text_inert_copy(call->arena, e->branch), e->bench_count, e->slower_count, e->machine_class);
	}
	return STATUS_OK;
}

static void print_run(struct arena *a, const struct run *run, const struct store_entry *e)
{
	printf("run       %s\nstarted   %s\nrevision  %s%s\nbranch    %s\nmachine   %s\ncpu       %s\nkernel    %s\n"
	       "seed      %llu\n",
	       run->id, run->started, run->revision, run->dirty ? " with uncommitted changes" : "",
	       text_inert_copy(a, run->branch), run->host.machine_class, run->host.cpu_model, run->host.kernel,
	       (unsigned long long)run->seed);
	for (size_t i = 0; i < e->slower_count; i++)
		printf("slower    %s\n", text_inert_copy(a, e->slower[i]));
	printf("\n");
	for (size_t i = 0; i < run->table_count; i++) {
		const struct slice_table *t = &run->tables[i];
		const char *name = text_inert_copy(a, arena_printf(a, "%s/%s", t->suite, t->bench));
		size_t n, counts;
		double *x = table_series(a, t, t->clock, &n);
		double *counted = table_series(a, t, "instructions", &counts);

		if (t->status == BENCH_MEASURED && !n && counts)
			printf("%-40s  %10.4g  instructions, counted %zu times\n", name,
			       sample_median(a, counted, counts), counts);
		else if (t->status == BENCH_MEASURED && n)
			printf("%-40s  %10s  %s, %zu slices\n", name, quantity_duration(a, sample_median(a, x, n)),
			       t->clock, n);
		else
			printf("%-40s  %s\n", name, text_inert_copy(a, t->reason));
	}
}

static enum status show(struct call *call, const struct store *store, const char *baseline, struct err *err)
{
	struct arena *a = call->arena;
	const struct store_entry *entry;
	struct store_entry *entries;
	struct run run;
	size_t count;

	if (!store->kind->list(a, store->place, baseline, NULL, &entries, &count, err))
		return STATUS_USAGE;
	if (!count) {
		err_set(err, "baseline %s is empty", baseline);
		return STATUS_USAGE;
	}
	if (call->word_count > 1)
		entry = store_pick(entries, count, call->words[1], err);
	else
		entry = &entries[count - 1];
	if (!entry)
		return STATUS_USAGE;
	if (!store->kind->load(a, store->place, baseline, entry, &run, err))
		return STATUS_USAGE;
	print_run(a, &run, entry);
	return STATUS_OK;
}

static enum status verify(struct call *call, const struct store *store, const char *baseline, struct err *err)
{
	size_t checked;

	if (!store->kind->verify(call->arena, store->place, baseline, &checked, err))
		return STATUS_USAGE;
	printf("baseline %s: %zu run%s, all whole\n", baseline, checked, checked == 1 ? "" : "s");
	return STATUS_OK;
}

static enum status import(struct call *call, const struct store *store, const char *baseline, struct err *err)
{
	const struct options *o = call->options;
	struct import_request request = {.path = call->words[1], .machine = o->machine, .unit = o->unit};

	return baseline_import(call, store, baseline, &request, err);
}

static const struct action actions[] = {
	{"list", "", 1, list},
	{"show", "[ID]", 1, show},
	{"verify", "", 1, verify},
	{"import", "FILE", 2, import},
};

enum { ACTION_COUNT = sizeof actions / sizeof actions[0] };

static const struct action *find_action(const char *name, struct err *err)
{
	const char *names[ACTION_COUNT], *nearest;

	for (size_t i = 0; i < ACTION_COUNT; i++) {
		names[i] = actions[i].name;
		if (text_equal(name, names[i]))
			return &actions[i];
	}
	nearest = text_nearest(name, names, ACTION_COUNT);
	err_set(err, "baseline: there is no action '%s'; %s%s%s", name,
		nearest ? "did you mean '" : "there are list, show, verify, import", nearest ? nearest : "",
		nearest ? "'?" : "");
	return NULL;
}

/* The store that was named, or that of the project. */
static bool open_store(struct call *call, struct store *store, const char **baseline, struct err *err)
{
	const struct options *o = call->options;
	struct option_texts none = {0};
	struct project project;

	*baseline = o->baseline ? o->baseline : "main";
	if (o->store)
		return store_open(call->arena, o->store, ".", store, err);
	if (!project_open(call->arena, o->config, &none, &project, err))
		return false;
	if (!o->baseline)
		*baseline = project.config.baseline_name;
	return project_store(call->arena, &project, store, err);
}

static enum status baseline_run(struct call *call, struct err *err)
{
	const struct action *action = find_action(call->words[0], err);
	const char *baseline;
	struct store store;

	if (!action || !open_store(call, &store, &baseline, err))
		return STATUS_USAGE;
	if (call->word_count > 1 && !*action->words) {
		err_set(err, "baseline %s takes no further word", action->name);
		return STATUS_USAGE;
	}
	if (call->word_count < action->least_words) {
		err_set(err, "baseline %s needs a word more: pawl baseline %s %s", action->name, action->name,
			action->words);
		return STATUS_USAGE;
	}
	return action->run(call, &store, baseline, err);
}

#define AT(field) offsetof(struct options, field)

static const struct option baseline_options[] = {
	{"baseline", 0, OPTION_TEXT, "NAME", AT(baseline), "which one (default: that of pawl.yml)"},
	{"store", 0, OPTION_TEXT, "STORE", AT(store), "another store, as dir:FOLDER"},
	{"machine", 0, OPTION_TEXT, "CLASS", AT(machine),
	 "import: machine class of the values (default: this machine's)"},
	{"unit", 0, OPTION_TEXT, "UNIT", AT(unit), "import: ns, us, ms or s, of times that have no unit"},
	{"config", 'c', OPTION_TEXT, "FILE", AT(config), "another pawl.yml"},
	{"here", 0, OPTION_FLAG, NULL, AT(here), "list only what was measured on this class of machine"},
	{0},
};

const struct command command_baseline = {
	.name = "baseline",
	.summary = "List, show and verify the stored runs, take over others",
	.words = "list | show [ID] | verify | import FILE",
	.examples = "  pawl baseline list\n  pawl baseline show 3fa2\n  pawl baseline verify\n"
		    "  pawl baseline import dev/bench/data.js --machine x86_64-ci   # of github-action-benchmark\n"
		    "  pawl baseline import times.csv --unit ms\n",
	.details = "",
	.options = baseline_options,
	.options_size = sizeof(struct options),
	.min_words = 1,
	.max_words = 2,
	.run = baseline_run,
};
