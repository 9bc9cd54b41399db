/* SPDX-License-Identifier: MIT */
#include "run/forensics.h"

#include "base/error.h"
#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FOLDER      ".srt"
#define MIB         (double)(1 << 20)
#define N_PROCESSES 15u

static double
seconds (guint64 ns)
{
  return (double)ns / 1e9;
}

static void
add_tests (GString *text, const SrtForensics *f)
{
  g_string_append_printf (text, "\nRunning tests, the oldest first: %u\n", f->n_running);
  for (guint32 i = 0; i < f->n_running; i++) {
    const SrtRunningTest *row = &f->running[i];
    g_autofree char *id = srt_text_printable (row->test->pub.id, strlen (row->test->pub.id));
    g_string_append_printf (text, "  %8.1f s  memory %7.0f MiB (peak %.0f)  CPU %7.1f s  processes %u%s  %s\n",
                            seconds (f->now_ns - row->since_ns), (double)row->usage->memory_now / MIB,
                            (double)row->usage->memory_peak / MIB,
                            seconds (row->usage->user_ns + row->usage->system_ns), row->usage->processes,
                            row->frozen_since_ns > 0 ? "  frozen" : "", id);
  }
}

static void
add_processes (GString *text, const SrtForensics *f)
{
  srt_process rows[N_PROCESSES];
  uint32_t n = 0;
  memset (rows, 0, sizeof rows);
  for (guint i = 0; i < N_PROCESSES; i++)
    rows[i].size = sizeof rows[i];
  if (!f->ops->processes || f->ops->processes (srt_instance_self (f->monitor), rows, N_PROCESSES, &n) != SRT_OK) {
    g_string_append (text, "\nThe largest processes of the machine: not known\n");
    return;
  }
  g_string_append (text, "\nThe largest processes of the machine:\n");
  for (uint32_t i = 0; i < n; i++) {
    g_autofree char *command = srt_text_printable (rows[i].command, strnlen (rows[i].command, sizeof rows[i].command));
    g_string_append_printf (
        text, "  pid %8" G_GINT64_FORMAT "  parent %8" G_GINT64_FORMAT "  memory %7.0f MiB  CPU %8.1f s  %s\n",
        rows[i].pid, rows[i].parent, (double)rows[i].memory / MIB, seconds (rows[i].cpu_ns), command);
  }
}

static void
add_stall (GString *text, const char *name, const srt_pressure *pressure)
{
  g_string_append_printf (text, "  %-6s  some %5.1f %%  all %5.1f %% of the last 10 s; in all %.1f s and %.1f s\n",
                          name, (double)pressure->some_avg10, (double)pressure->full_avg10,
                          seconds (pressure->some_total_ns), seconds (pressure->full_total_ns));
}

static void
add_machine (GString *text, const srt_sample *sample)
{
  g_string_append_printf (text,
                          "\nMachine: memory %.0f of %.0f MiB available (%s), swap %.0f of %.0f MiB free, %.2f cores, "
                          "CPU %.0f %% busy\n",
                          (double)sample->memory_available / MIB, (double)sample->memory_total / MIB,
                          sample->memory_source ? sample->memory_source : "machine", (double)sample->swap_free / MIB,
                          (double)sample->swap_total / MIB, (double)sample->cpu_milli / 1000, (double)sample->cpu_busy);
  g_string_append (text, "Tasks that waited (pressure stall information):");
  if (!(sample->valid & SRT_SAMPLE_PRESSURE)) {
    g_string_append (text, " not told by this kernel\n");
    return;
  }
  g_string_append_c (text, '\n');
  add_stall (text, "memory", &sample->memory_pressure);
  add_stall (text, "CPU", &sample->cpu_pressure);
  add_stall (text, "I/O", &sample->io_pressure);
}

char *
srt_forensics_text (const SrtForensics *f)
{
  GString *text = g_string_new (NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *date = g_date_time_format (now, "%Y-%m-%d %H:%M:%S %z");
  g_string_append_printf (text, "srt: protected stop of run %s at %s\nReason: %s\n", f->run_id, date, f->reason);
  add_machine (text, f->sample);
  add_tests (text, f);
  add_processes (text, f);
  g_string_append (text, "\nThe last minute:\n");
  srt_trail_print (f->trail, f->now_ns, text);
  return g_string_free (text, FALSE);
}

static int
open_file (const char *project_dir, const char *name)
{
  int project = open (project_dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (project < 0)
    return -1;
  if (mkdirat (project, FOLDER, 0755) < 0 && errno != EEXIST) {
    int saved = errno;
    close (project);
    errno = saved;
    return -1;
  }
  int folder = openat (project, FOLDER, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  int file = folder < 0 ? -1 : openat (folder, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0644);
  int saved = errno;
  if (folder >= 0)
    close (folder);
  close (project);
  errno = saved;
  return file;
}

static gboolean
write_all (int fd, const char *text)
{
  gsize left = strlen (text);
  while (left > 0) {
    ssize_t n = write (fd, text, left);
    if (n < 0 && errno != EINTR)
      return FALSE;
    text += MAX (n, 0);
    left -= (gsize)MAX (n, 0);
  }
  return TRUE;
}

gboolean
srt_forensics_write (const char *project_dir, const char *name, const char *text, char **ret_path, GError **error)
{
  g_autofree char *path = g_build_filename (project_dir, FOLDER, name, NULL);
  int fd = open_file (project_dir, name);
  gboolean written = fd >= 0 && write_all (fd, text);
  if (!written)
    g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "%s cannot be written: %s", path, g_strerror (errno));
  else
    *ret_path = g_steal_pointer (&path);
  if (fd >= 0)
    close (fd);
  return written;
}
