/* Asking dot for a picture, and letting only what is known of it through. */
#include "view/graphviz.h"

#include <string.h>

#include "base/file.h"
#include "base/proc.h"

enum {
	SVG_LIMIT = 8 << 20,
	SECONDS = 30, /* a tenth of one is usual; a loaded machine may stand still for some */
};

/* What dot makes pictures of. */
static const char *const elements[] = {"svg", "g", "title", "polygon", "path", "text", "ellipse", "polyline", "a"};

static bool is_known(const char *at, size_t size)
{
	for (size_t i = 0; i < sizeof elements / sizeof *elements; i++) {
		if (strlen(elements[i]) == size && !strncmp(at, elements[i], size))
			return true;
	}
	return false;
}

/* Links lead nowhere and nothing happens by itself: " on…=", " href=" of another place, " style=". */
static bool is_harmless(const char *tag, size_t size)
{
	static const char *const bad[] = {" on", " style=", "javascript:", "data:"};
	bool quoted = false;

	for (size_t i = 0; i < size; i++) {
		quoted ^= tag[i] == '"';
		for (size_t k = 0; !quoted && k < sizeof bad / sizeof *bad; k++) {
			if (size - i >= strlen(bad[k]) && !strncmp(tag + i, bad[k], strlen(bad[k])))
				return false;
		}
	}
	return true;
}

/* The <svg>, when there is nothing in it but what is known; comments are left out, they hold names. */
static bool take_svg(struct arena *a, const char *text, const char **svg)
{
	struct buf out = {.arena = a};
	const char *at = strstr(text, "<svg");

	while (at && *at) {
		const char *end;
		size_t name;

		if (*at != '<') {
			size_t size = strcspn(at, "<");

			buf_bytes(&out, at, size);
			at += size;
			continue;
		}
		if (text_starts(at, "<!--")) {
			end = strstr(at, "-->");
			at = end ? end + 3 : NULL;
			continue;
		}
		end = strchr(at, '>');
		name = strcspn(at + 1 + (at[1] == '/'), " \t\n/>");
		if (!end || !is_known(at + 1 + (at[1] == '/'), name) || !is_harmless(at, (size_t)(end - at)))
			return false;
		buf_bytes(&out, at, (size_t)(end + 1 - at));
		at = end + 1;
	}
	*svg = buf_string(&out);
	return at && out.size;
}

static bool run_dot(struct arena *a, const char *path, const char **svg, const char **why)
{
	const char *const argv[] = {"dot", "-Tsvg", path, NULL};
	const struct proc_spec spec = {.argv = argv,
				       .timeout_ns = (int64_t)SECONDS * 1000000000,
				       .output_limit = SVG_LIMIT,
				       .keep_bytes = SVG_LIMIT};
	struct proc_result result;
	struct err err;

	if (!proc_run(a, &spec, &result, &err)) {
		*why = "Graphviz is not installed, which draws it: the package graphviz of Debian, Ubuntu and Fedora "
		       "has it";
		return false;
	}
	if (result.end != PROC_EXITED || result.code) {
		*why = arena_printf(a, "Graphviz did not draw it: dot ended with %s; --node-count 40 shows less",
				    proc_describe(a, &result));
		return false;
	}
	if (!take_svg(a, arena_copy(a, result.out.at, result.out.size), svg)) {
		*why = "Graphviz drew what is not let into a page; 'pawl profile dot' has its text";
		return false;
	}
	return true;
}

bool graphviz_draw(struct arena *a, const struct view_options *options, const char *dot, const char **svg,
		   const char **why)
{
	const char *folder, *path;
	struct err err;
	bool drawn;

	if (!options->may_run) {
		*why = "nothing else is run here, and so it is not drawn";
		return false;
	}
	if (!dir_make_scratch(a, &folder, &err)) {
		*why = arena_string(a, err.text);
		return false;
	}
	path = path_join(a, folder, "graph.dot");
	if (!file_write(path, dot, strlen(dot), &err)) {
		*why = arena_string(a, err.text);
		drawn = false;
	} else {
		drawn = run_dot(a, path, svg, why);
	}
	dir_remove(folder);
	return drawn;
}
