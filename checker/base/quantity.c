/* Numbers with a unit as users write them, and durations and sizes as they are shown. */
#include "base/quantity.h"

#include "base/text.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct unit {
	const char *name;
	enum quantity_kind kind;
	double factor;
};

/* Within a kind from small to large: messages list them in this order. */
static const struct unit units[] = {
	{"%", QUANTITY_RATIO, 0.01},
	{"ns", QUANTITY_DURATION, 1},
	{"us", QUANTITY_DURATION, 1e3},
	{"ms", QUANTITY_DURATION, 1e6},
	{"s", QUANTITY_DURATION, 1e9},
	{"m", QUANTITY_DURATION, 60e9},
	{"h", QUANTITY_DURATION, 3600e9},
	{"B", QUANTITY_SIZE, 1},
	{"kB", QUANTITY_SIZE, 1e3},
	{"MB", QUANTITY_SIZE, 1e6},
	{"GB", QUANTITY_SIZE, 1e9},
	{"KiB", QUANTITY_SIZE, 1024},
	{"MiB", QUANTITY_SIZE, 1024.0 * 1024},
	{"GiB", QUANTITY_SIZE, 1024.0 * 1024 * 1024},
};

enum {
	UNIT_COUNT = sizeof units / sizeof units[0],
	LIST_SIZE = 160,
	SHOWN_SIZE = 40, /* longer words are not repeated in messages */
};

static void list_units(char out[LIST_SIZE], unsigned kinds)
{
	static const char *const names[] = {"ratios", "durations", "sizes"};
	size_t used = 0;
	int kind = -1;

	out[0] = '\0';
	for (size_t i = 0; i < UNIT_COUNT; i++) {
		int size;

		if (!(kinds & 1U << units[i].kind))
			continue;
		if ((int)units[i].kind != kind) {
			kind = (int)units[i].kind;
			size = snprintf(out + used, LIST_SIZE - used, "%s%s:", used ? "; " : "", names[kind]);
			used += (size_t)size;
		}
		size = snprintf(out + used, LIST_SIZE - used, " %s", units[i].name);
		used += (size_t)size;
	}
}

static bool refuse(struct err *err, const char *text, unsigned kinds, const char *why)
{
	char list[LIST_SIZE];

	list_units(list, kinds);
	if (strlen(text) > SHOWN_SIZE)
		return err_set(err, "the text %s (%s)", why, list);
	return err_set(err, "`%s` %s (%s)", text, why, list);
}

/* Bytes of the number at the start of `text`; an "e" belongs to it only where digits follow. */
static size_t number_size(const char *text)
{
	size_t size = strspn(text, "+-0123456789.");

	if (size && (text[size] == 'e' || text[size] == 'E')) {
		size_t sign = text[size + 1] == '+' || text[size + 1] == '-';

		if (isdigit((unsigned char)text[size + 1 + sign]))
			size += 1 + sign + strspn(text + size + 1 + sign, "0123456789");
	}
	return size;
}

bool quantity_parse(const char *text, unsigned kinds, struct quantity *out, struct err *err)
{
	static const char *const what[] = {"is a ratio", "is a duration", "is a size"};
	size_t size = number_size(text);
	const char *unit = text + size;
	double number;

	if (!text_parse_double((struct str){.at = text, .size = size}, &number))
		return refuse(err, text, kinds, "is not a number with a unit");
	if (signbit(number))
		return refuse(err, text, kinds, "is negative");
	unit += strspn(unit, " ");
	if (!*unit)
		return refuse(err, text, kinds, "has no unit");
	for (size_t i = 0; i < UNIT_COUNT; i++) {
		if (!(kinds & 1U << units[i].kind) || !text_equal(unit, units[i].name))
			continue;
		/* 10 / 100 is the double nearest to 0.1, 10 * 0.01 need not be. */
		*out = (struct quantity){.kind = units[i].kind,
					 .value = units[i].kind == QUANTITY_RATIO ? number / 100
										  : number * units[i].factor};
		if (!isfinite(out->value))
			return refuse(err, text, kinds, "is too large");
		return true;
	}
	for (size_t i = 0; i < UNIT_COUNT; i++) {
		if (text_equal(unit, units[i].name))
			return refuse(err, text, kinds, what[units[i].kind]);
	}
	return refuse(err, text, kinds, "has an unknown unit");
}

/* Three significant digits of a number below 1000, at most two of them behind the point where it is 0.1 or more. */
static const char *three_digits(struct arena *a, double value, const char *unit)
{
	double size = fabs(value);

	if (value == 0)
		return arena_printf(a, "0 %s", unit);
	if (size < 0.095)
		return arena_printf(a, "%.2g %s", value, unit);
	/* The bounds are where the next form begins after rounding. */
	return arena_printf(a, "%.*f %s", size < 9.995 ? 2 : size < 99.95 ? 1 : 0, value, unit);
}

static const char *minutes(struct arena *a, double seconds)
{
	const char *sign = seconds < 0 ? "-" : "";
	int64_t whole = llround(fabs(seconds));
	int64_t h = whole / 3600, m = whole / 60 % 60, s = whole % 60;

	if (h)
		return m ? arena_printf(a, "%s%lld h %lld min", sign, (long long)h, (long long)m)
			 : arena_printf(a, "%s%lld h", sign, (long long)h);
	return s ? arena_printf(a, "%s%lld min %lld s", sign, (long long)m, (long long)s)
		 : arena_printf(a, "%s%lld min", sign, (long long)m);
}

enum { ROUNDS_UP = 9995 }; /* tenths: from 999.5 on, three digits would show 1000 */

const char *quantity_duration(struct arena *a, double ns)
{
	static const char *const names[] = {"ns", "us", "ms"};
	static const double longest_s = 1e12; /* about 30,000 years: beyond, whole seconds need not fit an integer */
	double value = ns;

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++, value /= 1000) {
		if (fabs(value) * 10 < ROUNDS_UP)
			return three_digits(a, value, names[i]);
	}
	if (fabs(value) < 59.95)
		return three_digits(a, value, "s");
	if (!(fabs(value) < longest_s))
		return arena_printf(a, "%.3g s", value);
	return minutes(a, value);
}

const char *quantity_size(struct arena *a, double bytes)
{
	static const char *const names[] = {"kB", "MB", "GB", "TB"};
	double value = bytes / 1000;
	size_t i = 0;

	if (fabs(bytes) * 10 < ROUNDS_UP)
		return arena_printf(a, "%.3g B", bytes);
	while (i + 1 < sizeof names / sizeof names[0] && fabs(value) * 10 >= ROUNDS_UP) {
		value /= 1000;
		i++;
	}
	if (fabs(value) * 10 >= ROUNDS_UP)
		return arena_printf(a, "%.3g %s", value, names[i]);
	return three_digits(a, value, names[i]);
}
