/*
 * profile.proto, the format of pprof: the outer message, in two passes.
 *
 * Fields come in any order (Go writes its strings last), so the first pass checks, counts and remembers where things are;
 * the second resolves them: tables, then samples.
 */
#include "profile/profile.h"
#include "profile/proto_read.h"
#include "profile/proto_write.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* The outer message; a field that is not repeated may stand once, or two profiles were put into one file. */
static const struct {
	const char *name;
	enum wire_type type;
	bool repeated;
} fields[PROTO_FIELD_COUNT] = {
	[PROTO_TYPE] = {"sample_type", WIRE_BYTES, true},
	[PROTO_SAMPLE] = {"sample", WIRE_BYTES, true},
	[PROTO_MAPPING] = {"mapping", WIRE_BYTES, true},
	[PROTO_LOCATION] = {"location", WIRE_BYTES, true},
	[PROTO_FUNCTION] = {"function", WIRE_BYTES, true},
	[PROTO_STRING] = {"string_table", WIRE_BYTES, true},
	[PROTO_DROP_FRAMES] = {"drop_frames", WIRE_VARINT, false},
	[PROTO_KEEP_FRAMES] = {"keep_frames", WIRE_VARINT, false},
	[PROTO_TIME] = {"time_nanos", WIRE_VARINT, false},
	[PROTO_DURATION] = {"duration_nanos", WIRE_VARINT, false},
	[PROTO_PERIOD_TYPE] = {"period_type", WIRE_BYTES, false},
	[PROTO_PERIOD] = {"period", WIRE_VARINT, false},
	[PROTO_COMMENT] = {"comment", WIRE_VARINT, true}, /* packed, too */
	[PROTO_DEFAULT_TYPE] = {"default_sample_type", WIRE_VARINT, false},
	[PROTO_DOC_URL] = {"doc_url", WIRE_VARINT, false},
};

/*
 * An honest profile takes three times the memory of its bytes; one that is made of nothing but the smallest fields takes
 * thirty times as much, and is refused before it does.
 */
static const unsigned MEMORY_LIMIT = 2U << 30;

/* Lists that grow leave smaller copies of themselves behind. */
enum { GROWING = 4 };

/* What stands once, and comments, which are few: kept by the first pass for the second. */
struct scalars {
	struct wire_field last[PROTO_FIELD_COUNT]; /* start is NULL: none */
	int64_t *comments;
	size_t comment_count, comment_capacity;
};

bool proto_fail(struct proto_reader *r, const unsigned char *at, const char *format, ...)
{
	char what[512];
	va_list args;

	va_start(args, format);
	vsnprintf(what, sizeof what, format, args);
	va_end(args);
	return err_set(r->err, "%s: byte %zu: %s", r->path, (size_t)(at - (const unsigned char *)r->bytes.at), what);
}

bool proto_fail_field(struct proto_reader *r, const struct wire_field *f, const char *of, const char *what)
{
	if (what)
		return proto_fail(r, f->start, "%s, in a %s: the file is cut off or damaged", what, of);
	return proto_fail(r, f->start, "field %" PRIu64 " of a %s is of wire type %d, which it cannot be", f->number,
			  of, (int)f->type);
}

bool proto_string(struct proto_reader *r, const unsigned char *at, const char *of, int64_t index, uint32_t *out)
{
	if (index < 0 || (uint64_t)index >= r->string_count)
		return proto_fail(r, at, "a %s has the string %" PRId64 ", the file has %zu", of, index,
				  r->string_count);
	if (!r->string_ids[index])
		r->string_ids[index] = profile_string(r->out, r->strings[index]) + 1;
	*out = r->string_ids[index] - 1;
	return true;
}

void *proto_unpack(struct proto_reader *r, const ProtobufCMessageDescriptor *kind, struct wire body,
		   const unsigned char *at, const char *of)
{
	enum { MOST = 1 << 16 }; /* a hundred times what they need; protobuf-c keeps each field it does not know */
	void *message = NULL;

	arena_reset(r->message, r->empty);
	if (body.end - body.at > MOST) {
		proto_fail(r, at, "a %s of %zu bytes, more than any needs", of, (size_t)(body.end - body.at));
		return NULL;
	}
	message = protobuf_c_message_unpack(kind, &r->allocator, (size_t)(body.end - body.at), body.at);
	if (!message)
		proto_fail(r, at, "a %s is damaged", of);
	return message;
}

