/* SPDX-License-Identifier: MIT
 * TAP in pieces must give what it gives as a whole. */
#include "fuzz.h"
#include "verdict/tap.h"

int
LLVMFuzzerTestOneInput (const uint8_t *bytes, size_t n)
{
  g_autoptr (SrtTap) whole = srt_tap_new (), pieces = srt_tap_new ();
  SrtTapSummary a, b;

  srt_tap_feed (whole, (const char *)bytes, n);
  srt_tap_end (whole, &a);
  for (size_t at = 0; at < n; at += 7)
    srt_tap_feed (pieces, (const char *)bytes + at, MIN (n - at, 7));
  srt_tap_end (pieces, &b);
  g_assert_cmpuint (a.passed, ==, b.passed);
  g_assert_cmpuint (a.failed, ==, b.failed);
  g_assert_cmpuint (a.skipped, ==, b.skipped);
  g_assert_cmpstr (a.problem, ==, b.problem);
  g_assert_true (g_utf8_validate (a.reason, -1, NULL) && g_utf8_validate (a.first_failure, -1, NULL));
  return 0;
}
