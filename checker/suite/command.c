/* Suites of one command: every slice is one execution, and the process itself is the result. */
#include "suite/suite.h"

#include "base/text.h"

#include <string.h>

enum { MOST_BENCHES = 10000 };

/* The value that combination number `index` gives a parameter; the last parameter moves fastest. */
static const char *value_of(const struct suite_settings *s, size_t param, size_t index)
{
	for (size_t i = s->param_count - 1; i > param; i--)
		index /= s->params[i].value_count;
	return s->params[param].values[index % s->params[param].value_count];
}

/* "size:1k/threads:2" */
static const char *name_of(struct arena *a, const struct suite_settings *s, size_t index)
{
	struct buf name = {.arena = a};

	for (size_t i = 0; i < s->param_count; i++)
		buf_printf(&name, "%s%s:%s", i ? "/" : "", s->params[i].name, value_of(s, i, index));
	return buf_string(&name);
}

/* Without parameters there is one benchmark, called after the program. */
static const char *plain_name(const struct suite_settings *s)
{
	const char *slash = strrchr(s->run[0], '/');

	return slash && slash[1] ? slash + 1 : s->run[0];
}

static bool command_list(struct arena *a, struct suite_program *program, struct err *err)
{
	const struct suite_settings *s = program->settings;
	size_t count = 1;

	if (!suite_look_for_program(a, program, err))
		return false;
	for (size_t i = 0; i < s->param_count; i++) {
		count *= s->params[i].value_count;
		if (count > MOST_BENCHES)
			return err_set(err, "suite %s: `params` makes more than %d benchmarks", s->name, MOST_BENCHES);
	}
	program->benches = NEW_ARRAY(a, const char *, count);
	program->bench_count = program->bench_capacity = count;
	for (size_t i = 0; i < count; i++)
		program->benches[i] = s->param_count ? name_of(a, s, i) : plain_name(s);
	program->version = "";
	program->fixes_iterations = true;
	return true;
}

static size_t index_of(const struct suite_program *program, const char *bench)
{
	size_t index = 0;

	while (index + 1 < program->bench_count && !text_equal(program->benches[index], bench))
		index++;
	return index;
}

/* `text` with every {name} of a parameter replaced by the value that the benchmark has for it. */
static const char *command_fill(struct arena *a, const struct suite_program *program, const char *text,
				const char *bench)
{
	const struct suite_settings *s = program->settings;
	size_t index = index_of(program, bench);
	struct buf out = {.arena = a};

	while (*text) {
		bool found = false;

		for (size_t i = 0; *text == '{' && i < s->param_count && !found; i++) {
			size_t size = strlen(s->params[i].name);

			if (strncmp(text + 1, s->params[i].name, size) != 0 || text[1 + size] != '}')
				continue;
			buf_text(&out, value_of(s, i, index));
			text += size + 2;
			found = true;
		}
		if (!found)
			buf_char(&out, *text++);
	}
	return buf_string(&out);
}

static const char *const *command_argv(struct arena *a, const struct suite_program *program,
				       const struct suite_slice *slice)
{
	const struct suite_settings *s = program->settings;
	const char **argv = NEW_ARRAY(a, const char *, s->run_count + 1);

	for (size_t i = 0; i < s->run_count; i++)
		argv[i] = command_fill(a, program, s->run[i], slice->bench);
	return argv;
}

static const char *const keys[] = {"filter", "clock",  "prepare", "cleanup", "warmup",
				   "input",  "params", "profile", NULL};

const struct suite_kind suite_command = {
	.name = "command",
	.help = "any command: one execution is one slice",
	.list = command_list,
	.slice_argv = command_argv,
	.fill = command_fill,
	.keys = keys,
};
