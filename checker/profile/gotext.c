/*
 * Counts and waits as text, as Go's net/http/pprof writes them with debug=1: goroutine, threadcreate and other profiles of
 * counts, and block, mutex and gperftools' contentionz.
 *
 *   goroutine profile: total 7       --- contention:
 *   2 @ 0x43e7b6 0x44e8c5            cycles/second=2494000000
 *                                    123456 7 @ 0x43e7b6 0x44e8c5
 */
#include "profile/profile.h"
#include "profile/stack_text.h"

#include <math.h>
#include <string.h>

/* "goroutine profile: total 7": the name, or nothing. */
static struct str count_name(struct str line)
{
	struct str name = line_take_word(&line);
	uint64_t total;

	if (!line_take(&line, " profile: total ") || !line_take_unsigned(&line, &total) || line_trim(line).size)
		name.size = 0;
	return name;
}

static bool is_contention(struct str line)
{
	return line_starts(line, "--- contention:") || line_starts(line, "--- mutex:") ||
	       line_starts(line, "--- contentionz ");
}

/* The first line that is no comment. */
static bool take_head(struct lines *l, struct str *line)
{
	while (lines_next(l, line)) {
		*line = line_trim(*line);
		if (line->size && line->at[0] != '#')
			return true;
	}
	return false;
}

static bool gotext_sniff(struct str bytes)
{
	struct lines lines = lines_of(NULL, "", bytes);
	struct str line;

	return take_head(&lines, &line) && (is_contention(line) || count_name(line).size > 0);
}

static bool read_counts(struct stack_text *t, struct err *err)
{
	struct str line;

	while (stack_text_next(t, &line)) {
		struct str rest = line;
		int64_t count;

		if (!line_take_signed(&rest, &count) || !line_take(&rest, " @"))
			return lines_fail(&t->lines, err, "expected COUNT @ ADDRESSES, found %s",
					  lines_shown(&t->lines, line));
		if (!stack_text_add(t, rest, NULL, &count, err))
			return false;
	}
	return true;
}

struct clock_facts {
	int64_t cycles_per_second, period;
};

/* "cycles/second=2494000000" and its like, before the first record. */
static bool take_fact(struct profile *p, struct str line, struct clock_facts *facts)
{
	int64_t ms;

	if (line_take(&line, "cycles/second")) {
		line_take_blanks(&line);
		if (line_take(&line, "="))
			line_take_blanks(&line);
		return line_take_signed(&line, &facts->cycles_per_second);
	}
	if (line_take(&line, "sampling period")) {
		line_take_blanks(&line);
		if (line_take(&line, "="))
			line_take_blanks(&line);
		return line_take_signed(&line, &facts->period);
	}
	if (line_take(&line, "ms since reset")) {
		line_take_blanks(&line);
		if (line_take(&line, "="))
			line_take_blanks(&line);
		if (!line_take_signed(&line, &ms) || __builtin_mul_overflow(ms, 1000000, &p->duration_ns))
			return false;
		return true;
	}
	return line_take(&line, "discarded samples");
}

static bool take_wait(struct str *line, const struct clock_facts *facts, int64_t values[2])
{
	int64_t cycles, count;
	double delay_ns;

	if (!line_take_signed(line, &cycles))
		return false;
	line_take_blanks(line);
	if (!line_take_signed(line, &count) || !line_take(line, " @"))
		return false;
	delay_ns = (double)cycles;
	if (facts->cycles_per_second > 0)
		delay_ns *= (double)facts->period * 1e9 / (double)facts->cycles_per_second;
	values[1] = fabs(delay_ns) < 9e18 ? (int64_t)delay_ns : INT64_MAX;
	return values[1] != INT64_MAX && !__builtin_mul_overflow(count, facts->period, values);
}

static bool read_waits(struct stack_text *t, struct err *err)
{
	struct profile *p = t->tally.profile;
	struct clock_facts facts = {.period = 1};
	int64_t values[2];
	bool seen = false;
	struct str line;

	while (stack_text_next(t, &line)) {
		struct str rest = line;

		if (!seen && !line_holds(line, "@")) {
			if (!take_fact(p, line, &facts) || facts.period < 1)
				return lines_fail(&t->lines, err, "expected cycles/second=N, found %s",
						  lines_shown(&t->lines, line));
			continue;
		}
		seen = true;
		if (!take_wait(&rest, &facts, values))
			return lines_fail(&t->lines, err, "expected CYCLES COUNT @ ADDRESSES, found %s",
					  lines_shown(&t->lines, line));
		if (!stack_text_add(t, rest, NULL, values, err))
			return false;
	}
	p->period = facts.period;
	return true;
}

static bool gotext_read(struct arena *a, const char *path, struct str bytes, struct profile *out, struct err *err)
{
	struct lines lines = lines_of(a, path, bytes);
	struct stack_text text;
	struct str line, name;
	const char *type;
	bool waits;

	if (!take_head(&lines, &line) || (!(waits = is_contention(line)) && !count_name(line).size))
		return err_set(err, "%s:%zu: expected \"NAME profile: total COUNT\" or \"--- contention:\"", path,
			       lines.number ? lines.number : 1);
	name = count_name(line);
	type = waits ? "contentions" : arena_copy(a, name.at, name.size);
	profile_add_type(out, type, "count");
	if (waits)
		profile_add_type(out, "delay", "nanoseconds");
	out->period_type = out->types[0];
	out->period = 1;
	if (waits)
		out->drop_frames = profile_string_of(out, addresses_drop_lock);
	stack_text_init(&text, a, path, bytes, out);
	text.lines = lines;
	return waits ? read_waits(&text, err) : read_counts(&text, err);
}

const struct profile_format profile_format_gotext = {
	.name = "gotext",
	.help = "Go's profiles as text (debug=1): goroutine, threadcreate, block, mutex",
	.sniff = gotext_sniff,
	.read = gotext_read,
};
