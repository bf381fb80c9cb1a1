/*
 * The processor as /proc/cpuinfo tells it, and the machine class.
 */
#include "flow/host.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* MIDR_EL1 codes.  Implementers: Arm Architecture Reference Manual, MIDR_EL1; parts: the reference manual of each core. */
struct code {
	unsigned long number;
	const char *name;
};

static const struct code implementers[] = {
	{0x41, "ARM"}, {0x42, "Broadcom"}, {0x43, "Cavium"},  {0x46, "Fujitsu"}, {0x48, "HiSilicon"}, {0x4e, "NVIDIA"},
	{0x50, "APM"}, {0x51, "Qualcomm"}, {0x53, "Samsung"}, {0x61, "Apple"},   {0x6d, "Microsoft"}, {0xc0, "Ampere"},
};

static const struct code arm_parts[] = {
	{0xd03, "Cortex-A53"},  {0xd04, "Cortex-A35"},  {0xd05, "Cortex-A55"},  {0xd07, "Cortex-A57"},
	{0xd08, "Cortex-A72"},  {0xd09, "Cortex-A73"},  {0xd0a, "Cortex-A75"},  {0xd0b, "Cortex-A76"},
	{0xd0c, "Neoverse-N1"}, {0xd0d, "Cortex-A77"},  {0xd40, "Neoverse-V1"}, {0xd41, "Cortex-A78"},
	{0xd44, "Cortex-X1"},   {0xd46, "Cortex-A510"}, {0xd47, "Cortex-A710"}, {0xd49, "Neoverse-N2"},
	{0xd4a, "Neoverse-E1"}, {0xd4f, "Neoverse-V2"}, {0xd84, "Neoverse-V3"}, {0xd8e, "Neoverse-N3"},
};

static const char *find_code(const struct code *codes, size_t count, unsigned long number)
{
	for (size_t i = 0; i < count; i++) {
		if (codes[i].number == number)
			return codes[i].name;
	}
	return NULL;
}

static struct str trim(struct str s)
{
	while (s.size && isspace((unsigned char)s.at[0])) {
		s.at++;
		s.size--;
	}
	while (s.size && isspace((unsigned char)s.at[s.size - 1]))
		s.size--;
	return s;
}

/* Takes the next line "key : value"; a line without a colon has no value.  False at the end. */
static bool next_field(struct str *text, struct str *key, struct str *value)
{
	const char *end, *colon;
	struct str line;

	if (!text->size)
		return false;
	end = memchr(text->at, '\n', text->size);
	line = (struct str){.at = text->at, .size = end ? (size_t)(end - text->at) : text->size};
	text->at += line.size + (end != NULL);
	text->size -= line.size + (end != NULL);
	colon = line.size ? memchr(line.at, ':', line.size) : NULL;
	*key = trim((struct str){.at = line.at, .size = colon ? (size_t)(colon - line.at) : line.size});
	*value = (struct str){.at = "", .size = 0};
	if (colon)
		*value = trim((struct str){.at = colon + 1, .size = (size_t)(line.at + line.size - colon) - 1});
	return true;
}

static bool has_word(const char *words, const char *word)
{
	size_t size = strlen(word);

	for (const char *at = strstr(words, word); at; at = strstr(at + 1, word)) {
		if ((at == words || at[-1] == ' ') && (at[size] == ' ' || at[size] == '\0'))
			return true;
	}
	return false;
}

/* The name of an Arm core: "Neoverse-N1", or the numbers of one that has no name here. */
static const char *arm_name(struct arena *a, unsigned long implementer, unsigned long part)
{
	const char *maker = find_code(implementers, sizeof implementers / sizeof *implementers, implementer);
	const char *core = NULL;

	/* Microsoft builds Arm's N2 and numbers it as Arm does. */
	if (implementer == 0x41 || implementer == 0x6d)
		core = find_code(arm_parts, sizeof arm_parts / sizeof *arm_parts, part);
	if (core)
		return arena_printf(a, "%s %s", maker, core);
	if (maker)
		return arena_printf(a, "%s part 0x%03lx", maker, part);
	return arena_printf(a, "implementer 0x%02lx part 0x%03lx", implementer, part);
}

static unsigned long number_of(struct arena *a, struct str value)
{
	return strtoul(arena_copy(a, value.at, value.size), NULL, 0);
}

