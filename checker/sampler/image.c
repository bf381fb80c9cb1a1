/* Files that are mapped as code: opened once, and only if they are still what was mapped. */
#include "sampler/image.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool key_equal_build_id(const struct image_key *key, struct str id)
{
	return id.size == key->build_id_size && memcmp(id.at, key->build_id, id.size) == 0;
}

struct image *image_make(struct arena *a, const struct image_key *key)
{
	struct image *i = NEW(a, struct image);

	i->arena = a;
	i->key = *key;
	i->path = arena_copy(a, key->path.at, key->path.size);
	i->key.path = (struct str){i->path, key->path.size};
	i->build_id = "";
	i->fd = -1;
	i->is_vdso = text_equal(i->path, "[vdso]");
	return i;
}

static const char *hexadecimal(struct arena *a, const unsigned char *at, size_t size)
{
	struct buf b = {.arena = a};

	for (size_t i = 0; i < size; i++)
		buf_printf(&b, "%02x", at[i]);
	return buf_string(&b);
}

/* Whether the file that now bears the name is the one that was mapped. */
static bool same_file(const struct image *i)
{
	struct stat now;

	if (fstat(i->fd, &now) != 0 || !S_ISREG(now.st_mode))
		return false;
	/* Of the device only files without a build id are asked: some file systems name one device in two ways. */
	return !i->key.inode || i->key.build_id_size || (uint64_t)now.st_ino == i->key.inode;
}

static void load_file(struct image *i)
{
	struct stat named;
	struct err ignored;

	/* A program may say that it maps anything: a device is not even opened. */
	if (stat(i->path, &named) != 0 || !S_ISREG(named.st_mode))
		return;
	i->fd = open(i->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (i->fd < 0)
		return;
	i->is_file = same_file(i);
	if (i->is_file && !module_open(i->arena, i->path, &i->module, &ignored))
		i->module = NULL;
	if (i->module && i->key.build_id_size && !key_equal_build_id(&i->key, module_build_id(i->module))) {
		module_close(i->module);
		i->module = NULL;
		i->is_file = false;
	}
	if (!i->is_file) {
		close(i->fd);
		i->fd = -1;
	}
}

void image_load(struct image *i)
{
	if (i->loaded)
		return;
	i->loaded = true;
	if (i->path[0] == '/')
		load_file(i);
	else if (i->is_vdso && !module_open_vdso(i->arena, &i->module))
		i->module = NULL;
	if (i->key.build_id_size)
		i->build_id = hexadecimal(i->arena, i->key.build_id, i->key.build_id_size);
	else if (i->module)
		i->build_id = arena_string(i->arena, module_build_id_text(i->module));
}

void image_close(struct image *i)
{
	if (i->module)
		module_close(i->module);
	if (i->fd >= 0)
		close(i->fd);
	i->module = NULL;
	i->fd = -1;
}

size_t image_read(const struct image *i, uint64_t offset, void *bytes, size_t size)
{
	ssize_t got;

	if (i->fd < 0 || offset > INT64_MAX)
		return 0;
	got = pread(i->fd, bytes, size, (off_t)offset);
	return got < 0 ? 0 : (size_t)got;
}
