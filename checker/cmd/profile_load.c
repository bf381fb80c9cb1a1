/* What stands on the command line of pawl profile, as profiles. */
#include "cmd/profile.h"

#include "base/file.h"
#include "base/text.h"
#include "flow/stacks.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static bool is_url(const char *path)
{
	return text_starts(path, "http://") || text_starts(path, "https://") || text_starts(path, "http+unix://");
}

/* A program, as pprof takes one before the profiles. */
static bool is_program(const char *path)
{
	char magic[4] = "";
	int fd = text_equal(path, "-") ? -1 : open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool is = fd >= 0 && read(fd, magic, sizeof magic) == sizeof magic && memcmp(magic, "\177ELF", 4) == 0;

	if (fd >= 0)
		close(fd);
	return is;
}

struct inputs {
	struct profile_input *items;
	size_t count, capacity;
};

static void add_input(struct arena *a, struct inputs *inputs, struct profile_input input)
{
	inputs->items = arena_reserve(a, inputs->items, inputs->count, &inputs->capacity, sizeof *inputs->items);
	inputs->items[inputs->count++] = input;
}

/* A run file is the profiles of its benchmarks. */
static bool add_run(struct arena *a, struct inputs *inputs, const struct profile_file *file, struct err *err)
{
	size_t before = inputs->count;

	for (size_t i = 0; i < file->run->table_count; i++) {
		struct slice_table *t = &file->run->tables[i];

		if (!stacks_read(a, t, path_folder(a, file->path), err))
			return false;
		if (t->profile.stacks)
			add_input(a, inputs,
				  (struct profile_input){
					  .path = arena_printf(a, "%s: %s/%s", file->path, t->suite, t->bench),
					  .profile = profile_label_benchmark(t),
					  .format = &profile_format_proto});
	}
	return inputs->count > before || err_set(err, "%s: a run file without profiles beside it; %s",
						 text_printable_copy(a, file->path), PROFILE_MAKERS);
}

static bool read_inputs(struct profile_call *call, const char *program, const char *const *paths, size_t count,
			struct profile_input **out, size_t *out_count, struct err *err)
{
	struct profile_reading how = {0};
	struct arena *a = call->arena;
	struct inputs inputs = {0};

	if (call->options->format) {
		how.format = profile_format_find(call->options->format);
		if (!how.format || !how.format->read)
			return err_set(err, "--format=%s: 'pawl help profile' lists the formats that are read",
				       text_printable_copy(a, call->options->format));
	}
	for (size_t i = 0; i < count; i++) {
		struct profile_file file;

		if (is_url(paths[i]))
			return err_set(err,
				       "%s: profiles are not fetched yet; curl -o profile.pb.gz '%s' does, then give "
				       "the file",
				       text_printable_copy(a, paths[i]), text_printable_copy(a, paths[i]));
		if (!profile_file_read(arena_open_child(a), paths[i], &how, &file, err))
			return false;
		if (file.run) {
			if (!add_run(a, &inputs, &file, err))
				return false;
			continue;
		}
		profile_name(file.profile, program);
		add_input(a, &inputs, (struct profile_input){paths[i], file.profile, file.format});
	}
	*out = inputs.items;
	*out_count = inputs.count;
	return true;
}

bool profile_load(struct profile_call *call, struct err *err)
{
	const struct profile_options *o = call->options;
	const struct option_texts *bases = o->base.count ? &o->base : &o->diff_base;
	size_t skipped = call->path_count > 1 && is_program(call->paths[0]);
	const char *program = skipped ? call->paths[0] : NULL;

	if (o->base.count && o->diff_base.count)
		return err_set(err, "--base and --diff-base are two ways to compare: give one");
	if (o->normalize && !bases->count)
		return err_set(err, "--normalize scales to a base: give one with --base or --diff-base");
	return read_inputs(call, program, call->paths + skipped, call->path_count - skipped, &call->heads,
			   &call->head_count, err) &&
	       read_inputs(call, program, bases->items, bases->count, &call->bases, &call->base_count, err);
}
