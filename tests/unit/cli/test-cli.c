/* SPDX-License-Identifier: MIT
 * Command lines and what they mean, written as one text: "COMMAND flags args; overrides; uses". */
#include "base/error.h"
#include "cli/cli.h"
#include "cli/table.h"

#include <string.h>

typedef struct {
  const char *line; /* arguments with blanks between; '' is an empty one */
  const char *meaning, *error;
} Row;

static const Row rows[] = {
  /* commands */
  { "", "run", NULL },
  { "run", "run", NULL },
  { "test", "run", NULL },
  { "list", "list", NULL },
  { "plugins", "plugins", NULL },
  { "plugins junit ./x.so", "plugins <junit> <./x.so>", NULL },
  { "config", "config", NULL },
  { "doctor", "doctor", NULL },
  { "clean", "clean", NULL },
  { "version", "version", NULL },
  { "checkpoint", "checkpoint", NULL },
  { "checkpoint x.sdn --format json", "checkpoint json <x.sdn>", NULL },
  { "checkpoint x y", NULL, "`srt checkpoint` takes one FILE" },
  { "analyze", "analyze", NULL },
  { "analyze --worst-memory=3 --worst-cpu --format=json", "analyze json memory 3 cpu 10", NULL },
  { "test-analyze --slowest --flaky=2", "analyze slowest 10 flaky 2", NULL },
  { "analyze --slowest=0", NULL, "--slowest: \"0\" is not possible; right is a number from 1 on" },
  { "analyze --slowest=", NULL, "--slowest: \"\" is not possible; right is a number from 1 on" },
  { "analyze x", NULL, "`srt analyze` takes no argument \"x\"" },
  { "run --flaky", NULL, "--flaky: only for `srt analyze`" },
  { "config x", NULL, "`srt config` takes no argument \"x\"" },
  { "doctor x y", NULL, "`srt doctor` takes no argument \"x\"" },
  { "version x", NULL, "`srt version` takes no argument \"x\"" },
  /* help */
  { "--help", "help", NULL },
  { "-h", "help", NULL },
  { "help", "help", NULL },
  { "help run", "help of run", NULL },
  { "help test", "help of run", NULL },
  { "help plugins", "help of plugins", NULL },
  { "run --help", "help of run", NULL },
  { "list -h --bogus", "help of list", NULL },
  { "x --help", "help of run", NULL },
  { "-vh --bogus", "help; run.verbose=true[-v]", NULL },
  { "help bogus", NULL, "help: there is no command \"bogus\"; `srt help` shows all of them" },
  { "help run list", NULL, "`srt help` takes one command" },
  { "--version", "version", NULL },
  { "-V x y z", "version", NULL },
  /* paths */
  { "a b/ ./c", "run <a> <b/> <./c>", NULL },
  { "run run", "run <run>", NULL },
  { "./run", "run <./run>", NULL },
  { "-- run", "run <run>", NULL },
  { "-- -x --jobs", "run <-x> <--jobs>", NULL },
  { "a -- -x", "run <a> <-x>", NULL },
  { "list -- list", "list <list>", NULL },
  { "a list", "run <a> <list>", NULL },
  { "-", "run <->", NULL },
  { "''", NULL, "an empty argument is no path" },
  { "a --verbose b", "run <a> <b>; run.verbose=true[--verbose]", NULL },
  { "--verbose list a", "list <a>; run.verbose=true[--verbose]", NULL },
  /* values of settings */
  { "--jobs 4", "run; run.jobs=4[--jobs]", NULL },
  { "--jobs=4", "run; run.jobs=4[--jobs]", NULL },
  { "--max-workers 4", "run; run.jobs=4[--max-workers]", NULL },
  { "-j4", "run; run.jobs=4[-j]", NULL },
  { "-j 4", "run; run.jobs=4[-j]", NULL },
  { "-j=4", "run; run.jobs=4[-j]", NULL },
  { "-vj4", "run; run.verbose=true[-v] run.jobs=4[-j]", NULL },
  { "-vj 4 x", "run <x>; run.verbose=true[-v] run.jobs=4[-j]", NULL },
  { "--auto-resume x", "run <x>; guard.auto_resume=3[--auto-resume]", NULL },
  { "--auto-resume=7", "run; guard.auto_resume=7[--auto-resume]", NULL },
  { "--auto-resume=", "run; guard.auto_resume=[--auto-resume]", NULL },
  { "--auto-resume[", NULL, "--auto-resume[: no such option; did you mean --auto-resume?" },
  { "--auto-resume-wait=2m", "run; guard.auto_resume_wait=2m[--auto-resume-wait]", NULL },
  { "-j4v", "run; run.jobs=4v[-j]", NULL },
  { "--jobs -1", "run; run.jobs=-1[--jobs]", NULL },
  { "--jobs=", "run; run.jobs=[--jobs]", NULL },
  { "--jobs 2 --jobs 3", "run; run.jobs=2[--jobs] run.jobs=3[--jobs]", NULL },
  { "--timeout=5s --parallel-timeout 0", "run; run.timeout=5s[--timeout] run.parallel_timeout=0[--parallel-timeout]",
    NULL },
  { "--profile slow --no-limits", "run; run.profile=slow[--profile] run.no_limits=true[--no-limits]", NULL },
  { "--no-tests=pass --keep-tmp never", "run; run.no_tests=pass[--no-tests] run.keep_tmp=never[--keep-tmp]", NULL },
  { "--parallel", "run; run.parallel=true[--parallel]", NULL },
  { "--sequential", "run; run.parallel=false[--sequential]", NULL },
  { "--fail-fast --all-executables", "run; run.fail_fast=true[--fail-fast] run.all_executables=true[--all-executables]",
    NULL },
  { "--plugin-dir a --plugin-dir=b", "run; plugins.dirs=(a,b)[--plugin-dir]", NULL },
  { "config --jobs 3", "config; run.jobs=3[--jobs]", NULL },
  { "--jobs", NULL, "--jobs needs a value, as in --jobs=VALUE" },
  { "--jobs --verbose", NULL, "--jobs needs a value, as in --jobs=VALUE" },
  { "-j", NULL, "-j needs a value, as in -j VALUE" },
  { "-vj", NULL, "-j needs a value, as in -j VALUE" },
  { "--parallel=yes", NULL, "--parallel takes no value, but was given \"yes\"" },
  { "--resume=", NULL, "--resume: \"\" is not possible; right is --resume or --resume=force" },
  { "--resume=farce", NULL, "--resume: \"farce\" is not possible; right is --resume or --resume=force" },
  { "--resume=force", "run resume force", NULL },
  { "--resume force", "run resume <force>", NULL },
  /* what only the command line has */
  { "--config team.cfg", "run config=team.cfg", NULL },
  { "--config a --config=b", "run config=b", NULL },
  { "--config=", NULL, "--config: an empty text is no file" },
  { "--set run.jobs=4", "run; run.jobs=4[--set run.jobs]", NULL },
  { "--set=profiles.fast.memory=1G", "run; profiles.fast.memory=1G[--set profiles.fast.memory]", NULL },
  { "--set a=b=c", "run; a=b=c[--set a]", NULL },
  { "--set a=", "run; a=[--set a]", NULL },
  { "--set run.jobs", NULL, "--set run.jobs: write KEY=VALUE, as in --set run.jobs=4" },
  { "--set =4", NULL, "--set =4: write KEY=VALUE, as in --set run.jobs=4" },
  { "--resume", "run resume", NULL },
  { "run x --resume", "run resume <x>", NULL },
  { "list --resume", NULL, "--resume: only for `srt run`" },
  { "--list", "list", NULL },
  { "test --list x", "list <x>", NULL },
  { "--list --format json", "list json", NULL },
  { "list --format=text", "list", NULL },
  { "list --format=xml", NULL, "--format: \"xml\" is not possible; right is text or json" },
  { "run --format json", NULL, "--format: only for `srt list`, `srt checkpoint` and `srt analyze`" },
  { "plugins --list", NULL, "--list: only for `srt run` and `srt list`" },
  { "--notifier junit:path=out.xml,pretty=true --notifier console",
    "run;; notifier junit(path=out.xml,pretty=true)[--notifier] notifier console()[--notifier]", NULL },
  { "--executor=process:slots=3", "run;; executor process(slots=3)[--executor]", NULL },
  { "--monitor linux --checkpoint sdn:path=a\\,b",
    "run;; monitor linux()[--monitor] checkpoint sdn(path=a,b)[--checkpoint]", NULL },
  { "--no-checkpoint", "run;; checkpoint none()[--no-checkpoint]", NULL },
  { "--notifier ../evil", NULL,
    "--notifier: \"../evil\" is no plugin's name; these are letters, digits, - and _, as in \"junit\"" },
  { "--checkpoint sdn:path", NULL, "--checkpoint: \"path\" is no option; write NAME=VALUE, as in \"sdn:path=VALUE\"" },
  /* what srt has not */
  { "--paralel-timeout 3", NULL, "--paralel-timeout: no such option; did you mean --parallel-timeout?" },
  { "--job 4", NULL, "--job: no such option; did you mean --jobs?" },
  { "--resum", NULL, "--resum: no such option; did you mean --resume?" },
  { "--zebra", NULL, "--zebra: no such option; `srt --help` shows all of them" },
  { "-q", NULL, "-q: no such option; `srt --help` shows all of them" },
  { "-vq", NULL, "-q: no such option; `srt --help` shows all of them" },
  { "-\x7f", NULL, "\"-\x7f\": no such option" },
  { "--tag smoke", NULL, "--tag: not in this version of srt" },
  { "--tag=smoke", NULL, "--tag: not in this version of srt" },
  { "--self-protect --cpu-threshold 70 --mem-limit=85% --memory-threshold=6GB --dry-run-guard",
    "run; guard.self_protect=true[--self-protect] guard.cpu=70[--cpu-threshold] guard.memory=85%[--mem-limit] "
    "guard.run_memory=6GB[--memory-threshold] guard.dry_run=true[--dry-run-guard]",
    NULL },
  { "--no-self-protect", "run; guard.off=true[--no-self-protect]", NULL },
  { "--container-seq", "run; run.parallel=false[--container-seq]; executor container()[--container-seq]", NULL },
  { "--container-image a/b:1@sha256:2 --container -j 4",
    "run; run.jobs=4[-j]; executor container(image=a/b:1@sha256:2)[--container-image] executor "
    "container()[--container]",
    NULL },
  { "--safe-mode --keep sccache --keep=gpg-agent --leaks fail --slow-after 80%",
    "run; run.safe_mode=true[--safe-mode] run.keep=(sccache,gpg-agent)[--keep] run.leaks=fail[--leaks] "
    "run.slow_after=80%[--slow-after]",
    NULL },
  { "--mode native", NULL, "--mode: not in this version of srt" },
  { "--only-slow", NULL, "--only-slow: not in this version of srt" },
  { "--unit", NULL, "--unit: not in this version of srt; give the folder of the tests as PATH" },
  { "--no-daemon", NULL, "--no-daemon: not in this version of srt; it never uses a daemon" },
};

