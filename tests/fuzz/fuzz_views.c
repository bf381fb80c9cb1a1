/* Any profile can be shown in every view and form: never a crash, the same text twice, and nothing that a terminal obeys. */
#include "profile/profile.h"
#include "view/view.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool kept)
{
	if (!kept)
		abort();
}

static void require_tame(const struct buf *text)
{
	for (size_t i = 0; i < text->size; i++)
		require((unsigned char)text->at[i] >= ' ' || text->at[i] == '\n' || text->at[i] == '\t');
}

static bool show(struct arena *a, const struct profile *p, const struct view *view, enum view_form form, unsigned how,
		 struct buf *out)
{
	struct view_options options = {.form = form,
				       .cum = how & 1,
				       .node_count = how & 2 ? 3 : -1,
				       .node_fraction = how & 4 ? 0.2 : -1,
				       .edge_fraction = -1,
				       .all = how & 8,
				       .pattern = ".",
				       .source_path = "/nowhere"};
	struct source_options asked = {.granularity = (enum granularity)(how % 5),
				       .mean = how & 16,
				       .no_inlines = how & 32,
				       .drop_negative = how & 64,
				       .divide_by = how & 128 ? 3 : 1};
	struct source source;
	struct err err;

	view_adapt(view, &asked);
	return source_prepare(a, &p, 1, NULL, 0, &asked, &source, &err) && view->write(a, &source, &options, out, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct profile_reading how = {.format = &profile_format_proto, .expansion_limit = 1 << 20};
	struct arena *a = arena_open();
	struct profile p;
	struct err err;

	/* The first byte chooses options. */
	if (!size ||
	    !profile_read_bytes(a, "x", (struct str){(const char *)data + 1, size - 1}, &how, &p, NULL, &err)) {
		arena_close(a);
		return 0;
	}
	for (size_t i = 0; i < view_count; i++) {
		for (enum view_form form = VIEW_TEXT; form <= VIEW_CSV; form++) {
			struct arena *once = arena_open_child(a);
			struct buf first = {.arena = once}, second = {.arena = once};
			bool shown = show(once, &p, views[i], form, *data, &first);

			require(shown == show(once, &p, views[i], form, *data, &second));
			require(first.size == second.size);
			require(!shown || !first.size || !memcmp(first.at, second.at, first.size));
			require_tame(&first);
			arena_close(once);
		}
	}
	arena_close(a);
	return 0;
}
