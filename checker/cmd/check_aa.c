/* pawl check --aa N. */
#include "cmd/check_aa.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/quantity.h"
#include "base/random.h"
#include "base/text.h"
#include "cmd/overhead.h"
#include "stats/proportion.h"
#include "stats/sample.h"

#include <math.h>
#include <stdio.h>

static const double CONFIDENCE = 0.95;

/* One gated series over all checks. */
struct aa_series {
	const char *title;
	size_t judged, slower, faster, pairs;
	double *mde; /* of each check that knows it */
	size_t mde_count;
};

struct aa {
	struct arena *arena; /* what lives longer than one check */
	size_t times, done;
	size_t alarms; /* checks with a row called slower */
	size_t judged, slower, faster, undecided, unjudged;
	int64_t measured_ns;
	struct aa_series *series;
	size_t series_count, series_capacity;
	struct buf csv;
};

static struct aa_series *series_of(struct aa *aa, const struct finding *f)
{
	const char *title = arena_printf(aa->arena, "%s/%s [%s]", f->suite, f->bench, f->metric);

	for (size_t i = 0; i < aa->series_count; i++) {
		if (text_equal(aa->series[i].title, title))
			return &aa->series[i];
	}
	aa->series = arena_reserve(aa->arena, aa->series, aa->series_count, &aa->series_capacity, sizeof *aa->series);
	aa->series[aa->series_count] =
		(struct aa_series){.title = title, .mde = NEW_ARRAY(aa->arena, double, aa->times)};
	return &aa->series[aa->series_count++];
}

/* The gated rows of one check. */
struct aa_count {
	size_t judged, slower, faster, undecided, unjudged, pairs, most_pairs;
};

static struct aa_count count_rows(struct aa *aa, const struct verdict *v)
{
	struct aa_count n = {0};

	for (size_t i = 0; i < v->finding_count; i++) {
		const struct finding *f = &v->findings[i];
		struct aa_series *s;

		if (!f->gated)
			continue;
		s = series_of(aa, f);
		s->judged += f->state == STATE_JUDGED;
		s->slower += f->outcome == OUTCOME_SLOWER;
		s->faster += f->outcome == OUTCOME_FASTER;
		s->pairs += f->samples_head;
		if (f->mde_ratio.known && s->mde_count < aa->times)
			s->mde[s->mde_count++] = f->mde_ratio.value;
		n.judged += f->state == STATE_JUDGED;
		n.slower += f->outcome == OUTCOME_SLOWER;
		n.faster += f->outcome == OUTCOME_FASTER;
		n.undecided += f->state == STATE_UNDECIDED;
		n.unjudged += f->state != STATE_JUDGED && f->state != STATE_UNDECIDED;
		n.pairs += f->samples_head;
		n.most_pairs = f->samples_head > n.most_pairs ? f->samples_head : n.most_pairs;
	}
	return n;
}

static void add_check(struct aa *aa, const struct check *c, int64_t took_ns)
{
	struct aa_count n = count_rows(aa, &c->verdict);
	char seconds[TEXT_DOUBLE_SIZE];

	aa->done++;
	aa->alarms += n.slower > 0;
	aa->judged += n.judged;
	aa->slower += n.slower;
	aa->faster += n.faster;
	aa->undecided += n.undecided;
	aa->unjudged += n.unjudged;
	aa->measured_ns += took_ns;
	text_double(seconds, round((double)took_ns / 1e7) / 100);
	buf_printf(&aa->csv, "%zu,%llu,%zu,%zu,%zu,%zu,%zu,%zu,%zu,%s,%.2f\n", aa->done,
		   (unsigned long long)c->head.seed, n.judged, n.slower, n.faster, n.undecided, n.unjudged, n.pairs,
		   n.most_pairs, seconds, c->head.host.load);
}

/* One whole check of the head against itself, in an arena of its own. */
static bool check_once(struct aa *aa, const struct check *all, size_t number, struct err *err)
{
	struct check c = *all;
	int64_t begun_ns = clock_ns();
	uint64_t seed = random_mix(all->head.seed, number);
	bool ok;

	c.arena = arena_open_child(all->arena);
	c.started_ns = begun_ns;
	c.base = c.head = (struct run){.seed = seed};
	project_init_run(c.arena, &c.head, project_check_id(c.arena, seed), seed);
	project_mark_head(c.arena, &c.project, &c.head);
	project_init_run(c.arena, &c.base, c.head.check_id, seed);
	c.quiet = number > 0;
	ok = check_measure(&c, err);
	if (ok && !proc_interrupted()) {
		check_judge(&c);
		add_check(aa, &c, clock_ns() - begun_ns);
		progress_say(&c.progress, "pawl: check %zu of %zu: %s\n", aa->done, aa->times, c.verdict.status_reason);
	}
	arena_close(c.arena);
	return ok;
}

