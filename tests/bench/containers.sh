#!/bin/bash
# SPDX-License-Identifier: MIT
# What tests in containers cost: programs that do nothing, each in a container of its own, 8 at once, by srt and by
# `podman run --rm` with the same hardening; and by srt with containers that take them all, 2 at once. All on one
# private store, in turn; the medians. Usage: containers.sh BUILD [TESTS] [ROUNDS]
set -euo pipefail
build=$1 n=${2:-100} rounds=${3:-5}
source=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
store=$work/store
hardening=(--network none --ipc private --read-only --read-only-tmpfs=false --cap-drop all --user 65534:65534
  --security-opt no-new-privileges --pids-limit 2049 --tmpfs /tmp --tmpfs /var/tmp --tmpfs /run --tmpfs /.srt/tmp
  --ulimit nofile=1024:1024 --ulimit nproc=4096:4096 --no-healthcheck)

finish() {
  "$source/tests/fixtures/podman-store.sh" remove "$store"
  rm -rf "$work"
}

make_tests() {
  local i
  chmod 755 "$work"
  mkdir -p "$work/project/test" "$work/tmp"
  cp "$build/tests/fixtures/nothing" "$work/nothing"
  for ((i = 0; i < n; i++)); do
    ln "$work/nothing" "$work/project/test/n${i}_test"
  done
}

by_podman() {
  printf '%s\n' "$work/project/test/"* |
    xargs -P8 -I{} podman run --rm "${hardening[@]}" -v "$work/project:$work/project:ro" srt-test {}
}

by_srt() {
  cd "$work/project"
  "$build/core/main/srt" run --no-checkpoint --no-self-protect --tmp-dir "$work/tmp" "$@" test
}

cold() {
  by_srt -j8 --executor container:image=srt-test
}

warm() {
  by_srt -j2 --executor "container:image=srt-test,reuse=$n"
}

# Milliseconds that a command takes, appended to a file of its name.
measure() {
  local begin
  begin=$(date +%s%N)
  "$1" >"$work/log" 2>&1 </dev/null || { cat "$work/log"; return 1; }
  echo $((($(date +%s%N) - begin) / 1000000)) >>"$work/$1"
}

median() {
  sort -n "$work/$1" | sed -n "$(((rounds + 1) / 2))p"
}

plugins=("$build"/plugins/*-*/)
SRT_PLUGINS_DIRS=$(IFS=,; printf '%s' "${plugins[*]%/}")
export SRT_PLUGINS_DIRS SRT_LIBEXEC_DIR=$build/core/agent
why=$("$source/tests/fixtures/podman-store.sh" make "$store")
trap finish EXIT
if [ -n "$why" ]; then
  printf 'no podman here: %s\n' "$why"
  exit 77
fi
export CONTAINERS_CONF=$store/containers.conf CONTAINERS_STORAGE_CONF=$store/storage.conf
make_tests
for ((round = 0; round < rounds; round++)); do
  for what in by_podman cold warm; do
    measure $what
  done
done
printf '%-12s %6d ms for %d tests, 8 at once, each in a container\n' podman "$(median by_podman)" "$n"
printf '%-12s %6d ms for the same: %d %% of it\n' srt "$(median cold)" $(($(median cold) * 100 / $(median by_podman)))
printf '%-12s %6d ms for %d tests, 2 at once, in warm containers\n' "srt, warm" "$(median warm)" "$n"
