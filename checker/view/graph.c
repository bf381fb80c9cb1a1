/* The call graph as a picture, drawn by Graphviz; as its text where that is not installed. */
#include "view/graphviz.h"
#include "view/view.h"

static bool write(struct arena *a, const struct source *source, const struct view_options *options, struct buf *out,
		  struct err *err)
{
	struct buf dot = {.arena = a};
	const char *svg, *why;

	if (options->form != VIEW_TEXT)
		return err_set(err, "the view graph is a picture; 'pawl profile tree --json' has the same graph");
	if (!view_dot.write(a, source, options, &dot, err))
		return false;
	if (graphviz_draw(a, options, buf_string(&dot), &svg, &why)) {
		buf_text(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
		buf_text(out, svg);
		return true;
	}
	/* A file that is called .svg must be one. */
	if (options->file_kind)
		return err_set(err, "%s; 'pawl profile dot' writes the graph as text", why);
	buf_bytes(out, buf_string(&dot), dot.size);
	if (options->note)
		*options->note = arena_printf(a, "%s; this is the graph as DOT text", why);
	return true;
}

const struct view view_graph = {
	.name = "graph",
	.help = "the call graph as a picture, drawn by Graphviz (-o x.svg); without it as DOT text",
	.file_kinds = "svg",
	.write = write,
};
