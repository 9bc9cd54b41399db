/* SPDX-License-Identifier: MIT
 * Plugins that live in this program, seen through the host table that they get. */
#include "base/error.h"
#include "host/instance.h"
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct {
  SrtLoop *loop;
  SrtHostShared shared;
  GString *log; /* "30 notifier toy: text\n" … */
} Fixture;

static void
see_log (gpointer data, guint32 level, const char *from, const char *text)
{
  g_string_append_printf (data, "%u %s: %s\n", level, from, text);
}

static void
set_up (Fixture *f, gconstpointer unused)
{
  f->loop = srt_loop_new (NULL);
  f->log = g_string_new (NULL);
  f->shared = (SrtHostShared){
    .loop = f->loop, .run_id = "r-1", .run_dir = "/run/x", .libexec_dir = "/lib/x", .log = see_log, .log_data = f->log
  };
}

static void
tear_down (Fixture *f, gconstpointer unused)
{
  srt_loop_free (f->loop);
  g_string_free (f->log, TRUE);
}

/* ---- the toy: create does what the test says, destroy leaves everything behind ---- */

typedef struct {
  const srt_host *host;
  GString *seen;
} Toy;

static int32_t
create (const srt_host *host, void **ret_self)
{
  Toy *toy = srt_instance_owner (host);
  toy->host = host;
  host->set_errorf (host, "something that was got over");
  *ret_self = toy;
  return SRT_OK;
}

static void
destroy (void *self)
{
  g_string_append (((Toy *)self)->seen, "destroyed ");
}

static void
see_post (void *data)
{
  g_string_append (((Toy *)data)->seen, "posted ");
}

static int32_t
refuse_invalid (const srt_host *host, void **ret_self)
{
  host->post (host, see_post, srt_instance_owner (host));
  host->set_error (host, "first reason", strlen ("first reason"));
  host->set_errorf (host, "no such\n%s", "folder");
  return SRT_E_INVALID;
}

static int32_t
refuse_silently (const srt_host *host, void **ret_self)
{
  return SRT_E_DENIED;
}

static int32_t
probe (const srt_host *host)
{
  return host->options == NULL ? SRT_OK : refuse_invalid (host, NULL);
}

static const srt_notifier_ops ops = { .size = sizeof ops };
static const srt_plugin good = {
  .size = sizeof good, .kind = SRT_KIND_NOTIFIER, .name = "toy", .ops = &ops, .create = create, .destroy = destroy
};

static SrtInstance *
toy_new (Fixture *f, Toy *toy)
{
  g_autoptr (GError) error = NULL;
  toy->seen = g_string_new (NULL);
  SrtInstance *instance = srt_instance_new (&f->shared, &good, NULL, &f->shared, toy, &error);
  g_assert_no_error (error);
  g_assert_true (srt_instance_self (instance) == toy);
  return instance;
}

static void
test_host_table (Fixture *f, gconstpointer unused)
{
  Toy toy;
  g_autoptr (SrtInstance) instance = toy_new (f, &toy);
  const srt_host *host = toy.host;
  g_assert_cmpuint (host->size, ==, sizeof *host);
  g_assert_cmpuint (host->abi_minor, ==, SRT_ABI_MINOR);
  g_assert_cmpstr (host->run_id, ==, "r-1");
  g_assert_cmpstr (host->run_dir, ==, "/run/x");
  g_assert_cmpstr (host->libexec_dir, ==, "/lib/x");
  g_assert_true (host->events == &f->shared);
  g_assert_cmpstr (srt_instance_name (instance), ==, "notifier toy");
  g_assert_true (srt_instance_owner (host) == &toy);
  g_assert_cmpint (host->read_output (NULL, 0, NULL, 0), ==, SRT_E_NOT_FOUND);
  g_assert_cmpuint (host->now_ns (), >, 0);
  /* No function is missing. */
  for (gsize at = offsetof (srt_host, log); at < sizeof *host; at += sizeof (void *)) {
    void *function;
    memcpy (&function, (const char *)host + at, sizeof function);
    g_assert_nonnull (function);
  }
  g_clear_pointer (&instance, srt_instance_free);
  g_assert_cmpstr (toy.seen->str, ==, "destroyed ");
  g_assert_cmpstr (f->log->str, ==, "");
  g_string_free (toy.seen, TRUE);
}

