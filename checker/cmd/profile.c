/* pawl profile: options, and the call of a view or an action. */
#include "cmd/profile.h"

#include "base/file.h"
#include "base/text.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define ROW(name) &profile_action_##name,
const struct profile_action *const profile_actions[] = {PROFILE_ACTION_LIST(ROW)};
#undef ROW
const size_t profile_action_count = sizeof profile_actions / sizeof *profile_actions;

const struct profile_action *profile_action_find(const char *name)
{
	for (size_t i = 0; i < profile_action_count; i++) {
		if (text_equal(profile_actions[i]->name, name))
			return profile_actions[i];
	}
	return NULL;
}

static void warn(const char *text)
{
	fprintf(stderr, "pawl profile: %s\n", text);
}

static const struct profile **profiles_of(struct arena *a, const struct profile_input *inputs, size_t count)
{
	const struct profile **list = NEW_ARRAY(a, const struct profile *, count + 1);

	for (size_t i = 0; i < count; i++)
		list[i] = inputs[i].profile;
	return list;
}

bool profile_prepare(struct profile_call *call, struct source *out, struct err *err)
{
	if (!source_prepare(call->arena, profiles_of(call->arena, call->heads, call->head_count), call->head_count,
			    profiles_of(call->arena, call->bases, call->base_count), call->base_count,
			    &call->source_options, out, err))
		return false;
	for (size_t i = 0; i < out->warning_count; i++)
		warn(out->warnings[i]);
	return true;
}

/* The granularity whose option was given; the finest, if several were. */
static enum granularity granularity_of(const struct profile_options *o)
{
	if (o->addresses)
		return GRANULARITY_ADDRESSES;
	if (o->lines)
		return GRANULARITY_LINES;
	if (o->files)
		return GRANULARITY_FILES;
	return o->filefunctions ? GRANULARITY_FILEFUNCTIONS : GRANULARITY_FUNCTIONS;
}

/* pprof's old options each name a sample type. */
static const char *sample_index_of(const struct profile_options *o)
{
	const struct {
		bool given;
		const char *type;
	} old[] = {
		{o->total_delay, "delay"},           {o->mean_delay, "delay"},
		{o->contentions, "contentions"},     {o->inuse_space, "inuse_space"},
		{o->inuse_objects, "inuse_objects"}, {o->alloc_space, "alloc_space"},
		{o->alloc_objects, "alloc_objects"},
	};
	const char *index = o->sample_index;

	for (size_t i = 0; i < sizeof old / sizeof *old; i++) {
		if (!old[i].given)
			continue;
		if (index && !text_equal(index, old[i].type))
			fprintf(stderr, "pawl profile: several sample types are chosen: %s is shown, not %s\n", index,
				old[i].type);
		else
			index = old[i].type;
	}
	return index;
}

static bool read_number(struct arena *a, const char *option, const char *text, double least, double *out,
			struct err *err)
{
	if (!text)
		return true;
	if (!text_parse_double(str_of(text), out) || *out < least)
		return err_set(err, "--%s takes a number%s, not '%s'", option, least == 0 ? " from 0" : "",
			       text_printable_copy(a, text));
	return true;
}

static bool exclude(const struct profile_options *o, struct err *err)
{
	if (o->json && o->csv)
		return err_set(err, "--json and --csv are two forms of output: give one");
	if (o->cum && o->flat)
		return err_set(err, "--cum and --flat are two orders: give one");
	if (o->functions + o->filefunctions + o->files + o->lines + o->addresses > 1)
		return err_set(err,
			       "--functions, --filefunctions, --files, --lines and --addresses exclude each other: "
			       "give one");
	return true;
}

static bool read_view_options(struct arena *a, const struct profile_options *o, struct view_options *v, struct err *err)
{
	double count = -1;

	*v = (struct view_options){.form = o->json  ? VIEW_JSON
					   : o->csv ? VIEW_CSV
						    : VIEW_TEXT,
				   .cum = o->cum,
				   .node_fraction = -1,
				   .edge_fraction = -1,
				   .all = o->all,
				   .compact = o->compact,
				   .may_run = true,
				   .unit = o->unit,
				   .source_path = o->source_path,
				   .trim_path = o->trim_path};
	if (!read_number(a, "node-count", o->node_count, -1, &count, err) ||
	    !read_number(a, "node-fraction", o->node_fraction, 0, &v->node_fraction, err) ||
	    !read_number(a, "edge-fraction", o->edge_fraction, 0, &v->edge_fraction, err))
		return false;
	v->node_count = count > 1e9 ? 1000000000L : (long)count;
	return true;
}

