#!/usr/bin/env bash
# Reports are read by the programs that they are written for: every case of tests/golden/report by every reader.
#
# A reader that is not here is named and left out; where CI=true none may be left out.
. tests/cli/lib.sh
cases=(mixed compare hostile empty)

# The Python that has a module: the user's own or the system's.  python_with MODULE
python_with() {
	local python
	for python in python3 /usr/bin/python3; do
		command -v "$python" >/dev/null && "$python" -c "import $1" 2>/dev/null && printf '%s' "$python" && return
	done
	return 1
}

# every SENTENCE COMMAND...: it holds for each case, whose name is put behind COMMAND.
every() {
	local sentence=$1 case
	shift
	for case in "${cases[@]}"; do
		run "$@" "$case"
		status_is 0 || { not_ok "$sentence ($case)"; return; }
	done
	ok "$sentence"
}

for case in "${cases[@]}"; do
	mkdir "$scratch/$case"
	cp "tests/golden/report/$case.json" "$scratch/$case/verdict.json"
	run "$PAWL" report "$scratch/$case" --format csv,junit,json,markdown,openmetrics --out "$scratch/$case"
	[ "$status" -eq 0 ] || not_ok "the reports of $case are written"
	"$PAWL" report "$scratch/$case" --format github >"$scratch/$case/annotations"
done

# Python: csv and sqlite3, jsonschema, junitparser.
python() { "$py" tests/cli/readers.py "$@"; }
csv() { python csv "$scratch/$1/verdict.json" "$scratch/$1/regression_report.csv"; }
schema() { python schema docs/schema/verdict.schema.json "$scratch/$1/verdict.json"; }
junitparser() { python junitparser "$scratch/$1/verdict.json" "$scratch/$1/junit.xml"; }
if py=$(python_with csv,sqlite3); then
	every "Python's csv and SQLite give back every number of the CSV" csv
else
	absent "Python's csv and SQLite give back every number of the CSV" "no python3 with sqlite3 here"
fi
if py=$(python_with jsonschema); then
	every "verdict.json is valid against its schema, which knows every key" schema
else
	absent "verdict.json is valid against its schema, which knows every key" "no python3-jsonschema here"
fi
if py=$(python_with junitparser); then
	every "junitparser finds every case of JUnit with its result" junitparser
else
	absent "junitparser finds every case of JUnit with its result" "no python3-junitparser here"
fi

# OpenMetrics: promtool.  Its strict reader wants a time behind every sample.
lint_metrics() { promtool check metrics <"$scratch/$1/metrics.txt"; }
read_metrics() {
	sed -E '/^#/!s/$/ 1795222923/' "$scratch/$1/metrics.txt" >"$scratch/$1/timed.txt"
	promtool tsdb create-blocks-from openmetrics "$scratch/$1/timed.txt" "$scratch/$1/tsdb" >"$scratch/$1/blocks" &&
		[ "$(grep -vc '^#' "$scratch/$1/metrics.txt")" -eq "$(awk 'END { print $6 }' "$scratch/$1/blocks")" ]
}
if command -v promtool >/dev/null; then
	every "promtool finds nothing wrong with the metrics" lint_metrics
	every "and reads every sample of the strict format, each a series of its own" read_metrics
else
	absent "promtool reads the metrics" "no promtool here (package prometheus)"
fi

