/* pawl profile diff. */
#include "cmd/profile_diff.h"

#include "base/regex.h"
#include "cmd/cmd.h"
#include "flow/attribute.h"
#include "flow/attribute_split.h"
#include "profile/profile.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

enum { ROWS_SHOWN = 20, ROWS_OF_SEVERAL = 5, MOST_PROFILES = 10000 };

/* Profiles as they were read, all with the type that is compared. */
struct profiles {
	const struct profile **items;
	size_t *types;
	const char *const *paths;
	size_t count;
	bool counted; /* all of them are exact counts */
	const char *type, *unit;
};

static bool find_type(const struct profile *p, const char *name, const char *wanted, size_t *type, struct err *err)
{
	const char *path = text_printable_copy(p->arena, name);
	int64_t number;

	if (!p->type_count)
		return err_set(err, "%s: has no sample types", path);
	if (!wanted) {
		*type = profile_type_default(p);
		return true;
	}
	*type = profile_type_find(p, wanted);
	if (*type == p->type_count && text_parse_int64(str_of(wanted), &number) && number >= 0 &&
	    (size_t)number < p->type_count)
		*type = (size_t)number;
	if (*type < p->type_count)
		return true;
	err_set(err, "%s: has no sample type '%s'; there are:", path, text_printable_copy(p->arena, wanted));
	for (size_t i = 0; i < p->type_count; i++)
		snprintf(err->text + strlen(err->text), sizeof err->text - strlen(err->text), " %s",
			 text_printable_copy(p->arena, profile_text(p, p->types[i].name)));
	return false;
}

/* Reads what stands on the command line; all run files, or none. */
static bool read_files(struct call *call, struct profile_file **out, bool *of_runs, struct err *err)
{
	struct arena *a = call->arena;
	const struct profile_reading how = {0};
	struct profile_file *files = NEW_ARRAY(a, struct profile_file, call->word_count);

	*out = files;
	for (size_t i = 0; i < call->word_count; i++) {
		if (!profile_file_read(a, call->words[i], &how, &files[i], err))
			return false;
		if ((files[i].run != NULL) != (files[0].run != NULL))
			return err_set(err, "%s is a run file and %s a profile: give one kind or the other",
				       text_printable_copy(a, files[files[i].run ? i : 0].path),
				       text_printable_copy(a, files[files[i].run ? 0 : i].path));
	}
	*of_runs = files[0].run != NULL;
	return true;
}

static bool take_profiles(struct call *call, const char *sample_index, const struct profile_file *files,
			  struct profiles *out, struct err *err)
{
	struct arena *a = call->arena;

	*out = (struct profiles){.items = NEW_ARRAY(a, const struct profile *, call->word_count),
				 .types = NEW_ARRAY(a, size_t, call->word_count),
				 .paths = call->words,
				 .count = call->word_count,
				 .counted = true};
	for (size_t i = 0; i < out->count; i++) {
		const struct profile *p = out->items[i] = files[i].profile;
		const char *type, *unit;

		if (!find_type(p, out->paths[i], sample_index, out->types + i, err))
			return false;
		type = profile_text(p, p->types[out->types[i]].name);
		unit = profile_text(p, p->types[out->types[i]].unit);
		if (i && (!text_equal(type, out->type) || !text_equal(unit, out->unit)))
			return err_set(err, "%s holds %s in %s, but %s %s in %s; choose one by --sample-index",
				       text_printable_copy(a, out->paths[0]), text_printable_copy(a, out->type),
				       text_printable_copy(a, out->unit), text_printable_copy(a, out->paths[i]),
				       text_printable_copy(a, type), text_printable_copy(a, unit));
		out->type = type;
		out->unit = unit;
		out->counted &= text_equal(files[i].format->name, "callgrind");
	}
	return true;
}

/* "N" for all groups, or one number for each. */
static bool read_operations(struct arena *a, const char *option, const char *text, struct attribution_group *groups,
			    size_t count, struct err *err)
{
	size_t given = 0;

	for (const char *at = text;; given++) {
		size_t size = strcspn(at, ",");
		double value;

		if (!text_parse_double((struct str){at, size}, &value) || !(value > 0))
			return err_set(err, "%s takes numbers of operations above 0, not '%s'", option,
				       text_printable_copy(a, text));
		if (given < count)
			groups[given].operations = value;
		if (!at[size]) {
			given++;
			break;
		}
		at += size + 1;
	}
	for (size_t i = 1; given == 1 && i < count; i++)
		groups[i].operations = groups[0].operations;
	if (given != 1 && given != count)
		return err_set(
			err, "%s has %zu numbers, but the profiles hold %zu group%s; give one for all or one for each",
			option, given, count, count == 1 ? "" : "s");
	return true;
}

