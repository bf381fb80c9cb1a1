/* What a process left as its result: a file, a folder or its standard output. */
#include "flow/measuring.h"

#include "base/file.h"
#include "input/input.h"

bool slice_prints_result(const struct suite_program *program)
{
	const char *result = program->settings->result;

	return program->settings->kind->prints_result || (result && text_equal(result, "-"));
}

/* There is no result. */
static const char *complaint(struct arena *a, const struct suite_program *program)
{
	const char *format = program->settings->kind->format;

	if (text_equal(format, "gbench"))
		return "wrote no result file (--benchmark_out)";
	return program->settings->result ? arena_printf(a, "wrote no result to %s", program->settings->result)
					 : "wrote no result file";
}

static bool read_text(struct arena *a, const struct input_format *format, struct str text, const char *name,
		      const struct input_sink *sink, struct err *err)
{
	if (!text.size)
		return err_set(err, "wrote an empty result: is it in the list, but not run?");
	format = format ? format : input_sniff(name, text, err);
	return format && format->read(a, name, text, sink, err);
}

bool slice_read_result(struct arena *a, const struct measuring *m, const struct suite_program *program,
		       const struct slice_result *result, const struct input_sink *sink, struct err *err)
{
	const struct suite_settings *s = program->settings;
	const char *path = slice_result_path(a, m, program);
	const struct input_format *format = input_find(*s->kind->format ? s->kind->format : s->format ? s->format : "");
	struct str text;

	if (slice_prints_result(program))
		return read_text(a, format, result->process.out, "its output", sink, err);
	if (!file_exists(path))
		return err_set(err, "%s", complaint(a, program));
	if (file_is_dir(path)) {
		format = format ? format : input_of_folder("its result", err);
		if (format && !format->read_folder)
			return err_set(err, "its result is a folder; a result of format %s is a file", format->name);
		return format && format->read_folder(a, path, result->epoch_ns, sink, err);
	}
	return file_read(a, path, RESULT_LIMIT, &text, err) && read_text(a, format, text, "its result", sink, err);
}
