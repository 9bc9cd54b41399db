/* SPDX-License-Identifier: MIT
 * posix_spawn shares the memory until exec (as vfork does), so a grown process starts a helper as fast as a small one,
 * and it reports the true errno of a failed exec. */
#include "host/process.h"
#include "base/error.h"
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MAX_TARGET = 255, MAX_MAPS = 64 };

/* The maps, with every FD moved above all targets, so that no dup2 overwrites one that is still needed. */
typedef struct {
  guint n;
  int top; /* the largest target, at least 2 */
  int moved[MAX_MAPS];
  int target[MAX_MAPS];
} Maps;

static int32_t
status_of_errno (int number)
{
  switch (number) {
  case ENOENT:
  case ENOTDIR:
    return SRT_E_NOT_FOUND;
  case EACCES:
  case EPERM:
    return SRT_E_DENIED;
  case ENOMEM:
    return SRT_E_NO_MEMORY;
  default:
    return SRT_E_FAILED;
  }
}

static void
maps_clear (Maps *maps)
{
  for (guint i = 0; i < maps->n; i++)
    close (maps->moved[i]);
  maps->n = 0;
}

static gboolean
maps_has (const Maps *maps, int target)
{
  for (guint i = 0; i < maps->n; i++)
    if (maps->target[i] == target)
      return TRUE;
  return FALSE;
}

static const char *
check_request (const srt_spawn *spawn)
{
  if (spawn->argv == NULL || spawn->argv[0] == NULL || spawn->argv[0][0] == '\0')
    return "argv is empty";
  if (strchr (spawn->argv[0], '/') != NULL && spawn->argv[0][0] != '/')
    return "argv[0] must be an absolute path, or a name without '/' that is looked up in PATH";
  if (spawn->n_fds > MAX_MAPS || (spawn->n_fds > 0 && spawn->fds == NULL))
    return "at most 64 descriptors can be handed over";
  for (guint i = 0; i < spawn->n_fds; i++) {
    if (spawn->fds[i].target < 0 || spawn->fds[i].target > MAX_TARGET)
      return "targets of descriptors are 0 to 255";
    for (guint j = 0; j < i; j++)
      if (spawn->fds[j].target == spawn->fds[i].target)
        return "two descriptors have the same target";
  }
  return NULL;
}

/* 0, or an errno value. */
static int
maps_fill (Maps *maps, const srt_spawn *spawn)
{
  maps->top = 2;
  for (guint i = 0; i < spawn->n_fds; i++)
    maps->top = MAX (maps->top, spawn->fds[i].target);
  for (guint i = 0; i < spawn->n_fds; i++) {
    maps->moved[i] = fcntl (spawn->fds[i].fd, F_DUPFD_CLOEXEC, maps->top + 1);
    if (maps->moved[i] < 0)
      return errno;
    maps->target[i] = spawn->fds[i].target;
    maps->n = i + 1;
  }
  return 0;
}

/* Everything of ours is close-on-exec. These closes are for what srt itself inherited, or a library opened without. */
static int
add_closes (posix_spawn_file_actions_t *actions, const Maps *maps)
{
  int failed = 0;
  for (int fd = 3; fd < maps->top && failed == 0; fd++)
    if (!maps_has (maps, fd))
      failed = posix_spawn_file_actions_addclose (actions, fd);
#ifdef HAVE_SPAWN_CLOSEFROM
  if (failed == 0)
    failed = posix_spawn_file_actions_addclosefrom_np (actions, maps->top + 1);
#endif
  return failed;
}

static int
fill_actions (posix_spawn_file_actions_t *actions, const Maps *maps, const char *cwd)
{
  int failed = 0;
  for (guint i = 0; i < maps->n && failed == 0; i++)
    failed = posix_spawn_file_actions_adddup2 (actions, maps->moved[i], maps->target[i]);
  for (int fd = 0; fd <= 1 && failed == 0; fd++)
    if (!maps_has (maps, fd))
      failed = posix_spawn_file_actions_addopen (actions, fd, "/dev/null", O_RDWR, 0);
  if (failed == 0)
    failed = add_closes (actions, maps);
  if (failed == 0 && cwd != NULL)
    failed = posix_spawn_file_actions_addchdir_np (actions, cwd);
  return failed;
}

static int
fill_attributes (posix_spawnattr_t *attributes, const srt_spawn *spawn)
{
  short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF;
  if (spawn->flags & SRT_SPAWN_SESSION)
    flags |= POSIX_SPAWN_SETSID;
  sigset_t none, all;
  sigemptyset (&none);
  sigfillset (&all);
  int failed = posix_spawnattr_setflags (attributes, flags);
  if (failed == 0)
    failed = posix_spawnattr_setsigmask (attributes, &none);
  if (failed == 0)
    failed = posix_spawnattr_setsigdefault (attributes, &all);
  return failed;
}

/* 0, or an errno value. */
static int
start (const char *program, const srt_spawn *spawn, const Maps *maps, pid_t *ret_pid)
{
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  char *const *env = spawn->env != NULL ? (char *const *)spawn->env : environ;
  int failed = posix_spawn_file_actions_init (&actions);
  if (failed != 0)
    return failed;
  failed = posix_spawnattr_init (&attributes);
  if (failed == 0) {
    failed = fill_actions (&actions, maps, spawn->cwd);
    if (failed == 0)
      failed = fill_attributes (&attributes, spawn);
    if (failed == 0)
      failed = posix_spawn (ret_pid, program, &actions, &attributes, (char *const *)spawn->argv, env);
    posix_spawnattr_destroy (&attributes);
  }
  posix_spawn_file_actions_destroy (&actions);
  return failed;
}

static void
set_start_error (const srt_spawn *spawn, int number, int32_t *ret_status, GError **error)
{
  struct stat info;
  *ret_status = status_of_errno (number);
  /* The one error number does not say which step failed; a missing folder would look like a missing program. */
  if (spawn->cwd != NULL && (stat (spawn->cwd, &info) != 0 || !S_ISDIR (info.st_mode)))
    g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "cannot start \"%s\" in the folder \"%s\": %s", spawn->argv[0],
                 spawn->cwd, g_strerror (number));
  else
    g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "cannot start \"%s\": %s", spawn->argv[0], g_strerror (number));
}

pid_t
srt_process_spawn (const srt_spawn *spawn, int32_t *ret_status, GError **error)
{
  const char *wrong = check_request (spawn);
  if (wrong != NULL) {
    *ret_status = SRT_E_INVALID;
    g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "cannot start a helper: %s", wrong);
    return -1;
  }
  /* Not left to posix_spawnp, which says "permission denied" of a program that is nowhere when one folder of PATH
   * cannot be read. */
  const char *name = spawn->argv[0];
  g_autofree char *program = name[0] == '/' ? g_strdup (name) : g_find_program_in_path (name);
  if (program == NULL) {
    *ret_status = SRT_E_NOT_FOUND;
    g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "cannot start \"%s\": there is no such program in PATH", name);
    return -1;
  }
  Maps maps = { 0 };
  pid_t pid = -1;
  int failed = maps_fill (&maps, spawn);
  if (failed == 0)
    failed = start (program, spawn, &maps, &pid);
  maps_clear (&maps);
  if (failed != 0) {
    set_start_error (spawn, failed, ret_status, error);
    return -1;
  }
  return pid;
}
