/* Samples of many processes in one profile. */
#include "flow/attribute_split.h"

#include "base/text.h"

#include <stdlib.h>

static const struct profile_label *find_label(const struct profile *p, uint32_t set, const char *key)
{
	const struct profile_span *span = p->label_sets + set;

	for (uint32_t i = 0; i < span->count; i++) {
		const struct profile_label *l = p->labels + span->first + i;

		if (l->numeric && text_equal(profile_text(p, l->key), key))
			return l;
	}
	return NULL;
}

static int compare_groups(const void *left, const void *right)
{
	const struct attribution_group *a = left, *b = right;

	if (a->label != b->label)
		return a->label < b->label ? -1 : 1;
	return (a->operations > b->operations) - (a->operations < b->operations);
}

void attribute_split(struct arena *a, const struct profile *p, size_t type, struct attribution_group **groups,
		     size_t *count, size_t *capacity)
{
	size_t first = *count, kept;

	for (uint32_t set = 0; set < p->label_set_count; set++) {
		const struct profile_label *group = find_label(p, set, "pawl_group"), *ops = find_label(p, set, "ops");

		if (!group)
			continue;
		*groups = arena_reserve(a, *groups, *count, capacity, sizeof **groups);
		(*groups)[(*count)++] = (struct attribution_group){.profile = p,
								   .type = type,
								   .labelled = true,
								   .label = group->number,
								   .block = -1,
								   .operations = ops ? (double)ops->number : 0};
	}
	if (*count == first) {
		const struct profile_label *ops = NULL;

		for (uint32_t set = 0; !ops && set < p->label_set_count; set++)
			ops = find_label(p, set, "ops");
		*groups = arena_reserve(a, *groups, *count, capacity, sizeof **groups);
		(*groups)[(*count)++] = (struct attribution_group){
			.profile = p, .type = type, .block = -1, .operations = ops ? (double)ops->number : 0};
		return;
	}
	/* A group has many sets of labels: a thread each. */
	qsort(*groups + first, *count - first, sizeof **groups, compare_groups);
	kept = first + 1;
	for (size_t i = first + 1; i < *count; i++) {
		struct attribution_group *last = *groups + kept - 1;

		if ((*groups)[i].label != last->label)
			(*groups)[kept++] = (*groups)[i];
		else if ((*groups)[i].operations > last->operations)
			last->operations = (*groups)[i].operations;
	}
	*count = kept;
}
