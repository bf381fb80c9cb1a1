/* profile.proto out, in the order of proto_order.h. */
#include "profile/proto_write.h"

#include "profile/gzip.h"
#include "profile/proto_order.h"
#include "profile/proto_read.h"

#include <assert.h>
#include <profile.pb-c.h>

/* Ids that are given in the order of first use. */
struct dense_ids {
	uint32_t *ids;  /* by rank; 0: none yet */
	uint32_t *used; /* indices, by id - 1 */
	uint32_t count;
};

struct writer {
	const struct profile *p;
	struct proto_order o;
	struct gzip_packer pack;
	struct buf message; /* that is being put together */
	struct dense_ids strings, mappings, functions, locations;
};

static void ids_init(struct dense_ids *ids, struct arena *a, size_t count)
{
	*ids = (struct dense_ids){NEW_ARRAY(a, uint32_t, count), NEW_ARRAY(a, uint32_t, count), 0};
}

static uint32_t id_of(struct dense_ids *ids, uint32_t rank, uint32_t index)
{
	if (!ids->ids[rank]) {
		ids->used[ids->count] = index;
		ids->ids[rank] = ++ids->count;
	}
	return ids->ids[rank];
}

/* Ids of strings begin with 0, which is "". */
static int64_t string_of(struct writer *w, uint32_t index)
{
	return (int64_t)id_of(&w->strings, w->o.strings[index], index) - 1;
}

static uint32_t mapping_of(struct writer *w, uint32_t index)
{
	return index == PROFILE_NONE ? 0 : id_of(&w->mappings, w->o.mappings[index], index);
}

static uint32_t function_of(struct writer *w, uint32_t index)
{
	return index == PROFILE_NONE ? 0 : id_of(&w->functions, w->o.functions[index], index);
}

/* A location brings its mapping and its functions along. */
static uint32_t location_of(struct writer *w, uint32_t index)
{
	const struct profile_location *l = w->p->locations + index;
	uint32_t rank = w->o.locations[index];

	if (w->locations.ids[rank])
		return w->locations.ids[rank];
	mapping_of(w, l->mapping);
	for (size_t i = 0; i < l->line_count; i++)
		function_of(w, w->p->lines[l->first_line + i].function);
	return id_of(&w->locations, rank, index);
}

enum { VARINT_SIZE = 10, SMALL_MESSAGE = 256 /* ten fields of a tag and a varint, and some */ };

static size_t put_varint(char out[VARINT_SIZE], uint64_t value)
{
	size_t size = 0;

	for (; value >= 0x80; value >>= 7)
		out[size++] = (char)(value | 0x80);
	out[size++] = (char)value;
	return size;
}

static void add_varint(struct buf *b, uint64_t value)
{
	char bytes[VARINT_SIZE];

	buf_bytes(b, bytes, put_varint(bytes, value));
}

static void add_number(struct buf *b, unsigned field, uint64_t value)
{
	add_varint(b, (uint64_t)field << 3 | WIRE_VARINT);
	add_varint(b, value);
}

static void add_bytes(struct buf *b, unsigned field, const void *at, size_t size)
{
	add_varint(b, (uint64_t)field << 3 | WIRE_BYTES);
	add_varint(b, size);
	buf_bytes(b, at, size);
}

static void add_small(struct buf *b, unsigned field, const ProtobufCMessage *m)
{
	unsigned char bytes[SMALL_MESSAGE];
	size_t size = protobuf_c_message_get_packed_size(m);

	assert(size <= sizeof bytes);
	add_bytes(b, field, bytes, protobuf_c_message_pack(m, bytes));
}

/* The file takes the message over. */
static void flush(struct writer *w)
{
	gzip_add(&w->pack, (struct str){w->message.at, w->message.size});
	w->message.size = 0;
}

static void write_bytes(struct writer *w, unsigned field, const void *at, size_t size)
{
	add_bytes(&w->message, field, at, size);
	flush(w);
}

