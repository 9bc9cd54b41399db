/* SPDX-License-Identifier: MIT */
#include "loop-fixture.h"

#include <signal.h>

void
set_up (Fixture *f, gconstpointer unused)
{
  g_autoptr (GError) error = NULL;
  static const int numbers[] = { SIGINT, SIGQUIT, SIGHUP }; /* nohup and "&" have these ignored */
  for (gsize i = 0; i < G_N_ELEMENTS (numbers); i++)
    signal (numbers[i], SIG_DFL);
  f->seen = g_string_new (NULL);
  f->loop = srt_loop_new (&error);
  g_assert_no_error (error);
}

void
tear_down (Fixture *f, gconstpointer unused)
{
  srt_loop_free (f->loop);
  g_string_free (f->seen, TRUE);
}

void
ended (void *data, srt_helper *helper, int status)
{
  Fixture *f = data;
  f->ended++;
  f->last_status = status;
}

void
turn_until_ended (Fixture *f, guint n)
{
  guint64 until = srt_loop_now_ns () + TURN_NS;
  while (f->ended < n) {
    g_assert_cmpuint (srt_loop_now_ns (), <, until);
    srt_loop_turn (f->loop, TURN_NS);
  }
}
