/* SPDX-License-Identifier: MIT
 * What the settings say of the guard, in words. */
#include "base/units.h"
#include "run/guard.h"

/* "memory 90%, CPU 80%, tests 6G". */
static char *
threshold_words (const SrtSettings *settings)
{
  guint64 own = srt_settings_bytes (settings, SRT_KEY_GUARD_RUN_MEMORY);
  g_autofree char *own_size = srt_units_format_size (own);
  g_autofree char *own_words = own > 0 ? g_strconcat (", memory of the tests ", own_size, NULL) : g_strdup ("");
  return g_strdup_printf ("memory %g%%, CPU %g%%%s", srt_settings_float (settings, SRT_KEY_GUARD_MEMORY),
                          srt_settings_float (settings, SRT_KEY_GUARD_CPU), own_words);
}

char *
srt_guard_words (const SrtSettings *settings, gboolean has_monitor)
{
  g_autofree char *thresholds = threshold_words (settings);
  g_autofree char *sustained = srt_units_format_duration (srt_settings_duration_ns (settings, SRT_KEY_GUARD_SUSTAINED));
  gboolean dry = srt_settings_bool (settings, SRT_KEY_GUARD_DRY_RUN);
  const char *only = dry ? "; said, not done (--dry-run-guard)" : "";
  if (srt_settings_bool (settings, SRT_KEY_GUARD_OFF))
    return g_strdup ("off (--no-self-protect)");
  if (!has_monitor)
    return g_strdup ("none: nothing measures the machine");
  if (srt_settings_bool (settings, SRT_KEY_GUARD_SELF_PROTECT))
    return g_strdup_printf ("%s for %s: stop with a checkpoint and exit status 42%s", thresholds, sustained, only);
  return g_strdup_printf ("%s: start less, freeze; after %s kill or stop, where the run is the cause%s", thresholds,
                          sustained, only);
}
