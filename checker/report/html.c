/*
 * The HTML report: one page that needs nothing else, for people.
 *
 * The verdict, its counts, the table with a plot a row, warnings, and what was compared are markup and read well where no
 * script may run.  The script adds sorting, filtering and a row's details, which it builds from the data block when
 * somebody asks for them.
 */
#include "report/report.h"

#include "draw/escape.h"
#include "draw/flame.h"
#include "draw/interval.h"
#include "draw/page.h"
#include "model/geomean.h"
#include "report/html_assets.h"
#include "report/html_causes.h"
#include "report/html_data.h"
#include "report/html_facts.h"
#include "report/html_rows.h"
#include "report/report_words.h"

#include <inttypes.h>
#include <string.h>

enum {
	WARNINGS_OPEN = 5, /* more are folded */
	REASON_COLUMNS = 160,
};

struct html {
	struct buf *out;
	const struct verdict *verdict;
	const struct html_row *rows;
	struct verdict_counts counts;
	bool has_causes;
};

/* ---- the verdict ---- */

/* By exit status; anything else is a check that could not be made. */
static const struct {
	const char *look, *word, *mark;
} statuses[] = {
	{"good", "Passes", "\xE2\x9C\x93"},
	{"bad", "Fails", "\xE2\x9C\x97"},
	{"unsure", "Not decided", "!"},
};

static size_t status_row(const struct verdict *v)
{
	return v->status == 0 || v->status == 1 ? (size_t)v->status : 2;
}

/* "1 regression of severity MEDIUM or above"; a check that passes needs no reason but its numbers. */
static const char *status_words(struct arena *a, const struct html *h)
{
	const char *reason = html_readable(a, h->verdict->status_reason);

	if (*reason)
		return reason;
	if (h->counts.slower > 0)
		return arena_printf(a, "%zu slower, none of them so much that it fails", h->counts.slower);
	return "nothing became slower";
}

static void write_count(struct html *h, enum html_label label, size_t count)
{
	const char *look = count > 0 ? html_label_look(label) : "plain";

	buf_printf(h->out, "<li class=\"%s\" data-label=\"%d\"><b>%zu</b> %s</li>\n", look, (int)label, count,
		   html_label_name(label));
}

/* All gated rows, by their labels; the three that everybody looks for also when there are none. */
static void write_counts(struct html *h)
{
	size_t counts[HTML_LABEL_COUNT] = {0}, gated = 0;
	const struct verdict *v = h->verdict;

	for (size_t i = 0; i < v->finding_count; i++) {
		if (!h->rows[i].finding->gated)
			continue;
		counts[h->rows[i].label]++;
		gated++;
	}
	buf_printf(h->out, "<p>%zu benchmark%s, %zu gated series:</p>\n<ul class=\"counts\">\n", h->counts.benchmarks,
		   h->counts.benchmarks == 1 ? "" : "s", gated);
	for (size_t i = 0; i < HTML_LABEL_COUNT; i++) {
		enum html_label label = (enum html_label)i;

		if (counts[i] > 0 || label == HTML_LABEL_SLOWER || label == HTML_LABEL_FASTER ||
		    label == HTML_LABEL_SAME)
			write_count(h, label, counts[i]);
	}
	buf_text(h->out, "</ul>\n");
	if (counts[HTML_LABEL_SAME] > 0 && words_known(h->counts.largest_mde_ratio))
		buf_printf(h->out, "<p>In what is the same, %s or more would have been seen.</p>\n",
			   words_limit(h->out->arena, h->counts.largest_mde_ratio.value, 2));
}

static void write_side(struct buf *out, const char *heading, const char *title)
{
	if (!*words_or_empty(title))
		return;
	buf_printf(out, "<dt>%s</dt><dd>", heading);
	html_text(out, html_readable(out->arena, title));
	buf_text(out, "</dd>\n");
}

static void write_head(struct html *h)
{
	struct buf *out = h->out;
	size_t status = status_row(h->verdict);

	buf_printf(out, "<header>\n<h1 class=\"%s\"><span class=\"mark\" aria-hidden=\"true\">%s</span> <b>%s:</b> ",
		   statuses[status].look, statuses[status].mark, statuses[status].word);
	html_text(out, status_words(out->arena, h));
	buf_text(out, "</h1>\n<dl class=\"sides\">\n");
	write_side(out, "Base", h->verdict->base_title);
	write_side(out, "Head", h->verdict->head_title);
	write_side(out, "Measured", h->verdict->started);
	buf_text(out, "</dl>\n");
	write_counts(h);
	buf_text(out, "</header>\n");
}

/* ---- warnings ---- */

static void write_warnings(struct html *h)
{
	const struct verdict *v = h->verdict;

	if (v->warning_count == 0)
		return;
	buf_printf(h->out, "<details class=\"warnings\"%s><summary>%zu warning%s</summary>\n<ul>\n",
		   v->warning_count <= WARNINGS_OPEN ? " open" : "", v->warning_count,
		   v->warning_count == 1 ? "" : "s");
	for (size_t i = 0; i < v->warning_count; i++) {
		buf_text(h->out, "<li>");
		html_text(h->out, html_readable(h->out->arena, v->warnings[i]));
		buf_text(h->out, "</li>\n");
	}
	buf_text(h->out, "</ul>\n</details>\n");
}

