/* SPDX-License-Identifier: MIT */
#include "service.h"
#include <errno.h>
#include <fcntl.h>
#include <glib.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#define RESTARTS   3
#define DEAD_TRIES 150 /* of 100 ms: the warden gives a service 10 s */

static const char *const leftovers[] = { "engine.sock", "engine.lock", "engine.log" };

static int32_t spawn (Service *service);

static void
path_of (const Service *service, const char *name, char path[PATH_MAX])
{
  if ((size_t)snprintf (path, PATH_MAX, "%s/%s", service->dir, name) >= PATH_MAX)
    path[0] = '\0';
}

/* In a run its folder; else one of our own. */
static int32_t
find_dir (Service *service)
{
  const srt_host *host = service->host;
  const char *tmp = getenv ("TMPDIR");

  if (host->run_dir) {
    snprintf (service->dir, sizeof service->dir, "%s", host->run_dir);
  } else {
    snprintf (service->dir, sizeof service->dir, "%s/srt-engine-XXXXXX", tmp && *tmp == '/' ? tmp : "/tmp");
    if (mkdtemp (service->dir) == NULL) {
      host->set_errorf (host, "%s: %s", service->dir, strerror (errno));
      return SRT_E_FAILED;
    }
    service->own_dir = true;
  }
  if ((size_t)snprintf (service->socket, sizeof service->socket, "%s/engine.sock", service->dir) <
      sizeof service->socket)
    return SRT_OK;
  host->set_errorf (host, "%s is too long a path for a socket in it; set run.tmp_dir to a shorter one", service->dir);
  return SRT_E_INVALID;
}

static void
on_end (void *data, srt_helper *helper, int status)
{
  Service *service = data;
  const srt_host *host = service->host;
  char words[300];

  service->helper = NULL;
  close (service->alive);
  service->alive = -1;
  if (service->ending) {
    if (service->done)
      service->done (service->done_data);
    return;
  }
  service_has_ended (service, words, sizeof words);
  if (service->restarts < RESTARTS && spawn (service) == SRT_OK)
    host->logf (host, SRT_LOG_WARNING, "podman's service ended (%s); started again (%u of %d)", words,
                ++service->restarts, RESTARTS);
  else
    ((const srt_executor_events *)host->events)->broken (host, "podman's service has ended, and is not started again");
}

/* For "info" podman asks dpkg which packages its programs are of, and dpkg reads the lists of all: up to a second.
 * Without a database it has no answer at once. Containers do not get this environment. */
static char **
make_env (void)
{
  return g_environ_setenv (g_get_environ (), "DPKG_ADMINDIR", "/dev/null", TRUE);
}

static int32_t
spawn_warden (Service *service, int in, int log)
{
  g_auto (GStrv) env = make_env ();
  const srt_host *host = service->host;
  char warden[PATH_MAX], lock[PATH_MAX], url[SERVICE_SOCKET_MAX + 8];
  const char *argv[] = { warden, lock, "podman", "system", "service", "--time=0", url, NULL };
  const srt_fd_map maps[] = { { in, 0 }, { log, 1 }, { log, 2 } };
  const srt_spawn request = { .size = sizeof request,
                              .flags = SRT_SPAWN_SESSION,
                              .argv = argv,
                              .env = (const char *const *)env,
                              .cwd = "/",
                              .fds = maps,
                              .n_fds = 3 };

  snprintf (warden, sizeof warden, "%s/srt-warden", host->libexec_dir);
  path_of (service, "engine.lock", lock);
  snprintf (url, sizeof url, "unix://%s", service->socket);
  return host->spawn (host, &request, on_end, service, &service->helper);
}

static int32_t
spawn (Service *service)
{
  const srt_host *host = service->host;
  int ends[2], log, error;
  char path[PATH_MAX];
  int32_t status;

  path_of (service, "engine.log", path);
  log = open (path, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
  if (log < 0 || pipe2 (ends, O_CLOEXEC) < 0) {
    error = errno;
    if (log >= 0)
      close (log);
    host->set_errorf (host, "podman's service cannot be started: %s", strerror (error));
    return SRT_E_FAILED;
  }
  unlink (service->socket); /* of one that was killed */
  status = spawn_warden (service, ends[0], log);
  close (log);
  close (ends[0]);
  if (status == SRT_OK)
    service->alive = ends[1];
  else
    close (ends[1]);
  return status;
}

int32_t
service_start (Service *service, const srt_host *host)
{
  int32_t status;

  *service = (Service){ .host = host, .alive = -1 };
  status = find_dir (service);
  return status == SRT_OK ? spawn (service) : status;
}

/* The last line that it wrote. */
static void
last_words (const Service *service, char *text, size_t size)
{
  char path[PATH_MAX], *line;
  ssize_t n = -1;
  int fd;

  path_of (service, "engine.log", path);
  fd = open (path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
  if (fd >= 0) {
    off_t end = lseek (fd, 0, SEEK_END);

    n = pread (fd, text, size - 1, end > (off_t)size - 1 ? end - (off_t)size + 1 : 0);
    close (fd);
  }
  text[n > 0 ? n : 0] = '\0';
  while (n > 0 && text[n - 1] == '\n')
    text[--n] = '\0';
  line = strrchr (text, '\n');
  if (line)
    memmove (text, line + 1, strlen (line));
  if (text[0] == '\0')
    snprintf (text, size, "without a word");
}

bool
service_has_ended (const Service *service, char *text, size_t size)
{
  struct pollfd reader = { .fd = service->alive };

  if (service->alive >= 0 && poll (&reader, 1, 0) == 0)
    return false;
  last_words (service, text, size);
  return true;
}

void
service_stop (Service *service, srt_post_fn done, void *data)
{
  service->ending = true;
  service->done = done;
  service->done_data = data;
  if (service->helper)
    service->host->kill_helper (service->helper, SIGTERM);
  else
    done (data);
}

void
service_close (Service *service)
{
  char path[PATH_MAX];

  if (service->host == NULL)
    return;
  service->ending = true;
  if (service->helper)
    service->host->kill_helper (service->helper, SIGKILL);
  if (service->alive >= 0)
    close (service->alive);
  for (size_t i = 0; i < sizeof leftovers / sizeof *leftovers; i++) {
    path_of (service, leftovers[i], path);
    unlink (path);
  }
  if (service->own_dir)
    rmdir (service->dir);
  memset (service, 0, sizeof *service);
}

bool
service_wait_for_dead (const char *dir)
{
  const struct timespec pause = { .tv_nsec = 100000000 };
  char path[PATH_MAX];
  bool locked = true;
  int fd;

  snprintf (path, sizeof path, "%s/engine.lock", dir);
  fd = open (path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
  if (fd < 0)
    return true; /* it never had one */
  for (int i = 0; i < DEAD_TRIES && (locked = flock (fd, LOCK_EX | LOCK_NB) < 0); i++)
    nanosleep (&pause, NULL);
  close (fd);
  return !locked;
}
