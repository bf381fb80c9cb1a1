/*
 * What `perf script` prints: a head a sample, a line a frame with the leaf first, an empty line.
 *
 *   app 27688  1115.685567:    4016064 cpu-clock:
 *   	            1348 sort_orders+0x18 (/usr/bin/app)
 *   	            10e7 main+0x47 (/usr/bin/app)
 *
 * Every event becomes two sample types, how often it was sampled and the sum of its periods; process and thread become
 * labels.  Frames marked (inlined) share the location of the frame that they are in.
 */
#include "profile/frames.h"
#include "profile/lines.h"
#include "profile/perf_line.h"
#include "profile/profile.h"
#include "profile/tally.h"

#include <string.h>

enum { EVENT_LIMIT = 64, SNIFF_LINES = 200 };

struct event {
	struct str name;
	size_t count_type, value_type; /* value_type: type_count where there is no period */
	bool has_period;               /* of all samples */
	int64_t period;                /* that all have; 0: they differ */
};

struct perf {
	struct lines lines;
	struct profile *profile;
	struct tally tally;
	struct event events[EVENT_LIMIT];
	size_t event_count;
	uint32_t *mapping_of; /* by the string of its file: the mapping + 1 */
	size_t mapping_room;

	/* The sample that is read. */
	bool open;
	struct perf_head head;
	struct perf_frame *frames;
	size_t frame_count, frame_capacity;
	struct frames stack;
	struct profile_line *inlined; /* of one location */
	size_t inlined_capacity;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Comments, and records of mappings and processes that --show-… options add. */
static bool is_aside(struct str line)
{
	return (line.size && line.at[0] == '#') || line_holds(line, "PERF_RECORD_");
}

enum line_kind { LINE_END, LINE_ASIDE, LINE_HEAD, LINE_FRAME, LINE_PLACE, LINE_OTHER };

/* `open`: a sample's head was read, so that indented lines are frames. */
static enum line_kind kind_of(struct str line, bool open, struct perf_head *head, struct perf_frame *frame)
{
	bool indented = line.size && is_blank(line.at[0]);

