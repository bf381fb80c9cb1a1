/*
 * Reading a run file, strictly: what a later part of the program relies on is checked here.
 */
#include "model/run_json.h"

#include "base/hash.h"
#include "base/json_read.h"
#include "model/run_columns.h"

#include <stdlib.h>
#include <string.h>

/* For finding two entries of the same name without comparing each with each. */
struct name {
	const char *first, *second;
};

static int name_compare(const void *a, const void *b)
{
	const struct name *left = a, *right = b;
	int order = strcmp(left->first, right->first);

	return order ? order : strcmp(left->second, right->second);
}

/* The names of a list that stands twice in it, or NULL.  Sorts `names`. */
static const struct name *find_twin(struct name *names, size_t count)
{
	if (count < 2)
		return NULL;
	qsort(names, count, sizeof *names, name_compare);
	for (size_t i = 1; i < count; i++) {
		if (name_compare(&names[i - 1], &names[i]) == 0)
			return &names[i];
	}
	return NULL;
}

/* The place of a word in a list of words, or -1. */
static int find_word(const cJSON *value, const char *const *words, size_t count)
{
	for (size_t i = 0; cJSON_IsString(value) && i < count; i++) {
		if (text_equal(words[i], value->valuestring))
			return (int)i;
	}
	return -1;
}

/* A key that files need not have: "" without it. */
static bool get_some(struct arena *a, const cJSON *o, const char *key, const char **out, struct err *err)
{
	*out = "";
	return !cJSON_GetObjectItemCaseSensitive(o, key) || json_get_text(a, o, key, out, err);
}

static bool read_host(struct arena *a, const cJSON *root, struct host *h, struct err *err)
{
	const cJSON *o;

	if (!json_get_object(root, "host", &o, err))
		return false;
	if (!json_get_text(a, o, "arch", &h->arch, err) || !json_get_text(a, o, "compiler", &h->compiler, err) ||
	    !json_get_int(o, "cores", &h->cores, err) || !json_get_text(a, o, "cpu_flags", &h->cpu_flags, err) ||
	    !json_get_text(a, o, "cpu_model", &h->cpu_model, err) ||
	    !json_get_text(a, o, "governor", &h->governor, err) ||
	    !json_get_text(a, o, "hypervisor", &h->hypervisor, err) ||
	    !json_get_text(a, o, "kernel", &h->kernel, err) || !json_get_text(a, o, "libc", &h->libc, err) ||
	    !json_get_double(o, "load", &h->load, err) ||
	    !json_get_text(a, o, "machine_class", &h->machine_class, err) ||
	    !json_get_text(a, o, "smt", &h->smt, err) || !json_get_text(a, o, "turbo", &h->turbo, err))
		return err_context(err, "host");
	return true;
}

static bool read_suite(struct arena *a, const cJSON *o, struct run *run, struct err *err)
{
	const char *name, *kind;
	struct run_suite *s;

	if (!json_get_text(a, o, "name", &name, err) || !json_get_text(a, o, "kind", &kind, err))
		return false;
	s = run_add_suite(a, run, name, kind);
	return json_get_bool(o, "absent", &s->absent, err) &&
	       json_get_text(a, o, "config_digest", &s->config_digest, err) &&
	       json_get_text(a, o, "failure", &s->failure, err) &&
	       json_get_text(a, o, "program_version", &s->program_version, err) &&
	       get_some(a, o, "counter", &s->counter, err) && get_some(a, o, "isa", &s->isa, err) &&
	       get_some(a, o, "compiler", &s->compiler, err) &&
	       (!cJSON_HasObjectItem(o, "same_code") || json_get_bool(o, "same_code", &s->same_code, err));
}

static bool read_suites(struct arena *a, const cJSON *root, struct run *run, struct err *err)
{
	const cJSON *array, *item;
	const struct name *twin;
	struct name *names;

	if (!json_get_array(root, "suites", &array, err))
		return false;
	cJSON_ArrayForEach(item, array)
	{
		size_t number = run->suite_count + 1;

		if (!read_suite(a, item, run, err))
			return err_context(err, "suite %zu", number);
	}
	names = NEW_ARRAY(a, struct name, run->suite_count);
	for (size_t i = 0; i < run->suite_count; i++)
		names[i] = (struct name){run->suites[i].name, ""};
	twin = find_twin(names, run->suite_count);
	if (twin)
		return err_set(err, "suite %s is there twice", text_printable_copy(a, twin->first));
	return true;
}

