#!/bin/sh
# SPDX-License-Identifier: MIT
# Reads its standard input, which each test of the suite gets anew from its beginning.
set -eu

sorted=$(sort -r | head -n 1)
echo "the last fruit is: $sorted"
test "$sorted" = "cherry"
