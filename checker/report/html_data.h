/*
 * The data block of the HTML report: what its script sorts and filters by, and what it builds a row's details from.
 */
#ifndef PAWL_REPORT_HTML_DATA_H
#define PAWL_REPORT_HTML_DATA_H

#include "base/text.h"
#include "report/html_rows.h"
#include "report/report.h"

/* JSON for a script element, one line a row:
 *
 *   labels, severities, suites, runs   names that rows mean by their index; runs are those of the history
 *   facts                              headings of a row's facts
 *   rows      l s e   label, suite, severity             g       reported only, not gated
 *             b h c   baseline, current, change          f       facts, "" for none, cut after the last
 *             n       the whole name, where it was cut   r w q   reason, warning, command that repeats it
 *             u m     unit of the plots, and what values are multiplied with for it
 *             x y     values of base and head            xs      values of the base are medians of stored runs
 *             xn yn   how many there are, where some were left out
 *             hr hv   runs and values of the history     hc hs   places in it of change points, of slower runs
 *
 * What is not known is left out. */
void html_data_write(struct buf *out, const struct verdict *v, const struct html_row *rows,
		     const struct report_options *options);

#endif