static bool read_metrics(struct arena *a, const cJSON *table, struct slice_table *t, struct err *err)
{
	const cJSON *array, *item;
	const struct name *twin;
	struct name *names;
	size_t count;

	if (!json_get_array(table, "metrics", &array, err))
		return false;
	count = (size_t)cJSON_GetArraySize(array);
	t->metrics = NEW_ARRAY(a, struct metric, count);
	names = NEW_ARRAY(a, struct name, count);
	cJSON_ArrayForEach(item, array)
	{
		struct metric *m = &t->metrics[t->metric_count];
		const char *category;

		if (!json_get_text(a, item, "name", &m->name, err) || !json_get_text(a, item, "unit", &m->unit, err) ||
		    !json_get_text(a, item, "category", &category, err))
			return err_context(err, "metric %zu", t->metric_count + 1);
		if (!category_find(category, &m->category))
			return err_set(err, "metric %s: there is no category \"%s\"", text_printable_copy(a, m->name),
				       text_printable_copy(a, category));
		names[t->metric_count++] = (struct name){m->name, ""};
	}
	t->metric_capacity = count;
	twin = find_twin(names, count);
	if (twin)
		return err_set(err, "metric %s is there twice", text_printable_copy(a, twin->first));
	return true;
}

/* What each place of a row means: NULL for a column of a later version, which is passed over. */
struct layout {
	const struct run_column **fixed;
	size_t fixed_count;
};

static const struct run_column *find_column(const char *name)
{
	for (size_t i = 0; i < run_column_count; i++) {
		if (text_equal(run_columns[i].name, name))
			return &run_columns[i];
	}
	return NULL;
}

static bool read_columns(struct arena *a, const cJSON *table, const struct slice_table *t, struct layout *layout,
			 struct err *err)
{
	const char **names;
	size_t count, known = 0;

	if (!json_get_texts(a, table, "columns", &names, &count, err))
		return false;
	if (count < t->metric_count)
		return err_set(err, "\"columns\" has fewer entries than \"metrics\"");
	layout->fixed_count = count - t->metric_count;
	layout->fixed = NEW_ARRAY(a, const struct run_column *, layout->fixed_count);
	for (size_t i = 0; i < layout->fixed_count; i++) {
		layout->fixed[i] = find_column(names[i]);
		for (size_t k = 0; layout->fixed[i] && k < i; k++) {
			if (layout->fixed[k] == layout->fixed[i])
				return err_set(err, "column \"%s\" is there twice", layout->fixed[i]->name);
		}
		known += layout->fixed[i] != NULL;
	}
	for (size_t i = 0; i < t->metric_count; i++) {
		if (!text_equal(names[layout->fixed_count + i], t->metrics[i].name))
			return err_set(err, "\"columns\" must end with the metrics, in their order");
	}
	if (known != run_column_count)
		return err_set(err, "\"columns\" lacks %zu of the columns that every slice has",
			       run_column_count - known);
	return true;
}

static bool read_fixed(const struct run_column *c, const cJSON *value, struct slice *s, struct err *err)
{
	int64_t number;
	int word;

	switch (c->kind) {
	case RUN_COLUMN_SIDE:
		word = find_word(value, run_side_names, run_side_count);
		if (word < 0)
			return err_set(err, "\"side\" must be \"base\" or \"head\"");
		s->side = (enum side)word;
		return true;
	case RUN_COLUMN_PHASE:
		word = find_word(value, run_phase_names, run_phase_count);
		if (word < 0)
			return err_set(
				err, "\"phase\" must be \"trial\", \"measure\", \"screen\", \"confirm\", \"count\" or "
				     "\"profile\"");
		s->phase = (enum phase)word;
		return true;
	case RUN_COLUMN_INT:
		if (!json_is_int(value, &number) || number < c->minimum)
			return err_set(err, "\"%s\" must be a whole number%s", c->name,
				       c->minimum == 0 ? " from 0 on" : "");
		memcpy((char *)s + c->offset, &number, sizeof number);
		return true;
	}
	return true;
}

