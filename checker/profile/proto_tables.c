/* Types, mappings, functions and locations of a profile.proto file. */
#include "profile/proto_read.h"

#include <inttypes.h>
#include <profile.pb-c.h>

/* The field at a place of the first pass, which has found that it is whole. */
static struct wire_field field_at(const struct proto_reader *r, uint32_t place)
{
	const unsigned char *start = (const unsigned char *)r->bytes.at;
	struct wire rest = {start + place, start + r->bytes.size};
	struct wire_field f = {0};

	(void)wire_next(&rest, &f, NULL);
	return f;
}

static bool add_id(struct proto_reader *r, struct proto_ids *ids, uint64_t id, uint32_t index, const unsigned char *at,
		   const char *of)
{
	if (proto_ids_add(ids, id, index))
		return true;
	if (!id)
		return proto_fail(r, at, "a %s has the id 0, which stands for none", of);
	return proto_fail(r, at, "a second %s has the id %" PRIu64 " (two profiles in one file?)", of, id);
}

bool proto_read_type(struct proto_reader *r, const struct wire_field *f, struct profile_type *out)
{
	const Pprof__ValueType *m = proto_unpack(r, &pprof__value_type__descriptor, f->body, f->start, "value type");

	return m && proto_string(r, f->start, "value type", m->name, &out->name) &&
	       proto_string(r, f->start, "value type", m->unit, &out->unit);
}

static bool read_mapping(struct proto_reader *r, const struct wire_field *f)
{
	const Pprof__Mapping *m = proto_unpack(r, &pprof__mapping__descriptor, f->body, f->start, "mapping");
	struct profile_mapping out;

	if (!m)
		return false;
	out = (struct profile_mapping){
		.start = m->start,
		.limit = m->limit,
		.offset = m->offset,
		.has_functions = m->has_functions,
		.has_files = m->has_files,
		.has_lines = m->has_lines,
		.has_inlines = m->has_inlines,
	};
	return proto_string(r, f->start, "mapping", m->file, &out.file) &&
	       proto_string(r, f->start, "mapping", m->build_id, &out.build_id) &&
	       add_id(r, &r->mapping_ids, m->id, profile_add_mapping(r->out, &out), f->start, "mapping");
}

static bool read_function(struct proto_reader *r, const struct wire_field *f)
{
	const Pprof__Function *m = proto_unpack(r, &pprof__function__descriptor, f->body, f->start, "function");
	struct profile_function out;

	if (!m)
		return false;
	out.start_line = m->start_line;
	return proto_string(r, f->start, "function", m->name, &out.name) &&
	       proto_string(r, f->start, "function", m->system_name, &out.system_name) &&
	       proto_string(r, f->start, "function", m->file, &out.file) &&
	       add_id(r, &r->function_ids, m->id, profile_add_function(r->out, &out), f->start, "function");
}

/* Lines of the location that is being read. */
struct line_list {
	struct profile_line *at;
	size_t count, capacity;
};

static bool read_line(struct proto_reader *r, const struct wire_field *f, struct line_list *lines)
{
	const Pprof__Line *m = proto_unpack(r, &pprof__line__descriptor, f->body, f->start, "line");
	struct profile_line *line;

	if (!m)
		return false;
	lines->at = arena_reserve(r->scratch, lines->at, lines->count, &lines->capacity, sizeof *lines->at);
	line = lines->at + lines->count++;
	*line = (struct profile_line){proto_ids_find(&r->function_ids, m->function_id), m->line, m->column};
	if (m->function_id && line->function == PROFILE_NONE)
		r->out->dangling_function_count++;
	return true;
}

enum { LOCATION_ID = 1, LOCATION_MAPPING, LOCATION_ADDRESS, LOCATION_LINE, LOCATION_FOLDED };

static bool location_field_is_right(const struct wire_field *f)
{
	return f->number > LOCATION_FOLDED || f->type == (f->number == LOCATION_LINE ? WIRE_BYTES : WIRE_VARINT);
}

static bool read_location(struct proto_reader *r, const struct wire_field *whole, struct line_list *lines)
{
	struct profile_location out = {.mapping = PROFILE_NONE};
	struct wire rest = whole->body;
	struct wire_field f;
	uint64_t id = 0, mapping_id = 0;

	lines->count = 0;
	/* The first pass has seen that every field is whole and of the right type. */
	while (wire_next(&rest, &f, NULL) == WIRE_FIELD) {
		if (f.number == LOCATION_ID)
			id = f.value;
		else if (f.number == LOCATION_MAPPING)
			mapping_id = f.value;
		else if (f.number == LOCATION_ADDRESS)
			out.address = f.value;
		else if (f.number == LOCATION_FOLDED)
			out.folded = f.value != 0;
		else if (f.number == LOCATION_LINE && !read_line(r, &f, lines))
			return false;
	}
	out.mapping = proto_ids_find(&r->mapping_ids, mapping_id);
	if (mapping_id && out.mapping == PROFILE_NONE)
		r->out->dangling_mapping_count++;
	return add_id(r, &r->location_ids, id, profile_add_location(r->out, &out, lines->at, lines->count),
		      whole->start, "location");
}

bool proto_count_location(struct proto_reader *r, struct wire body)
{
	struct wire_field f;
	enum wire_result result;
	const char *what = NULL;

	while ((result = wire_next(&body, &f, &what)) == WIRE_FIELD) {
		if (!location_field_is_right(&f))
			return proto_fail_field(r, &f, "location", NULL);
		if (f.number == LOCATION_LINE) {
			r->line_count++;
			r->needed += sizeof *r->out->lines;
		}
	}
	return result == WIRE_END || proto_fail_field(r, &f, "location", what);
}

static bool read_types(struct proto_reader *r)
{
	for (size_t i = 0; i < r->types.count; i++) {
		struct wire_field f = field_at(r, r->types.at[i]);
		struct profile_type type;

		if (!proto_read_type(r, &f, &type))
			return false;
		profile_add_type_strings(r->out, &type);
	}
	return true;
}

bool proto_read_tables(struct proto_reader *r)
{
	struct line_list lines = {0};

	if (!read_types(r))
		return false;
	proto_ids_init(&r->mapping_ids, r->scratch, r->mappings.count);
	for (size_t i = 0; i < r->mappings.count; i++) {
		struct wire_field f = field_at(r, r->mappings.at[i]);

		if (!read_mapping(r, &f))
			return false;
	}
	proto_ids_init(&r->function_ids, r->scratch, r->functions.count);
	for (size_t i = 0; i < r->functions.count; i++) {
		struct wire_field f = field_at(r, r->functions.at[i]);

		if (!read_function(r, &f))
			return false;
	}
	proto_ids_init(&r->location_ids, r->scratch, r->locations.count);
	for (size_t i = 0; i < r->locations.count; i++) {
		struct wire_field f = field_at(r, r->locations.at[i]);

		if (!read_location(r, &f, &lines))
			return false;
	}
	return true;
}
