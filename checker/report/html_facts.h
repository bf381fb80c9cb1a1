/*
 * What the HTML report says of a row beside its cells, in the words of the text report.
 */
#ifndef PAWL_REPORT_HTML_FACTS_H
#define PAWL_REPORT_HTML_FACTS_H

#include "base/arena.h"
#include "model/verdict.h"

#include <stddef.h>

struct html_fact {
	const char *heading;
	const char *(*text)(struct arena *a, const struct finding *f); /* "" where there is nothing to say */
};

extern const struct html_fact html_facts[];
extern const size_t html_fact_count;

/* Any text from outside, safe to print and not endless; "" for NULL. */
const char *html_readable(struct arena *a, const char *text);

#endif
