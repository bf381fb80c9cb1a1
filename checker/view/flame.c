/* The flame graph: every call a box as wide as what it costs. */
#include "draw/escape.h"
#include "draw/page.h"
#include "view/picture.h"

static bool write(struct arena *a, const struct source *source, const struct view_options *options, struct buf *out,
		  struct err *err)
{
	const struct flame_build_options how = {0};
	struct flame_words words;
	struct flame flame;
	struct shown s;

	if (options->form != VIEW_TEXT)
		return err_set(err, "the view flame is a picture; 'pawl profile traces --json' has the stacks");
	if (source->mean_type < source->profile->type_count)
		return err_set(err, "means do not add up to the mean of their caller: a flame graph takes no --mean");
	shown_init(&s, a, source, options);
	picture_flame(&s, &how, &flame, &words);
	if (options->file_kind && text_equal(options->file_kind, "svg")) {
		flame_write_svg(a, &flame, &words, out);
	} else {
		const struct page page = {
			.title = words.title,
			.style = arena_printf(a, "%s%s", picture_style, flame_style),
			.script = flame_script,
		};

		words.title = NULL;
		page_begin(out, &page);
		buf_text(out, "<main>\n<h1>");
		html_text(out, page.title);
		buf_text(out, "</h1>\n");
		flame_write_block(a, &flame, &words, "flame", out);
		buf_text(out, "</main>\n");
		page_end(out, &page);
	}
	return true;
}

const struct view view_flame = {
	.name = "flame",
	.help = "a picture of all stacks: a box a call, as wide as what it costs (-o x.html or x.svg)",
	.file_kinds = "html svg",
	.write = write,
};
