/* pawl profile info: what a profile says of itself, and what is wrong with it. */
#include "cmd/profile.h"

#include "base/json.h"
#include "base/text.h"
#include "graph/unit.h"
#include "profile/profile.h"

#include <time.h>

static const char *printable(struct arena *a, const struct profile *p, uint32_t string)
{
	return text_printable_copy(a, profile_text(p, string));
}

static const char *time_text(struct arena *a, int64_t time_ns)
{
	time_t seconds = (time_t)(time_ns / 1000000000);
	struct tm tm;
	char text[64];

	if (!gmtime_r(&seconds, &tm) || !strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm))
		return "?";
	return arena_string(a, text);
}

static void write_types(struct buf *out, const struct profile *p, const struct profile_info *info)
{
	struct arena *a = out->arena;

	buf_text(out, "sample types:\n");
	for (size_t i = 0; i < p->type_count; i++) {
		const char *unit = profile_text(p, p->types[i].unit);

		buf_printf(out, "  %zu %s/%s, total %s%s\n", i, printable(a, p, p->types[i].name),
			   text_printable_copy(a, unit),
			   text_printable_copy(a, unit_text(a, info->totals[i], unit, "minimum")),
			   i == info->default_type ? ", shown unless --sample-index says otherwise" : "");
	}
}

static void write_header(struct buf *out, const struct profile *p)
{
	struct arena *a = out->arena;
	const char *unit = profile_text(p, p->period_type.unit);

	if (p->mapping_count && p->mappings[0].file)
		buf_printf(out, "program:  %s\n", printable(a, p, p->mappings[0].file));
	if (p->mapping_count && p->mappings[0].build_id)
		buf_printf(out, "build id: %s\n", printable(a, p, p->mappings[0].build_id));
	if (p->time_ns)
		buf_printf(out, "time:     %s\n", time_text(a, p->time_ns));
	if (p->duration_ns)
		buf_printf(out, "duration: %s\n", unit_text(a, p->duration_ns, "ns", "auto"));
	if (p->period)
		buf_printf(out, "period:   %s of %s\n", text_printable_copy(a, unit_text(a, p->period, unit, "auto")),
			   printable(a, p, p->period_type.name));
	if (p->doc_url)
		buf_printf(out, "see:      %s\n", printable(a, p, p->doc_url));
}

static void write_text(struct buf *out, const struct profile_input *input)
{
	const struct profile *p = input->profile;
	struct profile_info info = profile_describe(out->arena, p);

	buf_printf(out, "%s: %s\n", text_printable_copy(out->arena, input->path), input->format->name);
	write_header(out, p);
	if (info.engine.size)
		buf_printf(out, "engine:   %s\n",
			   text_printable_copy(out->arena, arena_copy(out->arena, info.engine.at, info.engine.size)));
	write_types(out, p, &info);
	buf_printf(out,
		   "samples:  %zu, of %zu stacks up to %zu deep; %zu functions, %zu locations (%zu with symbols), "
		   "%zu mappings\n",
		   p->sample_count, p->stack_count, info.deepest, p->function_count, p->location_count,
		   info.symbolized_count, p->mapping_count);
	for (size_t i = 0; i < info.label_count; i++)
		buf_printf(out, "label:    %s, %zu values in %zu samples\n",
			   printable(out->arena, p, info.labels[i].key), info.labels[i].value_count,
			   info.labels[i].sample_count);
	for (size_t i = 0; i < p->comment_count; i++)
		buf_printf(out, "comment:  %s\n", printable(out->arena, p, p->comments[i]));
	for (size_t i = 0; i < info.problem_count; i++)
		buf_printf(out, "problem:  %s\n", info.problems[i]);
}

static void json_member(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text);
}

static void json_number(struct json *j, const char *key, int64_t value)
{
	json_key(j, key);
	json_int(j, value);
}

