/* Programs by their first bytes: of which kind of machine, and by which dynamic linker. */
#include "program.h"

#include "record.h"

#include <elf.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIBRARIES    "LD_PRELOAD="
#define DEFAULT_PATH "/bin:/usr/bin"

enum {
	PATH_SIZE = 1024, /* threads with the smallest of stacks execute programs, too */
	PARTS_MAX = 64,   /* program headers */
	SCRIPTS_MAX = 4,  /* the kernel's limit of scripts that run scripts */
};

#if defined(__x86_64__)
enum { OWN_MACHINE = EM_X86_64 };
#elif defined(__aarch64__)
enum { OWN_MACHINE = EM_AARCH64 };
#endif

static const char *libraries_of(char *const *envp)
{
	for (; envp && *envp; envp++)
		if (strncmp(*envp, LIBRARIES, sizeof LIBRARIES - 1) == 0)
			return *envp + sizeof LIBRARIES - 1;
	return NULL;
}

/* This library's path in a list of libraries; NULL: it is not there. */
static const char *own_in(const char *list, size_t *size)
{
	static const char own[] = "/" PRELOAD_FILE;

	while (list && *list) {
		*size = strcspn(list, " :");
		if (*size >= sizeof own - 1 && strncmp(list + *size - (sizeof own - 1), own, sizeof own - 1) == 0)
			return list;
		list += *size;
		list += strspn(list, " :");
	}
	return NULL;
}

/* The dynamic linker of this process, as its program names it; NULL: not known. */
static const char *own_linker(void)
{
	const Elf64_Phdr *parts = (const Elf64_Phdr *)getauxval(AT_PHDR);
	size_t count = getauxval(AT_PHNUM);
	const char *linker = NULL;
	uintptr_t base = 0;

	for (size_t i = 0; parts && i < count; i++)
		if (parts[i].p_type == PT_PHDR)
			base = (uintptr_t)parts - parts[i].p_vaddr;
	for (size_t i = 0; parts && i < count; i++)
		if (parts[i].p_type == PT_INTERP)
			linker = (const char *)(base + parts[i].p_vaddr);
	return linker;
}

static bool same_file(const char *one, const char *two)
{
	struct stat a, b;

	return strcmp(one, two) == 0 ||
	       (stat(one, &a) == 0 && stat(two, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino);
}

static bool may_be_read(const char *path, size_t size)
{
	char name[PATH_SIZE];
	int fd;

	if (size >= sizeof name)
		return true;
	memcpy(name, path, size);
	name[size] = '\0';
	fd = open(name, O_RDONLY | O_CLOEXEC);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

static int open_program(const char *path)
{
	return open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
}

static int open_in_path(const char *file)
{
	const char *list = getenv("PATH");
	char path[PATH_SIZE];
	size_t size, file_size = strlen(file);

	if (strchr(file, '/'))
		return open_program(file);
	for (list = list ? list : DEFAULT_PATH;; list += size + 1) {
		struct stat status;

		size = strcspn(list, ":");
		if (size + file_size + 2 <= sizeof path) {
			memcpy(path, list, size);
			path[size] = '/';
			memcpy(path + size + (size > 0), file, file_size + 1);
			if (access(path, X_OK) == 0 && stat(path, &status) == 0 && S_ISREG(status.st_mode))
				return open_program(path);
		}
		if (!list[size])
			return -1;
	}
}

/* The dynamic linker that an ELF file asks for, into `path`; "" when it asks for none. */
static bool read_linker(int fd, const Elf64_Ehdr *head, char path[PATH_SIZE])
{
	Elf64_Phdr part;

	path[0] = '\0';
	if (head->e_phentsize != sizeof part)
		return false;
	for (unsigned i = 0; i < head->e_phnum && i < PARTS_MAX; i++) {
		if (pread(fd, &part, sizeof part, (off_t)(head->e_phoff + i * sizeof part)) != (ssize_t)sizeof part)
			return false;
		if (part.p_type != PT_INTERP)
			continue;
		if (part.p_filesz >= PATH_SIZE ||
		    pread(fd, path, part.p_filesz, (off_t)part.p_offset) != (ssize_t)part.p_filesz)
			return false;
		path[part.p_filesz] = '\0';
		return true;
	}
	return true;
}

static bool takes_elf(int fd, const Elf64_Ehdr *head)
{
	const char *own = own_linker();
	char linker[PATH_SIZE];

	if (head->e_ident[EI_CLASS] != ELFCLASS64 || head->e_machine != OWN_MACHINE)
		return false;
	/* A static program does not look at the variable. */
	return !own || !read_linker(fd, head, linker) || !linker[0] || same_file(own, linker);
}

/* "#! interpreter argument": opens the interpreter; -1: none. */
static int open_interpreter(char *line, size_t size)
{
	char *from = line + 2;

	line[size - 1] = '\0';
	from += strspn(from, " \t");
	from[strcspn(from, " \t\n")] = '\0';
	return *from ? open_program(from) : -1;
}

/* What cannot be read takes it: mostly that cannot be executed either. */
static bool takes(int fd)
{
	union {
		Elf64_Ehdr head;
		char line[256];
	} first = {.line = ""};
	bool answer = true;
	int script = -1;

	for (int depth = 0; depth < SCRIPTS_MAX; depth++) {
		ssize_t got = pread(fd, &first, sizeof first, 0);

		if (got < 2 || memcmp(first.line, "#!", 2) != 0) {
			if (got >= (ssize_t)sizeof first.head && memcmp(first.head.e_ident, ELFMAG, SELFMAG) == 0)
				answer = takes_elf(fd, &first.head);
			break;
		}
		fd = open_interpreter(first.line, (size_t)got);
		if (script >= 0)
			close(script);
		script = fd;
	}
	if (script >= 0)
		close(script);
	return answer;
}

bool program_takes_library(const struct program *p)
{
	size_t size = 0;
	const char *own = own_in(libraries_of(p->envp), &size);
	bool answer;
	int fd;

	if (!own)
		return true;
	if (!may_be_read(own, size))
		return false;
	if (!p->file)
		return takes(p->fd);
	fd = p->in_path    ? open_in_path(p->file)
	     : p->relative ? openat(p->fd, p->file, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
			   : open_program(p->file);
	if (fd < 0)
		return true;
	answer = takes(fd);
	close(fd);
	return answer;
}

size_t program_variable_count(char *const *envp)
{
	size_t count = 0;

	while (envp && envp[count])
		count++;
	return count;
}

size_t program_libraries_size(char *const *envp)
{
	const char *list = libraries_of(envp);

	return sizeof LIBRARIES + (list ? strlen(list) : 0);
}

void program_leave_out(char *const *envp, char **out, char *text)
{
	const char *list = libraries_of(envp), *own;
	size_t size = 0, before;

	own = own_in(list, &size);
	for (; *envp; envp++) {
		if (!own || *envp != list - (sizeof LIBRARIES - 1)) {
			*out++ = *envp;
			continue;
		}
		before = (size_t)(own - list);
		memcpy(text, *envp, sizeof LIBRARIES - 1 + before);
		own += size + (own[size] != '\0');
		memcpy(text + sizeof LIBRARIES - 1 + before, own, strlen(own) + 1);
		/* Nothing but this library was in it. */
		if (text[sizeof LIBRARIES - 1])
			*out++ = text;
	}
	*out = NULL;
}
