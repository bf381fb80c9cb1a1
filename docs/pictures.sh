#!/usr/bin/env bash
# Makes the pictures of the README anew: a caught regression in the terminal, in the job summary and in the HTML report, all
# of one check; and puts what that check said into the README.
#
#   docs/pictures.sh        needs git, chromium and cmark-gfm
#
# In a clone of this repository a commit makes one function of bench/processor do its work twice, and is checked against main.
# The pictures go to docs/pictures/, everything else to build/pictures/.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
function=compute_discount
work=$root/build/pictures
out=$root/docs/pictures

fail() {
	printf 'pictures: %s\n' "$1" >&2
	exit 3
}

browser=''
for name in chromium chromium-browser google-chrome google-chrome-stable; do
	browser=$(command -v "$name") && break
done
[ -n "$browser" ] || fail 'no chromium here: apt-get install chromium'
command -v cmark-gfm >/dev/null || fail 'no cmark-gfm here: apt-get install cmark-gfm'

# shoot PAGE NAME WIDTH HEIGHT [OPTION...]
shoot() {
	local page=$1 name=$2 size=$3,$4
	shift 4
	"$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 "--window-size=$size" \
		"$@" "--screenshot=$out/$name.png" "file://$page" >"$work/browser" 2>&1 || fail "$(cat "$work/browser")"
	printf 'pictures: docs/pictures/%s.png\n' "$name"
}

escape() { sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'; }

make -s build/pawl
rm -rf "$work"
mkdir -p "$out" "$work"
export PATH=$root/build:$PATH XDG_CACHE_HOME=$work/cache GIT_CONFIG_GLOBAL=/dev/null
export GIT_AUTHOR_NAME=pawl GIT_AUTHOR_EMAIL=pawl@example.org GIT_COMMITTER_NAME=pawl GIT_COMMITTER_EMAIL=pawl@example.org

# ---- the check ----

project=$work/pawl
git clone -q "$root" "$project"
git -C "$project" checkout -qB main
printf 'version: 1\nsuites:\n  - name: orders\n    build: make -s build/bench/orders\n    run: [build/bench/orders]\n' >"$project/pawl.yml"
git -C "$project" commit -qam 'Check the orders'
git -C "$project" checkout -qb discounts
sed -i "s/PLANT_LOOP($function)/for (int pass = 0; pass < 2; pass++)/" "$project/bench/processor/price.c"
git -C "$project" diff --quiet && fail "bench/processor/price.c has no $function to slow down"
git -C "$project" commit -qam 'Check every discount'

command='pawl check --base main'
(cd "$project" && $command) >"$work/output" 2>&1 && fail 'the check is green'
[ "$(tail -n 1 "$work/output" | cut -c 1-13)" = 'exit status 1' ] || fail "$(cat "$work/output")"
grep -q "$function .*(changed in this branch)" "$work/output" || fail "$function is not named: $(cat "$work/output")"
# Long lines break as in a wide terminal.
columns=205
fold -s -w "$columns" "$work/output" >"$work/text"

# ---- pictures ----

{
	printf '<!DOCTYPE html><meta charset="utf-8"><style>body { margin: 0; padding: 16px 20px; background: #16191d; }
		pre { margin: 0; color: #d7dde4; font: 14px/20px "DejaVu Sans Mono", monospace; } b { color: #8fd18f; }</style>\n'
	printf '<pre><b>$</b> %s\n' "$command"
	escape <"$work/text"
	printf '</pre>\n'
} >"$work/terminal.html"
widest=$(awk '{ if (length > most) most = length } END { print most }' "$work/text")
shoot "$work/terminal.html" terminal "$((widest * 17 / 2 + 40))" "$(($(wc -l <"$work/text") * 20 + 52))"

report=$project/pawl-report
first=$(awk -F, 'NR > 1 && $8 == "slower" && $18 == "CRITICAL" { print $2 "%2F" $3; exit }' "$report/regression_report.csv")
shoot "$report/report.html#$first" report 1280 920
shoot "$report/report.html#$first" report-dark 1280 920 --blink-settings=preferredColorScheme=0

pawl report "$report" --format markdown >"$work/summary.md"
{
	printf '<!DOCTYPE html><meta charset="utf-8"><style>body { margin: 0; padding: 8px 28px; color: #1f2328;
		font: 15px/1.5 "DejaVu Sans", sans-serif; } table { border-collapse: collapse; } th, td { padding: 5px 12px;
		border: 1px solid #d1d9e0; } code { padding: 2px 5px; border-radius: 5px; background: #eff1f3; } pre { padding: 12px;
		border-radius: 6px; background: #f6f8fa; } pre code { padding: 0; background: none; }</style>\n'
	cmark-gfm --unsafe -e table -e autolink "$work/summary.md"
} >"$work/summary.html"
shoot "$work/summary.html" summary 1280 "$((300 + $(grep -cE '^(\||    pawl)' "$work/summary.md") * 30))"

# ---- the README ----

awk -v command="\$ $command" -v text="$work/output" '
	/^```/ { skip = 0 }
	!skip { print }
	$0 == command { skip = 1; while ((getline line <text) > 0) print line }' README.md >"$work/README.md"
grep -q '^exit status 1' "$work/README.md" || fail 'the README has no transcript'
cp "$work/README.md" README.md
