/*
 * Mending of tokens.
 */
#include "input/mend.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

/* Longer numbers are rounded first: cJSON reads at most 63 bytes of a number. */
enum { PLAIN_NUMBER_SIZE = 60 };

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD in UTF-8 */

static void add(struct buf *copy, const char *at, size_t size)
{
	if (copy)
		buf_bytes(copy, at, size);
}

static void add_text(struct buf *copy, const char *text)
{
	add(copy, text, strlen(text));
}

/* The value of four hexadecimal digits, or -1. */
static int hex4(const char *at, size_t size)
{
	int value = 0;

	if (size < 4)
		return -1;
	for (size_t i = 0; i < 4; i++) {
		int c = tolower((unsigned char)at[i]);

		if (!isxdigit(c))
			return -1;
		value = value * 16 + (isdigit(c) ? c - '0' : c - 'a' + 10);
	}
	return value;
}

/* The escape at s->at, which is a backslash. */
static bool mend_escape(struct scan *s, struct buf *copy, struct err *err)
{
	const char *at = s->text.at + s->at;
	size_t left = s->text.size - s->at;

	if (left < 2) {
		s->at = s->text.size;
		return scan_fail_cut(s, err);
	}
	if (at[1] && strchr("\"\\/bfnrt", at[1])) {
		add(copy, at, 2);
		s->at += 2;
		return true;
	}
	int unit = at[1] == 'u' ? hex4(at + 2, left - 2) : -1;
	if (unit < 0) {
		add_text(copy, "\\\\");
		s->at++;
		return true;
	}
	bool high = unit >= 0xD800 && unit < 0xDC00, low = unit >= 0xDC00 && unit < 0xE000;
	if (high && left >= 12 && at[6] == '\\' && at[7] == 'u') {
		int second = hex4(at + 8, left - 8);

		if (second >= 0xDC00 && second < 0xE000) {
			add(copy, at, 12);
			s->at += 12;
			return true;
		}
	}
	if (unit == 0 || high || low)
		add_text(copy, replacement);
	else
		add(copy, at, 6);
	s->at += 6;
	return true;
}

static size_t plain_run(const char *at, size_t size)
{
	size_t n = 0;

	while (n < size && (unsigned char)at[n] - 1u < 0x7F && at[n] != '"' && at[n] != '\\')
		n++;
	return n;
}

bool mend_string(struct scan *s, struct buf *copy, struct err *err)
{
	add(copy, "\"", 1);
	s->at++;
	for (;;) {
		const char *at = s->text.at + s->at;
		size_t left = s->text.size - s->at;
		size_t run = plain_run(at, left);

		add(copy, at, run);
		s->at += run;
		at += run;
		left -= run;
		if (left == 0)
			return scan_fail_cut(s, err);
		if (*at == '"')
			break;
		if (*at == '\\') {
			if (!mend_escape(s, copy, err))
				return false;
			continue;
		}
		size_t length = *at ? text_utf8_length(at, left) : 0;
		if (length)
			add(copy, at, length);
		else
			add_text(copy, replacement);
		s->at += length ? length : 1;
	}
	add(copy, "\"", 1);
	s->at++;
	return true;
}

static size_t digits_at(struct str t, size_t from)
{
	size_t n = 0;

	while (from + n < t.size && isdigit((unsigned char)t.at[from + n]))
		n++;
	return n;
}

/* A number as RFC 8259 (section 6) has it. */
static bool is_number(struct str t)
{
	size_t at = t.size > 0 && t.at[0] == '-';
	size_t digits = digits_at(t, at);

	if (digits == 0 || (digits > 1 && t.at[at] == '0'))
		return false;
	at += digits;
	if (at < t.size && t.at[at] == '.') {
		digits = digits_at(t, at + 1);
		if (digits == 0)
			return false;
		at += 1 + digits;
	}
	if (at < t.size && (t.at[at] == 'e' || t.at[at] == 'E')) {
		at++;
		at += at < t.size && (t.at[at] == '+' || t.at[at] == '-');
		digits = digits_at(t, at);
		if (digits == 0)
			return false;
		at += digits;
	}
	return at == t.size;
}

