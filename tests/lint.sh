#!/bin/bash
# SPDX-License-Identifier: MIT
# What `./dev lint` checks. Usage: tests/lint.sh CLANG_BUILD STATUS, with the status of a build by clang with warnings
# as errors. One line a check; what is wrong is shown; the last line counts.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit 3
clang_build=$1 clang_status=$2
folders=(core plugins tests examples docs)
max_file=500 max_function=100 max_line=120

# All files of ours below the given names, by a pattern of find.
ours() {
  find "${folders[@]}" -path tests/fixtures -prune -o -type f \( "$@" \) -print | sort
}

sources() {
  find "${folders[@]}" -type f -name '*.[ch]' | sort
}

scripts() {
  printf '%s\n' dev .ci/run
  ours -name '*.sh'
  # Programs of the examples have no suffix.
  grep -rlIE '^#!.*[/ ](ba|da)?sh$' examples | grep -v '\.sh$' || true
}

check_format() {
  sources | xargs -r clang-format --dry-run -Werror
}

check_clang() {
  return "$clang_status"
}

check_scripts() {
  scripts | xargs -r shellcheck
}

check_manual() {
  ours -name '*.[1-8]' | xargs -r mandoc -T lint -W warning
}

check_blanks() {
  ! { sources; scripts; ours -name '*.md' -o -name meson.build -o -name '*.cfg' -o -name '*.txt'
      ls ./*.md ./meson.build; } | xargs -r grep -nE '[[:blank:]]+$'
}

# The public header is one file by promise.
check_file_lengths() {
  { sources | grep -v '/srt-plugin\.h$'; scripts; } | xargs -r awk -v max=$max_file '
    function tell() { if (n > max) { print file ": " n " lines, at most " max; bad = 1 } }
    FNR == 1 { tell(); file = FILENAME }
    { n = FNR }
    END { tell(); exit bad }'
}

# Characters, not bytes. What clang-format is told to leave alone is a table, which is read as a whole.
check_line_lengths() {
  # shellcheck disable=SC2016 # the variables are those of perl
  { sources; scripts; } | max=$max_line xargs -r perl -CSD -ne '
    $off = 1 if /clang-format off/;
    $off = 0 if /clang-format on/;
    chomp;
    if (length > $ENV{max} && !$off) { print "$ARGV:$.: ", length, " characters, at most $ENV{max}\n"; $bad = 1 }
    if (eof) { close ARGV; $off = 0 }
    END { exit $bad }'
}

check_function_lengths() {
  sources | grep '\.c$' | ctags -L - -x --c-kinds=f --_xformat='%{line} %{end} %{name} %{input}' 2>/dev/null |
    awk -v max=$max_function '
      $2 - $1 + 1 > max { print $4 ": " $3 ": " $2 - $1 + 1 " lines, at most " max; bad = 1 }
      END { exit bad }'
}

# Each header must compile alone. One that does not say "#pragma once" is no header, but a part of a file.
check_headers() {
  local flags header status=0
  flags=$(pkg-config --cflags gio-2.0)
  while read -r header; do
    # shellcheck disable=SC2086 # flags are words
    gcc -std=gnu17 -D_GNU_SOURCE -Wall -Wextra -Wno-unused-parameter -Werror -fsyntax-only -Icore -Icore/include \
      -Itests -Itests/fixtures -I"$(dirname "$header")" -Iplugins/monitor-linux \
      -include "$header" -x c $flags /dev/null || status=1
  done < <(sources | grep '\.h$' | xargs grep -lE '^#pragma once|^#ifndef SRT_PLUGIN_H')
  return $status
}

check_licences() {
  { sources; scripts; } | xargs -r grep -L 'SPDX-License-Identifier: MIT' | { ! grep .; }
}

passed=0 failed=0
check() {
  local output
  if output=$("$2" 2>&1); then
    passed=$((passed + 1))
    printf 'ok       %s\n' "$1"
  else
    failed=$((failed + 1))
    printf 'not ok   %s\n%s\n' "$1" "$output"
  fi
}

check "format of C (clang-format)" check_format
check "no warning from clang ($clang_build)" check_clang
check "scripts (shellcheck)" check_scripts
check "man pages (mandoc)" check_manual
check "no blanks at the end of lines" check_blanks
check "files of at most $max_file lines" check_file_lengths
check "lines of at most $max_line characters" check_line_lengths
check "functions of at most $max_function lines" check_function_lengths
check "each header alone" check_headers
check "a licence in each source" check_licences
printf '%d passed, %d failed\n' $passed $failed
[ $failed -eq 0 ]
