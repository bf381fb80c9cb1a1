/* Revisions: names to commit ids, and merge bases. */
#include "git/git.h"

#include "base/text.h"
#include "git/call.h"

#include <string.h>

#define UNSHALLOW                                                                                                      \
	"this clone is shallow, its history is cut off: run `git fetch --unshallow`, or on GitHub give "               \
	"actions/checkout `fetch-depth: 0`"

static bool is_shallow(struct arena *a, const struct git_repo *repo)
{
	struct err unused;
	const char *text;

	return git_call_text(a, repo->top, GIT_ARGS("rev-parse", "--is-shallow-repository"), &text, &unused) &&
	       text_equal(text, "true");
}

/* The branch or tag that was probably meant, or NULL. */
static const char *nearest_name(struct arena *a, const struct git_repo *repo, const char *revision)
{
	const char **names = NULL;
	size_t count = 0, capacity = 0;
	struct err unused;
	const char *text;

	if (!git_call_text(
		    a, repo->top,
		    GIT_ARGS("for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags", "refs/remotes"),
		    &text, &unused))
		return NULL;
	while (*text) {
		size_t size = strcspn(text, "\n");

		names = arena_reserve(a, names, count, &capacity, sizeof *names);
		names[count++] = arena_copy(a, text, size);
		text += size + (text[size] == '\n');
	}
	return text_nearest(revision, names, count);
}

/* git's own words where they tell more than that it found nothing, such as an abbreviation that fits several ids. */
static bool says_more(struct arena *a, const struct proc_result *result)
{
	const char *words = arena_copy(a, result->errors.at, result->errors.size);

	return strstr(words, "ambiguous") || strstr(words, "ownership") || !strstr(words, "Needed a single revision");
}

static bool has_commit(struct arena *a, const struct git_repo *repo)
{
	struct err unused;
	const char *text;

	return git_call_text(a, repo->top, GIT_ARGS("rev-list", "--all", "--max-count=1"), &text, &unused) && *text;
}

/* "; branches here: master, topic", or "". */
static const char *branches_here(struct arena *a, const struct git_repo *repo)
{
	struct buf b = {.arena = a};
	struct err unused;
	const char *text;

	if (!git_call_text(a, repo->top,
			   GIT_ARGS("for-each-ref", "--count=5", "--sort=-committerdate", "--format=%(refname:short)",
				    "refs/heads"),
			   &text, &unused))
		return "";
	for (; *text; text += strcspn(text, "\n"), text += *text == '\n')
		buf_printf(&b, "%s%s", b.size ? ", " : "; branches here: ",
			   text_printable_copy(a, arena_copy(a, text, strcspn(text, "\n"))));
	return buf_string(&b);
}

static bool unknown(struct arena *a, const struct git_repo *repo, const char *revision, struct err *err)
{
	const char *near = nearest_name(a, repo, revision);
	const char *shown = text_printable_copy(a, revision);

	if (near)
		return err_set(err, "%s: git knows no such revision; did you mean %s?%s", shown,
			       text_printable_copy(a, near), is_shallow(a, repo) ? " Also, " UNSHALLOW : "");
	if (is_shallow(a, repo))
		return err_set(err, "%s: git knows no such revision; %s", shown, UNSHALLOW);
	if (!has_commit(a, repo))
		return err_set(err,
			       "%s: git knows no such revision, as this repository has no commit yet; "
			       "`git add -A && git commit` makes the first",
			       shown);
	return err_set(err,
		       "%s: git knows no such revision%s; `git branch --all` and `git tag` list all names, `git fetch` "
		       "gets new ones",
		       shown, branches_here(a, repo));
}

/* The object that a revision names; "" when there is none. */
static bool find_object(struct arena *a, const struct git_repo *repo, const char *revision, const char **id,
			struct err *err)
{
	const char *const *args = GIT_ARGS("rev-parse", "--verify", revision);
	struct proc_result result;

	*id = "";
	if (!git_call(a, repo->top, args, &result, err))
		return false;
	if (result.code == 0)
		*id = git_call_output(a, &result);
	else if (says_more(a, &result))
		return git_call_refused(a, args, &result, err);
	return true;
}

bool git_resolve(struct arena *a, const struct git_repo *repo, const char *revision, const char **id, struct err *err)
{
	struct proc_result result;
	const char *object;

	/* git would take it for an option, and no name of a branch or tag begins so. */
	if (!*revision || *revision == '-')
		return err_set(err, "\"%s\" is no revision: a branch, a tag or a commit id was expected",
			       text_printable_copy(a, revision));
	if (!find_object(a, repo, revision, &object, err))
		return false;
	/* A CI job has a local branch for nothing but what it checks out: "main" is then origin's, as for git switch. */
	if (!*object && !find_object(a, repo, arena_printf(a, "refs/remotes/origin/%s", revision), &object, err))
		return false;
	if (!*object)
		return unknown(a, repo, revision, err);
	/* Apart from the search above, because "^{commit}" behind ":/words" would belong to the words. */
	if (!git_call(a, repo->top, GIT_ARGS("rev-parse", "--verify", arena_printf(a, "%s^{commit}", object)), &result,
		      err))
		return false;
	if (result.code != 0 && is_shallow(a, repo))
		return err_set(err, "%s: its commit is not here; %s", text_printable_copy(a, revision), UNSHALLOW);
	if (result.code != 0)
		return err_set(err, "%s: names no commit, or one that was not fetched (`git fetch origin %.40s`)",
			       text_printable_copy(a, revision), object);
	*id = git_call_output(a, &result);
	return true;
}

bool git_merge_base(struct arena *a, const struct git_repo *repo, const char *revision, const char **id,
		    struct err *err)
{
	const char *const *args;
	const char *other, *head;
	struct proc_result result;

	if (!git_resolve(a, repo, revision, &other, err))
		return false;
	if (!find_object(a, repo, "HEAD", &head, err))
		return false;
	if (!*head)
		return err_set(err, "HEAD: this branch has no commit yet, so it has no merge base with %s", revision);
	args = GIT_ARGS("merge-base", other, head);
	if (!git_call(a, repo->top, args, &result, err))
		return false;
	if (result.code > 1)
		return git_call_refused(a, args, &result, err);
	if (result.code == 0) {
		*id = git_call_output(a, &result);
		return true;
	}
	if (is_shallow(a, repo))
		return err_set(err, "%s and HEAD: no common commit is known; %s", text_printable_copy(a, revision),
			       UNSHALLOW);
	return err_set(err, "%s and HEAD have no common commit; --base-exact %s compares with that revision itself",
		       text_printable_copy(a, revision), text_printable_copy(a, revision));
}
