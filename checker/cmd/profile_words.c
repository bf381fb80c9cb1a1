/* Command lines as they are written for pprof, made pawl's own: one dash, underscores, views as options. */
#include "cmd/profile.h"

#include "base/file.h"
#include "base/text.h"

#include <ctype.h>
#include <string.h>

/* What pprof's words mean here. */
enum meaning {
	MEANS_OPTION,  /* the option `here` */
	MEANS_VIEW,    /* the view or action `here` */
	MEANS_CONVERT, /* convert --to `here` */
	MEANS_NOTHING, /* accepted: it changes nothing that pawl shows */
	MEANS_REFUSED, /* `here` says what to use instead */
};

struct synonym {
	const char *name; /* with dashes */
	enum meaning meaning;
	const char *here;
	bool takes_value; /* of what is ignored or refused */
};

#define BROWSER "write a page to open in a browser: pawl profile html FILE -o page.html"
#define PICTURE                                                                                                        \
	"write SVG, pawl profile graph FILE -o graph.svg, or let Graphviz draw it: pawl profile dot FILE | dot -Tpng"

static const struct synonym synonyms[] = {
	{"nodecount", MEANS_OPTION, "node-count", false},
	{"nodefraction", MEANS_OPTION, "node-fraction", false},
	{"edgefraction", MEANS_OPTION, "edge-fraction", false},
	{"noinlines", MEANS_OPTION, "no-inlines", false},
	{"text", MEANS_VIEW, "top", false},
	{"comments", MEANS_VIEW, "info", false},
	{"proto", MEANS_CONVERT, "proto", false},
	{"symbolize", MEANS_NOTHING, NULL, true},
	{"no-browser", MEANS_NOTHING, NULL, false},
	{"intel-syntax", MEANS_NOTHING, NULL, false},
	{"tools", MEANS_NOTHING, NULL, true},
	{"buildid", MEANS_NOTHING, NULL, true},
	{"http", MEANS_REFUSED, BROWSER, true},
	{"web", MEANS_REFUSED, BROWSER, false},
	{"weblist", MEANS_REFUSED, "pawl profile list EXPRESSION FILE, or " BROWSER, true},
	{"png", MEANS_REFUSED, PICTURE, false},
	{"pdf", MEANS_REFUSED, PICTURE, false},
	{"gif", MEANS_REFUSED, PICTURE, false},
	{"ps", MEANS_REFUSED, PICTURE, false},
	{"eog", MEANS_REFUSED, PICTURE, false},
	{"evince", MEANS_REFUSED, PICTURE, false},
	{"gv", MEANS_REFUSED, PICTURE, false},
	{"kcachegrind", MEANS_REFUSED, "pawl profile callgrind FILE -o callgrind.out, and open that", false},
	{"disasm", MEANS_REFUSED, "pawl profile top --addresses FILE shows the cost of each address", true},
	{"topproto", MEANS_REFUSED, "pawl profile top --json FILE, or pawl profile convert --to proto FILE", false},
	{"call-tree", MEANS_REFUSED, "pawl profile traces FILE shows every stack", false},
	{"seconds", MEANS_REFUSED, "let curl fetch the profile: curl -o x.pb.gz 'URL?seconds=N'", true},
	{"timeout", MEANS_REFUSED, "let curl fetch the profile: curl --max-time N -o x.pb.gz URL", true},
	{"add-comment", MEANS_REFUSED, "pawl does not change what a profile says of itself", true},
};

struct rewriting {
	struct arena *arena;
	const char *view, *pattern;
	const char **options, **words;
	size_t option_count, option_capacity, word_count, word_capacity;
};

static void add_option(struct rewriting *w, const char *text)
{
	w->options = arena_reserve(w->arena, w->options, w->option_count, &w->option_capacity, sizeof *w->options);
	w->options[w->option_count++] = text;
}

static void add_word(struct rewriting *w, const char *text)
{
	w->words = arena_reserve(w->arena, w->words, w->word_count, &w->word_capacity, sizeof *w->words);
	w->words[w->word_count++] = text;
}

static const struct option *find_option(const char *name)
{
	for (const struct option *o = profile_option_rows; o->name; o++)
		if (text_equal(o->name, name) || (o->letter && name[0] == o->letter && !name[1]))
			return o;
	return NULL;
}

static const struct synonym *find_synonym(const char *name)
{
	for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
		if (text_equal(synonyms[i].name, name))
			return synonyms + i;
	return NULL;
}

static bool is_view(const char *name)
{
	return view_find(name) || profile_action_find(name);
}

