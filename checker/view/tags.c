/* Labels of samples with the cost of each value. */
#include "view/shown.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "draw/cells.h"
#include "view/labels.h"

struct tag_value {
	uint32_t key;
	const char *text;
	int64_t value;
};

struct tag_key {
	uint32_t key;
	const char *name;
	struct tag_value *values; /* heaviest first */
	size_t count;
	int64_t total;
};

/* Values by key and text.  Open addressing. */
struct tagging {
	struct arena *arena;
	struct tag_value *values;
	size_t count, capacity;
	uint32_t *slots; /* index and 1 */
	size_t room;
	struct tag_key *keys; /* by name */
	size_t key_count;
};

static size_t value_hash(uint32_t key, const char *text)
{
	uint64_t h = key;

	for (; *text; text++)
		h = (h ^ (unsigned char)*text) * 0x100000001b3U;
	return (size_t)(h ^ h >> 32);
}

static size_t value_slot(const struct tagging *t, uint32_t key, const char *text)
{
	size_t at = value_hash(key, text) & (t->room - 1);

	while (t->slots[at]) {
		const struct tag_value *v = t->values + t->slots[at] - 1;

		if (v->key == key && text_equal(v->text, text))
			break;
		at = (at + 1) & (t->room - 1);
	}
	return at;
}

static void add(struct tagging *t, uint32_t key, const char *text, int64_t value)
{
	size_t at;

	if (t->count * 2 >= t->room) {
		t->room = t->room ? t->room * 2 : 256;
		t->slots = NEW_ARRAY(t->arena, uint32_t, t->room);
		for (size_t i = 0; i < t->count; i++)
			t->slots[value_slot(t, t->values[i].key, t->values[i].text)] = (uint32_t)i + 1;
	}
	at = value_slot(t, key, text);
	if (!t->slots[at]) {
		t->values = arena_reserve(t->arena, t->values, t->count, &t->capacity, sizeof *t->values);
		t->values[t->count] = (struct tag_value){key, text, 0};
		t->slots[at] = (uint32_t)++t->count;
	}
	t->values[t->slots[at] - 1].value = unit_add(t->values[t->slots[at] - 1].value, value);
}

static void collect(struct tagging *t, const struct shown *s)
{
	const struct profile *p = s->source->profile;
	struct label_units units = label_units_of(t->arena, p);
	int64_t *weights = NEW_ARRAY(t->arena, int64_t, p->label_set_count);
	bool *used = NEW_ARRAY(t->arena, bool, p->label_set_count);

	for (size_t i = 0; i < p->sample_count; i++) {
		uint32_t set = p->sample_labels[i];

		used[set] = true;
		weights[set] = unit_add(weights[set], p->values[i * p->type_count + s->source->type]);
	}
	for (size_t i = 0; i < p->label_set_count; i++) {
		for (uint32_t k = 0; used[i] && k < p->label_sets[i].count; k++) {
			const struct profile_label *l = p->labels + p->label_sets[i].first + k;
			const char *text =
				l->numeric ? unit_text(t->arena, l->number, label_unit(&units, p, l->key), s->unit)
					   : profile_text(p, l->text);

			add(t, l->key, text, weights[i]);
		}
	}
}

static int compare_values(const void *x, const void *y)
{
	const struct tag_value *a = x, *b = y;
	uint64_t left = (uint64_t)unit_abs(a->value), right = (uint64_t)unit_abs(b->value);

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return left != right ? (left > right ? -1 : 1) : strcmp(a->text, b->text);
}

static int compare_keys(const void *x, const void *y)
{
	const struct tag_key *a = x, *b = y;

	return strcmp(a->name, b->name);
}

static void group(struct tagging *t, const struct profile *p)
{
	t->keys = NEW_ARRAY(t->arena, struct tag_key, t->count);
	if (t->count > 1)
		qsort(t->values, t->count, sizeof *t->values, compare_values);
	for (size_t i = 0; i < t->count; i++) {
		struct tag_value *v = t->values + i;

		if (!i || v->key != v[-1].key)
			t->keys[t->key_count++] = (struct tag_key){v->key, profile_text(p, v->key), v, 0, 0};
		t->keys[t->key_count - 1].count++;
		t->keys[t->key_count - 1].total = unit_add(t->keys[t->key_count - 1].total, v->value);
	}
	if (t->key_count > 1)
		qsort(t->keys, t->key_count, sizeof *t->keys, compare_keys);
}

