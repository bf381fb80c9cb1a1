/*
 * Values, changes, names and causes in words.
 */
#include "report/report_words.h"

#include "base/quantity.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* A name longer than this is cut in tables; CSV and verdict.json have it whole. */
enum { NAME_COLUMNS = 80, NOTE_COLUMNS = 160 };

const char *words_or_empty(const char *text)
{
	return text ? text : "";
}

bool words_known(struct number n)
{
	return n.known && isfinite(n.value);
}

/* Three significant digits with an SI prefix: "12.3 M", "12.3 M cycles", "1.23 M/s"; small whole numbers as they are. */
static const char *scaled(struct arena *a, double value, const char *unit)
{
	static const char *const prefixes[] = {"", "k", "M", "G", "T", "P"};
	const char *number = NULL, *suffix = NULL;
	size_t i = 0;

	/* 999.5 would be shown as 1000. */
	while (i + 1 < sizeof prefixes / sizeof prefixes[0] && fabs(value) >= 999.5) {
		value /= 1000;
		i++;
	}
	if ((i == 0 && value == trunc(value)) || fabs(value) < 0.0995 || fabs(value) >= 999.5)
		number = arena_printf(a, "%.3g", value);
	else
		number = arena_printf(a, "%.*f", fabs(value) < 9.995 ? 2 : fabs(value) < 99.95 ? 1 : 0, value);
	suffix = arena_printf(a, "%s%s%s", prefixes[i], i > 0 && *unit && *unit != '/' ? " " : "", unit);
	return *suffix ? arena_printf(a, "%s %s", number, suffix) : number;
}

const char *words_value(struct arena *a, struct number n, const char *unit)
{
	static const struct {
		const char *name;
		double ns;
	} times[] = {{"ns", 1}, {"us", 1e3}, {"ms", 1e6}, {"s", 1e9}};

	unit = words_or_empty(unit);
	if (!words_known(n))
		return "-";
	for (size_t i = 0; i < sizeof times / sizeof times[0]; i++) {
		if (text_equal(unit, times[i].name))
			return quantity_duration(a, n.value * times[i].ns);
	}
	if (text_equal(unit, "bytes") || text_equal(unit, "B"))
		return quantity_size(a, n.value);
	if (text_equal(unit, "bytes/s") || text_equal(unit, "B/s"))
		return arena_printf(a, "%s/s", quantity_size(a, n.value));
	if (text_equal(unit, "items/s"))
		unit = "/s";
	return scaled(a, n.value, words_inert(a, unit));
}

/* Decimals of a percentage: two below 1 %, one below 100 %. */
static int percent_decimals(double percent)
{
	return fabs(percent) < 0.995 ? 2 : fabs(percent) < 99.95 ? 1 : 0;
}

static const char *signed_percent(struct arena *a, struct number ratio, int decimals)
{
	const char *text = NULL;

	if (!words_known(ratio))
		return "?";
	text = arena_printf(a, "%+.*f", decimals, ratio.value * 100);
	/* "-0.0" says nothing that "+0.0" does not. */
	return strpbrk(text, "123456789") || text[0] != '-' ? text : arena_printf(a, "+%s", text + 1);
}

const char *words_change(struct arena *a, struct number ratio)
{
	if (!words_known(ratio))
		return "-";
	return arena_printf(a, "%s %%", signed_percent(a, ratio, percent_decimals(ratio.value * 100)));
}

const char *words_interval(struct arena *a, struct number low, struct number high)
{
	double largest = 0;
	int decimals = 0;

	if (!words_known(low) && !words_known(high))
		return "";
	if (words_known(low))
		largest = fabs(low.value);
	if (words_known(high))
		largest = fmax(largest, fabs(high.value));
	decimals = percent_decimals(largest * 100);
	return arena_printf(a, "[%s, %s]", signed_percent(a, low, decimals), signed_percent(a, high, decimals));
}

const char *words_limit(struct arena *a, double ratio, int digits)
{
	double percent = ratio * 100;

	if (!isfinite(percent))
		return "?";
	/* %g turns to exponents where the digits do not reach the point. */
	if (fabs(percent) >= 99.5)
		return arena_printf(a, "%.0f %%", percent);
	return arena_printf(a, "%.*g %%", digits, percent);
}

static const char *signed_amount(struct arena *a, struct number amount, const char *unit)
{
	struct number size = {fabs(amount.value), amount.known};

	if (!words_known(amount))
		return "?";
	return arena_printf(a, "%c%s", amount.value < 0 ? '-' : '+', words_value(a, size, unit));
}

