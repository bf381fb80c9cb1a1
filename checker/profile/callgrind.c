/*
 * Files of callgrind and cachegrind, and what others write for KCachegrind.
 *
 *   events: Ir
 *   fl=(1) hot.c
 *   fn=(1) main
 *   16 400          line 16 cost 400 itself
 *   cfn=(2) work
 *   calls=3 20      called work, at its line 20, three times
 *   16 9000         from line 16; with all that it called this cost 9000
 *
 * Source: the Valgrind manual, "Callgrind Format Specification".  profile/call_graph.h says how stacks are made of it.
 */
#include "profile/call_graph.h"
#include "profile/callgrind_names.h"
#include "profile/callgrind_write.h"
#include "profile/frames.h"
#include "profile/profile.h"

#include <string.h>

enum { EVENT_LIMIT = 64, POSITION_LIMIT = 4, SNIFF_LINES = 200, NO_POSITION = POSITION_LIMIT };

/* Costs of all parts together. */
struct said {
	int64_t values[EVENT_LIMIT];
	bool known;
};

struct reader {
	struct lines lines;
	struct profile *profile;
	struct callgrind_names names;
	struct call_graph graph;
	struct keyed functions; /* number and name, or name, file and object */
	struct keyed mappings;  /* string of the file; the number is the profile's */
	struct str events;      /* the line, to hold that of later parts against */
	uint64_t positions[POSITION_LIMIT];
	size_t position_count, line_position, address_position; /* NO_POSITION: is not there */

	struct callgrind_name file, object, called_file, called_object;
	bool has_called_file, has_called_object;
	uint32_t function, function_name; /* number; string */
	bool in_function;
	uint32_t called;             /* function */
	bool has_called, calling;    /* calling: the next costs are a call's */
	struct said summary, totals; /* what the file states */
	int64_t sums[EVENT_LIMIT];   /* of its lines */
};

static bool fail_line(const struct reader *r, struct str line, const char *wanted, struct err *err)
{
	return lines_fail(&r->lines, err, "expected %s, found %s", wanted, lines_shown(&r->lines, line));
}

static uint32_t mapping_of(struct reader *r, uint32_t object)
{
	size_t before = r->mappings.count;
	uint32_t i;

	if (!object)
		return PROFILE_NONE;
	i = keyed_add(&r->mappings, (struct key){{object}});
	if (i == before)
		(void)profile_add_mapping(r->profile, &(struct profile_mapping){.limit = UINT64_MAX,
										.file = object,
										.has_functions = true,
										.has_files = true,
										.has_lines = true});
	return i;
}

/* A number of callgrind stands for one function; others (pprof) give one to all of a name, so the object counts as well.  The
 * file does not: callgrind says the one that the compiler was given here, and its full path there.  Without a number a
 * function is its name in its file and object. */
static uint32_t function_of(struct reader *r, struct callgrind_name name, uint32_t file, uint32_t object)
{
	struct key key = {{name.number, name.string, name.number ? 0 : file, object}};

	return keyed_add(&r->functions, key);
}

/* Where the costs of the line at hand belong: the function, in the file that is being read (another one in what is
 * inlined). */
static uint32_t location_of(struct reader *r)
{
	struct profile_function f = {.name = r->function_name, .system_name = r->function_name, .file = r->file.string};
	struct profile_location l = {.mapping = mapping_of(r, r->object.string)};
	struct profile_line line = {.function = profile_intern_function(r->profile, &f)};

	if (r->line_position != NO_POSITION && r->positions[r->line_position] <= INT64_MAX)
		line.line = (int64_t)r->positions[r->line_position];
	if (r->address_position != NO_POSITION)
		l.address = r->positions[r->address_position];
	return profile_intern_location(r->profile, &l, &line, 1);
}

/* "Ir", or "cpu(ms)" with its unit, as pprof writes it. */
static void add_type(struct reader *r, struct str name)
{
	const char *open = memchr(name.at, '(', name.size);
	struct arena *a = r->lines.arena;

	if (open && open > name.at && name.at[name.size - 1] == ')')
		profile_add_type(r->profile, arena_copy(a, name.at, (size_t)(open - name.at)),
				 arena_copy(a, open + 1, (size_t)(name.at + name.size - open) - 2));
	else
		profile_add_type(r->profile, arena_copy(a, name.at, name.size), "count");
}

