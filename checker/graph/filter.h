/*
 * Filters of profiles: which samples, frames and labels stay.
 *
 * Rules of google/pprof (profile/filter.go, prune.go, driver_focus.go, tagroot.go).  All of them change the profile they
 * are given, which nobody else may use (merge_profiles makes such a one); stacks may be equal afterwards.  A regular
 * expression is asked once for each string, not for each sample.
 */
#ifndef PAWL_GRAPH_FILTER_H
#define PAWL_GRAPH_FILTER_H

#include "base/arena.h"
#include "base/err.h"
#include "graph/source.h"
#include "model/profile.h"

#include <stdbool.h>
#include <stdint.h>

/* An expression with what it answered.  An absent one has no regex. */
struct filter_regex {
	struct regex *regex;
	const struct profile *profile;
	int8_t *answers;     /* per string: 0 not asked, 1 yes, -1 no */
	bool simplify;       /* names lose their arguments first */
	bool hit;            /* it matched something */
	struct arena *arena; /* of names while they are asked for; apart from the regex, whose memory lasts */
	const char *option;  /* for errors */
};

/* `pattern` NULL or "": absent.  `option` as the user writes it. */
bool filter_compile(struct arena *a, const struct profile *p, const char *option, const char *pattern,
		    struct filter_regex *out, struct err *err) MUST_CHECK;

/* Whether a string of the profile matches. */
bool filter_matches(struct filter_regex *re, uint32_t string, bool *found, struct err *err) MUST_CHECK;

/* What frames are kept by name, file or object: some may be absent. */
struct filter_names {
	struct filter_regex focus, ignore, hide, show;
};

bool filter_by_names(struct arena *a, struct profile *p, struct filter_names *names, struct err *err) MUST_CHECK;

/* Frames above the highest match are dropped, and samples without one. */
bool filter_show_from(struct arena *a, struct profile *p, struct filter_regex *re, struct err *err) MUST_CHECK;

/* Frames below the lowest match are dropped. */
bool filter_prune_from(struct arena *a, struct profile *p, struct filter_regex *re, struct err *err) MUST_CHECK;

/* Frames that match `drop` and not `keep` are dropped with all below them, but for those above the first that matches not. */
bool filter_prune(struct arena *a, struct profile *p, struct filter_regex *drop, struct filter_regex *keep,
		  struct err *err) MUST_CHECK;

/* Inlined functions are taken for their callers, and functions, locations and lines lose what the granularity does not
 * tell apart. */
void filter_granularity(struct profile *p, enum granularity granularity, bool no_inlines);

/* Labels.  `focus` and `ignore` as source_options has them; *focus_hit and *ignore_hit: something matched; *note: how
 * they were read, if that is not obvious. */
struct filter_tags {
	const char *focus, *ignore;
	bool focus_hit, ignore_hit;
	const char *focus_note, *ignore_note;
};

bool filter_by_tags(struct arena *a, struct profile *p, struct filter_tags *tags, struct err *err) MUST_CHECK;

/* Takes labels away whose key does not match `show` or matches `hide`. */
bool filter_labels(struct profile *p, struct filter_regex *show, struct filter_regex *hide, struct err *err) MUST_CHECK;

/* Adds frames of label values at the root and the leaf; keys parted by commas.  `unit` of numbers. */
void filter_label_frames(struct arena *a, struct profile *p, const char *root, const char *leaf, const char *unit,
			 bool *root_hit, bool *leaf_hit);

/* Keeps the samples whose entry in `of_sample` (sample_stacks or sample_labels of the profile) `keep` says yes to. */
void filter_keep(struct profile *p, const uint32_t *of_sample, const bool *keep);

#endif
