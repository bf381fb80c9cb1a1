/* The table of suite kinds and what holds for all of them: the gated clock and the digest of the settings. */
#include "suite/suite.h"

#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"

#include <string.h>
#include <unistd.h>

#define ROW(name) &suite_##name,
const struct suite_kind *const suite_kinds[] = {SUITE_LIST(ROW)};
#undef ROW

const size_t suite_kind_count = sizeof suite_kinds / sizeof suite_kinds[0];

const struct suite_kind *suite_find(const char *name)
{
	for (size_t i = 0; i < suite_kind_count; i++) {
		if (text_equal(suite_kinds[i]->name, name))
			return suite_kinds[i];
	}
	return NULL;
}

bool suite_wants_instructions(const struct suite_settings *s)
{
	for (size_t i = 0; i < s->metric_count; i++) {
		if (text_equal(s->metrics[i], "instructions"))
			return true;
	}
	return false;
}

bool suite_wants_counts(const struct suite_settings *s)
{
	for (size_t i = 0; suite_can_be_told(s->kind) && i < s->metric_count; i++) {
		if (metric_is_counted(s->metrics[i]))
			return true;
	}
	return false;
}

bool suite_can_be_told(const struct suite_kind *kind)
{
	return kind->format && !kind->whole_suite;
}

/* A program that is named by a path is looked for before it is started, for a better answer than "cannot start". */
bool suite_look_for_program(struct arena *a, const struct suite_program *program, struct err *err)
{
	const char *name = program->settings->run[0];
	const char *path = path_join(a, program->cwd ? program->cwd : ".", name);

	if (!strchr(name, '/'))
		return true;
	if (!file_exists(path))
		return err_set(err, "suite %s: %s: no such file: does `build` in pawl.yml make it?",
			       program->settings->name, name);
	if (file_is_dir(path))
		return err_set(err, "suite %s: %s: is a folder: `run` in pawl.yml names the program itself",
			       program->settings->name, name);
	if (access(path, X_OK) != 0)
		return err_set(err, "suite %s: %s: is no program that may be run: try `chmod +x %s`",
			       program->settings->name, name, name);
	return true;
}

const char *suite_clock_metric(const struct suite_settings *s, const char *bench)
{
	if (s->clock == CLOCK_REAL_TIME)
		return "real_time";
	if (s->clock == CLOCK_CPU_TIME)
		return "cpu_time";
	if (bench_name_has_part(bench, "/real_time") || bench_name_has_part(bench, "/manual_time") ||
	    bench_name_has_part(bench, "/threads:"))
		return "real_time";
	return "cpu_time";
}

/* With its length before it, so that no two different lists of texts give the same bytes. */
static void add_text(struct hash *h, const char *text)
{
	uint64_t size = strlen(text);
	unsigned char length[8];

	for (size_t i = 0; i < sizeof length; i++)
		length[i] = (unsigned char)(size >> 8 * i);
	hash_add(h, length, sizeof length);
	hash_add(h, text, size);
}

static void add_texts(struct hash *h, const char *const *texts, size_t count)
{
	add_text(h, "list");
	for (size_t i = 0; i < count; i++)
		add_text(h, texts[i] ? texts[i] : "");
}

const char *suite_digest(struct arena *a, const struct suite_settings *s)
{
	char hex[HASH_HEX_SIZE];
	struct hash h;

	/* The clock and the metrics choose what is gated, the time-out what fails: the values stay the same ones. */
	hash_init(&h);
	add_text(&h, "pawl suite 2");
	add_text(&h, s->kind->name);
	add_text(&h, s->build);
	add_text(&h, arena_printf(a, "%lld %lld", (long long)s->slice_ns, (long long)s->warmup));
	add_texts(&h, s->run, s->run_count);
	add_texts(&h, s->env, s->env_count);
	add_texts(&h, (const char *const[]){s->cwd, s->setup, s->prepare, s->input, s->result}, 5);
	for (size_t i = 0; i < s->param_count; i++) {
		add_text(&h, s->params[i].name);
		add_texts(&h, s->params[i].values, s->params[i].value_count);
	}
	if (s->format)
		add_text(&h, s->format);
	hash_finish(&h, hex);
	return arena_string(a, hex);
}
