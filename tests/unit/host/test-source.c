/* SPDX-License-Identifier: MIT
 * Descriptors, timers and posts on a context of the test's own. */
#include "host/source.h"
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

enum { N_THREADS = 4, N_POSTS = 1000 };

typedef struct {
  GMainContext *context;
  SrtSources *sources;
  SrtScope *scope;
  GString *seen;
  srt_source *a, *b;
  int fds[2], more[2]; /* two pipes */
} Fixture;

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->context = g_main_context_new ();
  f->sources = srt_sources_new (f->context);
  f->scope = srt_scope_new (f->sources);
  f->seen = g_string_new (NULL);
  g_assert_cmpint (pipe (f->fds), ==, 0);
  g_assert_cmpint (pipe (f->more), ==, 0);
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  if (f->scope != NULL)
    srt_scope_free (f->scope);
  srt_sources_free (f->sources);
  g_main_context_unref (f->context);
  g_string_free (f->seen, TRUE);
  for (int i = 0; i < 2; i++) {
    close (f->fds[i]);
    close (f->more[i]);
  }
}

static void
turn (Fixture *f)
{
  g_main_context_iteration (f->context, FALSE);
}

static void
turn_until_seen (Fixture *f, gsize length)
{
  while (f->seen->len < length)
    g_main_context_iteration (f->context, TRUE);
}

/* ---- descriptors ---- */

static void
see_fd (void *data, int fd, guint32 events)
{
  Fixture *f = data;
  g_string_append_printf (f->seen, "%s%s%s%s%s ", events & SRT_FD_PRIORITY ? "p" : "", events & SRT_FD_READ ? "r" : "",
                          events & SRT_FD_WRITE ? "w" : "", events & SRT_FD_HANGUP ? "h" : "",
                          events & SRT_FD_ERROR ? "e" : "");
}

static void
test_fd_events (Fixture *f, gconstpointer unused)
{
  f->a = srt_source_add_fd (f->scope, f->fds[0], SRT_FD_READ, see_fd, f);
  f->b = srt_source_add_fd (f->scope, f->fds[1], 0, see_fd, f);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "");
  srt_source_modify_fd (f->b, SRT_FD_WRITE);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "w ");
  srt_source_modify_fd (f->b, 0);
  g_assert_cmpint (write (f->fds[1], "x", 1), ==, 1);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "w r ");
  srt_source_remove (f->b);
  close (f->fds[1]);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "w r rh ");
  srt_source_modify_fd (f->a, 0);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "w r rh h ");
  f->fds[1] = dup (0);
}

/* A terminal in packet mode has urgent news until they are read. */
static void
test_fd_priority (Fixture *f, gconstpointer unused)
{
  int master = posix_openpt (O_RDWR | O_NOCTTY | O_CLOEXEC), on = 1;
  char news;
  g_assert_cmpint (master, >=, 0);
  g_assert_cmpint (grantpt (master) | unlockpt (master), ==, 0);
  int slave = open (ptsname (master), O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (slave, >=, 0);
  g_assert_cmpint (ioctl (master, TIOCPKT, &on), ==, 0);
  f->a = srt_source_add_fd (f->scope, master, SRT_FD_PRIORITY, see_fd, f);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "");
  g_assert_cmpint (tcflush (slave, TCIOFLUSH), ==, 0);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "p ");
  g_assert_cmpint (read (master, &news, 1), ==, 1);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "p ");
  srt_source_remove (f->a);
  close (slave);
  close (master);
}

/* A plugin that closes a watched descriptor must not make the loop spin. */
static void
test_closed_fd (Fixture *f, gconstpointer unused)
{
  f->a = srt_source_add_fd (f->scope, f->fds[0], SRT_FD_READ, see_fd, f);
  close (f->fds[0]);
  turn (f);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "e ");
  srt_source_remove (f->a);
  f->fds[0] = dup (0);
}

static void
remove_both (void *data, int fd, guint32 events)
{
  Fixture *f = data;
  g_string_append (f->seen, "x ");
  srt_source_remove (f->a);
  srt_source_remove (f->b);
}

static void
remove_both_timer (void *data)
{
  remove_both (data, -1, 0);
}

static void
test_remove_in_callback (Fixture *f, gconstpointer unused)
{
  f->a = srt_source_add_fd (f->scope, f->fds[1], SRT_FD_WRITE, remove_both, f);
  f->b = srt_source_add_fd (f->scope, f->more[1], SRT_FD_WRITE, remove_both, f);
  turn (f);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "x ");
  f->a = srt_source_add_timer (f->scope, 0, remove_both_timer, f);
  f->b = srt_source_add_timer (f->scope, 0, remove_both_timer, f);
  turn (f);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "x x ");
  g_assert_cmpuint (srt_scope_free (f->scope), ==, 0);
  f->scope = NULL;
}