static bool take_events(struct reader *r, struct str value, struct err *err)
{
	struct str rest = value = line_trim(value);

	if (r->graph.event_count) {
		if (value.size == r->events.size && memcmp(value.at, r->events.at, value.size) == 0)
			return true;
		return lines_fail(&r->lines, err,
				  "this part has other events than the part before: give one part at a time");
	}
	r->events = value;
	for (struct str name; (name = line_take_word(&rest)).size;) {
		if (r->graph.event_count == EVENT_LIMIT)
			return lines_fail(&r->lines, err, "more than %d events", EVENT_LIMIT);
		add_type(r, name);
		r->graph.event_count++;
	}
	if (!r->graph.event_count)
		return lines_fail(&r->lines, err, "expected the names of events");
	r->profile->default_type = r->profile->types[0].name;
	return true;
}

static bool take_positions(struct reader *r, struct str value, struct err *err)
{
	r->position_count = 0;
	r->line_position = r->address_position = NO_POSITION;
	memset(r->positions, 0, sizeof r->positions);
	for (struct str name; (name = line_take_word(&value)).size; r->position_count++) {
		if (r->position_count == POSITION_LIMIT)
			return lines_fail(&r->lines, err, "more than %d positions", POSITION_LIMIT);
		if (str_equal(name, "line"))
			r->line_position = r->position_count;
		else if (str_equal(name, "instr"))
			r->address_position = r->position_count;
	}
	return true;
}

static void take_totals(const struct reader *r, struct str value, struct said *said)
{
	uint64_t amount;

	for (size_t i = 0; i < r->graph.event_count; i++) {
		line_take_blanks(&value);
		if (!line_take_unsigned(&value, &amount) || amount > INT64_MAX ||
		    __builtin_add_overflow(said->values[i], (int64_t)amount, said->values + i))
			return;
		said->known = true;
	}
}

static void add_comment(struct reader *r, const char *key, struct str value)
{
	struct buf text = {.arena = r->lines.arena};

	value = line_trim(value);
	if (!value.size)
		return;
	buf_printf(&text, "%s: ", key);
	buf_bytes(&text, value.at, value.size);
	profile_add_comment(r->profile, profile_string(r->profile, (struct str){buf_string(&text), text.size}));
}

/* "key: value" */
static bool take_header(struct reader *r, struct str line, bool *taken, struct err *err)
{
	static const char *const kept[] = {"creator", "cmd"};
	struct str rest = line;

	*taken = true;
	if (line_take(&rest, "events:"))
		return take_events(r, rest, err);
	if (line_take(&rest, "positions:"))
		return take_positions(r, rest, err);
	/* The summary is of the whole run; what was spent outside of functions is in no line, and so not in the totals. */
	if (line_take(&rest, "summary:") || line_take(&rest, "totals:")) {
		take_totals(r, rest, line_starts(line, "summary:") ? &r->summary : &r->totals);
		return true;
	}
	for (size_t i = 0; i < sizeof kept / sizeof *kept; i++)
		if (line_take(&rest, kept[i]) && line_take(&rest, ":")) {
			add_comment(r, kept[i], rest);
			return true;
		}
	while (rest.size && ((rest.at[0] >= 'a' && rest.at[0] <= 'z') || (rest.at[0] >= 'A' && rest.at[0] <= 'Z')))
		rest = (struct str){rest.at + 1, rest.size - 1};
	*taken = rest.at > line.at && line_starts(rest, ":");
	return true;
}

static bool set_name(struct reader *r, enum name_kind kind, struct str text, struct callgrind_name *out,
		     struct err *err)
{
	return callgrind_name_take(&r->names, kind, &r->lines, text, out, err);
}

static bool begin_function(struct reader *r, struct str text, struct err *err)
{
	struct callgrind_name name;

	if (!set_name(r, NAME_FUNCTION, text, &name, err))
		return false;
	r->function = function_of(r, name, r->file.string, r->object.string);
	r->function_name = name.string;
	r->in_function = true;
	return true;
}

