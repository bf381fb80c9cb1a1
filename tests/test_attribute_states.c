/* What became of the functions of two builds. */
#include "made_orders.h"

static void what_went_into_its_caller_moved(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[PARSE].head_ns = 0;
	p.functions[BENCH].head_ns += 280;
	p.functions[HASH].head_ns += 60;
	at = attribute_made(*state, &p, &steady);
	assert_state(&at, "parse", CHANGE_MOVED);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "hash");
}

static void what_went_from_one_callee_to_its_sibling_moved(void **state)
{
	struct made_program p = orders;
	struct attribution at;
	const struct attribution_row *row;

	p.functions[MIX].head_ns -= 80;
	p.functions[FORMAT].head_ns += 80;
	at = attribute_made(*state, &p, &steady);
	assert_state(&at, "mix", CHANGE_MOVED);
	assert_state(&at, "format", CHANGE_MOVED);
	row = row_of(&at, "format");
	assert_true(row->moved_under != ATTRIBUTION_NONE);
	assert_string_equal(at.rows[row->moved_under].name, "loop");
	assert_int_equal(at.cause_count, 0);
	assert_true(at.resolved);
}

static void a_renamed_function_moved(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[PARSE].head_ns = 0;
	p.functions[p.count++] = made_added("parse_order", "parse.c", BENCH, 0, 280);
	p.functions[FORMAT].head_ns += 60;
	at = attribute_made(*state, &p, &steady);
	assert_state(&at, "parse", CHANGE_MOVED);
	assert_state(&at, "parse_order", CHANGE_MOVED);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "format");
}

static void a_renamed_function_moved_beside_a_large_change_of_another(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[PARSE].head_ns = 0;
	p.functions[p.count++] = made_added("parse_order", "parse.c", BENCH, 0, 275);
	p.functions[HASH].head_ns += 200;
	at = attribute_made(*state, &p, &steady);
	assert_state(&at, "parse", CHANGE_MOVED);
	assert_state(&at, "parse_order", CHANGE_MOVED);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "hash");
}

static void a_split_function_moved_beside_a_large_change_of_another(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[PARSE].head_ns = 0;
	p.functions[p.count++] = made_added("parse_head", "parse.c", BENCH, 0, 160);
	p.functions[p.count++] = made_added("parse_tail", "parse.c", BENCH, 0, 120);
	p.functions[HASH].head_ns += 200;
	at = attribute_made(*state, &p, &steady);
	assert_state(&at, "parse", CHANGE_MOVED);
	assert_state(&at, "parse_head", CHANGE_MOVED);
	assert_state(&at, "parse_tail", CHANGE_MOVED);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "hash");
}

static void what_went_into_its_caller_moved_beside_a_large_change_of_another(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[PARSE].head_ns = 0;
	p.functions[BENCH].head_ns += 280;
	p.functions[HASH].head_ns += 200;
	at = attribute_made(*state, &p, &steady);
	assert_state(&at, "parse", CHANGE_MOVED);
	assert_state(&at, "BM_orders", CHANGE_MOVED);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "hash");
	/* And the other way round. */
	p.functions[PARSE].base_ns = 0;
	p.functions[PARSE].head_ns = 280;
	p.functions[BENCH].base_ns = 300;
	p.functions[BENCH].head_ns = 20;
	at = attribute_made(*state, &p, &steady);
	assert_state(&at, "parse", CHANGE_MOVED);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "hash");
}

static void a_renamed_function_that_became_dearer_is_named_for_what_is_left(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[PARSE].head_ns = 0;
	p.functions[p.count++] = made_added("parse_order", "parse.c", BENCH, 0, 340);
	at = attribute_made(*state, &p, &steady);
	assert_state(&at, "parse_order", CHANGE_MOVED);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "parse_order");
	assert_near(at.causes[0].change, 60, 1);
	assert_true(at.causes[0].low > 40 && at.causes[0].high < 80);
	assert_near(at.causes[0].part, 1, 0.05);
	assert_true(at.resolved);
}

static void a_new_function_beside_one_that_became_cheaper_by_less_is_new(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[PARSE].head_ns -= 100;
	p.functions[p.count++] = made_added("validate", "parse.c", LOOP, 0, 300);
	at = attribute_made(*state, &p, &steady);
	assert_state(&at, "validate", CHANGE_NEW);
	assert_state(&at, "parse", CHANGE_FASTER);
	assert_string_equal(cause_of(&at, 0), "validate");
}

