/* Callers and callees of functions by name. */
#include "view/tree.h"

static bool write(struct arena *a, const struct source *source, const struct view_options *options, struct buf *out,
		  struct err *err)
{
	return tree_write("peek", a, source, options, options->pattern ? options->pattern : "", out, err);
}

const struct view view_peek = {
	.name = "peek",
	.help = "callers and callees of the functions that match a regular expression",
	.needs_pattern = true,
	.write = write,
};
