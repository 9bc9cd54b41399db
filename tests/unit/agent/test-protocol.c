/* SPDX-License-Identifier: MIT
 * The frames: what goes in comes out, and nothing malformed gets through. */
#include "agent/protocol.h"
#include <glib.h>
#include <string.h>

typedef struct {
  GByteArray *bytes;
  guint16 sequence;
} Stream;

static void
add_frame (Stream *stream, guint16 type, guint64 job, const void *payload, gsize length)
{
  guint8 head[SRT_FRAME_HEAD];

  srt_frame_head (head, type, &stream->sequence, job, (guint32)length);
  g_byte_array_append (stream->bytes, head, sizeof head);
  if (length > 0)
    g_byte_array_append (stream->bytes, payload, (guint)length);
}

static void
add_hello (Stream *stream)
{
  const guint8 hello[] = { SRT_AGENT_VERSION, 0, 0, 0, 0 };

  add_frame (stream, SRT_FRAME_HELLO, 0, hello, sizeof hello);
}

/* Reads all of STREAM; the number of frames, or the reason of a refusal. */
static const char *
read_all (const Stream *stream, SrtSide from, guint *ret_frames)
{
  SrtFrameReader reader = { .from = from };
  const char *reason = NULL;
  gsize at = 0;
  SrtFrame frame;
  int used;

  *ret_frames = 0;
  while ((used = srt_frame_read (&reader, stream->bytes->data + at, stream->bytes->len - at, &frame, &reason)) > 0) {
    at += (gsize)used;
    ++*ret_frames;
  }
  return reason;
}

typedef struct {
  const char *name;
  SrtSide from;
  gboolean hello;
  guint16 type;
  guint64 job;
  gsize length;
  const char *reason; /* NULL: good */
} Row;

static const Row rows[] = {
  { "stop", SRT_SIDE_RUNNER, TRUE, SRT_FRAME_STOP, 7, 12, NULL },
  { "shutdown", SRT_SIDE_RUNNER, TRUE, SRT_FRAME_SHUTDOWN, 0, 0, NULL },
  { "start-more", SRT_SIDE_RUNNER, TRUE, SRT_FRAME_START | SRT_FRAME_MORE, 7, 10, NULL },
  { "output", SRT_SIDE_AGENT, TRUE, SRT_FRAME_OUTPUT, 7, SRT_FRAME_MAX, NULL },
  { "no-hello", SRT_SIDE_RUNNER, FALSE, SRT_FRAME_STOP, 7, 12, "the first frame is not HELLO" },
  { "two-hellos", SRT_SIDE_RUNNER, TRUE, SRT_FRAME_HELLO, 0, 5, "a second HELLO" },
  { "unknown", SRT_SIDE_RUNNER, TRUE, 80, 0, 0, "unknown frame type" },
  { "wrong-side", SRT_SIDE_RUNNER, TRUE, SRT_FRAME_EXITED, 7, 107, "a frame that this side does not send" },
  { "no-job", SRT_SIDE_RUNNER, TRUE, SRT_FRAME_STOP, 0, 12, "a frame without its job" },
  { "a-job", SRT_SIDE_RUNNER, TRUE, SRT_FRAME_SHUTDOWN, 7, 0, "a job where none belongs" },
  { "more", SRT_SIDE_RUNNER, TRUE, SRT_FRAME_STOP | SRT_FRAME_MORE, 7, 12, "only START may go on in another frame" },
  { "short", SRT_SIDE_RUNNER, TRUE, SRT_FRAME_STOP, 7, 11, "payload too short" },
  { "long", SRT_SIDE_RUNNER, TRUE, SRT_FRAME_STOP, 7, 13, "payload too long" },
  { "huge", SRT_SIDE_AGENT, TRUE, SRT_FRAME_OUTPUT, 7, SRT_FRAME_MAX + 1, "payload too long" },
};

static void
test_row (gconstpointer data)
{
  const Row *row = data;
  g_autofree guint8 *payload = g_malloc0 (row->length + 1);
  Stream stream = { g_byte_array_new (), 0 };
  const char *reason;
  guint frames;

  if (row->hello)
    add_hello (&stream);
  add_frame (&stream, row->type, row->job, payload, row->length);
  reason = read_all (&stream, row->from, &frames);
  g_assert_cmpstr (reason, ==, row->reason);
  g_assert_cmpuint (frames, ==, row->hello + (row->reason == NULL));
  g_byte_array_unref (stream.bytes);
}

static void
test_sequence (void)
{
  Stream stream = { g_byte_array_new (), 0 };
  guint frames;

  add_hello (&stream);
  stream.sequence++;
  add_frame (&stream, SRT_FRAME_SHUTDOWN, 0, NULL, 0);
  g_assert_cmpstr (read_all (&stream, SRT_SIDE_RUNNER, &frames), ==, "frame out of sequence");
  g_byte_array_unref (stream.bytes);
}

