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

enum { NAMES_SIZE = 512 };

/* The names of all formats, for errors. */
static const char *list_names(char out[NAMES_SIZE])
{
	size_t used = 0;

	out[0] = '\0';
	for (size_t i = 0; i < input_format_count && used < NAMES_SIZE; i++)
		used += (size_t)snprintf(out + used, NAMES_SIZE - used, "%s%s", i ? ", " : "", input_formats[i]->name);
	return out;
}

bool input_choose(const char *name, const struct input_format **out, struct err *err)
{
	const char *names[sizeof input_formats / sizeof *input_formats], *nearest;
	char all[NAMES_SIZE];

	*out = input_find(name);
	if (*out)
		return true;
	for (size_t i = 0; i < input_format_count; i++)
		names[i] = input_formats[i]->name;
	nearest = text_nearest(name, names, input_format_count);
	return err_set(err, "there is no format '%s'%s%s%s (pawl reads: %s)", name, nearest ? "; did you mean '" : "",
		       nearest ? nearest : "", nearest ? "'?" : "", list_names(all));
}

const struct input_format *input_of_folder(const char *path, struct err *err)
{
	for (size_t i = 0; i < input_format_count; i++) {
		if (input_formats[i]->read_folder)
			return input_formats[i];
	}
	err_set(err, "%s: is a folder, not a file", path);
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
		return "is a JSON list, but neither JMH's nor one of {name, unit, value}";
	if (starts(head, "{", 1) && holds(head, "\"pawl_run\""))
		return "is a run file of pawl, not the result of a benchmark program";
	if (head.at[0] == '{')
		return "is JSON, but of none of the tools that pawl knows";
	if (head.at[0] == '<')
		return "is XML or HTML";
	if (holds(head, "name,iterations,real_time,cpu_time"))
		return "is google-benchmark's CSV, which loses counters: write JSON with --benchmark_out=FILE "
		       "--benchmark_out_format=json";
	if (starts(head, "command,mean,", 13))
		return "is hyperfine's CSV, which has no single runs: write JSON with --export-json FILE";
	if (starts(head, "schema,suite,", 13))
		return "is a report of pawl: the values are in head.json and base.json beside it";
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
	char names[NAMES_SIZE];

	if (head.size == 0) {
		err_set(err, "%s: is empty: the benchmark program wrote no result (does its filter match a benchmark?)",
			path);
		return NULL;
	}
	for (size_t i = 0; i < input_format_count; i++) {
		if (input_formats[i]->sniff(text))
			return input_formats[i];
	}
	const char *what = describe_magic(text);
	if (!what) {
		if (head.size > HEAD_SIZE)
			head.size = HEAD_SIZE;
		what = describe_text(head);
	}
	err_set(err, "%s: %s (pawl reads: %s)", path, what, list_names(names));
	return NULL;
}
