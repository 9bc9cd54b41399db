/* SPDX-License-Identifier: MIT */
#include "base/suggest.h"

#include <string.h>

static const char *const candidates[] = { "parallel", "parallel_timeout", "paths", "patterns", "profile",
                                          "jobs",     "timeout",          "file",  NULL };

static void
test_near (void)
{
  static const char *const rows[][2] = {
    { "fiel", "file" },        { "tiemout", "timeout" }, { "paralell", "parallel" },
    { "pattern", "patterns" }, { "path", "paths" },      { "Jobs", "jobs" },
    { "job", "jobs" },         { "profil", "profile" },  { "parallel-timout", "parallel_timeout" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_cmpstr (srt_suggest (rows[i][0], candidates), ==, rows[i][1]);
}

static void
test_far (void)
{
  static const char *const rows[] = { "", "x", "elephant", "zzzz", "database", "t" };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    g_assert_null (srt_suggest (rows[i], candidates));
}

static void
test_bounds (void)
{
  static const char *const none[] = { NULL };
  char long_word[5000];
  memset (long_word, 'a', sizeof long_word - 1);
  long_word[sizeof long_word - 1] = '\0';
  const char *const long_candidates[] = { long_word, "aaaa", NULL };

  g_assert_null (srt_suggest (long_word, candidates));
  g_assert_null (srt_suggest ("file", none));
  g_assert_cmpstr (srt_suggest ("aaab", long_candidates), ==, "aaaa");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/suggest/near", test_near);
  g_test_add_func ("/base/suggest/far", test_far);
  g_test_add_func ("/base/suggest/bounds", test_bounds);
  return g_test_run ();
}
