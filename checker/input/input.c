/*
 * The table of result formats, and what to say of a text that is none of them.
 */
#include "input/input.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#define ROW(name) &input_##name,
const struct input_format *const input_formats[] = {INPUT_LIST(ROW)};
#undef ROW
const size_t input_format_count = sizeof input_formats / sizeof *input_formats;

enum { HEAD_SIZE = 4096 }; /* how much of a text is looked at */

const struct input_format *input_find(const char *name)
{
	for (size_t i = 0; i < input_format_count; i++) {
		if (text_equal(input_formats[i]->name, name))
			return input_formats[i];
	}
	return NULL;
}

static bool starts(struct str text, const char *bytes, size_t size)
{
	return text.size >= size && memcmp(text.at, bytes, size) == 0;
}

static bool holds(struct str text, const char *word)
{
	return memmem(text.at, text.size, word, strlen(word)) != NULL;
}

static struct str without_space(struct str text)
{
	while (text.size > 0 && memchr(" \t\r\n", text.at[0], 4)) {
		text.at++;
		text.size--;
	}
	return text;
}

/* Files known by their first bytes. */
static const char *describe_magic(struct str text)
{
	static const struct {
		const char *bytes;
		size_t size;
		const char *what;
	} magics[] = {
		{"\xFF\xFE", 2, "is UTF-16 (PowerShell's '>' writes that): convert it with iconv -f UTF-16 -t UTF-8"},
		{"\xFE\xFF", 2, "is UTF-16 (PowerShell's '>' writes that): convert it with iconv -f UTF-16 -t UTF-8"},
		{"{\0", 2, "is UTF-16 without a mark: convert it with iconv -f UTF-16LE -t UTF-8"},
		{"\0{", 2, "is UTF-16 without a mark: convert it with iconv -f UTF-16BE -t UTF-8"},
		{"\x1F\x8B", 2, "is compressed: unpack it with gunzip first"},
		{"\x28\xB5\x2F\xFD", 4, "is compressed: unpack it with unzstd first"},
		{"\xFD"
		 "7zXZ",
		 5, "is compressed: unpack it with unxz first"},
		{"PK\x03\x04", 4, "is a zip archive: unpack it first"},
		{"\x7F"
		 "ELF",
		 4, "is a program: give the file that it writes"},
	};

	for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
		if (starts(text, magics[i].bytes, magics[i].size))
			return magics[i].what;
	}
	return NULL;
}

/* Text that people take for a result.  `head` is the start of the text without white space. */
static const char *describe_text(struct str head)
{
	if (head.at[0] == '[')
		return "is a JSON list; a result of google-benchmark is an object that starts with {\"context\"";
	if (starts(head, "{", 1) && holds(head, "\"pawl_run\""))
		return "is a run file of pawl, not the result of a benchmark program";
	if (head.at[0] == '{')
		return "is JSON, but holds no \"benchmarks\"";
	if (head.at[0] == '<')
		return "is XML or HTML";
	if (holds(head, "name,iterations,real_time,cpu_time"))
		return "is google-benchmark's CSV, which loses counters: write JSON with --benchmark_out=FILE "
		       "--benchmark_out_format=json";
	if (holds(head, "Benchmark ") && holds(head, " CPU ") && holds(head, "Iterations"))
		return "is the table that google-benchmark prints, with rounded values: write JSON with "
		       "--benchmark_out=FILE --benchmark_out_format=json";
	if (memchr(head.at, '\0', head.size))
		return "is a binary file";
	return "is no result that pawl knows";
}

const struct input_format *input_sniff(const char *path, struct str text, struct err *err)
{
	struct str head = without_space(text);
	char names[256] = "";
	size_t used = 0;

	if (head.size == 0) {
		err_set(err, "%s: is empty: the benchmark program wrote no result (does its filter match a benchmark?)",
			path);
		return NULL;
	}
	for (size_t i = 0; i < input_format_count; i++) {
		if (input_formats[i]->sniff(text))
			return input_formats[i];
	}
	for (size_t i = 0; i < input_format_count && used < sizeof names; i++)
		used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i ? ", " : "",
					 input_formats[i]->name);
	const char *what = describe_magic(text);
	if (!what) {
		if (head.size > HEAD_SIZE)
			head.size = HEAD_SIZE;
		what = describe_text(head);
	}
	err_set(err, "%s: %s (pawl reads: %s)", path, what, names);
	return NULL;
}
