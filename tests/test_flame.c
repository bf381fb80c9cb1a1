/* Flame graphs: trees from profiles, what is gathered, and pictures that no name can break. */
#include "draw/flame.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

#include "made_profiles.h"

static struct arena *arena;

static int set_up(void **state)
{
	(void)state;
	arena = arena_open();
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_close(arena);
	return 0;
}

static void add(struct profile *p, const char *stack, int64_t cost)
{
	profile_add_sample(p, made_stack(p, stack), 0, (int64_t[]){1, cost});
}

static struct flame one_sided(const struct profile *p, struct flame_build_options options)
{
	const struct flame_input input = {.profile = p, .type = 1, .scale = 1};
	struct flame f;

	options.by_function = true;
	flame_build(arena, &input, 1, &options, &f);
	return f;
}

/* The frame on that way from the root, or NULL. */
static const struct flame_frame *find(const struct flame *f, const char *way)
{
	char *rest = arena_string(arena, way), *name;
	const struct flame_frame *at = f->root;

	while (at && (name = strsep(&rest, ";"))) {
		for (at = at->child; at && (at->gathered || !text_equal(at->name, name));)
			at = at->next;
	}
	return at;
}

static const struct flame_frame *gathered(const struct flame_frame *f)
{
	for (f = f->child; f && !f->gathered;)
		f = f->next;
	return f;
}

static void assert_cost(double cost, double expected)
{
	assert_true(fabs(cost - expected) < 1e-9 * (1 + fabs(expected)));
}

static const char *cost_text(struct arena *a, double cost, const void *state)
{
	(void)state;
	return arena_printf(a, "%g", cost);
}

static const struct flame_words words = {.cost = cost_text, .title = "t"};

static const char *svg_of(const struct flame *f)
{
	struct buf out = {.arena = arena};

	flame_write_svg(arena, f, &words, &out);
	return buf_string(&out);
}

static const char *block_of(const struct flame *f)
{
	struct buf out = {.arena = arena};

	flame_write_block(arena, f, &words, "id", &out);
	return buf_string(&out);
}

static size_t occurrences(const char *text, const char *of)
{
	size_t count = 0;

	while ((text = strstr(text, of))) {
		count++;
		text++;
	}
	return count;
}

static void a_frame_costs_what_its_stacks_cost(void **state)
{
	struct profile *p = made_profile(arena, 0x1000);
	struct flame f;

	(void)state;
	add(p, "main;a;b", 30);
	add(p, "main;a", 20);
	add(p, "main;c", 50);
	add(p, "main;a;b", 5);
	f = one_sided(p, (struct flame_build_options){0});
	assert_cost(f.root->head, 105);
	assert_cost(find(&f, "main;a")->head, 55);
	assert_cost(find(&f, "main;a")->own_head, 20);
	assert_cost(find(&f, "main;a;b")->head, 35);
	assert_cost(find(&f, "main;c")->width, 50);
	assert_false(f.two_sided);
	assert_int_equal(f.gathered_count, 0);
	assert_int_equal(f.frame_count, 5);
	assert_int_equal(f.level_count, 4);
	/* The widest child stands first. */
	assert_string_equal(f.root->child->child->name, "a");
}

static void what_is_too_narrow_is_gathered_and_counted(void **state)
{
	struct profile *p = made_profile(arena, 0x1000);
	struct flame f;

	(void)state;
	add(p, "main;wide", 1000);
	for (int i = 0; i < 20; i++)
		add(p, arena_printf(arena, "main;narrow%d;below", i), 1);
	f = one_sided(p, (struct flame_build_options){.least_ratio = 0.01});
	assert_int_equal(f.gathered_count, 20);
	assert_cost(f.gathered_head, 20);
	assert_cost(gathered(f.root->child)->head, 20);
	assert_non_null(strstr(svg_of(&f), "20 or more calls"));
	assert_non_null(strstr(block_of(&f), "20 or more calls"));
}

static double sum_of_widths(const struct flame_frame *f)
{
	double sum = f->own_head;

	for (const struct flame_frame *c = f->child; c; c = c->next) {
		assert_true(c->width >= c->head && c->head >= 0);
		sum += c->gathered ? c->head : sum_of_widths(c);
	}
	return sum;
}

static void a_limit_of_frames_keeps_the_widest_and_loses_no_cost(void **state)
{
	struct profile *p = made_profile(arena, 0x1000);
	double whole = 0;
	struct flame f;

	(void)state;
	for (int i = 0; i < 400; i++) {
		add(p, arena_printf(arena, "main;f%d;g%d;h%d", i % 7, i % 49, i), 100 + i);
		whole += 100 + i;
	}
	f = one_sided(p, (struct flame_build_options){.frame_limit = 30});
	assert_in_range(f.frame_count, 10, 30);
	assert_cost(sum_of_widths(f.root), whole);
	assert_non_null(find(&f, "main;f1"));
	assert_true(f.gathered_count >= 400);
}

