/* Flat, cum and edges of small profiles whose numbers can be counted by hand. */
#include "graph/graph.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

struct made {
	struct arena *arena;
	struct profile profile;
	struct source source;
};

static void make(struct made *m)
{
	m->arena = arena_open();
	profile_init(&m->profile, m->arena);
	profile_add_type(&m->profile, "count", "count");
	profile_add_type(&m->profile, "size", "bytes");
	m->source = (struct source){
		.profile = &m->profile, .type = 1, .mean_type = PROFILE_NONE, .unit = "bytes", .divide_by = 1};
}

static uint32_t function(struct made *m, const char *name, size_t size)
{
	struct profile_function f = {
		.name = profile_string(&m->profile, (struct str){name, size}),
	};

	return profile_intern_function(&m->profile, &f);
}

/* A stack as "main;parse;+lex": from the root, "+" for what is inlined into the one before. */
static void sample(struct made *m, const char *stack, int64_t count, int64_t size)
{
	const char *end = stack + strlen(stack);
	struct profile_line lines[16];
	uint32_t frames[16];
	size_t frame_count = 0, line_count = 0;
	const int64_t values[] = {count, size};

	while (end > stack) {
		const char *begin = end;
		bool inlined;

		while (begin > stack && begin[-1] != ';')
			begin--;
		inlined = *begin == '+';
		lines[line_count++] =
			(struct profile_line){function(m, begin + inlined, (size_t)(end - begin) - inlined), 0, 0};
		if (!inlined) {
			struct profile_location l = {.mapping = PROFILE_NONE};

			frames[frame_count++] = profile_intern_location(&m->profile, &l, lines, line_count);
			line_count = 0;
		}
		end = begin > stack ? begin - 1 : begin;
	}
	profile_add_sample(&m->profile, profile_stack(&m->profile, frames, frame_count),
			   profile_label_set(&m->profile, NULL, 0), values);
}

static struct graph build(struct made *m, const struct graph_options *options)
{
	struct graph g;

	graph_build(m->arena, &m->source, options, &g);
	return g;
}

static const struct graph_node *node(const struct graph *g, const char *name)
{
	for (size_t i = 0; i < g->node_count; i++) {
		if (text_equal(g->nodes[i]->name, name))
			return g->nodes[i];
	}
	return NULL;
}

static const struct graph_edge *edge(const struct graph *g, const char *from, const char *to)
{
	const struct graph_node *n = node(g, from);

	for (size_t i = 0; n && i < n->out_count; i++) {
		if (text_equal(n->out[i]->dest->name, to))
			return n->out[i];
	}
	return NULL;
}

static const struct graph_options all_edges = {.edges = GRAPH_EDGES_ALL};

static void what_a_function_calls_counts_to_its_cum(void **state)
{
	struct made m;
	struct graph g;

	(void)state;
	make(&m);
	sample(&m, "main;a", 1, 10);
	sample(&m, "main;a;b", 1, 5);
	sample(&m, "main", 1, 1);
	g = build(&m, &all_edges);
	assert_int_equal(g.node_count, 3);
	assert_int_equal(node(&g, "main")->cum, 16);
	assert_int_equal(node(&g, "main")->flat, 1);
	assert_int_equal(node(&g, "a")->cum, 15);
	assert_int_equal(node(&g, "a")->flat, 10);
	assert_int_equal(edge(&g, "main", "a")->weight, 15);
	assert_int_equal(edge(&g, "a", "b")->weight, 5);
	arena_close(m.arena);
}

static void recursion_counts_once(void **state)
{
	struct made m;
	struct graph g;

	(void)state;
	make(&m);
	sample(&m, "main;a;b;a;b;b", 1, 10);
	g = build(&m, &all_edges);
	assert_int_equal(node(&g, "a")->cum, 10);
	assert_int_equal(node(&g, "b")->cum, 10);
	assert_int_equal(edge(&g, "a", "b")->weight, 10);
	assert_int_equal(edge(&g, "b", "a")->weight, 10);
	assert_null(edge(&g, "b", "b"));
	arena_close(m.arena);
}

