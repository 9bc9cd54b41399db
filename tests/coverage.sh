#!/bin/bash
# SPDX-License-Identifier: MIT
# Lines that the tests reached, a file a line and a sum. Usage: tests/coverage.sh TREE BUILD
set -euo pipefail
tree=$1 build=$2

cd "$build"
find . -name '*.gcda' -print0 | xargs -0 -r gcov -n -s "$tree" -r 2>/dev/null |
  awk '
    /^File / { file = substr($2, 2, length($2) - 2) }
    /^Lines executed:/ && file != "" {
      split($2, share, /[:%]/); n = $4
      # The same file may be in several programs: the one that reached most counts.
      hit = share[2] * n / 100
      if (file !~ /^tests\// && (!(file in lines) || hit > hits[file])) { hits[file] = hit; lines[file] = n }
      file = ""
    }
    END {
      for (f in lines) { printf "%5.1f %% of %5d  %s\n", 100 * hits[f] / lines[f], lines[f], f | "sort -k5"
                         all += lines[f]; reached += hits[f] }
      close("sort -k5")
      if (all > 0) printf "%5.1f %% of %5d  all\n", 100 * reached / all, all
    }'
