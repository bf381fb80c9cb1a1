/* pawl bisect --step: one step of git's own bisection. */
#include "cmd/bisect.h"

#include "base/proc.h"
#include "base/text.h"

#include <string.h>

/* Half of what the last check saw is bad; without it, whatever is called slower. */
static void take_scales(struct bisect *b)
{
	for (size_t i = 0; b->from_report && i < b->row_count; i++) {
		const struct finding *f = bisect_finding(b, &b->last, &b->rows[i]);

		if (f)
			b->rows[i].scale.full = bisect_change_of(f);
	}
}

static enum status skip(struct bisect *b, const char *why)
{
	progress_say(&b->progress, "bisect: skipped: %s\n", text_inert_copy(b->arena, why));
	return STATUS_SKIP;
}

static enum status test_tree(struct bisect *b, const struct side_tree *good, struct err *err)
{
	const struct config *c = &b->project.config;
	struct side_tree tree = {.folder = c->folder, .revision = b->project.state.revision};
	enum bisect_mark mark;
	const char *text;
	struct verdict v = {0};
	struct err why = {0};

	if (!side_build(b->arena, c, b->project.wanted, c->folder, &why))
		return proc_interrupted() ? STATUS_INTERRUPTED
					  : skip(b, arena_copy(b->arena, why.text, strcspn(why.text, "\n")));
	if (b->from_report) {
		if (!bisect_find_rows(b, &b->last, err))
			return STATUS_ABORT;
		take_scales(b);
	}
	if (!bisect_try(b, good, &tree, &v, &mark, &text, err))
		return proc_interrupted() ? STATUS_INTERRUPTED : STATUS_ABORT;
	if (mark == BISECT_SKIPPED)
		return skip(b, text);
	progress_say(&b->progress, "bisect: %s: %s\n", mark == BISECT_BAD ? "bad" : "good", text);
	return mark == BISECT_BAD ? STATUS_REGRESSED : STATUS_OK;
}

enum status bisect_step(struct bisect *b, const char *id, struct err *err)
{
	struct side_tree good;
	enum status status;

	if (!bisect_open(b, id, &good, err)) {
		err_context(err, "the good commit %s", project_short_id(b->arena, id));
		return proc_interrupted() ? STATUS_INTERRUPTED : STATUS_ABORT;
	}
	status = test_tree(b, &good, err);
	side_close(&good);
	return status;
}
