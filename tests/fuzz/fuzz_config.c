/* Any bytes are a configuration or an error that says where: never a crash, never an endless read. */
#include "flow/config.h"

#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena *a = arena_open();
	struct config c;
	struct err err;

	if (config_parse(a, "pawl.yml", (struct str){.at = (const char *)data, .size = size}, &c, &err)) {
		const char **lines;
		size_t count;

		/* What was accepted is whole, and no different from itself. */
		for (size_t i = 0; i < c.suite_count; i++) {
			if (!c.suites[i].name || !c.suites[i].kind || c.suites[i].run_count == 0)
				abort();
		}
		config_rule_changes(a, &c, &c, &lines, &count);
		if (count)
			abort();
		for (size_t i = 0; i < c.rule_count && i < 10; i++)
			(void)rule_limits(c.rules, c.rule_count, "suite", "bench/8", "cpu_time", true);
	} else if (!text_starts(err.text, "pawl.yml:")) {
		abort();
	}
	arena_close(a);
	return 0;
}
