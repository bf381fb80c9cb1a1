/*
 * The folder store: PLACE/BASELINE/MACHINE-CLASS/ with an index and run files named by the hash of their bytes.
 *
 * A run file is written whole before the index names it, and the index is replaced whole: a writer that is killed leaves
 * at most a run file that no index names.
 */
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "model/run_json.h"
#include "store/dir_index.h"
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { NAME_LIMIT = 200 }; /* file systems take 255 bytes */

static bool name_is_safe(const char *name)
{
	size_t size = strlen(name);

	return size > 0 && size <= NAME_LIMIT && name[0] != '.' &&
	       strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-") == size;
}

/* Names become folders, and come from the command line and from run files of others. */
static bool check_name(struct arena *a, const char *what, const char *name, struct err *err)
{
	if (name && name_is_safe(name))
		return true;
	return err_set(err,
		       "%s \"%s\" cannot be used: up to %d letters, digits, '.', '_' and '-', not starting with '.'",
		       what, text_printable_copy(a, name ? name : ""), NAME_LIMIT);
}

static const char *class_folder(struct arena *a, const char *place, const char *baseline, const char *machine_class)
{
	return path_join(a, path_join(a, place, baseline), machine_class);
}

static const char *run_path(struct arena *a, const char *folder, const char *id)
{
	return path_join(a, folder, arena_printf(a, "%s.json", id));
}

struct placed {
	const struct store_entry *entry;
	size_t place;
};

static int placed_compare(const void *left, const void *right)
{
	const struct placed *a = left, *b = right;
	int order = strcmp(a->entry->started, b->entry->started);

	return order ? order : (a->place > b->place) - (a->place < b->place);
}

/* The folders in `path` that have a safe name, sorted; none where `path` is not there. */
static bool list_folders(struct arena *a, const char *path, const char ***names, size_t *count, struct err *err)
{
	const char **all;
	size_t all_count;
	bool there;

	*names = NULL;
	*count = 0;
	if (!dir_look(path, &there, err))
		return false;
	if (!there)
		return true;
	if (!dir_list(a, path, &all, &all_count, err))
		return false;
	*names = NEW_ARRAY(a, const char *, all_count);
	for (size_t i = 0; i < all_count; i++) {
		const char *inner = path_join(a, path, all[i]);

		if (!name_is_safe(all[i]))
			continue;
		if (!dir_look(inner, &there, err))
			return false;
		if (there && file_is_dir(inner))
			(*names)[(*count)++] = all[i];
	}
	return true;
}

/* The machine classes that are meant: one, or all that the baseline has. */
static bool list_classes(struct arena *a, const char *place, const char *baseline, const char *machine_class,
			 const char ***classes, size_t *count, struct err *err)
{
	if (!check_name(a, "the baseline name", baseline, err))
		return false;
	if (!machine_class)
		return list_folders(a, path_join(a, place, baseline), classes, count, err);
	if (!check_name(a, "the machine class", machine_class, err))
		return false;
	*classes = NEW_ARRAY(a, const char *, 1);
	(*classes)[0] = machine_class;
	*count = 1;
	return true;
}

/* By when they began (RFC 3339 in UTC sorts as text), then in the order in which they were added. */
static void sort_by_start(struct arena *a, struct dir_index *index)
{
	struct store_entry *sorted = NEW_ARRAY(a, struct store_entry, index->count);
	struct placed *placed = NEW_ARRAY(a, struct placed, index->count);

	for (size_t i = 0; i < index->count; i++)
		placed[i] = (struct placed){&index->entries[i], i};
	if (index->count)
		qsort(placed, index->count, sizeof *placed, placed_compare);
	for (size_t i = 0; i < index->count; i++)
		sorted[i] = *placed[i].entry;
	index->entries = sorted;
}

static bool dir_store_list(struct arena *a, const char *place, const char *baseline, const char *machine_class,
			   struct store_entry **entries, size_t *count, struct err *err)
{
	struct dir_index all = {0};
	const char **classes;
	size_t class_count;

