/*
 * A reader of little-endian bytes that nobody has checked: it never leaves them, and what is behind the end reads as 0.
 *
 * After the first read that did not fit, `bad` is set and the reader stands at its end, so a loop over it ends.
 */
#ifndef PAWL_SYMBOL_READER_H
#define PAWL_SYMBOL_READER_H

#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct reader {
	const unsigned char *at, *end;
	bool bad;
};

/* Reads `bytes` from `offset` on; an offset behind the end gives a bad reader. */
struct reader reader_of(struct str bytes, uint64_t offset);

/* The `size` bytes that follow, as a reader of their own; the outer one moves behind them. */
struct reader reader_part(struct reader *r, uint64_t size);

uint64_t reader_bytes(struct reader *r, unsigned size); /* a number of 1 to 8 bytes */
int64_t reader_sleb(struct reader *r);

/* The text up to a NUL, which stays where it is; "" when there is no NUL. */
const char *reader_text(struct reader *r);

void reader_skip(struct reader *r, uint64_t size);

/* DWARF's initial length (7.4): the size of what follows; `*wide` says whether offsets take 8 bytes. */
uint64_t reader_length(struct reader *r, bool *wide);

static inline size_t reader_left(const struct reader *r)
{
	return (size_t)(r->end - r->at);
}

static inline uint64_t reader_byte(struct reader *r)
{
	if (r->at == r->end) {
		r->bad = true;
		return 0;
	}
	return *r->at++;
}

/* Of more than one byte. */
uint64_t reader_long_uleb(struct reader *r);

/* DWARF 5, 7.6; bits above 64 are lost. */
static inline uint64_t reader_uleb(struct reader *r)
{
	if (r->at < r->end && *r->at < 0x80)
		return *r->at++;
	return reader_long_uleb(r);
}

#endif
