#!/usr/bin/env bash
# What help prints for other programs: manual pages, completion, the schema of pawl.yml.
. tests/cli/lib.sh
pages=$scratch/man
mkdir "$pages" "$scratch/repo"

# ---- manual pages ----
run "$PAWL" help --man list
expect "the manual pages are listed" out_has '^pawl-check\.1$'
names=$(cat "$scratch/out")
for page in $names; do "$PAWL" help --man "$page" >"$pages/$page" || not_ok "$page is printed"; done
run "$PAWL" help
every_command() {
	local name
	while IFS= read -r name; do
		[ -s "$pages/pawl-$name.1" ] || return 1
	done < <(sed -nE '/^Commands:/,/^$/s/^  ([a-z]+) .*/\1/p' "$scratch/out")
}
expect "every command has one" every_command
expect "a command of two words is listed as it is typed" out_has '^  profile diff '
run "$PAWL" help profile diff
expect "and has its own help" out_has '^Usage: pawl profile diff \[options\] BASE'
run "$PAWL" profile diff --nothing
expect "to which a wrong option points" err_has "^pawl profile diff: .*'pawl help profile diff'"
run "$PAWL" help check anything
expect "other commands have the help of their first word" out_has '^Usage: pawl check'
run "$PAWL" help --man nothing
expect "a page that is none is status 2" status_is 2
expect "and says how to see the list" err_has '\-\-man list'
run "$PAWL" help check --man pawl
expect "a page and a command at once are status 2" status_is 2
if command -v mandoc >/dev/null; then
	# From their folder, where mandoc finds the pages that they refer to.
	run sh -c "cd '$pages' && mandoc -Tlint *.[15]"
	expect "mandoc has nothing to say against them" sh -c "[ ! -s '$scratch/out' ] && [ ! -s '$scratch/err' ]"
	run sh -c "mandoc -Tutf8 '$pages/pawl-check.1' | sed 's/.\x08//g'"
	expect "options stand in them with their arguments" out_has '^ *-b, --base REV$'
	run sh -c "mandoc -Tutf8 '$pages/pawl.yml.5' | sed 's/.\x08//g'"
	expect "and keys with what they take" out_has 'A list of text, csv, junit'
else
	absent "mandoc has nothing to say against them" "no mandoc here"
fi

# The stamps of this dry run lie in a folder of their own.
run make -n BUILD="$scratch/build" PREFIX=/usr DESTDIR=/staged install
expect "make install installs the manual pages" out_has '/staged/usr/share/man/man'
expect "and the completion of each shell" [ "$(grep -cE '/staged/usr/share/(bash-completion/completions/pawl|zsh/site-functions/_pawl|fish/vendor_completions.d/pawl.fish)$' "$scratch/out")" -eq 3 ]

# ---- completion ----
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
git -C "$scratch/repo" init -qb main
# shellcheck disable=SC2016 # a name that a shell must not run
hostile='ma$(touch${IFS}ran);x'
git -C "$scratch/repo" -c user.name=t -c user.email=t@example.org commit -q --allow-empty -m x
git -C "$scratch/repo" branch "$hostile"
for shell in bash zsh fish; do "$PAWL" help --completion "$shell" >"$scratch/$shell" || not_ok "completion for $shell is printed"; done
run "$PAWL" help --completion ksh
expect "a shell without completion is status 2" status_is 2
expect "and those with it are named" err_has 'bash zsh fish'

# completed_by_bash WORD...: what the last, begun word can be
completed_by_bash() {
	run env -C "$scratch/repo" bash --norc -c '. "$1" && shift && COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) &&
		_pawl 2>/dev/null; printf "%s\n" "${COMPREPLY[@]}"' bash "$scratch/bash" "$@"
}
completed_by_bash pawl ch
expect "bash completes commands" [ "$(cat "$scratch/out")" = check ]
completed_by_bash pawl check --bas
expect "bash completes options" out_has '^--base-exact$'
completed_by_bash pawl check --fail-on H
expect "bash completes severities" [ "$(cat "$scratch/out")" = HIGH ]
completed_by_bash pawl check --fail-on = H
expect "bash completes behind an equals sign" [ "$(cat "$scratch/out")" = HIGH ]
completed_by_bash pawl report -f open
expect "bash completes reports behind a short option" [ "$(cat "$scratch/out")" = openmetrics ]
completed_by_bash pawl baseline v
expect "bash completes actions" [ "$(cat "$scratch/out")" = verify ]
completed_by_bash pawl check --base ma
expect "bash completes branches" out_has '^main$'
# shellcheck disable=SC2016
expect "a branch with a hostile name is quoted" out_has '^ma\\\$\\\(touch'
expect "and not run" [ ! -e "$scratch/repo/ran" ]

if command -v fish >/dev/null; then
	# shellcheck disable=SC2016 # $argv is fish's
	completed_by_fish() { run env -C "$scratch/repo" HOME="$scratch" fish --no-config -c 'source $argv[1]; complete -C $argv[2]' "$scratch/fish" "$1"; }
	completed_by_fish 'pawl ch'
	expect "fish completes commands" out_has '^check'
	completed_by_fish 'pawl check --fail-on H'
	expect "fish completes severities" out_has '^HIGH'
	completed_by_fish 'pawl check --base ma'
	expect "fish completes branches" out_has '^main'
	expect "and runs no name" [ ! -e "$scratch/repo/ran" ]
	completed_by_fish 'pawl baseline v'
	expect "fish completes actions" out_has '^verify'
else
	absent "fish completes commands" "no fish here"
fi

if command -v zsh >/dev/null; then
	cat >"$scratch/zsh-test" <<-'END'
		zmodload zsh/zpty
		zpty shell zsh -f -i
		zpty -w shell "PS1=; PS2=; autoload -Uz compinit; compinit -D -u; source $1; print re''ady"
		zpty -r shell out '*ready*'
		zpty -w -n shell $2$'\t'
		zpty -r shell out "*$3*"
		print -r -- $out
	END
	completed_by_zsh() { run env -C "$scratch/repo" HOME="$scratch" TERM=dumb timeout 300 zsh -f "$scratch/zsh-test" "$scratch/zsh" "$1" "$2"; }
	completed_by_zsh 'pawl che' 'pawl check'
	expect "zsh completes commands" status_is 0
	completed_by_zsh 'pawl check --fail-on HI' HIGH
	expect "zsh completes severities" status_is 0
	completed_by_zsh 'pawl check --base mai' main
	expect "zsh completes branches" status_is 0
	completed_by_zsh 'pawl baseline ver' verify
	expect "zsh completes actions" status_is 0
	expect "and runs no name" [ ! -e "$scratch/repo/ran" ]
else
	absent "zsh completes commands" "no zsh here"
fi

# ---- the schema ----
run "$PAWL" help --schema
expect "docs/schema/pawl.schema.json is what the program prints ('make schema')" cmp -s "$scratch/out" docs/schema/pawl.schema.json
if python3 -c 'import jsonschema, yaml' 2>/dev/null; then
	while IFS= read -r line; do
		case $line in
		'ok - '*) ok "${line#ok - }" ;;
		*) not_ok "$line" ;;
		esac
	done < <(python3 tests/cli/config_schema.py "$PAWL" "$scratch" 2>&1)
else
	absent "the schema takes what pawl takes" "no python3-jsonschema or no python3-yaml here"
fi
finish
