/*
 * Markdown for the summary page of a CI job: the verdict in the first line, then what became slower and why, what became
 * faster, what was not judged, and how to measure again.
 *
 * GitHub drops a summary above 1 MiB whole and refuses a comment above 65,536 characters, so every part of the page may
 * take its share of so many bytes; rows that do not fit are counted.  A row is written whole or not at all, so no character
 * is cut.
 */
#include "report/report.h"

#include "report/report_causes.h"
#include "report/report_markdown.h"
#include "report/report_repeat.h"
#include "report/report_rows.h"
#include "report/report_words.h"

#include <inttypes.h>
#include <string.h>

/* What a part may take of the page, of WHOLE shares.  Headings, titles and counts take the rest. */
enum {
	SLOWER_SHARE = 512,
	FASTER_SHARE = 96,
	STATES_SHARE = 192,
	NOISY_SHARE = 48,
	OUTPUT_SHARE = 48,
	WARNING_SHARE = 48,
	REPEAT_SHARE = 48,
	WHOLE = 1024,
};

enum {
	GROUPS = 50, /* of a state */
	NAMES = 10,
	REPEATS = 10,
	CAUSES = 5,
	OUTPUT_LINES = 12,
	LINE_COLUMNS = 200,
};

struct page {
	struct buf *out;
	const struct verdict *verdict;
	size_t bytes; /* that it aims at */
};

/* A part of the page: rows from where it began up to its limit. */
struct part {
	struct buf *out;
	size_t end; /* of the page at most, in bytes */
	size_t left_out;
};

static struct part begin_part(const struct page *page, size_t share)
{
	return (struct part){.out = page->out, .end = page->out->size + page->bytes * share / WHOLE};
}

/* Once a row did not fit no later one is written, so that what is shown has no holes; `rows` are then left out. */
static void add_row(struct part *part, const struct buf *row, size_t rows)
{
	if (part->left_out || part->out->size + row->size > part->end)
		part->left_out += rows;
	else
		buf_bytes(part->out, row->at, row->size);
}

static void end_part(const struct part *part, const char *what)
{
	if (part->left_out)
		buf_printf(part->out, "\n%zu more %s left out.\n", part->left_out, what);
}

static const char *clipped(struct arena *a, const char *text)
{
	return words_clip(a, words_inert(a, words_or_empty(text)), LINE_COLUMNS);
}

static const char *first_line(struct arena *a, const char *text)
{
	text = words_or_empty(text);
	return clipped(a, arena_copy(a, text, strcspn(text, "\n")));
}

/* ---- the verdict ---- */

static void write_verdict(struct buf *out, const struct verdict *v)
{
	const char *reason = clipped(out->arena, v->status_reason);
	struct verdict_counts c = verdict_count(v);

	buf_text(out, "## pawl: ");
	if (v->status == 0)
		buf_text(out, "passed");
	else if (v->status == 1)
		buf_text(out, "failed");
	else
		buf_text(out, "could not decide");
	if (*reason) {
		buf_text(out, ": ");
		markdown_prose(out, reason);
	} else if (v->status == 0 && c.slower > 0) {
		buf_printf(out, ", %zu slower below the severity that fails", c.slower);
	}
	buf_text(out, "\n\n");
	markdown_prose(out, rows_counted(out->arena, v));
	buf_text(out, ".\n");
}

static void write_titles(struct buf *out, const struct verdict *v)
{
	const char *base = clipped(out->arena, v->base_title), *head = clipped(out->arena, v->head_title);

	if (!*base && !*head)
		return;
	buf_text(out, "\nBase: ");
	markdown_prose(out, base);
	buf_text(out, "; head: ");
	markdown_prose(out, head);
	buf_text(out, ".\n");
}

/* ---- tables ---- */

static void add_cell(struct buf *row, const char *text)
{
	buf_text(row, " | ");
	markdown_prose(row, words_clip(row->arena, text, LINE_COLUMNS));
}

/* The function, or what else is known about the reason. */
static void add_cause(struct buf *row, const struct finding *f)
{
	const char *cause = words_cause(row->arena, f), *reason = first_line(row->arena, f->reason);

	add_cell(row, cause);
	if (*cause && *reason)
		buf_text(row, "; ");
	markdown_prose(row, reason);
}

static struct buf changed_row(struct arena *a, const struct finding *f, bool with_cause)
{
	struct buf row = {.arena = a};

	buf_text(&row, "| ");
	if (with_cause)
		buf_printf(&row, "%s | ", severity_name(f->severity));
	markdown_code(&row, words_series(a, f));
	add_cell(&row, words_value(a, f->baseline, f->unit));
	add_cell(&row, words_value(a, f->current, f->unit));
	add_cell(&row, words_change_cell(a, f));
	if (with_cause)
		add_cause(&row, f);
	buf_text(&row, " |\n");
	return row;
}