static void json_types(struct json *j, const struct profile *p, const struct profile_info *info)
{
	json_key(j, "types");
	json_begin_array(j);
	for (size_t i = 0; i < p->type_count; i++) {
		json_begin_object_line(j);
		json_member(j, "name", profile_text(p, p->types[i].name));
		json_member(j, "unit", profile_text(p, p->types[i].unit));
		json_number(j, "total", info->totals[i]);
		json_key(j, "default");
		json_bool(j, i == info->default_type);
		json_end_object(j);
	}
	json_end_array(j);
}

static void json_lists(struct json *j, const struct profile *p, const struct profile_info *info)
{
	json_key(j, "labels");
	json_begin_array(j);
	for (size_t i = 0; i < info->label_count; i++) {
		json_begin_object_line(j);
		json_member(j, "key", profile_text(p, info->labels[i].key));
		json_number(j, "values", (int64_t)info->labels[i].value_count);
		json_number(j, "samples", (int64_t)info->labels[i].sample_count);
		json_end_object(j);
	}
	json_end_array(j);
	json_key(j, "comments");
	json_begin_array(j);
	for (size_t i = 0; i < p->comment_count; i++)
		json_text(j, profile_text(p, p->comments[i]));
	json_end_array(j);
	json_key(j, "problems");
	json_begin_array(j);
	for (size_t i = 0; i < info->problem_count; i++)
		json_text(j, info->problems[i]);
	json_end_array(j);
}

static void json_profile(struct json *j, const struct profile_input *input)
{
	const struct profile *p = input->profile;
	struct arena *a = j->out->arena;
	struct profile_info info = profile_describe(a, p);

	json_begin_object(j);
	json_member(j, "path", input->path);
	json_member(j, "format", input->format->name);
	json_member(j, "program", p->mapping_count ? profile_text(p, p->mappings[0].file) : "");
	json_member(j, "build_id", p->mapping_count ? profile_text(p, p->mappings[0].build_id) : "");
	json_member(j, "engine", arena_copy(a, info.engine.at, info.engine.size));
	json_number(j, "time_ns", p->time_ns);
	json_number(j, "duration_ns", p->duration_ns);
	json_number(j, "period", p->period);
	json_member(j, "period_type", profile_text(p, p->period_type.name));
	json_member(j, "period_unit", profile_text(p, p->period_type.unit));
	json_number(j, "samples", (int64_t)p->sample_count);
	json_number(j, "stacks", (int64_t)p->stack_count);
	json_number(j, "deepest", (int64_t)info.deepest);
	json_number(j, "functions", (int64_t)p->function_count);
	json_number(j, "locations", (int64_t)p->location_count);
	json_number(j, "locations_with_symbols", (int64_t)info.symbolized_count);
	json_types(j, p, &info);
	json_lists(j, p, &info);
	json_end_object(j);
}

static bool write_all(struct profile_call *call, struct err *err)
{
	struct buf out = {.arena = call->arena};
	struct json j = {.out = &out};

	if (!profile_load(call, err))
		return false;
	for (size_t i = 0; i < call->head_count; i++)
		if (!call->heads[i].profile->type_count)
			return err_set(err, "%s: has no sample types, and so nothing that could be shown",
				       text_printable_copy(call->arena, call->heads[i].path));
	if (call->view_options.form == VIEW_CSV)
		return err_set(err, "info writes text or --json");
	if (call->view_options.form == VIEW_JSON)
		json_begin_array(&j);
	for (size_t i = 0; i < call->head_count; i++) {
		if (call->view_options.form == VIEW_JSON)
			json_profile(&j, call->heads + i);
		else
			write_text(&out, call->heads + i);
	}
	if (call->view_options.form == VIEW_JSON) {
		json_end_array(&j);
		buf_char(&out, '\n');
	}
	return profile_put(call, &out, false, err);
}

static enum status info_run(struct profile_call *call, struct err *err)
{
	return write_all(call, err) ? STATUS_OK : STATUS_USAGE;
}

const struct profile_action profile_action_info = {
	.name = "info",
	.help = "what the profile says of itself, and what is wrong with it",
	.run = info_run,
};
