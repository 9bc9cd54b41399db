/* SPDX-License-Identifier: MIT */
#include "cli/cli.h"
#include "base/error.h"
#include "base/suggest.h"
#include "cli/table.h"

#include <string.h>

typedef struct {
  char **at;  /* the next argument */
  char **end; /* behind the last */
  SrtCli cli;
  GPtrArray *args;
  gboolean word_seen;         /* the first argument that is no option came by */
  gboolean options_over;      /* "--" came by */
  gboolean done;              /* --help and --version: what follows does not matter */
  const char *list_option;    /* --list as typed, when it was */
  const char *format_option;  /* --format likewise */
  const char *analyze_option; /* any of analyze's likewise */
} Parser;

G_GNUC_PRINTF (2, 3)
static gboolean
refuse (GError **error, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_set_error_literal (error, SRT_ERROR, SRT_ERROR_USAGE, text);
  return FALSE;
}

static SrtOrigin
origin_of (const char *typed)
{
  return (SrtOrigin){ NULL, 0, g_intern_string (typed) };
}

/* Each --plugin-dir adds one: they become a single list. */
static void
add_to_list (GPtrArray *overrides, const char *key, const char *value, const SrtOrigin *origin)
{
  const char *one[] = { value, NULL };

  for (guint i = 0; i < overrides->len; i++) {
    SrtRawOption *before = overrides->pdata[i];
    if (before->type == SRT_RAW_LIST && g_str_equal (before->name, key)) {
      guint n = g_strv_length (before->list);
      before->list = g_renew (char *, before->list, n + 2);
      before->list[n] = g_strdup (value);
      before->list[n + 1] = NULL;
      return;
    }
  }
  g_ptr_array_add (overrides, srt_raw_option_new (key, SRT_RAW_LIST, NULL, one, origin));
}

static void
do_setting (Parser *p, const SrtCliOption *option, const char *typed, const char *value)
{
  const SrtDecl *decl = &srt_decl_settings.rows[option->key];
  SrtOrigin origin = origin_of (typed);

  if (decl->type == SRT_TYPE_LIST) {
    add_to_list (p->cli.layer.overrides, decl->name, value, &origin);
    return;
  }
  g_autofree char *without = option->without ? g_strndup (option->without, strcspn (option->without, "]")) : NULL;
  const char *text = value ? value : without ? without : option->sets ? "true" : "false";
  int type = value || without ? SRT_RAW_STRING : SRT_RAW_BOOL;
  g_ptr_array_add (p->cli.layer.overrides, srt_raw_option_new (decl->name, type, text, NULL, &origin));
}

static gboolean
do_set (Parser *p, const char *value, GError **error)
{
  const char *equals = strchr (value, '=');
  if (!equals || equals == value)
    return refuse (error, "--set %s: write KEY=VALUE, as in --set run.jobs=4", value);
  g_autofree char *key = g_strndup (value, (gsize)(equals - value));
  g_autofree char *typed = g_strconcat ("--set ", key, NULL);
  SrtOrigin origin = origin_of (typed);
  g_ptr_array_add (p->cli.layer.overrides, srt_raw_option_new (key, SRT_RAW_STRING, equals + 1, NULL, &origin));
  return TRUE;
}

static gboolean
do_plugin (Parser *p, guint32 kind, const char *typed, const char *value, GError **error)
{
  SrtOrigin origin = origin_of (typed);
  SrtPluginUse *use = srt_plugin_use_parse (kind, value, &origin, error);
  if (!use) {
    g_prefix_error (error, "%s: ", typed);
    return FALSE;
  }
  g_ptr_array_add (p->cli.layer.uses, use);
  return TRUE;
}

