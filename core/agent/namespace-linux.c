/* SPDX-License-Identifier: MIT */
#include "agent/namespace.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static bool
refuse (char *why, size_t size, const char *what)
{
  snprintf (why, size, "%s: %s", what, strerror (errno));
  return false;
}

static bool
put (const char *path, const char *text)
{
  int fd = open (path, O_WRONLY | O_CLOEXEC);
  bool done = fd >= 0 && write (fd, text, strlen (text)) >= 0;
  int error = errno;

  if (fd >= 0)
    close (fd);
  errno = error;
  return done;
}

/* As whom we are seen inside: the same, and nobody else. */
static bool
map_user (unsigned uid, unsigned gid, char *why, size_t size)
{
  char uid_map[64], gid_map[64];

  snprintf (uid_map, sizeof uid_map, "%u %u 1\n", uid, uid);
  snprintf (gid_map, sizeof gid_map, "%u %u 1\n", gid, gid);
  if (put ("/proc/self/setgroups", "deny") && put ("/proc/self/uid_map", uid_map) &&
      put ("/proc/self/gid_map", gid_map))
    return true;
  return refuse (why, size, "the user cannot be mapped into a user namespace");
}

/* Without a user namespace where we may: in one, sudo and the like do not work. */
static bool
unshare_all (bool *ret_user, char *why, size_t size)
{
  unsigned uid = geteuid (), gid = getegid ();

  *ret_user = false;
  if (unshare (CLONE_NEWPID | CLONE_NEWNS) == 0)
    return true;
  if (errno != EPERM)
    return refuse (why, size, "a PID namespace cannot be made");
  *ret_user = true;
  if (unshare (CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS) < 0)
    return refuse (why, size, "a user namespace, which an ordinary user needs for a PID namespace, cannot be made");
  return map_user (uid, gid, why, size);
}

/* Ends as CHILD ends. It has nothing open that the child's peers could wait for. */
static _Noreturn void
wait_and_end (pid_t child)
{
  const struct rlimit none = { 0, 0 };
  int status = 0;
  sigset_t all;

  sigfillset (&all);
  sigprocmask (SIG_SETMASK, &all, NULL);
  close (3);
  while (waitpid (child, &status, 0) < 0 && errno == EINTR)
    continue;
  if (WIFEXITED (status))
    _exit (WEXITSTATUS (status));
  sigemptyset (&all);
  sigprocmask (SIG_SETMASK, &all, NULL);
  setrlimit (RLIMIT_CORE, &none);
  signal (WTERMSIG (status), SIG_DFL);
  raise (WTERMSIG (status));
  _exit (1);
}

/* The one outside holds the other end of ALIVE and writes nothing: its end closes when it dies, which may have been
 * before the kernel knew that we want to die with it. */
static void
die_with_parent (int alive)
{
  struct pollfd end = { .fd = alive, .events = POLLIN };

  prctl (PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  if (poll (&end, 1, 0) != 0)
    _exit (1);
}

/* Told by the child, read by the one outside: nothing when all went well. */
static bool
hear (int fd, char *why, size_t size)
{
  size_t used = 0;
  ssize_t n;

  while (used < size - 1 && (n = read (fd, why + used, size - 1 - used)) > 0)
    used += (size_t)n;
  why[used] = '\0';
  return used == 0;
}

static void
become_init (const int alive[2], const int told[2], char *why, size_t size)
{
  close (alive[1]);
  close (told[0]);
  die_with_parent (alive[0]);
  if (mount ("proc", "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL) < 0) {
    refuse (why, size, "its own /proc cannot be mounted");
    _exit (write (told[1], why, strlen (why)) > 0 ? 2 : 3);
  }
  close (told[1]);
}

bool
srt_namespace_enter (bool *ret_user, char *why, size_t size)
{
  int alive[2], told[2];
  pid_t child;

  if (!unshare_all (ret_user, why, size))
    return false;
  if (mount (NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0)
    return refuse (why, size, "mounts cannot be kept apart");
  if (pipe2 (alive, O_CLOEXEC) < 0 || pipe2 (told, O_CLOEXEC) < 0)
    return refuse (why, size, "no pipe can be made");
  child = fork ();
  if (child < 0)
    return refuse (why, size, "its init cannot be started");
  if (child == 0) {
    become_init (alive, told, why, size);
    return true;
  }
  close (alive[0]);
  close (told[1]);
  if (hear (told[0], why, size))
    wait_and_end (child);
  waitpid (child, NULL, 0);
  return false;
}
