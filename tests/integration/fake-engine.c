/* SPDX-License-Identifier: MIT */
#include "fake-engine.h"

#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

struct FakeEngine {
  const FakeRule *rules;
  char *socket_path;
  int listener, quit[2];
  GThread *thread;
  GMutex lock;      /* of what follows */
  GPtrArray *calls; /* "METHOD /path" */
  GPtrArray *callers;
};

typedef struct {
  FakeEngine *engine;
  int fd;
} Caller;

static const FakeRule sound[] = {
  { "GET /version", FAKE_SAY, 200, "{\"Version\":\"4.3.1\",\"Components\":[{\"Name\":\"Podman Engine\"}]}" },
  { "GET /info", FAKE_SAY, 200,
    "{\"DockerRootDir\":\"/fake\",\"CgroupVersion\":\"2\",\"CgroupDriver\":\"systemd\",\"DefaultRuntime\":\"crun\","
    "\"MemoryLimit\":true,\"SwapLimit\":true,\"CpuCfsPeriod\":true,\"CpuCfsQuota\":true,\"PidsLimit\":true}" },
  { "GET /images/", FAKE_SAY, 200, "{\"Id\":\"sha256:1\"}" },
  { "POST /containers/create", FAKE_SAY, 201, "{\"Id\":\"c0ffee\"}" },
  { "POST /containers/", FAKE_SAY, 204, "" },
  { "GET /containers/json", FAKE_SAY, 200, "[]" },
  { "GET /containers/", FAKE_SAY, 200, "{\"State\":{\"Running\":false,\"ExitCode\":127}}" },
  { "DELETE /containers/", FAKE_SAY, 204, "" },
  { "", FAKE_SAY, 404, "{\"message\":\"the fake engine does not know this call\"}" },
};

static const FakeRule *
find_rule (const FakeEngine *engine, const char *call)
{
  for (const FakeRule *rule = engine->rules; rule->call; rule++)
    if (g_str_has_prefix (call, rule->call))
      return rule;
  const FakeRule *rule = sound;
  while (!g_str_has_prefix (call, rule->call))
    rule++;
  return rule;
}

/* FALSE: the other side has gone, or the engine is to end. */
static gboolean
wait_readable (const FakeEngine *engine, int fd)
{
  struct pollfd fds[] = { { .fd = engine->quit[0], .events = POLLIN }, { .fd = fd, .events = POLLIN } };
  while (poll (fds, 2, -1) < 0)
    g_assert_cmpint (errno, ==, EINTR);
  return fds[0].revents == 0;
}

static gboolean
read_more (const FakeEngine *engine, int fd, GString *text)
{
  char bytes[4096];
  ssize_t n = wait_readable (engine, fd) ? read (fd, bytes, sizeof bytes) : 0;
  if (n > 0)
    g_string_append_len (text, bytes, n);
  return n > 0;
}

/* The request that TEXT begins with is read whole, and dropped from it. Its first words; caller frees. */
static char *
read_call (const FakeEngine *engine, int fd, GString *text)
{
  while (!strstr (text->str, "\r\n\r\n"))
    if (!read_more (engine, fd, text))
      return NULL;
  gsize head = (gsize)(strstr (text->str, "\r\n\r\n") - text->str) + 4;
  const char *length = strstr (text->str, "Content-Length: ");
  gsize whole = head + (length && length < text->str + head ? strtoul (length + 16, NULL, 10) : 0);
  while (text->len < whole)
    if (!read_more (engine, fd, text))
      return NULL;
  const char *end = strchr (strchr (text->str, ' ') + 1, ' ');
  char *call = g_strndup (text->str, (gsize)(end - text->str));
  g_string_erase (text, 0, (gssize)whole);
  return call;
}

static void
say (int fd, const char *text)
{
  g_assert_cmpint (send (fd, text, strlen (text), MSG_NOSIGNAL) >= 0 || errno == EPIPE, ==, TRUE);
}

