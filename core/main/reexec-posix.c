/* SPDX-License-Identifier: MIT
 * The portable twin of reexec-linux.c: the program is what its name leads to. */
#include "main/reexec.h"

#include "base/error.h"

#include <errno.h>
#include <unistd.h>

void
srt_reexec (char **argv, char **envp, GError **error)
{
  g_autofree char *path = g_find_program_in_path (argv[0]);
  errno = ENOENT;
  if (path)
    execve (path, argv, envp);
  g_set_error (error, SRT_ERROR, SRT_ERROR_INTERNAL, "cannot start srt again (%s): %s", argv[0], g_strerror (errno));
}