static double percent(size_t part, size_t whole)
{
	return whole ? 100 * (double)part / (double)whole : 0;
}

static void print_series(struct aa *aa)
{
	size_t columns = sizeof "SERIES" - 1;

	for (size_t i = 0; i < aa->series_count; i++) {
		size_t title = text_columns(text_inert_copy(aa->arena, aa->series[i].title));

		columns = title > columns ? title : columns;
	}
	printf("  %-*s  %6s  %6s  %7s  %9s\n", (int)columns, "SERIES", "SLOWER", "FASTER", "PAIRS", "SEES");
	for (size_t i = 0; i < aa->series_count; i++) {
		const struct aa_series *s = &aa->series[i];
		const char *title = text_inert_copy(aa->arena, s->title);

		printf("  %s%*s  %6zu  %6zu  %7.1f  ", title, (int)(columns - text_columns(title)), "", s->slower,
		       s->faster, (double)s->pairs / (double)aa->done);
		if (s->mde_count)
			printf("%7.2g %%\n", 100 * sample_median(aa->arena, s->mde, s->mde_count));
		else
			printf("%9s\n", "unknown");
	}
}

static void print(struct aa *aa)
{
	double per_check = (double)aa->measured_ns / (double)aa->done;

	printf("%zu checks of the same program on both sides, %zu gated series, %s a check\n", aa->done,
	       aa->series_count, quantity_duration(aa->arena, per_check));
	printf("false alarms: %zu of %zu checks, %.3g %% (95 %% upper bound %.2g %%)\n", aa->alarms, aa->done,
	       percent(aa->alarms, aa->done), 100 * proportion_upper(aa->alarms, aa->done, CONFIDENCE));
	printf("called slower: %zu of %zu series, %.3g %% (95 %% upper bound %.2g %%); called faster: %zu\n",
	       aa->slower, aa->judged, percent(aa->slower, aa->judged),
	       100 * proportion_upper(aa->slower, aa->judged, CONFIDENCE), aa->faster);
	if (aa->undecided || aa->unjudged)
		printf("not judged: %zu undecided, %zu for other reasons\n", aa->undecided, aa->unjudged);
	print_series(aa);
	printf("SEES is the smallest change that 4 of 5 checks would call, the median over the checks.\n");
}

static void draw(void *to, const struct measure_progress *m)
{
	progress_draw(to, m);
}

/* What profiles would cost these benchmarks; where nothing can sample, why. */
static void print_overhead(struct check *c)
{
	struct measure_request like = {
		.config = &c->project.config,
		.wanted = c->project.wanted,
		.filter = c->options->filter,
		.seed = random_mix(c->head.seed, (uint64_t)c->options->aa + 1),
		.slices = 1,
		.to = &c->progress,
		.progress = draw,
	};
	struct overhead overhead;
	struct err err;
	bool ok = overhead_measure(c->arena, &c->project, &like, &overhead, &err);

	progress_clear(&c->progress);
	printf("profiling: %s\n", ok ? overhead_words(c->arena, &overhead) : err.text);
}

enum status check_aa(struct check *c, size_t times, struct err *err)
{
	struct aa aa = {.arena = c->arena, .times = times, .csv = {.arena = c->arena}};
	const char *path = path_join(c->arena, c->out_dir, "aa.csv");

	c->interleaved = true;
	c->base_tree = (struct side_tree){.folder = c->project.config.folder, .revision = "", .title = "the same tree"};
	buf_text(&aa.csv, "check,seed,judged,slower,faster,undecided,unjudged,pairs,most_pairs,seconds,load\n");
	for (size_t i = 0; i < times && !proc_interrupted(); i++) {
		if (!check_once(&aa, c, i, err))
			return STATUS_UNDECIDED;
	}
	progress_clear(&c->progress);
	if (aa.done) {
		print(&aa);
		if (!dir_make(c->out_dir, err) || !file_write(path, buf_string(&aa.csv), aa.csv.size, err))
			return STATUS_UNDECIDED;
		printf("every check: %s\n", path);
		if (!proc_interrupted())
			print_overhead(c);
	}
	if (proc_interrupted())
		return STATUS_INTERRUPTED;
	if (aa.judged)
		return STATUS_OK;
	err_set(err, "no series could be judged; `pawl check --base HEAD -v` says why");
	return STATUS_UNDECIDED;
}
