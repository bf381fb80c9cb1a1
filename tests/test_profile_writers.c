/* Profiles written in one format and read again. */
#include "profile_sums.h"

#include <cjson/cJSON.h>

static const char *const sources[] = {"c/expected/base.dwarf.script.txt",
				      "c/expected/cur.fp.script.txt",
				      "c/callgrind.base.out",
				      "c/expected/base.gperf.collapsed.txt",
				      "gotext/heap.txt",
				      "gotext/goroutine.txt"};
enum { SOURCES = sizeof sources / sizeof *sources };

static void read_golden(struct loaded *l, size_t i)
{
	if (!profile_read(l->arena, path_join(l->arena, GOLDEN, sources[i]), NULL, &l->profile, &l->format, &l->err))
		fail_msg("%s", l->err.text);
}

static void read_written(struct loaded *from, const char *format, struct loaded *to)
{
	struct buf out = {.arena = from->arena};
	struct profile_reading how = {.format = profile_format_find(format)};

	if (!how.format->write(from->arena, &from->profile, profile_type_default(&from->profile), &out, &from->err))
		fail_msg("%s", from->err.text);
	to->arena = from->arena;
	if (!profile_read_bytes(from->arena, "x", (struct str){buf_string(&out), out.size}, &how, &to->profile, NULL,
				&to->err))
		fail_msg("%s", to->err.text);
}

static void callgrind_keeps_what_every_function_costs(void **state)
{
	struct loaded *l = *state, back = {0};

	for (size_t i = 0; i < SOURCES; i++) {
		const struct profile *p = &l->profile;
		size_t type;

		read_golden(l, i);
		type = profile_type_default(p);
		read_written(l, "callgrind", &back);
		assert_string_equal(profile_text(&back.profile, back.profile.types[0].name),
				    profile_text(p, p->types[type].name));
		assert_string_equal(profile_text(&back.profile, back.profile.types[0].unit),
				    profile_text(p, p->types[type].unit));
		assert_int_equal(back.profile.type_count, p->type_count);
		assert_int_equal(total_of(&back, 0), total_of(l, type));
		for (size_t f = 0; f < p->function_count; f++) {
			const char *name = profile_text(p, p->functions[f].name);
			int64_t flat, cum;

			sum_up(l, type, name, &flat, &cum);
			expect_sums(&back, 0, name, flat, cum);
		}
	}
}

static void the_same_profile_gives_the_same_bytes(void **state)
{
	struct loaded *l = *state;

	for (size_t i = 0; i < SOURCES; i++) {
		read_golden(l, i);
		for (size_t k = 0; k < profile_format_count; k++) {
			struct buf out[2] = {{.arena = l->arena}, {.arena = l->arena}};

			for (int time = 0; time < 2 && profile_formats[k]->write; time++)
				assert_true(profile_formats[k]->write(l->arena, &l->profile, 0, &out[time], &l->err));
			assert_int_equal(out[0].size, out[1].size);
			if (out[0].size)
				assert_memory_equal(out[0].at, out[1].at, out[0].size);
		}
	}
}

static void folded_stacks_survive_profile_proto(void **state)
{
	struct loaded *l = *state, back = {0};

	for (size_t i = 0; i < SOURCES; i++) {
		const char *once;
		size_t type;

		read_golden(l, i);
		type = profile_type_default(&l->profile);
		once = written(l, "folded", type);
		read_written(l, "proto", &back);
		assert_string_equal(written(&back, "folded", type), once);
	}
}

static double number(const cJSON *object, const char *key)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, key);

	assert_true(cJSON_IsNumber(value));
	return value->valuedouble;
}

/* What https://www.speedscope.app/file-format-schema.json asks of a sampled profile. */
static void speedscope_gets_a_sampled_profile_of_each_type(void **state)
{
	struct loaded *l = *state;

	for (size_t i = 0; i < SOURCES; i++) {
		cJSON *root;
		const cJSON *profiles, *profile, *stack, *frame, *weight;
		int frames;
		size_t type = 0;

		read_golden(l, i);
		root = cJSON_Parse(written(l, "speedscope", 0));
		assert_non_null(root);
		assert_string_equal(cJSON_GetObjectItem(root, "$schema")->valuestring,
				    "https://www.speedscope.app/file-format-schema.json");
		frames = cJSON_GetArraySize(cJSON_GetObjectItem(cJSON_GetObjectItem(root, "shared"), "frames"));
		profiles = cJSON_GetObjectItem(root, "profiles");
		assert_int_equal(cJSON_GetArraySize(profiles), l->profile.type_count);
		cJSON_ArrayForEach(profile, profiles)
		{
			const cJSON *samples = cJSON_GetObjectItem(profile, "samples");
			const cJSON *weights = cJSON_GetObjectItem(profile, "weights");
			double sum = 0;

			assert_string_equal(cJSON_GetObjectItem(profile, "type")->valuestring, "sampled");
			assert_int_equal(cJSON_GetArraySize(samples), cJSON_GetArraySize(weights));
			cJSON_ArrayForEach(weight, weights) sum += weight->valuedouble;
			assert_true(sum == (double)total_of(l, type++));
			assert_true(number(profile, "endValue") == sum && number(profile, "startValue") == 0);
			cJSON_ArrayForEach(stack, samples) cJSON_ArrayForEach(frame, stack)
				assert_in_range(frame->valueint, 0, frames - 1);
		}
		cJSON_Delete(root);
	}
}