static void both_sides_stand_in_one_tree_and_what_vanished_stays(void **state)
{
	struct profile *base = made_profile(arena, 0x1000), *head = made_profile(arena, 0x7000);
	const struct flame_frame *gone;
	struct flame f;
	const char *svg;

	(void)state;
	add(base, "main;kept", 100);
	add(base, "main;gone;below", 40);
	add(head, "main;kept", 260);
	add(head, "main;new", 20);
	/* The head did twice as many operations. */
	flame_from_profiles(arena, base, head, 1, 1, 1, 0.5, NULL, &f);
	assert_true(f.two_sided);
	assert_cost(f.root->base, 140);
	assert_cost(f.root->head, 140);
	assert_cost(find(&f, "main;kept")->base, 100);
	assert_cost(find(&f, "main;kept")->head, 130);
	gone = find(&f, "main;gone");
	assert_cost(gone->base, 40);
	assert_cost(gone->head, 0);
	assert_cost(gone->width, 40);
	assert_cost(find(&f, "main;new")->base, 0);
	/* There is room for what both sides have. */
	assert_cost(find(&f, "main")->width, 180);
	svg = svg_of(&f);
	assert_non_null(strstr(svg, "base 100, head 130: +30, +30.0 %"));
	assert_non_null(strstr(svg, "\u221240, gone"));
	assert_non_null(strstr(svg, "+10, new"));
	assert_int_equal(occurrences(svg, " v\" x="), 2);
}

static void a_scope_leaves_out_what_is_not_below_it(void **state)
{
	struct profile *base = made_profile(arena, 0x1000), *head = made_profile(arena, 0x1000);
	struct flame f;

	(void)state;
	add(base, "main;setup;work", 70);
	add(base, "main;bench;work", 10);
	add(head, "main;bench;work;deep", 30);
	flame_from_profiles(arena, base, head, 1, 1, 1, 1, "bench", &f);
	assert_cost(f.root->base, 10);
	assert_cost(f.root->head, 30);
	assert_null(find(&f, "main"));
	assert_cost(find(&f, "bench;work;deep")->head, 30);
	flame_from_profiles(arena, base, head, 1, 1, 1, 1, "not there", &f);
	assert_cost(f.root->base + f.root->head, 0);
	assert_non_null(strstr(block_of(&f), "There are no samples to draw."));
}

static void negative_values_are_what_became_less(void **state)
{
	struct profile *p = made_profile(arena, 0x1000);
	struct flame f;

	(void)state;
	add(p, "main;more", 50);
	add(p, "main;less", -30);
	f = one_sided(p, (struct flame_build_options){0});
	assert_true(f.two_sided);
	assert_cost(find(&f, "main;less")->base, 30);
	assert_cost(find(&f, "main;less")->head, 0);
	assert_cost(f.root->child->head, 50);
}

static void inlined_calls_are_marked(void **state)
{
	struct profile *p = made_profile(arena, 0x1000);
	struct profile_line lines[2];
	uint32_t inner = made_location(p, "inner"), outer = made_location(p, "outer");
	uint32_t location;
	struct flame f;

	(void)state;
	lines[0] = p->lines[p->locations[inner].first_line];
	lines[1] = p->lines[p->locations[outer].first_line];
	location = profile_intern_location(p, &(struct profile_location){.address = 0x1234}, lines, 2);
	profile_add_sample(p, profile_stack(p, &location, 1), 0, (int64_t[]){1, 10});
	f = one_sided(p, (struct flame_build_options){0});
	assert_false(find(&f, "outer")->inlined);
	assert_true(find(&f, "outer;inner")->inlined);
	assert_non_null(strstr(svg_of(&f), "<title>inner (inlined)\n"));
}

static void nothing_is_a_picture_too(void **state)
{
	struct profile *p = made_profile(arena, 0x1000);
	struct flame f = one_sided(p, (struct flame_build_options){0});

	(void)state;
	assert_int_equal(f.frame_count, 1);
	assert_non_null(strstr(svg_of(&f), "There are no samples to draw."));
	assert_null(strstr(svg_of(&f), "nan"));
	add(p, "", 5);
	f = one_sided(p, (struct flame_build_options){0});
	assert_cost(f.root->own_head, 5);
	assert_non_null(strstr(block_of(&f), "5 in all"));
}

static void ten_thousand_calls_deep_is_cut_and_said(void **state)
{
	struct profile *p = made_profile(arena, 0x1000);
	uint32_t *frames = NEW_ARRAY(arena, uint32_t, 10000);
	struct flame f;

	(void)state;
	for (size_t i = 0; i < 10000; i++)
		frames[i] = made_location(p, arena_printf(arena, "f%zu", i));
	profile_add_sample(p, profile_stack(p, frames, 10000), 0, (int64_t[]){1, 10});
	f = one_sided(p, (struct flame_build_options){0});
	assert_int_equal(f.level_count, 500);
	assert_int_equal(f.gathered_count, 1);
	assert_non_null(strstr(block_of(&f), "too deep"));
}

