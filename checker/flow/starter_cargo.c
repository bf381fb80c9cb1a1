/* Benches of Cargo. */
#include "flow/starter.h"

#include "base/file.h"
#include "input/input.h"

#include <ctype.h>
#include <string.h>

enum { SUITE_LIMIT = 20 };

/* The next line without white space around it; NULL at the end. */
static const char *next_line(struct arena *a, struct str *text)
{
	const char *end = text->size ? memchr(text->at, '\n', text->size) : NULL, *at = text->at;
	size_t size = end ? (size_t)(end - at) : text->size;

	if (!text->size)
		return NULL;
	text->at += size + (end != NULL);
	text->size -= size + (end != NULL);
	while (size && isspace((unsigned char)at[size - 1]))
		size--;
	while (size && isspace((unsigned char)*at)) {
		at++;
		size--;
	}
	return arena_copy(a, at, size);
}

/* The text of "key = "value"", NULL for other lines. */
static const char *value_of(struct arena *a, const char *line, const char *key)
{
	size_t size = strlen(key);
	char quote;

	if (strncmp(line, key, size) != 0)
		return NULL;
	line += size;
	line += strspn(line, " \t");
	if (*line++ != '=')
		return NULL;
	line += strspn(line, " \t");
	quote = *line;
	if (quote != '"' && quote != '\'')
		return NULL;
	line++;
	return arena_copy(a, line, strcspn(line, (char[]){quote, '\0'}));
}

static void add_bench(struct arena *a, const char *folder, const char *name, bool criterion, struct starter *out)
{
	struct starter_suite *suite;

	if (!starter_plain_name(name) || name[0] == '-')
		return;
	suite = starter_add(a, out, name);
	suite->kind = "file";
	suite->build = arena_printf(a, "cargo bench --no-run --bench %s", starter_shell_word(a, name));
	if (!text_equal(folder, "."))
		suite->build = arena_printf(a, "cd %s && %s", starter_shell_word(a, folder), suite->build);
	suite->cwd = text_equal(folder, ".") ? NULL : folder;
	suite->result = "-";
	suite->format = "libtest";
	suite->timeout = "10m";
	if (criterion) {
		suite->comment = "One process measures every benchmark of the bench, a second and a half each.";
		STARTER_RUN(a, suite, "cargo", "bench", "-q", "--bench", name, "--", "--output-format", "bencher",
			    "--noplot", "--warm-up-time", "0.5", "--measurement-time", "1");
	} else {
		STARTER_RUN(a, suite, "cargo", "bench", "-q", "--bench", name);
	}
	starter_ignore(a, out, "/target/");
}

/* "benches/codec.rs" and "benches/codec/main.rs" are called "codec"; NULL for other files. */
static const char *bench_of(struct arena *a, const char *folder, const char *path)
{
	const char *rest = text_equal(folder, ".") ? path : path + strlen(folder) + 1, *name;

	if ((!text_equal(folder, ".") && strncmp(path, folder, strlen(folder)) != 0) || !text_starts(rest, "benches/"))
		return NULL;
	name = rest + strlen("benches/");
	if (text_ends(name, "/main.rs"))
		name = arena_copy(a, name, strlen(name) - strlen("/main.rs"));
	else
		name = arena_copy(a, name, strlen(name) - strlen(".rs"));
	return strchr(name, '/') ? NULL : name;
}

struct manifest {
	const char **names; /* of [[bench]] tables */
	size_t count, capacity;
	bool criterion;
};

static void read_manifest(struct arena *a, struct str text, struct manifest *m)
{
	bool in_bench = false;
	const char *line, *name;

	while ((line = next_line(a, &text))) {
		if (line[0] == '[')
			in_bench = text_starts(line, "[[bench]]");
		m->criterion |= text_starts(line, "criterion") || strstr(line, ".criterion]");
		name = in_bench ? value_of(a, line, "name") : NULL;
		if (!name)
			continue;
		m->names = arena_reserve(a, m->names, m->count, &m->capacity, sizeof *m->names);
		m->names[m->count++] = name;
	}
}

static bool is_named(const struct manifest *m, const char *name)
{
	for (size_t i = 0; i < m->count; i++) {
		if (text_equal(m->names[i], name))
			return true;
	}
	return false;
}

static bool is_manifest(const char *path)
{
	return text_equal(path_base(path), "Cargo.toml");
}

static void cargo_read(struct arena *a, const struct starter_file *files, size_t count, struct starter *out)
{
	bool known = input_find("libtest") != NULL;
	size_t found = 0;

	for (size_t i = 0; i < count; i++) {
		const char *folder = path_folder(a, files[i].path);
		struct manifest m = {0};

		if (!is_manifest(files[i].path))
			continue;
		read_manifest(a, files[i].text, &m);
		for (size_t k = 0; k < count; k++) {
			const char *name = is_manifest(files[k].path) ? NULL : bench_of(a, folder, files[k].path);

			if (!name || is_named(&m, name))
				continue;
			m.names = arena_reserve(a, m.names, m.count, &m.capacity, sizeof *m.names);
			m.names[m.count++] = name;
		}
		for (size_t k = 0; k < m.count && known && found + k < SUITE_LIMIT; k++)
			add_bench(a, folder, m.names[k], m.criterion, out);
		found += m.count;
	}
	if (found && !known)
		starter_note(a, out, "there %s of Cargo, and this pawl does not read what they write",
			     found == 1 ? "is a bench" : "are benches");
	else if (found > SUITE_LIMIT)
		starter_note(a, out, "of %zu benches of Cargo the first %d are in pawl.yml", found, SUITE_LIMIT);
}

static bool cargo_wants(const char *path)
{
	return is_manifest(path) || (text_ends(path, ".rs") && strstr(path, "benches/"));
}

const struct starter_source starter_cargo = {
	.name = "cargo",
	.looks_for = "Cargo.toml with benches",
	.wants = cargo_wants,
	.read = cargo_read,
};