/* NAME: of an option, or NULL. */
static void
use_container (Parser *p, const char *typed, const char *name, const char *value)
{
  SrtOrigin origin = origin_of (typed);
  SrtPluginUse *use = srt_plugin_use_new (SRT_KIND_EXECUTOR, "container", &origin);
  if (name) {
    SrtRawOption *option = srt_raw_option_new (name, SRT_RAW_STRING, value, NULL, &origin);
    srt_plugin_use_add (use, option);
    srt_raw_option_free (option);
  }
  g_ptr_array_add (p->cli.layer.uses, use);
}

static void
do_container (Parser *p, guint32 at_once, const char *typed)
{
  SrtOrigin origin = origin_of (typed);
  use_container (p, typed, NULL, NULL);
  if (at_once != SRT_CLI_AS_SET)
    g_ptr_array_add (p->cli.layer.overrides,
                     srt_raw_option_new ("run.parallel", SRT_RAW_BOOL, at_once == SRT_CLI_PARALLEL ? "true" : "false",
                                         NULL, &origin));
}

static gboolean
do_format (Parser *p, const char *typed, const char *value, GError **error)
{
  if (!g_str_equal (value, "text") && !g_str_equal (value, "json"))
    return refuse (error, "%s: \"%s\" is not possible; right is text or json", typed, value);
  p->cli.json = g_str_equal (value, "json");
  p->format_option = typed;
  return TRUE;
}

static gboolean
do_analyze (Parser *p, guint list, const char *typed, const char *value, GError **error)
{
  guint64 n = 10;
  if (value && !g_ascii_string_to_unsigned (value, 10, 1, 1000000, &n, NULL))
    return refuse (error, "%s: \"%s\" is not possible; right is a number from 1 on", typed, value);
  p->cli.lists[list] = (guint)n;
  p->analyze_option = typed;
  return TRUE;
}

static void
end_with (Parser *p, SrtCliCommand command)
{
  p->cli.help_for = p->word_seen ? p->cli.command : SRT_CLI_HELP;
  p->cli.command = command;
  p->done = TRUE;
}

/* TYPED: the option's name as it was typed. VALUE: NULL when it takes none. */
static gboolean
do_option (Parser *p, const SrtCliOption *option, const char *typed, const char *value, GError **error)
{
  switch (option->action) {
  case SRT_CLI_DO_SETTING:
    do_setting (p, option, typed, value);
    return TRUE;
  case SRT_CLI_DO_SET:
    return do_set (p, value, error);
  case SRT_CLI_DO_PLUGIN:
    return do_plugin (p, option->kind, typed, value, error);
  case SRT_CLI_DO_CONTAINER:
    do_container (p, option->kind, typed);
    return TRUE;
  case SRT_CLI_DO_CONTAINER_OPTION:
    use_container (p, typed, typed + strlen ("--container-"), value);
    return TRUE;
  case SRT_CLI_DO_NO_CHECKPOINT:
    return do_plugin (p, SRT_KIND_CHECKPOINT, typed, "none", error);
  case SRT_CLI_DO_FORMAT:
    return do_format (p, typed, value, error);
  case SRT_CLI_DO_CONFIG:
    g_free (p->cli.config);
    p->cli.config = g_strdup (value);
    return value[0] != '\0' || refuse (error, "%s: an empty text is no file", typed);
  case SRT_CLI_DO_RESUME:
    p->cli.resume = TRUE;
    p->cli.resume_force = value != NULL;
    return !value || g_str_equal (value, "force") ||
           refuse (error, "%s: \"%s\" is not possible; right is %s or %s=force", typed, value, typed, typed);
  case SRT_CLI_DO_ANALYZE:
    return do_analyze (p, option->kind, typed, value, error);
  case SRT_CLI_DO_LIST:
    p->list_option = typed;
    return TRUE;
  case SRT_CLI_DO_HELP:
    end_with (p, SRT_CLI_HELP);
    return TRUE;
  case SRT_CLI_DO_VERSION:
    end_with (p, SRT_CLI_VERSION);
    return TRUE;
  }
  g_return_val_if_reached (FALSE);
}

