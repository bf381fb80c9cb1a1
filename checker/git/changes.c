/* Reads the hunks of git diff with whole functions. */
#include "git/changes.h"

#include "base/text.h"
#include "git/call.h"

#include <stdlib.h>
#include <string.h>

/* The path behind "+++ b/", or NULL: of a file that is gone, or one that git quotes. */
static const char *new_path(struct arena *a, struct str line)
{
	static const char prefix[] = "+++ b/";
	size_t skip = sizeof prefix - 1, size = line.size;

	if (size < skip || memcmp(line.at, prefix, skip) != 0)
		return NULL;
	/* A tab stands behind a path with blanks. */
	if (size > skip && line.at[size - 1] == '\t')
		size--;
	return arena_copy(a, line.at + skip, size - skip);
}

/* "@@ -1,2 +3,4 @@": the lines 3 to 6. */
static bool new_lines(struct str line, struct git_hunk *hunk)
{
	const char *plus = memchr(line.at, '+', line.size), *end = line.at + line.size;
	char *rest;

	if (!plus)
		return false;
	hunk->first_line = strtoll(plus + 1, &rest, 10);
	hunk->line_count = rest < end && *rest == ',' ? strtoll(rest + 1, NULL, 10) : 1;
	return hunk->first_line > 0 && hunk->line_count > 0;
}

static void read_diff(struct arena *a, struct str text, struct git_changes *out)
{
	const char *path = NULL;
	int64_t left = 0; /* lines of the hunk that belong to the new file */

	while (text.size) {
		const char *newline = memchr(text.at, '\n', text.size);
		struct str line = {text.at, newline ? (size_t)(newline - text.at) : text.size};
		struct git_hunk hunk = {0};

		text.at += line.size + (newline != NULL);
		text.size -= line.size + (newline != NULL);
		if (left > 0 && line.size && (line.at[0] == '+' || line.at[0] == ' ')) {
			left--;
		} else if (left > 0 && line.size && (line.at[0] == '-' || line.at[0] == '\\')) {
			continue;
		} else if (line.size > 4 && memcmp(line.at, "+++ ", 4) == 0) {
			path = new_path(a, line);
		} else if (line.size > 4 && memcmp(line.at, "@@ -", 4) == 0 && new_lines(line, &hunk)) {
			left = hunk.line_count;
			hunk.path = path;
			if (!path)
				continue;
			out->hunks = arena_reserve(a, out->hunks, out->count, &out->capacity, sizeof *out->hunks);
			out->hunks[out->count++] = hunk;
		}
	}
}

bool git_changes(struct arena *a, const struct git_repo *repo, const char *revision, struct git_changes *out,
		 struct err *err)
{
	const char *text;

	*out = (struct git_changes){0};
	if (!git_call_text(a, repo->top,
			   GIT_ARGS("-c", "core.quotePath=false", "diff", "--no-color", "--no-ext-diff",
				    "--no-textconv", "--no-renames", "--src-prefix=a/", "--dst-prefix=b/", "-U0",
				    "--function-context", revision, "--"),
			   &text, err))
		return false;
	read_diff(a, str_of(text), out);
	return true;
}

bool git_changes_have(const struct git_changes *changes, const char *path)
{
	for (size_t i = 0; i < changes->count; i++) {
		if (text_equal(changes->hunks[i].path, path))
			return true;
	}
	return false;
}

bool git_changes_touch(const struct git_changes *changes, const char *path, int64_t first_line, int64_t last_line)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct git_hunk *h = &changes->hunks[i];

		if (last_line >= h->first_line && first_line < h->first_line + h->line_count &&
		    text_equal(h->path, path))
			return true;
	}
	return false;
}
