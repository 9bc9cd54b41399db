/* SPDX-License-Identifier: MIT */
#include "watch.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Short windows are for who has CAP_SYS_RESOURCE; all others may have multiples of 2 s, on kernels from 6.4 on. */
static const uint32_t windows_us[] = { 500000, 2000000 };

static int
try_window (int dir, const char *name, uint32_t percent, uint32_t window_us)
{
  int fd = openat (dir, name, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC), saved;
  char trigger[64];
  int length = snprintf (trigger, sizeof trigger, "some %u %u", window_us / 100 * percent, window_us);

  if (fd < 0)
    return -1;
  if (write (fd, trigger, (size_t)length + 1) == length + 1) /* the kernel wants the NUL too */
    return fd;
  saved = errno;
  close (fd);
  errno = saved;
  return -1;
}

int
srt_watch_open (SrtSampler *sampler, unsigned which, uint32_t percent)
{
  const SrtChain *chain = &sampler->chains[SRT_ROLE_PRESSURE];
  bool machine = which == SRT_WATCH_MACHINE;
  int fd = -1;

  if (!machine && !chain->own) {
    errno = ENOENT;
    return -1;
  }
  int dir = machine ? sampler->proc : chain->levels[chain->n - 1].dir;
  const char *name = machine ? "pressure/memory" : chain->version->names[SRT_ROLE_PRESSURE][SRT_STALL_MEMORY];
  for (size_t i = 0; fd < 0 && i < sizeof windows_us / sizeof windows_us[0]; i++)
    fd = try_window (dir, name, percent, windows_us[i]);
  return fd;
}