/* "top20": the view with a number of rows behind its name. */
static const char *numbered_view(struct arena *a, const char *name, const char **number)
{
	size_t letters = strcspn(name, "0123456789");
	const char *view = arena_copy(a, name, letters);

	*number = name + letters;
	return **number && !(*number)[strspn(*number, "0123456789")] && (is_view(view) || text_equal(view, "text"))
		       ? view
		       : NULL;
}

static bool set_view(struct rewriting *w, const char *name, struct err *err)
{
	if (w->view && !text_equal(w->view, name))
		return err_set(err, "'%s' and '%s' are two views; a call shows one", w->view, name);
	w->view = name;
	return true;
}

static bool fail_unknown(struct arena *a, const char *what, const char *word, bool options, struct err *err)
{
	const char *names[192], *nearest;
	size_t count = 0;

	for (size_t i = 0; i < view_count && count < 64; i++)
		names[count++] = views[i]->name;
	for (size_t i = 0; i < profile_action_count && count < 80; i++)
		names[count++] = profile_actions[i]->name;
	for (const struct option *o = profile_option_rows; options && o->name && count < 192; o++)
		names[count++] = o->name;
	nearest = text_nearest(word, names, count);
	if (nearest)
		return err_set(err, "there is no %s '%s'; did you mean '%s%s'?", what, text_printable_copy(a, word),
			       options && !is_view(nearest) ? "--" : "", nearest);
	return err_set(err, "there is no %s '%s'; 'pawl help profile' lists them", what, text_printable_copy(a, word));
}

/* The value behind '=' or in the next word. */
static bool take_value(struct arena *a, const char *name, const char *equals, int argc, char **argv, int *at,
		       const char **value, struct err *err)
{
	if (equals) {
		*value = equals + 1;
		return true;
	}
	if (*at + 1 >= argc)
		return err_set(err, "--%s needs a value: --%s=…", text_printable_copy(a, name),
			       text_printable_copy(a, name));
	*value = argv[++*at];
	return true;
}

static bool is_false(const char *value)
{
	return text_equal(value, "false") || text_equal(value, "0") || text_equal(value, "f") ||
	       text_equal(value, "False") || text_equal(value, "FALSE");
}

/* Go's flags may be told true or false. */
static bool is_on(const char *equals)
{
	return !equals || !is_false(equals + 1);
}

static bool take_option(struct rewriting *w, const struct option *o, const char *equals, int argc, char **argv, int *at,
			struct err *err)
{
	const char *value = NULL;

	if (o->type == OPTION_FLAG) {
		if (is_on(equals))
			add_option(w, arena_printf(w->arena, "--%s", o->name));
		return true;
	}
	if (!take_value(w->arena, o->name, equals, argc, argv, at, &value, err))
		return false;
	add_option(w, arena_printf(w->arena, "--%s=%s", o->name, value));
	return true;
}

static bool take_view(struct rewriting *w, const char *name, const char *equals, int argc, char **argv, int *at,
		      struct err *err)
{
	const struct view *v = view_find(name);

	if (v && v->needs_pattern)
		return set_view(w, name, err) && take_value(w->arena, name, equals, argc, argv, at, &w->pattern, err);
	return !is_on(equals) || set_view(w, name, err);
}

static bool take_synonym(struct rewriting *w, const struct synonym *s, const char *equals, int argc, char **argv,
			 int *at, struct err *err)
{
	const char *value = NULL;

	switch (s->meaning) {
	case MEANS_OPTION:
		return take_option(w, find_option(s->here), equals, argc, argv, at, err);
	case MEANS_VIEW:
		return take_view(w, s->here, equals, argc, argv, at, err);
	case MEANS_CONVERT:
		add_option(w, arena_printf(w->arena, "--to=%s", s->here));
		return set_view(w, "convert", err);
	case MEANS_NOTHING:
		return !s->takes_value || take_value(w->arena, s->name, equals, argc, argv, at, &value, err);
	case MEANS_REFUSED:
		break;
	}
	return err_set(err, "pprof's -%s is not here; %s", s->name, s->here);
}

