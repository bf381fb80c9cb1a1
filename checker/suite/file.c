/* Suites that write a result file of their own: one execution measures the whole suite. */
#include "suite/suite.h"

#include "base/text.h"

#include <string.h>

static const char PLACE[] = "{result}";

static bool file_list(struct arena *a, struct suite_program *program, struct err *err)
{
	const struct suite_settings *s = program->settings;
	bool placed = false;

	for (size_t i = 0; i < s->run_count; i++)
		placed = placed || strstr(s->run[i], PLACE);
	if (!s->result && !placed)
		return err_set(
			err,
			"suite %s: nobody knows where its result is: name the file with `result` (\"-\" is standard "
			"output), or put %s where the program takes it",
			s->name, PLACE);
	program->version = "";
	return suite_look_for_program(a, program, err);
}

/* {result} is where the result shall go. */
static const char *const *file_argv(struct arena *a, const struct suite_program *program,
				    const struct suite_slice *slice)
{
	const struct suite_settings *s = program->settings;
	const char **argv = NEW_ARRAY(a, const char *, s->run_count + 1);

	for (size_t i = 0; i < s->run_count; i++) {
		struct buf word = {.arena = a};
		const char *at = s->run[i], *place;

		while ((place = strstr(at, PLACE))) {
			buf_bytes(&word, at, (size_t)(place - at));
			buf_text(&word, slice->out_path);
			at = place + sizeof PLACE - 1;
		}
		buf_text(&word, at);
		argv[i] = buf_string(&word);
	}
	return argv;
}

static const char *const keys[] = {"filter", "clock",  "prepare", "cleanup", "warmup",
				   "input",  "result", "format",  NULL};

const struct suite_kind suite_file = {
	.name = "file",
	.help = "a command that writes a result file of its own, the whole suite at once",
	.format = "",
	.whole_suite = true,
	.list = file_list,
	.slice_argv = file_argv,
	.keys = keys,
};
