/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "base/units.h"

#define MS G_GUINT64_CONSTANT (1000000)
#define S  (1000 * MS)
#define H  (3600 * S)

typedef struct {
  const char *text;
  guint64 value;
  const char *canonical; /* NULL: as TEXT */
} Row;

static const Row durations[] = {
  { "250ms", 250 * MS, NULL },
  { "30s", 30 * S, NULL },
  { "2m", 120 * S, NULL },
  { "1h", H, NULL },
  { "1h30m", H + 1800 * S, NULL },
  { "1.5s", 1500 * MS, "1s500ms" },
  { "0", 0, NULL },
  { "0s", 0, "0" },
  { "30", 30 * S, "30s" },
  { " 30 s ", 30 * S, "30s" },
  { "1 h 30 m", 5400 * S, "1h30m" },
  { "0.25", 250 * MS, "250ms" },
  { "1H", H, "1h" },
  { "1ns", 1, NULL },
  { "1.5us", 1500, "1us500ns" },
  { "100m", 6000 * S, "1h40m" },
  { "0.000000001s", 1, "1ns" },
  { "1.25h", 4500 * S, "1h15m" },
  { "2562047h", 2562047 * H, NULL },
};

static const Row sizes[] = {
  { "512M", G_GUINT64_CONSTANT (512) << 20, NULL },
  { "4K", 4096, NULL },
  { "1G", 1 << 30, NULL },
  { "1T", G_GUINT64_CONSTANT (1) << 40, NULL },
  { "512MB", 512 << 20, "512M" },
  { "512MiB", 512 << 20, "512M" },
  { "512mib", 512 << 20, "512M" },
  { "1.5K", 1536, NULL },
  { "0", 0, NULL },
  { "17", 17, NULL },
  { "17B", 17, "17" },
  { " 2 G ", G_GUINT64_CONSTANT (2) << 30, "2G" },
  { "1048576", 1 << 20, "1M" },
  { "8388607T", G_GUINT64_CONSTANT (8388607) << 40, NULL },
};

static const char *const bad_durations[] = { "",
                                             " ",
                                             "s",
                                             "-1s",
                                             "+1s",
                                             "1x",
                                             "1.s",
                                             ".5s",
                                             "1h1h",
                                             "1m1h",
                                             "1s 1",
                                             "1,5s",
                                             "1e3",
                                             "1sm",
                                             "inf",
                                             "nan",
                                             "0x10",
                                             "1 2",
                                             "99999999999999999999s",
                                             "2562048h",
                                             "1.0000000001s",
                                             "1..5s",
                                             "30s!" };
static const char *const bad_sizes[] = {
  "", " ", "M", "-1M", "1X", "1.M", "1MM", "1iB", "0x10", "1e3", "99999999999999999999", "9000000T", "1 M B", "512 MiBs"
};
static const char *const bad_percents[] = { "", "%", "-1", "101", "100.5%", "80%%", "a", "nan", "1e1", "80 % x" };

static void
test_durations (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (durations); i++) {
    g_autoptr (GError) error = NULL;
    guint64 value = 1, again = 2;
    g_assert_true (srt_units_parse_duration (durations[i].text, &value, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (value, ==, durations[i].value);
    g_autofree char *canonical = srt_units_format_duration (value);
    if (durations[i].canonical)
      g_assert_cmpstr (canonical, ==, durations[i].canonical);
    g_assert_true (srt_units_parse_duration (canonical, &again, NULL));
    g_assert_cmpuint (again, ==, value);
  }
}

static void
test_sizes (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (sizes); i++) {
    g_autoptr (GError) error = NULL;
    guint64 value = 1, again = 2;
    g_assert_true (srt_units_parse_size (sizes[i].text, &value, &error));
    g_assert_no_error (error);
    g_assert_cmpuint (value, ==, sizes[i].value);
    g_autofree char *canonical = srt_units_format_size (value);
    if (sizes[i].canonical)
      g_assert_cmpstr (canonical, ==, sizes[i].canonical);
    g_assert_true (srt_units_parse_size (canonical, &again, NULL));
    g_assert_cmpuint (again, ==, value);
  }
}

static void
test_percents (void)
{
  static const struct {
    const char *text;
    double value;
  } rows[] = { { "80%", 80 }, { "80", 80 }, { "0", 0 }, { "100%", 100 }, { "12.5 %", 12.5 } };

  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++) {
    double value = -1;
    g_assert_true (srt_units_parse_percent (rows[i].text, &value, NULL));
    g_assert_cmpfloat_with_epsilon (value, rows[i].value, 1e-9);
  }
}

static void
test_refused (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (bad_durations); i++) {
    g_autoptr (GError) error = NULL;
    guint64 value = 7;
    g_test_message ("duration \"%s\"", bad_durations[i]);
    g_assert_false (srt_units_parse_duration (bad_durations[i], &value, &error));
    g_assert_error (error, SRT_ERROR, SRT_ERROR_USAGE);
    g_assert_cmpuint (value, ==, 7);
    g_assert_nonnull (strstr (error->message, bad_durations[i]));
    g_assert_nonnull (strstr (error->message, "30s"));
  }
  for (gsize i = 0; i < G_N_ELEMENTS (bad_sizes); i++) {
    g_autoptr (GError) error = NULL;
    guint64 value = 7;
    g_test_message ("size \"%s\"", bad_sizes[i]);
    g_assert_false (srt_units_parse_size (bad_sizes[i], &value, &error));
    g_assert_error (error, SRT_ERROR, SRT_ERROR_USAGE);
    g_assert_cmpuint (value, ==, 7);
  }
  for (gsize i = 0; i < G_N_ELEMENTS (bad_percents); i++) {
    g_autoptr (GError) error = NULL;
    double value = 7;
    g_test_message ("percentage \"%s\"", bad_percents[i]);
    g_assert_false (srt_units_parse_percent (bad_percents[i], &value, &error));
    g_assert_error (error, SRT_ERROR, SRT_ERROR_USAGE);
    g_assert_cmpfloat (value, ==, 7);
  }
}

/* Every count of nanoseconds has a text, even ones that no person writes. */
static void
test_round_trip (void)
{
  guint64 value = 1;
  for (int i = 0; i < 62; i++, value = value * 2 + (guint64)(i % 3)) {
    guint64 again = 0;
    g_autofree char *duration = srt_units_format_duration (value);
    g_autofree char *size = srt_units_format_size (value);
    g_assert_true (srt_units_parse_duration (duration, &again, NULL));
    g_assert_cmpuint (again, ==, value);
    g_assert_true (srt_units_parse_size (size, &again, NULL));
    g_assert_cmpuint (again, ==, value);
  }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/base/units/durations", test_durations);
  g_test_add_func ("/base/units/sizes", test_sizes);
  g_test_add_func ("/base/units/percents", test_percents);
  g_test_add_func ("/base/units/refused", test_refused);
  g_test_add_func ("/base/units/round-trip", test_round_trip);
  return g_test_run ();
}
