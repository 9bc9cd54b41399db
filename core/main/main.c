/* SPDX-License-Identifier: MIT
 * srt: argv + configuration → a command → an exit status. */
#include "base/error.h"
#include "main/commands.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#define SYSTEM_FILE "/etc/srt/srt.cfg"

/* SRT_LIBEXEC_DIR is for an srt that is not installed; it has no more power than PATH has. */
static char *
find_libexec_dir (void)
{
  const char *from_env = g_getenv ("SRT_LIBEXEC_DIR");
  return g_strdup (from_env && *from_env == '/' ? from_env : SRT_LIBEXEC_DIR);
}

/* The folders of the configuration, then the built-in one. */
static SrtLoader *
make_loader (const SrtSettings *settings)
{
  const char *const *dirs = srt_settings_list (settings, SRT_KEY_PLUGINS_DIRS);
  g_autoptr (GPtrArray) all = g_ptr_array_new ();
  for (; dirs && *dirs; dirs++)
    g_ptr_array_add (all, (gpointer)*dirs);
  g_ptr_array_add (all, (gpointer)SRT_PLUGIN_DIR);
  g_ptr_array_add (all, NULL);
  return srt_loader_new ((const char *const *)all->pdata);
}

static SrtSettings *
load_settings (const SrtCli *cli, const char *cwd, GError **error)
{
  g_autofree char *user_file = g_build_filename (g_get_user_config_dir (), "srt", "srt.cfg", NULL);
  g_auto (GStrv) env = g_get_environ ();
  return srt_settings_load (SYSTEM_FILE, user_file, &cli->layer, (const char *const *)env, cwd, error);
}

static int
dispatch (SrtCli *cli, char **argv, GError **error)
{
  SrtCommandContext context = { .cli = cli, .argv = argv };
  g_autofree char *cwd = g_get_current_dir ();
  g_autofree char *libexec_dir = find_libexec_dir ();
  g_autoptr (SrtSettings) settings = load_settings (cli, cwd, error);
  if (!settings)
    return (*error)->code;
  g_autoptr (SrtLoader) loader = make_loader (settings);
  context.settings = settings;
  context.loader = loader;
  context.cwd = cwd;
  context.libexec_dir = libexec_dir;
  switch (cli->command) {
  case SRT_CLI_LIST:
    return srt_command_list (&context, error);
  case SRT_CLI_PLUGINS:
    return srt_command_plugins (&context, error);
  case SRT_CLI_CONFIG:
    return srt_command_config (&context, error);
  case SRT_CLI_DOCTOR:
    return srt_command_doctor (&context, error);
  case SRT_CLI_CHECKPOINT:
    return srt_command_checkpoint (&context, error);
  case SRT_CLI_ANALYZE:
    return srt_command_analyze (&context, error);
  case SRT_CLI_CLEAN:
    return srt_command_clean (&context, error);
  default:
    return srt_command_run (&context, error);
  }
}

static int
run_command (int argc, char **argv, GError **error)
{
  g_auto (SrtCli) cli = { 0 };
  if (!srt_cli_parse (argc, argv, &cli, error))
    return (*error)->code;
  if (cli.command == SRT_CLI_VERSION) {
    printf ("srt %s (plugin ABI %u.%u)\n", SRT_VERSION, SRT_ABI_MAJOR, SRT_ABI_MINOR);
    return 0;
  }
  if (cli.command == SRT_CLI_HELP) {
    g_autofree char *help = srt_cli_help (cli.help_for);
    fputs (help, stdout);
    return 0;
  }
  return dispatch (&cli, argv, error);
}

/* What was printed and could not be written must not look like success. */
static int
close_stdout (int code)
{
  if (fflush (stdout) == 0 && !ferror (stdout))
    return code;
  perror ("srt: cannot write standard output");
  return code == 0 ? SRT_ERROR_INTERNAL : code;
}

/* Whoever starts srt without standard streams must not find a result file or a signal descriptor in their place. What
 * stands there then fails when it is used, as a closed one does. */
static void
fill_standard_streams (void)
{
  int fd = 0;
  while (fd >= 0 && fd <= STDERR_FILENO) /* open() takes the lowest number that is free */
    if (fcntl (fd, F_GETFD) >= 0)
      fd++;
    else if (open ("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) < 0)
      fd = -1;
}

int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  fill_standard_streams ();
  setlocale (LC_CTYPE, "");
  /* A file at the limit of its size is an error of the write, and no reason to die. Tests get the default back. */
  signal (SIGXFSZ, SIG_IGN);
  int code = run_command (argc, argv, &error);
  if (error) {
    g_auto (GStrv) lines = g_strsplit (error->message, "\n", -1);
    for (char **line = lines; *line; line++)
      fprintf (stderr, "srt: %s\n", *line);
    code = error->code;
  }
  return close_stdout (code);
}
