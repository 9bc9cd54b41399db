/* SPDX-License-Identifier: MIT
 * What a container is to be, and the request that makes it. Pure: nothing is asked, nothing is opened. */
#pragma once
#include <srt/srt-plugin.h>
#include <stdbool.h>

/* Where things of srt are in every container. */
#define SPEC_AGENT  "/.srt/agent"
#define SPEC_LINK   "/.srt/link"
#define SPEC_SOCKET "socket" /* in it */
#define SPEC_TMP    "/.srt/tmp"
#define SPEC_KEEP   "/.srt/keep"
/* How Spec.link and Spec.keep begin where they are not known yet: see spec_place. */
#define SPEC_ANY_LINK "//link//"

typedef enum { WORKSPACE_RO, WORKSPACE_OVERLAY, WORKSPACE_RW, WORKSPACE_FILE } SpecWorkspace;
typedef enum { NETWORK_NONE, NETWORK_BRIDGE } SpecNetwork;

/* A limit of each process, as the engine knows it; -1: none. */
typedef struct {
  const char *name;
  int64_t soft, hard;
} SpecUlimit;

typedef struct {
  /* Who it is. */
  const char *run_id, *test; /* TEST: NULL: it is for many */
  unsigned owner;            /* user */
  /* What it is made of. Lists are ended by NULL and may be NULL. */
  const char *image, *user;        /* USER: "UID:GID" */
  bool keep_id;                    /* rootless podman: our own user is the same inside */
  const char *agent, *link, *keep; /* here, for SPEC_AGENT, SPEC_LINK and SPEC_KEEP */
  const char *workspace;           /* at the same path inside, FILE: only this of it; NULL: none */
  SpecWorkspace workspace_mode;
  const char *const *mounts; /* "SOURCE:TARGET[:ro|rw]", "PATH[:ro|rw]" */
  const char *const *env;    /* "NAME=value" */
  const char *const *caps;
  const char *const *devices; /* "/dev/kvm", "HERE:THERE" */
  SpecNetwork network;
  bool masked;       /* more of /proc and /sys is hidden than engines do */
  bool no_exec;      /* nothing runs that was written there */
  bool podman;       /* which has words of its own for some things */
  bool root_is_us;   /* the engine's users are mapped so */
  uint64_t tmp_size; /* bytes of each tmpfs; 0: as the engine does */
  uint64_t pids_max; /* for a test without a limit of its own; 0: none */
  bool required;     /* a limit that is not held is a reason not to start the test */
  bool label_off;    /* SELinux would keep it from the socket */
  srt_limits limits;
  const char *const *disks;  /* that limits.io_ops is for: "/dev/sda" */
  const SpecUlimit *ulimits; /* ended by one without name */
} Spec;

/* The body of "create", to be freed with free(). NULL: *ret_why says what makes no sense (to be freed, too). */
char *spec_to_json (const Spec *spec, char **ret_why);

/* BODY with LINK for each SPEC_ANY_LINK; to be freed with free(). */
char *spec_place (const char *body, const char *link);

/* "Name": of the container with NUMBER of a run. Into NAME. */
void spec_name (const char *run_id, uint64_t number, char *name, size_t size);
/* "/containers/json?…" that lists those of RUN_ID; into PATH. */
void spec_list_path (const char *run_id, char *path, size_t size);
