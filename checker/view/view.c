/* The table of views. */
#include "view/view.h"

#include <string.h>

#define ROW(name) &view_##name,
const struct view *const views[] = {VIEW_LIST(ROW)};
#undef ROW
const size_t view_count = sizeof views / sizeof *views;

const struct view *view_find(const char *name)
{
	for (size_t i = 0; i < view_count; i++) {
		if (text_equal(views[i]->name, name))
			return views[i];
	}
	return NULL;
}

bool view_has_kind(const struct view *view, const char *kind)
{
	const char *at = view->file_kinds ? view->file_kinds : "";
	size_t size = strlen(kind);

	while (*at) {
		size_t word = strcspn(at, " ");

		if (word == size && !strncmp(at, kind, size))
			return true;
		at += word + strspn(at + word, " ");
	}
	return false;
}

void view_adapt(const struct view *view, struct source_options *options)
{
	if (view->by_lines)
		options->granularity = GRANULARITY_LINES;
	if (view->by_addresses) {
		options->granularity = GRANULARITY_ADDRESSES;
		options->no_inlines = false;
	}
	options->keep_lines = view->with_lines;
}
