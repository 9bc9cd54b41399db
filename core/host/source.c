/* SPDX-License-Identifier: MIT */
#include "host/source.h"
#include <time.h>

typedef struct {
  SrtScope *scope;
  srt_post_fn fn;
  void *data;
} Post;

/* The one GSource. */
typedef struct {
  GSource source;
  SrtSources *sources;
} Hub;

struct SrtSources {
  GMainContext *context;
  Hub *hub;
  GQueue fds;       /* of srt_source: watched descriptors */
  GQueue timers;    /* of srt_source: armed timers, the next one first */
  GPtrArray *ready; /* of srt_source: what this turn runs */
  GPtrArray *dead;  /* of srt_source: removed while a turn runs, freed at its end */
  gboolean dispatching;
  guint64 bound_ns;
  GMutex lock;  /* guards posts, n_posts and SrtScope.closed */
  GQueue posts; /* of Post */
  gint n_posts; /* its length, also read without the lock */
  guint n_scopes;
};

struct SrtScope {
  SrtSources *sources;
  GQueue all; /* of srt_source */
  gboolean closed;
};

struct srt_source {
  SrtScope *scope;
  SrtSources *sources;
  GList in_scope; /* links without allocation: data is the source itself */
  GList in_watch; /* in sources->fds or sources->timers */
  void *data;
  gboolean is_timer;
  gboolean removed;
  gboolean ready; /* this turn is to call it */
  /* descriptor */
  srt_fd_fn fd_fn;
  GPollFD poll;
  gboolean watched;
  /* timer */
  srt_timer_fn timer_fn;
  guint64 when_ns; /* SRT_NEVER: not armed */
};

guint64
srt_sources_now_ns (void)
{
  struct timespec now;
  clock_gettime (CLOCK_MONOTONIC, &now);
  return (guint64)now.tv_sec * 1000000000u + (guint64)now.tv_nsec;
}

/* ---- timers ---- */

static void
disarm (srt_source *timer)
{
  if (timer->when_ns != SRT_NEVER)
    g_queue_unlink (&timer->sources->timers, &timer->in_watch);
  timer->when_ns = SRT_NEVER;
  timer->ready = FALSE;
}

static void
arm (srt_source *timer, guint64 after_ns)
{
  GQueue *timers = &timer->sources->timers;
  guint64 now = srt_sources_now_ns ();
  /* One below SRT_NEVER: a due time that cannot be reached, yet is armed. */
  timer->when_ns = after_ns >= SRT_NEVER - 1 - now ? SRT_NEVER - 1 : now + after_ns;
  /* From the end: most timers are armed for later than those that are there. */
  GList *before = timers->tail;
  while (before != NULL && ((srt_source *)before->data)->when_ns > timer->when_ns)
    before = before->prev;
  if (before == NULL)
    g_queue_push_head_link (timers, &timer->in_watch);
  else
    g_queue_insert_after_link (timers, before, &timer->in_watch);
}

/* ---- the GSource ---- */

static SrtSources *
sources_of (GSource *source)
{
  return ((Hub *)source)->sources;
}

/* Milliseconds, rounded up: never early, and never a turn that finds nothing due. */
static gint
timeout_until (guint64 until_ns)
{
  guint64 now = srt_sources_now_ns ();
  return until_ns <= now ? 0 : (gint)MIN ((until_ns - now + 999999u) / 1000000u, (guint64)G_MAXINT);
}

/* Never says that it is ready: GLib would not ask hub_check then, and posts would starve the descriptors. */
static gboolean
hub_prepare (GSource *source, gint *ret_timeout_ms)
{
  SrtSources *s = sources_of (source);
  srt_source *first = g_queue_peek_head (&s->timers);
  guint64 until = MIN (s->bound_ns, first != NULL ? first->when_ns : SRT_NEVER);
  *ret_timeout_ms = -1;
  if (g_atomic_int_get (&s->n_posts) > 0)
    *ret_timeout_ms = 0;
  else if (until != SRT_NEVER)
    *ret_timeout_ms = timeout_until (until);
  return FALSE;
}

static void
mark_ready (SrtSources *s, srt_source *source)
{
  source->ready = TRUE;
  g_ptr_array_add (s->ready, source);
}

static gboolean
hub_check (GSource *source)
{
  SrtSources *s = sources_of (source);
  g_ptr_array_set_size (s->ready, 0);
  if (s->timers.head != NULL) {
    guint64 now = srt_sources_now_ns ();
    for (GList *l = s->timers.head; l != NULL && ((srt_source *)l->data)->when_ns <= now; l = l->next)
      mark_ready (s, l->data);
  }
  for (GList *l = s->fds.head; l != NULL; l = l->next)
    if (((srt_source *)l->data)->poll.revents != 0)
      mark_ready (s, l->data);
  return s->ready->len > 0 || g_atomic_int_get (&s->n_posts) > 0;
}

