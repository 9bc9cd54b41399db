/* SPDX-License-Identifier: MIT
 * srt-agent: starts, contains, measures and kills one test at a time, for a runner at the other end of descriptor 3.
 *
 *     srt-agent --slot=N --dir=RUN_DIR [--hold=nothing|subreaper|namespace] [--cgroup=DIR] [--v1-memory=DIR] …
 *         3<>STREAM
 *     srt-agent --slot=N --dir=/tmp --hold=init --connect=SOCKET --given-cgroups=/sys/fs/cgroup
 *
 * The second is how it runs as the init of a container: the runner waits at a socket that is mounted into it.
 *
 * It exits with 0 after SHUTDOWN or the end of the stream, with 1 when the runner made no sense, with 2 when it was
 * started wrongly. */
#include "agent/agent.h"
#include "agent/clock.h"
#include "agent/namespace.h"
#include "agent/wait.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

extern char **environ;

enum { POLL_LINK, POLL_STDOUT, POLL_STDERR, POLL_BEAT, N_POLL };

/* Descriptors 0 to 2 must be taken, or a pipe of ours might get such a number. */
static bool
open_standard_fds (void)
{
  int fd;

  do
    fd = open ("/dev/null", O_RDWR);
  while (fd >= 0 && fd <= 2);
  if (fd > 2)
    close (fd);
  return fd > 2;
}

/* Tests die first when memory runs out: of two of the same size the kernel takes the one with the higher value. We
 * raise our own, once; tests inherit it, and are larger than we are. */
static void
raise_oom_score (void)
{
  int fd = open ("/proc/self/oom_score_adj", O_RDWR | O_CLOEXEC);
  char text[16] = "";

  if (fd < 0)
    return;
  if (read (fd, text, sizeof text - 1) > 0 && atoi (text) < 500 && pwrite (fd, "500", 3, 0) < 0)
    perror ("srt-agent: oom_score_adj");
  close (fd);
}

static int
open_containment (SrtAgent *agent, const SrtArguments *arguments)
{
  SrtSpawnPlan plan = { .stack = agent->stack };
  int error = srt_contain_open (agent->contain, arguments);

  if (error == 0)
    error = srt_contain_group (agent->contain, &plan.group_fd);
  if (error != 0)
    fprintf (stderr, "srt-agent: containment: %s\n", strerror (error));
  else if (plan.group_fd >= 0)
    agent->born_in_group = srt_spawn_is_born_in (&plan);
  return error;
}

