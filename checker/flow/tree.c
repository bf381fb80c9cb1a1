/* From libyaml's events to a tree of nodes with line and column. */
#include "flow/tree.h"

#include <stdint.h>
#include <string.h>
#include <yaml.h>

struct anchor {
	const char *name;
	struct tree_node *node;
};

struct builder {
	struct arena *arena;
	const char *path;
	struct tree_node *open[TREE_DEPTH]; /* lists and mappings whose end was not read yet */
	size_t depth;
	struct anchor anchors[TREE_ANCHORS];
	size_t anchor_count;
	struct tree_node *root;
	struct err *err;
};

static bool fail_at(const struct builder *b, size_t line, size_t column, const char *text)
{
	return err_set(b->err, "%s:%zu:%zu: %s", b->path, line, column, text);
}

static bool fail_mark(const struct builder *b, const yaml_mark_t *mark, const char *text)
{
	return fail_at(b, mark->line + 1, mark->column + 1, text);
}

/* The place behind the first `size` bytes of `text`. */
static void find_place(struct str text, size_t size, size_t *line, size_t *column)
{
	*line = *column = 1;
	for (size_t at = 0; at < size && at < text.size; at++) {
		char c = text.at[at];

		if (c == '\n' || (c == '\r' && (at + 1 == text.size || text.at[at + 1] != '\n'))) {
			++*line;
			*column = 1;
		} else if (((unsigned char)c & 0xC0) != 0x80) {
			++*column;
		}
	}
}

static bool fail_byte(const struct builder *b, struct str text, size_t at, const char *words)
{
	size_t line, column;

	find_place(text, at, &line, &column);
	return fail_at(b, line, column, words);
}

/* Looks at the bytes before libyaml does, which would take UTF-16 and has no words for what a binary file is. */
static bool check_bytes(const struct builder *b, struct str text)
{
	size_t length;

	for (size_t at = 0; at < text.size; at += length) {
		unsigned c = (unsigned char)text.at[at];

		length = text_utf8_length(text.at + at, text.size - at);
		if (length == 0)
			return fail_byte(
				b, text, at,
				arena_printf(b->arena, "byte 0x%02x is not UTF-8; save the file as UTF-8 text", c));
		if ((c < ' ' && c != '\n' && c != '\r' && c != '\t') || c == 0x7f)
			return fail_byte(
				b, text, at,
				arena_printf(b->arena, "control character 0x%02x; pawl.yml is text, take it out", c));
	}
	return true;
}

/* What libyaml says, with the place that it says it about. */
static bool fail_syntax(const struct builder *b, const yaml_parser_t *parser, struct str text)
{
	struct buf words = {.arena = b->arena};

	buf_printf(&words, "not YAML: %s", parser->problem ? parser->problem : "it cannot be read");
	if (parser->error == YAML_READER_ERROR)
		return fail_byte(b, text, parser->problem_offset, buf_string(&words));
	if (parser->context)
		buf_printf(&words, " %s", parser->context);
	if (parser->context && parser->context_mark.line != parser->problem_mark.line)
		buf_printf(&words, " that begins in line %zu", parser->context_mark.line + 1);
	if (strstr(buf_string(&words), "cannot start any token"))
		buf_text(&words, "; indent with spaces, and quote a text that begins with @ ` or %");
	else if (strstr(buf_string(&words), "scanning an a")) /* "an alias", "an anchor" */
		buf_text(&words, "; quote a text that begins with * or &");
	return fail_mark(b, &parser->problem_mark, buf_string(&words));
}

static struct tree_node *make(struct builder *b, enum tree_type type, const yaml_event_t *event)
{
	struct tree_node *n = NEW(b->arena, struct tree_node);

	n->type = type;
	n->line = event->start_mark.line + 1;
	n->column = event->start_mark.column + 1;
	n->weight = 1;
	return n;
}

/* Into the innermost open list or mapping, or as the root. */
static void place(struct builder *b, struct tree_node *n)
{
	struct tree_node *parent;

	if (b->depth == 0) {
		b->root = n;
		return;
	}
	parent = b->open[b->depth - 1];
	parent->items = arena_reserve(b->arena, parent->items, parent->item_count, &parent->item_capacity,
				      sizeof *parent->items);
	parent->items[parent->item_count++] = n;
}

/* Counts a finished child towards the innermost open node.  Sums cannot overflow: each is checked against TREE_WEIGHT. */
static bool weigh(struct builder *b, const struct tree_node *child, const yaml_event_t *event)
{
	struct tree_node *parent;

	if (b->depth == 0)
		return true;
	parent = b->open[b->depth - 1];
	parent->weight += child->weight;
	if (parent->weight > TREE_WEIGHT)
		return fail_mark(b, &event->start_mark,
				 arena_printf(b->arena,
					      "more than %d values, aliases written out; make the file smaller",
					      TREE_WEIGHT));
	return true;
}

static bool keep_anchor(struct builder *b, const yaml_char_t *name, struct tree_node *n, const yaml_event_t *event)
{
	if (!name)
		return true;
	if (b->anchor_count == TREE_ANCHORS)
		return fail_mark(b, &event->start_mark,
				 arena_printf(b->arena, "more than %d anchors; use fewer", TREE_ANCHORS));
	b->anchors[b->anchor_count++] = (struct anchor){.name = arena_string(b->arena, (const char *)name), .node = n};
	return true;
}