static gboolean
unknown_option (const char *typed, GError **error)
{
  const char *hint = srt_cli_later (typed);
  if (hint)
    return refuse (error, "%s: not in this version of srt%s%s", typed, hint[0] ? "; " : "", hint);
  g_auto (GStrv) names = srt_cli_all_names ();
  const char *meant = srt_suggest (typed, (const char *const *)names);
  if (meant && strlen (typed) > 2)
    return refuse (error, "%s: no such option; did you mean %s?", typed, meant);
  return refuse (error, "%s: no such option; `srt --help` shows all of them", typed);
}

/* The value of the option TYPED: what is attached to it, or the next argument. */
static const char *
take_value (Parser *p, const char *typed, const char *attached, GError **error)
{
  if (attached)
    return attached;
  if (p->at == p->end || g_str_has_prefix (*p->at, "--")) {
    refuse (error, "%s needs a value, as in %s%s", typed, typed, g_str_has_prefix (typed, "--") ? "=VALUE" : " VALUE");
    return NULL;
  }
  return *p->at++;
}

/* "--name" or "--name=value". */
static gboolean
parse_long (Parser *p, const char *arg, GError **error)
{
  SrtCliOption option;
  const char *equals = strchr (arg, '=');
  const char *attached = equals ? equals + 1 : NULL;
  g_autofree char *typed = equals ? g_strndup (arg, (gsize)(equals - arg)) : g_strdup (arg);
  const char *kept = g_intern_string (typed);

  if (!srt_cli_find (typed, &option))
    return unknown_option (typed, error);
  if (option.value_optional)
    return do_option (p, &option, kept, attached, error);
  if (!option.takes_value && attached)
    return refuse (error, "%s takes no value, but was given \"%s\"", typed, attached);
  const char *value = option.takes_value ? take_value (p, kept, attached, error) : NULL;
  return (value || !option.takes_value) && do_option (p, &option, kept, value, error);
}

/* "-v", "-j4", "-j=4", "-vj4", "-j" "4". */
static gboolean
parse_short (Parser *p, const char *arg, GError **error)
{
  for (const char *letter = arg + 1; *letter && !p->done; letter++) {
    SrtCliOption option;
    char name[] = { '-', *letter, '\0' };
    const char *typed = g_intern_string (name);
    if (!srt_cli_find (typed, &option))
      return g_ascii_isgraph (*letter) ? unknown_option (typed, error) : refuse (error, "\"%s\": no such option", arg);
    if (!option.takes_value) {
      if (!do_option (p, &option, typed, NULL, error))
        return FALSE;
      continue;
    }
    const char *rest = letter[1] == '=' ? letter + 2 : letter[1] ? letter + 1 : NULL;
    const char *value = take_value (p, typed, rest, error);
    return value && do_option (p, &option, typed, value, error);
  }
  return TRUE;
}

static const SrtCliWord *
find_word (const char *text)
{
  for (const SrtCliWord *row = srt_cli_words; row->word; row++)
    if (g_str_equal (row->word, text))
      return row;
  return NULL;
}

/* The first one may be a command; all others are its arguments. */
static gboolean
parse_plain (Parser *p, const char *arg, GError **error)
{
  const SrtCliWord *word = p->word_seen || p->options_over ? NULL : find_word (arg);

  p->word_seen = TRUE;
  if (word) {
    p->cli.command = word->command;
    return TRUE;
  }
  if (arg[0] == '\0')
    return refuse (error, "an empty argument is no path");
  g_ptr_array_add (p->args, g_strdup (arg));
  return TRUE;
}

static gboolean
parse_argument (Parser *p, const char *arg, GError **error)
{
  if (p->options_over || arg[0] != '-' || arg[1] == '\0')
    return parse_plain (p, arg, error);
  if (g_str_equal (arg, "--")) {
    p->options_over = TRUE;
    return TRUE;
  }
  return arg[1] == '-' ? parse_long (p, arg, error) : parse_short (p, arg, error);
}

