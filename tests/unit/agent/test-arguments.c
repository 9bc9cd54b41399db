/* SPDX-License-Identifier: MIT
 * The command line of srt-agent, and the names of programs that may outlive a test. */
#include "agent/arguments.h"
#include "agent/keep.h"
#include <glib.h>

/* The parsed paths point into *ret_argv. */
static gboolean
parse (const char *line, char ***ret_argv, SrtArguments *ret)
{
  g_strfreev (*ret_argv);
  *ret_argv = g_strsplit (line, " ", 0);
  return srt_arguments_parse ((int)g_strv_length (*ret_argv), *ret_argv, ret);
}

static void
test_whole (void)
{
  SrtArguments a = { 0 };
  g_auto (GStrv) argv = NULL;

  g_assert_true (
      parse ("agent --slot=7 --dir=/run --hold=namespace --cgroup=/g --v1-memory=/m --v1-pids=/p --v1-cpu=/c "
             "--v1-blkio=/b --pids-max=2048 --required",
             &argv, &a));
  g_assert_cmpuint (a.slot, ==, 7);
  g_assert_cmpstr (a.dir, ==, "/run");
  g_assert_cmpint (a.holding, ==, SRT_HOLD_NAMESPACE);
  g_assert_cmpstr (a.places.group, ==, "/g");
  g_assert_cmpstr (a.places.memory, ==, "/m");
  g_assert_cmpstr (a.places.pids, ==, "/p");
  g_assert_cmpstr (a.places.cpu, ==, "/c");
  g_assert_cmpstr (a.places.blkio, ==, "/b");
  g_assert_cmpuint (a.places.pids_max, ==, 2048);
  g_assert_true (a.places.required);
  g_assert_false (a.try_namespace);
}

static void
test_least (void)
{
  SrtArguments a = { 0 };
  g_auto (GStrv) argv = NULL;

  g_assert_true (parse ("agent --slot=0 --dir=/run", &argv, &a));
  g_assert_cmpint (a.holding, ==, SRT_HOLD_SUBREAPER);
  g_assert_null (a.places.group);
  g_assert_cmpuint (a.places.pids_max, ==, 0);
  g_assert_true (parse ("agent --try=namespace", &argv, &a));
  g_assert_true (a.try_namespace);
}

/* As the init of a container. */
static void
test_container (void)
{
  SrtArguments a = { 0 };
  g_auto (GStrv) argv = NULL;

  g_assert_true (parse ("agent --slot=0 --dir=/t --hold=init --connect=/s --given-cgroups=/c", &argv, &a));
  g_assert_cmpint (a.holding, ==, SRT_HOLD_NAMESPACE);
  g_assert_true (a.is_init);
  g_assert_cmpstr (a.connect, ==, "/s");
  g_assert_cmpstr (a.places.given, ==, "/c");
}

static void
test_refused (void)
{
  static const char *const lines[] = {
    "agent --slot=1 --dir=/run --connect=relative",
    "agent",
    "agent --slot=1",
    "agent --dir=/run",
    "agent --slot=1 --dir=run",
    "agent --slot= --dir=/run",
    "agent --slot=-1 --dir=/run",
    "agent --slot=1x --dir=/run",
    "agent --slot=4294967296 --dir=/run",
    "agent --slot=1 --dir=/run --hold=",
    "agent --slot=1 --dir=/run --hold=tight",
    "agent --slot=1 --dir=/run --cgroup=relative",
    "agent --slot=1 --dir=/run --pids-max=many",
    "agent --slot=1 --dir=/run --try=namespace",
    "agent --slot=1 --dir=/run more",
  };

  for (guint i = 0; i < G_N_ELEMENTS (lines); i++) {
    SrtArguments a = { .slot = 99 };
    g_auto (GStrv) argv = NULL;

    g_assert_false (parse (lines[i], &argv, &a));
    g_assert_cmpuint (a.slot, ==, 99);
  }
}

static void
test_keep (void)
{
  const char names[] = "sccache\0gpg-agent\0a-very-long-server-name";

  g_assert_true (srt_keep_has_name (names, 3, "sccache"));
  g_assert_true (srt_keep_has_name (names, 3, "gpg-agent"));
  g_assert_true (srt_keep_has_name (names, 3, "a-very-long-ser")); /* as the kernel cuts it */
  g_assert_false (srt_keep_has_name (names, 3, "a-very-long-se"));
  g_assert_false (srt_keep_has_name (names, 3, "sccach"));
  g_assert_false (srt_keep_has_name (names, 3, "sccache2"));
  g_assert_false (srt_keep_has_name (names, 1, "gpg-agent"));
  g_assert_false (srt_keep_has_name (names, 0, "sccache"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agent/arguments/whole", test_whole);
  g_test_add_func ("/agent/arguments/least", test_least);
  g_test_add_func ("/agent/arguments/container", test_container);
  g_test_add_func ("/agent/arguments/refused", test_refused);
  g_test_add_func ("/agent/keep", test_keep);
  return g_test_run ();
}
