/* SPDX-License-Identifier: MIT
 * Recorded traces: the table "The last minute" of a protected stop (.srt/protected-stop.txt), replayed. Its last column
 * is what the guard said then; here the rules are asked again, with what the flags of that run were. */
#include "scene.h"

#include <stdio.h>
#include <string.h>

typedef struct {
  double age, used, total, tests, cpu, own;
  guint running;
  char word[16];
} Row;

static gboolean
parse (const char *line, Row *row)
{
  return sscanf (line, "%lf %lf/%lf %*f %lf %u %lf %lf %*f %*f %*f %15s", &row->age, &row->used, &row->total,
                 &row->tests, &row->running, &row->cpu, &row->own, row->word) == 8;
}

/* The trace tells how many tests there are and what they use together: it is given to the oldest. */
static void
show (Scene *scene, const Row *row)
{
  const double mib = 1.048576;
  scene->n = MIN (row->running, SCENE_MAX);
  for (guint i = 0; i < scene->n; i++) {
    scene->tests[i].job = i + 1;
    scene->tests[i].rerunnable = TRUE;
    scene->tests[i].forecast = 64 * MB; /* what is said of a test without history */
    scene->tests[i].memory = i == 0 ? (guint64)(row->tests * mib) * MB : 0;
  }
  guint64 tests = scene->n > 0 ? scene->tests[0].memory / MB : 0, used = (guint64)(row->used * mib);
  scene->others = used - MIN (tests, used);
  scene->sample.memory_total = (guint64)(row->total * mib) * MB;
  scene->sample.cpu_busy = (float)row->cpu;
  scene->cpu_own = row->own;
}

static const struct {
  const char *name;
  gboolean self_protect;
  const char *story; /* ms since the first row */
} traces[] = {
  { "hog.txt", TRUE, "3720 freeze 3+; 6740 thaw 2; 6840 thaw 3; 13820 stop 1; " },
  { "own.txt", FALSE, "19220 stop 1; " },
};

static void
replay (gconstpointer data)
{
  guint index = GPOINTER_TO_UINT (data);
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "traces", traces[index].name, NULL);
  g_autofree char *text = NULL;
  g_auto (Scene) scene;
  double age = -1, first_age = -1, recorded_age = -1; /* the first hold, now and then */
  scene_init (&scene);
  scene.limits.self_protect = traces[index].self_protect;
  scene.limits.cpu = 100;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint rows = 0;
  for (char **line = lines; *line; line++) {
    Row row;
    if (!parse (*line, &row))
      continue;
    show (&scene, &row);
    SrtGuardWord word = scene_look (&scene, age < 0 ? 0 : (guint64)((age - row.age) * 1000 + 0.5));
    if (word != SRT_GUARD_RUN && first_age < 0)
      first_age = row.age;
    if (strcmp (row.word, "run") != 0 && recorded_age < 0)
      recorded_age = row.age;
    age = row.age;
    rows++;
  }
  g_assert_cmpuint (rows, >, 100);
  /* The trace leaves samples out, so how fast memory fills is not quite what it was. */
  g_assert_cmpfloat_with_epsilon (first_age, recorded_age, 0.3);
  g_assert_cmpstr (scene.story->str, ==, traces[index].story);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (traces); i++) {
    g_autofree char *name = g_strconcat ("/guard/traces/", traces[i].name, NULL);
    g_test_add_data_func (name, GUINT_TO_POINTER (i), replay);
  }
  return g_test_run ();
}