static void
test_log (Fixture *f, gconstpointer unused)
{
  Toy toy;
  g_autoptr (SrtInstance) instance = toy_new (f, &toy);
  toy.host->log (toy.host, SRT_LOG_WARNING, "disk is\nfull!", 12);
  toy.host->logf (toy.host, SRT_LOG_INFO, "%d%% \033[1m", 5);
  toy.host->log (toy.host, 99, "\377", 1);
  g_assert_cmpstr (f->log->str, ==,
                   "30 notifier toy: disk is full\n20 notifier toy: 5% \357\277\275[1m\n99 notifier toy: "
                   "\357\277\275\n");
  g_clear_pointer (&instance, srt_instance_free);
  g_string_free (toy.seen, TRUE);
}

static void
test_take_error (Fixture *f, gconstpointer unused)
{
  Toy toy;
  g_autoptr (SrtInstance) instance = toy_new (f, &toy);
  g_autoptr (GError) error = NULL;
  srt_instance_take_error (instance, SRT_E_NO_SPACE, "writing a row", &error);
  g_assert_error (error, SRT_ERROR, SRT_ERROR_INTERNAL);
  g_assert_cmpstr (error->message, ==, "notifier toy: writing a row: no space left (status -80, without a reason)");
  g_clear_error (&error);
  toy.host->set_errorf (toy.host, "disk %s", "full");
  srt_instance_take_error (instance, SRT_E_INVALID, NULL, &error);
  g_assert_error (error, SRT_ERROR, SRT_ERROR_USAGE);
  g_assert_cmpstr (error->message, ==, "notifier toy: disk full");
  g_clear_error (&error);
  srt_instance_take_error (instance, -12345, NULL, &error); /* a status of tomorrow, and the reason is used up */
  g_assert_cmpstr (error->message, ==, "notifier toy: it failed (status -12345, without a reason)");
  g_clear_pointer (&instance, srt_instance_free);
  g_string_free (toy.seen, TRUE);
}

static void
test_create_fails (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  Toy toy = { .seen = g_string_new (NULL) };
  srt_plugin bad = good;
  bad.create = refuse_invalid;
  g_assert_null (srt_instance_new (&f->shared, &bad, NULL, NULL, &toy, &error));
  g_assert_error (error, SRT_ERROR, SRT_ERROR_USAGE);
  g_assert_cmpstr (error->message, ==, "notifier toy: no such folder");
  g_clear_error (&error);
  bad.create = refuse_silently;
  g_assert_null (srt_instance_new (&f->shared, &bad, NULL, NULL, &toy, &error));
  g_assert_error (error, SRT_ERROR, SRT_ERROR_INTERNAL);
  g_assert_cmpstr (error->message, ==, "notifier toy: permission denied (status -60, without a reason)");
  srt_loop_turn (f->loop, 0);
  g_assert_cmpstr (toy.seen->str, ==, ""); /* neither destroy nor a post of an instance that never was */
  g_string_free (toy.seen, TRUE);
}

static void
test_probe (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  srt_plugin plugin = good;
  g_assert_true (srt_instance_probe (&f->shared, &plugin, NULL, &error));
  plugin.probe = probe;
  g_assert_true (srt_instance_probe (&f->shared, &plugin, NULL, &error));
  srt_values *values = srt_values_new (NULL, 0, NULL, FALSE, "notifier toy", NULL, "/", NULL);
  g_assert_false (srt_instance_probe (&f->shared, &plugin, values, &error));
  g_assert_error (error, SRT_ERROR, SRT_ERROR_USAGE);
  g_assert_cmpstr (error->message, ==, "notifier toy: no such folder");
}

