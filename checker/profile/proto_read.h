/*
 * What the parts of the reader of profile.proto share: the file, what the first pass found in it, and the lists of ids.
 */
#ifndef PAWL_PROFILE_PROTO_READ_H
#define PAWL_PROFILE_PROTO_READ_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "model/profile.h"
#include "profile/proto_ids.h"
#include "profile/proto_wire.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fields of the outer message, by number. */
enum {
	PROTO_TYPE = 1,
	PROTO_SAMPLE,
	PROTO_MAPPING,
	PROTO_LOCATION,
	PROTO_FUNCTION,
	PROTO_STRING,
	PROTO_DROP_FRAMES,
	PROTO_KEEP_FRAMES,
	PROTO_TIME,
	PROTO_DURATION,
	PROTO_PERIOD_TYPE,
	PROTO_PERIOD,
	PROTO_COMMENT,
	PROTO_DEFAULT_TYPE,
	PROTO_DOC_URL,
	PROTO_FIELD_COUNT
};

/* Where the fields of one kind begin, counted from the start of the file. */
struct proto_places {
	uint32_t *at;
	size_t count, capacity;
};

struct proto_reader {
	struct arena *scratch; /* given back at the end */
	struct arena *message; /* of protobuf-c, emptied after each message */
	struct arena_mark empty;
	ProtobufCAllocator allocator;
	const char *path;
	struct str bytes;
	struct profile *out;
	struct err *err;

	struct proto_places types, mappings, functions, locations;
	struct str *strings;
	uint32_t *string_ids; /* of strings that were asked for: the profile's index + 1 */
	size_t string_count, string_capacity;
	size_t deepest;                               /* frames of a sample, at most */
	size_t sample_count, frame_count, line_count; /* of the first pass; frames before equal stacks are one */
	uint64_t needed;                              /* bytes of memory, about; of the first pass */
	struct proto_ids mapping_ids, function_ids, location_ids;
};

/* "PATH: byte N: ...", N being where `at` is.  Always false. */
bool proto_fail(struct proto_reader *r, const unsigned char *at, const char *format, ...) PRINTF_LIKE(3, 4);

/* The same for a field that is damaged or of another kind than it must be. */
bool proto_fail_field(struct proto_reader *r, const struct wire_field *f, const char *of, const char *what);

/* The profile's index of a string of the file; fails when there is none, naming what `at` begins. */
bool proto_string(struct proto_reader *r, const unsigned char *at, const char *of, int64_t index,
		  uint32_t *out) MUST_CHECK;

/* A small message by protobuf-c; it is valid until the next one.  NULL, and the error is set, when it is damaged. */
void *proto_unpack(struct proto_reader *r, const ProtobufCMessageDescriptor *kind, struct wire body,
		   const unsigned char *at, const char *of);

/* A value type, of samples or of the period. */
bool proto_read_type(struct proto_reader *r, const struct wire_field *f, struct profile_type *out) MUST_CHECK;

/* Value types, mappings, functions and locations, in this order; everything but samples. */
bool proto_read_tables(struct proto_reader *r) MUST_CHECK;

/* The samples, when the tables are there. */
bool proto_read_samples(struct proto_reader *r) MUST_CHECK;

/* Adds what a sample holds to the counts of the first pass. */
bool proto_count_sample(struct proto_reader *r, struct wire body) MUST_CHECK;

/* The same of a location. */
bool proto_count_location(struct proto_reader *r, struct wire body) MUST_CHECK;

#endif
