/* pawl profile convert: a profile in another format. */
#include "cmd/profile.h"

#include "base/file.h"
#include "base/text.h"
#include "graph/merge.h"

#include <string.h>

static bool fail_unwritten(struct arena *a, const char *name, struct err *err)
{
	struct buf names = {.arena = a};

	for (size_t i = 0; i < profile_format_count; i++)
		if (profile_formats[i]->write)
			buf_printf(&names, "%s%s", names.size ? ", " : "", profile_formats[i]->name);
	return err_set(err, "--to=%s: pawl writes %s", text_printable_copy(a, name), buf_string(&names));
}

/* The format whose name stands in that of the output, as in cpu.folded. */
static const char *named_by_output(const char *path)
{
	for (size_t i = 0; path && i < profile_format_count; i++)
		if (profile_formats[i]->write && strstr(path_base(path), profile_formats[i]->name))
			return profile_formats[i]->name;
	return "proto";
}

static bool choose_format(struct profile_call *call, const struct profile_format **out, struct err *err)
{
	const char *name = call->options->to ? call->options->to : named_by_output(call->options->output);

	*out = profile_format_find(name);
	return (*out && (*out)->write) || fail_unwritten(call->arena, name, err);
}

/* Whether bytes would spoil a terminal. */
static bool is_binary(const struct buf *out)
{
	return out->size && (memchr(out->at, '\0', out->size) || (out->size > 1 && out->at[0] == '\x1f'));
}

static enum status convert_run(struct profile_call *call, struct err *err)
{
	struct buf out = {.arena = call->arena};
	const struct profile_format *format;
	struct source source;
	struct profile compact;

	call->source_options.granularity = GRANULARITY_ADDRESSES;
	if (!choose_format(call, &format, err) || !profile_load(call, err) || !profile_prepare(call, &source, err))
		return STATUS_USAGE;
	merge_compact(call->arena, source.profile, &compact);
	return format->write(call->arena, &compact, source.type, &out, err) &&
			       profile_put(call, &out, is_binary(&out), err)
		       ? STATUS_OK
		       : STATUS_USAGE;
}

const struct profile_action profile_action_convert = {
	.name = "convert",
	.help = "write the profile in another format: --to FORMAT -o FILE",
	.run = convert_run,
};
