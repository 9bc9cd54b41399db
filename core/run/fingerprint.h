/* SPDX-License-Identifier: MIT
 * Fingerprint: the state of the sources that a run tests, as one line of text that is equal while they are. There are
 * three ways to ask for it.
 *
 * "auto": in a git work tree it is "git REVISION", and " dirty DIGEST" behind it when tracked files differ from that;
 * the digest is of the difference. Files that git does not track do not count, or what tests write would. Elsewhere
 * nothing is known, which is no error; nor is a git that does not answer in three seconds, which is said.
 *
 * "none": it is not asked for.
 *
 * A command: what it prints. That it fails, prints nothing or takes over ten seconds is an error, as somebody relies on
 * it. */
#pragma once
#include "run/notify.h"

/* Where to ask. Borrowed. */
typedef struct {
  SrtLoop *loop;
  const char *dir;
  SrtNotify *notify;
  const int *signal_number; /* not 0: the user does not want to wait any longer */
} SrtFingerprintPlace;

/* WORDS: the setting run.fingerprint. *RET: NULL for none, "" where nothing is known; caller frees. Runs helpers and
 * waits for them. Error: SRT_ERROR_USAGE, or 128 + the signal. */
gboolean srt_fingerprint_take (const SrtFingerprintPlace *place, const char *const *words, char **ret, GError **error);
