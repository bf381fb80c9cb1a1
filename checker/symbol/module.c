/* Modules: opened ELF files, their debug data and symbols when they are asked for. */
#include "symbol/module.h"

#include "symbol/debug_file.h"
#include "symbol/module_data.h"
#include "symbol/plt.h"

#include <elf.h>
#include <string.h>
#include <sys/auxv.h>

enum { MOST_VDSO = 1 << 20 }; /* it has two to four pages */

static const char *hexadecimal(struct arena *a, struct str bytes)
{
	struct buf out = {.arena = a};

	for (size_t i = 0; i < bytes.size; i++)
		buf_printf(&out, "%02x", (unsigned char)bytes.at[i]);
	return buf_string(&out);
}

static struct module *new_module(struct arena *parent)
{
	struct arena *a = arena_open_child(parent);
	struct module *m = NEW(a, struct module);

	m->arena = a;
	m->debug_folder = "/usr/lib/debug";
	m->debug_path = "";
	return m;
}

bool module_open(struct arena *a, const char *path, struct module **out, struct err *err)
{
	struct module *m = new_module(a);

	if (!elf_file_open(m->arena, path, &m->elf, err)) {
		arena_close(m->arena);
		return false;
	}
	m->build_id_text = hexadecimal(m->arena, m->elf.build_id);
	*out = m;
	return true;
}

bool module_open_image(struct arena *a, const char *name, struct str image, struct module **out, struct err *err)
{
	struct module *m = new_module(a);

	if (!elf_file_of(m->arena, name, image, &m->elf, err)) {
		arena_close(m->arena);
		return false;
	}
	m->build_id_text = hexadecimal(m->arena, m->elf.build_id);
	*out = m;
	return true;
}

bool module_open_vdso(struct arena *a, struct module **out)
{
	const char *image = (const char *)getauxval(AT_SYSINFO_EHDR);
	Elf64_Ehdr head;
	Elf64_Phdr load;
	uint64_t size = 0;
	struct err err;

	if (!image)
		return false;
	memcpy(&head, image, sizeof(head));
	if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS64)
		return false;
	for (size_t i = 0; i < head.e_phnum; i++) {
		memcpy(&load, image + head.e_phoff + i * sizeof(load), sizeof(load));
		if (load.p_type == PT_LOAD && load.p_offset + load.p_filesz > size)
			size = load.p_offset + load.p_filesz;
	}
	/* The kernel maps whole pages, and the section table lies behind what is loaded. */
	size = (size + 4095) & ~UINT64_C(4095);
	if (!size || size > MOST_VDSO)
		return false;
	return module_open_image(a, "[vdso]", (struct str){image, (size_t)size}, out, &err);
}

void module_close(struct module *m)
{
	elf_file_close(&m->elf);
	elf_file_close(&m->debug_elf);
	arena_close(m->arena);
}

const char *module_path(const struct module *m)
{
	return m->elf.path;
}

uint16_t module_machine(const struct module *m)
{
	return m->elf.machine;
}

struct str module_build_id(const struct module *m)
{
	return m->elf.build_id;
}

const char *module_build_id_text(const struct module *m)
{
	return m->build_id_text;
}

bool module_vaddr(const struct module *m, uint64_t offset, uint64_t *vaddr)
{
	bool found = false;

	/* Pages at the border of two segments are in both; what runs is in the executable one. */
	for (size_t i = 0; i < m->elf.segment_count; i++) {
		const struct elf_segment *s = &m->elf.segments[i];

		if (offset < s->offset || offset - s->offset >= s->file_size || (found && !s->executable))
			continue;
		*vaddr = offset - s->offset + s->vaddr;
		found = true;
		if (s->executable)
			break;
	}
	return found;
}

void module_set_debug_folder(struct module *m, const char *folder)
{
	m->debug_folder = folder;
}

const struct elf_file *module_debug_file(struct module *m)
{
	if (!m->debug_file_is_sought) {
		m->debug_file_is_sought = true;
		m->has_debug_file = debug_file_open(m->arena, &m->elf, m->debug_folder, &m->debug_elf);
	}
	return m->has_debug_file ? &m->debug_elf : NULL;
}

/* Reads the second file of dwz that `e` names.  False: there is none. */
static bool read_second(struct module *m, const struct elf_file *e)
{
	struct elf_file second;
	const char *name;
	bool is_read;

	if (!debug_file_open_second(m->arena, e, m->debug_folder, &name, &second)) {
		if (*name)
			m->missing = arena_printf(m->arena, "%s, where dwz put a part of its debug data, is not there",
						  name);
		return false;
	}
	is_read = dwarf_open(m->arena, &second, NULL, &m->second);
	elf_file_close(&second); /* what was read is a copy */
	return is_read;
}

/* Reads the debug data of `e`.  False: it has none. */
static bool read_dwarf(struct module *m, const struct elf_file *e)
{
	if (elf_file_is_packed(e, ".debug_info"))
		m->missing = "its debug data is compressed in a way that is not read: build with -gz=zlib, or take "
			     "objcopy --decompress-debug-sections";
	if (!dwarf_open(m->arena, e, read_second(m, e) ? &m->second : NULL, &m->dwarf))
		return false;
	m->dwarf.path = m->elf.is_file ? m->elf.path : "";
	return true;
}

bool module_read_debug(struct module *m)
{
	const struct elf_file *separate;

	if (m->debug_is_read)
		return m->has_debug;
	m->debug_is_read = true;
	m->has_debug = read_dwarf(m, &m->elf);
	if (m->has_debug) {
		m->debug_path = m->elf.path;
	} else if ((separate = module_debug_file(m))) {
		m->has_debug = read_dwarf(m, separate);
		m->debug_path = m->has_debug ? separate->path : "";
	}
	return m->has_debug;
}

const char *module_debug_path(struct module *m)
{
	module_read_debug(m);
	return m->debug_path;
}

const char *module_missing(const struct module *m)
{
	if (m->dwarf.missing)
		return arena_printf(m->arena, "%s, with the rest of its debug data (-gsplit-dwarf), is not there",
				    m->dwarf.missing);
	return m->missing ? m->missing : "";
}

const struct symtab *module_read_symbols(struct module *m)
{
	const struct elf_file *separate;

	if (m->symbols_are_read)
		return &m->symbols;
	m->symbols_are_read = true;
	m->is_go = elf_file_find(&m->elf, ".gopclntab") != NULL;
	if (!elf_file_find(&m->elf, ".symtab") && (separate = module_debug_file(m)) &&
	    elf_file_find(separate, ".symtab"))
		symtab_read(m->arena, separate, &m->symbols);
	else
		symtab_read(m->arena, &m->elf, &m->symbols);
	plt_read(&m->elf, &m->symbols);
	symtab_sort(&m->symbols);
	return &m->symbols;
}
