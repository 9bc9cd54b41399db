/* SPDX-License-Identifier: MIT */
#include "isolation.h"
#include <stdio.h>
#include <string.h>

#define MIB (1024 * 1024ull)

static const IsolationLevel levels[ISOLATION_N] = {
  { "standard", WORKSPACE_RO, 0, 0, 0 },
  { "strict", WORKSPACE_RO, 2048 * MIB, 512, 256 * MIB },
  { "paranoid", WORKSPACE_FILE, 512 * MIB, 128, 64 * MIB },
};

const IsolationLevel *
isolation_level (Isolation isolation)
{
  return &levels[isolation];
}

Isolation
isolation_from (const char *name)
{
  for (int i = 0; name && i < ISOLATION_N; i++)
    if (strcmp (levels[i].name, name) == 0)
      return (Isolation)i;
  return ISOLATION_STANDARD;
}

/* "0", "0:0", "root", "root:users" */
static bool
is_root (const char *user)
{
  size_t n = strcspn (user, ":");

  return strspn (user, "0") == n || (n == 4 && strncmp (user, "root", n) == 0);
}

static const char *
find_writable (const char *const *mounts)
{
  for (; mounts && *mounts; mounts++) {
    size_t n = strlen (*mounts);

    if (n > 3 && strcmp (*mounts + n - 3, ":rw") == 0)
      return *mounts;
  }
  return NULL;
}

/* Those with which a process gets out of its container, or into others. */
static const char *
find_mighty (const char *const *caps)
{
  static const char *const mighty[] = { "ALL",       "SYS_ADMIN",       "SYS_MODULE", "SYS_PTRACE", "SYS_RAWIO",
                                        "SYS_BOOT",  "DAC_READ_SEARCH", "BPF",        "PERFMON",    "SYSLOG",
                                        "MAC_ADMIN", "NET_ADMIN",       "MKNOD",      NULL };

  for (; caps && *caps; caps++) {
    const char *name = strncasecmp (*caps, "CAP_", 4) == 0 ? *caps + 4 : *caps;

    for (const char *const *one = mighty; *one; one++)
      if (strcasecmp (name, *one) == 0)
        return *caps;
  }
  return NULL;
}

static const char *
first_of (const char *const *list)
{
  return list ? *list : NULL;
}

bool
isolation_allows (Isolation isolation, const Spec *spec, char *text, size_t size)
{
  bool paranoid = isolation == ISOLATION_PARANOID;
  const struct {
    const char *option, *value;
  } opened[] = {
    { "workspace", spec->workspace && spec->workspace_mode == WORKSPACE_RW ? "rw" : NULL },
    { "mounts", find_writable (spec->mounts) },
    { "devices", first_of (spec->devices) },
    { "caps", paranoid ? first_of (spec->caps) : find_mighty (spec->caps) },
    { "user", !spec->root_is_us && is_root (spec->user) ? spec->user : NULL },
    { "workspace", paranoid && spec->workspace && spec->workspace_mode == WORKSPACE_OVERLAY ? "overlay" : NULL },
    { "network", paranoid && spec->network == NETWORK_BRIDGE ? "bridge" : NULL },
    { "env", paranoid ? first_of (spec->env) : NULL },
  };

  for (size_t i = 0; isolation > ISOLATION_STANDARD && i < sizeof opened / sizeof *opened; i++)
    if (opened[i].value) {
      snprintf (text, size, "isolation = \"%s\" and %s = \"%.200s\" contradict each other: that stays closed there",
                levels[isolation].name, opened[i].option, opened[i].value);
      return false;
    }
  return true;
}
