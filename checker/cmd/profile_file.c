/* Profiles and run files, told apart by their content. */
#include "cmd/profile_file.h"

#include "base/file.h"
#include "model/run_json.h"

static bool read_run(struct arena *a, const char *shown, struct str text, struct profile_file *out, struct err *err)
{
	out->run = NEW(a, struct run);
	return run_from_json(a, shown, text, out->run, err);
}

bool profile_file_read(struct arena *a, const char *path, const struct profile_reading *how, struct profile_file *out,
		       struct err *err)
{
	const char *shown = text_equal(path, "-") ? "standard input" : path;
	struct arena *file = arena_open_child(a);
	struct str bytes;
	bool ok = file_read(file, path, FILE_LIMIT, &bytes, err);

	*out = (struct profile_file){.path = path};
	if (ok && !how->format && run_json_sniff(bytes)) {
		ok = read_run(a, shown, bytes, out, err);
	} else if (ok) {
		out->profile = NEW(a, struct profile);
		ok = profile_read_bytes(a, shown, bytes, how, out->profile, &out->format, err);
	}
	arena_close(file);
	return ok;
}

struct profile *profile_label_benchmark(const struct slice_table *t)
{
	struct profile *p = t->profile.stacks;
	struct profile_label label = {.key = profile_string_of(p, "benchmark"), .text = profile_string_of(p, t->bench)};
	uint32_t set = profile_label_set(p, &label, 1);

	for (size_t i = 0; i < p->sample_count; i++)
		p->sample_labels[i] = set;
	return p;
}
