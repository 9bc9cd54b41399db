# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# A memory cgroup for a benchmark, version 1 or 2; sourced. Needs the right to make one (root, mostly).
# shellcheck disable=SC2034 # cage_usage is for who sources this

# Puts this shell, and so all that it starts, into a cgroup of $1 MiB. 1: none can be made here.
enter_cage() {
  local line own v1='' v2=''
  while IFS= read -r line; do
    own=${line##*:}
    case $line in
      *:memory:*) v1=/sys/fs/cgroup/memory$own ;;
      0::*) v2=/sys/fs/cgroup$own ;;
    esac
  done </proc/self/cgroup
  cage_before=${v1:-$v2} cage_limit=memory.max cage_usage=memory.current cage_oom=memory.events
  if [ -n "$v1" ]; then
    cage_limit=memory.limit_in_bytes cage_usage=memory.usage_in_bytes cage_oom=memory.oom_control
  fi
  cage=${cage_before%/}/srt-bench-$$
  if ! { mkdir "$cage" && echo $(($1 << 20)) >"$cage/$cage_limit" && echo $$ >"$cage/cgroup.procs"; } 2>/dev/null; then
    rmdir "$cage" 2>/dev/null || true
    cage=''
    return 1
  fi
}

oom_kills() {
  awk '$1 == "oom_kill" { print $2 }' "$cage/$cage_oom"
}

leave_cage() {
  [ -n "$cage" ] || return 0
  echo $$ >"$cage_before/cgroup.procs"
  until rmdir "$cage" 2>/dev/null; do
    sleep 0.1 # the dead are counted a moment longer
  done
  cage=''
}