	*entries = NULL;
	*count = 0;
	if (!list_classes(a, place, baseline, machine_class, &classes, &class_count, err))
		return false;
	for (size_t i = 0; i < class_count; i++) {
		const char *path = path_join(a, class_folder(a, place, baseline, classes[i]), "index.json");
		struct dir_index index;

		if (!dir_index_read(a, path, classes[i], &index, err))
			return false;
		sort_by_start(a, &index);
		for (size_t k = 0; k < index.count; k++)
			dir_index_add(a, &all, &index.entries[k]);
	}
	*entries = all.entries;
	*count = all.count;
	return true;
}

static bool dir_store_load(struct arena *a, const char *place, const char *baseline, const struct store_entry *entry,
			   struct run *run, struct err *err)
{
	const char *path;
	struct str text;
	char hex[HASH_HEX_SIZE];
	bool there;

	if (!check_name(a, "the baseline name", baseline, err) ||
	    !check_name(a, "the machine class", entry->machine_class, err))
		return false;
	if (!dir_id_is_valid(entry->id))
		return err_set(err, "the id of a stored run must be 64 hexadecimal digits");
	path = run_path(a, class_folder(a, place, baseline, entry->machine_class), entry->id);
	if (!dir_look(path, &there, err))
		return false;
	if (!there)
		return err_set(err,
			       "%s: is missing, but the index beside it names it; restore it from version control or "
			       "take its line out of index.json",
			       path);
	if (!file_read(a, path, FILE_LIMIT, &text, err))
		return false;
	hash_bytes(text.at, text.size, hex);
	if (!text_equal(hex, entry->id))
		return err_set(
			err,
			"%s: its content is not what its name says (SHA-256 %.12s…), so it was changed or damaged; "
			"restore it from version control or take its line out of index.json",
			path, hex);
	return run_from_json(a, path, text, run, err);
}

/*
 * Holds the lock of a folder; `*fd` is for unlock.  The lock file is taken away again so that it does not end up in
 * version control: whoever waited for one that is gone meanwhile tries again with the new one.
 */
static bool lock(const char *path, int *fd, struct err *err)
{
	for (;;) {
		struct stat held, there;
		bool same;

		*fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0666);
		if (*fd < 0)
			return err_set(err, "%s: the store cannot be written: %s", path, strerror(errno));
		while (flock(*fd, LOCK_EX) != 0) {
			if (errno == EINTR)
				continue;
			err_set(err, "%s: cannot lock the store: %s", path, strerror(errno));
			close(*fd);
			return false;
		}
		same = fstat(*fd, &held) == 0 && stat(path, &there) == 0 && held.st_dev == there.st_dev &&
		       held.st_ino == there.st_ino;
		if (same)
			return true;
		close(*fd);
	}
}

static void unlock(const char *path, int fd)
{
	unlink(path);
	close(fd);
}

/* What killed writers left behind: under the lock nobody else is writing. */
static void remove_leftovers(struct arena *a, const char *folder)
{
	const char **names;
	size_t count;
	struct err ignored;

	if (!dir_list(a, folder, &names, &count, &ignored))
		return;
	for (size_t i = 0; i < count; i++) {
		if (strstr(names[i], ".json.") && text_ends(names[i], ".tmp"))
			unlink(path_join(a, folder, names[i]));
	}
}

static const char *text_or_empty(const char *text)
{
	return text ? text : "";
}

/* Adds a run whose file has these bytes to the folder, which is locked. */
static bool add_run(struct arena *a, const char *folder, struct str bytes, const struct run *run,
		    const char *const *slower, size_t slower_count, struct err *err)
{
	const char *index_path = path_join(a, folder, "index.json");
	struct dir_index index;
	struct store_entry entry = {
		.id = run->id,
		.machine_class = run->host.machine_class,
		.started = text_or_empty(run->started),
		.revision = text_or_empty(run->revision),
		.branch = text_or_empty(run->branch),
		.dirty = run->dirty,
		.bench_count = run->table_count,
		.slower = slower,
		.slower_count = slower_count,
	};

	if (!dir_index_read(a, index_path, run->host.machine_class, &index, err))
		return false;
	/* Written even if the index has it: this mends a file that was lost or damaged. */
	if (!file_write(run_path(a, folder, run->id), bytes.at, bytes.size, err))
		return false;
	if (dir_index_find(&index, run->id))
		return true;
	dir_index_add(a, &index, &entry);
	return dir_index_write(a, index_path, &index, err);
}

