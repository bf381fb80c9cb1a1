/*
 * Completion of pawl's words in bash, zsh and fish, from the rows of commands and options.
 *
 * What the scripts offer from outside (branches, files) is data: it is never evaluated, and what is put on the command line
 * is quoted.
 */
#include "cmd/help_pages.h"

#include "cmd/cmd.h"
#include "model/rule.h"
#include "profile/profile.h"
#include "report/report.h"

#include <ctype.h>
#include <string.h>

enum source { FROM_NOTHING, FROM_WORDS, FROM_FILES, FROM_FOLDERS, FROM_REVISIONS };

/* What completes an argument or a word. */
struct offer {
	enum source source;
	const char *words; /* parted by spaces */
};

static const char *severities(struct arena *a)
{
	struct buf out = {.arena = a};

	for (int s = SEVERITY_LOW; s <= SEVERITY_CRITICAL; s++)
		buf_printf(&out, "%s%s", out.size ? " " : "", severity_name((enum severity)s));
	return buf_string(&out);
}

static const char *dialects(struct arena *a)
{
	struct buf out = {.arena = a};

	for (int d = 0; d < JUNIT_DIALECT_COUNT; d++)
		buf_printf(&out, "%s%s", d ? " " : "", junit_dialect_name((enum junit_dialect)d));
	return buf_string(&out);
}

static const char *reports(struct arena *a)
{
	struct buf out = {.arena = a};

	for (size_t i = 0; i < report_format_count; i++)
		buf_printf(&out, "%s%s", i ? " " : "", report_formats[i]->name);
	return buf_string(&out);
}

static const char *formats_of_trends(struct arena *a)
{
	struct buf out = {.arena = a};

	for (size_t i = 0; i < trend_format_count; i++)
		buf_printf(&out, "%s%s", i ? " " : "", trend_formats[i]->name);
	return buf_string(&out);
}

static const char *formats_of_profiles(struct arena *a)
{
	struct buf out = {.arena = a};

	for (size_t i = 0; i < profile_format_count; i++)
		buf_printf(&out, "%s%s", i ? " " : "", profile_formats[i]->name);
	return buf_string(&out);
}

static const char *command_names(struct arena *a)
{
	struct buf out = {.arena = a};

	for (size_t i = 0; i < command_count; i++)
		buf_printf(&out, "%s%s", i ? " " : "", commands[i]->name);
	return buf_string(&out);
}

static const char *pages(struct arena *a)
{
	struct buf out = {.arena = a};

	buf_text(&out, "list pawl pawl.yml pawl-csv");
	for (size_t i = 0; i < command_count; i++)
		buf_printf(&out, " pawl-%s", commands[i]->name);
	return buf_string(&out);
}

static const char *shell_names(struct arena *a);

/* An argument means the same wherever it stands. */
static const struct {
	const char *argument;
	enum source source;
	const char *(*words)(struct arena *a);
} arguments[] = {
	{"REV", FROM_REVISIONS, NULL},
	{"DIR", FROM_FOLDERS, NULL},
	{"FILE", FROM_FILES, NULL},
	{"BASE HEAD", FROM_FILES, NULL},
	{"SEV", FROM_WORDS, severities},
	{"DIALECT", FROM_WORDS, dialects},
	{"REPORT[,REPORT]", FROM_WORDS, reports},
	{"FORMAT", FROM_WORDS, formats_of_trends},
	{"FORM", FROM_WORDS, formats_of_profiles},
	{"PAGE", FROM_WORDS, pages},
	{"SHELL", FROM_WORDS, shell_names},
	{"[COMMAND]", FROM_WORDS, command_names},
};

static struct offer offer_of(struct arena *a, const char *argument)
{
	for (size_t i = 0; i < sizeof arguments / sizeof arguments[0]; i++) {
		if (text_equal(arguments[i].argument, argument))
			return (struct offer){arguments[i].source, arguments[i].words ? arguments[i].words(a) : ""};
	}
	return (struct offer){FROM_NOTHING, ""};
}

/* The first word is one of a few. */
static bool has_actions(const struct command *c)
{
	return c->actions || strchr(c->words, '|');
}