static bool read_cell(struct arena *a, const struct metric *m, const cJSON *value, struct cell *cell, struct err *err)
{
	if (cJSON_IsNull(value))
		return true;
	if (!json_is_double(value, &cell->value))
		return err_set(err, "\"%s\" must be a finite number or null", text_printable_copy(a, m->name));
	if (cell->value < 0 && text_equal(m->unit, "ns"))
		return err_set(err, "\"%s\" is a negative time", text_printable_copy(a, m->name));
	cell->present = true;
	return true;
}

static bool read_slice(struct arena *a, const cJSON *row, const struct layout *layout, struct slice_table *t,
		       struct err *err)
{
	size_t wanted = layout->fixed_count + t->metric_count, at = 0;
	const cJSON *value;
	struct slice *s;

	if (!cJSON_IsArray(row) || (size_t)cJSON_GetArraySize(row) != wanted)
		return err_set(err, "must be an array of %zu values, one a column", wanted);
	s = table_add_slice(a, t);
	cJSON_ArrayForEach(value, row)
	{
		size_t i = at++;

		if (i < layout->fixed_count) {
			if (layout->fixed[i] && !read_fixed(layout->fixed[i], value, s, err))
				return false;
		} else {
			i -= layout->fixed_count;
			if (!read_cell(a, &t->metrics[i], value, &s->cells[i], err))
				return false;
		}
	}
	return true;
}

/* It becomes a part of a path. */
static bool is_profile_name(const char *file)
{
	return !*file || (strspn(file, "0123456789abcdef") == HASH_HEX_SIZE - 1 &&
			  text_equal(file + HASH_HEX_SIZE - 1, ".pb.gz"));
}

static bool read_profile(struct arena *a, const cJSON *table, struct run_profile *p, struct err *err)
{
	const cJSON *o;

	if (!cJSON_HasObjectItem(table, "profile"))
		return true;
	if (!json_get_object(table, "profile", &o, err))
		return false;
	if (!json_get_text(a, o, "engine", &p->engine, err) || !json_get_text(a, o, "file", &p->file, err) ||
	    !json_get_int(o, "broken", &p->broken_count, err) || !json_get_int(o, "lost", &p->lost_count, err) ||
	    !json_get_int(o, "rate_hz", &p->rate_hz, err) || !json_get_int(o, "samples", &p->sample_count, err) ||
	    !json_get_text(a, o, "trouble", &p->trouble, err) || !json_get_text(a, o, "unwind", &p->unwind, err))
		return err_context(err, "profile");
	if (p->broken_count < 0 || p->lost_count < 0 || p->rate_hz < 0 || p->sample_count < 0)
		return err_set(err, "profile: counts must be whole numbers from 0 on");
	if (!is_profile_name(p->file))
		return err_set(err, "profile: \"file\" must be \"\" or the hash of a profile and \".pb.gz\"");
	return true;
}

static bool read_table_body(struct arena *a, const cJSON *o, struct slice_table *t, struct err *err)
{
	struct layout layout = {0};
	const cJSON *rows, *row;
	size_t number = 0;
	int status = find_word(cJSON_GetObjectItemCaseSensitive(o, "status"), run_status_names, run_status_count);

	if (status < 0)
		return err_set(err, "\"status\" must be \"measured\", \"failed\" or \"skipped\"");
	t->status = (enum bench_status)status;
	if (!json_get_text(a, o, "reason", &t->reason, err) || !json_get_text(a, o, "clock", &t->clock, err) ||
	    !get_some(a, o, "uncounted", &t->uncounted, err) || !read_profile(a, o, &t->profile, err) ||
	    !read_metrics(a, o, t, err) || !read_columns(a, o, t, &layout, err) ||
	    !json_get_array(o, "slices", &rows, err))
		return false;
	cJSON_ArrayForEach(row, rows)
	{
		number++;
		if (!read_slice(a, row, &layout, t, err))
			return err_context(err, "slice %zu", number);
	}
	return true;
}

