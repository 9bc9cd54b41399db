/* SPDX-License-Identifier: MIT */
#include "cli/table.h"

#include <string.h>

const SrtCliSpecial srt_cli_specials[] = {
  { "--resume", SRT_CLI_DO_RESUME, 0, "[=force]", "Run",
    "Go on with the run that was stopped: what has a result is not run again, unless its file or the sources have "
    "changed. =force: the sources may have" },
  { "--list", SRT_CLI_DO_LIST, 0, NULL, "Run", "Print the tests instead of running them; the same as `srt list`" },
  { "--format", SRT_CLI_DO_FORMAT, 0, "text|json", "Run", "How `srt list`, `srt checkpoint` and `srt analyze` print" },
  { "--worst-memory", SRT_CLI_DO_ANALYZE, SRT_CLI_WORST_MEMORY, "[=N]", "Analyze",
    "The N tests that needed most memory [10]" },
  { "--worst-cpu", SRT_CLI_DO_ANALYZE, SRT_CLI_WORST_CPU, "[=N]", "Analyze", "The N that used most CPU time [10]" },
  { "--slowest", SRT_CLI_DO_ANALYZE, SRT_CLI_SLOWEST, "[=N]", "Analyze", "The N that took longest [10]" },
  { "--flaky", SRT_CLI_DO_ANALYZE, SRT_CLI_FLAKY, "[=N]", "Analyze",
    "The N whose result changed most often, there and back [10]" },
  { "--executor", SRT_CLI_DO_PLUGIN, SRT_KIND_EXECUTOR, "NAME[:K=V,…]", "Plugins", "Where tests run" },
  { "--container", SRT_CLI_DO_CONTAINER, SRT_CLI_AS_SET, NULL, "Containers",
    "Run each test in a container; the same as --executor container" },
  { "--container-sequential --container-seq", SRT_CLI_DO_CONTAINER, SRT_CLI_SEQUENTIAL, NULL, "Containers",
    "The same, one after the other" },
  { "--container-parallel", SRT_CLI_DO_CONTAINER, SRT_CLI_PARALLEL, NULL, "Containers", "The same, several at once" },
  { "--container-image", SRT_CLI_DO_CONTAINER_OPTION, 0, "IMAGE", "Containers",
    "The same, of this image where a suite does not say another" },
  { "--container-runtime", SRT_CLI_DO_CONTAINER_OPTION, 0, "auto|podman|docker", "Containers",
    "The same, with this engine" },
  { "--monitor", SRT_CLI_DO_PLUGIN, SRT_KIND_MONITOR, "NAME[:K=V,…]", "Plugins", "What watches the machine" },
  { "--checkpoint", SRT_CLI_DO_PLUGIN, SRT_KIND_CHECKPOINT, "NAME[:K=V,…]", "Plugins",
    "What keeps finished results for --resume" },
  { "--no-checkpoint", SRT_CLI_DO_NO_CHECKPOINT, 0, NULL, "Plugins", "Keep no results for --resume" },
  { "--notifier", SRT_CLI_DO_PLUGIN, SRT_KIND_NOTIFIER, "NAME[:K=V,…]", "Plugins",
    "Tell this one too what happens; repeatable. none: drop those of the configuration" },
  { "--config", SRT_CLI_DO_CONFIG, 0, "FILE", "Configuration", "Read FILE instead of ./srt.cfg" },
  { "--set", SRT_CLI_DO_SET, 0, "KEY=VALUE", "Configuration", "Set any key, as `srt config` names it; repeatable" },
  { "--help -h", SRT_CLI_DO_HELP, 0, NULL, "Other", "Print this, or the help of a command" },
  { "--version -V", SRT_CLI_DO_VERSION, 0, NULL, "Other", "Print the version" },
  { NULL }
};

