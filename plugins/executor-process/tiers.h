/* SPDX-License-Identifier: MIT
 * The tiers of containment, the best first, and which one a run gets. Pure. */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
  TIER_STRICT,    /* A: cgroup and PID namespace */
  TIER_PIDNS,     /* B: PID namespace */
  TIER_CGROUP,    /* C: cgroup.kill, and a subreaper */
  TIER_SUBREAPER, /* D */
  N_TIERS,
  TIER_OFF = N_TIERS
} Tier;

typedef enum { WANT_REQUIRED, WANT_IF_AVAILABLE, WANT_OFF } Want;

/* As the options say it. */
const char *tier_name (Tier tier);
Want want_of_word (const char *word);

/* For people: what it is made of. */
const char *tier_words (Tier tier);

bool tier_has_group (Tier tier);
bool tier_has_namespace (Tier tier);
/* WORD: as the option says it; "auto" never asks for one. */
bool tier_asks_namespace (const char *word);

/* WORD: "auto" or a tier's name. REASONS: why each cannot be had, NULL where it can. True: *ret is the tier, and
 * *ret_not says which better one was asked for and cannot be had (else N_TIERS). False: it is required and cannot be
 * had: *ret_not says which. "auto" never takes a PID namespace, as tests see it. */
bool tier_choose (Want want, const char *word, const char *const reasons[N_TIERS], Tier *ret, Tier *ret_not);
