/* Samples of a profile.proto file: most of its bytes, so walked by hand. */
#include "profile/proto_read.h"

#include <inttypes.h>
#include <profile.pb-c.h>

enum { SAMPLE_LOCATION = 1, SAMPLE_VALUE, SAMPLE_LABEL };

enum { SAMPLE_BYTES = 32 }; /* its two indices, its stack and the slot in the index of stacks */

/* The sample that is being read; the lists are kept from one to the next. */
struct sample {
	uint32_t *frames; /* room for the deepest stack */
	size_t frame_count;
	int64_t *values;
	size_t value_count; /* may be above what `values` holds */
	struct profile_label *labels;
	size_t label_count, label_capacity;
};

static bool field_is_right(const struct wire_field *f)
{
	if (f->number == SAMPLE_LABEL)
		return f->type == WIRE_BYTES;
	return f->number > SAMPLE_LABEL || f->type == WIRE_VARINT || f->type == WIRE_BYTES;
}

/* Varints end with a byte below 0x80. */
static size_t count_varints(struct wire w)
{
	size_t count = 0;

	for (; w.at < w.end; w.at++)
		count += *w.at < 0x80;
	return count;
}

bool proto_count_sample(struct proto_reader *r, struct wire body)
{
	struct wire_field f;
	enum wire_result result;
	const char *what = NULL;
	size_t frames = 0, values = 0, labels = 0;

	while ((result = wire_next(&body, &f, &what)) == WIRE_FIELD) {
		if (!field_is_right(&f))
			return proto_fail_field(r, &f, "sample", NULL);
		if (f.number == SAMPLE_LOCATION)
			frames += f.type == WIRE_BYTES ? count_varints(f.body) : 1;
		else if (f.number == SAMPLE_VALUE)
			values += f.type == WIRE_BYTES ? count_varints(f.body) : 1;
		labels += f.number == SAMPLE_LABEL;
	}
	r->sample_count++;
	r->frame_count += frames;
	if (frames > r->deepest)
		r->deepest = frames;
	/* Frames stand in the sample that is read and in its stack.  Labels: the same, both lists growing. */
	r->needed += SAMPLE_BYTES + frames * 2 * sizeof *r->out->frames + values * sizeof *r->out->values +
		     labels * 4 * sizeof *r->out->labels;
	return result == WIRE_END || proto_fail_field(r, &f, "sample", what);
}

static bool add_frame(struct proto_reader *r, struct sample *s, uint64_t id, const unsigned char *at)
{
	uint32_t location = proto_ids_find(&r->location_ids, id);

	if (location == PROFILE_NONE)
		return proto_fail(r, at, "a sample has the location %" PRIu64 ", which is not in the file", id);
	s->frames[s->frame_count++] = location;
	return true;
}

static bool add_frames(struct proto_reader *r, struct sample *s, const struct wire_field *f)
{
	struct wire packed = f->body;
	uint64_t id;

	if (f->type == WIRE_VARINT)
		return add_frame(r, s, f->value, f->start);
	while (packed.at < packed.end) {
		if (!wire_varint(&packed, &id))
			return proto_fail_field(r, f, "sample", "a location id is cut off or longer than 10 bytes");
		if (!add_frame(r, s, id, f->start))
			return false;
	}
	return true;
}

static void add_value(const struct proto_reader *r, struct sample *s, uint64_t value)
{
	if (s->value_count < r->out->type_count)
		s->values[s->value_count] = (int64_t)value;
	s->value_count++;
}

static bool add_values(struct proto_reader *r, struct sample *s, const struct wire_field *f)
{
	struct wire packed = f->body;
	uint64_t value;

	if (f->type == WIRE_VARINT) {
		add_value(r, s, f->value);
		return true;
	}
	while (packed.at < packed.end) {
		if (!wire_varint(&packed, &value))
			return proto_fail_field(r, f, "sample", "a value is cut off or longer than 10 bytes");
		add_value(r, s, value);
	}
	return true;
}

/* A label without text, number and unit says nothing: the format cannot tell it from one that is 0. */
static bool add_label(struct proto_reader *r, struct sample *s, const struct wire_field *f)
{
	const Pprof__Label *m = proto_unpack(r, &pprof__label__descriptor, f->body, f->start, "label");
	struct profile_label label = {0};

	if (!m || !proto_string(r, f->start, "label", m->key, &label.key) ||
	    !proto_string(r, f->start, "label", m->text, &label.text) ||
	    !proto_string(r, f->start, "label", m->unit, &label.unit))
		return false;
	label.numeric = !m->text;
	label.number = label.numeric ? m->number : 0;
	label.unit = label.numeric ? label.unit : 0;
	if (label.numeric ? !label.number && !label.unit : !label.text) {
		r->out->dropped_label_count++;
		return true;
	}
	s->labels = arena_reserve(r->scratch, s->labels, s->label_count, &s->label_capacity, sizeof *s->labels);
	s->labels[s->label_count++] = label;
	return true;
}

static bool read_sample(struct proto_reader *r, const struct wire_field *whole, struct sample *s)
{
	struct wire rest = whole->body;
	struct wire_field f;
	uint32_t labels = 0;

	s->frame_count = s->value_count = s->label_count = 0;
	/* The first pass has seen that every field is whole and of the right type. */
	while (wire_next(&rest, &f, NULL) == WIRE_FIELD) {
		if ((f.number == SAMPLE_LOCATION && !add_frames(r, s, &f)) ||
		    (f.number == SAMPLE_VALUE && !add_values(r, s, &f)) ||
		    (f.number == SAMPLE_LABEL && !add_label(r, s, &f)))
			return false;
	}
	if (s->value_count != r->out->type_count)
		return proto_fail(r, whole->start, "a sample has %zu values, the file has %zu sample types",
				  s->value_count, r->out->type_count);
	if (s->label_count) {
		profile_sort_labels(r->out, s->labels, s->label_count);
		labels = profile_label_set(r->out, s->labels, s->label_count);
	}
	profile_add_sample(r->out, profile_stack(r->out, s->frames, s->frame_count), labels, s->values);
	return true;
}

bool proto_read_samples(struct proto_reader *r)
{
	const unsigned char *start = (const unsigned char *)r->bytes.at;
	struct wire rest = {start, start + r->bytes.size};
	struct sample s = {
		.values = NEW_ARRAY(r->scratch, int64_t, r->out->type_count),
		.frames = NEW_ARRAY(r->scratch, uint32_t, r->deepest),
	};
	struct wire_field f;

	while (wire_next(&rest, &f, NULL) == WIRE_FIELD) {
		if (f.number == PROTO_SAMPLE && !read_sample(r, &f, &s))
			return false;
	}
	return true;
}
