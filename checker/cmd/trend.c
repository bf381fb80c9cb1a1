/* pawl trend. */
#include "cmd/cmd.h"

#include "cmd/project.h"
#include "flow/history_read.h"
#include "flow/host.h"
#include "flow/trend.h"
#include "report/report.h"

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

struct options {
	const char *config, *store, *baseline, *machine, *csv, *history, *format;
	bool json, all, csv_raw;
};

enum { WORD_LIMIT = 100000, COLUMNS_DEFAULT = 100 };

static size_t terminal_columns(void)
{
	struct winsize size;
	const char *columns = getenv("COLUMNS");
	int64_t count;

	if (columns && text_parse_int64(str_of(columns), &count) && count > 0 && count < 10000)
		return (size_t)count;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return COLUMNS_DEFAULT;
}

static bool wants_colour(void)
{
	const char *no = getenv("NO_COLOR"), *terminal = getenv("TERM");

	return isatty(STDOUT_FILENO) && !(no && *no) && terminal && !text_equal(terminal, "dumb");
}

static bool read_store(struct call *call, const struct project *project, struct history *h, const char **source,
		       struct err *err)
{
	const struct options *o = call->options;
	struct arena *a = call->arena;
	const char *baseline = o->baseline ? o->baseline : project->config.baseline_name, *machine = o->machine;
	struct store store;
	struct host host;

	if (!baseline)
		baseline = "main";
	host_read(a, &host);
	if (!machine)
		machine = host.machine_class;
	else if (text_equal(machine, "all"))
		machine = NULL;
	if (o->store ? !store_open(a, o->store, ".", &store, err) : !project_store(a, project, &store, err))
		return false;
	*source = arena_printf(a, "baseline %s, %s%s", baseline, machine ? "machine class " : "all machine classes",
			       machine ? machine : "");
	if (!history_read_store(a, &store, baseline, machine, NULL, h, err))
		return false;
	if (!h->moment_count)
		history_note(a, h,
			     "there are no runs; 'pawl check --save' adds one, 'pawl baseline import' takes over a "
			     "history, --machine all shows runs of other machines");
	return true;
}

/* The rules: those of --config or of the project here, if there is one.  A table from elsewhere needs none. */
static bool read_rules(struct call *call, struct project *project, bool needed, struct err *err)
{
	const struct options *o = call->options;
	struct option_texts none = {0};
	struct err ignored = {0};

	*project = (struct project){0};
	if (needed)
		return project_open(call->arena, o->config, &none, project, err);
	if (o->config)
		return config_read(call->arena, o->config, &project->config, err);
	if (config_find(call->arena, ".") && !project_open(call->arena, NULL, &none, project, &ignored))
		*project = (struct project){0};
	return true;
}

static bool read_history(struct call *call, struct project *project, struct history *h, const char **source,
			 struct err *err)
{
	const struct options *o = call->options;
	const char *path = o->csv ? o->csv : o->history;

	if ((o->csv != NULL) + (o->history != NULL) + (o->store || o->baseline || o->machine) > 1)
		return err_set(err, "--csv, --history and a stored baseline exclude each other; give one");
	if (!read_rules(call, project, !path && !o->store, err))
		return false;
	if (!path)
		return read_store(call, project, h, source, err);
	*source = text_equal(path, "-") ? "standard input" : path;
	return o->csv ? history_read_csv(call->arena, path, h, err) : history_read_js(call->arena, path, h, err);
}

/* A pattern that means no series is a slip of the fingers, unless there is nothing at all. */
static bool check_patterns(struct call *call, const struct history *h, struct err *err)
{
	const char **names = NEW_ARRAY(call->arena, const char *, h->series_count);

	for (size_t i = 0; i < h->series_count; i++)
		names[i] = h->series[i].name;
	for (size_t k = 0; h->series_count && k < call->word_count; k++) {
		const char *nearest;
		bool found = false;

		for (size_t i = 0; i < h->series_count && !found; i++)
			found = trend_pattern_means(call->words[k], &h->series[i]);
		if (found)
			continue;
		nearest = text_nearest(call->words[k], names, h->series_count);
		return err_set(err, "no series is meant by '%s'; %s%s%s", text_inert_copy(call->arena, call->words[k]),
			       nearest ? "did you mean '"
				       : "patterns are suite/benchmark:metric with * and **, as in rules",
			       nearest ? text_inert_copy(call->arena, nearest) : "", nearest ? "'?" : "");
	}
	return true;
}

