/* Collecting problems, and their lines in the order of the file. */
#include "flow/config_problem.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdlib.h>

enum {
	KEPT_COUNT = 1000, /* a file with more is another format; keeps memory flat */
	SHOWN_COUNT = 100,
	TAIL_SIZE = 64, /* room for "and N more" */
};

bool problems_full(const struct problems *p)
{
	return p->count == KEPT_COUNT;
}

void problem_add(struct problems *p, const struct tree_node *node, const char *format, ...)
{
	va_list args;

	if (problems_full(p)) {
		p->dropped++;
		return;
	}
	p->items = arena_reserve(p->arena, p->items, p->count, &p->capacity, sizeof *p->items);
	va_start(args, format);
	p->items[p->count] = (struct problem){
		.line = node->line,
		.column = node->column,
		.number = p->count,
		.text = arena_vprintf(p->arena, format, args),
	};
	va_end(args);
	p->count++;
}

static int by_size(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int by_place(const void *x, const void *y)
{
	const struct problem *a = x, *b = y;

	if (a->line != b->line)
		return by_size(a->line, b->line);
	if (a->column != b->column)
		return by_size(a->column, b->column);
	return by_size(a->number, b->number);
}

/* What an alias repeats is found once for every use. */
static size_t drop_repeated(struct problem *items, size_t count)
{
	size_t kept = 1;

	for (size_t i = 1; i < count; i++) {
		bool repeated = false;

		for (size_t j = kept; j > 0 && !repeated; j--) {
			if (items[j - 1].line != items[i].line || items[j - 1].column != items[i].column)
				break;
			repeated = text_equal(items[j - 1].text, items[i].text);
		}
		if (!repeated)
			items[kept++] = items[i];
	}
	return kept;
}

bool problems_end(struct problems *p, struct err *err)
{
	struct buf all = {.arena = p->arena};
	size_t shown = 0, left;

	if (p->count == 0)
		return true;
	qsort(p->items, p->count, sizeof *p->items, by_place);
	p->count = drop_repeated(p->items, p->count);
	for (; shown < p->count && shown < SHOWN_COUNT; shown++) {
		const struct problem *one = &p->items[shown];
		const char *line = arena_printf(p->arena, "%s:%zu:%zu: %s", p->path, one->line, one->column, one->text);

		if (shown && all.size + str_of(line).size + TAIL_SIZE > ERR_SIZE)
			break;
		if (shown)
			buf_char(&all, '\n');
		buf_text(&all, line);
	}
	left = p->count - shown + p->dropped;
	if (left)
		buf_printf(&all, "\n… and %zu more", left);
	return err_set(err, "%s", buf_string(&all));
}
