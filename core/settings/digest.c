/* SPDX-License-Identifier: MIT
 * A digest of all that changes what a test is. Everything goes in as configuration text with its key, so that two
 * values can never run into each other. */
#include "settings/state.h"

/* Of the settings of the run, only what is a limit of a test. */
static const SrtKey digested_keys[] = { SRT_KEY_RUN_TIMEOUT,   SRT_KEY_RUN_OUTPUT_MAX, SRT_KEY_RUN_PROFILE,
                                        SRT_KEY_RUN_SAFE_MODE, SRT_KEY_RUN_NO_LIMITS,  SRT_KEY_RUN_LEAKS,
                                        SRT_KEY_RUN_KEEP };

/* Keys of suites that say which tests there are, what else runs beside them or how they are ended, but not what one is.
 */
static const char *const left_out[] = { "level",     "patterns",   "exclude", "optional",
                                        "exclusive", "rerunnable", "grace",   NULL };

static void
add_text (GChecksum *sum, const char *text)
{
  g_checksum_update (sum, (const guchar *)text, -1);
}

static void
add_option (GChecksum *sum, const SrtRawOption *option)
{
  g_autofree char *name = srt_value_quote (option->name);
  add_text (sum, name);
  for (guint i = 0; option->list && option->list[i]; i++) {
    g_autofree char *element = srt_value_quote (option->list[i]);
    add_text (sum, element);
  }
  g_autofree char *text = srt_value_quote (option->text ? option->text : "");
  add_text (sum, text);
  add_text (sum, ";\n");
}

static void
add_value (GChecksum *sum, const SrtDecl *decl, const SrtValue *value)
{
  if (!value->set || g_strv_contains (left_out, decl->name))
    return;
  add_text (sum, decl->name);
  add_text (sum, "=");
  if (decl->type == SRT_TYPE_OPTIONS) {
    if (value->text)
      add_text (sum, value->text);
    for (guint i = 0; i < value->options->len; i++)
      add_option (sum, value->options->pdata[i]);
  } else {
    g_autofree char *text = srt_value_print (decl, value);
    add_text (sum, text);
  }
  add_text (sum, ";\n");
}

static void
add_records (GChecksum *sum, const char *what, const GPtrArray *records)
{
  for (guint i = 0; i < records->len; i++) {
    const SrtRecord *record = records->pdata[i];
    add_text (sum, what);
    add_text (sum, record->name);
    add_text (sum, "\n");
    for (guint row = 0; row < record->table->n; row++)
      add_value (sum, &record->table->rows[row], &record->values[row]);
  }
}

char *
srt_digest_make (const SrtSettings *settings)
{
  g_autoptr (GChecksum) sum = g_checksum_new (G_CHECKSUM_SHA256);
  const SrtPluginUse *executor = settings->uses[0]->pdata[0];

  for (guint i = 0; i < G_N_ELEMENTS (digested_keys); i++)
    add_value (sum, &srt_decl_settings.rows[digested_keys[i]], &settings->values->values[digested_keys[i]]);
  add_text (sum, executor->name);
  add_text (sum, "\n");
  add_records (sum, "profile ", settings->profile_records);
  add_records (sum, "suite ", settings->suite_records);
  add_records (sum, "rule ", settings->rule_records);
  return g_strdup (g_checksum_get_string (sum));
}
