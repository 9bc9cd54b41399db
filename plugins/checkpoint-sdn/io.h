/* SPDX-License-Identifier: MIT
 *
 * io.h - every call of this plugin that reaches the disk.
 *
 * Each function is the system call of that name and nothing more: errors come back in errno, EINTR too. They stand
 * apart so that a test can link its own file in place of io.c and make any of them fail, fall short or hang.
 */
#pragma once

#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>
#include <sys/types.h>

/* The call, again while a signal interrupts it: on network file systems any of them may be. */
#define SRT_IO_RETRY(CALL)                                                                                             \
  (__extension__({                                                                                                     \
    __typeof__ (CALL) result_;                                                                                         \
    do                                                                                                                 \
      result_ = (CALL);                                                                                                \
    while (result_ < 0 && errno == EINTR);                                                                             \
    result_;                                                                                                           \
  }))

int srt_io_openat (int folder, const char *name, int flags, mode_t mode);
int srt_io_close (int fd);
int srt_io_mkdirat (int folder, const char *name, mode_t mode);
int srt_io_unlinkat (int folder, const char *name, int flags);
int srt_io_renameat (int folder, const char *from, const char *to);
int srt_io_fstat (int fd, struct stat *ret_stat);
int srt_io_fstatat (int folder, const char *name, struct stat *ret_stat);
int srt_io_flock (int fd, int operation);
ssize_t srt_io_pread (int fd, void *buffer, size_t length, off_t offset);
ssize_t srt_io_pwrite (int fd, const void *bytes, size_t length, off_t offset);
int srt_io_ftruncate (int fd, off_t length);
int srt_io_fdatasync (int fd);
int srt_io_fsync (int fd);
