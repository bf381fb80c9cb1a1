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
	size_t count, capacity;
};

/* The functions of .symtab, else those of .dynsym; of none an empty table.  To be sorted. */
void symtab_read(struct arena *a, const struct elf_file *e, struct symtab *out);

/* Adds a function that no table has; the name is kept. */
void symtab_add(struct symtab *t, const char *name, uint64_t vaddr, uint64_t size);

/* Once, when all are there. */
void symtab_sort(struct symtab *t);

/* The name of the function that holds the address, or NULL. */
const char *symtab_find(const struct symtab *t, uint64_t vaddr);

#endif
