/*
 * Result formats: what benchmark programs write, read one row at a time.
 *
 * Adding one is one new file with its row and one line in INPUT_LIST.  A reader never holds the whole result, only the
 * file's text and one row.
 */
#ifndef PAWL_INPUT_INPUT_H
#define PAWL_INPUT_INPUT_H

#include "base/arena.h"
#include "base/err.h"
#include "base/stream.h"
#include "base/text.h"
#include "model/metric.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum input_status { INPUT_OK, INPUT_ERROR, INPUT_SKIPPED };

enum input_kind {
	INPUT_ITERATION, /* one measured repetition */
	INPUT_AGGREGATE, /* _mean, _median, _stddev, _cv, a user's own */
	INPUT_FIT,       /* BigO and RMS */
};

struct input_metric {
	struct metric metric;
	double value; /* finite; times in ns */
};

/* One row.  Good only during the call that receives it. */
struct input_row {
	const char *name;  /* as the format gives it, valid UTF-8 after repair */
	size_t occurrence; /* 0 for the first benchmark of this name in the file, 1 for the second, … */
	enum input_kind kind;
	enum input_status status;
	bool cut; /* an INPUT_ERROR: the program ended while this one ran */
	const char *
		message; /* of errors and skips; also of a row that holds a value nobody can use (NaN, negative time) */
	size_t line;     /* in the file, from 1 */
	int64_t iterations, threads, repetition;
	int64_t repetitions;   /* that the file announces, or of an aggregate: that it sums up; 0: not known */
	const char *of;        /* of an aggregate: the benchmark that it belongs to; else "" */
	const char *statistic; /* mean, median, stddev, …; else "" */
	const struct input_metric *metrics;
	size_t metric_count;
};

/* What the file says about how it was made; "" where it says nothing. */
struct input_context {
	const char *date, *executable, *host_name;
	const char *library_version, *library_build_type;
	int64_t cpu_count;
};

struct input_sink {
	void *to;
	/* False stops the reading and makes it fail with `err`. */
	bool (*row)(void *to, const struct input_row *row, struct err *err);
	/* Called before the first row; NULL: nobody asks, so the file need not be searched for it. */
	void (*context)(void *to, const struct input_context *context);
};

struct input_format {
	const char *name, *help;
	/* The text looks like this format. */
	bool (*sniff)(struct str text);
	/* Gives every row that can be read to the sink.  A damaged file fails with "PATH:LINE: what is wrong" after the
	 * rows before the damage were given. */
	bool (*read)(struct arena *a, const char *path, struct str text, const struct input_sink *sink,
		     struct err *err);
	/* The same from a stream; NULL: this format wants the whole text. */
	bool (*read_stream)(struct arena *a, struct stream *in, const struct input_sink *sink, struct err *err);
	/* The same from a folder of results, files that were last written before that time (since the epoch; 0: none) left
	 * out; NULL: a result of this format is one file. */
	bool (*read_folder)(struct arena *a, const char *folder, int64_t newer_than_ns, const struct input_sink *sink,
			    struct err *err);
};

/* In this order they are asked whether a text is theirs. */
#define INPUT_LIST(ROW)                                                                                                \
	ROW(pytest)                                                                                                    \
	ROW(gbench)                                                                                                    \
	ROW(hyperfine)                                                                                                 \
	ROW(gotest)                                                                                                    \
	ROW(criterion)                                                                                                 \
	ROW(libtest)                                                                                                   \
	ROW(catch2)                                                                                                    \
	ROW(jmh)                                                                                                       \
	ROW(custom)                                                                                                    \
	ROW(custom_smaller)                                                                                            \
	ROW(custom_bigger)                                                                                             \
	ROW(bencher)                                                                                                   \
	ROW(csv)

#define ROW(name) extern const struct input_format input_##name;
INPUT_LIST(ROW)
#undef ROW

extern const struct input_format *const input_formats[];
extern const size_t input_format_count;

const struct input_format *input_find(const char *name);

/* The format that a user names.  The error lists those there are. */
bool input_choose(const char *name, const struct input_format **out, struct err *err) MUST_CHECK;

/* The format of which a result can be a folder, or NULL with the error. */
const struct input_format *input_of_folder(const char *path, struct err *err);

/* The format that the text looks like, or NULL with an error that says what the text is instead (empty, binary, UTF-16,
 * a console table, …) and which formats there are. */
const struct input_format *input_sniff(const char *path, struct str text, struct err *err);

#endif
