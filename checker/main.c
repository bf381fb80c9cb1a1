/* pawl catches performance regressions: finds the command, prints its error, sets the exit status.
 *
 * Source map: cmd/ commands - flow/ config, measure, schedule, judge - report/ - suite/ input/ store/ plug-ins - stats/
 * git/ - model/ - base/.  ARCHITECTURE.md tells the rest. */
#include "base/proc.h"
#include "base/text.h"
#include "cmd/cmd.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static volatile sig_atomic_t interrupts;

/* The first one ends the running benchmark, and the command writes what it has; the second ends pawl. */
static void on_interrupt(int signal_number)
{
	(void)signal_number;
	if (interrupts++)
		_exit(STATUS_INTERRUPTED);
	proc_interrupt();
}

static void on_exhausted(void)
{
	static const char text[] = "pawl: out of memory\n";

	proc_interrupt();
	if (write(STDERR_FILENO, text, sizeof text - 1) < 0)
		_exit(STATUS_UNDECIDED);
}

static void handle_signals(void)
{
	struct sigaction action = {.sa_handler = on_interrupt};

	sigaction(SIGINT, &action, NULL);
	sigaction(SIGTERM, &action, NULL);
	sigaction(SIGHUP, &action, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
}

/* Results that could not be written must not look like success. */
static enum status flush(enum status status)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return status;
	fprintf(stderr, "pawl: cannot write to standard output\n");
	return status == STATUS_OK ? STATUS_UNDECIDED : status;
}

static enum status run_command(struct arena *a, const struct command *c, int argc, char **argv)
{
	struct call call = {.arena = a, .options = arena_alloc(a, c->options_size)};
	struct err err = {0};
	bool help = false;
	enum status status;

	if (!command_parse(&call, c, argc, argv, &help, &err)) {
		fprintf(stderr, "pawl %s: %s\n", command_typed(a, c), text_inert_lines(a, err.text));
		return c->misused ? c->misused(argc, argv) : STATUS_USAGE;
	}
	if (help) {
		help_print_command(c);
		return STATUS_OK;
	}
	status = c->run(&call, &err);
	if (err.text[0])
		fprintf(stderr, "pawl: %s\n", text_inert_lines(a, err.text));
	/* What could not be read because of the interrupt is no wrong input. */
	return status == STATUS_USAGE && proc_interrupted() ? STATUS_INTERRUPTED : status;
}

static enum status unknown_command(struct arena *a, const char *word)
{
	const char **names = NEW_ARRAY(a, const char *, command_count);
	const char *nearest;

	for (size_t i = 0; i < command_count; i++)
		names[i] = commands[i]->name;
	nearest = text_nearest(word, names, command_count);
	fprintf(stderr, "pawl: there is no command '%s'", text_inert_copy(a, word));
	if (nearest)
		fprintf(stderr, "; did you mean '%s'?", nearest);
	fprintf(stderr, "\nSee 'pawl help'.\n");
	return STATUS_USAGE;
}

int main(int argc, char **argv)
{
	struct arena *a = arena_open();
	enum status status = STATUS_OK;
	const struct command *c;

	arena_on_exhausted(on_exhausted);
	handle_signals();
	if (argc < 2 || text_equal(argv[1], "--help") || text_equal(argv[1], "-h")) {
		help_print_all();
	} else if (text_equal(argv[1], "--version") || text_equal(argv[1], "-V")) {
		printf("pawl %s\n", PAWL_VERSION);
	} else {
		c = argc > 2 ? command_find(arena_printf(a, "%s-%s", argv[1], argv[2])) : NULL;
		if (c) {
			/* `pawl profile diff` is the command profile-diff. */
			argc--;
			argv++;
		} else {
			c = command_find(argv[1]);
		}
		status = c ? run_command(a, c, argc - 2, argv + 2) : unknown_command(a, argv[1]);
	}
	status = flush(status);
	arena_close(a);
	return (int)status;
}
