/* SPDX-License-Identifier: MIT
 * Entries that are made in memory: each defect has its message. */
#include "base/error.h"
#include "loading/entry.h"
#include "loading/option.h"
#include <string.h>

static int32_t
create (const srt_host *host, void **ret_self)
{
  return SRT_OK;
}

static void
nothing (void *self)
{
}

static int32_t
start (void *self, const srt_job *job)
{
  return SRT_OK;
}

static int32_t
describe (void *self, srt_executor_info *info)
{
  return SRT_OK;
}

static int32_t
stop (void *self, uint64_t job, uint64_t grace_ns, uint32_t why)
{
  return SRT_OK;
}

static void
shut_down (void *self, uint64_t deadline_ns, srt_post_fn done, void *data)
{
}

static const srt_notifier_ops notifier = { .size = sizeof notifier };

static srt_plugin
good_entry (void)
{
  return (srt_plugin){
    .magic = SRT_PLUGIN_MAGIC,
    .abi_major = SRT_ABI_MAJOR,
    .abi_minor = SRT_ABI_MINOR,
    .size = sizeof (srt_plugin),
    .kind = SRT_KIND_NOTIFIER,
    .name = "good",
    .version = "1",
    .summary = "Good",
    .ops = &notifier,
    .create = create,
  };
}

static void
check_refused (const srt_plugin *entry, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (srt_module_new (entry, "/x", &error));
  g_assert_error (error, SRT_ERROR, SRT_ERROR_USAGE);
  g_assert_cmpstr (error->message, ==, message);
}

static void
test_words (void)
{
  srt_plugin entry = good_entry ();
  g_autoptr (SrtModule) module = srt_module_new (&entry, "/x", NULL);
  g_assert_nonnull (module);
  entry.kind = 401;
  check_refused (&entry, "is of kind 401, which this srt does not know");
  entry = good_entry ();
  entry.name = NULL;
  check_refused (&entry, "has the bad name \"\": a lower-case letter, then lower-case letters, digits and '-'");
  entry.name = "a/b";
  check_refused (&entry, "has the bad name \"a/b\": a lower-case letter, then lower-case letters, digits and '-'");
  entry = good_entry ();
  entry.summary = NULL;
  check_refused (&entry, "does not say its version and summary");
  entry = good_entry ();
  entry.ops = NULL;
  check_refused (&entry, "has no table of functions");
  entry = good_entry ();
  entry.create = NULL;
  check_refused (&entry, "has no create function, which every plugin needs");
}

/* An entry that ends behind create, as an older one might: what it says of destroy is not read. */
static void
test_older_entry (void)
{
  srt_plugin entry = good_entry ();
  entry.destroy = nothing;
  entry.size = offsetof (srt_plugin, destroy);
  g_autoptr (SrtModule) module = srt_module_new (&entry, "/x", NULL);
  g_assert_nonnull (module);
  g_assert_null (module->plugin.destroy);
}

static void
test_tables (void)
{
  srt_plugin entry = good_entry ();
  srt_executor_ops ops = { .size = offsetof (srt_executor_ops, stop), .describe = describe, .start = start };
  entry.kind = SRT_KIND_EXECUTOR;
  entry.ops = &ops;
  check_refused (&entry, "says that its executor table has 40 bytes; at least 48 are needed");
  ops.size = sizeof ops;
  check_refused (&entry, "has no \"stop\" in its executor table, which is required");
  ops.stop = stop;
  ops.size = offsetof (srt_executor_ops, shutdown);
  ops.shutdown = shut_down;
  g_autoptr (SrtModule) module = srt_module_new (&entry, "/x", NULL);
  g_assert_nonnull (module);
  g_assert_null (module->ops.executor.shutdown);
  g_assert_cmpuint (module->ops.executor.size, ==, sizeof ops);
}

static int32_t
progress_open (void *self, const srt_progress_request *request, srt_progress_state *state)
{
  return SRT_OK;
}

static int32_t
progress_append (void *self, const srt_result *result)
{
  return SRT_OK;
}

static int32_t
progress_sync (void *self, uint64_t token)
{
  return SRT_OK;
}

static int32_t
progress_remove (void *self)
{
  return SRT_OK;
}

static void
test_checkpoint (void)
{
  srt_plugin entry = good_entry ();
  srt_progress_ops progress = { .size = sizeof progress,
                                .open = progress_open,
                                .append = progress_append,
                                .sync = progress_sync,
                                .remove = progress_remove };
  srt_history_ops history = { .size = sizeof history };
  srt_checkpoint_ops ops = { .size = sizeof ops };
  entry.kind = SRT_KIND_CHECKPOINT;
  entry.ops = &ops;
  check_refused (&entry, "has no \"progress\" in its checkpoint table, which is required");
  ops.progress = &progress;
  check_refused (&entry, "has no \"close\" in its progress table, which is required");
  progress.close = nothing;
  ops.history = &history;
  check_refused (&entry, "has no \"load\" in its history table, which is required");
  ops.history = NULL;
  g_autoptr (SrtModule) module = srt_module_new (&entry, "/x", NULL);
  g_assert_nonnull (module);
  g_assert_true (module->ops.checkpoint.progress == &module->progress);
  g_assert_cmpuint (module->history.size, ==, 0);
}

/* ---- option tables ---- */

