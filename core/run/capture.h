/* SPDX-License-Identifier: MIT
 * Capture: what tests write, kept within bounds. A running test's bytes stay in one buffer of its slot (64 KiB) and
 * then in one unlinked file of its slot; what is kept beyond the test's end (a failure's output) is copied behind the
 * others into one unlinked file of the run. So memory and descriptors grow with the slots, never with output or tests.
 */
#pragma once
#include "srt/srt-plugin.h"
#include <glib.h>

typedef struct SrtSpool SrtSpool;     /* of a run */
typedef struct SrtCapture SrtCapture; /* of a slot */

/* DIR: where the unlinked files are made. Opens nothing until it is needed. */
SrtSpool *srt_spool_new (const char *dir);
void srt_spool_free (SrtSpool *spool);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtSpool, srt_spool_free)

SrtCapture *srt_capture_new (SrtSpool *spool);
void srt_capture_free (SrtCapture *capture);

/* A new test begins: forget what was there. At most MAX bytes are kept. */
void srt_capture_begin (SrtCapture *capture, guint64 max);
void srt_capture_add (SrtCapture *capture, const void *bytes, gsize length);
guint64 srt_capture_bytes (const SrtCapture *capture); /* kept */
guint64 srt_capture_lost (const SrtCapture *capture);  /* over the maximum, or not written for want of disk */

/* What the test wrote, to be read until the next begin; NULL when it wrote nothing. */
const srt_output *srt_capture_output (SrtCapture *capture);
/* The same, to be read until the spool is freed. When the disk is full: NULL, and all of it counts as lost. */
const srt_output *srt_capture_keep (SrtCapture *capture);

/* For srt_host.read_output. */
int64_t srt_output_read (const srt_output *output, uint64_t offset, void *buffer, size_t length);
