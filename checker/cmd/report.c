/* pawl report. */
#include "cmd/cmd.h"
#include "cmd/hottest.h"

#include "base/file.h"
#include "base/text.h"
#include "cmd/histories.h"
#include "cmd/runner.h"
#include "flow/stacks.h"
#include "model/run_json.h"
#include "model/verdict_json.h"
#include "report/report.h"

#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

/* As many as a check settles suspects with. */
enum { MOST_CONFIRMATIONS = 3 };

struct options {
	const char *format, *out, *junit_dialect, *config;
	int64_t limit;
	bool csv_raw, verbose;
};

/* The formats of "csv,junit". */
struct choice {
	const struct report_format **formats;
	size_t count;
	size_t file_count; /* those that are files in a report folder */
	bool draws;        /* one wants measured values */
	size_t limit;      /* the largest that one keeps below; 0: none has a limit */
};

static bool choose(struct arena *a, const char *names, struct choice *out, struct err *err)
{
	*out = (struct choice){.formats = NEW_ARRAY(a, const struct report_format *, strlen(names) + 1)};
	for (;;) {
		size_t size = strcspn(names, ",");
		const struct report_format *format = NULL;

		if (!report_choose(arena_copy(a, names, size), &format, err))
			return err_context(err, "--format");
		out->formats[out->count++] = format;
		out->file_count += format->file != NULL;
		out->draws = out->draws || format->draws;
		out->limit = format->limit > out->limit ? format->limit : out->limit;
		if (names[size] == '\0')
			return true;
		names += size + 1;
	}
}

/* Leaving rows out is what only some formats do. */
static bool check_limit(const struct options *o, const struct choice *choice, struct err *err)
{
	if (o->limit && !choice->limit)
		return err_set(err, "--limit: none of these reports leaves rows out; markdown does");
	if (o->limit && (o->limit < REPORT_LEAST_LIMIT || (uint64_t)o->limit > choice->limit))
		return err_set(err, "--limit takes %d to %zu bytes, not %" PRId64, REPORT_LEAST_LIMIT, choice->limit,
			       o->limit);
	return true;
}

static bool read_verdict(struct arena *a, const char *path, struct verdict *v, struct err *err)
{
	struct str text;

	if (file_is_dir(path))
		path = path_join(a, path, "verdict.json");
	if (!file_read(a, path, FILE_LIMIT, &text, err))
		return false;
	if (run_json_sniff(text))
		return err_set(err,
			       "%s: is a run file, which holds measured values and no verdict; 'pawl compare BASE HEAD "
			       "--out DIR' judges two of them, and 'pawl check' leaves a verdict.json beside them",
			       path);
	return verdict_from_json(a, path, text, v, err);
}

/* A run of the verdict's check that lies beside it; NULL where there is none.  A damaged one is said and done without. */
static const struct run *read_run(struct arena *a, const char *folder, const char *name, const struct verdict *v)
{
	const char *path = path_join(a, folder, name);
	struct run *run = NEW(a, struct run);
	struct str text;
	struct err err;

	if (!file_exists(path))
		return NULL;
	*run = (struct run){0};
	if (!file_read(a, path, FILE_LIMIT, &text, &err) || !run_from_json(a, path, text, run, &err)) {
		fprintf(stderr, "pawl: its values are not drawn: %s\n", err.text);
		return NULL;
	}
	if (!*run->check_id || !text_equal(run->check_id, v->check_id))
		return NULL;
	for (size_t i = 0; i < run->table_count; i++) {
		if (!stacks_read(a, &run->tables[i], folder, &err))
			fprintf(stderr, "pawl: its stacks are not drawn: %s\n", err.text);
	}
	return run;
}

/* What check left beside its verdict; nothing for one from standard input. */
static void read_runs(struct arena *a, const char *path, const struct verdict *v, struct report_options *options)
{
	const char *folder = file_is_dir(path) ? path : path_folder(a, path);
	struct report_pair *pairs = NEW_ARRAY(a, struct report_pair, MOST_CONFIRMATIONS);

	if (text_equal(path, "-"))
		return;
	options->head = read_run(a, folder, "head.json", v);
	options->base = read_run(a, folder, "base.json", v);
	if (options->head)
		hottest_add(a, options->head, options);
	options->confirmations = pairs;
	for (size_t i = 1; i <= MOST_CONFIRMATIONS; i++) {
		struct report_pair pair = {read_run(a, folder, arena_printf(a, "confirm-%zu-base.json", i), v),
					   read_run(a, folder, arena_printf(a, "confirm-%zu-head.json", i), v)};

		if (pair.base && pair.head)
			pairs[options->confirmation_count++] = pair;
	}
}