static void make_groups(struct arena *a, const struct profiles *p, size_t from, size_t to, struct attribution_side *out)
{
	struct attribution_group *groups = NULL;
	size_t count = 0, capacity = 0;

	for (size_t i = from; i < to; i++)
		attribute_split(a, p->items[i], p->types[i], &groups, &count, &capacity);
	*out = (struct attribution_side){groups, count};
}

/* Where operations are not known on one side, costs are per profile on both. */
static bool count_operations(struct arena *a, struct attribution_side *sides[2], const struct diff_options *o,
			     const char **operation, struct err *err)
{
	const char *const texts[] = {o->base_ops ? o->base_ops : o->ops, o->ops ? o->ops : o->base_ops};
	const char *const names[] = {o->base_ops ? "--base-ops" : "--ops", o->ops ? "--ops" : "--base-ops"};
	bool known = true;

	*operation = "operation";
	for (size_t i = 0; i < 2; i++) {
		struct attribution_group *groups = (struct attribution_group *)sides[i]->groups;

		if (texts[i] && !read_operations(a, names[i], texts[i], groups, sides[i]->group_count, err))
			return false;
		for (size_t k = 0; k < sides[i]->group_count; k++)
			known &= groups[k].operations > 0;
	}
	if (known)
		return true;
	*operation = "profile";
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < sides[i]->group_count; k++)
			((struct attribution_group *)sides[i]->groups)[k].operations = 1;
	return true;
}

static bool pair_groups(struct attribution_side *sides[2], struct err *err)
{
	if (sides[0]->group_count != sides[1]->group_count)
		return err_set(err, "--paired takes as many groups on both sides, not %zu and %zu",
			       sides[0]->group_count, sides[1]->group_count);
	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; k < sides[i]->group_count; k++)
			((struct attribution_group *)sides[i]->groups)[k].block = (int64_t)k;
	return true;
}

/* Where the profiles of the base end. */
static bool find_divider(const struct call *call, size_t *base_count, struct err *err)
{
	for (size_t i = call->words_before; call->has_divider && i < call->word_count; i++)
		if (text_starts(call->words[i], "--"))
			return err_set(err, "'%s' is taken for a file there; options stand before the '--'",
				       text_printable_copy(call->arena, call->words[i]));
	*base_count = call->has_divider ? call->words_before : 1;
	if (!call->has_divider && call->word_count != 2)
		return err_set(err,
			       "which of the %zu profiles are the base's?  Put '--' before those of the head: "
			       "pawl profile diff BASE... -- HEAD...",
			       call->word_count);
	if (!*base_count || *base_count == call->word_count)
		return err_set(err, "there is no profile %s the '--'", *base_count ? "behind" : "before");
	return true;
}

bool diff_method(struct arena *a, const struct diff_options *o, enum attribution_method *method, struct err *err)
{
	if (o->method && !attribution_method_find(o->method, method))
		return err_set(err,
			       "there is no test '%s'; there are: auto, paired-t, signed-rank, welch, poisson, exact",
			       text_printable_copy(a, o->method));
	return true;
}

bool diff_scope(struct arena *a, const struct diff_options *o, const struct regex **scope, struct err *err)
{
	struct regex *re;

	if (!o->scope)
		return true;
	if (!regex_compile(a, o->scope, &re, err))
		return err_context(err, "--scope");
	*scope = re;
	return true;
}

size_t diff_row_limit(const struct diff_options *o, size_t section_count)
{
	if (o->all)
		return SIZE_MAX;
	return o->rows ? (size_t)o->rows : section_count > 1 ? ROWS_OF_SEVERAL : ROWS_SHOWN;
}

static void print(const struct buf *out)
{
	fwrite(buf_string(out), 1, out->size, stdout);
}