static void
quiet_b (void *data, int fd, guint32 events)
{
  Fixture *f = data;
  g_string_append (f->seen, "a ");
  srt_source_modify_fd (f->b, 0);
}

/* What was ready when the turn began, but is no longer wanted. */
static void
test_modify_in_callback (Fixture *f, gconstpointer unused)
{
  f->a = srt_source_add_fd (f->scope, f->fds[1], SRT_FD_WRITE, quiet_b, f);
  f->b = srt_source_add_fd (f->scope, f->more[1], SRT_FD_WRITE, see_fd, f);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "a ");
}

static void
replace_a (void *data, int fd, guint32 events)
{
  Fixture *f = data;
  g_string_append (f->seen, "old ");
  srt_source_remove (f->a);
  f->a = srt_source_add_fd (f->scope, fd, SRT_FD_WRITE, see_fd, f);
}

/* The new one has its first call in the next turn. */
static void
test_add_in_callback (Fixture *f, gconstpointer unused)
{
  f->a = srt_source_add_fd (f->scope, f->fds[1], SRT_FD_WRITE, replace_a, f);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "old ");
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "old w ");
}

static gboolean
remove_a (gpointer data)
{
  Fixture *f = data;
  srt_source_remove (f->a);
  return G_SOURCE_REMOVE;
}

/* By another source of the same context that runs between our look and our calls. */
static void
test_remove_from_outside (Fixture *f, gconstpointer unused)
{
  g_autoptr (GSource) idle = g_idle_source_new ();
  g_source_set_priority (idle, G_PRIORITY_DEFAULT);
  g_source_set_callback (idle, remove_a, f, NULL);
  f->a = srt_source_add_fd (f->scope, f->fds[1], SRT_FD_WRITE, see_fd, f);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "w ");
  /* Dispatched before ours, as GLib puts what is older first and ours is made anew here. */
  srt_scope_free (f->scope);
  srt_sources_free (f->sources);
  g_source_attach (idle, f->context);
  f->sources = srt_sources_new (f->context);
  f->scope = srt_scope_new (f->sources);
  f->a = srt_source_add_fd (f->scope, f->fds[1], SRT_FD_WRITE, see_fd, f);
  turn (f);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "w ");
}

/* ---- timers ---- */

typedef struct {
  Fixture *f;
  char word;
  srt_source *source;
} Timer;

static void
see_timer (void *data)
{
  Timer *timer = data;
  g_string_append_c (timer->f->seen, timer->word);
}

static void
test_timer_order (Fixture *f, gconstpointer unused)
{
  static const guint64 after[] = { 3000000, 1000000, 0, 0, 2000000, SRT_NEVER, SRT_NEVER - 1 };
  Timer timers[G_N_ELEMENTS (after)];
  for (guint i = 0; i < G_N_ELEMENTS (after); i++) {
    timers[i] = (Timer){ f, (char)('a' + i), NULL };
    timers[i].source = srt_source_add_timer (f->scope, after[i], see_timer, &timers[i]);
  }
  g_assert_cmpstr (f->seen->str, ==, "");
  turn_until_seen (f, 5);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "cdbea");
  g_assert_cmpuint (srt_scope_free (f->scope), ==, G_N_ELEMENTS (after));
  f->scope = NULL;
}

static void
see_and_arm (void *data)
{
  see_timer (data);
  srt_source_set_timer (((Timer *)data)->source, 0);
}

/* One-shot; can be armed again, in its own callback too, and runs at most once a turn. */
static void
test_timer_again (Fixture *f, gconstpointer unused)
{
  Timer once = { f, 'o', NULL }, again = { f, 'a', NULL };
  once.source = srt_source_add_timer (f->scope, 0, see_timer, &once);
  turn (f);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "o");
  srt_source_set_timer (once.source, 0);
  turn (f);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "oo");
  again.source = srt_source_add_timer (f->scope, SRT_NEVER, see_and_arm, &again);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "oo");
  srt_source_set_timer (again.source, 0);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "ooa");
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "ooaa");
}

static void
disarm_b (void *data)
{
  Timer *timer = data;
  see_timer (timer);
  srt_source_set_timer (timer->f->b, SRT_NEVER);
}

static void
test_disarm_in_callback (Fixture *f, gconstpointer unused)
{
  Timer first = { f, '1', NULL }, second = { f, '2', NULL };
  f->a = srt_source_add_timer (f->scope, 0, disarm_b, &first);
  f->b = srt_source_add_timer (f->scope, 0, see_timer, &second);
  turn (f);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "1");
}

