#!/bin/sh
# SPDX-License-Identifier: MIT
# Fails: any exit status but 0, 77 and 99. What it printed is shown with the failure, and as it left something in its
# TMPDIR, the folder is kept and named.

printf '%s\n' one two three >"$TMPDIR/expected"
printf '%s\n' one too three >"$TMPDIR/actual"
echo "the lists differ:"
diff -u "$TMPDIR/expected" "$TMPDIR/actual"
