/*
 * Text inside Markdown that GitHub renders, tables included.
 *
 * Whatever the text is, it stays text: no markup, no HTML, no link, no @mention, no issue reference, no emoji, no end of a
 * cell or line.  Both pass it through words_inert first.
 */
#ifndef PAWL_REPORT_REPORT_MARKDOWN_H
#define PAWL_REPORT_REPORT_MARKDOWN_H

#include "base/text.h"

/* A name: always code. */
void markdown_code(struct buf *out, const char *text);

/* Words: as they are where nothing in them could be taken for more than words, else code.  Not for the start of a line. */
void markdown_prose(struct buf *out, const char *text);

/* Lines of code that stand by themselves, in their own paragraph. */
void markdown_block(struct buf *out, const char *line);

#endif
