/* SPDX-License-Identifier: MIT
 * What is written, how much of it, and where to. */
#include "hostile.h"
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#define MIB (1l << 20)

static void
write_all (int fd, const char *text, size_t n)
{
  while (n > 0) {
    ssize_t done = write (fd, text, n);

    if (done < 0)
      hostile_give_up ("write");
    text += done;
    n -= (size_t)done;
  }
}

/* So many bytes, a line end behind each LINE of them; 0: none. */
static void
flood (int fd, long n, long line)
{
  static char block[65536];

  memset (block, 'x', sizeof block);
  for (long i = line; line > 0 && i <= (long)sizeof block; i += line)
    block[i - 1] = '\n';
  for (; n > 0; n -= (long)sizeof block)
    write_all (fd, block, n < (long)sizeof block ? (size_t)n : sizeof block);
}

static int
flood_stdout (void)
{
  flood (1, 1024 * MIB, 64);
  return 0;
}

static int
flood_stderr (void)
{
  flood (2, 1024 * MIB, 64);
  return 1;
}

static int
flood_one_line (void)
{
  flood (1, 256 * MIB, 0);
  write_all (1, "\n", 1);
  return 1;
}

static int
flood_both (void)
{
  for (int i = 0; i < 4096; i++) {
    flood (1, MIB / 32, 80);
    flood (2, MIB / 32, 0);
  }
  return 1;
}

static int
flood_single_bytes (void)
{
  for (int i = 0; i < 300000; i++)
    write_all (1 + i % 2, i % 80 ? "y" : "\n", 1);
  return 0;
}

/* More than is kept of any output; every case of it counts. */
static int
flood_tap (void)
{
  char line[64];

  puts ("1..1000000");
  for (int i = 1; i <= 1000000; i++) {
    int n = snprintf (line, sizeof line, "ok %d - a case\n", i);

    fwrite (line, 1, (size_t)n, stdout);
  }
  return 0;
}

static int
tap_one_line (void)
{
  puts ("1..2\nok 1");
  fflush (stdout);
  printf ("not ok 2 - ");
  fflush (stdout);
  flood (1, 512 * 1024, 0);
  return 1;
}

static int
no_stdin (void)
{
  close (0);
  return 0;
}

static int
no_streams (void)
{
  for (int i = 0; i < 3; i++)
    close (i);
  return open ("/dev/null", O_RDONLY) != 0;
}

/* What it makes of its pipe holds for all who have it open. */
static int
nonblocking (void)
{
  static char block[MIB];
  size_t done = 0;

  memset (block, 'n', sizeof block);
  fcntl (1, F_SETFL, fcntl (1, F_GETFL) | O_NONBLOCK);
  while (done < sizeof block) {
    struct pollfd out = { .fd = 1, .events = POLLOUT };
    ssize_t n = write (1, block + done, sizeof block - done);

    if (n < 0 && errno != EAGAIN)
      return 1;
    done += n > 0 ? (size_t)n : 0;
    poll (&out, 1, -1);
  }
  return 0;
}

static int
small_pipe (void)
{
  if (fcntl (1, F_SETPIPE_SZ, 1) < 0)
    hostile_give_up ("F_SETPIPE_SZ");
  flood (1, 4 * MIB, 80);
  return 0;
}

/* The other end of a pipe can be had by its name: it takes away what the agent should read. */
static int
steals_own_output (void)
{
  static char block[65536];
  int fd = open ("/proc/self/fd/1", O_RDONLY | O_NONBLOCK);

  if (fd < 0)
    hostile_give_up ("stdout");
  for (int i = 0; i < 2000; i++) {
    write_all (1, block, 4096);
    if (read (fd, block, sizeof block) < 0 && errno != EAGAIN)
      return 1;
  }
  return 0;
}

/* A full pipe at the moment of death. */
static int
full_pipe (void)
{
  static char block[4096];

  fcntl (2, F_SETFL, fcntl (2, F_GETFL) | O_NONBLOCK);
  for (int i = 0; i < 100000 && write (2, block, sizeof block) > 0; i++)
    continue;
  raise (SIGKILL);
  return 0;
}

/* What would rename a window, clear the screen and look like a line of the runner, were it printed as it is. */
static int
escapes (void)
{
  static const char out[] = "\033]0;OWNED\007\033[2J\033[1;1H\rPASS  all is well\n\xc3\x28\xff\xfe\0nul\n\xe2\x80\xae";
  static const char err[] = "\033[31mred\033[8mhidden\n]]><!-- & <x>\033P+q\033\\\n";

  write_all (1, out, sizeof out);
  write_all (2, err, sizeof err);
  return 1;
}

static int
escapes_in_tap (void)
{
  fputs ("1..1\nnot ok 1 - \033]0;OWNED\007\033[2J \xff\xfe & <case>\n", stdout);
  return 1;
}

/* A test has no terminal: it can neither write to one nor change it. */
static int
no_terminal (void)
{
  struct termios modes;

  if (open ("/dev/tty", O_RDWR) >= 0)
    return 1;
  for (int i = 0; i < 3; i++)
    if (isatty (i) || tcgetattr (i, &modes) == 0 || ioctl (i, TIOCSTI, "x") == 0 || ioctl (i, TIOCSCTTY, 0) == 0)
      return 2;
  return 0;
}

static int
bails_out (void)
{
  puts ("1..2\nok 1\nBail out! \033[2Jno more");
  return 0;
}

const HostileDeed hostile_output[] = {
  { "flood-stdout", flood_stdout },
  { "flood-stderr", flood_stderr },
  { "flood-one-line", flood_one_line },
  { "flood-both", flood_both },
  { "flood-merged", flood_both },
  { "flood-single-bytes", flood_single_bytes },
  { "flood-tap", flood_tap },
  { "tap-one-line", tap_one_line },
  { "no-stdin", no_stdin },
  { "no-streams", no_streams },
  { "nonblocking", nonblocking },
  { "small-pipe", small_pipe },
  { "steals-own-output", steals_own_output },
  { "full-pipe", full_pipe },
  { "escapes", escapes },
  { "escapes-in-tap", escapes_in_tap },
  { "no-terminal", no_terminal },
  { "bails-out", bails_out },
  { NULL, NULL },
};
