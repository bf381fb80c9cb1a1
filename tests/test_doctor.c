/* What pawl doctor makes of pairs, and that it spins as told. */
#include "flow/doctor.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static int open_arena(void **state)
{
	*state = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	arena_close(*state);
	return 0;
}

/* Differences of alternating sign whose median absolute deviation is `size`. */
static struct doctor_pairs pairs_of(struct arena *a, double size)
{
	struct doctor_pairs p = {.count = 100, .slice_ns = 5000000};

	p.cpu = NEW_ARRAY(a, double, p.count);
	p.wall = NEW_ARRAY(a, double, p.count);
	for (size_t i = 0; i < p.count; i++) {
		p.cpu[i] = (i & 1 ? size : -size) * (1 + (double)i / 1e6);
		p.wall[i] = 2 * p.cpu[i];
	}
	return p;
}

static void more_noise_hides_larger_changes(void **state)
{
	struct doctor_pairs still = pairs_of(*state, 0.001), loud = pairs_of(*state, 0.1);
	struct doctor_noise a = doctor_judge(*state, &still), b = doctor_judge(*state, &loud);

	assert_true(a.visible_ratio > 0.01 && a.visible_ratio < 0.012);
	assert_true(b.visible_ratio > 0.06);
	assert_true(b.visible_among_50_ratio > b.visible_ratio);
	assert_true(b.wall_visible_ratio > b.visible_ratio);
	assert_true(a.p_two_sided > 0.5);
}

static void a_loud_machine_is_a_lack_and_a_still_one_is_not(void **state)
{
	struct doctor_pairs still = pairs_of(*state, 0.001), loud = pairs_of(*state, 0.3);
	struct doctor_noise a = doctor_judge(*state, &still), b = doctor_judge(*state, &loud);
	struct doctor_report good = {0}, bad = {0};

	doctor_add_noise(*state, &still, &a, &good);
	doctor_add_noise(*state, &loud, &b, &bad);
	assert_int_equal(doctor_worst(&good), DOCTOR_GOOD);
	assert_int_equal(doctor_worst(&bad), DOCTOR_LACK);
}

static void every_lack_has_a_line_that_mends_it(void **state)
{
	struct doctor_report r;

	doctor_rows(*state, &r);
	assert_true(r.count > 8);
	for (size_t i = 0; i < r.count; i++) {
		assert_true(*r.rows[i].name && *r.rows[i].found);
		if (r.rows[i].level >= DOCTOR_LACK && strncmp(r.rows[i].name, "instructions", 12) != 0)
			assert_true(*r.rows[i].mend);
	}
}

static void the_shortest_measurement_still_has_pairs(void **state)
{
	struct doctor_pairs p;
	struct err err;

	assert_true(doctor_measure(*state, 1, &p, &err));
	assert_true(p.count >= 12 && p.count % 2 == 0);
	for (size_t i = 0; i < p.count; i++)
		assert_true(isfinite(p.cpu[i]) && isfinite(p.wall[i]));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(more_noise_hides_larger_changes),
		cmocka_unit_test(a_loud_machine_is_a_lack_and_a_still_one_is_not),
		cmocka_unit_test(every_lack_has_a_line_that_mends_it),
		cmocka_unit_test(the_shortest_measurement_still_has_pairs),
	};

	return cmocka_run_group_tests_name("test_doctor", tests, open_arena, close_arena);
}
