#!/usr/bin/env bash
# Checks the house rules of checker/: who may include whom, who may print, who owns memory, how long a file may be.
#
#   tests/floors.sh [ROOT]
#
# Prints every violation as FILE:LINE: what; exit status 1 when there is one.  ARCHITECTURE.md explains the rules.
set -u
cd "${1:-$(dirname "$0")/..}" || exit 3

# Folder, floor, and "plugin" where only x/x.h may be seen from outside.
FLOORS='
base     0
model    1
stats    2
git      2
graph    2
symbol   2
draw     2
net      2
suite    3 plugin
input    3 plugin
counter  3 plugin
sampler  3 plugin
profile  3 plugin
view     3 plugin
store    3 plugin
report   4 plugin
flow     5
cmd      6
'
MAX_LINES=500

mapfile -t files < <(find checker bench tests -name golden -prune -o -name '*.[ch]' -print | sort)

awk -v floors="$FLOORS" -v max_lines="$MAX_LINES" '
function say(text) { printf "%s:%d: %s\n", FILENAME, FNR, text; bad = 1 }
function file_end() { if (name != "" && lines > max_lines) { printf "%s:%d: %d lines, the limit is %d\n", name, lines, lines, max_lines; bad = 1 } }
BEGIN {
	n = split(floors, rows, "\n")
	for (i = 1; i <= n; i++)
		if (split(rows[i], f, " ") >= 2) { floor_of[f[1]] = f[2]; plugin[f[1]] = (f[3] == "plugin") }
}
FNR == 1 {
	file_end()
	name = FILENAME; in_comment = 0
	parts = split(name, path, "/")
	inside = (path[1] == "checker")
	room = (parts > 2) ? path[2] : "main.c"
	if (inside && room == "main.c") mine = 7
	else if (inside && room in floor_of) mine = floor_of[room]
	else if (inside && room == "preload") mine = -1
	else if (inside) { say("the folder " room " has no floor; see the table in tests/floors.sh"); inside = 0 }
}
{ lines = FNR }
!inside { next }
/^[ \t]*#[ \t]*include[ \t]*"/ {
	target = $0
	sub(/^[^"]*"/, "", target); sub(/".*/, "", target)
	if (mine < 0) { if (target ~ /\// && target !~ /^preload\//) say("preload stands apart and may not include " target); next }
	split(target, to, "/")
	if (target !~ /\//) next # stands beside the file
	if (target ~ /\.\./) { say("no .. in an include: " target); next }
	if (to[1] == room) next
	if (to[1] == "preload" && target == "preload/record.h") next
	if (!(to[1] in floor_of)) { say(target " is in a folder without a floor"); next }
	if (floor_of[to[1]] > mine) say("floor " mine " (" room ") may not include " target " of floor " floor_of[to[1]])
	else if (floor_of[to[1]] == mine) say("folders on one floor do not see each other: " room " includes " target)
	else if (plugin[to[1]] && target != to[1] "/" to[1] ".h") say("of " to[1] "/ only " to[1] "/" to[1] ".h may be included, not " target)
	next
}
{
	# What is left of the line without strings and comments.
	code = $0
	gsub(/\\./, "", code)
	gsub(/"[^"]*"/, "\"\"", code)
	if (in_comment) { if (code !~ /\*\//) next; sub(/^.*\*\//, "", code); in_comment = 0 }
	gsub(/\/\*([^*]|\*+[^*\/])*\*+\//, "", code)
	sub(/\/\/.*/, "", code)
	if (code ~ /\/\*/) { sub(/\/\*.*/, "", code); in_comment = 1 }
	if (name != "checker/base/arena.c" && mine >= 0 &&
	    match(code, /(^|[^A-Za-z0-9_.>])(malloc|calloc|realloc|reallocarray|free|strdup|strndup|asprintf|vasprintf|aligned_alloc|posix_memalign) *\(/)) {
		word = substr(code, RSTART, RLENGTH); gsub(/[^a-z_]/, "", word)
		say(word " outside base/arena.c: memory belongs to an arena")
	}
	if (mine < 6 && mine >= 0 &&
	    match(code, /(^|[^A-Za-z0-9_.>])(printf|fprintf|vprintf|vfprintf|dprintf|puts|fputs|putchar|fputc|putc|perror|exit|abort) *\(/)) {
		word = substr(code, RSTART, RLENGTH); gsub(/[^a-z_]/, "", word)
		say(word " below cmd/: only cmd/ and main.c print and exit")
	}
}
END { file_end(); exit bad }
' "${files[@]}"
