#!/usr/bin/env bash
# A base whose files lie in Git LFS: the worktree of the base holds their contents, not the pointers.
. tests/cli/lib.sh
. tests/cli/project.sh
p=$scratch/p
mkdir "$p"
if ! git lfs version >/dev/null 2>&1; then
	absent "files in Git LFS are there in the base" "no git-lfs here"
	finish
fi
git -C "$p" init -qb main
(cd "$p" && git lfs install --local && git lfs track '*.bin') >/dev/null
cp tests/cli/suite.sh "$p/"
# The suite only runs when it finds the contents.
printf '#!/bin/sh\n. ./data.bin\n[ "$DATA" = here ] && exec ./suite.sh "$@"\n' >"$p/run.sh"
chmod +x "$p/run.sh"
printf 'DATA=here\n' >"$p/data.bin"
printf 'BM_a\n' >"$p/names"
printf 'version: 1\nsuites:\n  - name: s\n    run: [./run.sh]\n    env: {SUITE_NAMES: names}\n    slice: 1ms\n    profile: off\n' >"$p/pawl.yml"
printf '/pawl-report/\n' >"$p/.gitignore"
project_commit "$p" one
expect "the repository holds a pointer" sh -c "git -C '$p' show HEAD:data.bin | grep -q git-lfs"
echo >>"$p/names"
project_commit "$p" two
run sh -c 'cd "$1" && shift && exec "$@"' sh "$p" "$PAWL" check --base HEAD~1 --pairs 8
expect "files in Git LFS are there in the base" status_is 0
expect "and the benchmark is judged" out_has '^1 benchmark, 2 gated series: 0 slower'
finish
