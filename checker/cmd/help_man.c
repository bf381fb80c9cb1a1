/*
 * Manual pages, written with the mdoc macros that mandoc and groff share.
 *
 * Text from rows never reaches a macro as it is: backslashes are escaped, words that could be macros are guarded with \&,
 * and every sentence begins a line, as the macros want it.
 */
#include "cmd/help_pages.h"

#include "cmd/cmd.h"
#include "flow/config_keys.h"
#include "model/verdict.h"
#include "report/report.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* The day on which what the pages say was last changed by hand; a date of the build would make no two builds equal. */
#define PAGE_DATE "November 21, 2026"

static void escape(struct buf *out, const char *text, size_t size)
{
	for (size_t i = 0; i < size; i++) {
		if (text[i] == '\\')
			buf_text(out, "\\e");
		else if (text[i] == '-')
			buf_text(out, "\\-");
		else if (text[i] == '"')
			buf_text(out, "\\(dq");
		else
			buf_char(out, text[i]);
	}
}

/* An argument of a macro: one word, and no macro itself. */
static void argument(struct buf *out, const char *text)
{
	buf_text(out, "\"\\&");
	escape(out, text, strlen(text));
	buf_char(out, '"');
}

static bool ends_sentence(const char *word, size_t size)
{
	while (size && strchr(")'`", word[size - 1]))
		size--;
	return size > 1 && strchr(".?!", word[size - 1]);
}

static bool is_abbreviation(const char *word, size_t size)
{
	return size >= 4 && memcmp(word + size - 4, "e.g.", 4) == 0;
}

/* Running text up to `end`: its words, in lines that end with each sentence and are not longer than mandoc likes. */
static void sentences(struct buf *out, const char *text, const char *end)
{
	enum { MOST_COLUMNS = 74 };
	size_t column = 0;

	for (text += strspn(text, " \n"); text < end; text += strspn(text, " \n")) {
		size_t size = strcspn(text, " \n"), from;

		if (size > (size_t)(end - text))
			size = (size_t)(end - text);
		if (column)
			buf_char(out, column + size > MOST_COLUMNS ? '\n' : ' ');
		column = column + size > MOST_COLUMNS ? 0 : column;
		from = out->size;
		if (!column && (*text == '.' || *text == '\''))
			buf_text(out, "\\&");
		escape(out, text, size);
		if (is_abbreviation(text, size))
			buf_text(out, "\\&");
		column += out->size - from + 1;
		if (!is_abbreviation(text, size) && ends_sentence(text, size)) {
			buf_char(out, '\n');
			column = 0;
		}
		text += size;
	}
	if (column)
		buf_char(out, '\n');
}

static void prose(struct buf *out, const char *text)
{
	sentences(out, text, text + strlen(text));
}

/* A sentence of a row that has no full stop. */
static void sentence(struct buf *out, const char *text)
{
	prose(out, arena_printf(out->arena, "%s%s", text, text_ends(text, ".") ? "" : "."));
}

static const char EXIT_STATUS[] = "Exit status:";

/* The paragraphs of `text`, parted by empty lines: those that tell exit statuses, or the others. */
static bool paragraphs(struct buf *out, const char *text, bool statuses)
{
	bool any = false;

	while (*text) {
		const char *end = strstr(text, "\n\n");
		bool is_status = text_starts(text, EXIT_STATUS);

		end = end ? end : text + strlen(text);
		if (is_status == statuses) {
			if (any || !statuses)
				buf_text(out, ".Pp\n");
			sentences(out, text + (statuses ? sizeof EXIT_STATUS - 1 : 0), end);
			any = true;
		}
		text = end + strspn(end, "\n");
	}
	return any;
}

static bool tells_statuses(const char *details)
{
	return text_starts(details, EXIT_STATUS) || strstr(details, "\n\nExit status:");
}

