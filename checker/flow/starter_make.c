/* Targets of make that link google-benchmark, or are called after benchmarks. */
#include "flow/starter.h"

#include "base/file.h"

#include <ctype.h>
#include <string.h>

struct make_rule {
	const char *target;
	const char *prerequisites;
	bool links, has_recipe;
};

struct make_file {
	struct arena *arena;
	const char *folder;
	struct starter_vars vars;
	struct make_rule *rules;
	size_t count, capacity;
	const char *phony; /* " bench clean " */
	size_t first;      /* the first target of the rule that the recipe belongs to */
};

/* The next line, with those that a backslash at their end joins to it; without comments.  NULL at the end. */
static char *next_line(struct arena *a, struct str *text)
{
	struct buf b = {.arena = a};
	bool recipe = text->size && text->at[0] == '\t';

	if (!text->size)
		return NULL;
	buf_text(&b, "");
	for (;;) {
		const char *end = memchr(text->at, '\n', text->size);
		size_t size = end ? (size_t)(end - text->at) : text->size;
		bool joined;

		buf_bytes(&b, text->at, size);
		text->at += size + (end != NULL);
		text->size -= size + (end != NULL);
		if (b.size && b.at[b.size - 1] == '\r')
			b.size--;
		joined = b.size && b.at[b.size - 1] == '\\' && text->size;
		if (!joined)
			break;
		b.at[b.size - 1] = ' ';
	}
	for (size_t i = 0; i < b.size; i++) {
		if (b.at[i] == '\0')
			b.at[i] = ' ';
		if (b.at[i] == '#' && !recipe)
			b.size = i;
	}
	return arena_copy(a, buf_string(&b), b.size);
}

static char *trim(char *text)
{
	size_t size;

	while (isspace((unsigned char)*text))
		text++;
	size = strlen(text);
	while (size && isspace((unsigned char)text[size - 1]))
		text[--size] = '\0';
	return text;
}

static bool uses_benchmark(const struct make_file *m, const char *text)
{
	if (strstr(text, "-lbenchmark"))
		return true;
	for (size_t i = 0; i < m->vars.count; i++) {
		const struct starter_var *v = &m->vars.items[i];

		if (strstr(v->value, "-lbenchmark") && (strstr(text, arena_printf(m->arena, "$(%s)", v->name)) ||
							strstr(text, arena_printf(m->arena, "${%s}", v->name))))
			return true;
	}
	return false;
}

/* "NAME = value", with := ?= += too; false when the line is none. */
static bool take_variable(struct make_file *m, char *line)
{
	char *equals = strchr(line, '='), *colon = strchr(line, ':'), *end, *value;

	if (!equals || (colon && colon < equals && colon[1] != '=' && !text_starts(colon, "::=")))
		return false;
	end = equals;
	while (end > line && strchr(":?+!", end[-1]))
		end--;
	value = trim(equals + 1);
	if (uses_benchmark(m, value) && !strstr(value, "-lbenchmark"))
		value = arena_printf(m->arena, "%s -lbenchmark", value);
	*end = '\0';
	starter_set(m->arena, &m->vars, trim(line), value);
	return true;
}

static void take_rule(struct make_file *m, char *line)
{
	char *colon = strchr(line, ':'), *recipe, *rest, *word;
	const char *targets;

	m->first = m->count;
	if (!colon)
		return;
	*colon = '\0';
	recipe = strchr(colon + 1, ';');
	if (recipe)
		*recipe++ = '\0';
	targets = trim(line);
	if (text_equal(targets, ".PHONY")) {
		m->phony = arena_printf(m->arena, "%s %s ", m->phony, trim(colon + 1));
		return;
	}
	for (word = strtok_r(arena_string(m->arena, targets), " \t", &rest); word;
	     word = strtok_r(NULL, " \t", &rest)) {
		const char *name = starter_expand(m->arena, &m->vars, word);

		if (!name || !starter_plain_name(name) || strpbrk(name, "%$*? \t") || name[0] == '.' || name[0] == '-')
			continue;
		m->rules = arena_reserve(m->arena, m->rules, m->count, &m->capacity, sizeof *m->rules);
		m->rules[m->count++] = (struct make_rule){
			.target = name,
			.prerequisites = colon + 1,
			.has_recipe = recipe != NULL,
			.links = recipe && uses_benchmark(m, recipe),
		};
	}
}