# Markdown: two implementations.
render() { cmark-gfm --unsafe -e table -e autolink -e strikethrough -e tasklist "$scratch/$1/summary.md" >"$scratch/$1/summary.html"; }
only_own_tags() {
	render "$1" && ! grep -oE '</?[a-zA-Z!][^>]*>' "$scratch/$1/summary.html" |
		grep -vxE '</?(h2|h3|p|ul|li|table|thead|tbody|tr|pre|code)>|<(td|th)( align="right")?>|</(td|th)>|<!-- -->'
}
# Bars and names of a table that a mark in a name would have moved.
whole_tables() {
	render "$1" && awk '/<tr>/ { cells = 0 } /<t[dh][ >]/ { cells++ } /<\/tr>/ && cells != 6 && cells != 4 && cells != 3 { bad = 1 } END { exit bad }' \
		"$scratch/$1/summary.html"
}
no_reference_outside_code() {
	render "$1" && ! sed -E 's/<code>[^<]*(<!-- -->[^<]*)*<\/code>//g; /^<pre>/,/<\/pre>/d' "$scratch/$1/summary.html" | grep -aE '@|#[0-9]|www\.|://'
}
if command -v cmark-gfm >/dev/null; then
	every "what GitHub's Markdown makes of the summary has no tags but pawl's own" only_own_tags
	every "its tables have as many cells in every row" whole_tables
	every "and nothing outside of code that GitHub makes a link of" no_reference_outside_code
	expect "a name keeps its bar" file_has "$scratch/hostile/summary.html" '<code>=cmd\|'
else
	absent "what GitHub's Markdown makes of the summary has no tags but pawl's own" "no cmark-gfm here"
fi
first_heading() { cmark "$scratch/$1/summary.md" | head -n 1 | grep -q '^<h2>pawl: .*</h2>$'; }
if command -v cmark >/dev/null; then
	every "CommonMark has the verdict as the first heading" first_heading
else
	absent "CommonMark has the verdict as the first heading" "no cmark here"
fi

# Annotations, as the runner reads a line: a command, properties, data.
annotations() {
	[ "$(grep -avcE '^::(error|warning|notice) ((file|line|title)=[^:,]*,?)+::' "$scratch/$1/annotations")" -eq 0 ] &&
		[ "$(grep -acE '^::error ' "$scratch/$1/annotations")" -le 10 ] &&
		[ "$(awk '{ if (length > most) most = length } END { print most + 0 }' "$scratch/$1/annotations")" -lt 4096 ]
}
every "every line of annotations is one command that the runner takes whole" annotations

# JUnit: packages of npm, of pinned versions.
read_junit() {
	local counts first
	counts=$("$py" tests/cli/readers.py counts "$scratch/$1/verdict.json")
	first=$("$py" tests/cli/readers.py first "$scratch/$1/junit.xml")
	node "$modules/read_junit.mjs" "$scratch/$1/junit.xml" >"$scratch/$1/npm" || return
	cat "$scratch/$1/npm"
	grep -qx "junit2json $counts" "$scratch/$1/npm" && grep -qx "test-results-parser $counts" "$scratch/$1/npm" || return
	[ -z "$first" ] || grep -qxF "junit2json first: $first" "$scratch/$1/npm" || return
	# It leaves character references as they are.
	[ -z "$first" ] || [ "$1" = hostile ] || grep -qxF "test-results-parser first: $first" "$scratch/$1/npm"
}
view_junit() {
	local failures errors
	read -r _ failures errors < <("$py" tests/cli/readers.py counts "$scratch/$1/verdict.json")
	"$modules/node_modules/.bin/xunit-viewer" -r "$scratch/$1/junit.xml" -o "$scratch/$1/junit.html" -c >"$scratch/$1/viewed" || return
	tail -n 3 "$scratch/$1/viewed"
	[ -s "$scratch/$1/junit.html" ] || return
	[ "$failures" -eq 0 ] || grep -qE "(^|, )$failures failure" "$scratch/$1/viewed" || return
	[ "$errors" -eq 0 ] || grep -qE "(^|, )$errors error" "$scratch/$1/viewed"
}
if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
	absent "junit2json, test-results-parser and xunit-viewer read JUnit" "no node and npm here"
elif ! py=$(python_with xml.etree); then
	absent "junit2json, test-results-parser and xunit-viewer read JUnit" "no python3 here"
elif ! modules=$(tests/npm/install "${BUILD:-build/check}" 2>"$scratch/npm"); then
	absent "junit2json, test-results-parser and xunit-viewer read JUnit" "$(tail -n 1 "$scratch/npm")"
else
	every "junit2json and test-results-parser find every case of JUnit with its message" read_junit
	every "xunit-viewer shows how many failed" view_junit
fi
finish
