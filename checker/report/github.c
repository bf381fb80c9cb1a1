/*
 * Workflow commands of GitHub Actions: annotations at the lines of a pull request that they are about.
 *
 * error: what makes the exit status 1 or 3; warning: what does not fail and should be looked at; notice: the counts, and
 * what became faster.  The runner takes ten of a kind from a step and drops the others without a word (actions/runner,
 * ExecutionContext.cs), so the tenth says how many there are.
 */
#include "report/report.h"

#include "report/report_repeat.h"
#include "report/report_rows.h"
#include "report/report_words.h"

#include <string.h>

enum {
	ANNOTATIONS = 10, /* of a kind */
	NAMES = 10,
	LINE_COLUMNS = 300, /* the runner cuts messages at 4096 characters */
};

enum kind { KIND_ERROR, KIND_WARNING, KIND_NOTICE, KIND_COUNT };

static const char *const kind_names[] = {"error", "warning", "notice"};

/* What is annotated: a row that was judged, rows of one state, or a text about a row or about the whole check. */
struct item {
	const struct finding *f; /* NULL: the whole check */
	const struct row_list *group;
	const char *text;
};

struct items {
	struct item *at;
	size_t count, capacity;
	size_t left_out; /* rows without an item */
};

struct notes {
	struct buf *out;
	const struct verdict *v;
	const struct report_options *options;
	struct items kinds[KIND_COUNT];
};

static void add(struct notes *n, enum kind kind, struct item item)
{
	struct items *items = &n->kinds[kind];

	items->at = arena_reserve(n->out->arena, items->at, items->count, &items->capacity, sizeof *items->at);
	items->at[items->count++] = item;
}

static void add_changed(struct notes *n, enum row_rank rank)
{
	struct row_list list = rows_judged(n->out->arena, n->v, rank);

	for (size_t i = 0; i < list.count; i++) {
		const struct finding *f = list.rows[i];
		enum kind kind = f->effect != EFFECT_PASS ? KIND_ERROR : KIND_WARNING;

		add(n, rank == ROW_FASTER ? KIND_NOTICE : kind, (struct item){.f = f});
	}
}

static enum kind kind_of(const struct finding *f)
{
	if (f->effect != EFFECT_PASS)
		return KIND_ERROR;
	return f->state == STATE_ACCEPTED ? KIND_NOTICE : KIND_WARNING;
}

static void add_state(struct notes *n, enum state state)
{
	struct row_groups *all = NEW(n->out->arena, struct row_groups);
	const struct finding *first = NULL;

	*all = rows_grouped(n->out->arena, n->v, state, ANNOTATIONS);
	for (size_t i = 0; i < all->count; i++) {
		first = all->groups[i].rows[0];
		/* New benchmarks and equal code are no reason to look. */
		if (first->effect != EFFECT_PASS || (state != STATE_NEW && state != STATE_SAME_CODE))
			add(n, kind_of(first), (struct item){.f = first, .group = &all->groups[i]});
	}
	if (first)
		n->kinds[kind_of(first)].left_out += all->left_out;
}

static void add_warnings(struct notes *n)
{
	const struct verdict *v = n->v;

	for (size_t i = 0; i < v->finding_count; i++) {
		if (*words_or_empty(v->findings[i].warning))
			add(n, KIND_WARNING, (struct item){.f = &v->findings[i], .text = v->findings[i].warning});
	}
	for (size_t i = 0; i < v->warning_count; i++)
		add(n, KIND_WARNING, (struct item){.text = v->warnings[i]});
}

static void collect(struct notes *n)
{
	add(n, KIND_NOTICE, (struct item){.text = rows_counted(n->out->arena, n->v)});
	add_changed(n, ROW_SLOWER);
	for (size_t i = 0; i < LISTED_STATES; i++)
		add_state(n, listed_states[i]);
	add_changed(n, ROW_FASTER);
	add_warnings(n);
	if (n->v->status != 0 && n->kinds[KIND_ERROR].count == 0)
		add(n, KIND_ERROR, (struct item){.text = n->v->status_reason});
}

/* ---- writing ---- */

/* What ends a line, and in a property what ends the property, is written as %XX (actions/runner, ActionCommand.cs). */
static void escape(struct buf *out, const char *text, const char *special)
{
	for (; *text; text++) {
		if (strchr(special, *text))
			buf_printf(out, "%%%02X", (unsigned char)*text);
		else
			buf_char(out, *text);
	}
}

static void write_property(struct buf *out, char before, const char *name, const char *value)
{
	buf_printf(out, "%c%s=", before, name);
	escape(out, value, "%\r\n:,");
}

/* The file as the repository names it: below the folder that places are relative to, without "./" and "../"; "" for one
 * outside of it. */
