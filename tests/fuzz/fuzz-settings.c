/* SPDX-License-Identifier: MIT
 * Any file is a configuration or is refused with its place; what is accepted can be printed. */
#include "fuzz.h"
#include "settings/settings.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* libconfig forgets the text that it was reading when it meets a mistake. */
const char *__lsan_default_suppressions (void);

const char *
__lsan_default_suppressions (void)
{
  return "leak:libconfig.so";
}

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  static const char *const no_env[] = { NULL };
  int fd = memfd_create ("fuzz", MFD_CLOEXEC);
  g_autofree char *path = g_strdup_printf ("/proc/self/fd/%d", fd);
  SrtCommandLayer command = { .config = path };
  g_autoptr (GError) error = NULL;

  /* @include would open files of this machine. */
  if (fd < 0 || memmem (bytes, n, "@include", 8) || write (fd, bytes, n) != (ssize_t)n) {
    close (fd);
    return 0;
  }
  g_autoptr (SrtSettings) settings = srt_settings_load (NULL, NULL, &command, no_env, "/", &error);
  g_assert_true ((settings != NULL) != (error != NULL));
  if (settings)
    g_free (srt_settings_print (settings, NULL, NULL));
  close (fd);
  return 0;
}
