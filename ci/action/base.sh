# shellcheck shell=bash
# Which revision the check compares with, and fetching as much history as that takes.
#
#   base_find     sets base_args, the options of `pawl check`, and base_why, the reason in words
#
# Names of branches come from strangers.  They are used behind refs/ and in quotes only.

# Fetching deepens in these steps, then takes everything: most branches are short, and a depth that is too small costs one
# more round trip, while all the history of a large repository may cost minutes.
FETCH_DEPTHS='64 512 4096'

is_shallow() { [ "$(git rev-parse --is-shallow-repository)" = true ]; }
has_commit() { git rev-parse -q --verify "$1^{commit}" >/dev/null 2>&1; }
has_merge_base() { has_commit "$1" && git merge-base "$1" HEAD >/dev/null 2>&1; }

# A checkout without credentials cannot fetch from a private repository; the job's own token can.  A second header beside
# that of actions/checkout would be refused.
fetch() {
	local secret
	if [ -n "${TOKEN:-}" ] && [[ $(git remote get-url origin 2>/dev/null) == "${GITHUB_SERVER_URL:-https://github.com}"/* ]] &&
		! git config --get-regexp '^http\..*\.extraheader$' >/dev/null; then
		secret=$(printf 'x-access-token:%s' "$TOKEN" | base64 -w0)
		GIT_CONFIG_COUNT=2 GIT_CONFIG_KEY_1=http.${GITHUB_SERVER_URL:-https://github.com}/.extraheader \
			GIT_CONFIG_VALUE_1="AUTHORIZATION: basic $secret" GIT_TERMINAL_PROMPT=0 git fetch -q --no-tags "$@"
	else
		GIT_TERMINAL_PROMPT=0 git fetch -q --no-tags "$@"
	fi
}

# deepen REV REFSPEC: until REV and HEAD have a common commit here.
deepen() {
	local depth head
	head=$(git rev-parse HEAD)
	has_merge_base "$1" && return
	if ! is_shallow; then
		quoted fetch origin "$2" || return
		has_merge_base "$1"
		return
	fi
	for depth in $FETCH_DEPTHS; do
		quoted fetch --depth="$depth" origin "$2" "$head" || return
		has_merge_base "$1" && return
	done
	quoted fetch --unshallow origin "$2" || return
	has_merge_base "$1"
}

# with_branch NAME WHY: the merge base with a branch of origin.
with_branch() {
	local ref=refs/remotes/origin/$1
	git check-ref-format "refs/heads/$1" || return
	deepen "$ref" "+refs/heads/$1:$ref" || return
	base_args=(--base="$ref") base_why="the merge base with $1${2:+ ($2)}"
}

# with_commit ID WHY: the merge base with a commit.
with_commit() {
	[[ $1 =~ ^[0-9a-f]{40,64}$ ]] || return
	deepen "$1" "$1" || return
	base_args=(--base="$1") base_why=$2
}

# What was there before the last push, else before the last commit.
with_previous() {
	if [[ ${EVENT_BEFORE:-} =~ [1-9a-f] ]] && [ "$EVENT_BEFORE" != "$(git rev-parse HEAD)" ] &&
		with_commit "$EVENT_BEFORE" "what was there before this push"; then
		return
	fi
	has_commit HEAD^ || { is_shallow && quoted fetch --depth=2 origin "$(git rev-parse HEAD)"; } || true
	has_commit HEAD^ || return
	base_args=(--base-exact=HEAD^) base_why="the commit before"
}

# with_input REV: what the user named: a revision that is here, or a branch, tag or commit of origin.
with_input() {
	local rev
	for rev in "$1" "refs/remotes/origin/$1"; do
		[[ $rev != -* ]] && has_merge_base "$rev" && { base_args=(--base="$rev") base_why="the merge base with $1"; return; }
	done
	with_commit "$1" "the merge base with $1" && return
	git check-ref-format "refs/heads/$1" || return
	# Asked first, since a name that is no branch is no reason to fetch a whole history.
	if [ -n "$(GIT_TERMINAL_PROMPT=0 git ls-remote origin "refs/heads/$1" 2>/dev/null)" ]; then
		with_branch "$1" ""
		return
	fi
	deepen "refs/tags/$1" "+refs/tags/$1:refs/tags/$1" || return
	base_args=(--base="refs/tags/$1") base_why="the merge base with the tag $1"
}

base_find() {
	local branch=${DEFAULT_BRANCH:-main}
	# shellcheck disable=SC2034 # read by the script that sources this one
	base_args=() base_why=
	if [ -n "${INPUT_BASE:-}" ]; then
		with_input "$INPUT_BASE" || die 3 "base: '$INPUT_BASE' and HEAD have no common commit here, and fetching gave none; \
give actions/checkout 'fetch-depth: 0', or name a branch, a tag or a whole commit id"
		return
	fi
	if [ -n "${GITHUB_BASE_REF:-}" ]; then
		with_branch "$GITHUB_BASE_REF" "the branch that is merged into" ||
			die 3 "the merge base with $GITHUB_BASE_REF cannot be had; give actions/checkout 'fetch-depth: 0'"
		return
	fi
	if [ "${GITHUB_EVENT_NAME:-}" = merge_group ] && with_commit "${MERGE_GROUP_BASE:-}" "what the merge queue merges into"; then
		return
	fi
	# On another branch its merge base with the default branch, unless that is the branch's own tip: nothing is new there.
	if [ "${GITHUB_REF:-}" != "refs/heads/$branch" ] && with_branch "$branch" "the default branch" &&
		[ "$(git merge-base "refs/remotes/origin/$branch" HEAD)" != "$(git rev-parse HEAD)" ]; then
		return
	fi
	# shellcheck disable=SC2034
	base_args=() base_why=
	with_previous || true
}
