/*
 * What went wrong, in words for the user.
 *
 * A function that can fail because of something outside the program returns bool, takes `struct err *` last and is
 * marked MUST_CHECK.  The lowest level sets the text with the path, line and column that it alone knows; a level above
 * adds context only if it knows more; main prints it once.
 */
#ifndef PAWL_BASE_ERR_H
#define PAWL_BASE_ERR_H

#include <stdbool.h>

#define MUST_CHECK             __attribute__((warn_unused_result))
#define PRINTF_LIKE(at, first) __attribute__((format(printf, at, first)))

enum { ERR_SIZE = 16384 }; /* a hundred problems of a configuration, each with its place */

struct err {
	char text[ERR_SIZE];
};

/* Sets the text (cut at ERR_SIZE - 1 bytes).  Always false, so that callers can return it. */
bool err_set(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

/* Puts "words: " before the text.  Always false. */
bool err_context(struct err *err, const char *format, ...) PRINTF_LIKE(2, 3);

#endif