static const char *
command_word (SrtCliCommand command)
{
  const SrtCliWord *word = srt_cli_words;
  while (word->command != command)
    word++;
  return word->word;
}

static const char *
kind_word (guint32 kind)
{
  return kind == SRT_KIND_EXECUTOR     ? "executor"
         : kind == SRT_KIND_MONITOR    ? "monitor"
         : kind == SRT_KIND_CHECKPOINT ? "checkpoint"
                                       : "notifier";
}

static void
describe_override (GString *text, const SrtRawOption *o)
{
  g_autofree char *list = o->list ? g_strjoinv (",", o->list) : NULL;
  g_string_append_printf (text, " %s=%s%s%s[%s]", o->name, list ? "(" : "", list ? list : o->text, list ? ")" : "",
                          o->origin.what);
}

static void
describe_use (GString *text, const SrtPluginUse *use)
{
  g_string_append_printf (text, " %s %s(", kind_word (use->kind), use->name);
  for (guint i = 0; i < use->options->len; i++) {
    const SrtRawOption *o = use->options->pdata[i];
    g_string_append_printf (text, "%s%s=%s", i > 0 ? "," : "", o->name, o->text);
  }
  g_string_append_printf (text, ")[%s]", use->origin.what);
}

static char *
describe (const SrtCli *cli)
{
  static const char *const lists[] = { "memory", "cpu", "slowest", "flaky" };
  GString *text = g_string_new (command_word (cli->command));

  if (cli->command == SRT_CLI_HELP && cli->help_for != SRT_CLI_HELP)
    g_string_append_printf (text, " of %s", command_word (cli->help_for));
  if (cli->config)
    g_string_append_printf (text, " config=%s", cli->layer.config);
  if (cli->resume)
    g_string_append (text, cli->resume_force ? " resume force" : " resume");
  if (cli->json)
    g_string_append (text, " json");
  for (guint i = 0; i < SRT_CLI_N_LISTS; i++)
    if (cli->lists[i] > 0)
      g_string_append_printf (text, " %s %u", lists[i], cli->lists[i]);
  for (char **arg = cli->args; *arg; arg++)
    g_string_append_printf (text, " <%s>", *arg);
  if (cli->layer.overrides->len > 0 || cli->layer.uses->len > 0)
    g_string_append_c (text, ';');
  for (guint i = 0; i < cli->layer.overrides->len; i++)
    describe_override (text, cli->layer.overrides->pdata[i]);
  if (cli->layer.uses->len > 0)
    g_string_append_c (text, ';');
  for (guint i = 0; i < cli->layer.uses->len; i++)
    describe_use (text, cli->layer.uses->pdata[i]);
  return g_string_free (text, FALSE);
}

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autofree char *whole = g_strconcat ("srt", row->line[0] ? " " : "", row->line, NULL);
  g_auto (GStrv) argv = g_strsplit (whole, " ", -1);
  g_autoptr (GError) error = NULL;
  g_auto (SrtCli) cli = { 0 };

  for (char **arg = argv; *arg; arg++)
    if (g_str_equal (*arg, "''"))
      **arg = '\0';
  gboolean right = srt_cli_parse ((int)g_strv_length (argv), argv, &cli, &error);
  if (row->error) {
    g_assert_false (right);
    g_assert_error (error, SRT_ERROR, SRT_ERROR_USAGE);
    g_assert_cmpstr (error->message, ==, row->error);
    g_assert_null (cli.args);
    return;
  }
  g_assert_no_error (error);
  g_autofree char *meaning = describe (&cli);
  g_assert_cmpstr (meaning, ==, row->meaning);
}