static void add_number(struct buf *copy, struct str t)
{
	char shortest[TEXT_DOUBLE_SIZE];
	double value;

	if (t.size <= PLAIN_NUMBER_SIZE)
		add(copy, t.at, t.size);
	else if (text_parse_double(t, &value))
		add_text(copy, text_double(shortest, value));
	else
		add_text(copy, "1e999"); /* infinite for every reader */
}

/* Digits in groups of three: 1,000 or 24.225.000. */
static bool mend_groups(struct buf *copy, struct str t, char mark)
{
	char digits[PLAIN_NUMBER_SIZE];
	size_t size = 0, at = t.size > 0 && t.at[0] == '-', first = digits_at(t, at);

	if (first == 0 || first > 3 || at + first == t.size || t.size > sizeof digits)
		return false;
	memcpy(digits, t.at, at + first);
	size = at + first;
	for (at += first; at < t.size; at += 4, size += 3) {
		if (t.at[at] != mark || digits_at(t, at + 1) != 3)
			return false;
		memcpy(digits + size, t.at + at + 1, 3);
	}
	if (!is_number((struct str){digits, size}))
		return false;
	add(copy, digits, size);
	return true;
}

/* 4,5996e+02: google-benchmark writes every fraction with an exponent and no integer with one. */
static bool mend_comma(struct buf *copy, struct str t)
{
	char number[PLAIN_NUMBER_SIZE];
	const char *comma = memchr(t.at, ',', t.size);

	if (!comma || t.size > sizeof number || !(memchr(t.at, 'e', t.size) || memchr(t.at, 'E', t.size)))
		return false;
	memcpy(number, t.at, t.size);
	number[comma - t.at] = '.';
	if (!is_number((struct str){number, t.size}))
		return false;
	add(copy, number, t.size);
	return true;
}

/* nan, -nan(ind), inf, Infinity, and 1.#INF, -1.#IND of the Microsoft C library. */
static const char *infinite_name(struct str t)
{
	bool negative = t.size > 0 && t.at[0] == '-';
	size_t sign = t.size > 0 && (t.at[0] == '-' || t.at[0] == '+');
	const char *at = t.at + sign;
	size_t size = t.size - sign;

	if ((size == 3 && strncasecmp(at, "inf", 3) == 0) || (size == 8 && strncasecmp(at, "infinity", 8) == 0) ||
	    (size >= 6 && memcmp(at, "1.#INF", 6) == 0))
		return negative ? "\"-Infinity\"" : "\"Infinity\"";
	if ((size == 3 && strncasecmp(at, "nan", 3) == 0) || (size > 4 && strncasecmp(at, "nan(", 4) == 0) ||
	    (size > 3 && memcmp(at, "1.#", 3) == 0))
		return "\"NaN\"";
	return NULL;
}

static size_t token_size(const struct scan *s, bool in_object)
{
	const char *at = s->text.at + s->at;
	size_t size = 0, left = s->text.size - s->at;

	for (; size < left; size++) {
		if (memchr(" \t\r\n:[]{}\"", at[size], sizeof " \t\r\n:[]{}\""))
			break;
		/* Behind the comma of an object comes a quote, never a digit. */
		if (at[size] == ',' && !(in_object && size > 0 && isdigit((unsigned char)at[size - 1]) &&
					 size + 1 < left && isdigit((unsigned char)at[size + 1])))
			break;
	}
	return size;
}

bool mend_scalar(struct scan *s, struct buf *copy, struct str key, struct err *err)
{
	struct str t = {s->text.at + s->at, token_size(s, key.at != NULL)};
	const char *infinite = infinite_name(t);
	struct str number = t;

	if (t.size > 0 && s->at + t.size == s->text.size) {
		s->at = s->text.size;
		return scan_fail_cut(s, err);
	}
	if (number.size > 0 && number.at[number.size - 1] == '%')
		number.size--;
	/* An integer: what looks like three decimals is a group of digits (1.000 in German). */
	if (str_equal(key, "iterations") && mend_groups(copy, t, '.'))
		;
	else if (is_number(number))
		add_number(copy, number);
	else if (str_equal(t, "true") || str_equal(t, "false") || str_equal(t, "null"))
		add(copy, t.at, t.size);
	else if (infinite)
		add_text(copy, infinite);
	else if (!mend_groups(copy, t, ',') && !mend_comma(copy, t) && !mend_groups(copy, t, '.'))
		return scan_fail_unexpected(s, s->at, "a value", err);
	s->at += t.size;
	return true;
}