static bool refuse_tag(const struct builder *b, const yaml_char_t *tag, const yaml_event_t *event)
{
	if (!tag)
		return true;
	return fail_mark(b, &event->start_mark, "a tag (!…) has no meaning here; take it out");
}

static bool add_text(struct builder *b, const yaml_event_t *event)
{
	struct tree_node *n = make(b, TREE_TEXT, event);

	n->text.size = event->data.scalar.length;
	n->text.at = arena_copy(b->arena, (const char *)event->data.scalar.value, n->text.size);
	n->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
	place(b, n);
	return refuse_tag(b, event->data.scalar.tag, event) && keep_anchor(b, event->data.scalar.anchor, n, event) &&
	       weigh(b, n, event);
}

static bool add_alias(struct builder *b, const yaml_event_t *event)
{
	const char *name = (const char *)event->data.alias.anchor;

	/* A name may be given anew; the newest is meant. */
	for (size_t i = b->anchor_count; i > 0; i--) {
		struct anchor *anchor = &b->anchors[i - 1];

		if (!text_equal(anchor->name, name))
			continue;
		if (anchor->node->open)
			return fail_mark(b, &event->start_mark,
					 arena_printf(b->arena, "alias `*%.40s` lies inside its own anchor", name));
		place(b, anchor->node);
		return weigh(b, anchor->node, event);
	}
	return fail_mark(b, &event->start_mark,
			 arena_printf(b->arena, "alias `*%.40s` has no anchor `&%.40s` before it", name, name));
}

static bool open_node(struct builder *b, enum tree_type type, const yaml_char_t *tag, const yaml_char_t *anchor,
		      const yaml_event_t *event)
{
	struct tree_node *n = make(b, type, event);

	if (b->depth == TREE_DEPTH)
		return fail_mark(
			b, &event->start_mark,
			arena_printf(b->arena, "more than %d lists and mappings inside each other", TREE_DEPTH));
	n->open = true;
	place(b, n);
	b->open[b->depth++] = n;
	return refuse_tag(b, tag, event) && keep_anchor(b, anchor, n, event);
}

static bool close_node(struct builder *b, const yaml_event_t *event)
{
	struct tree_node *n = b->open[--b->depth];

	n->open = false;
	return weigh(b, n, event);
}

static bool add_event(struct builder *b, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_DOCUMENT_START_EVENT:
		if (b->root)
			return fail_mark(b, &event->start_mark,
					 "a second document begins here; pawl.yml holds one, take the `---` out");
		return true;
	case YAML_SCALAR_EVENT:
		return add_text(b, event);
	case YAML_ALIAS_EVENT:
		return add_alias(b, event);
	case YAML_SEQUENCE_START_EVENT:
		return open_node(b, TREE_LIST, event->data.sequence_start.tag, event->data.sequence_start.anchor,
				 event);
	case YAML_MAPPING_START_EVENT:
		return open_node(b, TREE_MAP, event->data.mapping_start.tag, event->data.mapping_start.anchor, event);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return close_node(b, event);
	default:
		return true;
	}
}

bool tree_parse(struct arena *a, const char *path, struct str text, const struct tree_node **root, struct err *err)
{
	static const unsigned char mark[] = {0xEF, 0xBB, 0xBF};
	struct builder b = {.arena = a, .path = path, .err = err};
	yaml_parser_t parser;
	bool good = true, ended = false;

	*root = NULL;
	/* A byte order mark is no part of the text. */
	if (text.size >= sizeof mark && memcmp(text.at, mark, sizeof mark) == 0)
		text = (struct str){.at = text.at + sizeof mark, .size = text.size - sizeof mark};
	if (!check_bytes(&b, text))
		return false;
	if (!yaml_parser_initialize(&parser))
		return err_set(err, "%s: no memory to read it", path);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&parser, (const unsigned char *)(text.at ? text.at : ""), text.size);
	while (good && !ended) {
		yaml_event_t event;

		if (!yaml_parser_parse(&parser, &event)) {
			good = fail_syntax(&b, &parser, text);
			break;
		}
		good = add_event(&b, &event);
		ended = event.type == YAML_STREAM_END_EVENT;
		yaml_event_delete(&event);
	}
	yaml_parser_delete(&parser);
	*root = b.root;
	return good;
}

bool tree_is_null(const struct tree_node *node)
{
	return node->type == TREE_TEXT && node->plain &&
	       (node->text.size == 0 || str_equal(node->text, "~") || str_equal(node->text, "null"));
}

const char *tree_describe(struct arena *a, const struct tree_node *node)
{
	enum { SHOWN_SIZE = 40 };
	size_t size = 0;

	if (node->type == TREE_LIST)
		return "a list";
	if (node->type == TREE_MAP)
		return "a mapping";
	if (tree_is_null(node))
		return "nothing";
	if (node->text.size == 0)
		return "an empty text";
	while (size < node->text.size && size < SHOWN_SIZE) {
		size_t length = text_utf8_length(node->text.at + size, node->text.size - size);

		size += length ? length : 1;
	}
	return arena_printf(a, "`%s%s`", text_printable_copy(a, arena_copy(a, node->text.at, size)),
			    size < node->text.size ? "…" : "");
}