static bool read_options(struct profile_call *call, struct err *err)
{
	const struct profile_options *o = call->options;
	double divide_by = 1;

	if (!exclude(o, err) || !read_view_options(call->arena, o, &call->view_options, err) ||
	    !read_number(call->arena, "divide-by", o->divide_by, -1e300, &divide_by, err))
		return false;
	if (divide_by == 0)
		return err_set(err, "--divide-by takes a number other than 0");
	call->source_options = (struct source_options){
		.comparison = o->diff_base.count ? COMPARE_DIFF_BASE
			      : o->base.count    ? COMPARE_BASE
						 : COMPARE_NONE,
		.normalize = o->normalize,
		.drop_negative = o->drop_negative,
		.relative = o->relative,
		.no_inlines = o->no_inlines,
		.mean = o->mean || o->mean_delay,
		.sample_index = sample_index_of(o),
		.focus = o->focus,
		.ignore = o->ignore,
		.show = o->show,
		.hide = o->hide,
		.show_from = o->show_from,
		.prune_from = o->prune_from,
		.tag_focus = o->tag_focus,
		.tag_ignore = o->tag_ignore,
		.tag_show = o->tag_show,
		.tag_hide = o->tag_hide,
		.tag_root = o->tag_root,
		.tag_leaf = o->tag_leaf,
		.unit = o->unit,
		.granularity = granularity_of(o),
		.divide_by = divide_by,
	};
	return true;
}

/* What kind of file a view is to write: the one asked for, else the one that the output's name ends with. */
static bool choose_kind(struct profile_call *call, const struct view *view, struct err *err)
{
	const char *output = call->options->output, *end = output ? strrchr(output, '.') : NULL;

	if (call->options->svg) {
		if (!view_has_kind(view, "svg"))
			return err_set(err, "%s is no picture: --svg goes with flame and graph", view->name);
		call->view_options.file_kind = "svg";
	} else if (end && view_has_kind(view, end + 1)) {
		call->view_options.file_kind = end + 1;
	}
	return true;
}

/* What the table of a suite's hottest functions cannot do: then it is one profile as any other. */
static bool asks_for_more(const struct profile_options *o)
{
	bool filters = o->focus || o->ignore || o->show || o->hide || o->show_from || o->prune_from || o->tag_focus ||
		       o->tag_ignore || o->tag_show || o->tag_hide || o->tag_root || o->tag_leaf;
	bool values =
		o->sample_index || o->divide_by || o->unit || o->node_fraction || o->base.count || o->diff_base.count;
	bool rows = o->filefunctions || o->files || o->lines || o->addresses || o->no_inlines;

	return filters || values || rows || o->cum || o->csv;
}

static bool show(struct profile_call *call, const struct view *view, struct err *err)
{
	struct buf text = {.arena = call->arena};
	bool binary = view->file_kinds && call->view_options.form == VIEW_TEXT;
	struct profile_output out;
	const char *note = NULL;
	struct source source;

	call->view_options.note = &note;
	view_adapt(view, &call->source_options);
	if (call->options->suite && text_equal(view->name, "top") && !asks_for_more(call->options))
		return profile_show_suite(call, err);
	if (!choose_kind(call, view, err) ||
	    !(call->options->suite ? profile_load_suite(call, err) : profile_load(call, err)) ||
	    !profile_prepare(call, &source, err))
		return false;
	profile_output_init(&out, call, &text);
	if (!view->write(call->arena, &source, &call->view_options, &text, err)) {
		profile_output_give_up(&out);
		return false;
	}
	if (note)
		warn(note);
	return profile_output_end(&out, &text, binary, err);
}

static enum status profile_run(struct call *call, struct err *err)
{
	struct profile_call profile = {.arena = call->arena, .options = call->options};
	const struct view *view = view_find(call->words[0]);
	size_t first = 1;

	if (!read_options(&profile, err))
		return STATUS_USAGE;
	if (view && view->needs_pattern)
		profile.view_options.pattern = call->words[first++];
	profile.paths = call->words + first;
	profile.path_count = call->word_count - first;
	if (!profile.path_count && !profile.options->suite) {
		err_set(err, "%s: which profile? Give a file, or --suite for what the last check sampled",
			call->words[0]);
		return STATUS_USAGE;
	}
	if (profile.path_count && profile.options->suite) {
		err_set(err, "--suite takes the profiles of that suite: give it, or files");
		return STATUS_USAGE;
	}
	if (!view)
		return profile_action_find(call->words[0])->run(&profile, err);
	return show(&profile, view, err) ? STATUS_OK : STATUS_USAGE;
}

