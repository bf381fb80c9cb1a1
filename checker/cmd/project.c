/* Configuration, repository and identity of a run. */
#include "cmd/project.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/hash.h"
#include "base/text.h"
#include "flow/host.h"

#include <string.h>
#include <unistd.h>

enum { SHORT_ID = 7 };

static bool choose_suites(struct arena *a, const struct option_texts *suites, struct project *p, struct err *err)
{
	const char **names = NEW_ARRAY(a, const char *, p->config.suite_count);

	p->wanted = NEW_ARRAY(a, bool, p->config.suite_count);
	for (size_t i = 0; i < p->config.suite_count; i++) {
		names[i] = p->config.suites[i].name;
		p->wanted[i] = suites->count == 0;
	}
	for (size_t i = 0; i < suites->count; i++) {
		const char *name = suites->items[i], *nearest;
		bool found = false;

		for (size_t j = 0; j < p->config.suite_count; j++) {
			if (text_equal(names[j], name))
				p->wanted[j] = found = true;
		}
		if (found)
			continue;
		nearest = text_nearest(name, names, p->config.suite_count);
		if (nearest)
			return err_set(err, "%s has no suite '%s'; did you mean '%s'?", p->config.path, name, nearest);
		return err_set(err, "%s has no suite '%s'", p->config.path, name);
	}
	return true;
}

/* What pawl writes itself is no change of the measured code. */
static const char *const *own_paths(struct arena *a, const struct config *c, const char *prefix)
{
	const char *store = strchr(c->store, ':') ? strchr(c->store, ':') + 1 : c->store;
	const char **paths = NEW_ARRAY(a, const char *, 3);
	size_t count = 0;

	if (*store && *store != '/' && !text_starts(store, ".."))
		paths[count++] = arena_printf(a, "%s%s", prefix, store);
	if (*c->report_dir && *c->report_dir != '/' && !text_starts(c->report_dir, ".."))
		paths[count++] = arena_printf(a, "%s%s", prefix, c->report_dir);
	return paths;
}

bool project_open(struct arena *a, const char *path, const struct option_texts *suites, struct project *out,
		  struct err *err)
{
	struct err git;

	*out = (struct project){0};
	if (!path)
		path = config_find(a, ".");
	if (!path)
		return err_set(err,
			       "there is no pawl.yml here or above; `pawl init` writes one, --config names one that "
			       "lies elsewhere");
	if (!config_read(a, path, &out->config, err) || !choose_suites(a, suites, out, err))
		return false;
	out->state = (struct git_state){.revision = "", .branch = "", .subject = ""};
	out->git_problem = "";
	out->has_repo = git_find(a, out->config.folder, &out->repo);
	if (out->has_repo)
		out->repo.ignored = own_paths(a, &out->config, out->repo.prefix);
	/* Without git a check of stored runs goes on; one that needs a revision says why it cannot. */
	if (out->has_repo && !git_state(a, &out->repo, &out->state, &git)) {
		out->git_problem = arena_string(a, git.text);
		out->has_repo = false;
		out->state = (struct git_state){.revision = "", .branch = "", .subject = ""};
	}
	return true;
}

bool project_check_programs(struct arena *a, const struct project *p, struct err *err)
{
	const struct config *config = &p->config;
	const char *folder = path_real(a, config->folder);
	size_t size = folder ? strlen(folder) : 0;

	for (size_t i = 0; folder && i < config->suite_count; i++) {
		const struct suite_settings *s = &config->suites[i];

		if (p->wanted[i] && strncmp(s->run[0], folder, size) == 0 && s->run[0][size] == '/')
			return err_set(err,
				       "%s:%zu: `run` of suite %s is an absolute path into this tree, so the base "
				       "would run the head's program; write it relative to %s",
				       config->path, s->line, s->name, config->path);
	}
	return true;
}

const char *project_check_id(struct arena *a, uint64_t seed)
{
	const char *text = arena_printf(a, "%llu %lld %lld %ld", (unsigned long long)seed, (long long)clock_unix(),
					(long long)clock_ns(), (long)getpid());
	char hex[HASH_HEX_SIZE];

	hash_bytes(text, str_of(text).size, hex);
	return arena_copy(a, hex, 16);
}

void project_init_run(struct arena *a, struct run *run, const char *check_id, uint64_t seed)
{
	*run = (struct run){.id = "",
			    .check_id = check_id,
			    .seed = seed,
			    .pawl_version = PAWL_VERSION,
			    .started = clock_rfc3339(a, clock_unix()),
			    .revision = "",
			    .branch = "",
			    .source = "",
			    .shard = 1,
			    .shard_count = 1};
	host_read(a, &run->host);
}

void project_mark_head(struct arena *a, const struct project *p, struct run *run)
{
	if (*p->git_problem)
		run_warn(a, run, "the run has no revision: %s", p->git_problem);
	run->revision = p->state.revision;
	run->parents = p->state.parents;
	run->parent_count = p->state.parent_count;
	run->branch = p->state.branch;
	run->dirty = p->state.dirty;
}

bool project_store(struct arena *a, const struct project *p, struct store *out, struct err *err)
{
	return store_open(a, p->config.store, p->config.folder, out, err);
}

const char *project_accepted_path(struct arena *a, const struct project *p, const char *folder)
{
	static const char prefix[] = "dir:";
	const char *store = p->config.store;

	/* Version control must see the file, and each side of a check must have its own. */
	if (text_starts(store, prefix) && store[sizeof prefix - 1] != '/' && !strstr(store, ".."))
		folder = path_join(a, folder, store + sizeof prefix - 1);
	return path_join(a, folder, "accepted.json");
}

bool project_accepted(struct arena *a, const struct project *p, const char *folder, struct accepted_list *out,
		      struct err *err)
{
	enum { ACCEPTED_LIMIT = 64 << 20 };
	const char *path = project_accepted_path(a, p, folder);
	struct str text;

	*out = (struct accepted_list){0};
	if (!file_exists(path))
		return true;
	return file_read(a, path, ACCEPTED_LIMIT, &text, err) && accepted_from_json(a, path, text, out, err);
}

int64_t project_today(void)
{
	return clock_unix() / (24 * 3600);
}

const char *project_short_id(struct arena *a, const char *id)
{
	return arena_printf(a, "%.*s", SHORT_ID, id);
}
