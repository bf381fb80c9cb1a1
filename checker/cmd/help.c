/* pawl help. */
#include "cmd/cmd.h"

#include "base/text.h"
#include "cmd/help_pages.h"

#include <stdio.h>
#include <string.h>

void help_print_all(void)
{
	struct arena *a = arena_open();

	printf("pawl catches performance regressions: it measures benchmarks, compares them with a baseline,\n"
	       "and fails when, and only when, something really became slower.\n\n"
	       "  pawl check --base main       compare the working tree with where it left main\n"
	       "  pawl check --save            compare with the stored baseline, and add this run to it\n"
	       "  pawl compare old.json new.json\n\n"
	       "Commands:\n");
	for (size_t i = 0; i < command_count; i++)
		printf("  %-12s %s\n", command_typed(a, commands[i]), commands[i]->summary);
	printf("\n'pawl help COMMAND' tells more.  'pawl --version' prints the version.\n"
	       "Exit status: 0 no regression, 1 regression, 2 wrong usage or input, 3 could not decide.\n");
	arena_close(a);
}

static void print_option(const struct option *o)
{
	char left[64];

	if (o->letter)
		snprintf(left, sizeof left, "-%c, --%s%s%s", o->letter, o->name, o->argument ? " " : "",
			 o->argument ? o->argument : "");
	else
		snprintf(left, sizeof left, "    --%s%s%s", o->name, o->argument ? " " : "",
			 o->argument ? o->argument : "");
	printf("  %-24s %s\n", left, o->help);
}

static void print_more(const struct command *c)
{
	struct arena *a = arena_open();
	struct buf out = {.arena = a};

	c->more(&out);
	printf("\n%s", buf_string(&out));
	arena_close(a);
}

void help_print_command(const struct command *c)
{
	struct arena *a = arena_open();

	printf("Examples:\n%s\nUsage: pawl %s%s%s%s\n\n%s.\n", c->examples, command_typed(a, c),
	       c->options->name ? " [options]" : "", *c->words ? " " : "", c->words, c->summary);
	if (c->options->name)
		printf("\nOptions:\n");
	for (const struct option *o = c->options; o->name; o++)
		print_option(o);
	if (c->more)
		print_more(c);
	if (*c->details)
		printf("%s%s", c->more ? "" : "\n", c->details);
	arena_close(a);
}

struct options {
	const char *man, *completion;
	bool schema;
};

/* What other programs read: one of them, alone. */
static enum status print_page(struct call *call, const struct options *o, struct err *err)
{
	struct buf out = {.arena = call->arena};

	if (call->word_count || (o->man != NULL) + (o->completion != NULL) + o->schema > 1) {
		err_set(err, "--man, --completion and --schema stand alone");
		return STATUS_USAGE;
	}
	if (o->man && !help_man(&out, o->man, err))
		return STATUS_USAGE;
	if (o->completion && !help_completion(&out, o->completion, err))
		return STATUS_USAGE;
	if (o->schema)
		help_schema(&out);
	fputs(buf_string(&out), stdout);
	return STATUS_OK;
}

static enum status help_run(struct call *call, struct err *err)
{
	const struct options *o = call->options;
	const struct command *c;

	if (o->man || o->completion || o->schema)
		return print_page(call, o, err);
	if (!call->word_count) {
		help_print_all();
		return STATUS_OK;
	}
	c = call->word_count > 1 ? command_find(arena_printf(call->arena, "%s-%s", call->words[0], call->words[1]))
				 : NULL;
	c = c ? c : command_find(call->words[0]);
	if (!c) {
		err_set(err, "there is no command '%s'; 'pawl help' lists them",
			text_inert_copy(call->arena, call->words[0]));
		return STATUS_USAGE;
	}
	help_print_command(c);
	return STATUS_OK;
}

#define AT(field) offsetof(struct options, field)

static const struct option help_options[] = {
	{"man", 0, OPTION_TEXT, "PAGE", AT(man), "print a manual page; list is the list of them"},
	{"completion", 0, OPTION_TEXT, "SHELL", AT(completion),
	 "print what completes pawl's words in bash, zsh or fish"},
	{"schema", 0, OPTION_FLAG, NULL, AT(schema), "print the JSON schema of pawl.yml, for editors"},
	{0},
};

const struct command command_help = {
	.name = "help",
	.summary = "What pawl can do, or what a command can",
	.words = "[COMMAND]",
	.examples = "  pawl help check\n"
		    "  pawl help --man pawl.yml >pawl.yml.5\n"
		    "  . <(pawl help --completion bash)\n",
	.details = "",
	.options = help_options,
	.options_size = sizeof(struct options),
	.max_words = 2,
	.run = help_run,
};
