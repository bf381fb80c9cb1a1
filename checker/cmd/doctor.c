/* pawl doctor. */
#include "cmd/cmd.h"

#include "base/json.h"
#include "base/proc.h"
#include "base/random.h"
#include "cmd/overhead.h"
#include "cmd/project.h"
#include "flow/doctor.h"
#include "flow/side.h"

#include <stddef.h>
#include <stdio.h>

struct options {
	const char *config;
	struct option_texts suites;
	bool quick, json;
};

static const int64_t LONG_NS = 10000000000, QUICK_NS = 1000000000;

static const char *const level_names[] = {
	[DOCTOR_GOOD] = "good", [DOCTOR_NOTE] = "note", [DOCTOR_LACK] = "lack", [DOCTOR_BROKEN] = "broken"};

static void print_text(struct arena *a, const struct doctor_report *r)
{
	size_t lacks = 0, broken = 0;

	for (size_t i = 0; i < r->count; i++) {
		const struct doctor_row *row = &r->rows[i];

		lacks += row->level == DOCTOR_LACK;
		broken += row->level == DOCTOR_BROKEN;
		printf("%-7s %-24s %s\n", level_names[row->level], row->name, text_inert_copy(a, row->found));
		if (*row->mend)
			printf("%-32s -> %s\n", "", row->mend);
	}
	printf("%zu lack%s, %zu broken; of your own benchmarks 'pawl check --aa 20' tells more\n", lacks,
	       lacks == 1 ? "" : "s", broken);
}

static void put_number(struct json *j, const char *key, double value)
{
	json_key(j, key);
	json_double(j, value);
}

static void print_json(struct arena *a, const struct doctor_report *r, const struct doctor_pairs *p,
		       const struct doctor_noise *n)
{
	struct buf out = {.arena = a};
	struct json j = {.out = &out};

	json_begin_object(&j);
	json_key(&j, "pawl_doctor");
	json_int(&j, 1);
	json_key(&j, "level");
	json_text(&j, level_names[doctor_worst(r)]);
	json_key(&j, "noise");
	json_begin_object(&j);
	json_key(&j, "pairs");
	json_int(&j, (int64_t)p->count);
	put_number(&j, "spread_percent", 100 * n->spread_ratio);
	put_number(&j, "wall_spread_percent", 100 * n->wall_spread_ratio);
	put_number(&j, "mde_percent", 100 * n->visible_ratio);
	put_number(&j, "mde_among_50_percent", 100 * n->visible_among_50_ratio);
	put_number(&j, "wall_mde_percent", 100 * n->wall_visible_ratio);
	put_number(&j, "p_value", n->p_two_sided);
	json_key(&j, "steal_percent");
	if (p->stolen_ratio < 0)
		json_null(&j);
	else
		json_double(&j, 100 * p->stolen_ratio);
	json_end_object(&j);
	json_key(&j, "rows");
	json_begin_array(&j);
	for (size_t i = 0; i < r->count; i++) {
		json_begin_object_line(&j);
		json_key(&j, "name");
		json_text(&j, r->rows[i].name);
		json_key(&j, "level");
		json_text(&j, level_names[r->rows[i].level]);
		json_key(&j, "found");
		json_text(&j, r->rows[i].found);
		json_key(&j, "mend");
		json_text(&j, r->rows[i].mend);
		json_end_object(&j);
	}
	json_end_array(&j);
	json_end_object(&j);
	printf("%s\n", buf_string(&out));
}

/* What sampling costs the project's own benchmarks, as a row. */
static bool add_overhead(struct arena *a, const struct options *o, struct doctor_report *report, struct err *err)
{
	struct measure_request like = {.seed = random_seed(), .slices = 1};
	struct overhead overhead;
	struct project project;
	struct err why;

	if (!project_open(a, o->config, &o->suites, &project, err))
		return false;
	like.config = &project.config;
	like.wanted = project.wanted;
	fprintf(stderr, "pawl: building and measuring %zu suite%s with and without the sampler\n", o->suites.count,
		o->suites.count == 1 ? "" : "s");
	if (!side_build(a, &project.config, project.wanted, project.config.folder, err))
		return false;
	if (overhead_measure(a, &project, &like, &overhead, &why))
		doctor_add(a, report, "profiling costs", DOCTOR_NOTE, "", "%s", overhead_words(a, &overhead));
	else
		doctor_add(a, report, "profiling costs", DOCTOR_LACK, "", "%s", why.text);
	return true;
}

static enum status doctor_run(struct call *call, struct err *err)
{
	const struct options *o = call->options;
	struct arena *a = call->arena;
	struct doctor_report report;
	struct doctor_pairs pairs;
	struct doctor_noise noise;

	doctor_rows(a, &report);
	if (!o->quick)
		fprintf(stderr, "pawl: measuring the noise of this machine for 10 s (--quick: 1 s)\n");
	if (!doctor_measure(a, o->quick ? QUICK_NS : LONG_NS, &pairs, err))
		return STATUS_INTERRUPTED;
	noise = doctor_judge(a, &pairs);
	doctor_add_noise(a, &pairs, &noise, &report);
	if (o->suites.count && !add_overhead(a, o, &report, err))
		return proc_interrupted() ? STATUS_INTERRUPTED : STATUS_USAGE;
	if (o->json)
		print_json(a, &report, &pairs, &noise);
	else
		print_text(a, &report);
	return doctor_worst(&report) == DOCTOR_BROKEN ? STATUS_UNDECIDED : STATUS_OK;
}

#define AT(field) offsetof(struct options, field)

static const struct option doctor_options[] = {
	{"quick", 'q', OPTION_FLAG, NULL, AT(quick), "measure the noise for one second instead of ten"},
	{"suite", 's', OPTION_TEXTS, "S", AT(suites),
	 "build this suite of pawl.yml, too, and tell what sampling its stacks costs; may be given several times"},
	{"json", 0, OPTION_FLAG, NULL, AT(json), "print JSON"},
	{"config", 'c', OPTION_TEXT, "FILE", AT(config), "another pawl.yml"},
	{0},
};

const struct command command_doctor = {
	.name = "doctor",
	.summary = "Tell what this machine can measure, and how well",
	.words = "",
	.examples = "  pawl doctor\n"
		    "  pawl doctor --suite orders         # and what profiling that suite costs\n"
		    "  pawl doctor --quick --json\n",
	.details =
		"Every lack has the line that mends it behind '->'.  The noise is that of a loop which stays in the\n"
		"CPU's caches: benchmarks that do not are noisier.\n\n"
		"Exit status: 0; 3 something is broken that a check needs.\n",
	.options = doctor_options,
	.options_size = sizeof(struct options),
	.min_words = 0,
	.max_words = 0,
	.run = doctor_run,
};
