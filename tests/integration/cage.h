/* SPDX-License-Identifier: MIT
 * A memory cgroup (v1) around a test and everything that it starts: a small machine. */
#pragma once
#include <glib.h>

typedef struct {
  char *path, *before;
} ItCage;

/* Everything that this test starts from now on is in a cgroup of MIB MiB. FALSE: it cannot be made here (skipped). */
gboolean it_cage_enter (ItCage *cage, guint mib);
/* So many processes in it were killed for memory by the kernel. */
guint it_cage_oom_kills (const ItCage *cage);
void it_cage_leave (ItCage *cage);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (ItCage, it_cage_leave)
