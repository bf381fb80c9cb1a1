/*
 * The shell of an HTML page that stands alone: one file without network, with a policy that lets nothing run but its own
 * script.
 */
#ifndef PAWL_DRAW_PAGE_H
#define PAWL_DRAW_PAGE_H

#include "base/text.h"

struct page {
	const char *title;
	const char *style;  /* CSS; must not hold "</style" */
	const char *script; /* JavaScript, run when the body is there; must not hold "</script" */
};

/* Everything before the content of the body, and everything behind it. */
void page_begin(struct buf *out, const struct page *page);
void page_end(struct buf *out, const struct page *page);

#endif