static void *allocate(void *arena, size_t size)
{
	return arena_alloc(arena, size);
}

static void give_back(void *arena, void *at)
{
	(void)arena;
	(void)at;
}

static void remember(struct proto_reader *r, struct proto_places *places, const struct wire_field *f)
{
	places->at = arena_reserve(r->scratch, places->at, places->count, &places->capacity, sizeof *places->at);
	places->at[places->count++] = (uint32_t)(f->start - (const unsigned char *)r->bytes.at);
	r->needed += GROWING * sizeof *places->at + PROTO_ID_BYTES;
}

static bool keep_string(struct proto_reader *r, const struct wire_field *f)
{
	struct str text = {(const char *)f->body.at, (size_t)(f->body.end - f->body.at)};

	if (!r->string_count && text.size)
		return proto_fail(r, f->start, "the first string is not empty");
	if (r->string_count >= UINT32_MAX / 2)
		return proto_fail(r, f->start, "more strings than pawl can tell apart");
	r->strings = arena_reserve(r->scratch, r->strings, r->string_count, &r->string_capacity, sizeof *r->strings);
	r->strings[r->string_count++] = text;
	r->needed += GROWING * sizeof *r->strings + sizeof *r->string_ids;
	return true;
}

static void keep_comment(struct proto_reader *r, struct scalars *s, uint64_t index)
{
	s->comments =
		arena_reserve(r->scratch, s->comments, s->comment_count, &s->comment_capacity, sizeof *s->comments);
	s->comments[s->comment_count++] = (int64_t)index;
	r->needed += GROWING * (sizeof *s->comments + sizeof *r->out->comments);
}

static bool keep_comments(struct proto_reader *r, struct scalars *s, const struct wire_field *f)
{
	struct wire packed = f->body;
	uint64_t index;

	if (!s->last[PROTO_COMMENT].start)
		s->last[PROTO_COMMENT] = *f;
	if (f->type == WIRE_VARINT) {
		keep_comment(r, s, f->value);
		return true;
	}
	while (packed.at < packed.end && r->needed <= MEMORY_LIMIT) {
		if (!wire_varint(&packed, &index))
			return proto_fail_field(r, f, "comment", "a number is cut off or longer than 10 bytes");
		keep_comment(r, s, index);
	}
	return true;
}

static bool keep_field(struct proto_reader *r, struct scalars *s, const struct wire_field *f)
{
	switch (f->number) {
	case PROTO_TYPE:
		remember(r, &r->types, f);
		r->needed += GROWING * sizeof *r->out->types;
		return true;
	case PROTO_SAMPLE:
		return proto_count_sample(r, f->body);
	case PROTO_MAPPING:
		remember(r, &r->mappings, f);
		r->needed += GROWING * sizeof *r->out->mappings;
		return true;
	case PROTO_LOCATION:
		remember(r, &r->locations, f);
		r->needed += sizeof *r->out->locations;
		return proto_count_location(r, f->body);
	case PROTO_FUNCTION:
		remember(r, &r->functions, f);
		r->needed += sizeof *r->out->functions;
		return true;
	case PROTO_STRING:
		return keep_string(r, f);
	case PROTO_COMMENT:
		return keep_comments(r, s, f);
	default:
		if (s->last[f->number].start)
			return proto_fail(r, f->start, "%s stands there twice: two profiles in one file?",
					  fields[f->number].name);
		s->last[f->number] = *f;
		return true;
	}
}

static bool type_is_right(const struct wire_field *f)
{
	return f->type == fields[f->number].type || (f->number == PROTO_COMMENT && f->type == WIRE_BYTES);
}

static bool scan(struct proto_reader *r, struct scalars *s)
{
	const unsigned char *start = (const unsigned char *)r->bytes.at;
	struct wire rest = {start, start + r->bytes.size};
	struct wire_field f;
	enum wire_result result;
	const char *what = NULL;

	if (r->bytes.size > UINT32_MAX)
		return err_set(r->err, "%s: a profile of more than 4 GiB", r->path);
	while ((result = wire_next(&rest, &f, &what)) == WIRE_FIELD) {
		if (f.number >= PROTO_FIELD_COUNT)
			continue;
		if (!type_is_right(&f))
			return proto_fail_field(r, &f, "profile", NULL);
		if (!keep_field(r, s, &f))
			return false;
		if (r->needed > MEMORY_LIMIT)
			return proto_fail(r, f.start, "what stands before would take more than %u MB of memory",
					  MEMORY_LIMIT / 1000000);
	}
	if (result == WIRE_DAMAGED)
		return proto_fail_field(r, &f, "profile", what);
	if (!r->string_count)
		return err_set(r->err, "%s: has no strings, so it is no profile or a part of one", r->path);
	return true;
}

