/* SPDX-License-Identifier: MIT */
#include "run/dead.h"

#include "base/fs.h"
#include "run/ledger.h"

#include <dirent.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct {
  int base_fd;
  const SrtDeadTable *table;
  gpointer data;
  const char *run_id;
  SrtDeadTally *tally;
} Visit;

/* The folder NAME with its lock taken, or -1: its run lives, or another srt was here first. */
static int
take_dead (int base_fd, const char *name)
{
  struct stat info;
  int fd = openat (base_fd, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (fd >= 0 && flock (fd, LOCK_EX | LOCK_NB) == 0 && fstat (fd, &info) == 0 && info.st_nlink > 0)
    return fd;
  if (fd >= 0)
    close (fd);
  return -1;
}

static gboolean
visit_entry (gpointer data, const char *owner, const char *entry, gsize length)
{
  Visit *visit = data;
  return visit->table->entry (visit->data, visit->run_id, owner, entry, length, &visit->tally->things);
}

/* A folder whose lock we hold. */
static void
visit_dead (Visit *visit, const char *name, int fd)
{
  g_autoptr (GError) error = NULL;
  gboolean handled = srt_ledger_read (fd, visit_entry, visit, &error);
  if (handled && srt_fs_remove_tree (visit->base_fd, name, NULL, &error)) {
    visit->tally->folders++;
    return;
  }
  visit->tally->kept++;
  if (error)
    visit->table->kept (visit->data, visit->run_id, error->message);
}

/* A run that was killed while it made its folder: see make_locked in rundir.c. No other srt is in the middle of that
 * while we alone hold the lock of the user's folder. */
static void
remove_unborn (int base_fd, const char *name)
{
  if (flock (base_fd, LOCK_EX | LOCK_NB) != 0)
    return;
  int fd = take_dead (base_fd, name);
  if (fd >= 0) {
    srt_fs_remove_tree (base_fd, name, NULL, NULL);
    close (fd);
  }
  flock (base_fd, LOCK_UN);
}

static void
visit_name (Visit *visit, const char *name)
{
  if (g_str_has_prefix (name, "new-"))
    remove_unborn (visit->base_fd, name);
  if (!g_str_has_prefix (name, "run-"))
    return;
  int fd = take_dead (visit->base_fd, name);
  if (fd < 0)
    return;
  visit->run_id = name + strlen ("run-");
  visit_dead (visit, name, fd);
  close (fd);
}

void
srt_dead_clean (int base_fd, const SrtDeadTable *table, gpointer data, SrtDeadTally *ret_tally)
{
  Visit visit = { .base_fd = base_fd, .table = table, .data = data, .tally = ret_tally };
  *ret_tally = (SrtDeadTally){ 0 };
  int fd = openat (base_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *entries = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *entry;
  while (entries && (entry = readdir (entries)))
    visit_name (&visit, entry->d_name);
  if (entries)
    closedir (entries);
}

char *
srt_dead_tally_text (const SrtDeadTally *tally)
{
  guint all = tally->folders + tally->things;
  if (all == 0)
    return NULL;
  GString *text = g_string_new (NULL);
  g_string_printf (text, "Cleaned up %u orphaned resource%s: %u folder%s of dead runs", all, all == 1 ? "" : "s",
                   tally->folders, tally->folders == 1 ? "" : "s");
  if (tally->things > 0)
    g_string_append_printf (text, ", %u of their processes, cgroups, containers", tally->things);
  return g_string_free (text, FALSE);
}
