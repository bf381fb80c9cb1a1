/* Any words behind `pawl profile` become a view, options that there are and words, or are refused; twice makes no difference. */
#include "cmd/profile.h"

#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_WORDS = 32 };

static void require(bool kept)
{
	if (!kept)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_open();
	char *words[MOST_WORDS], **argv = words, **again;
	char *rest = arena_copy(a, (const char *)data, size), *word;
	int argc = 0, count;
	struct err err;

	/* A word a line. */
	while (argc < MOST_WORDS && (word = strsep(&rest, "\n")))
		words[argc++] = word;
	if (profile_rewrite(a, &argc, &argv, &err) && !text_equal(argv[0], "--help")) {
		struct call call = {.arena = a, .options = arena_alloc(a, command_profile.options_size)};
		bool help = false;

		count = argc;
		again = argv;
		require(profile_rewrite(a, &count, &again, &err));
		require(count == argc);
		for (int i = 0; i < argc; i++)
			require(text_equal(argv[i], again[i]));
		require(command_parse(&call, &command_profile, argc, argv, &help, &err) && !help);
		require(view_find(call.words[0]) || profile_action_find(call.words[0]));
	}
	arena_close(a);
	return 0;
}