static const char *file_of(struct arena *a, const char *folder, const char *file)
{
	size_t size = strlen(folder);

	if (*file == '/' || *file == '\0')
		return file;
	while (text_starts(file, "./") || (size > 0 && text_starts(file, "../"))) {
		if (file[1] == '.') {
			size--;
			while (size > 0 && folder[size - 1] != '/')
				size--;
			file++;
		}
		file += 2;
	}
	return text_starts(file, "../") ? "" : arena_printf(a, "%.*s%s", (int)size, folder, file);
}

static const char *one_line(struct arena *a, const char *text)
{
	return words_clip(a, words_inert(a, text), LINE_COLUMNS);
}

/* The place as the repository names it, then the title. */
static void write_head(const struct notes *n, enum kind kind, const struct finding *f, const char *title)
{
	struct arena *a = n->out->arena;
	struct place place = f ? words_place(a, f) : (struct place){"", ""};
	const char *file = NULL;
	char before = ' ';

	buf_printf(n->out, "::%s", kind_names[kind]);
	file = file_of(a, words_or_empty(n->options->folder), place.file);
	if (*file) {
		write_property(n->out, ' ', "file", text_printable_copy(a, file));
		before = ',';
	}
	if (*file && *place.line)
		write_property(n->out, ',', "line", place.line);
	write_property(n->out, before, "title", title);
	buf_text(n->out, "::");
}

static const char *title_of(struct arena *a, const struct item *item)
{
	const struct finding *f = item->f;
	const char *name = NULL;

	if (f == NULL)
		return "pawl";
	name = words_series(a, f);
	if (item->text)
		return name;
	if (item->group && item->group->count > 1)
		return arena_printf(a, "%zu benchmarks %s", item->group->count, words_state(a, f->state));
	if (item->group)
		return arena_printf(a, "%s %s", name, words_state(a, f->state));
	if (f->outcome == OUTCOME_NONE)
		return name;
	return arena_printf(a, "%s %s%s%s", name, outcome_name(f->outcome), f->severity ? ", " : "",
			    f->severity ? severity_name(f->severity) : "");
}

/* The title has the state: here is the reason, and the names of several. */
static void add_group(struct buf *message, const struct row_list *group)
{
	struct arena *a = message->arena;
	const char *reason = words_or_empty(group->rows[0]->reason);

	reason = arena_copy(a, reason, strcspn(reason, "\n"));
	buf_text(message, one_line(a, *reason ? reason : words_message(a, group->rows[0])));
	if (group->count < 2)
		return;
	buf_char(message, '\n');
	for (size_t i = 0; i < group->count && i < NAMES; i++)
		buf_printf(message, "%s%s", i ? ", " : "", words_series(a, group->rows[i]));
	if (group->count > NAMES)
		buf_printf(message, " and %zu more", group->count - NAMES);
}

static const char *message_of(const struct notes *n, const struct item *item)
{
	struct arena *a = n->out->arena;
	struct buf message = {.arena = a};
	const char *cause, *repeat;

	if (item->text)
		return one_line(a, item->text);
	if (item->group)
		add_group(&message, item->group);
	else
		buf_text(&message, one_line(a, words_message(a, item->f)));
	cause = words_cause(a, item->f);
	repeat = repeat_command(a, n->v, item->f);
	if (*cause)
		buf_printf(&message, "\ncause: %s", cause);
	if (*repeat)
		buf_printf(&message, "\nrepeat: %s", repeat);
	return buf_string(&message);
}

static void write_items(const struct notes *n, enum kind kind)
{
	const struct items *items = &n->kinds[kind];
	bool all = items->count + (items->left_out > 0) <= ANNOTATIONS;
	size_t shown = all ? items->count : ANNOTATIONS - 1, rest = items->count - shown + items->left_out;

	for (size_t i = 0; i < shown; i++) {
		const struct item *item = &items->at[i];

		write_head(n, kind, item->f, title_of(n->out->arena, item));
		escape(n->out, message_of(n, item), "%\r\n");
		buf_char(n->out, '\n');
	}
	if (rest > 0) {
		write_head(n, kind, NULL, "pawl");
		buf_printf(n->out, "and %zu more of this kind; the reports have all of them\n", rest);
	}
}

static void write_github(struct buf *out, const struct verdict *v, const struct report_options *options)
{
	struct notes n = {.out = out, .v = v, .options = options};

	collect(&n);
	for (enum kind kind = KIND_ERROR; kind < KIND_COUNT; kind++)
		write_items(&n, kind);
}

const struct report_format report_github = {
	.name = "github",
	.help = "annotations of GitHub Actions, to standard output",
	.file = NULL,
	.write = write_github,
};
