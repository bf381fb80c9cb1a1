/* From a request to two filled runs. */
#include "flow/measuring.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/random.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

enum { MOST_PADDING = 4096 }; /* a page: moves the stack through every alignment that matters */

static void tell(struct measuring *m, const char *stage, const char *what)
{
	struct measure_progress p = {.what = what, .stage = stage, .done = m->slices_done, .total = m->slices_total};

	if (!m->request->progress)
		return;
	for (size_t i = 0; i < m->bench_count; i++) {
		struct schedule_state one = {.pairs = m->request->pairs, .benches = &m->known[i], .bench_count = 1};

		if (m->slices_total)
			p.left_ns += (int64_t)schedule_left(&one) * m->benches[i].slice_cost_ns;
	}
	m->request->progress(m->request->to, &p);
}

/* Links of equal length: PWD and everything made of it is as long on one side as on the other. */
static bool make_links(struct measuring *m, struct err *err)
{
	static const char *const names[SIDE_COUNT] = {"base", "head"};

	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
		const char *folder;

		if (!m->sides[side])
			continue;
		folder = path_real(m->arena, m->sides[side]->folder);
		/* A base without that folder has none of the suites: nobody will follow the link. */
		if (!folder && m->sides[side]->absent)
			folder = m->sides[side]->folder;
		if (!folder)
			return err_set(err, "%s: %s", m->sides[side]->folder, strerror(errno));
		m->links[side] = path_join(m->arena, m->scratch, names[side]);
		if (symlink(folder, m->links[side]) != 0)
			return err_set(err, "%s: cannot make a link: %s", m->links[side], strerror(errno));
	}
	return true;
}

static struct schedule_state state_of(const struct measuring *m)
{
	return (struct schedule_state){.seed = m->request->seed,
				       .pairs = m->request->pairs,
				       .benches = m->known,
				       .bench_count = m->bench_count};
}

/* All slices of a block.  False when it was broken off: by an interrupt, or by a slice that failed. */
static void measure_block(struct measuring *m, const struct schedule_block *block, int64_t number)
{
	struct bench *b = &m->benches[block->bench];
	struct schedule_bench *known = &m->known[block->bench];
	struct slice_place place = {
		.phase = block->phase,
		.block = number,
		.padding = block->seed % MOST_PADDING,
		/* Where this process runs now is where the system has room. */
		.cpu = b->pinned ? sched_getcpu() : -1,
		.how = b->how,
	};

	for (size_t i = 0; i < block->slice_count; i++) {
		enum slice_end end;

		place.side = block->sides[i];
		place.position = (int64_t)i;
		end = measuring_slice(m, b, &place, NULL);
		if (end != SLICE_OK) {
			known->stopped = true;
			return;
		}
		m->slices_done++;
		tell(m, "measuring", b->title);
	}
	known->block_count++;
	known->pair_count += known->one_side ? block->slice_count : block->slice_count / 2;
}

static void measure_slices(struct measuring *m)
{
	struct schedule_state state = state_of(m);
	struct schedule_block block;
	int64_t expected = 0;

	m->slices_total = schedule_left(&state);
	for (size_t i = 0; i < m->bench_count; i++) {
		struct schedule_state one = {.pairs = state.pairs, .benches = &m->known[i], .bench_count = 1};

		expected += (int64_t)schedule_left(&one) * m->benches[i].slice_cost_ns;
	}
	if (m->request->plan && !proc_interrupted())
		m->request->plan(m->request->to, m->bench_count, expected);
	for (int64_t number = 0; !proc_interrupted() && schedule_next(&state, &block); number++)
		measure_block(m, &block, number);
}

bool measure(struct arena *a, const struct measure_request *request, struct err *err)
{
	struct measuring m = {.arena = a, .request = request, .started_ns = clock_ns()};
	bool ok;

	m.sides[SIDE_BASE] = request->base;
	m.sides[SIDE_HEAD] = request->head;
	if (!dir_make_scratch(a, &m.scratch, err))
		return false;
	m.out_path = path_join(a, m.scratch, "result.json");
	ok = make_links(&m, err);
	if (ok) {
		tell(&m, "listing", "");
		ok = measuring_list(&m, err);
	}
	for (size_t i = 0; ok && i < m.bench_count && !proc_interrupted(); i++) {
		tell(&m, "sizing", m.benches[i].title);
		if (m.benches[i].tables[SIDE_HEAD])
			measuring_size(&m, i);
		else
			m.known[i].stopped = true;
	}
	if (ok)
		measure_slices(&m);
	for (enum side side = SIDE_BASE; side <= SIDE_HEAD; side++) {
		if (m.sides[side])
			m.sides[side]->run->partial = proc_interrupted();
	}
	dir_remove(m.scratch);
	return ok;
}
