/*
 * Starter: what benchmarks a project has, and the files that a first check needs.
 *
 * starter_look walks a folder; the sources (CMake, make, Go, Cargo) are pure functions of the files' texts, and know
 * nothing of the disk.  A source is a row in STARTER_LIST and one file; make is
 * asked last, and answers only where no other found anything.  What cannot be found out for sure is left out
 * and becomes a note: a suite that does not build is worse than one that is added by hand.
 */
#ifndef PAWL_FLOW_STARTER_H
#define PAWL_FLOW_STARTER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>

/* A file of the project; `path` is relative to its folder, "bench/CMakeLists.txt". */
struct starter_file {
	const char *path;
	struct str text;
};

struct starter_suite {
	const char *name; /* letters, digits, '_', '-' and '.' */
	const char *kind;
	const char *comment; /* one line or several above the suite; NULL: none */
	const char *build;   /* shell text, or "" */
	const char *const *run;
	size_t run_count;
	const char *cwd, *result, *format; /* NULL: not set */
	const char *timeout;               /* NULL: not set */
	bool warms_up;                     /* its first process does more than the others */
	bool counts;                       /* its instructions can be counted */
};

struct starter {
	struct starter_suite *suites;
	size_t suite_count, suite_capacity;
	const char **notes; /* what was seen and not taken, for the user; not made printable */
	size_t note_count, note_capacity;
	const char **ignored; /* folders that builds make, for .gitignore */
	size_t ignored_count, ignored_capacity;
	bool wants_benchmark_package; /* google-benchmark has to be installed */
	bool has_submodules;          /* a checkout must fill them */
};

struct starter_source {
	const char *name, *looks_for;
	bool (*wants)(const char *path);
	/* The files that it wants, those nearest to the top first. */
	void (*read)(struct arena *a, const struct starter_file *files, size_t count, struct starter *out);
};

#define STARTER_LIST(ROW)                                                                                              \
	ROW(cmake)                                                                                                     \
	ROW(go)                                                                                                        \
	ROW(cargo)                                                                                                     \
	ROW(make)

#define ROW(name) extern const struct starter_source starter_##name;
STARTER_LIST(ROW)
#undef ROW

extern const struct starter_source *const starter_sources[];
extern const size_t starter_source_count;

/* Walks `folder` (hidden folders, builds and what others wrote are left out; links are not followed) and asks every
 * source. */
bool starter_look(struct arena *a, const char *folder, struct starter *out, struct err *err) MUST_CHECK;

/* One suite of kind command: `words` as they stand. */
void starter_take_command(struct arena *a, const char *const *words, size_t count, struct starter *out);

/* pawl.yml.  With `instructions`: the suites that can be counted, gated by instructions alone. */
void starter_write_config(struct buf *b, const struct starter *s, bool instructions);

/* Whether starter_write_config(…, true) has any suite. */
bool starter_counts(const struct starter *s);

/* A workflow for GitHub.  `prefix`: the project's folder in the repository, "" or "sub/dir/"; `action`:
 * "owner/pawl/ci@commit", NULL: the one that this program was built with. */
bool starter_write_workflow(struct buf *b, const struct starter *s, const char *prefix, const char *action,
			    struct err *err) MUST_CHECK;

/* A pre-push hook. */
void starter_write_hook(struct buf *b, const char *prefix);

/* For the sources. */

/* A new suite; its name is made of `name` and, where that is taken, a number. */
struct starter_suite *starter_add(struct arena *a, struct starter *s, const char *name);
void starter_note(struct arena *a, struct starter *s, const char *format, ...) PRINTF_LIKE(3, 4);
void starter_ignore(struct arena *a, struct starter *s, const char *folder);
void starter_set_run(struct arena *a, struct starter_suite *suite, size_t count, const char *const *words);
#define STARTER_RUN(a, suite, ...)                                                                                     \
	starter_set_run((a), (suite), sizeof((const char *[]){__VA_ARGS__}) / sizeof(const char *),                    \
			(const char *[]){__VA_ARGS__})

/* The text as one word of a shell. */
const char *starter_shell_word(struct arena *a, const char *text);

/* Whether it can be written into YAML and onto a command line: valid UTF-8 without control characters, not empty. */
bool starter_plain_name(const char *text);

/* Values of variables, the last one set wins. */
struct starter_vars {
	struct starter_var {
		const char *name, *value;
	} * items;
	size_t count, capacity;
};

void starter_set(struct arena *a, struct starter_vars *vars, const char *name, const char *value);

/* `text` with $(NAME) and ${NAME} replaced once; NULL where one of them is not known. */
const char *starter_expand(struct arena *a, const struct starter_vars *vars, const char *text);

#endif
