/*
 * What is inside a module; for this room alone.
 */
#ifndef PAWL_SYMBOL_MODULE_DATA_H
#define PAWL_SYMBOL_MODULE_DATA_H

#include "symbol/dwarf.h"
#include "symbol/elf_file.h"
#include "symbol/frames.h"
#include "symbol/lookup.h"
#include "symbol/module.h"
#include "symbol/symtab.h"

enum { MODULE_MOST_FRAMES = 256 }; /* inlined calls at one address; more is no sound program */

struct clean_name {
	const char *raw, *clean;
};

struct module {
	struct arena *arena;
	struct elf_file elf;
	const char *build_id_text;
	const char *debug_folder;

	bool debug_file_is_sought, has_debug_file;
	bool debug_is_read, has_debug;
	const char *debug_path;
	const char *missing; /* why debug data, or a part of it, is not read; NULL: nothing is missing that is named */
	struct elf_file debug_elf; /* if has_debug_file */
	struct dwarf dwarf;
	struct dwarf second; /* what dwz put in a second file */
	/* Units that do not say which code they cover are gone through when nothing else has an address. */
	bool unranged_are_read;

	bool symbols_are_read, is_go;
	struct symtab symbols;

	bool frames_are_read;
	struct frames frames;

	/* Cleaned names by the raw text's address; open addressing, a power of two many. */
	struct clean_name *names;
	size_t name_count, name_capacity;

	struct frame found[MODULE_MOST_FRAMES]; /* of the last look-up */
};

/* Its separate debug file, or NULL. */
const struct elf_file *module_debug_file(struct module *m);

/* Finds and opens its debug data, once.  False: it has none. */
bool module_read_debug(struct module *m);

/* Reads its symbols, once. */
const struct symtab *module_read_symbols(struct module *m);

#endif
