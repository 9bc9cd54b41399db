/* SPDX-License-Identifier: MIT
 * From growing counters to shares and stalls. */
#include "share.h"
#include <glib.h>

#define MS(N) ((uint64_t)(N)*1000000)

static void
test_window (void)
{
  SrtWindow window = { 0 };
  float share = -1;

  g_assert_false (srt_window_share (&window, &(SrtCount){ MS (0), 100, 1000 }, &share));
  g_assert_true (srt_window_share (&window, &(SrtCount){ MS (1000), 150, 1200 }, &share));
  g_assert_cmpfloat_with_epsilon (share, 25.0f, 0.01f);
  /* Samples far enough apart: since the one before. */
  g_assert_true (srt_window_share (&window, &(SrtCount){ MS (2000), 350, 1400 }, &share));
  g_assert_cmpfloat_with_epsilon (share, 100.0f, 0.01f);
}

/* Fast samples reach back over a window, so that one tick of the kernel's clock is not 100 %. */
static void
test_window_fast (void)
{
  SrtWindow window = { 0 };
  float share = -1;

  g_assert_false (srt_window_share (&window, &(SrtCount){ MS (0), 0, 0 }, &share));
  g_assert_true (srt_window_share (&window, &(SrtCount){ MS (1000), 0, 200 }, &share));
  for (uint64_t i = 1; i <= 9; i++) {
    g_assert_true (srt_window_share (&window, &(SrtCount){ MS (1000 + 20 * i), 1, 200 + 4 * i }, &share));
    g_assert_cmpfloat (share, <, 1.0f);
  }
  g_assert_true (srt_window_share (&window, &(SrtCount){ MS (1200), 11, 240 }, &share));
  g_assert_cmpfloat_with_epsilon (share, 27.5f, 0.01f);
}

static void
test_window_backwards (void)
{
  SrtWindow window = { 0 };
  float share = -1;

  g_assert_false (srt_window_share (&window, &(SrtCount){ MS (0), 500, 1000 }, &share));
  g_assert_false (srt_window_share (&window, &(SrtCount){ MS (1000), 500, 1000 }, &share));
  g_assert_false (srt_window_share (&window, &(SrtCount){ MS (2000), 400, 900 }, &share));
  g_assert_cmpfloat (share, ==, -1);
  g_assert_true (srt_window_share (&window, &(SrtCount){ MS (3000), 450, 1000 }, &share));
  g_assert_cmpfloat_with_epsilon (share, 50.0f, 0.01f);
  /* More used than there was (a quota that was lent): not over 100. */
  g_assert_true (srt_window_share (&window, &(SrtCount){ MS (4000), 950, 1100 }, &share));
  g_assert_cmpfloat (share, ==, 100.0f);
}

static void
test_stall (void)
{
  SrtStall stall = { 0 };
  srt_pressure machine = { 10, 1, 5000, 500 }, group = { 4, 3, 90000, 7000 }, both;

  srt_stall_merge (&stall, &machine, &group, &both);
  g_assert_cmpfloat (both.some_avg10, ==, 10);
  g_assert_cmpfloat (both.full_avg10, ==, 3);
  g_assert_cmpuint (both.some_total_ns, ==, 0);
  machine.some_total_ns += 100;
  group.some_total_ns += 300;
  group.full_total_ns += 50;
  srt_stall_merge (&stall, &machine, &group, &both);
  g_assert_cmpuint (both.some_total_ns, ==, 300);
  g_assert_cmpuint (both.full_total_ns, ==, 50);
  machine.some_total_ns += 1000;
  srt_stall_merge (&stall, &machine, &group, &both);
  g_assert_cmpuint (both.some_total_ns, ==, 1300);
  /* Moved to another cgroup, whose counters are lower: nothing is taken back. */
  group = (srt_pressure){ 0, 0, 10, 10 };
  srt_stall_merge (&stall, &machine, &group, &both);
  g_assert_cmpuint (both.some_total_ns, ==, 1300);
}

static void
test_stall_alone (void)
{
  SrtStall stall = { 0 };
  srt_pressure machine = { 10, 1, 5000, 500 }, group = { 4, 3, 90000, 7000 }, both;

  srt_stall_merge (&stall, &machine, NULL, &both);
  g_assert_cmpfloat (both.full_avg10, ==, 1);
  /* The first reading of the cgroup is no growth. */
  srt_stall_merge (&stall, NULL, &group, &both);
  g_assert_cmpfloat (both.some_avg10, ==, 4);
  g_assert_cmpuint (both.some_total_ns, ==, 0);
  group.some_total_ns += 8;
  srt_stall_merge (&stall, NULL, &group, &both);
  g_assert_cmpuint (both.some_total_ns, ==, 8);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/monitor-linux/share/window", test_window);
  g_test_add_func ("/monitor-linux/share/window-fast", test_window_fast);
  g_test_add_func ("/monitor-linux/share/window-backwards", test_window_backwards);
  g_test_add_func ("/monitor-linux/share/stall", test_stall);
  g_test_add_func ("/monitor-linux/share/stall-alone", test_stall_alone);
  return g_test_run ();
}
