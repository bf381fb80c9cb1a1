/*
 * Programs that the watched one executes.
 *
 * An interval timer outlives the execution of another program, which has no handler for it and would end by the signal.
 * And not every program takes this library: such a one is executed without it.
 */
#include "execute.h"
#include "hooks.h"
#include "preload.h"
#include "program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <sys/syscall.h>

extern char **environ;

static int call(const struct execution *e, char *const *envp)
{
	const struct hooks *real = hooks_real();
	int result = -1;

	if (e->how == EXECUTE_SPAWN)
		return real->posix_spawn(e->pid, e->program.file, e->actions, e->attributes, e->argv, envp);
	if (e->how == EXECUTE_SPAWN_IN_PATH)
		return real->posix_spawnp(e->pid, e->program.file, e->actions, e->attributes, e->argv, envp);
	timers_pause();
	if (e->how == EXECUTE_FILE)
		result = real->execve(e->program.file, e->argv, envp);
	else if (e->how == EXECUTE_IN_PATH)
		result = real->execvpe(e->program.file, e->argv, envp);
	else if (e->how == EXECUTE_OPEN)
		result = real->fexecve(e->program.fd, e->argv, envp);
	else
		result = (int)real->syscall(SYS_execveat, e->program.fd, (long)e->path, (long)e->argv, (long)envp,
					    e->flags, 0);
	timers_resume();
	return result;
}

int execute(const struct execution *e)
{
	char *const *envp = e->program.envp;
	int kept = errno;

	if (!area_is_open() || calls_are_limited() || program_takes_library(&e->program)) {
		errno = kept;
		return call(e, envp);
	}
	{
		char *own[program_variable_count(envp) + 1], text[program_libraries_size(envp)];

		area_note(PRELOAD_NOTE_PROGRAM_REFUSES);
		program_leave_out(envp, own, text);
		errno = kept;
		return call(e, own);
	}
}

static int execute_file(enum execute_how how, const char *file, char *const *argv, char *const *envp)
{
	const struct execution e = {
		.how = how, .program = {.file = file, .in_path = how == EXECUTE_IN_PATH, .envp = envp}, .argv = argv};

	return execute(&e);
}

EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
	return execute_file(EXECUTE_FILE, path, argv, envp);
}

EXPORT int execv(const char *path, char *const argv[])
{
	return execve(path, argv, environ);
}

EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
	return execute_file(EXECUTE_IN_PATH, file, argv, envp);
}

EXPORT int execvp(const char *file, char *const argv[])
{
	return execvpe(file, argv, environ);
}

EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
	const struct execution e = {.how = EXECUTE_OPEN, .program = {.fd = fd, .envp = envp}, .argv = argv};

	return execute(&e);
}

EXPORT int execveat(int fd, const char *path, char *const argv[], char *const envp[], int flags)
{
	const char *volatile given = path; /* declared to be there; the system takes none all the same */
	const char *file = given && *given ? given : NULL;
	const struct execution e = {
		.how = EXECUTE_AT,
		.program = {.file = file, .relative = file && fd != AT_FDCWD, .fd = fd, .envp = envp},
		.path = path,
		.argv = argv,
		.flags = flags,
	};

	return execute(&e);
}

EXPORT int posix_spawn(pid_t *restrict pid, const char *restrict path,
		       const posix_spawn_file_actions_t *restrict actions, const posix_spawnattr_t *restrict attributes,
		       char *const argv[restrict], char *const envp[restrict])
{
	const struct execution e = {.how = EXECUTE_SPAWN,
				    .program = {.file = path, .envp = envp},
				    .argv = argv,
				    .pid = pid,
				    .actions = actions,
				    .attributes = attributes};

	return execute(&e);
}

EXPORT int posix_spawnp(pid_t *restrict pid, const char *restrict file,
			const posix_spawn_file_actions_t *restrict actions,
			const posix_spawnattr_t *restrict attributes, char *const argv[restrict],
			char *const envp[restrict])
{
	const struct execution e = {.how = EXECUTE_SPAWN_IN_PATH,
				    .program = {.file = file, .in_path = true, .envp = envp},
				    .argv = argv,
				    .pid = pid,
				    .actions = actions,
				    .attributes = attributes};

	return execute(&e);
}

/* How many arguments there are with the first one; the NULL behind them is not counted. */
static size_t count_arguments(va_list list)
{
	size_t count = 1;

	while (va_arg(list, char *))
		count++;
	return count;
}

/* By its address: where a list is no array, as on AArch64, what is behind the arguments would else not be next. */
static void copy_arguments(char **to, const char *first, va_list *list)
{
	*to++ = (char *)first;
	while ((*to = va_arg(*list, char *)))
		to++;
}

/* libc's headers declare the first one to be there; callers leave it out all the same. */
#define ARGUMENTS(argv, first)                                                                                         \
	const char *volatile head = first;                                                                             \
	va_list list, again;                                                                                           \
	va_start(list, first);                                                                                         \
	va_copy(again, list);                                                                                          \
	size_t count = head ? count_arguments(again) : 0;                                                              \
	char *argv[count + 1];                                                                                         \
	argv[0] = NULL;                                                                                                \
	if (head)                                                                                                      \
		copy_arguments(argv, head, &list);                                                                     \
	va_end(again)

EXPORT int execl(const char *path, const char *first, ...)
{
	ARGUMENTS(argv, first);
	va_end(list);
	return execve(path, argv, environ);
}

EXPORT int execlp(const char *file, const char *first, ...)
{
	ARGUMENTS(argv, first);
	va_end(list);
	return execvpe(file, argv, environ);
}

EXPORT int execle(const char *path, const char *first, ...)
{
	char *const *envp;

	ARGUMENTS(argv, first);
	envp = va_arg(list, char *const *);
	va_end(list);
	return execve(path, argv, envp);
}
