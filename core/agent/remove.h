/* SPDX-License-Identifier: MIT
 * Remove a folder that its maker wanted to be hard to remove: unreadable, nested deeper than paths and descriptors
 * reach, in constant memory. Nothing may write to it meanwhile. */
#pragma once

/* NAME in DIRFD with all that is below it; links are removed, never followed. A missing NAME is success. Goes on after
 * errors; returns 0 or the first errno value. */
int srt_remove_tree (int dirfd, const char *name);
