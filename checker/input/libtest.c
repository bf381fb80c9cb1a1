/* What `cargo bench` prints for Rust's own benchmarks: "test NAME ... bench: 1,234 ns/iter (+/- 56) = 78 MB/s". */
#include "input/rows.h"

#include <string.h>

static const char START[] = "test ", DOTS[] = " ... ";

struct line {
	struct str name, outcome;
};

/* Parts a line at " ... "; false for all other lines. */
static bool take_line(struct str text, struct line *out)
{
	const char *dots =
		text.size > sizeof START && memcmp(text.at, START, sizeof START - 1) == 0
			? memmem(text.at + sizeof START - 1, text.size - (sizeof START - 1), DOTS, sizeof DOTS - 1)
			: NULL;

	if (!dots)
		return false;
	out->name = (struct str){text.at + sizeof START - 1, (size_t)(dots - text.at) - (sizeof START - 1)};
	out->outcome = (struct str){dots + sizeof DOTS - 1, (size_t)(text.at + text.size - dots) - (sizeof DOTS - 1)};
	/* Names are padded to one width. */
	while (out->name.size && out->name.at[out->name.size - 1] == ' ')
		out->name.size--;
	while (out->outcome.size && memchr(" \r", out->outcome.at[out->outcome.size - 1], 2))
		out->outcome.size--;
	return true;
}

static bool take_words(struct str *text, const char *words)
{
	size_t size = strlen(words);

	if (text->size < size || memcmp(text->at, words, size) != 0)
		return false;
	text->at += size;
	text->size -= size;
	return true;
}

/* A number with commas between groups of three digits. */
static bool take_number(struct str *text, double *value)
{
	char digits[64];
	size_t size = 0;

	while (text->size && *text->at == ' ')
		text->at++, text->size--;
	while (text->size && memchr("0123456789,.", *text->at, 12) && size < sizeof digits) {
		if (*text->at != ',')
			digits[size++] = *text->at;
		text->at++;
		text->size--;
	}
	return size && size < sizeof digits && text_parse_double((struct str){digits, size}, value);
}

static bool is_bench(const struct line *line)
{
	struct str rest = line->outcome;

	return take_words(&rest, "bench:");
}

static bool give_bench(struct rows *rows, const struct line *line, size_t number, struct err *err)
{
	struct str rest = line->outcome;
	double ns, spread, rate;

	/* The median of what the harness measured; what is beside it is the range, which is no deviation. */
	if (!take_words(&rest, "bench:") || !take_number(&rest, &ns) || !take_words(&rest, " ns/iter (+/- ") ||
	    !take_number(&rest, &spread) || !take_words(&rest, ")"))
		return err_set(err, "%s:%zu: expected \"bench: N ns/iter (+/- M)\": is the file cut off?", rows->path,
			       number);
	if (!rows_begin(rows, line->name, number, err))
		return false;
	rows_add(rows, metric_of("real_time"), ns);
	if (take_words(&rest, " = ") && take_number(&rest, &rate) && take_words(&rest, " MB/s"))
		rows_add(rows, metric_with_unit("MB/s", "MB/s"), rate);
	return rows_give(rows, err);
}

static bool give_line(struct rows *rows, const struct line *line, size_t number, struct err *err)
{
	if (is_bench(line))
		return give_bench(rows, line, number, err);
	/* Tests that a benchmark run leaves out are "ignored" as well: only a failure is worth a row. */
	if (!str_equal(line->outcome, "FAILED"))
		return true;
	if (!rows_begin(rows, line->name, number, err))
		return false;
	rows_refuse(rows, INPUT_ERROR, "the benchmark failed");
	return rows_give(rows, err);
}

static struct str next_line(struct str *text)
{
	const char *newline = memchr(text->at, '\n', text->size);
	struct str line = {text->at, newline ? (size_t)(newline - text->at) : text->size};

	text->at += line.size + (newline != NULL);
	text->size -= line.size + (newline != NULL);
	return line;
}

static bool libtest_read(struct arena *a, const char *path, struct str text, const struct input_sink *sink,
			 struct err *err)
{
	struct rows rows;
	size_t number = 0;
	bool ok = true;

	text = text_without_mark(text);
	rows_init(&rows, a, path, sink, NULL);
	while (ok && text.size) {
		struct line line;

		number++;
		if (take_line(next_line(&text), &line))
			ok = give_line(&rows, &line, number, err);
	}
	rows_release(&rows);
	return ok;
}

static bool libtest_sniff(struct str text)
{
	struct line line;

	text = text_without_mark(text);
	while (text.size) {
		if (take_line(next_line(&text), &line) && is_bench(&line))
			return true;
	}
	return false;
}

const struct input_format input_libtest = {
	.name = "libtest",
	.help = "text of cargo bench (Rust's own benchmarks, and Criterion's --output-format bencher)",
	.sniff = libtest_sniff,
	.read = libtest_read,
};