static void flat_belongs_to_the_innermost_inlined_function(void **state)
{
	struct made m;
	struct graph g;

	(void)state;
	make(&m);
	sample(&m, "main;a;+b", 1, 10);
	sample(&m, "main;b", 1, 4);
	g = build(&m, &all_edges);
	assert_int_equal(node(&g, "b")->flat, 14);
	assert_int_equal(node(&g, "a")->flat, 0);
	assert_true(edge(&g, "a", "b")->inlined);
	assert_false(edge(&g, "main", "b")->inlined);
	arena_close(m.arena);
}

static void edges_of_what_is_inlined_can_be_had_alone(void **state)
{
	const struct graph_options inlined = {.edges = GRAPH_EDGES_INLINED};
	struct made m;
	struct graph g;

	(void)state;
	make(&m);
	sample(&m, "main;a;+b", 1, 10);
	g = build(&m, &inlined);
	assert_int_equal(node(&g, "b")->in_count, 1);
	assert_int_equal(node(&g, "a")->in_count, 0);
	arena_close(m.arena);
}

static void what_cancels_leaves_no_node(void **state)
{
	struct made m;
	struct graph g;

	(void)state;
	make(&m);
	sample(&m, "main;a", 1, 10);
	sample(&m, "main;a", -1, -10);
	sample(&m, "main;b", 1, 7);
	g = build(&m, &all_edges);
	assert_null(node(&g, "a"));
	assert_int_equal(node(&g, "main")->cum, 7);
	arena_close(m.arena);
}

static void negative_nodes_can_be_dropped(void **state)
{
	struct made m;
	struct graph g;

	(void)state;
	make(&m);
	sample(&m, "main;a", 1, -10);
	sample(&m, "main;b", 1, 17);
	m.source.drop_negative = true;
	g = build(&m, &all_edges);
	assert_null(node(&g, "a"));
	assert_int_equal(node(&g, "main")->cum, 7);
	arena_close(m.arena);
}

static void a_mean_is_taken_of_the_sums(void **state)
{
	struct made m;
	struct graph g;

	(void)state;
	make(&m);
	sample(&m, "main;a", 3, 10);
	sample(&m, "main;a", 1, 30);
	m.source.mean_type = 0;
	g = build(&m, &all_edges);
	assert_int_equal(graph_flat(node(&g, "a")), 10);
	assert_int_equal(graph_cum(node(&g, "main")), 10);
	assert_int_equal(graph_weight(edge(&g, "main", "a")), 10);
	arena_close(m.arena);
}

/* 1 % of 200 is 2: `b` with 1 goes, and its caller is linked with what it calls. */
static void light_nodes_go_and_leave_residual_edges(void **state)
{
	const struct graph_options options = {.order = GRAPH_BY_CUM, .edges = GRAPH_EDGES_ALL, .node_fraction = 0.01};
	struct made m;
	struct graph g;

	(void)state;
	make(&m);
	sample(&m, "main;a", 1, 150);
	sample(&m, "main;c", 1, 49);
	sample(&m, "main;b;c", 1, 1);
	g = build(&m, &options);
	assert_int_equal(g.dropped_nodes, 1);
	assert_null(node(&g, "b"));
	assert_int_equal(node(&g, "c")->cum, 50);
	assert_int_equal(edge(&g, "main", "c")->weight, 50);
	assert_true(edge(&g, "main", "c")->residual);
	arena_close(m.arena);
}

