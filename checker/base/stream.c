/* The window over a file. */
#include "base/stream.h"

#include "base/file.h"
#include "base/proc.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

/* Large enough that few reads are made and that most files fit whole, small beside what is made of their text. */
enum { FIRST_ROOM = 256 << 10 };

/* The rest of the old window moves to the start of the new one. */
static void make_room(struct stream *s, size_t size)
{
	struct arena *old = s->room_arena;
	char *room;

	s->room_arena = arena_open_child(s->arena);
	room = arena_alloc(s->room_arena, size + 1);
	if (s->text.size)
		memcpy(room, s->text.at, s->text.size);
	s->room = room;
	s->room_size = size;
	s->text.at = room;
	arena_close(old);
}

/* Reads until the room is full or nothing follows. */
static bool fill(struct stream *s, struct err *err)
{
	while (s->text.size < s->room_size) {
		ssize_t got = read(s->fd, s->room + s->text.size, s->room_size - s->text.size);

		if (got < 0 && errno == EINTR && !proc_interrupted())
			continue;
		if (got < 0)
			return err_set(err, "%s: %s", s->path, strerror(errno));
		if (got == 0) {
			s->ended = true;
			break;
		}
		s->text.size += (size_t)got;
		s->taken += (size_t)got;
		if (s->taken > s->limit)
			return file_fail_large(s->path, s->limit, err);
	}
	s->room[s->text.size] = '\0';
	return true;
}

bool stream_open(struct arena *a, const char *path, size_t limit, struct stream *s, struct err *err)
{
	*s = (struct stream){.arena = a, .limit = limit};
	if (!file_open(path, &s->path, &s->fd, err))
		return false;
	make_room(s, FIRST_ROOM);
	if (fill(s, err))
		return true;
	stream_close(s);
	return false;
}

void stream_close(struct stream *s)
{
	if (s->fd > STDIN_FILENO)
		close(s->fd);
	arena_close(s->room_arena);
	*s = (struct stream){0};
}

struct stream stream_of(const char *path, struct str text)
{
	return (struct stream){.path = path, .text = text, .ended = true};
}

bool stream_advance(struct stream *s, size_t used, struct err *err)
{
	assert(!s->ended && used <= s->text.size);
	s->text.size -= used;
	if (s->text.size > s->room_size / 2) {
		s->text.at += used;
		make_room(s, 2 * s->room_size);
	} else {
		memmove(s->room, s->text.at + used, s->text.size);
		s->text.at = s->room;
	}
	return fill(s, err);
}
