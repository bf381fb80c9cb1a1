/*
 * Runs a command while all memory that a user may lock for the kernel's samples is taken.
 *
 *   hold COMMAND...
 *
 * To be run as a user without rights.  Exit status 4: the kernel set no limit.
 */
#include <linux/perf_event.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, MOST = 1 << 20, RINGS_MAX = 200 };

int main(int argc, char **argv)
{
	const struct rlimit none = {0, 0};
	struct perf_event_attr attr = {.size = sizeof attr,
				       .type = PERF_TYPE_SOFTWARE,
				       .config = PERF_COUNT_SW_CPU_CLOCK,
				       .disabled = 1,
				       .sample_period = 1000000000,
				       .exclude_kernel = 1,
				       .exclude_hv = 1};
	size_t size = MOST;
	int status = 0;

	if (argc < 2)
		return 2;
	setrlimit(RLIMIT_MEMLOCK, &none);
	for (int i = 0; size >= PAGE; i++) {
		int fd = (int)syscall(SYS_perf_event_open, &attr, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);

		if (fd < 0 || i == RINGS_MAX)
			return 4;
		if (mmap(NULL, PAGE + size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) != MAP_FAILED)
			continue;
		close(fd);
		size /= 2;
	}
	if (fork() == 0) {
		execvp(argv[1], argv + 1);
		_exit(3);
	}
	return wait(&status) > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 3;
}
