/* Numbers and texts from unchecked bytes. */
#include "symbol/reader.h"

#include <string.h>

static void reader_fail(struct reader *r)
{
	r->at = r->end;
	r->bad = true;
}

struct reader reader_of(struct str bytes, uint64_t offset)
{
	static const unsigned char nothing[1];
	const unsigned char *at = (const unsigned char *)bytes.at;

	if (!at)
		return (struct reader){nothing, nothing, true};
	if (offset > bytes.size)
		return (struct reader){at + bytes.size, at + bytes.size, true};
	return (struct reader){at + offset, at + bytes.size, false};
}

struct reader reader_part(struct reader *r, uint64_t size)
{
	struct reader part = *r;

	if (size > reader_left(r)) {
		reader_fail(r);
		part.bad = true;
	} else {
		r->at += size;
		part.end = r->at;
	}
	return part;
}

uint64_t reader_bytes(struct reader *r, unsigned size)
{
	uint64_t value = 0;

	if (size > 8 || size > reader_left(r)) {
		reader_fail(r);
		return 0;
	}
	for (unsigned i = 0; i < size; i++)
		value |= (uint64_t)r->at[i] << (8 * i);
	r->at += size;
	return value;
}

uint64_t reader_long_uleb(struct reader *r)
{
	uint64_t value = 0;

	for (unsigned shift = 0; r->at < r->end; shift += 7) {
		unsigned char byte = *r->at++;

		if (shift < 64)
			value |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	r->bad = true;
	return 0;
}

int64_t reader_sleb(struct reader *r)
{
	uint64_t value = 0;

	for (unsigned shift = 0; r->at < r->end;) {
		unsigned char byte = *r->at++;

		if (shift < 64)
			value |= (uint64_t)(byte & 0x7f) << shift;
		shift += 7;
		if (byte & 0x80)
			continue;
		if (shift < 64 && (byte & 0x40))
			value |= UINT64_MAX << shift;
		return (int64_t)value;
	}
	r->bad = true;
	return 0;
}

const char *reader_text(struct reader *r)
{
	const unsigned char *start = r->at, *nul = reader_left(r) ? memchr(r->at, 0, reader_left(r)) : NULL;

	if (!nul) {
		reader_fail(r);
		return "";
	}
	r->at = nul + 1;
	return (const char *)start;
}

void reader_skip(struct reader *r, uint64_t size)
{
	if (size > reader_left(r))
		reader_fail(r);
	else
		r->at += size;
}

uint64_t reader_length(struct reader *r, bool *wide)
{
	uint64_t length = reader_bytes(r, 4);

	*wide = length == 0xffffffff;
	if (*wide)
		return reader_bytes(r, 8);
	if (length >= 0xfffffff0) {
		reader_fail(r);
		return 0;
	}
	return length;
}
