/* PCRE2 with its memory in an arena. */
#include "base/regex.h"

#include <pcre2.h>
#include <string.h>

enum { MATCH_LIMIT = 1000000 }; /* steps: a pattern of a user must not hang the check */

struct regex {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
	const char *pattern;
};

static void *take(size_t size, void *arena)
{
	return arena_alloc(arena, size);
}

static void give(void *at, void *arena)
{
	(void)at;
	(void)arena;
}

bool regex_compile(struct arena *a, const char *pattern, struct regex **out, struct err *err)
{
	pcre2_general_context *memory = pcre2_general_context_create(take, give, a);
	pcre2_compile_context *compile = pcre2_compile_context_create(memory);
	struct regex *re = NEW(a, struct regex);
	PCRE2_SIZE at;
	int code;

	re->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &code,
				 &at, compile);
	if (!re->code) {
		PCRE2_UCHAR text[256];

		pcre2_get_error_message(code, text, sizeof text);
		return err_set(err, "'%s' is no regular expression: %s at character %zu", pattern, (const char *)text,
			       (size_t)at + 1);
	}
	re->data = pcre2_match_data_create_from_pattern(re->code, memory);
	re->context = pcre2_match_context_create(memory);
	pcre2_set_match_limit(re->context, MATCH_LIMIT);
	re->pattern = arena_string(a, pattern);
	*out = re;
	return true;
}

bool regex_matches(const struct regex *re, const char *text)
{
	return pcre2_match(re->code, (PCRE2_SPTR)text, strlen(text), 0, 0, re->data, re->context) >= 0;
}

bool regex_search(const struct regex *re, const char *text, bool *found, struct err *err)
{
	int code = pcre2_match(re->code, (PCRE2_SPTR)text, strlen(text), 0, 0, re->data, re->context);
	PCRE2_UCHAR why[256];

	*found = code >= 0;
	if (code >= 0 || code == PCRE2_ERROR_NOMATCH)
		return true;
	pcre2_get_error_message(code, why, sizeof why);
	return err_set(err,
		       "'%s' takes too long to match (%s): nested repetitions such as (a+)+ explode; write it simpler",
		       re->pattern, (const char *)why);
}
