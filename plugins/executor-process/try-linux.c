/* SPDX-License-Identifier: MIT
 * The one place in this plugin that waits for a process: it tries and ends, or is ended by its own alarm. */
#include "try.h"
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

const char *
try_subreaper (void)
{
  return NULL;
}

static void
read_reason (int fd, char *why, size_t size)
{
  size_t used = 0;
  ssize_t n;

  while (used < size - 1 && (n = read (fd, why + used, size - 1 - used)) > 0)
    used += (size_t)n;
  why[used] = '\0';
  why[strcspn (why, "\n")] = '\0';
}

static int
start (const char *agent, int out, pid_t *ret_pid)
{
  char *argv[] = { (char *)agent, (char *)"--try=namespace", NULL };
  posix_spawn_file_actions_t actions;
  int error = posix_spawn_file_actions_init (&actions);

  if (error != 0)
    return error;
  posix_spawn_file_actions_adddup2 (&actions, out, STDOUT_FILENO);
  error = posix_spawn (ret_pid, agent, &actions, NULL, argv, environ);
  posix_spawn_file_actions_destroy (&actions);
  return error;
}

bool
try_namespace (const char *agent, char *why, size_t size)
{
  int fds[2], status = 0, error;
  pid_t pid;

  if (pipe2 (fds, O_CLOEXEC) < 0) {
    snprintf (why, size, "it cannot be tried: %s", strerror (errno));
    return false;
  }
  error = start (agent, fds[1], &pid);
  close (fds[1]);
  if (error == 0) {
    read_reason (fds[0], why, size);
    while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
      continue;
  }
  close (fds[0]);
  if (error == 0 && WIFEXITED (status) && WEXITSTATUS (status) == 0)
    return true;
  if (error != 0 || why[0] == '\0')
    snprintf (why, size, "it cannot be tried: %s", error ? strerror (error) : "srt-agent died of it");
  return false;
}
