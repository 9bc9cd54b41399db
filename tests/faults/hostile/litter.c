/* SPDX-License-Identifier: MIT
 * What is left in TMPDIR, and what is left of TMPDIR. Where something could be destroyed through a link, the link leads
 * to $HOSTILE_BAIT, a folder whose file must still be there in the end. */
#include "hostile.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char *
bait (void)
{
  const char *path = getenv ("HOSTILE_BAIT");

  if (path == NULL)
    hostile_give_up ("HOSTILE_BAIT");
  return path;
}

static void
make_file (const char *name)
{
  int fd = open (name, O_CREAT | O_WRONLY, 0600);

  if (fd < 0 || write (fd, "litter\n", 7) != 7)
    hostile_give_up (name);
  close (fd);
}

static void
make_folder (const char *name)
{
  if (mkdir (name, 0700) < 0)
    hostile_give_up (name);
}

static int
litter_unreadable (void)
{
  hostile_enter_tmpdir ();
  make_folder ("a");
  make_folder ("a/b");
  make_file ("a/file");
  make_file ("a/b/file");
  make_folder ("sealed");
  return chmod ("a/b", 0) < 0 || chmod ("a", 0) < 0 || chmod ("sealed", 0) < 0;
}

static int
litter_unreadable_fails (void)
{
  litter_unreadable ();
  return 1;
}

static int
litter_many (void)
{
  char name[32];

  hostile_enter_tmpdir ();
  for (int i = 0; i < 2000; i++) {
    snprintf (name, sizeof name, "file-%d", i);
    make_file (name);
  }
  return 0;
}

static int
litter_deep (void)
{
  hostile_enter_tmpdir ();
  for (int i = 0; i < 500; i++) {
    make_folder ("a-folder-in-a-folder");
    if (chdir ("a-folder-in-a-folder") < 0)
      hostile_give_up ("chdir");
  }
  make_file ("bottom");
  return 0;
}

static int
litter_names (void)
{
  char name[256];

  hostile_enter_tmpdir ();
  memset (name, '\xff', sizeof name - 1);
  name[255] = '\0';
  make_folder (name);
  make_file ("\n");
  make_file ("-rf");
  make_file ("*");
  make_file ("\033[2J");
  make_folder ("...");
  return 0;
}

static int
litter_links (void)
{
  hostile_enter_tmpdir ();
  make_folder ("folder");
  return symlink (bait (), "link") < 0 || symlink (bait (), "folder/link") < 0 || symlink ("..", "folder/up") < 0 ||
         symlink ("loop", "loop") < 0;
}

static int
litter_specials (void)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "socket" };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  hostile_enter_tmpdir ();
  return mkfifo ("fifo", 0) < 0 || bind (fd, (struct sockaddr *)&address, sizeof address) < 0;
}

/* A terabyte that takes no room. */
static int
litter_sparse (void)
{
  int fd;

  hostile_enter_tmpdir ();
  fd = open ("sparse", O_CREAT | O_WRONLY, 0600);
  if (ftruncate (fd, 1l << 40) < 0 && ftruncate (fd, 1l << 32) < 0)
    hostile_give_up ("ftruncate");
  return 0;
}

static int
tmpdir_removed (void)
{
  return rmdir (hostile_enter_tmpdir ()) < 0;
}

static int
tmpdir_is_link (void)
{
  const char *dir = hostile_enter_tmpdir ();

  return rmdir (dir) < 0 || symlink (bait (), dir) < 0;
}

static int
tmpdir_is_link_fails (void)
{
  tmpdir_is_link ();
  return 1;
}

static int
tmpdir_is_file (void)
{
  const char *dir = hostile_enter_tmpdir ();

  if (rmdir (dir) < 0)
    return 1;
  make_file (dir);
  return 0;
}

static int
tmpdir_is_fifo (void)
{
  const char *dir = hostile_enter_tmpdir ();

  return rmdir (dir) < 0 || mkfifo (dir, 0) < 0;
}

static int
tmpdir_sealed (void)
{
  const char *dir = hostile_enter_tmpdir ();

  make_file ("file");
  return chmod (dir, 0) < 0;
}

/* Things beside it, in the folder of the run. */
static int
tmpdir_neighbours (void)
{
  char name[64];

  hostile_enter_tmpdir ();
  snprintf (name, sizeof name, "../neighbour-%d", (int)getpid ());
  make_folder (name);
  if (chdir (name) < 0)
    hostile_give_up (name);
  make_file ("file");
  return symlink (bait (), "link") < 0;
}

static int
tmpdir_moved (void)
{
  const char *dir = hostile_enter_tmpdir ();
  char name[64];

  make_file ("file");
  snprintf (name, sizeof name, "../moved-%d", (int)getpid ());
  return rename (dir, name) < 0;
}

static int
tmpdir_moved_far (void)
{
  const char *dir = hostile_enter_tmpdir ();
  char name[4096];

  snprintf (name, sizeof name, "%s/moved-%d", bait (), (int)getpid ());
  return rename (dir, name) < 0;
}

/* The whole run's folder under another name, while the run goes on. */
static int
rundir_moved (void)
{
  char run[4096], moved[4096 + 8];

  hostile_enter_tmpdir ();
  if (chdir ("..") < 0 || getcwd (run, sizeof run) == NULL)
    hostile_give_up ("the run's folder");
  snprintf (moved, sizeof moved, "%s-moved", run);
  return rename (run, moved) < 0;
}

static int
rundir_sealed (void)
{
  hostile_enter_tmpdir ();
  return chmod ("..", 0500) < 0;
}

const HostileDeed hostile_litter[] = {
  { "litter-unreadable", litter_unreadable },
  { "litter-unreadable-fails", litter_unreadable_fails },
  { "litter-many", litter_many },
  { "litter-deep", litter_deep },
  { "litter-names", litter_names },
  { "litter-links", litter_links },
  { "litter-specials", litter_specials },
  { "litter-sparse", litter_sparse },
  { "tmpdir-removed", tmpdir_removed },
  { "tmpdir-is-link", tmpdir_is_link },
  { "tmpdir-is-link-fails", tmpdir_is_link_fails },
  { "tmpdir-is-file", tmpdir_is_file },
  { "tmpdir-is-fifo", tmpdir_is_fifo },
  { "tmpdir-sealed", tmpdir_sealed },
  { "tmpdir-neighbours", tmpdir_neighbours },
  { "tmpdir-moved", tmpdir_moved },
  { "tmpdir-moved-far", tmpdir_moved_far },
  { "rundir-sealed", rundir_sealed },
  { "rundir-moved", rundir_moved },
  { NULL, NULL },
};
