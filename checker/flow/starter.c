/* Walking a project, and collecting what its sources find. */
#include "flow/starter.h"

#include "base/file.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	DEPTH_LIMIT = 6,
	ENTRY_LIMIT = 50000,  /* a second on a slow disk */
	TEXT_LIMIT = 1 << 20, /* hand-written build files are smaller */
	VALUE_LIMIT = 4096,   /* of a variable: what is longer is no name */
};

#define ROW(name) &starter_##name,
const struct starter_source *const starter_sources[] = {STARTER_LIST(ROW)};
#undef ROW

const size_t starter_source_count = sizeof starter_sources / sizeof starter_sources[0];

struct walk {
	struct arena *arena;
	const char *folder;
	size_t entries;
	struct starter_file *files;
	size_t count, capacity;
};

/* What is built, and what others wrote. */
static bool is_foreign(const char *name)
{
	static const char *const names[] = {"node_modules", "third_party", "thirdparty", "3rdparty",
					    "vendor",       "external",    "extern",     "_deps",
					    "target",       "testdata",    "dist",       "out"};

	if (name[0] == '.' || text_starts(name, "build") || text_starts(name, "cmake-build"))
		return true;
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		if (text_equal(name, names[i]))
			return true;
	}
	return false;
}

static bool is_wanted(const char *path)
{
	for (size_t i = 0; i < starter_source_count; i++) {
		if (starter_sources[i]->wants(path))
			return true;
	}
	return false;
}

static void take_file(struct walk *w, const char *path, const char *relative)
{
	struct err ignored;
	struct str text;

	if (!is_wanted(relative) || !file_read(w->arena, path, TEXT_LIMIT, &text, &ignored))
		return;
	w->files = arena_reserve(w->arena, w->files, w->count, &w->capacity, sizeof *w->files);
	w->files[w->count++] = (struct starter_file){.path = relative, .text = text};
}

static void walk_folder(struct walk *w, const char *relative, int depth)
{
	const char *folder = path_join(w->arena, w->folder, relative), **names;
	struct err ignored;
	size_t count;

	if (!dir_list(w->arena, *folder ? folder : ".", &names, &count, &ignored))
		return;
	for (size_t i = 0; i < count && w->entries < ENTRY_LIMIT; i++) {
		const char *inside = path_join(w->arena, relative, names[i]);
		const char *path = path_join(w->arena, folder, names[i]);
		struct stat st;

		w->entries++;
		if (!starter_plain_name(names[i]) || lstat(path, &st) != 0)
			continue;
		if (S_ISREG(st.st_mode))
			take_file(w, path, inside);
		else if (S_ISDIR(st.st_mode) && depth < DEPTH_LIMIT && !is_foreign(names[i]))
			walk_folder(w, inside, depth + 1);
	}
}

static size_t depth_of(const char *path)
{
	size_t depth = 0;

	for (; *path; path++)
		depth += *path == '/';
	return depth;
}

static int by_depth(const void *a, const void *b)
{
	const struct starter_file *x = a, *y = b;
	size_t dx = depth_of(x->path), dy = depth_of(y->path);

	return dx != dy ? (dx > dy) - (dx < dy) : strcmp(x->path, y->path);
}

bool starter_look(struct arena *a, const char *folder, struct starter *out, struct err *err)
{
	struct walk w = {.arena = a, .folder = folder};

	*out = (struct starter){0};
	if (!file_is_dir(folder))
		return err_set(err, "%s: is no folder", text_printable_copy(a, folder));
	walk_folder(&w, "", 0);
	if (w.entries >= ENTRY_LIMIT)
		starter_note(a, out, "this folder has more than %d files; only those were looked at", ENTRY_LIMIT);
	if (w.count)
		qsort(w.files, w.count, sizeof *w.files, by_depth);
	for (size_t i = 0; i < starter_source_count; i++) {
		struct starter_file *files = NEW_ARRAY(a, struct starter_file, w.count + 1);
		size_t count = 0;

		for (size_t k = 0; k < w.count; k++) {
			if (starter_sources[i]->wants(w.files[k].path))
				files[count++] = w.files[k];
		}
		starter_sources[i]->read(a, files, count, out);
	}
	return true;
}

void starter_take_command(struct arena *a, const char *const *words, size_t count, struct starter *out)
{
	struct starter_suite *suite = starter_add(a, out, path_base(words[0]));

	suite->kind = "command";
	starter_set_run(a, suite, count, words);
}

