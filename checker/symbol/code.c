/* Comparing what is loaded of two programs and their libraries. */
#include "symbol/code.h"

#include "base/file.h"
#include "base/text.h"

#include <gelf.h>
#include <libelf.h>
#include <string.h>

enum {
	MOST_LIBRARIES = 256, /* of a program's own; more is no program of ours */
};

/* One of the two builds while it is compared. */
struct build {
	const struct code_build *of;
	const char *path; /* of the file looked at */
	Elf *elf;
};

struct comparison {
	struct arena *arena;
	const char *why;
	const char *done[MOST_LIBRARIES]; /* real paths of the first build's files */
	size_t done_count;
};

static enum code_answer answer(struct comparison *c, enum code_answer which, const char *why)
{
	c->why = why;
	return which;
}

static bool open_elf(struct comparison *c, struct build *b)
{
	struct str bytes;
	struct err err;

	if (!file_read(c->arena, b->path, FILE_LIMIT, &bytes, &err))
		return false;
	/* The bytes live in the arena, where libelf may align them. */
	b->elf = elf_memory((char *)(size_t)bytes.at, bytes.size);
	return b->elf && elf_kind(b->elf) == ELF_K_ELF;
}

/* ---- loaded sections ---- */

struct loaded {
	const char *name;
	GElf_Shdr head;
	const unsigned char *bytes; /* NULL: nothing in the file */
};

/* The next loaded section after `at`, which it moves; false at the end. */
static bool next_loaded(const struct build *b, size_t *at, struct loaded *out)
{
	size_t names, count;

	if (elf_getshdrstrndx(b->elf, &names) != 0 || elf_getshdrnum(b->elf, &count) != 0)
		return false;
	while (++*at < count) {
		Elf_Scn *section = elf_getscn(b->elf, *at);
		Elf_Data *data;

		if (!section || !gelf_getshdr(section, &out->head) || !(out->head.sh_flags & SHF_ALLOC))
			continue;
		out->name = elf_strptr(b->elf, names, out->head.sh_name);
		if (!out->name || text_equal(out->name, ".note.gnu.build-id") ||
		    text_equal(out->name, ".note.go.buildid"))
			continue;
		data = out->head.sh_type == SHT_NOBITS ? NULL : elf_rawdata(section, NULL);
		out->bytes = data && data->d_size == out->head.sh_size ? data->d_buf : NULL;
		if (out->head.sh_type != SHT_NOBITS && out->head.sh_size && !out->bytes)
			continue;
		return true;
	}
	return false;
}

/* Whether byte `at` is part of the tree's path in one build's bytes and of the other tree's, at the same place, in the
 * other's.  Paths of different length move everything behind them, so only equally long ones can be left aside. */
static bool is_in_paths(const struct loaded *one, const char *tree, const struct loaded *two, const char *other,
			size_t at)
{
	size_t size = strlen(tree), first = at >= size ? at - size + 1 : 0;

	if (size != strlen(other))
		return false;
	for (size_t i = first; i <= at && i + size <= one->head.sh_size; i++) {
		if (memcmp(one->bytes + i, tree, size) == 0 && memcmp(two->bytes + i, other, size) == 0)
			return true;
	}
	return false;
}

static bool same_bytes(const struct build *x, const struct loaded *one, const struct build *y, const struct loaded *two)
{
	if (!one->bytes || !two->bytes)
		return !one->bytes && !two->bytes;
	if (memcmp(one->bytes, two->bytes, one->head.sh_size) == 0)
		return true;
	for (size_t i = 0; i < one->head.sh_size; i++) {
		if (one->bytes[i] != two->bytes[i] && !is_in_paths(one, x->of->tree, two, y->of->tree, i))
			return false;
	}
	return true;
}

static bool same_place(const struct loaded *one, const struct loaded *two)
{
	return text_equal(one->name, two->name) && one->head.sh_type == two->head.sh_type &&
	       one->head.sh_flags == two->head.sh_flags && one->head.sh_addr == two->head.sh_addr &&
	       one->head.sh_size == two->head.sh_size && one->head.sh_entsize == two->head.sh_entsize;
}

static enum code_answer compare_sections(struct comparison *c, const struct build *x, const struct build *y)
{
	size_t i = 0, j = 0, count = 0;
	struct loaded one, two;
	GElf_Ehdr first, second;

	if (!gelf_getehdr(x->elf, &first) || !gelf_getehdr(y->elf, &second))
		return answer(c, CODE_UNKNOWN, arena_printf(c->arena, "%s is damaged", path_base(x->path)));
	if (first.e_machine != second.e_machine || first.e_type != second.e_type || first.e_entry != second.e_entry)
		return answer(c, CODE_DIFFERS, arena_printf(c->arena, "the head of %s", path_base(x->path)));
	for (;; count++) {
		bool has_one = next_loaded(x, &i, &one), has_two = next_loaded(y, &j, &two);

		if (!has_one && !has_two)
			break;
		if (!has_one || !has_two || !same_place(&one, &two) || !same_bytes(x, &one, y, &two))
			return answer(
				c, CODE_DIFFERS,
				arena_printf(c->arena, "%s of %s", has_one ? one.name : two.name, path_base(x->path)));
	}
	if (!count)
		return answer(c, CODE_UNKNOWN, arena_printf(c->arena, "%s has no section table", path_base(x->path)));
	return CODE_SAME;
}

/* ---- libraries ---- */

/* What a file says of its libraries. */
struct needs {
	const char *names[MOST_LIBRARIES];
	size_t count;
	const char *search; /* DT_RUNPATH, else DT_RPATH; NULL: none */
	bool loads;         /* it calls dlopen */
};

