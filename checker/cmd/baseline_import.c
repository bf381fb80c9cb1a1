/* Taking histories from elsewhere over into a store. */
#include "cmd/baseline_import.h"

#include "base/text.h"
#include "flow/history_read.h"
#include "flow/host.h"

#include <stdio.h>

static bool check_unit(const struct history *h, const char *unit, struct err *err)
{
	static const char *const units[] = {"ns", "us", "ms", "s"};

	for (size_t i = 0; unit && i < sizeof units / sizeof units[0]; i++) {
		if (text_equal(unit, units[i]))
			return true;
	}
	if (unit)
		return err_set(err, "--unit takes ns, us, ms or s, not '%s'", unit);
	for (size_t i = 0; i < h->series_count; i++) {
		const struct history_series *s = &h->series[i];

		if (text_equal(s->metric.name, "time") && !*s->metric.unit && s->metric.category == CATEGORY_LATENCY)
			return err_set(
				err,
				"nothing says in which unit the column \"%s\" is; name it with --unit (ns, us, ms, "
				"s), or behind the column's name as \"%s (ms)\"",
				s->name, s->name);
	}
	return true;
}

static bool count_runs(struct arena *a, const struct store *store, const char *baseline, const char *machine,
		       size_t *count, struct err *err)
{
	struct store_entry *entries;

	return store->kind->list(a, store->place, baseline, machine, &entries, count, err);
}

/* Runs of other origin in the same place are one history with these: say so. */
static void say_what_was_there(const char *baseline, size_t before, size_t again)
{
	if (again)
		printf("%zu of them %s there already\n", again, again == 1 ? "was" : "were");
	if (before > again)
		printf("note: baseline %s had other runs of this machine class; checks take the runs that were added "
		       "last for the newest\n",
		       baseline);
}

enum status baseline_import(struct call *call, const struct store *store, const char *baseline,
			    const struct import_request *request, struct err *err)
{
	struct arena *a = call->arena;
	const char *machine = request->machine, *format;
	size_t count, left_out, before, after;
	struct history h;
	struct host host;
	struct run *runs;

	if (!history_read_any(a, request->path, &h, &format, err) || !check_unit(&h, request->unit, err))
		return STATUS_USAGE;
	host_read(a, &host);
	machine = machine ? machine : host.machine_class;
	if (!count_runs(a, store, baseline, machine, &before, err))
		return STATUS_USAGE;
	runs = history_to_runs(a, &h, request->unit ? request->unit : "", machine, &count, &left_out);
	for (size_t i = 0; i < count; i++) {
		if (!store->kind->save(a, store->place, baseline, &runs[i], NULL, 0, err)) {
			err_context(err, "after %zu of %zu runs", i, count);
			return STATUS_UNDECIDED;
		}
	}
	if (!count_runs(a, store, baseline, machine, &after, err))
		return STATUS_USAGE;
	printf("baseline %s: took over %zu run%s with %zu series\n", baseline, count, count == 1 ? "" : "s",
	       h.series_count);
	say_what_was_there(baseline, before, before + count - after);
	printf("machine class: %s%s\n", machine,
	       request->machine
		       ? ""
		       : " (this machine's; name another with --machine if the values were measured elsewhere)");
	for (size_t i = 0; i < h.note_count; i++)
		printf("note: %s\n", text_inert_copy(a, h.notes[i]));
	if (left_out)
		printf("note: not taken: %zu moments without any value\n", left_out);
	printf("not known of these runs: the spread within a run, the host, the compiler, the branch\n");
	return STATUS_OK;
}