static guint32
events_of_poll (const GPollFD *poll)
{
  guint32 events = 0;
  if (poll->revents & poll->events & G_IO_IN)
    events |= SRT_FD_READ;
  if (poll->revents & poll->events & G_IO_OUT)
    events |= SRT_FD_WRITE;
  if (poll->revents & poll->events & G_IO_PRI)
    events |= SRT_FD_PRIORITY;
  if (poll->revents & G_IO_HUP)
    events |= SRT_FD_HANGUP;
  if (poll->revents & (G_IO_ERR | G_IO_NVAL))
    events |= SRT_FD_ERROR;
  return events;
}

static void
unwatch (srt_source *source)
{
  if (!source->watched)
    return;
  source->watched = FALSE;
  g_source_remove_poll (&source->sources->hub->source, &source->poll);
  g_queue_unlink (&source->sources->fds, &source->in_watch);
}

static void
call_ready (srt_source *source)
{
  if (source->removed || !source->ready)
    return;
  source->ready = FALSE;
  if (source->is_timer) {
    disarm (source);
    source->timer_fn (source->data);
    return;
  }
  /* Only what is still wanted: another callback of this turn may have modified it. */
  guint32 events = events_of_poll (&source->poll);
  if (source->poll.revents & G_IO_NVAL)
    unwatch (source); /* or every poll would come back at once, for ever */
  if (events != 0)
    source->fd_fn (source->data, source->poll.fd, events);
}

/* Takes the first post, or the first one of SCOPE. */
static gboolean
pop_post (SrtSources *s, const SrtScope *scope, Post *ret_post)
{
  g_mutex_lock (&s->lock);
  GList *link = s->posts.head;
  while (scope != NULL && link != NULL && ((Post *)link->data)->scope != scope)
    link = link->next;
  Post *post = link != NULL ? link->data : NULL;
  if (post != NULL) {
    g_queue_delete_link (&s->posts, link);
    g_atomic_int_set (&s->n_posts, (gint)s->posts.length);
  }
  g_mutex_unlock (&s->lock);
  if (post == NULL)
    return FALSE;
  *ret_post = *post;
  g_free (post);
  return TRUE;
}

static void
run_posts (SrtSources *s)
{
  Post post;
  for (gint n = g_atomic_int_get (&s->n_posts); n > 0 && pop_post (s, NULL, &post); n--)
    post.fn (post.data);
}

static gboolean
hub_dispatch (GSource *source, GSourceFunc callback, gpointer data)
{
  SrtSources *s = sources_of (source);
  s->dispatching = TRUE;
  run_posts (s);
  for (guint i = 0; i < s->ready->len; i++)
    call_ready (s->ready->pdata[i]);
  g_ptr_array_set_size (s->ready, 0);
  s->dispatching = FALSE;
  g_ptr_array_set_size (s->dead, 0);
  return G_SOURCE_CONTINUE;
}

SrtSources *
srt_sources_new (GMainContext *context)
{
  static const GSourceFuncs funcs = { .prepare = hub_prepare, .check = hub_check, .dispatch = hub_dispatch };
  SrtSources *s = g_new0 (SrtSources, 1);
  s->context = g_main_context_ref (context);
  s->ready = g_ptr_array_new ();
  s->dead = g_ptr_array_new_with_free_func (g_free);
  s->bound_ns = SRT_NEVER;
  g_mutex_init (&s->lock);
  s->hub = (Hub *)g_source_new ((GSourceFuncs *)&funcs, sizeof (Hub));
  s->hub->sources = s;
  g_source_set_static_name (&s->hub->source, "srt");
  /* Not to recurse (the loop forbids that), but because GLib takes the descriptors of any other source out of the
   * context and puts them back around each dispatch. */
  g_source_set_can_recurse (&s->hub->source, TRUE);
  g_source_attach (&s->hub->source, context);
  return s;
}

void
srt_sources_free (SrtSources *s)
{
  if (s == NULL)
    return;
  g_assert (s->n_scopes == 0 && !s->dispatching);
  g_source_destroy (&s->hub->source);
  g_source_unref (&s->hub->source);
  g_ptr_array_unref (s->ready);
  g_ptr_array_unref (s->dead);
  g_mutex_clear (&s->lock);
  g_main_context_unref (s->context);
  g_free (s);
}

