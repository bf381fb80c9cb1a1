/* Reading and writing index.json. */
#include "store/dir_index.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/json_read.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

bool dir_look(const char *path, bool *there, struct err *err)
{
	struct stat st;

	*there = stat(path, &st) == 0;
	if (!*there && errno != ENOENT)
		return err_set(err, "%s: %s", path, strerror(errno));
	return true;
}

bool dir_id_is_valid(const char *id)
{
	return strlen(id) == HASH_HEX_SIZE - 1 && strspn(id, "0123456789abcdef") == HASH_HEX_SIZE - 1;
}

const struct store_entry *dir_index_find(const struct dir_index *index, const char *id)
{
	for (size_t i = 0; i < index->count; i++) {
		if (text_equal(index->entries[i].id, id))
			return &index->entries[i];
	}
	return NULL;
}

void dir_index_add(struct arena *a, struct dir_index *index, const struct store_entry *entry)
{
	index->entries = arena_reserve(a, index->entries, index->count, &index->capacity, sizeof *index->entries);
	index->entries[index->count++] = *entry;
}

static bool read_entry(struct arena *a, const cJSON *o, struct store_entry *e, struct err *err)
{
	int64_t bench_count;
	const char **slower;

	if (!json_get_text(a, o, "id", &e->id, err))
		return false;
	if (!dir_id_is_valid(e->id))
		return err_set(err, "\"id\" must be 64 hexadecimal digits");
	if (!json_get_int(o, "bench_count", &bench_count, err))
		return false;
	if (bench_count < 0)
		return err_set(err, "\"bench_count\" must be a whole number from 0 on");
	e->bench_count = (size_t)bench_count;
	if (!json_get_text(a, o, "branch", &e->branch, err) || !json_get_bool(o, "dirty", &e->dirty, err) ||
	    !json_get_text(a, o, "revision", &e->revision, err) ||
	    !json_get_texts(a, o, "slower", &slower, &e->slower_count, err) ||
	    !json_get_text(a, o, "started", &e->started, err))
		return false;
	e->slower = slower;
	return true;
}

static bool read_entries(struct arena *a, const cJSON *root, const char *machine_class, struct dir_index *out,
			 struct err *err)
{
	const cJSON *runs, *item;
	int64_t version;
	size_t number = 0;

	if (!json_get_int(root, "pawl_index", &version, err) || !json_get_array(root, "runs", &runs, err))
		return false;
	cJSON_ArrayForEach(item, runs)
	{
		struct store_entry e = {.machine_class = machine_class};

		number++;
		if (!read_entry(a, item, &e, err))
			return err_context(err, "run %zu", number);
		/* A merge that kept the lines of both sides can hold a run twice. */
		if (!dir_index_find(out, e.id))
			dir_index_add(a, out, &e);
	}
	return true;
}

static bool has_conflict(struct str text)
{
	static const char mark[] = "\n<<<<<<<";

	return memmem(text.at, text.size, mark, sizeof mark - 1) != NULL;
}

/* Says what to do about an index that is damaged.  Always false. */
static bool advise(struct err *err)
{
	struct err damage = *err;

	return err_set(err, "%s; restore the file from version control, then look with `pawl baseline verify`",
		       damage.text);
}

/* Damage is told from a later version, which a restored file would not mend. */
static bool read_root(struct arena *a, const char *path, const cJSON *root, const char *machine_class,
		      struct dir_index *out, struct err *err)
{
	int64_t version;

	if (json_get_int(root, "pawl_index", &version, err) && version > DIR_INDEX_VERSION)
		return err_set(err,
			       "%s: was written by a newer pawl (index version %lld, this pawl reads version %d): "
			       "update pawl",
			       path, (long long)version, DIR_INDEX_VERSION);
	if (read_entries(a, root, machine_class, out, err))
		return true;
	err_context(err, "%s", path);
	return advise(err);
}

bool dir_index_read(struct arena *a, const char *path, const char *machine_class, struct dir_index *out,
		    struct err *err)
{
	struct str text;
	cJSON *root;
	bool there, ok;

	*out = (struct dir_index){0};
	if (!dir_look(path, &there, err))
		return false;
	if (!there)
		return true;
	if (!file_read(a, path, FILE_LIMIT, &text, err))
		return false;
	if (has_conflict(text))
		return err_set(err, "%s: holds a merge that is not resolved; keep the lines of both sides", path);
	if (!json_parse(a, path, text, &root, err))
		return advise(err);
	ok = read_root(a, path, root, arena_string(a, machine_class), out, err);
	cJSON_Delete(root);
	return ok;
}

static void write_entry(struct json *j, const struct store_entry *e)
{
	json_begin_object_line(j);
	json_key(j, "bench_count");
	json_int(j, (int64_t)e->bench_count);
	json_key(j, "branch");
	json_text(j, e->branch);
	json_key(j, "dirty");
	json_bool(j, e->dirty);
	json_key(j, "id");
	json_text(j, e->id);
	json_key(j, "revision");
	json_text(j, e->revision);
	json_key(j, "slower");
	json_begin_array_line(j);
	for (size_t i = 0; i < e->slower_count; i++)
		json_text(j, e->slower[i]);
	json_end_array(j);
	json_key(j, "started");
	json_text(j, e->started);
	json_end_object(j);
}

bool dir_index_write(struct arena *a, const char *path, const struct dir_index *index, struct err *err)
{
	struct buf out = {.arena = a};
	struct json j = {.out = &out};

	json_begin_object(&j);
	json_key(&j, "pawl_index");
	json_int(&j, DIR_INDEX_VERSION);
	json_key(&j, "runs");
	json_begin_array(&j);
	for (size_t i = 0; i < index->count; i++)
		write_entry(&j, &index->entries[i]);
	json_end_array(&j);
	json_end_object(&j);
	buf_char(&out, '\n');
	return file_write(path, out.at, out.size, err);
}
