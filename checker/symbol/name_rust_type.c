/* The grammar of Rust's v0 names (RFC 2603, "Syntax of mangled names"), printed as rustc's own tools do: types. */
#include "symbol/name_rust_walk.h"

#include <string.h>

enum { MOST_LIFETIMES = 300 }; /* that one type binds */

static const char *basic_type(char c)
{
	static const char *const names[26] = {
		"i8",   "bool", "char", "f64", "str", "f32", NULL,  "u8", "isize", "usize", NULL,  "i32", "u32",
		"i128", "u128", "_",    NULL,  NULL,  "i16", "u16", "()", "...",   NULL,    "i64", "u64", "!",
	};

	return c >= 'a' && c <= 'z' ? names[c - 'a'] : NULL;
}

/* G: lifetimes that are bound here.  How many there were before. */
static uint64_t open_binder(struct rust_printer *p)
{
	uint64_t before = p->lifetimes, count = rust_optional_62(p, 'G');

	if (!count || p->failed)
		return before;
	if (count > MOST_LIFETIMES) {
		rust_fail(p);
		return before;
	}
	rust_put_text(p, "for<");
	for (uint64_t i = 0; i < count; i++) {
		rust_put_text(p, i ? ", " : "");
		p->lifetimes++;
		rust_put_lifetime(p, 1);
	}
	rust_put_text(p, "> ");
	return before;
}

static void function_type(struct rust_printer *p)
{
	uint64_t before = open_binder(p);

	if (rust_take(p, 'U'))
		rust_put_text(p, "unsafe ");
	if (rust_take(p, 'K')) {
		rust_put_text(p, "extern \"");
		if (rust_take(p, 'C')) {
			rust_put_text(p, "C");
		} else {
			struct rust_identifier abi = rust_bare_identifier(p);

			for (size_t i = 0; i < abi.text.size; i++)
				rust_put(p, abi.text.at[i] == '_' ? "-" : abi.text.at + i, 1);
		}
		rust_put_text(p, "\" ");
	}
	rust_put_text(p, "fn(");
	rust_list(p, rust_type, ", ");
	rust_put_text(p, ")");
	if (!rust_take(p, 'u')) {
		rust_put_text(p, " -> ");
		rust_type(p);
	}
	p->lifetimes = before;
}

/* A trait whose associated types may stand among its arguments: whether its "<" is still open. */
static bool open_trait(struct rust_printer *p)
{
	bool is_open = false;

	if (!rust_enter(p))
		return false;
	if (rust_take(p, 'B')) {
		const char *here = p->at - 1, *behind;
		uint64_t offset = rust_base_62(p);

		if (p->failed || offset >= (uint64_t)(here - p->start)) {
			rust_fail(p);
		} else if (!p->is_silent) {
			behind = p->at;
			p->at = p->start + offset;
			is_open = open_trait(p);
			p->at = p->failed ? p->end : behind;
		}
	} else if (rust_take(p, 'I')) {
		rust_path(p, false);
		rust_put_text(p, "<");
		rust_list(p, rust_generic_argument, ", ");
		is_open = true;
	} else {
		rust_path(p, false);
	}
	p->depth--;
	return is_open;
}

static void dyn_trait(struct rust_printer *p)
{
	bool is_open = open_trait(p);

	while (!p->failed && rust_take(p, 'p')) {
		rust_put_text(p, is_open ? ", " : "<");
		is_open = true;
		rust_put_identifier(p, rust_bare_identifier(p));
		rust_put_text(p, " = ");
		rust_type(p);
	}
	rust_put_text(p, is_open ? ">" : "");
}

static void dyn_type(struct rust_printer *p)
{
	uint64_t before, lifetime;

	rust_put_text(p, "dyn ");
	before = open_binder(p);
	rust_list(p, dyn_trait, " + ");
	p->lifetimes = before;
	if (!rust_take(p, 'L')) {
		rust_fail(p);
		return;
	}
	lifetime = rust_base_62(p);
	if (lifetime) {
		rust_put_text(p, " + ");
		rust_put_lifetime(p, lifetime);
	}
}

