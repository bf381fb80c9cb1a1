/*
 * Writing a run file.
 */
#include "model/run_json.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/json_read.h"
#include "model/run_columns.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static void write_text(struct json *j, const char *key, const char *text)
{
	json_key(j, key);
	json_text(j, text ? text : "");
}

/* Readers keep numbers as doubles: what those cannot hold is a text of digits. */
static void write_int(struct json *j, int64_t value)
{
	char digits[32];

	if (value >= -(int64_t)JSON_WHOLE_LIMIT && value <= (int64_t)JSON_WHOLE_LIMIT) {
		json_int(j, value);
		return;
	}
	snprintf(digits, sizeof digits, "%" PRId64, value);
	json_text(j, digits);
}

/* A key that most files do not have. */
static void write_some(struct json *j, const char *key, const char *text)
{
	if (text && *text)
		write_text(j, key, text);
}

static void write_texts(struct json *j, const char *key, const char *const *texts, size_t count)
{
	json_key(j, key);
	json_begin_array(j);
	for (size_t i = 0; i < count; i++)
		json_text(j, texts[i]);
	json_end_array(j);
}

static void write_host(struct json *j, const struct host *h)
{
	json_key(j, "host");
	json_begin_object(j);
	write_text(j, "arch", h->arch);
	write_text(j, "compiler", h->compiler);
	json_key(j, "cores");
	write_int(j, h->cores);
	write_text(j, "cpu_flags", h->cpu_flags);
	write_text(j, "cpu_model", h->cpu_model);
	write_text(j, "governor", h->governor);
	write_text(j, "hypervisor", h->hypervisor);
	write_text(j, "kernel", h->kernel);
	write_text(j, "libc", h->libc);
	json_key(j, "load");
	json_double(j, h->load);
	write_text(j, "machine_class", h->machine_class);
	write_text(j, "smt", h->smt);
	write_text(j, "turbo", h->turbo);
	json_end_object(j);
}

static void write_suites(struct json *j, const struct run *run)
{
	json_key(j, "suites");
	json_begin_array(j);
	for (size_t i = 0; i < run->suite_count; i++) {
		const struct run_suite *s = &run->suites[i];

		json_begin_object_line(j);
		json_key(j, "absent");
		json_bool(j, s->absent);
		write_some(j, "compiler", s->compiler);
		write_text(j, "config_digest", s->config_digest);
		write_some(j, "counter", s->counter);
		write_text(j, "failure", s->failure);
		write_some(j, "isa", s->isa);
		write_text(j, "kind", s->kind);
		write_text(j, "name", s->name);
		write_text(j, "program_version", s->program_version);
		if (s->same_code) {
			json_key(j, "same_code");
			json_bool(j, true);
		}
		json_end_object(j);
	}
	json_end_array(j);
}

static void write_columns(struct json *j, const struct slice_table *t)
{
	json_key(j, "columns");
	json_begin_array_line(j);
	for (size_t i = 0; i < run_column_count; i++)
		json_text(j, run_columns[i].name);
	for (size_t i = 0; i < t->metric_count; i++)
		json_text(j, t->metrics[i].name);
	json_end_array(j);
}

static void write_metrics(struct json *j, const struct slice_table *t)
{
	json_key(j, "metrics");
	json_begin_array(j);
	for (size_t i = 0; i < t->metric_count; i++) {
		json_begin_object_line(j);
		write_text(j, "category", category_name(t->metrics[i].category));
		write_text(j, "name", t->metrics[i].name);
		write_text(j, "unit", t->metrics[i].unit);
		json_end_object(j);
	}
	json_end_array(j);
}

static void write_slice(struct json *j, const struct slice_table *t, const struct slice *s)
{
	json_begin_array_line(j);
	for (size_t i = 0; i < run_column_count; i++) {
		const struct run_column *c = &run_columns[i];
		int64_t value;

		switch (c->kind) {
		case RUN_COLUMN_SIDE:
			json_text(j, run_side_names[s->side]);
			break;
		case RUN_COLUMN_PHASE:
			json_text(j, run_phase_names[s->phase]);
			break;
		case RUN_COLUMN_INT:
			memcpy(&value, (const char *)s + c->offset, sizeof value);
			write_int(j, value);
			break;
		}
	}
	for (size_t i = 0; i < t->metric_count; i++) {
		if (s->cells[i].present)
			json_double(j, s->cells[i].value);
		else
			json_null(j);
	}
	json_end_array(j);
}

