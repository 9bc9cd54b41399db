/* SPDX-License-Identifier: MIT
 * What each level of isolation lets a suite open. */
#include "isolation.h"
#include <glib.h>
#include <string.h>

/* The option that is to blame, and the level from which on it is. */
static void
check (const Spec *spec, Isolation closed_from, const char *blamed)
{
  for (int i = 0; i < ISOLATION_N; i++) {
    char text[400] = "";
    bool allowed = isolation_allows ((Isolation)i, spec, text, sizeof text);

    g_assert_cmpint (allowed, ==, (Isolation)i < closed_from);
    if (allowed)
      continue;
    g_assert_nonnull (strstr (text, isolation_level ((Isolation)i)->name));
    g_assert_nonnull (strstr (text, blamed));
  }
}

static void
test_never (void)
{
  const char *const mounts[] = { "/a", "/b:/c", "/d:ro", NULL };
  const Spec plain = { .user = "1000:1000", .workspace = "/w", .mounts = mounts };
  const Spec nothing = { .user = "00x:1" };

  check (&plain, ISOLATION_N, "");
  check (&nothing, ISOLATION_N, "");
}

static void
test_strict (void)
{
  static const char *const mounts[] = { "/a", "/b:/c:rw", NULL }, *const devices[] = { "/dev/kvm", NULL },
                           *const caps[] = { "cap_sys_admin", "NET_RAW", NULL };
  const Spec rw = { .user = "1:1", .workspace = "/w", .workspace_mode = WORKSPACE_RW };
  const Spec mounted = { .user = "1:1", .mounts = mounts };
  const Spec device = { .user = "1:1", .devices = devices };
  const Spec mighty = { .user = "1:1", .caps = caps };

  check (&rw, ISOLATION_STRICT, "workspace = \"rw\"");
  check (&mounted, ISOLATION_STRICT, "mounts = \"/b:/c:rw\"");
  check (&device, ISOLATION_STRICT, "devices = \"/dev/kvm\"");
  check (&mighty, ISOLATION_STRICT, "caps = \"cap_sys_admin\"");
}

/* What is root in a container of rootless docker is nobody but us. */
static void
test_root (void)
{
  const char *const users[] = { "0", "0:0", "000:5", "root", "root:users", NULL };

  for (const char *const *user = users; *user; user++) {
    const Spec root = { .user = *user }, us = { .user = *user, .root_is_us = true };

    check (&root, ISOLATION_STRICT, "user = ");
    check (&us, ISOLATION_N, "");
  }
}

static void
test_paranoid (void)
{
  static const char *const caps[] = { "NET_RAW", NULL }, *const env[] = { "A=b", NULL };
  const Spec cap = { .user = "1:1", .caps = caps };
  const Spec variable = { .user = "1:1", .env = env };
  const Spec network = { .user = "1:1", .network = NETWORK_BRIDGE };
  const Spec overlay = { .user = "1:1", .workspace = "/w", .workspace_mode = WORKSPACE_OVERLAY };

  check (&cap, ISOLATION_PARANOID, "caps = \"NET_RAW\"");
  check (&variable, ISOLATION_PARANOID, "env = \"A=b\"");
  check (&network, ISOLATION_PARANOID, "network = \"bridge\"");
  check (&overlay, ISOLATION_PARANOID, "workspace = \"overlay\"");
}

/* Each closes at least what the one before does. */
static void
test_levels (void)
{
  for (int i = 0; i < ISOLATION_N; i++) {
    const IsolationLevel *level = isolation_level ((Isolation)i), *before = isolation_level ((Isolation)MAX (i - 1, 0));

    g_assert_cmpint (isolation_from (level->name), ==, i);
    if (before->memory > 0)
      g_assert_true (level->memory <= before->memory && level->processes <= before->processes &&
                     level->tmp_size <= before->tmp_size);
  }
  g_assert_cmpint (isolation_from (NULL), ==, ISOLATION_STANDARD);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/executor-container/isolation/never", test_never);
  g_test_add_func ("/executor-container/isolation/strict", test_strict);
  g_test_add_func ("/executor-container/isolation/root", test_root);
  g_test_add_func ("/executor-container/isolation/paranoid", test_paranoid);
  g_test_add_func ("/executor-container/isolation/levels", test_levels);
  return g_test_run ();
}
