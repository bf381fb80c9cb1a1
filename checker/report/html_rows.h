/*
 * The rows of the HTML report: what each is called, and which comes first.
 */
#ifndef PAWL_REPORT_HTML_ROWS_H
#define PAWL_REPORT_HTML_ROWS_H

#include "base/arena.h"
#include "model/verdict.h"

/* What a row came to, in one word. */
#define HTML_LABEL_LIST(ROW)                                                                                           \
	ROW(SLOWER, "slower", "bad")                                                                                   \
	ROW(BUDGET, "over budget", "bad")                                                                              \
	ROW(FAILED, "failed", "bad")                                                                                   \
	ROW(UNDECIDED, "undecided", "unsure")                                                                          \
	ROW(TOO_FEW, "too few", "unsure")                                                                              \
	ROW(INCOMPARABLE, "incomparable", "unsure")                                                                    \
	ROW(GONE, "gone", "unsure")                                                                                    \
	ROW(FASTER, "faster", "good")                                                                                  \
	ROW(NEW, "new", "plain")                                                                                       \
	ROW(ACCEPTED, "accepted", "plain")                                                                             \
	ROW(NOISY, "too noisy", "unsure")                                                                              \
	ROW(SMALL, "too small", "plain")                                                                               \
	ROW(SAME, "same", "plain")                                                                                     \
	ROW(JUDGED, "judged", "plain")                                                                                 \
	ROW(SAME_CODE, "same code", "plain")

enum html_label {
#define ROW(name, text, look) HTML_LABEL_##name,
	HTML_LABEL_LIST(ROW)
#undef ROW
		HTML_LABEL_COUNT
};

struct html_row {
	const struct finding *finding;
	enum html_label label;
};

const char *html_label_name(enum html_label l);
/* The class of the style sheet: "bad", "unsure", "good", "plain". */
const char *html_label_look(enum html_label l);

/* All findings, what needs somebody first: rows that decide the exit status, then in the order of the labels, within one
 * by severity and size; series that are only reported come last. */
struct html_row *html_rows(struct arena *a, const struct verdict *v);

#endif
