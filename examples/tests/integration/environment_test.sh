#!/bin/sh
# SPDX-License-Identifier: MIT
# What the suite in team.cfg says is what the test gets: variables, working folder, standard input.
set -eu

test "$TEAM_GREETING" = "hello"
test -z "${EDITOR+set}"
test -f environment_test.sh
read -r first
test "$first" = "apple"
echo "test $SRT_TEST_NAME, attempt $SRT_ATTEMPT, run $SRT_RUN_ID"
