/* SPDX-License-Identifier: MIT */
#include "run/fingerprint.h"

#include "base/error.h"
#include "host/source.h"
#include "host/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TEXT_MAX = 200, REVISION_DIGITS = 16, DIGEST_DIGITS = 8 };
static const guint64 git_patience_ns = G_GUINT64_CONSTANT (3000000000),
                     command_patience_ns = G_GUINT64_CONSTANT (10000000000);

/* --- a helper and what it prints ------------------------------------------------------------------------------ */

typedef struct {
  guint64 patience_ns;
  GByteArray *printed; /* at most TEXT_MAX bytes more than are needed */
  GChecksum *sum;      /* of all */
  srt_source *source;
  int status;
  gboolean ended, closed, done;
} Asked;

static void
on_output (void *data, int fd, uint32_t events)
{
  Asked *asked = data;
  guint8 bytes[4096];
  ssize_t n = read (fd, bytes, sizeof bytes);
  if (n < 0 && (errno == EINTR || errno == EAGAIN))
    return;
  if (n <= 0) {
    asked->closed = TRUE;
    g_clear_pointer (&asked->source, srt_source_remove);
    return;
  }
  g_checksum_update (asked->sum, bytes, n);
  if (asked->printed->len < sizeof bytes)
    g_byte_array_append (asked->printed, bytes, (guint)n);
}

static void
on_end (void *data, srt_helper *helper, int status)
{
  Asked *asked = data;
  asked->status = status;
  asked->ended = TRUE;
}

static void
wait_for (const SrtFingerprintPlace *place, Asked *asked)
{
  guint64 now, until = srt_loop_now_ns () + asked->patience_ns;
  while (!(asked->ended && asked->closed) && *place->signal_number == 0 && (now = srt_loop_now_ns ()) < until)
    srt_loop_turn (place->loop, until - now);
  if (!asked->ended)
    srt_loop_drop_owner (place->loop, asked);
}

/* Why there is no answer to be used; NULL: there is. */
static char *
trouble_text (const SrtFingerprintPlace *place, const Asked *asked)
{
  if (!asked->ended || !asked->closed)
    return *place->signal_number != 0 ? g_strdup ("it was interrupted")
                                      : g_strdup_printf ("it took over %u s", (guint)(asked->patience_ns / 1000000000));
  if (WIFSIGNALED (asked->status))
    return g_strdup_printf ("it was ended by signal %d", WTERMSIG (asked->status));
  if (WEXITSTATUS (asked->status) != 0)
    return g_strdup_printf ("it ended with exit status %d", WEXITSTATUS (asked->status));
  return NULL;
}

/* Its output in ASKED. FALSE: it could not be started, took too long or failed, as *RET_WHY says. */
static gboolean
ask (const SrtFingerprintPlace *place, const char *const *argv, gboolean quiet, Asked *asked, char **ret_why)
{
  g_autoptr (GError) error = NULL;
  int pipe_fds[2], null_fd = quiet ? open ("/dev/null", O_WRONLY | O_CLOEXEC) : -1;
  if (pipe2 (pipe_fds, O_CLOEXEC) < 0) {
    *ret_why = g_strdup (g_strerror (errno));
    return FALSE;
  }
  const srt_fd_map fds[] = { { pipe_fds[1], STDOUT_FILENO }, { null_fd, STDERR_FILENO } };
  srt_spawn spawn = {
    .size = sizeof spawn, .argv = argv, .cwd = place->dir, .fds = fds, .n_fds = null_fd >= 0 ? 2 : 1
  };
  SrtScope *scope = srt_scope_new (srt_loop_sources (place->loop));
  int32_t status;
  srt_helper *helper = srt_loop_spawn (place->loop, asked, &spawn, on_end, asked, &status, &error);
  close (pipe_fds[1]);
  if (null_fd >= 0)
    close (null_fd);
  if (helper) {
    asked->source = srt_source_add_fd (scope, pipe_fds[0], SRT_FD_READ, on_output, asked);
    wait_for (place, asked);
  }
  srt_scope_free (scope);
  close (pipe_fds[0]);
  *ret_why = helper ? trouble_text (place, asked) : g_strdup (error->message);
  return *ret_why == NULL;
}

static void
asked_init (Asked *asked, guint64 patience_ns)
{
  *asked =
      (Asked){ .patience_ns = patience_ns, .printed = g_byte_array_new (), .sum = g_checksum_new (G_CHECKSUM_SHA256) };
}

