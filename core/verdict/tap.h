/* SPDX-License-Identifier: MIT
 * TAP (Test Anything Protocol 12 to 14, testanything.org): a streaming reader. No allocation grows with the input: a
 * line over 4 KiB is judged by its first 4 KiB. Pure. */
#pragma once
#include <glib.h>

typedef struct SrtTap SrtTap;

SrtTap *srt_tap_new (void);
void srt_tap_free (SrtTap *tap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtTap, srt_tap_free)

void srt_tap_feed (SrtTap *tap, const char *bytes, gsize length);

typedef struct {
  gboolean seen;                       /* anything of TAP at all */
  gint64 planned;                      /* -1: no plan */
  guint passed, failed, skipped, todo; /* todo: not ok # TODO; an ok # TODO is in passed */
  gboolean skip_all;                   /* 1..0 */
  gboolean bailed;
  const char *reason;        /* of skip_all or Bail out!, or "" ; lives with the SrtTap */
  const char *first_failure; /* description of the first failed case, or "" */
  const char *problem;       /* what is wrong with the stream ("planned 5, saw 3", "two plans"), or "" */
} SrtTapSummary;

/* After the last byte. */
void srt_tap_end (SrtTap *tap, SrtTapSummary *ret_summary);
