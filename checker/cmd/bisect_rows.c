/* Which series are bisected, and what a verdict says of them. */
#include "cmd/bisect.h"

#include "base/file.h"
#include "base/text.h"
#include "cmd/series.h"
#include "model/name.h"
#include "model/verdict_json.h"

#include <string.h>

enum { MOST_FILTER_BYTES = 20000 /* a longer pattern may not compile; then all of the suites is measured */ };

static bool was_slower(const struct finding *f)
{
	return f->gated && f->outcome == OUTCOME_SLOWER && f->state == STATE_JUDGED && !text_equal(f->suite, "*");
}

/* The slower rows of the last check are the words. */
static bool read_report(struct bisect *b, struct err *err)
{
	struct arena *a = b->arena;
	const struct config *config = &b->project.config;
	const char *path = b->options->report;
	struct str text;

	if (!path)
		path = path_join(a, path_join(a, config->folder, config->report_dir), "verdict.json");
	if (!b->options->report && !file_exists(path))
		return err_set(
			err,
			"%s: no report yet; name what is to be bisected (suite/benchmark), or run 'pawl check' first",
			path);
	if (!file_read(a, path, FILE_LIMIT, &text, err) || !verdict_from_json(a, path, text, &b->last, err))
		return false;
	b->words = NEW_ARRAY(a, const char *, b->last.finding_count);
	for (size_t i = 0; i < b->last.finding_count; i++) {
		if (was_slower(&b->last.findings[i]))
			b->words[b->word_count++] = series_name(a, &b->last.findings[i]);
	}
	b->from_report = true;
	return b->word_count
		       ? true
		       : err_set(err, "%s has nothing that is slower; name what is to be bisected (suite/benchmark)",
				 path);
}

/* The suite's name is the word up to the first '/', or a glob for it. */
static bool means_suite(struct arena *a, const char *word, const char *suite)
{
	const char *slash = strchr(word, '/');

	return text_starts(word, "**") || text_glob(slash ? arena_copy(a, word, (size_t)(slash - word)) : word, suite);
}

static bool choose_suites(struct bisect *b, struct err *err)
{
	const struct config *c = &b->project.config;

	memset(b->project.wanted, 0, c->suite_count * sizeof *b->project.wanted);
	for (size_t i = 0; i < b->word_count; i++) {
		const char *word = text_inert_copy(b->arena, b->words[i]);
		bool found = false;

		for (size_t k = 0; k < c->suite_count; k++) {
			if (means_suite(b->arena, b->words[i], c->suites[k].name))
				b->project.wanted[k] = found = true;
		}
		if (!found)
			return err_set(err, "'%s' is in no suite of %s; a series is suite/benchmark, as in '%s/**'",
				       word, c->path, c->suite_count ? c->suites[0].name : "suite");
	}
	return true;
}

/* `size` bytes of a word as PCRE2; as a glob, its stars are stars. */
static void put_pattern(struct buf *b, const char *word, size_t size, bool as_glob)
{
	if (b->size > 4)
		buf_char(b, '|');
	for (size_t i = 0; i < size; i++) {
		if (as_glob && word[i] == '*') {
			buf_text(b, i + 1 < size && word[i + 1] == '*' ? ".*" : "[^/]*");
			while (i + 1 < size && word[i + 1] == '*')
				i++;
		} else if (as_glob && word[i] == '?') {
			buf_text(b, "[^/]");
		} else {
			if (strchr(".[](){}*+?^$|\\#", word[i]))
				buf_char(b, '\\');
			buf_char(b, word[i]);
		}
	}
}

/* A name of one of several benchmarks of a name ends in "#2", which a filter does not see. */
static size_t without_number(const char *word, size_t size)
{
	size_t end = size;

	while (end && word[end - 1] >= '0' && word[end - 1] <= '9')
		end--;
	return end < size && end && word[end - 1] == '#' ? end - 1 : size;
}

static void put_word(struct buf *b, const char *word)
{
	const char *colon = strrchr(word, ':');

	for (int as_glob = 0; as_glob < 2; as_glob++) {
		put_pattern(b, word, without_number(word, strlen(word)), as_glob);
		/* What stands behind the colon is a metric, or part of the name ("iterations:100"). */
		if (colon)
			put_pattern(b, word, without_number(word, (size_t)(colon - word)), as_glob);
	}
}

/* Old commits have benchmarks under the names of their time, on both sides. */
static void put_old_names(struct bisect *b, struct buf *out)
{
	const struct config *c = &b->project.config;

	for (size_t i = 0; i < c->rename_count; i++) {
		struct finding f = {.metric = "", .bench = "", .suite = ""};
		const char *to = c->renames[i].to, *slash = strchr(to, '/');
		bool meant = false;

		if (!slash)
			continue;
		f.suite = arena_copy(b->arena, to, (size_t)(slash - to));
		f.bench = slash + 1;
		for (size_t k = 0; k < b->word_count && !meant; k++) {
			const char *word = b->words[k], *colon = strrchr(word, ':');

			meant = series_is_meant(b->arena, word, &f, true) ||
				(colon && series_is_meant(b->arena, arena_copy(b->arena, word, (size_t)(colon - word)),
							  &f, true));
		}
		if (meant)
			put_pattern(out, c->renames[i].from, strlen(c->renames[i].from), false);
	}
}

