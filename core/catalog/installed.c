/* SPDX-License-Identifier: MIT */
#include "catalog/installed.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "catalog/names.h"

#define GROUP       "Test"
#define FILE_LENGTH (64 * 1024)

void
srt_installed_test_free (SrtInstalledTest *test)
{
  g_strfreev (test->argv);
  g_strfreev (test->env);
  g_free (test);
}

/* KEY's text; an error when it is not there, in words that do not need GKeyFile's. */
static char *
need (GKeyFile *file, const char *key, GError **error)
{
  char *text = g_key_file_get_string (file, GROUP, key, NULL);
  if (text == NULL)
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "a .test file without %s in its group [%s]", key, GROUP);
  return text;
}

static gboolean
read_type (SrtInstalledTest *test, GKeyFile *file, GError **error)
{
  g_autofree char *type = need (file, "Type", error);
  if (type == NULL)
    return FALSE;
  g_strstrip (type);
  test->exclusive = g_str_equal (type, "session-exclusive");
  if (test->exclusive || g_str_equal (type, "session"))
    return TRUE;
  g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "Type=%s is not run here, only session and session-exclusive", type);
  return FALSE;
}

static gboolean
read_exec (SrtInstalledTest *test, GKeyFile *file, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree char *exec = need (file, "Exec", error);
  if (exec == NULL)
    return FALSE;
  if (g_shell_parse_argv (exec, NULL, &test->argv, &why))
    return TRUE;
  g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "Exec: %s", why->message);
  return FALSE;
}

static gboolean
read_environment (SrtInstalledTest *test, GKeyFile *file, GError **error)
{
  test->env = g_key_file_get_string_list (file, GROUP, "TestEnvironment", NULL, NULL);
  for (char **variable = test->env; variable != NULL && *variable != NULL; variable++) {
    const char *equals = strchr (*variable, '=');
    if (equals != NULL && equals != *variable)
      continue;
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "TestEnvironment: \"%s\" is no NAME=value", *variable);
    return FALSE;
  }
  return TRUE;
}

SrtInstalledTest *
srt_installed_test_parse (const char *text, gsize length, GError **error)
{
  g_autoptr (GKeyFile) file = g_key_file_new ();
  g_autoptr (GError) why = NULL;
  if (!g_key_file_load_from_data (file, text, length, G_KEY_FILE_NONE, &why)) {
    g_set_error (error, SRT_ERROR, SRT_ERROR_USAGE, "not a .test file: %s", why->message);
    return NULL;
  }
  g_autoptr (SrtInstalledTest) test = g_new0 (SrtInstalledTest, 1);
  if (!read_type (test, file, error) || !read_exec (test, file, error) || !read_environment (test, file, error))
    return NULL;
  g_autofree char *output = g_key_file_get_string (file, GROUP, "Output", NULL);
  test->tap = output != NULL && g_str_equal (g_strstrip (output), "TAP");
  return g_steal_pointer (&test);
}

/* The bytes of FD into BUFFER; -1: errno says why. */
static gssize
read_whole (int fd, char *buffer, gsize size)
{
  gsize filled = 0;
  while (filled < size) {
    gssize n = read (fd, buffer + filled, size - filled);
    if (n < 0 && errno == EINTR)
      continue;
    if (n < 0)
      return -1;
    if (n == 0)
      break;
    filled += (gsize)n;
  }
  return (gssize)filled;
}

SrtInstalledTest *
srt_installed_test_read (int folder, const char *name, GError **error)
{
  g_autofree char *text = g_malloc (FILE_LENGTH + 1);
  int fd = openat (folder, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY); /* never hang on a fifo */
  gssize length = fd < 0 ? -1 : read_whole (fd, text, FILE_LENGTH + 1);
  int failure = errno;
  if (fd >= 0)
    close (fd);
  if (length < 0)
    g_set_error_literal (error, SRT_ERROR, SRT_ERROR_USAGE, g_strerror (failure));
  else if (length > FILE_LENGTH)
    g_set_error_literal (error, SRT_ERROR, SRT_ERROR_USAGE, "not a .test file: larger than 64 KiB");
  return length < 0 || length > FILE_LENGTH ? NULL : srt_installed_test_parse (text, (gsize)length, error);
}

const char *
srt_installed_test_name (const char *path, const char *root)
{
  static const char folder[] = "/installed-tests/";
  const char *name = srt_names_below (path, root);
  g_return_val_if_fail (name != NULL, path);
  const char *longest = name;
  for (const char *at = path; (at = strstr (at, folder)) != NULL; at++)
    if (at + sizeof folder - 1 <= name)
      longest = at + sizeof folder - 1; /* the last that lies in ROOT */
  return longest;
}
