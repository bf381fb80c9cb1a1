# shellcheck shell=bash
# The floor check finds what it is there to find.
. tests/cli/lib.sh

mkdir -p "$scratch/house/bench" "$scratch/house/tests" "$scratch/house/checker/"{base,model,stats,git,input,flow,cmd}
house=$scratch/house

refused() { status_is 1 && out_has "$1"; }
clean() { status_is 0 && out_is_empty; }

# violation SENTENCE FILE TEXT MESSAGE: a file with that text alone is refused with that message.
violation() {
	printf '%b\n' "$3" >"$house/$2"
	run tests/floors.sh "$house"
	expect "$1" refused "$4"
	rm "$house/$2"
}
# harmless SENTENCE FILE TEXT
harmless() {
	printf '%b\n' "$3" >"$house/$2"
	run tests/floors.sh "$house"
	expect "$1" clean
	rm "$house/$2"
}

violation "a floor above is not seen" checker/base/a.c '\n#include "model/run.h"' \
	'^checker/base/a.c:2: floor 0 \(base\) may not include model/run.h of floor 1$'
violation "folders on one floor do not see each other" checker/git/a.c '#include "stats/sample.h"' \
	'git/a.c:1: folders on one floor'
violation "of a plug-in folder only its contract is seen" checker/flow/a.c '#include "input/mend.h"' \
	'only input/input.h may be included, not input/mend.h'
violation "a folder without a floor is refused" checker/a.c '#include "util/list.h"' 'folder without a floor'
violation "memory is not taken outside the arena" checker/model/a.c 'p = malloc(3);' 'a.c:1: malloc outside base/arena.c'
violation "nothing below cmd prints" checker/flow/a.c '/* a */ printf("x");' 'a.c:1: printf below cmd/'
violation "nothing below cmd exits" checker/stats/a.c '\texit(1);' 'a.c:1: exit below cmd/'
violation "a file of more than 500 lines is refused" tests/a.c "$(yes '' | head -n 500 | tr '\n' ' ' | sed 's/ /\\n/g')x" \
	'a.c:501: 501 lines, the limit is 500'
harmless "lower floors, the own folder and contracts are seen" checker/flow/a.c \
	'#include "flow/a.h"\n#include "input/input.h"\n#include "base/err.h"\n#include <cjson/cJSON.h>'
harmless "comments and strings are not code" checker/flow/a.c \
	'/* printf(x) and\n * exit(1)\n */ f("free(x)"); // abort()\nsnprintf(b, n, "%d", 1); arena_free(a); o->free(x);'
harmless "cmd prints" checker/cmd/a.c 'printf("x"); exit(2);'
harmless "the arena takes memory" checker/base/arena.c 'p = malloc(3); free(p);'
run tests/floors.sh
expect "this project keeps its own floors" status_is 0
finish
