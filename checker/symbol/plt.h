/*
 * Names of the stubs through which a program calls functions of libraries, which no symbol table has: "printf@plt".
 */
#ifndef PAWL_SYMBOL_PLT_H
#define PAWL_SYMBOL_PLT_H

#include "symbol/elf_file.h"
#include "symbol/symtab.h"

/* Adds the stubs of `e` to a table that is not sorted yet (symtab_sort). */
void plt_read(const struct elf_file *e, struct symtab *t);

#endif
