/*
 * DWARF 2 to 5 debug data, as far as functions, inlined calls and lines need it.
 *
 * Units are found once, when the data is opened; everything else of a unit is read when it is first asked for.  References
 * are to the standard, version 5.  Readers of functions want symbol/lookup.h.
 */
#ifndef PAWL_SYMBOL_DWARF_H
#define PAWL_SYMBOL_DWARF_H

#include "base/arena.h"
#include "symbol/elf_file.h"
#include "symbol/reader.h"
#include "symbol/spans.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct dwarf_attribute { /* there are very many of them */
	uint16_t name, form;
	int32_t constant; /* of DW_FORM_implicit_const; one that does not fit has name 0 */
};

struct dwarf_abbrev {
	uint64_t code;
	uint32_t first, count; /* in the table's attributes */
	uint32_t size;         /* of the attributes, where that is fixed, for 8-byte addresses */
	uint16_t tag;
	bool has_children : 1;
	bool has_fixed_size : 1;     /* every attribute takes the same bytes in every entry */
	bool has_code : 1;           /* it may say which addresses it covers */
	bool is_named_elsewhere : 1; /* it has a linkage name, or refers to what it is of */
	bool has_name : 1;
	bool is_declaration : 1;
	bool is_leaf : 1;     /* nothing is inside, nothing of it is asked for, and its size is fixed */
	bool has_sibling : 1; /* the attributes end with 4 bytes: where in the unit what is inside has its end */
};

struct dwarf_abbrevs {
	uint64_t offset;
	struct dwarf_abbrev *at;
	size_t count, capacity;
	struct dwarf_attribute *attributes; /* without those of leaves, unless a unit has unusual sizes */
	size_t attribute_count, attribute_capacity;
	bool is_dense; /* codes are 1, 2, 3, … */
};

struct dwarf_lines;
struct dwarf_scopes;

struct dwarf_unit {
	uint64_t offset, end, first_entry; /* in .debug_info */
	uint64_t abbrev_offset;
	const struct dwarf_abbrevs *abbrevs; /* NULL until dwarf_unit_abbrevs */
	uint8_t version, address_size;
	bool is_wide; /* offsets take 8 bytes */

	/* Of its first entry. */
	const char *name, *folder; /* "" where not said */
	bool has_low, has_lines, has_ranges, is_partial;
	uint64_t low, line_offset;
	uint64_t texts_base, addresses_base, range_lists_base, ranges_base;
	const char *split_name; /* of the file with the rest of it; "" where there is none */
	uint64_t split_id;      /* that both parts have */
	uint64_t split_ranges_base;
	bool is_c;          /* of a language without functions in its types */
	bool keeps_mangled; /* of a language whose functions have a linkage name that differs from their name */

	const struct dwarf_lines *lines;   /* NULL until dwarf_unit_lines */
	const struct dwarf_scopes *scopes; /* NULL until dwarf_unit_scopes */
	struct dwarf *split;               /* NULL until dwarf_unit_whole, and where it is not there */
	bool split_is_sought;
};

struct dwarf {
	struct arena *arena;
	const char *path;                  /* of the program; "" where it is no file, as dwarf_open leaves it */
	const struct dwarf_unit *skeleton; /* of a split unit: the part of it in the program */
	struct dwarf_package *package;     /* the program's split units in one file; NULL until it is sought */
	const char *missing;               /* a file of a split unit that could not be read, or NULL */
	uint64_t split_budget;             /* bytes of such files that may still be read */
	struct str info, abbrev, line, texts, line_texts, ranges, range_lists, addresses, text_offsets;
	struct dwarf_unit *units; /* sorted by offset */
	size_t unit_count, unit_capacity;
	bool has_unusual_sizes;        /* one of the units has */
	struct dwarf_abbrevs **tables; /* open addressing by offset, a power of two many */
	size_t table_count, table_capacity;
	/* What is read next: lists that have grown with those before, copied when it is known how long they are. */
	struct dwarf_abbrevs draft;
	struct dwarf_scopes *draft_scopes;
	struct dwarf_row *rows;
	size_t row_count, row_capacity;
	struct spans unit_spans; /* the owner is an index of `units` */
	struct dwarf *second;    /* what dwz moved to a file that several programs share; NULL: not there */
	uint64_t lowest_code;    /* what is said of addresses below it is of code that the linker left out */
	/* What may still be read, so that data that refers to itself many times over costs no more than it is large. */
	uint64_t abbrev_budget, draft_budget, range_budget, line_budget;
};

/* Contents of the debug sections of `e` and its units; `second` is that of its second file, or NULL.  False: it has none.
 * Memory is of `a`. */
bool dwarf_open(struct arena *a, const struct elf_file *e, struct dwarf *second, struct dwarf *out);

/* Finds the units of `d`, whose sections are there, and reads their first entries. */
void dwarf_read_units(struct dwarf *d);

/* Where the functions of a unit are: its split part, `*u` then the unit there, or `d` itself. */
struct dwarf *dwarf_unit_whole(struct dwarf *d, struct dwarf_unit **u);

/* Takes `e` for the package of the program's split units, which is looked for beside the program otherwise. */
void dwarf_package_read(struct dwarf *d, const struct elf_file *e);

/* Whether functions with code can be in a unit. */
bool dwarf_unit_has_code(struct dwarf *d, struct dwarf_unit *u);

/* The unit that holds this offset of .debug_info, or NULL. */
struct dwarf_unit *dwarf_unit_at(struct dwarf *d, uint64_t offset);

