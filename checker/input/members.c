/* Members, read in place where they need no mending. */
#include "input/members.h"

#include "base/decimal.h"

#include <cjson/cJSON.h>
#include <string.h>

/* Longer numbers are rounded by the mending reader. */
enum { NUMBER_LIMIT = 60 };

static struct member *add(struct members *m)
{
	m->items = arena_reserve(m->arena, m->items, m->count, &m->capacity, sizeof *m->items);
	return &m->items[m->count++];
}

/* What was seen on the way through an entry. */
struct walk {
	const char *end;
	size_t newlines;
};

static const char *skip_space(const char *at, struct walk *w)
{
	while (at < w->end && (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r'))
		w->newlines += *at++ == '\n';
	return at;
}

/* Eight bytes that are ASCII, no control characters, no quotes and no backslashes (Mycroft's test for a byte below 32 or
 * equal to another: what is subtracted borrows into the high bit). */
static bool is_eight_plain(const char *at)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = 0x80 * ones;
	uint64_t bytes, quotes, escapes;

	memcpy(&bytes, at, sizeof bytes);
	quotes = bytes ^ '"' * ones;
	escapes = bytes ^ '\\' * ones;
	return ((bytes | (bytes - 0x20 * ones) | (quotes - ones) | (escapes - ones)) & high) == 0;
}

/* The byte behind a string of plain ASCII without escapes and control characters, or NULL. */
static const char *take_string(const char *at, const char *end, struct str *out)
{
	const char *from = ++at;

	while (end - at >= 8 && is_eight_plain(at))
		at += 8;
	while (at < end && (unsigned char)*at - 0x20u < 0x60 && *at != '"' && *at != '\\')
		at++;
	if (at == end || *at != '"')
		return NULL;
	*out = (struct str){from, (size_t)(at - from)};
	return at + 1;
}

static const char *take_word(const char *at, const char *end, struct member *out)
{
	static const struct {
		struct str text;
		enum member_kind kind;
	} words[] = {{{"true", 4}, MEMBER_TRUE}, {{"false", 5}, MEMBER_FALSE}, {{"null", 4}, MEMBER_NULL}};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t size = words[i].text.size;

		if ((size_t)(end - at) > size && memcmp(at, words[i].text.at, size) == 0) {
			out->kind = words[i].kind;
			return at + size;
		}
	}
	return NULL;
}

static const char *take_number(const char *at, const char *end, struct member *out)
{
	size_t size = decimal_take((struct str){at, (size_t)(end - at)}, &out->number);

	out->kind = MEMBER_NUMBER;
	if (size == 0 || size > NUMBER_LIMIT)
		return NULL;
	/* 1.000 iterations are a thousand in some locales. */
	if (str_equal(out->key, "iterations") && memchr(at, '.', size))
		return NULL;
	return at + size;
}

/* The byte behind a value that needs no mending, or NULL. */
static const char *take_value(const char *at, const char *end, struct member *out)
{
	if (*at == '"') {
		out->kind = MEMBER_STRING;
		return take_string(at, end, &out->text);
	}
	if (*at == '-' || (*at >= '0' && *at <= '9'))
		return take_number(at, end, out);
	return take_word(at, end, out);
}

/* The byte behind the object, or NULL where something in it must be mended, is nested or does not belong there. */
static const char *take_plain(const char *at, struct walk *w, struct members *m)
{
	at = skip_space(at + 1, w);
	for (;;) {
		struct member *item;

		if (at == w->end || *at != '"')
			return NULL;
		item = add(m);
		*item = (struct member){0};
		at = take_string(at, w->end, &item->key);
		at = at ? skip_space(at, w) : w->end;
		if (at == w->end || *at != ':')
			return NULL;
		at = skip_space(at + 1, w);
		at = at < w->end ? take_value(at, w->end, item) : NULL;
		at = at ? skip_space(at, w) : w->end;
		if (at < w->end && *at == '}')
			return at + 1;
		if (at == w->end || *at != ',')
			return NULL;
		at = skip_space(at + 1, w);
	}
}

static void add_item(struct arena *a, struct members *m, const cJSON *item)
{
	struct member *member = add(m);

	*member = (struct member){.key = str_of(arena_string(a, item->string)), .kind = MEMBER_NESTED};
	if (cJSON_IsString(item)) {
		member->kind = MEMBER_STRING;
		member->text = str_of(arena_string(a, item->valuestring));
	} else if (cJSON_IsNumber(item)) {
		member->kind = MEMBER_NUMBER;
		member->number = item->valuedouble;
	} else if (cJSON_IsBool(item)) {
		member->kind = cJSON_IsTrue(item) ? MEMBER_TRUE : MEMBER_FALSE;
	} else if (cJSON_IsNull(item)) {
		member->kind = MEMBER_NULL;
	}
}

static bool take_mended(struct arena *a, struct scan *s, struct members *m, struct err *err)
{
	size_t at = s->at;
	const cJSON *item;
	cJSON *object;

	m->copy.size = 0;
	if (!scan_value(s, &m->copy, err))
		return false;
	object = cJSON_ParseWithLength(m->copy.at, m->copy.size);
	if (!object)
		return scan_fail(s, at, err, "cannot be read as JSON");
	cJSON_ArrayForEach(item, object) add_item(a, m, item);
	cJSON_Delete(object);
	return true;
}

bool members_take(struct arena *a, struct scan *s, struct members *m, struct err *err)
{
	struct walk w = {.end = s->text.at + s->text.size};
	const char *at = s->text.at + s->at;
	const char *behind;

	m->count = 0;
	m->line = scan_line(s, s->at);
	behind = take_plain(at, &w, m);
	if (behind) {
		s->at += (size_t)(behind - at);
		scan_pass(s, s->at, w.newlines);
		return true;
	}
	m->count = 0;
	return take_mended(a, s, m, err);
}
