/* Globs over names, and the name that was probably meant. */
#include "base/text.h"

#include <string.h>

bool text_glob(const char *pattern, const char *text)
{
	const char *star = NULL, *star_text = NULL;   /* last '*' and where its match ends */
	const char *twice = NULL, *twice_text = NULL; /* last '**' */

	for (;;) {
		if (pattern[0] == '*' && pattern[1] == '*') {
			while (*pattern == '*')
				pattern++;
			twice = pattern;
			twice_text = text;
			star = NULL;
			continue;
		}
		if (*pattern == '*') {
			star = ++pattern;
			star_text = text;
			continue;
		}
		if (*text && (*pattern == *text || (*pattern == '?' && *text != '/'))) {
			pattern++;
			text++;
			continue;
		}
		if (!*text && !*pattern)
			return true;
		/* Let the nearest star take one more character. */
		if (star && *star_text && *star_text != '/') {
			text = ++star_text;
			pattern = star;
			continue;
		}
		if (twice && *twice_text) {
			text = ++twice_text;
			pattern = twice;
			star = NULL;
			continue;
		}
		return false;
	}
}

enum { WORD_LIMIT = 64 };

static size_t least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
static size_t distance(const char *a, size_t a_size, const char *b, size_t b_size)
{
	size_t rows[3][WORD_LIMIT + 1];

	for (size_t j = 0; j <= b_size; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_size; i++) {
		size_t *now = rows[i % 3], *above = rows[(i + 2) % 3], *two_above = rows[(i + 1) % 3];

		now[0] = i;
		for (size_t j = 1; j <= b_size; j++) {
			size_t cost = a[i - 1] == b[j - 1] ? 0 : 1;

			now[j] = least(least(above[j] + 1, now[j - 1] + 1), above[j - 1] + cost);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				now[j] = least(now[j], two_above[j - 2] + 1);
		}
	}
	return rows[a_size % 3][b_size];
}

const char *text_nearest(const char *word, const char *const *names, size_t count)
{
	size_t size = strlen(word);
	size_t best = size < 3 ? 2 : size / 3 + 2; /* more changes than a third of the word is another word */
	const char *nearest = NULL;

	if (size > WORD_LIMIT)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		size_t name_size = strlen(names[i]);
		size_t changes;

		if (name_size > WORD_LIMIT)
			continue;
		changes = distance(word, size, names[i], name_size);
		/* A beginning of a name is meant, however long the rest is. */
		if (size >= 3 && strncmp(word, names[i], size) == 0)
			changes = 1;
		if (changes < best) {
			best = changes;
			nearest = names[i];
		}
	}
	return nearest;
}
