/* Writing the first pawl.yml. */
#include "flow/starter.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

const char *starter_shell_word(struct arena *a, const char *text)
{
	struct buf b = {.arena = a};
	bool safe = *text != '\0';

	for (const char *at = text; *at && safe; at++)
		safe = isalnum((unsigned char)*at) || (strchr("_./-+=:@", *at) && *at);
	if (safe)
		return text;
	buf_char(&b, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buf_text(&b, "'\\''");
		else
			buf_char(&b, *text);
	}
	buf_char(&b, '\'');
	return buf_string(&b);
}

/* What some readers of YAML take for something else than a text. */
static bool is_word_of_yaml(const char *text)
{
	static const char *const words[] = {"y", "n", "yes", "no", "on", "off", "true", "false", "null"};

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		if (strcasecmp(words[i], text) == 0)
			return true;
	}
	return false;
}

/* Plain where YAML takes it for nothing but a text, else in double quotes. */
static void put_text(struct buf *b, const char *text)
{
	bool plain = (isalpha((unsigned char)text[0]) || text_starts(text, "./")) && !is_word_of_yaml(text);

	for (const char *at = text; *at && plain; at++)
		plain = isalnum((unsigned char)*at) || strchr("_./-", *at);
	if (plain) {
		buf_text(b, text);
		return;
	}
	buf_char(b, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_char(b, '\\');
		buf_char(b, *text);
	}
	buf_char(b, '"');
}

static void put_key(struct buf *b, const char *key, const char *value)
{
	buf_printf(b, "    %s: ", key);
	put_text(b, value);
	buf_char(b, '\n');
}

/* Lines, each behind `indent`. */
static void put_lines(struct buf *b, const char *indent, const char *text)
{
	while (*text) {
		size_t size = strcspn(text, "\n");

		buf_text(b, indent);
		buf_bytes(b, text, size);
		buf_char(b, '\n');
		text += size + (text[size] == '\n');
	}
}

static void put_build(struct buf *b, const struct starter_suite *s)
{
	if (!*s->build)
		return;
	if (strchr(s->build, '\n')) {
		buf_text(b, "    build: |\n");
		put_lines(b, "      ", s->build);
	} else {
		put_key(b, "build", s->build);
	}
}

static void put_suite(struct buf *b, const struct starter_suite *s, bool instructions)
{
	if (s->comment)
		put_lines(b, "  # ", s->comment);
	buf_text(b, "  - name: ");
	put_text(b, s->name);
	buf_char(b, '\n');
	put_key(b, "kind", s->kind);
	put_build(b, s);
	buf_text(b, "    run: [");
	for (size_t i = 0; i < s->run_count; i++) {
		buf_text(b, i ? ", " : "");
		put_text(b, s->run[i]);
	}
	buf_text(b, "]\n");
	if (s->cwd)
		put_key(b, "cwd", s->cwd);
	if (s->result)
		put_key(b, "result", s->result);
	if (s->format)
		put_key(b, "format", s->format);
	if (s->timeout)
		buf_printf(b, "    timeout: %s\n", s->timeout);
	if (s->warms_up)
		buf_text(b, "    warmup: 1\n");
	if (instructions)
		buf_text(b, "    metrics: [instructions]\n");
}

static const char head_of_times[] =
	"# What pawl checks: `pawl check --base main` measures these suites on both sides of a change, turn by turn.\n"
	"# Every key has a default but `name` and `run`; the user guide tells of all of them.\n"
	"version: 1\n"
	"suites:\n";

static const char rules_of_times[] =
	"\n"
	"# The defaults.  `match` is suite/benchmark:metric with * and **; a later rule overrides key by key.\n"
	"# rules:\n"
	"#   - {match: \"**:time\", threshold: 10%, min_effect: 1%}    # more than 10 % slower fails the check\n"
	"#   - {match: \"**:max_rss\", threshold: 10%}\n"
	"#   - {match: \"experiments/**\", fail_on: CRITICAL}          # fail only beyond three times the threshold\n";

static const char head_of_counts[] =
	"# The suites again, gated by instructions of one iteration: no noise, so changes of 0.2 % are seen.\n"
	"# The CPU's own counter is used where it shows, as on GitHub's arm64 runners, else valgrind, which is slow.\n"
	"# `pawl check --base main --config pawl-instructions.yml` is the check by hand.\n"
	"version: 1\n"
	"suites:\n";

void starter_write_config(struct buf *b, const struct starter *s, bool instructions)
{
	buf_text(b, instructions ? head_of_counts : head_of_times);
	for (size_t i = 0; i < s->suite_count; i++) {
		if (!instructions || s->suites[i].counts)
			put_suite(b, &s->suites[i], instructions);
	}
	if (!instructions)
		buf_text(b, rules_of_times);
}