/* What explains several rows is said before them. */
static void write_shared_causes(struct buf *out, const struct verdict *v)
{
	size_t count, slower;
	const struct shared_cause *causes = causes_shared(out->arena, v, &count, &slower);

	for (size_t i = 0; i < count && i < CAUSES; i++) {
		buf_text(out, i ? "" : "\n");
		buf_text(out, "- ");
		markdown_code(out, clipped(out->arena, causes[i].first->function));
		buf_char(out, ' ');
		markdown_prose(out, clipped(out->arena, causes_words(out->arena, &causes[i], slower)));
		buf_char(out, '\n');
	}
}

static void write_changed(const struct page *page, enum row_rank rank)
{
	struct buf *out = page->out;
	struct row_list list = rows_judged(out->arena, page->verdict, rank);
	bool slower = rank == ROW_SLOWER;
	struct part part;

	if (list.count == 0)
		return;
	buf_text(out, slower ? "\n### Slower\n\n| Severity | Benchmark | Base | Head | Change | Cause |\n"
			       "| --- | --- | ---: | ---: | ---: | --- |\n"
			     : "\n### Faster\n\n| Benchmark | Base | Head | Change |\n| --- | ---: | ---: | ---: |\n");
	part = begin_part(page, slower ? SLOWER_SHARE : FASTER_SHARE);
	for (size_t i = 0; i < list.count && !part.left_out; i++) {
		struct buf row = changed_row(out->arena, list.rows[i], slower);

		add_row(&part, &row, list.count - i);
	}
	end_part(&part, slower ? "that became slower are" : "that became faster are");
}

/* ---- what was not judged ---- */

static void add_names(struct buf *row, const struct row_list *group)
{
	for (size_t i = 0; i < group->count && i < NAMES; i++) {
		buf_text(row, i ? ", " : "");
		markdown_code(row, words_series(row->arena, group->rows[i]));
	}
	if (group->count > NAMES)
		buf_printf(row, " and %zu more", group->count - NAMES);
}

static struct buf group_row(struct arena *a, const struct row_list *group)
{
	static const char *const effects[] = {"", " (fails the check)", " (the check cannot pass)"};
	const struct finding *first = group->rows[0];
	struct buf row = {.arena = a};

	buf_printf(&row, "| %s%s | ", words_state(a, first->state), effects[first->effect]);
	add_names(&row, group);
	add_cell(&row, first_line(a, first->reason));
	buf_text(&row, " |\n");
	return row;
}

static struct buf noisy_row(struct arena *a, const struct finding *f)
{
	const char *reason = first_line(a, f->reason);
	struct row_list one = {&f, 1};
	struct buf row = {.arena = a};

	buf_text(&row, "| too noisy | ");
	add_names(&row, &one);
	if (!*reason && words_known(f->mde_ratio))
		reason = arena_printf(a, "would have seen %s or more, and the threshold is %s",
				      words_limit(a, f->mde_ratio.value, 2), words_limit(a, f->threshold_ratio, 3));
	add_cell(&row, reason);
	buf_text(&row, " |\n");
	return row;
}

/* The rows of every state, the most urgent first, then those that are too noisy. */
static void write_unjudged(const struct page *page, const struct row_groups states[LISTED_STATES])
{
	static const char heading[] = "\n### Not judged, or too noisy to tell\n\n| State | Benchmarks | Why |\n"
				      "| --- | --- | --- |\n";
	struct buf *out = page->out;
	struct row_list noisy = rows_noisy(out->arena, page->verdict);
	size_t groups = 0, left_out = 0;
	struct part part, unseen;

	for (size_t i = 0; i < LISTED_STATES; i++)
		groups += states[i].count;
	if (groups == 0 && noisy.count == 0)
		return;
	buf_text(out, heading);
	part = begin_part(page, STATES_SHARE);
	for (size_t i = 0; i < LISTED_STATES; i++) {
		for (size_t k = 0; k < states[i].count; k++) {
			struct buf row = group_row(out->arena, &states[i].groups[k]);

			add_row(&part, &row, states[i].groups[k].count);
		}
		left_out += states[i].left_out;
	}
	unseen = begin_part(page, NOISY_SHARE);
	for (size_t i = 0; i < noisy.count && !unseen.left_out; i++) {
		struct buf row = noisy_row(out->arena, noisy.rows[i]);

		add_row(&unseen, &row, noisy.count - i);
	}
	part.left_out += left_out;
	end_part(&part, "that were not judged are");
	end_part(&unseen, "that are too noisy are");
}

/* What a failed program said last. */
static struct buf output_of(struct arena *a, const struct row_list *group)
{
	const char *reason = words_or_empty(group->rows[0]->reason), *at = strchr(reason, '\n');
	struct buf text = {.arena = a};
	struct str last;

	if (at == NULL)
		return text;
	last = text_last_lines(str_of(at + 1), OUTPUT_LINES);
	buf_text(&text, "\nLast lines of ");
	add_names(&text, group);
	buf_text(&text, ":\n\n");
	for (const char *line = arena_copy(a, last.at, last.size); *line;) {
		size_t size = strcspn(line, "\n");

		markdown_block(&text,
			       clipped(a, arena_copy(a, line, size > 0 && line[size - 1] == '\r' ? size - 1 : size)));
		line += size + (line[size] == '\n');
	}
	return text;
}

