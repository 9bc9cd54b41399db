/* SPDX-License-Identifier: MIT */
#include "run/ledger.h"

#include "base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NAME "ledger"
/* More than any run writes; a file beyond it is not ours. */
#define FILE_MAX (16u << 20)

struct SrtLedger {
  char *run_dir;
  int fd; /* -1: nothing written yet */
};

SrtLedger *
srt_ledger_new (const char *run_dir)
{
  SrtLedger *ledger = g_new0 (SrtLedger, 1);
  ledger->run_dir = g_strdup (run_dir);
  ledger->fd = -1;
  return ledger;
}

void
srt_ledger_free (SrtLedger *ledger)
{
  if (ledger == NULL)
    return;
  if (ledger->fd >= 0)
    close (ledger->fd);
  g_free (ledger->run_dir);
  g_free (ledger);
}

/* --- writing -------------------------------------------------------------------------------------------------- */

static gboolean
open_file (SrtLedger *ledger)
{
  if (ledger->fd >= 0)
    return TRUE;
  int dir_fd = open (ledger->run_dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (dir_fd < 0)
    return FALSE;
  ledger->fd = openat (dir_fd, NAME, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
  int code = errno;
  close (dir_fd);
  errno = code;
  return ledger->fd >= 0;
}

static int32_t
failed (const char **ret_reason)
{
  int code = errno;
  *ret_reason = g_strerror (code);
  return code == ENOSPC || code == EDQUOT ? SRT_E_NO_SPACE : SRT_E_FAILED;
}

/* All of LINE or nothing: what a full disk took of it goes again, or the next line would be glued to it. */
static int32_t
append (int fd, const GString *line, const char **ret_reason)
{
  struct stat before;
  if (fstat (fd, &before) < 0)
    return failed (ret_reason);
  gssize written = write (fd, line->str, line->len);
  if (written == (gssize)line->len)
    return SRT_OK;
  if (written >= 0)
    errno = ENOSPC;
  int32_t status = failed (ret_reason);
  if (written > 0 && ftruncate (fd, before.st_size) < 0)
    *ret_reason = "a line of the ledger is torn";
  return status;
}

int32_t
srt_ledger_write (gpointer data, const char *owner, const char *entry, size_t length, const char **ret_reason)
{
  SrtLedger *ledger = data;
  if (length == 0 || length > SRT_LEDGER_ENTRY_MAX || memchr (entry, '\n', length) || memchr (entry, '\0', length)) {
    *ret_reason = "an entry of the ledger is one line of 1 to 1000 bytes";
    return SRT_E_INVALID;
  }
  if (!open_file (ledger))
    return failed (ret_reason);
  g_autoptr (GString) line = g_string_new (owner);
  g_string_append_c (line, '\t');
  g_string_append_len (line, entry, (gssize)length);
  g_string_append_c (line, '\n');
  return append (ledger->fd, line, ret_reason);
}

/* --- reading -------------------------------------------------------------------------------------------------- */

static gboolean
refuse (GError **error, const char *reason)
{
  g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "its ledger %s", reason);
  return FALSE;
}

/* The whole file, or NULL. */
static GString *
read_file (int fd, GError **error)
{
  struct stat info;
  if (fstat (fd, &info) < 0 || !S_ISREG (info.st_mode) || info.st_uid != geteuid () || info.st_size > FILE_MAX) {
    refuse (error, "is not a file that srt has written");
    return NULL;
  }
  GString *text = g_string_sized_new ((gsize)info.st_size + 1);
  char block[4096];
  gssize got;
  while ((got = read (fd, block, sizeof block)) > 0 && text->len <= FILE_MAX)
    g_string_append_len (text, block, got);
  if (got == 0)
    return text;
  refuse (error, got < 0 ? g_strerror (errno) : "grows while it is read");
  g_string_free (text, TRUE);
  return NULL;
}

/* One line without its end: the part before the tab becomes a text of its own. */
static gboolean
hand_on (const char *line, gsize length, SrtLedgerFn fn, gpointer data, GError **error)
{
  const char *tab = memchr (line, '\t', length);
  gsize before = tab ? (gsize)(tab - line) : 0;
  if (before == 0 || before + 1 == length || length - before - 1 > SRT_LEDGER_ENTRY_MAX || memchr (line, '\0', length))
    return refuse (error, "has a line that srt has not written");
  g_autofree char *owner = g_strndup (line, before);
  return fn (data, owner, tab + 1, length - before - 1);
}

gboolean
srt_ledger_read (int dir_fd, SrtLedgerFn fn, gpointer data, GError **error)
{
  int fd = openat (dir_fd, NAME, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (fd < 0 && errno == ENOENT)
    return TRUE;
  if (fd < 0)
    return refuse (error, "cannot be opened");
  GString *text = read_file (fd, error);
  close (fd);
  if (text == NULL)
    return FALSE;
  gboolean good = TRUE;
  const char *at = text->str, *behind = text->str + text->len, *end;
  for (; good && (end = memchr (at, '\n', (gsize)(behind - at))); at = end + 1)
    good = hand_on (at, (gsize)(end - at), fn, data, error);
  g_string_free (text, TRUE);
  return good;
}
