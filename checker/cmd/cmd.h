/*
 * Commands: what a user can ask for.
 *
 * Adding one is one new file with its row and one line in COMMAND_LIST.  Help and completion are printed from the rows.
 */
#ifndef PAWL_CMD_CMD_H
#define PAWL_CMD_CMD_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

enum status {
	STATUS_OK = 0,
	STATUS_REGRESSED = 1,
	STATUS_USAGE = 2,
	STATUS_UNDECIDED = 3,
	STATUS_SKIP = 125,  /* for `git bisect run`: this commit cannot be tested */
	STATUS_ABORT = 128, /* for `git bisect run`: none can */
	STATUS_INTERRUPTED = 130,
};

enum option_type {
	OPTION_FLAG,  /* bool */
	OPTION_TEXT,  /* const char * */
	OPTION_TEXTS, /* struct option_texts, may be given several times */
	OPTION_COUNT, /* int64_t, from 1 */
	OPTION_SEED,  /* struct option_seed */
};

struct option_texts {
	const char **items;
	size_t count, capacity;
};

struct option_seed {
	unsigned long long value;
	bool given;
};

struct option {
	const char *name; /* without dashes */
	char letter;      /* short form or 0 */
	enum option_type type;
	const char *argument; /* "REV"; NULL for flags */
	size_t offset;        /* in the command's options */
	const char *help;
};

/* Options and words of one call; `words` are what is not an option. */
struct call {
	struct arena *arena;
	void *options; /* the command's own struct, zeroed, then filled */
	const char **words;
	size_t word_count, word_capacity;
	size_t words_before; /* the divider "--" */
	bool has_divider;
};

struct command {
	const char *name, *summary;   /* the name is one word, "profile-diff", for the names of pages */
	const char *words;            /* "BASE HEAD" */
	const char *examples;         /* lines, printed first in the help */
	const char *details;          /* paragraphs, printed last; "" */
	const struct option *options; /* ended by a NULL name */
	size_t options_size;
	size_t min_words, max_words;
	/* Makes of what was written for another program what stands in the options; NULL: it is taken as it is. */
	bool (*rewrite)(struct arena *a, int *argc, char ***argv, struct err *err);
	/* What the first word can be, parted by blanks; NULL: `words` says it. */
	const char *(*actions)(struct arena *a);
	/* Adds lines to the help that come from tables; NULL: none. */
	void (*more)(struct buf *out);
	/* The status of options that make no sense, which are given as they were; NULL: USAGE. */
	enum status (*misused)(int argc, char **argv);
	/* The error is printed by main when the status is USAGE or UNDECIDED and its text is not empty. */
	enum status (*run)(struct call *call, struct err *err);
};

#define COMMAND_LIST(ROW)                                                                                              \
	ROW(check)                                                                                                     \
	ROW(run)                                                                                                       \
	ROW(compare)                                                                                                   \
	ROW(report)                                                                                                    \
	ROW(accept)                                                                                                    \
	ROW(baseline)                                                                                                  \
	ROW(trend)                                                                                                     \
	ROW(bisect)                                                                                                    \
	ROW(init)                                                                                                      \
	ROW(doctor)                                                                                                    \
	ROW(profile)                                                                                                   \
	ROW(profile_diff)                                                                                              \
	ROW(help)

#define ROW(name) extern const struct command command_##name;
COMMAND_LIST(ROW)
#undef ROW

extern const struct command *const commands[];
extern const size_t command_count;

const struct command *command_find(const char *name);

/* How a command's name is typed: "profile diff". */
const char *command_typed(struct arena *a, const struct command *c);

/* Printed by main and by the help command. */
void help_print_all(void);
void help_print_command(const struct command *c);

/* Parses argv behind the command's name.  The error says what is wrong and the nearest right name. */
bool command_parse(struct call *call, const struct command *c, int argc, char **argv, bool *help,
		   struct err *err) MUST_CHECK;

#endif
