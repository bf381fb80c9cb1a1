/* The table of profile formats, and files of any of them. */
#include "profile/profile.h"

#include "base/file.h"
#include "profile/gzip.h"

#include <stdio.h>

#define ROW(name) &profile_format_##name,
const struct profile_format *const profile_formats[] = {PROFILE_LIST(ROW)};
#undef ROW
const size_t profile_format_count = sizeof profile_formats / sizeof *profile_formats;

const struct profile_format *profile_format_find(const char *name)
{
	for (size_t i = 0; i < profile_format_count; i++) {
		if (text_equal(profile_formats[i]->name, name))
			return profile_formats[i];
	}
	return NULL;
}

static const struct profile_format *format_of(struct str bytes)
{
	for (size_t i = 0; i < profile_format_count; i++) {
		if (profile_formats[i]->sniff && profile_formats[i]->sniff(bytes))
			return profile_formats[i];
	}
	return NULL;
}

static bool fail_unknown(const char *path, struct err *err)
{
	char names[512];
	size_t used = 0;

	names[0] = '\0';
	for (size_t i = 0; i < profile_format_count && used < sizeof names; i++) {
		if (profile_formats[i]->read)
			used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", used ? ", " : "",
						 profile_formats[i]->name);
	}
	return err_set(err, "%s: is no profile of a kind that pawl knows (%s)", path, names);
}

/* What is left when the compression is off. */
static bool read_plain(struct arena *a, const char *path, struct str bytes, const struct profile_format *chosen,
		       struct profile *out, const struct profile_format **format, struct err *err)
{
	if (!bytes.size)
		return err_set(err, "%s: is empty, expected a profile", path);
	if (!chosen)
		chosen = format_of(bytes);
	if (!chosen)
		return fail_unknown(path, err);
	if (!chosen->read)
		return err_set(err, "%s: pawl writes profiles as %s, but does not read them", path, chosen->name);
	if (format)
		*format = chosen;
	return chosen->read(a, path, bytes, out, err);
}

bool profile_read_bytes(struct arena *a, const char *path, struct str bytes, const struct profile_reading *how,
			struct profile *out, const struct profile_format **format, struct err *err)
{
	size_t limit = how && how->expansion_limit ? how->expansion_limit : PROFILE_EXPANSION_LIMIT;
	struct arena *expanded = arena_open_child(a);
	bool ok;

	profile_init(out, a);
	ok = (!gzip_is(bytes) || gzip_expand(expanded, path, bytes, limit, &bytes, err)) &&
	     read_plain(a, path, bytes, how ? how->format : NULL, out, format, err);
	arena_close(expanded);
	return ok;
}

bool profile_read(struct arena *a, const char *path, const struct profile_reading *how, struct profile *out,
		  const struct profile_format **format, struct err *err)
{
	const char *shown = text_equal(path, "-") ? "standard input" : path;
	struct arena *file = arena_open_child(a);
	struct str bytes;
	bool ok = file_read(file, path, FILE_LIMIT, &bytes, err) &&
		  profile_read_bytes(a, shown, bytes, how, out, format, err);

	arena_close(file);
	return ok;
}
