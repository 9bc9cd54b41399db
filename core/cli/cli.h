/* SPDX-License-Identifier: MIT
 * The command line: argv becomes a command, its arguments, and the layer that stands above all configuration files.
 * Pure: reads no file, no environment, prints nothing. Options come from SRT_KEYS and one small table of those that
 * only the command line has. What srt does not have is refused (SRT_ERROR_USAGE), never ignored. */
#pragma once
#include "settings/settings.h"

typedef enum {
  SRT_CLI_RUN, /* also without a command word, and `test` */
  SRT_CLI_LIST,
  SRT_CLI_PLUGINS,
  SRT_CLI_CONFIG,
  SRT_CLI_DOCTOR,
  SRT_CLI_CLEAN,
  SRT_CLI_CHECKPOINT,
  SRT_CLI_ANALYZE,
  SRT_CLI_HELP,
  SRT_CLI_VERSION
} SrtCliCommand;

/* Lists that `srt analyze` prints. */
typedef enum { SRT_CLI_WORST_MEMORY, SRT_CLI_WORST_CPU, SRT_CLI_SLOWEST, SRT_CLI_FLAKY, SRT_CLI_N_LISTS } SrtCliList;

typedef struct {
  SrtCliCommand command;
  SrtCliCommand help_for;       /* SRT_CLI_HELP: of which command; SRT_CLI_HELP itself: the general help */
  char **args;                  /* never NULL: PATHs of run and list, NAMEs or FILEs of plugins, FILE of checkpoint */
  gboolean resume;              /* run: go on with the checkpoint */
  gboolean resume_force;        /* … also with results on other sources */
  gboolean json;                /* list, checkpoint, analyze: --format json */
  guint lists[SRT_CLI_N_LISTS]; /* analyze: how many tests of each; 0: not asked for */
  char *config;                 /* --config as typed, or NULL */
  SrtCommandLayer layer;        /* for srt_settings_load; its config is the one above */
} SrtCli;

/* Error: one line, without "srt: ". RET is filled on success only. */
gboolean srt_cli_parse (int argc, char **argv, SrtCli *ret, GError **error);
void srt_cli_clear (SrtCli *cli);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (SrtCli, srt_cli_clear)

/* The text of `srt --help` (SRT_CLI_HELP) or `srt COMMAND --help`. Caller frees. */
char *srt_cli_help (SrtCliCommand command);