	if (!line_trim(line).size)
		return LINE_END;
	if (is_aside(line))
		return LINE_ASIDE;
	if (indented && open && perf_frame_take(line, frame)) {
		/* Without callchains heads are indented, and a process may be called "dead". */
		return perf_head_take(line, head) && head->has_ids ? LINE_HEAD : LINE_FRAME;
	}
	if (perf_head_take(line, head) && (head->has_ids || head->comm.size || !indented))
		return LINE_HEAD;
	return indented && open ? LINE_PLACE : LINE_OTHER;
}

static bool perf_sniff(struct str bytes)
{
	struct lines lines = lines_of(NULL, "", bytes);
	struct perf_frame frame;
	struct perf_head head;
	bool open = false;
	struct str line;

	for (size_t i = 0; i < SNIFF_LINES && lines_next(&lines, &line); i++) {
		enum line_kind kind = kind_of(line, open, &head, &frame);

		if (kind == LINE_OTHER || kind == LINE_PLACE)
			return false;
		if (kind == LINE_HEAD && !head.has_ids)
			return false;
		if (kind == LINE_FRAME || (kind == LINE_HEAD && perf_frame_take(head.rest, &frame)))
			return true;
		open = open || kind == LINE_HEAD;
	}
	return false;
}

static struct event *event_of(struct perf *r, struct str name)
{
	for (size_t i = 0; i < r->event_count; i++)
		if (r->events[i].name.size == name.size && memcmp(r->events[i].name.at, name.at, name.size) == 0)
			return r->events + i;
	return NULL;
}

static bool see_head(struct perf *r, const struct lines *lines, const struct perf_head *head, struct err *err)
{
	struct event *e = event_of(r, head->event);

	if (!e) {
		if (r->event_count == EVENT_LIMIT)
			return lines_fail(lines, err, "more than %d different events", EVENT_LIMIT);
		e = r->events + r->event_count++;
		*e = (struct event){.name = head->event, .has_period = true, .period = head->period};
	}
	e->has_period = e->has_period && head->period;
	if (e->period != head->period)
		e->period = 0;
	return true;
}

static uint32_t mapping_of(struct perf *r, struct str dso)
{
	struct profile *p = r->profile;
	uint32_t file;

	if (!dso.size)
		return PROFILE_NONE;
	file = profile_string(p, dso);
	if (file >= r->mapping_room) {
		size_t room = p->string_count * 2 + 64;
		uint32_t *larger = NEW_ARRAY(p->arena, uint32_t, room);

		if (r->mapping_room)
			memcpy(larger, r->mapping_of, r->mapping_room * sizeof *larger);
		r->mapping_of = larger;
		r->mapping_room = room;
	}
	if (!r->mapping_of[file]) {
		/* perf says where in the file, not where in memory. */
		struct profile_mapping m = {.limit = UINT64_MAX, .file = file, .has_functions = true};

		r->mapping_of[file] = profile_add_mapping(p, &m) + 1;
	}
	return r->mapping_of[file] - 1;
}

static bool is_program(struct str dso)
{
	const char *slash = memrchr(dso.at, '/', dso.size);

	return slash && !memmem(slash, (size_t)(dso.at + dso.size - slash), ".so", 3);
}

/* What must be known before the first sample: the events, and which file is the program. */
static bool look_ahead(struct perf *r, struct err *err)
{
	struct lines lines = r->lines;
	struct perf_frame frame;
	struct perf_head head;
	bool found = false, open = false;
	struct str line;

	while (lines_next(&lines, &line)) {
		enum line_kind kind = kind_of(line, open, &head, &frame);

		open = kind == LINE_HEAD || (open && kind != LINE_END);
		if (kind == LINE_HEAD && !see_head(r, &lines, &head, err))
			return false;
		if (kind == LINE_FRAME && !found && is_program(frame.dso)) {
			found = true;
			(void)mapping_of(r, frame.dso);
		}
	}
	return true;
}

/* Clocks count nanoseconds. */
static bool is_clock(struct str event)
{
	return line_starts(event, "cpu-clock") || line_starts(event, "task-clock");
}

static void add_types(struct perf *r)
{
	struct profile *p = r->profile;
	bool only = r->event_count == 1;

	for (size_t i = 0; i < r->event_count; i++) {
		struct event *e = r->events + i;
		const char *name = arena_copy(p->arena, e->name.at, e->name.size);

		e->count_type = p->type_count;
		profile_add_type(p, only ? "samples" : arena_printf(p->arena, "%s_samples", name), "count");
		e->value_type = p->type_count;
		if (!e->has_period)
			continue;
		profile_add_type(p, only && is_clock(e->name) ? "cpu" : name,
				 is_clock(e->name) ? "nanoseconds" : "count");
		if (only && e->period) {
			p->period_type = p->types[e->value_type];
			p->period = e->period;
		}
	}
	if (r->event_count)
		p->default_type = p->types[r->events[0].has_period ? r->events[0].value_type : 0].name;
}

static struct profile_line line_of(struct perf *r, const struct perf_frame *f)
{
	struct frame frame = {
		.name = f->symbol.size ? f->symbol : str_of("[unknown]"), .file = f->file, .line = f->line};

