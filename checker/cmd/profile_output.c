/* Where the text that `pawl profile` shows goes: standard output, or the file of --output. */
#include "cmd/profile.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A reader that has seen enough (`head`, a pager) is no error: *gone then. */
static bool write_out(int fd, const char *name, const char *at, size_t size, bool *gone, struct err *err)
{
	while (size) {
		ssize_t written = write(fd, at, size);

		if (written < 0 && errno == EPIPE)
			return *gone = true;
		if (written < 0 && errno != EINTR)
			return err_set(err, "cannot write to %s: %s", name, strerror(errno));
		at += written > 0 ? written : 0;
		size -= written > 0 ? (size_t)written : 0;
	}
	return true;
}

/* What a file cannot take the place of: a pipe, /dev/null, a terminal. */
static bool is_special(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode);
}

static bool begin(struct profile_output *o, struct err *err)
{
	if (o->begun)
		return true;
	o->fd = STDOUT_FILENO;
	if (o->path && is_special(o->path)) {
		o->fd = open(o->path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
		if (o->fd < 0)
			return err_set(err, "%s: cannot write: %s", o->path, strerror(errno));
	} else if (o->path) {
		if (!file_begin(&o->file, o->path, err))
			return false;
		o->is_file = true;
	}
	return o->begun = true;
}

static bool add(struct profile_output *o, const char *at, size_t size, struct err *err)
{
	return o->is_file ? file_add(&o->file, at, size, err)
			  : write_out(o->fd, o->path ? o->path : "standard output", at, size, &o->gone, err);
}

/* The first error is told at the end; until then nothing more is written. */
static void take(struct buf_drain *drain, const char *at, size_t size)
{
	struct profile_output *o = (struct profile_output *)drain;

	if (!o->failed && !o->gone)
		o->failed = !begin(o, &o->err) || !add(o, at, size, &o->err);
}

void profile_output_init(struct profile_output *o, struct profile_call *call, struct buf *text)
{
	const char *path = call->options->output;

	*o = (struct profile_output){.drain.take = take, .path = path && !text_equal(path, "-") ? path : NULL};
	text->drain = &o->drain;
}

void profile_output_give_up(struct profile_output *o)
{
	if (o->is_file && !o->failed)
		file_give_up(&o->file);
}

bool profile_output_end(struct profile_output *o, const struct buf *text, bool binary, struct err *err)
{
	if (!o->path && binary && isatty(STDOUT_FILENO))
		return err_set(err, "this is nothing for a terminal; -o FILE writes it to a file");
	take(&o->drain, buf_string(text), text->size);
	if (o->failed) {
		*err = o->err;
		return false;
	}
	if (o->is_file)
		return file_end(&o->file, err);
	if (o->path && close(o->fd) != 0)
		return err_set(err, "%s: cannot write: %s", o->path, strerror(errno));
	return true;
}

bool profile_put(struct profile_call *call, const struct buf *text, bool binary, struct err *err)
{
	struct buf whole = *text;
	struct profile_output o;

	profile_output_init(&o, call, &whole);
	return profile_output_end(&o, &whole, binary, err);
}
