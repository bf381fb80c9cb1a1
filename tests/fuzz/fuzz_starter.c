/* Fuzz target: build files of a project, as every source of pawl init reads them, and what it then writes. */
#include "flow/config.h"
#include "flow/starter.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const paths[] = {"CMakeLists.txt", "Makefile",   "go.mod",
					    "a_test.go",      "Cargo.toml", "benches/a.rs"};
	struct arena *a = arena_open();

	for (size_t i = 0; i < starter_source_count; i++) {
		struct starter_file files[sizeof paths / sizeof paths[0]];
		struct buf b = {.arena = a};
		struct starter s = {0};
		struct config config;
		size_t count = 0;
		struct err err;

		for (size_t k = 0; k < sizeof paths / sizeof paths[0]; k++) {
			if (starter_sources[i]->wants(paths[k]))
				files[count++] = (struct starter_file){
					.path = paths[k],
					.text = {.at = arena_copy(a, (const char *)data, size), .size = size}};
		}
		starter_sources[i]->read(a, files, count, &s);
		starter_write_config(&b, &s, false);
		/* What was written is a configuration. */
		if (s.suite_count && !config_parse(a, "pawl.yml", str_of(buf_string(&b)), &config, &err))
			abort();
		if (!starter_write_workflow(&b, &s, "", NULL, &err))
			abort();
	}
	arena_close(a);
	return 0;
}
