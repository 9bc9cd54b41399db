#!/bin/sh
# SPDX-License-Identifier: MIT
# Are the job files in a folder YAML, and do their commands work with this srt? Each command that they give a machine is
# run, with a test that passes, and with an srt that ends with 42. Usage: ci.sh FOLDER   TAP on stdout.
# SRT_EXE: the srt; its plugins are found by SRT_PLUGINS_DIRS.
folder=$1
work=$(mktemp -d) || exit 99
trap 'rm -rf "$work"' EXIT
python3 -c 'import yaml' 2>/dev/null || { echo "1..0 # SKIP no python3 with yaml"; exit 0; }

# commands FILE: what its jobs run, one command below the other.
commands() {
  python3 - "$1" <<'END'
import sys, yaml
jobs = yaml.safe_load(open(sys.argv[1], encoding="utf-8"))
for job in jobs.get("jobs", jobs).values():
    steps = [step.get("run") for step in job["steps"]] if "steps" in job else job["before_script"] + job["script"]
    print("\n".join(step for step in steps if step))
END
}

# run NAME SRT: its commands in a fresh project, where `srt` is the program SRT; prints what they print.
run() {
  rm -rf "$work/project"
  mkdir -p "$work/project/test" "$work/bin" && ln -sf "$2" "$work/bin/srt"
  printf '#!/bin/sh\nexit 0\n' >"$work/project/test/a_test" && chmod +x "$work/project/test/a_test"
  printf 'suites = ( { name = "s"; paths = [ "test" ]; } );\n' >"$work/project/srt.cfg"
  (cd "$work/project" && PATH=$work/bin:$PATH GITHUB_OUTPUT=$work/output sh -e "$work/$1.sh" 2>&1)
}

n=0
failed=0
report() {
  n=$((n + 1))
  if [ "$1" -eq 0 ]; then
    echo "ok $n $2"
  else
    echo "not ok $n $2"
    sed 's/^/# /' "$work/said"
    failed=1
  fi
}

# It passes, by what was asked for; what it should leave is there.
passes() {
  run "$1" "$SRT_EXE" >"$work/said" && grep -q '1 PASS' "$work/said" &&
    grep -q 'tests="1"' "$work/project/srt-report.xml" && test -s "$work/project/.srt/history.sdn"
}

# 42 reaches the build server.
tells_42() {
  run "$1" "$work/stops" >"$work/said"
  [ $? -eq 42 ]
}

# shellcheck disable=SC2016 # for the program
printf '#!/bin/sh\n[ "$1" = --version ] || exit 42\n' >"$work/stops" && chmod +x "$work/stops"
for file in "$folder"/*.yml; do
  name=$(basename "$file" .yml)
  commands "$file" >"$work/$name.sh" 2>"$work/said" && grep -q 'srt .*--auto-resume' "$work/$name.sh"
  report $? "$name: YAML with commands"
  passes "$name"
  report $? "$name: a green run"
  tells_42 "$name"
  report $? "$name: a protected stop"
done
echo "1..$n"
[ "$n" -ge 6 ] || { echo "# two files are meant to be there" && exit 1; }
exit $failed