static void add_warnings(struct diff_section *s)
{
	struct diff_show *show = &s->show;

	if (text_equal(show->operation, "profile") && s->at.method != ATTRIBUTION_EXACT)
		show->warnings[show->warning_count++] = "how many operations the profiles are of is not known, so "
							"costs are per profile; tell it by --ops and --base-ops";
	if (s->at.indicative)
		show->warnings[show->warning_count++] =
			"few profiles a side do not tell how much they vary; four times Poisson variance is assumed.  "
			"Take five or more a side, or twelve --paired";
}

static bool diff_profiles(struct call *call, const struct profile_file *files, size_t base_count,
			  struct diff_report *out, struct err *err)
{
	const struct diff_options *o = call->options;
	struct arena *a = call->arena;
	struct profiles p;
	struct attribute_request request = {0};
	struct attribution_side *sides[2] = {&request.base, &request.head};
	struct diff_section *s = NEW(a, struct diff_section);

	if (o->filter || o->suites.count)
		return err_set(err, "%s chooses benchmarks of run files, and these are profiles",
			       o->filter ? "--filter" : "--suite");
	if (!take_profiles(call, o->sample_index, files, &p, err))
		return false;
	request.method = p.counted ? ATTRIBUTION_EXACT : ATTRIBUTION_AUTO;
	if (!diff_method(a, o, &request.method, err) || !diff_scope(a, o, &request.scope.pattern, err))
		return false;
	make_groups(a, &p, 0, base_count, &request.base);
	make_groups(a, &p, base_count, p.count, &request.head);
	if (!count_operations(a, sides, o, &s->show.operation, err) || (o->paired && !pair_groups(sides, err)))
		return false;
	attribute(a, &request, &s->at);
	if (o->scope && (s->at.base_samples <= 0 || s->at.head_samples <= 0))
		return err_set(err, "--scope: no function of the %s matches '%s'",
			       s->at.base_samples <= 0 ? "base" : "head", text_printable_copy(a, o->scope));
	s->show.type = p.type;
	s->show.unit = p.unit;
	s->show.group = "profile";
	s->show.row_limit = diff_row_limit(o, 1);
	add_warnings(s);
	*out = (struct diff_report){.sections = s, .section_count = 1};
	return true;
}

static enum status run_diff(struct call *call, struct err *err)
{
	const struct diff_options *o = call->options;
	struct profile_file *files;
	struct diff_report report;
	struct buf out = {.arena = call->arena};
	size_t base_count = 0;
	bool of_runs;

	if (!find_divider(call, &base_count, err) || !read_files(call, &files, &of_runs, err) ||
	    !(of_runs ? diff_runs(call->arena, o, files, call->word_count, base_count, &report, err)
		      : diff_profiles(call, files, base_count, &report, err)))
		return STATUS_USAGE;
	(o->json ? diff_json : o->csv ? diff_csv : diff_text)(&out, &report);
	print(&out);
	for (size_t i = 0; o->csv && i < report.left_out_count; i++)
		fprintf(stderr, "pawl profile diff: not compared: %s: %s\n",
			text_printable_copy(call->arena, arena_printf(call->arena, "%s/%s", report.left_out[i].suite,
								      report.left_out[i].bench)),
			text_printable_copy(call->arena, report.left_out[i].reason));
	return STATUS_OK;
}

static enum status run_leak(struct call *call, struct err *err)
{
	const struct diff_options *o = call->options;
	struct arena *a = call->arena;
	struct profile_file *files;
	struct profiles p;
	struct leak_report report;
	struct leak_snapshot *snapshots = NEW_ARRAY(a, struct leak_snapshot, call->word_count);
	struct diff_show show = {.row_limit = diff_row_limit(o, 1)};
	struct buf out = {.arena = a};
	bool of_runs;

	if (call->word_count < LEAK_LEAST_SNAPSHOTS) {
		err_set(err, "--leak takes three or more snapshots, oldest first: two cannot tell growth from chance");
		return STATUS_USAGE;
	}
	if (!read_files(call, &files, &of_runs, err))
		return STATUS_USAGE;
	if (of_runs) {
		err_set(err, "--leak takes snapshots of a heap or of goroutines; run files hold CPU time");
		return STATUS_USAGE;
	}
	if (!take_profiles(call, o->sample_index, files, &p, err))
		return STATUS_USAGE;
	for (size_t i = 0; i < p.count; i++)
		snapshots[i] = (struct leak_snapshot){p.items[i], p.types[i]};
	leak_find(a, snapshots, p.count, &report);
	show.type = p.type;
	show.unit = p.unit;
	(o->json ? leak_json : o->csv ? leak_csv : leak_text)(&out, &report, p.paths, &show);
	print(&out);
	return STATUS_OK;
}

