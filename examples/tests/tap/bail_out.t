#!/bin/sh
# SPDX-License-Identifier: MIT
# Gives up: nothing that comes after would mean anything.
echo "1..3"
echo "ok 1 - the disk is there"
echo "Bail out! The disk cannot be written"
exit 1
