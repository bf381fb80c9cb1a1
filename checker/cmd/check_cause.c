/* After judging: what the check knows of the causes. */
#include "cmd/causes.h"
#include "cmd/check.h"

static void judge_again(void *to, struct judge_excuse *excuses, size_t count)
{
	struct check *c = to;

	c->excuses = excuses;
	c->excuse_count = count;
	check_judge(c);
}

void check_find_causes(struct check *c)
{
	struct causes causes = {
		.arena = c->arena,
		.verdict = &c->verdict,
		.base = c->interleaved ? &c->base : NULL,
		.head = &c->head,
		.confirmations = c->confirmations,
		.confirmation_count = c->confirmation_count,
		.repo = c->project.has_repo ? &c->project.repo : NULL,
		.base_folder = c->base_tree.folder,
		.window = c->window.runs,
		.window_count = c->window.count,
		.store = &c->store,
		.baseline = c->baseline,
		.judge_again = judge_again,
		.to = c,
		.layout_fails = c->project.config.layout_fails,
	};

	if (c->interleaved)
		causes.base_revision = c->base.revision;
	else if (c->confirmation_count)
		causes.base_revision = c->confirmations[0].base->revision;
	causes_find(&causes);
}