void
srt_sources_bound (SrtSources *s, guint64 deadline_ns)
{
  s->bound_ns = deadline_ns;
}

/* ---- scopes ---- */

SrtScope *
srt_scope_new (SrtSources *sources)
{
  SrtScope *scope = g_new0 (SrtScope, 1);
  scope->sources = sources;
  sources->n_scopes++;
  return scope;
}

static void
refuse_posts (SrtScope *scope)
{
  g_mutex_lock (&scope->sources->lock);
  scope->closed = TRUE;
  g_mutex_unlock (&scope->sources->lock);
}

void
srt_scope_close (SrtScope *scope)
{
  refuse_posts (scope);
  Post post;
  while (pop_post (scope->sources, scope, &post))
    post.fn (post.data);
}

guint
srt_scope_free (SrtScope *scope)
{
  refuse_posts (scope);
  Post unwanted;
  while (pop_post (scope->sources, scope, &unwanted))
    ;
  guint left = scope->all.length;
  while (scope->all.head != NULL)
    srt_source_remove (scope->all.head->data);
  scope->sources->n_scopes--;
  g_free (scope);
  return left;
}

gboolean
srt_scope_post (SrtScope *scope, srt_post_fn fn, void *data)
{
  SrtSources *s = scope->sources;
  Post *post = g_new (Post, 1);
  *post = (Post){ .scope = scope, .fn = fn, .data = data };
  g_mutex_lock (&s->lock);
  gboolean taken = !scope->closed;
  if (taken) {
    g_queue_push_tail (&s->posts, post);
    g_atomic_int_set (&s->n_posts, (gint)s->posts.length);
    /* Under the lock: once the post can be seen its scope may be closed and the context be on its way out. */
    g_main_context_wakeup (s->context);
  }
  g_mutex_unlock (&s->lock);
  if (!taken)
    g_free (post);
  return taken;
}

/* ---- single sources ---- */

static srt_source *
source_new (SrtScope *scope, void *data)
{
  srt_source *source = g_new0 (srt_source, 1);
  source->scope = scope;
  source->sources = scope->sources;
  source->data = data;
  source->when_ns = SRT_NEVER;
  source->in_scope.data = source->in_watch.data = source;
  g_queue_push_tail_link (&scope->all, &source->in_scope);
  return source;
}

static gushort
poll_of_events (guint32 events)
{
  return (gushort)((events & SRT_FD_READ ? G_IO_IN : 0) | (events & SRT_FD_WRITE ? G_IO_OUT : 0) |
                   (events & SRT_FD_PRIORITY ? G_IO_PRI : 0) | G_IO_HUP | G_IO_ERR);
}

srt_source *
srt_source_add_fd (SrtScope *scope, int fd, guint32 events, srt_fd_fn fn, void *data)
{
  g_return_val_if_fail (fd >= 0 && fn != NULL, NULL);
  srt_source *source = source_new (scope, data);
  source->fd_fn = fn;
  source->poll.fd = fd;
  source->poll.events = poll_of_events (events);
  source->watched = TRUE;
  g_queue_push_tail_link (&source->sources->fds, &source->in_watch);
  g_source_add_poll (&source->sources->hub->source, &source->poll);
  return source;
}

void
srt_source_modify_fd (srt_source *source, guint32 events)
{
  g_return_if_fail (source != NULL && !source->is_timer);
  source->poll.events = poll_of_events (events);
}

srt_source *
srt_source_add_timer (SrtScope *scope, guint64 after_ns, srt_timer_fn fn, void *data)
{
  g_return_val_if_fail (fn != NULL, NULL);
  srt_source *source = source_new (scope, data);
  source->is_timer = TRUE;
  source->timer_fn = fn;
  srt_source_set_timer (source, after_ns);
  return source;
}

void
srt_source_set_timer (srt_source *source, guint64 after_ns)
{
  g_return_if_fail (source != NULL && source->is_timer);
  disarm (source);
  if (after_ns != SRT_NEVER)
    arm (source, after_ns);
}

void
srt_source_remove (srt_source *source)
{
  if (source == NULL)
    return;
  g_return_if_fail (!source->removed);
  source->removed = TRUE;
  if (source->is_timer)
    disarm (source);
  else
    unwatch (source);
  g_queue_unlink (&source->scope->all, &source->in_scope);
  SrtSources *s = source->sources;
  if (s->dispatching || s->ready->len > 0)
    g_ptr_array_add (s->dead, source); /* it may be the one that runs, or stand among those that will */
  else
    g_free (source);
}
