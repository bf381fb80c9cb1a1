/* The shared area and the library's file: made, read, handed to a program by its environment. */
#include "sampler/preload_area.h"

#include "base/file.h"
#include "base/text.h"
#include "sampler/preload_library.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define VARIABLE_LIBRARIES "LD_PRELOAD"

/* No slice loses as many; a program that says so shall not make sums run over. */
static const uint64_t lost_most = UINT64_C(1) << 40;

extern char **environ;

static bool write_library(struct arena *a, const char *folder, struct preload_reader *out, struct err *err)
{
	const char *real = path_real(a, folder);
	bool there;

	out->library = path_join(a, real ? real : folder, PRELOAD_FILE);
	if (file_exists(out->library))
		return true;
	return file_create(out->library, preload_library, (size_t)(preload_library_end - preload_library), true, &there,
			   err);
}

/* The dynamic linker parts names by spaces and colons and knows no quotes. */
static bool can_be_named(const char *path)
{
	return !strpbrk(path, " :\t\n");
}

/* Whoever may write to the file could else make it shorter, and a read beyond its end kills the reader. */
static bool fix_size(int fd)
{
	return fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) == 0;
}

bool preload_area_open(struct arena *a, enum preload_engine engine, int64_t period_ns, const char *folder,
		       struct preload_reader *out, struct err *err)
{
	void *at;

	*out = (struct preload_reader){.fd = -1};
	if (!write_library(a, folder, out, err))
		return false;
	if (!can_be_named(out->library))
		return err_set(err,
			       "%s: a library in a folder with a space or a colon in its name cannot be preloaded; "
			       "set TMPDIR to another one",
			       out->library);
	out->fd = memfd_create("pawl-sampler", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (out->fd < 0 || ftruncate(out->fd, sizeof *out->area) != 0 || !fix_size(out->fd)) {
		err_set(err, "cannot make a shared memory file: %s", strerror(errno));
		goto fail;
	}
	at = mmap(NULL, sizeof *out->area, PROT_READ | PROT_WRITE, MAP_SHARED, out->fd, 0);
	if (at == MAP_FAILED) {
		err_set(err, "cannot map a shared memory file: %s", strerror(errno));
		goto fail;
	}
	out->area = at;
	out->area->slot_count = PRELOAD_SLOTS;
	out->area->slot_size = sizeof(struct preload_slot);
	out->area->engine = (uint32_t)engine;
	out->area->period_ns = period_ns;
	out->area->version = PRELOAD_VERSION;
	out->area->magic = PRELOAD_MAGIC;
	out->path = arena_printf(a, "/proc/%d/fd/%d", (int)getpid(), out->fd);
	return true;
fail:
	if (out->fd >= 0)
		close(out->fd);
	out->fd = -1;
	return false;
}

void preload_area_close(struct preload_reader *r)
{
	if (r->area)
		munmap(r->area, sizeof *r->area);
	if (r->fd >= 0)
		close(r->fd);
	r->area = NULL;
	r->fd = -1;
}

int64_t preload_area_lost(const struct preload_reader *r)
{
	uint64_t lost = __atomic_load_n(&r->area->lost, __ATOMIC_RELAXED), skipped = r->skipped_count;

	return (int64_t)(lost < lost_most && skipped < lost_most ? lost + skipped : lost_most);
}

bool preload_area_next(struct preload_reader *r, bool ended)
{
	for (int skipped = 0; skipped <= PRELOAD_SLOTS; skipped++) {
		uint64_t tail = r->area->tail, waiting = __atomic_load_n(&r->area->head, __ATOMIC_ACQUIRE) - tail;
		struct preload_slot *slot = &r->area->slots[tail % PRELOAD_SLOTS];
		bool ready = __atomic_load_n(&slot->ready, __ATOMIC_ACQUIRE) == tail + 1;

		if (!waiting)
			return false;
		/* A writer that was killed leaves its slot unfilled: others must not wait for it for ever. */
		if (!ready && !ended && waiting < PRELOAD_SLOTS / 2)
			return false;
		if (ready)
			memcpy(&r->slot, slot, sizeof r->slot);
		else
			r->skipped_count++;
		__atomic_store_n(&r->area->tail, tail + 1, __ATOMIC_RELEASE);
		if (ready)
			return true;
	}
	return false;
}

/* What others preload stays first: some libraries must be.  Two samplers in one program would take the signals of each
 * other for a stranger's, so that of a pawl that runs this one goes. */
static const char *add_library(struct arena *a, const char *list, const char *library)
{
	struct buf b = {.arena = a};

	while (*list) {
		size_t size = strcspn(list, " :");

		if (size && !text_ends(arena_copy(a, list, size), "/" PRELOAD_FILE))
			buf_printf(&b, "%.*s:", (int)size, list);
		list += size;
		list += *list != '\0';
	}
	buf_printf(&b, "%s", library);
	return buf_string(&b);
}

const char *const *preload_area_environment(struct arena *a, const struct preload_reader *r, const char *const *env)
{
	const char **out, *libraries = r->library;
	size_t count = 0, kept = 0;

	if (!env)
		env = (const char *const *)environ;
	while (env[count])
		count++;
	out = NEW_ARRAY(a, const char *, count + 3);
	for (size_t i = 0; i < count; i++) {
		if (text_starts(env[i], PRELOAD_VARIABLE "="))
			continue;
		if (text_starts(env[i], VARIABLE_LIBRARIES "="))
			libraries = add_library(a, env[i] + sizeof VARIABLE_LIBRARIES, r->library);
		else
			out[kept++] = env[i];
	}
	out[kept++] = arena_printf(a, "%s=%s", VARIABLE_LIBRARIES, libraries);
	out[kept] = arena_printf(a, "%s=%s", PRELOAD_VARIABLE, r->path);
	return out;
}