static void write_profile(struct json *j, const struct run_profile *p)
{
	if (!p->engine)
		return;
	json_key(j, "profile");
	json_begin_object_line(j);
	json_key(j, "broken");
	write_int(j, p->broken_count);
	write_text(j, "engine", p->engine);
	write_text(j, "file", p->file);
	json_key(j, "lost");
	write_int(j, p->lost_count);
	json_key(j, "rate_hz");
	write_int(j, p->rate_hz);
	json_key(j, "samples");
	write_int(j, p->sample_count);
	write_text(j, "trouble", p->trouble);
	write_text(j, "unwind", p->unwind);
	json_end_object(j);
}

static void write_tables(struct json *j, const struct run *run)
{
	json_key(j, "tables");
	json_begin_array(j);
	for (size_t i = 0; i < run->table_count; i++) {
		const struct slice_table *t = &run->tables[i];

		json_begin_object(j);
		write_text(j, "bench", t->bench);
		write_text(j, "clock", t->clock);
		write_columns(j, t);
		write_metrics(j, t);
		write_profile(j, &t->profile);
		write_text(j, "reason", t->reason);
		json_key(j, "slices");
		json_begin_array(j);
		for (size_t k = 0; k < t->slice_count; k++)
			write_slice(j, t, &t->slices[k]);
		json_end_array(j);
		write_text(j, "status", run_status_names[t->status]);
		write_text(j, "suite", t->suite);
		write_some(j, "uncounted", t->uncounted);
		json_end_object(j);
	}
	json_end_array(j);
}

struct str run_to_json(struct arena *a, struct run *run)
{
	struct buf out = {.arena = a};
	struct json j = {.out = &out};
	char hex[HASH_HEX_SIZE];

	json_begin_object(&j);
	json_key(&j, "pawl_run");
	json_int(&j, RUN_FILE_VERSION);
	write_text(&j, "branch", run->branch);
	write_text(&j, "check_id", run->check_id);
	json_key(&j, "dirty");
	json_bool(&j, run->dirty);
	write_host(&j, &run->host);
	write_texts(&j, "parents", run->parents, run->parent_count);
	json_key(&j, "partial");
	json_bool(&j, run->partial);
	write_text(&j, "pawl_version", run->pawl_version);
	write_text(&j, "revision", run->revision);
	write_text(&j, "seed", arena_printf(a, "0x%016" PRIx64, run->seed));
	json_key(&j, "shard");
	write_int(&j, run->shard);
	json_key(&j, "shard_count");
	write_int(&j, run->shard_count);
	write_text(&j, "started", run->started);
	write_suites(&j, run);
	write_tables(&j, run);
	write_texts(&j, "warnings", run->warnings, run->warning_count);
	json_end_object(&j);
	buf_char(&out, '\n');
	hash_bytes(out.at, out.size, hex);
	run->id = arena_string(a, hex);
	return (struct str){.at = out.at, .size = out.size};
}

static bool skip(struct str *text, const char *prefix)
{
	size_t size = strlen(prefix);

	if (text->size < size || memcmp(text->at, prefix, size) != 0)
		return false;
	text->at += size;
	text->size -= size;
	return true;
}

static void skip_space(struct str *text)
{
	while (skip(text, " ") || skip(text, "\n") || skip(text, "\t") || skip(text, "\r"))
		;
}

bool run_json_sniff(struct str text)
{
	skip(&text, "\xEF\xBB\xBF");
	skip_space(&text);
	if (!skip(&text, "{"))
		return false;
	skip_space(&text);
	if (!skip(&text, "\"pawl_run\""))
		return false;
	skip_space(&text);
	return skip(&text, ":");
}
