/*
 * The table of reports and writing them into a folder.
 */
#include "report/report.h"

#include "base/file.h"

const struct report_format *const report_formats[] = {
#define ROW(name) &report_##name,
	REPORT_LIST(ROW)
#undef ROW
};

const size_t report_format_count = sizeof report_formats / sizeof report_formats[0];

const struct report_format *report_find(const char *name)
{
	for (size_t i = 0; i < report_format_count; i++) {
		if (text_equal(report_formats[i]->name, name))
			return report_formats[i];
	}
	return NULL;
}

const struct trend_format *const trend_formats[] = {
#define ROW(name) &trend_format_##name,
	TREND_FORMAT_LIST(ROW)
#undef ROW
};

const size_t trend_format_count = sizeof trend_formats / sizeof trend_formats[0];

const struct trend_format *trend_format_find(struct arena *a, const char *name, struct err *err)
{
	struct buf names = {.arena = a};

	for (size_t i = 0; i < trend_format_count; i++) {
		if (text_equal(trend_formats[i]->name, name))
			return trend_formats[i];
		buf_printf(&names, "%s%s", i ? ", " : "", trend_formats[i]->name);
	}
	err_set(err, "--format takes one of %s, not '%s'", buf_string(&names), text_printable_copy(a, name));
	return NULL;
}

static bool is_asked_for(const struct report_format *format, const char *const *formats, size_t format_count)
{
	for (size_t i = 0; i < format_count; i++) {
		if (text_equal(formats[i], format->name))
			return true;
	}
	return format->always;
}

bool report_choose(const char *name, const struct report_format **out, struct err *err)
{
	struct arena *a = NULL;

	*out = report_find(name);
	if (*out)
		return true;
	a = arena_open();
	struct buf names = {.arena = a};
	for (size_t i = 0; i < report_format_count; i++)
		buf_printf(&names, "%s%s", i ? ", " : "", report_formats[i]->name);
	err_set(err, "there is no report `%s`; there are %s", text_printable_copy(a, name), buf_string(&names));
	arena_close(a);
	return false;
}

bool report_write_all(struct arena *a, const struct verdict *v, const struct report_options *options, const char *dir,
		      const char *const *formats, size_t format_count, struct err *err)
{
	struct arena_mark mark = arena_mark(a);
	const struct report_format *known = NULL;
	bool ok = true;

	for (size_t i = 0; i < format_count; i++) {
		if (!report_choose(formats[i], &known, err))
			return false;
	}
	if (!dir_make(dir, err))
		return false;
	for (size_t i = 0; ok && i < report_format_count; i++) {
		const struct report_format *format = report_formats[i];
		struct buf out = {.arena = a};

		if (format->file == NULL || !is_asked_for(format, formats, format_count))
			continue;
		format->write(&out, v, options);
		ok = file_write(path_join(a, dir, format->file), buf_string(&out), out.size, err);
		arena_reset(a, mark);
	}
	return ok;
}
