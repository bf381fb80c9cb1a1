#!/usr/bin/env bash
# Makes the pictures of the README anew: a caught regression in the terminal, in the job summary and in the HTML report.
#
#   docs/pictures.sh        needs chromium, and cmark-gfm for the summary
#
# This repository's own suite is measured against itself with a slowdown planted in one function, as ci/demo does.  The
# pictures go to docs/pictures/, everything else to build/pictures/.
set -euo pipefail
cd "$(dirname "$0")/.."
plant=compute_discount:1
work=build/pictures
out=docs/pictures

browser=''
for name in chromium chromium-browser google-chrome google-chrome-stable; do
	browser=$(command -v "$name") && break
done
[ -n "$browser" ] || { echo 'pictures: no chromium here: apt-get install chromium' >&2; exit 3; }

# shoot PAGE NAME WIDTH HEIGHT [OPTION...]
shoot() {
	local page=$1 name=$2 size=$3,$4
	shift 4
	"$browser" --headless --no-sandbox --disable-gpu --hide-scrollbars --force-device-scale-factor=1 "--window-size=$size" \
		"$@" "--screenshot=$PWD/$out/$name.png" "file://$PWD/$page" >"$work/browser" 2>&1 || { cat "$work/browser" >&2; exit 3; }
	printf 'pictures: %s\n' "$out/$name.png"
}

escape() { sed 's/&/\&amp;/g; s/</\&lt;/g; s/>/\&gt;/g'; }

make -s all PLANT=
rm -rf "$work"
mkdir -p "$out" "$work/base/bench" "$work/head/bench"
cp build/bench/orders "$work/base/bench/"
make -s BUILD="$work/build" PLANT="$plant" "$work/build/bench/orders"
cp "$work/build/bench/orders" "$work/head/bench/"
for side in base head; do
	# No `build`: both programs are there already.
	printf 'version: 1\nsuites:\n  - name: orders\n    run: [bench/orders]\nreports: {formats: [html, csv]}\n' >"$work/$side/pawl.yml"
done

command='pawl check --base-dir ../base'
# Long lines break as in a terminal of 130 columns.
columns=130
(cd "$work/head" && ../../../build/pawl check --base-dir ../base) >"$work/output" 2>&1 || [ $? -eq 1 ]
fold -s -w "$columns" "$work/output" >"$work/text"
{
	printf '<!DOCTYPE html><meta charset="utf-8"><style>body { margin: 0; padding: 16px 20px; background: #16191d; }
		pre { margin: 0; color: #d7dde4; font: 14px/20px "DejaVu Sans Mono", monospace; } b { color: #8fd18f; }</style>\n'
	printf '<pre><b>$</b> %s\n' "$command"
	escape <"$work/text"
	printf '</pre>\n'
} >"$work/terminal.html"
shoot "$work/terminal.html" terminal "$((columns * 17 / 2 + 40))" "$(($(wc -l <"$work/text") * 20 + 52))"

report=$work/head/pawl-report
first=$(awk -F, 'NR > 1 && $8 == "slower" && $18 == "CRITICAL" { print $2 "%2F" $3; exit }' "$report/regression_report.csv")
shoot "$report/report.html#$first" report 1280 920
shoot "$report/report.html#$first" report-dark 1280 920 --blink-settings=preferredColorScheme=0

if ! command -v cmark-gfm >/dev/null; then
	echo 'pictures: the summary is left out: no cmark-gfm here'
elif ! build/pawl report "$report" --format markdown >"$work/summary.md" 2>"$work/problem"; then
	printf 'pictures: the summary is left out: %s\n' "$(cat "$work/problem")"
else
	{
		printf '<!DOCTYPE html><meta charset="utf-8"><style>body { margin: 0; padding: 20px 28px; color: #1f2328;
			font: 15px/1.5 "DejaVu Sans", sans-serif; } table { border-collapse: collapse; } th, td { padding: 5px 12px;
			border: 1px solid #d1d9e0; } code { padding: 2px 5px; border-radius: 5px; background: #eff1f3; } pre { padding: 12px;
			border-radius: 6px; background: #f6f8fa; }</style>\n'
		cmark-gfm --unsafe -e table -e autolink "$work/summary.md"
	} >"$work/summary.html"
	shoot "$work/summary.html" summary 1280 620
fi
