/* SPDX-License-Identifier: MIT
 * Copy what a test has left, where it cannot be moved: from the memory of a container. */
#pragma once

/* The folder NAME in DIR_FD to TO, which must not exist: files, folders and symbolic links, with their modes. What else
 * there is (sockets, FIFOs) is left out, as is what lies deeper than 64 folders. 0, or the errno value of the first
 * that could not be copied; what can be is copied all the same. */
int srt_copy_tree (int dir_fd, const char *name, const char *to);
