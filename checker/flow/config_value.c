/* Reading mappings by a table of keys, and the types of value that keys share. */
#include "flow/config_value.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

void config_expect(struct problems *p, const struct config_key *key, const struct tree_node *value)
{
	problem_add(p, value, "`%s`: expected %s, not %s", key->name, key->expected, tree_describe(p->arena, value));
}

/* The name that was probably meant: another case is nearer than any other letter. */
static const char *find_meant(const char *word, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (strcasecmp(word, names[i]) == 0)
			return names[i];
	}
	return text_nearest(word, names, count);
}

static void refuse_unknown(struct problems *p, const struct config_table *table, const struct tree_node *key)
{
	const char *names[CONFIG_KEYS];
	struct buf list = {.arena = p->arena};
	const char *nearest;
	size_t count = 0;

	if (problems_full(p)) {
		problem_add(p, key, "unknown key");
		return;
	}
	if (key->type != TREE_TEXT) {
		problem_add(p, key, "expected a key of %s, not %s", table->what, tree_describe(p->arena, key));
		return;
	}
	for (size_t i = 0; i < table->count; i++) {
		if (!table->keys[i].read)
			continue;
		names[count++] = table->keys[i].name;
		buf_printf(&list, "%s%s", list.size ? " " : "", table->keys[i].name);
	}
	nearest = find_meant(key->text.at, names, count);
	for (size_t i = 0; nearest && i < table->count; i++) {
		if (!text_equal(table->keys[i].name, nearest))
			continue;
		problem_add(p, key, "unknown key %s of %s; did you mean `%s` (%s)?", tree_describe(p->arena, key),
			    table->what, nearest, table->keys[i].expected);
		return;
	}
	problem_add(p, key, "unknown key %s of %s; expected one of: %s", tree_describe(p->arena, key), table->what,
		    buf_string(&list));
}

static size_t find_row(const struct config_table *table, const struct tree_node *key)
{
	for (size_t i = 0; i < table->count; i++) {
		if (key->type == TREE_TEXT && str_equal(key->text, table->keys[i].name))
			return i;
	}
	return table->count;
}

/* `<<: *other` or a list of them (YAML 1.1 merge): keys that do not stand in the mapping itself. */
static bool is_merge(const struct tree_node *key)
{
	return key->type == TREE_TEXT && key->plain && str_equal(key->text, "<<");
}

static void read_entry(struct problems *p, const struct config_table *table, const struct tree_node *key,
		       const struct tree_node *value, bool merged, void *into, const struct tree_node **places)
{
	size_t i = find_row(table, key);
	const struct config_key *row = &table->keys[i];

	if (i == table->count) {
		refuse_unknown(p, table, key);
		return;
	}
	if (places[i]) {
		if (!merged)
			problem_add(p, key, "`%s` is given twice; it stands in line %zu already", row->name,
				    places[i]->line);
		return;
	}
	places[i] = key;
	if (!row->read)
		problem_add(p, key, "`%s` (%s) is not there yet in this version; take it out", row->name,
			    row->expected);
	else
		row->read(p, row, value, (char *)into + row->offset);
}

/* The entries of `map`, then those that it merges.  The tree bounds how deep and how many that are. */
static void read_entries(struct problems *p, const struct config_table *table, const struct tree_node *map, bool merged,
			 void *into, const struct tree_node **places)
{
	for (size_t i = 0; i < map->item_count; i += 2) {
		if (!is_merge(map->items[i]))
			read_entry(p, table, map->items[i], map->items[i + 1], merged, into, places);
	}
	for (size_t i = 0; i < map->item_count; i += 2) {
		const struct tree_node *source = map->items[i + 1];

		if (!is_merge(map->items[i]))
			continue;
		if (source->type == TREE_MAP)
			read_entries(p, table, source, true, into, places);
		for (size_t j = 0; source->type == TREE_LIST && j < source->item_count; j++) {
			if (source->items[j]->type == TREE_MAP)
				read_entries(p, table, source->items[j], true, into, places);
			else
				problem_add(p, source->items[j], "`<<`: expected mappings, not %s",
					    tree_describe(p->arena, source->items[j]));
		}
		if (source->type == TREE_TEXT)
			problem_add(p, source, "`<<`: expected a mapping, such as the alias of one, not %s",
				    tree_describe(p->arena, source));
	}
}