/* What is called is in the same file and object unless something else is said. */
static bool begin_called(struct reader *r, struct str text, struct err *err)
{
	struct callgrind_name name;

	if (!set_name(r, NAME_FUNCTION, text, &name, err))
		return false;
	r->called = function_of(r, name, (r->has_called_file ? r->called_file : r->file).string,
				(r->has_called_object ? r->called_object : r->object).string);
	r->has_called = true;
	r->has_called_file = r->has_called_object = false;
	return true;
}

/* "key=value" */
static bool take_word(struct reader *r, struct str line, struct err *err)
{
	struct str rest = line;

	if (line_take(&rest, "fl=") || line_take(&rest, "fi=") || line_take(&rest, "fe="))
		return set_name(r, NAME_FILE, rest, &r->file, err);
	if (line_take(&rest, "ob="))
		return set_name(r, NAME_OBJECT, rest, &r->object, err);
	if (line_take(&rest, "fn="))
		return begin_function(r, rest, err);
	if (line_take(&rest, "cfn="))
		return begin_called(r, rest, err);
	if (line_take(&rest, "cfi=") || line_take(&rest, "cfl=")) {
		r->has_called_file = true;
		return set_name(r, NAME_FILE, rest, &r->called_file, err);
	}
	if (line_take(&rest, "cob=")) {
		r->has_called_object = true;
		return set_name(r, NAME_OBJECT, rest, &r->called_object, err);
	}
	if (line_take(&rest, "calls=")) {
		if (!r->has_called)
			return lines_fail(&r->lines, err, "calls= without a cfn= that says what is called");
		r->calling = true;
		return true;
	}
	/* Jumps inside a function cost nothing by themselves; their names may be numbered here. */
	if (line_take(&rest, "jfi="))
		return set_name(r, NAME_FILE, rest, &r->called_file, err);
	if (line_take(&rest, "jfn=")) {
		struct callgrind_name ignored;

		return set_name(r, NAME_FUNCTION, rest, &ignored, err);
	}
	if (line_take(&rest, "jump=") || line_take(&rest, "jcnd="))
		return true;
	return fail_line(r, line, "a line of callgrind's (fl=, fn=, calls=, costs, \"key: value\")", err);
}

/* "16", "0x4f2a", "+3", "-2" from the line before, or "*": the same. */
static bool take_position(struct str *line, uint64_t *position)
{
	uint64_t step;

	line_take_blanks(line);
	if (line_take(line, "*"))
		return true;
	if (line_take(line, "+")) {
		if (!line_take_unsigned(line, &step))
			return false;
		*position += step;
		return true;
	}
	if (line_take(line, "-")) {
		if (!line_take_unsigned(line, &step))
			return false;
		*position -= step;
		return true;
	}
	return line_take_unsigned(line, position);
}

static bool take_costs(struct reader *r, struct str line, struct err *err)
{
	int64_t values[EVENT_LIMIT] = {0};
	struct str rest = line;
	bool fits = true;

	if (!r->graph.event_count)
		return lines_fail(&r->lines, err, "costs before an events: line that says what they are");
	if (!r->in_function)
		return lines_fail(&r->lines, err, "costs before a fn= line that says whose they are");
	for (size_t i = 0; i < r->position_count; i++)
		if (!take_position(&rest, r->positions + i))
			return fail_line(r, line, "positions and costs that fit 64 bits", err);
	line_take_blanks(&rest);
	for (size_t i = 0; i < r->graph.event_count && rest.size; i++, line_take_blanks(&rest)) {
		uint64_t value;

		if (!line_take_unsigned(&rest, &value) || value > INT64_MAX)
			return fail_line(r, line, "positions and costs that fit 64 bits", err);
		values[i] = (int64_t)value;
	}
	if (rest.size)
		return fail_line(r, line, "no more costs than there are events", err);
	if (r->calling) {
		fits = call_graph_call(&r->graph, r->function, r->called, location_of(r), values);
	} else {
		for (size_t i = 0; fits && i < r->graph.event_count; i++)
			fits = !__builtin_add_overflow(r->sums[i], values[i], r->sums + i);
		fits = fits && call_graph_cost(&r->graph, r->function, location_of(r), values);
	}
	r->calling = false;
	return fits || lines_fail(&r->lines, err, "the costs add up to more than 2^63: is the file damaged?");
}

