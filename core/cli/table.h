/* SPDX-License-Identifier: MIT
 * Inside the room only: the options and commands that there are. Constant. */
#pragma once
#include "cli/cli.h"
#include "settings/declare.h"

typedef enum {
  SRT_CLI_DO_SETTING, /* an option of SRT_KEYS */
  SRT_CLI_DO_CONFIG,
  SRT_CLI_DO_SET,
  SRT_CLI_DO_PLUGIN,
  SRT_CLI_DO_CONTAINER,        /* the executor container, and how many at once */
  SRT_CLI_DO_CONTAINER_OPTION, /* … and one of its options: the name behind "--container-" */
  SRT_CLI_DO_NO_CHECKPOINT,
  SRT_CLI_DO_RESUME,
  SRT_CLI_DO_LIST,
  SRT_CLI_DO_FORMAT,
  SRT_CLI_DO_ANALYZE,
  SRT_CLI_DO_HELP,
  SRT_CLI_DO_VERSION
} SrtCliAction;

/* An option that only the command line has. */
typedef struct {
  const char *names; /* "--help -h" */
  SrtCliAction action;
  guint32 kind;      /* of SRT_CLI_DO_PLUGIN: srt_kind; of SRT_CLI_DO_ANALYZE: SrtCliList; of SRT_CLI_DO_CONTAINER:
                        SrtCliAtOnce */
  const char *value; /* "FILE"; "[=N]": takes one only behind a '='; NULL: takes none */
  const char *group; /* heading in --help */
  const char *help;
} SrtCliSpecial;

typedef enum { SRT_CLI_AS_SET, SRT_CLI_PARALLEL, SRT_CLI_SEQUENTIAL } SrtCliAtOnce;

extern const SrtCliSpecial srt_cli_specials[]; /* ended by one without names */

typedef struct {
  const char *word;
  SrtCliCommand command;
  const char *args; /* "[PATH…]" */
  gboolean takes_args;
  const char *help;
} SrtCliWord;

extern const SrtCliWord srt_cli_words[]; /* ended by one without word; the first of a command is its main one */

/* What one option as typed means. */
typedef struct {
  SrtCliAction action;
  guint32 kind;
  int key; /* of SRT_CLI_DO_SETTING: SrtKey */
  gboolean takes_value;
  gboolean value_optional;
  const char *without; /* … of a SETTING: what stands for none, up to a ']' */
  gboolean sets;       /* a BOOL without value: what it sets */
} SrtCliOption;

/* NAME: "--jobs" or "-j". */
gboolean srt_cli_find (const char *name, SrtCliOption *ret);

/* Every name of an option, ended by NULL. Caller frees. */
char **srt_cli_all_names (void);

/* Options of other versions: what to say beside "not in this version of srt", "" for nothing; NULL: NAME is none. */
const char *srt_cli_later (const char *name);
