/* pawl compare. */
#include "cmd/cmd.h"

#include "base/file.h"
#include "flow/config.h"
#include "flow/judge.h"
#include "flow/load.h"
#include "report/report.h"

#include <stddef.h>
#include <stdio.h>

struct options {
	const char *config, *fail_on, *out;
	bool same_session, json;
};

/* Two runs of one check belong together slice by slice. */
static bool is_one_check(const struct run *base, const struct run *head)
{
	return *base->check_id && text_equal(base->check_id, head->check_id);
}

static bool write_reports(struct arena *a, const struct options *o, const struct verdict *v, struct err *err)
{
	static const char *const formats[] = {"text", "csv", "junit"};
	struct report_options options = {
		.config = o->config ? o->config : "", .dir = o->out ? o->out : "", .all_rows = true};
	struct buf out = {.arena = a};

	if (o->out && !report_write_all(a, v, &options, o->out, formats, sizeof formats / sizeof formats[0], err))
		return false;
	report_find(o->json ? "verdict" : "text")->write(&out, v, &options);
	fwrite(buf_string(&out), 1, out.size, stdout);
	return true;
}

static void join_warnings(struct arena *a, struct verdict *v, const struct run *base, const struct run *head)
{
	v->warnings = NEW_ARRAY(a, const char *, base->warning_count + head->warning_count);
	for (size_t i = 0; i < base->warning_count; i++)
		v->warnings[v->warning_count++] = arena_printf(a, "%s: %s", v->base_title, base->warnings[i]);
	for (size_t i = 0; i < head->warning_count; i++)
		v->warnings[v->warning_count++] = arena_printf(a, "%s: %s", v->head_title, head->warnings[i]);
}

static enum status compare_run(struct call *call, struct err *err)
{
	const struct options *o = call->options;
	struct arena *a = call->arena;
	struct config config = {0};
	struct run base, head;
	struct verdict v = {.check_id = "", .started = "", .repeat = ""};
	struct judge_request request = {
		.base = &base, .head = &head, .same_session = o->same_session, .has_fail_on = o->fail_on != NULL};

	if (o->fail_on && (!severity_find(o->fail_on, &request.fail_on) || request.fail_on == SEVERITY_NONE)) {
		err_set(err, "--fail-on takes LOW, MEDIUM, HIGH or CRITICAL, not '%s'", o->fail_on);
		return STATUS_USAGE;
	}
	if (o->config && !config_read(a, o->config, &config, err))
		return STATUS_USAGE;
	if (!load_results(a, call->words[0], &base, err) || !load_results(a, call->words[1], &head, err))
		return STATUS_USAGE;
	request.mode = is_one_check(&base, &head) ? JUDGE_INTERLEAVED : JUDGE_TWO_FILES;
	request.rules = config.rules;
	request.rule_count = config.rule_count;
	request.missing_fails = config.missing_fails;
	judge(a, &request, &v);
	v.base_title = call->words[0];
	v.head_title = call->words[1];
	v.started = head.started;
	join_warnings(a, &v, &base, &head);
	if (!write_reports(a, o, &v, err))
		return STATUS_UNDECIDED;
	return (enum status)v.status;
}

#define AT(field) offsetof(struct options, field)

static const struct option compare_options[] = {
	{"same-session", 0, OPTION_FLAG, NULL, AT(same_session),
	 "both were measured side by side: add no spread between runs"},
	{"fail-on", 0, OPTION_TEXT, "SEV", AT(fail_on), "LOW, MEDIUM, HIGH or CRITICAL"},
	{"config", 'c', OPTION_TEXT, "FILE", AT(config), "take the rules of this pawl.yml"},
	{"out", 'o', OPTION_TEXT, "DIR", AT(out), "write CSV, JUnit and verdict.json there too"},
	{"json", 0, OPTION_FLAG, NULL, AT(json), "print verdict.json instead of the text"},
	{0},
};

const struct command command_compare = {
	.name = "compare",
	.summary = "Compare two result files of any known format",
	.words = "BASE HEAD",
	.examples = "  pawl compare before.json after.json\n"
		    "  pawl compare --same-session before.json after.json   # measured interleaved\n",
	.details = "A file that does not say when and where it was measured may come from another day: what is\n"
		   "decided takes into account that runs of the same code differ by some 5 %.  The interval as it\n"
		   "was measured is shown beside it.  Two run files of one check are compared pair by pair.\n\n"
		   "Exit status: 1 a regression, 2 a damaged file, 3 nothing could be judged.\n",
	.options = compare_options,
	.options_size = sizeof(struct options),
	.min_words = 2,
	.max_words = 2,
	.run = compare_run,
};
