/*
 * The causes in the HTML report: per row that was called slower or faster and explained, its functions with intervals, the
 * changed lines of the one that is named, and where the time went on both sides.
 */
#ifndef PAWL_REPORT_HTML_CAUSES_H
#define PAWL_REPORT_HTML_CAUSES_H

#include "report/report.h"

/* Some cause has a picture, so that the page needs the style and the script of flame graphs. */
bool html_causes_draw(const struct verdict *v, const struct report_options *options);

/* Where the time of each suite goes; nothing where nothing was sampled. */
void html_hot_write(struct buf *out, const struct report_options *options);

/* The section; nothing where no row has a cause. */
void html_causes_write(struct buf *out, const struct verdict *v, const struct report_options *options);

#endif
