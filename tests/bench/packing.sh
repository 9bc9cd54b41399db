#!/bin/bash
# SPDX-License-Identifier: MIT
# A suite whose peaks add up to 3 GiB in a memory cgroup of 1 GiB, by srt (first run, then with history), by GNU
# parallel and by ctest where they are installed; against the best packing. The tests hold their memory and sleep, so
# that no CPU is the bound; what it takes them to fill it is measured once and counts in the best packing too. Needs the
# right to make a memory cgroup, and 1 GiB of memory; takes about 5 minutes.
# Usage: packing.sh BUILD [ROUNDS [JOBS]]
set -euo pipefail
build=$1 rounds=${2:-3} jobs=${3:-8}
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/bench/cage.sh
. "$here/cage.sh"
work=$(mktemp -d)
trap 'cd /; leave_cage; rm -rf "$work"' EXIT
line=921 # MiB: 90 % of 1 GiB

# NAME MIB SECONDS: 24 tests, 3072 MiB. $1: seconds more for each MiB.
table() {
  local sizes=(64 250 32 100 180 48 300 96 64 220 40 128 80 350 24 112 64 200 56 144 90 32 270 128)
  local tenths=(20 35 10 25 40 15 30 20 35 25 10 45 15 25 30 20 40 30 10 25 35 15 20 30)
  local i
  for i in "${!sizes[@]}"; do
    printf 't%02d_test %d %d\n' "$i" "${sizes[i]}" "${tenths[i]}"
  done | awk -v more="$1" '{ printf "%s %d %.3f\n", $1, $2, $3 / 5 + $2 * more }'
}

# Seconds that it takes to fill a MiB.
fill_time() {
  local begin
  begin=$(date +%s%N)
  "$build/tests/fixtures/eater" 512 0
  echo $(($(date +%s%N) - begin)) | awk '{ printf "%.6f", $1 / 512 / 1e9 }'
}

make_tests() {
  local name mib seconds
  mkdir -p "$work/t"
  table 0 >"$work/table"
  while read -r name mib seconds; do
    printf '#!/bin/sh\nexec %s %d %s\n' "$build/tests/fixtures/eater" "$mib" "$seconds" >"$work/t/$name"
    chmod +x "$work/t/$name"
    printf 'add_test([=[%s]=] "%s")\n' "$name" "$work/t/$name" >>"$work/CTestTestfile.cmake"
  done <"$work/table"
}

# measure WHAT COMMAND...: how long, and who was killed.
measure() {
  local what=$1 before begin ns status=0
  shift
  before=$(oom_kills)
  begin=$(date +%s%N)
  (cd "$work" && "$@") >"$work/log" 2>&1 </dev/null || status=$?
  ns=$(($(date +%s%N) - begin))
  [ -z "${SRT_BENCH_LOGS:-}" ] || cp "$work/log" "$SRT_BENCH_LOGS/${what// /-}.log"
  awk -v what="$what" -v ns=$ns -v best="$best" -v status=$status -v oom=$(($(oom_kills) - before)) 'BEGIN {
    printf "%-24s %6.1f s, %.2f of the best packing, exit status %d, %d OOM kills\n",
      what, ns / 1e9, ns / 1e9 / best, status, oom }'
}

by_srt() {
  "$build/core/main/srt" run -j "$jobs" --history always --cpu-threshold 100 --verbose t
}

make_tests
read -r bound best < <(table "$(fill_time)" | "$build/tests/bench/bench-packing" $line "$jobs")
printf 'packing: 24 tests of 3 GiB together in 1 GiB, %d at once: no schedule under %s s, best found %s s\n' \
  "$jobs" "$bound" "$best"
if ! enter_cage 1024; then
  echo "packing: skipped, no memory cgroup can be made here"
  exit 0
fi
plugins=("$build"/plugins/*-*/)
SRT_PLUGINS_DIRS=$(IFS=,; printf '%s' "${plugins[*]%/}")
export SRT_PLUGINS_DIRS SRT_LIBEXEC_DIR=$build/core/agent
for ((round = 1; round <= rounds; round++)); do
  rm -rf "$work/.srt"
  measure "srt, first run" by_srt
  measure "srt, second run" by_srt
done
if command -v parallel >/dev/null; then
  measure "parallel -j$jobs" parallel --will-cite -j "$jobs" ::: "$work"/t/*_test
  measure "parallel --memfree 400M" parallel --will-cite -j "$jobs" --memfree 400M ::: "$work"/t/*_test
fi
if command -v ctest >/dev/null; then
  measure "ctest -j$jobs" ctest -j "$jobs"
fi
