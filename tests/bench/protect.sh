#!/bin/bash
# SPDX-License-Identifier: MIT
# A hog from outside and --self-protect: how long srt takes to hold, to freeze, to stop and to be gone. For memory in a
# memory cgroup of 1 GiB (needs the right to make one), for CPU with one busy process for each core and a half.
# The events are checked: hold, freeze, stop, exit status 42, a checkpoint, nothing left, and --resume ends green. The
# times are printed only. Takes about 20 s a round. Usage: protect.sh BUILD [ROUNDS]
set -euo pipefail
build=$1 rounds=${2:-3}
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=tests/bench/cage.sh
. "$here/cage.sh"
work=$(mktemp -d)
hogs=()

stop_hogs() {
  local pid
  for pid in ${hogs[@]+"${hogs[@]}"}; do
    kill -KILL "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  hogs=()
}

clean_up() {
  stop_hogs
  cd /
  leave_cage
  rm -rf "$work"
}
cage=''
trap clean_up EXIT
plugins=("$build"/plugins/*-*/)
SRT_PLUGINS_DIRS=$(IFS=,; printf '%s' "${plugins[*]%/}")
export SRT_PLUGINS_DIRS SRT_LIBEXEC_DIR=$build/core/agent

# Three tests that wait for the file "go" and say when they are told to end, and one that is over before.
make_tests() {
  local name
  mkdir -p "$work/t"
  printf '#!/bin/sh\nexit 0\n' >"$work/t/a_test"
  for name in b c d; do
    cat >"$work/t/${name}_test" <<END
#!/bin/bash
trap 'echo \$EPOCHREALTIME >>$work/terms; exit 0' TERM
: >$work/started-$name
until test -e $work/go; do sleep 0.1; done
END
  done
  chmod +x "$work"/t/*_test
}

# Every line of srt with the time when it came.
stamp() {
  local line
  while IFS= read -r line; do
    printf '%s %s\n' "$EPOCHREALTIME" "$line"
  done
}

run_stamped() {
  cd "$work"
  {
    "$build/core/main/srt" run -j4 "$@" t 2>&1 || echo "ended with $?"
  } | stamp >"$work/log"
}

# When the first line with $1 came.
when() {
  grep -m1 -F -- "$1" "$work/log" | cut -d' ' -f1
}

# Says when the memory in use came over 90 %, by some milliseconds.
watch_crossing() {
  local used=0
  until [ "$used" -ge $((1024 * 1024 * 1024 * 9 / 10)) ]; do
    read -r used <"$cage/$cage_usage"
    read -r -t 0.005 <> <(:) || true
  done
  echo "$EPOCHREALTIME" >"$work/crossed"
}

start_hogs() {
  local i
  if [ "$1" = memory ]; then
    watch_crossing &
    hogs+=($!)
    "$build/tests/fixtures/eater" 950 60 - 1000 &
    hogs+=($!)
    return
  fi
  echo "$EPOCHREALTIME" >"$work/crossed"
  for ((i = 0; i < $(nproc) * 3 / 2; i++)); do
    "$build/tests/fixtures/eater" 0 60 &
    hogs+=($!)
  done
}

check() {
  "$@" || { echo "protect: failed: $*"; cat "$work/log"; exit 1; }
}

nothing_left() {
  ! pgrep -f "$work/t/" >/dev/null
}

in_order() {
  printf '%s\n' "$@" | sort -c -g
}

# round WHAT SRT-FLAGS: its times go into the file WHAT.
round() {
  local what=$1 run
  shift
  rm -rf "$work"/{.srt,go,terms,started-b,started-c,started-d,crossed}
  run_stamped --self-protect "$@" &
  run=$!
  until [ -e "$work/started-b" ] && [ -e "$work/started-c" ] && [ -e "$work/started-d" ]; do sleep 0.05; done
  start_hogs "$what"
  wait "$run" || true
  stop_hogs
  check grep -q 'ended with 42$' "$work/log"
  check in_order "$(when 'guard: holds')" "$(when 'guard: freezes')" "$(when 'GRACEFUL')" "$(when "ended with 42")"
  check test -e "$work/.srt/progress.sdn"
  check nothing_left
  printf '%s %s %s %s %s %s\n' "$(cat "$work/crossed")" "$(when 'guard: holds')" "$(when 'guard: freezes')" \
    "$(when GRACEFUL)" "$(sort -g "$work/terms" | head -1)" "$(when "ended with 42")" >>"$work/$what"
  touch "$work/go"
  run_stamped --resume
  check grep -q 'Results: 4 PASS' "$work/log"
}

tell() {
  awk -v what="$1" '{
    printf "protect: %-6s hold %.2f s after the crossing, freeze %.2f s, stop %.2f s; kills %.2f s after the stop, " \
      "exit status 42 %.2f s\n", what, $2 - $1, $3 - $1, $4 - $1, $5 - $4, $6 - $4 }' "$work/$1"
}

make_tests
if enter_cage 1024; then
  for ((i = 0; i < rounds; i++)); do round memory --cpu-threshold 100; done
  tell memory
  leave_cage
else
  echo "protect: no memory cgroup can be made here"
fi
for ((i = 0; i < rounds; i++)); do round cpu; done
tell cpu
