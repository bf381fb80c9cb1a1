/* pawl accept. */
#include "cmd/cmd.h"

#include "base/file.h"
#include "base/text.h"
#include "cmd/project.h"
#include "cmd/series.h"
#include "model/verdict_json.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct options {
	const char *reason, *until, *report, *config;
};

/* One call from its words to the file. */
struct accept {
	struct arena *arena;
	const struct options *options;
	struct project project;
	const char *report; /* where the verdict was read from */
	struct verdict verdict;
	struct accepted_list list;
	const char *date;
	const struct finding **chosen;
	size_t chosen_count;
};

static bool check_options(struct accept *c, struct err *err)
{
	const struct options *o = c->options;
	int64_t until;

	if (!o->reason || !o->reason[strspn(o->reason, " \t")])
		return err_set(err, "an acceptance needs its reason: --reason \"why this slowdown is agreed to\"");
	if (!text_equal(o->reason, text_inert_copy(c->arena, o->reason)))
		return err_set(err, "--reason: one line without control characters, please");
	if (!o->until)
		return true;
	if (strlen(o->until) != 10 || !date_parse(o->until, &until))
		return err_set(err, "--until takes a day like 2026-11-21, not '%s'",
			       text_inert_copy(c->arena, o->until));
	if (until < project_today())
		return err_set(err, "--until %s has passed already; today is %s", o->until, c->date);
	return true;
}

static bool read_report(struct accept *c, struct err *err)
{
	const struct config *config = &c->project.config;
	const char *dir = path_join(c->arena, config->folder, config->report_dir);
	struct str text;

	c->report = c->options->report ? c->options->report : path_join(c->arena, dir, "verdict.json");
	if (!c->options->report && !file_exists(c->report))
		return err_set(err, "%s: no report yet; run 'pawl check' first, or name one with --report", c->report);
	return file_read(c->arena, c->report, FILE_LIMIT, &text, err) &&
	       verdict_from_json(c->arena, c->report, text, &c->verdict, err);
}

static bool was_called_slower(const struct finding *f)
{
	return f->gated && f->outcome == OUTCOME_SLOWER && (f->state == STATE_JUDGED || f->state == STATE_ACCEPTED);
}

static bool is_chosen(const struct accept *c, const struct finding *f)
{
	for (size_t i = 0; i < c->chosen_count; i++) {
		if (c->chosen[i] == f)
			return true;
	}
	return false;
}

static bool no_such_series(const struct accept *c, const char *word, struct err *err)
{
	struct arena *a = c->arena;
	const char **names = NEW_ARRAY(a, const char *, 2 * c->verdict.finding_count);
	const char *nearest, *shown = text_inert_copy(a, word);
	size_t count = 0;

	for (size_t i = 0; i < c->verdict.finding_count; i++) {
		const struct finding *f = &c->verdict.findings[i];

		if (!was_called_slower(f))
			continue;
		names[count++] = arena_printf(a, "%s/%s", f->suite, f->bench);
		names[count++] = series_name(a, f);
	}
	if (!count)
		return err_set(err, "%s has no series '%s', nor any that was called slower", c->report, shown);
	nearest = text_nearest(word, names, count);
	if (nearest)
		return err_set(err, "%s has no series '%s'; did you mean '%s'?", c->report, shown,
			       text_inert_copy(a, nearest));
	return err_set(err, "%s has no series '%s'; slower is, for one, '%s'", c->report, shown,
		       text_inert_copy(a, names[0]));
}

static const char *verdict_words(struct arena *a, const struct finding *f)
{
	if (f->state != STATE_JUDGED)
		return state_name(f->state);
	if (f->effect == EFFECT_FAIL)
		return "over its budget, which stands in pawl.yml";
	if (f->outcome == OUTCOME_SLOWER)
		return "slower, but not gated";
	return f->outcome == OUTCOME_NONE ? "reported only" : arena_printf(a, "called %s", outcome_name(f->outcome));
}

static bool not_slower(const struct accept *c, const char *word, const struct finding *f, struct err *err)
{
	return err_set(err, "nothing to accept for '%s': %s is %s in %s", text_inert_copy(c->arena, word),
		       text_inert_copy(c->arena, series_name(c->arena, f)), verdict_words(c->arena, f), c->report);
}

/* Every slower row that the word means; a name is itself first, and a glob only where nothing has just that name. */
static bool choose(struct accept *c, const char *word, struct err *err)
{
	const struct finding *other = NULL;
	const char *wanted = series_word(c->arena, word);
	bool found = false;

	for (int as_glob = 0; as_glob < 2 && !found && !other; as_glob++) {
		for (size_t i = 0; i < c->verdict.finding_count; i++) {
			const struct finding *f = &c->verdict.findings[i];

			if (!series_is_meant(c->arena, wanted, f, as_glob))
				continue;
			if (!was_called_slower(f)) {
				/* Of several rows one that fails says most, then one that is gated. */
				if (!other || f->effect > other->effect || (f->gated && !other->gated))
					other = f;
				continue;
			}
			found = true;
			if (!is_chosen(c, f))
				c->chosen[c->chosen_count++] = f;
		}
	}
	if (found)
		return true;
	return other ? not_slower(c, word, other, err) : no_such_series(c, word, err);
}