/* A process can be started without even a name. */
static void
test_no_arguments (void)
{
  char *none[] = { NULL };
  g_auto (SrtCli) cli = { 0 };
  g_assert_true (srt_cli_parse (0, none, &cli, NULL));
  g_assert_cmpint (cli.command, ==, SRT_CLI_RUN);
}

/* Every option that there is stands in the help, and its lines fit a terminal. */
static void
test_help (void)
{
  g_autofree char *help = srt_cli_help (SRT_CLI_HELP);
  g_auto (GStrv) names = srt_cli_all_names ();
  g_auto (GStrv) lines = g_strsplit (help, "\n", -1);

  for (char **name = names; *name; name++) {
    g_test_message ("%s", *name);
    g_assert_cmpint (strstr (help, *name) != NULL, ==, srt_cli_later (*name) == NULL);
  }
  for (char **line = lines; *line; line++)
    g_assert_cmpint (g_utf8_strlen (*line, -1), <=, 79);
  for (const SrtCliWord *word = srt_cli_words; word->word; word++) {
    g_autofree char *own = srt_cli_help (word->command);
    g_assert_nonnull (strstr (own, "Usage: srt "));
  }
}

/* No option stands in two tables, and none that is there is refused as later. */
static void
test_names_are_unique (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  g_auto (GStrv) names = srt_cli_all_names ();
  for (char **name = names; *name; name++)
    g_assert_true (g_hash_table_add (seen, *name));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strdup_printf ("/cli/parse/%03" G_GSIZE_FORMAT, i);
    g_test_add_data_func (path, &rows[i], test_row);
  }
  g_test_add_func ("/cli/no-arguments", test_no_arguments);
  g_test_add_func ("/cli/help", test_help);
  g_test_add_func ("/cli/names-are-unique", test_names_are_unique);
  return g_test_run ();
}