const SrtCliWord srt_cli_words[] = {
  { "run", SRT_CLI_RUN, "[PATH…]", TRUE, "Run the tests of the configuration, or those below each PATH (the default)" },
  { "test", SRT_CLI_RUN, "[PATH…]", TRUE, "The same as run" },
  { "list", SRT_CLI_LIST, "[PATH…]", TRUE, "Print the tests that would run" },
  { "plugins", SRT_CLI_PLUGINS, "[NAME…|FILE…]", TRUE, "Print the plugins that there are, or all about some" },
  { "config", SRT_CLI_CONFIG, "", FALSE, "Print every setting with its value and where it comes from" },
  { "doctor", SRT_CLI_DOCTOR, "", FALSE, "Say what this machine lets srt do, and why not more" },
  { "clean", SRT_CLI_CLEAN, "", FALSE, "Remove what runs have left that were killed, as every run does at its start" },
  { "checkpoint", SRT_CLI_CHECKPOINT, "[FILE]", TRUE, "Print what the checkpoint holds of an unfinished run" },
  { "analyze", SRT_CLI_ANALYZE, "", FALSE,
    "Print which tests need most, take longest or are flaky, by the history of their runs" },
  { "test-analyze", SRT_CLI_ANALYZE, "", FALSE, "The same as analyze" },
  { "help", SRT_CLI_HELP, "[COMMAND]", TRUE, "Print the help of a command" },
  { "version", SRT_CLI_VERSION, "", FALSE, "Print the version" },
  { NULL }
};

/* Names that first users know. They are refused by name, so that nobody believes that they work. */
static const struct {
  const char *name, *hint;
} later[] = {
  { "--no-daemon", "it never uses a daemon" },
  { "--mode", "" },
  { "--unit", "give the folder of the tests as PATH" },
  { "--integration", "give the folder of the tests as PATH" },
  { "--system", "give the folder of the tests as PATH" },
  { "--tag", "" },
  { "--show-tags", "" },
  { "--only-slow", "" },
  { "--only-skipped", "" },
  { "--planned-only", "" },
  { "--coverage", "" },
  { "--shard", "" },
  { "--retries", "" },
};

const char *
srt_cli_later (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (later); i++)
    if (g_str_equal (later[i].name, name))
      return later[i].hint;
  return NULL;
}

/* The option NAME in the blank-separated NAMES, its '!' included; NULL: it is not there. */
static const char *
among (const char *names, const char *name)
{
  gsize length = strlen (name);
  for (const char *p = names; *p; p += strspn (p, " ")) {
    const char *word = p + (*p == '!');
    if (strcspn (word, " [") == length && strncmp (word, name, length) == 0)
      return p;
    p += strcspn (p, " ");
  }
  return NULL;
}

static SrtCliOption
setting_option (int key, const char *found)
{
  const char *behind = found + strcspn (found, " [");
  gboolean optional = *behind == '[';
  return (SrtCliOption){
    .action = SRT_CLI_DO_SETTING,
    .key = key,
    .takes_value = srt_decl_settings.rows[key].type != SRT_TYPE_BOOL && !optional,
    .value_optional = optional,
    .without = optional ? behind + strlen ("[=") : NULL,
    .sets = *found != '!',
  };
}

gboolean
srt_cli_find (const char *name, SrtCliOption *ret)
{
  for (const SrtCliSpecial *row = srt_cli_specials; row->names; row++) {
    if (among (row->names, name)) {
      gboolean optional = row->value && row->value[0] == '[';
      *ret = (SrtCliOption){ row->action, row->kind, -1, row->value && !optional, optional, NULL, FALSE };
      return TRUE;
    }
  }
  for (guint i = 0; i < srt_decl_settings.n; i++) {
    const char *found = among (srt_decl_settings.rows[i].cli, name);
    if (found) {
      *ret = setting_option ((int)i, found);
      return TRUE;
    }
  }
  return FALSE;
}

static void
add_names (GPtrArray *all, const char *names)
{
  g_auto (GStrv) words = g_strsplit (names, " ", -1);
  for (guint i = 0; words[i]; i++)
    if (words[i][0])
      g_ptr_array_add (all, g_strndup (words[i] + (words[i][0] == '!'), strcspn (words[i], "[")));
}

char **
srt_cli_all_names (void)
{
  GPtrArray *all = g_ptr_array_new ();
  for (const SrtCliSpecial *row = srt_cli_specials; row->names; row++)
    add_names (all, row->names);
  for (guint i = 0; i < srt_decl_settings.n; i++)
    add_names (all, srt_decl_settings.rows[i].cli);
  for (guint i = 0; i < G_N_ELEMENTS (later); i++)
    g_ptr_array_add (all, g_strdup (later[i].name));
  g_ptr_array_add (all, NULL);
  return (char **)g_ptr_array_free (all, FALSE);
}
