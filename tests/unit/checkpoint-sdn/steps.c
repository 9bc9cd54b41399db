/* SPDX-License-Identifier: MIT */
#include "steps.h"

void
append_samples (Host *host, GPtrArray *samples, guint from, guint to, gint32 status)
{
  for (guint i = from; i < to; i++)
    g_assert_cmpint (host_append (host, &((Sample *)g_ptr_array_index (samples, i))->result), ==, status);
}

guint
count_rows (const char *folder, const char *path, GPtrArray *samples)
{
  g_autoptr (Host) host = host_new (folder, (const char *[]){ "path", path, NULL });
  Expected expected = { .written = samples };

  if (host_open (host, SRT_PROGRESS_READ, NULL, expected_row, &expected) != SRT_OK)
    return 0;
  g_assert_cmpuint (expected.wrong, ==, 0);
  g_assert_cmpuint (host_state (host)->rows, ==, expected.rows);
  g_assert_cmpuint (host_state (host)->damaged, ==, 0);
  host_close (host);
  return expected.rows;
}
