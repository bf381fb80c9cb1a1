/* pawl init. */
#include "cmd/cmd.h"

#include "base/file.h"
#include "flow/starter.h"
#include "git/call.h"
#include "git/git.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

struct options {
	const char *action;
	bool print, hook;
};

enum { WORD_LIMIT = 1000, FILE_COUNT = 5, IGNORE_LIMIT = 1 << 20 };

/* A file to be written. */
struct piece {
	const char *path;
	struct buf text;
	bool executable, wrote;
};

struct plan {
	struct arena *arena;
	const char *top, *prefix; /* of the repository; "." and "" without one */
	const char *branch;
	bool has_repo;
	struct starter starter;
	struct piece pieces[FILE_COUNT];
	size_t count, wrote_count;
};

static struct buf *add_piece(struct plan *p, const char *path, bool executable)
{
	struct piece *piece = &p->pieces[p->count++];

	*piece = (struct piece){.path = path, .executable = executable, .text = {.arena = p->arena}};
	return &piece->text;
}

static void find_repository(struct plan *p)
{
	struct arena *a = p->arena;
	struct git_state state;
	struct git_repo repo;
	struct err ignored;

	p->top = ".";
	p->prefix = "";
	p->branch = "main";
	p->has_repo = git_find(a, ".", &repo);
	if (!p->has_repo)
		return;
	p->top = *repo.prefix ? repo.top : ".";
	p->prefix = repo.prefix;
	if (git_state(a, &repo, &state, &ignored) && *state.branch)
		p->branch = state.branch;
}

static bool nothing_found(struct arena *a, const struct starter *s, struct err *err)
{
	struct buf b = {.arena = a};

	for (size_t i = 0; i < starter_source_count; i++)
		buf_printf(&b, "\n  %s", starter_sources[i]->looks_for);
	for (size_t i = 0; i < s->note_count; i++)
		buf_printf(&b, "\nnote: %s", text_inert_copy(a, s->notes[i]));
	return err_set(err,
		       "no benchmarks were found in this folder; name a program yourself, as in "
		       "'pawl init -- ./program argument'.  Looked for:%s",
		       buf_string(&b));
}

static bool check_words(const struct call *call, struct err *err)
{
	for (size_t i = 0; i < call->word_count; i++) {
		if (!starter_plain_name(call->words[i]))
			return err_set(err,
				       "'%s' cannot stand in pawl.yml: it is empty, no UTF-8 or has control characters",
				       text_inert_copy(call->arena, call->words[i]));
	}
	return true;
}

/* The text has that line. */
static bool has_line(const char *text, const char *line)
{
	size_t size = strlen(line);

	for (; *text; text += strcspn(text, "\n"), text += *text == '\n') {
		if (strncmp(text, line, size) == 0 && (!text[size] || text[size] == '\n'))
			return true;
	}
	return false;
}

/* Folders that git does not leave out yet; without git, that .gitignore does not name. */
static const char *ignore_lines(struct plan *p)
{
	struct buf b = {.arena = p->arena};
	struct str text;
	struct err unread;
	bool is_read = !p->has_repo && file_read(p->arena, ".gitignore", IGNORE_LIMIT, &text, &unread);
	const char *named = is_read ? arena_copy(p->arena, text.at, text.size) : "";

	starter_ignore(p->arena, &p->starter, "/pawl-report/");
	for (size_t i = 0; i < p->starter.ignored_count; i++) {
		const char *line = p->starter.ignored[i];
		const char *const args[] = {"check-ignore", "-q", "--no-index", "--", line + 1, NULL};
		struct proc_result result;
		struct err ignored;

		if (p->has_repo ? !git_call(p->arena, ".", args, &result, &ignored) || result.code != 0
				: !has_line(named, line))
			buf_printf(&b, "%s\n", line);
	}
	return buf_string(&b);
}

static bool plan_files(struct call *call, struct plan *p, struct err *err)
{
	const struct options *o = call->options;
	struct arena *a = p->arena;

	if (!check_words(call, err))
		return false;
	if (call->word_count)
		starter_take_command(a, call->words, call->word_count, &p->starter);
	else if (!starter_look(a, ".", &p->starter, err))
		return false;
	if (!p->starter.suite_count)
		return nothing_found(a, &p->starter, err);
	p->starter.has_submodules = file_exists(path_join(a, p->top, ".gitmodules"));
	starter_write_config(add_piece(p, "pawl.yml", false), &p->starter, false);
	if (starter_counts(&p->starter))
		starter_write_config(add_piece(p, "pawl-instructions.yml", false), &p->starter, true);
	if (!starter_write_workflow(add_piece(p, path_join(a, p->top, ".github/workflows/pawl.yml"), false),
				    &p->starter, p->prefix, o->action, err))
		return false;
	if (!file_exists(".gitignore"))
		buf_text(add_piece(p, ".gitignore", false), ignore_lines(p));
	if (!p->pieces[p->count - 1].text.size)
		p->count--;
	return true;
}

/* Where git looks for hooks.  pawl's own calls turn hooks off, so the files that may say it are asked one by one. */
static bool hooks_folder(const struct plan *p, const char **folder, struct err *err)
{
	static const char *const files[] = {"--local", "--global", "--system"};

	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		struct proc_result result;

		if (!git_call(p->arena, p->top, GIT_ARGS("config", files[i], "--type=path", "--get", "core.hooksPath"),
			      &result, err))
			return false;
		*folder = git_call_output(p->arena, &result);
		if (result.code == 0 && **folder)
			return true;
	}
	if (!git_call_text(p->arena, p->top, GIT_ARGS("rev-parse", "--git-common-dir"), folder, err))
		return false;
	*folder = path_join(p->arena, *folder, "hooks");
	return true;
}

