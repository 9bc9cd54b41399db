/* SPDX-License-Identifier: MIT */
#include "run/identity.h"

#include "base/text.h"
#include "base/units.h"

#include <string.h>

enum { NAMES_SAID = 5 };

gboolean
srt_identity_digest (const SrtTest *test, char ret_digest[SRT_CONTENT_DIGEST_SIZE])
{
  SrtContent content;
  gboolean program = test->suite->from == SRT_FROM_INSTALLED_TESTS && g_path_is_absolute (test->argv[0]);
  ret_digest[0] = '\0';
  srt_content_init (&content);
  if (!test->pub.file || !srt_content_add_file (&content, test->pub.file) ||
      (program && !srt_content_add_file (&content, test->argv[0])))
    return FALSE;
  srt_content_digest (&content, ret_digest);
  return TRUE;
}

/* Results on one other state of the sources. */
typedef struct {
  const char *source; /* NULL: what it was cannot be read any more */
  guint n;
  guint64 oldest_real_ns;
} Stale;

typedef struct {
  const SrtIdentityNow *now;
  GPtrArray *changed; /* ids */
  guint n_unknown;
  GArray *stale; /* of Stale */
} Check;

/* With a file that cannot be read the executor will say why. */
static gboolean
has_changed (const SrtTest *test, const srt_result *result)
{
  char digest[SRT_CONTENT_DIGEST_SIZE];
  srt_identity_digest (test, digest);
  return g_strcmp0 (result->digest ? result->digest : "", digest) != 0;
}

static void
count_stale (Check *check, const srt_result *result)
{
  guint i = 0;
  while (i < check->stale->len && g_strcmp0 (g_array_index (check->stale, Stale, i).source, result->source) != 0)
    i++;
  if (i == check->stale->len) {
    Stale one = { .source = g_intern_string (result->source), .oldest_real_ns = G_MAXUINT64 };
    g_array_append_val (check->stale, one);
  }
  Stale *stale = &g_array_index (check->stale, Stale, i);
  stale->n++;
  stale->oldest_real_ns = MIN (stale->oldest_real_ns, result->start_real_ns);
}

/* Does RESULT still say something of TEST? */
static gboolean
still_holds (gpointer data, const SrtTest *test, const srt_result *result)
{
  Check *check = data;
  const char *source = check->now->source;
  if (has_changed (test, result)) {
    g_ptr_array_add (check->changed, (gpointer)test->pub.id);
    return FALSE;
  }
  if (!source || g_strcmp0 (result->source, source) == 0)
    return TRUE;
  if (*source == '\0' || g_strcmp0 (result->source, "") == 0) {
    check->n_unknown++;
    return TRUE;
  }
  count_stale (check, result);
  return check->now->force;
}

/* "2h5m": to the second, as finer is of no use. */
static char *
age_text (guint64 now_ns, guint64 then_ns)
{
  const guint64 second_ns = G_GUINT64_CONSTANT (1000000000);
  guint64 seconds = (now_ns - MIN (now_ns, then_ns)) / second_ns;
  return srt_units_format_duration (seconds >= 3600 ? (seconds - seconds % 60) * second_ns : seconds * second_ns);
}

static void
say_stale (const Check *check, const Stale *stale, SrtNotify *notify)
{
  g_autofree char *age = age_text (check->now->now_real_ns, stale->oldest_real_ns);
  srt_notify_logf (notify, SRT_LOG_WARNING, "%u result%s up to %s old %s of other sources (%s; now %s): %s", stale->n,
                   stale->n == 1 ? "," : "s,", age, stale->n == 1 ? "is" : "are",
                   stale->source ? stale->source : "unknown", check->now->source,
                   check->now->force ? "kept, by --resume=force"
                                     : "these tests run again (--resume=force keeps such results)");
}

static void
say (const Check *check, SrtNotify *notify)
{
  guint n = check->changed->len;
  g_autofree char *names = srt_text_names ((const char *const *)check->changed->pdata, n, NAMES_SAID);
  if (n > 0)
    srt_notify_logf (notify, SRT_LOG_INFO, "changed since %s ran, so run again: %s", n == 1 ? "it" : "they", names);
  for (guint i = 0; i < check->stale->len; i++)
    say_stale (check, &g_array_index (check->stale, Stale, i), notify);
  if (check->n_unknown > 0)
    srt_notify_logf (notify, SRT_LOG_INFO, "%u results are kept without knowing whether the sources have changed",
                     check->n_unknown);
}

void
srt_identity_check (SrtResume *resume, const SrtIdentityNow *now, SrtNotify *notify)
{
  Check check = {
    .now = now,
    .changed = g_ptr_array_new (),
    .stale = g_array_new (FALSE, FALSE, sizeof (Stale)),
  };
  srt_resume_keep (resume, still_holds, &check);
  say (&check, notify);
  g_ptr_array_unref (check.changed);
  g_array_unref (check.stale);
}
