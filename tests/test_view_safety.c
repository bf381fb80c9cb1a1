/* Names that somebody made to do harm are shown, and do none. */
#include "view/view.h"

#include <cjson/cJSON.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* A terminal's escape, a line of its own, formulas, markup, DOT, a format, no UTF-8, text that runs backwards. */
static const char *const names[] = {
	"\033[2Jcleared",
	"two\nlines\r\n",
	"=cmd|' /C calc'!A0",
	"<script>alert(1)</script>",
	"\"];evil [label=\"",
	"%s%n%s%n",
	"bad\xff\xfe",
	"\342\200\256fdp.exe",
	"a\\nb\\",
	"",
	"::::",
	"a,b;c\"d",
};

enum { NAME_COUNT = sizeof names / sizeof *names, HUGE_SIZE = 1 << 20 };

static struct profile hostile(struct arena *a)
{
	struct profile p;
	char *huge = arena_array(a, HUGE_SIZE + 1, 1);

	memset(huge, 'x', HUGE_SIZE);
	profile_init(&p, a);
	profile_add_type(&p, "c\033pu", "nano\033seconds");
	profile_add_comment(&p, profile_string_of(&p, "comment\nsecond line\033"));
	profile_add_mapping(&p, &(struct profile_mapping){.file = profile_string_of(&p, "/bin/a\"p\np\033"),
							  .build_id = profile_string_of(&p, "\"\n")});
	for (size_t i = 0; i <= NAME_COUNT; i++) {
		uint32_t name = profile_string_of(&p, i < NAME_COUNT ? names[i] : huge);
		struct profile_function f = {.name = name, .system_name = name, .file = name};
		struct profile_line line = {.function = profile_intern_function(&p, &f), .line = 7};
		struct profile_location l = {.address = 0x1000 + i, .mapping = 0};
		struct profile_label labels[] = {{.key = name, .text = name},
						 {.key = name, .number = 5, .unit = name, .numeric = true}};
		uint32_t frames[] = {profile_intern_location(&p, &l, &line, 1), 0};
		const int64_t value = 1000 + (int64_t)i;

		profile_add_sample(&p, profile_stack(&p, frames, 2), profile_label_set(&p, labels, 2), &value);
	}
	return p;
}

static const char *shown(struct arena *a, const struct view *view, enum view_form form)
{
	static const char *const filters[] = {"focus=\033[2J"};
	struct profile *p = NEW(a, struct profile);
	struct view_options options = {.form = form,
				       .node_count = -1,
				       .node_fraction = -1,
				       .edge_fraction = -1,
				       .all = true,
				       .pattern = ".",
				       .source_path = "tests/golden/profiles/pprof"};
	struct source source = {.profile = p,
				.mean_type = PROFILE_NONE,
				.total = 12000,
				.granularity = GRANULARITY_ADDRESSES,
				.divide_by = 1,
				.filters = filters,
				.filter_count = 1};
	struct buf out = {.arena = a};
	struct err err;

	*p = hostile(a);
	source.unit = profile_text(p, p->types[0].unit);
	if (!view->write(a, &source, &options, &out, &err)) {
		assert_true(form != VIEW_TEXT);
		return NULL;
	}
	assert_true(strlen(buf_string(&out)) == out.size);
	return buf_string(&out);
}

static void no_view_lets_a_name_reach_the_terminal(void **state)
{
	(void)state;
	for (size_t i = 0; i < view_count; i++) {
		for (enum view_form form = VIEW_TEXT; form <= VIEW_CSV; form++) {
			struct arena *a = arena_open();
			const char *text = shown(a, views[i], form);

			for (const char *c = text ? text : ""; *c; c++) {
				if ((unsigned char)*c < ' ' && *c != '\n' && *c != '\t')
					fail_msg("%s has the byte 0x%02x", views[i]->name, (unsigned)*c);
			}
			if (text && form == VIEW_TEXT) {
				assert_null(strstr(text, "\xff"));
				assert_null(strstr(text, "\xe2\x80\xae"));
			}
			arena_close(a);
		}
	}
}

static void json_can_be_read_and_has_every_name(void **state)
{
	size_t read = 0;

	(void)state;
	for (size_t i = 0; i < view_count; i++) {
		struct arena *a = arena_open();
		const char *text = shown(a, views[i], VIEW_JSON);
		cJSON *json;

		if (text) {
			json = cJSON_Parse(text);
			assert_non_null(json);
			assert_string_equal(cJSON_GetObjectItem(json, "view")->valuestring, views[i]->name);
			assert_non_null(strstr(text, "<script>alert(1)</script>"));
			assert_non_null(strstr(text, "\\u001b[2Jcleared"));
			cJSON_Delete(json);
			read++;
		}
		arena_close(a);
	}
	assert_true(read >= 6);
}

/* Every line has as many cells as the first, and no cell begins a formula. */
static void csv_is_one_line_a_row_without_formulas(void **state)
{
	(void)state;
	for (size_t i = 0; i < view_count; i++) {
		struct arena *a = arena_open();
		const char *text = shown(a, views[i], VIEW_CSV);
		size_t cells = 0, expected = 0;
		bool quoted = false, begins = true;

		for (const char *c = text ? text : ""; *c; c++) {
			bool opens = begins && *c == '"';

			assert_false(begins && *c == '=');
			begins = opens || (!quoted && (*c == ',' || *c == '\n'));
			if (*c == '"') {
				quoted = !quoted;
			} else if (!quoted && *c == ',') {
				cells++;
			} else if (*c == '\n') {
				assert_false(quoted);
				expected = expected ? expected : cells;
				assert_int_equal(cells, expected);
				cells = 0;
			}
		}
		arena_close(a);
	}
}

/* Outside of strings DOT has nothing that a name could have brought. */
static void names_stay_in_their_strings_in_dot(void **state)
{
	struct arena *a = arena_open();
	const char *text = shown(a, view_find("dot"), VIEW_TEXT);
	struct buf bare = {.arena = a};
	bool quoted = false;

	(void)state;
	for (const char *c = text; *c; c++) {
		if (quoted && *c == '\\' && c[1])
			c++;
		else if (*c == '"')
			quoted = !quoted;
		else if (quoted)
			assert_true(*c != '\n');
		else
			buf_char(&bare, *c);
	}
	assert_false(quoted);
	assert_null(strstr(buf_string(&bare), "evil"));
	assert_null(strstr(buf_string(&bare), "script"));
	arena_close(a);
}

static void a_view_that_is_a_format_of_its_own_says_where_else_to_look(void **state)
{
	static const char *const own[] = {"raw", "dot", "callgrind", "flame", "html", "graph"};

	(void)state;
	for (size_t i = 0; i < sizeof own / sizeof *own; i++) {
		struct arena *a = arena_open();

		assert_null(shown(a, view_find(own[i]), VIEW_JSON));
		assert_null(shown(a, view_find(own[i]), VIEW_CSV));
		arena_close(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_view_lets_a_name_reach_the_terminal),
		cmocka_unit_test(json_can_be_read_and_has_every_name),
		cmocka_unit_test(csv_is_one_line_a_row_without_formulas),
		cmocka_unit_test(names_stay_in_their_strings_in_dot),
		cmocka_unit_test(a_view_that_is_a_format_of_its_own_says_where_else_to_look),
	};

	return cmocka_run_group_tests_name("test_view_safety", tests, NULL, NULL);
}