/* Adds the name of a core to those of a processor that has several kinds of them. */
static void add_name(struct arena *a, const char **names, const char *name)
{
	if (!**names)
		*names = name;
	else if (!strstr(*names, name))
		*names = arena_printf(a, "%s + %s", *names, name);
}

void host_parse_cpuinfo(struct arena *a, struct str text, struct host_cpu *out)
{
	/* Where there is no "model name": POWER, MIPS, RISC-V. */
	static const char *const others[] = {"cpu", "cpu model", "uarch"};
	const char *arm = "", *other = "";
	unsigned long implementer = 0;
	struct str key, value;

	*out = (struct host_cpu){.model = "", .flags = ""};
	while (next_field(&text, &key, &value)) {
		const char *copy;

		if (str_equal(key, "processor"))
			out->cores++;
		if (value.size == 0)
			continue;
		copy = arena_copy(a, value.at, value.size);
		if (str_equal(key, "model name") && !*out->model)
			out->model = copy;
		else if (str_equal(key, "cpu family"))
			out->family = (int64_t)number_of(a, value);
		else if (str_equal(key, "model"))
			out->number = (int64_t)number_of(a, value);
		else if (!*out->flags &&
			 (str_equal(key, "flags") || str_equal(key, "Features") || str_equal(key, "isa")))
			out->flags = copy;
		else if (str_equal(key, "CPU implementer"))
			implementer = number_of(a, value);
		else if (str_equal(key, "CPU part"))
			add_name(a, &arm, arm_name(a, implementer, number_of(a, value)));
		for (size_t i = 0; !*other && i < sizeof others / sizeof *others; i++)
			other = str_equal(key, others[i]) ? copy : other;
	}
	/* The "model name" of an Arm processor is that of the architecture. */
	if (*arm)
		out->model = arm;
	else if (!*out->model)
		out->model = other;
	out->virtual = has_word(out->flags, "hypervisor");
}

/* Adds lower-case letters, digits and '_' of `text`; whatever stands between them becomes one '-'. */
static void add_slug(struct buf *b, const char *text)
{
	bool gap = b->size > 0;

	for (; *text; text++) {
		unsigned char c = (unsigned char)*text;

		if (c < 0x80 && (isalnum(c) || c == '_')) {
			if (gap && b->size)
				buf_char(b, '-');
			buf_char(b, (char)tolower(c));
			gap = false;
		} else {
			gap = true;
		}
	}
}

/* A word of a model that says nothing: "CPU", "Processor", "64-Core", marks in parentheses are taken out before. */
static bool is_filler(const char *word)
{
	size_t digits = strspn(word, "0123456789");

	return strcasecmp(word, "CPU") == 0 || strcasecmp(word, "Processor") == 0 ||
	       (digits && strcasecmp(word + digits, "-Core") == 0);
}

/* The model without what does not tell processors apart: (R), (TM), the clock rate, fillers. */
static const char *plain_model(struct arena *a, const char *model)
{
	struct buf b = {.arena = a};
	char *copy = arena_string(a, model), *rest, *word;

	for (char *at = strchr(copy, '('); at; at = strchr(at, '(')) {
		size_t size = strncasecmp(at, "(R)", 3) == 0    ? 3
			      : strncasecmp(at, "(TM)", 4) == 0 ? 4
			      : strncasecmp(at, "(C)", 3) == 0  ? 3
								: 1;

		memset(at, ' ', size);
	}
	rest = strchr(copy, '@');
	if (rest)
		*rest = '\0';
	for (word = strtok_r(copy, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
		if (!is_filler(word))
			buf_printf(&b, " %s", word);
	}
	return buf_string(&b);
}

const char *host_machine_class(struct arena *a, const char *arch, const struct host_cpu *cpu, const char *hypervisor)
{
	const char *model = plain_model(a, cpu->model);
	struct buf b = {.arena = a};

	add_slug(&b, *arch ? arch : "unknown");
	add_slug(&b, *model ? model : "unknown");
	/* Hypervisors give names like "Intel Xeon Processor" to processors of all generations. */
	if (!strpbrk(model, "0123456789") && cpu->family)
		buf_printf(&b, "-f%lldm%lld", (long long)cpu->family, (long long)cpu->number);
	buf_printf(&b, "-%lld", (long long)cpu->cores);
	add_slug(&b, hypervisor);
	return buf_string(&b);
}
