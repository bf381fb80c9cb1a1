/* Demangling of C++ and Rust, and the marks of clones. */
#include "symbol/name.h"

#include "base/text.h"
#include "symbol/name_bound.h"
#include "symbol/name_rust.h"

#include <stdbool.h>
#include <string.h>

enum {
	MOST_SIZE = 1023, /* libstdc++ 12 demangles no more, so that its recursion has a limit */
	MOST_RUST = 64 * 1024,
	MOST_DEMANGLED = 1 << 20,
	HASH_SIZE = sizeof("17h0123456789abcdefE") - 1,
};

/* What symbol/plt.h puts behind the name of a function in a library. */
static const char stub[] = "@plt";

/* Of libstdc++; its header is for C++ alone. */
char *__cxa_demangle(const char *mangled, char *buffer, size_t *size, int *status);

/* ---- marks of clones ---- */

/* Bytes of a mark at `text`, which begins with a dot; 0: it is none. */
static size_t mark_size(const char *text)
{
	/* gcc: ipa passes and partitions; clang: partitions, ThinLTO, unique internal names. */
	static const char *const words[] = {
		".constprop", ".isra",     ".part",  ".cold",  ".llvm",   ".lto_priv", ".localalias",
		".hot",       ".unlikely", ".split", ".clone", ".__uniq", ".warm",     ".simdclone",
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		size_t size = strlen(words[i]);

		if (!text_starts(text, words[i]) || (text[size] && text[size] != '.'))
			continue;
		if (text[size] == '.' && text[size + 1] >= '0' && text[size + 1] <= '9') {
			size_t digits = strspn(text + size + 1, "0123456789");

			if (!text[size + 1 + digits] || text[size + 1 + digits] == '.')
				size += 1 + digits;
		}
		return size;
	}
	return 0;
}

size_t name_base_size(const char *raw)
{
	const char *dot = strchr(raw, '.');

	for (; dot && dot > raw; dot = strchr(dot + 1, '.')) {
		const char *at = dot;

		/* Everything up to the end must be marks. */
		while (*at == '.') {
			size_t size = mark_size(at);

			if (!size)
				break;
			at += size;
		}
		if (!*at)
			return (size_t)(dot - raw);
		if (at > dot)
			dot = at - 1;
	}
	return strlen(raw);
}

/* ---- Rust's legacy scheme: an Itanium nested name whose last part is a hash ---- */

static bool is_rust(const char *raw, size_t size)
{
	const char *hash = raw + size - HASH_SIZE;

	return size > HASH_SIZE + 3 && text_starts(raw, "_ZN") && text_starts(hash, "17h") &&
	       strspn(hash + 3, "0123456789abcdef") == 16 && raw[size - 1] == 'E';
}

/* The character of an escape between dollar signs (rustc's legacy symbol mangling); 0: none. */
static const char *escape_of(const char *at, size_t size, char room[5])
{
	static const struct {
		const char *code, *text;
	} escapes[] = {
		{"SP", "@"}, {"BP", "*"}, {"RF", "&"}, {"LT", "<"}, {"GT", ">"}, {"LP", "("}, {"RP", ")"}, {"C", ","},
	};

	for (size_t i = 0; i < sizeof(escapes) / sizeof(*escapes); i++) {
		if (size == strlen(escapes[i].code) && memcmp(at, escapes[i].code, size) == 0)
			return escapes[i].text;
	}
	if (size == 3 && at[0] == 'u') {
		unsigned code = 0;

		for (size_t i = 1; i < 3; i++) {
			const char *digit = strchr("0123456789abcdef", at[i]);

			if (!digit || !at[i])
				return NULL;
			code = code * 16 + (unsigned)(digit - "0123456789abcdef");
		}
		if (code >= 0x20 && code < 0x7f) {
			room[0] = (char)code;
			room[1] = '\0';
			return room;
		}
	}
	return NULL;
}

static void put_rust_part(struct buf *out, const char *at, size_t size)
{
	const char *end = at + size;

	/* A part that would begin with an escape has an underscore before it. */
	if (size >= 2 && at[0] == '_' && at[1] == '$')
		at++;
	while (at < end) {
		const char *close = *at == '$' ? memchr(at + 1, '$', (size_t)(end - at - 1)) : NULL, *text;
		char room[5];

		if (close && (text = escape_of(at + 1, (size_t)(close - at - 1), room))) {
			buf_text(out, text);
			at = close + 1;
		} else if (end - at >= 2 && at[0] == '.' && at[1] == '.') {
			buf_text(out, "::");
			at += 2;
		} else {
			buf_char(out, *at++);
		}
	}
}

static const char *demangle_rust(struct arena *a, const char *raw, size_t size)
{
	const char *at = raw + 3, *end = raw + size - HASH_SIZE;
	struct buf out = {.arena = a};

	while (at < end) {
		size_t length = 0;

		if (*at < '1' || *at > '9')
			return NULL;
		for (; at < end && *at >= '0' && *at <= '9'; at++) {
			length = length * 10 + (size_t)(*at - '0');
			if (length > size)
				return NULL;
		}
		if (length > (size_t)(end - at))
			return NULL;
		if (out.size)
			buf_text(&out, "::");
		put_rust_part(&out, at, length);
		at += length;
	}
	return buf_string(&out);
}

/* ---- */

/* The demangler takes time and memory without bound for some names; what is not understood is not given to it. */
static bool is_bounded(const char *raw, size_t size)
{
	return size <= MOST_SIZE && name_bound(raw, size) <= MOST_DEMANGLED;
}

const char *name_demangle(struct arena *a, const char *raw)
{
	size_t size = strlen(raw);
	const char *name = NULL;
	int status;

	if (size > MOST_RUST)
		return raw;
	if (text_starts(raw, "_R"))
		name = name_rust_v0(a, raw);
	else if (!text_starts(raw, "_Z"))
		return raw;
	else if (is_rust(raw, size))
		name = demangle_rust(a, raw, size);
	else if (is_bounded(raw, size))
		name = arena_adopt(a, __cxa_demangle(raw, NULL, NULL, &status));
	return name && *name ? name : raw;
}

const char *name_clean(struct arena *a, const char *raw)
{
	size_t size = strlen(raw), base = name_base_size(raw);

	if (text_ends(raw, stub)) {
		const char *called = arena_copy(a, raw, size - strlen(stub)), *name = name_demangle(a, called);

		return name == called ? raw : arena_printf(a, "%s%s", name, stub);
	}
	return name_demangle(a, base < size ? arena_copy(a, raw, base) : raw);
}
