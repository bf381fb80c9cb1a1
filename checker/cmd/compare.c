/* pawl compare. */
#include "cmd/cmd.h"

#include "base/file.h"
#include "base/text.h"
#include "cmd/causes.h"
#include "flow/config.h"
#include "flow/contrast.h"
#include "flow/judge.h"
#include "flow/load.h"
#include "flow/stacks.h"
#include "report/report.h"

#include <stddef.h>
#include <stdio.h>

struct options {
	const char *config, *fail_on, *out, *junit_dialect, *format;
	bool same_session, json;
};

/* Two runs of one check belong together slice by slice. */
static bool is_one_check(const struct run *base, const struct run *head)
{
	return *base->check_id && text_equal(base->check_id, head->check_id);
}

static bool write_reports(struct arena *a, const struct options *o, const struct verdict *v,
			  struct report_options *options, struct err *err)
{
	static const char *const formats[] = {"text", "csv", "junit", "html"};
	struct buf out = {.arena = a};

	options->config = o->config ? o->config : "";
	options->dir = o->out ? o->out : "";
	options->all_rows = true;
	if (o->out && !report_write_all(a, v, options, o->out, formats, sizeof formats / sizeof formats[0], err))
		return false;
	report_find(o->json ? "json" : "text")->write(&out, v, options);
	fwrite(buf_string(&out), 1, out.size, stdout);
	return true;
}

/* What is known of a file beside its name. */
static const char *title_of(struct arena *a, const char *path, const struct run *run)
{
	struct buf out = {.arena = a};

	buf_text(&out, text_equal(path, "-") ? "standard input" : path);
	if (*run->revision)
		buf_printf(&out, ", revision %.12s%s", run->revision, run->dirty ? " with uncommitted changes" : "");
	if (*run->started)
		buf_printf(&out, ", measured %s", run->started);
	if (run->suite_count == 1 && *run->suites[0].program_version)
		buf_printf(&out, ", benchmark library %s", run->suites[0].program_version);
	if (run->partial)
		buf_text(&out, ", interrupted");
	return buf_string(&out);
}

/* What the judge warns of, then what both files differ in, then what is odd about each. */
static void join_warnings(struct arena *a, struct verdict *v, const struct contrast *contrast, const char *const *paths,
			  const struct run *base, const struct run *head)
{
	const struct run *runs[] = {base, head};
	size_t room = v->warning_count + contrast->count + base->warning_count + head->warning_count, count = 0;
	const char **warnings = NEW_ARRAY(a, const char *, room);

	for (size_t i = 0; i < v->warning_count; i++)
		warnings[count++] = v->warnings[i];
	for (size_t i = 0; i < contrast->count; i++)
		warnings[count++] = contrast->notes[i];
	for (size_t k = 0; k < 2; k++) {
		for (size_t i = 0; i < runs[k]->warning_count; i++)
			warnings[count++] = arena_printf(a, "%s: %s", paths[k], runs[k]->warnings[i]);
	}
	v->warnings = warnings;
	v->warning_count = count;
}

/* Two files of which nothing can be compared say nothing, whatever is new or gone. */
static void require_common(struct verdict *v)
{
	for (size_t i = 0; i < v->finding_count; i++) {
		enum state state = v->findings[i].state;

		if (state != STATE_NEW && state != STATE_GONE)
			return;
	}
	if (v->status == STATUS_OK) {
		v->status = STATUS_UNDECIDED;
		v->status_reason = "nothing is in both files";
	}
}

static bool read_options(const struct options *o, struct judge_request *request, struct report_options *reports,
			 struct err *err)
{
	if (o->fail_on && (!severity_find(o->fail_on, &request->fail_on) || request->fail_on == SEVERITY_NONE))
		return err_set(err, "--fail-on takes LOW, MEDIUM, HIGH or CRITICAL, not '%s'", o->fail_on);
	request->has_fail_on = o->fail_on != NULL;
	request->same_session = o->same_session;
	return !o->junit_dialect || junit_dialect_find(o->junit_dialect, &reports->junit_dialect, err);
}

/* The profiles beside a run file; what cannot be read is said and done without. */
static void read_stacks(struct arena *a, const char *path, struct run *run)
{
	struct err err;

	for (size_t i = 0; i < run->table_count; i++) {
		if (!stacks_read(a, &run->tables[i], path_folder(a, path), &err))
			fprintf(stderr, "pawl: %s\n", err.text);
	}
}