static void a_residual_edge_goes_where_another_way_leads(void **state)
{
	struct graph_options options = {.edges = GRAPH_EDGES_ALL, .node_fraction = 0.02, .reduce = true};
	struct made m;
	struct graph g;

	(void)state;
	make(&m);
	sample(&m, "main;a;c", 1, 150);
	sample(&m, "main;b;c", 1, 1);
	sample(&m, "main;b;d", 1, 1);
	sample(&m, "main;d", 1, 48);
	g = build(&m, &options);
	assert_null(node(&g, "b"));
	assert_null(edge(&g, "main", "c"));
	assert_non_null(edge(&g, "a", "c"));
	/* No other way leads to d. */
	assert_non_null(edge(&g, "main", "d"));
	options.reduce = false;
	g = build(&m, &options);
	assert_true(edge(&g, "main", "c")->residual);
	arena_close(m.arena);
}

static void a_picture_shows_first_where_ways_part(void **state)
{
	const struct graph_options options = {.order = GRAPH_BY_ENTROPY, .edges = GRAPH_EDGES_ALL};
	struct made m;
	struct graph g;

	(void)state;
	make(&m);
	sample(&m, "main;pass;hub;x", 1, -40);
	sample(&m, "main;pass;hub;y", 1, -40);
	g = build(&m, &options);
	/* pass has one way in and one out: it tells nothing. */
	assert_string_equal(g.nodes[g.node_count - 1]->name, "pass");
	assert_true(g.nodes[0] == node(&g, "main") || g.nodes[0] == node(&g, "hub"));
	arena_close(m.arena);
}

static void a_leaf_that_is_left_out_gives_its_cost_to_nobody(void **state)
{
	const struct graph_options options = {.node_fraction = 0.1};
	struct made m;
	struct graph g;

	(void)state;
	make(&m);
	sample(&m, "main;a", 1, 90);
	sample(&m, "main;b", 1, 5);
	g = build(&m, &options);
	assert_int_equal(node(&g, "main")->flat, 0);
	assert_int_equal(node(&g, "main")->cum, 95);
	arena_close(m.arena);
}

static void only_the_first_nodes_are_shown_and_the_rest_is_counted(void **state)
{
	const struct graph_options options = {.node_count = 2, .edges = GRAPH_EDGES_ALL};
	struct made m;
	struct graph g;

	(void)state;
	make(&m);
	sample(&m, "main;a", 1, 3);
	sample(&m, "main;b", 1, 9);
	sample(&m, "main;c", 1, 9);
	g = build(&m, &options);
	assert_int_equal(g.node_count, 2);
	assert_int_equal(g.whole_count, 4);
	/* Equal costs stand by name. */
	assert_string_equal(g.nodes[0]->name, "b");
	assert_string_equal(g.nodes[1]->name, "c");
	assert_int_equal(g.nodes[0]->in_count, 0);
	arena_close(m.arena);
}

static void light_edges_are_left_out(void **state)
{
	const struct graph_options options = {.edges = GRAPH_EDGES_ALL, .edge_fraction = 0.1};
	struct made m;
	struct graph g;

	(void)state;
	make(&m);
	sample(&m, "main;a", 1, 95);
	sample(&m, "main;b", 1, 5);
	g = build(&m, &options);
	assert_int_equal(g.dropped_edges, 1);
	assert_null(edge(&g, "main", "b"));
	assert_non_null(node(&g, "b"));
	arena_close(m.arena);
}

static void sums_beyond_64_bits_break_nothing(void **state)
{
	struct made m;
	struct graph g;

	(void)state;
	make(&m);
	sample(&m, "main;a", INT64_MAX, INT64_MAX);
	sample(&m, "main;a;b", INT64_MIN, INT64_MIN);
	sample(&m, "main;a;c", INT64_MAX, INT64_MAX);
	m.source.mean_type = 0;
	g = build(&m, &(struct graph_options){.order = GRAPH_BY_ENTROPY,
					      .edges = GRAPH_EDGES_ALL,
					      .tags = true,
					      .reduce = true,
					      .unit = "minimum",
					      .node_count = 2,
					      .node_fraction = 0.5,
					      .edge_fraction = 0.5});
	assert_true(g.node_count <= 2);
	arena_close(m.arena);
}

