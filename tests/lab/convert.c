/* Two run files of one interleaved check to the lines of a trace, on standard output. */
#include "base/file.h"
#include "model/run_json.h"

#include <stdio.h>

enum { RUN_LIMIT = 1 << 28 };

static bool read_run(struct arena *a, const char *path, struct run *run, struct err *err)
{
	struct str text;

	return file_read(a, path, RUN_LIMIT, &text, err) && run_from_json(a, path, text, run, err);
}

static const struct slice *partner(const struct slice_table *t, const struct slice *s)
{
	for (size_t i = 0; t && i < t->slice_count; i++) {
		const struct slice *other = &t->slices[i];

		if (other->phase != PHASE_TRIAL && other->block == s->block && other->position / 2 == s->position / 2)
			return other;
	}
	return NULL;
}

/* Six digits are a thousand times finer than the jitter. */
static void print_pairs(const struct slice_table *base, const struct slice_table *head)
{
	int x = base ? table_metric(base, head->clock) : -1, y = table_metric(head, head->clock);

	for (size_t i = 0; x >= 0 && y >= 0 && i < head->slice_count; i++) {
		const struct slice *h = &head->slices[i], *b = partner(base, h);

		if (h->phase == PHASE_TRIAL || !b || !b->cells[x].present || !h->cells[y].present)
			continue;
		printf("%s,%lld,%lld,%s,%.6g,%.6g\n", head->bench, (long long)h->block, (long long)(h->position / 2),
		       b->position < h->position ? "base" : "head", b->cells[x].value, h->cells[y].value);
	}
}

int main(int argc, char **argv)
{
	struct arena *a = arena_open();
	struct run base = {0}, head = {0};
	struct err err = {0};

	if (argc != 3) {
		fputs("usage: convert BASE.json HEAD.json\n", stderr);
		return 2;
	}
	if (!read_run(a, argv[1], &base, &err) || !read_run(a, argv[2], &head, &err)) {
		fprintf(stderr, "convert: %s\n", err.text);
		return 2;
	}
	printf("# %s, %s, %s, %s, started %s\n", head.host.cpu_model, head.host.hypervisor, head.host.kernel,
	       head.host.libc, head.started);
	puts("benchmark,block,pair,first,base_ns,head_ns");
	for (size_t i = 0; i < head.table_count; i++)
		print_pairs(run_find(&base, head.tables[i].suite, head.tables[i].bench), &head.tables[i]);
	arena_close(a);
	return fflush(stdout) == 0 ? 0 : 3;
}