static void
test_interrupted_start (void)
{
  Stream stream = { g_byte_array_new (), 0 };
  guint frames;

  add_hello (&stream);
  add_frame (&stream, SRT_FRAME_START | SRT_FRAME_MORE, 7, "x", 1);
  add_frame (&stream, SRT_FRAME_START, 8, "x", 1);
  g_assert_cmpstr (read_all (&stream, SRT_SIDE_RUNNER, &frames), ==, "another frame inside a START");
  g_byte_array_unref (stream.bytes);
}

/* A frame that comes byte by byte is read once it is whole, not before. */
static void
test_piecemeal (void)
{
  Stream stream = { g_byte_array_new (), 0 };
  SrtFrameReader reader = { .from = SRT_SIDE_RUNNER };
  const char *reason = NULL;
  SrtFrame frame;

  add_hello (&stream);
  for (guint n = 0; n < stream.bytes->len; n++)
    g_assert_cmpint (srt_frame_read (&reader, stream.bytes->data, n, &frame, &reason), ==, 0);
  g_assert_cmpint (srt_frame_read (&reader, stream.bytes->data, stream.bytes->len, &frame, &reason), ==, 21);
  g_byte_array_unref (stream.bytes);
}

static const srt_limits some_limits = { .size = sizeof some_limits,
                                        .nice = 3,
                                        .memory = 1,
                                        .cpu_milli = 2,
                                        .cpu_time_ns = 3,
                                        .io_ops = 4,
                                        .processes = 5,
                                        .open_files = 6,
                                        .file_size = 7,
                                        .core_size = 8 };
static const char *const some_argv[] = { "prog", "", "two words", NULL };
static const char *const some_env[] = { "A=1", "B", "C=", NULL };
static const char *const some_keep[] = { "sccache", NULL };

static GBytes *
some_start (void)
{
  srt_job job = { .size = sizeof job,
                  .flags = SRT_JOB_MERGED,
                  .id = 9,
                  .argv = some_argv,
                  .env = some_env,
                  .cwd = "/somewhere",
                  .stdin_path = "/etc/hosts",
                  .timeout_ns = 11,
                  .grace_ns = 12,
                  .term_signal = 15,
                  .output_max = 13,
                  .limits = &some_limits,
                  .keep = some_keep,
                  .heartbeat_ns = 14 };
  gsize n = srt_start_size (&job);
  guint8 *bytes = g_malloc (n);

  srt_start_encode (&job, bytes, n);
  return g_bytes_new_take (bytes, n);
}

static void
test_start (void)
{
  g_autoptr (GBytes) bytes = some_start ();
  static const char strings[] = "prog\0\0two words\0A=1\0B\0C=\0sccache";
  SrtStart start;
  gsize n;
  const guint8 *data = g_bytes_get_data (bytes, &n);

  g_assert_cmpstr (srt_start_decode (data, n, &start), ==, NULL);
  g_assert_cmpuint (start.flags, ==, SRT_JOB_MERGED);
  g_assert_cmpint (start.term_signal, ==, 15);
  g_assert_cmpuint (start.timeout_ns, ==, 11);
  g_assert_cmpuint (start.grace_ns, ==, 12);
  g_assert_cmpuint (start.output_max, ==, 13);
  g_assert_cmpuint (start.heartbeat_ns, ==, 14);
  g_assert_cmpmem (&start.limits, sizeof start.limits, &some_limits, sizeof some_limits);
  g_assert_cmpstr (start.cwd, ==, "/somewhere");
  g_assert_cmpstr (start.stdin_path, ==, "/etc/hosts");
  g_assert_cmpuint (start.n_argv, ==, 3);
  g_assert_cmpuint (start.n_env, ==, 3);
  g_assert_cmpuint (start.n_keep, ==, 1);
  g_assert_cmpmem (start.strings, sizeof strings, strings, sizeof strings);
}

/* From a core that does not know heartbeats there is none, whatever lies behind its struct. */
static void
test_start_old (void)
{
  srt_job job = { .size = offsetof (srt_job, heartbeat_ns), .argv = some_argv, .term_signal = 15, .heartbeat_ns = 7 };
  gsize n = srt_start_size (&job);
  g_autofree guint8 *bytes = g_malloc (n);
  SrtStart start;

  srt_start_encode (&job, bytes, n);
  g_assert_cmpstr (srt_start_decode (bytes, n, &start), ==, NULL);
  g_assert_cmpuint (start.heartbeat_ns, ==, 0);
}

/* Every shorter START is refused, and so is a longer one. */
static void
test_start_length (void)
{
  g_autoptr (GBytes) bytes = some_start ();
  gsize n;
  const guint8 *data = g_bytes_get_data (bytes, &n);
  g_autofree guint8 *longer = g_malloc0 (n + 1);
  SrtStart start;

  for (gsize i = 0; i < n; i++) {
    g_autofree guint8 *exact = g_malloc (MAX (i, 1)); /* so that ASan sees any look past the end */

    memcpy (exact, data, i);
    g_assert_nonnull (srt_start_decode (exact, i, &start));
  }
  memcpy (longer, data, n);
  g_assert_cmpstr (srt_start_decode (longer, n + 1, &start), ==, "START: bytes behind the last string");
}

