/* SPDX-License-Identifier: MIT
 * GNOME's .test files (installed tests): what one says. */
#pragma once
#include <glib.h>

typedef struct {
  char **argv;
  char **env;         /* TestEnvironment, may be NULL */
  gboolean exclusive; /* Type=session-exclusive */
  gboolean tap;       /* Output=TAP */
} SrtInstalledTest;

/* Errors say what is wrong with it in a few words, without its path. Pure. */
SrtInstalledTest *srt_installed_test_parse (const char *text, gsize length, GError **error);
/* The file NAME in FOLDER (a descriptor); at most 64 KiB are taken for a .test file. */
SrtInstalledTest *srt_installed_test_read (int folder, const char *name, GError **error);
void srt_installed_test_free (SrtInstalledTest *test);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (SrtInstalledTest, srt_installed_test_free)

/* The part of PATH (absolute) that names the test: below the last folder "installed-tests" that lies in ROOT, else
 * below ROOT. Pure. */
const char *srt_installed_test_name (const char *path, const char *root);
