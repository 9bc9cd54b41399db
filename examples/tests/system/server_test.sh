#!/bin/sh
# SPDX-License-Identifier: MIT
# A test with a helper of its own, which it stops itself.
set -eu

mkfifo "$TMPDIR/question" "$TMPDIR/answer"
tr "[:lower:]" "[:upper:]" <"$TMPDIR/question" >"$TMPDIR/answer" &
server=$!
echo "ready" >"$TMPDIR/question"
read -r answer <"$TMPDIR/answer"
wait "$server"
test "$answer" = "READY"
