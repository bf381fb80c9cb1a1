/* Finding the separate debug file of a build. */
#include "symbol/debug_file.h"

#include "base/file.h"
#include "base/text.h"
#include "symbol/reader.h"

#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { CHUNK = 256 * 1024 };

static bool same_id(struct str id, struct str other)
{
	return id.size && id.size == other.size && memcmp(id.at, other.at, id.size) == 0;
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
		if (e->build_id.size && out->build_id.size ? same_id(e->build_id, out->build_id)
							   : crc != UINT64_MAX && has_crc(a, out, crc))
			return true;
	}
	elf_file_close(out);
	return false;
}

static const char *build_id_path(struct arena *a, struct str id, const char *folder)
{
	struct buf path = {.arena = a};

	buf_printf(&path, "%s/.build-id/", folder);
	for (size_t i = 0; i < id.size; i++)
		buf_printf(&path, i == 0 ? "%02x/" : "%02x", (unsigned char)id.at[i]);
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
	if (folder && e->build_id.size > 1 && try_path(a, e, build_id_path(a, e->build_id, folder), UINT64_MAX, out))
		return true;
	if (!read_link(e, &name, &crc) || !(real = path_real(a, e->path)))
		return false;
	home = path_folder(a, real);
	return try_path(a, e, path_join(a, home, name), crc, out) ||
	       try_path(a, e, arena_printf(a, "%s/.debug/%s", home, name), crc, out) ||
	       (folder && try_path(a, e, arena_printf(a, "%s%s/%s", folder, home, name), crc, out));
}

/* ---- the second file that dwz makes ---- */

/* .debug_sup (DWARF 5, 7.3.6): its number tells the file that is shared from those that share it. */
static bool read_supplement(const struct elf_file *e, bool shared, const char **name, struct str *id)
{
	enum { VERSION = 5 };
	struct reader r = reader_of(elf_file_section(e, ".debug_sup"), 0);
	struct reader sum;

	if (reader_bytes(&r, 2) != VERSION || (reader_byte(&r) != 0) != shared)
		return false;
	*name = reader_text(&r);
	sum = reader_part(&r, reader_uleb(&r));
	*id = (struct str){(const char *)sum.at, reader_left(&sum)};
	return !sum.bad;
}

/* The name and the build id of the second file, as version 5 has it or as GNU's tools wrote it before. */
static bool read_second(const struct elf_file *e, const char **name, struct str *id)
{
	struct reader r;

	if (!read_supplement(e, false, name, id)) {
		r = reader_of(elf_file_section(e, ".gnu_debugaltlink"), 0);
		*name = reader_text(&r);
		*id = (struct str){(const char *)r.at, reader_left(&r)};
	}
	return **name && id->size > 1;
}

static bool try_second(struct arena *a, const struct elf_file *e, const char *path, struct str id, struct elf_file *out)
{
	struct str other = {0};
	const char *name;
	struct err err;

	if (!elf_file_open(a, path, out, &err))
		return false;
	if (out->machine == e->machine &&
	    (same_id(id, out->build_id) || (read_supplement(out, true, &name, &other) && same_id(id, other))))
		return true;
	elf_file_close(out);
	return false;
}

bool debug_file_open_second(struct arena *a, const struct elf_file *e, const char *folder, const char **name,
			    struct elf_file *out)
{
	const char *real;
	struct str id;

	if (!e->is_file || !read_second(e, name, &id)) {
		*name = "";
		return false;
	}
	if (folder && try_second(a, e, build_id_path(a, id, folder), id, out))
		return true;
	if (**name == '/')
		return try_second(a, e, *name, id, out);
	real = path_real(a, e->path);
	return real && try_second(a, e, path_join(a, path_folder(a, real), *name), id, out);
}