static bool set_scalars(struct proto_reader *r, const struct scalars *s)
{
	const struct {
		int field;
		uint32_t *to;
	} strings[] = {
		{PROTO_DROP_FRAMES, &r->out->drop_frames},
		{PROTO_KEEP_FRAMES, &r->out->keep_frames},
		{PROTO_DEFAULT_TYPE, &r->out->default_type},
		{PROTO_DOC_URL, &r->out->doc_url},
	};
	const struct wire_field *period_type = s->last + PROTO_PERIOD_TYPE;

	r->out->time_ns = (int64_t)s->last[PROTO_TIME].value;
	r->out->duration_ns = (int64_t)s->last[PROTO_DURATION].value;
	r->out->period = (int64_t)s->last[PROTO_PERIOD].value;
	if (period_type->start && !proto_read_type(r, period_type, &r->out->period_type))
		return false;
	for (size_t i = 0; i < sizeof strings / sizeof *strings; i++) {
		const struct wire_field *f = s->last + strings[i].field;

		if (f->start && !proto_string(r, f->start, fields[f->number].name, (int64_t)f->value, strings[i].to))
			return false;
	}
	for (size_t i = 0; i < s->comment_count; i++) {
		uint32_t comment;

		if (!proto_string(r, s->last[PROTO_COMMENT].start, "comment", s->comments[i], &comment))
			return false;
		profile_add_comment(r->out, comment);
	}
	return true;
}

static bool read_all(struct proto_reader *r)
{
	struct scalars s = {0};

	if (!scan(r, &s))
		return false;
	if (!r->types.count)
		return err_set(r->err, "%s: has no sample types%s", r->path,
			       r->sample_count ? ", so its values mean nothing" : " and no samples");
	r->string_ids = NEW_ARRAY(r->scratch, uint32_t, r->string_count);
	profile_reserve_tables(r->out, r->functions.count, r->locations.count, r->line_count);
	if (!set_scalars(r, &s) || !proto_read_tables(r))
		return false;
	profile_reserve(r->out, r->sample_count, r->frame_count);
	return proto_read_samples(r);
}

static bool read_proto(struct arena *a, const char *path, struct str bytes, struct profile *out, struct err *err)
{
	struct arena *scratch = arena_open_child(a);
	struct proto_reader r = {.scratch = scratch, .path = path, .bytes = bytes, .out = out, .err = err};
	bool ok;

	r.message = arena_open_child(scratch);
	/* A byte holds the first chunk back from being freed and allocated for every message. */
	arena_alloc(r.message, 1);
	r.empty = arena_mark(r.message);
	r.allocator = (ProtobufCAllocator){allocate, give_back, r.message};
	ok = read_all(&r);
	arena_close(scratch);
	return ok;
}

/* Text of other formats may begin like a field or two, but it has no control characters; a message has them at once. */
static bool has_control(struct str bytes)
{
	enum { HEAD = 512 };

	for (size_t i = 0; i < bytes.size && i < HEAD; i++) {
		if ((unsigned char)bytes.at[i] < ' ' && !strchr("\t\n\r\f", bytes.at[i]))
			return true;
		if (!bytes.at[i])
			return true;
	}
	return false;
}

/* The first fields are those of a profile.  A damaged one is its reader's to describe. */
static bool sniff_proto(struct str bytes)
{
	enum { FIELDS = 16 };
	const unsigned char *start = (const unsigned char *)bytes.at;
	struct wire rest = {start, start + bytes.size};
	struct wire_field f;
	size_t known = 0;

	if (!has_control(bytes))
		return false;
	for (int i = 0; i < FIELDS && wire_next(&rest, &f, NULL) == WIRE_FIELD; i++) {
		if (f.number >= PROTO_FIELD_COUNT)
			continue;
		if (!type_is_right(&f))
			break;
		known++;
	}
	return known > 0;
}

const struct profile_format profile_format_proto = {
	.name = "proto",
	.help = "profile.proto, what Go and pprof write, compressed or not",
	.sniff = sniff_proto,
	.read = read_proto,
	.write = proto_write,
};
