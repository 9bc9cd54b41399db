/* SPDX-License-Identifier: MIT */
#include "host/children.h"
#include "host/loop-os.h"
#include "host/process.h"
#include "host/source.h"
#include <errno.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STRAY_BATCH = 256 };

struct SrtChildren {
  GHashTable *by_pid; /* pid → srt_helper, all that are not reaped */
  guint strays;
  gboolean may_have_others; /* children that are neither helpers nor what helpers left */
};

struct srt_helper {
  gpointer owner;
  srt_helper_fn fn; /* NULL: nobody asks, or dropped */
  void *data;
  pid_t pid;
  int pidfd; /* -1: the system has none */
  gboolean reaped;
  gboolean killed; /* by SIGKILL from its owner, who has done what could be done */
};

static void
helper_free (srt_helper *helper)
{
  if (helper->pidfd >= 0)
    close (helper->pidfd);
  g_free (helper);
}

static gboolean
has_children (void)
{
  siginfo_t info;
  return waitid (P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

SrtChildren *
srt_children_new (void)
{
  SrtChildren *children = g_new0 (SrtChildren, 1);
  children->by_pid = g_hash_table_new (NULL, NULL);
  children->may_have_others = has_children () || getpid () == 1;
  return children;
}

void
srt_children_free (SrtChildren *children)
{
  if (children == NULL)
    return;
  GHashTableIter iter;
  gpointer helper;
  g_hash_table_iter_init (&iter, children->by_pid);
  while (g_hash_table_iter_next (&iter, NULL, &helper))
    helper_free (helper);
  g_hash_table_unref (children->by_pid);
  g_free (children);
}

srt_helper *
srt_children_spawn (SrtChildren *children, gpointer owner, const srt_spawn *spawn, srt_helper_fn fn, void *data,
                    int32_t *ret_status, GError **error)
{
  pid_t pid = srt_process_spawn (spawn, ret_status, error);
  if (pid < 0)
    return NULL;
  srt_helper *helper = g_new0 (srt_helper, 1);
  helper->owner = owner;
  helper->fn = fn;
  helper->data = data;
  helper->pid = pid;
  helper->pidfd = srt_os_pidfd_open (pid);
  g_hash_table_insert (children->by_pid, GINT_TO_POINTER (pid), helper);
  return helper;
}

int32_t
srt_children_kill (srt_helper *helper, int signal_number)
{
  helper->killed = helper->killed || signal_number == SIGKILL;
  if (helper->reaped)
    return SRT_E_NOT_FOUND;
  switch (srt_os_kill (helper->pidfd, helper->pid, signal_number)) {
  case 0:
    return SRT_OK;
  case ESRCH: /* it has ended; that will be told soon */
    return SRT_E_NOT_FOUND;
  case EPERM: /* a helper that changed its user */
    return SRT_E_DENIED;
  case EINVAL:
    return SRT_E_INVALID;
  default:
    return SRT_E_FAILED;
  }
}

gint64
srt_children_pid (const srt_helper *helper)
{
  return helper->pid;
}

guint
srt_children_drop_owner (SrtChildren *children, gpointer owner)
{
  GHashTableIter iter;
  gpointer value;
  guint dropped = 0;
  g_hash_table_iter_init (&iter, children->by_pid);
  while (g_hash_table_iter_next (&iter, NULL, &value)) {
    srt_helper *helper = value;
    if (helper->owner != owner)
      continue;
    dropped += !helper->killed;
    srt_children_kill (helper, SIGKILL);
    helper->owner = NULL;
    helper->fn = NULL;
  }
  return dropped;
}

guint
srt_children_running (const SrtChildren *children)
{
  return g_hash_table_size (children->by_pid);
}

guint
srt_children_strays (const SrtChildren *children)
{
  return children->strays;
}

/* Nobody but us reaps, so PID is that child until we do. FALSE: it did not end in time. */
static gboolean
kill_stray (SrtChildren *children, pid_t pid, guint64 until_ns)
{
  int status;
  kill (pid, SIGKILL);
  while (waitpid (pid, &status, WNOHANG) == 0) {
    if (srt_sources_now_ns () >= until_ns)
      return FALSE;
    g_usleep (500);
  }
  children->strays++;
  return TRUE;
}

/* One look at our children. FALSE: none of them was a stray, or time is up. */
static gboolean
kill_round (SrtChildren *children, guint64 until_ns, guint *killed)
{
  pid_t pids[STRAY_BATCH];
  guint before = *killed;
  guint n = srt_os_children (pids, STRAY_BATCH);
  for (guint i = 0; i < n; i++)
    if (!g_hash_table_contains (children->by_pid, GINT_TO_POINTER (pids[i])))
      kill (pids[i], SIGKILL);
  for (guint i = 0; i < n; i++)
    if (!g_hash_table_contains (children->by_pid, GINT_TO_POINTER (pids[i])))
      *killed += kill_stray (children, pids[i], until_ns);
  return *killed > before && srt_sources_now_ns () < until_ns;
}

guint
srt_children_kill_strays (SrtChildren *children, guint64 until_ns)
{
  guint killed = 0;
  if (children->may_have_others || !has_children ())
    return 0;
  while (kill_round (children, until_ns, &killed))
    continue;
  return killed;
}

static void
reaped (SrtChildren *children, pid_t pid, int status)
{
  srt_helper *helper = g_hash_table_lookup (children->by_pid, GINT_TO_POINTER (pid));
  if (helper == NULL) {
    children->strays++;
    return;
  }
  /* Out of the table first: the function may spawn, and the kernel may give the same pid again. */
  g_hash_table_remove (children->by_pid, GINT_TO_POINTER (pid));
  helper->reaped = TRUE;
  if (helper->fn != NULL)
    helper->fn (helper->data, helper, status);
  helper_free (helper);
}

gboolean
srt_children_reap (SrtChildren *children, guint max)
{
  for (guint i = 0; i < max; i++) {
    int status;
    pid_t pid = waitpid (-1, &status, WNOHANG);
    if (pid <= 0)
      return FALSE;
    reaped (children, pid, status);
  }
  return TRUE;
}