/* The stored runs that it was held against, where the project is here; what cannot be read is said and done without. */
static void add_histories(struct arena *a, const char *config, const struct verdict *v, struct report_options *options)
{
	struct option_texts none = {0};
	struct project project;
	struct store store;
	struct histories_request request = {
		.project = &project, .store = &store, .baseline = v->baseline, .verdict = v};
	struct err err;

	if (!options->head || !v->baseline || !*v->baseline || (!config && !config_find(a, ".")))
		return;
	request.machine_class = options->head->host.machine_class;
	if (!project_open(a, config, &none, &project, &err) || !project_store(a, &project, &store, &err) ||
	    !histories_find(a, &request, options, &err))
		fprintf(stderr, "pawl: its history is not drawn: %s\n", err.text);
}

static bool write_one(struct arena *a, const struct report_format *format, const struct verdict *v,
		      const struct report_options *options, const char *dir, struct err *err)
{
	struct buf out = {.arena = a};

	format->write(&out, v, options);
	if (dir && format->file)
		return file_write(path_join(a, dir, format->file), buf_string(&out), out.size, err);
	fwrite(buf_string(&out), 1, out.size, stdout);
	return true;
}

static enum status report_run(struct call *call, struct err *err)
{
	const struct options *o = call->options;
	struct arena *a = call->arena;
	const char *dir = o->out && !text_equal(o->out, "-") ? o->out : NULL;
	struct report_options options = {
		.csv_raw = o->csv_raw, .all_rows = o->verbose, .limit = (size_t)o->limit, .folder = runner_folder(a)};
	struct choice choice;
	struct verdict v;

	if (!choose(a, o->format ? o->format : "text", &choice, err) || !check_limit(o, &choice, err) ||
	    (o->junit_dialect && !junit_dialect_find(o->junit_dialect, &options.junit_dialect, err)))
		return STATUS_USAGE;
	if (!dir && choice.count > 1 && choice.file_count > 0) {
		err_set(err, "several reports need a folder: --out DIR");
		return STATUS_USAGE;
	}
	if (!read_verdict(a, call->words[0], &v, err))
		return STATUS_USAGE;
	if (choice.draws) {
		read_runs(a, call->words[0], &v, &options);
		add_histories(a, o->config, &v, &options);
	}
	options.dir = dir ? dir : "";
	if (dir && !dir_make(dir, err))
		return STATUS_UNDECIDED;
	for (size_t i = 0; i < choice.count; i++) {
		if (!write_one(a, choice.formats[i], &v, &options, dir, err))
			return STATUS_UNDECIDED;
	}
	return STATUS_OK;
}

#define AT(field) offsetof(struct options, field)

static const struct option report_command_options[] = {
#define ROW(name) " " #name
	{"format", 'f', OPTION_TEXT, "REPORT[,REPORT]", AT(format),
	 "which (default: text); there are" REPORT_LIST(ROW)},
#undef ROW
	{"out", 'o', OPTION_TEXT, "DIR", AT(out),
	 "a folder for the files; - is standard output, for one report (default)"},
	{"config", 'c', OPTION_TEXT, "FILE", AT(config),
	 "pawl.yml of the project, which has the history of a check against stored runs"},
	{"junit-dialect", 0, OPTION_TEXT, "DIALECT", AT(junit_dialect),
	 "rich, or strict: valid against the schemas of JUnit"},
	{"limit", 0, OPTION_COUNT, "BYTES", AT(limit),
	 "a smaller markdown, such as 65536 for a comment on GitHub; what does not fit is counted"},
	{"csv-raw", 0, OPTION_FLAG, NULL, AT(csv_raw), "do not guard cells that a spreadsheet would run as a formula"},
	{"verbose", 'v', OPTION_FLAG, NULL, AT(verbose), "the text shows rows that did not change, too"},
	{0},
};

const struct command command_report = {
	.name = "report",
	.summary = "Write other reports of an earlier check",
	.words = "FILE",
	.examples = "  pawl report pawl-report/verdict.json --format markdown >> \"$GITHUB_STEP_SUMMARY\"\n"
		    "  pawl report pawl-report --format markdown --limit 65536 >comment.md\n"
		    "  pawl report pawl-report --format github\n"
		    "  pawl report pawl-report --format csv,junit,openmetrics --out reports\n",
	.details = "FILE is the verdict.json that 'pawl check' or 'pawl compare --out' wrote, the folder it lies in, "
		   "or -\n"
		   "for standard input.  Nothing is measured or judged again.\n\n"
		   "Exit status: 0 written, 2 no verdict could be read, 3 a report could not be written.\n",
	.options = report_command_options,
	.options_size = sizeof(struct options),
	.min_words = 1,
	.max_words = 1,
	.run = report_run,
};
