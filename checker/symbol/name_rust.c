/* The grammar of Rust's v0 names (RFC 2603, "Syntax of mangled names"), printed as rustc's own tools do: paths. */
#include "symbol/name_rust.h"

#include "symbol/name_rust_walk.h"

#include <string.h>

enum {
	MOST_DEPTH = 300,        /* of parts in parts */
	MOST_TEXT = 64 * 1024,   /* references back to parts could make more than there is memory */
	MOST_STEPS = 256 * 1024, /* and take long without a text */
};

void rust_fail(struct rust_printer *p)
{
	p->failed = true;
	p->at = p->end;
}

bool rust_enter(struct rust_printer *p)
{
	if (++p->depth > MOST_DEPTH || ++p->steps > MOST_STEPS)
		rust_fail(p);
	return !p->failed;
}

void rust_put(struct rust_printer *p, const char *text, size_t size)
{
	if (p->is_silent || p->failed)
		return;
	if (p->out.size + size > MOST_TEXT)
		rust_fail(p);
	else
		buf_bytes(&p->out, text, size);
}

void rust_put_text(struct rust_printer *p, const char *text)
{
	rust_put(p, text, strlen(text));
}

void rust_put_number(struct rust_printer *p, uint64_t value)
{
	char digits[24];
	size_t at = sizeof(digits);

	do
		digits[--at] = (char)('0' + value % 10);
	while (value /= 10);
	rust_put(p, digits + at, sizeof(digits) - at);
}

char rust_peek(const struct rust_printer *p)
{
	return p->at < p->end ? *p->at : '\0';
}

char rust_next(struct rust_printer *p)
{
	if (p->at == p->end) {
		p->failed = true;
		return '\0';
	}
	return *p->at++;
}

bool rust_take(struct rust_printer *p, char c)
{
	if (rust_peek(p) != c || p->at == p->end)
		return false;
	p->at++;
	return true;
}

uint64_t rust_base_62(struct rust_printer *p)
{
	static const char digits[] = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
	uint64_t value = 0;

	if (rust_take(p, '_'))
		return 0;
	while (!p->failed && !rust_take(p, '_')) {
		char c = rust_next(p);
		const char *digit = c ? strchr(digits, c) : NULL;

		if (!digit || value > (UINT64_MAX - 62) / 62) {
			rust_fail(p);
			return 0;
		}
		value = value * 62 + (uint64_t)(digit - digits);
	}
	return value + 1;
}

uint64_t rust_optional_62(struct rust_printer *p, char letter)
{
	return rust_take(p, letter) ? rust_base_62(p) + 1 : 0;
}

struct rust_identifier rust_bare_identifier(struct rust_printer *p)
{
	struct rust_identifier id = {.is_punycode = rust_take(p, 'u')};
	size_t size = 0;

	if (rust_peek(p) < '0' || rust_peek(p) > '9')
		rust_fail(p);
	if (!rust_take(p, '0')) {
		while (rust_peek(p) >= '0' && rust_peek(p) <= '9' && size <= MOST_TEXT)
			size = size * 10 + (size_t)(*p->at++ - '0');
	}
	rust_take(p, '_');
	if (p->failed || size > (size_t)(p->end - p->at)) {
		rust_fail(p);
		return id;
	}
	id.text = (struct str){p->at, size};
	p->at += size;
	return id;
}

struct rust_identifier rust_identifier(struct rust_printer *p)
{
	uint64_t number = rust_optional_62(p, 's');
	struct rust_identifier id = rust_bare_identifier(p);

	id.number = number;
	return id;
}

/* Names in other scripts stay encoded. */
void rust_put_identifier(struct rust_printer *p, struct rust_identifier id)
{
	rust_put_text(p, id.is_punycode ? "punycode{" : "");
	rust_put(p, id.text.at, id.text.size);
	rust_put_text(p, id.is_punycode ? "}" : "");
}

void rust_follow(struct rust_printer *p, void (*part)(struct rust_printer *))
{
	const char *here = p->at - 1, *behind;
	uint64_t offset = rust_base_62(p);

	if (p->failed || offset >= (uint64_t)(here - p->start)) {
		rust_fail(p);
		return;
	}
	if (p->is_silent)
		return;
	behind = p->at;
	p->at = p->start + offset;
	part(p);
	if (!p->failed)
		p->at = behind;
}