/* The actions in "list | show [ID] | import FILE": what stands behind the bars, in small letters. */
static struct offer offer_of_words(struct arena *a, const struct command *c)
{
	struct buf out = {.arena = a};

	if (!has_actions(c))
		return offer_of(a, c->words);
	if (c->actions)
		return (struct offer){FROM_WORDS, c->actions(a)};
	for (const char *at = c->words; *at;) {
		size_t size;

		at += strspn(at, " |");
		for (size = 0; islower((unsigned char)at[size]); size++)
			;
		if (size)
			buf_printf(&out, "%s%.*s", out.size ? " " : "", (int)size, at);
		at += strcspn(at, "|");
	}
	return (struct offer){FROM_WORDS, buf_string(&out)};
}

/* A text in single quotes of a shell; fish knows \' there, the others leave the quotes. */
static void quoted(struct buf *out, const char *text, bool fish)
{
	buf_char(out, '\'');
	for (; *text; text++) {
		if (*text == '\'')
			buf_text(out, fish ? "\\'" : "'\\''");
		else if (*text == '\\' && fish)
			buf_text(out, "\\\\");
		else
			buf_char(out, *text);
	}
	buf_char(out, '\'');
}

static void bash_offer(struct buf *out, struct offer offer)
{
	switch (offer.source) {
	case FROM_NOTHING:
		buf_text(out, ":");
		break;
	case FROM_WORDS:
		buf_printf(out, "_pawl_words %s", offer.words);
		break;
	case FROM_FILES:
		buf_text(out, "_pawl_paths -f");
		break;
	case FROM_FOLDERS:
		buf_text(out, "_pawl_paths -d");
		break;
	case FROM_REVISIONS:
		buf_text(out, "_pawl_revisions");
		break;
	}
}

static void write_bash(struct buf *out)
{
	buf_text(out,
		 "# Completion of pawl for bash; printed by: pawl help --completion bash\n"
		 "_pawl_words() {\n"
		 "\tlocal word\n"
		 "\tfor word; do [[ $word == \"$cur\"* ]] && COMPREPLY+=(\"$word\"); done\n"
		 "}\n"
		 "_pawl_paths() {\n"
		 "\tlocal path\n"
		 "\tcompopt -o filenames 2>/dev/null\n"
		 "\twhile IFS= read -r path; do COMPREPLY+=(\"$path\"); done < <(compgen \"$1\" -- \"$cur\")\n"
		 "}\n"
		 "# What a branch is called is no shell text: it is compared and quoted, never evaluated.\n"
		 "_pawl_revisions() {\n"
		 "\tlocal name\n"
		 "\twhile IFS= read -r name; do\n"
		 "\t\t[[ $name == \"$cur\"* ]] && COMPREPLY+=(\"$(printf '%q' \"$name\")\")\n"
		 "\tdone < <(git for-each-ref --format='%(refname:short)' refs/heads refs/remotes refs/tags "
		 "2>/dev/null)\n"
		 "}\n"
		 "_pawl() {\n"
		 "\tlocal cur=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]} command=${COMP_WORDS[1]}\n"
		 "\tCOMPREPLY=()\n"
		 "\t# --name=value is three words to bash.\n"
		 "\tif [[ $cur == = ]]; then\n\t\tcur=\n"
		 "\telif [[ $before == = ]]; then\n\t\tbefore=${COMP_WORDS[COMP_CWORD - 2]}\n\tfi\n"
		 "\tif ((COMP_CWORD == 1)); then\n");
	buf_printf(out, "\t\t_pawl_words %s --help --version\n\t\treturn\n\tfi\n", command_names(out->arena));
	buf_text(out, "\tcase \"$command $before\" in\n");
	for (size_t i = 0; i < command_count; i++) {
		for (const struct option *o = commands[i]->options; o->name; o++) {
			if (o->type == OPTION_FLAG)
				continue;
			buf_printf(out, "\t'%s --%s'", commands[i]->name, o->name);
			if (o->letter)
				buf_printf(out, " | '%s -%c'", commands[i]->name, o->letter);
			buf_text(out, ")\n\t\t");
			bash_offer(out, offer_of(out->arena, o->argument));
			buf_text(out, "\n\t\treturn\n\t\t;;\n");
		}
	}
	buf_text(out, "\tesac\n\tcase $command in\n");
	for (size_t i = 0; i < command_count; i++) {
		buf_printf(out, "\t%s)\n\t\tif [[ $cur == -* ]]; then\n\t\t\t_pawl_words", commands[i]->name);
		for (const struct option *o = commands[i]->options; o->name; o++)
			buf_printf(out, " --%s", o->name);
		buf_text(out, " --help\n\t\telse\n\t\t\t");
		bash_offer(out, offer_of_words(out->arena, commands[i]));
		/* What stands behind an action is mostly a file. */
		if (has_actions(commands[i]))
			buf_text(out, "\n\t\t\t((COMP_CWORD == 2)) || _pawl_paths -f");
		buf_text(out, "\n\t\tfi\n\t\t;;\n");
	}
	buf_text(out, "\tesac\n}\ncomplete -F _pawl pawl\n");
}

