/* SPDX-License-Identifier: MIT
 * The tables of keys.h as data. Pure and constant. */
#pragma once
#include "settings/keys.h"
#include "srt/srt-plugin.h"
#include <glib.h>

/* Beside the types of srt-plugin.h (srt_type): a plugin's name, or a group with its options and perhaps its name. */
#define SRT_TYPE_OPTIONS 10000u

/* One key: a row of keys.h. */
typedef struct {
  const char *name;
  guint32 type; /* srt_type or SRT_TYPE_OPTIONS */
  const char *unit, *def, *range, *cli, *help;
} SrtDecl;

typedef struct {
  const SrtDecl *rows;
  guint n;
} SrtDeclTable;

extern const SrtDeclTable srt_decl_settings; /* by SrtKey */
extern const SrtDeclTable srt_decl_suite;    /* by SrtSuiteKey */
extern const SrtDeclTable srt_decl_profile;  /* by SrtProfileKey */
extern const SrtDeclTable srt_decl_rule;     /* by SrtRuleKey */

/* The built-in profiles, ended by one without name. */
typedef struct {
  const char *name, *memory, *cpu, *wall, *io_ops, *help;
} SrtBuiltinProfile;
extern const SrtBuiltinProfile srt_builtin_profiles[];

/* The kinds of plugins that a configuration names. */
typedef struct {
  guint32 kind;      /* srt_kind */
  const char *group; /* "executor"; "notifiers" is a list of them */
  const char *def;   /* what is used when nothing is said */
  gboolean optional; /* "none" may be said */
  gboolean many;
  const char *help;
} SrtKindDecl;
#define SRT_N_KINDS 4u
extern const SrtKindDecl srt_kind_decls[SRT_N_KINDS];

/* The row called NAME, or -1. */
int srt_decl_find (const SrtDeclTable *table, const char *name);
/* The index in srt_kind_decls, or -1. */
int srt_kind_decl_find (guint32 kind);
int srt_kind_decl_find_group (const char *group);

/* "a whole number", "a duration", … */
const char *srt_decl_type_words (guint32 type);
/* "0 to 4096", "one of fail, pass"; NULL when everything is allowed. Caller frees. */
char *srt_decl_range_words (const SrtDecl *decl);

/* The variable of a setting: "SRT_RUN_JOBS". Caller frees. */
char *srt_decl_variable (const SrtDecl *decl);
