/* A block per explained row. */
#include "report/html_causes.h"

#include "draw/escape.h"
#include "draw/flame.h"
#include "report/html_facts.h"
#include "report/report_words.h"

#include <string.h>

enum {
	MOST_CAUSES = 50, /* blocks; the rows of the table have the rest */
	MOST_FLAMES = 12, /* pictures, some 100 KB each */
};

static bool is_explained(const struct finding *f)
{
	return *words_or_empty(f->function) || f->function_count;
}

static struct number known(double value)
{
	return (struct number){value, true};
}

static const char *unit_of(const struct finding *f)
{
	return text_equal(words_or_empty(f->metric), "instructions") ? f->unit : "ns";
}

static void cell(struct buf *out, const char *attributes, const char *text)
{
	buf_printf(out, "<td%s>", attributes);
	html_text(out, text);
	buf_text(out, "</td>");
}

static const char *change_of(struct arena *a, const struct finding *f, const struct finding_function *x)
{
	double change = x->head - x->base;
	const char *unit = unit_of(f);

	return arena_printf(a, "%s%s", change < 0 ? "-" : "+",
			    words_value(a, known(change < 0 ? -change : change), unit));
}

static const char *range_of(struct arena *a, const struct finding *f, const struct finding_function *x)
{
	const char *unit = unit_of(f);

	return arena_printf(a, "[%s%s, %s%s]", x->low < 0 ? "-" : "+",
			    words_value(a, known(x->low < 0 ? -x->low : x->low), unit), x->high < 0 ? "-" : "+",
			    words_value(a, known(x->high < 0 ? -x->high : x->high), unit));
}

static void write_function(struct buf *out, const struct finding *f, const struct finding_function *x)
{
	struct arena *a = out->arena;

	buf_printf(out, "<tr class=\"state-%s\"><th scope=\"row\"><code>",
		   text_equal(x->state, "slower")   ? "slower"
		   : text_equal(x->state, "faster") ? "faster"
						    : "other");
	html_text(out, words_function(a, x->name, 120));
	buf_text(out, "</code>");
	if (*words_or_empty(x->place)) {
		buf_text(out, " <span class=\"where\">");
		html_text(out, words_clip(a, words_inert(a, x->place), 120));
		buf_text(out, "</span>");
	}
	buf_text(out, "</th>");
	cell(out, "", x->state);
	cell(out, " class=\"n\"", words_value(a, known(x->base), unit_of(f)));
	cell(out, " class=\"n\"", words_value(a, known(x->head), unit_of(f)));
	cell(out, " class=\"n\"", change_of(a, f, x));
	cell(out, " class=\"n\"", range_of(a, f, x));
	cell(out, " class=\"n\"", words_known(x->q) ? arena_printf(a, "%.2g", x->q.value) : "");
	buf_text(out, "</tr>\n");
}