static void read_dynamic(const struct build *b, Elf_Scn *section, const GElf_Shdr *head, struct needs *out)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Dyn entry;

	for (int i = 0; data && gelf_getdyn(data, i, &entry); i++) {
		const char *text = elf_strptr(b->elf, head->sh_link, entry.d_un.d_val);

		if (entry.d_tag == DT_NEEDED && text && out->count < MOST_LIBRARIES)
			out->names[out->count++] = text;
		else if (entry.d_tag == DT_RUNPATH || (entry.d_tag == DT_RPATH && !out->search))
			out->search = text;
	}
}

static void read_symbols(const struct build *b, Elf_Scn *section, const GElf_Shdr *head, struct needs *out)
{
	Elf_Data *data = elf_getdata(section, NULL);
	GElf_Sym symbol;

	for (int i = 0; data && gelf_getsym(data, i, &symbol); i++) {
		const char *name = elf_strptr(b->elf, head->sh_link, symbol.st_name);

		if (symbol.st_shndx == SHN_UNDEF && name && (text_equal(name, "dlopen") || text_equal(name, "dlmopen")))
			out->loads = true;
	}
}

static struct needs needs_of(const struct build *b)
{
	struct needs out = {0};
	Elf_Scn *section = NULL;
	GElf_Shdr head;

	while ((section = elf_nextscn(b->elf, section))) {
		if (!gelf_getshdr(section, &head))
			continue;
		if (head.sh_type == SHT_DYNAMIC)
			read_dynamic(b, section, &head, &out);
		else if (head.sh_type == SHT_DYNSYM)
			read_symbols(b, section, &head, &out);
	}
	return out;
}

/* The file of that name in a list of folders, with $ORIGIN for the one that the asking file lies in; or NULL. */
static const char *find_in(struct arena *a, const char *folders, const char *origin, const char *name)
{
	while (folders && *folders) {
		size_t size = strcspn(folders, ":");
		const char *folder = arena_copy(a, folders, size), *path;

		if (text_starts(folder, "$ORIGIN"))
			folder = arena_printf(a, "%s%s", origin, folder + strlen("$ORIGIN"));
		else if (text_starts(folder, "${ORIGIN}"))
			folder = arena_printf(a, "%s%s", origin, folder + strlen("${ORIGIN}"));
		path = path_join(a, folder, name);
		if (size && file_exists(path))
			return path_real(a, path);
		folders += size + (folders[size] == ':');
	}
	return NULL;
}

static const char *find_library(struct arena *a, const struct build *b, const struct needs *needs, const char *name)
{
	const char *found;

	if (strchr(name, '/'))
		return path_real(a, name);
	found = find_in(a, needs->search, path_folder(a, b->path), name);
	return found ? found : find_in(a, b->of->library_path, path_folder(a, b->path), name);
}

static enum code_answer compare_files(struct comparison *c, struct build x, struct build y);

static enum code_answer compare_libraries(struct comparison *c, const struct build *x, const struct build *y)
{
	struct needs needs = needs_of(x), others = needs_of(y);

	if (needs.loads)
		return answer(c, CODE_UNKNOWN,
			      arena_printf(c->arena, "%s loads libraries while it runs", path_base(x->path)));
	/* The names are loaded bytes, so they are the same on both sides. */
	for (size_t i = 0; i < needs.count; i++) {
		const char *one = find_library(c->arena, x, &needs, needs.names[i]);
		const char *two = find_library(c->arena, y, &others, needs.names[i]);
		enum code_answer found;

		if (!one && !two)
			continue; /* the system's, which both sides use */
		if (!one || !two)
			return answer(c, CODE_DIFFERS, arena_printf(c->arena, "where %s is found", needs.names[i]));
		if (text_equal(one, two))
			continue;
		found = compare_files(c, (struct build){.of = x->of, .path = one},
				      (struct build){.of = y->of, .path = two});
		if (found != CODE_SAME)
			return found;
	}
	return CODE_SAME;
}

static bool is_done(struct comparison *c, const char *path)
{
	for (size_t i = 0; i < c->done_count; i++) {
		if (text_equal(c->done[i], path))
			return true;
	}
	return false;
}

static enum code_answer compare_files(struct comparison *c, struct build x, struct build y)
{
	enum code_answer found;

	if (is_done(c, x.path))
		return CODE_SAME;
	if (c->done_count == MOST_LIBRARIES)
		return answer(c, CODE_UNKNOWN, "too many libraries");
	c->done[c->done_count++] = x.path;
	if (open_elf(c, &x) && open_elf(c, &y)) {
		found = compare_sections(c, &x, &y);
		if (found == CODE_SAME)
			found = compare_libraries(c, &x, &y);
	} else {
		found = answer(c, CODE_UNKNOWN, arena_printf(c->arena, "%s is no ELF file", path_base(x.path)));
	}
	elf_end(x.elf);
	elf_end(y.elf);
	return found;
}

enum code_answer code_compare(struct arena *a, const struct code_build *one, const struct code_build *two,
			      const char **why)
{
	struct comparison c = {.arena = a, .why = ""};
	const char *first = path_real(a, one->program), *second = path_real(a, two->program);
	enum code_answer found;

	elf_version(EV_CURRENT);
	if (!first || !second)
		found = answer(&c, CODE_UNKNOWN, "a program is not there");
	else
		found = compare_files(&c, (struct build){.of = one, .path = first},
				      (struct build){.of = two, .path = second});
	*why = found == CODE_SAME ? "" : c.why;
	return found;
}
