/* The key `profile` of a suite: how its stacks are taken. */
#include "flow/config_profile.h"
#include "flow/config_keys.h"

#include "sampler/sampler.h"

enum { MOST_RATE_HZ = 4999 }; /* what a sample costs is then still small beside what lies between two */

static void read_rate(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	int64_t rate;

	if (value->type != TREE_TEXT || !text_parse_int64(value->text, &rate) || rate < 1 || rate > MOST_RATE_HZ)
		config_expect(p, key, value);
	else
		*(int64_t *)field = rate;
}

static const char *const *unwinders(struct arena *a)
{
	static const char *const names[] = {[UNWIND_FRAMES] = "frames", [UNWIND_DWARF] = "dwarf", NULL};

	(void)a;
	return names;
}

static void read_unwind(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	size_t index;

	if (config_choice(p, key, value, &index))
		*(bool *)field = index == UNWIND_DWARF;
}

static const char *const *engines(struct arena *a)
{
	const char **names = NEW_ARRAY(a, const char *, sampler_count + 2);

	names[0] = "auto";
	for (size_t i = 0; i < sampler_count; i++)
		names[i + 1] = samplers[i]->name;
	return names;
}

static void read_engine(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	size_t index;

	if (config_choice(p, key, value, &index))
		*(const char **)field = index ? samplers[index - 1]->name : NULL;
}

/* clang-format off: one row a line */
static const struct config_key keys[] = {
	{.name = "rate",
	 .read = read_rate,
	 .offset = offsetof(struct suite_profiling, rate_hz),
	 .expected = "samples a second of CPU time, 1 to 4999",
	 .shape = CONFIG_COUNT,
	 .help = "Samples a second of CPU time; without it 999 where a run is stored and 4999 where a cause is looked "
		 "for."},
	{.name = "unwind",
	 .read = read_unwind,
	 .offset = offsetof(struct suite_profiling, dwarf),
	 .expected = "frames or dwarf",
	 .choices = unwinders,
	 .help = "How callers are found: by frame pointers (-fno-omit-frame-pointer); or, for code without, by frame "
		 "information and a copy of the stack, which works with perf alone."},
	{.name = "engine",
	 .read = read_engine,
	 .offset = offsetof(struct suite_profiling, engine),
	 .expected = "what takes the samples",
	 .choices = engines,
	 .help = "What takes the samples; auto is the first that works here."},
};
/* clang-format on */

const struct config_table config_profile_table = {
	.what = "`profile`", .keys = keys, .count = sizeof keys / sizeof keys[0]};

void config_read_profile(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	struct suite_profiling *out = field;

	if (value->type == TREE_TEXT && str_equal(value->text, "off"))
		out->off = true;
	else if (value->type != TREE_MAP)
		config_expect(p, key, value);
	else
		(void)config_read_map(p, &config_profile_table, value, out, NULL);
}
