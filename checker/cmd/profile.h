/*
 * pawl profile: what its files share.
 *
 * What stands behind `pawl profile` is a view (view/view.h) or an action: a row of PROFILE_ACTION_LIST in a file of its own,
 * which is given the profiles as they were read, or prepared as a view sees them.
 */
#ifndef PAWL_CMD_PROFILE_H
#define PAWL_CMD_PROFILE_H

#include "base/file.h"
#include "cmd/cmd.h"
#include "cmd/profile_file.h"
#include "graph/source.h"
#include "profile/profile.h"
#include "view/view.h"

#include <stdbool.h>
#include <stddef.h>

/* The options of the command line; those that stand for a choice (--cum, --lines) one by one. */
struct profile_options {
	const char *focus, *ignore, *show, *hide, *show_from, *prune_from;
	const char *tag_focus, *tag_ignore, *tag_show, *tag_hide, *tag_root, *tag_leaf;
	const char *sample_index, *divide_by, *unit;
	const char *node_count, *node_fraction, *edge_fraction;
	const char *source_path, *trim_path, *output, *format, *to;
	const char *suite, *config;
	struct option_texts base, diff_base;
	bool normalize, drop_negative, relative, all, cum, flat, mean;
	bool functions, filefunctions, files, lines, addresses, no_inlines;
	bool inuse_space, inuse_objects, alloc_space, alloc_objects, total_delay, contentions, mean_delay;
	bool json, csv, svg, compact;
};

/* A profile that was read. */
struct profile_input {
	const char *path;
	const struct profile *profile;
	const struct profile_format *format;
};

/* One call of the command. */
struct profile_call {
	struct arena *arena;
	const struct profile_options *options;
	struct source_options source_options;
	struct view_options view_options;
	const char **paths; /* what stands behind the view's name and expression */
	size_t path_count;
	struct profile_input *heads, *bases; /* after profile_load */
	size_t head_count, base_count;
};

struct profile_action {
	const char *name, *help;
	enum status (*run)(struct profile_call *call, struct err *err);
};

#define PROFILE_ACTION_LIST(ROW)                                                                                       \
	ROW(convert)                                                                                                   \
	ROW(info)

#define ROW(name) extern const struct profile_action profile_action_##name;
PROFILE_ACTION_LIST(ROW)
#undef ROW

extern const struct profile_action *const profile_actions[];
extern const size_t profile_action_count;

const struct profile_action *profile_action_find(const char *name);

/* The command's options. */
extern const struct option profile_option_rows[];

/* Turns what stands on a command line, which may be written for pprof, into the name of a view or action, options in
 * pawl's form, "--" and words. */
bool profile_rewrite(struct arena *a, int *argc, char ***argv, struct err *err) MUST_CHECK;

/* Names addresses without names from the programs they are of, if they are there; `program` is that of the first mapping
 * (NULL: as the profile says).  Mangled names become readable. */
void profile_name(struct profile *p, const char *program);

/* Reads the profiles. */
bool profile_load(struct profile_call *call, struct err *err) MUST_CHECK;

/* The profiles that the last check, `pawl run --profile` or the newest stored run has of the suite of --suite: its hottest
 * functions, or as inputs for every other view. */
bool profile_show_suite(struct profile_call *call, struct err *err) MUST_CHECK;
bool profile_load_suite(struct profile_call *call, struct err *err) MUST_CHECK;

/* Merges and filters what was read, and says what there is to warn of. */
bool profile_prepare(struct profile_call *call, struct source *out, struct err *err) MUST_CHECK;

/* What becomes of a text that leaves in pieces: written to standard output, or the file of --output, which is there when all
 * of the text is. */
struct profile_output {
	struct buf_drain drain;
	const char *path; /* NULL: standard output */
	struct file_writer file;
	int fd; /* where no file is written: standard output, a pipe, a device */
	bool begun, is_file, gone, failed;
	struct err err;
};

/* Makes `o` the drain of the text. */
void profile_output_init(struct profile_output *o, struct profile_call *call, struct buf *text);

/* Writes what the text still holds; `binary`: not to a terminal. */
bool profile_output_end(struct profile_output *o, const struct buf *text, bool binary, struct err *err) MUST_CHECK;

/* Instead of an end: no file is left. */
void profile_output_give_up(struct profile_output *o);

/* All of that for a whole text. */
bool profile_put(struct profile_call *call, const struct buf *text, bool binary, struct err *err) MUST_CHECK;

#endif