/* The same timer, armed and due, then armed for later by another of the same turn. */
static void
arm_b_later (void *data)
{
  Timer *timer = data;
  see_timer (timer);
  srt_source_set_timer (timer->f->b, SRT_NEVER - 1);
}

static void
test_rearm_in_callback (Fixture *f, gconstpointer unused)
{
  Timer first = { f, '1', NULL }, second = { f, '2', NULL };
  f->a = srt_source_add_timer (f->scope, 0, arm_b_later, &first);
  f->b = srt_source_add_timer (f->scope, 0, see_timer, &second);
  turn (f);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "1");
}

/* ---- posts ---- */

typedef struct {
  Fixture *f;
  guint thread, number;
} Post;

typedef struct {
  Fixture *f;
  Post posts[N_THREADS][N_POSTS];
  guint next[N_THREADS]; /* expected number */
  guint all;
} Posts;

static Posts *
posts_of (const Post *post)
{
  const Post *first = post - post->thread * N_POSTS - post->number;
  return (Posts *)((char *)first - offsetof (Posts, posts));
}

static void
see_post (void *data)
{
  Post *post = data;
  Posts *posts = posts_of (post);
  g_assert_cmpuint (post->number, ==, posts->next[post->thread]);
  posts->next[post->thread]++;
  posts->all++;
}

static gpointer
post_many (gpointer data)
{
  Post *posts = data;
  for (guint i = 0; i < N_POSTS; i++)
    g_assert_true (srt_scope_post (posts[i].f->scope, see_post, &posts[i]));
  return NULL;
}

static void
test_post_threads (Fixture *f, gconstpointer unused)
{
  g_autofree Posts *posts = g_new0 (Posts, 1);
  GThread *threads[N_THREADS];
  for (guint t = 0; t < N_THREADS; t++)
    for (guint i = 0; i < N_POSTS; i++)
      posts->posts[t][i] = (Post){ f, t, i };
  for (guint t = 0; t < N_THREADS; t++)
    threads[t] = g_thread_new ("post", post_many, posts->posts[t]);
  while (posts->all < N_THREADS * N_POSTS)
    g_main_context_iteration (f->context, TRUE);
  for (guint t = 0; t < N_THREADS; t++)
    g_thread_join (threads[t]);
}

static void
see_word (void *data)
{
  see_timer (data);
}

static void
post_again (void *data)
{
  Timer *timer = data;
  see_timer (timer);
  srt_scope_post (timer->f->scope, post_again, timer);
}

/* A post that posts itself lets the others have their turn. */
static void
test_post_fair (Fixture *f, gconstpointer unused)
{
  Timer again = { f, 'p', NULL };
  f->a = srt_source_add_fd (f->scope, f->fds[1], SRT_FD_WRITE, see_fd, f);
  srt_scope_post (f->scope, post_again, &again);
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "pw ");
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "pw pw ");
}

static void
test_post_close (Fixture *f, gconstpointer unused)
{
  SrtScope *other = srt_scope_new (f->sources);
  Timer mine = { f, 'm', NULL }, others = { f, 'o', NULL }, late = { f, 'l', NULL };
  srt_scope_post (f->scope, see_word, &mine);
  srt_scope_post (other, see_word, &others);
  srt_scope_post (f->scope, post_again, &late);
  g_assert_cmpstr (f->seen->str, ==, "");
  srt_scope_close (f->scope);
  g_assert_cmpstr (f->seen->str, ==, "ml"); /* in order, and what it posted itself was refused */
  g_assert_false (srt_scope_post (f->scope, see_word, &late));
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "mlo");
  srt_scope_post (other, see_word, &others);
  srt_scope_free (other); /* not closed: thrown away */
  turn (f);
  g_assert_cmpstr (f->seen->str, ==, "mlo");
}

#define ADD(NAME, TEST) g_test_add ("/source/" NAME, Fixture, NULL, set_up, TEST, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("fd/events", test_fd_events);
  ADD ("fd/priority", test_fd_priority);
  ADD ("fd/closed", test_closed_fd);
  ADD ("fd/remove-in-callback", test_remove_in_callback);
  ADD ("fd/modify-in-callback", test_modify_in_callback);
  ADD ("fd/add-in-callback", test_add_in_callback);
  ADD ("fd/remove-from-outside", test_remove_from_outside);
  ADD ("timer/order", test_timer_order);
  ADD ("timer/again", test_timer_again);
  ADD ("timer/disarm-in-callback", test_disarm_in_callback);
  ADD ("timer/rearm-in-callback", test_rearm_in_callback);
  ADD ("post/threads", test_post_threads);
  ADD ("post/fair", test_post_fair);
  ADD ("post/close", test_post_close);
  return g_test_run ();
}
