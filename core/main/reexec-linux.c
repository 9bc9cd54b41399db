/* SPDX-License-Identifier: MIT */
#include "main/reexec.h"

#include "base/error.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#define SELF "/proc/self/exe"

/* The program's name, so that `ps` does not show "exe"; NULL: it is not there any more, or another one stands there. */
static char *
own_path (void)
{
  struct stat own, named;
  g_autofree char *path = g_file_read_link (SELF, NULL);
  gboolean same = path && stat (SELF, &own) == 0 && stat (path, &named) == 0 && own.st_dev == named.st_dev &&
                  own.st_ino == named.st_ino;
  return same ? g_steal_pointer (&path) : NULL;
}

void
srt_reexec (char **argv, char **envp, GError **error)
{
  g_autofree char *path = own_path ();
  execve (path ? path : SELF, argv, envp);
  g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "cannot start srt again (%s): %s", path ? path : SELF,
               g_strerror (errno));
}
