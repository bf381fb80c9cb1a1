/*
 * Text inside XML 1.0, for reports that are XML.
 *
 * What XML cannot carry even escaped (control characters, U+FFFE and U+FFFF) and what is no UTF-8 becomes U+FFFD.
 */
#ifndef PAWL_REPORT_REPORT_XML_H
#define PAWL_REPORT_REPORT_XML_H

#include "base/text.h"

/* The text of an element; line breaks and tabs stay. */
void xml_text(struct buf *out, const char *text);

/* ` name="value"`; line breaks and tabs as character references, so that they survive the reading of an attribute. */
void xml_attribute(struct buf *out, const char *name, const char *value);

#endif
