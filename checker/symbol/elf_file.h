/*
 * ELF files of 64-bit little-endian machines: segments, sections, build id.
 *
 * What is read is copied, so that a file that changes meanwhile gives odd bytes at worst and never a fault.  Nothing in
 * the file is believed: every offset and size is held against the file's own size.  Readers of functions want
 * symbol/module.h.
 */
#ifndef PAWL_SYMBOL_ELF_FILE_H
#define PAWL_SYMBOL_ELF_FILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf_segment { /* a PT_LOAD */
	uint64_t offset, vaddr, file_size, memory_size;
	bool executable;
};

struct elf_section {
	const char *name;
	uint32_t type, link;
	uint64_t flags, vaddr, offset, size;
};

struct elf_file {
	struct arena *arena;
	const char *path;
	bool is_file; /* `fd` is open; else the bytes are in `memory` */
	int fd;
	struct str memory;
	uint64_t size;
	uint16_t machine; /* EM_X86_64, EM_AARCH64, … */
	struct elf_segment *segments;
	size_t segment_count;
	struct elf_section *sections;
	size_t section_count;
	unsigned note_count; /* tables of notes that were seen */
	struct str build_id; /* bytes; size 0: none */
};

/* Fails for what is no regular file or no ELF file of that kind.  What is in `out` lives in `a`, until the close. */
bool elf_file_open(struct arena *a, const char *path, struct elf_file *out, struct err *err) MUST_CHECK;

/* The same of bytes that are there already, which are not copied. */
bool elf_file_of(struct arena *a, const char *name, struct str image, struct elf_file *out, struct err *err) MUST_CHECK;

void elf_file_close(struct elf_file *e);

/* The section of that name, or NULL; ".debug_x" is found as ".zdebug_x", too. */
const struct elf_section *elf_file_find(const struct elf_file *e, const char *name);

/* A section's contents, uncompressed; size 0 where there are none, where they are damaged, compressed in another way
 * than zlib's, or larger than 4 GiB. */
struct str elf_file_contents(const struct elf_file *e, const struct elf_section *section);

/* Whether the named section is there, but compressed in a way that is not read. */
bool elf_file_is_packed(const struct elf_file *e, const char *name);

/* Copies up to `size` bytes that are loaded at an address; how many there were. */
size_t elf_file_loaded(const struct elf_file *e, uint64_t vaddr, void *to, size_t size);

/* Contents of a named section. */
struct str elf_file_section(const struct elf_file *e, const char *name);

#endif
