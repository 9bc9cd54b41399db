/* SPDX-License-Identifier: MIT */
#include "help.h"
#include "base/error.h"
#include "base/fs.h"

#include <fcntl.h>
#include <glib/gstdio.h>

void
bench_set_up (Bench *bench, gconstpointer data)
{
  bench->dir = g_dir_make_tmp ("srt-settings-XXXXXX", NULL);
  bench->command.overrides = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_raw_option_free);
  bench->command.uses = g_ptr_array_new_with_free_func ((GDestroyNotify)srt_plugin_use_free);
}

void
bench_tear_down (Bench *bench, gconstpointer data)
{
  g_ptr_array_unref (bench->command.overrides);
  g_ptr_array_unref (bench->command.uses);
  g_assert_true (srt_fs_remove_tree (AT_FDCWD, bench->dir, NULL, NULL));
  g_free (bench->dir);
}

const char *
bench_write (Bench *bench, const char *name, const char *text)
{
  char *path = g_build_filename (bench->dir, name, NULL);
  g_autofree char *folder = g_path_get_dirname (path);

  g_test_queue_free (path);
  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

void
bench_set (Bench *bench, const char *key, const char *value)
{
  g_autofree char *typed = g_strconcat ("--set ", key, NULL);
  SrtOrigin origin = { NULL, 0, g_intern_string (typed) };
  g_ptr_array_add (bench->command.overrides, srt_raw_option_new (key, SRT_RAW_STRING, value, NULL, &origin));
}

void
bench_use (Bench *bench, guint32 kind, const char *text)
{
  g_autoptr (GError) error = NULL;
  SrtOrigin origin = { NULL, 0, "--use" };
  SrtPluginUse *use = srt_plugin_use_parse (kind, text, &origin, &error);
  g_assert_no_error (error);
  g_ptr_array_add (bench->command.uses, use);
}

SrtSettings *
bench_load (Bench *bench)
{
  g_autoptr (GError) error = NULL;
  SrtSettings *settings =
      srt_settings_load (bench->system_file, bench->user_file, &bench->command, bench->envp, bench->dir, &error);
  g_assert_no_error (error);
  g_test_queue_destroy ((GDestroyNotify)srt_settings_unref, settings);
  return settings;
}

void
bench_refused (Bench *bench, const char *message)
{
  g_autoptr (GError) error = NULL;
  SrtSettings *settings =
      srt_settings_load (bench->system_file, bench->user_file, &bench->command, bench->envp, bench->dir, &error);
  g_assert_null (settings);
  g_assert_error (error, SRT_ERROR, SRT_ERROR_USAGE);
  g_assert_cmpstr (error->message, ==, message);
}

void
bench_assert_origin (const SrtSettings *settings, SrtKey key, const char *text)
{
  g_autofree char *origin = srt_origin_text (srt_settings_origin (settings, key));
  g_assert_cmpstr (origin, ==, text);
}
