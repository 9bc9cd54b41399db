/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "catalog/catalog.h"
#include "main/commands.h"
#include "main/go-on.h"
#include "run/scheduler.h"

#include <stdio.h>
#include <string.h>

/* "srt --config team.cfg --resume": what was typed, quoted for a shell, with --resume. */
static char *
resume_hint (const SrtCommandContext *context)
{
  GString *hint = g_string_new ("srt");
  gboolean has_resume = FALSE;
  for (char **arg = context->argv + 1; *arg; arg++) {
    g_autofree char *quoted = g_shell_quote (*arg);
    gboolean plain =
        **arg &&
        strspn (*arg, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./:=,@%+-") == strlen (*arg);
    g_string_append_printf (hint, " %s", plain ? *arg : quoted);
    has_resume = has_resume || g_str_equal (*arg, "--resume") || g_str_equal (*arg, "--resume=force");
  }
  if (!has_resume)
    g_string_append (hint, " --resume");
  return g_string_free (hint, FALSE);
}

static void
say_left_aside (const SrtCatalog *catalog, gboolean verbose)
{
  const GPtrArray *left = catalog->left_aside;
  for (guint i = 0; verbose && i < left->len; i++) {
    const SrtLeftAside *one = g_ptr_array_index (left, i);
    fprintf (stderr, "srt: left aside: %s: %s\n", one->path, one->reason);
  }
  if (!verbose && left->len > 0) {
    const SrtLeftAside *first = g_ptr_array_index (left, 0);
    fprintf (stderr, "srt: %u files left aside (%s: %s%s); --verbose names them\n", left->len, first->path,
             first->reason, left->len > 1 ? "; …" : "");
  }
}

static int
run_round (SrtGoOn *go_on, const SrtCatalog *catalog, GError **error)
{
  const SrtCommandContext *context = go_on->context;
  gboolean later = go_on->rounds.used > 0; /* nobody has changed the sources since, but the tests themselves */
  g_auto (SrtRunStop) stop = { 0 };
  SrtRunRequest request = {
    .settings = context->settings,
    .loader = context->loader,
    .catalog = catalog,
    .libexec_dir = context->libexec_dir,
    .cwd = context->cwd,
    .resume_hint = go_on->resume_hint,
    .selected = *context->cli->args != NULL,
    .resume = context->cli->resume || later,
    .resume_force = context->cli->resume_force || later,
    .next_round = later,
  };
  int code = srt_run_tests (&request, &stop, error);
  return code == SRT_EXIT_STATUS_PROTECTED && go_on->max > 0 ? srt_go_on (go_on, &stop) : code;
}

int
srt_command_run (const SrtCommandContext *context, GError **error)
{
  SrtGoOn go_on;
  if (!srt_go_on_begin (&go_on, context, error))
    return (*error)->code;
  g_autoptr (SrtCatalog) catalog =
      srt_catalog_new (context->settings, (const char *const *)context->cli->args, context->cwd, error);
  if (!catalog)
    return (*error)->code;
  say_left_aside (catalog, srt_settings_bool (context->settings, SRT_KEY_RUN_VERBOSE));
  if (catalog->tests->len == 0) {
    gboolean pass = g_str_equal (srt_settings_string (context->settings, SRT_KEY_RUN_NO_TESTS), "pass");
    fprintf (stderr, "srt: no test selected%s\n", pass ? "" : " (--no-tests=pass makes this a success)");
    return pass ? 0 : SRT_ERROR_NO_TESTS;
  }
  g_autofree char *hint = resume_hint (context);
  go_on.resume_hint = hint;
  return run_round (&go_on, catalog, error);
}
