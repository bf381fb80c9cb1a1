/*
 * Views: what `pawl profile` shows of a profile.
 *
 * Adding one is one new file with its row and one line in VIEW_LIST.
 */
#ifndef PAWL_VIEW_VIEW_H
#define PAWL_VIEW_VIEW_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "graph/source.h"

#include <stdbool.h>
#include <stddef.h>

enum view_form { VIEW_TEXT, VIEW_JSON, VIEW_CSV }; /* machine forms are never trimmed */

struct view_options {
	enum view_form form;
	bool cum;                            /* order by it */
	long node_count;                     /* -1: the view's own */
	double node_fraction, edge_fraction; /* -1: the view's own */
	bool all;                            /* nothing is trimmed */
	bool compact;                        /* tables say what they show, not what was recorded */
	const char *unit;                    /* of the output; NULL: the one that fits ("minimum") */
	const char *pattern;                 /* of peek and list; NULL */
	const char *source_path, *trim_path; /* of list; folders parted by ':' */
	bool may_run;                        /* other programs: Graphviz */
	const char *file_kind;               /* one of the view's; NULL: its first */
	const char **note;                   /* becomes what there is to say of the output; NULL: nobody asks */
};

struct view {
	const char *name, *help;
	bool needs_pattern;
	/* What the view shows whatever granularity was asked for; see view_adapt. */
	bool by_lines, by_addresses;
	bool with_lines; /* source->lined is needed beside the profile */
	/* The kinds of files it writes ("html", "svg"), parted by blanks, its own choice first; NULL: text, JSON and CSV. */
	const char *file_kinds;
	/* Adds the view's whole text; where rows end, a long one passes on what there is (buf_pass), after nothing can fail. */
	bool (*write)(struct arena *a, const struct source *source, const struct view_options *options, struct buf *out,
		      struct err *err);
};

#define VIEW_LIST(ROW)                                                                                                 \
	ROW(top)                                                                                                       \
	ROW(tree)                                                                                                      \
	ROW(peek)                                                                                                      \
	ROW(list)                                                                                                      \
	ROW(traces)                                                                                                    \
	ROW(tags)                                                                                                      \
	ROW(raw)                                                                                                       \
	ROW(dot)                                                                                                       \
	ROW(callgrind)                                                                                                 \
	ROW(flame)                                                                                                     \
	ROW(html)                                                                                                      \
	ROW(graph)

#define ROW(name) extern const struct view view_##name;
VIEW_LIST(ROW)
#undef ROW

extern const struct view *const views[];
extern const size_t view_count;

const struct view *view_find(const char *name);

/* Whether the view writes files of that kind. */
bool view_has_kind(const struct view *view, const char *kind);

/* Sets the granularity that a view insists on.  Before source_prepare. */
void view_adapt(const struct view *view, struct source_options *options);

#endif