static void list_choices(struct buf *out)
{
	buf_text(out, "Views:\n");
	for (size_t i = 0; i < view_count; i++)
		buf_printf(out, "  %-10s %s%s\n", views[i]->name, views[i]->help,
			   views[i]->needs_pattern ? " (EXPRESSION before the files)" : "");
	for (size_t i = 0; i < profile_action_count; i++)
		buf_printf(out, "  %-10s %s\n", profile_actions[i]->name, profile_actions[i]->help);
	buf_text(out, "  diff       what costs more per operation than before, or grows (pawl help profile diff)\n");
	buf_text(out, "\nFormats:\n");
	for (size_t i = 0; i < profile_format_count; i++) {
		const struct profile_format *f = profile_formats[i];

		buf_printf(out, "  %-10s %s (%s)\n", f->name, f->help,
			   f->read && f->write ? "read and written"
			   : f->read           ? "read"
					       : "written");
	}
	buf_char(out, '\n');
}

static const char *name_choices(struct arena *a)
{
	struct buf out = {.arena = a};

	for (size_t i = 0; i < view_count; i++)
		buf_printf(&out, "%s ", views[i]->name);
	for (size_t i = 0; i < profile_action_count; i++)
		buf_printf(&out, "%s%s", i ? " " : "", profile_actions[i]->name);
	return buf_string(&out);
}

#define AT(field) offsetof(struct profile_options, field)

const struct option profile_option_rows[] = {
	{"focus", 0, OPTION_TEXT, "RE", AT(focus), "keep samples with a function, file or object that matches"},
	{"ignore", 0, OPTION_TEXT, "RE", AT(ignore), "drop samples with one"},
	{"show", 0, OPTION_TEXT, "RE", AT(show), "keep frames that match, in all samples"},
	{"hide", 0, OPTION_TEXT, "RE", AT(hide), "drop frames that match"},
	{"show-from", 0, OPTION_TEXT, "RE", AT(show_from), "drop frames above the highest match"},
	{"prune-from", 0, OPTION_TEXT, "RE", AT(prune_from), "drop frames below the lowest match"},
	{"tagfocus", 0, OPTION_TEXT, "FILTER", AT(tag_focus),
	 "keep samples with such labels: RE, KEY=RE, 1kb:2mb, KEY=4:"},
	{"tagignore", 0, OPTION_TEXT, "FILTER", AT(tag_ignore), "drop samples with such labels"},
	{"tagshow", 0, OPTION_TEXT, "RE", AT(tag_show), "keep labels whose key matches"},
	{"taghide", 0, OPTION_TEXT, "RE", AT(tag_hide), "drop labels whose key matches"},
	{"tagroot", 0, OPTION_TEXT, "KEYS", AT(tag_root), "make the values of these labels frames at the root"},
	{"tagleaf", 0, OPTION_TEXT, "KEYS", AT(tag_leaf), "make the values of these labels frames at the leaf"},
	{"sample-index", 0, OPTION_TEXT, "TYPE", AT(sample_index), "show this sample type: its name or number"},
	{"mean", 0, OPTION_FLAG, NULL, AT(mean), "divide by the first sample type: the mean of an event"},
	{"inuse-space", 0, OPTION_FLAG, NULL, AT(inuse_space), "as --sample-index=inuse_space"},
	{"inuse-objects", 0, OPTION_FLAG, NULL, AT(inuse_objects), "as --sample-index=inuse_objects"},
	{"alloc-space", 0, OPTION_FLAG, NULL, AT(alloc_space), "as --sample-index=alloc_space"},
	{"alloc-objects", 0, OPTION_FLAG, NULL, AT(alloc_objects), "as --sample-index=alloc_objects"},
	{"total-delay", 0, OPTION_FLAG, NULL, AT(total_delay), "as --sample-index=delay"},
	{"mean-delay", 0, OPTION_FLAG, NULL, AT(mean_delay), "as --sample-index=delay --mean"},
	{"contentions", 0, OPTION_FLAG, NULL, AT(contentions), "as --sample-index=contentions"},
	{"base", 0, OPTION_TEXTS, "FILE", AT(base), "subtract this profile; several are merged"},
	{"diff-base", 0, OPTION_TEXTS, "FILE", AT(diff_base), "the same, in percent of this profile"},
	{"normalize", 0, OPTION_FLAG, NULL, AT(normalize), "scale to the base's total first: compare shares"},
	{"drop-negative", 0, OPTION_FLAG, NULL, AT(drop_negative), "leave out what became less"},
	{"relative-percentages", 0, OPTION_FLAG, NULL, AT(relative), "100 % is what the filters leave"},
	{"divide-by", 0, OPTION_TEXT, "N", AT(divide_by), "divide all values"},
	{"unit", 0, OPTION_TEXT, "UNIT", AT(unit), "show values in ms, MB, …; auto: each in its own"},
	{"cum", 0, OPTION_FLAG, NULL, AT(cum), "sort by what functions cost with all they call"},
	{"flat", 0, OPTION_FLAG, NULL, AT(flat), "sort by what they cost themselves"},
	{"node-count", 'n', OPTION_TEXT, "N", AT(node_count), "show at most N functions; 0: all"},
	{"node-fraction", 0, OPTION_TEXT, "X", AT(node_fraction), "hide functions below this part of the total"},
	{"edge-fraction", 0, OPTION_TEXT, "X", AT(edge_fraction), "hide calls below this part of the total"},
	{"all", 0, OPTION_FLAG, NULL, AT(all), "hide nothing because it is small"},
	{"compact-labels", 0, OPTION_FLAG, NULL, AT(compact), "of top, tree and peek: say nothing of the recording"},
	{"functions", 0, OPTION_FLAG, NULL, AT(functions), "a row a function name"},
	{"filefunctions", 0, OPTION_FLAG, NULL, AT(filefunctions), "a row a function name and file"},
	{"files", 0, OPTION_FLAG, NULL, AT(files), "a row a file"},
	{"lines", 0, OPTION_FLAG, NULL, AT(lines), "a row a line of source"},
	{"addresses", 0, OPTION_FLAG, NULL, AT(addresses), "a row an address"},
	{"no-inlines", 0, OPTION_FLAG, NULL, AT(no_inlines), "count inlined functions as their callers"},
	{"source-path", 0, OPTION_TEXT, "DIRS", AT(source_path), "look for sources here, too; parted by ':'"},
	{"trim-path", 0, OPTION_TEXT, "DIRS", AT(trim_path), "take these folders off the names of sources"},
	{"json", 0, OPTION_FLAG, NULL, AT(json), "write JSON; nothing is left out because it is small"},
	{"csv", 0, OPTION_FLAG, NULL, AT(csv), "write CSV; nothing is left out because it is small"},
	{"svg", 0, OPTION_FLAG, NULL, AT(svg), "of flame and graph: write SVG; without a view: graph"},
	{"to", 0, OPTION_TEXT, "FORM", AT(to), "of convert: what to write; else what the output's name says"},
	{"suite", 's', OPTION_TEXT, "S", AT(suite),
	 "instead of files: what the last check, `pawl run --profile` or the newest stored run sampled of this suite"},
	{"config", 'c', OPTION_TEXT, "FILE", AT(config), "of --suite: another pawl.yml"},
	{"output", 'o', OPTION_TEXT, "FILE", AT(output), "write to a file"},
	{"format", 0, OPTION_TEXT, "FORM", AT(format), "read files as this; else their content says it"},
	{0},
};

