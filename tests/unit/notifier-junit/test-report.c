/* SPDX-License-Identifier: MIT
 * Rows → XML: one golden text, and whatever the tests say, a parser reads it back. */
#include "fixtures/notifier-host.h"
#include "notifier-junit/report.h"
#include <glib.h>
#include <libxml/parser.h>
#include <string.h>

#define SECOND G_GUINT64_CONSTANT (1000000000)

static int
collect (void *data, const char *bytes, size_t length)
{
  g_string_append_len (data, bytes, (gssize)length);
  return 0;
}

static int
refuse (void *data, const char *bytes, size_t length)
{
  return -1;
}

static const srt_report base = {
  .host_name = "box",
  .cwd = "/home/team",
  .start_real_ns = 1700000000 * SECOND,
  .elapsed_ns = 2500000000,
  .limits = { UINT64_MAX, UINT64_MAX, 1000, 1000 },
};

static const srt_test tests[] = {
  { .size = sizeof (srt_test), .index = 0, .id = "unit/a", .suite = "unit", .name = "a", .file = "/home/team/t/a" },
  { .size = sizeof (srt_test), .index = 1, .id = "sys/b", .suite = "sys", .name = "b", .file = "/usr/b" },
  { .size = sizeof (srt_test), .index = 2, .id = "unit/c", .suite = "unit", .name = "c<&\">\n\xff" },
  { .size = sizeof (srt_test), .index = 3, .id = "unit/d", .suite = "unit", .name = "d" },
};

static void
test_golden (void)
{
  g_autoptr (GString) xml = g_string_new (NULL);
  srt_attempt attempt = { .verdict = SRT_VERDICT_CRASH };
  char left[] = "left 1 process behind", failed[] = "exit status 3", stopped[] = "not started: SIGINT",
       kept[] = "/tmp/k";
  srt_row rows[] = {
    { .test = &tests[0], .verdict = SRT_VERDICT_PASS, .wall_ns = 1500000 },
    { .test = &tests[1], .verdict = SRT_VERDICT_LEAK, .wall_ns = 2 * SECOND, .message = left, .attempts = &attempt },
    { .test = &tests[2], .verdict = SRT_VERDICT_FAIL, .message = failed, .kept_dir = kept, .output_lost = 7 },
    { .test = &tests[3], .message = stopped },
  };
  srt_report report = base;
  report.rows = rows;
  report.n = G_N_ELEMENTS (rows);
  g_assert_cmpint (srt_report_write (&report, collect, xml), ==, 0);
  g_assert_cmpstr (
      xml->str, ==,
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
      "<testsuites name=\"srt\" tests=\"4\" failures=\"1\" errors=\"1\" skipped=\"0\" time=\"2.500\">\n"
      " <testsuite name=\"sys\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" time=\"2.000\""
      " timestamp=\"2023-11-14T22:13:20\" hostname=\"box\">\n"
      "  <testcase classname=\"sys\" name=\"b\" file=\"/usr/b\" time=\"2.000\">\n"
      "   <flakyError message=\"\" type=\"CRASH\"/>\n"
      "   <system-err>LEAK\nleft 1 process behind\n</system-err>\n"
      "  </testcase>\n"
      " </testsuite>\n"
      " <testsuite name=\"unit\" tests=\"3\" failures=\"1\" errors=\"1\" skipped=\"0\" time=\"0.001\""
      " timestamp=\"2023-11-14T22:13:20\" hostname=\"box\">\n"
      "  <testcase classname=\"unit\" name=\"a\" file=\"t/a\" time=\"0.001\"/>\n"
      "  <testcase classname=\"unit\" name=\"c&lt;&amp;&quot;&gt;\\n\\xFF\" time=\"0.000\">\n"
      "   <failure message=\"exit status 3\" type=\"FAIL\">FAIL\nexit status 3\nTMPDIR kept: /tmp/k\n"
      "bytes of output over output_max, dropped: 7\n</failure>\n"
      "  </testcase>\n"
      "  <testcase classname=\"unit\" name=\"d\" time=\"0.000\">\n"
      "   <error message=\"not started: SIGINT\" type=\"UNFINISHED\">UNFINISHED\nnot started: SIGINT\n</error>\n"
      "  </testcase>\n"
      " </testsuite>\n"
      "</testsuites>\n");
}

/* The table in the README. */
static const struct {
  guint32 verdict;
  const char *element, *type;
} words[] = {
  { SRT_VERDICT_NONE, "error", "UNFINISHED" },  { SRT_VERDICT_PASS, NULL, NULL },
  { SRT_VERDICT_FAIL, "failure", "FAIL" },      { SRT_VERDICT_SKIP, "skipped", NULL },
  { SRT_VERDICT_PENDING, "skipped", NULL },     { SRT_VERDICT_ERROR, "error", "ERROR" },
  { SRT_VERDICT_CRASH, "error", "CRASH" },      { SRT_VERDICT_TIMEOUT, "error", "TIMEOUT" },
  { SRT_VERDICT_OOM, "error", "OOM" },          { SRT_VERDICT_LIMIT, "error", "LIMIT" },
  { SRT_VERDICT_LEAK, "system-err", NULL },     { SRT_VERDICT_HUNG, "error", "HUNG" },
  { SRT_VERDICT_PRESSURE, "system-err", NULL }, { SRT_VERDICT_FLAKY, "system-err", NULL },
  { SRT_VERDICT_KILLED, "error", "KILLED" },    { 1550, "error", "?" },
};

