/* Numbers of up to 19 digits by whole arithmetic, all others by strtod. */
#include "base/decimal.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
	WORD_DIGITS = 19,   /* the most decimal digits that always fit 64 bits */
	LARGEST_POWER = 27, /* 5^27 is the last power of five below 2^63 */
	NUMBER_SIZE = 400,  /* no program writes a longer one */
	DOUBLE_BITS = 53,
	DOUBLE_BIAS = 1023,
};

/* The parts of a number: digits * 10^exponent. */
struct parts {
	uint64_t digits;
	int digit_count; /* without leading zeros; above WORD_DIGITS `digits` is not all of them */
	int64_t exponent;
	bool negative;
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* All eight bytes are digits: each has the high half 3, also after 6 was added. */
static bool is_eight_digits(uint64_t bytes)
{
	const uint64_t high = UINT64_C(0xF0F0F0F0F0F0F0F0), three = UINT64_C(0x3030303030303030);

	return (bytes & high) == three && ((bytes + UINT64_C(0x0606060606060606)) & high) == three;
}

/* Adds neighbours, then pairs of them, then fours; the first digit is the lowest byte. */
static uint64_t value_of_eight(uint64_t bytes)
{
	bytes = (bytes & UINT64_C(0x0F0F0F0F0F0F0F0F)) * (10 * 256 + 1) >> 8;
	bytes = (bytes & UINT64_C(0x00FF00FF00FF00FF)) * (100 * 65536 + 1) >> 16;
	return (bytes & UINT64_C(0x0000FFFF0000FFFF)) * (10000 * (UINT64_C(1) << 32) + 1) >> 32;
}

/* Eight digits at once behind the first one, while they fit. */
static const char *add_eights(const char *at, const char *end, struct parts *p)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	while (end - at >= 8 && p->digit_count > 0 && p->digit_count + 8 <= WORD_DIGITS) {
		uint64_t bytes;

		memcpy(&bytes, at, sizeof bytes);
		if (!is_eight_digits(bytes))
			break;
		p->digits = 100000000 * p->digits + value_of_eight(bytes);
		p->digit_count += 8;
		at += 8;
	}
#else
	(void)end;
	(void)p;
#endif
	return at;
}

/* Adds the digits at the start of `at`; returns how many. */
static size_t add_digits(const char *at, const char *end, struct parts *p)
{
	const char *from = at;

	for (at = add_eights(at, end, p); at < end && is_digit(*at); at++) {
		if (p->digit_count || *at != '0')
			p->digit_count++;
		if (p->digit_count <= WORD_DIGITS)
			p->digits = 10 * p->digits + (uint64_t)(*at - '0');
	}
	return (size_t)(at - from);
}

/* The exponent behind its 'e', saturated; NULL when there is none. */
static const char *take_exponent(const char *at, const char *end, int64_t *exponent)
{
	enum { SATURATED = 100000 };
	bool negative = at < end && *at == '-';
	int64_t value = 0;

	if (at < end && (*at == '-' || *at == '+'))
		at++;
	if (at == end || !is_digit(*at))
		return NULL;
	for (; at < end && is_digit(*at); at++)
		value = value < SATURATED ? 10 * value + (*at - '0') : SATURATED;
	*exponent = negative ? -value : value;
	return at;
}

static size_t take_parts(struct str text, struct parts *p)
{
	const char *at = text.at, *end = text.at + text.size;
	int64_t exponent = 0;
	size_t whole, fraction = 0;

	p->negative = at < end && *at == '-';
	at += p->negative;
	whole = add_digits(at, end, p);
	if (whole == 0 || (whole > 1 && *at == '0'))
		return 0;
	at += whole;
	if (at < end && *at == '.') {
		fraction = add_digits(at + 1, end, p);
		if (fraction == 0)
			return 0;
		at += 1 + fraction;
	}
	if (at < end && (*at == 'e' || *at == 'E')) {
		at = take_exponent(at + 1, end, &exponent);
		if (!at)
			return 0;
	}
	p->exponent = exponent - (int64_t)fraction;
	return (size_t)(at - text.at);
}

#ifdef __SIZEOF_INT128__

__extension__ typedef unsigned __int128 wide;

static uint64_t power_of_five(int64_t n)
{
	static const uint64_t small[] = {1, 5, 25, 125, 625, 3125, 15625, 78125};
	uint64_t power = 1;

	for (; n >= 8; n -= 8)
		power *= 390625;
	return power * small[n];
}

/* `bits` has its highest bit set and stands for bits * 2^exponent, and a little more where `rest` is. */
static double round_bits(uint64_t bits, bool rest, int exponent)
{
	enum { SPARE = 64 - DOUBLE_BITS };
	uint64_t kept = bits >> SPARE, cut = bits & ((UINT64_C(1) << SPARE) - 1), half = UINT64_C(1) << (SPARE - 1);

	if (cut > half || (cut == half && (rest || (kept & 1))))
		kept++;
	uint64_t power = (uint64_t)(exponent + SPARE + DOUBLE_BIAS) << (DOUBLE_BITS - 1);
	double scale;

	memcpy(&scale, &power, sizeof scale);
	return (double)kept * scale;
}

/*
 * digits * 10^exponent = digits * 5^exponent * 2^exponent: the power of five fits a word, so a product or a quotient of
 * words gives all bits that rounding needs.  The results are far from the ends of the range of a double.
 */
static double value_of(const struct parts *p)
{
	int shift = __builtin_clzll(p->digits);
	uint64_t digits = p->digits << shift, power, quotient;
	wide product;

	if (p->exponent >= 0) {
		power = power_of_five(p->exponent);
		product = (wide)digits * power;
		int up = (uint64_t)(product >> 64) ? __builtin_clzll((uint64_t)(product >> 64)) : 64;

		product <<= up;
		return round_bits((uint64_t)(product >> 64), (uint64_t)product != 0,
				  (int)p->exponent + 64 - up - shift);
	}
	power = power_of_five(-p->exponent);
	int up = __builtin_clzll(power);

	/* Both have their highest bit set, so half of the digits is below the power and the quotient fits a word. */
	power <<= up;
	product = (wide)digits << 63;
	quotient = (uint64_t)(product / power);
	bool rest = (wide)quotient * power != product;
	int low = quotient >> 63 ? 0 : 1;

	return round_bits(quotient << low, rest, (int)p->exponent - 63 + up - shift - low);
}

static bool is_small(const struct parts *p)
{
	return p->digit_count <= WORD_DIGITS && p->exponent <= LARGEST_POWER && p->exponent >= -LARGEST_POWER;
}

#else

static double value_of(const struct parts *p)
{
	return (double)p->digits;
}

static bool is_small(const struct parts *p)
{
	return p->digit_count <= 15 && p->exponent == 0;
}

#endif

/* The C library's function needs a NUL behind the number. */
static double slow_value(const char *at, size_t size)
{
	char copy[NUMBER_SIZE + 1];

	memcpy(copy, at, size);
	copy[size] = '\0';
	return strtod(copy, NULL);
}

size_t decimal_take(struct str text, double *value)
{
	struct parts p = {0};
	size_t size = take_parts(text, &p);

	if (size == 0 || size > NUMBER_SIZE)
		return 0;
	if (p.digits == 0 && p.digit_count == 0)
		*value = p.negative ? -0.0 : 0;
	else if (is_small(&p))
		*value = p.negative ? -value_of(&p) : value_of(&p);
	else
		*value = slow_value(text.at, size);
	return size;
}