static void zsh_offer(struct buf *out, struct offer offer)
{
	static const char *const actions[] = {
		[FROM_NOTHING] = " ",
		[FROM_FILES] = "_files",
		[FROM_FOLDERS] = "_files -/",
		[FROM_REVISIONS] = "_pawl_revisions",
	};

	if (offer.source == FROM_WORDS)
		buf_printf(out, "(%s)", offer.words);
	else
		buf_text(out, actions[offer.source]);
}

/* A text inside a specification of _arguments: colons and brackets part it. */
static const char *zsh_text(struct arena *a, const char *text)
{
	struct buf out = {.arena = a};

	for (; *text; text++) {
		if (strchr(":[]\\", *text))
			buf_char(&out, '\\');
		buf_char(&out, *text);
	}
	return buf_string(&out);
}

static void zsh_option(struct buf *out, const struct option *o)
{
	struct buf spec = {.arena = out->arena};

	buf_printf(&spec, "%s[%s]", o->type == OPTION_FLAG ? "" : "=", zsh_text(out->arena, o->help));
	if (o->type != OPTION_FLAG) {
		buf_printf(&spec, ":%s:", zsh_text(out->arena, o->argument));
		zsh_offer(&spec, offer_of(out->arena, o->argument));
	}
	buf_printf(out, " \\\n\t\t\t%s--%s", o->type == OPTION_TEXTS ? "\\*" : "", o->name);
	quoted(out, buf_string(&spec), false);
	if (!o->letter)
		return;
	buf_printf(out, " \\\n\t\t\t%s-%c", o->type == OPTION_TEXTS ? "\\*" : "", o->letter);
	quoted(out, o->type == OPTION_FLAG ? buf_string(&spec) : arena_printf(out->arena, "+%s", buf_string(&spec) + 1),
	       false);
}

