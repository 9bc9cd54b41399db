#!/bin/bash
# SPDX-License-Identifier: MIT
# examples/team.cfg gives the verdicts that examples/README.md promises. TAP.
# Usage: examples.sh BUILD SOURCE [container]; container: the same in containers that see this machine's programs.
set -u
build=$1 source=$2 where=${3-} n=0
work=$(mktemp -d) || exit 99
chmod 755 "$work" # tests in containers are another user
cd "$work" || exit 99 # which is what they see
store=$source/tests/fixtures/podman-store.sh
trap 'if [ -e "$work/store" ]; then "$store" remove "$work/store"; fi; rm -rf "$work"' EXIT

if [ "$where" = container ]; then
  why=$("$store" make "$work/store")
  [ -z "$why" ] || { echo "1..0 # SKIP $why"; exit 0; }
  export CONTAINERS_CONF=$work/store/containers.conf CONTAINERS_STORAGE_CONF=$work/store/storage.conf
  export XDG_RUNTIME_DIR=$work/store/xdg
fi

# The image has a shell of its own, and no awk.
make_config() {
  local mounts='"/usr", "/usr/bin:/bin", "/usr/lib:/lib", "/etc/alternatives"'
  echo '@include "team.cfg"'
  [ "$where" = container ] || return 0
  [ ! -e /usr/lib64 ] || mounts+=', "/usr/lib64:/lib64"'
  echo "executors = ( { name = \"container\"; image = \"srt-test\"; mounts = [ \"$build\", $mounts ]; } );"
}

# check NAME COMMAND...; what the command says is shown when it fails.
check() {
  local name=$1 said
  shift
  n=$((n + 1))
  if said=$("$@" 2>&1); then
    echo "ok $n - $name"
  else
    printf 'not ok %d - %s\n%s\n' $n "$name" "# ${said//$'\n'/$'\n'# }"
  fi
}

# Without the guard: what fails on a machine that others keep busy would run twice.
# In a copy, as a run leaves its checkpoint and its report beside the configuration. GLib's tests are as if they were
# not installed: their suite is optional.
run_examples() {
  local plugins=("$build"/plugins/*-*/)
  SRT_PLUGINS_DIRS=$(IFS=,; printf '%s' "${plugins[*]%/}")
  export SRT_PLUGINS_DIRS SRT_LIBEXEC_DIR=$build/core/agent
  mkdir "$work/tmp" && cp -r "$source/examples" "$work/examples" && ln -s "$build" "$work/build" || return
  make_config >"$work/examples/run.cfg"
  "$build/core/main/srt" run --config "$work/examples/run.cfg" --executor "${where:-process}" \
    --set suites.glib.paths=/no/such/folder --tmp-dir "$work/tmp" -j2 --no-self-protect >"$work/log" 2>&1 </dev/null
  [ $? -eq 1 ] || { cat "$work/log"; return 1; }
}

same_verdicts() {
  # shellcheck disable=SC2016 # the quotes of the page
  sed -n 's/^| `\([^`]*\)` | \([A-Z]*\).*/\2 \1/p' "$source/examples/README.md" | sort >"$work/promised"
  sed -n '/^Failures/q; s/^\([A-Z][A-Z]*\)  *[0-9.]*[a-z]*  *\([a-z]*\/[^ :]*\).*/\1 \2/p' "$work/log" |
    sort >"$work/seen"
  [ "$(wc -l <"$work/promised")" -ge 16 ] && { diff "$work/promised" "$work/seen" || { cat "$work/log"; false; }; }
}

echo "1..4"
check "the run ends with 1" run_examples
check "each test has the verdict of the page" same_verdicts
check "the report for the build server is there" grep -q '<testsuite' "$work/examples/junit.xml"
check "nothing is left to resume" test ! -e "$work/examples/.srt/progress.sdn"
