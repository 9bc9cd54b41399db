#!/bin/sh
# SPDX-License-Identifier: MIT
# Passes: exit status 0. TMPDIR is empty and this test's own; what is left in it goes away.
set -eu

seq 1 100 >"$TMPDIR/numbers"
sum=$(awk '{ sum += $1 } END { print sum }' "$TMPDIR/numbers")
test "$sum" -eq 5050
