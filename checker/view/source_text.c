/* Looking for source files, and their lines. */
#include "view/source_text.h"

#include <string.h>
#include <sys/stat.h>

#include "base/file.h"
#include "graph/graph.h"

enum { SOURCE_LIMIT = 16 << 20 }; /* bytes: more is no source that anybody wrote */

/* A profile from elsewhere must not have files of the system shown that are no sources. */
static bool is_allowed(struct arena *a, const char *path)
{
	const char *real = path_real(a, path);
	struct stat st;

	return real && !text_starts(real, "/proc/") && !text_starts(real, "/sys/") && !text_starts(real, "/dev/") &&
	       !stat(real, &st) && S_ISREG(st.st_mode);
}

/* The folder and those above it. */
static const char *find_above(struct arena *a, const char *folder, const char *name)
{
	const char *at = path_real(a, folder);

	while (at) {
		const char *path = path_join(a, at, name);

		if (is_allowed(a, path))
			return path;
		at = text_equal(at, "/") ? NULL : path_folder(a, at);
	}
	return NULL;
}

/* The longest end of the name that is there below the folder; of an unasked folder at least two parts must agree. */
static const char *find_end(struct arena *a, const char *folder, const char *name, bool asked)
{
	while (*name == '/')
		name++;
	while (*name) {
		size_t part = strcspn(name, "/");
		const char *path = path_join(a, folder, name);

		if (!asked && !name[part])
			return NULL;
		if (is_allowed(a, path))
			return path;
		name += part + strspn(name + part, "/");
	}
	return NULL;
}

static const char *find_in(struct source_texts *texts, const char *name, const char *trimmed, bool by_end)
{
	struct arena *a = texts->arena;
	const char *list = texts->source_path ? texts->source_path : ".", *found = NULL;

	while (*list && !found) {
		size_t size = strcspn(list, ":");
		const char *folder = arena_copy(a, list, size);

		list += size + (list[size] == ':');
		if (!size)
			continue;
		found = by_end ? find_end(a, folder, name, texts->source_path) : find_above(a, folder, trimmed);
	}
	return found;
}

static const char *find(struct source_texts *texts, const char *name)
{
	const char *trimmed = graph_trim_path(name, texts->trim_path, texts->source_path), *found = NULL;

	if (*trimmed == '/')
		found = is_allowed(texts->arena, trimmed) ? trimmed : NULL;
	else if (*trimmed)
		found = find_in(texts, name, trimmed, false);
	return found ? found : find_in(texts, name, trimmed, true);
}

static void split(struct arena *a, struct str text, struct source_text *out)
{
	size_t count = 0;

	for (size_t i = 0; i < text.size; i++)
		count += text.at[i] == '\n';
	out->lines = NEW_ARRAY(a, struct str, count + 1);
	while (text.size) {
		const char *end = memchr(text.at, '\n', text.size);
		size_t size = end ? (size_t)(end - text.at) : text.size;
		size_t shown = size && text.at[size - 1] == '\r' ? size - 1 : size;

		out->lines[out->line_count++] = (struct str){text.at, shown};
		size += end != NULL;
		text.at += size;
		text.size -= size;
	}
}

/* The place for a name: its file's own or a free one. */
static size_t slot_of(const struct source_texts *texts, const char *name)
{
	uint64_t h = 0;
	size_t at;

	for (const char *c = name; *c; c++)
		h = (h ^ (unsigned char)*c) * 0x100000001b3U;
	for (at = (h ^ h >> 32) & (texts->room - 1); texts->slots[at]; at = (at + 1) & (texts->room - 1)) {
		if (text_equal(texts->slots[at]->name, name))
			break;
	}
	return at;
}

static void grow(struct source_texts *texts)
{
	struct source_texts old = *texts;

	texts->room = old.room ? old.room * 2 : 64;
	texts->slots = NEW_ARRAY(texts->arena, struct source_text *, texts->room);
	for (size_t i = 0; i < old.room; i++) {
		if (old.slots[i])
			texts->slots[slot_of(texts, old.slots[i]->name)] = old.slots[i];
	}
}

const struct source_text *source_text_find(struct source_texts *texts, const char *name)
{
	struct source_text *text;
	struct str bytes;
	struct err unread;
	size_t at;

	if (texts->count * 2 >= texts->room)
		grow(texts);
	at = slot_of(texts, name);
	if (texts->slots[at])
		return texts->slots[at];
	text = NEW(texts->arena, struct source_text);
	text->name = name;
	text->path = find(texts, name);
	if (text->path && file_read(texts->arena, text->path, SOURCE_LIMIT, &bytes, &unread))
		split(texts->arena, bytes, text);
	else
		text->path = NULL;
	texts->slots[at] = text;
	texts->count++;
	return text;
}