static void page_begin(struct buf *out, const char *name, int section, const char *what)
{
	buf_text(out, ".Dd " PAGE_DATE "\n");
	buf_text(out, ".Dt ");
	for (const char *at = name; *at; at++)
		buf_char(out, (char)toupper((unsigned char)*at));
	buf_printf(out, " %d\n.Os\n.Sh NAME\n.Nm ", section);
	argument(out, name);
	buf_text(out, "\n.Nd ");
	escape(out, what, strlen(what));
	buf_char(out, '\n');
}

static void literal(struct buf *out, const char *text)
{
	buf_text(out, ".Bd -literal\n");
	while (*text) {
		size_t size = strcspn(text, "\n");

		if (*text == '.' || *text == '\'')
			buf_text(out, "\\&");
		escape(out, text, size);
		buf_char(out, '\n');
		text += size + (text[size] == '\n');
	}
	buf_text(out, ".Ed\n");
}

static void write_option(struct buf *out, const struct option *o)
{
	buf_text(out, ".It ");
	if (o->letter)
		buf_printf(out, "Fl %c , ", o->letter);
	buf_text(out, "Fl \\-");
	escape(out, o->name, strlen(o->name));
	if (o->argument) {
		buf_text(out, " Ar ");
		argument(out, o->argument);
	}
	buf_char(out, '\n');
	sentence(out, o->help);
}

static void write_command(struct buf *out, const void *row)
{
	const struct command *c = row;

	page_begin(out, arena_printf(out->arena, "pawl-%s", c->name), 1, c->summary);
	buf_printf(out, ".Sh SYNOPSIS\n.Nm \"pawl %s\"\n", command_typed(out->arena, c));
	if (c->options->name)
		buf_text(out, ".Op Ar options\n");
	if (*c->words) {
		buf_text(out, ".Ar ");
		argument(out, c->words);
		buf_char(out, '\n');
	}
	buf_text(out, ".Sh DESCRIPTION\n");
	sentence(out, c->summary);
	paragraphs(out, c->details, false);
	if (c->options->name) {
		buf_text(out, ".Pp\nThe options are:\n.Bl -tag -width Ds\n");
		for (const struct option *o = c->options; o->name; o++)
			write_option(out, o);
		buf_text(out, ".El\n");
	}
	if (c->more) {
		struct buf more = {.arena = out->arena};

		c->more(&more);
		literal(out, buf_string(&more));
	}
	if (tells_statuses(c->details)) {
		buf_text(out, ".Sh EXIT STATUS\n");
		paragraphs(out, c->details, true);
	}
	buf_text(out, ".Sh EXAMPLES\n");
	literal(out, c->examples);
	buf_text(out, ".Sh SEE ALSO\n.Xr pawl 1 ,\n.Xr pawl.yml 5\n");
}

static int by_name(const void *x, const void *y)
{
	const struct command *const *a = x, *const *b = y;

	return strcmp((*a)->name, (*b)->name);
}

/* In the order of the alphabet, as mandoc wants them. */
static void refer_to_commands(struct buf *out)
{
	const struct command **sorted = NEW_ARRAY(out->arena, const struct command *, command_count);

	memcpy(sorted, commands, command_count * sizeof *sorted);
	qsort(sorted, command_count, sizeof *sorted, by_name);
	for (size_t i = 0; i < command_count; i++)
		buf_printf(out, ".Xr pawl-%s 1 ,\n", sorted[i]->name);
}

