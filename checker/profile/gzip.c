/* gzip members in and out. */
#include "profile/gzip.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

enum {
	GZIP_WINDOW = 15 + 16, /* the largest window; + 16: the gzip format and no other (zlib.h) */
	PIECE = 1 << 30,       /* zlib counts in unsigned int */
	DEFLATE_RATIO = 1032,  /* no byte of deflate becomes more than that (zlib's technical details) */
};

struct expansion {
	z_stream z;
	struct str bytes;
	unsigned char *to; /* NULL: bytes are counted and thrown away */
	size_t room, size; /* of what comes out */
	const char *what;  /* is wrong; NULL: nothing */
	bool overflown;    /* more than `room` bytes come out */
};

static void *allocate(void *arena, unsigned count, unsigned size)
{
	return arena_array(arena, count, size);
}

static void give_back(void *arena, void *at)
{
	(void)arena;
	(void)at;
}

/* zlib's own memory comes from the arena, too. */
static z_stream stream_in(struct arena *a)
{
	return (z_stream){.zalloc = allocate, .zfree = give_back, .opaque = a};
}

bool gzip_is(struct str bytes)
{
	return bytes.size >= 2 && (unsigned char)bytes.at[0] == 0x1f && (unsigned char)bytes.at[1] == 0x8b;
}

static size_t bytes_read(const struct expansion *x)
{
	return (size_t)((const char *)x->z.next_in - x->bytes.at);
}

/* Gives zlib the next piece of both sides.  What came out since the last time is counted. */
static void feed(struct expansion *x, unsigned char *discarded, size_t discarded_size)
{
	size_t left = x->bytes.size - bytes_read(x), room = x->room - x->size;

	x->z.avail_in = (unsigned)(left < PIECE ? left : PIECE);
	if (x->to) {
		x->z.next_out = x->to + x->size;
		x->z.avail_out = (unsigned)(room < PIECE ? room : PIECE);
	} else {
		x->z.next_out = discarded;
		x->z.avail_out = (unsigned)(room < discarded_size ? room : discarded_size);
	}
}

/* One call of inflate; true when the last member has ended. */
static bool step(struct expansion *x)
{
	unsigned char discarded[1 << 15], one_more;
	unsigned given;
	bool full;
	int status;

	feed(x, discarded, sizeof discarded);
	full = x->z.avail_out == 0;
	/* With no room left only the end of the member may still come: a byte shows that it is not the end. */
	if (full) {
		x->z.next_out = &one_more;
		x->z.avail_out = 1;
	}
	given = x->z.avail_out;
	status = inflate(&x->z, Z_NO_FLUSH);
	if (full && x->z.avail_out == 0) {
		x->overflown = true;
		return false;
	}
	if (!full)
		x->size += given - x->z.avail_out;
	if (status == Z_STREAM_END) {
		if (bytes_read(x) == x->bytes.size)
			return true;
		if (!gzip_is((struct str){x->bytes.at + bytes_read(x), x->bytes.size - bytes_read(x)}))
			x->what = "something that is not gzip follows the compressed profile";
		else
			inflateReset(&x->z);
	} else if (status == Z_BUF_ERROR || (status == Z_OK && bytes_read(x) == x->bytes.size && x->z.avail_out)) {
		x->what = "the compressed profile is cut off here";
	} else if (status != Z_OK) {
		x->what = x->z.msg ? x->z.msg : "damaged";
	}
	return false;
}

/* Expands into `to`, or counts what would come out. */
static void expand(struct expansion *x, struct arena *a, struct str bytes, unsigned char *to, size_t room)
{
	struct arena *scratch = arena_open_child(a);
	int status;

	*x = (struct expansion){.bytes = bytes, .to = to, .room = room, .z = stream_in(scratch)};
	x->z.next_in = (const unsigned char *)bytes.at;
	status = inflateInit2(&x->z, GZIP_WINDOW);
	assert(status == Z_OK);
	(void)status;
	while (!step(x) && !x->what && !x->overflown)
		;
	inflateEnd(&x->z);
	arena_close(scratch);
}

