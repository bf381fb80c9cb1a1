/* Labels grouped by key; those of a set are sorted by it. */
#include "view/labels.h"

#include <stdlib.h>
#include <string.h>

#include "graph/unit.h"

struct label_units label_units_of(struct arena *a, const struct profile *p)
{
	struct label_units units = {NEW_ARRAY(a, uint32_t, p->string_count)};
	bool *seen = NEW_ARRAY(a, bool, p->label_set_count);

	/* In the order of samples: the first unit of a key counts. */
	for (size_t i = 0; i < p->sample_count; i++) {
		struct profile_span set = p->label_sets[p->sample_labels[i]];

		if (seen[p->sample_labels[i]])
			continue;
		seen[p->sample_labels[i]] = true;
		for (uint32_t k = 0; k < set.count; k++) {
			const struct profile_label *l = p->labels + set.first + k;

			if (l->numeric && !units.of_key[l->key])
				units.of_key[l->key] = l->unit;
		}
	}
	return units;
}

const char *label_unit(const struct label_units *units, const struct profile *p, uint32_t key)
{
	const char *name = profile_text(p, key);

	if (units->of_key[key])
		return profile_text(p, units->of_key[key]);
	return text_equal(name, "alignment") || text_equal(name, "request") ? "bytes" : name;
}

static int compare_labels(const void *x, const void *y)
{
	const struct label_text *a = x, *b = y;
	size_t left = strlen(a->key), right = strlen(b->key), width = 10;
	int order;

	if (a->numeric != b->numeric)
		return a->numeric ? 1 : -1;
	/* Short keys are padded on the left, so that the longer one comes behind. */
	if ((left < width || right < width) && left != right)
		return left < right ? -1 : 1;
	order = strcmp(a->key, b->key);
	return order ? order : strcmp(a->values, b->values);
}

struct label_texts label_group(struct arena *a, const struct profile *p, uint32_t label_set,
			       const struct label_units *units)
{
	struct profile_span set = p->label_sets[label_set];
	struct label_texts texts = {NEW_ARRAY(a, struct label_text, set.count), 0};
	const struct profile_label *l = set.count ? p->labels + set.first : NULL;
	const struct profile_label *end = set.count ? l + set.count : NULL;

	while (l != end) {
		const struct profile_label *first = l;
		struct buf values = {.arena = a};

		for (; l < end && l->key == first->key && l->numeric == first->numeric; l++) {
			if (l > first)
				buf_char(&values, ' ');
			buf_text(&values, l->numeric ? unit_text(a, l->number, label_unit(units, p, l->key), "auto")
						     : profile_text(p, l->text));
		}
		texts.at[texts.count++] =
			(struct label_text){profile_text(p, first->key), buf_string(&values), first->numeric};
	}
	if (texts.count > 1)
		qsort(texts.at, texts.count, sizeof *texts.at, compare_labels);
	return texts;
}

static void json_value(struct json *j, const struct profile *p, const struct profile_label *l,
		       const struct label_units *units)
{
	if (!l->numeric) {
		json_text(j, profile_text(p, l->text));
		return;
	}
	json_begin_object_line(j);
	json_key(j, "value");
	json_int(j, l->number);
	json_key(j, "unit");
	json_text(j, label_unit(units, p, l->key));
	json_end_object(j);
}

void label_json(struct json *j, const struct profile *p, uint32_t label_set, const struct label_units *units)
{
	struct profile_span set = p->label_sets[label_set];
	const struct profile_label *l = set.count ? p->labels + set.first : NULL;
	const struct profile_label *end = set.count ? l + set.count : NULL;

	json_begin_object_line(j);
	while (l != end) {
		const struct profile_label *first = l;
		bool several = l + 1 < end && l[1].key == l->key;

		json_key(j, profile_text(p, l->key));
		if (several)
			json_begin_array_line(j);
		for (; l < end && l->key == first->key; l++)
			json_value(j, p, l, units);
		if (several)
			json_end_array(j);
	}
	json_end_object(j);
}
