/* Programs that no library can be put into: static ones, those that gain rights, those of another C library. */
#include "sampler/target.h"

#include "base/file.h"
#include "base/text.h"

#include <fcntl.h>
#include <gelf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { INTERPRETER_MAX = 4096 };

static const char *in_folder(struct arena *a, const char *folder, const char *path)
{
	return path[0] == '/' || !folder ? path : path_join(a, folder, path);
}

static const char *find_program(struct arena *a, const char *program, const char *folder)
{
	const char *path = getenv("PATH");

	if (strchr(program, '/'))
		return in_folder(a, folder, program);
	while (path && *path) {
		size_t size = strcspn(path, ":");
		const char *at =
			in_folder(a, folder, size ? path_join(a, arena_copy(a, path, size), program) : program);

		if (access(at, X_OK) == 0 && !file_is_dir(at))
			return at;
		path += size + (path[size] == ':');
	}
	return NULL;
}

struct program {
	bool is_elf, is_foreign; /* of another kind of machine */
	const char *interpreter; /* "" for static programs */
};

static struct program read_program(struct arena *a, int fd)
{
	struct program p = {.interpreter = ""};
	char text[INTERPRETER_MAX + 1];
	GElf_Ehdr head;
	size_t count = 0;
	Elf *elf;

	elf_version(EV_CURRENT);
	elf = elf_begin(fd, ELF_C_READ, NULL);
	p.is_elf = elf && elf_kind(elf) == ELF_K_ELF && gelf_getehdr(elf, &head);
	if (p.is_elf)
		p.is_foreign = head.e_ident[EI_CLASS] != ELFCLASS64;
	if (p.is_elf && elf_getphdrnum(elf, &count) == 0) {
		for (size_t i = 0; i < count; i++) {
			GElf_Phdr part;
			ssize_t got;

			if (!gelf_getphdr(elf, (int)i, &part) || part.p_type != PT_INTERP ||
			    part.p_filesz > INTERPRETER_MAX)
				continue;
			got = pread(fd, text, part.p_filesz, (off_t)part.p_offset);
			text[got < 0 ? 0 : got] = '\0';
			p.interpreter = arena_string(a, text);
			break;
		}
	}
	elf_end(elf);
	return p;
}

static bool gains_rights(int fd)
{
	struct stat status;

	if (fstat(fd, &status) != 0)
		return false;
	if ((status.st_mode & S_ISUID) && status.st_uid != getuid())
		return true;
	if ((status.st_mode & S_ISGID) && status.st_gid != getgid())
		return true;
	return getuid() != 0 && fgetxattr(fd, "security.capability", NULL, 0) > 0;
}

/* Whether both are one dynamic linker, by whatever links. */
static bool same_interpreter(struct arena *a, const char *one, const char *two)
{
	const char *real_one = path_real(a, one), *real_two = path_real(a, two);

	return real_one && real_two && text_equal(real_one, real_two);
}

static const char *own_interpreter(struct arena *a)
{
	int fd = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
	struct program own;

	if (fd < 0)
		return "";
	own = read_program(a, fd);
	close(fd);
	return own.interpreter;
}

const char *target_refuses(struct arena *a, const char *program, const char *folder)
{
	const char *path = find_program(a, program, folder), *own, *why = NULL;
	struct program p;
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) : -1;

	if (fd < 0)
		return NULL; /* what cannot be read may run all the same */
	p = read_program(a, fd);
	own = own_interpreter(a);
	if (gains_rights(fd))
		why = "gains rights when it starts (setuid), so the dynamic linker lets no library in";
	else if (p.is_elf && p.is_foreign)
		why = "is a program of another kind of machine";
	else if (p.is_elf && !p.interpreter[0])
		why = "is statically linked, so no library can be put into it";
	else if (p.is_elf && own[0] && !same_interpreter(a, own, p.interpreter))
		why = "has another C library than pawl, so pawl's library cannot be put into it";
	close(fd);
	return why ? arena_printf(a, "%s %s", program, why) : NULL;
}
