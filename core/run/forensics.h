/* SPDX-License-Identifier: MIT
 * Forensics: the file that tells, after a protected stop, who took the machine. */
#pragma once
#include "guard/trail.h"
#include "run/scheduler.h"

/* Borrowed. */
typedef struct {
  const char *run_id;
  const char *reason;
  const srt_sample *sample;
  const SrtTrail *trail;
  const SrtRunningTest *running; /* the oldest first */
  guint32 n_running;
  SrtInstance *monitor;
  const srt_monitor_ops *ops;
  guint64 now_ns;
} SrtForensics;

/* The whole text. Caller frees. */
char *srt_forensics_text (const SrtForensics *forensics);

/* TEXT into the file NAME in the folder ".srt" of PROJECT_DIR, over an older one, never through a link. RET_PATH:
 * where; caller frees. */
gboolean srt_forensics_write (const char *project_dir, const char *name, const char *text, char **ret_path,
                              GError **error);
