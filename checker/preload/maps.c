/* Lines of /proc/self/maps with code, as records. */
#include "preload.h"

#include <fcntl.h>
#include <unistd.h>

enum {
	BLOCK_SIZE = 4096,
	PERMISSIONS_SIZE = 4, /* "r-xp" */
};

struct line {
	struct area_place place;
	bool open, wanted, full;
	int field; /* words that are complete: addresses, permissions, … */
	size_t size, permission_at;
};

/* A line is written into its slot as it is read; what is no code gives the slot to the next line. */
static void add(struct line *l, char c)
{
	if (!l->open)
		l->open = area_take(&l->place, PRELOAD_MAP, own_pid(), own_tid());
	if (!l->open)
		return;
	if (c == ' ' && l->field < 2)
		l->field++;
	else if (l->field == 1 && l->permission_at < PERMISSIONS_SIZE && l->permission_at++ == 2)
		l->wanted = c == 'x';
	if (l->size + 1 < PRELOAD_TEXT_SIZE)
		l->place.slot->text[l->size++] = c;
	else
		l->full = true;
}

static void begin(struct line *l)
{
	l->wanted = l->full = false;
	l->field = 0;
	l->size = l->permission_at = 0;
}

static void end(struct line *l)
{
	if (l->open && l->wanted && !l->full) {
		l->place.slot->text[l->size] = '\0';
		area_publish(&l->place);
		l->open = false;
	}
	begin(l);
}

void maps_tell(void)
{
	int fd = open("/proc/self/maps", O_RDONLY | O_CLOEXEC);
	char block[BLOCK_SIZE];
	struct line l = {0};
	ssize_t got;

	if (fd < 0)
		return;
	while ((got = read(fd, block, sizeof block)) > 0) {
		for (ssize_t i = 0; i < got; i++) {
			if (block[i] == '\n')
				end(&l);
			else
				add(&l, block[i]);
		}
	}
	close(fd);
	/* A slot that is taken must be published: an empty line says nothing. */
	if (l.open) {
		l.place.slot->text[0] = '\0';
		area_publish(&l.place);
	}
}