static enum status profile_diff_run(struct call *call, struct err *err)
{
	const struct diff_options *o = call->options;

	if (o->json && o->csv) {
		err_set(err, "give --json or --csv, not both");
		return STATUS_USAGE;
	}
	return (o->leak ? run_leak : run_diff)(call, err);
}

#define AT(field) offsetof(struct diff_options, field)

static const struct option profile_diff_options[] = {
	{"ops", 0, OPTION_TEXT, "N,...", AT(ops),
	 "operations of the head's profiles: one number for all or one for each"},
	{"base-ops", 0, OPTION_TEXT, "N,...", AT(base_ops),
	 "operations of the base's profiles (default: those of --ops)"},
	{"paired", 0, OPTION_FLAG, NULL, AT(paired),
	 "the profiles were taken in turns: the first of the base goes with the first of the head, and so on"},
	{"scope", 0, OPTION_TEXT, "RE", AT(scope),
	 "only stacks below functions that match, such as the benchmark's own"},
	{"sample-index", 0, OPTION_TEXT, "TYPE", AT(sample_index), "which sample type, by name or number"},
	{"method", 0, OPTION_TEXT, "TEST", AT(method),
	 "auto, paired-t, signed-rank, welch, poisson or exact (default: what the profiles allow)"},
	{"leak", 0, OPTION_FLAG, NULL, AT(leak), "three or more snapshots, oldest first: what grows in every step"},
	{"filter", 'f', OPTION_TEXT, "RE", AT(filter),
	 "of run files: only benchmarks whose name or suite/name matches"},
	{"suite", 's', OPTION_TEXTS, "S", AT(suites), "of run files: only this suite; may be given several times"},
	{"rows", 'n', OPTION_COUNT, "N", AT(rows),
	 "rows of functions that did not change (default: 20, or 5 where several benchmarks are shown)"},
	{"all", 'a', OPTION_FLAG, NULL, AT(all), "show all functions"},
	{"json", 0, OPTION_FLAG, NULL, AT(json), "everything as JSON"},
	{"csv", 0, OPTION_FLAG, NULL, AT(csv), "all functions as CSV"},
	{0},
};

const struct command command_profile_diff = {
	.name = "profile-diff",
	.summary = "Find the functions that cost more per operation in one set of profiles than in another",
	.words = "BASE... -- HEAD...",
	.examples = "  pawl profile diff --base-ops 150000 --ops 110000 base.pb.gz head.pb.gz\n"
		    "  pawl profile diff --ops 15000 base.*.pb.gz -- head.*.pb.gz\n"
		    "  pawl profile diff --paired --scope '^BM_parse' base.*.pb.gz -- head.*.pb.gz\n"
		    "  pawl profile diff callgrind.out.base callgrind.out.head\n"
		    "  pawl profile diff --filter BM_discount pawl-report/base.json pawl-report/head.json\n"
		    "  pawl profile diff --leak heap.1.pb.gz heap.2.pb.gz heap.3.pb.gz\n",
	.details =
		"Costs are compared per operation, so that a function which did not change stays where it is while\n"
		"the share of it falls.  Several profiles a side tell what is chance: twelve pairs or five a side.\n"
		"With one a side the answer is indicative.  A profile whose samples have the numeric label\n"
		"pawl_group holds several; the label ops tells the operations of each.\n\n"
		"A run file (of `pawl run --profile` or `pawl check`) stands for the profiles of its benchmarks, and\n"
		"tells operations and CPU time; each benchmark is compared on its own.  Two run files of one check\n"
		"are compared pair by pair; of others each is one run, and five a side tell what is chance.\n\n"
		"Verdicts: slower, faster, new, gone, moved (made up for under the same caller), outside (the\n"
		"kernel's time), same.  docs/profile-diff.md explains them.\n\n"
		"Exit status: 0, whatever was found; 2 wrong usage or input.\n",
	.options = profile_diff_options,
	.options_size = sizeof(struct diff_options),
	.min_words = 2,
	.max_words = MOST_PROFILES,
	.run = profile_diff_run,
};
