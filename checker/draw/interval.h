/*
 * Interval plots: a change with its interval on a scale that all rows of a table share, as SVG.
 *
 * Changes are drawn by their logarithm, so that twice as much and half as much are equally far from none; for small ones
 * that is the percentage itself.
 */
#ifndef PAWL_DRAW_INTERVAL_H
#define PAWL_DRAW_INTERVAL_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* A change as ratio: 0.05 is 5 % more.  An end that is not known is not drawn: then the line ends in an arrow. */
struct interval_mark {
	double change_ratio, low_ratio, high_ratio;
	bool has_low, has_high;
	double threshold_ratio; /* half of the band around zero; 0: none */
};

struct interval_scale {
	double span; /* ln of the largest ratio that is shown, above 0 */
};

/* A scale on which every change and threshold has a place, up to a tenfold one, and most intervals. */
struct interval_scale interval_scale_of(struct arena *a, const struct interval_mark *marks, size_t count);

/* The plot, an <svg> without text, hidden from screen readers: the numbers stand beside it. */
void interval_draw(struct buf *out, const struct interval_scale *scale, const struct interval_mark *mark);

/* The scale itself with its numbers, as wide as the plots. */
void interval_axis_draw(struct buf *out, const struct interval_scale *scale);

#endif