static void write_zsh(struct buf *out)
{
	buf_text(out,
		 "#compdef pawl\n# Completion of pawl for zsh; printed by: pawl help --completion zsh\n"
		 "_pawl_revisions() {\n"
		 "\tlocal -a names\n"
		 "\tnames=(${(f)\"$(git for-each-ref --format='%(refname:short)' refs/heads refs/remotes refs/tags "
		 "2>/dev/null)\"})\n"
		 "\tcompadd -a names\n"
		 "}\n"
		 "_pawl() {\n"
		 "\tlocal -a commands\n"
		 "\tcommands=(\n");
	for (size_t i = 0; i < command_count; i++) {
		buf_text(out, "\t\t");
		quoted(out, arena_printf(out->arena, "%s:%s", commands[i]->name, commands[i]->summary), false);
		buf_char(out, '\n');
	}
	buf_text(out, "\t)\n\tif ((CURRENT == 2)); then\n\t\t_describe command commands\n\t\treturn\n\tfi\n"
		      "\tlocal command=$words[2]\n\tshift words\n\t((CURRENT--))\n\tcase $command in\n");
	for (size_t i = 0; i < command_count; i++) {
		const struct command *c = commands[i];
		struct buf spec = {.arena = out->arena};

		buf_printf(out, "\t%s)\n\t\t_arguments -s \\\n\t\t\t'--help[print the help]'", c->name);
		for (const struct option *o = c->options; o->name; o++)
			zsh_option(out, o);
		if (has_actions(c)) {
			buf_text(&spec, "1:action:");
			zsh_offer(&spec, offer_of_words(out->arena, c));
			buf_text(out, " \\\n\t\t\t'*:file:_files'");
		} else if (*c->words) {
			buf_printf(&spec, "*:%s:", zsh_text(out->arena, c->words));
			zsh_offer(&spec, offer_of_words(out->arena, c));
		}
		if (spec.size) {
			buf_text(out, " \\\n\t\t\t");
			quoted(out, buf_string(&spec), false);
		}
		buf_text(out, "\n\t\t;;\n");
	}
	buf_text(out, "\tesac\n}\n"
		      "# Autoloaded it is the function's body, sourced it only defines it.\n"
		      "if [[ $funcstack[1] == _pawl ]]; then\n\t_pawl \"$@\"\nelse\n\tcompdef _pawl pawl\nfi\n");
}

static void fish_offer(struct buf *out, struct offer offer)
{
	switch (offer.source) {
	case FROM_NOTHING:
		buf_text(out, " -x");
		break;
	case FROM_WORDS:
		buf_text(out, " -x -a ");
		quoted(out, offer.words, true);
		break;
	case FROM_FILES:
		buf_text(out, " -r -F");
		break;
	case FROM_FOLDERS:
		buf_text(out, " -x -a '(__fish_complete_directories (commandline -ct))'");
		break;
	case FROM_REVISIONS:
		buf_text(out,
			 " -x -a '(git for-each-ref --format=\"%(refname:short)\" refs/heads refs/remotes refs/tags "
			 "2>/dev/null)'");
		break;
	}
}

static void write_fish(struct buf *out)
{
	buf_text(out, "# Completion of pawl for fish; printed by: pawl help --completion fish\ncomplete -c pawl -f\n");
	for (size_t i = 0; i < command_count; i++) {
		const struct command *c = commands[i];
		struct offer words = offer_of_words(out->arena, c);
		const char *condition = arena_printf(out->arena, "-n '__fish_seen_subcommand_from %s'", c->name);

		buf_printf(out, "complete -c pawl -n __fish_use_subcommand -a %s -d ", c->name);
		quoted(out, c->summary, true);
		buf_char(out, '\n');
		for (const struct option *o = c->options; o->name; o++) {
			buf_printf(out, "complete -c pawl %s -l %s", condition, o->name);
			if (o->letter)
				buf_printf(out, " -s %c", o->letter);
			if (o->type != OPTION_FLAG)
				fish_offer(out, offer_of(out->arena, o->argument));
			buf_text(out, " -d ");
			quoted(out, o->help, true);
			buf_char(out, '\n');
		}
		if (words.source == FROM_WORDS) {
			buf_printf(out, "complete -c pawl %s -a ", condition);
			quoted(out, words.words, true);
			buf_char(out, '\n');
		}
		if (words.source == FROM_FILES || has_actions(c))
			buf_printf(out, "complete -c pawl %s -F\n", condition);
	}
}

static const struct shell {
	const char *name;
	void (*write)(struct buf *out);
} shells[] = {{"bash", write_bash}, {"zsh", write_zsh}, {"fish", write_fish}};

static const char *shell_names(struct arena *a)
{
	struct buf out = {.arena = a};

	for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++)
		buf_printf(&out, "%s%s", i ? " " : "", shells[i].name);
	return buf_string(&out);
}

bool help_completion(struct buf *out, const char *shell, struct err *err)
{
	for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++) {
		if (text_equal(shells[i].name, shell)) {
			shells[i].write(out);
			return true;
		}
	}
	return err_set(err, "there is no completion for '%s'; expected one of: %s", text_inert_copy(out->arena, shell),
		       shell_names(out->arena));
}
