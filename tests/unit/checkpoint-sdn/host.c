/* SPDX-License-Identifier: MIT */
#include "host.h"
#include <glib/gstdio.h>
#include <pthread.h>
#include <string.h>

typedef struct {
  srt_post_fn fn;
  void *data;
} Post;

struct srt_values {
  GHashTable *set;
};

struct Host {
  srt_host table; /* first: the plugin's pointer is ours */
  srt_values values;
  pthread_mutex_t lock; /* of libc, as a thread sanitizer understands it */
  pthread_cond_t posted;
  GQueue posts;
  GString *answers, *log;
  char *error, *answer_text;
  gint32 last_status;
  guint64 next_token, last_token;
  guint broken;
  gboolean inside; /* a call into the plugin is under way */
  srt_progress_state state;
  const srt_checkpoint_ops *ops;
  void *self;
};

static Host *
mine (const srt_host *host)
{
  return (Host *)host;
}

static void
keep_log (const srt_host *host, guint32 level, const char *text, gsize length)
{
  if (level >= SRT_LOG_WARNING)
    g_string_append_printf (mine (host)->log, "%.*s\n", (int)length, text);
}

static void SRT_PRINTF (3, 4) keep_logf (const srt_host *host, guint32 level, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  keep_log (host, level, text, strlen (text));
}

static void
set_error (const srt_host *host, const char *text, gsize length)
{
  g_free (mine (host)->error);
  mine (host)->error = g_strndup (text, length);
}

static void SRT_PRINTF (2, 3) set_errorf (const srt_host *host, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  set_error (host, text, strlen (text));
}

static const char *
get_string (const srt_values *values, const char *name)
{
  return g_hash_table_lookup (values->set, name);
}

static gint64
get_int (const srt_values *values, const char *name)
{
  return g_ascii_strtoll (get_string (values, name), NULL, 10);
}

static guint32
get_bool (const srt_values *values, const char *name)
{
  return g_str_equal (get_string (values, name), "true");
}

static guint64
get_duration_ns (const srt_values *values, const char *name)
{
  const char *text = get_string (values, name);
  return g_ascii_strtoull (text, NULL, 10) * (g_str_has_suffix (text, "ms") ? 1000000u : 1000000000u);
}

static void
take_post (const srt_host *host, srt_post_fn fn, void *data)
{
  Post *post = g_new (Post, 1);
  *post = (Post){ fn, data };
  pthread_mutex_lock (&mine (host)->lock);
  g_queue_push_tail (&mine (host)->posts, post);
  pthread_cond_signal (&mine (host)->posted);
  pthread_mutex_unlock (&mine (host)->lock);
}

static void
note_synced (const srt_host *host, guint64 token, gint32 status, const char *text)
{
  Host *h = mine (host);

  g_assert_false (h->inside);
  g_string_append_printf (h->answers, "%" G_GUINT64_FORMAT " %d\n", token, status);
  h->last_token = token;
  h->last_status = status;
  g_assert_true (status == SRT_OK || text[0] != '\0');
  g_free (h->answer_text);
  h->answer_text = g_strdup (text);
}

static void
note_broken (const srt_host *host, gint32 status, const char *text)
{
  g_assert_false (mine (host)->inside);
  g_assert_cmpint (status, <, SRT_OK);
  g_assert_cmpuint (strlen (text), >, 0);
  mine (host)->broken++;
}

static const srt_checkpoint_events events = { .size = sizeof events, .synced = note_synced, .broken = note_broken };

static void
set_options (Host *host, const char *folder, const char *const *options)
{
  const srt_plugin *plugin = &srt_plugin_entry;

  for (guint i = 0; i < plugin->n_options; i++) {
    const char *value = plugin->options[i].def;
    for (guint j = 0; options && options[j]; j += 2)
      if (g_str_equal (options[j], plugin->options[i].name))
        value = options[j + 1];
    gboolean path = plugin->options[i].type == SRT_TYPE_PATH && !g_path_is_absolute (value);
    g_hash_table_insert (host->values.set, g_strdup (plugin->options[i].name),
                         path ? g_strdup_printf ("%s/%s", folder, value) : g_strdup (value));
  }
}

static Host *
host_prepare (const char *folder, const char *const *options)
{
  Host *host = g_new0 (Host, 1);

  host->values.set = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  set_options (host, folder, options);
  pthread_mutex_init (&host->lock, NULL);
  pthread_cond_init (&host->posted, NULL);
  host->answers = g_string_new (NULL);
  host->log = g_string_new (NULL);
  host->error = g_strdup ("");
  host->ops = srt_plugin_entry.ops;
  host->next_token = 100;
  host->table = (srt_host){ .size = sizeof host->table,
                            .abi_minor = SRT_ABI_MINOR,
                            .run_id = "test",
                            .options = &host->values,
                            .events = &events,
                            .log = keep_log,
                            .logf = keep_logf,
                            .set_error = set_error,
                            .set_errorf = set_errorf,
                            .get_string = get_string,
                            .get_int = get_int,
                            .get_bool = get_bool,
                            .get_duration_ns = get_duration_ns,
                            .post = take_post };
  return host;
}

Host *
host_new (const char *folder, const char *const *options)
{
  Host *host = host_prepare (folder, options);

  g_assert_cmpint (srt_plugin_entry.create (&host->table, &host->self), ==, SRT_OK);
  return host;
}

