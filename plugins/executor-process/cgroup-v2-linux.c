/* SPDX-License-Identifier: MIT
 * Version 2: the run's cgroup, and the controllers that its slots get. */
#include "cgroups.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool
has_file (const char *dir, const char *name)
{
  char path[PATH_MAX + 64];

  snprintf (path, sizeof path, "%s/%s", dir, name);
  return access (path, W_OK) == 0;
}

/* For processes that may outlive their test. */
static bool
make_kept (const char *path)
{
  char kept[PATH_MAX + 64];

  snprintf (kept, sizeof kept, "%s/kept", path);
  return mkdir (kept, 0755) == 0;
}

bool
cgroup_v2_make (Cgroups *cgroups, const char *own, const srt_host *host)
{
  char path[PATH_MAX];
  int error = cgroup_make_dir (host, own, cgroups->leaf, path);

  if (error != 0) {
    snprintf (cgroups->why_no_group, sizeof cgroups->why_no_group, "no cgroup can be made in %.150s: %s", own,
              strerror (error));
    return false;
  }
  if (!has_file (path, "cgroup.kill") || !has_file (path, "cgroup.freeze")) {
    snprintf (cgroups->why_no_group, sizeof cgroups->why_no_group, "this kernel has no cgroup.kill (Linux 5.14)");
    rmdir (path);
    return false;
  }
  if (!make_kept (path)) {
    snprintf (cgroups->why_no_group, sizeof cgroups->why_no_group, "no cgroup can be made below ours: %s",
              strerror (errno));
    rmdir (path);
    return false;
  }
  memcpy (cgroups->group, path, sizeof path);
  return true;
}

/* Is WORD in the list of DIR/cgroup.controllers? */
static bool
has_controller (const char *dir, const char *word)
{
  char path[PATH_MAX + 64], text[512] = " ", padded[32];
  ssize_t n;
  int fd;

  snprintf (path, sizeof path, "%s/cgroup.controllers", dir);
  fd = open (path, O_RDONLY | O_CLOEXEC);
  n = fd >= 0 ? read (fd, text + 1, sizeof text - 3) : -1;
  if (fd >= 0)
    close (fd);
  if (n <= 0)
    return false;
  for (char *at = text; at < text + 1 + n; at++)
    *at = *at == '\n' ? ' ' : *at;
  text[n + 1] = ' ';
  text[n + 2] = '\0';
  snprintf (padded, sizeof padded, " %s ", word);
  return strstr (text, padded) != NULL;
}

int
cgroup_v2_hand (const char *dir, char sign, Controller controller)
{
  char path[PATH_MAX + 64], text[32];
  int fd, error = 0;

  snprintf (path, sizeof path, "%s/cgroup.subtree_control", dir);
  snprintf (text, sizeof text, "%c%s", sign, controller_name (controller, 2));
  fd = open (path, O_WRONLY | O_CLOEXEC);
  if (fd < 0 || write (fd, text, strlen (text)) < 0)
    error = errno;
  if (fd >= 0)
    close (fd);
  return error;
}

static int
hand_down (Cgroups *cgroups, const char *own, Controller controller)
{
  int error = 0;

  if (!has_controller (cgroups->group, controller_name (controller, 2))) {
    error = cgroup_v2_hand (own, '+', controller);
    if (error == EBUSY && cgroup_step_aside (cgroups, own))
      error = cgroup_v2_hand (own, '+', controller);
    cgroups->controllers[controller].handed_down = error == 0;
  }
  return error == 0 ? cgroup_v2_hand (cgroups->group, '+', controller) : error;
}

bool
cgroup_v2_delegate (Cgroups *cgroups, const char *own, Controller controller)
{
  ControllerPlace *place = &cgroups->controllers[controller];
  const char *word = controller_name (controller, 2);
  int error;

  if (cgroups->group[0] == '\0')
    return false;
  if (!has_controller (own, word)) {
    snprintf (place->why, sizeof place->why, "the %s controller is not given to %.150s", word, own);
    return false;
  }
  error = hand_down (cgroups, own, controller);
  if (error == 0) {
    place->version = 2;
    return true;
  }
  if (error == EBUSY)
    snprintf (
        place->why, sizeof place->why,
        "%.100s holds other processes than srt, so that its %s controller cannot be handed down (try: systemd-run "
        "--user --scope -p Delegate=yes srt …)",
        own, word);
  else
    snprintf (place->why, sizeof place->why, "the %s controller of %.150s: %s", word, own, strerror (error));
  return false;
}
