/*
 * The table of stores, their addresses, and picking a stored run by its id.
 */
#include "store/store.h"

#include "base/file.h"
#include "base/text.h"

#include <string.h>

#define ROW(name) &store_##name,
const struct store_kind *const store_kinds[] = {STORE_LIST(ROW)};
#undef ROW
const size_t store_kind_count = sizeof store_kinds / sizeof *store_kinds;

static const struct store_kind *find_kind(struct str name)
{
	for (size_t i = 0; i < store_kind_count; i++) {
		if (str_equal(name, store_kinds[i]->name))
			return store_kinds[i];
	}
	return NULL;
}

static bool fail_unknown(struct arena *a, struct str kind, struct err *err)
{
	const char **names = NEW_ARRAY(a, const char *, store_kind_count);
	const char *word = arena_copy(a, kind.at, kind.size), *near;
	struct buf list = {.arena = a};

	for (size_t i = 0; i < store_kind_count; i++) {
		names[i] = store_kinds[i]->name;
		buf_printf(&list, "%s%s", i ? ", " : "", names[i]);
	}
	near = text_nearest(word, names, store_kind_count);
	if (near)
		return err_set(err, "there is no store \"%s\"; did you mean \"%s\"?", word, near);
	return err_set(err, "there is no store \"%s\"; stores: %s (a folder with a colon in its name: dir:%s:…)", word,
		       buf_string(&list), word);
}

bool store_open(struct arena *a, const char *address, const char *folder, struct store *out, struct err *err)
{
	/* A kind is a word before a colon; "./a:b" and "/a:b" are folders. */
	size_t word = strspn(address, "abcdefghijklmnopqrstuvwxyz0123456789_+-");
	const char *place = address;

	out->kind = &store_dir;
	if (word > 0 && address[word] == ':') {
		struct str kind = {.at = address, .size = word};

		out->kind = find_kind(kind);
		if (!out->kind)
			return fail_unknown(a, kind, err);
		place = address + word + 1;
	}
	if (!*place)
		return err_set(err, "the store \"%s\" names no folder; write dir:FOLDER",
			       text_printable_copy(a, address));
	out->place = *place == '/' ? arena_string(a, place) : path_join(a, folder, place);
	return true;
}

const struct store_entry *store_pick(const struct store_entry *entries, size_t count, const char *prefix,
				     struct err *err)
{
	const struct store_entry *found = NULL;
	size_t hits = 0;

	for (size_t i = 0; *prefix && i < count; i++) {
		if (!text_starts(entries[i].id, prefix))
			continue;
		if (hits++ == 1)
			err_set(err,
				"several stored runs have an id that starts with \"%s\": %.16s…, %.16s…; write more of "
				"it",
				prefix, found->id, entries[i].id);
		found = hits == 1 ? &entries[i] : found;
	}
	if (hits > 1)
		return NULL;
	if (!found)
		err_set(err, "no stored run has an id that starts with \"%.64s\"; `pawl baseline list` shows them",
			prefix);
	return found;
}
