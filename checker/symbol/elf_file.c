/* Segments, sections and notes of ELF files. */
#include "symbol/elf_file.h"

#include "symbol/reader.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum {
	MOST_NOTES = 64 * 1024, /* bytes of one table */
	MOST_NOTE_TABLES = 64,
	MOST_SEGMENTS = 65535,
	LARGE = 64 * 1024,
	MOST_RATIO = 1040, /* deflate expands no byte to more than 1032 */
};

static const uint64_t most_bytes = UINT64_C(4) << 30;

/* Asks for the pages of large memory at once, which costs less than a fault for each; older kernels than 5.14 refuse. */
static void populate(char *at, size_t size)
{
#ifdef MADV_POPULATE_WRITE
	size_t page = (size_t)sysconf(_SC_PAGESIZE), skip = (page - (uintptr_t)at % page) % page;

	if (size >= LARGE + skip)
		madvise(at + skip, (size - skip) / page * page, MADV_POPULATE_WRITE);
#else
	(void)at;
	(void)size;
#endif
}

/* Bytes of the file: copied from a file, in place in memory.  Size 0 where they are not all there. */
static struct str bytes_at(const struct elf_file *e, uint64_t offset, uint64_t size)
{
	uint64_t got = 0;
	char *copy;

	if (size == 0 || size > most_bytes || offset > e->size || size > e->size - offset)
		return (struct str){0};
	if (!e->is_file)
		return (struct str){e->memory.at + offset, (size_t)size};
	copy = arena_alloc_unset(e->arena, (size_t)size);
	populate(copy, (size_t)size);
	while (got < size) {
		ssize_t part = pread(e->fd, copy + got, (size_t)(size - got), (off_t)(offset + got));

		if (part < 0 && errno == EINTR)
			continue;
		if (part <= 0)
			return (struct str){0};
		got += (uint64_t)part;
	}
	return (struct str){copy, (size_t)size};
}

static void read_notes(struct elf_file *e, uint64_t offset, uint64_t size, uint64_t align)
{
	struct str notes = {0};
	struct reader r;

	if (e->note_count++ < MOST_NOTE_TABLES)
		notes = bytes_at(e, offset, size < MOST_NOTES ? size : MOST_NOTES);
	r = reader_of(notes, 0);
	align = align == 8 ? 8 : 4;
	while (reader_left(&r) >= sizeof(Elf64_Nhdr) && !e->build_id.size) {
		uint64_t name_size = reader_bytes(&r, 4), text_size = reader_bytes(&r, 4), type = reader_bytes(&r, 4);
		struct reader name = reader_part(&r, ((12 + name_size + align - 1) & ~(align - 1)) - 12);
		const unsigned char *text = r.at;

		if (name.bad || text_size > reader_left(&r))
			return;
		if (type == NT_GNU_BUILD_ID && name_size == 4 && memcmp(name.at, "GNU", 4) == 0 && text_size)
			e->build_id = (struct str){arena_copy(e->arena, (const char *)text, (size_t)text_size),
						   (size_t)text_size};
		reader_skip(&r, (text_size + align - 1) & ~(align - 1));
	}
}

static void read_segments(struct elf_file *e, const Elf64_Ehdr *head)
{
	size_t count = head->e_phentsize == sizeof(Elf64_Phdr) && head->e_phnum < MOST_SEGMENTS ? head->e_phnum : 0;
	struct str table = bytes_at(e, head->e_phoff, count * sizeof(Elf64_Phdr));

	count = table.size / sizeof(Elf64_Phdr);
	e->segments = NEW_ARRAY(e->arena, struct elf_segment, count);
	for (size_t i = 0; i < count; i++) {
		Elf64_Phdr p;

		memcpy(&p, table.at + i * sizeof(p), sizeof(p));
		if (p.p_type == PT_LOAD && p.p_vaddr <= UINT64_MAX - p.p_memsz && p.p_offset <= UINT64_MAX - p.p_filesz)
			e->segments[e->segment_count++] = (struct elf_segment){p.p_offset, p.p_vaddr, p.p_filesz,
									       p.p_memsz, (p.p_flags & PF_X) != 0};
		else if (p.p_type == PT_NOTE && !e->build_id.size)
			read_notes(e, p.p_offset, p.p_filesz, p.p_align);
	}
}

