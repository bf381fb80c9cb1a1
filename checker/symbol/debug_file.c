/* Finding the separate debug file of a build. */
#include "symbol/debug_file.h"

#include "base/file.h"
#include "base/text.h"
#include "symbol/reader.h"

#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { CHUNK = 256 * 1024 };

static bool same_build(const struct elf_file *e, const struct elf_file *other)
{
	return e->build_id.size && e->build_id.size == other->build_id.size &&
	       memcmp(e->build_id.at, other->build_id.at, e->build_id.size) == 0;
}

/* The CRC-32 of the whole file, which .gnu_debuglink holds, is zlib's. */
static bool has_crc(struct arena *a, const struct elf_file *e, uint64_t wanted)
{
	struct arena_mark mark = arena_mark(a);
	unsigned char *chunk = arena_alloc(a, CHUNK);
	unsigned long crc = crc32(0, NULL, 0);
	uint64_t at = 0;

	while (at < e->size) {
		ssize_t got = pread(e->fd, chunk, CHUNK, (off_t)at);

		if (got <= 0)
			break;
		crc = crc32(crc, chunk, (uInt)got);
		at += (uint64_t)got;
	}
	arena_reset(a, mark);
	return at == e->size && crc == wanted;
}

/* Opens `path` if it is of the same build; `crc` decides where build ids do not, UINT64_MAX: it is not known. */
static bool try_path(struct arena *a, const struct elf_file *e, const char *path, uint64_t crc, struct elf_file *out)
{
	struct err err;

	if (!elf_file_open(a, path, out, &err))
		return false;
	if (out->machine == e->machine && (elf_file_find(out, ".debug_info") || elf_file_find(out, ".symtab"))) {
		if (e->build_id.size && out->build_id.size ? same_build(e, out)
							   : crc != UINT64_MAX && has_crc(a, out, crc))
			return true;
	}
	elf_file_close(out);
	return false;
}

static const char *build_id_path(struct arena *a, const struct elf_file *e, const char *folder)
{
	struct buf path = {.arena = a};

	buf_printf(&path, "%s/.build-id/", folder);
	for (size_t i = 0; i < e->build_id.size; i++)
		buf_printf(&path, i == 0 ? "%02x/" : "%02x", (unsigned char)e->build_id.at[i]);
	buf_text(&path, ".debug");
	return buf_string(&path);
}

/* The name and the CRC in .gnu_debuglink. */
static bool read_link(const struct elf_file *e, const char **name, uint64_t *crc)
{
	struct str link = elf_file_section(e, ".gnu_debuglink");
	struct reader r = reader_of(link, 0);

	*name = reader_text(&r);
	if (r.bad || !**name || strchr(*name, '/') || text_equal(*name, "..") || text_equal(*name, "."))
		return false;
	reader_skip(&r, (0 - (strlen(*name) + 1)) & 3);
	*crc = reader_bytes(&r, 4);
	return !r.bad;
}

bool debug_file_open(struct arena *a, const struct elf_file *e, const char *folder, struct elf_file *out)
{
	const char *name, *real, *home;
	uint64_t crc;

	if (!e->is_file)
		return false;
	if (folder && e->build_id.size > 1 && try_path(a, e, build_id_path(a, e, folder), UINT64_MAX, out))
		return true;
	if (!read_link(e, &name, &crc) || !(real = path_real(a, e->path)))
		return false;
	home = path_folder(a, real);
	return try_path(a, e, path_join(a, home, name), crc, out) ||
	       try_path(a, e, arena_printf(a, "%s/.debug/%s", home, name), crc, out) ||
	       (folder && try_path(a, e, arena_printf(a, "%s%s/%s", folder, home, name), crc, out));
}
