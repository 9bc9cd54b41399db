/* SPDX-License-Identifier: MIT */
#include "probe.h"
#include "engine.h"
#include "program.h"
#include <glib.h>
#include <limits.h>
#include <string.h>

#define HYBRID "/sys/fs/cgroup/unified/cgroup.controllers"

/* crun's own test: controllers below the second hierarchy of a machine that has the first. */
static bool
is_hybrid (void)
{
  g_autofree char *controllers = NULL;

  return g_file_get_contents (HYBRID, &controllers, NULL, NULL) && *g_strstrip (controllers) != '\0';
}

static void
tell_engine (const srt_host *host, const Engine *engine)
{
  const ReplyEngine *what = &engine->what;

  host->logf (host, SRT_LOG_INFO, "engine: %s %s at %s, %s", engine_name (engine), what->version,
              engine->service.helper ? "a socket of our own" : engine->socket, what->rootless ? "rootless" : "as root");
  host->logf (host, SRT_LOG_INFO, "runtime %s, cgroups of version %s by %s", what->runtime ? what->runtime : "?",
              what->cgroup_version ? what->cgroup_version : "?", what->cgroup_driver ? what->cgroup_driver : "?");
  if (what->runtime && strcmp (what->runtime, "crun") == 0 && is_hybrid ())
    host->logf (host, SRT_LOG_WARNING,
                "no container starts here: crun refuses machines with cgroups of both versions; install runc, and put "
                "runtime = \"runc\" below [engine] in containers.conf");
}

static void
tell_limits (const srt_host *host, const Engine *engine)
{
  static const struct {
    const char *name, *otherwise;
    uint32_t bit;
  } all[] = {
    { "memory", "; measured by the agent", SRT_LIMIT_MEMORY },
    { "processes", "; measured by the agent", SRT_LIMIT_PROCESSES },
    { "cpu", "; not held", SRT_LIMIT_CPU },
    { "io_ops", "; not held", SRT_LIMIT_IO },
  };
  uint64_t limits = engine_limits (engine);

  for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
    bool is_held = limits & all[i].bit;

    host->logf (host, SRT_LOG_INFO, "limit %s: %s%s", all[i].name,
                is_held ? "by the engine" : engine_why_not (engine, all[i].bit), is_held ? "" : all[i].otherwise);
  }
}

/* What a rootless podman needs besides. */
static bool
lacks_user_network (const ReplyEngine *what)
{
  g_autofree char *slirp = g_find_program_in_path ("slirp4netns"), *pasta = g_find_program_in_path ("pasta");

  return what->podman && what->rootless && slirp == NULL && pasta == NULL;
}

static void
tell_bridge (const srt_host *host, const ReplyEngine *what)
{
  host->logf (host, SRT_LOG_INFO, "network bridge: %s",
              !what->bridge ? "no, the engine has no such driver"
              : lacks_user_network (what)
                  ? "no, rootless podman needs slirp4netns or pasta for it, and there is neither"
                  : "the engine offers it");
}

int32_t
probe_engine (const srt_host *host)
{
  Engine engine;
  char agent[PATH_MAX];
  int32_t status = program_find_agent (host, agent);

  if (status != SRT_OK)
    return status;
  status = engine_open (&engine, host);
  if (status == SRT_OK) {
    tell_engine (host, &engine);
    tell_limits (host, &engine);
    tell_bridge (host, &engine.what);
    host->logf (host, SRT_LOG_INFO, "init: %s, which is static", agent);
  }
  engine_close (&engine);
  return status;
}
