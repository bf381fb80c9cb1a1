/* Functions by name, whatever the compiler added to it. */
#include "flow/attribute_names.h"

#include <ctype.h>
#include <string.h>

/* Marks that gcc and clang put behind a function's name; a number may follow. */
static const char *const clone_marks[] = {"constprop", "isra",     "part",       "cold",
					  "llvm",      "lto_priv", "localalias", "warm"};

/* Where a trailing ".word" or ".word.number" of a clone begins, or the size. */
static size_t without_mark(struct str name)
{
	size_t end = name.size, dot;

	while (end && isdigit((unsigned char)name.at[end - 1]))
		end--;
	if (end < name.size && end && name.at[end - 1] == '.')
		end--;
	else
		end = name.size;
	for (dot = end; dot && name.at[dot - 1] != '.'; dot--)
		;
	if (dot < 2)
		return name.size;
	for (size_t i = 0; i < sizeof clone_marks / sizeof clone_marks[0]; i++)
		if (str_equal((struct str){name.at + dot, end - dot}, clone_marks[i]))
			return dot - 1;
	return name.size;
}

static size_t find_last(struct str text, const char *wanted)
{
	size_t size = strlen(wanted);

	for (size_t i = text.size; i >= size; i--)
		if (memcmp(text.at + i - size, wanted, size) == 0)
			return i - size;
	return text.size;
}

/* What starts with a bracket is no function but a place in a library: "[libfoo.so+0x1234]" is "[libfoo.so". */
static struct str without_address(struct str name)
{
	size_t plus = find_last(name, "+0x");

	return (struct str){name.at, plus};
}

struct str function_clean(struct str name)
{
	if (name.size && name.at[0] == '[')
		return without_address(name);
	for (;;) {
		size_t size = name.size;

		if (size && name.at[size - 1] == ']')
			size = find_last(name, " [clone ");
		else
			size = without_mark(name);
		if (size == name.size || !size)
			return name;
		name.size = size;
	}
}

/* What a name may stand behind: nothing, a namespace of C++ or Rust, a package of Go, the type that a template returns. */
static bool begins_name(struct str name, size_t at)
{
	return at == 0 || name.at[at - 1] == '.' || name.at[at - 1] == ' ' ||
	       (at >= 2 && memcmp(name.at + at - 2, "::", 2) == 0);
}

bool function_is(struct str name, const char *wanted)
{
	size_t size = strlen(wanted);

	for (size_t i = 0; size && i + size <= name.size; i++) {
		size_t end = i + size;

		if (memcmp(name.at + i, wanted, size) == 0 && begins_name(name, i) &&
		    (end == name.size || name.at[end] == '(' || name.at[end] == '<'))
			return true;
	}
	return false;
}

bool scope_has_name(const struct attribute_scope *scope, const char *name)
{
	for (size_t i = 0; i < scope->name_count; i++)
		if (function_is(str_of(name), scope->names[i]))
			return true;
	return scope->pattern && regex_matches(scope->pattern, name);
}

bool scope_has_runner(const struct attribute_scope *scope, const char *name)
{
	for (size_t i = 0; i < scope->runner_count; i++)
		if (function_is(str_of(name), scope->runners[i]))
			return true;
	return false;
}

bool scope_is_all(const struct attribute_scope *scope)
{
	return !scope->name_count && !scope->pattern && !scope->runner_count;
}

bool function_starts_thread(const char *name)
{
	static const char *const starts[] = {"main",   "_start",  "start_thread", "clone",
					     "clone3", "__clone", "__clone3"};
	static const char *const prefixes[] = {"__libc_start", "_dl_", "runtime.", "[kernel", "[ld-linux"};

	for (size_t i = 0; i < sizeof starts / sizeof starts[0]; i++)
		if (text_equal(name, starts[i]))
			return true;
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (text_starts(name, prefixes[i]))
			return true;
	return false;
}
