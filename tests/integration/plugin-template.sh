#!/bin/sh
# SPDX-License-Identifier: MIT
# A plugin from outside: examples/plugin-template is built against the installed header, found by pkg-config, and then
# loaded and run. TAP. Usage: plugin-template.sh BUILD SOURCE
set -u
build=$1 source=$2
n=0
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT

# Reads the status of the command before it.
result() {
  status=$?
  n=$((n + 1))
  if [ "$status" -eq 0 ]; then
    echo "ok $n - $1"
  else
    echo "not ok $n - $1"
    sed 's/^/# /' "$work/log"
  fi
}

# Is TEXT in FILE?
has() {
  grep -qF -e "$2" "$1" || { echo "\"$2\" is not in $1:"; cat "$1"; } >"$work/log"
  grep -qF -e "$2" "$1"
}

run_srt() {
  "$work/dest$prefix/bin/srt" --plugin-dir "$work/template" --plugin-dir "$installed" "$@" >"$work/log" 2>&1 </dev/null
}

echo "1..9"
DESTDIR=$work/dest meson install --no-rebuild -C "$build" >"$work/log" 2>&1
result "srt is installed"

pc=$(find "$work/dest" -name srt-plugin.pc)
prefix=$(sed -n 's/^prefix=//p' "$pc")
PKG_CONFIG_PATH=$(dirname "$pc") PKG_CONFIG_SYSROOT_DIR=$work/dest
export PKG_CONFIG_PATH PKG_CONFIG_SYSROOT_DIR
pkg-config --variable=plugindir srt-plugin >"$work/log" 2>&1
installed=$work/dest$(sed "s|^$work/dest||" "$work/log")
test -f "$installed/notifier-console.so"
result "srt-plugin.pc names the folder of the plugins"

meson setup -Dwerror=true "$work/template" "$source/examples/plugin-template" >"$work/log" 2>&1 &&
  ninja -C "$work/template" >"$work/log" 2>&1
result "the template builds against the installed header, without a warning"

run_srt plugins "$work/template/notifier-template.so" && has "$work/log" "path: path, required"
result "srt describes the notifier"
run_srt plugins "$work/template/executor-template.so" && has "$work/log" "executor-template 1.0"
result "srt describes the executor"

mkdir "$work/project" "$work/project/test"
cd "$work/project" || exit 99
printf '#!/bin/sh\nexit 0\n' >test/good_test.sh
printf '#!/bin/sh\nexit 3\n' >test/bad_test.sh
printf '#!/bin/sh\nsleep 600\n' >test/hanging_test.sh
printf '#!/no/such/interpreter\n' >test/missing_test.sh
chmod +x test/*.sh
run_srt --executor template --notifier "template:path=$work/results" --timeout 1s --child-kill-timeout 1s -j2 test
test $? -eq 1
result "a run with both ends with 1, as tests failed"

has "$work/results" "test/good_test.sh: passed" && has "$work/results" "test/bad_test.sh: exit status 3"
result "the notifier was told what the executor ran"
has "$work/results" "test/hanging_test.sh: still ran after 1s"
result "the executor ends what hangs"
has "$work/results" "1 of 4 passed, exit status 1"
result "the notifier was told the end"
