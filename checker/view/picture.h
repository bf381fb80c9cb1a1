/*
 * What views that are pictures have in common: the flame graph of a source, the shell of their pages.
 */
#ifndef PAWL_VIEW_PICTURE_H
#define PAWL_VIEW_PICTURE_H

#include "draw/flame.h"
#include "view/shown.h"

/* The flame graph of the source's sample type.  `s` must outlive the words. */
void picture_flame(const struct shown *s, const struct flame_build_options *options, struct flame *out,
		   struct flame_words *words);

/* Whether the source is a comparison: some samples are the base's (--diff-base). */
bool picture_compares(const struct source *source);

/* What the picture shows, in a line: "cpu of main". */
const char *picture_title(const struct shown *s);

/* Style and script of pages (page.css, page.js). */
extern const char picture_style[], picture_script[];

#endif