/* Its abbreviations, empty ones where they are damaged. */
const struct dwarf_abbrevs *dwarf_unit_abbrevs(struct dwarf *d, struct dwarf_unit *u);
const struct dwarf_abbrev *dwarf_abbrevs_find(const struct dwarf_abbrevs *t, uint64_t code);

/* The abbreviation of a unit's first entry and, in `*t`, what has its attributes until the next call; NULL: none. */
const struct dwarf_abbrev *dwarf_first_abbrev(struct dwarf *d, struct dwarf_unit *u, uint64_t code,
					      const struct dwarf_abbrevs **t);

/* One attribute's value. */
enum dwarf_class {
	DWARF_NOTHING,          /* not there, or of a kind that is not read */
	DWARF_ADDRESS,          /* number */
	DWARF_NUMBER,           /* number; also offsets into other sections */
	DWARF_TEXT,             /* text */
	DWARF_REFERENCE,        /* number: an offset of .debug_info */
	DWARF_SECOND_REFERENCE, /* number: an offset of .debug_info in the second file */
	DWARF_LIST_INDEX,       /* number: an index into the range lists */
};

struct dwarf_value {
	enum dwarf_class kind;
	uint64_t number;
	const char *text;
};

/* The value of one attribute at `r`, which moves behind it. */
struct dwarf_value dwarf_value_read(const struct dwarf *d, const struct dwarf_unit *u, struct reader *r,
				    const struct dwarf_attribute *attribute);

/* Whether forms have the sizes of dwarf_form_size: version 2 gave references the size of an address. */
static inline bool dwarf_has_usual_sizes(const struct dwarf_unit *u)
{
	return !u->is_wide && u->version > 2;
}

/* Moves `r` behind the attributes of an entry. */
void dwarf_entry_skip(const struct dwarf *d, const struct dwarf_unit *u, const struct dwarf_abbrevs *t,
		      const struct dwarf_abbrev *abbrev, struct reader *r);

/* What entries say that functions and calls need. */
struct dwarf_entry {
	struct dwarf_value low, high, ranges, name, linkage_name, origin, specification;
	struct dwarf_value call_file, call_line, decl_file, decl_line, statements, folder, language;
	struct dwarf_value texts_base, addresses_base, range_lists_base, ranges_base, is_declaration;
	struct dwarf_value split_name, split_id;
};

void dwarf_entry_read(const struct dwarf *d, const struct dwarf_unit *u, const struct dwarf_abbrevs *t,
		      const struct dwarf_abbrev *abbrev, struct reader *r, struct dwarf_entry *out);

/* Only what says where its code is, and from where it was called. */
void dwarf_entry_read_code(const struct dwarf *d, const struct dwarf_unit *u, const struct dwarf_abbrevs *t,
			   const struct dwarf_abbrev *abbrev, struct reader *r, struct dwarf_entry *out);

/* Adds the code that an entry covers to `to`. */
void dwarf_entry_ranges(struct dwarf *d, const struct dwarf_unit *u, const struct dwarf_entry *entry, struct spans *to,
			uint32_t owner, uint32_t depth);

/* ---- lines ---- */

struct dwarf_row {
	uint64_t vaddr;
	uint32_t file, line; /* line 0: not known */
};

/* The lines of a unit, or an empty table. */
const struct dwarf_lines *dwarf_unit_lines(struct dwarf *d, struct dwarf_unit *u);

/* The row for an address; NULL: none. */
const struct dwarf_row *dwarf_lines_find(const struct dwarf_lines *l, uint64_t vaddr);

/* The path of a file of the table as text that lives as long as `d`; "" for what is not there. */
const char *dwarf_lines_file(struct dwarf *d, const struct dwarf_unit *u, const struct dwarf_lines *l, uint64_t file);

/* ---- functions and inlined calls ---- */

struct dwarf_function {
	const char *name;         /* "" : none; with namespaces and classes where there is no linkage name */
	const char *linkage_name; /* "" : none */
	const char *file;         /* of its declaration, "" not known */
	uint32_t line;            /* in it, 0: not known */
	bool is_qualified;        /* `name` has more than the function's own */
};

struct dwarf_scope {
	uint64_t entry;     /* offset in .debug_info */
	uint32_t parent;    /* the scope that it was inlined into, or SPANS_NONE */
	uint32_t call_line; /* where it was inlined; 0: not known */
	uint32_t call_file;
	bool is_named;
	struct dwarf_function function; /* after dwarf_scope_function */
};

struct dwarf_container { /* a namespace, a class, or a function with functions in it */
	uint64_t entry;
	uint32_t parent; /* or SPANS_NONE */
	bool is_function;
	uint32_t number;  /* of a class without a name, from 1 on, among those in its parent; 0: it is none */
	uint32_t unnamed; /* classes without a name in it */
};

struct dwarf_member { /* a function whose full name is that of its containers and its own */
	uint64_t entry;
	uint32_t container;
};

struct dwarf_scopes {
	struct dwarf_scope *at;
	size_t count, capacity;
	struct spans spans; /* of a unit the edges alone; the owner is an index into `at` */

	struct dwarf_container *containers;
	size_t container_count, container_capacity;
	struct dwarf_member *members; /* sorted by entry */
	size_t member_count, member_capacity;
};

/* The functions with code of a unit and what was inlined into them. */
const struct dwarf_scopes *dwarf_unit_scopes(struct dwarf *d, struct dwarf_unit *u);

/* Its names, looked for behind DW_AT_abstract_origin and DW_AT_specification, too. */
const struct dwarf_function *dwarf_scope_function(struct dwarf *d, const struct dwarf_scopes *s, uint32_t scope);

#endif
