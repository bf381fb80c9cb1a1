/* The first keys of JSON texts. */
#include "input/sniff.h"

#include "input/rows.h"
#include "input/scan.h"

#include <string.h>

enum { LOOKED_AT = 64 << 10 };

struct str sniff_key(struct str text, const char *brackets)
{
	static const struct str nothing = {"", 0};
	struct scan s = {.text = text_without_mark(text)};
	struct str key = nothing;

	for (; *brackets; brackets++) {
		if (scan_next(&s) != (unsigned char)*brackets)
			return nothing;
		s.at++;
		if (*brackets != '{')
			continue;
		if (scan_next(&s) != '"')
			return nothing;
		const char *from = s.text.at + ++s.at;
		while (s.at < s.text.size && s.text.at[s.at] != '"')
			s.at += s.text.at[s.at] == '\\' ? 2 : 1;
		if (s.at >= s.text.size)
			return nothing;
		key = (struct str){from, (size_t)(s.text.at + s.at - from)};
		s.at++;
		if (scan_next(&s) != ':')
			return nothing;
		s.at++;
	}
	return key;
}

bool sniff_holds(struct str text, const char *words)
{
	return memmem(text.at, text.size < LOOKED_AT ? text.size : LOOKED_AT, words, strlen(words)) != NULL;
}