static void write_outputs(const struct page *page, const struct row_groups states[LISTED_STATES])
{
	struct part part = begin_part(page, OUTPUT_SHARE);

	for (size_t i = 0; i < LISTED_STATES; i++) {
		for (size_t k = 0; k < states[i].count; k++) {
			struct buf text = output_of(page->out->arena, &states[i].groups[k]);

			if (text.size > 0)
				add_row(&part, &text, 1);
		}
	}
	end_part(&part, "outputs are");
}

/* ---- warnings and what to do next ---- */

static void add_warning(struct part *part, const struct finding *f, const char *text)
{
	struct buf row = {.arena = part->out->arena};

	if (part->left_out) {
		part->left_out++;
		return;
	}
	buf_text(&row, "- Warning: ");
	if (f) {
		markdown_code(&row, words_series(row.arena, f));
		buf_text(&row, ": ");
	}
	markdown_prose(&row, clipped(row.arena, text));
	buf_char(&row, '\n');
	add_row(part, &row, 1);
}

static void write_warnings(const struct page *page)
{
	const struct verdict *v = page->verdict;
	struct buf *out = page->out;
	size_t start = out->size;
	struct part part;

	buf_char(out, '\n');
	part = begin_part(page, WARNING_SHARE);
	for (size_t i = 0; i < v->warning_count; i++)
		add_warning(&part, NULL, v->warnings[i]);
	for (size_t i = 0; i < v->finding_count; i++) {
		if (*words_or_empty(v->findings[i].warning))
			add_warning(&part, &v->findings[i], v->findings[i].warning);
	}
	end_part(&part, "warnings are");
	if (out->size == start + 1)
		out->at[out->size = start] = '\0';
}

/* The commands for the first rows that fail, worst first. */
struct commands {
	struct buf text;
	const char *last;
	size_t count, bytes; /* `bytes`: at most */
};

static void add_command(struct commands *c, const struct verdict *v, const struct finding *f)
{
	struct buf block = {.arena = c->text.arena};
	const char *command = c->count < REPEATS ? repeat_command(c->text.arena, v, f) : "";

	/* Two metrics of a benchmark are measured by one command. */
	if (!*command || text_equal(command, c->last))
		return;
	markdown_block(&block, command);
	c->count++;
	if (c->text.size + block.size > c->bytes)
		return;
	buf_bytes(&c->text, block.at, block.size);
	c->last = command;
}

static void write_repeats(const struct page *page, const struct row_groups states[LISTED_STATES])
{
	const struct verdict *v = page->verdict;
	struct buf *out = page->out;
	struct row_list slower = rows_judged(out->arena, v, ROW_SLOWER);
	struct commands commands = {
		.text = {.arena = out->arena}, .last = "", .bytes = page->bytes * REPEAT_SHARE / WHOLE};

	for (size_t i = 0; i < slower.count; i++)
		add_command(&commands, v, slower.rows[i]);
	for (size_t i = 0; i < LISTED_STATES; i++) {
		for (size_t k = 0; k < states[i].count; k++)
			add_command(&commands, v, states[i].groups[k].rows[0]);
	}
	if (commands.text.size > 0)
		buf_printf(out, "\n### Measure again\n\n%s", buf_string(&commands.text));
}

static void write_end(struct buf *out, const struct verdict *v)
{
	buf_printf(out, "\nExit status %d", v->status);
	if (*words_or_empty(v->check_id))
		buf_printf(out, ", seed %" PRIu64, v->seed);
	buf_text(out, ". `verdict.json` has all rows.\n");
}

static void write_page(const struct page *page, const struct row_groups states[LISTED_STATES])
{
	write_verdict(page->out, page->verdict);
	write_titles(page->out, page->verdict);
	write_shared_causes(page->out, page->verdict);
	write_changed(page, ROW_SLOWER);
	write_changed(page, ROW_FASTER);
	write_unjudged(page, states);
	write_outputs(page, states);
	write_warnings(page);
	write_repeats(page, states);
	write_end(page->out, page->verdict);
}

/* Of a small page titles and headings are more than what the shares leave: then it aims lower. */
static void write_markdown(struct buf *out, const struct verdict *v, const struct report_options *options)
{
	struct row_groups states[LISTED_STATES];
	size_t start = out->size, limit = options->limit ? options->limit : report_markdown.limit;
	struct page page = {.out = out, .verdict = v, .bytes = limit};

	for (size_t i = 0; i < LISTED_STATES; i++)
		states[i] = rows_grouped(out->arena, v, listed_states[i], GROUPS);
	for (;;) {
		size_t size, less;

		write_page(&page, states);
		size = out->size - start;
		if (size <= limit || page.bytes == 0)
			return;
		less = size - limit + page.bytes / 16 + 1;
		page.bytes = page.bytes > less ? page.bytes - less : 0;
		out->size = start;
	}
}

const struct report_format report_markdown = {
	.name = "markdown",
	.help = "a page for the summary of a CI job, at most 1 MiB or --limit",
	.limit = 1 << 20,
	.file = "summary.md",
	.write = write_markdown,
};
