/* What frames of flame graphs are called. */
#include "draw/flame_names.h"

#include <inttypes.h>

#include "base/file.h"

static size_t name_hash(const char *text)
{
	uint64_t h = 0xcbf29ce484222325U; /* FNV-1a */

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3U;
	return (size_t)(h ^ h >> 32);
}

uint32_t flame_name_find(struct flame_names *n, const char *text)
{
	size_t at;

	if (n->count * 2 >= n->room) {
		n->room = n->room ? n->room * 2 : 1024;
		n->slots = NEW_ARRAY(n->arena, uint32_t, n->room);
		for (size_t i = 0; i < n->count; i++) {
			for (at = name_hash(n->at[i]) & (n->room - 1); n->slots[at];)
				at = (at + 1) & (n->room - 1);
			n->slots[at] = (uint32_t)i + 1;
		}
	}
	for (at = name_hash(text) & (n->room - 1); n->slots[at]; at = (at + 1) & (n->room - 1)) {
		if (text_equal(n->at[n->slots[at] - 1], text))
			return n->slots[at] - 1;
	}
	n->at = arena_reserve(n->arena, n->at, n->count, &n->capacity, sizeof *n->at);
	n->at[n->count++] = text;
	n->slots[at] = (uint32_t)n->count;
	return (uint32_t)n->count - 1;
}

const char *flame_frame_name(struct arena *a, const struct flame_build_options *options, const struct profile *p,
			     const struct profile_location *l, const struct profile_line *line)
{
	bool whole = !options->by_function, known = line && line->function != PROFILE_NONE;
	const struct profile_function *f = known ? p->functions + line->function : NULL;
	const char *name = f ? profile_text(p, f->name) : "", *file = f && whole ? profile_text(p, f->file) : "";
	const char *object = l->mapping == PROFILE_NONE ? "" : profile_text(p, p->mappings[l->mapping].file);
	struct buf text = {.arena = a};

	if (options->clean && *name)
		name = options->clean(a, name);
	if (*name && !*file && !(whole && (l->address || line->line)))
		return name;
	if (l->address && (whole || !*name))
		buf_printf(&text, "0x%" PRIx64 " ", l->address);
	if (*name)
		buf_printf(&text, "%s ", name);
	if (whole && f && line->line)
		buf_printf(&text, "%s:%" PRId64, file, line->line);
	else if (*file)
		buf_text(&text, file);
	else if (!*name)
		buf_printf(&text, *object ? "[%s]" : "<unknown>%s", *object ? path_base(object) : "");
	else
		text.at[--text.size] = '\0';
	return buf_string(&text);
}
