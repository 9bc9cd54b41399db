#!/bin/bash
# SPDX-License-Identifier: MIT
# What the guard costs: the CPU time of srt and its agents while 8 tests sleep, with the guard and without, in turns, in
# percent of one CPU. Needs nothing; takes ROUNDS x 2 x SECONDS. Usage: guard.sh BUILD [ROUNDS [SECONDS]]
set -euo pipefail
build=$1 rounds=${2:-3} seconds=${3:-20}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/t"
for i in 1 2 3 4 5 6 7 8; do
  printf '#!/bin/sh\nexec sleep %d\n' "$seconds" >"$work/t/n${i}_test"
  chmod +x "$work/t/n${i}_test"
done
plugins=("$build"/plugins/*-*/)
SRT_PLUGINS_DIRS=$(IFS=,; printf '%s' "${plugins[*]%/}")
export SRT_PLUGINS_DIRS SRT_LIBEXEC_DIR=$build/core/agent

# Milliseconds of CPU time of a run, its agents and its tests (which use next to none).
cpu_of() {
  local TIMEFORMAT='%U %S'
  { time (cd "$work" && "$build/core/main/srt" run -j8 "$@" t >"$work/log" 2>&1); } 2>&1 |
    awk '{ printf "%d", ($1 + $2) * 1000 }'
}

for ((round = 1; round <= rounds; round++)); do
  cpu_of --set guard.off=false
  echo -n ' '
  cpu_of --no-self-protect
  echo
done | awk -v seconds="$seconds" '{
    on = $1 / seconds / 10; off = $2 / seconds / 10
    printf "guard: 8 sleeping tests, %d s: %.2f %% of one CPU with the guard, %.2f %% without: %.2f %%\n",
      seconds, on, off, on - off }'
