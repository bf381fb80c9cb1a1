/*
 * A folder store in a scratch folder, for the tests of stores.
 */
#ifndef PAWL_TESTS_STORE_FIXTURE_H
#define PAWL_TESTS_STORE_FIXTURE_H

#include "base/file.h"
#include "base/text.h"
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
	struct arena *a;
	const char *scratch; /* is there */
	const char *place;   /* is not there yet */
	struct err err;
};

static inline int open_fixture(void **state)
{
	struct arena *a = arena_open();
	struct fixture *f = NEW(a, struct fixture);

	f->a = a;
	if (!dir_make_scratch(a, &f->scratch, &f->err))
		return -1;
	f->place = path_join(a, f->scratch, "baselines");
	*state = f;
	return 0;
}

static inline int close_fixture(void **state)
{
	struct fixture *f = *state;

	dir_remove(f->scratch);
	arena_close(f->a);
	return 0;
}

static inline bool save_started(struct fixture *f, const char *baseline, const char *machine_class, uint64_t seed,
				const char *started, const char *check_id, const char **id)
{
	static const char *const slower[] = {"orders/BM_a:cpu_time"};
	struct run r = {.seed = seed,
			.host.machine_class = machine_class,
			.branch = "main",
			.revision = "abc",
			.started = started,
			.check_id = check_id};
	bool ok;

	run_add(f->a, &r, "orders", "BM_a");
	ok = store_dir.save(f->a, f->place, baseline, &r, slower, seed == 1 ? 1 : 0, &f->err);
	if (id)
		*id = r.id;
	return ok;
}

static inline bool save(struct fixture *f, const char *baseline, const char *machine_class, uint64_t seed,
			const char **id)
{
	return save_started(f, baseline, machine_class, seed, NULL, NULL, id);
}

static inline size_t count_entries(struct fixture *f, const char *baseline, const char *machine_class)
{
	struct store_entry *entries;
	size_t count;

	if (!store_dir.list(f->a, f->place, baseline, machine_class, &entries, &count, &f->err))
		fail_msg("%s", f->err.text);
	return count;
}

static inline bool verify(struct fixture *f, const char *baseline, size_t *checked)
{
	return store_dir.verify(f->a, f->place, baseline, checked, &f->err);
}

static inline const char *inside(struct fixture *f, const char *path)
{
	return path_join(f->a, f->place, path);
}

static inline void put(struct fixture *f, const char *path, const char *text)
{
	assert_true(file_write(path, text, strlen(text), &f->err));
}

static inline bool error_has(struct fixture *f, const char *part)
{
	if (strstr(f->err.text, part))
		return true;
	print_error("no \"%s\" in: %s\n", part, f->err.text);
	return false;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)

#endif
