/* SPDX-License-Identifier: MIT
 * The clock of a heartbeat, by times of our own: no test waits. */
#include "agent/beat.h"
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

#define MS     G_GUINT64_CONSTANT (1000000)
#define S      (1000 * MS)
#define T0     (1000 * S)
#define PERIOD (30 * S)

typedef struct {
  SrtBeat beat;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_assert_cmpint (srt_beat_open (&fixture->beat, PERIOD, T0), ==, 0);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  srt_beat_close (&fixture->beat);
  g_assert_cmpint (fixture->beat.read_fd, ==, -1);
  srt_beat_close (&fixture->beat); /* once more does nothing */
}

static void
beat_once (Fixture *fixture)
{
  g_assert_cmpint (write (fixture->beat.write_fd, "\n", 1), ==, 1);
}

static void
assert_text (Fixture *fixture, const char *text)
{
  char words[200];

  srt_beat_text (&fixture->beat, words, sizeof words);
  g_assert_cmpstr (words, ==, text);
}

static void
test_none (void)
{
  SrtBeat beat;

  g_assert_cmpint (srt_beat_open (&beat, 0, T0), ==, 0);
  g_assert_cmpint (beat.read_fd, ==, -1);
  g_assert_cmpint (beat.write_fd, ==, -1);
  g_assert_false (srt_beat_listens (&beat, T0));
  g_assert_false (srt_beat_is_silent (&beat, G_MAXUINT64));
  g_assert_cmpuint (srt_beat_due_ns (&beat), ==, G_MAXUINT64);
}

static void
test_silence (Fixture *fixture, gconstpointer data)
{
  g_assert_true (srt_beat_listens (&fixture->beat, T0));
  g_assert_cmpuint (srt_beat_due_ns (&fixture->beat), ==, T0 + PERIOD);
  g_assert_false (srt_beat_is_silent (&fixture->beat, T0 + PERIOD - 1));
  g_assert_true (srt_beat_is_silent (&fixture->beat, T0 + PERIOD));
  assert_text (fixture, "not one since its start");
}

/* It runs for as long as it likes when it beats. */
static void
test_beats (Fixture *fixture, gconstpointer data)
{
  guint64 now = T0;

  for (guint i = 0; i < 10; i++) {
    now += PERIOD - 1;
    beat_once (fixture);
    srt_beat_take (&fixture->beat, now);
    g_assert_false (srt_beat_is_silent (&fixture->beat, now));
    g_assert_cmpuint (srt_beat_due_ns (&fixture->beat), ==, now + PERIOD);
  }
  g_assert_true (srt_beat_is_silent (&fixture->beat, now + PERIOD));
  assert_text (fixture, "the last of 10 came 299.999s after its start");
}

/* A beat that nobody has read yet counts. */
static void
test_unread (Fixture *fixture, gconstpointer data)
{
  beat_once (fixture);
  g_assert_false (srt_beat_is_silent (&fixture->beat, T0 + PERIOD));
  g_assert_cmpuint (fixture->beat.n, ==, 1);
  g_assert_cmpuint (srt_beat_due_ns (&fixture->beat), ==, T0 + 2 * PERIOD);
}

static void
test_frozen (Fixture *fixture, gconstpointer data)
{
  beat_once (fixture);
  srt_beat_take (&fixture->beat, T0 + S);
  srt_beat_skip (&fixture->beat, 100 * PERIOD);
  g_assert_cmpuint (srt_beat_due_ns (&fixture->beat), ==, T0 + S + 101 * PERIOD);
  g_assert_false (srt_beat_is_silent (&fixture->beat, T0 + S + 101 * PERIOD - 1));
  g_assert_true (srt_beat_is_silent (&fixture->beat, T0 + S + 101 * PERIOD));
  assert_text (fixture, "the last of 1 came 1.000s after its start");
}

/* Who stood still as well (a paused container) cannot say that the test was silent, but can the next time. */
static void
test_late (Fixture *fixture, gconstpointer data)
{
  g_assert_false (srt_beat_is_silent (&fixture->beat, T0 + 2 * PERIOD));
  g_assert_cmpuint (srt_beat_due_ns (&fixture->beat), ==, T0 + 3 * PERIOD);
  g_assert_true (srt_beat_is_silent (&fixture->beat, T0 + 3 * PERIOD));
}

static guint
fill (Fixture *fixture)
{
  char bytes[1000] = "";
  guint n = 0;

  fcntl (fixture->beat.write_fd, F_SETFL, O_NONBLOCK);
  while (write (fixture->beat.write_fd, bytes, sizeof bytes) > 0)
    n++;
  return n;
}

/* One read makes room for whoever waits, and then the pipe rests: so a flood wakes nobody more often than that. */
static void
test_flood (Fixture *fixture, gconstpointer data)
{
  guint64 now = T0 + S;

  for (guint i = 0; i < 5; i++) {
    g_assert_cmpuint (fill (fixture), >, 0);
    srt_beat_take (&fixture->beat, now);
    g_assert_cmpint (srt_beat_listens (&fixture->beat, now), ==, i == 0); /* the first may be the only one */
    now += SRT_BEAT_REST_NS;
    if (i > 0)
      g_assert_cmpuint (srt_beat_due_ns (&fixture->beat), ==, now);
    g_assert_true (srt_beat_listens (&fixture->beat, now));
    g_assert_cmpuint (srt_beat_due_ns (&fixture->beat), >, now);
  }
  g_assert_cmpuint (fixture->beat.n, ==, 5);
}

/* A rest is never as long as the silence that it could hide. */
static void
test_short_period (void)
{
  SrtBeat beat;

  g_assert_cmpint (srt_beat_open (&beat, 16 * MS, T0), ==, 0);
  for (guint i = 0; i < 2; i++) {
    g_assert_cmpint (write (beat.write_fd, "\n", 1), ==, 1);
    srt_beat_take (&beat, T0);
  }
  g_assert_cmpuint (srt_beat_due_ns (&beat), ==, T0 + 2 * MS);
  srt_beat_skip (&beat, S);
  g_assert_cmpuint (srt_beat_due_ns (&beat), ==, T0 + S + 2 * MS);
  srt_beat_close (&beat);
}

static void
test_endless_period (void)
{
  SrtBeat beat;

  g_assert_cmpint (srt_beat_open (&beat, G_MAXUINT64, T0), ==, 0);
  g_assert_cmpuint (srt_beat_due_ns (&beat), ==, G_MAXUINT64);
  g_assert_false (srt_beat_is_silent (&beat, G_MAXUINT64 - 1));
  srt_beat_close (&beat);
}

#define ADD(NAME, FN) g_test_add ("/agent/beat/" NAME, Fixture, NULL, set_up, FN, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/agent/beat/none", test_none);
  g_test_add_func ("/agent/beat/short-period", test_short_period);
  g_test_add_func ("/agent/beat/endless-period", test_endless_period);
  ADD ("silence", test_silence);
  ADD ("beats", test_beats);
  ADD ("unread", test_unread);
  ADD ("frozen", test_frozen);
  ADD ("late", test_late);
  ADD ("flood", test_flood);
  return g_test_run ();
}
