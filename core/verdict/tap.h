/* SPDX-License-Identifier: MIT
 * TAP (Test Anything Protocol 12 to 14, testanything.org): a streaming reader. Its memory is fixed, whatever comes: a
 * line over 4 KiB is judged by its first 4 KiB. Feed it standard output, whole or byte by byte: the same comes out.
 * Pure.
 *
 * What counts as what:
 * - Lines: ended by LF or CRLF. Indented lines (subtests, YAML blocks) are left out: the case above speaks for them.
 *   Comments, versions, pragmas and lines that are no TAP are left out too.
 * - Plan: "1..N", before all cases or after them, once. "1..0" is skip_all, with "# SKIP reason" or without.
 * - Case: "ok" or "not ok", a number (counted on from the last one if absent), a description. Numbers may come in any
 *   order, each once, none above the plan. Doubles are seen up to number 65536; above it numbers must rise.
 * - Directives: " # SKIP..." and " # TODO", in any case, after white space; "\#" is none. "not ok # TODO" is no
 * failure; "not ok # SKIP" is one: the test has said "not ok".
 * - "Bail out!" ends the stream; what comes after it is not read. */
#pragma once
#include <glib.h>

typedef struct SrtTap SrtTap;

SrtTap *srt_tap_new (void);
void srt_tap_free (SrtTap *tap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtTap, srt_tap_free)

void srt_tap_feed (SrtTap *tap, const char *bytes, gsize length);

typedef struct {
  gboolean seen;                       /* anything of TAP at all: a version, a plan, a case, Bail out! */
  gint64 planned;                      /* -1: no plan */
  guint passed, failed, skipped, todo; /* todo: not ok # TODO; an ok # TODO is in passed */
  gboolean skip_all;                   /* 1..0 and no case */
  gboolean bailed;
  const char *reason;        /* of skip_all or Bail out!, or "" ; lives with the SrtTap, printable */
  const char *first_failure; /* description of the first failed case ("case 3" if it has none), or ""; likewise */
  const char *problem;       /* what is wrong with the stream ("planned 5 cases, saw 3", "two plans"), or "" */
} SrtTapSummary;

/* After the last byte; once. */
void srt_tap_end (SrtTap *tap, SrtTapSummary *ret_summary);
