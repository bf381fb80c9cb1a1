/*
 * Text inside HTML, so that nothing which comes from outside becomes markup or code.
 *
 * For XML use report_xml: HTML has no way to say a control character, and its rules for scripts are its own.
 */
#ifndef PAWL_DRAW_ESCAPE_H
#define PAWL_DRAW_ESCAPE_H

#include "base/text.h"

/* The text of an element or the value of an attribute in double quotes.  Control characters, directions of writing and
 * what is no UTF-8 become visible as text_printable makes them. */
void html_text(struct buf *out, const char *text);

/* ` name="value"` */
void html_attribute(struct buf *out, const char *name, const char *value);

/* JSON as the content of a script element: what could end the element, begin a comment or break a line of JavaScript
 * (< > & U+2028 U+2029) is written \uXXXX.  All of them stand in strings only, so that the value stays the same. */
void html_script_json(struct buf *out, struct str json);

#endif