/* A number of the outer message; 0 is what a reader takes for granted. */
static void write_number(struct writer *w, unsigned field, uint64_t value)
{
	if (!value)
		return;
	add_number(&w->message, field, value);
	flush(w);
}

static void write_type(struct writer *w, unsigned field, const struct profile_type *type)
{
	Pprof__ValueType m = PPROF__VALUE_TYPE__INIT;

	m.name = string_of(w, type->name);
	m.unit = string_of(w, type->unit);
	add_small(&w->message, field, &m.base);
	flush(w);
}

/* As Go does: two of them one by one, more of them packed. */
enum { UNPACKED_MOST = 2 };

static void add_locations(struct writer *w, struct buf *body, struct buf *packed, const struct profile_span *stack)
{
	packed->size = 0;
	for (size_t i = 0; i < stack->count; i++) {
		uint32_t id = location_of(w, w->p->frames[stack->first + i]);

		if (stack->count > UNPACKED_MOST)
			add_varint(packed, id);
		else
			add_number(body, 1, id);
	}
	if (stack->count > UNPACKED_MOST)
		add_bytes(body, 1, packed->at, packed->size);
}

static void add_values(const struct writer *w, struct buf *body, struct buf *packed, const int64_t *values)
{
	size_t count = w->p->type_count;

	packed->size = 0;
	for (size_t i = 0; i < count; i++) {
		if (count > UNPACKED_MOST)
			add_varint(packed, (uint64_t)values[i]);
		else
			add_number(body, 2, (uint64_t)values[i]);
	}
	if (count > UNPACKED_MOST)
		add_bytes(body, 2, packed->at, packed->size);
}

static void add_label(struct writer *w, struct buf *body, const struct profile_label *label)
{
	Pprof__Label m = PPROF__LABEL__INIT;

	m.key = string_of(w, label->key);
	m.text = string_of(w, label->text);
	m.number = label->number;
	m.unit = string_of(w, label->unit);
	add_small(body, 3, &m.base);
}

static void write_samples(struct writer *w, struct arena *a)
{
	struct buf body = {.arena = a}, packed = {.arena = a};

	for (size_t i = 0; i < w->o.row_count; i++) {
		const struct proto_row *row = w->o.rows + i;
		const struct profile_span *labels = w->o.label_spans + row->label_set;

		body.size = 0;
		add_locations(w, &body, &packed, w->p->stacks + row->stack);
		add_values(w, &body, &packed, row->values);
		for (size_t k = 0; k < labels->count; k++)
			add_label(w, &body, w->o.labels + labels->first + k);
		write_bytes(w, PROTO_SAMPLE, body.at, body.size);
	}
}

static void write_mapping(struct writer *w, uint32_t index, uint32_t id)
{
	const struct profile_mapping *mapping = w->p->mappings + index;
	Pprof__Mapping m = PPROF__MAPPING__INIT;

	m.id = id;
	m.start = mapping->start;
	m.limit = mapping->limit;
	m.offset = mapping->offset;
	m.file = string_of(w, mapping->file);
	m.build_id = string_of(w, mapping->build_id);
	m.has_functions = mapping->has_functions;
	m.has_files = mapping->has_files;
	m.has_lines = mapping->has_lines;
	m.has_inlines = mapping->has_inlines;
	add_small(&w->message, PROTO_MAPPING, &m.base);
	flush(w);
}

static void write_location(struct writer *w, struct buf *body, uint32_t index, uint32_t id)
{
	const struct profile_location *l = w->p->locations + index;

	body->size = 0;
	add_number(body, 1, id);
	if (l->mapping != PROFILE_NONE)
		add_number(body, 2, mapping_of(w, l->mapping));
	if (l->address)
		add_number(body, 3, l->address);
	for (size_t i = 0; i < l->line_count; i++) {
		const struct profile_line *line = w->p->lines + l->first_line + i;
		Pprof__Line m = PPROF__LINE__INIT;

		m.function_id = function_of(w, line->function);
		m.line = line->line;
		m.column = line->column;
		add_small(body, 4, &m.base);
	}
	if (l->folded)
		add_number(body, 5, 1);
	write_bytes(w, PROTO_LOCATION, body->at, body->size);
}