static void
test_exit (void)
{
  guint8 bytes[SRT_FRAME_MAX];
  SrtPut put = { bytes, bytes + sizeof bytes, false };
  g_autofree char *long_text = g_strnfill (3 * SRT_TEXT_MAX, 'x');
  srt_exit end = { .size = sizeof end,
                   .kind = SRT_EXIT_KILLED,
                   .code = -1,
                   .why = SRT_WHY_LIMIT,
                   .oom = 1,
                   .leaked = 2,
                   .message = long_text,
                   .tmp_touched = 1,
                   .dropped = 1ull << 40,
                   .limit = SRT_LIMIT_MEMORY,
                   .kept = 3,
                   .held_by = "memory: cgroup v1" };
  srt_exit got;
  SrtGet get;

  end.usage = (srt_usage){ .size = sizeof end.usage,
                           .source = SRT_USAGE_SAMPLED,
                           .wall_ns = 1,
                           .frozen_ns = 2,
                           .user_ns = 3,
                           .system_ns = 4,
                           .memory_peak = 5,
                           .memory_now = 6,
                           .processes = 7,
                           .threads = 8,
                           .open_files = 9 };
  srt_exit_encode (&put, &end);
  g_assert_false (put.bad);
  get = (SrtGet){ bytes, put.at, false };
  g_assert_true (srt_exit_decode (&get, &got));
  g_assert_cmpuint (strlen (got.message), ==, SRT_TEXT_MAX);
  g_assert_null (got.leak_text);
  got.message = end.message;
  g_assert_cmpstr (got.held_by, ==, end.held_by);
  got.held_by = end.held_by;
  g_assert_cmpmem (&got, sizeof got, &end, sizeof end);
  get = (SrtGet){ bytes, put.at - 1, false };
  g_assert_false (srt_exit_decode (&get, &got));
}

static Stream
some_stream (void)
{
  Stream stream = { g_byte_array_new (), 0 };
  g_autoptr (GBytes) bytes = some_start ();
  guint8 stop[12] = { 1 };
  gsize n;
  const guint8 *data = g_bytes_get_data (bytes, &n);

  add_hello (&stream);
  add_frame (&stream, SRT_FRAME_START | SRT_FRAME_MORE, 9, data, n / 2);
  add_frame (&stream, SRT_FRAME_START, 9, data + n / 2, n - n / 2);
  add_frame (&stream, SRT_FRAME_STOP, 9, stop, sizeof stop);
  add_frame (&stream, SRT_FRAME_SETTLE, 9, "/keep", 6);
  return stream;
}

static void
mutate (GRand *rand, GByteArray *bytes)
{
  guint at = bytes->len > 0 ? g_rand_int (rand) % bytes->len : 0;

  if (bytes->len == 0)
    return;
  switch (g_rand_int_range (rand, 0, 4)) {
  case 0:
    bytes->data[at] ^= (guint8)(1 << g_rand_int_range (rand, 0, 8));
    break;
  case 1:
    bytes->data[at] = (guint8)g_rand_int (rand);
    break;
  case 2:
    g_byte_array_remove_index (bytes, at);
    break;
  default:
    g_byte_array_set_size (bytes, at + 1);
    break;
  }
}

/* Whatever is done to good bytes: they are read or refused with a reason, without a look past their end. */
static void
test_fuzz (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20260101);
  guint refused = 0;

  for (guint i = 0; i < 20000; i++) {
    Stream stream = some_stream ();
    g_autofree guint8 *exact = NULL;
    Stream copy;
    SrtStart start;
    guint frames;

    for (gint32 j = g_rand_int_range (rand, 1, 5); j > 0; j--)
      mutate (rand, stream.bytes);
    exact = g_malloc (MAX (stream.bytes->len, 1));
    memcpy (exact, stream.bytes->data, stream.bytes->len);
    copy = (Stream){ &(GByteArray){ exact, stream.bytes->len }, 0 };
    refused += read_all (&copy, SRT_SIDE_RUNNER, &frames) != NULL;
    g_assert_cmpuint (frames, <=, 5);
    if (stream.bytes->len > 2 * SRT_FRAME_HEAD + 5)
      srt_start_decode (exact + 2 * SRT_FRAME_HEAD + 5, stream.bytes->len - 2 * SRT_FRAME_HEAD - 5, &start);
    g_byte_array_unref (stream.bytes);
  }
  g_assert_cmpuint (refused, >, 5000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    g_autofree char *path = g_strconcat ("/agent/protocol/frame/", rows[i].name, NULL);

    g_test_add_data_func (path, &rows[i], test_row);
  }
  g_test_add_func ("/agent/protocol/sequence", test_sequence);
  g_test_add_func ("/agent/protocol/interrupted-start", test_interrupted_start);
  g_test_add_func ("/agent/protocol/piecemeal", test_piecemeal);
  g_test_add_func ("/agent/protocol/start", test_start);
  g_test_add_func ("/agent/protocol/start-old", test_start_old);
  g_test_add_func ("/agent/protocol/start-length", test_start_length);
  g_test_add_func ("/agent/protocol/exit", test_exit);
  g_test_add_func ("/agent/protocol/fuzz", test_fuzz);
  return g_test_run ();
}