const struct command command_profile = {
	.name = "profile",
	.summary = "Show, compare and convert profiles",
	.words = "VIEW [BINARY] FILE...",
	.examples = "  pawl profile top cpu.pb.gz                       # what costs most itself; --cum: with what it "
		    "calls\n"
		    "  pawl profile top --diff-base before.pb.gz after.pb.gz\n"
		    "  pawl profile peek 'main' cpu.pb.gz               # who calls it, and what it calls\n"
		    "  pawl profile list 'main' cpu.pb.gz               # its source, line by line\n"
		    "  pawl profile top --focus 'main\\..*' --ignore runtime cpu.pb.gz\n"
		    "  pawl profile top --suite orders                  # where to start: the hottest functions of a "
		    "suite\n"
		    "  pawl profile html cpu.pb.gz -o cpu.html          # all of them in one page, with a flame graph\n"
		    "  pawl profile convert --to folded cpu.pb.gz -o cpu.folded\n"
		    "  pawl profile -top -cum -nodecount=10 cpu.pb.gz   # as it is written for pprof\n",
	.details = "Numbers, columns and order are those of pprof; commands that are written for it can be pasted: one "
		   "dash\n"
		   "works as well as two, and an underscore as a dash.  Several files are merged, '-' is standard "
		   "input, and\n"
		   "a program before the profiles is accepted.  RE is a regular expression as Perl has them, found "
		   "anywhere.\n\n"
		   "Exit status: 0 shown, 2 wrong usage or a file that cannot be read.\n",
	.options = profile_option_rows,
	.options_size = sizeof(struct profile_options),
	.min_words = 1,
	.max_words = 10000,
	.rewrite = profile_rewrite,
	.actions = name_choices,
	.more = list_choices,
	.run = profile_run,
};
