#!/bin/sh
# SPDX-License-Identifier: MIT
# Do the whole files in a guide build as plugins? Those are its blocks "```c complete", "```c++ complete" and
# "```rust complete". Usage: examples.sh GUIDE INCLUDE-FOLDER C-COMPILER...   TAP on stdout, a test for each block.
# CXX: the C++ compiler, RUSTC: that of Rust; where one is not there its blocks are skipped. SRT_EXE: an srt that has to
# like each module; without it they are only built.
guide=$1
include=$2
shift 2
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
umask 077 # srt loads nothing from a folder that others may write to

# One file a block, named for the line at which it begins: what the compiler complains of is found in the guide.
awk -v dir="$work" -v guide="$guide" '
  BEGIN { suffix["c"] = "c"; suffix["c++"] = "cc"; suffix["rust"] = "rs" }
  /^```/ && file != "" { close(file); file = ""; next }
  /^```[a-z+]+ complete$/ {
    language = substr($1, 4)
    if (!(language in suffix)) { print "Bail out! line " FNR ": no way to build " language; exit 1 }
    file = sprintf("%s/%05d.%s", dir, FNR, suffix[language])
    if (language == "rust") printf "" >file
    else printf "#line %d \"%s\"\n", FNR + 1, guide >file
    next
  }
  file != "" { print >file }
  END { if (file != "") { print "Bail out! the block of " file " has no end"; exit 1 } }' "$guide" || exit 99

c_flags='-D_GNU_SOURCE -shared -fPIC -fvisibility=hidden -Wall -Wextra -Werror -Wno-unused-parameter -Wl,-z,defs'

# build SOURCE MODULE C-COMPILER...: 77 when there is no compiler for it.
build() {
  source=$1
  module=$2
  shift 2
  # The flags are words.
  # shellcheck disable=SC2086
  case $source in
  *.cc) [ -n "$CXX" ] || return 77; "$CXX" -std=c++20 $c_flags -I "$include" -o "$module" "$source" ;;
  *.rs) [ -n "$RUSTC" ] || return 77
    "$RUSTC" --edition 2021 --crate-type cdylib --crate-name example -C panic=abort -D warnings \
      -o "$module" "$source" ;;
  *) "$@" -std=gnu17 -pthread $c_flags -I "$include" -o "$module" "$source" ;;
  esac
}

# No more than the entry may be seen, and srt must like it.
check() {
  symbols=$(nm -D --defined-only "$1" | awk '{ print $3 }')
  case $1 in
  *.rs.so) ;; # Rust has names of its own in it
  *) [ "$symbols" = srt_plugin_entry ] || { echo "# exports: $symbols"; return 1; } ;;
  esac
  [ -z "$SRT_EXE" ] || "$SRT_EXE" plugins "$1" >"$work/said" 2>&1 || { sed 's/^/# /' "$work/said"; return 1; }
}

n=0
failed=0
for source in "$work"/*.c "$work"/*.cc "$work"/*.rs; do
  [ -e "$source" ] || continue
  n=$((n + 1))
  name="line $(basename "$source" | sed 's/^0*//')"
  build "$source" "$source.so" "$@" >"$work/log" 2>&1
  status=$?
  sed 's/^/# /' "$work/log"
  if [ "$status" -eq 77 ]; then
    echo "ok $n $name # SKIP no compiler"
  elif [ "$status" -eq 0 ] && check "$source.so"; then
    echo "ok $n $name"
  else
    echo "not ok $n $name"
    failed=1
  fi
done
echo "1..$n"
[ "$n" -gt 0 ] || { echo "# the guide has no whole file" && exit 1; }
exit $failed