static void read_lines(struct make_file *m, struct str text)
{
	char *line;

	while ((line = next_line(m->arena, &text))) {
		if (line[0] == '\t') {
			for (size_t i = m->first; i < m->count; i++) {
				m->rules[i].has_recipe = true;
				m->rules[i].links |= uses_benchmark(m, line);
			}
		} else if (*trim(line) && !take_variable(m, line)) {
			take_rule(m, line);
		}
	}
}

static bool is_phony(const struct make_file *m, const char *target)
{
	return strstr(m->phony, arena_printf(m->arena, " %s ", target)) != NULL;
}

/* make's own rule links it, with LDLIBS. */
static bool links_by_itself(const struct make_file *m, const struct make_rule *r)
{
	return !r->has_recipe && strstr(r->target, "bench") && !strchr(path_base(r->target), '.') &&
	       *r->prerequisites && (uses_benchmark(m, "$(LDLIBS)") || uses_benchmark(m, "$(LDFLAGS)"));
}

static void add_program(const struct make_file *m, const char *target, struct starter *out)
{
	struct arena *a = m->arena;
	struct starter_suite *suite = starter_add(a, out, path_base(target));
	const char *path = path_join(a, m->folder, target);
	const char *in = text_equal(m->folder, ".") ? "" : arena_printf(a, " -C %s", starter_shell_word(a, m->folder));

	suite->kind = "gbench";
	suite->counts = true;
	suite->build = arena_printf(a, "make -s%s %s", in, starter_shell_word(a, target));
	STARTER_RUN(a, suite, strchr(path, '/') ? path : arena_printf(a, "./%s", path));
	starter_ignore(a, out, arena_printf(a, "/%s", path));
	out->wants_benchmark_package = true;
}

/* A target that runs benchmarks of some other kind: all that can be said is how long it takes. */
static void add_command(const struct make_file *m, const char *target, struct starter *out)
{
	struct starter_suite *suite = starter_add(m->arena, out, target);

	suite->kind = "command";
	suite->comment =
		"The CPU time of the whole target.  This sees a change only when the work is fixed: a program that\n"
		"repeats until some time is over takes that time, however slow it is.  If it writes a result file,\n"
		"kind: file reads that.";
	suite->warms_up = true;
	suite->timeout = "10m";
	STARTER_RUN(m->arena, suite, "make", "-s", target);
}

static void make_read(struct arena *a, const struct starter_file *files, size_t count, struct starter *out)
{
	static const char *const names[] = {"bench", "benchmark", "benchmarks", "perf"};
	size_t before = out->suite_count;

	for (size_t i = 0; i < count && !before; i++) {
		struct make_file m = {.arena = a, .folder = path_folder(a, files[i].path), .phony = " "};
		size_t at = out->suite_count;

		read_lines(&m, files[i].text);
		for (size_t k = 0; k < m.count; k++) {
			const struct make_rule *r = &m.rules[k];

			if ((r->links || links_by_itself(&m, r)) && !is_phony(&m, r->target) &&
			    !text_ends(r->target, ".o"))
				add_program(&m, r->target, out);
		}
		if (out->suite_count != at || strchr(files[i].path, '/'))
			continue;
		for (size_t k = 0; k < m.count * 4 && out->suite_count == at; k++) {
			if (text_equal(m.rules[k / 4].target, names[k % 4]))
				add_command(&m, names[k % 4], out);
		}
	}
}

static bool make_wants(const char *path)
{
	const char *name = path_base(path);

	return text_equal(name, "Makefile") || text_equal(name, "GNUmakefile") || text_equal(name, "makefile");
}

const struct starter_source starter_make = {
	.name = "make",
	.looks_for = "Makefile with a program that links -lbenchmark, or a target bench",
	.wants = make_wants,
	.read = make_read,
};
