#!/bin/bash
# SPDX-License-Identifier: MIT
# GLib's installed tests by srt and by their native runner: the same verdict for each? The run of srt is interrupted in
# the middle and resumed, and no test may have two results.
#     glib-suite.sh [PREFIX…]      only tests whose name begins so: "glib/a"; all of them takes some ten minutes
# Wants SRT_EXE and where its parts are; exits with 77 where the suite or its runner is not installed.
set -euo pipefail
suite=/usr/share/installed-tests/glib
[ -d $suite ] && command -v gnome-desktop-testing-runner dbus-run-session >/dev/null || exit 77
work=$(mktemp -d)
# Some of the tests leave folders that may not be written.
trap 'chmod -R u+rwX "$work"; rm -rf "$work"' EXIT
cd "$work"
export XDG_CONFIG_HOME=$work TMPDIR=$work HOME=$work
export SRT_GUARD_OFF=true # what else this machine does must not decide

prefixes=("$@")
[ $# -gt 0 ] || prefixes=(glib/)
paths=()
for prefix in "${prefixes[@]}"; do
  for file in "$suite/${prefix#glib/}"*.test; do paths+=("$file"); done
done
cat >srt.cfg <<END
run = { parallel_timeout = "0"; };
suites = ( { name = "glib"; from = "installed-tests"; paths = ["$suite"]; timeout = "300s"; } );
END

# Both are only asked for their words: their exit status is 1 or 2 where tests fail.
dbus-run-session -- gnome-desktop-testing-runner --parallel=2 "${prefixes[@]}" >native.out 2>&1 </dev/null || true
sed -nE 's/^(PASS|FAIL|SKIP): ([^ ]+).*/\2 \1/p' native.out | sort -u >native

dbus-run-session -- "$SRT_EXE" -j2 "${paths[@]}" >first.out 2>&1 </dev/null &
session=$!
until [ "$(grep -cE '^(PASS|SKIP|FAIL|CRASH)' first.out)" -ge $((${#paths[@]} / 2)) ]; do
  kill -0 $session 2>/dev/null || break
  sleep 0.1
done
# Not SIGINT: a shell's background jobs ignore it, and srt respects that.
pkill -TERM -P $session -x srt || true
wait $session || true
dbus-run-session -- "$SRT_EXE" -j2 --resume "${paths[@]}" >second.out 2>&1 </dev/null || true

# "FAIL  12ms  glib/glib/x.test: why" of the lines that come while tests end, not of the list of failures after them.
words() {
  sed '/^Failures: /,$d' "$@" |
    sed -nE 's/^(PASS|SKIP|FAIL|CRASH|ERROR|TIMEOUT|LEAK) +[0-9.a-z]+ +glib\/([^: ]+).*/\2 \1/p'
}
{ words first.out; words second.out; } | sed -E 's/ (CRASH|ERROR|TIMEOUT)$/ FAIL/' | sort >ours
twice=$(cut -d' ' -f1 ours | uniq -d)
first=$(words first.out | wc -l)
if [ -n "$twice" ] || ! diff native ours >difference; then
  : >>difference
  printf 'not the same (< native, > srt); with two results: %s\n' "${twice:-none}"
  head -n 40 difference
  # What srt showed of each of them.
  sed -nE 's/^> ([^ ]+) .*/\1/p' difference | while read -r name; do
    awk -v name="/$name:" '/^Failures: /, 0 { if (/^[A-Z]+ /) on = index($0, name); if (on) print }' \
      first.out second.out
  done
  exit 1
fi
printf '%d of %d verdicts agree; %d before the interruption, the rest by --resume\n' \
  "$(wc -l <ours)" "$(wc -l <native)" "$first"
[ "$(wc -l <ours)" -gt 0 ]
