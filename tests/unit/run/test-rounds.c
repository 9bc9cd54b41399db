/* SPDX-License-Identifier: MIT
 * When a command with --auto-resume goes on, and what travels between its rounds. */
#include "run/rounds.h"

/* Each round finishes as many tests as FINISHED says, a digit each; WORDS: what follows each. */
static const struct {
  guint max;
  const char *finished, *words;
} table[] = {
  { 3, "5555", "ggg." },                    /* as many rounds as are allowed */
  { 1, "55", "g." },     { 1, "00", "g0" }, /* once without progress is tried again */
  { 9, "00", "g0" },     { 9, "0100", "ggg0" }, { 9, "0101010101", "ggggggggg." },
  { 3, "1100", "ggg0" }, /* no progress is what the user must hear of */
  { 3, "1110", "ggg." },
};

static void
test_table (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (table); i++) {
    SrtRounds rounds = { 0 };
    g_autoptr (GString) words = g_string_new (NULL);
    for (const char *finished = table[i].finished; *finished; finished++) {
      g_assert_cmpuint (rounds.used, ==, words->len);
      SrtRoundsWord word = srt_rounds_next (&rounds, table[i].max, (guint)(*finished - '0'));
      g_string_append_c (words, word == SRT_ROUNDS_GO_ON ? 'g' : word == SRT_ROUNDS_ALL_USED ? '.' : '0');
    }
    g_assert_cmpstr (words->str, ==, table[i].words);
  }
}

static void
test_travels (void)
{
  const SrtRounds rounds = { 2, 1 };
  SrtRounds found;
  g_autofree char *text = srt_rounds_print (&rounds, 4711);
  g_assert_true (srt_rounds_parse (text, 4711, &found));
  g_assert_cmpuint (found.used, ==, 2);
  g_assert_cmpuint (found.fruitless, ==, 1);
  g_assert_false (srt_rounds_parse (text, 4712, &found)); /* another process' */
  g_assert_cmpuint (found.used, ==, 0);
}

static void
test_strange (void)
{
  static const char *const texts[] = { NULL, "", "1", "1:2", "1:2:", "1:2:3x", "1:2:3:4", ":::", "x:1:0", "1:0:0" };
  SrtRounds found = { 7, 7 };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++) {
    g_assert_false (srt_rounds_parse (texts[i], 1, &found));
    g_assert_cmpuint (found.used + found.fruitless, ==, 0);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/run/rounds/table", test_table);
  g_test_add_func ("/run/rounds/travels", test_travels);
  g_test_add_func ("/run/rounds/strange", test_strange);
  return g_test_run ();
}
