/* SPDX-License-Identifier: MIT */
#include "processes.h"
#include "file.h"
#include "../shared/parse.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char *
read_once (int proc, const char *pid, const char *name, const SrtScratch *scratch)
{
  SrtFile file = SRT_FILE_CLOSED;
  char path[64];
  const char *text;

  snprintf (path, sizeof path, "%.20s/%s", pid, name);
  text = srt_file_read (&file, proc, path, scratch);
  srt_file_close (&file);
  return text;
}

/* The core may know a longer struct than we do: its `size` is the stride. */
static srt_process *
row (srt_process *rows, uint32_t i)
{
  return (srt_process *)((char *)rows + (size_t)i * rows->size);
}

/* Keeps ROWS in order, the N_ROWS largest of all that were inserted; returns how many there are now. */
static uint32_t
insert (srt_process *rows, uint32_t n_rows, uint32_t used, const srt_process *process)
{
  uint32_t at = used, size = rows->size;

  while (at > 0 && row (rows, at - 1)->memory < process->memory)
    at--;
  if (at == n_rows)
    return used;
  if (used == n_rows)
    used--;
  for (uint32_t i = used; i > at; i--)
    memcpy (row (rows, i), row (rows, i - 1), sizeof (srt_process));
  memcpy (row (rows, at), process, sizeof (srt_process));
  row (rows, at)->size = size;
  return used + 1;
}

/* "python3" alone says little: the script's name is put behind it. No more of the command line, and nothing that does
 * not look like a file, as it may hold what is not for a report (a password). */
static void
add_script (int proc, srt_process *process, const SrtScratch *scratch)
{
  char pid[24];
  const char *first, *second;
  size_t used = strlen (process->command);

  snprintf (pid, sizeof pid, "%lld", (long long)process->pid);
  memset (scratch->bytes, 0, scratch->size);
  first = read_once (proc, pid, "cmdline", scratch);
  if (!first)
    return;
  second = first + strlen (first) + 1;
  if (second >= first + scratch->size || second[0] == '-' || second[0] == '\0' || strpbrk (second, " \t\n=:@") ||
      !strpbrk (second, "./"))
    return;
  for (const char *p = second; *p; p++) {
    if (*p < ' ' || *p > '~')
      return;
  }
  snprintf (process->command + used, sizeof process->command - used, " %s", second);
}

int
srt_processes_largest (int proc, srt_process *processes, uint32_t n, uint32_t *ret_n)
{
  char bytes[4096];
  const SrtScratch scratch = { bytes, sizeof bytes };
  uint64_t page_size = (uint64_t)sysconf (_SC_PAGESIZE), ticks = (uint64_t)sysconf (_SC_CLK_TCK);
  int fd = openat (proc, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *dir = fd >= 0 ? fdopendir (fd) : NULL;
  struct dirent *entry;
  uint32_t used = 0;
  int saved = errno;

  if (!dir) {
    if (fd >= 0)
      close (fd);
    return saved;
  }
  while (n > 0 && (entry = readdir (dir)) != NULL) {
    srt_process process = { .size = sizeof process };
    const char *text =
        entry->d_name[0] >= '1' && entry->d_name[0] <= '9' ? read_once (proc, entry->d_name, "stat", &scratch) : NULL;

    if (text && srt_parse_process (text, page_size, ticks, &process))
      used = insert (processes, n, used, &process);
  }
  closedir (dir);
  for (uint32_t i = 0; i < used; i++)
    add_script (proc, row (processes, i), &scratch);
  *ret_n = used;
  return 0;
}
