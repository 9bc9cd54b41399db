#!/bin/sh
# SPDX-License-Identifier: MIT
# All cases pass; the plan comes last, as it is not known before.
n=0
for pair in 1:1 2:4 3:9; do
  n=$((n + 1))
  root=${pair%:*}
  if [ $((root * root)) -eq "${pair#*:}" ]; then
    echo "ok $n - the square of $root"
  else
    echo "not ok $n - the square of $root"
  fi
done
echo "1..$n"
