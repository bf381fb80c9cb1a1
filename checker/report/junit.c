/*
 * JUnit XML, the form that most readers take: one flat testsuite a suite, one testcase a series.
 *
 * failure: the row makes the exit status 1; error: it makes it 3; skipped: it was not judged; the rest passed.  Series
 * that are reported only are cases too (they pass or are skipped) and carry the property pawl.gated=false.  A check that
 * ends badly without such a row has a case of its own.  The host name is the machine class.  A message stands in the
 * attribute and in the element: GitLab reads only the latter.
 *
 * The strict dialect leaves out what the schemas do not know (attributes of the root, place, properties and output of a
 * case); severities and warnings of cases then stand in the output of their suite.
 */
#include "report/report.h"

#include "report/report_repeat.h"
#include "report/report_words.h"
#include "report/report_xml.h"

#include <ctype.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>
#include <time.h>

static const char *const dialect_names[] = {
#define ROW(name, text) text,
	JUNIT_DIALECT_LIST(ROW)
#undef ROW
};

const char *junit_dialect_name(enum junit_dialect d)
{
	return dialect_names[d];
}

bool junit_dialect_find(const char *name, enum junit_dialect *out, struct err *err)
{
	struct arena *a = NULL;

	for (size_t i = 0; i < JUNIT_DIALECT_COUNT; i++) {
		if (text_equal(dialect_names[i], name)) {
			*out = (enum junit_dialect)i;
			return true;
		}
	}
	a = arena_open();
	struct buf names = {.arena = a};
	for (size_t i = 0; i < JUNIT_DIALECT_COUNT; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", dialect_names[i]);
	err_set(err, "there is no JUnit dialect '%s'; there are %s", text_printable_copy(a, name), buf_string(&names));
	arena_close(a);
	return false;
}

/* What is written, and how. */
struct writing {
	struct buf *out;
	const struct verdict *v;
	const struct report_options *options;
	bool strict;
};

enum result { RESULT_PASSED, RESULT_FAILURE, RESULT_ERROR, RESULT_SKIPPED, RESULT_COUNT };

static const char *const result_elements[] = {"", "failure", "error", "skipped"};

static enum result result_of(const struct finding *f)
{
	if (f->effect == EFFECT_FAIL)
		return RESULT_FAILURE;
	if (f->effect == EFFECT_ERROR)
		return RESULT_ERROR;
	return f->state == STATE_JUDGED ? RESULT_PASSED : RESULT_SKIPPED;
}

/* "pawl.regression.high", "pawl.gone", "pawl.benchmark_error", "pawl.undecided", … */
static const char *result_type(struct arena *a, const struct finding *f)
{
	char *severity = arena_string(a, severity_name(f->severity));

	if (f->state == STATE_FAILED)
		return "pawl.benchmark_error";
	if (f->effect != EFFECT_FAIL || f->state == STATE_GONE)
		return arena_printf(a, "pawl.%s", state_name(f->state));
	if (f->severity == SEVERITY_NONE)
		return "pawl.regression";
	for (char *at = severity; *at; at++)
		*at = (char)tolower((unsigned char)*at);
	return arena_printf(a, "pawl.regression.%s", severity);
}

/* Seconds without exponent and with three decimals at most: stricter readers take no others. */
static void write_time(struct buf *out, double seconds)
{
	buf_printf(out, " time=\"%.3f\"", isfinite(seconds) && seconds > 0 ? seconds : 0.0);
}

/* The same slices measure all metrics of a benchmark, so a benchmark's time counts once. */
static double suite_seconds(const struct finding *findings, size_t count)
{
	double sum = 0, longest = 0;

	for (size_t i = 0; i < count; i++) {
		if (i > 0 && !text_equal(findings[i].bench, findings[i - 1].bench)) {
			sum += longest;
			longest = 0;
		}
		longest = fmax(longest, findings[i].measured_s);
	}
	return sum + longest;
}

static void add_line(struct buf *out, const char *name, const char *text)
{
	if (*text)
		buf_printf(out, "%-10s %s\n", name, text);
}

/* What follows the first line of a reason is a program's output; behind "| " a CI runner that shows the file in its log
 * takes none of it for a command. */
static void add_output(struct buf *out, const char *reason)
{
	const char *at = strchr(reason, '\n');

	while (at) {
		const char *end = strchr(at + 1, '\n');
		size_t size = end ? (size_t)(end - at - 1) : strlen(at + 1);

		buf_printf(out, "| %s\n", words_inert(out->arena, arena_copy(out->arena, at + 1, size)));
		at = end;
	}
}

static void add_cause(struct buf *out, const struct finding *f)
{
	struct arena *a = out->arena;

	if (*words_or_empty(f->function))
		add_line(out, "cause", words_cause(a, f));
	if (!*words_or_empty(f->function) || (*words_or_empty(f->caller) && *words_source(f)))
		add_line(out, "place", words_inert(a, f->place));
	if (*words_cause_range(a, f))
		add_line(out, "of that", words_cause_range(a, f));
	if (*words_or_empty(f->callers))
		add_line(out, "called by", words_inert(a, f->callers));
	if (*words_or_empty(f->cause_note))
		add_line(out, "note", words_inert(a, f->cause_note));
}

/* Several lines: the numbers and the cause. */
static const char *details_of(struct arena *a, const struct verdict *v, const struct finding *f)
{
	struct buf out = {.arena = a};
	const char *base = words_value(a, f->baseline, f->unit), *head = words_value(a, f->current, f->unit);

	buf_printf(&out, "%s: %s\n", words_series(a, f), words_message(a, f));
	if (f->baseline.known)
		add_line(&out, "base", arena_printf(a, "%s (%zu samples)", base, f->samples_base));
	if (f->current.known)
		add_line(&out, "head", arena_printf(a, "%s (%zu samples)", head, f->samples_head));
	if (f->change_ratio.known)
		add_line(&out, "change", words_change_cell(a, f));
	if (words_known(f->p))
		add_line(&out, "p", arena_printf(a, "%.3g", f->p.value));
	if (words_known(f->q))
		add_line(&out, "q", arena_printf(a, "%.3g", f->q.value));
	if (words_known(f->p_two_sided))
		add_line(&out, "two-sided", arena_printf(a, "p %.3g", f->p_two_sided.value));
	if (words_known(f->mde_ratio))
		add_line(&out, "detectable", words_limit(a, f->mde_ratio.value, 2));
	add_line(&out, "method", words_or_empty(f->method));
	add_cause(&out, f);
	add_line(&out, "repeat", repeat_command(a, v, f));
	add_output(&out, words_or_empty(f->reason));
	return buf_string(&out);
}

static void write_place(struct buf *out, const struct finding *f, const struct report_options *options)
{
	struct place place = words_place(out->arena, f);

	if (!*place.file)
		place.file = words_or_empty(options->config);
	if (*place.file)
		xml_attribute(out, "file", place.file);
	if (*place.line)
		xml_attribute(out, "line", place.line);
}

static void write_property(struct buf *out, const char *indent, const char *name, const char *value)
{
	buf_printf(out, "%s<property", indent);
	xml_attribute(out, "name", name);
	xml_attribute(out, "value", value);
	buf_text(out, "/>\n");
}

/* At most one: stricter readers allow no more. */
static void write_result(const struct writing *w, const struct finding *f)
{
	enum result result = result_of(f);
	struct buf *out = w->out;
	const char *message = words_message(out->arena, f);

	if (result == RESULT_PASSED)
		return;
	buf_printf(out, "      <%s", result_elements[result]);
	if (result != RESULT_SKIPPED)
		xml_attribute(out, "type", result_type(out->arena, f));
	xml_attribute(out, "message", message);
	buf_char(out, '>');
	xml_text(out, result == RESULT_SKIPPED ? message : details_of(out->arena, w->v, f));
	buf_printf(out, "</%s>\n", result_elements[result]);
}

/* JUnit knows no warnings: a slower row that does not fail passes and says so.  "" for a row with nothing to say. */
static const char *output_of(struct arena *a, const struct finding *f)
{
	const char *warning = words_or_empty(f->warning);
	struct buf out = {.arena = a};

	if (f->outcome == OUTCOME_SLOWER && result_of(f) == RESULT_PASSED)
		buf_printf(&out, "warning: slower: %s\n", words_message(a, f));
	if (*warning)
		buf_printf(&out, "warning: %s\n", words_inert(a, warning));
	return buf_string(&out);
}

static const char *case_name(struct arena *a, const struct finding *f)
{
	return *words_or_empty(f->metric) ? arena_printf(a, "%s [%s]", f->bench, f->metric) : f->bench;
}

static void write_case_properties(struct buf *out, const struct finding *f)
{
	buf_text(out, "      <properties>\n");
	write_property(out, "        ", "pawl.severity", severity_name(f->severity));
	write_property(out, "        ", "pawl.state", state_name(f->state));
	if (f->outcome != OUTCOME_NONE)
		write_property(out, "        ", "pawl.verdict", outcome_name(f->outcome));
	write_property(out, "        ", "pawl.gated", f->gated ? "true" : "false");
	buf_text(out, "      </properties>\n");
}

static void write_case(const struct writing *w, const struct finding *f)
{
	struct buf *out = w->out;
	const char *output = output_of(out->arena, f);

	buf_text(out, "    <testcase");
	xml_attribute(out, "classname", arena_printf(out->arena, "pawl.%s", words_or_empty(f->suite)));
	xml_attribute(out, "name", case_name(out->arena, f));
	write_time(out, f->measured_s);
	if (w->strict) {
		buf_text(out, ">\n");
		write_result(w, f);
		buf_text(out, "    </testcase>\n");
		return;
	}
	write_place(out, f, w->options);
	buf_text(out, ">\n");
	write_case_properties(out, f);
	write_result(w, f);
	if (*output) {
		buf_text(out, "      <system-out>");
		xml_text(out, output);
		buf_text(out, "</system-out>\n");
	}
	buf_text(out, "    </testcase>\n");
}

/* "2026-11-21T01:02:03": JUnit's timestamps have no zone.  What a result file gives for a date may be anything. */
static const char *timestamp_of(struct arena *a, const struct verdict *v)
{
	static const char none[] = "1970-01-01T00:00:00";
	static const char pattern[] = "%Y-%m-%dT%H:%M:%S";
	const char *started = words_or_empty(v->started);
	char again[sizeof none + 16];
	struct tm tm = {0};
	const char *text;

	if (strlen(started) < sizeof none - 1)
		return none;
	text = arena_copy(a, started, sizeof none - 1);
	if (!strptime(text, pattern, &tm) || timegm(&tm) == -1)
		return none;
	strftime(again, sizeof again, pattern, &tm);
	return text_equal(again, text) ? text : none;
}

static void write_suite_properties(struct buf *out, const struct verdict *v)
{
	buf_text(out, "    <properties>\n");
	write_property(out, "      ", "pawl.base", words_or_empty(v->base_title));
	write_property(out, "      ", "pawl.head", words_or_empty(v->head_title));
	write_property(out, "      ", "pawl.check_id", words_or_empty(v->check_id));
	write_property(out, "      ", "pawl.seed", arena_printf(out->arena, "%" PRIu64, v->seed));
	write_property(out, "      ", "pawl.exit_status", arena_printf(out->arena, "%d", v->status));
	write_property(out, "      ", "pawl.exit_reason", words_or_empty(v->status_reason));
	buf_text(out, "    </properties>\n");
}

/* What cases have no place for in the strict dialect. */
static void write_suite_output(const struct writing *w, const struct finding *findings, size_t count)
{
	struct buf *out = w->out;
	struct arena *a = out->arena;

	buf_text(out, "    <system-out>");
	for (size_t i = 0; i < count; i++) {
		const struct finding *f = &findings[i];
		const char *output = output_of(a, f);

		if (f->outcome == OUTCOME_NONE && !*output)
			continue;
		xml_text(out, arena_printf(a, "%s: %s%s%s%s\n", words_inert(a, case_name(a, f)),
					   outcome_name(f->outcome), f->severity == SEVERITY_NONE ? "" : ", severity ",
					   f->severity == SEVERITY_NONE ? "" : severity_name(f->severity),
					   f->gated ? "" : ", not gated"));
		xml_text(out, output);
	}
	buf_text(out, "</system-out>\n");
}

/* Warnings about the whole check; with the first suite, since no element stands above the suites for them. */
static void write_warnings(const struct writing *w, bool first)
{
	struct buf *out = w->out;
	size_t count = first ? w->v->warning_count : 0;

	if (count == 0 && !w->strict)
		return;
	buf_text(out, "    <system-err>");
	for (size_t i = 0; i < count; i++)
		xml_text(out, arena_printf(out->arena, "warning: %s\n", words_inert(out->arena, w->v->warnings[i])));
	buf_text(out, "</system-err>\n");
}

/* A suite and a host must have a name. */
static const char *or_else(const char *text, const char *otherwise)
{
	return text[strspn(text, " \t\r\n")] ? text : otherwise;
}

/* `findings` are the `count` ones of one suite. */
static void write_suite(const struct writing *w, const struct finding *findings, size_t count, size_t id)
{
	struct buf *out = w->out;
	size_t results[RESULT_COUNT] = {0};
	const char *machine = "";

	for (size_t i = 0; i < count; i++) {
		results[result_of(&findings[i])]++;
		if (!*machine)
			machine = words_or_empty(findings[i].machine);
	}
	buf_text(out, "  <testsuite");
	xml_attribute(out, "name", or_else(words_or_empty(findings[0].suite), "-"));
	buf_printf(out, " tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"", count,
		   results[RESULT_FAILURE], results[RESULT_ERROR], results[RESULT_SKIPPED]);
	write_time(out, suite_seconds(findings, count));
	xml_attribute(out, "timestamp", timestamp_of(out->arena, w->v));
	xml_attribute(out, "hostname", or_else(machine, "localhost"));
	buf_printf(out, " id=\"%zu\" package=\"pawl\">\n", id);
	write_suite_properties(out, w->v);
	for (size_t i = 0; i < count; i++)
		write_case(w, &findings[i]);
	if (w->strict)
		write_suite_output(w, findings, count);
	write_warnings(w, id == 0);
	buf_text(out, "  </testsuite>\n");
}

static size_t suite_size(const struct verdict *v, size_t start)
{
	size_t end = start;

	while (end < v->finding_count && text_equal(v->findings[end].suite, v->findings[start].suite))
		end++;
	return end - start;
}

/* What keeps a check from passing though no row does, as a case: without one the report would look green. */
static bool add_check(const struct verdict *v, struct finding *check)
{
	for (size_t i = 0; i < v->finding_count; i++) {
		if (v->findings[i].effect != EFFECT_PASS)
			return false;
	}
	*check = (struct finding){
		.suite = "pawl",
		.bench = "check",
		.state = STATE_UNDECIDED,
		.effect = v->status == 1 ? EFFECT_FAIL : EFFECT_ERROR,
		.reason = v->status_reason,
	};
	return v->status != 0;
}

/* A reader that finds no time here shows NaN. */
static void write_totals(struct buf *out, const struct verdict *v, const struct finding *check)
{
	size_t results[RESULT_COUNT] = {0};
	double seconds = 0;

	for (size_t i = 0; i < v->finding_count; i++)
		results[result_of(&v->findings[i])]++;
	if (check)
		results[result_of(check)]++;
	for (size_t start = 0; start < v->finding_count; start += suite_size(v, start))
		seconds += suite_seconds(v->findings + start, suite_size(v, start));
	buf_printf(out, " name=\"pawl\" tests=\"%zu\" failures=\"%zu\" errors=\"%zu\"",
		   v->finding_count + (check != NULL), results[RESULT_FAILURE], results[RESULT_ERROR]);
	write_time(out, seconds);
}

static void write_junit(struct buf *out, const struct verdict *v, const struct report_options *options)
{
	struct writing w = {out, v, options, options->junit_dialect == JUNIT_STRICT};
	struct finding check;
	bool has_check = add_check(v, &check);
	size_t id = 0;

	buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
	if (!w.strict)
		write_totals(out, v, has_check ? &check : NULL);
	buf_text(out, ">\n");
	for (size_t start = 0; start < v->finding_count; start += suite_size(v, start))
		write_suite(&w, v->findings + start, suite_size(v, start), id++);
	if (has_check) {
		/* No filter measures a check again. */
		struct verdict alone = *v;

		alone.repeat = "";
		w.v = &alone;
		write_suite(&w, &check, 1, id);
	}
	buf_text(out, "</testsuites>\n");
}

const struct report_format report_junit = {
	.name = "junit",
	.help = "JUnit XML, for the test pages of CI services",
	.file = "junit.xml",
	.write = write_junit,
};