static xmlDoc *
parse (const GString *xml)
{
  return xmlReadMemory (xml->str, (int)xml->len, "report.xml", NULL, XML_PARSE_NONET);
}

static xmlNode *
child (xmlNode *node)
{
  return xmlFirstElementChild (node);
}

static void
assert_attribute (xmlNode *node, const char *name, const char *expected)
{
  xmlChar *value = xmlGetProp (node, (const xmlChar *)name);
  g_assert_cmpstr ((const char *)value, ==, expected);
  xmlFree (value);
}

static void
test_words (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++) {
    g_autoptr (GString) xml = g_string_new (NULL);
    srt_row row = { .test = &tests[0], .verdict = words[i].verdict };
    srt_report report = base;
    report.rows = &row;
    report.n = 1;
    g_assert_cmpint (srt_report_write (&report, collect, xml), ==, 0);
    xmlDoc *doc = parse (xml);
    xmlNode *said = child (child (child (xmlDocGetRootElement (doc))));
    g_test_message ("verdict %u", words[i].verdict);
    g_assert_cmpstr (said ? (const char *)said->name : NULL, ==, words[i].element);
    if (words[i].type)
      assert_attribute (said, "type", words[i].type);
    xmlFreeDoc (doc);
  }
}

static void
fill_random (GRand *rand, char *bytes, gsize length)
{
  static const char *const pieces[] = { "\033[31m",     "]]>",          "<!--", "&amp;",
                                        "\xe4\xbd\xa0", "\xef\xbf\xbf", "\r\n", "\"'<>&" };
  for (gsize i = 0; i < length;) {
    const char *piece = pieces[g_rand_int_range (rand, 0, G_N_ELEMENTS (pieces))];
    gsize n = MIN (strlen (piece), length - i);
    if (g_rand_boolean (rand)) {
      memcpy (bytes + i, piece, n);
      i += n;
    } else
      bytes[i++] = (char)g_rand_int_range (rand, 1, 256);
  }
  bytes[length] = '\0';
}

/* Names, messages and output of any bytes: always well-formed, always as many cases as rows. */
static void
test_random (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (42);
  srt_host host = { .size = sizeof host, .read_output = notifier_host_read_output };
  for (int round = 0; round < 200; round++) {
    char name[100], message[100], bytes[6001];
    g_autoptr (GString) xml = g_string_new (NULL);
    fill_random (rand, name, (gsize)g_rand_int_range (rand, 0, sizeof name));
    fill_random (rand, message, (gsize)g_rand_int_range (rand, 0, sizeof message));
    fill_random (rand, bytes, sizeof bytes - 1);
    srt_output output = { bytes, (gsize)g_rand_int_range (rand, 1, sizeof bytes) };
    srt_test test = { .size = sizeof test, .id = name, .suite = name, .name = name, .file = name };
    srt_row rows[] = {
      { .test = &test,
        .verdict = SRT_VERDICT_FAIL,
        .message = message,
        .kept_dir = message,
        .output = { .host = &host, .output = &output, .length = output.length } },
      { .test = &test, .verdict = SRT_VERDICT_SKIP, .message = message },
    };
    srt_report report = base;
    report.rows = rows;
    report.n = 2;
    g_assert_cmpint (srt_report_write (&report, collect, xml), ==, 0);
    xmlDoc *doc = parse (xml);
    g_assert_nonnull (doc);
    g_assert_cmpuint (xmlChildElementCount (child (xmlDocGetRootElement (doc))), ==, 2);
    xmlFreeDoc (doc);
  }
}

static void
test_long_output (void)
{
  g_autoptr (GString) xml = g_string_new (NULL);
  g_autofree char *bytes = g_strnfill (100000, 'x');
  srt_host host = { .size = sizeof host, .read_output = notifier_host_read_output };
  srt_output output = { bytes, 100000 };
  srt_row row = { .test = &tests[0],
                  .verdict = SRT_VERDICT_FAIL,
                  .output = { .host = &host, .output = &output, .length = 100000 } };
  srt_report report = base;
  report.rows = &row;
  report.n = 1;
  g_assert_cmpint (srt_report_write (&report, collect, xml), ==, 0);
  g_assert_cmpuint (xml->len, <, 4000);
  g_assert_nonnull (strstr (xml->str, "x\n... 0 lines (98000 bytes) left out ...\nx"));
}

static void
test_refused_write (void)
{
  srt_row row = { .test = &tests[0], .verdict = SRT_VERDICT_PASS };
  srt_report report = base;
  report.rows = &row;
  report.n = 1;
  g_assert_cmpint (srt_report_write (&report, refuse, NULL), ==, -1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/report/golden", test_golden);
  g_test_add_func ("/report/words", test_words);
  g_test_add_func ("/report/random", test_random);
  g_test_add_func ("/report/long-output", test_long_output);
  g_test_add_func ("/report/refused-write", test_refused_write);
  return g_test_run ();
}