static void
check_row (srt_option row, const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GArray) table = NULL;
  if (row.size == 0)
    row.size = sizeof row;
  table = srt_option_table_copy (&row, 1, &error);
  if (message == NULL) {
    g_assert_no_error (error);
    g_assert_cmpuint (table->len, ==, 1);
  } else {
    g_assert_null (table);
    g_assert_error (error, SRT_ERROR, SRT_ERROR_USAGE);
    g_assert_cmpstr (error->message, ==, message);
  }
}

static void
test_option_rows (void)
{
  const char *bad_choices = "option 1 of its table (\"c\") has no good choices: they look like \"auto|always|never\"";
  check_row ((srt_option){ .type = SRT_TYPE_INT, .name = "a_1", .def = "-5" }, NULL);
  check_row ((srt_option){ .type = SRT_TYPE_INT }, "option 1 of its table has no name");
  check_row ((srt_option){ .type = SRT_TYPE_INT, .name = "Big" },
             "option 1 of its table (\"Big\") has a bad name: a lower-case letter, then lower-case letters, digits and "
             "'_'");
  check_row ((srt_option){ .type = 301, .name = "a" },
             "option 1 of its table (\"a\") has a type that this srt does not know");
  check_row ((srt_option){ .type = SRT_TYPE_CHOICE, .name = "c" }, bad_choices);
  check_row ((srt_option){ .type = SRT_TYPE_CHOICE, .name = "c", .choices = "" }, bad_choices);
  check_row ((srt_option){ .type = SRT_TYPE_CHOICE, .name = "c", .choices = "a|b|a" }, bad_choices);
  check_row ((srt_option){ .type = SRT_TYPE_CHOICE, .name = "c", .choices = "a|b", .def = "x" },
             "option 1 of its table (\"c\") has a default that does not fit: must be one of a, b, not \"x\"");
  check_row ((srt_option){ .type = SRT_TYPE_INT, .name = "a", .def = "5 apples" },
             "option 1 of its table (\"a\") has a default that does not fit: must be a whole number, not \"5 apples\"");
  check_row ((srt_option){ .type = SRT_TYPE_INT, .name = "a", .def = "5", .flags = SRT_OPTION_REQUIRED },
             "option 1 of its table (\"a\") is required and has a default: it can only be one of the two");
  check_row ((srt_option){ .size = 16, .type = SRT_TYPE_INT, .name = "a" },
             "option 1 of its table has the size 16; all rows must have the same, at least 48");
}

static void
test_option_table (void)
{
  srt_option rows[] = { { .size = sizeof rows[0], .type = SRT_TYPE_INT, .name = "same" },
                        { .size = sizeof rows[0], .type = SRT_TYPE_BOOL, .name = "same" } };
  g_autoptr (GError) error = NULL;
  g_assert_null (srt_option_table_copy (rows, 2, &error));
  g_assert_cmpstr (error->message, ==, "option 2 of its table (\"same\") is declared twice");
  g_clear_error (&error);
  rows[1].size = sizeof rows[0] + 8;
  g_assert_null (srt_option_table_copy (rows, 2, &error));
  g_assert_cmpstr (error->message, ==,
                   "option 2 of its table has the size 56; all rows must have the same, at least 48");
  g_clear_error (&error);
  g_assert_null (srt_option_table_copy (NULL, 3, &error));
  g_assert_cmpstr (error->message, ==, "its option table is NULL, but is said to have 3 rows");
  g_autoptr (GArray) none = srt_option_table_copy (NULL, 0, NULL);
  g_assert_cmpuint (none->len, ==, 0);
}

static void
test_parse (void)
{
  SrtOptionValue value;
  srt_option option = { .type = SRT_TYPE_BOOL };
  g_assert_true (srt_option_parse (&option, "on", &value, NULL) && value.truth);
  g_assert_true (srt_option_parse (&option, "no", &value, NULL) && !value.truth);
  option.type = SRT_TYPE_INT;
  g_assert_true (srt_option_parse (&option, "-9223372036854775808", &value, NULL));
  g_assert_cmpint (value.integer, ==, G_MININT64);
  g_assert_false (srt_option_parse (&option, "9223372036854775808", &value, NULL));
  g_assert_false (srt_option_parse (&option, " 5", &value, NULL));
  g_assert_false (srt_option_parse (&option, "", &value, NULL));
  option.type = SRT_TYPE_FLOAT;
  g_assert_true (srt_option_parse (&option, "0.25", &value, NULL));
  g_assert_cmpfloat (value.real, ==, 0.25);
  g_assert_false (srt_option_parse (&option, "nan", &value, NULL));
  g_assert_false (srt_option_parse (&option, "1e999", &value, NULL));
  option.type = SRT_TYPE_DURATION;
  g_assert_true (srt_option_parse (&option, "250ms", &value, NULL));
  g_assert_cmpuint (value.amount, ==, 250000000);
  option.type = SRT_TYPE_SIZE;
  g_assert_true (srt_option_parse (&option, "4K", &value, NULL));
  g_assert_cmpuint (value.amount, ==, 4096);
  option.type = SRT_TYPE_PERCENT;
  g_assert_true (srt_option_parse (&option, "80%", &value, NULL));
  g_assert_cmpfloat (value.real, ==, 80.0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/entry/words", test_words);
  g_test_add_func ("/entry/older", test_older_entry);
  g_test_add_func ("/entry/tables", test_tables);
  g_test_add_func ("/entry/checkpoint", test_checkpoint);
  g_test_add_func ("/entry/option-rows", test_option_rows);
  g_test_add_func ("/entry/option-table", test_option_table);
  g_test_add_func ("/entry/parse", test_parse);
  return g_test_run ();
}
