/* SPDX-License-Identifier: MIT
 * Inside the room only: what SrtSettings is made of, while it is built (layers, overrides, finish) and after. */
#pragma once
#include "settings/record.h"
#include "settings/settings.h"

struct SrtSettings {
  grefcount references;
  SrtRecord *values;                  /* by SrtKey */
  GPtrArray *profile_records;         /* of SrtRecord, by SrtProfileKey */
  GPtrArray *suite_records;           /* of SrtRecord, by SrtSuiteKey */
  GPtrArray *rule_records;            /* of SrtRecord, by SrtRuleKey */
  GPtrArray *profiles;                /* of SrtProfile, from the records */
  GPtrArray *suites;                  /* of SrtSuite, from the records */
  GPtrArray *rules;                   /* of SrtRule, from the records */
  GPtrArray *uses[SRT_N_KINDS];       /* of SrtPluginUse, by srt_kind_decls */
  SrtOrigin uses_origin[SRT_N_KINDS]; /* who said so, also when it is "none" */
  GPtrArray *executors;               /* of SrtPluginUse: further ones, that suites, rules and profiles may name */
  gboolean executor_for_all;          /* the command line says where all tests run */
  char *digest;
  char *project_dir;
  gboolean has_project;
};

/* layers.c: what a file says goes over what is there. */
void srt_layers_apply (SrtSettings *settings, const SrtNode *root, SrtLayer layer, SrtCheck *check);

/* overrides.c: likewise the environment, and the command line. */
void srt_overrides_environment (SrtSettings *settings, const char *const *envp, SrtCheck *check);
void srt_overrides_command (SrtSettings *settings, const SrtCommandLayer *command, SrtCheck *check);

/* uses.c: plugins that are asked for. */
void srt_uses_default (SrtSettings *settings);
void srt_uses_apply (SrtSettings *settings, guint kind_index, const SrtNode *node, SrtCheck *check);
/* The list `executors`. */
void srt_uses_apply_executors (SrtSettings *settings, const SrtNode *node, SrtCheck *check);
SrtPluginUse *srt_uses_find (const GPtrArray *uses, const char *name); /* NULL: none */
/* USE, from the command line, over what is there: on a plugin of that name only its options change. */
void srt_uses_add (SrtSettings *settings, const SrtPluginUse *use, SrtCheck *check);

/* executors.c: who says where tests run, and with which options. */
void srt_executors_finish (SrtSettings *settings);

/* finish.c: what one value says about another. make.c: suites, profiles and rules as others see them. */
void srt_finish (SrtSettings *settings, SrtCheck *check);
void srt_make (SrtSettings *settings);
void srt_make_profile_free (gpointer profile);
void srt_make_suite_free (gpointer suite);
void srt_make_rule_free (gpointer rule);
/* What run.leaks, or the same of a suite or rule, says. */
SrtLeaks srt_make_leaks (const SrtValue *value);

/* digest.c */
char *srt_digest_make (const SrtSettings *settings);

SrtRecord *srt_state_find (const GPtrArray *records, const char *name);
/* The names of RECORDS, ended by NULL; the names are theirs. Caller frees the array. */
const char **srt_state_names (const GPtrArray *records);
