/* The keys of a suite about what surrounds its program: environment, folders, steps, parameters. */
#include "flow/config_steps.h"

#include "base/text.h"

#include <string.h>

enum {
	MOST_JOBS = 1024,
	MOST_WARMUP = 1000,
	MOST_VALUES = 1000, /* of one parameter */
};

/* NAME: value, as the environment has it. */
void config_read_env(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	struct suite_settings *s = into;
	const char **env;
	size_t count = 0;

	if (value->type != TREE_MAP) {
		config_expect(p, key, value);
		return;
	}
	env = NEW_ARRAY(p->arena, const char *, value->item_count / 2 + 1);
	for (size_t i = 0; i + 1 < value->item_count; i += 2) {
		const char *name, *text;

		if (!config_word(p, key, value->items[i], &name) || !config_text(p, key, value->items[i + 1], &text))
			continue;
		if (strchr(name, '='))
			problem_add(p, value->items[i], "`env`: a name holds no `=`; expected %s", key->expected);
		else
			env[count++] = arena_printf(p->arena, "%s=%s", name, text);
	}
	s->env = env;
	s->env_count = count;
}

void config_read_text(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	(void)config_text(p, key, value, field);
}

/* A path inside the project: both sides have their own. */
void config_read_inside(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	const char *path;

	if (!config_word(p, key, value, &path))
		return;
	if (path[0] == '/' || text_equal(path, "..") || text_starts(path, "../") || strstr(path, "/../") ||
	    text_ends(path, "/.."))
		problem_add(p, value,
			    "`%s`: must lie below the folder of pawl.yml, so that each side has its own; expected %s",
			    key->name, key->expected);
	else
		*(const char **)field = path;
}

static void read_count(struct problems *p, const struct config_key *key, const struct tree_node *value, int64_t most,
		       int64_t *out)
{
	int64_t count;

	if (value->type != TREE_TEXT || !text_parse_int64(value->text, &count) || count < 0 || count > most)
		config_expect(p, key, value);
	else
		*out = count;
}

void config_read_jobs(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	read_count(p, key, value, MOST_JOBS, field);
}

void config_read_warmup(struct problems *p, const struct config_key *key, const struct tree_node *value, void *field)
{
	read_count(p, key, value, MOST_WARMUP, field);
}

static bool read_param(struct problems *p, const struct config_key *key, const struct tree_node *name,
		       const struct tree_node *values, struct suite_param *out)
{
	if (!config_word(p, key, name, &out->name) || !config_words(p, key, values, &out->values, &out->value_count))
		return false;
	if (strpbrk(out->name, "{}/:")) {
		problem_add(p, name, "`params`: a name holds none of { } / :; expected %s", key->expected);
		return false;
	}
	if (!out->value_count || out->value_count > MOST_VALUES) {
		problem_add(p, values, "`params`: expected 1 to %d values; expected %s", MOST_VALUES, key->expected);
		return false;
	}
	for (size_t i = 0; i < out->value_count; i++) {
		for (size_t j = 0; j < i; j++) {
			if (!text_equal(out->values[i], out->values[j]))
				continue;
			problem_add(p, values->items[i], "`params`: %s is given twice",
				    tree_describe(p->arena, values->items[i]));
			return false;
		}
	}
	return true;
}

void config_read_params(struct problems *p, const struct config_key *key, const struct tree_node *value, void *into)
{
	struct suite_settings *s = into;
	struct suite_param *params;
	size_t count = 0;

	if (value->type != TREE_MAP) {
		config_expect(p, key, value);
		return;
	}
	params = NEW_ARRAY(p->arena, struct suite_param, value->item_count / 2 + 1);
	for (size_t i = 0; i + 1 < value->item_count; i += 2)
		count += read_param(p, key, value->items[i], value->items[i + 1], &params[count]);
	s->params = params;
	s->param_count = count;
}
