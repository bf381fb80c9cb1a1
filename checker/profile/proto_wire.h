/*
 * The wire format of protocol buffers, field by field: for messages that are too large or too many for protobuf-c.
 *
 * Source of the format: https://protobuf.dev/programming-guides/encoding/.  Groups (wire types 3 and 4) do not occur in
 * profiles and are damage.
 */
#ifndef PAWL_PROFILE_PROTO_WIRE_H
#define PAWL_PROFILE_PROTO_WIRE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum wire_type { WIRE_VARINT = 0, WIRE_FIXED64 = 1, WIRE_BYTES = 2, WIRE_FIXED32 = 5 };

/* What is left of a message. */
struct wire {
	const unsigned char *at, *end;
};

struct wire_field {
	const unsigned char *start; /* of its tag */
	uint64_t number;
	enum wire_type type;
	uint64_t value;   /* of a varint */
	struct wire body; /* of WIRE_BYTES */
};

enum wire_result { WIRE_FIELD, WIRE_END, WIRE_DAMAGED };

/* Varints have at most 10 bytes; bits above the 64th are dropped. */
static inline bool wire_varint(struct wire *w, uint64_t *value)
{
	uint64_t v = 0;

	for (unsigned shift = 0; shift < 70 && w->at < w->end; shift += 7) {
		unsigned char byte = *w->at++;

		v |= (uint64_t)(byte & 0x7f) << shift;
		if (byte < 0x80) {
			*value = v;
			return true;
		}
	}
	return false;
}

/* The next field.  Of a damaged one `start` is valid, and `*what`, which may be NULL, says what is wrong. */
static inline enum wire_result wire_next(struct wire *w, struct wire_field *f, const char **what)
{
	uint64_t tag, size;
	const char *wrong = "a number is cut off or longer than 10 bytes";

	*f = (struct wire_field){.start = w->at};
	if (w->at == w->end)
		return WIRE_END;
	if (!wire_varint(w, &tag))
		goto damaged;
	f->number = tag >> 3;
	f->type = (enum wire_type)(tag & 7);
	wrong = "a field has the number 0";
	if (!f->number)
		goto damaged;
	switch (f->type) {
	case WIRE_VARINT:
		wrong = "a number is cut off or longer than 10 bytes";
		if (!wire_varint(w, &f->value))
			goto damaged;
		return WIRE_FIELD;
	case WIRE_BYTES:
		wrong = "a field is longer than what is left";
		if (!wire_varint(w, &size) || size > (size_t)(w->end - w->at))
			goto damaged;
		f->body = (struct wire){w->at, w->at + size};
		w->at += size;
		return WIRE_FIELD;
	case WIRE_FIXED64:
	case WIRE_FIXED32:
		size = f->type == WIRE_FIXED64 ? 8 : 4;
		wrong = "a field is longer than what is left";
		if (size > (size_t)(w->end - w->at))
			goto damaged;
		w->at += size;
		return WIRE_FIELD;
	}
	wrong = "a field is of a kind that there is not";
damaged:
	if (what)
		*what = wrong;
	return WIRE_DAMAGED;
}

#endif
