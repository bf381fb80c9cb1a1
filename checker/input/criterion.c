/*
 * What Criterion keeps of a benchmark: FOLDER/GROUP/BENCH/new/ with sample.json (the time of every sample), estimates.json
 * (what it concluded) and benchmark.json (the benchmark's name).
 */
#include "base/file.h"
#include "input/rows.h"
#include "input/sniff.h"

#include <string.h>
#include <sys/stat.h>

enum {
	FOLDER_DEPTH = 8,        /* groups may hold '/', which stays one folder: four levels are usual */
	FOLDER_COUNT = 100000,   /* folders that are looked into */
	NAME_LIMIT = 1 << 20,    /* of benchmark.json */
	SAMPLE_LIMIT = 64 << 20, /* of sample.json: a million samples */
};

/* The name where there is no benchmark.json: the folders between "criterion" and the one of the file. */
static const char *name_of_path(struct arena *a, const char *path)
{
	const char *folder = path_folder(a, path_folder(a, path));
	const char *start = strstr(folder, "criterion/");

	if (start)
		return start + strlen("criterion/");
	return text_equal(folder, ".") ? "benchmark" : path_base(folder);
}

/* Criterion's own name of the benchmark, which the names of folders only resemble. */
static const char *name_of(struct arena *a, const char *path)
{
	const char *beside = path_join(a, path_folder(a, path), "benchmark.json"), *name = "";
	struct err ignored = {0};
	struct str text;
	cJSON *root;

	if (file_exists(beside) && file_read(a, beside, NAME_LIMIT, &text, &ignored) &&
	    json_parse(a, beside, text, &root, &ignored)) {
		name = arena_string(a, json_text_of(root, "full_id"));
		cJSON_Delete(root);
	}
	return *name ? name : name_of_path(a, path);
}

static bool give_samples(struct rows *r, const char *name, const cJSON *root, struct err *err)
{
	const cJSON *iters = cJSON_GetObjectItemCaseSensitive(root, "iters");
	const cJSON *times = cJSON_GetObjectItemCaseSensitive(root, "times");
	int count = cJSON_GetArraySize(times);

	if (!cJSON_IsArray(iters) || !cJSON_IsArray(times) || cJSON_GetArraySize(iters) != count)
		return err_set(err,
			       "%s: `iters` and `times` are no lists of equal length: is this Criterion's sample.json?",
			       r->path);
	iters = iters->child;
	for (const cJSON *time = times->child; time; time = time->next, iters = iters->next) {
		double n = cJSON_IsNumber(iters) ? iters->valuedouble : 0;

		if (!rows_begin(r, str_of(name), 1, err))
			return false;
		r->row.repetitions = count;
		if (!cJSON_IsNumber(time) || !(n >= 1 && n <= JSON_WHOLE_LIMIT)) {
			rows_refuse(r, INPUT_ERROR, "a sample has no number of iterations or no time");
		} else {
			r->row.iterations = (int64_t)n;
			rows_add(r, metric_of("real_time"), time->valuedouble / n);
		}
		if (!rows_give(r, err))
			return false;
	}
	return true;
}

static bool give_estimates(struct rows *r, const char *name, const cJSON *root, struct err *err)
{
	static const struct {
		const char *key, *statistic;
	} estimates[] = {{"mean", "mean"}, {"median", "median"}, {"std_dev", "stddev"}};

	for (size_t i = 0; i < sizeof estimates / sizeof estimates[0]; i++) {
		const cJSON *value = cJSON_GetObjectItemCaseSensitive(root, estimates[i].key);
		const cJSON *point = cJSON_GetObjectItemCaseSensitive(value, "point_estimate");

		if (!cJSON_IsNumber(point))
			return err_set(err, "%s: `%s` has no `point_estimate`: is this Criterion's estimates.json?",
				       r->path, estimates[i].key);
		if (!rows_begin_aggregate(r, str_of(name), estimates[i].statistic, 0, 1, err))
			return false;
		rows_add(r, metric_of("real_time"), point->valuedouble);
		if (!rows_give(r, err))
			return false;
	}
	return true;
}

static bool give_file(struct rows *r, const char *path, struct str text, struct err *err)
{
	cJSON *root;
	bool ok;

	if (!rows_parse_json(r->arena, path, text, &root, err))
		return false;
	r->path = path;
	if (cJSON_GetObjectItemCaseSensitive(root, "times"))
		ok = give_samples(r, name_of(r->arena, path), root, err);
	else
		ok = give_estimates(r, name_of(r->arena, path), root, err);
	cJSON_Delete(root);
	return ok;
}

static bool criterion_read(struct arena *a, const char *path, struct str text, const struct input_sink *sink,
			   struct err *err)
{
	struct rows r;
	bool ok;

	rows_init(&r, a, path, sink, NULL);
	ok = give_file(&r, path, text, err);
	rows_release(&r);
	return ok;
}

struct walk {
	struct rows *rows;
	int64_t newer_than_ns;
	size_t folders, found;
};

static bool is_newer(const char *path, int64_t than_ns)
{
	struct stat st;

	return stat(path, &st) == 0 && (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec >= than_ns;
}

static bool give_sample_file(struct walk *w, const char *path, struct err *err)
{
	struct str text;

	if (!is_newer(path, w->newer_than_ns))
		return true;
	w->found++;
	return file_read(w->rows->arena, path, SAMPLE_LIMIT, &text, err) && give_file(w->rows, path, text, err);
}

static bool walk_folder(struct walk *w, const char *folder, size_t depth, struct err *err)
{
	struct arena *a = w->rows->arena;
	const char *sample = path_join(a, folder, "new/sample.json"), **names;
	size_t count;

	if (++w->folders > FOLDER_COUNT)
		return err_set(err, "%s: holds too many folders: name Criterion's own, target/criterion",
			       w->rows->path);
	if (file_exists(sample) && !give_sample_file(w, sample, err))
		return false;
	if (!dir_list(a, folder, &names, &count, err))
		return false;
	for (size_t i = 0; i < count && depth < FOLDER_DEPTH; i++) {
		const char *below = path_join(a, folder, names[i]);
		struct stat st;

		if (lstat(below, &st) == 0 && S_ISDIR(st.st_mode) && !walk_folder(w, below, depth + 1, err))
			return false;
	}
	return true;
}

static bool criterion_read_folder(struct arena *a, const char *folder, int64_t newer_than_ns,
				  const struct input_sink *sink, struct err *err)
{
	struct rows r;
	struct walk w = {.rows = &r, .newer_than_ns = newer_than_ns};
	bool ok;

	rows_init(&r, a, folder, sink, NULL);
	ok = walk_folder(&w, folder, 0, err);
	rows_release(&r);
	if (!ok || w.found)
		return ok;
	return err_set(err,
		       "%s: is a folder, expected a file or the folder target/criterion of Criterion; it holds no "
		       "GROUP/BENCH/new/sample.json%s",
		       folder, newer_than_ns > 0 ? " (what was there before is left out)" : "");
}

static bool criterion_sniff(struct str text)
{
	struct str key = sniff_key(text, "{");

	if (str_equal(key, "sampling_mode") || str_equal(key, "iters"))
		return true;
	return str_equal(sniff_key(text, "{{"), "confidence_interval");
}

const struct input_format input_criterion = {
	.name = "criterion",
	.help = "sample.json or estimates.json of Criterion, or its folder target/criterion",
	.sniff = criterion_sniff,
	.read = criterion_read,
	.read_folder = criterion_read_folder,
};