bool config_read_map(struct problems *p, const struct config_table *table, const struct tree_node *map, void *into,
		     const struct tree_node *places[CONFIG_KEYS])
{
	const struct tree_node *own[CONFIG_KEYS] = {0};

	assert(table->count <= CONFIG_KEYS);
	if (map->type != TREE_MAP) {
		problem_add(p, map, "expected %s as a mapping (`key: value`), not %s", table->what,
			    tree_describe(p->arena, map));
		return false;
	}
	read_entries(p, table, map, false, into, own);
	for (size_t i = 0; i < table->count; i++) {
		if (table->keys[i].required && !own[i])
			problem_add(p, map, "%s needs `%s`: %s", table->what, table->keys[i].name,
				    table->keys[i].expected);
	}
	if (places)
		memcpy(places, own, sizeof own);
	return true;
}

bool config_text(struct problems *p, const struct config_key *key, const struct tree_node *value, const char **out)
{
	if (value->type != TREE_TEXT || tree_is_null(value)) {
		config_expect(p, key, value);
		return false;
	}
	if (memchr(value->text.at, '\0', value->text.size)) {
		problem_add(p, value, "`%s`: a NUL character cannot be passed on; take it out", key->name);
		return false;
	}
	*out = value->text.at;
	return true;
}

bool config_word(struct problems *p, const struct config_key *key, const struct tree_node *value, const char **out)
{
	const char *text;

	if (!config_text(p, key, value, &text))
		return false;
	if (!*text) {
		config_expect(p, key, value);
		return false;
	}
	/* Control characters and invisible marks are what would be shown in another way than it is written. */
	if (!text_equal(text, text_printable_copy(p->arena, text))) {
		problem_add(p, value, "`%s`: %s holds a control or invisible character; take it out", key->name,
			    tree_describe(p->arena, value));
		return false;
	}
	*out = text;
	return true;
}

bool config_words(struct problems *p, const struct config_key *key, const struct tree_node *value,
		  const char *const **out, size_t *count)
{
	const char **words;
	bool good = true;

	if (value->type != TREE_LIST) {
		config_expect(p, key, value);
		return false;
	}
	words = NEW_ARRAY(p->arena, const char *, value->item_count + 1);
	for (size_t i = 0; i < value->item_count; i++)
		good = config_text(p, key, value->items[i], &words[i]) && good;
	if (!good)
		return false;
	*out = words;
	*count = value->item_count;
	return true;
}

bool config_quantity(struct problems *p, const struct config_key *key, const struct tree_node *value, unsigned kinds,
		     struct quantity *out)
{
	struct err err;
	const char *text;

	if (!config_word(p, key, value, &text))
		return false;
	if (quantity_parse(text, kinds, out, &err))
		return true;
	problem_add(p, value, "`%s`: %s; expected %s", key->name, err.text, key->expected);
	return false;
}

bool config_duration(struct problems *p, const struct config_key *key, const struct tree_node *value, int64_t most_ns,
		     int64_t *out)
{
	struct quantity q;

	if (!config_quantity(p, key, value, 1U << QUANTITY_DURATION, &q))
		return false;
	if (q.value < 1 || q.value > (double)most_ns) {
		problem_add(p, value, "`%s`: %s is not between 1 ns and %s; expected %s", key->name,
			    tree_describe(p->arena, value), quantity_duration(p->arena, (double)most_ns),
			    key->expected);
		return false;
	}
	*out = (int64_t)q.value;
	return true;
}

bool config_choice(struct problems *p, const struct config_key *key, const struct tree_node *value, size_t *index)
{
	const char *const *names = key->choices(p->arena);
	struct buf list = {.arena = p->arena};
	const char *text, *nearest;

	if (!config_word(p, key, value, &text))
		return false;
	for (*index = 0; names[*index]; (*index)++) {
		if (text_equal(text, names[*index]))
			return true;
		buf_printf(&list, "%s%s", *index ? ", " : "", names[*index]);
	}
	nearest = find_meant(text, names, *index);
	if (nearest)
		problem_add(p, value, "`%s`: expected one of %s, not %s; did you mean `%s`?", key->name,
			    buf_string(&list), tree_describe(p->arena, value), nearest);
	else
		problem_add(p, value, "`%s`: expected one of %s, not %s", key->name, buf_string(&list),
			    tree_describe(p->arena, value));
	return false;
}