/* ---- the table ---- */

/* What the script fills with choices; without one there is nothing to choose. */
static void write_controls(struct buf *out)
{
	buf_text(out, "<form id=\"filters\" hidden>\n"
		      "<label>Search <input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\""
		      " placeholder=\"benchmark, cause, reason\"></label>\n"
		      "<label>Result <select id=\"by-label\"></select></label>\n"
		      "<label>Severity <select id=\"by-severity\"></select></label>\n"
		      "<label>Suite <select id=\"by-suite\"></select></label>\n"
		      "<label>Series <select id=\"by-gate\"></select></label>\n"
		      "<button type=\"reset\">Show all</button>\n"
		      "<output id=\"shown\" role=\"status\"></output>\n</form>\n");
}

static bool has_plot(const struct finding *f)
{
	return words_known(f->change_ratio);
}

static struct interval_mark mark_of(const struct finding *f)
{
	return (struct interval_mark){
		.change_ratio = f->change_ratio.value,
		.low_ratio = f->low_ratio.value,
		.high_ratio = f->high_ratio.value,
		.has_low = words_known(f->low_ratio),
		.has_high = words_known(f->high_ratio),
		.threshold_ratio = f->threshold_ratio,
	};
}

/* Of the gated rows: a counter that doubled and that nobody judges must not flatten them. */
static struct interval_scale scale_of(const struct html *h)
{
	struct arena *a = h->out->arena;
	struct interval_mark *marks = NEW_ARRAY(a, struct interval_mark, h->verdict->finding_count);
	size_t count = 0;

	for (size_t i = 0; i < h->verdict->finding_count; i++) {
		if (has_plot(&h->verdict->findings[i]) && h->verdict->findings[i].gated)
			marks[count++] = mark_of(&h->verdict->findings[i]);
	}
	return interval_scale_of(a, marks, count);
}

/* "HIGH slower" */
static void write_label(struct buf *out, const struct html_row *row)
{
	const struct finding *f = row->finding;

	buf_printf(out, "<td class=\"v\"><span class=\"tag %s\">", html_label_look(row->label));
	if (f->severity != SEVERITY_NONE)
		buf_printf(out, "%s ", severity_name(f->severity));
	buf_printf(out, "%s</span></td>", html_label_name(row->label));
}

/* A narrow column breaks a C++ name behind its "::" rather than in the middle of a word. */
static void write_cause(struct buf *out, const char *cause)
{
	for (const char *end = strstr(cause, "::"); end; end = strstr(cause, "::")) {
		html_text(out, arena_copy(out->arena, cause, (size_t)(end - cause) + 2));
		buf_text(out, "<wbr>");
		cause = end + 2;
	}
	html_text(out, cause);
}

static void write_why(struct buf *out, const char *word, const char *text)
{
	const char *line = arena_copy(out->arena, text, strcspn(text, "\n"));

	buf_printf(out, "<small>%s", word);
	html_text(out, words_clip(out->arena, words_inert(out->arena, line), REASON_COLUMNS));
	buf_text(out, "</small>");
}

/* The change where there is one, the reason where there is none, it makes the check fail, or a slowdown does not. */
static void write_change(struct buf *out, const struct finding *f)
{
	bool known = words_known(f->change_ratio) || words_known(f->change);
	const char *reason = words_or_empty(f->reason), *warning = words_or_empty(f->warning);

	buf_text(out, "<td class=\"c\">");
	if (known)
		html_text(out, words_change_cell(out->arena, f));
	if (*reason && (!known || f->effect != EFFECT_PASS || f->state != STATE_JUDGED || f->outcome == OUTCOME_SLOWER))
		write_why(out, "", reason);
	if (*warning)
		write_why(out, "warning: ", warning);
	buf_text(out, "</td>");
}

static void write_row(const struct html *h, const struct html_row *row, const struct interval_scale *scale)
{
	const struct finding *f = row->finding;
	struct buf *out = h->out;
	struct interval_mark mark = mark_of(f);

	buf_printf(out, "<tr class=\"%s%s\">", html_label_look(row->label), f->gated ? "" : " ungated");
	write_label(out, row);
	buf_text(out, "<th scope=\"row\">");
	html_text(out, words_series(out->arena, f));
	buf_text(out, "</th><td class=\"n\">");
	html_text(out, words_value(out->arena, f->baseline, f->unit));
	buf_text(out, "</td><td class=\"n\">");
	html_text(out, words_value(out->arena, f->current, f->unit));
	buf_text(out, "</td>");
	write_change(out, f);
	buf_text(out, "<td class=\"p\">");
	if (has_plot(f))
		interval_draw(out, scale, &mark);
	buf_text(out, "</td>");
	if (h->has_causes) {
		buf_text(out, "<td class=\"w\">");
		write_cause(out, words_cause(out->arena, f));
		buf_text(out, "</td>");
	}
	buf_text(out, "</tr>\n");
}