static bool read_tables(struct arena *a, const cJSON *root, struct run *run, struct err *err)
{
	const cJSON *array, *item;
	const struct name *twin;
	struct name *names;

	if (!json_get_array(root, "tables", &array, err))
		return false;
	cJSON_ArrayForEach(item, array)
	{
		const char *suite, *bench;

		if (!json_get_text(a, item, "suite", &suite, err) || !json_get_text(a, item, "bench", &bench, err))
			return err_context(err, "table %zu", run->table_count + 1);
		if (!read_table_body(a, item, run_add(a, run, suite, bench), err))
			return err_context(err, "table %s/%s", text_printable_copy(a, suite),
					   text_printable_copy(a, bench));
	}
	names = NEW_ARRAY(a, struct name, run->table_count);
	for (size_t i = 0; i < run->table_count; i++)
		names[i] = (struct name){run->tables[i].suite, run->tables[i].bench};
	twin = find_twin(names, run->table_count);
	if (twin)
		return err_set(err, "table %s/%s is there twice", text_printable_copy(a, twin->first),
			       text_printable_copy(a, twin->second));
	return true;
}

/* "0x" and 16 hexadecimal digits: a number would lose its last bits in readers that keep doubles. */
static bool read_seed(struct arena *a, const cJSON *root, uint64_t *seed, struct err *err)
{
	const char *text;

	if (!json_get_text(a, root, "seed", &text, err))
		return false;
	if (strlen(text) != 18 || !text_starts(text, "0x") || strspn(text + 2, "0123456789abcdef") != 16)
		return err_set(err, "\"seed\" must be \"0x\" and 16 hexadecimal digits");
	*seed = strtoull(text + 2, NULL, 16);
	return true;
}

static bool check_version(const cJSON *root, struct err *err)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(root, "pawl_run");
	int64_t version;

	if (!value)
		return err_set(err, "is no run file of pawl: \"pawl_run\" is missing");
	if (!json_is_int(value, &version) || version < 1)
		return err_set(err, "\"pawl_run\" must be the version of the file, a whole number from 1 on");
	if (version > RUN_FILE_VERSION)
		return err_set(err,
			       "was written by a newer pawl (run file version %lld, this pawl reads version %d): "
			       "update pawl",
			       (long long)version, RUN_FILE_VERSION);
	return true;
}

static bool read_run(struct arena *a, const cJSON *root, struct run *run, struct err *err)
{
	const char **parents;

	if (!check_version(root, err) || !json_get_text(a, root, "branch", &run->branch, err) ||
	    !json_get_text(a, root, "check_id", &run->check_id, err) ||
	    !json_get_bool(root, "dirty", &run->dirty, err) || !read_host(a, root, &run->host, err) ||
	    !json_get_texts(a, root, "parents", &parents, &run->parent_count, err) ||
	    !json_get_bool(root, "partial", &run->partial, err) ||
	    !json_get_text(a, root, "pawl_version", &run->pawl_version, err) ||
	    !json_get_text(a, root, "revision", &run->revision, err) || !read_seed(a, root, &run->seed, err) ||
	    !json_get_int(root, "shard", &run->shard, err) ||
	    !json_get_int(root, "shard_count", &run->shard_count, err) ||
	    !json_get_text(a, root, "started", &run->started, err) || !read_suites(a, root, run, err) ||
	    !read_tables(a, root, run, err) ||
	    !json_get_texts(a, root, "warnings", &run->warnings, &run->warning_count, err))
		return false;
	run->parents = parents;
	run->warning_capacity = run->warning_count;
	return true;
}

bool run_from_json(struct arena *a, const char *path, struct str text, struct run *run, struct err *err)
{
	char hex[HASH_HEX_SIZE];
	cJSON *root;
	bool ok;

	*run = (struct run){0};
	if (!json_parse(a, path, text, &root, err))
		return false;
	ok = read_run(a, root, run, err);
	cJSON_Delete(root);
	if (!ok)
		return err_context(err, "%s", path);
	hash_bytes(text.at, text.size, hex);
	run->id = arena_string(a, hex);
	run->source = arena_string(a, path);
	return true;
}
