/* Any bytes as a package of split units: every unit that its index names is read, with all functions, within its bytes. */
#include "base/arena.h"
#include "symbol/dwarf.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size);

enum {
	INDEX_HEAD = 16, /* bytes before the ids of .debug_cu_index */
	MOST_UNITS = 64,
};

static void ask_unit(struct dwarf *d, uint64_t id, uint8_t version)
{
	struct dwarf_unit u = {.version = version, .address_size = 8, .folder = "", .split_name = "x", .split_id = id};
	struct dwarf_unit *whole = &u;
	struct dwarf *of = dwarf_unit_whole(d, &whole);
	const struct dwarf_scopes *s;

	if (of == d)
		return;
	if (whole->split_id != id)
		abort();
	s = dwarf_unit_scopes(of, whole);
	for (size_t i = 0; i < s->count; i++) {
		const struct dwarf_function *f = dwarf_scope_function(of, s, (uint32_t)i);

		/* Sanitizers see where a text has no end. */
		if (strlen(f->name) + strlen(f->linkage_name) == SIZE_MAX)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
	static const char addresses[64] = {0, 1, 1, 0, 0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 0, 0};
	struct arena *a = arena_open();
	struct elf_file e;
	struct err err;

	if (elf_file_of(a, "fuzz", (struct str){(const char *)data, size}, &e, &err)) {
		struct str index = elf_file_section(&e, ".debug_cu_index");
		struct reader ids = reader_of(index, INDEX_HEAD);
		struct dwarf d = {
			.arena = a,
			.path = "",
			.lowest_code = 1,
			.addresses = {addresses, sizeof(addresses)},
			.ranges = {addresses, sizeof(addresses)},
		};

		dwarf_package_read(&d, &e);
		for (int i = 0; i < MOST_UNITS && reader_left(&ids) >= 8; i++) {
			uint64_t id = reader_bytes(&ids, 8);

			ask_unit(&d, id, 4);
			ask_unit(&d, id, 5);
		}
	}
	arena_close(a);
	return 0;
}
