/* Frames of stacks as names. */
#include "profile/frames.h"

#include <string.h>

struct profile_line frame_line(struct profile *p, const struct frame *f)
{
	struct profile_function function = {.name = profile_string(p, f->name)};

	function.system_name = function.name;
	function.file = profile_string(p, f->file);
	return (struct profile_line){.function = profile_intern_function(p, &function), .line = f->line};
}

uint32_t frame_location(struct profile *p, const struct frame *f)
{
	struct profile_line line = frame_line(p, f);
	struct profile_location location = {.mapping = PROFILE_NONE};

	return profile_intern_location(p, &location, &line, 1);
}

void frames_add(struct frames *s, uint32_t location)
{
	s->locations = arena_reserve(s->arena, s->locations, s->count, &s->capacity, sizeof *s->locations);
	s->locations[s->count++] = location;
}

void frames_turn(struct frames *s)
{
	for (size_t i = 0; i < s->count / 2; i++) {
		uint32_t other = s->locations[s->count - 1 - i];

		s->locations[s->count - 1 - i] = s->locations[i];
		s->locations[i] = other;
	}
}

size_t frame_line_count(const struct profile *p, uint32_t location)
{
	size_t count = p->locations[location].line_count;

	return count ? count : 1;
}

uint32_t frame_function(const struct profile *p, uint32_t location, size_t line)
{
	const struct profile_location *l = p->locations + location;

	return line < l->line_count ? p->lines[l->first_line + line].function : PROFILE_NONE;
}

void frame_name(const struct profile *p, uint32_t location, size_t line, struct buf *out)
{
	uint32_t function = frame_function(p, location, line), mapping = p->locations[location].mapping;
	const char *name = function == PROFILE_NONE ? "" : profile_text(p, p->functions[function].name);
	const char *file, *slash;

	if (!*name && function != PROFILE_NONE)
		name = profile_text(p, p->functions[function].system_name);
	file = mapping == PROFILE_NONE ? "" : profile_text(p, p->mappings[mapping].file);
	slash = strrchr(file, '/');
	if (slash)
		file = slash + 1;
	if (*name)
		text_printable(out, name);
	else if (!*file) {
		buf_text(out, "[unknown]");
	} else {
		buf_char(out, '[');
		text_printable(out, file);
		buf_char(out, ']');
	}
}