char *
host_refusal (const char *folder, const char *const *options)
{
  Host *host = host_prepare (folder, options);

  g_assert_cmpint (srt_plugin_entry.create (&host->table, &host->self), ==, SRT_E_INVALID);
  char *why = g_strdup (host->error);
  host_free (host);
  return why;
}

void
host_free (Host *host)
{
  host_drain (host);
  if (host->self)
    srt_plugin_entry.destroy (host->self);
  g_assert_true (g_queue_is_empty (&host->posts)); /* none may come after */
  pthread_mutex_destroy (&host->lock);
  pthread_cond_destroy (&host->posted);
  g_hash_table_unref (host->values.set);
  g_string_free (host->answers, TRUE);
  g_string_free (host->log, TRUE);
  g_free (host->error);
  g_free (host->answer_text);
  g_free (host);
}

/* What comes out of every call: an error always says why. */
static gint32
checked (Host *host, gint32 status)
{
  host->inside = FALSE;
  g_assert_true (status <= 0);
  g_assert_true (status == SRT_OK || host->error[0] != '\0');
  return status;
}

static void
enter (Host *host)
{
  host->inside = TRUE;
  set_error (&host->table, "", 0);
}

gint32
host_open (Host *host, guint mode, const char *run_id, void (*row) (void *, const srt_result *), void *data)
{
  srt_progress_request request = { .size = sizeof request,
                                   .mode = mode,
                                   .run_id = run_id,
                                   .settings_digest = "abcd",
                                   .source = "git 1a2b",
                                   .start_real_ns = 1,
                                   .total = 287,
                                   .row = row,
                                   .data = data };

  host->state = (srt_progress_state){ .size = sizeof host->state };
  enter (host);
  return checked (host, host->ops->progress->open (host->self, &request, &host->state));
}

const srt_progress_state *
host_state (Host *host)
{
  return &host->state;
}

gint32
host_append (Host *host, const srt_result *result)
{
  enter (host);
  return checked (host, host->ops->progress->append (host->self, result));
}

gint32
host_stopped (Host *host, const char *reason)
{
  enter (host);
  return checked (host, host->ops->progress->stopped (host->self, reason));
}

gint32
host_running (Host *host, const srt_test *const *tests, guint n)
{
  enter (host);
  return checked (host, host->ops->progress->running (host->self, tests, n));
}

gint32
host_remove (Host *host)
{
  enter (host);
  return checked (host, host->ops->progress->remove (host->self));
}

void
host_close (Host *host)
{
  enter (host);
  host->ops->progress->close (host->self);
  host->inside = FALSE;
}

gint32
host_ask (Host *host, guint64 token)
{
  enter (host);
  return checked (host, host->ops->progress->sync (host->self, token));
}

gint32
host_sync (Host *host)
{
  guint64 token = host->next_token++;
  gint32 status = host_ask (host, token);

  while (status == SRT_OK && host->last_token != token)
    host_turn (host);
  return status == SRT_OK ? host->last_status : status;
}

gint32
host_load (Host *host, void (*row) (void *, const srt_history *), void *data)
{
  enter (host);
  return checked (host, host->ops->history->load (host->self, row, data));
}

gint32
host_store (Host *host, const srt_history *rows, guint n)
{
  enter (host);
  return checked (host, host->ops->history->store (host->self, rows, n));
}

/* The next post; FALSE: there is none, and we do not WAIT for one. */
static gboolean
run_post (Host *host, gboolean wait)
{
  pthread_mutex_lock (&host->lock);
  while (wait && g_queue_is_empty (&host->posts))
    pthread_cond_wait (&host->posted, &host->lock);
  g_autofree Post *post = g_queue_pop_head (&host->posts);
  pthread_mutex_unlock (&host->lock);
  if (post)
    post->fn (post->data);
  return post != NULL;
}

void
host_turn (Host *host)
{
  run_post (host, TRUE);
}

void
host_drain (Host *host)
{
  while (run_post (host, FALSE))
    continue;
}

const char *
host_answers (Host *host)
{
  return host->answers->str;
}

const char *
host_answer_text (Host *host)
{
  return host->answer_text;
}

guint
host_broken (Host *host)
{
  return host->broken;
}

const char *
host_error (Host *host)
{
  return host->error;
}

const char *
host_log (Host *host)
{
  return host->log->str;
}

char *
folder_new (void)
{
  char *folder = g_dir_make_tmp ("srt-checkpoint-XXXXXX", NULL);

  g_assert_nonnull (folder);
  return folder;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);

  for (const char *name = dir ? g_dir_read_name (dir) : NULL; name; name = g_dir_read_name (dir)) {
    g_autofree char *child = g_build_filename (path, name, NULL);
    remove_tree (child);
  }
  g_remove (path);
}

void
folder_remove (char *folder)
{
  remove_tree (folder);
  g_free (folder);
}

char *
folder_read (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  char *text = NULL;

  g_file_get_contents (path, &text, NULL, NULL);
  return text;
}

void
folder_write (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_mkdir_with_parents (parent, 0755);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

gboolean
folder_has (const char *folder, const char *name)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);

  return g_file_test (path, G_FILE_TEST_EXISTS) || g_file_test (path, G_FILE_TEST_IS_SYMLINK);
}