static Elf64_Shdr section_head(struct str table, size_t at)
{
	Elf64_Shdr head;

	memcpy(&head, table.at + at * sizeof(head), sizeof(head));
	return head;
}

static void read_sections(struct elf_file *e, const Elf64_Ehdr *head)
{
	uint64_t count = head->e_shnum, names_at = head->e_shstrndx;
	struct str table = bytes_at(e, head->e_shoff, sizeof(Elf64_Shdr)), names = {0};
	Elf64_Shdr first;

	if (head->e_shentsize != sizeof(Elf64_Shdr) || !table.size)
		return;
	first = section_head(table, 0);
	/* More sections than 16 bits count are counted in the first (ELF gABI, "Section Header"). */
	count = count ? count : first.sh_size;
	names_at = names_at == SHN_XINDEX ? first.sh_link : names_at;
	if (count > e->size / sizeof(Elf64_Shdr))
		return;
	table = bytes_at(e, head->e_shoff, count * sizeof(Elf64_Shdr));
	count = table.size / sizeof(Elf64_Shdr);
	if (names_at < count) {
		Elf64_Shdr names_head = section_head(table, (size_t)names_at);

		names = bytes_at(e, names_head.sh_offset, names_head.sh_size);
	}
	e->sections = NEW_ARRAY(e->arena, struct elf_section, count);
	for (size_t i = 0; i < count; i++) {
		Elf64_Shdr s = section_head(table, i);
		struct reader name = reader_of(names, s.sh_name);

		e->sections[e->section_count++] = (struct elf_section){
			reader_text(&name), s.sh_type, s.sh_link, s.sh_flags, s.sh_addr, s.sh_offset, s.sh_size,
		};
		if (s.sh_type == SHT_NOTE && !e->build_id.size)
			read_notes(e, s.sh_offset, s.sh_size, s.sh_addralign);
	}
}

static bool read_head(struct elf_file *e, struct err *err)
{
	struct str bytes = bytes_at(e, 0, sizeof(Elf64_Ehdr));
	Elf64_Ehdr head;

	if (!bytes.size)
		return err_set(err, "%s: no ELF file: it has %llu bytes only", e->path, (unsigned long long)e->size);
	memcpy(&head, bytes.at, sizeof(head));
	if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0)
		return err_set(err, "%s: no ELF file", e->path);
	if (head.e_ident[EI_CLASS] != ELFCLASS64 || head.e_ident[EI_DATA] != ELFDATA2LSB)
		return err_set(err, "%s: an ELF file of another kind than 64-bit little-endian, which is not read",
			       e->path);
	e->machine = head.e_machine;
	read_segments(e, &head);
	read_sections(e, &head);
	return true;
}

bool elf_file_open(struct arena *a, const char *path, struct elf_file *out, struct err *err)
{
	/* Opening a pipe must not wait for its writer. */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat info;

	*out = (struct elf_file){.arena = a, .path = arena_string(a, path)};
	if (fd < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
		close(fd);
		return err_set(err, "%s: no regular file", path);
	}
	out->is_file = true;
	out->fd = fd;
	out->size = (uint64_t)info.st_size;
	if (read_head(out, err))
		return true;
	elf_file_close(out);
	return false;
}

bool elf_file_of(struct arena *a, const char *name, struct str image, struct elf_file *out, struct err *err)
{
	*out = (struct elf_file){.arena = a, .path = arena_string(a, name), .memory = image, .size = image.size};
	return read_head(out, err);
}

void elf_file_close(struct elf_file *e)
{
	if (e->is_file)
		close(e->fd);
	e->is_file = false;
	e->size = 0;
}