static void stacks_are_written_with_the_root_first(void **state)
{
	struct loaded *l = *state;

	take_text(l, "folded", "a;b 3\na;c 4\n");
	assert_string_equal(written(l, "speedscope", 0),
			    "{\n"
			    "  \"$schema\": \"https://www.speedscope.app/file-format-schema.json\",\n"
			    "  \"exporter\": \"pawl\",\n"
			    "  \"activeProfileIndex\": 0,\n"
			    "  \"shared\": {\n"
			    "    \"frames\": [\n"
			    "      {\"name\": \"a\"},\n"
			    "      {\"name\": \"b\"},\n"
			    "      {\"name\": \"c\"}\n"
			    "    ]\n"
			    "  },\n"
			    "  \"profiles\": [\n"
			    "    {\n"
			    "      \"type\": \"sampled\",\n"
			    "      \"name\": \"samples\",\n"
			    "      \"unit\": \"none\",\n"
			    "      \"startValue\": 0,\n"
			    "      \"endValue\": 7,\n"
			    "      \"samples\": [\n"
			    "        [0, 1],\n"
			    "        [0, 2]\n"
			    "      ],\n"
			    "      \"weights\": [3, 4]\n"
			    "    }\n"
			    "  ]\n"
			    "}\n");
	assert_string_equal(written(l, "callgrind", 0),
			    "# callgrind format\nversion: 1\ncreator: pawl\npositions: line\nevents: samples(count)\n\n"
			    "ob=(1) ???\nfl=(1) ???\nfn=(1) b\n0 3\n\n"
			    "ob=(1)\nfl=(1)\nfn=(2) a\n"
			    "cob=(1)\ncfi=(1)\ncfn=(1)\ncalls=1 0\n0 3\n"
			    "cob=(1)\ncfi=(1)\ncfn=(3) c\ncalls=1 0\n0 4\n\n"
			    "ob=(1)\nfl=(1)\nfn=(3)\n0 4\n");
}

static void differences_are_refused_where_values_cannot_be_negative(void **state)
{
	static const char *const names[] = {"callgrind", "speedscope"};
	struct loaded *l = *state;
	struct buf out = {.arena = l->arena};

	take_text(l, "folded", "a;b -3\n");
	for (size_t i = 0; i < 2; i++) {
		assert_false(profile_format_find(names[i])->write(l->arena, &l->profile, 0, &out, &l->err));
		assert_non_null(strstr(l->err.text, "knows no negative values"));
	}
}

/* Formats whose bytes others take apart: protobuf's target is called fuzz_profile.c, traces are read by Go. */
static bool has_own_target(const char *name)
{
	return !text_equal(name, "proto") && !text_equal(name, "trace");
}

static void every_format_is_documented_and_every_reader_fuzzed(void **state)
{
	struct loaded *l = *state;
	struct str page;

	assert_true(file_read(l->arena, "docs/profile-formats.md", FILE_LIMIT, &page, &l->err));
	for (size_t i = 0; i < profile_format_count; i++) {
		const char *name = profile_formats[i]->name;

		if (!strstr(page.at, arena_printf(l->arena, "\n| `%s` |", name)))
			fail_msg("docs/profile-formats.md has no row for %s", name);
		if (!profile_formats[i]->read || !has_own_target(name))
			continue;
		if (!file_exists(arena_printf(l->arena, "tests/fuzz/fuzz_profile_%s.c", name)) ||
		    !file_is_dir(arena_printf(l->arena, "tests/fuzz/corpus/profile_%s", name)))
			fail_msg("%s has no fuzz target with a corpus", name);
	}
}

static void a_file_is_of_one_format_only(void **state)
{
	static const char *const others[] = {"c/base.gperf.prof",         "c/base.early.heap",
					     "gotext/goroutine2.txt",     "gotext/threadcreate.txt",
					     "gotext/mutex.txt",          "gotext/trace.out",
					     "c/expected/difffolded.txt", "c/expected/base.user.script.txt"};
	struct loaded *l = *state;

	for (size_t i = 0; i < SOURCES + sizeof others / sizeof *others; i++) {
		const char *name = i < SOURCES ? sources[i] : others[i - SOURCES];
		const char *found = NULL;
		struct str bytes;

		assert_true(file_read(l->arena, path_join(l->arena, GOLDEN, name), FILE_LIMIT, &bytes, &l->err));
		for (size_t k = 0; k < profile_format_count; k++) {
			if (!profile_formats[k]->sniff || !profile_formats[k]->sniff(bytes))
				continue;
			if (found)
				fail_msg("%s is taken for %s and %s", name, found, profile_formats[k]->name);
			found = profile_formats[k]->name;
		}
		assert_non_null(found);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		LOADED_TEST(callgrind_keeps_what_every_function_costs),
		LOADED_TEST(the_same_profile_gives_the_same_bytes),
		LOADED_TEST(folded_stacks_survive_profile_proto),
		LOADED_TEST(speedscope_gets_a_sampled_profile_of_each_type),
		LOADED_TEST(stacks_are_written_with_the_root_first),
		LOADED_TEST(every_format_is_documented_and_every_reader_fuzzed),
		LOADED_TEST(a_file_is_of_one_format_only),
		LOADED_TEST(differences_are_refused_where_values_cannot_be_negative),
	};

	return cmocka_run_group_tests_name("profile_writers", tests, NULL, NULL);
}