static bool dir_store_save(struct arena *a, const char *place, const char *baseline, struct run *run,
			   const char *const *slower, size_t slower_count, struct err *err)
{
	const char *folder, *lock_path;
	struct str bytes;
	bool ok;
	int fd;

	if (!check_name(a, "the baseline name", baseline, err) ||
	    !check_name(a, "the machine class", run->host.machine_class, err))
		return false;
	folder = class_folder(a, place, baseline, run->host.machine_class);
	lock_path = path_join(a, folder, ".lock");
	bytes = run_to_json(a, run);
	if (!dir_make(folder, err) || !lock(lock_path, &fd, err))
		return false;
	remove_leftovers(a, folder);
	ok = add_run(a, folder, bytes, run, slower, slower_count, err);
	unlock(lock_path, fd);
	return ok;
}

static const char *profile_folder(struct arena *a, const char *place, const char *baseline, const char *machine_class)
{
	return path_join(a, class_folder(a, place, baseline, machine_class), "profiles");
}

static bool check_profile(struct arena *a, const char *baseline, const char *machine_class, const char *file,
			  struct err *err)
{
	char id[HASH_HEX_SIZE] = "";

	memcpy(id, file, strnlen(file, sizeof id - 1));
	if (!dir_id_is_valid(id) || !name_is_safe(file))
		return err_set(err, "a stored profile must be named by 64 hexadecimal digits, not \"%s\"",
			       text_printable_copy(a, file));
	return check_name(a, "the baseline name", baseline, err) &&
	       check_name(a, "the machine class", machine_class, err);
}

static bool dir_store_save_profile(struct arena *a, const char *place, const char *baseline, const char *machine_class,
				   const char *file, struct str bytes, struct err *err)
{
	static const char ignore[] =
		"# Profiles are large and made anew with every run: take this file away to keep them.\n*\n";
	const char *folder = profile_folder(a, place, baseline, machine_class);
	const char *path = path_join(a, folder, file);
	bool there;

	if (!check_profile(a, baseline, machine_class, file, err))
		return false;
	if (!file_is_dir(folder)) {
		if (!dir_make(folder, err) ||
		    !file_create(path_join(a, folder, ".gitignore"), ignore, sizeof ignore - 1, false, &there, err))
			return false;
	}
	return file_exists(path) || file_write(path, bytes.at, bytes.size, err);
}

static bool dir_store_load_profile(struct arena *a, const char *place, const char *baseline, const char *machine_class,
				   const char *file, bool *there, struct str *bytes, struct err *err)
{
	const char *path = path_join(a, profile_folder(a, place, baseline, machine_class), file);
	char hex[HASH_HEX_SIZE];

	*there = false;
	if (!check_profile(a, baseline, machine_class, file, err))
		return false;
	if (!file_exists(path))
		return true;
	if (!file_read(a, path, FILE_LIMIT, bytes, err))
		return false;
	hash_bytes(bytes->at, bytes->size, hex);
	if (strncmp(hex, file, sizeof hex - 1) != 0)
		return err_set(err,
			       "%s: its content is not what its name says, so it was changed or damaged; remove it",
			       path);
	*there = true;
	return true;
}

static bool dir_store_verify(struct arena *a, const char *place, const char *baseline, size_t *checked, struct err *err)
{
	struct store_entry *entries;
	size_t count;

	*checked = 0;
	if (!dir_store_list(a, place, baseline, NULL, &entries, &count, err))
		return false;
	for (size_t i = 0; i < count; i++) {
		struct arena *scratch = arena_open_child(a);
		struct run run;
		bool ok = dir_store_load(scratch, place, baseline, &entries[i], &run, err);

		arena_close(scratch);
		if (!ok)
			return false;
		++*checked;
	}
	return true;
}

static bool dir_store_names(struct arena *a, const char *place, const char ***names, size_t *count, struct err *err)
{
	return list_folders(a, place, names, count, err);
}

const struct store_kind store_dir = {
	.name = "dir",
	.help = "a folder, by default baselines/ in the repository",
	.list = dir_store_list,
	.load = dir_store_load,
	.save = dir_store_save,
	.save_profile = dir_store_save_profile,
	.load_profile = dir_store_load_profile,
	.verify = dir_store_verify,
	.names = dir_store_names,
};
