/* SPDX-License-Identifier: MIT */
#include "program.h"
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool
program_needs_linker (const unsigned char *bytes, size_t n)
{
  Elf64_Ehdr head;
  Elf64_Phdr part;

  if (n < sizeof head || memcmp (bytes, ELFMAG, SELFMAG) != 0)
    return false;
  memcpy (&head, bytes, sizeof head);
  for (unsigned i = 0; i < head.e_phnum; i++) {
    size_t at = head.e_phoff + i * sizeof part;

    if (head.e_phoff > n || at + sizeof part > n)
      return false;
    memcpy (&part, bytes + at, sizeof part);
    if (part.p_type == PT_INTERP)
      return true;
  }
  return false;
}

static bool
is_static (const char *path)
{
  unsigned char bytes[4096];
  int fd = open (path, O_RDONLY | O_CLOEXEC);
  ssize_t n = fd >= 0 ? read (fd, bytes, sizeof bytes) : -1;

  if (fd >= 0)
    close (fd);
  return n > 0 && !program_needs_linker (bytes, (size_t)n);
}

int32_t
program_find_agent (const srt_host *host, char path[PATH_MAX])
{
  static const char *const names[] = { "srt-agent-static", "srt-agent" };
  const char *given = host->get_string (host->options, "agent");

  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    snprintf (path, PATH_MAX, "%s/%s", given ? given : host->libexec_dir, given ? "" : names[i]);
    if (given)
      snprintf (path, PATH_MAX, "%s", given);
    if (access (path, X_OK) == 0)
      break;
  }
  if (access (path, X_OK) < 0) {
    host->set_errorf (host, "%s: %s", path, strerror (errno));
    return given ? SRT_E_INVALID : SRT_E_NOT_FOUND;
  }
  if (is_static (path))
    return SRT_OK;
  host->set_errorf (host, "%s is not linked statically, so it cannot run inside an image", path);
  return SRT_E_UNSUPPORTED;
}
