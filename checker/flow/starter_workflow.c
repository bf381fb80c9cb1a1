/* Writing the workflow and the hook that run the first checks. */
#include "flow/starter.h"

#include <ctype.h>
#include <string.h>

/* The action of this pawl, "owner/pawl/ci@commit": who packages pawl says it with `make ACTION=…`. */
#ifndef PAWL_ACTION
#define PAWL_ACTION "OWNER/pawl/ci@COMMIT"
#endif

static const char checkout[] = "      - uses: actions/checkout@11bd71901bbe5b1630ceea73d27597364c9af683 # v4.2.2\n"
			       "        with:\n"
			       "          persist-credentials: false\n";

static const char head[] =
	"# Fails a pull request when, and only when, a benchmark became slower than where the branch left.\n"
	"# It needs no secret and no right to write, so forks get it, too.\n"
	"name: pawl\n"
	"\n"
	"on:\n"
	"  pull_request:\n"
	"\n"
	"permissions:\n"
	"  contents: read\n"
	"\n"
	"jobs:\n"
	"  time:\n"
	"    name: benchmarks\n"
	"    runs-on: ubuntu-24.04\n"
	"    timeout-minutes: 30\n"
	"    steps:\n";

static const char head_of_counts[] =
	"\n"
	"  # Runners with arm64 show the CPU's counter of instructions, which no neighbour disturbs.\n"
	"  instructions:\n"
	"    name: instructions\n"
	"    runs-on: ubuntu-24.04-arm\n"
	"    timeout-minutes: 30\n"
	"    steps:\n";

static bool is_action(const char *text)
{
	const char *at = strchr(text, '@'), *slash = strchr(text, '/');

	for (const char *c = text; *c; c++) {
		if (!isalnum((unsigned char)*c) && !strchr("_.-/@", *c))
			return false;
	}
	return at && slash && slash > text && slash + 1 < at && at[1] && !strchr(at + 1, '@');
}

static void put_checkout(struct buf *b, const struct starter *s)
{
	buf_text(b, checkout);
	if (s->has_submodules)
		buf_text(b, "          submodules: recursive\n");
}

static void put_packages(struct buf *b, const struct starter *s)
{
	if (s->wants_benchmark_package)
		buf_text(b,
			 "      # What the suites need to be built; the runner brings compilers, CMake, Go and Cargo.\n"
			 "      - run: sudo apt-get update && sudo apt-get install -y --no-install-recommends "
			 "libbenchmark-dev\n");
}

/* In YAML's double quotes; a runner evaluates "${{", which is refused before. */
static void put_quoted(struct buf *b, const char *text)
{
	buf_char(b, '"');
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_char(b, '\\');
		buf_char(b, *text);
	}
	buf_char(b, '"');
}

static void put_action(struct buf *b, const char *action, const char *prefix, bool instructions)
{
	buf_printf(b, "      - uses: %s\n        with:\n          budget: 10m\n", action);
	if (*prefix) {
		buf_text(b, "          working-directory: ");
		put_quoted(b, prefix);
		buf_char(b, '\n');
	}
	if (instructions)
		buf_text(b, "          config: pawl-instructions.yml\n          artifact-name: pawl-instructions\n");
}

bool starter_write_workflow(struct buf *b, const struct starter *s, const char *prefix, const char *action,
			    struct err *err)
{
	action = action ? action : PAWL_ACTION;
	if (!is_action(action))
		return err_set(err, "--action takes OWNER/REPOSITORY/FOLDER@COMMIT, not '%s'",
			       text_printable_copy(b->arena, action));
	if (*prefix && (!starter_plain_name(prefix) || strstr(prefix, "${{")))
		return err_set(err, "the folder's name '%s' cannot stand in a workflow; give it another one",
			       text_printable_copy(b->arena, prefix));
	buf_text(b, head);
	put_checkout(b, s);
	put_packages(b, s);
	put_action(b, action, prefix, false);
	if (!starter_counts(s))
		return true;
	buf_text(b, head_of_counts);
	put_checkout(b, s);
	put_packages(b, s);
	put_action(b, action, prefix, true);
	return true;
}

static const char hook_head[] =
	"#!/bin/sh\n"
	"# Checks what is pushed for slower benchmarks; `git push --no-verify` leaves that out.\n"
	"# git gives the remote's name, and a line for every ref: local name, local id, remote name, remote id.\n"
	"set -u\n"
	"remote=$1\n"
	"head=$(git rev-parse HEAD)\n"
	"found=false\n"
	"while read -r _ id _ _; do\n"
	"\t[ \"$id\" != \"$head\" ] || found=true\n"
	"done\n"
	"# The working tree is what is measured: other commits are not here.\n"
	"[ \"$found\" = true ] || exit 0\n"
	"for base in HEAD main master; do\n"
	"\tgit rev-parse -q --verify \"refs/remotes/$remote/$base\" >/dev/null || continue\n";

static const char hook_tail[] =
	"\tpawl check --base \"refs/remotes/$remote/$base\" --budget 5m </dev/null\n"
	"\tstatus=$?\n"
	"\t[ \"$status\" -eq 0 ] || echo \"pawl: not pushed; 'git push --no-verify' pushes all the same\" >&2\n"
	"\texit \"$status\"\n"
	"done\n"
	"echo \"pawl: $remote has no branch to compare with; not checked\" >&2\n";

void starter_write_hook(struct buf *b, const char *prefix)
{
	buf_text(b, hook_head);
	if (*prefix)
		buf_printf(b, "\tcd %s || exit 3\n",
			   starter_shell_word(b->arena, arena_printf(b->arena, "./%s", prefix)));
	buf_text(b, hook_tail);
}
