/* SPDX-License-Identifier: MIT
 * tests/faults/hostile/expected.txt, read. */
#pragma once
#include <glib.h>

typedef struct {
  char *name, *word, *run, *needs;
  char *settings;  /* of its suite, in libconfig's notation; "" none */
  GRegex *message; /* for what stands behind "ID: " in its line; NULL: nothing does */
} HostileRow;

/* All rows; a line that is none ends the program. PATH: the file. */
GPtrArray *hostile_table_read (const char *path);
/* The rows of one run under TIER whose needs are met here; those that are not are named in RET_LEFT_OUT. PROGRAM finds
 * out. */
GPtrArray *hostile_table_select (const GPtrArray *all, const char *run, const char *tier, const char *program,
                                 GString *ret_left_out);
