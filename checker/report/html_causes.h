/*
 * The causes in the HTML report: per row that was called slower or faster and explained, its functions with intervals, the
 * changed lines of the one that is named, and where the time went on both sides.
 */
#ifndef PAWL_REPORT_HTML_CAUSES_H
#define PAWL_REPORT_HTML_CAUSES_H

#include "report/report.h"

/* The section; nothing where no row has a cause. */
void html_causes_write(struct buf *out, const struct verdict *v, const struct report_options *options);

#endif
