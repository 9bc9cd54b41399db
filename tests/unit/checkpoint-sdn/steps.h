/* SPDX-License-Identifier: MIT
 * Steps that many tests of checkpoint-sdn take. */
#pragma once
#include "host.h"
#include "sample.h"

#define PROGRESS ".srt/progress.sdn"

/* Append samples FROM to TO - 1; each call must give STATUS. */
void append_samples (Host *host, GPtrArray *samples, guint from, guint to, gint32 status);
/* What a fresh look at FOLDER/PATH says: how many good rows there are, none of them wrong and no line damaged; 0 if it
 * cannot be read. */
guint count_rows (const char *folder, const char *path, GPtrArray *samples);
