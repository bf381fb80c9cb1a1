# shellcheck shell=bash
# The documents say what the program does.
. tests/cli/lib.sh

# accepted FILE: its first block that is a whole pawl.yml
accepted() {
	mkdir -p "$scratch/$1"
	awk '/```yaml/ { on = 1; text = ""; next }
		/```/ { if (on && text ~ /version: 1/) { printf "%s", text; exit } on = 0 }
		on { text = text $0 "\n" }' "$1" >"$scratch/$1/pawl.yml"
	run "$PAWL" baseline list --config "$scratch/$1/pawl.yml"
	[ -s "$scratch/$1/pawl.yml" ] && status_is 0
}
expect "the pawl.yml of the guide is accepted" accepted docs/guide.md
expect "the pawl.yml of the README is accepted" accepted README.md
run "$PAWL" baseline list --config pawl.yml
expect "the pawl.yml of this project is accepted" status_is 0

run "$PAWL" help
commands=$(sed -nE '/^Commands:/,/^$/s/^  ([a-z]+) .*/\1/p' "$scratch/out" | grep -v '^help$')
all_in_guide() {
	local name
	for name in $commands; do
		grep -q "\`pawl $name" docs/guide.md || { echo "$name" >>"$scratch/err"; return 1; }
	done
	[ -n "$commands" ]
}
expect "every command is in the guide" all_in_guide

# Pictures, and the check that they are of.
pictures_are_there() {
	local picture
	for picture in $(grep -oE '\]\(docs/pictures/[a-z-]+\.png\)' README.md | tr -d '()]'); do
		[ -s "$picture" ] && grep -q "shoot .* $(basename "$picture" .png) " docs/pictures.sh || return 1
	done
}
expect "terminal, summary and page are pictures in the README" [ "$(grep -cE '\]\(docs/pictures/(terminal|summary|report)\.png\)' README.md)" -eq 3 ]
expect "they are there, and the script makes them" pictures_are_there
# Columns of p and of the cause are there where a row has one.
columns_of() { grep -m 1 '^  SEVERITY ' "$1" | xargs | sed -E 's/ (P|CAUSE)( |$)/\2/g; s/ CAUSE$//'; }
run "$PAWL" report tests/golden/report/mixed.json
expect "the README's check has the columns of today's text" [ "$(columns_of "$scratch/out")" = "$(columns_of README.md)" ]

# Column names stand in the guide as in the header of a report.
columns=$(awk '/^`schema/ { on = 1 } on { gsub(/`/, ""); printf "%s ", $0 } on && /seed *$/ { exit }' docs/guide.md | xargs | tr ' ' ',')
header=$(find tests/golden -name '*.csv' -exec head -qn 1 {} + | grep '^schema,' | sort -u)
expect "the CSV columns are those of the guide" [ "$columns" = "$header" ]
finish