static void reference_type(struct rust_printer *p, bool is_mutable)
{
	uint64_t lifetime;

	rust_put_text(p, "&");
	if (rust_take(p, 'L') && (lifetime = rust_base_62(p))) {
		rust_put_lifetime(p, lifetime);
		rust_put_text(p, " ");
	}
	rust_put_text(p, is_mutable ? "mut " : "");
	rust_type(p);
}

static void tuple_type(struct rust_printer *p)
{
	size_t count = 0;

	rust_put_text(p, "(");
	for (; !p->failed && !rust_take(p, 'E'); count++) {
		rust_put_text(p, count ? ", " : "");
		rust_type(p);
	}
	rust_put_text(p, count == 1 ? ",)" : ")");
}

static void type_of_kind(struct rust_printer *p, char kind)
{
	switch (kind) {
	case 'A':
	case 'S':
		rust_put_text(p, "[");
		rust_type(p);
		if (kind == 'A') {
			rust_put_text(p, "; ");
			rust_constant(p);
		}
		rust_put_text(p, "]");
		break;
	case 'T':
		tuple_type(p);
		break;
	case 'R':
	case 'Q':
		reference_type(p, kind == 'Q');
		break;
	case 'P':
	case 'O':
		rust_put_text(p, kind == 'P' ? "*const " : "*mut ");
		rust_type(p);
		break;
	case 'F':
		function_type(p);
		break;
	case 'D':
		dyn_type(p);
		break;
	case 'B':
		rust_follow(p, rust_type);
		break;
	default:
		p->at--;
		rust_path(p, false);
	}
}

void rust_type(struct rust_printer *p)
{
	char kind = rust_next(p);
	const char *basic = basic_type(kind);

	if (!rust_enter(p))
		return;
	if (basic)
		rust_put_text(p, basic);
	else
		type_of_kind(p, kind);
	p->depth--;
}

static uint64_t number(const char *digits, size_t size)
{
	uint64_t value = 0;

	for (size_t i = 0; i < size && i < 16; i++)
		value = value * 16 + (uint64_t)(digits[i] <= '9' ? digits[i] - '0' : digits[i] - 'a' + 10);
	return value;
}

/* Hexadecimal digits up to "_", as a decimal number where 64 bits do. */
static void put_hexadecimal(struct rust_printer *p)
{
	const char *digits = p->at;
	uint64_t value;
	size_t size;

	while (!p->failed && !rust_take(p, '_')) {
		char c = rust_next(p);

		if (!c || !strchr("0123456789abcdef", c))
			rust_fail(p);
	}
	if (p->failed)
		return;
	size = (size_t)(p->at - digits) - 1;
	value = number(digits, size);
	if (size > 16) {
		rust_put_text(p, "0x");
		rust_put(p, digits, size);
	} else {
		rust_put_number(p, value);
	}
}

/* A character as Rust writes it. */
static void put_letter(struct rust_printer *p)
{
	const char *digits = p->at;
	size_t size = strspn(digits, "0123456789abcdef");
	uint64_t code = number(digits, size);
	char letter = (char)code;

	p->at += size;
	if (!rust_take(p, '_') || size > 6) {
		rust_fail(p);
		return;
	}
	rust_put_text(p, "'");
	if (code >= 0x20 && code < 0x7f && letter != '\'' && letter != '\\') {
		rust_put(p, &letter, 1);
	} else {
		rust_put_text(p, "\\u{");
		rust_put(p, digits, size);
		rust_put_text(p, "}");
	}
	rust_put_text(p, "'");
}

static void put_constant(struct rust_printer *p, char kind)
{
	const char *digits = p->at;

	if (kind == 'b' && (text_starts(digits, "0_") || text_starts(digits, "1_"))) {
		rust_put_text(p, *digits == '1' ? "true" : "false");
		p->at += 2;
	} else if (kind == 'c') {
		put_letter(p);
	} else {
		if (strchr("ailnsx", kind) && rust_take(p, 'n'))
			rust_put_text(p, "-");
		put_hexadecimal(p);
	}
}

void rust_constant(struct rust_printer *p)
{
	char kind = rust_next(p);

	if (!rust_enter(p))
		return;
	if (kind == 'p')
		rust_put_text(p, "_");
	else if (kind == 'B')
		rust_follow(p, rust_constant);
	else if (kind && strchr("hjmotyailnsxbc", kind))
		put_constant(p, kind);
	else
		rust_fail(p); /* newer kinds */
	p->depth--;
}
