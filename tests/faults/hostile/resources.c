/* SPDX-License-Identifier: MIT
 * What is used up. */
#include "hostile.h"
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { FILES_MAX = 20000, THREADS = 200 };

static int
opens_all_files (void)
{
  for (int i = 0; i < FILES_MAX && open ("/dev/null", O_RDONLY) >= 0; i++)
    continue;
  return 0;
}

static int
memory_bomb (void)
{
  const size_t size = 256ul << 20;
  char *memory = mmap (NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

  if (memory == MAP_FAILED)
    hostile_give_up ("256 MiB");
  memset (memory, 'm', size);
  return 0;
}

/* May limits be held by cgroups here? */
static int
probe_cgroups (void)
{
  return access ("/sys/fs/cgroup/memory", W_OK) < 0 && access ("/sys/fs/cgroup/cgroup.procs", W_OK) < 0;
}

static int
probe_no_cgroups (void)
{
  return !probe_cgroups ();
}

/* For who measures now and then. */
static int
hang_big (void)
{
  memory_bomb ();
  hostile_stay ();
}

/* Nothing is allowed any more, and a child lives under that. */
static int
limits_itself (void)
{
  const struct rlimit none = { 0, 0 };
  pid_t pid = hostile_fork_staying ();

  for (int i = 0; i < RLIM_NLIMITS; i++)
    if (i != RLIMIT_CPU && i != RLIMIT_RTTIME)
      prlimit (pid, (enum __rlimit_resource)i, &none, NULL);
  for (int i = 0; i < RLIM_NLIMITS; i++)
    if (i != RLIMIT_CPU && i != RLIMIT_RTTIME)
      setrlimit ((enum __rlimit_resource)i, &none);
  _exit (0);
}

static int
least_important (void)
{
  const int idle_class = 3 << 13; /* IOPRIO_PRIO_VALUE (IOPRIO_CLASS_IDLE, 0) */

  return setpriority (PRIO_PROCESS, 0, 19) < 0 || syscall (SYS_ioprio_set, 1, 0, idle_class) < 0;
}

static void *
stay_in_thread (void *data)
{
  hostile_stay ();
}

/* With threads that never end. */
static int
many_threads (void)
{
  pthread_attr_t small;
  pthread_t thread;

  pthread_attr_init (&small);
  pthread_attr_setstacksize (&small, 65536);
  for (int i = 0; i < THREADS; i++)
    if (pthread_create (&thread, &small, stay_in_thread, NULL) != 0)
      hostile_give_up ("thread");
  return 0;
}

static int
many_threads_left (void)
{
  HostileGate gate;

  hostile_gate_open (&gate);
  if (fork () == 0) {
    many_threads ();
    hostile_gate_pass (&gate);
    hostile_stay ();
  }
  hostile_gate_wait (&gate);
  return 0;
}

static int
big_file (void)
{
  static char block[1 << 20];
  int fd;

  hostile_enter_tmpdir ();
  fd = open ("big", O_CREAT | O_WRONLY, 0600);
  memset (block, 'b', sizeof block);
  for (int i = 0; i < 64; i++)
    if (write (fd, block, sizeof block) != sizeof block)
      hostile_give_up ("64 MiB in TMPDIR");
  return 0;
}

const HostileDeed hostile_resources[] = {
  { "opens-all-files", opens_all_files },
  { "memory-bomb", memory_bomb },
  { "probe-cgroups", probe_cgroups },
  { "probe-no-cgroups", probe_no_cgroups },
  { "hang-big", hang_big },
  { "limits-itself", limits_itself },
  { "least-important", least_important },
  { "many-threads", many_threads },
  { "many-threads-left", many_threads_left },
  { "big-file", big_file },
  { NULL, NULL },
};
