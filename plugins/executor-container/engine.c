/* SPDX-License-Identifier: MIT */
#include "engine.h"
#include "spec.h"
#include <errno.h>
#include <glib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define NS_A_SECOND   1000000000ull
#define ASK_NS        (10 * NS_A_SECOND)
#define REMOVE_NS     (30 * NS_A_SECOND)
#define BEGIN_NS      (15 * NS_A_SECOND) /* for a service that we have started */
#define LOOK_AGAIN_NS 10000000l
#define REMOVE_ROUNDS 10

#define DOCKER_SOCKET "/var/run/docker.sock"
#define SHIPPED_IMAGE "examples/containers/Containerfile"

const char *
engine_name (const Engine *engine)
{
  return engine->what.podman ? "podman" : "docker";
}

/* --- where it is ---------------------------------------------------------------------------------------------- */

/* 0, or the errno value with which nobody can talk to SOCKET. */
static int
try_socket (const char *socket_path)
{
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  int fd, error = 0;

  if (strlen (socket_path) >= sizeof address.sun_path)
    return ENAMETOOLONG;
  strcpy (address.sun_path, socket_path);
  fd = socket (AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (fd < 0 || connect (fd, (struct sockaddr *)&address, sizeof address) < 0)
    error = errno;
  if (fd >= 0)
    close (fd);
  return error;
}

static int32_t
refuse_socket (Engine *engine, const char *socket_path, int error)
{
  const srt_host *host = engine->host;

  if (error == EACCES) {
    host->set_errorf (host,
                      "the engine's socket %s is not for this user: join the group that it belongs to, or use podman, "
                      "which needs none",
                      socket_path);
    return SRT_E_UNSUPPORTED;
  }
  host->set_errorf (host, "no engine answers at %s: %s", socket_path, strerror (error));
  return SRT_E_UNSUPPORTED;
}

static int32_t
use_socket (Engine *engine, const char *socket_path)
{
  int error = try_socket (socket_path);

  if (error != 0)
    return refuse_socket (engine, socket_path, error);
  snprintf (engine->socket, sizeof engine->socket, "%s", socket_path);
  return SRT_OK;
}

static int32_t
start_service (Engine *engine)
{
  int32_t status = service_start (&engine->service, engine->host);

  if (status == SRT_OK)
    snprintf (engine->socket, sizeof engine->socket, "%s", engine->service.socket);
  return status;
}

/* "unix:///PATH" in the environment. */
static const char *
socket_of_variable (const char *name)
{
  const char *value = getenv (name);

  return value && strncmp (value, "unix:///", 8) == 0 ? value + 7 : NULL;
}

/* The service of the system, or of the user; not where the environment names another store than it has. */
static bool
find_running_podman (char path[SERVICE_SOCKET_MAX])
{
  const char *runtime_dir = getenv ("XDG_RUNTIME_DIR");

  if (getenv ("CONTAINERS_CONF") || getenv ("CONTAINERS_STORAGE_CONF"))
    return false;
  if (getuid () == 0)
    snprintf (path, SERVICE_SOCKET_MAX, "/run/podman/podman.sock");
  else if (runtime_dir == NULL ||
           (size_t)snprintf (path, SERVICE_SOCKET_MAX, "%s/podman/podman.sock", runtime_dir) >= SERVICE_SOCKET_MAX)
    return false;
  return try_socket (path) == 0;
}

static int32_t
find_podman (Engine *engine, bool *ret_none)
{
  const char *given = socket_of_variable ("CONTAINER_HOST");
  g_autofree char *program = g_find_program_in_path ("podman");
  char path[SERVICE_SOCKET_MAX];

  if (given)
    return use_socket (engine, given);
  if (find_running_podman (path))
    return use_socket (engine, path);
  *ret_none = program == NULL;
  return program ? start_service (engine) : SRT_E_NOT_FOUND;
}

static int32_t
find_docker (Engine *engine, bool *ret_none)
{
  const char *given = socket_of_variable ("DOCKER_HOST");

  *ret_none = given == NULL && access (DOCKER_SOCKET, F_OK) < 0;
  return *ret_none ? SRT_E_NOT_FOUND : use_socket (engine, given ? given : DOCKER_SOCKET);
}

static int32_t
find (Engine *engine)
{
  const srt_host *host = engine->host;
  const char *runtime = host->get_string (host->options, "runtime");
  const char *given = host->get_string (host->options, "socket");
  bool none = true;
  int32_t status = SRT_E_NOT_FOUND;

  if (given)
    return use_socket (engine, given);
  if (strcmp (runtime, "docker") != 0)
    status = find_podman (engine, &none);
  if (none && strcmp (runtime, "podman") != 0)
    status = find_docker (engine, &none);
  if (none)
    host->set_errorf (host, "no container engine is here%s; install podman, or name an engine's socket (option socket)",
                      strcmp (runtime, "podman") == 0   ? ": there is no podman in PATH"
                      : strcmp (runtime, "docker") == 0 ? ": there is no " DOCKER_SOCKET
                                                        : ": there is no podman in PATH, and no " DOCKER_SOCKET);
  return none ? SRT_E_UNSUPPORTED : status;
}

/* How long it may think while somebody waits for srt to begin. */
static uint64_t
ask_ns (const Engine *engine)
{
  return engine->timeout_ns < ASK_NS ? engine->timeout_ns : ASK_NS;
}

/* --- what it is ----------------------------------------------------------------------------------------------- */

/* A service that has just been started takes a moment. */
static int32_t
wait_for_service (Engine *engine)
{
  const srt_host *host = engine->host;
  const struct timespec pause = { .tv_nsec = LOOK_AGAIN_NS };
  uint64_t end = host->now_ns () + BEGIN_NS;
  char words[300];

  while (try_socket (engine->socket) != 0) {
    if (service_has_ended (&engine->service, words, sizeof words)) {
      host->set_errorf (host, "podman's service does not start: %s", words);
      return SRT_E_UNSUPPORTED;
    }
    if (host->now_ns () > end) {
      host->set_errorf (host, "podman's service does not begin to answer");
      return SRT_E_UNSUPPORTED;
    }
    nanosleep (&pause, NULL);
  }
  return SRT_OK;
}

static int32_t
refuse_answer (Engine *engine, const char *what, const HttpReply *reply)
{
  g_autofree char *message = reply->status ? reply_message (reply->body) : NULL;

  engine->host->set_errorf (engine->host, "the engine at %s did not say %s: %s", engine->socket, what,
                            message ? message : reply->error);
  return SRT_E_UNSUPPORTED;
}

static int32_t
ask_what (Engine *engine)
{
  HttpReply reply = http_ask (engine->http, "GET", "/version", NULL, ask_ns (engine));

  if (reply.status != 200 || !reply_version (reply.body, &engine->what))
    return refuse_answer (engine, "its version", &reply);
  reply = http_ask (engine->http, "GET", "/info", NULL, ask_ns (engine));
  if (reply.status != 200 || !reply_info (reply.body, &engine->what))
    return refuse_answer (engine, "what it can do", &reply);
  if (!engine->what.podman || !engine->what.rootless)
    return SRT_OK;
  reply = http_ask (engine->http, "GET", "/v4.0.0/libpod/info", NULL, ask_ns (engine));
  if (reply.status != 200 || !reply_podman_info (reply.body, &engine->what))
    return refuse_answer (engine, "which users it can give", &reply);
  return SRT_OK;
}

/* Which disks can be throttled. Version 1 does it, but not as a limit has to. */
static void
find_disks (Engine *engine)
{
  const ReplyEngine *what = &engine->what;
  bool version_2 = what->cgroup_version && strcmp (what->cgroup_version, "2") == 0;
  bool here, store;

  if (what->rootless)
    engine->no_io = "a rootless engine has no say over disks";
  else if (!disk_can_throttle (version_2))
    engine->no_io = "the kernel does not count operations of disks for cgroups here";
  if (engine->no_io)
    return;
  here = disk_of (".", engine->disks[0]);
  store = disk_of (what->root, engine->disks[here]);
  if (!here || !store || strcmp (engine->disks[0], engine->disks[1]) == 0)
    engine->disks[here || store][0] = '\0';
  if (!here && !store)
    engine->no_io = "neither the working folder nor the engine's store is on a disk of its own";
  else if (!version_2)
    engine->no_io = "a cgroup of version 1 holds reads and direct writes, but buffered writes pass";
}

int32_t
engine_open (Engine *engine, const srt_host *host)
{
  int32_t status;

  *engine = (Engine){ .host = host, .service.alive = -1 };
  engine->timeout_ns = host->get_duration_ns (host->options, "engine_timeout");
  status = find (engine);
  if (status == SRT_OK && engine->service.helper)
    status = wait_for_service (engine);
  if (status != SRT_OK)
    return status;
  engine->http = http_new (host, engine->socket);
  if (engine->http == NULL) {
    host->set_errorf (host, "out of memory");
    return SRT_E_NO_MEMORY;
  }
  status = ask_what (engine);
  if (status == SRT_OK)
    find_disks (engine);
  return status;
}

void
engine_close (Engine *engine)
{
  http_free (engine->http);
  engine->http = NULL;
  service_close (&engine->service);
  reply_engine_clear (&engine->what);
}

/* --- what it has ---------------------------------------------------------------------------------------------- */

int32_t
engine_check_image (Engine *engine, const char *image)
{
  const srt_host *host = engine->host;
  g_autofree char *name = g_uri_escape_string (image, "/:@", FALSE);
  g_autofree char *path = g_strconcat ("/images/", name, "/json", NULL);
  HttpReply reply = http_ask (engine->http, "GET", path, NULL, ask_ns (engine));

  if (reply.status == 200)
    return SRT_OK;
  if (reply.status != 404)
    return refuse_answer (engine, "whether it has the image", &reply);
  host->set_errorf (host,
                    "%s has no image %s; get it with `%s pull %s`, or make the one that comes with srt: `%s build -t "
                    "%s -f " SHIPPED_IMAGE "`",
                    engine_name (engine), image, engine_name (engine), image, engine_name (engine), image);
  return SRT_E_UNSUPPORTED;
}

/* Rootless on cgroups of version 1 takes limits and ignores them. */
static bool
ignores_limits (const ReplyEngine *what)
{
  return what->rootless && (what->cgroup_version == NULL || strcmp (what->cgroup_version, "2") != 0);
}

uint64_t
engine_limits (const Engine *engine)
{
  const ReplyEngine *what = &engine->what;

  if (ignores_limits (what))
    return 0;
  return (what->memory && what->swap ? SRT_LIMIT_MEMORY : 0) | (what->cpu ? SRT_LIMIT_CPU : 0) |
         (what->pids ? SRT_LIMIT_PROCESSES : 0) | (engine->no_io ? 0 : SRT_LIMIT_IO);
}

const char *
engine_why_not (const Engine *engine, uint32_t limit)
{
  if (ignores_limits (&engine->what))
    return "a rootless engine on cgroups of version 1 ignores it";
  return limit == SRT_LIMIT_IO ? engine->no_io : "the engine says that it cannot hold it here";
}

static void
free_ids (char **ids)
{
  for (char **id = ids; id && *id; id++)
    free (*id);
  free (ids);
}

/* All that are listed now. Returns how many were, or -1 and the reply that tells why not. */
static int
remove_listed (Engine *engine, const char *run_id, uint32_t *ret_removed, HttpReply *reply)
{
  char path[1024], **ids;
  int n = 0;

  spec_list_path (run_id, path, sizeof path);
  *reply = http_ask (engine->http, "GET", path, NULL, ask_ns (engine));
  ids = reply->status == 200 ? reply_ids (reply->body) : NULL;
  if (ids == NULL)
    return -1;
  for (; ids[n]; n++) {
    snprintf (path, sizeof path, "/containers/%s?force=1&v=1", ids[n]);
    *reply = http_ask (engine->http, "DELETE", path, NULL, REMOVE_NS);
    *ret_removed += reply->status / 100 == 2;
  }
  free_ids (ids);
  return n;
}

int32_t
engine_remove_run (Engine *engine, const char *run_id, uint32_t *ret_removed)
{
  HttpReply reply = { 0 };
  int n = 1;

  for (int i = 0; i < REMOVE_ROUNDS && n > 0; i++)
    n = remove_listed (engine, run_id, ret_removed, &reply);
  if (n == 0)
    return SRT_OK;
  if (n > 0)
    engine->host->set_errorf (engine->host, "%d containers cannot be removed", n);
  else
    refuse_answer (engine, "which containers there are", &reply);
  return SRT_E_FAILED;
}
