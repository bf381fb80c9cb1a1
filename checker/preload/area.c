/* The area of slots, as writers see it. */
#include "preload.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static struct preload_area *area;

static bool fits(const struct preload_area *a)
{
	return a->magic == PRELOAD_MAGIC && a->version == PRELOAD_VERSION && a->slot_count == PRELOAD_SLOTS &&
	       a->slot_size == sizeof(struct preload_slot) && a->period_ns > 0;
}

bool area_open(void)
{
	const char *path = getenv(PRELOAD_VARIABLE);
	struct stat status;
	void *at;
	int fd;

	fd = path ? open(path, O_RDWR | O_CLOEXEC | O_NOCTTY) : -1;
	if (fd < 0)
		return false;
	if (fstat(fd, &status) != 0 || (uint64_t)status.st_size != sizeof *area) {
		close(fd);
		return false;
	}
	at = mmap(NULL, sizeof *area, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (at == MAP_FAILED)
		return false;
	if (!fits(at)) {
		munmap(at, sizeof *area);
		return false;
	}
	area = at;
	return true;
}

bool area_is_open(void)
{
	return area;
}

enum preload_engine area_engine(void)
{
	return (enum preload_engine)area->engine;
}

int64_t area_period_ns(void)
{
	return area->period_ns;
}

void area_note(enum preload_note note)
{
	__atomic_or_fetch(&area->notes, (uint32_t)note, __ATOMIC_RELAXED);
}

void area_count_process(void)
{
	__atomic_add_fetch(&area->process_count, 1, __ATOMIC_RELAXED);
}

uint64_t area_begin_unload(void)
{
	return __atomic_add_fetch(&area->unload_count, 1, __ATOMIC_ACQ_REL);
}

bool area_take(struct area_place *place, enum preload_kind kind, pid_t pid, pid_t tid)
{
	uint64_t number = __atomic_load_n(&area->head, __ATOMIC_RELAXED);

	do {
		if (number - __atomic_load_n(&area->tail, __ATOMIC_ACQUIRE) >= PRELOAD_SLOTS) {
			__atomic_add_fetch(&area->lost, 1, __ATOMIC_RELAXED);
			return false;
		}
	} while (!__atomic_compare_exchange_n(&area->head, &number, number + 1, true, __ATOMIC_ACQ_REL,
					      __ATOMIC_RELAXED));
	place->slot = &area->slots[number % PRELOAD_SLOTS];
	place->number = number;
	place->slot->kind = (uint32_t)kind;
	place->slot->pid = (uint32_t)pid;
	place->slot->tid = (uint32_t)tid;
	return true;
}

void area_publish(const struct area_place *place)
{
	__atomic_store_n(&place->slot->ready, place->number + 1, __ATOMIC_RELEASE);
}