static void value_path(struct rust_printer *p)
{
	rust_path(p, true);
}

static void type_path(struct rust_printer *p)
{
	rust_path(p, false);
}

void rust_put_lifetime(struct rust_printer *p, uint64_t index)
{
	char letter[2] = {'\0', '\0'};

	rust_put_text(p, "'");
	if (index == 0) {
		rust_put_text(p, "_");
	} else if (index > p->lifetimes) {
		rust_fail(p);
	} else if (p->lifetimes - index < 26) {
		letter[0] = (char)('a' + (p->lifetimes - index));
		rust_put_text(p, letter);
	} else {
		rust_put_text(p, "_");
		rust_put_number(p, p->lifetimes - index);
	}
}

void rust_generic_argument(struct rust_printer *p)
{
	if (rust_take(p, 'L'))
		rust_put_lifetime(p, rust_base_62(p));
	else if (rust_take(p, 'K'))
		rust_constant(p);
	else
		rust_type(p);
}

void rust_list(struct rust_printer *p, void (*part)(struct rust_printer *), const char *between)
{
	for (size_t count = 0; !p->failed && !rust_take(p, 'E'); count++) {
		if (count)
			rust_put_text(p, between);
		part(p);
	}
}

/* The path of an impl, which its type and trait make plain. */
static void skip_impl(struct rust_printer *p)
{
	bool was_silent = p->is_silent;

	p->is_silent = true;
	rust_optional_62(p, 's');
	rust_path(p, false);
	p->is_silent = was_silent;
}

static void nested_path(struct rust_printer *p, bool is_value)
{
	char space = rust_next(p);
	struct rust_identifier id;

	rust_path(p, is_value);
	id = rust_identifier(p);
	if (space >= 'A' && space <= 'Z') {
		char other[2] = {space, '\0'};

		rust_put_text(p, "::{");
		rust_put_text(p, space == 'C' ? "closure" : space == 'S' ? "shim" : other);
		if (id.text.size) {
			rust_put_text(p, ":");
			rust_put_identifier(p, id);
		}
		rust_put_text(p, "#");
		rust_put_number(p, id.number);
		rust_put_text(p, "}");
	} else if (space < 'a' || space > 'z') {
		rust_fail(p);
	} else if (id.text.size) {
		rust_put_text(p, "::");
		rust_put_identifier(p, id);
	}
}

void rust_path(struct rust_printer *p, bool is_value)
{
	char kind = rust_next(p);

	if (!rust_enter(p))
		return;
	switch (kind) {
	case 'C':
		rust_put_identifier(p, rust_identifier(p));
		break;
	case 'N':
		nested_path(p, is_value);
		break;
	case 'M':
	case 'X':
	case 'Y':
		if (kind != 'Y')
			skip_impl(p);
		rust_put_text(p, "<");
		rust_type(p);
		if (kind != 'M') {
			rust_put_text(p, " as ");
			rust_path(p, false);
		}
		rust_put_text(p, ">");
		break;
	case 'I':
		rust_path(p, is_value);
		rust_put_text(p, is_value ? "::<" : "<");
		rust_list(p, rust_generic_argument, ", ");
		rust_put_text(p, ">");
		break;
	case 'B':
		rust_follow(p, is_value ? value_path : type_path);
		break;
	default:
		rust_fail(p);
	}
	p->depth--;
}

const char *name_rust_v0(struct arena *a, const char *raw)
{
	struct rust_printer p = {.out.arena = a};
	size_t size = strcspn(raw, "."); /* what is behind a dot is a vendor's */

	if (!text_starts(raw, "_R") || size < 4)
		return NULL;
	/* References count from behind the prefix. */
	p.start = p.at = raw + 2;
	p.end = raw + size;
	rust_path(&p, true);
	if (p.failed || !p.out.size)
		return NULL;
	if (p.at < p.end) { /* the crate that it was made for */
		p.is_silent = true;
		rust_path(&p, false);
	}
	return p.failed || p.at != p.end ? NULL : buf_string(&p.out);
}
