/* SPDX-License-Identifier: MIT */
#include "host/loop.h"
#include "host/children.h"
#include "host/loop-os.h"
#include <signal.h>
#include <string.h>

/* So many ended children at once, then the rest of the loop has its turn: a fork bomb's zombies must not keep us from
 * killing it. */
enum { REAP_BATCH = 256, SIGNAL_BATCH = 16 };
static const guint64 LAST_WAIT_NS = 2000000000u;

struct SrtLoop {
  GMainContext *context;
  SrtSources *sources;
  SrtScope *scope; /* the loop's own sources */
  SrtSignals *signals;
  srt_source *reap_again;
  SrtChildren *children;
  SrtSignalFn signal_fn;
  gpointer signal_data;
  gboolean turning, deaf;
};

static void
reap (void *data)
{
  SrtLoop *loop = data;
  if (srt_children_reap (loop->children, REAP_BATCH))
    srt_source_set_timer (loop->reap_again, 0);
}

static void
signals_came (void *data, int fd, guint32 events)
{
  SrtLoop *loop = data;
  int numbers[SIGNAL_BATCH];
  gboolean children = FALSE;
  guint n = srt_signals_read (loop->signals, numbers, SIGNAL_BATCH);
  for (guint i = 0; i < n; i++) {
    if (numbers[i] == SIGCHLD)
      children = TRUE;
    else if (loop->signal_fn != NULL)
      loop->signal_fn (loop->signal_data, numbers[i]);
  }
  if (children)
    reap (loop);
}

/* The signals to watch: all but those that are ignored, which nohup and friends want to stay so. */
static guint
choose_signals (int *ret_numbers)
{
  static const int all[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE, SIGTSTP, SIGCONT, SIGWINCH };
  guint n = 0;
  ret_numbers[n++] = SIGCHLD;
  for (guint i = 0; i < G_N_ELEMENTS (all); i++) {
    struct sigaction now;
    if (sigaction (all[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
      ret_numbers[n++] = all[i];
  }
  return n;
}

/* An ignored SIGCHLD, which a parent may have left us, would have the kernel reap our children unseen. */
static void
reset_sigchld (void)
{
  struct sigaction action = { .sa_handler = SIG_DFL, .sa_flags = SA_NOCLDSTOP };
  sigemptyset (&action.sa_mask);
  sigaction (SIGCHLD, &action, NULL);
}

SrtLoop *
srt_loop_new (GError **error)
{
  int numbers[SIGNAL_BATCH];
  reset_sigchld ();
  guint n = choose_signals (numbers);
  SrtSignals *signals = srt_signals_new (numbers, n, error);
  if (signals == NULL)
    return NULL;
  SrtLoop *loop = g_new0 (SrtLoop, 1);
  loop->signals = signals;
  loop->context = g_main_context_new ();
  loop->sources = srt_sources_new (loop->context);
  loop->scope = srt_scope_new (loop->sources);
  loop->children = srt_children_new ();
  loop->reap_again = srt_source_add_timer (loop->scope, SRT_NEVER, reap, loop);
  srt_source_add_fd (loop->scope, srt_signals_fd (signals), SRT_FD_READ, signals_came, loop);
  srt_os_become_subreaper ();
  return loop;
}

void
srt_loop_free (SrtLoop *loop)
{
  if (loop == NULL)
    return;
  guint64 until = srt_loop_now_ns () + LAST_WAIT_NS;
  for (guint64 now = srt_loop_now_ns (); srt_children_running (loop->children) > 0 && now < until;
       now = srt_loop_now_ns ())
    srt_loop_turn (loop, until - now);
  srt_scope_free (loop->scope);
  srt_children_free (loop->children);
  srt_sources_free (loop->sources);
  g_main_context_unref (loop->context);
  if (loop->deaf)
    srt_signals_free_deaf (loop->signals);
  else
    srt_signals_free (loop->signals);
  g_free (loop);
}

void
srt_loop_go_deaf (SrtLoop *loop)
{
  loop->deaf = TRUE;
  loop->signal_fn = NULL;
}

GMainContext *
srt_loop_context (SrtLoop *loop)
{
  return loop->context;
}

SrtSources *
srt_loop_sources (SrtLoop *loop)
{
  return loop->sources;
}

void
srt_loop_on_signal (SrtLoop *loop, SrtSignalFn fn, gpointer data)
{
  loop->signal_fn = fn;
  loop->signal_data = data;
}

void
srt_loop_run (SrtLoop *loop, const gboolean *stop)
{
  while (!*stop)
    srt_loop_turn (loop, SRT_NEVER);
}

void
srt_loop_turn (SrtLoop *loop, guint64 wait_ns)
{
  g_assert (!loop->turning);
  loop->turning = TRUE;
  guint64 now = srt_loop_now_ns ();
  srt_sources_bound (loop->sources, wait_ns >= SRT_NEVER - now ? SRT_NEVER : now + wait_ns);
  g_main_context_iteration (loop->context, wait_ns > 0);
  loop->turning = FALSE;
}

srt_helper *
srt_loop_spawn (SrtLoop *loop, gpointer owner, const srt_spawn *spawn, srt_helper_fn fn, void *data,
                int32_t *ret_status, GError **error)
{
  srt_spawn known = { 0 }; /* a caller that was built with an older header has fewer fields */
  memcpy (&known, spawn, MIN (spawn->size, sizeof known));
  return srt_children_spawn (loop->children, owner, &known, fn, data, ret_status, error);
}

int32_t
srt_loop_kill (srt_helper *helper, int signal_number)
{
  return srt_children_kill (helper, signal_number);
}

gint64
srt_loop_pid (const srt_helper *helper)
{
  return srt_children_pid (helper);
}

guint
srt_loop_drop_owner (SrtLoop *loop, gpointer owner)
{
  return srt_children_drop_owner (loop->children, owner);
}

guint
srt_loop_strays (const SrtLoop *loop)
{
  return srt_children_strays (loop->children);
}

guint
srt_loop_kill_strays (SrtLoop *loop)
{
  return srt_children_kill_strays (loop->children, srt_loop_now_ns () + LAST_WAIT_NS);
}

guint64
srt_loop_now_ns (void)
{
  return srt_sources_now_ns ();
}
