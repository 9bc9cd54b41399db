/* SPDX-License-Identifier: MIT
 * Results to be written and read: the I-th is always the same, no two are equal, and names and messages hold
 * everything that names can hold. */
#pragma once
#include <glib.h>
#include <srt/srt-plugin.h>

typedef struct {
  srt_test test;
  srt_result result;
  char *id, *message, *kept;
} Sample;

Sample *sample_new (guint i);
void sample_free (Sample *sample);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Sample, sample_free)

/* N of them. */
GPtrArray *samples_new (guint n);
/* Is it what was written, with `earlier` set? */
gboolean sample_equals (const Sample *sample, const srt_result *result);

/* A test that checks what is read against what was written: rows must come in order, each just as it was. */
typedef struct {
  GPtrArray *written;
  guint next;  /* the first that may come now */
  guint rows;  /* how many came */
  guint wrong; /* how many were never written like that */
} Expected;

/* srt_progress_request.row: DATA is an Expected. */
void expected_row (void *data, const srt_result *result);
