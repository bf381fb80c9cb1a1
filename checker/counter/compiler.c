/* The compilers named in an ELF file: its section .comment, a list of texts, each ended by NUL. */
#include "counter/counter.h"

#include <elf.h>
#include <string.h>

/* The part of `text`, or an empty one where the text ends before. */
static struct str part(struct str text, uint64_t offset, uint64_t size)
{
	if (offset > text.size || size > text.size - offset)
		return (struct str){0};
	return (struct str){.at = text.at + offset, .size = (size_t)size};
}

static bool section_at(struct str program, const Elf64_Ehdr *head, size_t index, Elf64_Shdr *out)
{
	struct str bytes = part(program, head->e_shoff, (uint64_t)head->e_shnum * sizeof *out);

	if (index >= head->e_shnum || !bytes.size)
		return false;
	memcpy(out, bytes.at + index * sizeof *out, sizeof *out);
	return true;
}

static bool is_named(struct str names, uint64_t offset, const char *name)
{
	struct str text = part(names, offset, strlen(name) + 1);

	return text.size && memcmp(text.at, name, text.size) == 0;
}

static struct str comment_of(struct str program)
{
	Elf64_Shdr names, section;
	Elf64_Ehdr head;

	if (program.size < sizeof head)
		return (struct str){0};
	memcpy(&head, program.at, sizeof head);
	/* Of the other byte order and of 32 bits nothing is known: nobody is told anything wrong. */
	if (memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_ident[EI_CLASS] != ELFCLASS64 ||
	    head.e_shentsize != sizeof section || !section_at(program, &head, head.e_shstrndx, &names))
		return (struct str){0};
	for (size_t i = 0; section_at(program, &head, i, &section); i++) {
		if (section.sh_type != SHT_NOBITS &&
		    is_named(part(program, names.sh_offset, names.sh_size), section.sh_name, ".comment"))
			return part(program, section.sh_offset, section.sh_size);
	}
	return (struct str){0};
}

static bool is_there(const struct buf *list, const char *text)
{
	return list->size && strstr(buf_string(list), text);
}

const char *counter_compiler(struct arena *a, struct str program)
{
	enum { MOST = 512 }; /* a program of many compilers is told apart by the first ones */
	struct str comment = comment_of(program);
	struct buf list = {.arena = a};

	for (size_t at = 0; at < comment.size && list.size < MOST;) {
		size_t size = strnlen(comment.at + at, comment.size - at);
		struct buf text = {.arena = a};

		text_printable(&text, arena_copy(a, comment.at + at, size));
		at += size + 1;
		if (!text.size || is_there(&list, buf_string(&text)))
			continue;
		buf_printf(&list, "%s%s", list.size ? ", " : "", buf_string(&text));
	}
	return buf_string(&list);
}