static void
asked_clear (Asked *asked)
{
  g_byte_array_unref (asked->printed);
  g_checksum_free (asked->sum);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Asked, asked_clear)

/* --- git ------------------------------------------------------------------------------------------------------ */

static gboolean
in_git_tree (const char *dir)
{
  g_autofree char *at = g_strdup (dir);
  for (;;) {
    g_autofree char *git = g_build_filename (at, ".git", NULL);
    if (access (git, F_OK) == 0)
      return TRUE;
    char *parent = g_path_get_dirname (at);
    gboolean top = g_str_equal (parent, at);
    g_free (at);
    at = parent;
    if (top)
      return FALSE;
  }
}

/* From `git status --porcelain=v2 --branch`: "# branch.oid REVISION", then a line for each file that differs. */
static gboolean
read_status (const Asked *asked, char *ret_revision, gboolean *ret_dirty)
{
  static const char head[] = "# branch.oid ";
  g_autofree char *text = g_strndup ((const char *)asked->printed->data, asked->printed->len);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  gboolean found = FALSE;
  *ret_dirty = FALSE;
  for (char **line = lines; *line; line++) {
    const char *revision = *line + sizeof head - 1;
    if (g_str_has_prefix (*line, head) && g_ascii_isxdigit (*revision)) { /* "(initial)": nothing is committed yet */
      g_strlcpy (ret_revision, revision, REVISION_DIGITS + 1);
      found = TRUE;
    }
    *ret_dirty |= **line != '#' && **line != '\0';
  }
  return found;
}

/* Nothing is known where git is not there, does not trust the tree, is too slow, or has no revision. */
static char *
ask_git (const SrtFingerprintPlace *place)
{
  static const char *const status[] = { "git",      "--no-optional-locks",  "status", "--porcelain=v2",
                                        "--branch", "--untracked-files=no", NULL };
  static const char *const diff[] = { "git",           "--no-optional-locks", "diff",       "HEAD", "--full-index",
                                      "--no-ext-diff", "--no-textconv",       "--no-color", NULL };
  char revision[REVISION_DIGITS + 1];
  g_autofree char *why = NULL;
  g_auto (Asked) asked = { 0 }, difference = { 0 };
  gboolean dirty;
  asked_init (&asked, git_patience_ns);
  asked_init (&difference, git_patience_ns);
  gboolean answered = ask (place, status, TRUE, &asked, &why);
  if (answered && !read_status (&asked, revision, &dirty))
    return g_strdup (""); /* nothing is committed yet */
  if (answered && !dirty)
    return g_strdup_printf ("git %s", revision);
  if (!answered || !ask (place, diff, TRUE, &difference, &why)) {
    srt_notify_logf (place->notify, SRT_LOG_INFO, "git does not say the state of the sources: %s", why);
    return g_strdup ("");
  }
  return g_strdup_printf ("git %s dirty %.*s", revision, DIGEST_DIGITS, g_checksum_get_string (difference.sum));
}

/* --- a command ------------------------------------------------------------------------------------------------ */

static char *
ask_command (const SrtFingerprintPlace *place, const char *const *argv, GError **error)
{
  g_autofree char *why = NULL, *text = NULL;
  g_auto (Asked) asked = { 0 };
  asked_init (&asked, command_patience_ns);
  if (ask (place, argv, FALSE, &asked, &why)) {
    text = srt_text_clean_line ((const char *)asked.printed->data, asked.printed->len);
    if (*text == '\0')
      why = g_strdup ("it printed nothing");
  }
  if (why) {
    int code = *place->signal_number != 0 ? 128 + *place->signal_number : SRT_ERROR_USAGE;
    g_set_error (error, SRT_ERROR, code, "run.fingerprint: %s: %s", argv[0], why);
    return NULL;
  }
  if (asked.printed->len <= TEXT_MAX && strlen (text) <= TEXT_MAX)
    return g_steal_pointer (&text);
  return g_strdup_printf ("sha256 %s", g_checksum_get_string (asked.sum));
}

gboolean
srt_fingerprint_take (const SrtFingerprintPlace *place, const char *const *words, char **ret, GError **error)
{
  gboolean lone = words[0] && !words[1];
  if (lone && g_str_equal (words[0], "none"))
    *ret = NULL;
  else if (lone && g_str_equal (words[0], "auto"))
    *ret = in_git_tree (place->dir) ? ask_git (place) : g_strdup ("");
  else
    return (*ret = ask_command (place, words, error)) != NULL;
  return TRUE;
}