/* "+3.00 faults [+1.00 faults, +5.00 faults]", with the ratio behind it where there is one. */
static const char *difference_cell(struct arena *a, const struct finding *f)
{
	const char *cell = signed_amount(a, f->change, f->unit);

	if (words_known(f->low) || words_known(f->high))
		cell = arena_printf(a, "%s [%s, %s]", cell, signed_amount(a, f->low, f->unit),
				    signed_amount(a, f->high, f->unit));
	return words_known(f->change_ratio) ? arena_printf(a, "%s = %s", cell, words_change(a, f->change_ratio)) : cell;
}

const char *words_change_cell(struct arena *a, const struct finding *f)
{
	const char *measured, *interval, *change;

	if (words_known(f->change))
		return difference_cell(a, f);
	measured = words_interval(a, f->measured_low_ratio, f->measured_high_ratio);
	interval = words_interval(a, f->low_ratio, f->high_ratio);
	change = words_change(a, f->change_ratio);
	if (*interval)
		change = arena_printf(a, "%s %s", change, interval);
	if (*measured && !text_equal(measured, interval))
		change = arena_printf(a, "%s (as measured %s)", change, measured);
	return change;
}

/* The metric that rules call `time`. */
static bool is_gated_time(const struct finding *f)
{
	return f->gated && (text_equal(f->metric, "cpu_time") || text_equal(f->metric, "real_time"));
}

const char *words_series(struct arena *a, const struct finding *f)
{
	const char *name = arena_printf(a, "%s/%s", words_or_empty(f->suite), words_or_empty(f->bench));
	const char *metric = words_or_empty(f->metric);

	name = words_clip(a, words_inert(a, name), NAME_COLUMNS);
	if (!*metric || is_gated_time(f))
		return name;
	return arena_printf(a, "%s [%s]", name, words_clip(a, words_inert(a, metric), NAME_COLUMNS));
}

/* "+0.91 us", of what an operation costs: time, or what is counted. */
static const char *words_difference(struct arena *a, const struct finding *f, struct number n)
{
	struct number size = {fabs(n.value), n.known};
	bool counted = text_equal(words_or_empty(f->metric), "instructions");

	return arena_printf(a, "%s%s", n.value < 0 ? "-" : "+", words_value(a, size, counted ? f->unit : "ns"));
}

/* A function stands in no YAML file: what does is the suite, and no place of the function is known. */
const char *words_source(const struct finding *f)
{
	const char *place = words_or_empty(f->place), *colon = strrchr(place, ':');

	return colon && (strncmp(colon - (colon - place >= 4 ? 4 : 0), ".yml", 4) == 0 ||
			 strncmp(colon - (colon - place >= 5 ? 5 : 0), ".yaml", 5) == 0)
		       ? ""
		       : place;
}

const char *words_touched(const char *touched)
{
	if (text_equal(words_or_empty(touched), "yes"))
		return " (changed in this branch)";
	return text_equal(words_or_empty(touched), "file") ? " (its file changed in this branch)" : "";
}

/* What stands at `at` opens a bracket: no operator, and nothing that is kept. */
static bool opens(const char *text, const char *at, char open)
{
	static const char unnamed[] = "(anonymous namespace)";
	size_t before = (size_t)(at - text), word = sizeof "operator" - 1;

	/* operator<< */
	if (before && open == '<' && at[-1] == open) {
		at--;
		before--;
	}
	return !(before >= word && strncmp(at - word, "operator", word) == 0) && !text_starts(at, unnamed);
}

/* "sum<int>(long, long) const" is "sum<int>(...) const" without what is in its parentheses. */
static const char *without_inside(struct arena *a, const char *text, char open, char close)
{
	struct buf out = {.arena = a};
	size_t depth = 0;

	for (const char *at = text; *at; at++) {
		bool arrow = close == '>' && at > text && at[-1] == '-';

		if (*at == close && depth && !arrow && --depth == 0 && at[-1] != open)
			buf_text(&out, "...");
		if (!depth)
			buf_char(&out, *at);
		if (*at == open && (depth || opens(text, at, open)))
			depth++;
	}
	return depth ? text : buf_string(&out);
}

const char *words_function(struct arena *a, const char *name, size_t columns)
{
	const char *text = words_inert(a, name);

	if (text_columns(text) > columns)
		text = without_inside(a, text, '(', ')');
	if (text_columns(text) > columns)
		text = without_inside(a, text, '<', '>');
	return words_clip(a, text, columns);
}

/* The caller to look at stands for the place of the function, which is as it was or not the project's own. */
static const char *called_by(struct arena *a, const struct finding *f)
{
	const char *place = words_clip(a, words_inert(a, f->caller_place), NAME_COLUMNS);

	return arena_printf(a, "  called by %s%s%s%s", words_function(a, f->caller, NAME_COLUMNS), *place ? "  " : "",
			    place, words_touched(f->caller_touched));
}

