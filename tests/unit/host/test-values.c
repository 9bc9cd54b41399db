/* SPDX-License-Identifier: MIT */
#include "base/error.h"
#include "host/values.h"

#define ROW(TYPE, FLAGS, NAME, DEF)                                                                                    \
  {                                                                                                                    \
    sizeof (srt_option), SRT_TYPE_##TYPE, FLAGS, NAME, DEF, "Help of " NAME, NULL                                      \
  }

static const srt_option declared[] = {
  ROW (STRING, 0, "string", "text"),
  ROW (PATH, 0, "path", "out/x.xml"),
  ROW (BOOL, 0, "bool", "true"),
  ROW (INT, 0, "int", "-5"),
  ROW (FLOAT, 0, "float", "0.5"),
  ROW (DURATION, SRT_OPTION_JOB, "duration", "30s"),
  ROW (SIZE, 0, "size", "4K"),
  ROW (PERCENT, 0, "percent", "80%"),
  { sizeof (srt_option), SRT_TYPE_CHOICE, 0, "choice", "auto", "When", "auto|always|never" },
  ROW (LIST, 0, "list", "a,b"),
  ROW (STRING, 0, "unset", NULL),
};

static const srt_option strict[] = {
  ROW (STRING, SRT_OPTION_REQUIRED, "needed", NULL),
  ROW (STRING, SRT_OPTION_REQUIRED | SRT_OPTION_JOB, "image", NULL),
};

static const SrtOrigin line_12 = { .file = "/etc/team/team.cfg", .line = 12, .what = "team.cfg" };
static const SrtOrigin line_3 = { .file = "/etc/team/team.cfg", .line = 3, .what = "team.cfg" };
static const SrtOrigin typed = { .what = "--notifier" };

static GPtrArray *
raw_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)srt_raw_option_free);
}

/* One option as WRITTEN (SRT_RAW_*), or none at all with a NULL name. */
static srt_values *
values_of (const srt_option *rows, guint n, gboolean job, const char *name, int written, const char *text,
           const SrtOrigin *origin, GError **error)
{
  static const char *const parts[] = { "x", "y z", NULL };
  g_autoptr (GPtrArray) raw = raw_new ();
  gboolean is_list = written == SRT_RAW_LIST;
  if (name != NULL)
    g_ptr_array_add (raw, srt_raw_option_new (name, written, is_list ? NULL : text, is_list ? parts : NULL, origin));
  return srt_values_new (rows, n, raw, job, "notifier x", &line_3, "/base", error);
}

static srt_values *
good (const char *name, int written, const char *text, const SrtOrigin *origin)
{
  g_autoptr (GError) error = NULL;
  srt_values *values = values_of (declared, G_N_ELEMENTS (declared), FALSE, name, written, text, origin, &error);
  g_assert_no_error (error);
  return values;
}

static srt_host
getters (void)
{
  srt_host host = { .size = sizeof host };
  srt_values_fill_host (&host);
  return host;
}

static void
test_defaults (void)
{
  g_autoptr (srt_values) values = good (NULL, 0, NULL, NULL);
  srt_host host = getters ();
  g_assert_cmpstr (host.get_string (values, "string"), ==, "text");
  g_assert_cmpstr (host.get_string (values, "path"), ==, "/base/out/x.xml");
  g_assert_cmpstr (host.get_string (values, "choice"), ==, "auto");
  g_assert_cmpuint (host.get_bool (values, "bool"), ==, 1);
  g_assert_cmpint (host.get_int (values, "int"), ==, -5);
  g_assert_cmpfloat (host.get_float (values, "float"), ==, 0.5);
  g_assert_cmpfloat (host.get_float (values, "percent"), ==, 80.0);
  g_assert_cmpuint (host.get_duration_ns (values, "duration"), ==, 30000000000u);
  g_assert_cmpuint (host.get_bytes (values, "size"), ==, 4096);
  g_assert_cmpstr (host.get_list (values, "list", 0), ==, "a");
  g_assert_cmpstr (host.get_list (values, "list", 1), ==, "b");
  g_assert_null (host.get_list (values, "list", 2));
  g_assert_cmpuint (host.is_set (values, "int"), ==, 1);
  g_assert_cmpuint (host.is_set (values, "unset"), ==, 0);
  g_assert_null (host.get_string (values, "unset"));
}