static bool is_costs(struct str line)
{
	return (line.at[0] >= '0' && line.at[0] <= '9') || memchr("+-*", line.at[0], 3);
}

static bool take_line(struct reader *r, struct str line, struct err *err)
{
	bool taken;

	line = line_trim(line);
	if (!line.size || line.at[0] == '#')
		return true;
	if (is_costs(line))
		return take_costs(r, line, err);
	if (!take_header(r, line, &taken, err))
		return false;
	return taken || take_word(r, line, err);
}

/* The first mapping is the program: the object that is called as the command is. */
static void find_program(struct reader *r)
{
	struct lines lines = r->lines;
	struct str line, program = {"", 0}, word;
	const char *slash;

	while (lines_next(&lines, &line)) {
		if (line_take(&line, "cmd:")) {
			program = line_take_word(&line);
			slash = memrchr(program.at, '/', program.size);
			if (slash)
				program = (struct str){slash + 1, (size_t)(program.at + program.size - slash) - 1};
		}
		if (!program.size || (!line_take(&line, "ob=") && !line_take(&line, "cob=")))
			continue;
		word = line_trim(line);
		if (line_take(&word, "(") && memchr(word.at, ')', word.size)) {
			slash = memchr(word.at, ')', word.size);
			word = line_trim((struct str){slash + 1, (size_t)(word.at + word.size - slash) - 1});
		} else {
			word = line_trim(line);
		}
		if (word.size > program.size && word.at[word.size - program.size - 1] == '/' &&
		    memcmp(word.at + word.size - program.size, program.at, program.size) == 0) {
			(void)mapping_of(r, profile_string(r->profile, word));
			return;
		}
	}
}

static void compare_totals(struct reader *r)
{
	const struct said *said = r->totals.known ? &r->totals : &r->summary;
	struct profile *p = r->profile;

	for (size_t i = 0; said->known && i < r->graph.event_count; i++) {
		const char *text = arena_printf(r->lines.arena, "the file says %lld %s, but its lines add up to %lld",
						(long long)said->values[i], profile_text(p, p->types[i].name),
						(long long)r->sums[i]);

		if (said->values[i] != r->sums[i])
			profile_add_comment(p, profile_string_of(p, text));
	}
}

static bool callgrind_read(struct arena *a, const char *path, struct str bytes, struct profile *out, struct err *err)
{
	struct reader *r = NEW(a, struct reader);
	struct str line;

	*r = (struct reader){.lines = lines_of(a, path, bytes),
			     .profile = out,
			     .names = {.profile = out, .numbers = {.arena = a}},
			     .graph = {.arena = a, .costs = {.arena = a}, .calls = {.arena = a}},
			     .functions = {.arena = a},
			     .mappings = {.arena = a},
			     .position_count = 1,
			     .address_position = NO_POSITION};
	find_program(r);
	while (lines_next(&r->lines, &line))
		if (!take_line(r, line, err))
			return false;
	if (!r->graph.event_count)
		return err_set(err, "%s: has no events: line: is it cut off?", path);
	compare_totals(r);
	if (r->graph.calls.count)
		profile_add_comment(
			out, profile_string_of(out, "stacks are put together from calls: costs of lines, calls and "
						    "functions are as measured, whole stacks are not"));
	r->graph.function_count = r->functions.count;
	return call_graph_stacks(&r->graph, out, path, err);
}

/* A line of events, and nothing before it that could not stand there. */
static bool callgrind_sniff(struct str bytes)
{
	struct lines lines = lines_of(NULL, "", bytes);
	struct str line;

	for (size_t i = 0; i < SNIFF_LINES && lines_next(&lines, &line); i++) {
		if (line_starts(line, "# callgrind format") || line_starts(line, "events:"))
			return true;
		if (line.size && line.at[0] != '#' && !memchr(line.at, ':', line.size) &&
		    !memchr(line.at, '=', line.size))
			return false;
		if (memchr(line.at, '\0', line.size))
			return false;
	}
	return false;
}

const struct profile_format profile_format_callgrind = {
	.name = "callgrind",
	.help = "callgrind.out and cachegrind.out files, and what others write for KCachegrind",
	.sniff = callgrind_sniff,
	.read = callgrind_read,
	.write = callgrind_write,
};