static void put(struct accept *c, const struct finding *f)
{
	const struct accepted *old = accepted_find(&c->list, f->suite, f->bench, f->metric);
	struct accepted entry =
		accepted_of(c->arena, f, c->options->reason, c->date, c->options->until ? c->options->until : "");

	/* An entry under the name that the benchmark had before its iterations were changed is this one's. */
	if (old)
		c->list.items[old - c->list.items] = entry;
	else
		accepted_put(c->arena, &c->list, &entry);
}

static bool write_list(struct accept *c, const char *path, struct err *err)
{
	struct buf out = {.arena = c->arena};

	accepted_to_json(&out, &c->list);
	return dir_make(path_folder(c->arena, path), err) && file_write(path, out.at, out.size, err);
}

static void print_change(struct arena *a, const struct finding *f, const struct accepted *entry)
{
	printf("accepted %s", text_inert_copy(a, entry->series));
	if (f->change_ratio.known)
		printf(": %+.3g %%", 100 * f->change_ratio.value);
	if (entry->bound_ratio.known)
		printf(", up to %+.3g %%", 100 * entry->bound_ratio.value);
	else if (entry->bound.known)
		printf(": up to %.4g%s%s", entry->bound.value, *entry->unit ? " " : "",
		       text_inert_copy(a, entry->unit));
	printf("%s%s\n", *entry->until ? ", until " : "", entry->until);
}

static enum status accept_run(struct call *call, struct err *err)
{
	struct arena *a = call->arena;
	struct accept c = {.arena = a, .options = call->options, .date = date_format(a, project_today())};
	struct option_texts all = {0};
	const char *path;

	if (!check_options(&c, err) || !project_open(a, c.options->config, &all, &c.project, err) ||
	    !read_report(&c, err) || !project_accepted(a, &c.project, c.project.config.folder, &c.list, err))
		return STATUS_USAGE;
	c.chosen = NEW_ARRAY(a, const struct finding *, c.verdict.finding_count);
	for (size_t i = 0; i < call->word_count; i++) {
		if (!choose(&c, call->words[i], err))
			return STATUS_USAGE;
	}
	for (size_t i = 0; i < c.chosen_count; i++)
		put(&c, c.chosen[i]);
	path = project_accepted_path(a, &c.project, c.project.config.folder);
	if (!write_list(&c, path, err))
		return STATUS_UNDECIDED;
	for (size_t i = 0; i < c.chosen_count; i++) {
		const struct finding *f = c.chosen[i];

		print_change(a, f, accepted_find(&c.list, f->suite, f->bench, f->metric));
	}
	printf("written to %s; commit it with the change that it is about\n", path);
	return STATUS_OK;
}

#define AT(field) offsetof(struct options, field)

static const struct option accept_options[] = {
	{"reason", 'r', OPTION_TEXT, "TEXT", AT(reason), "why the slowdown is agreed to; shown in every report"},
	{"until", 'u', OPTION_TEXT, "DATE", AT(until),
	 "the last day on which it is, as 2026-11-21; then it fails again"},
	{"report", 0, OPTION_TEXT, "FILE", AT(report),
	 "the verdict.json to take it from (default: that of the last check)"},
	{"config", 'c', OPTION_TEXT, "FILE", AT(config), "another pawl.yml"},
	{0},
};

const struct command command_accept = {
	.name = "accept",
	.summary = "Agree to a slowdown of the last report, up to its size and for some time",
	.words = "NAME...",
	.examples = "  pawl accept orders/BM_discount --reason 'checks every coupon now'\n"
		    "  pawl accept 'orders/BM_pool/**' --reason 'see issue 214' --until 2026-12-31\n"
		    "  pawl accept orders/BM_pool:max_rss --reason 'larger cache' --report ci/verdict.json\n",
	.details =
		"NAME is suite/benchmark, suite/benchmark:metric, or a glob over these (* stops at /, ** does not).  "
		"It\n"
		"must have been called slower in the report.  The agreement is a line in accepted.json, in the folder\n"
		"of the baselines: review it and commit it with the change.  The row is then `accepted`: shown with "
		"its\n"
		"change and the reason, and not failing.  It fails again on the day after --until, or when the "
		"slowdown\n"
		"is surely larger than it was (its lower end exceeds the upper end of when it was accepted).\n\n"
		"Without --until the new speed is the new normal: stored runs that were called slower for it count\n"
		"again.  With --until they stay out.  Once the base of a check has the line, too, it excuses nothing\n"
		"more.  To take an agreement back, delete its line.\n\n"
		"Exit status: 2 when the report has no such slower series.\n",
	.options = accept_options,
	.options_size = sizeof(struct options),
	.min_words = 1,
	.max_words = 1000000,
	.run = accept_run,
};
