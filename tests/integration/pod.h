/* SPDX-License-Identifier: MIT
 * Podman with a store of this test program's own, with the image "srt-test" in it: a shell and the usual tools. */
#pragma once
#include "harness.h"

/* Make it, and lead srt and podman to it. NULL, or why podman cannot be used here (to be freed). */
char *it_pod_open (void);
/* Removes whatever of it there is. */
void it_pod_remove (void);
/* Asserts that no container is left in it; then removes it. */
void it_pod_close (void);

/* Its folder; root/ in it is what podman calls graphroot, run/ its runroot. */
const char *it_pod_store (void);

/* What podman prints, with the words of COMMAND_LINE. */
char *it_podman (const char *command_line);
/* Ids of the containers that there are; "" for none. */
char *it_pod_containers (void);
/* No container is there, or soon: podman's own cleaning up behind one that has ended may take a moment longer. */
void it_pod_assert_empty (void);
