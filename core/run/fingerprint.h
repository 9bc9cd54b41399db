/* SPDX-License-Identifier: MIT
 * Fingerprint: the state of the sources that a run tests, as one line of text that is equal while they are.
 *   auto     in a git work tree "git REVISION", and " dirty DIGEST" behind it when tracked files differ from that: the
 *            digest is of the difference. Files that git does not track do not count, or what tests write would.
 * Elsewhere nothing is known, which is no error. none     not asked for. COMMAND  what it prints. That it fails, prints
 * nothing or takes over ten seconds is an error: somebody relies on it. */
#pragma once
#include "host/loop.h"

/* WORDS: the setting run.fingerprint. *RET: NULL for none, "" where nothing is known; caller frees. Runs helpers in DIR
 * and waits for them. Error: SRT_ERROR_USAGE. */
gboolean srt_fingerprint_take (SrtLoop *loop, const char *const *words, const char *dir, char **ret, GError **error);
