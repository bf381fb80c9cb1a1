/*
 * Tests that need what is not everywhere: they say what is missing and are skipped.  Include after cmocka.h.
 *
 * leave_out(REASON): nothing can be done about it here: another processor, a system that refuses.
 * absent(REASON): a program that ci/packages names; a bare machine may lack it, continuous integration (CI=true) may not.
 *
 * tests/run.sh shows the reasons.
 */
#ifndef PAWL_TESTS_ABSENT_H
#define PAWL_TESTS_ABSENT_H

#include <stdlib.h>
#include <string.h>

#define leave_out(reason)                                                                                              \
	do {                                                                                                           \
		print_message("# left out: %s\n", reason);                                                             \
		skip();                                                                                                \
	} while (0)

#define absent(reason)                                                                                                 \
	do {                                                                                                           \
		if (absent_is_a_failure())                                                                             \
			fail_msg("%s", reason);                                                                        \
		leave_out(reason);                                                                                     \
	} while (0)

static inline int absent_is_a_failure(void)
{
	const char *ci = getenv("CI");

	return ci && strcmp(ci, "true") == 0;
}

#endif
