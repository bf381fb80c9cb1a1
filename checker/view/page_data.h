/*
 * What the page of a profile knows: functions, calls and source lines of every sample type.
 */
#ifndef PAWL_VIEW_PAGE_DATA_H
#define PAWL_VIEW_PAGE_DATA_H

#include "view/shown.h"
#include "view/source_text.h"

enum {
	PAGE_TYPES = 8,        /* sample types in a page */
	PAGE_LOCATIONS = 4000, /* with more of them a page has not all functions, */
	PAGE_FUNCTIONS = 600,  /* but so many a type */
	PAGE_CALLS = 30,       /* callers and callees a function */
	PAGE_SOURCES = 200,    /* functions with source */
	PAGE_LINES = 400,      /* lines of one of them */
};

/* One sample type. */
struct page_type {
	struct source source;
	struct shown shown;
	struct graph graph;
	bool chosen; /* the one that is shown first */
};

struct page_data {
	struct arena *arena;
	const struct source *source;
	const struct view_options *options;
	struct page_type types[PAGE_TYPES];
	size_t type_count, left_out_count; /* types */
	struct graph_node **functions;     /* all that some type shows */
	uint32_t *number_of;               /* per id of a node: index in `functions` and 1 */
	size_t function_count, id_count;
};

/* Counts; the data points into the source. */
void page_data_init(struct page_data *d, struct arena *a, const struct source *source,
		    const struct view_options *options);

/* Adds it as JSON, with the source lines that are found. */
void page_data_write(struct page_data *d, struct buf *out);

/* The costs of source lines, as member `sources`. */
void page_sources_write(struct page_data *d, struct json *j);

#endif