static enum status trend_run(struct call *call, struct err *err)
{
	const struct options *o = call->options;
	struct arena *a = call->arena;
	const char *name = o->format ? o->format : o->json ? "json" : "text";
	const struct trend_format *format = trend_format_find(a, name, err);
	struct trend_options options = {.columns = terminal_columns(), .colour = wants_colour(), .csv_raw = o->csv_raw};
	struct buf out = {.arena = a};
	struct project project;
	struct history history;
	struct trend trend;

	if (!format)
		return STATUS_USAGE;
	if (o->json && o->format && !text_equal(o->format, "json")) {
		err_set(err, "--json is short for --format json; give one");
		return STATUS_USAGE;
	}
	options.all_rows = o->all || call->word_count > 0;
	if (!read_history(call, &project, &history, &options.source, err) || !check_patterns(call, &history, err))
		return STATUS_USAGE;
	trend_find(a,
		   &(struct trend_request){.history = &history,
					   .rules = project.config.rules,
					   .rule_count = project.config.rule_count,
					   .patterns = call->words,
					   .pattern_count = call->word_count},
		   &trend);
	format->write(&out, &trend, &options);
	fwrite(buf_string(&out), 1, out.size, stdout);
	return STATUS_OK;
}

#define AT(field) offsetof(struct options, field)

static const struct option trend_options[] = {
	{"baseline", 0, OPTION_TEXT, "NAME", AT(baseline), "which stored baseline (default: that of pawl.yml)"},
	{"machine", 0, OPTION_TEXT, "CLASS", AT(machine),
	 "runs of that machine class, or all (default: this machine's)"},
	{"store", 0, OPTION_TEXT, "STORE", AT(store), "another store, as dir:FOLDER"},
	{"csv", 0, OPTION_TEXT, "FILE", AT(csv), "read a table: first column time or commit, one column a series"},
	{"history", 0, OPTION_TEXT, "FILE", AT(history), "read the data.js of github-action-benchmark"},
	{"config", 'c', OPTION_TEXT, "FILE", AT(config), "take the rules of this pawl.yml"},
	{"format", 'f', OPTION_TEXT, "FORMAT", AT(format), "text, json or csv (default: text)"},
	{"json", 0, OPTION_FLAG, NULL, AT(json), "short for --format json"},
	{"csv-raw", 0, OPTION_FLAG, NULL, AT(csv_raw), "do not guard CSV cells that a spreadsheet would run"},
	{"all", 'a', OPTION_FLAG, NULL, AT(all), "show series without any change, too"},
	{0},
};

const struct command command_trend = {
	.name = "trend",
	.summary = "Find where the level of a series changed, and what creeps",
	.words = "[SERIES...]",
	.examples = "  pawl trend                                # the stored baseline\n"
		    "  pawl trend 'orders/**:cpu_time'           # some series of it\n"
		    "  pawl trend --history dev/bench/data.js    # of github-action-benchmark\n"
		    "  pawl trend --csv times.csv --json\n",
	.details = "Each change has its size, the last good and the first bad commit, and whether it still holds.\n"
		   "Creeping is what moved by more than the rule's threshold with no single step above it.\n"
		   "A series is suite/benchmark:metric; * stops at '/', ** does not.  Columns of a table are times,\n"
		   "for which more is worse, unless their names say otherwise.\n\n"
		   "Exit status: 0, whatever was found; 2 wrong usage or input.\n",
	.options = trend_options,
	.options_size = sizeof(struct options),
	.min_words = 0,
	.max_words = WORD_LIMIT,
	.run = trend_run,
};
