/* SPDX-License-Identifier: MIT
 * The agent comes in by a socket in a folder that is mounted into its container alone. Once it is in, nobody else can
 * come: the socket is closed and its name removed before a test runs. */
#include "box.h"
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static bool
complain (Box *box, const char *what)
{
  snprintf (box->why, sizeof box->why, "%.300s: %s: %s", box->dir, what, strerror (errno));
  return false;
}

/* The run's folder is ours alone, so who may do what behind it is only told to the container. */
bool
box_open_door (Box *box)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };

  if ((size_t)snprintf (address.sun_path, sizeof address.sun_path, "%s/" SPEC_SOCKET, box->dir) >=
      sizeof address.sun_path) {
    errno = ENAMETOOLONG;
    return complain (box, "set run.tmp_dir to a shorter one");
  }
  if (mkdir (box->dir, 0755) < 0 || chmod (box->dir, 0755) < 0 || mkdir (box->keep, 0) < 0)
    return complain (box, "it cannot be made");
  box->listener = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (box->listener < 0 || bind (box->listener, (struct sockaddr *)&address, sizeof address) < 0 ||
      chmod (address.sun_path, 0666) < 0 || listen (box->listener, 1) < 0)
    return complain (box, "its socket cannot be made");
  return true;
}

static void
on_door (void *data, int fd, uint32_t events)
{
  Box *box = data;
  int link = accept4 (fd, NULL, NULL, SOCK_CLOEXEC);

  if (link < 0)
    return;
  box_close_door (box);
  if (agent_link_open (&box->link, link, box->owner->usage_period_ns) == SRT_OK)
    box_handle (box, BOX_LINKED);
  else
    box_handle (box, BOX_OVERDUE);
}

bool
box_watch_door (Box *box)
{
  box->door = box->owner->host->add_fd (box->owner->host, box->listener, SRT_FD_READ, on_door, box);
  if (box->door == NULL)
    snprintf (box->why, sizeof box->why, "out of memory");
  return box->door != NULL;
}

void
box_close_door (Box *box)
{
  char path[PATH_MAX];

  box->owner->host->remove (box->door);
  box->door = NULL;
  if (box->listener < 0)
    return;
  close (box->listener);
  box->listener = -1;
  if ((size_t)snprintf (path, sizeof path, "%s/" SPEC_SOCKET, box->dir) < sizeof path)
    unlink (path);
}

void
box_remove_door (Box *box)
{
  box_close_door (box);
  rmdir (box->dir);
  rmdir (box->keep);
}

/* While the test ran it was closed to everybody; a test of our own user would have to open it first. */
bool
box_open_keep (Box *box)
{
  if (chmod (box->keep, 0777) == 0)
    return true;
  box->owner->host->logf (box->owner->host, SRT_LOG_WARNING, "%s: %s: the TMPDIR of a test is not kept", box->keep,
                          strerror (errno));
  return false;
}

void
box_take_kept (Box *box)
{
  char from[PATH_MAX];

  snprintf (from, sizeof from, "%s/" BOX_KEPT, box->keep);
  if (box->keep_dir && rename (from, box->keep_dir) < 0)
    box->owner->host->logf (box->owner->host, SRT_LOG_WARNING, "%s: the TMPDIR of a test is not kept: %s",
                            box->keep_dir, strerror (errno));
}
