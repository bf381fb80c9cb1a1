/* Sites that grow in every step. */
#include "flow/leak.h"

#include "flow/attribute_stacks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static int compare_sites(const void *left, const void *right)
{
	const struct leak_site *a = left, *b = right;

	if (a->growth < b->growth || a->growth > b->growth)
		return a->growth > b->growth ? -1 : 1;
	for (size_t i = 0; i < a->function_count && i < b->function_count; i++) {
		int order = strcmp(a->functions[i], b->functions[i]);

		if (order)
			return order;
	}
	return (a->function_count > b->function_count) - (a->function_count < b->function_count);
}

static bool rises(const double *values, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (!(values[i] > values[i - 1]))
			return false;
	return true;
}

static struct leak_site site_of(struct arena *a, const struct stacked *stacks, uint32_t path, const double *values,
				size_t count)
{
	struct leak_site out = {.values = values};
	const uint32_t *frames = path_frames(stacks, path, &out.function_count);
	const char **functions = NEW_ARRAY(a, const char *, out.function_count);

	for (size_t i = 0; i < out.function_count; i++)
		functions[i] = stacks->functions[FRAME_FUNCTION(frames[i])].name;
	out.functions = functions;
	out.growth = values[count - 1] - values[0];
	out.growth_per_step = out.growth / (double)(count - 1);
	return out;
}

void leak_find(struct arena *a, const struct leak_snapshot *snapshots, size_t count, struct leak_report *out)
{
	struct attribution_group *groups = NEW_ARRAY(a, struct attribution_group, count);
	struct attribute_request request = {.base = {groups, count}};
	struct stacked stacks;
	struct leak_site *sites;
	double *values;

	for (size_t i = 0; i < count; i++)
		groups[i] = (struct attribution_group){
			.profile = snapshots[i].profile, .type = snapshots[i].type, .block = -1, .operations = 1};
	stacks = stack_groups(a, &request);
	*out = (struct leak_report){.stack_count = stacks.paths->stack_count,
				    .totals = stacks.cost,
				    .snapshot_count = count,
				    .chance = 1 / tgamma((double)count + 1)};
	values = arena_array(a, out->stack_count, count * sizeof *values);
	for (size_t i = 0; i < stacks.entry_count; i++)
		values[stacks.entries[i].path * count + stacks.entries[i].group] += stacks.entries[i].cost;
	sites = NEW_ARRAY(a, struct leak_site, out->stack_count);
	for (uint32_t i = 0; i < out->stack_count; i++)
		if (rises(values + i * count, count))
			sites[out->site_count++] = site_of(a, &stacks, i, values + i * count, count);
	qsort(sites, out->site_count, sizeof *sites, compare_sites);
	out->sites = sites;
}
