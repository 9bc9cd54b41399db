/* SPDX-License-Identifier: MIT
 * The portable twin: the test's process group. What leaves the group is not held. */
#include "agent/contain.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>

struct SrtContain {
  pid_t group;
};

size_t
srt_contain_size (void)
{
  return sizeof (SrtContain);
}

int
srt_contain_open (SrtContain *contain, const SrtArguments *arguments)
{
  contain->group = 0;
  return arguments->places.group || arguments->holding == SRT_HOLD_NAMESPACE ? ENOTSUP : 0;
}

int
srt_contain_group (SrtContain *contain, int *ret_fd)
{
  *ret_fd = -1;
  return 0;
}

const char *
srt_contain_tier (const SrtContain *contain)
{
  return "process group";
}

void
srt_contain_enter (SrtContain *contain, pid_t leader)
{
  contain->group = leader;
}

void
srt_contain_signal (SrtContain *contain, int signal_number)
{
  kill (-contain->group, signal_number);
}

void
srt_contain_freeze (SrtContain *contain, bool frozen)
{
  kill (-contain->group, frozen ? SIGSTOP : SIGCONT);
}

int
srt_contain_kill (SrtContain *contain)
{
  return kill (-contain->group, SIGKILL) < 0 && errno != ESRCH ? errno : 0;
}

static bool
is_gone (const SrtContain *contain)
{
  return kill (-contain->group, 0) < 0 && errno == ESRCH;
}

bool
srt_contain_is_empty (SrtContain *contain, bool without_children)
{
  return without_children && is_gone (contain);
}

uint32_t
srt_contain_keep (SrtContain *contain, const char *names, uint32_t n, SrtBounds *bounds)
{
  return 0;
}

uint32_t
srt_contain_n_kept (const SrtContain *contain)
{
  return 0;
}

bool
srt_contain_was_kept (SrtContain *contain, pid_t pid)
{
  return false;
}

void
srt_contain_keep_nobody (SrtContain *contain)
{
}

uint32_t
srt_contain_name (SrtContain *contain, char *text, size_t size)
{
  if (is_gone (contain)) {
    *text = '\0';
    return 0;
  }
  snprintf (text, size, "processes of group %d", (int)contain->group);
  return 1;
}

bool
srt_contain_measure (SrtContain *contain, srt_usage *usage)
{
  return false;
}