static SrtAgent *
make (const SrtArguments *arguments)
{
  /* Pages that are never touched cost nothing, so every buffer has its full size. */
  SrtAgent *agent =
      mmap (NULL, sizeof *agent + srt_contain_size (), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  int error;

  if (agent == MAP_FAILED)
    return NULL;
  agent->contain = (SrtContain *)(agent + 1);
  srt_job_forget_own_names ();
  agent->base_env = environ;
  agent->deadline_ns = SRT_NO_DEADLINE;
  srt_beat_open (&agent->beat, 0, 0);
  agent->credit = SRT_AGENT_WINDOW;
  agent->self = getpid ();
  agent->null_fd = open ("/dev/null", O_RDONLY | O_CLOEXEC);
  agent->places = arguments->places;
  error = srt_tmpdir_open (&agent->tmpdir, arguments->dir, arguments->slot);
  if (error != 0 || agent->null_fd < 0) {
    fprintf (stderr, "srt-agent: %s: %s\n", arguments->dir, strerror (error ? error : errno));
    return NULL;
  }
  srt_litter_open (&agent->litter, arguments->clean, agent->tmpdir.name);
  snprintf (agent->tmpdir_entry, sizeof agent->tmpdir_entry, "TMPDIR=%s", agent->tmpdir.path);
  if (open_containment (agent, arguments) != 0)
    return NULL;
  srt_bounds_open (&agent->bounds, &arguments->places);
  srt_link_open (&agent->link, SRT_AGENT_FD);
  return agent;
}

static void
greet (SrtAgent *agent)
{
  SrtPut put = srt_link_begin (&agent->link);

  srt_put_u32 (&put, SRT_AGENT_VERSION);
  srt_put_string (&put, srt_contain_tier (agent->contain));
  srt_link_end (&agent->link, &put, SRT_FRAME_HELLO, 0);
}

static bool
has_processes (const SrtAgent *agent)
{
  return agent->state > SRT_STATE_IDLE && agent->state != SRT_STATE_DRAINING && agent->state != SRT_STATE_GONE;
}

static bool
captures (const SrtAgent *agent)
{
  return has_processes (agent) && agent->state != SRT_STATE_LEAVING;
}

static bool
samples (const SrtAgent *agent)
{
  return agent->usage_period_ns > 0 && (agent->state == SRT_STATE_RUNNING || agent->state == SRT_STATE_FROZEN);
}

static bool
watches_beat (const SrtAgent *agent)
{
  return agent->state == SRT_STATE_RUNNING && agent->beat.period_ns > 0;
}

static void
prepare_poll (SrtAgent *agent, struct pollfd fds[N_POLL])
{
  bool capture = captures (agent) && srt_capture_may_read (&agent->capture, &agent->link, agent->credit);
  bool beat = watches_beat (agent) && srt_beat_listens (&agent->beat, srt_clock_now ());

  fds[POLL_LINK] = (struct pollfd){ .fd = agent->link.dead ? -1 : agent->link.fd, .events = POLLIN };
  if (srt_link_pending (&agent->link))
    fds[POLL_LINK].events |= POLLOUT;
  for (int i = 0; i < 2; i++)
    fds[POLL_STDOUT + i] = (struct pollfd){ .fd = capture ? agent->capture.read_fd[i] : -1, .events = POLLIN };
  fds[POLL_BEAT] = (struct pollfd){ .fd = beat ? agent->beat.read_fd : -1, .events = POLLIN };
}

/* True when something was read: then SIGCHLD may be waiting behind it. */
static bool
read_pipes (SrtAgent *agent, const struct pollfd fds[N_POLL])
{
  bool any = false;

  for (int i = 0; i < 2; i++)
    if (fds[POLL_STDOUT + i].revents && captures (agent)) {
      srt_capture_pump (&agent->capture, i, &agent->link, agent->job.id, &agent->credit);
      any = true;
    }
  if (fds[POLL_BEAT].revents) {
    srt_beat_take (&agent->beat, srt_clock_now ());
    any = true;
  }
  return any;
}

static bool
checks (const SrtAgent *agent)
{
  return agent->state == SRT_STATE_RUNNING && agent->check_next_ns != SRT_NO_DEADLINE;
}

/* As with the deadline: what has ended in time has not fallen silent. */
static void
look_at_beat (SrtAgent *agent, uint64_t now)
{
  if (!watches_beat (agent) || !srt_beat_is_silent (&agent->beat, now))
    return;
  srt_job_reap (agent);
  if (watches_beat (agent))
    srt_agent_handle (agent, SRT_EVENT_SILENT);
}

static void
do_what_is_due (SrtAgent *agent)
{
  uint64_t now = srt_clock_now ();

  if (samples (agent) && now >= agent->usage_next_ns) {
    if (!srt_link_pending (&agent->link)) /* a runner that is behind gets fewer */
      srt_job_sample (agent);
    agent->usage_next_ns = now + agent->usage_period_ns;
  }
  if (checks (agent) && now >= agent->check_next_ns) {
    agent->check_next_ns = now + SRT_CHECK_NS;
    srt_job_check (agent);
  }
  if (now >= agent->deadline_ns) {
    srt_job_reap (agent); /* what has ended in time has not timed out */
    if (now >= agent->deadline_ns)
      srt_agent_handle (agent, SRT_EVENT_DEADLINE);
  }
  look_at_beat (agent, now);
}

static uint64_t
next_deadline (const SrtAgent *agent)
{
  uint64_t next = agent->deadline_ns;
  uint64_t beat = watches_beat (agent) ? srt_beat_due_ns (&agent->beat) : SRT_NO_DEADLINE;

  if (samples (agent) && agent->usage_next_ns < next)
    next = agent->usage_next_ns;
  if (checks (agent) && agent->check_next_ns < next)
    next = agent->check_next_ns;
  if (beat < next)
    next = beat;
  return next;
}

static void
turn (SrtAgent *agent)
{
  struct pollfd fds[N_POLL];
  bool children;

  prepare_poll (agent, fds);
  children = srt_wait_events (fds, N_POLL, next_deadline (agent));
  if (read_pipes (agent, fds) || children)
    if (has_processes (agent) || srt_contain_n_kept (agent->contain) > 0)
      srt_job_reap (agent);
  if (fds[POLL_LINK].revents & (POLLIN | POLLHUP | POLLERR))
    srt_agent_read (agent);
  if (next_deadline (agent) != SRT_NO_DEADLINE)
    do_what_is_due (agent);
  if (agent->state == SRT_STATE_DRAINING &&
      srt_capture_drain (&agent->capture, &agent->link, agent->job.id, &agent->credit))
    srt_agent_handle (agent, SRT_EVENT_DRY);
  srt_link_flush (&agent->link);
}

/* Only whether it can be had: the answer is the exit status, and the reason on standard output. */
static int
try_namespace (void)
{
  char why[256];
  bool user;

  alarm (5); /* whoever asked waits for us */
  if (srt_namespace_enter (&user, why, sizeof why))
    return 0;
  puts (why);
  return 1;
}

static bool
enter_namespace (const SrtArguments *arguments, SrtPlaces *places)
{
  char why[256];

  if (arguments->holding != SRT_HOLD_NAMESPACE || arguments->is_init ||
      srt_namespace_enter (&places->own_users, why, sizeof why))
    return true;
  fprintf (stderr, "srt-agent: %s\n", why);
  return false;
}

/* The stream becomes SRT_AGENT_FD. */
static bool
connect_to (const char *path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd = socket (AF_UNIX, SOCK_STREAM, 0);

  if (strlen (path) >= sizeof address.sun_path)
    errno = ENAMETOOLONG;
  else if (fd >= 0) {
    strcpy (address.sun_path, path);
    if (connect (fd, (struct sockaddr *)&address, sizeof address) == 0 &&
        (fd == SRT_AGENT_FD || dup2 (fd, SRT_AGENT_FD) == SRT_AGENT_FD))
      return true;
  }
  fprintf (stderr, "srt-agent: the runner's socket %s: %s\n", path, strerror (errno));
  return false;
}

static int
serve (SrtAgent *agent)
{
  greet (agent);
  srt_link_flush (&agent->link);
  while (agent->state != SRT_STATE_GONE) {
    /* Asked before each wait: the runner may be gone before the first one, and no event would ever tell. */
    if (agent->link.dead && agent->state < SRT_STATE_LEAVING)
      srt_agent_handle (agent, SRT_EVENT_LEAVE);
    else
      turn (agent);
  }
  return agent->refused;
}

int
main (int argc, char **argv)
{
  bool understood;
  SrtArguments arguments;
  SrtAgent *agent;

  understood = srt_arguments_parse (argc, argv, &arguments);
  if (understood && arguments.try_namespace)
    return try_namespace ();
  if (understood && arguments.connect && !connect_to (arguments.connect))
    return 2;
  if (!understood || fcntl (SRT_AGENT_FD, F_GETFD) < 0) {
    fprintf (stderr, "usage: srt-agent --slot=N --dir=/RUN_DIR 3<>STREAM\nIt is started by srt, not by hand.\n");
    return 2;
  }
  setsid ();
  srt_spawn_close_inherited (SRT_AGENT_FD + 1);
  if (!enter_namespace (&arguments, &arguments.places))
    return 2;
  srt_wait_open ();
  if (!open_standard_fds ())
    return 2;
  raise_oom_score ();
  agent = make (&arguments);
  return agent != NULL ? serve (agent) : 2;
}