/* "720.0ms": one decimal, unlike elsewhere. */
static const char *tenths(const struct shown *s, int64_t value)
{
	const char *unit;
	double number = unit_scale(value, s->source->unit, s->unit, &unit);

	return arena_printf(s->arena, "%.1f%s", number, text_printable_copy(s->arena, unit));
}

static const char *value_cell(const struct shown *s, const struct tag_key *k, const struct tag_value *v)
{
	char percent[UNIT_PERCENT_SIZE];

	if (k->total <= 0)
		return arena_printf(s->arena, "%s:", tenths(s, v->value));
	return arena_printf(s->arena, "%s (%s):", tenths(s, v->value), unit_percent(percent, v->value, k->total));
}

/* Two columns, aligned on the right within a key, as Go's tabwriter lays them out. */
static void write_text(const struct shown *s, const struct tagging *t, struct buf *out)
{
	for (size_t i = 0; i < t->key_count; i++) {
		const struct tag_key *k = t->keys + i;
		const char *name = text_printable_copy(s->arena, k->name);
		size_t name_width = text_columns(name) + 2, width = 0;
		const char **cells = NEW_ARRAY(s->arena, const char *, k->count);

		for (size_t v = 0; v < k->count; v++) {
			cells[v] = value_cell(s, k, k->values + v);
			width = text_columns(cells[v]) + 1 > width ? text_columns(cells[v]) + 1 : width;
		}
		buf_printf(out, " %s: Total %s\n", name, tenths(s, k->total));
		for (size_t v = 0; v < k->count; v++) {
			buf_repeat(out, ' ', name_width);
			unit_pad(out, width, cells[v]);
			buf_char(out, ' ');
			text_printable(out, k->values[v].text);
			buf_char(out, '\n');
		}
		buf_char(out, '\n');
	}
}

static void write_json(const struct shown *s, const struct tagging *t, struct buf *out)
{
	struct json j = {.out = out};

	shown_begin_json(s, &j, "tags");
	json_key(&j, "keys");
	json_begin_array(&j);
	for (size_t i = 0; i < t->key_count; i++) {
		json_begin_object(&j);
		json_key(&j, "key");
		json_text(&j, t->keys[i].name);
		json_key(&j, "total");
		shown_json_number(s, &j, t->keys[i].total);
		json_key(&j, "values");
		json_begin_array(&j);
		for (size_t v = 0; v < t->keys[i].count; v++) {
			json_begin_object_line(&j);
			json_key(&j, "text");
			json_text(&j, t->keys[i].values[v].text);
			json_key(&j, "value");
			shown_json_number(s, &j, t->keys[i].values[v].value);
			json_end_object(&j);
		}
		json_end_array(&j);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_end_object(&j);
	buf_char(out, '\n');
}

static void write_csv(const struct shown *s, const struct tagging *t, struct buf *out)
{
	buf_text(out, "key,text,value,percent,type,unit\n");
	for (size_t i = 0; i < t->key_count; i++) {
		for (size_t v = 0; v < t->keys[i].count; v++) {
			const struct tag_value *value = t->keys[i].values + v;

			cells_text(out, t->keys[i].name, false);
			buf_char(out, ',');
			cells_text(out, value->text, false);
			buf_char(out, ',');
			shown_csv_number(s, out, value->value);
			buf_char(out, ',');
			if (t->keys[i].total > 0)
				cells_percent(out, (double)value->value / (double)t->keys[i].total);
			buf_char(out, ',');
			shown_csv_end(s, out);
		}
	}
}

static bool write(struct arena *a, const struct source *source, const struct view_options *options, struct buf *out,
		  struct err *err)
{
	struct tagging t = {.arena = a};
	struct shown s;

	(void)err;
	shown_init(&s, a, source, options);
	collect(&t, &s);
	group(&t, source->profile);
	if (options->form == VIEW_JSON)
		write_json(&s, &t, out);
	else if (options->form == VIEW_CSV)
		write_csv(&s, &t, out);
	else
		write_text(&s, &t, out);
	return true;
}

const struct view view_tags = {
	.name = "tags",
	.help = "labels of samples, with the cost of each value",
	.write = write,
};
