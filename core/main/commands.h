/* SPDX-License-Identifier: MIT
 * The commands of srt. Each gets the parsed command line and returns the exit status; an error is printed by main. */
#pragma once
#include "cli/cli.h"
#include "loading/loading.h"

typedef struct {
  SrtCli *cli;
  SrtSettings *settings;
  SrtLoader *loader;
  char *cwd;
  char *libexec_dir;
  char **argv; /* as typed, for the hint how to resume */
} SrtCommandContext;

int srt_command_run (const SrtCommandContext *context, GError **error);
int srt_command_list (const SrtCommandContext *context, GError **error);
int srt_command_plugins (const SrtCommandContext *context, GError **error);
int srt_command_config (const SrtCommandContext *context, GError **error);
int srt_command_doctor (const SrtCommandContext *context, GError **error);
int srt_command_checkpoint (const SrtCommandContext *context, GError **error);
int srt_command_analyze (const SrtCommandContext *context, GError **error);
int srt_command_clean (const SrtCommandContext *context, GError **error);
