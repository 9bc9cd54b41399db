/* SPDX-License-Identifier: MIT */
#include "containment.h"
#include "try.h"
#include <stdio.h>
#include <string.h>

#define ALWAYS (SRT_LIMIT_FILES | SRT_LIMIT_FILE_SIZE | SRT_LIMIT_CORE | SRT_LIMIT_NICE)

/* Why each tier cannot be had; "" where it can. */
typedef struct {
  char text[N_TIERS][320];
  const char *reasons[N_TIERS]; /* as tier_choose wants them */
} Refusals;

static void
refuse (Refusals *refusals, Tier tier, const char *why)
{
  snprintf (refusals->text[tier], sizeof refusals->text[tier], "%s", why);
  refusals->reasons[tier] = refusals->text[tier];
}

/* WHY_NO_NAMESPACE: NULL where it was tried and works. */
static void
find_refusals (Refusals *refusals, const Cgroups *cgroups, const char *why_no_namespace)
{
  const char *why_none = try_subreaper ();

  memset (refusals, 0, sizeof *refusals);
  for (Tier tier = 0; tier < N_TIERS; tier++) {
    if (why_none != NULL)
      refuse (refusals, tier, why_none);
    else if (tier_has_group (tier) && cgroups->group[0] == '\0')
      refuse (refusals, tier, cgroups->why_no_group);
    else if (tier_has_namespace (tier) && why_no_namespace != NULL)
      refuse (refusals, tier, why_no_namespace);
  }
}

/* Tests are put into a cgroup of version 2 only where that is the tier: it is what a test of tier B or D would see. */
static uint32_t
what_to_make (Want want, const char *word, Want enforcement)
{
  bool group = want != WANT_OFF && strcmp (word, "pidns") != 0 && strcmp (word, "subreaper") != 0;

  return (group ? CGROUPS_GROUP : 0) | (enforcement != WANT_OFF ? CGROUPS_LIMITS : 0);
}

static int32_t
choose (Containment *containment, const srt_host *host, Want want, const char *word, const Refusals *refusals)
{
  Tier not_had;

  if (!tier_choose (want, word, refusals->reasons, &containment->tier, &not_had)) {
    host->set_errorf (host, "containment is required, but tier %s (%s) cannot be had: %s", tier_name (not_had),
                      tier_words (not_had), refusals->text[not_had]);
    return SRT_E_UNSUPPORTED;
  }
  if (not_had < N_TIERS)
    host->logf (host, SRT_LOG_WARNING, "tier %s (%s) cannot be had, tests run in tier %s: %s", tier_name (not_had),
                tier_words (not_had), tier_name (containment->tier), refusals->text[not_had]);
  return SRT_OK;
}

int32_t
containment_open (Containment *containment, const srt_host *host, const char *agent)
{
  Want want = want_of_word (host->get_string (host->options, "containment"));
  const char *word = host->get_string (host->options, "tier");
  int64_t pids_max = host->get_int (host->options, "pids_max");
  char why_not[256];
  bool namespace = want == WANT_OFF || !tier_asks_namespace (word) || try_namespace (agent, why_not, sizeof why_not);
  Refusals refusals;
  int32_t status;

  if (pids_max < 0) {
    host->set_errorf (host, "pids_max is %lld; it is a number of processes, or 0 for no cap", (long long)pids_max);
    return SRT_E_INVALID;
  }
  containment->enforcement = want_of_word (host->get_string (host->options, "enforcement"));
  containment->pids_max = containment->enforcement == WANT_OFF ? 0 : (uint64_t)pids_max;
  cgroups_make (&containment->cgroups, host, what_to_make (want, word, containment->enforcement));
  containment->opened = true;
  find_refusals (&refusals, &containment->cgroups, namespace ? NULL : why_not);
  status = choose (containment, host, want, word, &refusals);
  if (status < 0 || host->run_id[0] == '\0')
    cgroups_remove (&containment->cgroups);
  return status;
}

void
containment_close (Containment *containment)
{
  if (containment->opened)
    cgroups_remove (&containment->cgroups);
  containment->opened = false;
}

static bool
is_held (const Containment *containment, Controller controller)
{
  return containment->cgroups.controllers[controller].version > 0;
}