static void write_function(struct writer *w, uint32_t index, uint32_t id)
{
	const struct profile_function *f = w->p->functions + index;
	Pprof__Function m = PPROF__FUNCTION__INIT;

	m.id = id;
	m.name = string_of(w, f->name);
	m.system_name = string_of(w, f->system_name);
	m.file = string_of(w, f->file);
	m.start_line = f->start_line;
	add_small(&w->message, PROTO_FUNCTION, &m.base);
	flush(w);
}

static void write_tables(struct writer *w, struct arena *a)
{
	struct buf body = {.arena = a};

	for (uint32_t i = 0; i < w->mappings.count; i++)
		write_mapping(w, w->mappings.used[i], i + 1);
	for (uint32_t i = 0; i < w->locations.count; i++)
		write_location(w, &body, w->locations.used[i], i + 1);
	for (uint32_t i = 0; i < w->functions.count; i++)
		write_function(w, w->functions.used[i], i + 1);
}

/* The strings, and what has a higher number than they: its own strings must be among them. */
static void write_rest(struct writer *w)
{
	const struct profile *p = w->p;
	const struct {
		unsigned field;
		uint32_t string;
	} strings[] = {{PROTO_DROP_FRAMES, p->drop_frames}, {PROTO_KEEP_FRAMES, p->keep_frames}},
	  last[] = {{PROTO_DEFAULT_TYPE, p->default_type}, {PROTO_DOC_URL, p->doc_url}};

	for (size_t i = 0; i < 2; i++)
		string_of(w, strings[i].string);
	string_of(w, p->period_type.name);
	string_of(w, p->period_type.unit);
	for (size_t i = 0; i < p->comment_count; i++)
		string_of(w, p->comments[i]);
	for (size_t i = 0; i < 2; i++)
		string_of(w, last[i].string);
	for (uint32_t i = 0; i < w->strings.count; i++)
		write_bytes(w, PROTO_STRING, p->strings[w->strings.used[i]].at, p->strings[w->strings.used[i]].size);
	for (size_t i = 0; i < 2; i++)
		write_number(w, strings[i].field, (uint64_t)string_of(w, strings[i].string));
	write_number(w, PROTO_TIME, (uint64_t)p->time_ns);
	write_number(w, PROTO_DURATION, (uint64_t)p->duration_ns);
	if (p->period_type.name || p->period_type.unit)
		write_type(w, PROTO_PERIOD_TYPE, &p->period_type);
	write_number(w, PROTO_PERIOD, (uint64_t)p->period);
	for (size_t i = 0; i < p->comment_count; i++) {
		/* 0, the empty comment, is one as well. */
		add_number(&w->message, PROTO_COMMENT, (uint64_t)string_of(w, p->comments[i]));
		flush(w);
	}
	for (size_t i = 0; i < 2; i++)
		write_number(w, last[i].field, (uint64_t)string_of(w, last[i].string));
}

bool proto_write(struct arena *a, const struct profile *p, size_t type, struct buf *out, struct err *err)
{
	struct arena *scratch = arena_open_child(a);
	struct writer w = {.p = p, .message = {.arena = scratch}};

	(void)type;
	(void)err;
	proto_order_init(&w.o, scratch, p);
	ids_init(&w.strings, scratch, p->string_count);
	ids_init(&w.mappings, scratch, p->mapping_count);
	ids_init(&w.functions, scratch, p->function_count);
	ids_init(&w.locations, scratch, p->location_count);
	string_of(&w, 0);
	/* The first mapping is the main program, whichever the first sample was taken in. */
	if (p->mapping_count)
		mapping_of(&w, 0);
	gzip_open(&w.pack, scratch, out);
	for (size_t i = 0; i < p->type_count; i++)
		write_type(&w, PROTO_TYPE, p->types + i);
	write_samples(&w, scratch);
	write_tables(&w, scratch);
	write_rest(&w);
	gzip_close(&w.pack);
	arena_close(scratch);
	return true;
}
