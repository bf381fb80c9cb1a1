/* pawl profile info: what a profile says of itself. */
#include "cmd/profile.h"

#include "base/text.h"

static enum status info_run(struct profile_call *call, struct err *err)
{
	struct buf out = {.arena = call->arena};

	if (!profile_load(call, err))
		return STATUS_USAGE;
	for (size_t i = 0; i < call->head_count; i++)
		buf_printf(&out, "%s: %s\n", text_printable_copy(call->arena, call->heads[i].path),
			   call->heads[i].format->name);
	return profile_put(call, &out, false, err) ? STATUS_OK : STATUS_USAGE;
}

const struct profile_action profile_action_info = {
	.name = "info",
	.help = "what the profile says of itself: types, totals, time, labels",
	.run = info_run,
};
