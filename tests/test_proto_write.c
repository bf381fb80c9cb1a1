/* profile.proto out: the same profile is the same bytes, pawl and pprof read it back. */
#include "profile/profile.h"

#include "absent.h"
#include "base/file.h"
#include "profile_dump.h"

#include <stdio.h>
#include <stdlib.h>

#define GOLDEN "tests/golden/profiles/"

static struct str written(struct arena *a, const struct profile *p)
{
	struct buf out = {.arena = a};
	struct err err;

	if (!profile_format_proto.write(a, p, 0, &out, &err))
		fail_msg("%s", err.text);
	return (struct str){out.at, out.size};
}

static void read_back(struct arena *a, struct str bytes, struct profile *p)
{
	struct err err;

	if (!profile_read_bytes(a, "written", bytes, NULL, p, NULL, &err))
		fail_msg("%s", err.text);
}

static void assert_same_bytes(struct str a, struct str b)
{
	assert_int_equal(a.size, b.size);
	assert_memory_equal(a.at, b.at, a.size);
}

struct line {
	const char *stack;
	int64_t values[4];
};

static int compare_lines(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	return strcmp(x->stack, y->stack);
}

/* The samples of a dump, sorted by stack and labels, equal ones added up and without those that are 0. */
static const char *summed_samples(struct arena *a, const struct profile *p)
{
	struct buf dump = {.arena = a}, out = {.arena = a};
	struct line *lines = NEW_ARRAY(a, struct line, p->sample_count);
	char *text, *rest = NULL;
	size_t count = 0;

	assert_true(p->type_count <= 4);
	dump_samples(&dump, p);
	for (text = strtok_r(dump.at, "\n", &rest); text; text = strtok_r(NULL, "\n", &rest), count++) {
		lines[count].stack = strchr(text, ':');
		memcpy(lines[count].values, p->values + count * p->type_count, p->type_count * sizeof *p->values);
	}
	assert_int_equal(count, p->sample_count);
	qsort(lines, count, sizeof *lines, compare_lines);
	for (size_t i = 0, next; i < count; i = next) {
		int64_t *sum = lines[i].values;

		for (next = i + 1; next < count && text_equal(lines[next].stack, lines[i].stack); next++)
			for (size_t k = 0; k < 4; k++)
				sum[k] += lines[next].values[k];
		if (sum[0] || sum[1] || sum[2] || sum[3])
			buf_printf(&out, "%" PRId64 " %" PRId64 " %" PRId64 " %" PRId64 "%s\n", sum[0], sum[1], sum[2],
				   sum[3], lines[i].stack);
	}
	return buf_string(&out);
}

static size_t check_folder(struct arena *a, const char *folder)
{
	const char **names;
	size_t count, checked = 0;
	struct err err;

	assert_true(dir_list(a, folder, &names, &count, &err));
	for (size_t i = 0; i < count; i++) {
		struct profile p, q;
		struct str bytes;

		if (!profile_read(a, path_join(a, folder, names[i]), NULL, &p, NULL, &err))
			continue;
		bytes = written(a, &p);
		read_back(a, bytes, &q);
		assert_same_bytes(written(a, &q), bytes);
		assert_string_equal(summed_samples(a, &p), summed_samples(a, &q));
		checked++;
	}
	return checked;
}

static void what_was_written_reads_back_the_same_and_is_written_the_same(void **state)
{
	assert_int_equal(check_folder(*state, GOLDEN "edge"), 26);
	assert_int_equal(check_folder(*state, GOLDEN "go"), 7);
}

/* Stacks a<b<c of three functions in two mappings; `turn` changes every order and doubles what can be doubled. */
static struct profile made(struct arena *a, bool turn)
{
	static const char *const names[] = {"outer", "middle", "inner"};
	const int64_t values[] = {1, 10}, more[] = {2, 20}, sum[] = {3, 30};
	struct profile p;
	uint32_t locations[3], twin, label_set, empty;
	struct profile_label labels[2];
	struct profile_mapping lib = {.start = 0x7000, .limit = 0x8000}, program = {.start = 0x1000, .limit = 0x2000};
	uint32_t mappings[2];

	profile_init(&p, a);
	if (turn)
		profile_string_of(&p, "never used");
	profile_add_type(&p, "samples", "count");
	profile_add_type(&p, "cpu", "nanoseconds");
	program.file = profile_string_of(&p, "/bin/program");
	lib.file = profile_string_of(&p, "/lib/lib.so");
	mappings[0] = profile_add_mapping(&p, &program);
	mappings[1] = profile_add_mapping(&p, &lib);
	for (size_t i = 0; i < 3; i++) {
		size_t k = turn ? 2 - i : i;
		uint32_t name = profile_string_of(&p, names[k]);
		struct profile_function f = {.name = name, .system_name = name};
		struct profile_line line = {profile_add_function(&p, &f), 10, 0};
		struct profile_location l = {.address = 0x1010 + k, .mapping = mappings[k == 2]};

		locations[k] = profile_add_location(&p, &l, &line, 1);
		if (k == 0)
			twin = profile_add_location(&p, &l, &line, 1);
	}
	labels[turn] = (struct profile_label){.key = profile_string_of(&p, "k"), .text = profile_string_of(&p, "v")};
	labels[!turn] = (struct profile_label){.key = profile_string_of(&p, "n"), .number = 7, .numeric = true};
	label_set = profile_label_set(&p, labels, 2);
	empty = profile_stack(&p, NULL, 0);
	if (turn) {
		const uint32_t other[] = {locations[2], locations[1], twin};

		profile_add_sample(&p, profile_stack(&p, locations, 1), label_set, values);
		profile_add_sample(&p, empty, 0, values);
		profile_add_sample(&p, profile_stack(&p, other, 3), 0, more);
		profile_add_sample(&p, profile_stack(&p, (uint32_t[]){locations[2], locations[1], locations[0]}, 3), 0,
				   values);
	} else {
		profile_add_sample(&p, profile_stack(&p, (uint32_t[]){locations[2], locations[1], twin}, 3), 0, sum);
		profile_add_sample(&p, empty, 0, values);
		profile_add_sample(&p, profile_stack(&p, &twin, 1), label_set, values);
	}
	return p;
}