bool bisect_choose(struct bisect *b, char const *const *words, size_t count, struct err *err)
{
	struct buf out = {.arena = b->arena};

	b->words = NEW_ARRAY(b->arena, const char *, count + 1);
	for (size_t i = 0; i < count; i++)
		b->words[b->word_count++] = series_word(b->arena, words[i]);
	if ((!count && !read_report(b, err)) || !choose_suites(b, err))
		return false;
	if (!project_check_programs(b->arena, &b->project, err))
		return false;
	buf_text(&out, "^(?:");
	for (size_t i = 0; i < b->word_count; i++)
		put_word(&out, b->words[i]);
	put_old_names(b, &out);
	buf_text(&out, ")$");
	b->filter = out.size <= MOST_FILTER_BYTES ? buf_string(&out) : NULL;
	return true;
}

static const char *key_of(const struct bisect *b, const struct finding *f)
{
	const struct config *c = &b->project.config;

	return name_renamed(b->arena, name_normalise(b->arena, arena_printf(b->arena, "%s/%s", f->suite, f->bench)),
			    c->renames, c->rename_count);
}

const struct finding *bisect_finding(const struct bisect *b, const struct verdict *v, const struct bisect_row *row)
{
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (text_equal(f->metric, row->metric) && text_equal(key_of(b, f), row->key))
			return f;
	}
	return NULL;
}

static void add_row(struct bisect *b, const struct finding *f)
{
	struct bisect_row row = {.key = key_of(b, f), .metric = f->metric, .scale = {.enough = b->enough}};

	for (size_t i = 0; i < b->row_count; i++) {
		if (text_equal(b->rows[i].key, row.key) && text_equal(b->rows[i].metric, row.metric))
			return;
	}
	row.title = text_inert_copy(b->arena, arena_printf(b->arena, "%s/%s [%s]", f->suite, f->bench, f->metric));
	b->rows[b->row_count++] = row;
}

bool bisect_find_rows(struct bisect *b, const struct verdict *v, struct err *err)
{
	b->rows = NEW_ARRAY(b->arena, struct bisect_row, v->finding_count + 1);
	b->row_count = 0;
	for (size_t k = 0; k < b->word_count; k++) {
		bool found = false;

		for (int as_glob = 0; as_glob < 2 && !found; as_glob++) {
			for (size_t i = 0; i < v->finding_count; i++) {
				const struct finding *f = &v->findings[i];

				if (!f->gated || !series_is_meant(b->arena, b->words[k], f, as_glob))
					continue;
				found = true;
				add_row(b, f);
			}
		}
		if (!found)
			return err_set(err,
				       "'%s' means no gated series that was measured; `pawl check --plan` names them",
				       text_inert_copy(b->arena, b->words[k]));
	}
	return true;
}

const char *bisect_change_text(struct arena *a, const struct finding *f)
{
	if (f->change_ratio.known && f->low_ratio.known && f->high_ratio.known)
		return arena_printf(a, "%+.3g %% [%+.3g, %+.3g]", 100 * f->change_ratio.value, 100 * f->low_ratio.value,
				    100 * f->high_ratio.value);
	if (f->change.known && f->low.known && f->high.known)
		return arena_printf(a, "%+.4g [%+.4g, %+.4g] %s", f->change.value, f->low.value, f->high.value,
				    text_inert_copy(a, f->unit));
	return f->change_ratio.known ? arena_printf(a, "%+.3g %%", 100 * f->change_ratio.value) : "no change known";
}

static const char *row_text(const struct bisect *b, const struct bisect_row *row, const struct finding *f)
{
	const char *reason;

	if (!f)
		return arena_printf(b->arena, "%s is not there", row->title);
	if (f->state == STATE_JUDGED)
		return arena_printf(b->arena, "%s %s", row->title, bisect_change_text(b->arena, f));
	reason = arena_copy(b->arena, f->reason, strcspn(f->reason, "\n"));
	return arena_printf(b->arena, "%s is %s%s%s", row->title, state_name(f->state), *reason ? ": " : "",
			    text_inert_copy(b->arena, reason));
}

enum bisect_mark bisect_mark(struct bisect *b, const struct verdict *v, const char **text)
{
	/* What one row says outweighs what another does: bad, then not known, then good. */
	static const int weight[] = {[BISECT_GOOD] = 1, [BISECT_SKIPPED] = 2, [BISECT_UNKNOWN] = 3, [BISECT_BAD] = 4};
	enum bisect_mark mark = BISECT_SKIPPED;
	int heaviest = 0;

	*text = "nothing was measured";
	for (size_t i = 0; i < b->row_count; i++) {
		const struct finding *f = bisect_finding(b, v, &b->rows[i]);
		enum bisect_mark own = f ? bisect_mark_of(f, &b->rows[i].scale) : BISECT_SKIPPED;

		if (weight[own] <= heaviest)
			continue;
		heaviest = weight[own];
		mark = own;
		*text = row_text(b, &b->rows[i], f);
	}
	return mark;
}