static void write_pawl(struct buf *out, const void *row)
{
	static const struct {
		const char *status, *meaning;
	} statuses[] = {
		{"0", "Nothing at or above fail_on became slower."},
		{"1", "A regression at or above fail_on, or a benchmark that is gone under missing: fail."},
		{"2", "Wrong usage, configuration or input."},
		{"3",
		 "Could not decide: a benchmark failed on the head alone, the base does not build, nothing could be "
		 "measured or judged."},
		{"130", "Interrupted; what was measured is written."},
	};

	(void)row;
	page_begin(out, "pawl", 1, "catch performance regressions");
	buf_text(out, ".Sh SYNOPSIS\n.Nm\n.Ar command\n.Op Ar options\n.Op Ar words\n.Nm\n.Fl \\-version\n"
		      ".Sh DESCRIPTION\n");
	prose(out,
	      "pawl measures benchmarks, compares them with a baseline, and fails when, and only when, something "
	      "really became slower. What is measured says pawl.yml(5). Base and head are measured turn by turn, so "
	      "that a noisy machine does to both the same, and one test over all benchmarks decides.");
	buf_text(out, ".Pp\nThe commands are:\n.Bl -tag -width Ds\n");
	for (size_t i = 0; i < command_count; i++) {
		buf_printf(out, ".It Ic \"\\&%s\"\n", commands[i]->name);
		sentence(out, commands[i]->summary);
		buf_printf(out, "See\n.Xr pawl-%s 1 .\n", commands[i]->name);
	}
	buf_text(out, ".El\n.Sh ENVIRONMENT\n.Bl -tag -width Ds\n.It Ev NO_COLOR\n"
		      "Set to anything: no colours on a terminal.\n.It Ev XDG_CACHE_HOME\n"
		      "Where worktrees of base revisions are kept, in a folder pawl;\n.Pa ~/.cache\nunless set.\n.El\n"
		      ".Sh FILES\n.Bl -tag -width Ds\n.It Pa pawl.yml\nThe configuration, in the current folder or "
		      "one above.\n.It Pa pawl\\-report/\nThe reports of the last check.\n.It Pa baselines/\n"
		      "Stored runs, unless\n.Xr pawl.yml 5\nsays otherwise.\n.El\n.Sh EXIT STATUS\n"
		      ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
		buf_printf(out, ".It %s\n", statuses[i].status);
		prose(out, statuses[i].meaning);
	}
	buf_text(out, ".El\n.Sh EXAMPLES\nBefore a merge, compare the working tree with where it left main:\n");
	literal(out, "  pawl check --base main\n");
	buf_text(out, ".Sh SEE ALSO\n");
	refer_to_commands(out);
	buf_text(out, ".Xr pawl-csv 5 ,\n.Xr pawl.yml 5\n");
}

static void write_key(struct buf *out, const struct config_key *key)
{
	buf_text(out, ".It Ic ");
	argument(out, key->name);
	buf_char(out, '\n');
	if (key->help)
		sentence(out, key->help);
	if (key->choices) {
		const char *const *names = key->choices(out->arena);
		struct buf list = {.arena = out->arena};

		for (size_t i = 0; names[i]; i++)
			buf_printf(&list, "%s%s", i ? ", " : "", names[i]);
		prose(out, arena_printf(out->arena, "%s of %s.", key->shape == CONFIG_SCALARS ? "A list" : "One",
					buf_string(&list)));
	} else {
		prose(out,
		      arena_printf(out->arena, "%s: %s.", key->required ? "Always needed" : "Takes", key->expected));
	}
}

/* A table and those that its keys lead to. */
static void write_table(struct buf *out, const struct config_table *table)
{
	buf_text(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < table->count; i++) {
		if (table->keys[i].read)
			write_key(out, &table->keys[i]);
	}
	buf_text(out, ".El\n");
	for (size_t i = 0; i < table->count; i++) {
		const struct config_key *key = &table->keys[i];

		if (!key->table)
			continue;
		buf_text(out, ".Ss ");
		argument(out, arena_printf(out->arena, "Keys of %s", key->table->what));
		buf_char(out, '\n');
		write_table(out, key->table);
	}
}

static void write_kinds(struct buf *out)
{
	buf_text(out, ".Ss Kinds of suites\n.Bl -tag -width Ds\n");
	for (size_t i = 0; i < suite_kind_count; i++) {
		const struct suite_kind *kind = suite_kinds[i];
		struct buf list;

		buf_printf(out, ".It Ic \"\\&%s\"\n", kind->name);
		sentence(out, kind->help);
		if (!kind->keys)
			continue;
		list = (struct buf){.arena = out->arena};
		for (size_t j = 0; kind->keys[j]; j++)
			buf_printf(&list, "%s%s", j ? ", " : "", kind->keys[j]);
		prose(out,
		      arena_printf(out->arena, "Of the keys that not every kind has, it takes %s.", buf_string(&list)));
	}
	buf_text(out, ".El\n");
}

