#!/bin/bash
# SPDX-License-Identifier: MIT
# Tests a second, side by side: 1,000 programs that do nothing (without libc), two at once, by a bare loop of
# posix_spawn, by srt with everything on, and by ctest where it is installed. Usage: speed.sh BUILD [TESTS] [ROUNDS]
set -euo pipefail
build=$1 n=${2:-1000} rounds=${3:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

make_tests() {
  local i
  mkdir -p "$work/project/test"
  cp "$build/tests/fixtures/nothing" "$work/nothing"
  for ((i = 0; i < n; i++)); do
    ln "$work/nothing" "$work/project/test/n${i}_test"
    printf 'add_test([=[n%d]=] "%s")\n' "$i" "$work/project/test/n${i}_test"
  done >"$work/CTestTestfile.cmake"
}

by_loop() {
  "$build/tests/bench/bare-spawn" "$n" 2 "$work/nothing"
}

by_srt() {
  cd "$work/project"
  "$build/core/main/srt" run -j2 --notifier "junit:path=$work/junit.xml" --tmp-dir "$work" test
}

by_ctest() {
  cd "$work"
  ctest -j2
}

# The best round of a command.
measure() {
  local name=$1 best=0 begin ns round
  shift
  for ((round = 0; round < rounds; round++)); do
    begin=$(date +%s%N)
    ("$@") >"$work/log" 2>&1 </dev/null || { cat "$work/log"; return 1; }
    ns=$(($(date +%s%N) - begin))
    if [ "$best" -eq 0 ] || [ "$ns" -lt "$best" ]; then best=$ns; fi
  done
  printf '%-10s %7d tests a second\n' "$name" $((n * 1000000000 / best))
}

plugins=("$build"/plugins/*-*/)
SRT_PLUGINS_DIRS=$(IFS=,; printf '%s' "${plugins[*]%/}")
export SRT_PLUGINS_DIRS SRT_LIBEXEC_DIR=$build/core/agent
make_tests
measure "bare loop" by_loop
measure srt by_srt
if command -v ctest >/dev/null; then
  measure ctest by_ctest
fi
