/* SPDX-License-Identifier: MIT */
#include "loading/loading.h"
#include "base/error.h"
#include <errno.h>
#include <glib-unix.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SRT_LOAD_SECONDS /* the tests have less patience */
#define SRT_LOAD_SECONDS 10
#endif
enum { LOAD_SECONDS = SRT_LOAD_SECONDS, ANSWER_MAX = 64 * 1024 };
/* The child's answer begins with one of these; none: it did not get so far. */
static const char ANSWER_GOOD = '+', ANSWER_BAD = '-';

static const char *
signal_word (int number)
{
  static const struct {
    int number;
    const char *word;
  } words[] = { { SIGSEGV, "SIGSEGV" }, { SIGBUS, "SIGBUS" },   { SIGABRT, "SIGABRT" }, { SIGILL, "SIGILL" },
                { SIGFPE, "SIGFPE" },   { SIGTRAP, "SIGTRAP" }, { SIGSYS, "SIGSYS" },   { SIGKILL, "SIGKILL" } };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (words[i].number == number)
      return words[i].word;
  return "another signal";
}

/* ---- in the child ---- */

/* A crash is to end the child as the system does it: no handler of ours or of a sanitizer, no core file. */
static void
become_plain (void)
{
  static const int deadly[] = { SIGSEGV, SIGBUS, SIGABRT, SIGILL, SIGFPE, SIGTRAP, SIGSYS, SIGALRM };
  struct rlimit none = { 0, 0 };
  sigset_t empty;
  for (gsize i = 0; i < G_N_ELEMENTS (deadly); i++)
    signal (deadly[i], SIG_DFL);
  sigemptyset (&empty);
  sigprocmask (SIG_SETMASK, &empty, NULL);
  setrlimit (RLIMIT_CORE, &none);
  alarm (LOAD_SECONDS + 1); /* should the parent die meanwhile */
}

static void
write_all (int fd, const char *bytes, gsize length)
{
  while (length > 0) {
    gssize n = write (fd, bytes, length);
    if (n < 0 && errno != EINTR)
      return;
    if (n > 0) {
      bytes += n;
      length -= (gsize)n;
    }
  }
}

G_NORETURN static void
child (SrtLoader *loader, const char *file, int fd)
{
  g_autoptr (GError) error = NULL;
  become_plain ();
  gboolean good = srt_loader_get_file (loader, file, &error) != NULL;
  write_all (fd, good ? &ANSWER_GOOD : &ANSWER_BAD, 1);
  if (!good)
    write_all (fd, error->message, strlen (error->message));
  _exit (0);
}

/* ---- in the parent ---- */

/* Read FD to its end. FALSE: it took too long. */
static gboolean
read_answer (int fd, GString *answer)
{
  gint64 until = g_get_monotonic_time () + LOAD_SECONDS * G_TIME_SPAN_SECOND;
  for (;;) {
    gint64 left = until - g_get_monotonic_time ();
    struct pollfd poll_fd = { .fd = fd, .events = POLLIN };
    int ready = left > 0 ? poll (&poll_fd, 1, (int)(left / 1000) + 1) : 0;
    if (ready == 0 || answer->len > ANSWER_MAX)
      return FALSE;
    char buffer[4096];
    gssize n = ready > 0 ? read (fd, buffer, sizeof buffer) : -1;
    if (n == 0)
      return TRUE;
    if (n > 0)
      g_string_append_len (answer, buffer, n);
    else if (errno != EINTR)
      return TRUE;
  }
}

static int
end_child (pid_t pid, gboolean by_force)
{
  int status = 0;
  if (by_force)
    kill (pid, SIGKILL);
  while (waitpid (pid, &status, 0) < 0 && errno == EINTR)
    ;
  return status;
}

static gboolean
judge (const char *file, const GString *answer, gboolean in_time, int status, GError **error)
{
  if (answer->len > 0 && answer->str[0] == ANSWER_GOOD)
    return TRUE;
  if (answer->len > 0 && answer->str[0] == ANSWER_BAD)
    g_set_error_literal (error, SRT_ERROR, SRT_ERROR_USAGE, answer->str + 1);
  else if (!in_time)
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: hangs when it is loaded (for more than %d s)", file,
                 LOAD_SECONDS);
  else if (WIFSIGNALED (status))
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: crashes when it is loaded (%s)", file,
                 signal_word (WTERMSIG (status)));
  else
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "%s: ends the process when it is loaded (exit status %d)", file,
                 WEXITSTATUS (status));
  return FALSE;
}

static gboolean
loads_in_child (SrtLoader *loader, const char *file, GError **error)
{
  int fds[2];
  if (!g_unix_open_pipe (fds, FD_CLOEXEC, error))
    return FALSE;
  pid_t pid = fork ();
  if (pid == 0)
    child (loader, file, fds[1]);
  close (fds[1]);
  if (pid < 0) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "cannot fork: %s", g_strerror (errno));
    close (fds[0]);
    return FALSE;
  }
  g_autoptr (GString) answer = g_string_new (NULL);
  gboolean in_time = read_answer (fds[0], answer);
  close (fds[0]);
  return judge (file, answer, in_time, end_child (pid, !in_time), error);
}

const SrtModule *
srt_loader_inspect (SrtLoader *loader, const char *file, GError **error)
{
  return loads_in_child (loader, file, error) ? srt_loader_get_file (loader, file, error) : NULL;
}