static void write_functions(struct buf *out, const struct finding *f)
{
	if (!f->function_count)
		return;
	buf_text(out, "<div class=\"wide\"><table class=\"functions\">\n<caption>Own cost of functions, per "
		      "operation</caption>\n"
		      "<thead><tr><th scope=\"col\">Function</th><th scope=\"col\">Verdict</th>"
		      "<th scope=\"col\" class=\"n\">Base</th><th scope=\"col\" class=\"n\">Head</th>"
		      "<th scope=\"col\" class=\"n\">Change</th><th scope=\"col\" class=\"n\">95 %</th>"
		      "<th scope=\"col\" class=\"n\">q</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < f->function_count; i++)
		write_function(out, f, &f->functions[i]);
	buf_text(out, "</tbody>\n</table></div>\n");
}

/* Added and removed lines keep their sign, so that colour is not all that tells them apart. */
static void write_diff(struct buf *out, const struct finding *f)
{
	const char *text = words_or_empty(f->source_diff);

	if (!*text)
		return;
	buf_text(out, "<details open><summary>What the branch changed ");
	if (*words_or_empty(f->caller)) {
		buf_text(out, "in <code>");
		html_text(out, words_function(out->arena, f->caller, 120));
		buf_text(out, "</code>");
	} else {
		buf_text(out, "there");
	}
	buf_text(out, "</summary>\n<pre class=\"diff\">");
	while (*text) {
		size_t size = strcspn(text, "\n");
		const char *tag = text[0] == '+' ? "ins" : text[0] == '-' ? "del" : "span";

		buf_printf(out, "<%s>", tag);
		html_text(out, words_inert(out->arena, arena_copy(out->arena, text, size)));
		buf_printf(out, "</%s>\n", tag);
		text += size + (text[size] == '\n');
	}
	buf_text(out, "</pre></details>\n");
}

/* ---- where the time went ---- */

static const struct slice_table *stacks_of(const struct run *run, const struct finding *f)
{
	const struct slice_table *t = run ? run_find(run, f->suite, f->bench) : NULL;

	return t && t->profile.stacks && t->profile.stacks->type_count ? t : NULL;
}

/* Both sides as they were measured in turns. */
static bool find_stacks(const struct report_options *o, const struct finding *f, const struct slice_table **base,
			const struct slice_table **head)
{
	*base = stacks_of(o->base, f);
	*head = stacks_of(o->head, f);
	for (size_t i = 0; !(*base && *head) && i < o->confirmation_count; i++) {
		*base = stacks_of(o->confirmations[i].base, f);
		*head = stacks_of(o->confirmations[i].head, f);
	}
	return *base && *head;
}

/* What a sampled nanosecond is of an operation. */
static double scale_of(const struct slice_table *t)
{
	double operations = 0;

	for (size_t i = 0; i < t->slice_count; i++) {
		if (t->slices[i].phase == PHASE_PROFILE)
			operations += (double)t->slices[i].iterations * (double)t->slices[i].repetitions;
	}
	return operations > 0 ? 1 / operations : 1;
}

/* The benchmark's own function, so that what calls it is no part of the picture; NULL: its name is not found. */
static const char *scope_of(struct arena *a, const struct profile *p, const char *bench)
{
	const char *name = arena_copy(a, bench, strcspn(bench, "/"));
	size_t size = strlen(name);

	for (size_t i = 0; size && i < p->function_count; i++) {
		const char *text = profile_text(p, p->functions[i].name), *found = strstr(text, name);

		if (found && (found == text || found[-1] == ':') && (!found[size] || found[size] == '('))
			return text;
	}
	return NULL;
}

static const char *cost_words(struct arena *a, double cost, const void *state)
{
	(void)state;
	return words_value(a, known(cost), "ns");
}

static void write_flame(struct buf *out, const struct report_options *o, const struct finding *f, size_t number)
{
	struct arena *a = out->arena;
	const struct flame_words words = {.cost = cost_words};
	const struct slice_table *base, *head;
	struct flame flame;

	if (!find_stacks(o, f, &base, &head))
		return;
	flame_from_profiles(a, base->profile.stacks, head->profile.stacks, base->profile.stacks->type_count - 1,
			    head->profile.stacks->type_count - 1, scale_of(base), scale_of(head),
			    scope_of(a, head->profile.stacks, f->bench), &flame);
	if (!flame.frame_count)
		return;
	buf_text(out, "<details open><summary>Where the time went, per operation</summary>\n");
	flame_write_block(a, &flame, &words, arena_printf(a, "flame-%zu", number), out);
	buf_text(out, "</details>\n");
}

static void write_line(struct buf *out, const char *what, const char *text)
{
	if (!*text)
		return;
	buf_printf(out, "<p>%s ", what);
	html_text(out, text);
	buf_text(out, "</p>\n");
}

static void write_block(struct buf *out, const struct report_options *o, const struct finding *f, size_t number)
{
	struct arena *a = out->arena;

	buf_printf(out, "<div class=\"cause\" role=\"group\" id=\"cause-%zu\">\n<h3>", number);
	html_text(out, words_series(a, f));
	buf_text(out, " <span>");
	html_text(out, words_change_cell(a, f));
	buf_text(out, "</span></h3>\n");
	write_line(out, "Cause:", words_cause(a, f));
	write_line(out, "Of that:", words_cause_range(a, f));
	write_line(out, "Called by", html_readable(a, f->callers));
	if (*words_or_empty(f->function))
		write_line(out, "", html_readable(a, f->cause_note));
	write_functions(out, f);
	if (number <= MOST_FLAMES)
		write_flame(out, o, f, number);
	write_diff(out, f);
	buf_text(out, "</div>\n");
}

bool html_causes_draw(const struct verdict *v, const struct report_options *options)
{
	for (size_t i = 0; i < v->finding_count; i++) {
		const struct slice_table *base, *head;

		if (is_explained(&v->findings[i]) && find_stacks(options, &v->findings[i], &base, &head))
			return true;
	}
	return false;
}

void html_causes_write(struct buf *out, const struct verdict *v, const struct report_options *options)
{
	size_t count = 0;

	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];

		if (!is_explained(f))
			continue;
		if (++count == 1)
			buf_text(out, "<section class=\"causes\" aria-labelledby=\"causes\">\n<h2 "
				      "id=\"causes\">Causes</h2>\n");
		if (count <= MOST_CAUSES)
			write_block(out, options, f, count);
	}
	if (count > MOST_CAUSES)
		buf_printf(out, "<p>And %zu more rows with a cause; the table has it.</p>\n", count - MOST_CAUSES);
	if (count)
		buf_text(out, "</section>\n");
}