static void of_equal_frames_those_near_the_root_stay(void **state)
{
	struct profile *p = made_profile(arena, 0x1000);
	struct buf way = {.arena = arena};
	struct flame f;

	(void)state;
	for (int i = 0; i < 20; i++)
		buf_printf(&way, "%sf%d", i ? ";" : "", i);
	add(p, buf_string(&way), 10);
	f = one_sided(p, (struct flame_build_options){.frame_limit = 8});
	assert_int_equal(f.frame_count, 8);
	assert_non_null(find(&f, "f0;f1;f2;f3;f4;f5;f6"));
	assert_int_equal(f.gathered_count, 13);
}

static const char *trimmed(struct arena *a, const char *name)
{
	return arena_copy(a, name, strcspn(name, "."));
}

static void cleaned_names_are_equal(void **state)
{
	struct profile *p = made_profile(arena, 0x1000);
	struct flame f;

	(void)state;
	add(p, "main;work.constprop.0", 10);
	add(p, "main;work.isra.1", 20);
	f = one_sided(p, (struct flame_build_options){.clean = trimmed});
	assert_cost(find(&f, "main;work")->head, 30);
}

static void no_name_is_markup(void **state)
{
	static const char *const names[] = {
		"<script>alert(1)</script>", "</title></svg><img src=x onerror=alert(1)>",
		"\" onload=\"alert(1)",      "]]>&lt;",
		"\033[2J\x01\x7f",           "bad\xff\xfe",
		"\xe2\x80\xaetxt.exe",       "</style><style>*{}",
	};
	struct profile *p = made_profile(arena, 0x1000);
	char *huge = arena_alloc(arena, (1 << 20) + 1);
	const char *texts[2];
	struct flame f;

	(void)state;
	memset(huge, 'x', 1 << 20);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		add(p, names[i], 10 + (int64_t)i);
	add(p, huge, 10);
	f = one_sided(p, (struct flame_build_options){0});
	texts[0] = svg_of(&f);
	texts[1] = block_of(&f);
	for (size_t i = 0; i < 2; i++) {
		assert_true(strlen(texts[i]) < 100000);
		assert_int_equal(occurrences(texts[i], "<script"), 0);
		assert_int_equal(occurrences(texts[i], "<img"), 0);
		assert_int_equal(occurrences(texts[i], "\" onload="), 0);
		assert_int_equal(occurrences(texts[i], "<svg"), occurrences(texts[i], "</svg>"));
		assert_int_equal(occurrences(texts[i], "<style"), i == 0);
		assert_null(strstr(texts[i], "\xff"));
		assert_null(strstr(texts[i], "\xe2\x80\xae"));
		for (const char *c = texts[i]; *c; c++)
			assert_true((unsigned char)*c >= ' ' || *c == '\n' || *c == '\t');
	}
}

static void the_same_profile_gives_the_same_bytes(void **state)
{
	const char *first = NULL;

	(void)state;
	for (int pass = 0; pass < 2; pass++) {
		struct profile *p = made_profile(arena, 0x1000);
		struct flame f;

		/* Equal costs in another order. */
		for (int i = 0; i < 50; i++)
			add(p, arena_printf(arena, "main;f%d", pass ? 49 - i : i), 10);
		f = one_sided(p, (struct flame_build_options){.frame_limit = 100});
		if (pass)
			assert_string_equal(svg_of(&f), first);
		first = svg_of(&f);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_frame_costs_what_its_stacks_cost),
		cmocka_unit_test(what_is_too_narrow_is_gathered_and_counted),
		cmocka_unit_test(a_limit_of_frames_keeps_the_widest_and_loses_no_cost),
		cmocka_unit_test(both_sides_stand_in_one_tree_and_what_vanished_stays),
		cmocka_unit_test(a_scope_leaves_out_what_is_not_below_it),
		cmocka_unit_test(negative_values_are_what_became_less),
		cmocka_unit_test(inlined_calls_are_marked),
		cmocka_unit_test(nothing_is_a_picture_too),
		cmocka_unit_test(ten_thousand_calls_deep_is_cut_and_said),
		cmocka_unit_test(of_equal_frames_those_near_the_root_stay),
		cmocka_unit_test(cleaned_names_are_equal),
		cmocka_unit_test(no_name_is_markup),
		cmocka_unit_test(the_same_profile_gives_the_same_bytes),
	};

	return cmocka_run_group_tests_name("test_flame", tests, set_up, tear_down);
}
