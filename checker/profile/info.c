/* The numbers of a profile. */
#include "profile/info.h"

#include "profile/info_problems.h"

#include <stdlib.h>
#include <string.h>

#define NOTE "pawl:"

struct str profile_note(const struct profile *p, const char *key)
{
	size_t key_size = strlen(key);

	for (size_t i = 0; i < p->comment_count; i++) {
		const char *at = profile_text(p, p->comments[i]);

		if (!text_starts(at, NOTE " "))
			continue;
		for (at += strlen(NOTE); *at;) {
			size_t size;

			at += strspn(at, " ");
			size = strcspn(at, " ");
			if (size > key_size && at[key_size] == '=' && memcmp(at, key, key_size) == 0)
				return (struct str){at + key_size + 1, size - key_size - 1};
			at += size;
		}
	}
	return (struct str){"", 0};
}

/* A label of a sample: keys and values in one order, so that equal ones stand side by side. */
static int compare_labels(const void *a, const void *b)
{
	const struct profile_label *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	if (x->numeric != y->numeric)
		return x->numeric ? 1 : -1;
	if (x->text != y->text)
		return x->text < y->text ? -1 : 1;
	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return (x->unit > y->unit) - (x->unit < y->unit);
}

static int compare_keys(const void *a, const void *b, void *profile)
{
	const struct profile *p = profile;
	const struct profile_info_label *x = a, *y = b;
	const struct str *s = p->strings + x->key, *t = p->strings + y->key;
	int order = memcmp(s->at, t->at, s->size < t->size ? s->size : t->size);

	return order ? order : (s->size > t->size) - (s->size < t->size);
}

/* Samples that have a key, by key; a key that a sample has twice counts once. */
static void count_samples(const struct profile *p, struct arena *a, size_t *by_key)
{
	size_t *sets = NEW_ARRAY(a, size_t, p->label_set_count);

	for (size_t i = 0; i < p->sample_count; i++)
		sets[p->sample_labels[i]]++;
	for (size_t i = 0; i < p->label_set_count; i++) {
		const struct profile_span *set = p->label_sets + i;

		for (size_t k = 0; k < set->count; k++) {
			uint32_t key = p->labels[set->first + k].key;

			if (!k || p->labels[set->first + k - 1].key != key)
				by_key[key] += sets[i];
		}
	}
}

static void describe_labels(struct profile_info *info, struct arena *a, const struct profile *p)
{
	struct arena *scratch = arena_open_child(a);
	struct profile_label *sorted = NEW_ARRAY(scratch, struct profile_label, p->label_count);
	size_t *by_key = NEW_ARRAY(scratch, size_t, p->string_count), capacity = 0;

	if (p->label_count) {
		memcpy(sorted, p->labels, p->label_count * sizeof *sorted);
		qsort(sorted, p->label_count, sizeof *sorted, compare_labels);
	}
	count_samples(p, scratch, by_key);
	for (size_t i = 0; i < p->label_count; i++) {
		if (!i || sorted[i].key != sorted[i - 1].key) {
			info->labels =
				arena_reserve(a, info->labels, info->label_count, &capacity, sizeof *info->labels);
			info->labels[info->label_count++] =
				(struct profile_info_label){sorted[i].key, 0, by_key[sorted[i].key]};
		}
		if (!i || compare_labels(sorted + i, sorted + i - 1) != 0)
			info->labels[info->label_count - 1].value_count++;
	}
	if (info->label_count)
		qsort_r(info->labels, info->label_count, sizeof *info->labels, compare_keys, (void *)p);
	arena_close(scratch);
}

struct profile_info profile_describe(struct arena *a, const struct profile *p)
{
	struct profile_info info = {
		.totals = NEW_ARRAY(a, int64_t, p->type_count),
		.default_type = profile_type_default(p),
		.engine = profile_note(p, "engine"),
	};

	for (size_t i = 0; i < p->sample_count; i++) {
		size_t depth = p->stacks[p->sample_stacks[i]].count;

		info.empty_stack_count += depth == 0;
		info.deepest = depth > info.deepest ? depth : info.deepest;
		/* Wraps around as pprof's sums do. */
		for (size_t k = 0; k < p->type_count; k++)
			info.totals[k] =
				(int64_t)((uint64_t)info.totals[k] + (uint64_t)p->values[i * p->type_count + k]);
	}
	for (size_t i = 0; i < p->location_count; i++)
		info.symbolized_count += p->locations[i].line_count > 0;
	describe_labels(&info, a, p);
	info_problems(&info, a, p);
	return info;
}