static void no_longer_being_inlined_changes_nothing(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[HASH].uninlined_head = true;
	p.functions[PARSE].head_ns += 50;
	at = attribute_made(*state, &p, &steady);
	assert_state(&at, "hash", CHANGE_SAME);
	assert_state(&at, "mix", CHANGE_SAME);
	assert_string_equal(cause_of(&at, 0), "parse");
}

static void a_new_function_and_one_that_is_gone_are_told(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[p.count++] = made_added("validate", "parse.c", PARSE, 0, 70);
	at = attribute_made(*state, &p, &steady);
	assert_state(&at, "validate", CHANGE_NEW);
	assert_string_equal(cause_of(&at, 0), "validate");
	p.functions[p.count - 1].head_ns = 0;
	p.functions[PARSE].head_ns = 0;
	at = attribute_made(*state, &p, &steady);
	assert_state(&at, "parse", CHANGE_GONE);
	assert_string_equal(cause_of(&at, 0), "parse");
}

static void the_kernel_is_outside_the_program(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[p.count++] = made_added("copy_from_user", "", PARSE, 50, 120);
	p.functions[p.count - 1].kernel = true;
	at = attribute_made(*state, &p, &steady);
	assert_state(&at, "copy_from_user", CHANGE_OUTSIDE);
	assert_string_equal(cause_of(&at, 0), "copy_from_user");
}

static void other_time_of_the_same_code_is_layout_unless_a_caller_changed(void **state)
{
	static const char *const same[] = {"mix", "loop", "BM_orders"};
	struct made_program p = orders;
	struct attribute_request request = {.same_code = same, .same_code_count = 3};
	struct attribution at;

	p.functions[MIX].head_ns += 50;
	made_check(*state, &p, &steady, &request);
	attribute(*state, &request, &at);
	assert_state(&at, "mix", CHANGE_LAYOUT);
	request.same_code_count = 1;
	attribute(*state, &request, &at);
	assert_state(&at, "mix", CHANGE_SLOWER);
	request.as_often = true;
	attribute(*state, &request, &at);
	assert_state(&at, "mix", CHANGE_LAYOUT);
}

static void clones_of_a_function_are_that_function(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[MIX].name = "mix.constprop.0";
	p.functions[MIX].head_ns = 0;
	p.functions[p.count++] = made_added("mix.isra.0.cold", "mix.c", LOOP, 0, 100);
	p.functions[p.count++] = made_added("mix [clone .part.3]", "mix.c", LOOP, 0, 150);
	at = attribute_made(*state, &p, &steady);
	assert_int_equal(at.cause_count, 0);
	assert_state(&at, "mix", CHANGE_SAME);
	assert_near(row_of(&at, "mix")->own.head, 250, 1);
}

static void functions_of_one_name_in_two_files_are_two(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[PARSE].name = "step";
	p.functions[FORMAT].name = "step";
	p.functions[PARSE].head_ns += 60;
	at = attribute_made(*state, &p, &steady);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(at.rows[at.causes[0].row].file, "parse.c");
	assert_near(at.causes[0].change, 60, 1);
}

static void functions_of_one_name_in_files_of_one_name_are_two(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[PARSE].name = p.functions[FORMAT].name = "step";
	p.functions[PARSE].file = "parse/util.c";
	p.functions[FORMAT].file = "format/util.c";
	p.functions[PARSE].head_ns += 60;
	at = attribute_made(*state, &p, &steady);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(at.rows[at.causes[0].row].file, "parse/util.c");
	assert_near(at.causes[0].change, 60, 1);
}

static void trees_that_lie_elsewhere_have_the_same_functions(void **state)
{
	struct made_program p = orders, elsewhere = orders;
	struct attribute_request request = {0}, other = {0};
	struct attribution at;

	p.functions[PARSE].file = "/home/user/orders/parse.c";
	elsewhere.functions[PARSE].file = "/cache/4f2a91c/parse.c";
	elsewhere.functions[FORMAT].head_ns += 60;
	made_check(*state, &p, &steady, &request);
	made_check(*state, &elsewhere, &steady, &other);
	request.head = other.head;
	attribute(*state, &request, &at);
	assert_int_equal(at.cause_count, 1);
	assert_string_equal(cause_of(&at, 0), "format");
	assert_near(row_of(&at, "parse")->own.base, 280, 1);
	assert_near(row_of(&at, "parse")->own.head, 280, 1);
}

