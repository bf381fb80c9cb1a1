# shellcheck shell=bash
# What the scripts of the action share.  They read their settings from the environment alone, so that no input is ever part
# of a script's text, and write to the runner through the functions here.

# A word that nobody can guess: whoever knew it could end a value, or let the log speak to the runner again.
random_word() {
	od -An -N16 -tx1 /dev/urandom | tr -d ' \n'
}

# output NAME VALUE: an output of this step.
output() {
	local delimiter
	delimiter=pawl_$(random_word)
	printf '%s<<%s\n%s\n%s\n' "$1" "$delimiter" "$2" "$delimiter" >>"${GITHUB_OUTPUT:-/dev/null}"
}

# escaped TEXT: as the data of a workflow command.
escaped() {
	local text=${1//'%'/'%25'}
	text=${text//$'\r'/'%0D'}
	printf '%s' "${text//$'\n'/'%0A'}"
}

# notice TEXT, warning TEXT, problem TEXT: a message on the run's page.
notice() { printf '::notice title=pawl::%s\n' "$(escaped "$1")"; }
warning() { printf '::warning title=pawl::%s\n' "$(escaped "$1")"; }
problem() { printf '::error title=pawl::%s\n' "$(escaped "$1")"; }

# die STATUS TEXT
die() {
	problem "$2"
	exit "$1"
}

# The runner takes a line of the log that starts with "::", or that has "##[" anywhere, for a command.  Between these two it
# does not; everything that names or code of the project may write stands between them.
log_open() {
	log_word=$(random_word)
	printf '::stop-commands::%s\n' "$log_word"
}
log_close() {
	printf '\n::%s::\n' "$log_word"
}

# quoted COMMAND...: runs it with its output in the log, unheard by the runner; keeps its status.
quoted() {
	local result=0
	log_open
	"$@" 2>&1 || result=$?
	log_close
	return "$result"
}

# is_true NAME VALUE: the boolean of an input.
is_true() {
	case $2 in
	true) return 0 ;;
	false | '') return 1 ;;
	*) die 2 "the input $1 takes true or false, not '$2'" ;;
	esac
}

# working_folder: enters the folder of the project.
working_folder() {
	local folder=${INPUT_WORKING_DIRECTORY:-.}
	cd -- "${GITHUB_WORKSPACE:-.}" || die 2 "there is no workspace; actions/checkout has to come first"
	cd -- "./$folder" 2>/dev/null || cd -- "$folder" 2>/dev/null || die 2 "working-directory: there is no folder '$folder'"
}

# In a container the checkout belongs to another user, and git then refuses to read it unless told so.
trust_checkout() {
	[ -z "${GIT_CONFIG_COUNT:-}" ] || return 0
	export GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=safe.directory
	GIT_CONFIG_VALUE_0=$(cd -- "${GITHUB_WORKSPACE:-.}" && pwd -P)
	export GIT_CONFIG_VALUE_0
}