static void the_order_in_which_a_profile_was_made_leaves_no_trace(void **state)
{
	struct profile p = made(*state, false), q = made(*state, true);

	assert_same_bytes(written(*state, &p), written(*state, &q));
}

static void ids_are_dense_in_order_of_first_use_and_the_program_comes_first(void **state)
{
	struct profile p = made(*state, true), q;
	struct buf dump = {.arena = *state};

	read_back(*state, written(*state, &p), &q);
	dump_profile(&dump, &q);
	assert_string_equal(strchr(buf_string(&dump), '\n'),
			    "\n"
			    "mapping 0: 1000-2000 at 0 /bin/program \n"
			    "mapping 1: 7000-8000 at 0 /lib/lib.so \n"
			    "function outer outer :0\n"
			    "function inner inner :0\n"
			    "function middle middle :0\n"
			    "1 10:\n"
			    "1 10: 1010@0=outer:10 {k=v, n=7}\n"
			    "3 30: 1012@1=inner:10 1011@0=middle:10 1010@0=outer:10\n");
}

static void samples_that_cancel_out_are_left_out(void **state)
{
	struct profile p, q;
	uint32_t stack;

	profile_init(&p, *state);
	profile_add_type(&p, "cpu", "nanoseconds");
	stack = profile_stack(&p, NULL, 0);
	profile_add_sample(&p, stack, 0, &(int64_t){INT64_MAX});
	profile_add_sample(&p, stack, 0, &(int64_t){-INT64_MAX});
	read_back(*state, written(*state, &p), &q);
	assert_int_equal(q.sample_count, 0);
}

static void a_packed_file_bears_no_time_and_no_system(void **state)
{
	/* RFC 1952: deflate, no flags, time 0, no extra flags, unknown system. */
	static const unsigned char header[] = {0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255};
	struct profile p = made(*state, false);

	assert_memory_equal(written(*state, &p).at, header, sizeof header);
}

/* What pprof says of a file, or NULL without pprof. */
static const char *pprof(struct arena *a, const char *how, const char *path)
{
	const char *command =
		arena_printf(a, "go tool pprof %s '%s' 2>&1 %s; exit 0", how, path,
			     text_equal(how, "-raw") ? "| awk -f tests/pprof_raw.awk | LC_ALL=C sort" : "");
	struct buf out = {.arena = a};
	char piece[4096];
	size_t got;
	FILE *pipe = popen(command, "r");

	assert_non_null(pipe);
	while ((got = fread(piece, 1, sizeof piece, pipe)) > 0)
		buf_bytes(&out, piece, got);
	assert_int_equal(pclose(pipe), 0);
	return buf_string(&out);
}

static void pprof_reads_back_what_was_written(void **state)
{
	static const char *const files[] = {
		"go/cpu_base.pb.gz",          "go/allocs.pb.gz",       "go/threadcreate.pb.gz",
		"edge/05_inline.pb",          "edge/08_no_mapping.pb", "edge/16_sparse_huge_ids.pb",
		"edge/17_negative_values.pb", "edge/18_labels.pb",     "edge/27_duplicate_stacks.pb",
		"edge/36_invalid_utf8.pb",
	};
	const char *folder;
	struct err err;

	if (system("go tool -n pprof >/dev/null 2>&1") != 0)
		absent("there is no go tool pprof (golang-go)");
	assert_true(dir_make_scratch(*state, &folder, &err));
	for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
		const char *path = path_join(*state, GOLDEN, files[i]), *copy = path_join(*state, folder, "copy.pb.gz");
		struct profile p;
		struct str bytes;
		const char *top;

		if (!profile_read(*state, path, NULL, &p, NULL, &err))
			fail_msg("%s", err.text);
		bytes = written(*state, &p);
		assert_true(file_write(copy, bytes.at, bytes.size, &err));
		top = pprof(*state, "-top", copy);
		assert_non_null(strstr(top, "Showing nodes"));
		assert_string_equal(top, pprof(*state, "-top", path));
		assert_string_equal(pprof(*state, "-raw", copy), pprof(*state, "-raw", path));
	}
	dir_remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_was_written_reads_back_the_same_and_is_written_the_same),
		TEST(the_order_in_which_a_profile_was_made_leaves_no_trace),
		TEST(ids_are_dense_in_order_of_first_use_and_the_program_comes_first),
		TEST(samples_that_cancel_out_are_left_out),
		TEST(a_packed_file_bears_no_time_and_no_system),
		TEST(pprof_reads_back_what_was_written),
	};

	return cmocka_run_group_tests_name("test_proto_write", tests, NULL, NULL);
}
