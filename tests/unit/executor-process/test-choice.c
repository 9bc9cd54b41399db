/* SPDX-License-Identifier: MIT
 * Which tier a run gets: every wish with every set of refusals. */
#include "tiers.h"
#include <glib.h>

static const char *const words[] = { "strict", "pidns", "cgroup", "subreaper", "auto" };

/* What the table below must say: the first that can be had, from the one that was asked for. */
static void
check (Want want, guint word, guint refused)
{
  const char *reasons[N_TIERS];
  Tier first = word == N_TIERS ? TIER_CGROUP : (Tier)word, best = first, tier = 99, not_had = 99;
  gboolean ok;

  for (guint i = 0; i < N_TIERS; i++)
    reasons[i] = refused & (1u << i) ? "refused" : NULL;
  while (best < N_TIERS && reasons[best])
    best++;
  ok = tier_choose (want, words[word], reasons, &tier, &not_had);
  if (want == WANT_REQUIRED && (best == N_TIERS || (word < N_TIERS && best != first))) {
    g_assert_false (ok);
    g_assert_cmpuint (tier, ==, 99);
    g_assert_nonnull (reasons[not_had]);
    return;
  }
  g_assert_true (ok);
  g_assert_cmpuint (tier, ==, want == WANT_OFF ? TIER_OFF : best);
  g_assert_cmpuint (not_had, ==, want != WANT_OFF && word < N_TIERS && best != first ? first : N_TIERS);
}

static void
test_all (void)
{
  for (guint word = 0; word < G_N_ELEMENTS (words); word++)
    for (guint refused = 0; refused < 1u << N_TIERS; refused++) {
      check (WANT_REQUIRED, word, refused);
      check (WANT_IF_AVAILABLE, word, refused);
      check (WANT_OFF, word, refused);
    }
}

static void
test_words (void)
{
  g_assert_cmpint (want_of_word ("required"), ==, WANT_REQUIRED);
  g_assert_cmpint (want_of_word ("if_available"), ==, WANT_IF_AVAILABLE);
  g_assert_cmpint (want_of_word ("off"), ==, WANT_OFF);
  g_assert_true (tier_asks_namespace ("strict"));
  g_assert_true (tier_asks_namespace ("pidns"));
  g_assert_false (tier_asks_namespace ("cgroup"));
  g_assert_false (tier_asks_namespace ("auto"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/executor-process/choice/all", test_all);
  g_test_add_func ("/executor-process/choice/words", test_words);
  return g_test_run ();
}