static void write_table(const struct html *h)
{
	struct buf *out = h->out;
	struct interval_scale scale = scale_of(h);

	if (h->verdict->finding_count == 0) {
		buf_text(out, "<p>There are no rows.</p>\n");
		return;
	}
	buf_text(out,
		 "<table id=\"table\">\n<caption>Every series, what decides the check first. In the plots: the line is"
		 " the interval, the dot the estimate, the band the threshold.</caption>\n"
		 "<thead><tr><th scope=\"col\" data-key=\"order\">Result</th>"
		 "<th scope=\"col\" data-key=\"name\">Benchmark</th>"
		 "<th scope=\"col\" data-key=\"b\" class=\"n\">Base</th>"
		 "<th scope=\"col\" data-key=\"h\" class=\"n\">Head</th>"
		 "<th scope=\"col\" data-key=\"c\">Change</th>"
		 "<th scope=\"col\" class=\"p\"><span class=\"unseen\">Interval</span>");
	interval_axis_draw(out, &scale);
	buf_printf(out, "</th>%s</tr></thead>\n<tbody>\n",
		   h->has_causes ? "<th scope=\"col\" data-key=\"cause\">Cause</th>" : "");
	for (size_t i = 0; i < h->verdict->finding_count; i++)
		write_row(h, &h->rows[i], &scale);
	buf_text(out, "</tbody>\n</table>\n");
}

/* ---- all benchmarks together ---- */

static void write_geomeans(struct html *h)
{
	struct buf *out = h->out;
	struct arena *a = out->arena;
	size_t count = 0;
	const struct geomean *means = verdict_geomeans(a, h->verdict, &count);

	if (count == 0)
		return;
	buf_text(out,
		 "<div class=\"wide\"><table class=\"means\">\n<caption>Geometric means, for reading only: nothing is "
		 "judged by them"
		 "</caption>\n<thead><tr><th scope=\"col\">Metric</th><th scope=\"col\" class=\"n\">Benchmarks</th>"
		 "<th scope=\"col\" class=\"n\">Base</th><th scope=\"col\" class=\"n\">Head</th>"
		 "<th scope=\"col\" class=\"n\">Change</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < count; i++) {
		const struct geomean *m = &means[i];

		buf_text(out, "<tr><th scope=\"row\">");
		html_text(out, words_clip(a, words_inert(a, m->metric), 60));
		buf_printf(out, "</th><td class=\"n\">%zu</td><td class=\"n\">", m->count);
		html_text(out, words_value(a, (struct number){m->baseline, true}, m->unit));
		buf_text(out, "</td><td class=\"n\">");
		html_text(out, words_value(a, (struct number){m->current, true}, m->unit));
		buf_printf(out, "</td><td class=\"n\">%s</td></tr>\n",
			   words_change(a, (struct number){m->change_ratio, true}));
	}
	buf_text(out, "</tbody>\n</table></div>\n");
}

static void write_foot(struct html *h)
{
	const struct verdict *v = h->verdict;
	const char *id = words_or_empty(v->check_id);

	buf_printf(h->out, "<footer>pawl, exit status %d", v->status);
	if (*id) {
		buf_text(h->out, "; check ");
		html_text(h->out, html_readable(h->out->arena, id));
		buf_printf(h->out, ", seed %" PRIu64, v->seed);
	}
	buf_text(h->out, "</footer>\n");
}

static bool has_causes(const struct verdict *v)
{
	for (size_t i = 0; i < v->finding_count; i++) {
		if (*words_or_empty(v->findings[i].function))
			return true;
	}
	return false;
}

static void write_html(struct buf *out, const struct verdict *v, const struct report_options *options)
{
	struct html h = {
		.out = out,
		.verdict = v,
		.rows = html_rows(out->arena, v),
		.counts = verdict_count(v),
		.has_causes = has_causes(v),
	};
	struct page page = {.style = html_style, .script = html_script};

	if (html_causes_draw(v, options)) {
		page.style = arena_printf(out->arena, "%s%s", html_style, flame_style);
		page.script = arena_printf(out->arena, "%s%s", html_script, flame_script);
	}
	page.title = arena_printf(out->arena, "pawl: %s, %zu slower, %zu faster", statuses[status_row(v)].word,
				  h.counts.slower, h.counts.faster);
	page_begin(out, &page);
	write_head(&h);
	buf_text(out, "<main>\n");
	write_warnings(&h);
	write_controls(out);
	write_table(&h);
	html_causes_write(out, v, options);
	html_hot_write(out, options);
	write_geomeans(&h);
	buf_text(out, "</main>\n");
	write_foot(&h);
	buf_text(out, "<script type=\"application/json\" id=\"data\">\n");
	html_data_write(out, v, h.rows, options);
	buf_text(out, "</script>\n");
	page_end(out, &page);
}

const struct report_format report_html = {
	.name = "html",
	.help = "one page for a browser: a table to sort and filter, plots, the measured values",
	.file = "report.html",
	.draws = true,
	.write = write_html,
};