/* ---- what is forgotten ---- */

static void
never_fd (void *data, int fd, uint32_t events)
{
  g_assert_not_reached ();
}

static void
never_timer (void *data)
{
  g_assert_not_reached ();
}

static void
never_helper (void *data, srt_helper *helper, int status)
{
  g_assert_not_reached ();
}

static void
test_forgotten (Fixture *f, gconstpointer unused)
{
  Toy toy;
  SrtInstance *instance = toy_new (f, &toy);
  const srt_host *host = toy.host;
  const char *const argv[] = { g_getenv ("CHILD"), "sleep", NULL };
  srt_spawn spawn = { .size = sizeof spawn, .argv = argv };
  srt_helper *helper = NULL;
  int fds[2];
  g_assert_cmpint (pipe (fds), ==, 0);
  g_assert_nonnull (host->add_fd (host, fds[1], SRT_FD_WRITE, never_fd, NULL));
  g_assert_nonnull (host->add_timer (host, 0, never_timer, NULL));
  host->remove (host->add_timer (host, 0, never_timer, NULL)); /* this one is not */
  host->remove (NULL);
  g_assert_cmpint (host->spawn (host, &spawn, never_helper, NULL, &helper), ==, SRT_OK);
  g_assert_cmpint (host->helper_pid (helper), >, 1);
  host->post (host, see_post, &toy);
  srt_instance_free (instance);
  g_assert_cmpstr (toy.seen->str, ==, "posted destroyed ");
  g_assert_cmpstr (f->log->str, ==,
                   "30 notifier toy: defect of the plugin: left 2 sources and 1 helper behind; removed\n");
  srt_loop_turn (f->loop, 0);
  srt_loop_free (f->loop);
  f->loop = NULL;
  g_assert_cmpint (waitpid (-1, NULL, WNOHANG), ==, -1);
  g_assert_cmpint (errno, ==, ECHILD);
  close (fds[0]);
  close (fds[1]);
  g_string_free (toy.seen, TRUE);
}

static void
see_helper (void *data, srt_helper *helper, int status)
{
  g_string_append_printf (data, "%d ", WEXITSTATUS (status));
}

static void
test_spawn (Fixture *f, gconstpointer unused)
{
  Toy toy;
  SrtInstance *instance = toy_new (f, &toy);
  g_autoptr (GError) error = NULL;
  const srt_host *host = toy.host;
  const char *argv[] = { g_getenv ("CHILD"), "exit", "3", NULL };
  srt_spawn spawn = { .size = sizeof spawn, .argv = argv };
  g_assert_cmpint (host->spawn (host, &spawn, see_helper, toy.seen, NULL), ==, SRT_OK);
  while (toy.seen->len == 0)
    srt_loop_turn (f->loop, SRT_NEVER);
  g_assert_cmpstr (toy.seen->str, ==, "3 ");
  argv[0] = "/nowhere";
  g_assert_cmpint (host->spawn (host, &spawn, NULL, NULL, NULL), ==, SRT_E_NOT_FOUND);
  srt_instance_take_error (instance, SRT_E_NOT_FOUND, NULL, &error);
  g_assert_cmpstr (error->message, ==, "notifier toy: cannot start \"/nowhere\": No such file or directory");
  srt_instance_free (instance);
  g_string_free (toy.seen, TRUE);
}

#define ADD(NAME, TEST) g_test_add ("/instance/" NAME, Fixture, NULL, set_up, TEST, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("host-table", test_host_table);
  ADD ("log", test_log);
  ADD ("take-error", test_take_error);
  ADD ("create-fails", test_create_fails);
  ADD ("probe", test_probe);
  ADD ("forgotten", test_forgotten);
  ADD ("spawn", test_spawn);
  return g_test_run ();
}
