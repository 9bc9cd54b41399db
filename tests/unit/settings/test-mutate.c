/* SPDX-License-Identifier: MIT
 * A whole configuration with bytes changed, dropped, doubled and cut, by fixed seeds: it loads or is refused with a
 * text that names a place. Built with ASan and UBSan it also finds what is read out of bounds. */
#include "help.h"
#include "base/error.h"

#include <stdio.h>
#include <string.h>

#define ROUNDS 1500u

static const char text[] =
    "# a team's configuration\n"
    "run = { parallel = true; jobs = 4; timeout = \"1m30s\"; output_max = 5000000000L; keep_tmp = \"always\"; };\n"
    "@include \"more.cfg\"\n"
    "suites = (\n"
    "  { name = \"unit\"; paths = [ \"t\", \"u\" ]; command = [ \"sh\", \"{file}\" ]; env = [ \"A=1\", \"B\" ];\n"
    "    profile = \"fast\"; executor = { image = \"x\"; n = 0x1F; f = 1.5e3; }; },\n"
    "  { name = \"specs\"; paths = [ \"s\" ]; format = \"tap\"; term_signal = \"INT\"; }\n"
    ");\n"
    "profiles : { fast : { memory = \"64M\"; cpu = 0.5; nice = -3; }; };\n"
    "/* plugins */ executor = { name = \"process\"; slots = 2; }; // here\n"
    "notifiers = ( \"console\", { name = \"junit\"; path = \"out.xml\"; } );\n";

/* Bytes that mean something to the parsers. */
static const char alphabet[] = "\"\\{}()[]=:;,#/*@.-+0123456789xLeE \n\tabc\x80\xff\x01";

static void
mutate (GRand *rand, GString *s)
{
  gsize at = (gsize)g_rand_int_range (rand, 0, (gint32)s->len);
  char byte = alphabet[g_rand_int_range (rand, 0, sizeof alphabet - 1)];
  gsize length = (gsize)g_rand_int_range (rand, 1, 20);

  switch (g_rand_int_range (rand, 0, 5)) {
  case 0:
    s->str[at] = byte;
    break;
  case 1:
    g_string_insert_c (s, (gssize)at, byte);
    break;
  case 2:
    g_string_erase (s, (gssize)at, (gssize)MIN (length, s->len - at));
    break;
  case 3: {
    g_autofree char *part = g_strndup (s->str + at, MIN (length, s->len - at));
    g_string_insert (s, g_rand_int_range (rand, 0, (gint32)s->len), part);
    break;
  }
  default:
    if (g_rand_int_range (rand, 0, 20) == 0)
      g_string_truncate (s, at + 1);
  }
}

static void
write_bytes (const char *path, const GString *bytes)
{
  FILE *file = fopen (path, "we");
  g_assert_nonnull (file);
  g_assert_cmpuint (fwrite (bytes->str, 1, bytes->len, file), ==, bytes->len);
  g_assert_cmpint (fclose (file), ==, 0);
}

static void
test_mutations (Bench *bench, gconstpointer data)
{
  g_autofree char *path = g_build_filename (bench->dir, "srt.cfg", NULL);
  guint refused = 0;

  bench_write (bench, "more.cfg", "plugins = { dirs = [ \"lib\" ]; };\n");
  for (guint seed = 0; seed < ROUNDS; seed++) {
    g_autoptr (GError) error = NULL;
    g_autoptr (GRand) rand = g_rand_new_with_seed (seed);
    GString *s = g_string_new (text);
    for (int n = g_rand_int_range (rand, 1, 6); n > 0 && s->len > 0; n--)
      mutate (rand, s);
    write_bytes (path, s);
    g_string_free (s, TRUE);
    g_autoptr (SrtSettings) settings = srt_settings_load (NULL, NULL, &bench->command, NULL, bench->dir, &error);
    g_assert_true ((settings != NULL) == (error == NULL));
    if (!settings) {
      g_assert_error (error, SRT_ERROR, SRT_ERROR_USAGE);
      g_assert_true (g_str_has_prefix (error->message, "srt.cfg:") || g_str_has_prefix (error->message, "more.cfg:"));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      refused++;
      continue;
    }
    g_autofree char *printed = srt_settings_print (settings, NULL, NULL);
    g_assert_nonnull (printed);
  }
  /* Both ends are met: the mutations are neither all fatal nor all harmless. */
  g_assert_cmpuint (refused, >, ROUNDS / 4);
  g_assert_cmpuint (refused, <, ROUNDS);
}

/* Nested so deep that a parser with a stack of its own size would break. */
static void
test_deep (Bench *bench, gconstpointer data)
{
  GString *deep = g_string_new ("executor = ");
  for (int i = 0; i < 100000; i++)
    g_string_append_c (deep, '(');
  bench_write (bench, "srt.cfg", deep->str);
  g_string_free (deep, TRUE);
  g_autoptr (GError) error = NULL;
  g_assert_null (srt_settings_load (NULL, NULL, &bench->command, NULL, bench->dir, &error));
  g_assert_error (error, SRT_ERROR, SRT_ERROR_USAGE);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  BENCH_ADD ("/settings/mutate/bytes", test_mutations);
  BENCH_ADD ("/settings/mutate/deep", test_deep);
  return g_test_run ();
}
