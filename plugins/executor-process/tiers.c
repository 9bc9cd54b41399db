/* SPDX-License-Identifier: MIT */
#include "tiers.h"
#include <string.h>

static const struct {
  const char *name, *words;
  bool group, namespace;
} tiers[] = {
  [TIER_STRICT] = { "strict", "cgroup and PID namespace", true, true },
  [TIER_PIDNS] = { "pidns", "PID namespace", false, true },
  [TIER_CGROUP] = { "cgroup", "cgroup and subreaper", true, false },
  [TIER_SUBREAPER] = { "subreaper", "subreaper", false, false },
  [TIER_OFF] = { "off", "none", false, false },
};

const char *
tier_name (Tier tier)
{
  return tiers[tier].name;
}

const char *
tier_words (Tier tier)
{
  return tiers[tier].words;
}

bool
tier_has_group (Tier tier)
{
  return tiers[tier].group;
}

bool
tier_has_namespace (Tier tier)
{
  return tiers[tier].namespace;
}

static Tier
first_asked (const char *word)
{
  for (Tier tier = 0; tier < N_TIERS; tier++)
    if (strcmp (tiers[tier].name, word) == 0)
      return tier;
  return TIER_CGROUP; /* "auto" */
}

bool
tier_asks_namespace (const char *word)
{
  return tier_has_namespace (first_asked (word));
}

Want
want_of_word (const char *word)
{
  if (strcmp (word, "required") == 0)
    return WANT_REQUIRED;
  return strcmp (word, "off") == 0 ? WANT_OFF : WANT_IF_AVAILABLE;
}

bool
tier_choose (Want want, const char *word, const char *const reasons[N_TIERS], Tier *ret, Tier *ret_not)
{
  bool any = strcmp (word, "auto") == 0;
  Tier asked = first_asked (word), tier = asked;

  if (want == WANT_OFF) {
    *ret = TIER_OFF;
    *ret_not = N_TIERS;
    return true;
  }
  if (want == WANT_REQUIRED && !any && reasons[asked] != NULL) {
    *ret_not = asked;
    return false;
  }
  while (tier < N_TIERS && reasons[tier] != NULL)
    tier++;
  if (tier == N_TIERS && want == WANT_REQUIRED) {
    *ret_not = TIER_SUBREAPER;
    return false;
  }
  *ret = tier;
  *ret_not = !any && tier != asked ? asked : N_TIERS;
  return true;
}