bool starter_counts(const struct starter *s)
{
	for (size_t i = 0; i < s->suite_count; i++) {
		if (s->suites[i].counts)
			return true;
	}
	return false;
}

static bool is_taken(const struct starter *s, const char *name)
{
	for (size_t i = 0; i < s->suite_count; i++) {
		if (text_equal(s->suites[i].name, name))
			return true;
	}
	return false;
}

/* A name that is alike in YAML, in a shell and in a workflow. */
static const char *slug(struct arena *a, const char *text)
{
	struct buf b = {.arena = a};

	for (; *text && b.size < 60; text++) {
		bool good = isalnum((unsigned char)*text) || *text == '_' || (b.size && *text == '.');

		if (good)
			buf_char(&b, *text);
		else if (b.size && b.at[b.size - 1] != '-')
			buf_char(&b, '-');
	}
	while (b.size && strchr("-.", b.at[b.size - 1]))
		b.at[--b.size] = '\0';
	return b.size ? buf_string(&b) : "bench";
}

struct starter_suite *starter_add(struct arena *a, struct starter *s, const char *name)
{
	const char *first = slug(a, name), *free = first;

	for (int i = 2; is_taken(s, free); i++)
		free = arena_printf(a, "%s-%d", first, i);
	s->suites = arena_reserve(a, s->suites, s->suite_count, &s->suite_capacity, sizeof *s->suites);
	s->suites[s->suite_count] = (struct starter_suite){.name = free, .build = ""};
	return &s->suites[s->suite_count++];
}

void starter_note(struct arena *a, struct starter *s, const char *format, ...)
{
	va_list args;

	s->notes = arena_reserve(a, s->notes, s->note_count, &s->note_capacity, sizeof *s->notes);
	va_start(args, format);
	s->notes[s->note_count++] = arena_vprintf(a, format, args);
	va_end(args);
}

void starter_ignore(struct arena *a, struct starter *s, const char *folder)
{
	for (size_t i = 0; i < s->ignored_count; i++) {
		if (text_equal(s->ignored[i], folder))
			return;
	}
	s->ignored = arena_reserve(a, s->ignored, s->ignored_count, &s->ignored_capacity, sizeof *s->ignored);
	s->ignored[s->ignored_count++] = folder;
}

void starter_set_run(struct arena *a, struct starter_suite *suite, size_t count, const char *const *words)
{
	const char **run = NEW_ARRAY(a, const char *, count + 1);

	memcpy(run, words, count * sizeof *run);
	suite->run = run;
	suite->run_count = count;
}

bool starter_plain_name(const char *text)
{
	size_t size = strlen(text);

	for (size_t i = 0; i < size;) {
		size_t length = text_utf8_length(text + i, size - i);
		unsigned char c = (unsigned char)text[i];

		if (!length || c < 0x20 || c == 0x7f || (c == 0xc2 && (unsigned char)text[i + 1] < 0xa0))
			return false;
		i += length;
	}
	return size > 0;
}

void starter_set(struct arena *a, struct starter_vars *vars, const char *name, const char *value)
{
	vars->items = arena_reserve(a, vars->items, vars->count, &vars->capacity, sizeof *vars->items);
	vars->items[vars->count++] = (struct starter_var){.name = name, .value = value};
}

static const char *value_of(const struct starter_vars *vars, struct str name)
{
	for (size_t i = vars->count; i > 0; i--) {
		if (str_equal(name, vars->items[i - 1].name))
			return vars->items[i - 1].value;
	}
	return NULL;
}

const char *starter_expand(struct arena *a, const struct starter_vars *vars, const char *text)
{
	struct buf b = {.arena = a};

	while (*text) {
		const char *end, *value;

		if (*text != '$') {
			buf_char(&b, *text++);
			continue;
		}
		end = text[1] == '(' ? strchr(text, ')') : text[1] == '{' ? strchr(text, '}') : NULL;
		value = end ? value_of(vars, (struct str){.at = text + 2, .size = (size_t)(end - text) - 2}) : NULL;
		if (!value || strchr(value, '$') || b.size + strlen(value) > VALUE_LIMIT)
			return NULL;
		buf_text(&b, value);
		text = end + 1;
	}
	return buf_string(&b);
}
