/* SPDX-License-Identifier: MIT */
#include "failures.h"
#include "screen.h"
#include <stdlib.h>
#include <string.h>

#define INDENT "    "

enum { FIRST = 16, HEAD_BYTES = 64 * 1024, TAIL_BYTES = 192 * 1024 };

void
srt_failures_init (srt_failures *failures, uint64_t output_lines)
{
  *failures = (srt_failures){ .limits = { .head_lines = output_lines / 4,
                                          .tail_lines = output_lines - output_lines / 4,
                                          .head_bytes = HEAD_BYTES,
                                          .tail_bytes = TAIL_BYTES } };
}

void
srt_failures_clear (srt_failures *failures)
{
  for (size_t i = 0; i < failures->n; i++) {
    free ((char *)failures->list[i].message);
    free ((char *)failures->list[i].kept_dir);
    free ((char *)failures->list[i].held_by);
  }
  free (failures->list);
  *failures = (srt_failures){ 0 };
}

static int
make_room (srt_failures *failures)
{
  size_t size = failures->size ? failures->size * 2 : FIRST;
  if (failures->n < failures->size)
    return 1;
  srt_result *list = realloc (failures->list, size * sizeof *list);
  if (!list)
    return 0;
  failures->list = list;
  failures->size = size;
  return 1;
}

void
srt_failures_add (srt_failures *failures, const srt_result *result)
{
  if (!make_room (failures)) {
    failures->forgotten++;
    return;
  }
  srt_result *copy = &failures->list[failures->n++];
  *copy = *result;
  copy->message = result->message ? strdup (result->message) : NULL;
  copy->kept_dir = result->kept_dir ? strdup (result->kept_dir) : NULL;
  copy->held_by = result->held_by ? strdup (result->held_by) : NULL;
}

/* Text on its way out, each line indented, so that no test can fake a line of ours. */
typedef struct {
  srt_out *out;
  srt_text *text;
  int in_line;
} printer;

static void
flush (printer *p)
{
  srt_out_put (p->out, p->text->bytes, p->text->length);
  srt_text_reset (p->text);
}

static int
print_lines (void *data, const char *bytes, size_t length)
{
  printer *p = data;
  const char *end = bytes + length;
  while (bytes < end) {
    const char *newline = memchr (bytes, '\n', (size_t)(end - bytes));
    size_t n = (size_t)((newline ? newline + 1 : end) - bytes);
    n = n < SRT_TEXT_SIZE / 2 ? n : SRT_TEXT_SIZE / 2;
    if (n + sizeof INDENT > SRT_TEXT_SIZE - p->text->length)
      flush (p);
    if (!p->in_line)
      srt_text_add_reserved (p->text, INDENT, strlen (INDENT));
    srt_text_add_reserved (p->text, bytes, n);
    p->in_line = bytes[n - 1] != '\n';
    bytes += n;
  }
  return !p->out->closed;
}

void
srt_failures_show_output (const srt_failures *failures, const srt_result *result, srt_out *out, srt_text *text)
{
  printer p = { .out = out, .text = text };
  srt_bytes bytes;
  srt_text_reset (text);
  srt_bytes_of_result (out->host, result, &bytes);
  srt_excerpt_emit (&bytes, &failures->limits, print_lines, &p);
  if (p.in_line)
    print_lines (&p, "\n", 1);
  flush (&p);
  if (result->output_lost)
    srt_text_addf (text, "  %llu bytes over output_max were dropped\n", (unsigned long long)result->output_lost);
  flush (&p);
}

/* A line of its own, unless there is nothing to say. */
static void
print_field (printer *p, const char *label, const char *value)
{
  if (!value)
    return;
  srt_text_add (p->text, label);
  srt_text_add_clean (p->text, value);
  srt_text_end_line (p->text);
  flush (p);
}

static void
show_one (const srt_failures *failures, const srt_result *result, printer *p, int colour, int with_output)
{
  srt_text_add (p->text, "\n");
  srt_screen_result (p->text, colour, result, 0);
  flush (p);
  if (with_output)
    srt_failures_show_output (failures, result, p->out, p->text);
  print_field (p, "  TMPDIR kept: ", result->kept_dir);
  print_field (p, "  Limits held by: ", result->held_by);
}

void
srt_failures_show (const srt_failures *failures, srt_out *out, srt_text *text, int colour, int with_output)
{
  printer p = { .out = out, .text = text };
  if (failures->n + failures->forgotten == 0)
    return;
  srt_text_reset (text);
  srt_text_addf (text, "\n%sFailures%s: %zu\n", srt_style_bold (colour), srt_style_end (colour),
                 failures->n + failures->forgotten);
  for (size_t i = 0; i < failures->n; i++)
    show_one (failures, &failures->list[i], &p, colour, with_output);
}
