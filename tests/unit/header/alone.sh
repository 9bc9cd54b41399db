#!/bin/sh
# SPDX-License-Identifier: MIT
# Does each header compile with nothing before it? Usage: alone.sh FOLDER-OF-CORE COMPILER...   TAP on stdout.
core=$1
shift
cflags=$(pkg-config --cflags glib-2.0) || exit 99
n=0
failed=0
for header in "$core"/*/*.h "$core"/include/srt/*.h; do
  n=$((n + 1))
  name=${header#"$core"/}
  # $cflags is a list of words
  # shellcheck disable=SC2086
  if "$@" -std=gnu17 -Wall -Wextra -Werror -D_GNU_SOURCE -I "$core" -I "$core/include" $cflags -x c -fsyntax-only \
    -include "$header" /dev/null; then
    echo "ok $n $name"
  else
    echo "not ok $n $name"
    failed=1
  fi
done
echo "1..$n"
exit $failed
