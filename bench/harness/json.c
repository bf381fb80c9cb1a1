/* The JSON that google-benchmark writes, schema version 1: same keys in the same order, doubles with 17 digits. */
#include "internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Bytes of the UTF-8 sequence at `text`, 0 if it is none (RFC 3629: shortest form, no surrogates, up to U+10FFFF). */
static size_t utf8_length(const unsigned char *text)
{
	static const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length = *text < 0x80 ? 1 : *text >> 5 == 6 ? 2 : *text >> 4 == 14 ? 3 : *text >> 3 == 30 ? 4 : 0;
	unsigned code = length ? *text & (0xffU >> (length > 1 ? length + 1 : 1)) : 0;

	for (size_t i = 1; i < length; i++) {
		if (text[i] >> 6 != 2)
			return 0;
		code = code << 6 | (text[i] & 0x3fU);
	}
	if (length > 1 && (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)))
		return 0;
	return length;
}

static void string_write(FILE *out, const char *text)
{
	static const char short_escapes[] = "\"\"\\\\\bb\ff\nn\rr\tt";
	const unsigned char *at = (const unsigned char *)text;

	fputc('"', out);
	while (*at) {
		const char *escape = short_escapes;
		size_t length = utf8_length(at);
		while (*escape && (unsigned char)*escape != *at)
			escape += 2;
		if (*escape)
			fprintf(out, "\\%c", escape[1]);
		else if (*at < 0x20 || *at == 0x7f)
			fprintf(out, "\\u%04x", *at);
		else if (length == 0)
			fputs("\\ufffd", out);
		else
			fwrite(at, 1, length, out);
		at += length > 0 ? length : 1;
	}
	fputc('"', out);
}

/* Not numbers of JSON, but what google-benchmark writes and its readers take. */
static void double_write(FILE *out, double value)
{
	if (isnan(value))
		fputs("NaN", out);
	else if (isinf(value))
		fputs(value < 0 ? "-Infinity" : "Infinity", out);
	else
		fprintf(out, "%.16e", value);
}

static void text_field(FILE *out, const char *indent, const char *key, const char *value)
{
	fputs(indent, out);
	string_write(out, key);
	fputs(": ", out);
	string_write(out, value);
}

static void integer_field(FILE *out, const char *key, int64_t value)
{
	fprintf(out, ",\n      \"%s\": %lld", key, (long long)value);
}

static void double_field(FILE *out, const char *key, double value)
{
	fputs(",\n      ", out);
	string_write(out, key);
	fputs(": ", out);
	double_write(out, value);
}

static void caches_write(FILE *out, const struct bench_context *context)
{
	fputs(",\n    \"caches\": [", out);
	for (size_t i = 0; i < context->cache_count; i++) {
		const struct bench_cache *cache = &context->caches[i];
		fprintf(out, "%s\n      {\n", i ? "," : "");
		text_field(out, "        ", "type", cache->type);
		fprintf(out,
			",\n        \"level\": %ld,\n        \"size\": %ld,\n        \"num_sharing\": %ld\n      }",
			cache->level, cache->size_bytes, cache->sharing);
	}
	fputs(context->cache_count > 0 ? "\n    ]" : "]", out);
}

static void json_begin(struct bench_report *report, const struct bench_context *context)
{
	FILE *out = report->out;

	fputs("{\n  \"context\": {\n", out);
	text_field(out, "    ", "date", context->date);
	text_field(out, ",\n    ", "host_name", context->host_name);
	text_field(out, ",\n    ", "executable", context->executable);
	fprintf(out, ",\n    \"num_cpus\": %ld,\n    \"mhz_per_cpu\": %ld", context->cpu_count, lround(context->mhz));
	fprintf(out, ",\n    \"cpu_scaling_enabled\": %s", context->scaling ? "true" : "false");
	fprintf(out, ",\n    \"aslr_enabled\": %s", context->aslr ? "true" : "false");
	caches_write(out, context);
	fputs(",\n    \"load_avg\": [", out);
	for (int i = 0; i < context->load_count; i++)
		fprintf(out, "%s%g", i ? "," : "", context->load[i]);
	fputc(']', out);
	text_field(out, ",\n    ", "library_version", BENCH_VERSION);
	text_field(out, ",\n    ", "library_build_type", context->build_type);
	fputs(",\n    \"json_schema_version\": 1", out);
	for (size_t i = 0; i < context->custom->count; i++)
		text_field(out, ",\n    ", context->custom->all[i].key, context->custom->all[i].value);
	fputs("\n  },\n  \"benchmarks\": [", out);
}

static void json_row(struct bench_report *report, const struct bench_row *row)
{
	static const char indent[] = ",\n      ";
	const struct bench_instance *instance = row->instance;
	FILE *out = report->out;
	char *name = bench_row_name(row);

	fprintf(out, "%s\n    {\n", report->row_count ? "," : "");
	text_field(out, indent + 2, "name", name);
	free(name);
	integer_field(out, "family_index", (int64_t)instance->family_index);
	integer_field(out, "per_family_instance_index", (int64_t)instance->instance_index);
	text_field(out, indent, "run_name", instance->name);
	text_field(out, indent, "run_type", row->aggregate ? "aggregate" : "iteration");
	integer_field(out, "repetitions", row->repetitions);
	if (!row->aggregate)
		integer_field(out, "repetition_index", row->repetition_index);
	integer_field(out, "threads", instance->threads);
	if (row->aggregate) {
		text_field(out, indent, "aggregate_name", row->aggregate);
		text_field(out, indent, "aggregate_unit", row->percentage ? "percentage" : "time");
	}
	if (row->skip == BENCH_FAILED) {
		fprintf(out, "%s\"error_occurred\": true", indent);
		text_field(out, indent, "error_message", row->message);
	} else if (row->skip == BENCH_SKIPPED) {
		fprintf(out, "%s\"skipped\": true", indent);
		text_field(out, indent, "skip_message", row->message);
	}
	integer_field(out, "iterations", row->iterations);
	double_field(out, "real_time", row->real);
	double_field(out, "cpu_time", row->cpu);
	text_field(out, indent, "time_unit", bench_unit_name(instance->unit));
	for (size_t i = 0; i < row->counters.count; i++)
		double_field(out, row->counters.all[i].name, row->counters.all[i].value);
	if (row->label)
		text_field(out, indent, "label", row->label);
	fputs("\n    }", out);
}

static void json_end(struct bench_report *report)
{
	fputs("\n  ]\n}\n", report->out);
}

const struct bench_format bench_format_json = {"json", json_begin, json_row, json_end};