/* name, how it is written in a file, text */
static void
test_from_file (void)
{
  srt_host host = getters ();
  g_autoptr (srt_values) string = good ("string", SRT_RAW_STRING, "other", &line_12);
  g_assert_cmpstr (host.get_string (string, "string"), ==, "other");
  g_autoptr (srt_values) off = good ("bool", SRT_RAW_BOOL, "false", &line_12);
  g_assert_cmpuint (host.get_bool (off, "bool"), ==, 0);
  g_autoptr (srt_values) number = good ("int", SRT_RAW_INT, "7", &line_12);
  g_assert_cmpint (host.get_int (number, "int"), ==, 7);
  g_autoptr (srt_values) whole = good ("float", SRT_RAW_INT, "2", &line_12);
  g_assert_cmpfloat (host.get_float (whole, "float"), ==, 2.0);
  g_autoptr (srt_values) seconds = good ("duration", SRT_RAW_INT, "2", &line_12);
  g_assert_cmpuint (host.get_duration_ns (seconds, "duration"), ==, 2000000000u);
  g_autoptr (srt_values) size = good ("size", SRT_RAW_STRING, "1M", &line_12);
  g_assert_cmpuint (host.get_bytes (size, "size"), ==, 1048576);
  g_autoptr (srt_values) percent = good ("percent", SRT_RAW_FLOAT, "12.5", &line_12);
  g_assert_cmpfloat (host.get_float (percent, "percent"), ==, 12.5);
  g_autoptr (srt_values) choice = good ("choice", SRT_RAW_STRING, "never", &line_12);
  g_assert_cmpstr (host.get_string (choice, "choice"), ==, "never");
  g_autoptr (srt_values) list = good ("list", SRT_RAW_LIST, NULL, &line_12);
  g_assert_cmpstr (host.get_list (list, "list", 1), ==, "y z");
  g_autoptr (srt_values) one = good ("list", SRT_RAW_STRING, "one", &line_12);
  g_assert_cmpstr (host.get_list (one, "list", 0), ==, "one");
  g_assert_null (host.get_list (one, "list", 1));
}

static void
test_from_command_line (void)
{
  srt_host host = getters ();
  g_autoptr (srt_values) off = good ("bool", SRT_RAW_STRING, "no", &typed);
  g_assert_cmpuint (host.get_bool (off, "bool"), ==, 0);
  g_autoptr (srt_values) number = good ("int", SRT_RAW_STRING, "7", &typed);
  g_assert_cmpint (host.get_int (number, "int"), ==, 7);
}

static void
check_path (const char *text, const SrtOrigin *origin, const char *wanted)
{
  srt_host host = getters ();
  g_autoptr (srt_values) values = good ("path", SRT_RAW_STRING, text, origin);
  g_assert_cmpstr (host.get_string (values, "path"), ==, wanted);
}

static void
test_paths (void)
{
  check_path ("/abs/x", &line_12, "/abs/x");
  check_path ("out.xml", &line_12, "/etc/team/out.xml");
  check_path ("../out.xml", &line_12, "/etc/team/../out.xml");
  check_path ("./out.xml", &typed, "/base/out.xml");
}

/* Of two with one name the last counts. */
static void
test_last_counts (void)
{
  srt_host host = getters ();
  g_autoptr (GPtrArray) raw = raw_new ();
  g_ptr_array_add (raw, srt_raw_option_new ("string", SRT_RAW_STRING, "first", NULL, &typed));
  g_ptr_array_add (raw, srt_raw_option_new ("list", SRT_RAW_STRING, "first", NULL, &typed));
  g_ptr_array_add (raw, srt_raw_option_new ("string", SRT_RAW_STRING, "last", NULL, &typed));
  g_ptr_array_add (raw, srt_raw_option_new ("list", SRT_RAW_STRING, "last", NULL, &typed));
  g_autoptr (srt_values) values =
      srt_values_new (declared, G_N_ELEMENTS (declared), raw, FALSE, "notifier x", &line_3, "/base", NULL);
  g_assert_cmpstr (host.get_string (values, "string"), ==, "last");
  g_assert_cmpstr (host.get_list (values, "list", 0), ==, "last");
}

