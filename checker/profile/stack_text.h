/*
 * Records that end with "@ 0x1 0x2 …", a stack of return addresses with the leaf first, as heapz and the pages of Go's
 * net/http/pprof with debug=1 have them.  Go adds comments behind a record that name the functions, save those of the
 * runtime that it thinks nobody wants to see, and the labels of goroutines:
 *
 *   # labels: {"request":"42"}
 *   #	0x4372d5	main.f+0x35	/src/main.go:12
 */
#ifndef PAWL_PROFILE_STACK_TEXT_H
#define PAWL_PROFILE_STACK_TEXT_H

#include "profile/addresses.h"
#include "profile/lines.h"
#include "profile/tally.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct stack_text {
	struct lines lines;
	struct addresses addresses;
	struct tally tally;

	/* Of the record that is read. */
	uint64_t *pcs; /* of calls: a byte before what they return to */
	size_t pc_count, pc_capacity;
	struct frame *named; /* what the comments name, with the address of each */
	uint64_t *named_pcs;
	size_t named_count, named_capacity, named_pc_capacity;
	struct profile_label *labels;
	size_t label_count, label_capacity;
	struct frames frames;
};

/* The profile's types must be there. */
void stack_text_init(struct stack_text *t, struct arena *a, const char *path, struct str text, struct profile *p);

/* The next line that is neither blank nor a comment, trimmed; false at the end of the records. */
bool stack_text_next(struct stack_text *t, struct str *line);

/* Adds a sample: `rest` is what stands behind its "@", the comments are taken from the lines that follow.  `label` may be
 * NULL. */
bool stack_text_add(struct stack_text *t, struct str rest, const struct profile_label *label, const int64_t *values,
		    struct err *err) MUST_CHECK;

#endif
