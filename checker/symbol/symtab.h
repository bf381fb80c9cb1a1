/*
 * Names of functions in ELF symbol tables, for programs without debug data and for the clones that compilers make.
 */
#ifndef PAWL_SYMBOL_SYMTAB_H
#define PAWL_SYMBOL_SYMTAB_H

#include "base/arena.h"
#include "symbol/elf_file.h"
#include "symbol/spans.h"

#include <stddef.h>
#include <stdint.h>

struct symtab {
	struct arena *arena;
	struct spans spans; /* the owner is an index of `names` */
	const char **names; /* raw */
	size_t count;
};

/* The functions of .symtab, else those of .dynsym; of none an empty table. */
void symtab_read(struct arena *a, const struct elf_file *e, struct symtab *out);

/* The name of the function that holds the address, or NULL. */
const char *symtab_find(const struct symtab *t, uint64_t vaddr);

#endif