static void a_profile_without_samples_is_an_empty_graph(void **state)
{
	struct made m;
	struct graph g;

	(void)state;
	make(&m);
	g = build(&m, &all_edges);
	assert_int_equal(g.node_count, 0);
	sample(&m, "", 1, 5);
	g = build(&m, &all_edges);
	assert_int_equal(g.node_count, 0);
	arena_close(m.arena);
}

static void names_of_files_lose_what_other_machines_have_before_them(void **state)
{
	static const struct {
		const char *path, *trim, *source, *found;
	} cases[] = {
		{"/home/ci/shop/src/a.c", NULL, NULL, "/home/ci/shop/src/a.c"},
		{"/home/ci/shop/src/a.c", "/home/ci/shop", NULL, "src/a.c"},
		{"/home/ci/shop/src/a.c", "/opt:/home/ci/", NULL, "shop/src/a.c"},
		{"/home/cinema/a.c", "/home/ci", NULL, "/home/cinema/a.c"},
		{"/home/ci/shop/src/a.c", NULL, "/home/me/shop", "src/a.c"},
		{"/home/ci/shop/src/a.c", NULL, "/home/me/shop/", "src/a.c"},
		{"/home/ci/shop/src/a.c", NULL, "/", "/home/ci/shop/src/a.c"},
		{"/proc/self/cwd/./a.c", NULL, NULL, "a.c"},
		{"/proc/self/cwd/a.c", NULL, NULL, "a.c"},
		{"", "/x", "/y", ""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
		assert_string_equal(graph_trim_path(cases[i].path, cases[i].trim, cases[i].source), cases[i].found);
}

/* What Go's filepath.Clean gives. */
static void names_of_files_are_cleaned(void **state)
{
	static const char *const cases[][2] = {
		{"/a//b/./c.c", "/a/b/c.c"},
		{"a/../b.c", "b.c"},
		{"../a/../../b.c", "../../b.c"},
		{"/../a.c", "/a.c"},
		{"./a.c", "a.c"},
		{"a/..", "."},
		{"/", "/"},
		{"a/b/../../../c", "../c"},
		{"/a/b/../../..", "/"},
		{"..a/b.", "..a/b."},
	};
	struct arena *a = arena_open();

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct profile p;
		struct profile_function f = {0};
		struct profile_location l = {.mapping = PROFILE_NONE};
		struct profile_line line = {0};
		struct graph_node n;

		profile_init(&p, a);
		f.file = profile_string_of(&p, cases[i][0]);
		line.function = profile_add_function(&p, &f);
		n = graph_frame(a, &p, &l, &line);
		assert_string_equal(n.file, cases[i][1]);
	}
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_a_function_calls_counts_to_its_cum),
		cmocka_unit_test(recursion_counts_once),
		cmocka_unit_test(flat_belongs_to_the_innermost_inlined_function),
		cmocka_unit_test(edges_of_what_is_inlined_can_be_had_alone),
		cmocka_unit_test(what_cancels_leaves_no_node),
		cmocka_unit_test(negative_nodes_can_be_dropped),
		cmocka_unit_test(a_mean_is_taken_of_the_sums),
		cmocka_unit_test(light_nodes_go_and_leave_residual_edges),
		cmocka_unit_test(a_residual_edge_goes_where_another_way_leads),
		cmocka_unit_test(a_picture_shows_first_where_ways_part),
		cmocka_unit_test(a_leaf_that_is_left_out_gives_its_cost_to_nobody),
		cmocka_unit_test(only_the_first_nodes_are_shown_and_the_rest_is_counted),
		cmocka_unit_test(light_edges_are_left_out),
		cmocka_unit_test(sums_beyond_64_bits_break_nothing),
		cmocka_unit_test(a_profile_without_samples_is_an_empty_graph),
		cmocka_unit_test(names_of_files_lose_what_other_machines_have_before_them),
		cmocka_unit_test(names_of_files_are_cleaned),
	};

	return cmocka_run_group_tests_name("test_graph", tests, NULL, NULL);
}