/* ---- refused ---- */

typedef struct {
  const char *name;
  int written;
  const char *text;
  const char *message; /* behind "PLACE: notifier x: " */
} Refusal;

static const Refusal in_file[] = {
  { "strign", SRT_RAW_STRING, "x", "has no option \"strign\"; did you mean \"string\"?" },
  { "zzzzzzzzzz", SRT_RAW_STRING, "x",
    "has no option \"zzzzzzzzzz\"; it takes string, path, bool, int, float, duration, size, percent, choice, list, "
    "unset" },
  { "string", SRT_RAW_INT, "5", "option \"string\" must be a text in quotes, not a whole number" },
  { "path", SRT_RAW_BOOL, "true", "option \"path\" must be a text in quotes, not true or false" },
  { "path", SRT_RAW_STRING, "", "option \"path\" must be a path, not an empty text" },
  { "bool", SRT_RAW_STRING, "true", "option \"bool\" must be true or false, without quotes, not a text" },
  { "int", SRT_RAW_FLOAT, "1.5", "option \"int\" must be a whole number, without quotes, not a number" },
  { "float", SRT_RAW_STRING, "1.5", "option \"float\" must be a number, without quotes, not a text" },
  { "duration", SRT_RAW_LIST, NULL, "option \"duration\" must be a duration such as \"30s\", not a list" },
  { "duration", SRT_RAW_STRING, "soon",
    "option \"duration\": \"soon\" is no duration; write it like \"250ms\", \"30s\", \"2m\" or \"1h30m\"" },
  { "size", SRT_RAW_BOOL, "true", "option \"size\" must be a size such as \"512M\", not true or false" },
  { "size", SRT_RAW_STRING, "big",
    "option \"size\": \"big\" is no size; write it like \"4K\", \"512M\" or \"1.5G\", or plain bytes" },
  { "percent", SRT_RAW_LIST, NULL, "option \"percent\" must be a percentage such as \"80%\", not a list" },
  { "percent", SRT_RAW_INT, "101", "option \"percent\": \"101\" is no percentage; write it like \"80%\", 0 to 100" },
  { "choice", SRT_RAW_STRING, "nevr",
    "option \"choice\": must be one of auto, always, never, not \"nevr\"; did you mean \"never\"?" },
  { "list", SRT_RAW_INT, "1", "option \"list\" must be a list of strings such as [\"a\", \"b\"], not a whole number" },
};

static const Refusal on_command_line[] = {
  { "bool", SRT_RAW_STRING, "maybe", "option \"bool\": must be true or false, not \"maybe\"" },
  { "int", SRT_RAW_STRING, "many", "option \"int\": must be a whole number, not \"many\"" },
  { "int", SRT_RAW_STRING, "99999999999999999999",
    "option \"int\": must be a whole number of at most 64 bits, not \"99999999999999999999\"" },
  { "float", SRT_RAW_STRING, "half", "option \"float\": must be a number, not \"half\"" },
};

static void
check_refused (const srt_option *rows, guint n, gboolean job, const Refusal *refusal, const SrtOrigin *origin,
               const char *place)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *wanted = g_strdup_printf ("%s: notifier x: %s", place, refusal->message);
  g_assert_null (values_of (rows, n, job, refusal->name, refusal->written, refusal->text, origin, &error));
  g_assert_error (error, SRT_ERROR, SRT_ERROR_USAGE);
  g_assert_cmpstr (error->message, ==, wanted);
}

static void
test_refused (void)
{
  guint n = G_N_ELEMENTS (declared);
  for (gsize i = 0; i < G_N_ELEMENTS (in_file); i++)
    check_refused (declared, n, FALSE, &in_file[i], &line_12, "team.cfg:12");
  for (gsize i = 0; i < G_N_ELEMENTS (on_command_line); i++)
    check_refused (declared, n, FALSE, &on_command_line[i], &typed, "--notifier");
}

