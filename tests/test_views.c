/* Views, byte by byte against what `go tool pprof` 1.19.8 printed for the golden profiles. */
#include "view/view.h"

#include "base/file.h"
#include "profile/profile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define GOLDEN "tests/golden/profiles/"

enum { WORDS = 32, READ_LIMIT = 1 << 24 };

/* One command line of pprof, and what it printed. */
struct golden_case {
	const char *file; /* with the expected text */
	const char *folder;
	const char *words[WORDS];
	size_t word_count;
	struct str expected;
	bool fails;
};

/* What differs from pprof on purpose; docs/pprof.md says why. */
struct difference {
	const char *file;
	/* Changes pprof's text to what is expected of pawl. */
	const char *(*expected)(struct arena *a, const char *text);
	/* Is applied to both texts: takes away what pprof leaves to chance. */
	const char *(*both)(struct arena *a, const char *text);
	bool one_base; /* pprof takes only the last one */
};

/* The next line without its end, or false; a copy. */
static bool take_line(struct arena *a, const char **text, const char **line)
{
	size_t size = strcspn(*text, "\n");

	if (!**text)
		return false;
	*line = arena_copy(a, *text, size);
	*text += size + ((*text)[size] == '\n');
	return true;
}

/* Bytes that are no UTF-8 are made visible. */
static const char *printable(struct arena *a, const char *text)
{
	struct buf out = {.arena = a};
	const char *line;

	while (take_line(a, &text, &line)) {
		text_printable(&out, line);
		buf_char(&out, '\n');
	}
	return buf_string(&out);
}

/* What pprof said to standard error was recorded with its output; and it makes up an empty mapping. */
static const char *without_mapping(struct arena *a, const char *text)
{
	static const char warning[] = "Main binary filename not available.\n", made_up[] = " M=1",
			  mapping[] = "1: 0x0/0x0/0x0   \n";
	struct buf out = {.arena = a};

	assert_true(text_starts(text, warning));
	text += strlen(warning);
	while (*text) {
		if (text_starts(text, made_up))
			text += strlen(made_up);
		else if (text_starts(text, mapping))
			text += strlen(mapping);
		else
			buf_char(&out, *text++);
	}
	return buf_string(&out);
}

/* pprof takes "<λ>" off the function's name and calls the whole the system's name. */
static const char *whole_name(struct arena *a, const char *text)
{
	static const char name[] = "läuft::größe", whole[] = "läuft::größe<λ>", system[] = "(läuft::größe<λ>)";
	struct buf out = {.arena = a};

	while (*text) {
		if (text_starts(text, system)) {
			text += strlen(system);
		} else if (text_starts(text, name)) {
			buf_text(&out, whole);
			text += strlen(name);
		} else {
			buf_char(&out, *text++);
		}
	}
	return buf_string(&out);
}