/* The sides of one check were profiled in turns. */
static void find_causes(struct arena *a, const char *const *paths, struct run *base, struct run *head,
			struct verdict *v)
{
	struct causes causes = {.arena = a, .verdict = v, .base = base, .head = head, .base_revision = base->revision};
	struct git_repo repo;

	if (!is_one_check(base, head)) {
		causes_point_out(&causes);
		return;
	}
	read_stacks(a, paths[0], base);
	read_stacks(a, paths[1], head);
	if (git_find(a, ".", &repo))
		causes.repo = &repo;
	causes_find(&causes);
}

static enum status compare_run(struct call *call, struct err *err)
{
	const struct options *o = call->options;
	struct arena *a = call->arena;
	struct report_options reports = {0};
	struct config config = {0};
	struct contrast contrast;
	struct run base, head;
	struct verdict v = {.check_id = "", .started = "", .repeat = ""};
	struct judge_request request = {.base = &base, .head = &head};
	const struct input_format *format = NULL;

	if ((o->format && !input_choose(o->format, &format, err)) || !read_options(o, &request, &reports, err) ||
	    (o->config && !config_read(a, o->config, &config, err)) ||
	    !load_results(a, call->words[0], format, &base, err) ||
	    !load_results(a, call->words[1], format, &head, err))
		return STATUS_USAGE;
	contrast_adopt_suite(a, &base, &head);
	contrast = contrast_runs(a, &base, &head);
	reports.base = &base;
	reports.head = &head;
	request.mode = is_one_check(&base, &head) ? JUDGE_INTERLEAVED : JUDGE_TWO_FILES;
	request.rules = config.rules;
	request.rule_count = config.rule_count;
	request.budgets = config.budgets;
	request.budget_count = config.budget_count;
	request.partial = true; /* a file is seldom all of a project */
	request.missing_fails = config.missing_fails;
	request.other_class = contrast.other_class;
	judge(a, &request, &v);
	find_causes(a, call->words, &base, &head, &v);
	require_common(&v);
	v.base_title = title_of(a, call->words[0], &base);
	v.head_title = title_of(a, call->words[1], &head);
	v.started = head.started;
	join_warnings(a, &v, &contrast, call->words, &base, &head);
	if (!write_reports(a, o, &v, &reports, err))
		return STATUS_UNDECIDED;
	return (enum status)v.status;
}

#define AT(field) offsetof(struct options, field)

static const struct option compare_options[] = {
	{"same-session", 0, OPTION_FLAG, NULL, AT(same_session),
	 "both were measured side by side: add no spread between runs"},
	{"format", 0, OPTION_TEXT, "NAME", AT(format), "what both files are, where their content does not say it"},
	{"fail-on", 0, OPTION_TEXT, "SEV", AT(fail_on), "LOW, MEDIUM, HIGH or CRITICAL"},
	{"config", 'c', OPTION_TEXT, "FILE", AT(config), "take the rules of this pawl.yml"},
	{"out", 'o', OPTION_TEXT, "DIR", AT(out), "write CSV, JUnit, HTML and verdict.json there too"},
	{"junit-dialect", 0, OPTION_TEXT, "DIALECT", AT(junit_dialect),
	 "rich, or strict: valid against the schemas of JUnit"},
	{"json", 0, OPTION_FLAG, NULL, AT(json), "print verdict.json instead of the text"},
	{0},
};

const struct command command_compare = {
	.name = "compare",
	.summary = "Compare two result files of any known format",
	.words = "BASE HEAD",
	.examples = "  pawl compare before.json after.json\n"
		    "  pawl compare --same-session before.json after.json   # measured interleaved\n"
		    "  pawl compare before.txt after.txt                    # of go test -bench -count 10\n"
		    "  pawl compare --format customBiggerIsBetter before.json after.json\n",
	.details =
		"A file that does not say when and where it was measured may come from another day: what is\n"
		"decided takes into account that runs of the same code differ by some 5 %.  The interval as it\n"
		"was measured is shown beside it.  Two run files of one check are compared pair by pair.  What is\n"
		"in one file alone, or in another unit, is said and not compared; files of other classes of machine\n"
		"have no times in common.  The last rows are geometric means of what both files have.\n\n"
		"Exit status: 1 a regression, 2 a damaged file, 3 nothing could be judged.\n",
	.options = compare_options,
	.options_size = sizeof(struct options),
	.min_words = 2,
	.max_words = 2,
	.run = compare_run,
};