uint64_t
containment_limits (const Containment *containment)
{
  uint64_t limits = ALWAYS;

  if (containment->enforcement == WANT_OFF)
    return 0;
  if (try_subreaper () == NULL) /* by the cgroup, or by measuring the tree */
    limits |= SRT_LIMIT_MEMORY | SRT_LIMIT_PROCESSES | SRT_LIMIT_CPU_TIME;
  if (is_held (containment, CONTROLLER_CPU))
    limits |= SRT_LIMIT_CPU;
  if (containment->cgroups.controllers[CONTROLLER_IO].version == 2)
    limits |= SRT_LIMIT_IO;
  return limits;
}

const char *
containment_why_not (const Containment *containment, uint32_t limit)
{
  if (containment->enforcement == WANT_OFF)
    return "enforcement is off";
  if (containment_limits (containment) & limit)
    return NULL;
  if (limit == SRT_LIMIT_CPU)
    return containment->cgroups.controllers[CONTROLLER_CPU].why;
  if (limit == SRT_LIMIT_IO)
    return is_held (containment, CONTROLLER_IO)
               ? "a cgroup of version 1 holds reads and direct writes, but buffered writes pass"
               : containment->cgroups.controllers[CONTROLLER_IO].why;
  return try_subreaper () ? "there is no way to measure a test's tree on this system" : "it is not known here";
}

static const struct {
  uint32_t bit;
  const char *name;
} limit_names[] = {
  { SRT_LIMIT_MEMORY, "memory" },       { SRT_LIMIT_CPU, "cpu" },
  { SRT_LIMIT_CPU_TIME, "cpu_time" },   { SRT_LIMIT_IO, "io_ops" },
  { SRT_LIMIT_PROCESSES, "processes" },
};

static uint64_t
used_limits (const srt_limits *limits)
{
  return (limits->memory ? SRT_LIMIT_MEMORY : 0) | (limits->cpu_milli ? SRT_LIMIT_CPU : 0) |
         (limits->cpu_time_ns ? SRT_LIMIT_CPU_TIME : 0) | (limits->io_ops ? SRT_LIMIT_IO : 0) |
         (limits->processes ? SRT_LIMIT_PROCESSES : 0);
}

int32_t
containment_check (const Containment *containment, const srt_host *host, const srt_limits *limits)
{
  uint64_t missing;

  if (containment->enforcement != WANT_REQUIRED || limits == NULL)
    return SRT_OK;
  missing = used_limits (limits) & ~containment_limits (containment);
  for (size_t i = 0; i < sizeof limit_names / sizeof *limit_names; i++)
    if (missing & limit_names[i].bit) {
      host->set_errorf (host, "enforcement is required, but its limit %s is not held: %s", limit_names[i].name,
                        containment_why_not (containment, limit_names[i].bit));
      return SRT_E_UNSUPPORTED;
    }
  return SRT_OK;
}

static void
tell_controllers (const srt_host *host, const Cgroups *cgroups)
{
  static const char *const otherwise[N_CONTROLLERS] = { "measured by the agent instead",
                                                        "measured by the agent instead", "not enforced",
                                                        "not enforced" };

  for (Controller i = 0; i < N_CONTROLLERS; i++) {
    const ControllerPlace *place = &cgroups->controllers[i];

    if (place->version > 0)
      host->logf (host, SRT_LOG_INFO, "controller %s: cgroup v%u", controller_name (i, 2), place->version);
    else
      host->logf (host, SRT_LOG_INFO, "controller %s: %s: %s", controller_name (i, 2), otherwise[i], place->why);
  }
}

void
containment_tell (const srt_host *host, const char *agent)
{
  Cgroups cgroups;
  Refusals refusals;
  char why_not[256];
  bool namespace = try_namespace (agent, why_not, sizeof why_not);

  cgroups_make (&cgroups, host, CGROUPS_GROUP | CGROUPS_LIMITS);
  find_refusals (&refusals, &cgroups, namespace ? NULL : why_not);
  for (Tier tier = 0; tier < N_TIERS; tier++)
    host->logf (host, SRT_LOG_INFO, "tier %s (%s): %s%s", tier_name (tier), tier_words (tier),
                refusals.reasons[tier] ? "cannot be had: " : "works", refusals.text[tier]);
  tell_controllers (host, &cgroups);
  cgroups_remove (&cgroups);
}
