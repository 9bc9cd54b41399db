#!/bin/sh
# SPDX-License-Identifier: MIT
# Skips itself: exit status 77. The last line says why.

echo "no scanner is attached to this machine"
exit 77
