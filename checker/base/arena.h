/*
 * Memory of a command: blocks that are handed out in order and given back all at once.
 *
 * A command opens one arena and closes it at its end; whatever returns memory takes the arena first.  For a loop that
 * must stay flat use a mark and a reset, or a child arena.  All memory is zeroed and aligned for any type.  No function
 * here returns NULL: when the system has no more memory the handler that was registered runs, and then the process ends.
 */
#ifndef PAWL_BASE_ARENA_H
#define PAWL_BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct arena_mark {
	void *chunk;
	size_t used;
};

/* A new arena; arena_close gives all of it back, children included. */
struct arena *arena_open(void);
struct arena *arena_open_child(struct arena *parent);
void arena_close(struct arena *a);

void *arena_alloc(struct arena *a, size_t size);

/* The same with any bytes in it, for what is large and filled at once. */
void *arena_alloc_unset(struct arena *a, size_t size);

/* `count` elements of `size` bytes; a product that does not fit a size_t is treated as out of memory. */
void *arena_array(struct arena *a, size_t count, size_t size);

/*
 * Room for one more element behind `count` elements in `items` (NULL at first): `items` itself, or a larger copy of it.
 * `*capacity` starts as 0 and belongs to the list.
 */
static inline void *arena_reserve(struct arena *a, void *items, size_t count, size_t *capacity, size_t size);

/* The larger copy; for arena_reserve. */
void *arena_grow(struct arena *a, const void *items, size_t count, size_t *capacity, size_t size);

/* Copies that end with a NUL byte. */
char *arena_copy(struct arena *a, const char *at, size_t size);
char *arena_string(struct arena *a, const char *text);
char *arena_printf(struct arena *a, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *format, va_list args);

/* A copy of a text that a library allocated with malloc, and which is freed; NULL for NULL. */
char *arena_adopt(struct arena *a, char *text);

/* Everything allocated from `a` after the mark is given back by the reset. */
struct arena_mark arena_mark(const struct arena *a);
void arena_reset(struct arena *a, struct arena_mark mark);

/* Called once when memory runs out, before the process ends with status 3.  It must not allocate. */
void arena_on_exhausted(void (*handler)(void));

static inline void *arena_reserve(struct arena *a, void *items, size_t count, size_t *capacity, size_t size)
{
	return count < *capacity ? items : arena_grow(a, items, count, capacity, size);
}

#define NEW(a, type)              ((type *)arena_alloc((a), sizeof(type)))
#define NEW_ARRAY(a, type, count) ((type *)arena_array((a), (count), sizeof(type)))

#endif