static const char *share_words(struct arena *a, double share)
{
	return arena_printf(a, "%.1f %%", 100 * share);
}

static void write_hot(struct buf *out, const struct report_hot *h)
{
	struct arena *a = out->arena;

	buf_text(out, "<tr><th scope=\"row\"><code>");
	html_text(out, words_clip(a, words_inert(a, h->name), 120));
	buf_text(out, "</code>");
	if (*h->place) {
		buf_text(out, " <span class=\"where\">");
		html_text(out, words_clip(a, words_inert(a, h->place), 120));
		buf_text(out, "</span>");
	}
	buf_text(out, "</th>");
	cell(out, " class=\"n\"", share_words(a, h->share));
	cell(out, " class=\"n\"", arena_printf(a, "[%.1f, %.1f]", 100 * h->low_share, 100 * h->high_share));
	cell(out, " class=\"n\"", share_words(a, h->total_share));
	cell(out, "", words_clip(a, words_inert(a, h->benches), 160));
	buf_text(out, "</tr>\n");
}

void html_hot_write(struct buf *out, const struct report_options *options)
{
	const char *suite = NULL;

	for (size_t i = 0; i < options->hot_count; i++) {
		const struct report_hot *h = &options->hot[i];

		if (!suite || !text_equal(suite, h->suite)) {
			buf_text(out, suite ? "</tbody>\n</table></div>\n</details>\n" : "");
			buf_text(out, "<details class=\"hot\"><summary>Where the time of ");
			html_text(out, words_inert(out->arena, h->suite));
			buf_text(out, " goes</summary>\n<div class=\"wide\"><table class=\"functions\">\n<thead><tr>"
				      "<th scope=\"col\">Function</th><th scope=\"col\" class=\"n\">Own</th>"
				      "<th scope=\"col\" class=\"n\">95 %</th><th scope=\"col\" class=\"n\">With all "
				      "it calls</th>"
				      "<th scope=\"col\">Part of which benchmark</th></tr></thead>\n<tbody>\n");
			suite = h->suite;
		}
		write_hot(out, h);
	}
	buf_text(out, suite ? "</tbody>\n</table></div>\n</details>\n" : "");
}