static void
answer (int fd, const FakeRule *rule)
{
  gboolean torn = rule->deed == FAKE_TORN;
  g_autofree char *head = rule->status == 204
                              ? g_strdup ("HTTP/1.1 204 No Content\r\n\r\n")
                              : g_strdup_printf ("HTTP/1.1 %d Fake\r\nContent-Type: application/json\r\n"
                                                 "Content-Length: %zu\r\n\r\n%s",
                                                 rule->status, strlen (rule->body) + (torn ? 10 : 0), rule->body);
  say (fd, head);
}

/* FALSE: this connection is over. */
static gboolean
do_deed (const FakeEngine *engine, int fd, const FakeRule *rule, GString *text)
{
  switch (rule->deed) {
  case FAKE_SAY:
    answer (fd, rule);
    return TRUE;
  case FAKE_HANG:
    while (read_more (engine, fd, text))
      continue;
    return FALSE;
  case FAKE_TORN:
    answer (fd, rule);
    return FALSE;
  default:
    say (fd, "220 fake.example ESMTP\r\n");
    return FALSE;
  }
}

static gpointer
serve (gpointer data)
{
  Caller *caller = data;
  g_autoptr (GString) text = g_string_new (NULL);
  gboolean more = TRUE;
  while (more) {
    char *call = read_call (caller->engine, caller->fd, text);
    if (!call)
      break;
    g_mutex_lock (&caller->engine->lock);
    g_ptr_array_add (caller->engine->calls, call);
    g_mutex_unlock (&caller->engine->lock);
    more = do_deed (caller->engine, caller->fd, find_rule (caller->engine, call), text);
  }
  close (caller->fd);
  g_free (caller);
  return NULL;
}

static gpointer
take_callers (gpointer data)
{
  FakeEngine *engine = data;
  while (wait_readable (engine, engine->listener)) {
    Caller *caller = g_new0 (Caller, 1);
    *caller = (Caller){ engine, accept4 (engine->listener, NULL, NULL, SOCK_CLOEXEC) };
    g_assert_cmpint (caller->fd, >=, 0);
    g_ptr_array_add (engine->callers, g_thread_new ("caller", serve, caller));
  }
  return NULL;
}

FakeEngine *
fake_engine_new (const char *socket_path, const FakeRule *rules)
{
  FakeEngine *engine = g_new0 (FakeEngine, 1);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  engine->rules = rules;
  engine->socket_path = g_strdup (socket_path);
  g_assert_cmpuint (g_strlcpy (address.sun_path, socket_path, sizeof address.sun_path), <, sizeof address.sun_path);
  engine->listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  g_assert_cmpint (bind (engine->listener, (struct sockaddr *)&address, sizeof address), ==, 0);
  g_assert_cmpint (listen (engine->listener, 64), ==, 0);
  g_assert_cmpint (pipe2 (engine->quit, O_CLOEXEC), ==, 0);
  engine->calls = g_ptr_array_new_with_free_func (g_free);
  engine->callers = g_ptr_array_new ();
  engine->thread = g_thread_new ("engine", take_callers, engine);
  return engine;
}

void
fake_engine_free (FakeEngine *engine)
{
  close (engine->quit[1]);
  g_thread_join (engine->thread);
  for (guint i = 0; i < engine->callers->len; i++)
    g_thread_join (engine->callers->pdata[i]);
  close (engine->quit[0]);
  close (engine->listener);
  g_unlink (engine->socket_path);
  g_ptr_array_unref (engine->calls);
  g_ptr_array_unref (engine->callers);
  g_free (engine->socket_path);
  g_free (engine);
}

guint
fake_engine_count (FakeEngine *engine, const char *call)
{
  guint n = 0;
  g_mutex_lock (&engine->lock);
  for (guint i = 0; i < engine->calls->len; i++)
    n += g_str_has_prefix (engine->calls->pdata[i], call);
  g_mutex_unlock (&engine->lock);
  return n;
}
