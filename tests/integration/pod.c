/* SPDX-License-Identifier: MIT */
#include "pod.h"

#include <glib/gstdio.h>
#include <string.h>

#define STORE "IT_POD_STORE" /* in our own environment: where it is */

static char *
run_line (const char *line)
{
  g_autoptr (GError) error = NULL;
  char *out = NULL;
  g_assert_true (g_spawn_command_line_sync (line, &out, NULL, NULL, &error));
  g_assert_no_error (error);
  return g_strchomp (out);
}

static char *
call_script (const char *what)
{
  g_autofree char *line =
      g_strdup_printf ("%s/tests/fixtures/podman-store.sh %s %s", g_getenv ("SRT_SOURCE_ROOT"), what, g_getenv (STORE));
  return run_line (line);
}

char *
it_pod_open (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *dir = g_dir_make_tmp ("srt-pod-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *conf = g_build_filename (dir, "containers.conf", NULL);
  g_autofree char *storage = g_build_filename (dir, "storage.conf", NULL);
  g_autofree char *runtime = g_build_filename (dir, "xdg", NULL);
  g_setenv (STORE, dir, TRUE);
  g_setenv ("IT_RUNTIME_DIR", runtime, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", runtime, TRUE);
  g_setenv ("CONTAINERS_CONF", conf, TRUE);
  g_setenv ("CONTAINERS_STORAGE_CONF", storage, TRUE);
  g_autofree char *why = call_script ("make");
  return *why ? g_steal_pointer (&why) : NULL;
}

void
it_pod_remove (void)
{
  g_free (call_script ("remove"));
}

void
it_pod_close (void)
{
  it_pod_assert_empty ();
  it_pod_remove ();
  g_assert_false (g_file_test (g_getenv (STORE), G_FILE_TEST_EXISTS));
}

const char *
it_pod_store (void)
{
  return g_getenv (STORE);
}

char *
it_podman (const char *command_line)
{
  g_autofree char *line = g_strconcat ("podman ", command_line, NULL);
  return run_line (line);
}

char *
it_pod_containers (void)
{
  return it_podman ("ps -aq --external");
}

void
it_pod_assert_empty (void)
{
  g_autofree char *left = it_pod_containers ();
  for (int tries = 0; *left && tries < 120; tries++) {
    g_usleep (250 * 1000);
    g_free (left);
    left = it_pod_containers ();
  }
  g_autofree char *rows = *left ? it_podman ("ps -a --external") : NULL;
  if (rows)
    g_error ("left behind:\n%s", rows);
}