static int compare_lines(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* Edges of one weight and different signs stand in any order in pprof: lines with callers, and with callees, are sorted. */
static const char *sorted_edges(struct arena *a, const char *text)
{
	const char **edges = NEW_ARRAY(a, const char *, strlen(text)), *line;
	struct buf out = {.arena = a};
	bool more = true;
	size_t count = 0;

	while (more) {
		more = take_line(a, &text, &line);
		if (more && strstr(line, "% |   ")) {
			edges[count++] = line;
			continue;
		}
		if (count)
			qsort(edges, count, sizeof *edges, compare_lines);
		for (size_t i = 0; i < count; i++)
			buf_printf(&out, "%s\n", edges[i]);
		count = 0;
		if (more)
			buf_printf(&out, "%s\n", line);
	}
	return buf_string(&out);
}

static const struct difference differences[] = {
	{.file = "08_no_mapping.txt", .expected = without_mapping},
	{.file = "35_utf8_names.txt", .expected = whole_name},
	{.file = "36_invalid_utf8.txt", .expected = printable},
	{.file = "cpu.base.tree.txt", .both = sorted_edges},
	{.file = "cpu.diff_base.tree.txt", .both = sorted_edges},
	{.file = "cpu.base_twice.txt", .one_base = true},
};

static const struct difference *difference_of(const char *file)
{
	static const struct difference none;

	for (size_t i = 0; i < sizeof differences / sizeof *differences; i++) {
		if (text_equal(differences[i].file, file))
			return differences + i;
	}
	return &none;
}

/* What a command line of pprof asks for. */
struct asked {
	const struct view *view;
	struct source_options source;
	struct view_options view_options;
	const char *heads[4], *bases[4];
	size_t head_count, base_count;
};

/* "-NAME=value" as the value, NULL for another option. */
static const char *value_of(const char *word, const char *name)
{
	size_t size = strlen(name);

	return *word == '-' && !strncmp(word + 1, name, size) && word[1 + size] == '=' ? word + size + 2 : NULL;
}

static bool take_text(struct asked *asked, const char *word)
{
	struct source_options *s = &asked->source;
	const struct {
		const char *name;
		const char **to;
	} texts[] = {
		{"focus", &s->focus},
		{"ignore", &s->ignore},
		{"show", &s->show},
		{"hide", &s->hide},
		{"show_from", &s->show_from},
		{"prune_from", &s->prune_from},
		{"tagfocus", &s->tag_focus},
		{"tagignore", &s->tag_ignore},
		{"tagroot", &s->tag_root},
		{"sample_index", &s->sample_index},
		{"unit", &asked->view_options.unit},
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		const char *value = value_of(word, texts[i].name);

		if (value) {
			*texts[i].to = value;
			return true;
		}
	}
	return false;
}

static bool take_flag(struct asked *asked, const char *word)
{
	struct source_options *s = &asked->source;
	const struct {
		const char *name;
		bool *to;
	} flags[] = {
		{"-cum", &asked->view_options.cum},
		{"-normalize", &s->normalize},
		{"-drop_negative", &s->drop_negative},
		{"-relative_percentages", &s->relative},
		{"-noinlines", &s->no_inlines},
		{"-mean", &s->mean},
		{"-compact_labels", &asked->view_options.compact},
	};
	const struct {
		const char *name;
		enum granularity granularity;
	} granularities[] = {
		{"-files", GRANULARITY_FILES},
		{"-lines", GRANULARITY_LINES},
		{"-addresses", GRANULARITY_ADDRESSES},
	};

	for (size_t i = 0; i < sizeof flags / sizeof *flags; i++) {
		if (text_equal(word, flags[i].name))
			return *flags[i].to = true;
	}
	for (size_t i = 0; i < sizeof granularities / sizeof *granularities; i++) {
		if (text_equal(word, granularities[i].name)) {
			s->granularity = granularities[i].granularity;
			return true;
		}
	}
	if (text_equal(word, "-inuse_space") || text_equal(word, "-alloc_space")) {
		s->sample_index = word + 1;
		return true;
	}
	return false;
}

static bool take_number(struct asked *asked, const char *word)
{
	const char *value;

	if ((value = value_of(word, "nodecount")))
		asked->view_options.node_count = atol(value);
	else if ((value = value_of(word, "nodefraction")))
		asked->view_options.node_fraction = atof(value);
	else if ((value = value_of(word, "edgefraction")))
		asked->view_options.edge_fraction = atof(value);
	else if ((value = value_of(word, "divide_by")))
		asked->source.divide_by = atof(value);
	return value;
}

static bool take_base(struct asked *asked, const char *word)
{
	const char *base = value_of(word, "base"), *diff = value_of(word, "diff_base");

	if (!base && !diff)
		return false;
	asked->source.comparison = base ? COMPARE_BASE : COMPARE_DIFF_BASE;
	asked->bases[asked->base_count++] = base ? base : diff;
	return true;
}

static bool take_view(struct asked *asked, const char *word)
{
	for (size_t i = 0; i < view_count; i++) {
		const char *pattern = value_of(word, views[i]->name);

		if (pattern || (*word == '-' && text_equal(word + 1, views[i]->name))) {
			asked->view = views[i];
			asked->view_options.pattern = pattern;
			return true;
		}
	}
	return false;
}

static void take_words(struct asked *asked, const struct golden_case *c)
{
	asked->view_options.node_count = -1;
	asked->view_options.node_fraction = asked->view_options.edge_fraction = -1;
	for (size_t i = 0; i < c->word_count; i++) {
		const char *word = c->words[i];

		if (*word != '-')
			asked->heads[asked->head_count++] = word;
		else if (!take_view(asked, word) && !take_text(asked, word) && !take_flag(asked, word) &&
			 !take_number(asked, word) && !take_base(asked, word))
			fail_msg("%s: this test does not know %s", c->file, word);
	}
	assert_non_null(asked->view);
	if (text_equal(asked->view->name, "list"))
		asked->view_options.source_path = GOLDEN "pprof";
	view_adapt(asked->view, &asked->source);
}

static bool read_all(struct arena *a, const char *folder, const char *const *names, size_t count,
		     const struct profile **out, struct err *err)
{
	for (size_t i = 0; i < count; i++) {
		struct profile *p = NEW(a, struct profile);

		if (!profile_read(a, path_join(a, folder, names[i]), NULL, p, NULL, err))
			return false;
		out[i] = p;
	}
	return true;
}

static bool show(struct arena *a, const char *folder, const struct asked *asked, struct buf *out, struct err *err)
{
	const struct profile *heads[4], *bases[4];
	struct source source;

	return read_all(a, folder, asked->heads, asked->head_count, heads, err) &&
	       read_all(a, folder, asked->bases, asked->base_count, bases, err) &&
	       source_prepare(a, heads, asked->head_count, bases, asked->base_count, &asked->source, &source, err) &&
	       asked->view->write(a, &source, &asked->view_options, out, err);
}

/* The line in which two texts differ first. */
static void tell_difference(const struct golden_case *c, const char *expected, const char *found)
{
	size_t line = 1, begin = 0, i = 0;

	for (; expected[i] && expected[i] == found[i]; i++) {
		if (expected[i] == '\n') {
			line++;
			begin = i + 1;
		}
	}
	print_error("%s, '%s': line %zu is '%.*s', pprof has '%.*s'\n", c->file, c->words[0], line,
		    (int)strcspn(found + begin, "\n"), found + begin, (int)strcspn(expected + begin, "\n"),
		    expected + begin);
}

/* Says what differs; true when nothing does. */
static bool check_case(struct arena *parent, const struct golden_case *c)
{
	struct arena *a = arena_open_child(parent);
	const struct difference *d = difference_of(c->file);
	const char *expected = arena_copy(a, c->expected.at, c->expected.size), *found;
	struct buf text = {.arena = a};
	struct asked asked = {0};
	struct err err;
	bool shown, right;

	take_words(&asked, c);
	if (d->one_base)
		asked.base_count = 1;
	shown = show(a, c->folder, &asked, &text, &err);
	found = buf_string(&text);
	if (shown && d->expected)
		expected = d->expected(a, expected);
	if (shown && d->both) {
		expected = d->both(a, expected);
		found = d->both(a, found);
	}
	right = shown == !c->fails && (!shown || text_equal(expected, found));
	if (shown == c->fails)
		print_error("%s, '%s': %s\n", c->file, c->words[0], shown ? "pprof refuses it" : err.text);
	else if (!right)
		tell_difference(c, expected, found);
	arena_close(a);
	return right;
}

static struct str next_line(struct str *text)
{
	const char *end = memchr(text->at, '\n', text->size);
	struct str line = {text->at, end ? (size_t)(end - text->at) + 1 : text->size};

	text->at += line.size;
	text->size -= line.size;
	return line;
}

static bool line_starts(struct str line, const char *prefix)
{
	return line.size >= strlen(prefix) && !memcmp(line.at, prefix, strlen(prefix));
}

static void split_words(struct arena *a, struct str line, struct golden_case *c)
{
	char *text = arena_copy(a, line.at, line.size), *rest = NULL;

	for (char *word = strtok_r(text, " \n", &rest); word; word = strtok_r(NULL, " \n", &rest)) {
		assert_in_range(c->word_count, 0, WORDS - 1);
		c->words[c->word_count++] = word;
	}
}

static const char command_line[] = "# go tool pprof ", exit_line[] = "# exit ";

/* A file holds one or several cases: a command, what was printed, and "# exit N" where that is known.  Returns how many are
 * right. */
static size_t check_file(struct arena *a, const char *folder, const char *golden_folder, const char *name)
{
	struct str text, line;
	size_t count = 0;
	struct err err;

	if (!file_read(a, path_join(a, golden_folder, name), READ_LIMIT, &text, &err))
		fail_msg("%s", err.text);
	line = next_line(&text);
	while (line_starts(line, command_line)) {
		struct golden_case c = {.file = name, .folder = folder};

		split_words(a, (struct str){line.at + strlen(command_line), line.size - strlen(command_line)}, &c);
		c.expected.at = text.at;
		for (line = next_line(&text); line.size && !line_starts(line, "# "); line = next_line(&text))
			c.expected.size += line.size;
		if (line_starts(line, exit_line)) {
			c.fails = line.at[strlen(exit_line)] != '0';
			line = next_line(&text);
		}
		count += check_case(a, &c);
	}
	return count;
}

static void check_folder(struct arena *a, const char *name, size_t expected_count)
{
	const char *golden = path_join(a, GOLDEN "pprof", name);
	const char **names;
	size_t count, right = 0;
	struct err err;

	assert_true(dir_list(a, golden, &names, &count, &err));
	for (size_t i = 0; i < count; i++)
		right += check_file(a, path_join(a, GOLDEN, name), golden, names[i]);
	assert_int_equal(right, expected_count);
}

static void profiles_of_go_look_as_pprof_shows_them(void **state)
{
	check_folder(*state, "go", 107);
}

static void edge_cases_look_as_pprof_shows_them(void **state)
{
	check_folder(*state, "edge", 180);
}

/* Names of Go, C++ and Java that are shortened in pictures; functions that differ in binary or first line only. */
static void made_profiles_look_as_pprof_shows_them(void **state)
{
	check_folder(*state, "made", 9 + 8);
}

static int open_arena(void **state)
{
	*state = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(profiles_of_go_look_as_pprof_shows_them, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(edge_cases_look_as_pprof_shows_them, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(made_profiles_look_as_pprof_shows_them, open_arena, close_arena),
	};

	return cmocka_run_group_tests_name("test_views", tests, NULL, NULL);
}