static void
test_required (void)
{
  static const Refusal missing = { NULL, 0, NULL, "option \"needed\" is missing: Help of needed" };
  static const Refusal none = { "x", SRT_RAW_STRING, "x", "has no option \"x\"; it takes none" };
  check_refused (strict, 2, FALSE, &missing, NULL, "team.cfg:3");
  check_refused (strict, 0, FALSE, &none, &line_12, "team.cfg:12");
  /* What is a job's to say is not asked of the plugin. */
  g_autoptr (srt_values) values = values_of (strict, 2, FALSE, "needed", SRT_RAW_STRING, "x", &line_12, NULL);
  g_assert_nonnull (values);
}

static void
test_job (void)
{
  static const Refusal not_here = { "needed", SRT_RAW_STRING, "x",
                                    "option \"needed\" cannot stand in a suite, only where the plugin is set up" };
  static const Refusal missing = { NULL, 0, NULL, "option \"image\" is missing: Help of image" };
  static const Refusal none = { "zzzzzz", SRT_RAW_STRING, "x", "has no option \"zzzzzz\"; it takes none in a suite" };
  srt_host host = getters ();
  check_refused (strict, 2, TRUE, &not_here, &line_12, "team.cfg:12");
  check_refused (strict, 2, TRUE, &missing, NULL, "team.cfg:3");
  check_refused (strict, 1, TRUE, &none, &line_12, "team.cfg:12");
  g_autoptr (srt_values) job = values_of (strict, 2, TRUE, "image", SRT_RAW_STRING, "debian", &line_12, NULL);
  g_assert_cmpstr (host.get_string (job, "image"), ==, "debian");
  g_autoptr (srt_values) defaults = values_of (declared, 11, TRUE, NULL, 0, NULL, NULL, NULL);
  g_assert_cmpuint (host.get_duration_ns (defaults, "duration"), ==, 30000000000u);
}

/* ---- defects of a plugin ---- */

static void
see_defect (gpointer data, const char *text)
{
  g_string_assign (data, text);
}

static void
test_defects (void)
{
  srt_host host = getters ();
  g_autoptr (srt_values) values = good (NULL, 0, NULL, NULL);
  GString *seen = g_string_new (NULL);
  srt_values_on_defect (values, see_defect, seen);
  g_assert_cmpint (host.get_int (values, "nothing"), ==, 0);
  g_assert_cmpstr (seen->str, ==, "defect of the plugin: option \"nothing\" is read but not declared");
  g_assert_cmpuint (host.is_set (values, "nobody"), ==, 0);
  g_assert_cmpstr (seen->str, ==, "defect of the plugin: option \"nobody\" is read but not declared");
  g_assert_null (host.get_string (values, "int"));
  g_assert_cmpstr (seen->str, ==,
                   "defect of the plugin: option \"int\" is declared as whole number but read as string");
  g_assert_cmpfloat (host.get_float (values, "bool"), ==, 0.0);
  g_assert_cmpstr (seen->str, ==,
                   "defect of the plugin: option \"bool\" is declared as true or false but read as number");
  g_string_free (seen, TRUE);
}

static void
test_no_values (void)
{
  srt_host host = getters ();
  g_assert_null (host.get_string (NULL, "string"));
  g_assert_null (host.get_list (NULL, "list", 0));
  g_assert_cmpuint (host.is_set (NULL, "string"), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/values/defaults", test_defaults);
  g_test_add_func ("/values/from-file", test_from_file);
  g_test_add_func ("/values/from-command-line", test_from_command_line);
  g_test_add_func ("/values/paths", test_paths);
  g_test_add_func ("/values/last-counts", test_last_counts);
  g_test_add_func ("/values/refused", test_refused);
  g_test_add_func ("/values/required", test_required);
  g_test_add_func ("/values/job", test_job);
  g_test_add_func ("/values/defects", test_defects);
  g_test_add_func ("/values/none", test_no_values);
  return g_test_run ();
}
