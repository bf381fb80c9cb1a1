# What tests in a browser share: sourced by them after lib.sh.
# shellcheck shell=bash
#
#   in_browser SCRIPT WORD...    runs tests/npm/browser/SCRIPT with the browser and these words; without a browser, node or npm
#                                this is said, and where CI=true that is a failure
browser=''
for name in chromium chromium-browser google-chrome google-chrome-stable; do
	browser=$(command -v "$name") && break
done
modules=$root/$BUILD/npm-browser
case $BUILD in /*) modules=$BUILD/npm-browser ;; esac

# Two tests may run at once; one installs.
install_modules() (
	mkdir -p "$modules" || exit 1
	exec 9>"$modules.lock"
	flock 9
	cp tests/npm/browser/* "$modules" &&
		{ cmp -s tests/npm/browser/package-lock.json "$modules/installed" ||
			{ timeout 600 npm ci --prefix "$modules" --ignore-scripts --no-audit --no-fund --fetch-retries=5 >"$scratch/npm" 2>&1 &&
				cp tests/npm/browser/package-lock.json "$modules/installed"; }; }
)

in_browser() {
	local sentence=$1 script=$2 why=''
	shift 2
	if [ -z "$browser" ]; then
		why="no chromium here"
	elif ! command -v node >/dev/null || ! command -v npm >/dev/null; then
		why="no node and npm here"
	elif ! install_modules; then
		why="npm could not install playwright-core: $(tail -n 1 "$scratch/npm" 2>/dev/null)"
	fi
	if [ -n "$why" ]; then
		absent "$sentence" "$why"
		return
	fi
	run timeout 800 node "$modules/$script" "$browser" "$@"
	grep -aE '^(ok|not ok) - |^#' "$scratch/out"
	status_is 0 || not_ok "$sentence"
}
