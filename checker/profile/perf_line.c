/* Lines of `perf script`: heads of samples, and frames. */
#include "profile/perf_line.h"

#include "profile/lines.h"

#include <string.h>

enum { WORD_LIMIT = 48 }; /* of a head: the name of a process has 15 bytes, the rest are a handful */

struct words {
	struct str at[WORD_LIMIT];
	size_t count;
};

static struct words split(struct str line)
{
	struct words w = {.count = 0};

	while (w.count < WORD_LIMIT) {
		struct str word = line_take_word(&line);

		if (!word.size)
			break;
		w.at[w.count++] = word;
	}
	return w;
}

static bool is_number(struct str word, int64_t *value)
{
	return !line_starts(word, "0x") && word.size && word.at[0] != '-' && line_take_signed(&word, value) &&
	       !word.size;
}

/* "1115.685567:" */
static bool is_time(struct str word)
{
	uint64_t ignored;

	return !line_starts(word, "0x") && line_take_unsigned(&word, &ignored) && line_take(&word, ".") &&
	       line_take_unsigned(&word, &ignored) && line_take(&word, ":") && !word.size;
}

static bool is_event(struct str word)
{
	return word.size > 1 && word.at[word.size - 1] == ':';
}

/* "27688" is a thread, "27688/27690" a process and its thread. */
static bool take_ids(struct str word, struct perf_head *out)
{
	int64_t first, second;

	if (!word.size || word.at[0] < '0' || word.at[0] > '9' || line_starts(word, "0x") ||
	    !line_take_signed(&word, &first))
		return false;
	if (!word.size) {
		out->tid = first;
		out->has_ids = true;
		return true;
	}
	if (!line_take(&word, "/") || !is_number(word, &second))
		return false;
	out->pid = first;
	out->tid = second;
	out->has_ids = true;
	return true;
}

/* What stands before the time, or the event: the name of the process, which may hold blanks, its ids, and "[001]" and the
 * flags of the kernel, which are passed over. */
static void take_process(const struct words *w, size_t end, struct perf_head *out)
{
	size_t ids = end;

	for (size_t back = 0; ids > 0 && back < 3; back++)
		if (take_ids(w->at[--ids], out)) {
			if (ids)
				out->comm = (struct str){
					w->at[0].at, (size_t)(w->at[ids - 1].at + w->at[ids - 1].size - w->at[0].at)};
			return;
		}
	if (end && w->at[0].at[0] != '[')
		out->comm = w->at[0];
}

/* The first word that is a time, or the count. */
static size_t find_time(const struct words *w)
{
	size_t i = 0;

	while (i < w->count && !is_time(w->at[i]))
		i++;
	return i;
}

bool perf_head_take(struct str line, struct perf_head *out)
{
	struct words w = split(line);
	size_t time = find_time(&w), event = time < w.count ? time + 1 : 0, end = time;

	*out = (struct perf_head){.comm = {"", 0}};
	if (time < w.count) {
		if (event < w.count && is_number(w.at[event], &out->period))
			event++;
	} else {
		while (event < w.count &&
		       (!is_event(w.at[event]) || (event == 0 && w.count > 1 && w.at[0].at[0] == ':')))
			event++;
		end = event;
		/* Two numbers before the event: the thread, and the period. */
		if (event >= 2 && event < w.count && is_number(w.at[event - 1], &out->period)) {
			struct perf_head ids = {0};

			if (take_ids(w.at[event - 2], &ids) || w.at[event - 2].at[0] == '[')
				end = event - 1;
			else
				out->period = 0;
		}
	}
	if (event >= w.count) {
		/* -F without time and event leaves the process alone. */
		if (time < w.count || w.count < 2 || !take_ids(w.at[w.count - 1], out))
			return false;
		take_process(&w, w.count, out);
		out->event = (struct str){"", 0};
		out->rest = (struct str){"", 0};
		return true;
	}
	if (!is_event(w.at[event]))
		return false;
	take_process(&w, end, out);
	out->event = (struct str){w.at[event].at, w.at[event].size - 1};
	out->rest.at = w.at[event].at + w.at[event].size;
	out->rest.size = (size_t)(line.at + line.size - out->rest.at);
	return true;
}

/* Where the parenthesis opens that ends the text, or its size. */
static size_t find_open(struct str text)
{
	size_t depth = 0;

	for (size_t i = text.size; i-- > 0;) {
		if (text.at[i] == ')')
			depth++;
		else if (text.at[i] == '(' && --depth == 0)
			return i;
		if (!depth)
			break;
	}
	return text.size;
}

/* "sort_orders+0x18" without where in it. */
static struct str without_offset(struct str symbol)
{
	const char *plus = memrchr(symbol.at, '+', symbol.size);
	struct str rest;
	uint64_t ignored;

	if (!plus || plus == symbol.at)
		return symbol;
	rest = (struct str){plus + 1, (size_t)(symbol.at + symbol.size - plus) - 1};
	if (line_starts(rest, "0x") && line_take_hex(&rest, &ignored) && !rest.size)
		symbol.size = (size_t)(plus - symbol.at);
	return symbol;
}

bool perf_frame_take(struct str line, struct perf_frame *out)
{
	size_t open;

	*out = (struct perf_frame){.dso = {"", 0}, .file = {"", 0}};
	line = line_trim(line);
	if (!line_take_hex(&line, &out->address) || !line.size || (line.at[0] != ' ' && line.at[0] != '\t'))
		return false;
	line_take_blanks(&line);
	open = find_open(line);
	out->symbol = line;
	/* A symbol may end with a parenthesis as well; a file has a blank before it. */
	if (open < line.size && (!open || line.at[open - 1] == ' ' || line.at[open - 1] == '\t')) {
		out->symbol.size = open;
		out->dso = (struct str){line.at + open + 1, line.size - open - 2};
	}
	out->symbol = without_offset(line_trim(out->symbol));
	out->inlined = str_equal(out->dso, "inlined");
	if (str_equal(out->symbol, "[unknown]"))
		out->symbol.size = 0;
	if (out->inlined || str_equal(out->dso, "[unknown]") || str_equal(out->dso, "unknown"))
		out->dso.size = 0;
	return true;
}

bool perf_place_take(struct str line, struct perf_frame *frame)
{
	const char *colon;
	struct str digits;

	line = line_trim(line);
	/* What is not known: "libc.so.6[4f2a]", or ":0". */
	if (line.size && line.at[line.size - 1] == ']')
		return memchr(line.at, '[', line.size) != NULL;
	colon = memrchr(line.at, ':', line.size);
	if (!colon)
		return false;
	digits = (struct str){colon + 1, (size_t)(line.at + line.size - colon) - 1};
	frame->file = (struct str){line.at, (size_t)(colon - line.at)};
	return line_take_signed(&digits, &frame->line) && frame->line >= 0;
}
