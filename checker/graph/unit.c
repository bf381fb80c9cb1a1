/* Units of time, memory and GCU, and how many decimals a value is shown with. */
#include "graph/unit.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

struct unit {
	const char *name;
	const char *aliases[3];
	double factor; /* of the kind's base unit */
};

enum { UNITS_OF_KIND = 10 };

struct unit_kind {
	const char *base_name; /* shown where no unit fits */
	double base_factor;
	struct unit units[UNITS_OF_KIND];
};

/* Names, aliases and factors as in google/pprof, internal/measurement/measurement.go; Go 1.19 and newer have the same. */
static const struct unit_kind kinds[] = {
	{"B",
	 1,
	 {
		 {"B", {"b", "byte"}, 1},
		 {"kB", {"kb", "kbyte", "kilobyte"}, 1024.0},
		 {"MB", {"mb", "mbyte", "megabyte"}, 1048576.0},
		 {"GB", {"gb", "gbyte", "gigabyte"}, 1073741824.0},
		 {"TB", {"tb", "tbyte", "terabyte"}, 1099511627776.0},
		 {"PB", {"pb", "pbyte", "petabyte"}, 1125899906842624.0},
	 }},
	{"s",
	 1e9,
	 {
		 {"ns", {"ns", "nanosecond"}, 1},
		 {"us", {"us", "microsecond"}, 1e3},
		 {"ms", {"ms", "millisecond"}, 1e6},
		 {"s", {"s", "sec", "second"}, 1e9},
		 {"hrs", {"hour", "hr"}, 3600e9},
	 }},
	{"GCU",
	 1,
	 {
		 {"n*GCU", {"nanogcu"}, 1e-9},
		 {"u*GCU", {"microgcu"}, 1e-6},
		 {"m*GCU", {"milligcu"}, 1e-3},
		 {"GCU", {"gcu"}, 1},
		 {"k*GCU", {"kilogcu"}, 1e3},
		 {"M*GCU", {"megagcu"}, 1e6},
		 {"G*GCU", {"gigagcu"}, 1e9},
		 {"T*GCU", {"teragcu"}, 1e12},
		 {"P*GCU", {"petagcu"}, 1e15},
	 }},
};

enum { KIND_COUNT = sizeof kinds / sizeof *kinds, WORD_SIZE = 16 };

/* The unit that a word means in a kind: case and a plural "s" do not matter. */
static const struct unit *unit_of(const struct unit_kind *kind, const char *word)
{
	char plain[WORD_SIZE];
	size_t size = strlen(word);

	if (size >= WORD_SIZE)
		return NULL;
	for (size_t i = 0; i <= size; i++)
		plain[i] = (char)tolower((unsigned char)word[i]);
	if (size > 2 && plain[size - 1] == 's')
		plain[size - 1] = '\0';
	for (const struct unit *u = kind->units; u < kind->units + UNITS_OF_KIND && u->name; u++) {
		for (size_t i = 0; i < sizeof u->aliases / sizeof *u->aliases && u->aliases[i]; i++) {
			if (text_equal(u->aliases[i], plain))
				return u;
		}
	}
	return NULL;
}

static bool fits_itself(const char *to)
{
	return text_equal(to, "minimum") || text_equal(to, "auto");
}

/* The largest unit in which the value, given in the base unit, is at least 1; NULL if there is none. */
static const struct unit *largest_unit(const struct unit_kind *kind, double value)
{
	const struct unit *best = NULL;

	for (const struct unit *u = kind->units; u < kind->units + UNITS_OF_KIND && u->name; u++) {
		if (value / u->factor >= 1 && (!best || u->factor >= best->factor))
			best = u;
	}
	return best;
}

double unit_scale(int64_t value, const char *from, const char *to, const char **unit)
{
	if (value < 0 && value != INT64_MIN)
		return -unit_scale(-value, from, to, unit);
	for (size_t k = 0; k < KIND_COUNT; k++) {
		const struct unit *given = unit_of(kinds + k, from), *wanted;
		double scaled;

		if (!given)
			continue;
		scaled = (double)value * given->factor;
		wanted = fits_itself(to) ? largest_unit(kinds + k, scaled) : unit_of(kinds + k, to);
		*unit = wanted ? wanted->name : kinds[k].base_name;
		return scaled / (wanted ? wanted->factor : kinds[k].base_factor);
	}
	/* What counts things needs no unit. */
	*unit = fits_itself(to) || text_equal(to, "count") || text_equal(to, "sample") || text_equal(to, "unit") ? ""
														 : to;
	return (double)value;
}

bool unit_compatible(const char *a, const char *b)
{
	if (text_equal(a, b))
		return true;
	for (size_t k = 0; k < KIND_COUNT; k++) {
		if (unit_of(kinds + k, a) && unit_of(kinds + k, b))
			return true;
	}
	return false;
}

/* Units of anybody may hold anything; those that pawl knows need no second look. */
static bool is_plain(const char *unit)
{
	return unit[strspn(unit, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ*")] == '\0';
}

const char *unit_text(struct arena *a, int64_t value, const char *from, const char *to)
{
	const char *unit;
	char text[64];
	double scaled = unit_scale(value, from, to, &unit);
	size_t size = (size_t)snprintf(text, sizeof text, "%.2f", scaled), unit_size = strlen(unit);

	if (size >= sizeof text)
		size = sizeof text - 1;
	if (size > 3 && text_equal(text + size - 3, ".00"))
		text[size -= 3] = '\0';
	if (text_equal(text, "0") || text_equal(text, "-0"))
		return "0";
	if (!is_plain(unit) || size + unit_size >= sizeof text)
		return arena_printf(a, "%s%s", text, text_printable_copy(a, unit));
	memcpy(text + size, unit, unit_size);
	return arena_copy(a, text, size + unit_size);
}

const char *unit_percent(char out[UNIT_PERCENT_SIZE], int64_t value, int64_t total)
{
	double percent = total ? fabs((double)value / (double)total) * 100 : 0;

	if (percent >= 99.95 && percent <= 100.05)
		snprintf(out, UNIT_PERCENT_SIZE, "  100%%");
	else
		snprintf(out, UNIT_PERCENT_SIZE, percent >= 1 ? "%5.2f%%" : "%5.2g%%", percent);
	return out;
}

int64_t unit_add(int64_t a, int64_t b)
{
	return (int64_t)((uint64_t)a + (uint64_t)b);
}

int64_t unit_abs(int64_t a)
{
	return a < 0 ? (int64_t)(0 - (uint64_t)a) : a;
}

int64_t unit_divide(int64_t a, int64_t b)
{
	if (!b)
		return a;
	return b == -1 ? (int64_t)(0 - (uint64_t)a) : a / b;
}

int64_t unit_integer(double value)
{
	if (!(value > -0x1p63))
		return INT64_MIN;
	return value < 0x1p63 ? (int64_t)value : INT64_MAX;
}

void unit_pad(struct buf *out, size_t width, const char *text)
{
	size_t columns = text_columns(text);

	if (columns < width)
		buf_repeat(out, ' ', width - columns);
	buf_text(out, text);
}
