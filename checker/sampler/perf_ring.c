/* Rings of records: opened on each CPU, merged by time. */
#include "sampler/perf_ring.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum {
	RECORD_MAX = 1 << 16, /* a record's size has 16 bits */
	SAMPLE_TIME_AT = 3,   /* header, ip, pid and tid, time: the third word of a sample */
	AFFINITY_SETS = 8,    /* as many CPUs as Linux can have: 8192 */
};

static bool open_one(struct arena *a, const struct perf_event_attr *attr, pid_t process, int cpu, size_t size,
		     struct perf_ring *r)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	void *at;

	r->fd = (int)syscall(SYS_perf_event_open, attr, process, cpu, -1, PERF_FLAG_FD_CLOEXEC);
	if (r->fd < 0)
		return false;
	r->mapped_size = page + size;
	at = mmap(NULL, r->mapped_size, PROT_READ | PROT_WRITE, MAP_SHARED, r->fd, 0);
	if (at == MAP_FAILED) {
		int reason = errno;

		close(r->fd);
		errno = reason;
		return false; /* with the number still there, which tells what failed */
	}
	r->page = at;
	r->straight = arena_alloc(a, RECORD_MAX);
	return true;
}

/* Behind the last CPU that the process may run on: their numbers may have gaps, and what counts them may not know all. */
static int cpus_end(struct arena *a, pid_t process)
{
	cpu_set_t *set = NEW_ARRAY(a, cpu_set_t, AFFINITY_SETS);
	int end = (int)sysconf(_SC_NPROCESSORS_CONF);

	if (sched_getaffinity(process, AFFINITY_SETS * sizeof *set, set) != 0)
		return end;
	for (int cpu = end; cpu < AFFINITY_SETS * CPU_SETSIZE; cpu++)
		if (CPU_ISSET_S((size_t)cpu, AFFINITY_SETS * sizeof *set, set))
			end = cpu + 1;
	return end;
}

bool perf_rings_open(struct arena *a, const struct perf_event_attr *attr, pid_t process, size_t ring_size,
		     struct perf_rings *out)
{
	int cpu_count = cpus_end(a, process), reason;

	*out = (struct perf_rings){.size = ring_size};
	out->rings = NEW_ARRAY(a, struct perf_ring, (size_t)cpu_count);
	out->fds = NEW_ARRAY(a, int, (size_t)cpu_count);
	for (int cpu = 0; cpu < cpu_count; cpu++) {
		struct perf_ring r = {.fd = -1};

		if (open_one(a, attr, process, cpu, ring_size, &r)) {
			out->fds[out->count] = r.fd;
			out->rings[out->count++] = r;
		} else if (errno != ENODEV) { /* which says that this CPU is off */
			reason = errno;
			out->is_memory_refused = r.fd >= 0;
			perf_rings_close(out);
			errno = reason;
			return false;
		}
	}
	errno = ENODEV;
	return out->count > 0;
}

void perf_rings_close(struct perf_rings *r)
{
	for (size_t i = 0; i < r->count; i++)
		ioctl(r->rings[i].fd, PERF_EVENT_IOC_DISABLE, 0);
	for (size_t i = 0; i < r->count; i++) {
		munmap(r->rings[i].page, r->rings[i].mapped_size);
		close(r->rings[i].fd);
	}
	r->count = 0;
}

void perf_rings_look(struct perf_rings *r)
{
	for (size_t i = 0; i < r->count; i++) {
		struct perf_event_mmap_page *page = r->rings[i].page;

		r->rings[i].head = __atomic_load_n(&page->data_head, __ATOMIC_ACQUIRE);
		r->rings[i].tail = page->data_tail;
	}
}

/* The oldest record of a ring, in one piece; NULL: there is none. */
static const struct perf_event_header *peek(const struct perf_rings *all, struct perf_ring *r)
{
	const unsigned char *data = (const unsigned char *)r->page + (r->mapped_size - all->size);
	size_t at = r->tail & (all->size - 1);
	const struct perf_event_header *header = (const void *)(data + at);

	if (r->head - r->tail < sizeof *header)
		return NULL;
	/* A ring that makes no sense is given up. */
	if (header->size < sizeof *header || header->size % 8 != 0 || header->size > r->head - r->tail) {
		r->tail = r->head;
		return NULL;
	}
	if (at + header->size <= all->size)
		return header;
	memcpy(r->straight, data + at, all->size - at);
	memcpy(r->straight + (all->size - at), data, at + header->size - all->size);
	return (const void *)r->straight;
}

static uint64_t time_of(const struct perf_event_header *header)
{
	const uint64_t *words = (const void *)header;
	size_t count = header->size / 8;
	size_t at = header->type == PERF_RECORD_SAMPLE ? SAMPLE_TIME_AT : count - 1;

	return at < count ? words[at] : 0;
}

bool perf_rings_next(struct perf_rings *r, uint64_t until_ns,
		     void (*use)(void *state, const struct perf_record *record), void *state)
{
	struct perf_record oldest = {0};
	struct perf_ring *from = NULL;

	for (size_t i = 0; i < r->count; i++) {
		const struct perf_event_header *header = peek(r, r->rings + i);
		uint64_t time_ns = header ? time_of(header) : 0;

		if (header && time_ns <= until_ns && (!from || time_ns < oldest.time_ns)) {
			oldest = (struct perf_record){.header = header, .time_ns = time_ns};
			from = r->rings + i;
		}
	}
	if (!from)
		return false;
	use(state, &oldest);
	from->tail += oldest.header->size;
	__atomic_store_n(&from->page->data_tail, from->tail, __ATOMIC_RELEASE);
	return true;
}