static bool plan_hook(struct plan *p, struct err *err)
{
	const char *folder;

	if (!p->has_repo)
		return err_set(err, "a hook needs a git repository, and there is none here; 'git init' makes one");
	if (!hooks_folder(p, &folder, err))
		return false;
	folder = path_join(p->arena, p->top, folder);
	starter_write_hook(add_piece(p, path_join(p->arena, folder, "pre-push"), true), p->prefix);
	return true;
}

static void print_pieces(const struct plan *p)
{
	for (size_t i = 0; i < p->count; i++) {
		const struct piece *piece = &p->pieces[i];

		printf("%s# ---- %s%s\n", i ? "\n" : "", text_inert_copy(p->arena, piece->path),
		       file_exists(piece->path) ? " (is there already; would stay as it is)" : "");
		fwrite(buf_string(&piece->text), 1, piece->text.size, stdout);
	}
}

static bool write_pieces(struct plan *p, struct err *err)
{
	for (size_t i = 0; i < p->count; i++) {
		struct piece *piece = &p->pieces[i];
		const char *shown = text_inert_copy(p->arena, piece->path);
		bool there;

		if (!dir_make(path_folder(p->arena, piece->path), err) ||
		    !file_create(piece->path, buf_string(&piece->text), piece->text.size, piece->executable, &there,
				 err))
			return false;
		piece->wrote = !there;
		p->wrote_count += piece->wrote;
		printf(there ? "kept  %s: it is there already\n" : "wrote %s\n", shown);
	}
	return p->wrote_count > 0 || err_set(err, "nothing was written: every file is there already; move those that "
						  "should be written anew, or see them with --print");
}

static void print_notes(const struct plan *p)
{
	for (size_t i = 0; i < p->starter.note_count; i++)
		printf("note: %s\n", text_inert_copy(p->arena, p->starter.notes[i]));
}

static bool wrote_placeholder(const struct plan *p)
{
	for (size_t i = 0; i < p->count; i++) {
		if (p->pieces[i].wrote && strstr(buf_string(&p->pieces[i].text), "OWNER/pawl/ci@COMMIT"))
			return true;
	}
	return false;
}

static void print_ignored(struct plan *p)
{
	const char *lines = ignore_lines(p);

	if (*lines)
		printf("  put into .gitignore, so that builds and reports do not count as changes:\n");
	for (; *lines; lines += strcspn(lines, "\n") + 1)
		printf("    %s\n", text_inert_copy(p->arena, arena_copy(p->arena, lines, strcspn(lines, "\n"))));
}

static void print_next(struct plan *p)
{
	const char *branch = text_inert_copy(p->arena, starter_shell_word(p->arena, p->branch));

	printf("%zu suite%s:", p->starter.suite_count, p->starter.suite_count == 1 ? "" : "s");
	for (size_t i = 0; i < p->starter.suite_count; i++)
		printf(" %s", p->starter.suites[i].name);
	printf("\nnext:\n");
	print_ignored(p);
	if (wrote_placeholder(p))
		printf("  put the repository of pawl and a commit of it in place of OWNER/pawl/ci@COMMIT in the "
		       "workflow\n");
	if (!p->has_repo)
		printf("  git init -b main  # the base is built from history\n");
	printf("  git add -A . && git commit -m 'Check benchmarks with pawl'\n"
	       "  pawl check --plan --measure-identical --base %s  # builds both sides; which benchmarks, how long\n"
	       "and after a change, committed or not: pawl check --base %s\n",
	       branch, branch);
}

static enum status init_run(struct call *call, struct err *err)
{
	const struct options *o = call->options;
	struct plan plan = {.arena = call->arena};

	if (o->hook && call->word_count) {
		err_set(err, "--hook writes a hook and no suites; leave the words out");
		return STATUS_USAGE;
	}
	find_repository(&plan);
	if (!(o->hook ? plan_hook(&plan, err) : plan_files(call, &plan, err)))
		return STATUS_USAGE;
	if (o->print) {
		print_pieces(&plan);
		return STATUS_OK;
	}
	if (!write_pieces(&plan, err))
		return STATUS_USAGE;
	print_notes(&plan);
	if (!o->hook)
		print_next(&plan);
	return STATUS_OK;
}

#define AT(field) offsetof(struct options, field)

static const struct option init_options[] = {
	{"print", 0, OPTION_FLAG, NULL, AT(print), "show the files instead of writing them"},
	{"hook", 0, OPTION_FLAG, NULL, AT(hook), "write a pre-push hook, and nothing else"},
	{"action", 0, OPTION_TEXT, "ACTION", AT(action), "the action of pawl, as OWNER/REPOSITORY/FOLDER@COMMIT"},
	{0},
};

const struct command command_init = {
	.name = "init",
	.summary = "Write a starter pawl.yml and a workflow",
	.words = "[COMMAND...]",
	.examples = "  pawl init --print                # show what would be written\n"
		    "  pawl init                        # look for benchmarks, write pawl.yml and a workflow\n"
		    "  pawl init -- ./program --fast    # a suite that runs this command\n"
		    "  pawl init --hook                 # check before every push\n",
	.details =
		"Looks for google-benchmark in CMake files and Makefiles, for benchmarks of Go and of Cargo, and else\n"
		"for a target `bench` of make.  What is there already is never overwritten.\n\n"
		"Exit status: 0 something was written; 2 nothing was.\n",
	.options = init_options,
	.options_size = sizeof(struct options),
	.min_words = 0,
	.max_words = WORD_LIMIT,
	.run = init_run,
};
