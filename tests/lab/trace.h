/*
 * Traces: pairs that pawl measured on a real machine, kept so that they can be judged again and again.
 *
 * A trace is gzipped CSV, one line a pair in measured order: benchmark, block, pair in the block, which side came first,
 * nanoseconds an operation on the base and on the head.  Lines that start with # say where it was recorded.  The arm, that
 * is the name of the file, says what the head was (TRACE_LIST).
 */
#ifndef PAWL_LAB_TRACE_H
#define PAWL_LAB_TRACE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* Arm, what the head is, and the per cent by which it was made slower. */
#define TRACE_LIST(ROW)                                                                                                \
	ROW("aa", SAME, 0)                                                                                             \
	ROW("aa_load", SAME, 0)                                                                                        \
	ROW("plus1", PLANTED, 1)                                                                                       \
	ROW("plus2", PLANTED, 2)                                                                                       \
	ROW("plus3", PLANTED, 3)                                                                                       \
	ROW("plus5", PLANTED, 5)                                                                                       \
	ROW("plus10", PLANTED, 10)                                                                                     \
	ROW("layout1", LAYOUT, 0)                                                                                      \
	ROW("layout2", LAYOUT, 0)                                                                                      \
	ROW("layout3", LAYOUT, 0)                                                                                      \
	ROW("layout4", LAYOUT, 0)                                                                                      \
	ROW("layout5", LAYOUT, 0)                                                                                      \
	ROW("layout6", LAYOUT, 0)                                                                                      \
	ROW("aligned1", ALIGNED, 0)                                                                                    \
	ROW("aligned2", ALIGNED, 0)                                                                                    \
	ROW("aligned3", ALIGNED, 0)                                                                                    \
	ROW("aligned4", ALIGNED, 0)                                                                                    \
	ROW("aligned5", ALIGNED, 0)                                                                                    \
	ROW("aligned6", ALIGNED, 0)

enum trace_kind {
	TRACE_SAME,    /* the same program on both sides */
	TRACE_PLANTED, /* some functions do more work */
	TRACE_LAYOUT,  /* the same objects linked in another order */
	TRACE_ALIGNED, /* the same, every function at a multiple of 64 bytes on both sides */
};

struct trace_pair {
	double base_ns, head_ns;
};

/* One benchmark of one arm. */
struct trace_row {
	const char *bench;
	const char *arm;
	enum trace_kind kind;
	int percent;    /* slower by construction, of PLANTED */
	bool same_code; /* nothing that this benchmark runs differs between the sides, not even its place */
	struct trace_pair *pairs;
	size_t count, capacity;
};

struct trace_set {
	struct trace_row *rows;
	size_t count, capacity;
};

/* Adds the pairs of one arm's text.  Fails with path and line on anything that is no trace, and on an unknown arm. */
bool trace_read(struct arena *a, const char *path, const char *arm, struct str text, struct trace_set *set,
		struct err *err) MUST_CHECK;

/* Reads FOLDER/ARM.csv.gz of every arm that is there.  Fails on a damaged file; an empty set is none. */
bool trace_set_read(struct arena *a, const char *folder, struct trace_set *set, struct err *err) MUST_CHECK;

#endif
