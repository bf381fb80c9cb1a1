/* Groups of counters through perf_event_open. */
#include "counter/perf_group.h"

#include <errno.h>
#include <linux/perf_event.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Inherited groups need Linux 4.13: what a child counted is added here when it ends. */
static int open_counter(const struct perf_source *source, int leader, bool for_children)
{
	struct perf_event_attr attr = {
		.size = sizeof attr,
		.type = source->type,
		.config = source->config,
		.read_format = PERF_FORMAT_GROUP | PERF_FORMAT_ID | PERF_FORMAT_TOTAL_TIME_ENABLED |
			       PERF_FORMAT_TOTAL_TIME_RUNNING,
		.disabled = leader < 0,
		.exclude_kernel = 1,
		.exclude_hv = 1,
		.inherit = for_children,
		.enable_on_exec = for_children && leader < 0,
	};

	return (int)syscall(SYS_perf_event_open, &attr, 0, -1, leader, PERF_FLAG_FD_CLOEXEC);
}

bool perf_group_add(struct perf_group *g, enum counter_event event, const struct perf_source *source, bool for_children)
{
	int fd = open_counter(source, g->count ? g->fds[0] : -1, for_children), reason;
	uint64_t id;

	if (fd < 0)
		return false;
	if (ioctl(fd, PERF_EVENT_IOC_ID, &id) != 0) {
		reason = errno;
		close(fd);
		errno = reason;
		return false;
	}
	g->members[g->count] = (struct counter_member){event, id};
	g->fds[g->count++] = fd;
	return true;
}

void perf_group_turn(const struct perf_group *g, bool on)
{
	if (g->count)
		ioctl(g->fds[0], on ? PERF_EVENT_IOC_ENABLE : PERF_EVENT_IOC_DISABLE, 0);
}

bool perf_group_read(const struct perf_group *g, struct counter_counts *counts, struct err *err)
{
	uint64_t words[3 + 2 * COUNTER_EVENT_COUNT];
	ssize_t size = g->count ? read(g->fds[0], words, sizeof words) : 0;

	return counter_parse_group((struct str){.at = (const char *)words, .size = size > 0 ? (size_t)size : 0},
				   g->members, g->count, counts, err);
}

void perf_group_close(struct perf_group *g)
{
	while (g->count)
		close(g->fds[--g->count]);
}