	return frame_line(r->profile, &frame);
}

/* Adds the location that starts with frame `i`, and gives the frame behind it. */
static size_t add_location(struct perf *r, size_t i)
{
	struct profile_location location = {.mapping = PROFILE_NONE, .address = r->frames[i].address};
	bool leaf = i == 0;
	size_t count = 0;

	for (bool more = true; more; i++) {
		const struct perf_frame *f = r->frames + i;

		more = f->inlined && i + 1 < r->frame_count && r->frames[i + 1].address == f->address;
		location.mapping = mapping_of(r, f->dso);
		r->inlined = arena_reserve(r->lines.arena, r->inlined, count, &r->inlined_capacity, sizeof *r->inlined);
		/* Without a symbol the file stands for it. */
		if (f->symbol.size || !f->dso.size)
			r->inlined[count++] = line_of(r, f);
	}
	/* What callers have is where they go on, or already the call; a byte before is in the call in both cases. */
	if (!leaf && location.address)
		location.address--;
	frames_add(&r->stack, profile_intern_location(r->profile, &location, r->inlined, count));
	return i;
}

static uint32_t labels_of(struct perf *r)
{
	struct profile *p = r->profile;
	struct profile_label labels[3];
	size_t count = 0;

	if (r->head.comm.size)
		labels[count++] = (struct profile_label){.key = profile_string_of(p, "comm"),
							 .text = profile_string(p, r->head.comm)};
	if (r->head.pid)
		labels[count++] = (struct profile_label){
			.key = profile_string_of(p, "pid"), .number = r->head.pid, .numeric = true};
	if (r->head.has_ids)
		labels[count++] = (struct profile_label){
			.key = profile_string_of(p, "tid"), .number = r->head.tid, .numeric = true};
	return profile_label_set(p, labels, count);
}

/* Adds the sample that was read. */
static bool finish(struct perf *r, struct err *err)
{
	int64_t values[2 * EVENT_LIMIT] = {0};
	const struct event *e;

	if (!r->open)
		return true;
	r->open = false;
	e = event_of(r, r->head.event);
	values[e->count_type] = 1;
	if (e->has_period)
		values[e->value_type] = r->head.period;
	r->stack.count = 0;
	for (size_t i = 0; i < r->frame_count;)
		i = add_location(r, i);
	if (!tally_add(&r->tally, profile_stack(r->profile, r->stack.locations, r->stack.count), labels_of(r), values))
		return lines_fail(&r->lines, err, "%s", tally_overflow);
	return true;
}

static void add_frame(struct perf *r, const struct perf_frame *frame)
{
	r->frames = arena_reserve(r->lines.arena, r->frames, r->frame_count, &r->frame_capacity, sizeof *r->frames);
	r->frames[r->frame_count++] = *frame;
}

static bool take_line(struct perf *r, struct str line, struct err *err)
{
	struct perf_frame frame;
	struct perf_head head;

	switch (kind_of(line, r->open, &head, &frame)) {
	case LINE_ASIDE:
		return true;
	case LINE_END:
		return finish(r, err);
	case LINE_HEAD:
		if (!finish(r, err))
			return false;
		r->head = head;
		r->open = true;
		r->frame_count = 0;
		/* Without callchains the only frame stands behind the event. */
		if (perf_frame_take(head.rest, &frame) && (frame.dso.size || frame.symbol.size))
			add_frame(r, &frame);
		return true;
	case LINE_FRAME:
		add_frame(r, &frame);
		return true;
	case LINE_PLACE:
		if (r->frame_count && perf_place_take(line, r->frames + r->frame_count - 1))
			return true;
		break;
	case LINE_OTHER:
		break;
	}
	return lines_fail(
		&r->lines, err,
		"expected the head of a sample (app 123 4.5: 1000 cpu-clock:) or a frame (4f2a main+0x4 (/bin/app)), "
		"found %s",
		lines_shown(&r->lines, line));
}

static bool perf_read(struct arena *a, const char *path, struct str bytes, struct profile *out, struct err *err)
{
	struct perf *r = NEW(a, struct perf);
	struct str line;

	*r = (struct perf){.lines = lines_of(a, path, bytes), .profile = out, .stack = {.arena = a}};
	if (!look_ahead(r, err))
		return false;
	if (!r->event_count)
		return err_set(err, "%s: holds no sample of perf script, such as \"app 123 4.5: 1000 cpu-clock:\"",
			       path);
	add_types(r);
	r->tally = tally_of(out);
	while (lines_next(&r->lines, &line))
		if (!take_line(r, line, err))
			return false;
	return finish(r, err);
}

const struct profile_format profile_format_perf = {
	.name = "perf",
	.help = "what perf script prints",
	.sniff = perf_sniff,
	.read = perf_read,
};
