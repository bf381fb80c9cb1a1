/*
 * Interval plots as SVG.
 */
#include "draw/interval.h"

#include <math.h>
#include <stdlib.h>

/* Of the drawing, in its own units: a pixel each where the page has the room. */
#define MIDDLE       90.0 /* of a width of 180 */
#define REACH        86.0 /* from the middle to the last place where a mark still stands whole */

/* What is more than tenfold is drawn at the edge. */
#define LARGEST_SPAN 2.302585092994046
/* Of the ends of intervals, this part has to fit: one row that nobody could measure must not flatten all others. */
#define FITTING_PART 0.9

/* Ratios below -1 do not exist; -1 itself is drawn at the edge. */
static double logarithm(double ratio)
{
	return ratio > -1 ? log1p(ratio) : -INFINITY;
}

static int compare_doubles(const void *left, const void *right)
{
	double a = *(const double *)left, b = *(const double *)right;

	return a < b ? -1 : a > b;
}

static double span_of_ends(struct arena *a, const struct interval_mark *marks, size_t count)
{
	double *ends = NEW_ARRAY(a, double, count);
	size_t n = 0;

	for (size_t i = 0; i < count; i++) {
		double low = marks[i].has_low ? fabs(logarithm(marks[i].low_ratio)) : 0;
		double high = marks[i].has_high ? fabs(logarithm(marks[i].high_ratio)) : 0;

		if (marks[i].has_low || marks[i].has_high)
			ends[n++] = fmax(low, high);
	}
	if (n == 0)
		return 0;
	qsort(ends, n, sizeof *ends, compare_doubles);
	return ends[(size_t)((double)(n - 1) * FITTING_PART)];
}

struct interval_scale interval_scale_of(struct arena *a, const struct interval_mark *marks, size_t count)
{
	/* Nothing else to go by: 10 % to each side. */
	double span = 0;

	for (size_t i = 0; i < count; i++) {
		span = fmax(span, 1.1 * fabs(logarithm(marks[i].change_ratio)));
		span = fmax(span, 1.5 * logarithm(marks[i].threshold_ratio));
	}
	span = fmax(span, 1.05 * span_of_ends(a, marks, count));
	if (!(span > 0))
		span = log1p(0.1);
	return (struct interval_scale){fmin(span, LARGEST_SPAN)};
}

static double place_of(const struct interval_scale *scale, double ratio)
{
	return MIDDLE + REACH * fmax(-1, fmin(1, logarithm(ratio) / scale->span));
}

static bool is_beyond(const struct interval_scale *scale, double ratio)
{
	return fabs(logarithm(ratio)) > scale->span;
}

void interval_draw(struct buf *out, const struct interval_scale *scale, const struct interval_mark *mark)
{
	double low = place_of(scale, mark->has_low ? mark->low_ratio : -1);
	double high = place_of(scale, mark->has_high ? mark->high_ratio : INFINITY);
	bool has_interval = mark->has_low || mark->has_high;

	buf_text(out, "<svg class=\"iv\" viewBox=\"0 0 180 20\" aria-hidden=\"true\">");
	if (mark->threshold_ratio > 0) {
		/* A slowdown by the threshold and its inverse: equally far from zero. */
		double right = place_of(scale, mark->threshold_ratio), left = 2 * MIDDLE - right;

		buf_printf(out, "<path class=\"band\" d=\"M%.1f 0H%.1fV20H%.1fz\"/>", left, right, left);
	}
	buf_text(out, "<path class=\"zero\" d=\"M90 0V20\"/>");
	if (has_interval) {
		bool left_open = !mark->has_low || is_beyond(scale, mark->low_ratio);
		bool right_open = !mark->has_high || is_beyond(scale, mark->high_ratio);

		buf_printf(out, "<path class=\"range\" d=\"M%.1f 10H%.1f", low, high);
		buf_printf(out, left_open ? "M%.1f 6l-4 4 4 4" : "M%.1f 6v8", left_open ? low + 4 : low);
		buf_printf(out, right_open ? "M%.1f 6l4 4-4 4\"/>" : "M%.1f 6v8\"/>", right_open ? high - 4 : high);
	}
	if (is_beyond(scale, mark->change_ratio))
		buf_printf(out, "<path class=\"dot\" d=\"M%s\"/>",
			   mark->change_ratio < 0 ? "0 10l8-6v12z" : "180 10l-8-6v12z");
	else
		buf_printf(out, "<circle class=\"dot\" cx=\"%.1f\" cy=\"10\" r=\"3.2\"/>",
			   place_of(scale, mark->change_ratio));
	buf_text(out, "</svg>");
}

/* "+20 %" up to a doubling, then "x3". */
static void draw_tick(struct buf *out, const struct interval_scale *scale, double ratio, const char *sign)
{
	double place = place_of(scale, ratio);

	buf_printf(out, "<path class=\"zero\" d=\"M%.1f 15V20\"/><text x=\"%.1f\" y=\"12\">", place, place);
	if (*sign)
		buf_printf(out, "%s%.0f", sign, ratio < 0 ? 1 / (1 + ratio) : 1 + ratio);
	else
		buf_printf(out, "%s%g %%", ratio > 0 ? "+" : "\xE2\x88\x92", fabs(100 * ratio));
	buf_text(out, "</text>");
}

void interval_axis_draw(struct buf *out, const struct interval_scale *scale)
{
	static const double ticks[] = {0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 4, 9};
	double tick = 0;

	/* Numbers are some 30 wide: their middles stay this far from the edge. */
	for (size_t i = 0; i < sizeof ticks / sizeof ticks[0]; i++) {
		if (log1p(ticks[i]) <= 0.8 * scale->span)
			tick = ticks[i];
	}
	buf_text(out, "<svg class=\"iv axis\" viewBox=\"0 0 180 20\" aria-hidden=\"true\">"
		      "<path class=\"zero\" d=\"M90 15V20\"/><text x=\"90\" y=\"12\">0</text>");
	if (tick >= 1) {
		draw_tick(out, scale, tick, "\xC3\x97");
		draw_tick(out, scale, 1 / (1 + tick) - 1, "\xC3\xB7");
	} else if (tick > 0) {
		draw_tick(out, scale, tick, "");
		/* 50 % less is as far as 100 % more. */
		if (-log1p(-tick) <= 0.85 * scale->span)
			draw_tick(out, scale, -tick, "");
		else
			draw_tick(out, scale, -tick / 2, "");
	}
	buf_text(out, "</svg>");
}
