/*
 * How a JSON text begins, for telling formats apart without reading them.
 */
#ifndef PAWL_INPUT_SNIFF_H
#define PAWL_INPUT_SNIFF_H

#include "base/text.h"

/*
 * The first key of the object that the brackets lead to: "{" is the outer object, "[{" the first object of a list, "{{"
 * the object that is the first member's value.  Escapes stand as they are in the text.  Empty where the text begins
 * otherwise.
 */
struct str sniff_key(struct str text, const char *brackets);

/* The first 64 KiB hold the words. */
bool sniff_holds(struct str text, const char *words);

#endif