/* `srt help COMMAND`. */
static gboolean
take_help_word (Parser *p, GError **error)
{
  const char *text = p->args->len > 0 ? p->args->pdata[0] : "help";
  const SrtCliWord *word = find_word (text);

  if (p->args->len > 1)
    return refuse (error, "`srt help` takes one command");
  if (!word)
    return refuse (error, "help: there is no command \"%s\"; `srt help` shows all of them", text);
  p->cli.help_for = word->command;
  g_ptr_array_set_size (p->args, 0);
  return TRUE;
}

/* What fits together only once all is known. */
static gboolean
check_whole (Parser *p, GError **error)
{
  SrtCli *cli = &p->cli;
  const SrtCliWord *word = srt_cli_words;

  if (p->list_option && cli->command != SRT_CLI_RUN && cli->command != SRT_CLI_LIST)
    return refuse (error, "%s: only for `srt run` and `srt list`", p->list_option);
  if (p->list_option)
    cli->command = SRT_CLI_LIST;
  if (cli->resume && cli->command != SRT_CLI_RUN)
    return refuse (error, "--resume: only for `srt run`");
  if (p->format_option && cli->command != SRT_CLI_LIST && cli->command != SRT_CLI_CHECKPOINT &&
      cli->command != SRT_CLI_ANALYZE)
    return refuse (error, "%s: only for `srt list`, `srt checkpoint` and `srt analyze`", p->format_option);
  if (p->analyze_option && cli->command != SRT_CLI_ANALYZE)
    return refuse (error, "%s: only for `srt analyze`", p->analyze_option);
  if (cli->command == SRT_CLI_CHECKPOINT && p->args->len > 1)
    return refuse (error, "`srt checkpoint` takes one FILE");
  if (cli->command == SRT_CLI_HELP)
    return take_help_word (p, error);
  while (word->command != cli->command)
    word++;
  if (!word->takes_args && p->args->len > 0)
    return refuse (error, "`srt %s` takes no argument \"%s\"", word->word, (const char *)p->args->pdata[0]);
  return TRUE;
}

static void
parser_init (Parser *p, int argc, char **argv)
{
  memset (p, 0, sizeof *p);
  p->at = argv + MIN (argc, 1);
  p->end = argv + argc;
  p->args = g_ptr_array_new_with_free_func (g_free);
  p->cli.help_for = SRT_CLI_HELP;
  p->cli.layer.overrides = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_raw_option_free);
  p->cli.layer.uses = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_plugin_use_free);
}

gboolean
srt_cli_parse (int argc, char **argv, SrtCli *ret, GError **error)
{
  Parser p;
  gboolean right = TRUE;

  parser_init (&p, argc, argv);
  while (right && !p.done && p.at < p.end) {
    const char *arg = *p.at++;
    right = parse_argument (&p, arg, error);
  }
  right = right && (p.done || check_whole (&p, error));
  if (p.done)
    g_ptr_array_set_size (p.args, 0);
  g_ptr_array_set_free_func (p.args, right ? NULL : g_free);
  g_ptr_array_add (p.args, NULL);
  if (!right) {
    g_ptr_array_free (p.args, TRUE);
    srt_cli_clear (&p.cli);
    return FALSE;
  }
  p.cli.args = (char **)g_ptr_array_free (p.args, FALSE);
  p.cli.layer.config = p.cli.config;
  *ret = p.cli;
  return TRUE;
}

void
srt_cli_clear (SrtCli *cli)
{
  g_strfreev (cli->args);
  g_free (cli->config);
  g_clear_pointer (&cli->layer.overrides, g_ptr_array_unref);
  g_clear_pointer (&cli->layer.uses, g_ptr_array_unref);
  memset (cli, 0, sizeof *cli);
}
