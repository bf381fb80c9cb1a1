/*
 * A module: the ELF file of a program or library that was mapped while it was sampled, with its debug data.
 *
 * Addresses: a *vaddr* is an address as the file counts it (p_vaddr of its segments).  The vaddr of an instruction that was
 * sampled at `ip` in a mapping [start, …) of file offset `offset` is module_vaddr(m, ip - start + offset).
 *
 * Opening reads heads only; symbols, debug data and frame information are read when they are first asked for, and then kept
 * until the close, in a child of the arena given at the open.  A module is of one thread.  What is asked of it:
 * symbol/lookup.h and symbol/unwind.h.
 */
#ifndef PAWL_SYMBOL_MODULE_H
#define PAWL_SYMBOL_MODULE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct module;

/* Fails for what cannot be read and for what is no ELF file of a 64-bit little-endian machine.  The module is to be
 * closed, which gives back its memory and its file descriptor. */
bool module_open(struct arena *a, const char *path, struct module **out, struct err *err) MUST_CHECK;

/* The same of an image in memory, which is not copied and must stay until the close. */
bool module_open_image(struct arena *a, const char *name, struct str image, struct module **out,
		       struct err *err) MUST_CHECK;

/* The image that the kernel maps into every process (vDSO), as this process has it.  False: there is none. */
bool module_open_vdso(struct arena *a, struct module **out) MUST_CHECK;

void module_close(struct module *m);

const char *module_path(const struct module *m);

/* EM_X86_64, EM_AARCH64, … of <elf.h>. */
uint16_t module_machine(const struct module *m);

/* The bytes of its build id; size 0: it has none. */
struct str module_build_id(const struct module *m);

/* The same as lower-case hexadecimal digits, "" for none; lives as long as the module. */
const char *module_build_id_text(const struct module *m);

/* The vaddr of a file offset.  False: no loaded segment holds it. */
bool module_vaddr(const struct module *m, uint64_t offset, uint64_t *vaddr);

/* Folders with separate debug files, beside that of the module; "/usr/lib/debug" unless set.  NULL: none.  To be called
 * before the first look-up. */
void module_set_debug_folder(struct module *m, const char *folder);

/* Where its debug data comes from: the path of a file, or "" when it has none. */
const char *module_debug_path(struct module *m);

/* What its debug data names and the look-ups so far could not read, one line; "": nothing. */
const char *module_missing(const struct module *m);

#endif