static void write_config(struct buf *out, const void *row)
{
	(void)row;
	page_begin(out, "pawl.yml", 5, "what pawl measures, and what counts as slower");
	buf_text(out, ".Sh DESCRIPTION\n");
	prose(out,
	      "pawl looks for the file pawl.yml in the current folder and those above, up to the repository's root. "
	      "Builds and suites run in its folder. Unknown keys are errors. Ratios need their %, times and sizes "
	      "their unit; MB is 10^6 bytes.");
	buf_text(out, ".Pp\nThe keys of the file are:\n");
	write_table(out, &config_top_table);
	write_kinds(out);
	buf_text(out, ".Sh EXAMPLES\n");
	literal(out, "version: 1\nsuites:\n  - name: codec\n    build: make -s codec_benchmark\n"
		     "    run: [./codec_benchmark]\nrules:\n  - {match: \"codec/BM_pool/**:time\", threshold: 30%}\n");
	buf_text(out, ".Sh SEE ALSO\n.Xr pawl 1 ,\n.Xr pawl-check 1\n");
}

static void write_csv(struct buf *out, const void *row)
{
	struct buf states = {.arena = out->arena};

	(void)row;
	page_begin(out, "pawl-csv", 5, "the columns of regression_report.csv");
	buf_text(out, ".Sh DESCRIPTION\n");
	prose(out,
	      "The table has a header and a line for every series, whatever became of it. It is RFC 4180 in UTF-8 "
	      "with line feeds. Numbers have no units, a decimal point, and as many digits as read back the same; an "
	      "empty cell is not known. A text cell that a spreadsheet would run as a formula starts with an "
	      "apostrophe, unless --csv-raw is given.");
	buf_text(out, ".Pp\nThe columns are, in this order:\n.Bl -tag -width Ds\n");
	for (size_t i = 0; i < report_csv_column_count; i++) {
		buf_text(out, ".It Ic ");
		argument(out, report_csv_columns[i].name);
		buf_char(out, '\n');
		sentence(out, report_csv_columns[i].help);
	}
	for (int s = 0; s < STATE_COUNT; s++)
		buf_printf(&states, "%s%s", s ? ", " : "", state_name((enum state)s));
	buf_text(out, ".El\n.Pp\n");
	prose(out, arena_printf(out->arena, "The states are %s.", buf_string(&states)));
	buf_text(out, ".Sh SEE ALSO\n.Xr pawl-check 1 ,\n.Xr pawl-report 1\n");
}

struct page {
	const char *name;
	int section;
	void (*write)(struct buf *out, const void *row);
	const void *row;
};

static bool page_is(struct arena *a, const struct page *page, const char *name)
{
	return text_equal(page->name, name) || text_equal(arena_printf(a, "%s.%d", page->name, page->section), name) ||
	       text_equal(page->name, arena_printf(a, "pawl-%s", name));
}

bool help_man(struct buf *out, const char *name, struct err *err)
{
	static const struct page fixed[] = {
		{"pawl", 1, write_pawl, NULL}, {"pawl.yml", 5, write_config, NULL}, {"pawl-csv", 5, write_csv, NULL}};
	enum { FIXED = sizeof fixed / sizeof fixed[0] };
	bool list = text_equal(name, "list");

	for (size_t i = 0; i < FIXED + command_count; i++) {
		struct page page = i < FIXED ? fixed[i] : (struct page){.section = 1, .write = write_command};

		if (i >= FIXED) {
			page.row = commands[i - FIXED];
			page.name = arena_printf(out->arena, "pawl-%s", commands[i - FIXED]->name);
		}
		if (list) {
			buf_printf(out, "%s.%d\n", page.name, page.section);
		} else if (page_is(out->arena, &page, name)) {
			page.write(out, page.row);
			return true;
		}
	}
	return list || err_set(err, "there is no manual page '%s'; 'pawl help --man list' lists them",
			       text_inert_copy(out->arena, name));
}