/* A word that begins with a dash. */
static bool take_dashed(struct rewriting *w, int argc, char **argv, int *at, struct err *err)
{
	const char *word = argv[*at] + (argv[*at][1] == '-' ? 2 : 1), *equals = strchr(word, '='), *number, *view;
	char *name = arena_copy(w->arena, word, equals ? (size_t)(equals - word) : strlen(word));
	const struct option *o;
	const struct synonym *s;

	for (char *c = name; *c; c++)
		*c = *c == '_' ? '-' : *c;
	if ((o = find_option(name)))
		return take_option(w, o, equals, argc, argv, at, err);
	if (is_view(name))
		return take_view(w, name, equals, argc, argv, at, err);
	if ((s = find_synonym(name)))
		return take_synonym(w, s, equals, argc, argv, at, err);
	if (text_equal(name, "trim")) {
		if (!is_on(equals))
			add_option(w, "--all");
		return true;
	}
	if ((view = numbered_view(w->arena, name, &number))) {
		add_option(w, arena_printf(w->arena, "--node-count=%s", number));
		return set_view(w, text_equal(view, "text") ? "top" : view, err);
	}
	/* -n10, -ofile: a letter with its value behind it. */
	if (argv[*at][1] != '-' && name[0] && (o = find_option((char[]){name[0], '\0'})) && o->type != OPTION_FLAG &&
	    (o->letter != 'n' || isdigit((unsigned char)name[1]))) {
		add_option(w, arena_printf(w->arena, "--%s=%s", o->name, word + 1));
		return true;
	}
	return fail_unknown(w->arena, "option", name, true, err);
}

/* The value of an option may stand behind it. */
static bool has_option(const struct rewriting *w, const char *option)
{
	for (size_t i = 0; i < w->option_count; i++) {
		if (text_starts(w->options[i], option))
			return true;
	}
	return false;
}

/* The view stands first, unless an option named it; a file alone is shown as top. */
static bool name_view(struct rewriting *w, struct err *err)
{
	const struct view *v;
	const char *number, *view, *usual = has_option(w, "--svg") ? "graph" : "top";
	size_t first = 0;

	if (!w->word_count && !w->view && has_option(w, "--suite"))
		w->view = usual;
	if (!w->word_count && !(w->view && has_option(w, "--suite")))
		return err_set(err,
			       "usage: pawl profile VIEW [options] [BINARY] FILE..., for example 'pawl profile top "
			       "cpu.pb.gz'; 'pawl help profile' lists the views");
	if (!w->view) {
		const char *word = w->words[0];

		if (is_view(word)) {
			w->view = word;
			first = 1;
		} else if (text_equal(word, "text")) {
			w->view = "top";
			first = 1;
		} else if ((view = numbered_view(w->arena, word, &number))) {
			add_option(w, arena_printf(w->arena, "--node-count=%s", number));
			w->view = text_equal(view, "text") ? "top" : view;
			first = 1;
		} else if (file_exists(word) || text_equal(word, "-") || strpbrk(word, "/.:")) {
			w->view = usual;
		} else {
			return fail_unknown(w->arena, "view", word, false, err);
		}
	}
	v = view_find(w->view);
	if (v && v->needs_pattern && !w->pattern) {
		if (w->word_count - first < (has_option(w, "--suite") ? 1U : 2U))
			return err_set(err,
				       "%s shows functions that match an expression: pawl profile %s EXPRESSION FILE",
				       w->view, w->view);
		w->pattern = w->words[first++];
	}
	/* Without words there is no list. */
	if (first) {
		w->words += first;
		w->word_count -= first;
	}
	if (!w->word_count && !has_option(w, "--suite"))
		return err_set(err, "pawl profile %s needs a file: pawl profile %s FILE, or - for standard input",
			       w->view, w->view);
	return true;
}

bool profile_rewrite(struct arena *a, int *argc, char ***argv, struct err *err)
{
	struct rewriting w = {.arena = a};
	char **out;
	int count = 0;

	for (int i = 0; i < *argc; i++) {
		const char *word = (*argv)[i];

		if (text_equal(word, "--")) {
			while (++i < *argc)
				add_word(&w, (*argv)[i]);
		} else if (text_equal(word, "--help") || text_equal(word, "-help") || text_equal(word, "-h")) {
			out = NEW_ARRAY(a, char *, 2);
			out[0] = arena_string(a, "--help");
			*argv = out;
			*argc = 1;
			return true;
		} else if (word[0] == '-' && word[1]) {
			if (!take_dashed(&w, *argc, *argv, &i, err))
				return false;
		} else {
			add_word(&w, word);
		}
	}
	if (!name_view(&w, err))
		return false;
	out = NEW_ARRAY(a, char *, w.option_count + w.word_count + 4);
	for (size_t i = 0; i < w.option_count; i++)
		out[count++] = (char *)w.options[i];
	out[count++] = arena_string(a, "--");
	out[count++] = (char *)w.view;
	if (w.pattern)
		out[count++] = (char *)w.pattern;
	for (size_t i = 0; i < w.word_count; i++)
		out[count++] = (char *)w.words[i];
	*argc = count;
	*argv = out;
	return true;
}
