#!/bin/sh
# SPDX-License-Identifier: MIT
# Hangs, and does not listen when it is asked to end: after the timeout comes SIGTERM, after the grace SIGKILL, for the
# test and for all that it has started.
trap '' TERM

echo "waiting for what never comes"
sleep 600 &
while :; do
  wait
done