/* What the last four bytes say of the size of the last member, modulo 2^32; a wish, nothing to rely on. */
static size_t told_size(struct str bytes, size_t limit)
{
	const unsigned char *at = (const unsigned char *)bytes.at + bytes.size;
	uint64_t size;

	if (bytes.size < 18) /* a header and a trailer */
		return 0;
	size = (uint64_t)at[-4] | (uint64_t)at[-3] << 8 | (uint64_t)at[-2] << 16 | (uint64_t)at[-1] << 24;
	if (size > limit || size / DEFLATE_RATIO > bytes.size)
		return 0;
	return (size_t)size;
}

bool gzip_expand(struct arena *a, const char *path, struct str bytes, size_t limit, struct str *out, struct err *err)
{
	struct arena_mark mark = arena_mark(a);
	size_t room = told_size(bytes, limit);
	unsigned char *to = arena_alloc(a, room + 1);
	struct expansion x;

	assert(gzip_is(bytes));
	expand(&x, a, bytes, to, room);
	if (x.overflown) {
		arena_reset(a, mark);
		expand(&x, a, bytes, NULL, limit);
		if (x.overflown)
			return err_set(err,
				       "%s: expands to more than %zu bytes; if that is meant, expand it yourself (gzip "
				       "-dc) and give a part of it",
				       path, limit);
		if (!x.what) {
			to = arena_alloc(a, x.size + 1);
			expand(&x, a, bytes, to, x.size);
		}
	}
	if (x.what)
		return err_set(err, "%s: byte %zu of the gzip file: %s", path, bytes_read(&x), x.what);
	*out = (struct str){(const char *)to, x.size};
	return true;
}

static void deflate_all(struct gzip_packer *g, struct str bytes, int flush)
{
	int status;

	g->z.next_in = (const unsigned char *)bytes.at;
	g->z.avail_in = (unsigned)bytes.size;
	do {
		unsigned char packed[1 << 14];

		g->z.next_out = packed;
		g->z.avail_out = sizeof packed;
		status = deflate(&g->z, flush);
		buf_bytes(g->out, (const char *)packed, sizeof packed - g->z.avail_out);
	} while (g->z.avail_out == 0 || (flush == Z_FINISH && status != Z_STREAM_END));
}

void gzip_open(struct gzip_packer *g, struct arena *a, struct buf *out)
{
	enum { LEVEL = 6, MEMORY = 8, UNKNOWN_SYSTEM = 255 }; /* zlib's own; RFC 1952: 255 is an unknown system */
	int status;

	*g = (struct gzip_packer){.out = out, .header.os = UNKNOWN_SYSTEM, .z = stream_in(a)};
	status = deflateInit2(&g->z, LEVEL, Z_DEFLATED, GZIP_WINDOW, MEMORY, Z_DEFAULT_STRATEGY);
	assert(status == Z_OK);
	(void)status;
	deflateSetHeader(&g->z, &g->header);
}

void gzip_add(struct gzip_packer *g, struct str bytes)
{
	/* Small fields are gathered, so that zlib is not called for each. */
	if (bytes.size > sizeof g->piece - g->waiting) {
		deflate_all(g, (struct str){g->piece, g->waiting}, Z_NO_FLUSH);
		g->waiting = 0;
	}
	while (bytes.size > sizeof g->piece) {
		size_t size = bytes.size < PIECE ? bytes.size : PIECE;

		deflate_all(g, (struct str){bytes.at, size}, Z_NO_FLUSH);
		bytes = (struct str){bytes.at + size, bytes.size - size};
	}
	memcpy(g->piece + g->waiting, bytes.at, bytes.size);
	g->waiting += bytes.size;
}

void gzip_close(struct gzip_packer *g)
{
	deflate_all(g, (struct str){g->piece, g->waiting}, Z_FINISH);
	deflateEnd(&g->z);
}