const struct elf_section *elf_file_find(const struct elf_file *e, const char *name)
{
	for (size_t i = 0; i < e->section_count; i++) {
		const char *other = e->sections[i].name;

		if (text_equal(other, name) ||
		    (name[0] == '.' && other[0] == '.' && other[1] == 'z' && text_equal(other + 2, name + 1)))
			return &e->sections[i];
	}
	return NULL;
}

static struct str inflate_bytes(struct arena *a, struct str packed, uint64_t size)
{
	struct arena_mark mark = arena_mark(a);
	z_stream z = {0};
	char *out;

	if (size == 0 || size > most_bytes || size / MOST_RATIO > packed.size || inflateInit(&z) != Z_OK)
		return (struct str){0};
	out = arena_alloc_unset(a, (size_t)size);
	z.next_in = (Bytef *)(size_t)packed.at;
	z.next_out = (Bytef *)out;
	/* zlib counts in 32 bits. */
	while (z.total_out < size) {
		size_t in = packed.size - z.total_in, room = (size_t)(size - z.total_out);

		z.avail_in = in < 1 << 30 ? (uInt)in : 1 << 30;
		z.avail_out = room < 1 << 30 ? (uInt)room : 1 << 30;
		if (inflate(&z, Z_NO_FLUSH) != Z_OK)
			break;
	}
	inflateEnd(&z);
	if (z.total_out == size)
		return (struct str){out, (size_t)size};
	arena_reset(a, mark);
	return (struct str){0};
}

struct str elf_file_contents(const struct elf_file *e, const struct elf_section *section)
{
	struct str bytes;
	Elf64_Chdr head;

	if (section->type == SHT_NOBITS)
		return (struct str){0};
	bytes = bytes_at(e, section->offset, section->size);
	if (section->flags & SHF_COMPRESSED) {
		if (bytes.size < sizeof(head))
			return (struct str){0};
		memcpy(&head, bytes.at, sizeof(head));
		if (head.ch_type != ELFCOMPRESS_ZLIB)
			return (struct str){0};
		return inflate_bytes(e->arena, (struct str){bytes.at + sizeof(head), bytes.size - sizeof(head)},
				     head.ch_size);
	}
	/* The older form: "ZLIB" and the size, most significant byte first. */
	if (text_starts(section->name, ".zdebug") && bytes.size > 12 && memcmp(bytes.at, "ZLIB", 4) == 0) {
		uint64_t size = 0;

		for (size_t i = 4; i < 12; i++)
			size = size << 8 | (unsigned char)bytes.at[i];
		return inflate_bytes(e->arena, (struct str){bytes.at + 12, bytes.size - 12}, size);
	}
	return bytes;
}

bool elf_file_is_packed(const struct elf_file *e, const char *name)
{
	const struct elf_section *section = elf_file_find(e, name);
	struct str bytes = {0};
	Elf64_Chdr head;

	if (section && section->type != SHT_NOBITS && (section->flags & SHF_COMPRESSED))
		bytes = bytes_at(e, section->offset, sizeof(head));
	if (!bytes.size)
		return false;
	memcpy(&head, bytes.at, sizeof(head));
	return head.ch_type != ELFCOMPRESS_ZLIB;
}

struct str elf_file_section(const struct elf_file *e, const char *name)
{
	const struct elf_section *section = elf_file_find(e, name);

	return section ? elf_file_contents(e, section) : (struct str){0};
}

size_t elf_file_loaded(const struct elf_file *e, uint64_t vaddr, void *to, size_t size)
{
	for (size_t i = 0; i < e->segment_count; i++) {
		const struct elf_segment *s = &e->segments[i];
		uint64_t at = vaddr - s->vaddr, offset = s->offset + at;

		if (vaddr < s->vaddr || at >= s->file_size || offset >= e->size)
			continue;
		size = size < s->file_size - at ? size : (size_t)(s->file_size - at);
		size = size < e->size - offset ? size : (size_t)(e->size - offset);
		if (e->is_file) {
			ssize_t got = pread(e->fd, to, size, (off_t)offset);

			return got > 0 ? (size_t)got : 0;
		}
		memcpy(to, e->memory.at + offset, size);
		return size;
	}
	return 0;
}
