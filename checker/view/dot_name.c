/* Names of functions as short labels of shapes. */
#include "view/dot.h"

#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/file.h"

static bool is_word(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static size_t word_size(const char *text)
{
	size_t size = 0;

	while (is_word(text[size]))
		size++;
	return size;
}

/* An identifier: a word that begins with no digit. */
static size_t identifier_size(const char *text)
{
	return isdigit((unsigned char)*text) ? 0 : word_size(text);
}

/* The name without the first "/v2" of a Go module that a dot or a slash follows. */
static const char *without_version(struct arena *a, const char *name)
{
	for (const char *at = strstr(name, "/v"); at; at = strstr(at + 1, "/v")) {
		size_t digits = strspn(at + 2, "0123456789");
		char first = at[2];

		if (!digits || first == '0' || (digits == 1 && first == '1'))
			continue;
		if (at[2 + digits] == '.' || at[2 + digits] == '/')
			return arena_printf(a, "%.*s%s", (int)(at - name), name, at + 2 + digits);
	}
	return name;
}

/* Behind the folders of a Go package, or NULL. */
static const char *go_name(const char *name)
{
	const char *rest = NULL, *at = name;

	for (;;) {
		size_t size = 0;

		while (is_word(at[size]) || at[size] == '-' || at[size] == '.')
			size++;
		if (!size || at[size] != '/' || !at[size + 1])
			return rest;
		at += size + 1;
		rest = at;
	}
}

/* "Class.method" of "package.Class.method(arguments)", or NULL. */
static const char *java_name(struct arena *a, const char *name)
{
	const char *begin = name, *at;

	while (islower((unsigned char)*begin) && begin[word_size(begin)] == '.')
		begin += word_size(begin) + 1;
	at = begin;
	if (!isupper((unsigned char)*at))
		return NULL;
	while (is_word(*at) || *at == '$')
		at++;
	if (*at++ != '.')
		return NULL;
	if (text_starts(at, "<init>")) {
		at += strlen("<init>");
	} else if (islower((unsigned char)*at)) {
		while (is_word(*at) || *at == '$')
			at++;
	} else {
		return NULL;
	}
	return !*at || *at == '(' ? arena_copy(a, begin, (size_t)(at - begin)) : NULL;
}

/* The end of "Class::method<types>" at the start of the text, or NULL. */
static const char *method_end(const char *text)
{
	const char *at = text + strspn(text, "_"), *last;
	size_t size;

	if (!isupper((unsigned char)*at))
		return NULL;
	at += word_size(at);
	if (!text_starts(at, "::"))
		return NULL;
	at += 2;
	at += *at == '~';
	size = identifier_size(at);
	if (!size)
		return NULL;
	at += size;
	last = *at == '<' ? strrchr(at, '>') : NULL;
	return last ? last + 1 : at;
}

/* The method of the innermost class, without namespaces, or NULL. */
static const char *cpp_name(struct arena *a, const char *name)
{
	const char *found = NULL, *at = name;

	for (;;) {
		size_t size = identifier_size(at);
		const char *end;

		if (!size || !text_starts(at + size, "::"))
			return found;
		at += size + 2;
		end = method_end(at);
		if (end)
			found = arena_copy(a, at, (size_t)(end - at));
	}
}

/* What pprof shortens (internal/graph, ShortenFunctionName): anonymous namespaces, versions of modules, and then packages of
 * Go or of Java or namespaces of C++. */
static const char *short_name(struct arena *a, const char *name)
{
	static const char anonymous[] = "(anonymous namespace)::";
	const char *shorter;

	if (text_starts(name, anonymous))
		name += strlen(anonymous);
	name = without_version(a, name);
	shorter = go_name(name);
	if (!shorter)
		shorter = java_name(a, name);
	if (!shorter)
		shorter = cpp_name(a, name);
	return shorter ? shorter : name;
}

void dot_text(struct arena *scratch, const char *text, struct buf *out)
{
	text = text_printable_copy(scratch, text);
	for (; *text; text++) {
		if (*text == '"' || *text == '\\')
			buf_char(out, '\\');
		buf_char(out, *text);
	}
}

/* A line a part: at "::" and "."; but "[...]", which Go writes for type parameters, stays in one. */
static void name_lines(struct arena *a, const char *name, struct buf *out)
{
	struct buf escaped = {.arena = a};

	dot_text(a, short_name(a, name), &escaped);
	for (const char *at = buf_string(&escaped); *at;) {
		if (text_starts(at, "[...]")) {
			buf_text(out, "[\u2026]");
			at += strlen("[...]");
		} else if (text_starts(at, "::")) {
			buf_text(out, "\\n");
			at += 2;
		} else if (*at == '.') {
			buf_text(out, "\\n");
			at++;
		} else {
			buf_char(out, *at++);
		}
	}
}

void dot_label(struct arena *a, const struct graph_node *n, struct buf *out)
{
	if (n->address)
		buf_printf(out, "%016" PRIx64 "\\n", n->address);
	if (*n->name) {
		name_lines(a, n->name, out);
		buf_text(out, "\\n");
	}
	if (n->line || *n->file) {
		dot_text(a, path_base(n->file), out);
		if (n->line)
			buf_printf(out, ":%" PRId64, n->line);
		buf_text(out, "\\n");
	} else if (!*n->name && *n->object) {
		buf_char(out, '[');
		dot_text(a, path_base(n->object), out);
		buf_text(out, "]\\n");
	} else if (!*n->name) {
		buf_text(out, "<unknown>\\n");
	}
}
