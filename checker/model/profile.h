/*
 * A profile: what was sampled, by stack.
 *
 * The model of profile.proto with everything interned: strings, stacks and sets of labels stand once each and are named by
 * their index; a sample is a stack, a set of labels and one value a sample type.  Structure of arrays in one arena.  Plain
 * data: nothing here reads or writes files (profile/), calculates views (graph/) or knows machine code (symbol/).
 *
 * Readers fill a profile with the profile_add_… functions; whoever only looks reads the fields.  What was added is never
 * taken away: filters and merges (graph/) make a new profile.
 */
#ifndef PAWL_MODEL_PROFILE_H
#define PAWL_MODEL_PROFILE_H

#include "base/arena.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No such index: a location without mapping, a line without function. */
#define PROFILE_NONE UINT32_MAX

/* What a value means: "cpu" in "nanoseconds".  Both are indices of strings. */
struct profile_type {
	uint32_t name, unit;
};

struct profile_mapping {
	uint64_t start, limit, offset; /* [start, limit) in memory; offset: of start in the file */
	uint32_t file, build_id;       /* strings; build id in hexadecimal digits */
	bool has_functions, has_files, has_lines, has_inlines;
};

struct profile_function {
	uint32_t name, system_name, file; /* strings; system_name: as the linker knows it */
	int64_t start_line;               /* 0: not known */
};

struct profile_line {
	uint32_t function;    /* or PROFILE_NONE */
	int64_t line, column; /* 0: not known */
};

/* An address with the functions that it stands for: lines[first_line], innermost (inlined) first, line_count of them. */
struct profile_location {
	uint64_t address;    /* 0: not known.  Of a caller: of its call, not of the instruction behind it */
	uint32_t mapping;    /* or PROFILE_NONE */
	uint32_t first_line; /* in `lines` */
	uint32_t line_count; /* 0: no symbols */
	bool folded;         /* several functions with the same code were made one by the linker */
};

/* A label of samples: a text, or a number in a unit. */
struct profile_label {
	uint32_t key;   /* string */
	uint32_t text;  /* string; of numeric labels 0 */
	int64_t number; /* of textual labels 0 */
	uint32_t unit;  /* string of numeric labels; 0: none is given */
	bool numeric;
};

/* A run of entries in a list. */
struct profile_span {
	uint32_t first, count;
};

/* Open addressing; the model's own. */
struct profile_index {
	uint32_t *slots;
	size_t room, count;
};

struct profile {
	struct arena *arena;

	struct str *strings; /* [0] is ""; any bytes, a NUL behind each; use profile_text for text */
	size_t string_count, string_capacity;

	struct profile_type *types;
	size_t type_count, type_capacity;
	uint32_t default_type; /* string: name of the type that is shown first; 0: the last one */

	struct profile_mapping *mappings; /* [0] is the main program, if there is one */
	size_t mapping_count, mapping_capacity;
	struct profile_function *functions;
	size_t function_count, function_capacity;
	struct profile_line *lines;
	size_t line_count, line_capacity;
	struct profile_location *locations;
	size_t location_count, location_capacity;

	uint32_t *frames; /* of all stacks: indices of locations, the leaf first */
	size_t frame_count, frame_capacity;
	struct profile_span *stacks; /* in `frames`; a stack may be empty */
	size_t stack_count, stack_capacity;

	struct profile_label *labels;
	size_t label_count, label_capacity;
	struct profile_span *label_sets; /* in `labels`; [0] is the empty one */
	size_t label_set_count, label_set_capacity;

	uint32_t *sample_stacks, *sample_labels; /* a stack and a label set per sample */
	int64_t *values;                         /* type_count a sample, row by row */
	size_t sample_count, sample_capacity;

	struct profile_type period_type;
	int64_t period;                             /* between samples, in the period type's unit; 0: not known */
	int64_t time_ns;                            /* since the epoch; 0: not known */
	int64_t duration_ns;                        /* 0: not known */
	uint32_t drop_frames, keep_frames, doc_url; /* strings: regular expressions, an address */
	uint32_t *comments;                         /* strings */
	size_t comment_count, comment_capacity;

	/* What its file had and this cannot hold: ids of mappings and functions that were not there, labels without a
	 * value. */
	size_t dangling_mapping_count, dangling_function_count, dropped_label_count;

	struct profile_index string_index, stack_index, label_index, function_index, location_index;
};

/* Makes `p` an empty profile whose memory is the arena's. */
void profile_init(struct profile *p, struct arena *a);

/* Makes room, so that lists of which the size is known do not grow by copies. */
void profile_reserve(struct profile *p, size_t sample_count, size_t frame_count);
void profile_reserve_tables(struct profile *p, size_t function_count, size_t location_count, size_t line_count);

/* The index of a string, which is copied when it is new. */
uint32_t profile_string(struct profile *p, struct str text);
uint32_t profile_string_of(struct profile *p, const char *text);

/* A string as text: what stands before the first NUL byte. */
const char *profile_text(const struct profile *p, uint32_t string);

/* Types come before samples. */
void profile_add_type(struct profile *p, const char *name, const char *unit);
void profile_add_type_strings(struct profile *p, const struct profile_type *type);

/* New entries; always added, their index is returned.  The lines of a location are copied. */
uint32_t profile_add_mapping(struct profile *p, const struct profile_mapping *m);
uint32_t profile_add_function(struct profile *p, const struct profile_function *f);
uint32_t profile_add_location(struct profile *p, const struct profile_location *l, const struct profile_line *lines,
			      size_t line_count);

/* The same, but equal entries (all fields, lines included) stand once.  Do not mix with profile_add_ in one profile: what
 * that added is not found. */
uint32_t profile_intern_function(struct profile *p, const struct profile_function *f);
uint32_t profile_intern_location(struct profile *p, const struct profile_location *l, const struct profile_line *lines,
				 size_t line_count);

/* The index of a stack or label set; equal ones stand once.  Labels keep the order given: sort them before
 * (profile_sort_labels) so that equal sets are equal. */
uint32_t profile_stack(struct profile *p, const uint32_t *locations, size_t count);
uint32_t profile_label_set(struct profile *p, const struct profile_label *labels, size_t count);

/* By key, texts before numbers, then by value; keys and texts compare by their bytes. */
void profile_sort_labels(const struct profile *p, struct profile_label *labels, size_t count);

/* A new sample; its values (type_count of them) are copied. */
void profile_add_sample(struct profile *p, uint32_t stack, uint32_t label_set, const int64_t *values);

void profile_add_comment(struct profile *p, uint32_t string);

/* The type of that name, or type_count. */
size_t profile_type_find(const struct profile *p, const char *name);

/* The type that is shown when nobody chose: the default one, else the last.  At least one type must be there. */
size_t profile_type_default(const struct profile *p);

#endif