const char *words_whereabouts(struct arena *a, const struct finding *f)
{
	const char *place = words_clip(a, words_inert(a, words_source(f)), NAME_COLUMNS);

	if (*words_or_empty(f->caller))
		return called_by(a, f);
	return arena_printf(a, "%s%s%s", *place ? "  " : "", place, words_touched(f->touched));
}

const char *words_cause(struct arena *a, const struct finding *f)
{
	const char *cause = words_or_empty(f->function);

	if (!*cause)
		return words_clip(a, words_inert(a, words_or_empty(f->cause_note)), NOTE_COLUMNS);
	cause = words_function(a, cause, NAME_COLUMNS);
	if (words_known(f->function_change))
		cause = arena_printf(a, "%s %s", cause, words_difference(a, f, f->function_change));
	else if (words_known(f->function_change_ratio))
		cause = arena_printf(a, "%s %s", cause, words_change(a, f->function_change_ratio));
	return arena_printf(a, "%s%s", cause, words_whereabouts(a, f));
}

const char *words_cause_range(struct arena *a, const struct finding *f)
{
	const char *text;

	if (!words_known(f->function_low) || !words_known(f->function_high))
		return "";
	text = arena_printf(a, "%s to %s an operation", words_difference(a, f, f->function_low),
			    words_difference(a, f, f->function_high));
	if (!words_known(f->function_part))
		return text;
	return arena_printf(a, "%s, %s of the change", text, words_limit(a, fabs(f->function_part.value), 2));
}

/* What was measured, and what that means. */
static void add_change(struct buf *out, const struct finding *f)
{
	struct arena *a = out->arena;

	if (words_known(f->baseline))
		buf_printf(out, "%s -> ", words_value(a, f->baseline, f->unit));
	buf_text(out, words_value(a, f->current, f->unit));
	if (words_known(f->change_ratio))
		buf_printf(out, ", %s, threshold %s", words_change_cell(a, f), words_limit(a, f->threshold_ratio, 3));
	if (f->severity != SEVERITY_NONE)
		buf_printf(out, ", severity %s", severity_name(f->severity));
	/* It asks for a slowdown: beside an improvement it says nothing. */
	if (words_known(f->p) && f->outcome != OUTCOME_FASTER)
		buf_printf(out, ", p %.2g", f->p.value);
}

const char *words_message(struct arena *a, const struct finding *f)
{
	const char *reason = words_or_empty(f->reason);
	struct buf out = {.arena = a};

	if (f->state == STATE_JUDGED)
		add_change(&out, f);
	else
		buf_text(&out, words_state(a, f->state));
	reason = arena_copy(a, reason, strcspn(reason, "\n"));
	if (*reason)
		buf_printf(&out, "%s%s", f->state == STATE_JUDGED ? "; " : ": ", reason);
	return buf_string(&out);
}

struct place words_place(struct arena *a, const struct finding *f)
{
	const char *text = words_or_empty(*words_or_empty(f->caller_place) ? f->caller_place : f->place);

	for (const char *at = strchr(text, ':'); at; at = strchr(at + 1, ':')) {
		size_t digits = strspn(at + 1, "0123456789");

		if (digits > 0 && (at[1 + digits] == '\0' || at[1 + digits] == ' ' || at[1 + digits] == ':'))
			return (struct place){arena_copy(a, text, (size_t)(at - text)), arena_copy(a, at + 1, digits)};
	}
	return (struct place){text, ""};
}

const char *words_state(struct arena *a, enum state s)
{
	char *name = arena_string(a, state_name(s));

	for (char *at = name; *at; at++) {
		if (*at == '_')
			*at = ' ';
	}
	return name;
}

const char *words_inert(struct arena *a, const char *text)
{
	return text_inert_copy(a, words_or_empty(text));
}

/* Bytes that the first `columns` code points take. */
static size_t columns_size(const char *text, size_t columns)
{
	size_t size = strlen(text), at = 0;

	while (at < size && columns-- > 0) {
		size_t length = text_utf8_length(text + at, size - at);

		at += length ? length : 1;
	}
	return at;
}

const char *words_clip(struct arena *a, const char *text, size_t columns)
{
	static const char gap[] = "...";
	const size_t gap_columns = sizeof gap - 1;
	size_t has = text_columns(text), start = 0;

	if (has <= columns || columns <= gap_columns)
		return text;
	start = (columns - gap_columns + 1) / 2;
	return arena_printf(a, "%.*s%s%s", (int)columns_size(text, start), text, gap,
			    text + columns_size(text, has - (columns - gap_columns - start)));
}
