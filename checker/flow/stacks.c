/* Profiles of a run, to files and back. */
#include "flow/stacks.h"

#include "base/file.h"
#include "base/hash.h"
#include "profile/profile.h"

#include <string.h>
#include <unistd.h>

static bool bytes_of(struct arena *a, const struct profile *p, struct buf *out, struct err *err)
{
	*out = (struct buf){.arena = a};
	return profile_format_proto.write(a, p, p->type_count - 1, out, err);
}

bool stacks_write(struct arena *a, struct run *run, const char *folder, struct err *err)
{
	const char *place = path_join(a, folder, "profiles");

	for (size_t i = 0; i < run->table_count; i++) {
		struct run_profile *p = &run->tables[i].profile;
		char hex[HASH_HEX_SIZE];
		struct buf bytes;

		if (!p->stacks)
			continue;
		if (!bytes_of(a, p->stacks, &bytes, err) || !dir_make(place, err))
			return false;
		hash_bytes(bytes.at, bytes.size, hex);
		p->file = arena_printf(a, "%s.pb.gz", hex);
		if (!file_write(path_join(a, place, p->file), bytes.at, bytes.size, err))
			return false;
	}
	return true;
}

void stacks_clear(struct arena *a, const char *folder)
{
	static const char suffix[] = ".pb.gz";
	const char *place = path_join(a, folder, "profiles"), **names;
	struct err ignored;
	size_t count;

	if (!file_is_dir(place) || !dir_list(a, place, &names, &count, &ignored))
		return;
	for (size_t i = 0; i < count; i++) {
		if (strspn(names[i], "0123456789abcdef") == HASH_HEX_SIZE - 1 &&
		    text_equal(names[i] + HASH_HEX_SIZE - 1, suffix))
			unlink(path_join(a, place, names[i]));
	}
	rmdir(place);
}

static bool parse(struct arena *a, struct slice_table *t, const char *path, struct str bytes, struct err *err)
{
	struct profile_reading how = {.format = &profile_format_proto};
	struct profile *p = NEW(a, struct profile);

	profile_init(p, a);
	if (!profile_read_bytes(a, path, bytes, &how, p, NULL, err))
		return false;
	t->profile.stacks = p;
	return true;
}

static bool has_file(const struct slice_table *t)
{
	return t->profile.engine && t->profile.file && *t->profile.file && !t->profile.stacks;
}

bool stacks_read(struct arena *a, struct slice_table *t, const char *folder, struct err *err)
{
	const char *path;
	struct str bytes;

	if (!has_file(t))
		return true;
	path = path_join(a, path_join(a, folder, "profiles"), t->profile.file);
	if (!file_exists(path))
		return true;
	return file_read(a, path, FILE_LIMIT, &bytes, err) && parse(a, t, path, bytes, err);
}

bool stacks_save(struct arena *a, const struct run *run, const struct store *store, const char *baseline,
		 struct err *err)
{
	for (size_t i = 0; i < run->table_count; i++) {
		const struct run_profile *p = &run->tables[i].profile;
		struct buf bytes;

		if (!p->stacks || !p->file || !*p->file)
			continue;
		if (!bytes_of(a, p->stacks, &bytes, err) ||
		    !store->kind->save_profile(a, store->place, baseline, run->host.machine_class, p->file,
					       (struct str){bytes.at, bytes.size}, err))
			return false;
	}
	return true;
}

bool stacks_load(struct arena *a, struct slice_table *t, const struct store *store, const char *baseline,
		 const char *machine_class, struct err *err)
{
	struct str bytes;
	bool there;

	if (!has_file(t))
		return true;
	if (!store->kind->load_profile(a, store->place, baseline, machine_class, t->profile.file, &there, &bytes, err))
		return false;
	return !there || parse(a, t, t->profile.file, bytes, err);
}
