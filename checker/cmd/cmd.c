/* The table of commands, and the reading of their command lines. */
#include "cmd/cmd.h"

#include "base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define ROW(name) &command_##name,
const struct command *const commands[] = {COMMAND_LIST(ROW)};
#undef ROW

const size_t command_count = sizeof commands / sizeof commands[0];

const char *command_typed(struct arena *a, const struct command *c)
{
	char *typed = arena_copy(a, c->name, strlen(c->name)), *dash = strchr(typed, '-');

	if (dash)
		*dash = ' ';
	return typed;
}

const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < command_count; i++) {
		if (text_equal(commands[i]->name, name))
			return commands[i];
	}
	return NULL;
}

static const struct option *find_long(const struct command *c, struct str name)
{
	for (const struct option *o = c->options; o->name; o++) {
		if (str_equal(name, o->name))
			return o;
	}
	return NULL;
}

static const struct option *find_letter(const struct command *c, char letter)
{
	for (const struct option *o = c->options; o->name; o++) {
		if (o->letter && o->letter == letter)
			return o;
	}
	return NULL;
}

static bool unknown_option(struct arena *a, const struct command *c, const char *word, struct err *err)
{
	const char *names[64];
	const char *nearest;
	size_t count = 0;

	for (const struct option *o = c->options; o->name && count < 64; o++)
		names[count++] = o->name;
	nearest = text_nearest(word + strspn(word, "-"), names, count);
	if (nearest)
		return err_set(err, "there is no option '%s'; did you mean '--%s'?", text_inert_copy(a, word), nearest);
	return err_set(err, "there is no option '%s'; 'pawl help %s' lists them", text_inert_copy(a, word),
		       command_typed(a, c));
}

static bool set_option(struct call *call, const struct option *o, const char *value, struct err *err)
{
	char *at = (char *)call->options + o->offset;
	struct option_texts *texts;
	struct option_seed *seed;
	int64_t count;
	char *end;

	switch (o->type) {
	case OPTION_FLAG:
		*(bool *)at = true;
		return true;
	case OPTION_TEXT:
		*(const char **)at = value;
		return true;
	case OPTION_TEXTS:
		texts = (struct option_texts *)at;
		texts->items =
			arena_reserve(call->arena, texts->items, texts->count, &texts->capacity, sizeof *texts->items);
		texts->items[texts->count++] = value;
		return true;
	case OPTION_COUNT:
		if (!text_parse_int64(str_of(value), &count) || count < 1 || count > 1000000)
			return err_set(err, "--%s takes a number from 1 to 1000000, not '%s'", o->name, value);
		*(int64_t *)at = count;
		return true;
	case OPTION_SEED:
		seed = (struct option_seed *)at;
		errno = 0;
		seed->value = strtoull(value, &end, 0);
		seed->given = true;
		if (end == value || *end || errno || *value == '-')
			return err_set(err, "--%s takes a whole number, decimal or 0x…, not '%s'", o->name, value);
		return true;
	}
	return true;
}

static void add_word(struct call *call, const char *word)
{
	call->words =
		arena_reserve(call->arena, call->words, call->word_count, &call->word_capacity, sizeof *call->words);
	call->words[call->word_count++] = word;
}

/* One option at argv[*at]; moves over a value that stands in the next word. */
static bool parse_option(struct call *call, const struct command *c, int argc, char **argv, int *at, struct err *err)
{
	const char *word = argv[*at], *value = NULL;
	const struct option *o;

	if (word[1] == '-') {
		const char *equals = strchr(word, '=');
		size_t size = equals ? (size_t)(equals - word) - 2 : strlen(word) - 2;

		o = find_long(c, (struct str){.at = word + 2, .size = size});
		value = equals ? equals + 1 : NULL;
	} else {
		o = find_letter(c, word[1]);
		value = o && word[2] ? word + 2 : NULL;
	}
	if (!o)
		return unknown_option(call->arena, c, word, err);
	if (o->type == OPTION_FLAG && value)
		return err_set(err, "--%s takes no value", o->name);
	if (o->type != OPTION_FLAG && !value) {
		if (*at + 1 >= argc)
			return err_set(err, "--%s needs a value: --%s %s", o->name, o->name, o->argument);
		value = argv[++*at];
	}
	return set_option(call, o, value, err);
}

bool command_parse(struct call *call, const struct command *c, int argc, char **argv, bool *help, struct err *err)
{
	bool options_end = false;

	if (c->rewrite && !c->rewrite(call->arena, &argc, &argv, err))
		return false;
	for (int i = 0; i < argc; i++) {
		const char *word = argv[i];

		if (options_end || word[0] != '-' || text_equal(word, "-")) {
			add_word(call, word);
		} else if (text_equal(word, "--")) {
			options_end = call->has_divider = true;
			call->words_before = call->word_count;
		} else if (text_equal(word, "--help") || text_equal(word, "-h")) {
			*help = true;
			return true;
		} else if (!parse_option(call, c, argc, argv, &i, err)) {
			return false;
		}
	}
	if (call->word_count < c->min_words || call->word_count > c->max_words)
		return err_set(err, "usage: pawl %s%s%s%s", command_typed(call->arena, c),
			       c->options->name ? " [options]" : "", *c->words ? " " : "", c->words);
	return true;
}
