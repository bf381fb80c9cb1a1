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

/* Lines of the hunk at hand, added up. */
struct reading {
	struct arena *arena;
	struct git_changes *out;
	const char *path;
	int64_t left; /* lines of the hunk that belong to the new file */
	int64_t line; /* the next one of these */
	struct buf text;
	bool inside, changed;
};

/* Of a hunk is kept what has a changed line. */
static void end_hunk(struct reading *r)
{
	struct git_hunk *hunk = r->inside ? &r->out->hunks[r->out->count - 1] : NULL;

	if (hunk && r->changed) {
		hunk->line_count = r->line - hunk->first_line;
		hunk->text = buf_string(&r->text);
	} else if (hunk) {
		r->out->count--;
	}
	r->inside = r->changed = false;
	r->text = (struct buf){.arena = r->arena};
}

static void begin_hunk(struct reading *r, struct git_hunk hunk)
{
	struct git_changes *out = r->out;

	r->left = hunk.line_count;
	r->line = hunk.first_line;
	hunk.path = r->path;
	if (!r->path)
		return;
	out->hunks = arena_reserve(r->arena, out->hunks, out->count, &out->capacity, sizeof *out->hunks);
	out->hunks[out->count++] = hunk;
	r->inside = true;
}

static void read_line(struct reading *r, struct str line)
{
	struct git_hunk hunk = {0};
	char mark = line.size ? line.at[0] : '\0';

	/* A line that was removed may stand behind the last that is left; a header of a file begins with "diff". */
	if ((r->left > 0 && mark && strchr("+ ", mark)) || (r->inside && mark == '-')) {
		r->left -= mark != '-';
		r->line += mark != '-';
		r->changed = r->changed || mark != ' ';
		buf_bytes(&r->text, line.at, line.size);
		buf_char(&r->text, '\n');
		/* Git takes what stands before a function for part of it, up to an empty line: the end of another one, too. */
		if (mark != '-' && line.size > 1 && line.at[1] == '}') {
			end_hunk(r);
			if (r->left > 0)
				begin_hunk(r, (struct git_hunk){.first_line = r->line, .line_count = r->left});
		}
		return;
	}
	if (mark == '\\' || (r->left > 0 && mark == '-'))
		return;
	end_hunk(r);
	if (line.size > 4 && memcmp(line.at, "+++ ", 4) == 0)
		r->path = new_path(r->arena, line);
	else if (line.size > 4 && memcmp(line.at, "@@ -", 4) == 0 && new_lines(line, &hunk))
		begin_hunk(r, hunk);
}

static void read_diff(struct arena *a, struct str text, struct git_changes *out)
{
	struct reading r = {.arena = a, .out = out, .text = {.arena = a}};

	while (text.size) {
		const char *newline = memchr(text.at, '\n', text.size);
		struct str line = {text.at, newline ? (size_t)(newline - text.at) : text.size};

		text.at += line.size + (newline != NULL);
		text.size -= line.size + (newline != NULL);
		read_line(&r, line);
	}
	end_hunk(&r);
}

/* Files that git does not know yet, and is not told to ignore, are new from the first line to the last. */
static void add_unknown(struct arena *a, const char *files, struct git_changes *out)
{
	while (*files) {
		size_t size = strcspn(files, "\n");

		/* A path that git quotes is left out, as in diffs. */
		if (size && files[0] != '"') {
			out->hunks = arena_reserve(a, out->hunks, out->count, &out->capacity, sizeof *out->hunks);
			out->hunks[out->count++] = (struct git_hunk){.path = arena_copy(a, files, size),
								     .first_line = 1,
								     .line_count = INT32_MAX,
								     .text = ""};
		}
		files += size + (files[size] == '\n');
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
	if (!git_call_text(a, repo->top,
			   GIT_ARGS("-c", "core.quotePath=false", "ls-files", "--others", "--exclude-standard"), &text,
			   err))
		return false;
	add_unknown(a, text, out);
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

const struct git_hunk *git_changes_find(const struct git_changes *changes, const char *path, int64_t first_line,
					int64_t last_line)
{
	for (size_t i = 0; i < changes->count; i++) {
		const struct git_hunk *h = &changes->hunks[i];

		if (last_line >= h->first_line && first_line < h->first_line + h->line_count &&
		    text_equal(h->path, path))
			return h;
	}
	return NULL;
}

bool git_changes_touch(const struct git_changes *changes, const char *path, int64_t first_line, int64_t last_line)
{
	return git_changes_find(changes, path, first_line, last_line) != NULL;
}

/* Braces of a line that are open at its end; below 0: closed. */
static int braces_of(struct str line)
{
	int open = 0;

	for (size_t i = 0; i < line.size; i++)
		open += (line.at[i] == '{') - (line.at[i] == '}');
	return open;
}

static size_t indent_of(struct str line)
{
	size_t i = 0;

	while (i < line.size && (line.at[i] == ' ' || line.at[i] == '\t'))
		i++;
	return i;
}

/* The function that begins at that line of a hunk; NULL: none of its lines is changed. */
static const char *function_in(struct arena *a, const struct git_hunk *hunk, int64_t first)
{
	const char *text = hunk->text, *begin = NULL;
	int64_t line = hunk->first_line;
	size_t indent = 0;
	bool changed = false, ends = false;

	while (*text && !ends) {
		size_t size = strcspn(text, "\n");
		struct str code = {text + 1, size - 1};

		if (*text != '-' && line == first) {
			begin = text;
			indent = indent_of(code);
			ends = memchr(code.at, '{', code.size) && braces_of(code) == 0;
		} else if (begin && *text != '-') {
			size_t in = indent_of(code);

			ends = in <= indent && in < code.size && code.at[in] == '}';
		}
		changed = changed || (begin && *text != ' ');
		line += *text != '-';
		text += size + (text[size] == '\n');
	}
	return changed ? arena_copy(a, begin, (size_t)(text - begin)) : NULL;
}

const char *git_changes_function(struct arena *a, const struct git_changes *changes, const char *path,
				 int64_t first_line, int64_t last_line)
{
	const struct git_hunk *h = git_changes_find(changes, path, first_line, last_line);

	if (!h || first_line < h->first_line || !*h->text)
		return h ? h->text : NULL;
	return function_in(a, h, first_line);
}
