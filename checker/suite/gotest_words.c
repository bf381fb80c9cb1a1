/* Parting the words of `go test` as that program does it. */
#include "suite/gotest_words.h"

#include "base/file.h"
#include "base/text.h"

#include <string.h>

/* A flag of `go test`: whose it is, and whether a value follows. */
struct flag {
	const char *name;
	bool of_binary, takes_value;
};

static const struct flag flags[] = {
	{"tags", false, true},        {"ldflags", false, true},    {"gcflags", false, true},
	{"asmflags", false, true},    {"gccgoflags", false, true}, {"mod", false, true},
	{"modfile", false, true},     {"overlay", false, true},    {"p", false, true},
	{"pgo", false, true},         {"compiler", false, true},   {"installsuffix", false, true},
	{"toolexec", false, true},    {"race", false, false},      {"msan", false, false},
	{"asan", false, false},       {"a", false, false},         {"x", false, false},
	{"trimpath", false, false},   {"buildvcs", false, false},  {"modcacherw", false, false},
	{"linkshared", false, false}, {"bench", true, true},       {"benchtime", true, true},
	{"count", true, true},        {"cpu", true, true},         {"parallel", true, true},
	{"timeout", true, true},      {"run", true, true},         {"skip", true, true},
	{"shuffle", true, true},      {"benchmem", true, false},   {"short", true, false},
	{"v", true, false},           {"failfast", true, false},   {"fullpath", true, false},
};

/* "-name", "--name", "-name=value": the name and what stands behind it. */
static const struct flag *find_flag(const char *word, const char **name, bool *has_value)
{
	size_t size;

	*name = word + (word[0] == '-') + (word[0] == '-' && word[1] == '-');
	size = strcspn(*name, "=");
	*has_value = (*name)[size] == '=';
	for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
		if (strlen(flags[i].name) == size && memcmp(flags[i].name, *name, size) == 0)
			return &flags[i];
	}
	return NULL;
}

static bool take_package(struct arena *a, const struct suite_settings *s, struct gotest_words *w, const char *word,
			 struct err *err)
{
	if (w->package || strstr(word, "..."))
		return err_set(
			err,
			"suite %s: `run` names more than one package: make a suite of each, or one of kind file with "
			"result: \"-\"",
			s->name);
	if (!text_equal(word, ".") && !text_starts(word, "./") && !text_starts(word, "../"))
		return err_set(err, "suite %s: name the package by its folder: run: [go, test, ./FOLDER], not %s",
			       s->name, text_printable_copy(a, word));
	w->package = word;
	return true;
}

/* The flag at word `i`; returns how many words it takes. */
static size_t take_flag(struct arena *a, const struct suite_settings *s, struct gotest_words *w, size_t i)
{
	bool has_value;
	const char *name, *word = s->run[i];
	const struct flag *flag = find_flag(word, &name, &has_value);
	bool two = flag && flag->takes_value && !has_value && i + 1 < s->run_count;

	if (!flag || flag->of_binary) {
		/* What `go test` does not know is a flag of the package's own. */
		w->flags[w->flag_count++] = flag ? arena_printf(a, "-test.%s", name) : word;
		if (two)
			w->flags[w->flag_count++] = s->run[i + 1];
	} else {
		w->build[w->build_count++] = word;
		if (two)
			w->build[w->build_count++] = s->run[i + 1];
	}
	return two ? 2 : 1;
}

bool gotest_words_read(struct arena *a, const struct suite_settings *s, struct gotest_words *w, struct err *err)
{
	size_t i = 2;

	*w = (struct gotest_words){
		.build = NEW_ARRAY(a, const char *, s->run_count + 1),
		.flags = NEW_ARRAY(a, const char *, s->run_count + 1),
		.rest = NEW_ARRAY(a, const char *, s->run_count + 1),
	};
	w->compiles = s->run_count > 1 && text_equal(s->run[1], "test") && text_equal(path_base(s->run[0]), "go");
	if (!w->compiles) {
		for (i = 1; i < s->run_count; i++)
			w->flags[w->flag_count++] = s->run[i];
		w->package = ".";
		return true;
	}
	while (i < s->run_count && !text_equal(s->run[i], "-args") && !text_equal(s->run[i], "--args")) {
		if (s->run[i][0] == '-')
			i += take_flag(a, s, w, i);
		else if (take_package(a, s, w, s->run[i], err))
			i++;
		else
			return false;
	}
	for (i++; i < s->run_count; i++)
		w->rest[w->rest_count++] = s->run[i];
	w->package = w->package ? w->package : ".";
	return true;
}