static void a_function_whose_file_was_renamed_is_the_same(void **state)
{
	struct made_program p = orders, moved = orders;
	struct attribute_request request = {0}, other = {0};
	struct attribution at;

	moved.functions[PARSE].file = "parser.c";
	made_check(*state, &p, &steady, &request);
	made_check(*state, &moved, &steady, &other);
	request.head = other.head;
	attribute(*state, &request, &at);
	assert_int_equal(at.cause_count, 0);
	assert_near(row_of(&at, "parse")->own.base, 280, 1);
	assert_near(row_of(&at, "parse")->own.head, 280, 1);
	assert_string_equal(row_of(&at, "parse")->file, "parser.c");
}

static void recursion_counts_once(void **state)
{
	struct made_program p = orders;
	struct attribution at;

	p.functions[FORMAT].name = "loop";
	p.functions[FORMAT].file = "loop.c";
	at = attribute_made(*state, &p, &steady);
	assert_near(row_of(&at, "loop")->total.base, 700, 1);
	assert_near(row_of(&at, "loop")->own.base, 240, 1);
}

static void one_cause_of_several_rows_is_one_finding(void **state)
{
	struct made_program p = orders, q = orders;
	struct attribution mix, both, parse, none = {0};
	struct attribute_finding findings[5] = {
		{"s", "a", &mix}, {"s", "b", &both}, {"s", "c", &parse}, {"s", "d", &none}, {0}};
	const struct attribute_cause *causes;
	size_t count;

	p.functions[MIX].head_ns += 50;
	mix = attribute_made(*state, &p, &steady);
	p.functions[PARSE].head_ns += 45;
	both = attribute_made(*state, &p, &steady);
	q.functions[PARSE].head_ns += 45;
	parse = attribute_made(*state, &q, &steady);
	causes = attribute_group(*state, findings, 5, &count);
	assert_int_equal(count, 2);
	assert_string_equal(causes[0].name, "mix");
	assert_int_equal(causes[0].finding_count, 2);
	assert_int_equal(causes[0].findings[1], 1);
	assert_string_equal(causes[1].name, "parse");
	assert_int_equal(causes[1].finding_count, 1);
	assert_int_equal(causes[1].findings[0], 2);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		ORDERS_TEST(what_went_into_its_caller_moved),
		ORDERS_TEST(what_went_from_one_callee_to_its_sibling_moved),
		ORDERS_TEST(a_renamed_function_moved),
		ORDERS_TEST(a_renamed_function_moved_beside_a_large_change_of_another),
		ORDERS_TEST(a_split_function_moved_beside_a_large_change_of_another),
		ORDERS_TEST(what_went_into_its_caller_moved_beside_a_large_change_of_another),
		ORDERS_TEST(a_renamed_function_that_became_dearer_is_named_for_what_is_left),
		ORDERS_TEST(a_new_function_beside_one_that_became_cheaper_by_less_is_new),
		ORDERS_TEST(no_longer_being_inlined_changes_nothing),
		ORDERS_TEST(a_new_function_and_one_that_is_gone_are_told),
		ORDERS_TEST(the_kernel_is_outside_the_program),
		ORDERS_TEST(other_time_of_the_same_code_is_layout_unless_a_caller_changed),
		ORDERS_TEST(clones_of_a_function_are_that_function),
		ORDERS_TEST(functions_of_one_name_in_two_files_are_two),
		ORDERS_TEST(functions_of_one_name_in_files_of_one_name_are_two),
		ORDERS_TEST(trees_that_lie_elsewhere_have_the_same_functions),
		ORDERS_TEST(a_function_whose_file_was_renamed_is_the_same),
		ORDERS_TEST(recursion_counts_once),
		ORDERS_TEST(one_cause_of_several_rows_is_one_finding),
	};

	return cmocka_run_group_tests_name("test_attribute_states", tests, NULL, NULL);
}
