/* Lists of commits, through git rev-list and git show. */
#include "git/line.h"

#include "base/text.h"
#include "git/call.h"

#include <string.h>

static const char **split(struct arena *a, const char *text, char separator, size_t *count)
{
	const char **parts = NULL;
	size_t capacity = 0;

	*count = 0;
	while (*text) {
		const char *end = strchr(text, separator);
		size_t size = end ? (size_t)(end - text) : strlen(text);

		parts = arena_reserve(a, parts, *count, &capacity, sizeof *parts);
		parts[(*count)++] = arena_copy(a, text, size);
		text += size + (end != NULL);
	}
	return parts;
}

bool git_line(struct arena *a, const struct git_repo *repo, const char *good, const char *bad, const char ***ids,
	      size_t *count, struct err *err)
{
	struct git_commit first;
	const char **line, *text;
	size_t size;

	if (!git_call_text(a, repo->top,
			   GIT_ARGS("rev-list", "--first-parent", "--reverse", bad, arena_printf(a, "^%s", good)),
			   &text, err))
		return false;
	line = split(a, text, '\n', &size);
	if (!size)
		return err_set(err, "no commit lies between %.7s and %.7s: --good takes an ancestor of --bad", good,
			       bad);
	if (!git_commit(a, repo, line[0], &first, err))
		return false;
	if (!first.parent_count)
		return err_set(err,
			       "%.7s and %.7s have no common commit; if this clone is shallow, run `git fetch "
			       "--unshallow`, or on GitHub give actions/checkout `fetch-depth: 0`",
			       good, bad);
	*ids = NEW_ARRAY(a, const char *, size + 1);
	(*ids)[0] = first.parents[0];
	memcpy(*ids + 1, line, size * sizeof *line);
	*count = size + 1;
	return true;
}

bool git_commit(struct arena *a, const struct git_repo *repo, const char *id, struct git_commit *out, struct err *err)
{
	const char *text, **lines;
	size_t count;

	*out = (struct git_commit){.subject = "", .author = "", .date = ""};
	if (!git_call_text(a, repo->top,
			   GIT_ARGS("log", "-1", "--no-color", "--no-show-signature", "--format=%P%n%an <%ae>%n%ad%n%s",
				    "--date=format:%Y-%m-%d", id),
			   &text, err))
		return false;
	/* A subject has no newline, but may be empty. */
	lines = split(a, text, '\n', &count);
	if (count < 3)
		return err_set(err, "git says nothing of the commit %s", id);
	out->parents = split(a, lines[0], ' ', &out->parent_count);
	out->author = lines[1];
	out->date = lines[2];
	out->subject = count > 3 ? lines[3] : "";
	return true;
}
